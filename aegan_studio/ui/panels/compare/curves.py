"""One quantity of both sides on the same axes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from aegan_studio.catalog.measures import Measure
from aegan_studio.experiment.events import Diverged, Evaluated, Event, Progress
from aegan_studio.experiment.sides import SIDES, Side
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.compare.mark import TOKENS
from aegan_studio.ui.panels.train.model.scene import token_of
from aegan_studio.ui.training.history import History
from aegan_studio.ui.training.pair import Pair, name_of
from aegan_studio.ui.training.pair_side import PairSide
from aegan_studio.ui.widgets.choice import Choice, Option
from aegan_studio.ui.widgets.messages import Well
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.plots import LossPlot

PLOT_MS, APART_MS = 200, 70
"""Curves grow at most this often, and those of two plots rather not in one frame."""

SMOOTHING = 0.9

OWN = "own:"
"""Begins the choice of one side's own losses, which mean nothing on the other's axes."""


class _Feed:
    """Brings curves up to date with one side's history, adding only what is new."""

    def __init__(self, plot: LossPlot, twin: PairSide) -> None:
        self._plot, self._twin = plot, twin
        self._known = self._last = 0

    def restart(self) -> None:
        """Begin afresh; whoever asks has cleared the plot."""
        self._known = self._last = 0

    @property
    def outdated(self) -> bool:
        """Whether the run went back behind what is drawn."""
        history = self._twin.history
        if self._known > len(history):
            return True
        return self._known > 0 and int(history.steps[self._known - 1]) != self._last

    def add(self, columns: dict[str, str]) -> None:
        """Add the new steps of the columns, as curves of other names."""
        history: History = self._twin.history
        fresh = slice(self._known, len(history))
        if fresh.start == fresh.stop:
            return
        steps = history.steps[fresh]
        for name, curve in columns.items():
            if name in history.columns:
                values = history.values(name)[fresh]
                there = np.isfinite(values)  # some are measured now and then only
                self._plot.append(steps[there], values[there], [curve])
        self._known, self._last = len(history), history.last_step


