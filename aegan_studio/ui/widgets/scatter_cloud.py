"""What a map knows of one layer of its points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from aegan_studio.ui.widgets.plot_data import Floats
from aegan_studio.ui.widgets.scatter_grid import Rows
from aegan_studio.ui.widgets.scatter_layers import DotLayer

Shape = Literal["disc", "square"]


@dataclass(frozen=True, slots=True)
class Tints:
    """Colours of points: an index ``(N,)`` into a palette of ``#RRGGBB``."""

    index: npt.NDArray[np.intp]
    palette: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """One layer of points: coordinates ``(N, 2)``, and those of them that are drawn."""

    xy: Floats
    classes: npt.NDArray[np.intp] | None
    rows: Rows | None
    shape: Shape
    color: str
    tints: Tints | None
    opacity: float
    medians: dict[int, tuple[float, float]]
    dots: DotLayer

    def is_of(
        self,
        xy: Floats,
        classes: npt.NDArray[np.intp] | None,
        rows: Rows | None,
        tints: Tints | None,
    ) -> bool:
        """Whether it draws these very arrays: then its picture holds."""
        return (
            self.xy is xy and self.classes is classes and self.rows is rows and self.tints is tints
        )

    @property
    def count(self) -> int:
        """How many are drawn."""
        return len(self.xy) if self.rows is None else len(self.rows)

    @property
    def shown(self) -> Floats:
        """The places of those drawn."""
        return self.xy if self.rows is None else self.xy[self.rows]


def medians(
    points: Floats, classes: npt.NDArray[np.intp], rows: Rows | None
) -> dict[int, tuple[float, float]]:
    """The median place of each class."""
    if rows is not None:
        points, classes = points[rows], classes[rows]
    if not len(points):
        return {}
    order = np.argsort(classes, kind="stable")
    ordered = classes[order]
    cuts = np.flatnonzero(np.diff(ordered)) + 1
    return {
        int(classes[part[0]]): (
            float(np.median(points[part, 0])),
            float(np.median(points[part, 1])),
        )
        for part in np.split(order, cuts)
    }
