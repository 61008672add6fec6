"""The losses of a model's phases as formulas, with the current numbers put in."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import PhaseInfo
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.train.model.state import value_text
from aegan_studio.ui.widgets.formula import FormulaLabel
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.numbers import format_number

_GAP, _LINE = 24, 24


class PhaseLine(QWidget):
    """One phase: its name where there are several, its formula, and what that comes to now."""

    def __init__(self, phase: PhaseInfo, weights: Mapping[str, str], *, named: bool) -> None:
        super().__init__()
        self._phase = phase
        self._weights = weights
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        self._name = Label(tr(phase.label), tone="text3", size=11, weight=500)
        self._name.setVisible(named)
        self._formula = FormulaLabel(phase.latex, size=14, tone="text2")
        self._value = Label("", tone="text", weight=500)
        for widget in (self._name, self._formula, self._value):
            row.addWidget(widget)

    @property
    def phase(self) -> PhaseInfo:
        """The phase it shows."""
        return self._phase

    @property
    def value(self) -> str:
        """The numbers after the formula."""
        return self._value.text()

    def set_values(self, values: Mapping[str, float], experiment: Experiment) -> bool:
        """Put the numbers in; returns whether the line changed its width."""
        text = self._numbers(values, experiment)
        before = self.sizeHint().width()
        if text != self._value.text():
            self._value.setText(text)
        return self.sizeHint().width() != before

    def set_current(self, current: bool) -> None:
        """Mark the phase that was carried out last."""
        self._name.set_tone("accent" if current else "text3")

    def _numbers(self, values: Mapping[str, float], experiment: Experiment) -> str:
        terms = [term.name for term in self._phase.terms if not term.signal]
        known = [values.get(name, math.nan) for name in terms]
        if not terms or any(math.isnan(value) for value in known):
            return ""
        if any(self._weights.get(name) == "" for name in terms):
            return ""  # what they add up to is no plain sum of these numbers
        if len(terms) == 1:
            return f"= {value_text(known[0])}"
        total, parts = 0.0, []
        for name, value in zip(terms, known, strict=True):
            option = self._weights.get(name)
            weight = float(getattr(experiment.method, option)) if option else 1.0
            total += weight * value
            times = f"{format_number(weight, 3)} · " if option else ""
            parts.append(times + value_text(value))
        return f"= {' + '.join(parts)} = {value_text(total)}"


class FormulaStrip(QWidget):
    """The phases' lines side by side, or one below the other where there is no room.

    A line that does not fit at all is cut off at the right: the tool tips of the drawing say it
    in full.
    """

    def __init__(self, experiment: Experiment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment = experiment
        self._lines: list[PhaseLine] = []
        self._rows = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_experiment(experiment)

    @property
    def lines(self) -> tuple[PhaseLine, ...]:
        """The lines in the order of their phases."""
        return tuple(self._lines)

    def set_experiment(
        self, experiment: Experiment, weights: Mapping[str, str] | None = None
    ) -> None:
        """Show the losses of another experiment."""
        for line in self._lines:
            line.hide()
            line.deleteLater()
        phases = experiment.phase_infos()
        self._experiment = experiment
        self._lines = [PhaseLine(phase, weights or {}, named=len(phases) > 1) for phase in phases]
        for line in self._lines:
            line.setParent(self)
            line.show()
        self._lay()

    def set_values(self, values: Mapping[str, float], experiment: Experiment) -> None:
        """Put the numbers in; ``experiment`` gives the weights of now."""
        changed = [line.set_values(values, experiment) for line in self._lines]
        if any(changed):
            self._lay()

    def set_current(self, phase: str) -> None:
        """Mark the phase that was carried out last; an empty name marks none."""
        for line in self._lines:
            line.set_current(line.phase.name == phase)

    def sizeHint(self) -> QSize:
        """One line or several."""
        return QSize(320, self._rows * _LINE)

    def minimumSizeHint(self) -> QSize:
        """Any width; the height of the lines."""
        return QSize(100, self._rows * _LINE)

    def _lay(self) -> None:
        widths = [line.sizeHint().width() for line in self._lines]
        total = sum(widths) + _GAP * (len(widths) - 1)
        beside = total <= self.width()
        rows = 1 if beside else len(self._lines)
        x = max((self.width() - total) // 2, 0)
        for index, (line, width) in enumerate(zip(self._lines, widths, strict=True)):
            y = 0 if beside else index * _LINE
            left = x if beside else max((self.width() - width) // 2, 0)
            line.setGeometry(QRect(left, y, width, _LINE))
            x += width + _GAP
        if rows != self._rows:
            self._rows = rows
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose anew between beside and below."""
        self._lay()
