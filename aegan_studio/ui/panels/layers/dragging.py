"""What is seen of a drag: the line where it would drop, the chip below the pointer, scrolling."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.theme import BODY, current_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    LEFT,
    disc,
    draw_text,
    fill_round,
    smooth,
    soft_shadow,
    stroke_round,
    text_width,
)

EDGE = 32
"""Pixels from the ends of the list within which it scrolls by itself."""


BEYOND = 40
"""Pixels beyond the list's ends at which a drag still counts as over it."""
EMPTY = 42
"""Where the line stands in a list without layers: below the row of the input."""


class DropLine(QWidget):
    """Where the layer would stand."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def put(self, y: int, width: int) -> None:
        """Show it at a height of the list."""
        self.setGeometry(20, y - 4, width - 20, 8)
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line and its knob."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        painter.fillRect(QRectF(6, 3, self.width() - 6, 2), theme.color("accent"))
        disc(painter, QRectF(0, 0, 8, 8).center(), 4, theme.accent)


class Chip(QWidget):
    """What is dragged: sign and name, below the pointer."""

    def __init__(self, window: QWidget, icon: str, text: str) -> None:
        super().__init__(window)
        self._icon, self._text = icon, text
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(round(text_width(text, ui_font(BODY, 600))) + 48, 36)

    def follow(self, where: QPoint) -> None:
        """Stand beside the pointer, ``where`` on the screen."""
        parent = self.parentWidget()
        if parent is not None:
            self.move(parent.mapFromGlobal(where) + QPoint(10, 6))
            self.raise_()
            self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect()).adjusted(3, 2, -3, -4)
        soft_shadow(painter, rect, 6, 0.5)
        fill_round(painter, rect, 6, theme.raised if theme.dark else theme.surface)
        stroke_round(painter, rect, 6, theme.accent)
        sign = QRectF(rect.left() + 9, rect.center().y() - 7.5, 15, 15)
        paint_icon(painter, self._icon, sign, theme.text)
        words = rect.adjusted(31, 0, -4, 0)
        draw_text(painter, words, self._text, theme.text, ui_font(BODY, 600), LEFT, elide=False)


class AutoScroll(QObject):
    """Scrolls a list while something is dragged near its upper or lower end."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area = area
        self._timer = QTimer(self, interval=16)
        self._timer.timeout.connect(self._step)
        self._where: QPoint | None = None
        self.moved: Callable[[], None] = _nothing

    def follow(self, where: QPoint) -> None:
        """The pointer is here on the screen."""
        self._where = where
        if self._speed() and not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """The drag is over."""
        self._timer.stop()
        self._where = None

    def _speed(self) -> int:
        if self._where is None:
            return 0
        view = self._area.viewport()
        y = view.mapFromGlobal(self._where).y()
        if y < EDGE:
            return -max(2, min(18, (EDGE - y) // 2))
        if y > view.height() - EDGE:
            return max(2, min(18, (y - view.height() + EDGE) // 2))
        return 0

    def _step(self) -> None:
        speed, bar = self._speed(), self._area.verticalScrollBar()
        before = bar.value()
        bar.setValue(before + speed)
        if speed == 0 or bar.value() == before:
            self._timer.stop()
        else:
            self.moved()


class ListDrag(QObject):
    """Something dragged over a list of rows: where it would drop, and what is seen of it."""

    def __init__(self, area: QScrollArea, list_: QWidget) -> None:
        super().__init__(area)
        self._area, self._list = area, list_
        self.line = DropLine(list_)
        self._scroll = AutoScroll(area)
        self._scroll.moved = self._follow_scroll
        self._chip: Chip | None = None
        self._pointer = QPoint()
        self._rows: Sequence[QWidget] = ()
        self.place = -1

    @property
    def active(self) -> bool:
        """Whether something is being dragged."""
        return self._chip is not None

    def begin(self, icon: str, text: str) -> None:
        """A drag begins; a chip with this sign and text follows the pointer."""
        self.end()
        self._chip = Chip(self._area.window(), icon, text)

    def hover_at(self, where: QPoint, rows: Sequence[QWidget]) -> bool:
        """The pointer is here on the screen; says whether it could drop between the rows."""
        self._pointer, self._rows = where, rows
        if self._chip is not None:
            self._chip.follow(where)
        view = self._area.viewport()
        room = QRect(0, -BEYOND, view.width(), view.height() + 2 * BEYOND)
        inside = room.contains(view.mapFromGlobal(where))
        y = self._list.mapFromGlobal(where).y()
        self.place = sum(y > row.geometry().center().y() for row in rows) if inside else -1
        if inside:
            self.line.put(self._height_of(self.place), self._list.width())
            self._scroll.follow(where)
        else:
            self.line.hide()
            self._scroll.stop()
        return inside

    def _follow_scroll(self) -> None:
        self.hover_at(self._pointer, self._rows)

    def _height_of(self, place: int) -> int:
        if place < len(self._rows):
            return self._rows[place].y()
        return self._rows[-1].geometry().bottom() + 1 if self._rows else EMPTY

    def end(self) -> None:
        """The drag is over."""
        self.place = -1
        self.line.hide()
        self._scroll.stop()
        if self._chip is not None:
            self._chip.hide()
            self._chip.deleteLater()
            self._chip = None


def _nothing() -> None:
    """What is done where nobody listens."""
