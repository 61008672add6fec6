"""The panel that draws the model of roles, alive with the run's numbers and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from aegan_studio.catalog.models import nearest
from aegan_studio.catalog.narration import narration
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Event, PhaseDone, Pictures, Progress, Started
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.model.formulas import FormulaStrip
from aegan_studio.ui.panels.train.model.motion import Motion
from aegan_studio.ui.panels.train.model.view import ModelView
from aegan_studio.ui.panels.train.model.ways import Way, ways
from aegan_studio.ui.theme import motion_ms
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.training.stepping import Stepping
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.panels import Panel

NUMBERS_MS = 200
"""Numbers change at most this often, so that they can be read."""
_WORDED = 560
"""Pixels across from which the button has a word."""
_AROUND, _ENOUGH = 54, 205
"""Pixels above and below drawing and formulas; a height of the drawing that always suffices."""


class Means:
    """Means of columns over the reports since they were last taken."""

    def __init__(self) -> None:
        self.columns: tuple[str, ...] = ()
        self._sums: npt.NDArray[np.float64] = np.zeros(0)
        self._counts: npt.NDArray[np.int64] = np.zeros(0, np.int64)

    def start(self, columns: tuple[str, ...]) -> None:
        """Begin with these columns."""
        self.columns = columns
        self._sums = np.zeros(len(columns))
        self._counts = np.zeros(len(columns), np.int64)

    def add(self, values: npt.NDArray[np.float32]) -> None:
        """Take in values (n, k); NaN counts as not measured."""
        if values.shape[1] == len(self.columns):
            self._sums += np.nansum(values, axis=0, dtype=np.float64)
            self._counts += np.isfinite(values).sum(axis=0)

    def take(self) -> dict[str, float]:
        """The means of what was measured, by column; then begin again."""
        means = {
            name: float(total / count)
            for name, total, count in zip(self.columns, self._sums, self._counts, strict=True)
            if count
        }
        self.start(self.columns)
        return means


class ModelPanel(Panel):
    """Networks, codes, pictures and the value of every term.

    Shows the model of the run where there is one, else that of the document.
    """

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(tr("Model"), margins=(14, 0, 14, 8), parent=parent)
        self._document = document
        self._session = session
        self._means = Means()
        self._step: int | None = None
        self._next_phase = ""
        self._phased = False
        self._ways: tuple[tuple[Way, ...], ...] = ()
        self._ways_of: object = None
        experiment = session.experiment
        self.view = ModelView(experiment)
        self.formulas = FormulaStrip(experiment)
        self._shown = experiment
        self._stepping: Stepping | None = getattr(session, "stepping", None)
        self.slow = Button("", icon="pulse", variant="ghost", size="s")
        self.slow.setCheckable(True)
        self.add_action(self.slow)
        self.add(self.view, 1)
        self.add(self.formulas)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(NUMBERS_MS)
        self._clock.timeout.connect(self._show_numbers)
        document.changed.connect(self._on_document)
        document.inspected.connect(self._on_inspected)
        session.run_opened.connect(self._on_run)
        session.state_changed.connect(self._on_state)
        session.event.connect(self._on_event)
        if self._stepping is not None:
            self.slow.clicked.connect(self._stepping.slow_motion)
            self._stepping.changed.connect(self._show_motion)
            self._stepping.slow.progressed.connect(self._move)
        document.problems_changed.connect(self._show_motion)
        self._show(experiment)
        self._show_motion()
        self._on_inspected(document.inspection)
        history = session.history
        if len(history):
            self._take({name: history.latest(name) for name in history.columns})
        for event in tuple(session.latest.values()):
            self._on_event(event)
        self._show_numbers()

    def _show(self, experiment: Experiment) -> None:
        """Draw this experiment's model, unless it is drawn already."""
        same = (experiment.method, experiment.networks, experiment.data_info().shape) == (
            self._shown.method,
            self._shown.networks,
            self._shown.data_info().shape,
        )
        self._shown = experiment
        self.view.set_experiment(experiment)
        if not same or not self.formulas.lines[0].value:
            self.formulas.set_experiment(experiment, self.view.structure.weights)
        self._make_room()
        self._show_title()

    def _show_title(self) -> None:
        method = tr(nearest(self._shown)[0].label)
        if self._step is None:
            text = method
        elif self._next_phase:
            text = tr(
                "{method}, step {step:,}, next: {phase}",
                method=method,
                step=self._step,
                phase=self._next_phase,
            )
        else:
            text = tr("{method}, step {step:,}", method=method, step=self._step)
        self.set_title(self.title, text)

    def _on_document(self, experiment: Experiment) -> None:
        if not self._session.has_run:
            self._show(experiment)

    def _on_inspected(self, inspection: Any) -> None:
        if inspection is not None and not self._session.has_run:
            self.view.set_parameters(
                {role: network.parameters for role, network in inspection.networks.items()}
            )

    def _clear(self) -> None:
        """Forget the numbers and pictures of the run before."""
        self._step, self._next_phase, self._phased = None, "", False
        self._means.start(())
        self.view.clear()
        self._show(self._session.experiment)
        self.formulas.set_experiment(self._shown, self.view.structure.weights)

    def _on_run(self, _session: object) -> None:
        self._clear()
        history = self._session.history
        if len(history):
            self._step = history.last_step
            self._take({name: history.latest(name) for name in history.columns})

    def _on_state(self, state: str) -> None:
        if state == "empty":
            self._clear()
            self._on_inspected(self._document.inspection)

    def _on_event(self, event: Event) -> None:
        match event:
            case Started():
                self._means.start(event.columns)
                self._step = event.step
                self.view.set_parameters(event.parameters)
                self._show_title()
            case Progress() if len(event.steps):
                self._on_progress(event)
            case PhaseDone():
                self._on_phase(event)
            case Pictures():
                self.view.set_pictures(event)
            case _:
                pass

    def _on_progress(self, event: Progress) -> None:
        """Take the numbers in; a report that only completes a phased step changes no marks."""
        completes = self._phased and event.step == self._step
        self._step = event.step
        if completes:
            return
        self._phased = False
        self._next_phase = ""
        self._means.add(event.values)
        self._show_soon()

    def _on_phase(self, event: PhaseDone) -> None:
        phases = {phase.name: phase for phase in self._shown.phase_infos()}
        if event.phase not in phases:
            return
        self._step = event.step
        self._phased = True
        self._next_phase = tr(phases[event.next_phase].label)
        self._clock.stop()
        self._means.take()
        self.view.set_updated(phases[event.phase].updates)
        self.formulas.set_current(event.phase)
        self._take(event.terms)

    # Slow motion

    def _show_motion(self, _what: object = None) -> None:
        """The stage under way in the drawing, and the button's state."""
        stepping = self._stepping
        self.slow.setVisible(stepping is not None)
        if stepping is None:
            return
        slow, why = stepping.slow, stepping.why_not
        self.slow.setChecked(slow.on)
        self.slow.setEnabled(why is None)
        tip = tr("Watch one update after another, stage by stage, as data run through the model")
        tip = tr("End slow motion") if slow.on else tip
        self.slow.setToolTip(tr(why) if why is not None and not slow.on else tip)
        self._move()

    def _move(self) -> None:
        stepping = self._stepping
        if stepping is None or not stepping.slow.on or not stepping.slow.phase:
            self.view.set_motion(None)
            return
        if not self.isVisible():
            return
        slow = stepping.slow
        told = narration(self._shown, slow.phase)
        stage = told.stages[min(slow.stage, len(told.stages) - 1)]
        key = (slow.phase, slow.stage, self.view.structure)
        if key != self._ways_of:
            flow = self._shown.method.flow()
            self._ways_of, self._ways = key, ways(self.view.structure, flow, stage.hops)
        still = motion_ms(self, 100) == 0
        share = 1.0 if still else slow.progress
        self.view.set_motion(Motion(self._ways, stage.back, frozenset(stage.lit), share, still))

    def _show_soon(self) -> None:
        if self.isVisible() and not self._clock.isActive():
            self._clock.start()

    def _show_numbers(self) -> None:
        means = self._means.take()
        if not means:
            return
        self.view.set_updated(None)
        self.formulas.set_current("")
        self._take(means)

    def _take(self, values: Mapping[str, float]) -> None:
        self.view.set_values(values)
        self.formulas.set_values(self.view.state.values, self._session.experiment)
        self._show_title()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while hidden."""
        self._show_numbers()
        self._move()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The formulas give way first where it is low, words where it is narrow."""
        self._make_room()
        self.slow.setText(tr("Slow motion") if self.width() >= _WORDED else "")
        self.slow.setAccessibleName(tr("Slow motion"))
        self.slow.updateGeometry()
        super().resizeEvent(event)

    def _make_room(self) -> None:
        left = self.height() - _AROUND - self.formulas.sizeHint().height()
        self.formulas.setVisible(left >= min(self.view.comfortable, _ENOUGH))
