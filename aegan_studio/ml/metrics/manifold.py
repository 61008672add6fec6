"""Precision and recall of generated items, density and coverage, by nearest neighbours.

Precision and recall: arXiv 1904.06991; density and coverage: arXiv 2002.09797.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors

from aegan_studio.ml.metrics.arrays import Floats, rows

K = 5
"""Neighbours that make up an item's surroundings."""


@dataclass(frozen=True, slots=True)
class Manifold:
    """How two sets lie among each other, all from 0 to 1 but the density."""

    precision: float
    """The share of generated items in the surroundings of a real one: are they right?"""
    recall: float
    """The share of real items in the surroundings of a generated one: is nothing missing?"""
    density: float
    """How many real surroundings a generated item lies in, over k; 1 for equal distributions."""
    coverage: float
    """The share of real items with a generated one in their surroundings."""


def manifold(real: npt.ArrayLike, generated: npt.ArrayLike, k: int = K) -> Manifold:
    """Compare features (n, d) of real items and (m, d) of generated ones.

    An item's surroundings are a ball that reaches to its k-th nearest neighbour of its own set.
    """
    x, y = rows(real), rows(generated)
    if min(len(x), len(y)) <= k:
        raise ValueError(f"the surroundings take more than {k} rows of each")
    apart = pairwise_distances(x, y)
    around_x, around_y = _radii(x, k), _radii(y, k)
    in_real = apart < around_x[:, None]
    return Manifold(
        precision=float(in_real.any(axis=0).mean()),
        recall=float((apart < around_y[None]).any(axis=1).mean()),
        density=float(in_real.sum(axis=0).mean() / k),
        coverage=float(in_real.any(axis=1).mean()),
    )


def expected_coverage(n: int, m: int, k: int = K) -> float:
    """The coverage of n real items by m generated ones of the same distribution (2002.09797, §3.2).

    1 − ∏ (n − i)/(n + m − i) over i = 1 … k: the chance that none of the k nearest of all others
    is a generated one.
    """
    missed = 1.0
    for i in range(1, k + 1):
        missed *= (n - i) / (n + m - i)
    return 1 - missed


def _radii(x: Floats, k: int) -> Floats:
    """The distance of each row to its k-th nearest other row, (n,)."""
    found: Floats = NearestNeighbors(n_neighbors=k).fit(x).kneighbors()[0][:, -1]
    return np.asarray(found, np.float64)
