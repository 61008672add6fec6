"""What stands beside a map: the classes, to show and hide, or the scale of a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import NOTE, TICK, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    LEFT,
    disc,
    draw_text,
    fill_round,
    ring,
    smooth,
    stroke_round,
    text_width,
)
from aegan_studio.ui.widgets.plot_axes import linear_ticks, tick_texts

PITCH, LEAST_PITCH = 20.0, 15.0
WIDEST = 112.0
BAR, TALLEST = 9.0, 220.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of points: its value, its name and its colour."""

    value: int
    label: str
    color: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A number's colours, from the low end to the high end."""

    title: str
    low: float
    high: float
    palette: tuple[str, ...]


class MapKey(QWidget):
    """Names of classes, each a switch, or a slim scale with ticks.

    A click hides a class or shows it again, a double click shows it alone, then all again; with
    the keyboard: Up and Down, Space, Enter, and Esc to show all.
    """

    hidden_changed = Signal(object)
    """The values that are hidden, a frozenset."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self._scale: Scale | None = None
        self._hidden: frozenset[int] = frozenset()
        self._hover = -1
        self._current = 0
        self._first = 0
        self._room = 0.0
        self.setMouseTracking(True)
        self.setProperty("focusRing", "none")
        self.setAccessibleName(tr("Key of the map"))
        on_theme(self._retint)

    def _retint(self, _theme: Theme) -> None:
        self.update()

    def show_classes(self, entries: Sequence[Entry]) -> None:
        """Name classes; those hidden stay so where they still exist."""
        self._entries, self._scale = tuple(entries), None
        self._hidden &= frozenset(entry.value for entry in entries)
        self._current, self._first = min(self._current, max(len(entries) - 1, 0)), 0
        self._settle()

    def show_scale(self, scale: Scale | None) -> None:
        """Show what the colours of a number mean; ``None``: nothing."""
        self._entries, self._scale = (), scale
        self._settle()

    def _settle(self) -> None:
        self._room = self._asked()
        focus = Qt.FocusPolicy.TabFocus if self._entries else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(focus)
        self.setToolTip(
            tr("Click: hide or show. Double click: this alone, then all.") if self._entries else ""
        )
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if self._entries else Qt.CursorShape.ArrowCursor
        )
        self.updateGeometry()
        self.update()

    @property
    def hidden(self) -> frozenset[int]:
        """The values that are hidden."""
        return self._hidden

    def set_hidden(self, hidden: frozenset[int]) -> None:
        """Hide these and no others."""
        if hidden != self._hidden:
            self._hidden = hidden
            self.update()
            self.hidden_changed.emit(hidden)

    def toggle(self, value: int) -> None:
        """Hide a class, or show it again."""
        self.set_hidden(self._hidden ^ {value})

    def show_alone(self, value: int) -> None:
        """Show one class alone; where it is alone already, all."""
        others = frozenset(entry.value for entry in self._entries) - {value}
        self.set_hidden(frozenset() if self._hidden == others else others)

    @property
    def room(self) -> float:
        """The width it asks for, in px; 0 where there is nothing to say."""
        return self._room

    def _asked(self) -> float:
        if self._scale is not None:
            texts = [text for _, text in self._ticks(self._scale)]
            wide = max((text_width(text, ui_font(TICK)) for text in texts), default=0.0)
            return max(
                BAR + 14 + wide, min(text_width(self._scale.title, ui_font(NOTE)) + 10, 78.0)
            )
        if not self._entries:
            return 0.0
        font = ui_font(NOTE)
        return min(max(text_width(e.label, font) for e in self._entries), WIDEST) + 26.0

    def sizeHint(self) -> QSize:
        """Its width, and a line for each class."""
        return QSize(round(self.room), round(max(len(self._entries) * PITCH, 60)))

    # Classes

    @property
    def _pitch(self) -> float:
        return max(min(PITCH, self.height() / max(len(self._entries), 1)), LEAST_PITCH)

    @property
    def _fitting(self) -> int:
        return max(int(self.height() / self._pitch), 1)

    def place_of(self, value: int) -> QPointF:
        """The middle of a class's mark, in px."""
        index = next(i for i, entry in enumerate(self._entries) if entry.value == value)
        return QPointF(11.0, (index - self._first + 0.5) * self._pitch)

    def _index_at(self, at: QPointF) -> int:
        index = int(at.y() // self._pitch) + self._first
        return index if 0 <= index < len(self._entries) else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hide or show."""
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._current = index
            self.toggle(self._entries[index].value)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """This alone, or all again."""
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            value = self._entries[index].value
            self._hidden ^= {value}  # as it was before the first of the two clicks
            self.show_alone(value)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the class under the pointer."""
        index = self._index_at(event.position())
        if index != self._hover:
            self._hover = index
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No class is under the pointer."""
        self._hover = -1
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll where not all classes fit."""
        if len(self._entries) <= self._fitting:
            event.ignore()
            return
        self._scroll_to(self._first - (1 if event.angleDelta().y() > 0 else -1))
        event.accept()

    def _scroll_to(self, first: int) -> None:
        self._first = min(max(first, 0), max(len(self._entries) - self._fitting, 0))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down choose, Space hides or shows, Enter shows alone, Esc all."""
        key = event.key()
        if not self._entries:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key == Qt.Key.Key_Down else -1
            self._current = min(max(self._current + step, 0), len(self._entries) - 1)
            if not self._first <= self._current < self._first + self._fitting:
                self._scroll_to(self._current - (0 if step < 0 else self._fitting - 1))
            self.update()
        elif key == Qt.Key.Key_Space:
            self.toggle(self._entries[self._current].value)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.show_alone(self._entries[self._current].value)
        elif key == Qt.Key.Key_Escape and self._hidden:
            self.set_hidden(frozenset())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The chosen line is outlined."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing is outlined."""
        super().focusOutEvent(event)
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint classes, or the scale."""
        painter, theme = QPainter(self), current_theme()
        smooth(painter)
        if self._scale is not None:
            self._paint_scale(painter, self._scale, theme)
        else:
            self._paint_classes(painter, theme)

    def _paint_classes(self, painter: QPainter, theme: Theme) -> None:
        font, pitch = ui_font(NOTE), self._pitch
        for line, entry in enumerate(self._entries[self._first : self._first + self._fitting]):
            index, top = line + self._first, line * pitch
            row = QRectF(1, top + 1, self.width() - 2, pitch - 2)
            if index == self._hover:
                fill_round(painter, row, 4, theme.hover if theme.dark else theme.raised)
            if index == self._current and self.hasFocus():
                stroke_round(painter, row, 4, theme.accent, 1.5)
            centre = QPointF(11.0, top + pitch / 2)
            off = entry.value in self._hidden
            if off:
                ring(painter, centre, 4.0, theme.edge, 1.5)
            else:
                disc(painter, centre, 4.5, QColor(entry.color))
            ink = theme.text3 if off else theme.text2
            words = QRectF(21, top, self.width() - 22, pitch)
            draw_text(painter, words, entry.label, ink, font, LEFT)

    def _ticks(self, scale: Scale) -> list[tuple[float, str]]:
        if not scale.high > scale.low:
            return []
        values = linear_ticks(scale.low, scale.high, 5)
        return list(zip(values, tick_texts(values), strict=True))

    def _paint_scale(self, painter: QPainter, scale: Scale, theme: Theme) -> None:
        words = QRectF(4, 0, self.width() - 4, 16)
        draw_text(painter, words, scale.title, theme.text2, ui_font(NOTE), LEFT)
        tall = min(TALLEST, self.height() - 30.0)
        if tall < 40:
            return
        bar, steps = QRectF(5, 24, BAR, tall), len(scale.palette)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for index, color in enumerate(scale.palette):
            bottom = bar.bottom() - tall * index / steps
            painter.fillRect(
                QRectF(bar.left(), bottom - tall / steps - 0.5, BAR, tall / steps + 1),
                QColor(color),
            )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for value, text in self._ticks(scale):
            y = bar.bottom() - tall * (value - scale.low) / (scale.high - scale.low)
            if bar.top() - 0.5 <= y <= bar.bottom() + 0.5:
                painter.fillRect(QRectF(bar.right(), y - 0.5, 3, 1), theme.color("edge"))
                spot = QRectF(bar.right() + 6, y - 7, self.width() - bar.right() - 6, 14)
                draw_text(painter, spot, text, theme.text3, ui_font(TICK), LEFT, elide=False)
