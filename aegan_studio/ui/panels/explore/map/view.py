"""The latent map under pointer and keyboard: travelling, pins to drag, areas to draw."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from aegan_studio.ui.panels.explore.map.area import Area, How, Tool, how_of
from aegan_studio.ui.panels.explore.map.sheet import MapSheet

REACH = 14.0
"""How near a press must be to a pin to take hold of it."""
ON_POINT = 7.0
"""How near a click must be to a point to mean it, in px."""


class LatentScatter(MapSheet):
    """A map to travel on, with pins to drag and areas to draw.

    Left: travel, or draw an area. Double click or P: pin. Middle button, or Space with the left:
    pan. Wheel, Plus and Minus: zoom. F: show all. Arrows: move the code. Right: a menu.
    """

    peeked = Signal(object)
    """The place under the pointer, ``(x, y)``, or ``None``."""
    end_dragged = Signal(str, float, float)
    """A pin is dragged to a place."""
    arrived = Signal()
    """A drag is over."""
    point_clicked = Signal(int)
    """A point was clicked: its row."""
    pin_asked = Signal()
    """The current code shall be pinned."""
    area_drawn = Signal(object, str)
    """Rows of the points in an area, and what shall be done with them (:data:`How`)."""
    menu_asked = Signal(QPoint, float, float, int)
    """A right click: where on the screen, the place, and the point's row or −1."""

    def __init__(self, *, empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(empty=empty, parent=parent)
        self.tool: Tool = "travel"
        self._held_at = QPointF()
        self._space = False
        self.setCursor(Qt.CursorShape.CrossCursor)

    def set_tool(self, tool: Tool) -> None:
        """What a drag with the left button does."""
        self.tool = tool
        self._area = None
        self.update()

    def _end_at(self, at: QPointF) -> str:
        for name, place in reversed(self._ends.items()):
            off = self.pixel_of(*place) - at
            on_plate = abs(off.x()) <= 10 and 6 <= off.y() <= 28
            if on_plate or np.hypot(off.x(), off.y()) <= REACH / 2:
                return name
        return ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a pin, travel, pan, or begin an area."""
        at = event.position()
        left = event.button() == Qt.MouseButton.LeftButton
        middle = event.button() == Qt.MouseButton.MiddleButton
        inside = self.plane().contains(at)
        self._held_at = at
        if middle or (left and self._space):
            self._holding, self._panning = "view", True
            self._press = self._last = at
        elif left and (name := self._end_at(at)):
            self._holding = f"pin {name}"
        elif left and inside and self.tool != "travel":
            self._area = Area(self.tool, at)
        elif left and inside:
            self._holding = "code"
            super().mousePressEvent(event)
        if self._holding:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held, or look."""
        at = event.position()
        self._pointer = at
        inside = self.plane().contains(at)
        if self._area is not None:
            self._area.reach(at)
        elif self._holding.startswith("pin "):
            place = self.data_at(_within(at, self.plane()))
            self.end_dragged.emit(self._holding[4:], *place)
        else:
            if not self._holding:
                self._shape_cursor(at, inside)
                self.peeked.emit(self.data_at(at) if inside else None)
            super().mouseMoveEvent(event)
        self.update()

    def _shape_cursor(self, at: QPointF, inside: bool) -> None:
        shapes = Qt.CursorShape
        if not inside:
            shape = shapes.ArrowCursor
        else:
            held = self._space or bool(self._end_at(at))
            shape = shapes.OpenHandCursor if held else shapes.CrossCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go; a press that did not move meant the point under it."""
        at = event.position()
        held, self._holding = self._holding, ""
        area, self._area = self._area, None
        if area is not None:
            self._end_area(area, at, how_of(event.modifiers()))
        if held == "code" and (at - self._held_at).manhattanLength() <= 4:
            row = self.nearest(at, ON_POINT)
            if row >= 0:
                self.point_clicked.emit(row)
        super().mouseReleaseEvent(event)
        self._press = self._last = None
        if held and held != "view":
            self.arrived.emit()
        self._shape_cursor(at, self.plane().contains(at))
        self.update()

    def _end_area(self, area: Area, at: QPointF, how: How) -> None:
        cloud = self._clouds.get("points")
        if cloud is None:
            return
        if area.is_click:
            row = self.nearest(at, ON_POINT)
            rows = np.array([row] if row >= 0 else [], dtype=np.intp)
        else:
            rows = area.rows(cloud.dots.grid, cloud.xy, self.plane(), self.view)
        self.area_drawn.emit(rows, how)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Pin the place; in a tool of areas this is one more press."""
        if event.button() == Qt.MouseButton.LeftButton and self.tool == "travel":
            if self.plane().contains(event.position()) and not self._end_at(event.position()):
                self.pin_asked.emit()
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done at this place."""
        at = QPointF(event.pos())
        if len(self._places) and self.plane().contains(at):
            self.menu_asked.emit(event.globalPos(), *self.data_at(at), self.nearest(at, ON_POINT))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is looked at."""
        super().leaveEvent(event)
        self._pointer = None
        self.peeked.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pans while it is held, P pins, F shows all, Esc gives an area up."""
        key = event.key()
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = True
                self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif key == Qt.Key.Key_P and not event.modifiers():
            self.pin_asked.emit()
        elif key == Qt.Key.Key_F and not event.modifiers():
            self.fit()
        elif key == Qt.Key.Key_Escape and self._area is not None:
            self._area = None
            self.update()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space is over, or a move by arrows."""
        key = event.key()
        if key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.setCursor(Qt.CursorShape.CrossCursor)
        elif key in _ARROWS and not event.isAutoRepeat():
            self.arrived.emit()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A held Space is not seen to end elsewhere."""
        self._space = False
        super().focusOutEvent(event)


_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


def _within(at: QPointF, rect: QRectF) -> QPointF:
    return QPointF(
        min(max(at.x(), rect.left()), rect.right()), min(max(at.y(), rect.top()), rect.bottom())
    )
