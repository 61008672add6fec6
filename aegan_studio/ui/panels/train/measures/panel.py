"""How good generated points are, in numbers that losses do not tell, while they are made."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from aegan_studio.catalog.vitals import FIGURES
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.measures.readings import MEASURES, SHORT, Measure, Readings
from aegan_studio.ui.panels.train.pictures import empty_sentence
from aegan_studio.ui.theme import BODY, NOTE, Theme, current_theme, ui_font
from aegan_studio.ui.training.watched import Watched
from aegan_studio.ui.widgets.messages import Well
from aegan_studio.ui.widgets.painting import LEFT, RIGHT, disc, draw_text, smooth
from aegan_studio.ui.widgets.panels import Panel

ROW, LEAST_ROW = 30, 21
"""Height of a line where there is room, and where there is little."""
NAMES, VALUES, GOALS = 148, 54, 84
"""Width of the columns; what is left is the course."""
NARROW = 330
"""Below this width there is no room for the course."""
COURSE = 300
"""Points of a course at most."""


class MeasureLines(QWidget):
    """The measures as lines: name, course, value, and what is as good as real."""

    def __init__(self, readings: Readings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._readings = readings
        self._courses: dict[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Measures"))

    def refresh(self) -> None:
        """Show the newest values."""
        held_out = self._readings.session.history.held_out
        shown = {measure.name for measure in self._readings.measures}
        self._courses = {name: held_out[name] for name in shown & held_out.keys()}
        self.setAccessibleDescription(
            "; ".join(
                f"{tr(FIGURES[m.name].label)}: {self._readings.value_text(m)} "
                f"{self._readings.goal_text(m)}".strip()
                for m in self._readings.measures
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        """A line for each measure."""
        return QSize(360, ROW * len(MEASURES))

    def minimumSizeHint(self) -> QSize:
        """Lines as low as they can be read."""
        return QSize(230, LEAST_ROW * len(MEASURES))

    def line_of(self, index: int) -> QRectF:
        """Where a line is."""
        count = max(len(self._readings.measures), 1)
        tall = min(max(self.height() / count, LEAST_ROW), ROW)
        return QRectF(0, index * tall, self.width(), tall)

    def event(self, event: QEvent) -> bool:
        """Each line has its own tool tip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            measure = self.measure_at(QPointF(event.pos()))
            if measure is not None:
                QToolTip.showText(event.globalPos(), self.help_of(measure), self)
                return True
        return super().event(event)

    def measure_at(self, place: QPointF) -> Measure | None:
        """The measure whose line is at a place."""
        lines = enumerate(self._readings.measures)
        return next((m for index, m in lines if self.line_of(index).contains(place)), None)

    def help_of(self, measure: Measure) -> str:
        """What a measure says, and what its goal is."""
        lines = [tr(FIGURES[measure.name].help)]
        if isinstance(measure.goal, str):
            lines.append(tr(FIGURES[measure.goal].help))
        return "\n".join(lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        names, values = ui_font(BODY), ui_font(BODY, 600)
        wide = self.width() >= NARROW
        for index, measure in enumerate(self._readings.measures):
            line = self.line_of(index)
            good = self._readings.is_good(measure)
            goal = self._readings.goal_text(measure)
            right = line.right()
            room = QRectF(right - GOALS + 8, line.top(), GOALS - 8, line.height())
            draw_text(painter, room, goal, theme.text3, ui_font(NOTE), LEFT)
            room = QRectF(right - GOALS - VALUES, line.top(), VALUES, line.height())
            value = self._readings.value_text(measure)
            draw_text(painter, room, value, theme.healthy if good else theme.text, values, RIGHT)
            left = NAMES if wide else line.width() - GOALS - VALUES - 6
            room = QRectF(line.left(), line.top(), left - 8, line.height())
            draw_text(painter, room, tr(FIGURES[measure.name].label), theme.text2, names, LEFT)
            if wide:
                course = QRectF(left, line.top() + 4, room_of(line, left), line.height() - 8)
                self._paint_course(painter, course, measure, theme)

    def _paint_course(
        self, painter: QPainter, rect: QRectF, measure: Measure, theme: Theme
    ) -> None:
        steps, values = self._courses.get(measure.name, (None, None))
        goal = self._readings.goal(measure)
        if steps is None or values is None or rect.width() < 20:
            return
        every = max(1, -(-len(steps) // COURSE))
        steps, values = steps[::-every][::-1], values[::-every][::-1]  # the newest is among them
        finite = values[np.isfinite(values)]
        if not len(finite):
            return
        top = max(float(finite.max()), goal or 0.0, 1.0 if measure.shares else 0.0, 1e-9)
        # a first step that is looked at alone lies at the left end
        last = max(int(steps[-1]), self._readings.step, 1)

        def place(step: float, value: float) -> QPointF:
            x = rect.left() + step / last * rect.width()
            return QPointF(x, rect.bottom() - min(max(value / top, 0.0), 1.0) * rect.height())

        if goal is not None:
            pen = QPen(theme.color("edge"), 1)
            pen.setDashPattern([2.0, 3.0])
            painter.setPen(pen)
            painter.drawLine(place(0, goal), place(last, goal))
        there = np.isfinite(values)
        pairs = zip(steps[there].tolist(), values[there].tolist(), strict=True)
        line = QPolygonF([place(step, value) for step, value in pairs])
        painter.setPen(QPen(theme.color("generated"), 1.5))
        painter.drawPolyline(line)
        at = place(self._readings.step, self._readings.values[measure.name])
        disc(painter, at, 2.5, theme.generated)


def room_of(line: QRectF, left: float) -> float:
    """The width of a course that begins at ``left``."""
    return line.width() - left - VALUES - GOALS - 6


class MeasuresPanel(Panel):
    """Divergences, coverage and modes of generated points, against what is as good as real."""

    def __init__(self, document: Document, session: Watched, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Measures"), tr("of 2,000 generated points"), margins=(14, 0, 10, 8), parent=parent
        )
        del document
        self._session = session
        self._outdated = True
        self.readings = Readings(session, self)
        self.lines = MeasureLines(self.readings)
        self.well = Well("")
        self.add(self.lines, 1)
        self.add(self.well, 1)
        self.readings.changed.connect(self._show)
        session.state_changed.connect(self._on_state)
        self._on_state(session.state)

    def _on_state(self, _state: str) -> None:
        self._show()

    def _empty_sentence(self) -> str:
        state = self._session.state
        if self._session.moment is not None:
            return tr("Nothing had been measured by this step.")
        if state in ("running", "preparing"):
            return tr("The first measurement comes at a fixed step.")
        return empty_sentence(state, tr("Press Train to see how good the points become."))

    def _show(self) -> None:
        known = bool(self.readings.values)
        self.lines.setVisible(known)
        self.well.setVisible(not known)
        if not known:
            self.well.set_text(self._empty_sentence())
        self._outdated = not self.isVisible()
        if not self._outdated:
            self.lines.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Take on what came while it was hidden."""
        super().showEvent(event)
        if self._outdated:
            self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        """What comes now is taken on later."""
        super().hideEvent(event)
        self._outdated = True


class MeasureStrip(QWidget):
    """The chief measures in one line, as many as there is room for; hidden where there are none."""

    def __init__(self, session: Watched, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.readings = Readings(session, self)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)  # the plane must not jump at the first measurement
        self.setSizePolicy(policy)
        self.setFixedHeight(20)
        self.readings.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self.readings.values))
        said = self.readings.sentence()
        self.setAccessibleName(said)
        self.setToolTip(
            f"{said}\n{tr(FIGURES['js'].help)}\n{tr('All measures: the view “Measures”.')}"
        )
        self.update()

    def shown(self) -> str:
        """The line as far as there is room."""
        metrics = QFontMetricsF(ui_font(BODY))
        measures = tuple(m for m in self.readings.measures if m.name in SHORT)
        while len(measures) > 1:
            if metrics.horizontalAdvance(self.readings.sentence(measures)) <= self.width():
                break
            measures = measures[:-1]
        return self.readings.sentence(measures)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        draw_text(painter, QRectF(self.rect()), self.shown(), theme.text2, ui_font(BODY), LEFT)
