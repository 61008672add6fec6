"""How tightly a drawn model is set, and the result of laying it out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from aegan_studio.ui.panels.train.model.lines import PlacedEdge

MORE = "+"
"""Name of the pill that stands for the terms without a place."""


@dataclass(frozen=True, slots=True)
class Level:
    """How tightly things are set: sizes in pixels.

    ``pill`` is the height of a pill, ``air`` that of the arrows above and below it.
    """

    pill: float
    air: float
    network: float
    code: float
    arrow: float
    lettered: float
    words: bool


LEVELS = (
    Level(22, 8, 66, 76, 30, 44, True),
    Level(22, 8, 66, 74, 26, 38, False),
    Level(20, 7, 56, 62, 20, 28, False),
    Level(18, 5, 44, 52, 15, 22, False),
    Level(18, 5, 38, 40, 12, 16, False),
)
"""From roomy to tight; a drawing takes the first that fits."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Rectangles of nodes and pills by name, and lines of edges.

    ``level`` is the index of the :class:`Level` taken; ``scale`` the size of networks against
    their natural one; ``hidden`` the terms behind the pill :data:`MORE`.
    """

    level: int
    scale: float
    width: float
    height: float
    rects: Mapping[str, QRectF]
    edges: tuple[PlacedEdge, ...]
    hidden: tuple[str, ...]

    @property
    def words(self) -> bool:
        """Whether there is room for words beside the letters."""
        return LEVELS[self.level].words


def picture_side(room: float, side: int, ratio: float) -> float:
    """The largest side, in logical pixels, at which ``side`` image pixels stay whole.

    Pictures larger than the room shrink by a whole factor.
    """
    if side <= 0:
        return room
    factor = math.floor(room * ratio / side)
    if factor >= 1:
        return factor * side / ratio
    return side / math.ceil(side / (room * ratio)) / ratio
