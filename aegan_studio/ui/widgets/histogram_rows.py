"""Histograms one under the other on the same axis, each with a name and a figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import NOTE, TICK, current_theme, ui_font
from aegan_studio.ui.widgets.bars import heights_of, paint_bars
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    LEFT,
    RIGHT,
    draw_text,
    smooth,
    text_width,
)
from aegan_studio.ui.widgets.plot_axes import linear_ticks, tick_texts
from aegan_studio.ui.widgets.stepping_keys import item_after

AXIS = 17
WORDS = 15
GAP = 5
LEAST_ROW = 26


@dataclass(frozen=True, slots=True)
class HistogramRow:
    """One row: ``color`` is a token of the theme; ``tip`` says all there is to know."""

    label: str
    counts: npt.NDArray[Any]
    color: str
    figure: str = ""
    tip: str = ""
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Sides:
    """Two sides of an axis, parted at ``at``; the tokens tint the grounds left and right of it."""

    at: float
    left: str
    right: str


class HistogramRows(QWidget):
    """Rows of bars; the shares are drawn to the same height, so that rows compare.

    Up and Down move a mark from row to row, whose words are then said aloud.
    """

    def __init__(self, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[HistogramRow, ...] = ()
        self._low, self._high = 0.0, 1.0
        self._sides: Sides | None = None
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 64)
        self.setAccessibleName(name or tr("Histogram"))

    @property
    def rows(self) -> tuple[HistogramRow, ...]:
        """What is shown."""
        return self._rows

    def set_rows(
        self, rows: Sequence[HistogramRow], low: float, high: float, sides: Sides | None = None
    ) -> None:
        """Show other rows over bins from ``low`` to ``high``."""
        self._rows, self._low, self._high, self._sides = tuple(rows), low, high, sides
        self._current = min(self._current, max(len(rows) - 1, 0))
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """Rows of a comfortable height."""
        return QSize(260, 44 * max(len(self._rows), 2) + AXIS)

    def row_rect(self, index: int) -> QRectF:
        """Where a row lies, its words included."""
        high = (self.height() - AXIS) / max(len(self._rows), 1)
        return QRectF(0, index * high, self.width(), high)

    @property
    def _low_rows(self) -> bool:
        """Whether words stand beside the bars, as rows are too low for them above."""
        return self.row_rect(0).height() < LEAST_ROW

    def _plane(self) -> tuple[float, float]:
        """The left and right end of what the axis spans."""
        if not self._low_rows:
            return 1.0, self.width() - 1.0
        words, figures = ui_font(NOTE, 600), ui_font(NOTE, 600)
        left = max(text_width(row.label, words) for row in self._rows) + 8
        right = max(text_width(row.figure, figures) for row in self._rows) + 8
        return min(left, 0.4 * self.width()), max(self.width() - right, 0.6 * self.width())

    def _bars_rect(self, index: int) -> QRectF:
        row, (left, right) = self.row_rect(index), self._plane()
        words = 0 if self._low_rows or row.height() < LEAST_ROW + WORDS / 2 else WORDS
        return QRectF(left, row.top() + words, right - left, row.height() - words - GAP)

    def _x(self, value: float) -> float:
        left, right = self._plane()
        return left + (right - left) * (value - self._low) / (self._high - self._low)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint grounds, bars, words and the axis."""
        del event
        painter = QPainter(self)
        smooth(painter)
        if not self._rows:
            return
        theme = current_theme()
        bottom = self.height() - AXIS
        self._paint_sides(painter, bottom)
        shares = [row.counts / max(int(row.counts.sum()), 1) for row in self._rows]
        top = max(float(share.max(initial=0.0)) for share in shares)
        for index, (row, share) in enumerate(zip(self._rows, shares, strict=True)):
            rect = self._bars_rect(index)
            paint_bars(
                painter, rect, heights_of(share, top=top), theme.color(row.color), hollow=row.hollow
            )
            painter.setPen(QPen(theme.color("strong"), 1))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
            self._paint_words(painter, index)
        self._paint_axis(painter, bottom)

    def _paint_sides(self, painter: QPainter, bottom: float) -> None:
        sides, theme = self._sides, current_theme()
        if sides is None:
            return
        x = self._x(sides.at)
        left, right = self._plane()
        ends = (left - 1, right + 1)
        painter.fillRect(QRectF(ends[0], 0, x - ends[0], bottom), theme.color(sides.left, 0.12))
        painter.fillRect(QRectF(x, 0, ends[1] - x, bottom), theme.color(sides.right, 0.12))
        painter.setPen(QPen(theme.color("text3"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, 0), QPointF(x, bottom))

    def _paint_words(self, painter: QPainter, index: int) -> None:
        theme, row = current_theme(), self._rows[index]
        rect = self.row_rect(index)
        line = QRectF(4, rect.top() + 1, rect.width() - 8, WORDS - 1)
        if self._low_rows:
            line = QRectF(0, rect.top(), rect.width(), rect.height())
        figure = ui_font(NOTE, 600)
        taken = text_width(row.figure, figure) + 8 if row.figure else 0
        marked = self.hasFocus() and index == self._current
        words = ui_font(NOTE, 600 if marked else 500)
        ink = theme.accent if marked else theme.text2
        room = line.adjusted(0, 0, -taken, 0)
        if self._low_rows:
            room.setRight(self._plane()[0] - 4)
        elif self._bars_rect(index).top() < line.bottom():  # bars may stand behind the words
            wide = min(text_width(row.label, words) + 4, room.width())
            plate = QRectF(line.left() - 2, line.top(), wide, line.height())
            painter.fillRect(plate, theme.color("surface", 0.7))
        draw_text(painter, room, row.label, ink, words, LEFT)
        draw_text(painter, line, row.figure, theme.text, figure, RIGHT, elide=False)

    def _paint_axis(self, painter: QPainter, bottom: float) -> None:
        theme, font = current_theme(), ui_font(TICK)
        ends = self._plane()
        ticks = linear_ticks(self._low, self._high, max(2, int(ends[1] - ends[0]) // 70))
        for tick, text in zip(ticks, tick_texts(ticks), strict=True):
            x = self._x(tick)
            painter.setPen(QPen(theme.color("edge"), 1))
            painter.drawLine(QPointF(x, bottom - GAP), QPointF(x, bottom - GAP + 3))
            wide = text_width(text, font) + 2
            left = min(max(x - wide / 2, 0.0), self.width() - wide)
            spot = QRectF(left, bottom, wide, AXIS - 2)
            draw_text(painter, spot, text, theme.text3, font, CENTRE, elide=False)

    # Pointer and keys

    def _row_at(self, y: float) -> int:
        return next(
            (i for i in range(len(self._rows)) if y < self.row_rect(i).bottom()),
            len(self._rows) - 1,
        )

    def _tip(self, at: QPointF) -> str:
        """What is known of the row at a point, and of the bar."""
        row = self._rows[self._row_at(at.y())]
        bins = len(row.counts)
        left, right = self._plane()
        index = min(max(math.floor((at.x() - left) / max(right - left, 1) * bins), 0), bins - 1)
        width = (self._high - self._low) / bins
        ends = (self._low + index * width, self._low + (index + 1) * width)
        bar = tr(
            "{low} to {high}: {count} of {total}",
            low=format_number(ends[0], 3),
            high=format_number(ends[1], 3),
            count=format_number(int(row.counts[index])),
            total=format_number(int(row.counts.sum())),
        )
        return "\n".join(filter(None, (row.label, row.tip, bar)))

    def event(self, event: QEvent) -> bool:
        """The tool tip says what a row and a bar are."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._rows:
            QToolTip.showText(event.globalPos(), self._tip(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down, Home and End go from row to row."""
        target = item_after(event, self._current, len(self._rows), down=1)
        if target is None:
            super().keyPressEvent(event)
            return
        self._current = target
        self._describe()
        self.update()

    def _describe(self) -> None:
        if not self._rows:
            self.setAccessibleDescription("")
            return
        row = self._rows[self._current]
        self.setAccessibleDescription(" ".join(filter(None, (row.label, row.figure, row.tip))))


__all__ = ["HistogramRow", "HistogramRows", "Sides"]
