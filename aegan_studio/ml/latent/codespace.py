"""The space of a model's codes as optimisation sees it: free values that become valid codes.

A code may have parts of different kinds. What is optimised are unbounded values u (n, d) of about
the same size everywhere:

- "normal" parts are u itself;
- "uniform" parts are u itself, kept within [−1, 1];
- "class" parts are the class of the largest u, whole, with the derivative of softmax(u)
  (straight-through, arXiv 1611.01144): mixed classes fit a little better and mean nothing;
- "learned" parts are μ + u √Σ with mean and covariance of codes that the model draws.

Their penalty is −log p(u) of a standard normal, without its constant, a value: ½ mean u².
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from aegan_studio.experiment.parts import CodePart
from aegan_studio.ml.latent.sampling import FITTED, drawn
from aegan_studio.ml.methods.base import Method
from aegan_studio.ml.methods.vq_vae import VQVAE
from aegan_studio.ml.networks.network import Network

Floats = npt.NDArray[np.float32]

FITTED_DRAWS = 1024
"""Drawn codes that the mean and covariance of learned parts are taken from."""

SOFTENED = 0.1
"""How much of a class is spread over all at the start: one-hot rows have no finite logits."""

FLATTEST = 1e-4
"""The least variance of a direction, as a share of the largest: codes can move along all."""

BOUNDS = (-1.0, 1.0)
"""Of uniform parts."""


class CodeSpace:
    """What optimising codes needs to know of a model. Items are in scaled units throughout.

    Parameters
    ----------
    generate : callable
        Codes (n, d) to items (n, \\*item), differentiable.
    parts : sequence of CodePart
        What the values of a code are, in order.
    draw : callable
        ``draw(n, rng)``: n codes (n, d) to start from.
    encode : callable or None
        Items to codes, where the model can.
    network : Network or None
        The generator, whose layers give features; it takes what ``entrance`` makes of a code.
    entrance : callable or None
        Codes to the network's input, differentiable; the codes themselves by default.
    distance : callable or None
        Codes to (n,): how far they are from valid ones, where codes are discrete.
    device : torch.device
    """

    def __init__(
        self,
        generate: Callable[[Tensor], Tensor],
        parts: Sequence[CodePart],
        draw: Callable[[int, torch.Generator], Tensor],
        *,
        encode: Callable[[Tensor], Tensor] | None = None,
        network: Network | None = None,
        entrance: Callable[[Tensor], Tensor] | None = None,
        distance: Callable[[Tensor], Tensor] | None = None,
        device: torch.device | str = "cpu",
    ) -> None:
        self.generate = generate
        self.parts = tuple(parts)
        self.draw = draw
        self.encode = encode
        self.network = network
        self.entrance = entrance if entrance is not None else _unchanged
        self.device = torch.device(device)
        self._distance = distance
        self._discrete = distance is not None
        self._maps = self._learned()

    @classmethod
    def of(cls, method: Method, items: Tensor | None = None) -> Self:
        """The codes of a built method, whose networks must be in evaluation mode.

        Parameters
        ----------
        method : Method
        items : Tensor or None, (N, \\*item)
            Scaled training items: methods without a prior draw codes like those of the data.
            Without them they draw standard normal codes.
        """
        network = method.networks.get("generator") or method.networks.get("decoder")
        device = next((p.device for p in network.parameters()), None) if network else None

        def draw(n: int, rng: torch.Generator) -> Tensor:
            if items is None and method.sampler != "prior":
                return torch.randn(n, method.code_dim, generator=rng, device=rng.device)
            return drawn(method, lambda: method.encode(given[:FITTED]), n, rng)

        given = items if items is not None else torch.empty(0)
        parts = method.options.code_parts(method.data)
        encode = method.encode if method.has_encoder else None
        if not isinstance(method, VQVAE):
            return cls(
                method.generate,
                parts,
                draw,
                encode=encode,
                network=network,
                device=device or "cpu",
            )

        def nearest(z: Tensor) -> Tensor:
            # straight-through (arXiv 1711.00937): the nearest vectors, exactly, with the
            # derivative of the code itself
            return method.vectors(method.indices(z)).detach() + (z - z.detach())

        def off(z: Tensor) -> Tensor:
            return (z - method.vectors(method.indices(z)).detach()).square().mean(1)

        def decode(z: Tensor) -> Tensor:
            return method.networks["decoder"](nearest(z))

        return cls(
            decode,
            parts,
            draw,
            encode=encode,
            network=network,
            entrance=nearest,
            distance=off,
            device=device or "cpu",
        )

    @property
    def width(self) -> int:
        """The number of values in a code."""
        return sum(part.size for part in self.parts)

    def codes(self, free: Tensor) -> Tensor:
        """Free values (n, d) to codes (n, d), differentiable."""
        made = []
        for index, (part, values) in enumerate(self._split(free)):
            if part.kind == "class":
                shares = torch.softmax(values, dim=1)
                whole = F.one_hot(shares.argmax(1), part.size).to(shares.dtype)
                values = whole + (shares - shares.detach())
            elif index in self._maps:
                mean, root, _ = self._maps[index]
                values = mean + values @ root
            made.append(values)
        return made[0] if len(made) == 1 else torch.cat(made, dim=1)

    def free(self, codes: Tensor) -> Tensor:
        """The inverse of :meth:`codes`; of classes that are not whole the largest wins."""
        made = []
        for index, (part, values) in enumerate(self._split(codes)):
            if part.kind == "class":
                shares = values.clamp(0, 1)
                shares = shares / shares.sum(1, keepdim=True).clamp(min=1e-6)
                values = torch.log(shares * (1 - SOFTENED) + SOFTENED / part.size)
            elif index in self._maps:
                mean, _, inverse = self._maps[index]
                values = (values - mean) @ inverse
            made.append(values)
        return self.kept_within(torch.cat(made, dim=1))

    def kept_within(self, free: Tensor) -> Tensor:
        """Free values with those of uniform parts moved back into their bounds."""
        if all(part.kind != "uniform" for part in self.parts):
            return free
        made = [
            values.clamp(*BOUNDS) if part.kind == "uniform" else values
            for part, values in self._split(free)
        ]
        return torch.cat(made, dim=1)

    def valid(self, codes: Tensor) -> Tensor:
        """The codes that :attr:`generate` really decodes: the nearest ones where discrete."""
        with torch.no_grad():
            return self.entrance(codes) if self._discrete else codes

    def penalty(self, free: Tensor) -> Tensor:
        """How unlikely free values (n, d) are, (n,).

        ½ mean u² over normal and learned values. Uniform values within bounds and classes are
        all equally likely and count nothing. Discrete codes: the mean square distance to valid
        ones.
        """
        if self._distance is not None:
            return self._distance(self.codes(free))
        total = torch.zeros(len(free), device=free.device)
        for part, values in self._split(free):
            if part.kind in ("normal", "learned"):
                total = total + values.square().sum(1) / 2
        return total / self.width

    def of_kinds(self, *kinds: str) -> Tensor:
        """Which values belong to parts of these kinds, bool (d,)."""
        flags = [torch.full((part.size,), part.kind in kinds) for part in self.parts]
        return torch.cat(flags).to(self.device)

    def _split(self, values: Tensor) -> list[tuple[CodePart, Tensor]]:
        sizes = [part.size for part in self.parts]
        return list(zip(self.parts, torch.split(values, sizes, dim=1), strict=True))

    def _learned(self) -> dict[int, tuple[Tensor, Tensor, Tensor]]:
        """Mean, symmetric root of the covariance and its inverse, of each learned part."""
        if all(part.kind != "learned" for part in self.parts):
            return {}
        rng = torch.Generator(self.device).manual_seed(0)
        with torch.no_grad():
            codes = self.draw(FITTED_DRAWS, rng)
        found = {}
        for index, (part, values) in enumerate(self._split(codes)):
            if part.kind != "learned" or not bool(torch.isfinite(values).all()):
                continue
            data = values.detach().cpu().double()
            mean = data.mean(0)
            if self._discrete:  # only their size: between valid codes a covariance means nothing
                size = float(data.std()) or 1.0
                unit = torch.eye(part.size, dtype=torch.float64)
                maps = (torch.zeros_like(mean), unit * size, unit / size)
            else:
                offsets = data - mean
                spread, vectors = torch.linalg.eigh(offsets.T @ offsets / (len(data) - 1))
                largest = float(spread[-1])
                sides = spread.clamp(min=FLATTEST * largest if largest > 0 else 1.0).sqrt()
                maps = (mean, (vectors * sides) @ vectors.T, (vectors / sides) @ vectors.T)
            found[index] = tuple(tensor.float().to(self.device) for tensor in maps)
        return {index: (three[0], three[1], three[2]) for index, three in found.items()}


def _unchanged(z: Tensor) -> Tensor:
    return z
