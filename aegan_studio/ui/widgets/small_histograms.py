"""Many small histograms in a grid, each against what is expected of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QToolTip, QWidget

from aegan_studio.ui.theme import NOTE, TICK, current_theme, ui_font
from aegan_studio.ui.widgets.bars import heights_of, paint_bars, paint_outline
from aegan_studio.ui.widgets.painting import LEFT, RIGHT, draw_text, smooth, text_width
from aegan_studio.ui.widgets.stepping_keys import item_after

LEAST, MOST = 84, 220
"""The width of a cell: at least, and at most where there is room to spare."""
WORDS = 15
BARS, BARS_MOST = 34, 96
GAP = 10


@dataclass(frozen=True, slots=True)
class SmallHistogram:
    """One cell: counts and what is expected, both as shares of all; ``faded`` says nothing.

    ``zero`` is where 0 lies on the axis, from 0 to 1; outside of that it is not marked.
    """

    label: str
    figure: str
    shares: npt.NDArray[Any]
    expected: npt.NDArray[Any] | None = None
    tip: str = ""
    faded: bool = False
    zero: float = -1.0


class SmallHistograms(QScrollArea):
    """The grid; it scrolls where not all fit."""

    def __init__(self, *, color: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet = _Sheet(color, name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(96, 56)
        self.setWidget(self.sheet)
        self.sheet.moved = lambda rect: self.ensureVisible(
            0, round(rect.center().y()), 0, round(rect.height() / 2)
        )

    def set_cells(self, cells: Sequence[SmallHistogram]) -> None:
        """Show other cells."""
        self.sheet.set_cells(cells)
        self._fit()

    def _fit(self) -> None:
        self.sheet.arrange(self.viewport().size())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lie anew."""
        super().resizeEvent(event)
        self._fit()


class _Sheet(QWidget):
    """What scrolls: the cells, and the keys that move over them."""

    def __init__(self, color: str, name: str) -> None:
        super().__init__()
        self.setObjectName("scrolled")
        self.moved: Callable[[QRectF], object] = lambda _rect: None
        self._color = color
        self._cells: tuple[SmallHistogram, ...] = ()
        self._columns, self._bars = 1, float(BARS)
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRing", "none")
        self.setAccessibleName(name)

    @property
    def cells(self) -> tuple[SmallHistogram, ...]:
        """What is shown."""
        return self._cells

    def set_cells(self, cells: Sequence[SmallHistogram]) -> None:
        """Take other cells; :meth:`arrange` comes next."""
        self._cells = tuple(cells)
        self._current = min(self._current, max(len(cells) - 1, 0))
        self._describe()
        self.update()

    def arrange(self, room: QSize) -> None:
        """As many columns as fit; higher bars where all rows leave room."""
        count = max(len(self._cells), 1)
        most = max(1, int((room.width() + GAP) / (LEAST + GAP)))
        self._columns, self._bars = most, float(BARS)
        for columns in range(1, most + 1):
            rows = math.ceil(count / columns)
            if columns < most and room.width() > columns * (MOST + GAP):
                continue
            bars = (room.height() + GAP) / rows - WORDS - GAP - 3
            if bars >= BARS:
                self._columns, self._bars = columns, min(math.floor(bars), BARS_MOST)
                break
        rows = math.ceil(count / self._columns)
        self.setMinimumHeight(math.ceil(rows * self._pitch - GAP) if self._cells else 0)
        self.update()

    @property
    def _pitch(self) -> float:
        return WORDS + self._bars + 3 + GAP

    def cell_rect(self, index: int) -> QRectF:
        """Where a cell lies."""
        row, column = divmod(index, self._columns)
        width = min((self.width() + GAP) / self._columns - GAP, MOST)
        return QRectF(column * (width + GAP), row * self._pitch, width, self._pitch - GAP)

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(280, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells in sight."""
        painter = QPainter(self)
        smooth(painter)
        seen = QRectF(event.rect())
        for index, cell in enumerate(self._cells):
            rect = self.cell_rect(index)
            if seen.intersects(rect):
                self._paint_cell(painter, rect, cell, self.hasFocus() and index == self._current)

    def _paint_cell(
        self, painter: QPainter, rect: QRectF, cell: SmallHistogram, marked: bool
    ) -> None:
        theme = current_theme()
        words = QRectF(rect.left(), rect.top(), rect.width(), WORDS)
        figure = ui_font(TICK, 500)
        taken = text_width(cell.figure, figure) + 6 if cell.figure else 0.0
        ink = theme.accent if marked else theme.text3 if cell.faded else theme.text2
        label = words.adjusted(0, 0, -taken, 0)
        draw_text(painter, label, cell.label, ink, ui_font(NOTE, 600 if marked else 500), LEFT)
        ink = theme.warning if cell.faded else theme.text3
        draw_text(painter, words, cell.figure, ink, figure, RIGHT)
        bars = QRectF(rect.left(), rect.top() + WORDS, rect.width(), self._bars)
        painter.fillRect(bars, theme.color("sunken"))
        top = float(cell.shares.max(initial=0.0))
        if cell.expected is not None and not cell.faded:
            top = max(top, float(cell.expected.max(initial=0.0)))
        color = theme.color("text3" if cell.faded else self._color)
        inner = bars.adjusted(0, 2, 0, 0)
        paint_bars(painter, inner, heights_of(cell.shares, top=top), color)
        if cell.expected is not None:
            heights = heights_of(cell.expected, top=top)
            paint_outline(painter, inner, heights, theme.color("text"))
        if 0 <= cell.zero <= 1:
            x = bars.left() + cell.zero * bars.width()
            painter.setPen(QPen(theme.color("edge"), 1))
            painter.drawLine(QPointF(x, bars.bottom()), QPointF(x, bars.bottom() + 3))

    # Pointer and keys

    def index_at(self, at: QPointF) -> int:
        """The cell at a point; −1 for none."""
        return next((i for i in range(len(self._cells)) if self.cell_rect(i).contains(at)), -1)

    def event(self, event: QEvent) -> bool:
        """The tool tip says what is known of a cell."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.index_at(QPointF(event.pos()))
            text = self._cells[index].tip if index >= 0 else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End go from cell to cell."""
        target = item_after(event, self._current, len(self._cells), across=1, down=self._columns)
        if target is None:
            super().keyPressEvent(event)
            return
        self._current = target
        self._describe()
        self.moved(self.cell_rect(self._current))
        self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription(self._cells[self._current].tip if self._cells else "")
