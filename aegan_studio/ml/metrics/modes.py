"""How samples fall on the modes of a mixture (PacGAN, arXiv 1712.04086, §4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import rel_entr

from aegan_studio.ml.metrics.arrays import Floats

REACH = 3
"""Standard deviations around a centre that count as on its mode."""


@dataclass(frozen=True, slots=True)
class Modes:
    """How samples fall on round Gaussians: within three σ of the nearest centre.

    Of an exact sampler's points in the plane 98.89 % do (1 − e^−4.5).
    """

    found: int
    """Modes that at least one sample falls on."""
    high_quality: float
    """The share of samples that fall on any mode."""
    smallest: float
    """The share of the rarest mode among those."""
    reverse_kl: float
    """KL(generated ‖ even) of the modes nearest to each sample: log K − H, in nats; 0 is even."""

    @classmethod
    def count(cls, points: Floats, centres: Floats, sigma: float) -> Modes:
        """``points`` (n, d) and ``centres`` (k, d) in the data's own units.

        Points that are not finite are on no mode and nearest to none.
        """
        k = len(centres)
        points = np.asarray(points, np.float64)
        sound = points[np.isfinite(points).all(axis=1)]
        distances, nearest = cKDTree(centres).query(sound)
        on = distances < REACH * sigma
        counts = np.bincount(nearest[on], minlength=k)
        return cls(
            found=int((counts > 0).sum()),
            high_quality=float(on.sum() / max(1, len(points))),
            smallest=float(counts.min() / max(1, counts.sum())),
            reverse_kl=reverse_kl(np.bincount(nearest, minlength=k).astype(np.float64)),
        )


def reverse_kl(counts: Floats) -> float:
    """Σ q log(q K) of counts (K,), in nats: 0 where all are equal, log K where one has all."""
    if counts.sum() == 0:
        return float(np.log(len(counts)))
    # not scipy.stats, whose import alone would halt a training for half a second
    return float(rel_entr(counts / counts.sum(), 1 / len(counts)).sum())
