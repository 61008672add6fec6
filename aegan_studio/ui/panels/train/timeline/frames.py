"""The frames of the timeline: which instants stand there, where, and how each is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from aegan_studio.experiment.events import Instant
from aegan_studio.runs.thinning import superfluous
from aegan_studio.ui.theme import Theme
from aegan_studio.ui.widgets.painting import smooth, snap
from aegan_studio.ui.widgets.pictures import picture_image

Array = npt.NDArray[Any]

WIDE, TALL = 72, 48
"""A frame in logical pixels."""
GAP = 8
COLUMNS, ROWS = 3, 2
"""Pictures of a frame."""

_NEVER_FULL = 1 << 60


class Frames:
    """Instants chosen for the frames that fit, at equal distances; steps lie between them.

    While a run grows the frames hold still: a new instant takes a place at the end, and one goes
    by the rule by which instants themselves are thinned.
    """

    def __init__(self) -> None:
        self.steps: tuple[int, ...] = ()
        self._known: frozenset[int] = frozenset()
        self._width = 0.0
        self._fit = 0

    def choose(self, steps: Sequence[int], width: float) -> None:
        """Choose among the kept instants for a width in pixels."""
        fit = max(2, int((width + GAP) // (WIDE + GAP)))
        self._width = width
        kept = set(steps)
        before = set(self.steps) if fit == self._fit else kept
        shown = sorted((before & kept) | (kept - self._known))
        gone = superfluous(shown, [0] * len(shown), _NEVER_FULL, fit)
        self.steps = tuple(step for step in shown if step not in set(gone))
        self._known, self._fit = frozenset(kept), fit

    @property
    def pitch(self) -> float:
        """Pixels from frame to frame; a young run's frames stand at the left."""
        most = WIDE + GAP
        if len(self.steps) < self._fit:
            return most
        return (self._width - WIDE) / (len(self.steps) - 1)

    def centre(self, index: float) -> float:
        """The middle of a frame, or of a place between frames."""
        return WIDE / 2 + index * self.pitch

    def x_of(self, step: float) -> float:
        """Where a step lies: between the frames around it."""
        if not self.steps:
            return 0.0
        if step > self.steps[-1]:
            return self.centre(len(self.steps) - 1)
        return self.centre(float(np.interp(step, self.steps, np.arange(len(self.steps)))))

    def index_at(self, x: float) -> int:
        """The frame nearest to a horizontal position; −1 without frames."""
        if not self.steps:
            return -1
        return min(max(round((x - WIDE / 2) / self.pitch), 0), len(self.steps) - 1)

    def step_at(self, x: float) -> float:
        """The step at a horizontal position."""
        place = (x - WIDE / 2) / self.pitch
        return float(np.interp(place, np.arange(len(self.steps)), self.steps))


def frame_image(instant: Instant, theme: Theme, ratio: float, scale: int = 1) -> QImage:
    """A frame as a picture of ``scale`` times its size, at ``ratio`` device pixels a pixel."""
    wide, tall = WIDE * scale, TALL * scale
    image = QImage(
        math.ceil(wide * ratio), math.ceil(tall * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(ratio)
    image.fill(theme.color("sunken"))
    painter = QPainter(image)
    smooth(painter)
    if instant.made.ndim == 2:
        _paint_points(painter, instant, theme, scale, wide, tall)
    else:
        _paint_pictures(painter, instant.made, theme, ratio, wide, tall)
    painter.end()
    return image


def _paint_pictures(
    painter: QPainter, made: Array, theme: Theme, ratio: float, wide: int, tall: int
) -> None:
    """Pictures in two rows of three, at whole factors where they are small enough."""
    high, across = made.shape[1:3]
    room = min(tall * ratio / ROWS / high, wide * ratio / COLUMNS / across)
    factor = float(int(room)) if room >= 1 else room
    side_x, side_y = across * factor / ratio, high * factor / ratio
    left, top = (wide - COLUMNS * side_x) / 2, (tall - ROWS * side_y) / 2
    shrunk = factor < 1
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunk)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, shrunk)
    for index, picture in enumerate(made[: ROWS * COLUMNS]):
        row, column = divmod(index, COLUMNS)
        at = QPointF(snap(left + column * side_x, ratio), snap(top + row * side_y, ratio))
        image = picture_image(picture[None], theme)
        painter.drawImage(QRectF(at.x(), at.y(), side_x, side_y), image)


def _paint_points(
    painter: QPainter, instant: Instant, theme: Theme, scale: int, wide: int, tall: int
) -> None:
    """Real points, and over them those that the model made, in one plane for the whole run."""
    real = instant.real if instant.real is not None else instant.made
    low, high = bounds(real)
    middle, half = (low + high) / 2, max(float((high - low).max()) / 2, 1e-6) * 1.18
    radius = 0.8 + 0.3 * scale
    painter.setPen(Qt.PenStyle.NoPen)
    layers: tuple[tuple[Array | None, str, bool], ...] = (
        (instant.real, "real", True),
        (instant.made, "generated", False),
    )
    for points, token, round_ in layers:
        if points is None:
            continue
        places = (points.astype(np.float64) - middle) / half * (tall / 2)
        painter.setBrush(theme.color(token, 0.9))
        for x, y in places:
            at = QPointF(wide / 2 + x, tall / 2 - y)
            if not (-radius <= at.x() <= wide + radius and -radius <= at.y() <= tall + radius):
                continue
            if round_:
                painter.drawEllipse(at, radius, radius)
            else:
                painter.drawRect(QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius))


def bounds(points: Array) -> tuple[Array, Array]:
    """The corners of most of the points (n, 2): all but the outermost percent."""
    finite = points[np.isfinite(points).all(axis=1)].astype(np.float64)
    if not len(finite):
        return np.array([-1.0, -1.0]), np.array([1.0, 1.0])
    low, high = np.quantile(finite, (0.01, 0.99), axis=0)
    return low, high
