"""Inversion: the code whose decoding comes nearest to a given item, found by optimisation.

For models without an encoder the only way back (Zhu et al., arXiv 1609.03552; Lipton and
Tripathi, arXiv 1702.04782), for the others a refinement of the encoder's answer.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from aegan_studio.ml.latent.codespace import CodeSpace

Floats = npt.NDArray[np.float32]
Report = TypeVar("Report")
Distance = Literal["mse", "l1"]
DISTANCES: tuple[Distance, ...] = get_args(Distance)

POOL = 64
"""Random codes decoded at the beginning; the nearest to each item are starts."""

_AT_ONCE = 64
"""Codes in one pass, so that many items need no large buffers; each moves by itself."""

_POOLED = 16
"""Codes of a pool decoded in one pass."""

_WARM_UP = 0.05
"""The share of the steps in which the rate rises to its full height."""


@dataclass(frozen=True, slots=True, eq=False)
class Inversion:
    """The best codes so far.

    Attributes
    ----------
    step, steps : int
        Updates done, and how many there will be.
    codes : ndarray, float32 (n, d)
    losses : ndarray, float32 (n,)
        The distance of each code's decoding to its item, over the known values; it never rises
        where ``prior_weight`` is 0.
    """

    step: int
    steps: int
    codes: Floats
    losses: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Codes that were decoded already, for starts that must be found at once.

    Attributes
    ----------
    codes : Tensor, (n, d)
    items : Tensor, (n, \\*item)
        Scaled.
    """

    codes: Tensor
    items: Tensor

    @classmethod
    def filling(cls, space: CodeSpace, count: int, seed: int = 0) -> Iterator[Pool]:
        """Draw and decode ``count`` codes, a few at a time: yields the pool as it grows."""
        rng = torch.Generator(space.device).manual_seed(seed)
        with torch.no_grad():
            codes = space.draw(count, rng)
        made: list[Tensor] = []
        for part in torch.split(codes, _POOLED):
            with torch.no_grad():
                made.append(space.generate(part))
            items = torch.cat(made)
            yield cls(codes[: len(items)], items)


class Adam:
    """Adam (arXiv 1412.6980) on one tensor, in place."""

    def __init__(self, values: Tensor) -> None:
        self._values = values
        self._mean = torch.zeros_like(values)
        self._square = torch.zeros_like(values)
        self._count = 0

    def step(self, gradient: Tensor, rate: float) -> None:
        """One update; rows whose gradient is not finite stay where they are."""
        gradient = torch.nan_to_num(gradient, nan=0.0, posinf=0.0, neginf=0.0)
        self._count += 1
        self._mean.lerp_(gradient, 0.1)
        self._square.lerp_(gradient.square(), 0.001)
        height = (self._square / (1 - 0.999**self._count)).sqrt_().add_(1e-8)
        self._values.addcdiv_(self._mean, height, value=-rate / (1 - 0.9**self._count))


