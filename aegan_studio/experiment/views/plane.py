"""What is seen on the plane of two-dimensional data, and in the plane of its codes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aegan_studio.experiment.views.base import View

Floats = npt.NDArray[np.float32]
Bounds = tuple[float, float, float, float]
"""x0, x1, y0, y1 in the data's units."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How a critic's values are read: from ``low``, all fake, over ``level`` to ``high``, all real.

    Attributes
    ----------
    probability : bool
        The values are D(x) = σ(logit), 0–1; else what the critic gives, as it is.
    fixed : bool
        The scale is that of the loss; else it follows what the critic says now.
    """

    low: float
    level: float
    high: float
    probability: bool
    fixed: bool = True

    def share(self, value: float) -> float:
        """Where a value lies from fake, 0, over the level, ½, to real, 1; cut off at the ends."""
        span = self.high - self.low
        return min(max((value - self.low) / span, 0.0), 1.0) if span > 0 else 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Surface(View):
    """What the critic says of every place: ``values`` (rows, columns) at the nodes of a grid.

    Row 0 lies at y0, column 0 at x0, and the last ones at y1 and x1.
    """

    bounds: Bounds
    values: Floats
    verdicts: Verdicts


@dataclass(frozen=True, slots=True, eq=False)
class Density(View):
    """How densely samples lie, per unit of area: ``values`` (rows, columns), as a Surface's.

    ``width`` is the standard deviation of the normal kernels along both axes.
    """

    bounds: Bounds
    values: Floats
    width: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Manifold(View):
    """Where the generator sends a regular grid of codes.

    Attributes
    ----------
    codes : ndarray, (rows, columns, 2)
        The first two values of the codes, or the first and 0; a single row for codes of one value.
    places : ndarray, (rows, columns, 2)
        G(z) in the data's units.
    verdicts : ndarray, (rows, columns), or None
        What the critic says of the places.
    scale : Verdicts or None
        How these are read.
    prior : str
        How the two values are drawn: "uniform" in [−1, 1], "normal", or "learned" from the data.
        Rows and columns of the grid part them into equal shares, where they are drawn.
    others : int
        Values of a code beyond those of the grid, which are held fixed.
    """

    codes: Floats
    places: Floats
    verdicts: Floats | None
    scale: Verdicts | None
    prior: str
    others: int

    @property
    def curve(self) -> bool:
        """Whether there is but one row."""
        return len(self.codes) == 1

    @property
    def count(self) -> int:
        """How many nodes there are."""
        return len(self.codes) * len(self.codes[0])

    @property
    def areas(self) -> Floats:
        """The areas (rows − 1, columns − 1) of the mapped cells; the lengths of a curve's parts."""
        return cell_areas(self.places)

    @property
    def stretch(self) -> Floats:
        """How many times as large as itself each cell is mapped, (rows − 1, columns − 1)."""
        ratio: Floats = self.areas / cell_areas(self.codes)
        return ratio


@dataclass(frozen=True, slots=True, eq=False)
class Pull(View):
    """Where the generator's loss would have its points go.

    ``at`` (n, 2) are points that G made, ``toward`` (n, 2) is −∂L_G/∂x̂ for each by itself, in the
    loss's units to a unit of the data.
    """

    at: Floats
    toward: Floats


def cell_areas(nodes: Floats) -> Floats:
    """The areas (r − 1, c − 1) of the cells between nodes (r, c, 2); of one row the lengths."""
    if len(nodes) == 1:
        steps = np.diff(nodes[0].astype(np.float64), axis=0)
        lengths: Floats = np.hypot(steps[:, 0], steps[:, 1])[None].astype(np.float32)
        return lengths
    across = (nodes[1:, 1:] - nodes[:-1, :-1]).astype(np.float64)
    along = (nodes[1:, :-1] - nodes[:-1, 1:]).astype(np.float64)
    # half the cross product of the diagonals: the area of any simple quadrilateral
    area = 0.5 * np.abs(across[..., 0] * along[..., 1] - across[..., 1] * along[..., 0])
    areas: Floats = area.astype(np.float32)
    return areas
