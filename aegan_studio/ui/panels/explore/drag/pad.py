"""A picture with points to pull at: where each is, and where it shall go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import Theme, current_theme, ui_font
from aegan_studio.ui.widgets.mask_brush import MaskPad
from aegan_studio.ui.widgets.painting import CENTRE, disc, draw_text, ring, smooth

Places = npt.NDArray[np.float64]
REACH = 11.0
"""Pixels of the screen around a point in which it is taken hold of."""
APART = 4.0
"""Pixels of the screen that a press must move to be a pull."""


@dataclass(slots=True)
class Point:
    """A handle and its target, x and y in pixels of the picture whose middles are whole.

    ``target`` is ``None`` until it is placed.
    """

    handle: tuple[float, float]
    target: tuple[float, float] | None = None


class DragPad(MaskPad):
    """A click sets a handle, a drag from it its target; a second click does, too.

    Points can be moved afterwards; the right button or Delete removes one, arrow keys move the
    target of the selected. With the mask's tools in hand it is a :class:`MaskPad`.
    """

    points_changed = Signal()

    def __init__(self, empty: str = "", *, name: str = "") -> None:
        super().__init__(empty, name=name)
        self.points: list[Point] = []
        self.pointing = True
        """Whether clicks set points; else they paint the mask."""
        self.selected: int | None = None
        self._held: tuple[int, str] | None = None
        self._press: QPointF | None = None
        self._pulled = False

    # Points

    @property
    def ready(self) -> list[Point]:
        """The points that have a target."""
        return [point for point in self.points if point.target is not None]

    def arrays(self) -> tuple[Places, Places]:
        """Handles and targets of :attr:`ready`, (k, 2) each."""
        ready = self.ready
        handles = np.array([point.handle for point in ready], np.float64).reshape(-1, 2)
        targets = np.array([point.target for point in ready], np.float64).reshape(-1, 2)
        return handles, targets

    def move_handles(self, places: npt.ArrayLike) -> None:
        """Show where the handles of :attr:`ready` are now, (k, 2)."""
        for point, place in zip(self.ready, np.asarray(places, np.float64), strict=True):
            point.handle = (float(place[0]), float(place[1]))
        self.update()

    def clear_points(self) -> None:
        """Remove all points."""
        if self.points:
            self.points.clear()
            self.selected = self._held = None
            self._say_points()

    def remove(self, index: int) -> None:
        """Remove a point."""
        del self.points[index]
        self.selected = self._held = None
        self._say_points()

    def set_points(self, points: list[Point]) -> None:
        """Replace all points."""
        self.points = points
        self.selected = self._held = None
        self._say_points()

    def _say_points(self) -> None:
        self.update()
        self.points_changed.emit()

    def screen_place(self, place: tuple[float, float]) -> QPointF:
        """Where a place of the picture lies in the widget."""
        return self.place_of(place[0] + 0.5, place[1] + 0.5)

    def _picture_place(self, at: QPointF) -> tuple[float, float]:
        x, y = self.pixel_at(at)
        tall, wide = self.painted.shape
        return (
            float(np.clip(x - 0.5, 0, wide - 1)),
            float(np.clip(y - 0.5, 0, tall - 1)),
        )

    def _found(self, at: QPointF) -> tuple[int, str] | None:
        """The point under the pointer, and which end of it."""
        best, nearest = None, REACH
        for index, point in enumerate(self.points):
            for end, place in (("handle", point.handle), ("target", point.target)):
                if place is None:
                    continue
                gap = self.screen_place(place) - at
                away = float(np.hypot(gap.x(), gap.y()))
                if away < nearest:
                    best, nearest = (index, end), away
        return best

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a point, set a target, or set a new handle."""
        if not self.pointing:
            super().mousePressEvent(event)
            return
        if self.picture is None:
            return
        at = event.position()
        held = self._found(at)
        if event.button() == Qt.MouseButton.RightButton:
            if held is not None:
                self.remove(held[0])
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._press, self._pulled = at, False
        open_ = next((i for i, p in enumerate(self.points) if p.target is None), None)
        if held is not None:
            self._held = held
            self.selected = held[0]
        elif open_ is not None:
            self.points[open_].target = self._picture_place(at)
            self._held, self.selected = (open_, "target"), open_
            self._say_points()
        else:
            self.points.append(Point(self._picture_place(at)))
            self.selected = len(self.points) - 1
            self._held = (self.selected, "handle")
            self._say_points()
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pull what is held: from a handle without a target its target."""
        if not self.pointing:
            super().mouseMoveEvent(event)
            return
        if self._held is None or self._press is None:
            over = self._found(event.position()) is not None
            self.setCursor(Qt.CursorShape.OpenHandCursor if over else Qt.CursorShape.CrossCursor)
            return
        gap = event.position() - self._press
        if not self._pulled and np.hypot(gap.x(), gap.y()) < APART:
            return
        self._pulled = True
        index, end = self._held
        point, place = self.points[index], self._picture_place(event.position())
        if end == "handle" and point.target is None:
            self._held = (index, "target")
            end = "target"
        if end == "target":
            point.target = place
        else:
            point.handle = place
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if not self.pointing:
            super().mouseReleaseEvent(event)
            return
        held, self._held, self._press = self._held, None, None
        if held is not None and self._pulled:
            self._say_points()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes the selected point, arrow keys move its target."""
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        key = Qt.Key(event.key())
        if not self.pointing or self.selected is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove(self.selected)
        elif key in steps:
            point = self.points[self.selected]
            x, y = point.target or point.handle
            tall, wide = self.painted.shape
            point.target = (
                float(np.clip(x + steps[key][0], 0, wide - 1)),
                float(np.clip(y + steps[key][1], 0, tall - 1)),
            )
            self._say_points()
        else:
            super().keyPressEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture and its mask, then the points."""
        if self.pointing:
            self._hover = None
        super().paintEvent(event)
        if self.picture is None:
            return
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        for index, point in enumerate(self.points):
            self._paint_point(painter, theme, point, index)

    def _paint_point(self, painter: QPainter, theme: Theme, point: Point, index: int) -> None:
        start = self.screen_place(point.handle)
        chosen = index == self.selected
        if point.target is not None:
            end = self.screen_place(point.target)
            way = end - start
            length = float(np.hypot(way.x(), way.y()))
            if length > 12:
                unit = way / length
                tip = end - unit * 7
                for width, token in ((4.5, "surface"), (2.0, "accent")):
                    painter.setPen(QPen(theme.color(token), width))
                    painter.drawLine(start + unit * 7, tip)
                side = QPointF(-unit.y(), unit.x())
                head = QPolygonF([tip, tip - unit * 8 + side * 4.5, tip - unit * 8 - side * 4.5])
                painter.setPen(QPen(theme.color("surface"), 1.2))
                painter.setBrush(theme.color("accent"))
                painter.drawPolygon(head)
            ring(painter, end, 7, theme.surface, 4)
            ring(painter, end, 7, theme.accent, 2)
            disc(painter, end, 2, theme.accent)
        radius = 9 if chosen else 8
        disc(painter, start, radius + 1.5, theme.surface)
        disc(painter, start, radius, theme.accent_fill)
        box = QRectF(start.x() - 9, start.y() - 9, 18, 18)
        draw_text(painter, box, str(index + 1), theme.on_accent, ui_font(10, 600), CENTRE)

    def describe(self) -> str:
        """How many points there are, in words."""
        ready, count = len(self.ready), len(self.points)
        if not count:
            return tr("Click a point of the picture and drag it to where it shall go.")
        if ready < count:
            return tr("Now click where point {n} shall go.", n=self._open() + 1)
        return tr("one point") if count == 1 else tr("{count} points", count=count)

    def _open(self) -> int:
        return next(i for i, point in enumerate(self.points) if point.target is None)
