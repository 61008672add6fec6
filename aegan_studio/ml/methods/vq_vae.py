"""The vector-quantised autoencoder and its prior (arXiv 1711.00937)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from aegan_studio.experiment.parts import DataInfo
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.methods.base import (
    MOST_SHOWN,
    Batch,
    Loss,
    Method,
    PhaseLoss,
    Shown,
    Term,
)
from aegan_studio.ml.methods.reconstruction import mean_squared_error
from aegan_studio.ml.networks.layers.sequence import Codebook
from aegan_studio.ml.networks.network import Network

RESTART_EVERY = 100
"""Steps between two looks for idle entries."""

IDLE = 0.05
"""Entries used less than this share of an even use are idle."""

MEMORY = 0.99
"""Of how often entries are used, where the codebook itself has no running means."""


class VQVAE(Method):
    """Encoder E, codebook e, decoder G, and a prior over the entries of a code.

    A code (N, places · width) holds the vectors of its places one after another. The decoder only
    ever sees vectors of the codebook: :meth:`generate` takes each place to the nearest one, so
    that whatever lies between entries decodes like the closest of them.

    The prior is trained along with the autoencoder, on the entries that its encoder chooses at
    the time.
    """

    averaged = ("encoder", "codebook", "decoder", "prior")

    def __init__(self, options: Any, networks: Mapping[str, Network], data: DataInfo) -> None:
        super().__init__(options, networks, data)
        self._codebook = _only_codebook(networks["codebook"], options.entries)
        weight = self._codebook.weight
        self.state["counts"] = torch.zeros(options.entries, device=weight.device)
        if options.codebook == "average":
            self.state["sums"] = torch.zeros_like(weight, requires_grad=False)
        self._chosen: tuple[Tensor, Tensor] | None = None

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The autoencoder's phase, then the prior's."""
        return {"autoencoder": self._quantise, "prior": self._predict}

    def _quantise(self, batch: Batch) -> Loss:
        x = batch.x
        z = self.networks["encoder"](x)
        indices = self.indices(z)
        e = self.vectors(indices)
        # straight through: forward the vectors, backward as if they were what E gave
        x_tilde = self.networks["decoder"](z + (e - z).detach())
        terms = {"rec-x": Term(mean_squared_error(x, x_tilde))}
        if self.options.codebook == "loss":
            terms["codebook"] = Term(F.mse_loss(e, z.detach()))
        terms["commitment"] = Term(F.mse_loss(z, e.detach()), self.options.beta)
        self._chosen = z.detach(), indices
        signals = {}
        if batch.measure:
            signals["perplexity"] = perplexity(self._counted(indices))
            signals["used"] = (self.state["counts"] >= self._idle_below(batch)).float().mean()
        return Loss(terms, signals)

    def _predict(self, batch: Batch) -> Loss:
        with torch.no_grad():
            indices = self.indices(self.networks["encoder"](batch.x))
        return Loss({"prior": Term(self.surprise(indices))}, {})

    def surprise(self, indices: Tensor) -> Tensor:
        """−log p(k_i | k_<i) of entries (N, places), mean over places and batch, in nats."""
        first = torch.full_like(indices[:, :1], self.options.entries)
        logits = self.networks["prior"](torch.cat((first, indices[:, :-1]), 1))
        return F.cross_entropy(logits, indices)

    # The codebook

    def indices(self, z: Tensor) -> Tensor:
        """Codes (N, places · width) to the indices (N, places) of the nearest vectors."""
        places = z.view(len(z), self.options.positions, self.options.width)
        return self._codebook.nearest(places.transpose(1, 2))

    def vectors(self, indices: Tensor) -> Tensor:
        """Indices (N, places) to codes (N, places · width)."""
        return F.embedding(indices, self._codebook.weight).flatten(1)

    def _counted(self, indices: Tensor) -> Tensor:
        """How often each entry is among the indices, float (entries,)."""
        flat = indices.reshape(-1)
        counts = torch.zeros(self.options.entries, device=flat.device)
        return counts.index_add_(0, flat, torch.ones_like(flat, dtype=counts.dtype))

    @torch.no_grad()
    def after(self, phase: str, batch: Batch) -> None:
        """Follow how entries are used, move averaged ones, restart idle ones."""
        if phase != "autoencoder" or self._chosen is None:
            return
        z, indices = self._chosen
        self._chosen = None
        rows = z.reshape(-1, self.options.width)
        weight, counts = self._codebook.weight, self.state["counts"]
        decay = self._decay
        counts.lerp_(self._counted(indices), 1 - decay)
        if self.options.codebook == "average":
            sums = self.state["sums"]
            chosen = torch.zeros_like(sums).index_add_(0, indices.reshape(-1), rows)
            sums.lerp_(chosen, 1 - decay)
            # where nothing has ever come, the vector stays as it began
            there = counts[:, None] > 1e-6
            weight.copy_(torch.where(there, sums / counts[:, None].clamp(min=1e-6), weight))
        if self.options.restart and batch.step % RESTART_EVERY == 0:
            self._restart(rows, batch)

    @property
    def _decay(self) -> float:
        decay: float = self.options.decay if self.options.codebook == "average" else MEMORY
        return decay

    def _idle_below(self, batch: Batch) -> float:
        """The running count below which an entry is idle; running counts begin at 0."""
        even = batch.size * self.options.positions / self.options.entries
        reached = 1 - self._decay ** (batch.step + 1)
        below: float = IDLE * even * reached
        return below

    def _restart(self, rows: Tensor, batch: Batch) -> None:
        """Put idle entries where encoded places of this batch are."""
        weight, counts = self._codebook.weight, self.state["counts"]
        below = self._idle_below(batch)
        idle = counts < below
        order = torch.randperm(len(rows), generator=batch.rng, device=rows.device)
        kept = order[torch.arange(len(weight), device=rows.device) % len(rows)]
        places = rows[kept]
        weight.copy_(torch.where(idle[:, None], places, weight))
        # as if used evenly up to now, so that they are not taken for idle again at once
        begun = below / IDLE
        counts.masked_fill_(idle, begun)
        if "sums" in self.state:
            sums = self.state["sums"]
            sums.copy_(torch.where(idle[:, None], places * begun, sums))

    # Using what was learned

    def encode(self, x: Tensor) -> Tensor:
        """The vectors of the codebook nearest to E(x)."""
        return self.vectors(self.indices(self.networks["encoder"](x)))

    def generate(self, z: Tensor) -> Tensor:
        """G of the vectors nearest to z."""
        return self.networks["decoder"](self.vectors(self.indices(z)))

    def noise(self, n: int, rng: torch.Generator) -> Tensor:
        """Uniform numbers, one for each place, (n, places)."""
        return torch.rand(n, self.options.positions, generator=rng, device=rng.device)

    def codes(self, noise: Tensor) -> Tensor:
        """Codes drawn from the prior place by place, by the inverse of its distribution."""
        places, entries = self.options.positions, self.options.entries
        tokens = torch.full(
            (len(noise), places + 1), entries, device=noise.device, dtype=torch.long
        )
        prior = self.networks["prior"]
        for place in range(places):
            # what stands behind a place cannot matter to a causal network
            logits = prior(tokens[:, : place + 1])[:, :, place]
            reached = logits.softmax(1).cumsum(1)
            # rounding may leave the last sum just below 1
            tokens[:, place + 1] = (noise[:, place, None] >= reached).sum(1).clamp(max=entries - 1)
        return self.vectors(tokens[:, 1:])

    def exhibits(self, train: Tensor, held_out: Tensor) -> Mapping[str, Shown]:
        """What each entry decodes to when it holds all places, the most used first."""
        del held_out
        counts = self._counted(self.indices(self.networks["encoder"](train)))
        order = counts.argsort(descending=True, stable=True)[:MOST_SHOWN]
        everywhere = order[:, None].expand(-1, self.options.positions)
        decoded = self.networks["decoder"](self.vectors(everywhere))
        return {"codebook": Shown(decoded, counts[order] / counts.sum(), "share")}

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """Errors, how evenly entries are used, and the prior's surprise."""
        del rng
        z = self.networks["encoder"](x)
        indices = self.indices(z)
        e = self.vectors(indices)
        error = mean_squared_error(x, self.networks["decoder"](e))
        return {
            "rec-x": error,
            "commitment": F.mse_loss(z, e),
            "perplexity": perplexity(self._counted(indices)),
            "prior": self.surprise(indices),
            "mse": error,
        }


def _only_codebook(network: Network, entries: int) -> Codebook:
    """The one layer that the role of the codebook may have.

    Raises
    ------
    StudioError
        Where there is another layer, or not as many entries as the method counts on.
    """
    layers = network.layers
    if len(layers) != 1 or not isinstance(layers[0], Codebook):
        raise StudioError(
            msg("The codebook must be one codebook layer and nothing else."),
            msg("Choose the preset “Codebook”."),
        )
    if len(layers[0].weight) != entries:
        raise StudioError(
            msg(
                "The codebook holds {held} entries, the method counts on {entries}.",
                held=len(layers[0].weight),
                entries=entries,
            ),
            msg("Give both the same number of entries."),
        )
    return layers[0]


def perplexity(counts: Tensor) -> Tensor:
    """exp of the entropy of counts (K,): K where all are equal, 1 where one has all."""
    shares = counts / counts.sum().clamp(min=1)
    found: Tensor = torch.special.entr(shares).sum().exp()
    return found
