"""Whether generated items are copies of training items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.neighbors import NearestNeighbors

from aegan_studio.ml.metrics.arrays import Floats, rows


@dataclass(frozen=True, slots=True)
class Copying:
    """How near generated items come to training items, held against held-out ones."""

    ratio: float
    """The mean distance to the nearest training item over that of held-out items: 0 copies."""
    nearer: float
    """The share of generated items that are nearer to a training item than to as many held-out
    ones; half where neither set was learned by heart."""


def copying(
    generated: npt.ArrayLike, train: npt.ArrayLike, held_out: npt.ArrayLike, *, seed: int = 0
) -> Copying:
    """Compare items or features (n, d), (m, d) and (l, d); l ≤ m."""
    made, known, unknown = rows(generated), rows(train), rows(held_out)
    chosen = np.random.default_rng(seed).permutation(len(known))[: len(unknown)]
    to_known, to_unknown = nearest(made, known[chosen]), nearest(made, unknown)
    return Copying(
        ratio=float(nearest(made, known).mean() / nearest(unknown, known).mean()),
        nearer=float((to_known < to_unknown).mean()),
    )


def nearest(x: npt.ArrayLike, among: npt.ArrayLike) -> Floats:
    """The Euclidean distance of every item (n, d) to the nearest of others (m, d), (n,)."""
    found = NearestNeighbors(n_neighbors=1).fit(rows(among)).kneighbors(rows(x))[0][:, 0]
    return np.asarray(found, np.float64)