def inverting(
    space: CodeSpace,
    items: npt.ArrayLike,
    *,
    mask: npt.ArrayLike | None = None,
    steps: int = 300,
    starts: int = 4,
    start: npt.ArrayLike | None = None,
    encoder: bool = True,
    pool: Pool | None = None,
    rate: float = 0.1,
    loss: Distance = "mse",
    prior_weight: float = 0.0,
    anchored: bool = False,
    seed: int = 0,
    every: int = 10,
) -> Iterator[Inversion]:
    """Find codes for items, reporting on the way; stop by closing the iterator.

    Each code moves by itself: other items of the batch don't matter to it.

    Parameters
    ----------
    space : CodeSpace
    items : array_like, (n, \\*item)
        In scaled units.
    mask : array_like or None
        Which values are known, in 0–1, broadcast to the items' shape; others don't count and may
        be anything.
    steps : int
        Updates by Adam, at a rate that ends at 0.
    starts : int
        Codes to start from for each item: the encoder's where there is one, and the nearest of
        :data:`POOL` random ones.
    start : array_like or None, (n, d)
        A code for each item in place of the encoder's.
    encoder : bool
        Whether the encoder, where there is one, gives a start.
    pool : Pool or None
        In place of random codes decoded now.
    rate : float
        How far a value moves in an update at most, about; codes have spread 1.
    loss : {"mse", "l1"}
        Mean square or mean absolute difference over the known values.
    prior_weight : float
        Weight of ½ mean u², see :mod:`~aegan_studio.ml.latent.codespace`: raising it keeps codes
        where the model has learnt to decode, and fits less exactly.
    anchored : bool
        Count u from each start: codes stay near their starts as far as the item allows. From
        random starts they are about as different as the item leaves them to be
        (randomize-then-optimize, Bardsley et al. 2014).
    seed : int
        Of the random starts.
    every : int
        Updates between reports; the first comes before any update, the last after all.

    Raises
    ------
    ValueError
        Shapes that don't fit, known values that are not finite, a mask that knows nothing of an
        item.
    """
    x, known = targets(space, items, mask)
    if not len(x):
        raise ValueError("there is no item to invert")
    if steps < 1 or starts < 1 or every < 1:
        raise ValueError("steps, starts and every must be at least 1")
    pool = pool or _drawn(space, max(POOL, starts), seed)
    rows = _starts(space, x, known, starts, start, pool, loss, encoder=encoder)
    count = rows.shape[1]
    free = rows.flatten(0, 1)
    owner = torch.arange(len(x), device=space.device).repeat_interleave(count)
    best = free.clone()
    anchors = free.clone() if anchored else torch.zeros_like(free)
    lowest = torch.full((len(free),), math.inf, device=space.device)
    distances = lowest.clone()
    adam = Adam(free)
    for step in range(steps + 1):
        gradient = torch.empty_like(free)
        for part in torch.split(torch.arange(len(free), device=space.device), _AT_ONCE):
            mine = owner[part]
            reached, distance, gradient[part] = _evaluated(
                space, free[part], anchors[part], x[mine], known[mine], loss, prior_weight
            )
            better = reached < lowest[part]
            lowest[part] = torch.where(better, reached, lowest[part])
            distances[part] = torch.where(better, distance, distances[part])
            best[part] = torch.where(better[:, None], free[part], best[part])
        if step % every == 0 or step == steps:
            yield _reported(space, step, steps, best, lowest, distances, count)
        if step < steps:
            adam.step(gradient, rate * _share(step, steps))
            free.copy_(space.kept_within(free))


def invert(space: CodeSpace, items: npt.ArrayLike, **options: object) -> Inversion:
    """The last report of :func:`inverting`, which takes the same options."""
    return last(inverting(space, items, **options))  # type: ignore[arg-type]


def last(reports: Iterable[Report]) -> Report:
    """The last report, without the way there; raises :class:`ValueError` where there is none."""
    kept = deque(reports, maxlen=1)
    if not kept:
        raise ValueError("there are no reports")
    return kept[0]


def targets(
    space: CodeSpace, items: npt.ArrayLike, mask: npt.ArrayLike | None
) -> tuple[Tensor, Tensor]:
    """Items and how well their values are known, as tensors of the same shape (n, \\*item).

    Unknown values are 0. Raises :class:`ValueError` as :func:`inverting` does.
    """
    given = np.asarray(items, dtype=np.float32)
    if given.ndim < 2:
        raise ValueError(f"items must have shape (n, *item), not {given.shape}")
    known = np.ones(given.shape, np.float32)
    if mask is not None:
        known *= np.asarray(mask, dtype=np.float32)
        if not ((known >= 0) & (known <= 1)).all():
            raise ValueError("a mask must lie in 0–1")
        if not known.reshape(len(given), -1).any(axis=1).all():
            raise ValueError("the mask leaves an item without known values")
    given = np.where(known > 0, given, np.float32(0))
    if not np.isfinite(given).all():
        raise ValueError("known values must be finite")
    return torch.from_numpy(given).to(space.device), torch.from_numpy(known).to(space.device)


