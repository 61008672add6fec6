"""How alike two clouds of points in the plane are, cell by cell of a grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import rel_entr

from aegan_studio.ml.metrics.arrays import Floats

CELLS = 30
"""Cells to a side, as GAN Lab has them (arXiv 1809.01587)."""
MARGIN = 0.1
"""Of the real points' extent, what the grid reaches beyond them on each side."""
PRIOR = 0.5
"""Count added to every cell where a ratio of frequencies would otherwise be infinite: Jeffreys'
prior of a multinomial (Krichevsky & Trofimov, IEEE Trans. Inf. Theory 27, 1981)."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A grid of cells over a rectangle of the plane; all that lies outside is one more cell.

    Without it a generator that throws its points far away would be measured by the few that stay.

    Attributes
    ----------
    low, high : ndarray, shape (2,)
        Corners of the rectangle, in the data's units.
    cells : int
        Cells to a side.
    """

    low: Floats
    high: Floats
    cells: int = CELLS

    @classmethod
    def over(cls, real: Floats, cells: int = CELLS) -> Grid:
        """A grid over real points (n, 2) and a margin; raises :class:`ValueError` for none."""
        points = np.asarray(real, np.float64)
        if not len(points):
            raise ValueError("a grid needs points to lie over")
        low, high = points.min(0), points.max(0)
        reach = MARGIN * np.maximum(high - low, 1e-9)
        return cls(low - reach, high + reach, cells)

    def counts(self, points: Floats) -> Floats:
        """Points (n, 2) in each cell, (cells² + 1,): row by row from the bottom, then outside.

        Points that are not finite lie outside.
        """
        points = np.asarray(points, np.float64)
        place = np.floor((points - self.low) / (self.high - self.low) * self.cells)
        inside = np.isfinite(place).all(1) & (place >= 0).all(1) & (place < self.cells).all(1)
        columns, rows = place[inside].astype(np.int64).T
        counts = np.bincount(rows * self.cells + columns, minlength=self.cells**2)
        return np.append(counts, len(points) - inside.sum()).astype(np.float64)


def jensen_shannon(p: Floats, q: Floats) -> float:
    """The Jensen–Shannon divergence of two histograms, in bits: 0 where equal, at most 1.

    Parameters
    ----------
    p, q : ndarray, shape (k,)
        Counts or frequencies; each is normalised. Neither may be empty.
    """
    p, q = _normalised(p), _normalised(q)
    middle = (p + q) / 2
    nats = (rel_entr(p, middle).sum() + rel_entr(q, middle).sum()) / 2
    return float(min(max(nats / np.log(2), 0.0), 1.0))


def kullback_leibler(p: Floats, q: Floats) -> float:
    """KL(p ‖ q) of two histograms of counts, in bits; :data:`PRIOR` is added to every cell.

    Parameters
    ----------
    p, q : ndarray, shape (k,)
        Counts, not frequencies: the more there are, the less the prior weighs.
    """
    p, q = _normalised(np.asarray(p) + PRIOR), _normalised(np.asarray(q) + PRIOR)
    return float(rel_entr(p, q).sum() / np.log(2))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike generated points are to real ones on a grid.

    The divergences of finite samples are never 0: the floor is what as many real points reach
    that are compared with others of the real points.
    """

    js: float
    """Jensen–Shannon divergence, in bits."""
    floor: float
    """The same of real points against real points."""
    forward: float
    """KL(real ‖ generated), in bits: large where real points lie and no generated ones."""
    reverse: float
    """KL(generated ‖ real), in bits: large where generated points lie and no real ones."""
    covered: float
    """Of the real points, the share in cells with a generated point."""
    covered_best: float
    """The same with the others in the place of generated points."""

    @classmethod
    def measure(cls, grid: Grid, generated: Floats, real: Floats, others: Floats) -> Likeness:
        """Compare ``generated`` with ``real``, and ``others``, which are real too, for the floor.

        Points are (n, 2); for a fair floor there are as many of the others as generated ones.

        Raises
        ------
        ValueError
            Where any of them is empty.
        """
        return cls.of_counts(*(grid.counts(points) for points in (generated, real, others)))

    @classmethod
    def of_counts(cls, made: Floats, known: Floats, more: Floats) -> Likeness:
        """The same from the counts of one grid: generated points, real ones, others."""
        return cls(
            js=jensen_shannon(known, made),
            floor=jensen_shannon(known, more),
            forward=kullback_leibler(known, made),
            reverse=kullback_leibler(made, known),
            covered=float(known[made > 0].sum() / known.sum()),
            covered_best=float(known[more > 0].sum() / known.sum()),
        )


def _normalised(counts: Floats) -> Floats:
    shares: Floats = np.array(counts, np.float64)
    if shares.sum() <= 0:
        raise ValueError("a histogram needs at least one point")
    shares /= shares.sum()
    return shares
