"""Bars with names, each against a mark of what is expected of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import TICK, current_theme, ui_font
from aegan_studio.ui.widgets.painting import CENTRE, draw_text, smooth, text_width
from aegan_studio.ui.widgets.stepping_keys import item_after

NAMES, FIGURES = 15, 14
WIDEST = 48


@dataclass(frozen=True, slots=True)
class NamedBar:
    """One bar; ``expected`` is marked across it, negative: nothing is. ``low`` asks for care.

    One that stands ``aside`` is cut off where it is higher than all others.
    """

    label: str
    value: float
    expected: float = -1.0
    figure: str = ""
    tip: str = ""
    low: bool = False
    color: str = "accent"
    aside: bool = False


class NamedBars(QWidget):
    """Upright bars side by side; names and figures stand where there is room for all of them."""

    def __init__(self, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[NamedBar, ...] = ()
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 56)
        self.setAccessibleName(name or tr("Bars"))

    @property
    def bars(self) -> tuple[NamedBar, ...]:
        """What is shown."""
        return self._bars

    def set_bars(self, bars: Sequence[NamedBar]) -> None:
        """Show other bars."""
        self._bars = tuple(bars)
        self._current = min(self._current, max(len(bars) - 1, 0))
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """Some width for every bar."""
        return QSize(240, 140)

    def _pitch(self) -> float:
        return min(self.width() / max(len(self._bars), 1), WIDEST)

    def _widest(self, texts: Sequence[str]) -> float:
        return max((text_width(text, ui_font(TICK, 500)) for text in texts), default=0.0)

    def bar_rect(self, index: int) -> QRectF:
        """The whole column of a bar, its words included."""
        pitch = self._pitch()
        left = (self.width() - pitch * len(self._bars)) / 2
        return QRectF(left + index * pitch, 0, pitch, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars, marks and words."""
        del event
        painter = QPainter(self)
        smooth(painter)
        if not self._bars:
            return
        theme, pitch = current_theme(), self._pitch()
        named = self._widest([bar.label for bar in self._bars]) <= pitch - 2
        figured = self._widest([bar.figure for bar in self._bars]) <= pitch - 2
        top, bottom = FIGURES if figured else 4, self.height() - (NAMES if named else 4)
        counted = [bar for bar in self._bars if not bar.aside] or self._bars
        most = max(max(bar.value, bar.expected) for bar in counted) or 1.0
        gap = 1 if pitch < 8 else 2 if pitch < 18 else 5
        for index, bar in enumerate(self._bars):
            column = self.bar_rect(index)
            high = (bottom - top) * min(max(bar.value, 0.0) / most, 1.0)
            rect = QRectF(column.left(), bottom - high, max(column.width() - gap, 1.0), high)
            painter.fillRect(rect, theme.color("warning" if bar.low else bar.color, 0.85))
            if bar.expected >= 0:
                y = bottom - (bottom - top) * bar.expected / most
                painter.setPen(QPen(theme.color("text"), 1.5))
                painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
            marked = self.hasFocus() and index == self._current
            font = ui_font(TICK, 600 if marked else 500)
            if named:
                spot = QRectF(column.left() - gap / 2, bottom, column.width(), NAMES)
                ink = theme.accent if marked else theme.text2
                draw_text(painter, spot, bar.label, ink, font, CENTRE, elide=False)
            if figured and bar.figure:
                spot = QRectF(column.left() - gap / 2, rect.top() - FIGURES, pitch, FIGURES)
                if bar.expected >= 0:
                    y = bottom - (bottom - top) * max(bar.expected, bar.value) / most
                    spot.moveTop(y - FIGURES)
                ink = theme.warning if bar.low else theme.text3
                draw_text(painter, spot, bar.figure, ink, font, CENTRE, elide=False)
        painter.setPen(QPen(theme.color("strong"), 1))
        ends = self.bar_rect(0).left(), self.bar_rect(len(self._bars) - 1).right()
        painter.drawLine(QPointF(ends[0], bottom + 0.5), QPointF(ends[1] - gap, bottom + 0.5))

    # Pointer and keys

    def event(self, event: QEvent) -> bool:
        """The tool tip says what is known of a bar."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = QPointF(event.pos())
            found = [b.tip for i, b in enumerate(self._bars) if self.bar_rect(i).contains(at)]
            QToolTip.showText(event.globalPos(), found[0] if found else "", self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, Right, Home and End go from bar to bar."""
        target = item_after(event, self._current, len(self._bars), across=1)
        if target is None:
            super().keyPressEvent(event)
            return
        self._current = target
        self._describe()
        self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription(self._bars[self._current].tip if self._bars else "")