def _distance(made: Tensor, x: Tensor, known: Tensor, loss: Distance) -> Tensor:
    """The mean over the known values of each item, (n,)."""
    difference = made - x
    far = difference.square() if loss == "mse" else difference.abs()
    return (far * known).flatten(1).sum(1) / known.flatten(1).sum(1)


def _evaluated(
    space: CodeSpace,
    free: Tensor,
    anchors: Tensor,
    x: Tensor,
    known: Tensor,
    loss: Distance,
    weight: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """What is minimised (n,), its distance alone (n,), and the derivative (n, d)."""
    # here and not around the loop: the mode would leak to whoever takes the reports
    with torch.enable_grad():
        leaf = free.detach().requires_grad_()
        distance = _distance(space.generate(space.codes(leaf)), x, known, loss)
        reached = distance + weight * space.penalty(leaf - anchors) if weight else distance
        (gradient,) = torch.autograd.grad(reached.sum(), leaf)
    return reached.detach(), distance.detach(), gradient


@torch.no_grad()
def _drawn(space: CodeSpace, count: int, seed: int) -> Pool:
    rng = torch.Generator(space.device).manual_seed(seed)
    codes = space.draw(count, rng)
    return Pool(codes, torch.cat([space.generate(part) for part in torch.split(codes, _AT_ONCE)]))


@torch.no_grad()
def _starts(
    space: CodeSpace,
    x: Tensor,
    known: Tensor,
    count: int,
    given: npt.ArrayLike | None,
    pool: Pool,
    loss: Distance,
    *,
    encoder: bool,
) -> Tensor:
    """Free values to start from, (n, starts, d)."""
    own: Tensor | None = None
    if given is not None:
        codes = torch.from_numpy(np.array(given, dtype=np.float32)).to(space.device)
        if codes.shape != (len(x), space.width):
            raise ValueError(f"start must be ({len(x)}, {space.width}), not {tuple(codes.shape)}")
        own = space.free(codes)
    made = pool.items
    if made.shape[1:] != x.shape[1:]:
        raise ValueError(
            f"codes decode to {tuple(made.shape[1:])}, the items are {tuple(x.shape[1:])}"
        )
    order = torch.stack(
        [
            _distance(made, item.expand_as(made), share.expand_as(made), loss).argsort(stable=True)
            for item, share in zip(x, known, strict=True)
        ]
    )
    if own is None and encoder and space.encode is not None:
        # what is unknown is filled in from the nearest random item, so that E sees a whole one
        filled = known * x + (1 - known) * made[order[:, 0]]
        codes = torch.cat([space.encode(part) for part in torch.split(filled, _AT_ONCE)])
        own = space.free(codes)
    free = space.free(pool.codes)
    if own is None:
        return free[order[:, :count]]
    return torch.cat((own[:, None], free[order[:, : count - 1]]), dim=1)


@torch.no_grad()
def _reported(
    space: CodeSpace,
    step: int,
    steps: int,
    best: Tensor,
    lowest: Tensor,
    distances: Tensor,
    count: int,
) -> Inversion:
    chosen = lowest.view(-1, count).argmin(1)
    rows = torch.arange(len(chosen), device=chosen.device) * count + chosen
    codes = space.valid(space.codes(best[rows]))
    return Inversion(step, steps, codes.cpu().numpy(), distances[rows].cpu().numpy())


def _share(step: int, steps: int) -> float:
    """The rate at a step as a share of the full one: up soon, then down half a cosine to 0."""
    up = min(1.0, (step + 1) / max(1.0, _WARM_UP * steps))
    return up * (1 + math.cos(math.pi * step / steps)) / 2
