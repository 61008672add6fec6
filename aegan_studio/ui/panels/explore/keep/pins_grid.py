"""Pins as pictures with letters, in rows: clicked, dragged into another order, dragged out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.latent.state import Pin
from aegan_studio.ui.panels.explore.code_mime import code_mime, code_of, drag_out
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.theme import NOTE, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    draw_text,
    fill_round,
    smooth,
    snap,
    stroke_round,
)

Array = npt.NDArray[Any]

SIDES = (128.0, 104.0, 80.0, 56.0)
"""Sides of a picture: the largest at which all pins are in view, else the smallest."""
CAPTION = 18.0
GAP = 10.0
OUT = 28
"""Pixels beyond the edge from which a drag leaves the window's order and takes the code along."""


class PinGrid(QWidget):
    """Pins in rows, as many as the width holds."""

    picked = Signal(int)
    """A pin was clicked, or chosen with Enter."""
    moved = Signal(int, int)
    """A pin shall change places: from one index to another."""
    removed = Signal(int)
    """A pin shall go."""
    menu_asked = Signal(int, QPoint)
    """The menu of a pin, at a place of the screen."""
    dropped = Signal(object)
    """A code (d,) was dropped that comes from elsewhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pins: Sequence[Pin] = ()
        self._items: Sequence[Array | None] = ()
        self._depiction = Depiction()
        self._current: int | None = None
        self._hover = -1
        self._cursor = 0
        self._side = SIDES[-1]
        self._press: QPointF | None = None
        self._pressed = -1
        self._target: int | None = None
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRadius", 4.0)
        self.setAccessibleName(tr("Pins"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        on_theme(self._retint)

    def set_pins(
        self, pins: Sequence[Pin], items: Sequence[Array | None], depiction: Depiction
    ) -> None:
        """Show pins, and what each decodes to where that is known."""
        self._pins, self._items, self._depiction = pins, items, depiction
        self._cursor = min(self._cursor, max(len(pins) - 1, 0))
        self._hover = self._hover if self._hover < len(pins) else -1
        names = ", ".join(pin.name for pin in pins)
        self.setAccessibleDescription(names)
        self.settle()
        self.update()

    def set_current(self, index: int | None) -> None:
        """Outline the pin that the current code is."""
        if index != self._current:
            self._current = index
            self.update()

    def set_cursor(self, index: int) -> None:
        """Where the keys stand."""
        self._cursor = min(max(index, 0), max(len(self._pins) - 1, 0))
        self.update()

    @property
    def count(self) -> int:
        """How many pins are shown."""
        return len(self._pins)

    @property
    def current(self) -> int | None:
        """The pin that is outlined."""
        return self._current

    def _retint(self, _theme: object) -> None:
        self.update()

    # Geometry

    @property
    def columns(self) -> int:
        """Pins a row."""
        return self._columns(self._side)

    def _columns(self, side: float) -> int:
        return max(1, int((self.width() - 6 + GAP) // (side + GAP)))

    def cell(self, index: int) -> QRectF:
        """The square of a pin's picture."""
        row, column = divmod(index, self.columns)
        side = self._side
        return QRectF(3 + column * (side + GAP), 3 + row * (side + CAPTION + 6), side, side)

    def settle(self) -> None:
        """Choose how large pictures are, and ask for the height that the rows take."""
        above = self.parentWidget()
        room = above.height() if above is not None else 0
        for side in SIDES:
            rows = max(1, math.ceil(len(self._pins) / self._columns(side)))
            tall = round(rows * (side + CAPTION + 6) + 4)
            if tall <= room or side == SIDES[-1]:
                break
        self._side = side
        if self.height() != tall or self.minimumHeight() != tall:
            self.setFixedHeight(tall)
        self.update()

    def resizeEvent(self, event: object) -> None:
        """Another width holds another number a row."""
        del event
        self.settle()

    def sizeHint(self) -> QSize:
        """As high as the rows."""
        return QSize(240, self.height())

    def index_at(self, at: QPointF) -> int:
        """The pin at a point, −1 for none."""
        for index in range(len(self._pins)):
            if self.cell(index).adjusted(-3, -3, 3, CAPTION).contains(at):
                return index
        return -1

    def _gap_at(self, at: QPointF) -> int:
        """Before which pin something dropped here would stand, 0 to the number of pins."""
        best, near = 0, math.inf
        for index in range(len(self._pins) + 1):
            rect = self.cell(min(index, len(self._pins) - 1))
            edge = rect.left() - GAP / 2 if index < len(self._pins) else rect.right() + GAP / 2
            away = (edge - at.x()) ** 2 + 4 * (rect.center().y() - at.y()) ** 2
            if away < near:
                best, near = index, away
        return best

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint pictures, letters, outlines and where a dragged pin would land."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        ratio = device_ratio(painter)
        for index, pin in enumerate(self._pins):
            cell = self.cell(index)
            dragged = self._target is not None and index == self._pressed
            painter.setOpacity(0.35 if dragged else 1.0)
            item = self._items[index] if index < len(self._items) else None
            if item is None:
                fill_round(painter, cell, 0, theme.sunken)
            else:
                self._depiction.paint(painter, self._within(cell, item, ratio), item)
            stroke_round(painter, cell.adjusted(-1, -1, 1, 1), 0, theme.hairline)
            if index == self._current:
                stroke_round(painter, cell.adjusted(-3, -3, 3, 3), 2, theme.accent, 2)
            elif index == self._hover or (self.hasFocus() and index == self._cursor):
                stroke_round(painter, cell.adjusted(-2, -2, 2, 2), 1, theme.text3, 1)
            below = QRectF(cell.left() - 6, cell.bottom() + 1, cell.width() + 12, CAPTION)
            bold = ui_font(NOTE, 600)
            draw_text(painter, below, pin.name, theme.accent, bold, CENTRE)
        painter.setOpacity(1.0)
        if self._target is not None:
            rect = self.cell(min(self._target, len(self._pins) - 1))
            at = rect.left() - GAP / 2 if self._target < len(self._pins) else rect.right() + GAP / 2
            fill_round(painter, QRectF(at - 1.5, rect.top(), 3, rect.height()), 1.5, theme.accent)

    def _within(self, cell: QRectF, item: Array, ratio: float) -> QRectF:
        """The largest whole factor of an item within its square."""
        if self._depiction.of_points:
            return cell
        native = self._depiction.native_size(item)
        fit = min(cell.width() * ratio / native.width(), cell.height() * ratio / native.height())
        factor = float(int(fit)) if fit >= 1 else 1 / math.ceil(1 / fit)
        wide, tall = native.width() * factor / ratio, native.height() * factor / ratio
        left = snap(cell.left() + (cell.width() - wide) / 2, ratio)
        top = snap(cell.top() + (cell.height() - tall) / 2, ratio)
        return QRectF(left, top, wide, tall)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self.index_at(event.position())
            self._press = event.position() if self._pressed >= 0 else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag a pin to another place among the others, or out."""
        at = event.position()
        if self._press is None:
            self._look(self.index_at(at))
            return
        if self._target is None:
            away = (at - self._press).manhattanLength()
            if away < QApplication.startDragDistance():
                return
        if not self.rect().adjusted(-OUT, -OUT, OUT, OUT).contains(at.toPoint()):
            self._take_out()
            return
        self._target = self._gap_at(at)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click goes there; the end of a drag puts the pin in its new place."""
        pressed, target = self._pressed, self._target
        self._press, self._target, self._pressed = None, None, -1
        self.update()
        if event.button() != Qt.MouseButton.LeftButton or pressed < 0:
            return
        if target is None:
            self._cursor = pressed
            self.picked.emit(pressed)
        else:
            self._ask_to_move(pressed, target - 1 if target > pressed else target)

    def _take_out(self) -> None:
        """The code with its picture, to wells of this window or to other programs."""
        index = self._pressed
        self._press, self._target, self._pressed = None, None, -1
        self.update()
        if 0 <= index < len(self._pins):
            pin, item = self._pins[index], self._items[index]
            drag_out(self, code_mime(pin.code, item, pin.name, depiction=self._depiction))

    def _ask_to_move(self, old: int, new: int) -> None:
        if new != old and 0 <= new < len(self._pins):
            self._cursor = new
            self.moved.emit(old, new)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer."""
        self._look(-1)

    def _look(self, index: int) -> None:
        if index != self._hover:
            self._hover = index
            known = 0 <= index < len(self._pins)
            self.setToolTip(
                tr("Click to go to {name}, drag to reorder.", name=self._pins[index].name)
                if known
                else ""
            )
            self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the pin under the pointer, or where the keys stand."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.index_at(QPointF(event.pos())) if by_mouse else self._cursor
        if 0 <= index < len(self._pins):
            self.menu_asked.emit(index, event.globalPos())

    # Codes from elsewhere

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take codes, but not back one's own."""
        if event.source() is not self and code_of(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Pin the code that was dropped."""
        found = code_of(event.mimeData())
        if found is not None:
            event.acceptProposedAction()
            self.dropped.emit(np.asarray(found[0]))

    # Keys

    def event(self, event: QEvent) -> bool:
        """Alt with an arrow moves a pin here, before it takes a move back elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
            if alt and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Enter goes there, Alt and arrows reorder, Delete removes."""
        key, count = Qt.Key(event.key()), len(self._pins)
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns,
            Qt.Key.Key_Down: self.columns,
        }
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if not count:
            super().keyPressEvent(event)
        elif key in steps and alt:
            old = self._cursor
            self._ask_to_move(old, min(max(old + steps[key], 0), count - 1))
        elif key in steps:
            self.set_cursor(self._cursor + steps[key])
        elif key == Qt.Key.Key_Home:
            self.set_cursor(0)
        elif key == Qt.Key.Key_End:
            self.set_cursor(count - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self._cursor)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self._cursor)
        else:
            super().keyPressEvent(event)
