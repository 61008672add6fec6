"""A table of layers: small histograms of what they hold and give, and their silent units."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from aegan_studio.experiment.views.inside import DORMANT, LayerFigures, Spread
from aegan_studio.i18n import tr
from aegan_studio.ui.theme import NOTE, TICK, current_theme, mix, ui_font
from aegan_studio.ui.widgets.bars import heights_of, paint_bars
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import LEFT, RIGHT, draw_text, smooth
from aegan_studio.ui.widgets.stepping_keys import item_after

HEAD = 18
BARS, BARS_MOST = 24, 64
"""Height of the bars: at least, and at most where there is room to spare."""
FIGURES = 13
STRIP = 6
PAD = 7
NAME_SHARE, NAME_LEAST, NAME_MOST = 0.26, 64, 132
GAP = 10
WIDE = 112
"""A cell of so many pixels has room for both ends of its axis."""


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A layer's figures, and what it is called."""

    figures: LayerFigures
    label: str
    shape: str
    words: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One histogram with the figure under it, and its words for a tool tip."""

    name: str
    spread: Spread
    figure: str
    color: str


def cells_of(figures: LayerFigures, phases: Mapping[str, str]) -> list[list[Cell]]:
    """What stands in the three columns; gradients of several phases share a cell."""
    weights, given = figures.weights, figures.activations
    columns: list[list[Cell]] = [[], [], []]
    if weights is not None:
        columns[0] = [Cell(tr("Weights"), weights, f"σ {_short(weights.deviation)}", "text2")]
    if given is not None:
        columns[1] = [Cell(tr("Activations"), given, f"μ {_short(given.mean)}", "accent")]
    for phase, gradient in figures.gradients.items():
        name = tr("Gradients, {phase}", phase=phases.get(phase, phase))
        columns[2].append(Cell(name, gradient, f"|g| {_short(gradient.norm)}", "text2"))
    return columns


def _short(value: float) -> str:
    return format_number(value, 2)


def spread_words(cell: Cell) -> str:
    """All that is known of a histogram."""
    spread = cell.spread
    return tr(
        "{name}: {count} values from {low} to {high}, mean {mean}, σ {deviation}, length {norm}",
        name=cell.name,
        count=format_number(spread.total),
        low=format_number(spread.low, 3),
        high=format_number(spread.high, 3),
        mean=format_number(spread.mean, 3),
        deviation=format_number(spread.deviation, 3),
        norm=format_number(spread.norm, 3),
    )


def silence_words(figures: LayerFigures, items: int) -> str:
    """How many units are silent, or hardly speak; empty where none is."""
    activity = figures.activity
    if activity is None or not figures.dormant:
        return ""
    dead, dormant = figures.dead, figures.dormant
    parts = []
    if dead:
        parts.append(
            tr(
                "{dead} of {total} units are dead: silent on all {items} items",
                dead=dead,
                total=len(activity),
                items=items,
            )
        )
    if dormant > dead:
        parts.append(
            tr(
                "{dormant} of {total} units are dormant: below {share} % of the layer’s mean",
                dormant=dormant - dead,
                total=len(activity),
                share=format_number(100 * DORMANT, 2),
            )
        )
    return "\n".join(parts)


class LayerTable(QScrollArea):
    """The table; it scrolls where not all rows fit."""

    def __init__(self, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet = LayerSheet(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(96, 72)
        self.setWidget(self.sheet)
        self.sheet.moved = lambda rect: self.ensureVisible(
            0, round(rect.center().y()), 0, round(rect.height() / 2)
        )


class LayerSheet(QWidget):
    """What scrolls: a head and a row for each layer."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("scrolled")
        self.moved: Callable[[QRectF], object] = lambda _rect: None
        self._rows: tuple[LayerRow, ...] = ()
        self._cells: list[list[list[Cell]]] = []
        self._items = 0
        self._log = False
        self._bars = float(BARS)
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRing", "none")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)

    @property
    def rows(self) -> tuple[LayerRow, ...]:
        """What is shown."""
        return self._rows

    @property
    def log(self) -> bool:
        """Whether bars are as high as the logarithm of their counts."""
        return self._log

    def set_log(self, on: bool) -> None:
        """Draw bars by the logarithm of their counts, so that single values show."""
        self._log = on
        self.update()

    def set_rows(self, rows: Sequence[LayerRow], phases: Mapping[str, str], items: int) -> None:
        """Show other layers; ``phases`` names those that gradients are of."""
        self._rows, self._items = tuple(rows), items
        self._cells = [cells_of(row.figures, phases) for row in rows]
        self._current = min(self._current, max(len(rows) - 1, 0))
        self._bars = float(BARS)
        self.setMinimumHeight(math.ceil(HEAD + sum(self._height(row) for row in rows)))
        self._fill()
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(320, self.minimumHeight())

    # Places

    def _height(self, row: LayerRow) -> float:
        strip = STRIP + 4 if row.figures.activity is not None else 0
        return self._bars + FIGURES + strip + PAD

    def _fill(self) -> None:
        """Higher bars where there is room."""
        spare = (self.height() - self.minimumHeight()) / max(len(self._rows), 1)
        self._bars = float(min(max(math.floor(BARS + spare), BARS), BARS_MOST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the height."""
        super().resizeEvent(event)
        self._fill()

    def row_rect(self, index: int) -> QRectF:
        """Where a row lies."""
        top = HEAD + sum(self._height(row) for row in self._rows[:index])
        return QRectF(0, top, self.width(), self._height(self._rows[index]))

    def columns(self) -> list[QRectF]:
        """The name's column and those of the three histograms, as wide as they are."""
        name = min(max(self.width() * NAME_SHARE, NAME_LEAST), NAME_MOST)
        width = (self.width() - name - 3 * GAP) / 3
        starts = [0.0, *(name + GAP + (width + GAP) * i for i in range(3))]
        return [
            QRectF(start, 0, size, HEAD)
            for start, size in zip(starts, (name, width, width, width), strict=True)
        ]

    def strip_rect(self, index: int) -> QRectF:
        """Where the strip of units of a row lies; empty where it has none."""
        if self._rows[index].figures.activity is None:
            return QRectF()
        row = self.row_rect(index)
        return QRectF(0, row.top() + self._bars + FIGURES + 3, self.width() - 1, STRIP)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the head and the rows in sight."""
        painter = QPainter(self)
        smooth(painter)
        theme, font = current_theme(), ui_font(TICK)
        heads = (tr("Weights"), tr("Activations"), tr("Gradients"))
        columns = self.columns()
        for rect, words in zip(columns[1:], heads, strict=True):
            draw_text(painter, rect, words, theme.text3, font, LEFT)
        seen = QRectF(event.rect())
        for index in range(len(self._rows)):
            if seen.intersects(self.row_rect(index)):
                self._paint_row(painter, index, columns)

    def _paint_row(self, painter: QPainter, index: int, columns: Sequence[QRectF]) -> None:
        theme, row, rect = current_theme(), self._rows[index], self.row_rect(index)
        if self.hasFocus() and index == self._current:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawLine(QPointF(1, rect.top() + 2), QPointF(1, rect.bottom() - PAD))
        name = QRectF(6, rect.top(), columns[0].width() - 6, 15)
        draw_text(painter, name, row.label, theme.text, ui_font(NOTE, 500), LEFT)
        below = name.translated(0, 14)
        figures = row.figures
        if figures.dormant:
            word = (
                tr("{count} dead", count=figures.dead)
                if figures.dead
                else tr("{count} dormant", count=figures.dormant)
            )
            ink = theme.error if figures.dead else theme.warning
            draw_text(painter, below, word, ink, ui_font(TICK, 600), LEFT)
        else:
            draw_text(painter, below, row.shape, theme.text3, ui_font(TICK), LEFT)
        for column, cells in zip(columns[1:], self._cells[index], strict=True):
            self._paint_cell(painter, column.translated(0, rect.top()), cells)
        self._paint_strip(painter, index)

    def _paint_cell(self, painter: QPainter, rect: QRectF, cells: Sequence[Cell]) -> None:
        theme, font = current_theme(), ui_font(TICK)
        ground = QRectF(rect.left(), rect.top() + 2, rect.width(), self._bars - 2)
        painter.fillRect(ground, theme.color("sunken"))
        below = QRectF(rect.left(), ground.bottom() + 1, rect.width(), FIGURES)
        if not cells:
            draw_text(painter, below, "–", theme.text3, font, LEFT)
            return
        for turn, cell in enumerate(cells):
            heights = heights_of(cell.spread.counts, log=self._log)
            paint_bars(painter, ground, heights, theme.color(cell.color), hollow=turn > 0)
            if cell.spread.low < 0 < cell.spread.high:
                place = -cell.spread.low / (cell.spread.high - cell.spread.low)
                x = ground.left() + place * ground.width()
                painter.setPen(QPen(theme.color("text3"), 1))
                painter.drawLine(QPointF(x, ground.bottom() - 3), QPointF(x, ground.bottom()))
        figure = "  ".join(cell.figure for cell in cells)
        if rect.width() >= WIDE and len(cells) == 1:
            low, high = (_short(end) for end in (cells[0].spread.low, cells[0].spread.high))
            draw_text(painter, below, low, theme.text3, font, LEFT)
            draw_text(painter, below, high, theme.text3, font, RIGHT)
            align = Qt.AlignmentFlag.AlignCenter
            draw_text(painter, below, figure, theme.text2, font, align)
        else:
            draw_text(painter, below, figure, theme.text2, font, LEFT)

    def _paint_strip(self, painter: QPainter, index: int) -> None:
        """A cell for each unit: the brighter the livelier, silent ones in the warning's colour."""
        activity, strip = self._rows[index].figures.activity, self.strip_rect(index)
        if activity is None:
            return
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        width = strip.width() / len(activity)
        gap = 1.0 if width >= 4 else 0.0
        scores = activity.tolist()
        # silent ones last and no thinner than can be seen
        for unit in sorted(range(len(scores)), key=lambda unit: scores[unit] <= DORMANT):
            score = scores[unit]
            silent = score <= DORMANT
            color = mix(theme.hairline, theme.text2, min(math.sqrt(max(score, 0.0)) / 2, 1.0))
            if silent:
                color = theme.color("error" if score == 0 else "warning")
            wide = max(width - gap, 2.0 if silent else 1.0)
            painter.fillRect(QRectF(strip.left() + unit * width, strip.top(), wide, STRIP), color)
        painter.restore()

    # Pointer and keys

    def tip_at(self, at: QPointF) -> str:
        """What is known of the row, the histogram or the unit at a point."""
        for index, row in enumerate(self._rows):
            if not self.row_rect(index).contains(at):
                continue
            activity, strip = row.figures.activity, self.strip_rect(index)
            if activity is not None and strip.adjusted(0, -3, 0, 3).contains(at):
                unit = min(int(at.x() / strip.width() * len(activity)), len(activity) - 1)
                word = tr(
                    "Unit {unit}: {score} of the layer’s mean activity",
                    unit=unit + 1,
                    score=format_number(float(activity[unit]), 2),
                )
                return "\n".join(filter(None, (word, silence_words(row.figures, self._items))))
            for column, cells in zip(self.columns()[1:], self._cells[index], strict=True):
                if column.left() <= at.x() <= column.right():
                    return "\n".join(spread_words(cell) for cell in cells)
            head = f"{row.words}\n{row.shape}" if row.shape else row.words
            return "\n".join(filter(None, (head, silence_words(row.figures, self._items))))
        return ""

    def event(self, event: QEvent) -> bool:
        """The tool tip says what is under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down, Home and End go from layer to layer."""
        target = item_after(event, self._current, len(self._rows), down=1)
        if target is None:
            super().keyPressEvent(event)
            return
        self._current = target
        self._describe()
        self.moved(self.row_rect(self._current))
        self.update()

    def _describe(self) -> None:
        if not self._rows:
            self.setAccessibleDescription("")
            return
        row = self._rows[self._current]
        words = [row.label, row.shape]
        words += [spread_words(cell) for cells in self._cells[self._current] for cell in cells]
        words.append(silence_words(row.figures, self._items))
        self.setAccessibleDescription("\n".join(filter(None, words)))