class SharedCurves(Panel):
    """A plot of one measure of A and B, which one is chosen in its header."""

    def __init__(self, pair: Pair, place: int, parent: QWidget | None = None) -> None:
        super().__init__("", margins=(14, 0, 12, 8), parent=parent)
        self._pair = pair
        self._place = place
        self._chosen = ""
        self._drawn: object = None
        self._measures: tuple[Measure, ...] = ()
        self.choice = Choice(name=tr("What both are compared by"))
        self.choice.value_changed.connect(self._choose)
        self.header.insertWidget(0, self.choice, 3)
        self.plot = LossPlot(
            smoothing=SMOOTHING,
            x_label=tr("step"),
            name=tr("Comparison"),
            file_name="comparison",
        )
        self.plot.trouble.connect(pair.trouble)
        self.plot.set_labels({side: side.upper() for side in SIDES})
        self.plot.set_colours({side: TOKENS[side] for side in SIDES})
        self.plot.set_dashed(["a"])
        self.well = Well(tr("Train both to see it."))
        self.add(self.plot, 1)
        self.add(self.well, 1)
        self._feeds = {side: _Feed(self.plot, pair.sides[side]) for side in SIDES}
        self._stale = False
        self._clock = QTimer(self, interval=PLOT_MS + APART_MS * place, singleShot=True)
        self._clock.timeout.connect(self.catch_up)
        pair.told.connect(self._on_told)
        for twin in pair.sides.values():
            twin.event.connect(self._on_event)
            twin.run_opened.connect(self._on_run)
            twin.state_changed.connect(self._on_state)

    # What can be chosen

    def offer(self, measures: tuple[Measure, ...]) -> None:
        """Offer these, and each side's own losses; keep what was chosen where it is on offer."""
        if measures == self._measures and self.choice.options:
            return
        self._measures = measures
        options = [Option(_key(measure), _label(measure), tr(measure.help)) for measure in measures]
        options += [
            Option(
                f"{OWN}{side}",
                tr("Losses of {side}: {model}", side=side.upper(), model=self._model_of(side)),
                tr("They mean something of their own and have axes of their own."),
            )
            for side in SIDES
        ]
        values = [str(option.value) for option in options]
        chosen = self._chosen if self._chosen in values else self._first(values)
        self.choice.set_options(options, chosen)
        self.choice.setEnabled(len(options) > 1)
        self._rebuild()

    def _model_of(self, side: Side) -> str:
        return name_of(self._pair.sides[side].experiment)

    def _first(self, values: list[str]) -> str:
        """The most telling measure in the first plot, a loss or the next one in the second."""
        held_out = [_key(measure) for measure in self._measures if measure.held_out]
        terms = [_key(measure) for measure in self._measures if not measure.held_out]
        if self._place == 0:
            return (held_out or terms or values)[0]
        return (terms or held_out[1:] or values[-1:])[0]

    def _choose(self, value: object) -> None:
        self._chosen = str(value)
        self._rebuild()

    def choose(self, value: str) -> None:
        """Choose what is drawn, if it is on offer."""
        self._chosen = value
        if value in [option.value for option in self.choice.options]:
            self.choice.set_value(value)
            self._rebuild()

    @property
    def chosen(self) -> str:
        """What was chosen by a person; empty for what is usual."""
        return self._chosen

    @property
    def measure(self) -> Measure | None:
        """What is drawn; ``None`` for one side's own losses."""
        value = self.choice.value
        return next((one for one in self._measures if _key(one) == value), None)

    # Drawing

    def _rebuild(self) -> None:
        for feed in self._feeds.values():
            feed.restart()
        self.plot.clear()
        measure = self.measure
        self.plot.set_smoothing(0.0 if measure is not None and measure.held_out else SMOOTHING)
        self.plot.set_dotted(SIDES if measure is not None and measure.held_out else ())
        share = measure is not None and measure.style == "share"
        self.plot.set_y_limits(0.0 if share else None, 1.0 if share else None)
        self.catch_up()

    def catch_up(self) -> None:
        """Draw all numbers there are."""
        self._clock.stop()
        self._stale = False
        if any(feed.outdated for feed in self._feeds.values()):
            for feed in self._feeds.values():
                feed.restart()
            self.plot.clear()
        measure = self.measure
        if measure is None:
            self._add_own()
        elif measure.held_out:
            self._set_measured(measure.name)
        else:
            for side, feed in self._feeds.items():
                feed.add({measure.name: side})
        there = any(len(self.plot.data(name)[0]) for name in self.plot.names)
        self.plot.setVisible(there)
        self.well.setVisible(not there)
        if not there:
            waits = measure is not None and measure.held_out and self._pair.has_run
            later = tr("The first measurement comes at a fixed step.")
            self.well.set_text(later if waits else tr("Train both to see it."))

    def _set_measured(self, name: str) -> None:
        for side, twin in self._pair.sides.items():
            known = twin.history.held_out.get(name)
            if known is not None:
                self.plot.set_data(side, *known)

    def _add_own(self) -> None:
        side: Side = "a" if str(self.choice.value) == f"{OWN}a" else "b"
        phases = self._pair.sides[side].experiment.phase_infos()
        terms = [term for phase in phases for term in phase.terms if not term.share]
        self.plot.set_labels({term.name: term.name for term in terms})
        self.plot.set_colours({term.name: token_of(term) for term in terms})
        self._feeds[side].add({term.name: term.name for term in terms})

    def _on_event(self, event: Event) -> None:
        measure = self.measure
        if measure is not None and measure.held_out:
            self._stale |= isinstance(event, Evaluated | Diverged)
        else:
            self._stale |= isinstance(event, Progress | Diverged)

    def _on_told(self) -> None:
        if self._stale and self.isVisible() and not self._clock.isActive():
            self._clock.start()

    def _on_run(self, _twin: object) -> None:
        self._rebuild()

    def _on_state(self, state: str) -> None:
        if state == "empty":
            self._rebuild()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while hidden."""
        self.catch_up()
        super().showEvent(event)


def _key(measure: Measure) -> str:
    return f"held-out:{measure.name}" if measure.held_out else measure.name


def _label(measure: Measure) -> str:
    label = tr(measure.label)
    return tr("{measure}, held out", measure=label) if _is_term(measure) else label


def _is_term(measure: Measure) -> bool:
    """Whether it is a loss that is measured on held-out data too."""
    return measure.held_out and measure.name.startswith(("rec-", "loss-", "kl"))
