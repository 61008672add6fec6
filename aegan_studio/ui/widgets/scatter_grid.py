"""Points sorted into cells, so that a part of the plane is found without looking at all of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aegan_studio.ui.widgets.plot_data import Floats

Rows = npt.NDArray[np.intp]

A_CELL = 16
"""Points in a cell, on average."""
MOST_CELLS = 192
"""Cells along a side at most."""


class PointGrid:
    """Points ``(N, 2)`` in a grid of cells; those that are not finite are left out.

    Parameters
    ----------
    rows : ndarray of int, ascending, or None
        The points to sort; by default all.
    """

    def __init__(self, xy: Floats, rows: Rows | None = None) -> None:
        chosen = np.arange(len(xy)) if rows is None else rows
        points = xy[chosen]
        finite = np.isfinite(points).all(axis=1)
        self._xy = xy
        self.rows: Rows = chosen if finite.all() else chosen[finite]
        """The sorted points' rows, ascending."""
        points = points if finite.all() else points[finite]
        self._side = int(np.clip(np.sqrt(len(points) / A_CELL), 1, MOST_CELLS))
        if not len(points):
            self._low, self._cell = np.zeros(2), np.ones(2)
            self._order, self._starts = self.rows, np.zeros(2, dtype=np.intp)
            return
        # far strays would stretch the grid: they lie in its border cells
        sample = points[:: max(len(points) // 4000, 1)]
        self._low, high = np.quantile(sample, (0.002, 0.998), axis=0)
        self._cell = np.maximum(high - self._low, 1e-12) / self._side
        place = self._cells(points)
        number = (place[:, 1] * self._side + place[:, 0]).astype(np.uint16)
        self._order = self.rows[np.argsort(number, kind="stable")]
        counts = np.bincount(number, minlength=self._side**2)
        self._starts = np.concatenate(((0,), np.cumsum(counts)))

    def _cells(self, points: Floats) -> npt.NDArray[np.intp]:
        scaled = np.clip((points - self._low) / self._cell, 0, self._side - 1)
        return scaled.astype(np.intp)

    def __len__(self) -> int:
        return len(self.rows)

    def within(self, x0: float, x1: float, y0: float, y1: float) -> Rows:
        """The rows of all points in a rectangle, ascending; some beside it may be among them."""
        (i0, j0), (i1, j1) = self._cells(np.array(((x0, y0), (x1, y1))))
        last = self._side - 1
        if i0 == j0 == 0 and i1 == j1 == last:
            return self.rows
        if i0 == 0 and i1 == last:
            start, stop = self._starts[j0 * self._side], self._starts[(j1 + 1) * self._side]
            return np.sort(self._order[start:stop])
        parts = [
            self._order[self._starts[j * self._side + i0] : self._starts[j * self._side + i1 + 1]]
            for j in range(j0, j1 + 1)
        ]
        return np.sort(np.concatenate(parts))

    def inside(self, x0: float, x1: float, y0: float, y1: float) -> Rows:
        """The rows of the points in a rectangle, ascending, and of no others."""
        rows = self.within(x0, x1, y0, y1)
        x, y = self._xy[rows, 0], self._xy[rows, 1]
        found: Rows = rows[(x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)]
        return found

    def nearest(self, x: float, y: float, reach: float) -> int:
        """The row of the point nearest to a place, −1 where none is within ``reach``."""
        rows = self.within(x - reach, x + reach, y - reach, y + reach)
        if not len(rows):
            return -1
        away = self._xy[rows] - (x, y)
        squares = np.einsum("ij,ij->i", away, away)
        best = int(squares.argmin())
        return int(rows[best]) if squares[best] <= reach * reach else -1
