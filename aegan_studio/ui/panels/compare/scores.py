"""The last measurements of both sides beside each other, the better of each pair marked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from aegan_studio.catalog.measures import Measure
from aegan_studio.experiment.events import Diverged, Evaluated, Event
from aegan_studio.experiment.sides import SIDES
from aegan_studio.i18n import tr
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.panels.compare.mark import TOKENS
from aegan_studio.ui.panels.compare.words import measure_text
from aegan_studio.ui.theme import BODY, NOTE, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.training.pair import Pair
from aegan_studio.ui.widgets.messages import Well
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import LEFT, RIGHT, draw_text, smooth
from aegan_studio.ui.widgets.panels import Panel

ROW, HEAD, VALUE, SIGN = 22, 20, 62, 15

HeldOut = Mapping[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]]
_NONE: npt.NDArray[Any] = np.empty(0)


class ScoreTable(QWidget):
    """Rows of a measure and its two values; as many as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[tuple[Measure, float, float], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Measurements"))
        on_theme(self._retint)

    def _retint(self, _theme: Theme) -> None:
        self.update()

    def show_rows(self, rows: tuple[tuple[Measure, float, float], ...]) -> None:
        """Show these measurements."""
        self.rows = rows
        self.setAccessibleDescription(
            "; ".join(
                f"{tr(m.label)}: A {measure_text(m, a)}, B {measure_text(m, b)}" for m, a, b in rows
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        """A few rows."""
        return QSize(280, HEAD + 6 * ROW)

    def minimumSizeHint(self) -> QSize:
        """The head and two rows."""
        return QSize(180, HEAD + 2 * ROW)

    def row_at(self, place: QPointF) -> Measure | None:
        """The measure in whose row a place is."""
        index = int((place.y() - HEAD) // ROW)
        return self.rows[index][0] if 0 <= index < len(self.rows) else None

    def event(self, event: QEvent) -> bool:
        """Each row says what it measures."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            measure = self.row_at(QPointF(event.pos()))
            text = "" if measure is None else f"{tr(measure.label)}\n{tr(measure.help)}"
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that have room, whole ones only."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        wide = self.width()
        for index, side in enumerate(SIDES):
            rect = QRectF(wide - (2 - index) * VALUE, 0, VALUE - SIGN, HEAD)
            draw_text(
                painter, rect, side.upper(), theme.color(TOKENS[side]), ui_font(NOTE, 600), RIGHT
            )
        for number, (measure, first, second) in enumerate(self.rows):
            top = HEAD + number * ROW
            if top + ROW > self.height() + 2:
                break
            line = QRectF(0, top, wide, 1)
            painter.fillRect(line, theme.color("hairline"))
            room = QRectF(0, top, wide - 2 * VALUE - 4, ROW)
            draw_text(painter, room, tr(measure.label), theme.text2, ui_font(BODY), LEFT)
            better = measure.better(first, second)
            for index, value in enumerate((first, second)):
                best = better == index
                rect = QRectF(wide - (2 - index) * VALUE, top, VALUE - SIGN, ROW)
                ink = theme.text if best or better is None else theme.text2
                font = ui_font(BODY, 600 if best else 400)
                draw_text(painter, rect, measure_text(measure, value), ink, font, RIGHT)
                if best:
                    spot = QRectF(rect.right() + 3, rect.center().y() - 5.5, 11, 11)
                    paint_icon(painter, "check", spot, theme.healthy)


class ScoresPanel(Panel):
    """What was measured last on both sides."""

    def __init__(self, pair: Pair, parent: QWidget | None = None) -> None:
        super().__init__(tr("Measured"), margins=(14, 0, 10, 8), parent=parent)
        self._pair = pair
        self._measures: tuple[Measure, ...] = ()
        self.table = ScoreTable()
        self.well = Well(tr("The first measurement comes at a fixed step."))
        self.add(self.table, 1)
        self.add(self.well, 1)
        self._stale = False
        pair.told.connect(self._on_told)
        for twin in pair.sides.values():
            twin.event.connect(self._on_event)
            twin.run_opened.connect(self._begin)
            twin.state_changed.connect(self._on_state)
        self.refresh()

    def offer(self, measures: tuple[Measure, ...]) -> None:
        """Show these."""
        self._measures = tuple(measure for measure in measures if measure.held_out)
        self.refresh()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Evaluated | Diverged):
            self._stale = True

    def _on_told(self) -> None:
        if self._stale and self.isVisible():
            self.refresh()

    def _begin(self, _twin: object) -> None:
        self.refresh()

    def _on_state(self, state: str) -> None:
        if state == "empty":
            self.refresh()

    def refresh(self) -> None:
        """Show the newest values of both."""
        self._stale = False
        first, second = (twin.history.held_out for twin in self._pair.sides.values())
        rows = tuple(
            (measure, _last(first, measure.name), _last(second, measure.name))
            for measure in self._measures
        )
        rows = tuple(row for row in rows if math.isfinite(row[1]) or math.isfinite(row[2]))
        self.table.show_rows(rows)
        self.table.setVisible(bool(rows))
        self.well.setVisible(not rows)
        words = ""
        if rows:
            one, two = _step(first), _step(second)
            words = tr("at step {step}", step=format_number(one))
            if one != two:
                words = tr(
                    "at steps {first} and {second}",
                    first=format_number(one),
                    second=format_number(two),
                )
        self.set_title(self.title, words)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while hidden."""
        if self._stale:
            self.refresh()
        super().showEvent(event)


def _last(held_out: HeldOut, name: str) -> float:
    _, values = held_out.get(name, (_NONE, _NONE))
    return float(values[-1]) if len(values) else math.nan


def _step(held_out: HeldOut) -> int:
    return max((int(steps[-1]) for steps, _ in held_out.values() if len(steps)), default=0)
