"""One of the two runs of a lesson: its samples, its losses, and what they come to."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.experiment.events import Pictures
from aegan_studio.i18n import tr
from aegan_studio.messages import Message, msg
from aegan_studio.ui.panels.train.pictures import FittedGrid
from aegan_studio.ui.theme import BODY, CARD
from aegan_studio.ui.training.lane import Lane
from aegan_studio.ui.widgets.formula import FormulaLabel
from aegan_studio.ui.widgets.image_grid import GAP
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import Glyph, Severity
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.plots import LossPlot

PLOT_MS = 150
"""Curves grow at most this often."""

ENOUGH = 20
"""Steps after which something can be said."""

_TONES: dict[Severity, str] = {"warning": "warning", "info": "accent", "healthy": "healthy"}
_SIGNS: dict[Severity, str] = {"warning": "warning", "info": "info", "healthy": "check"}


class Fact(QWidget):
    """A quantity by its symbol, and its value now."""

    def __init__(self, latex: str, tone: str, tooltip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = Label("–", size=CARD, weight=600)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        row.addWidget(FormulaLabel(latex, size=14, tone=tone, roles=False))
        row.addWidget(self._value)
        self.setToolTip(tooltip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """The value as shown."""
        return self._value.text()

    def show_value(self, value: float) -> None:
        """Show a value to three places; NaN shows none."""
        text = "–" if math.isnan(value) else f"{value:.3f}"
        if text != self._value.text():
            self._value.setText(text)
            self.setAccessibleName(text)


class Verdict(QWidget):
    """What the numbers come to, in a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = Glyph("info", "text3", 15)
        self._label = Label("", tone="text", size=BODY, wrap=True)
        self._label.setMinimumHeight(34)  # two lines, so that the plots above keep their height
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        row.addWidget(self._glyph)
        row.addWidget(self._label, 1)

    @property
    def text(self) -> str:
        """The sentence."""
        return self._label.text()

    def show_verdict(self, severity: Severity, message: Message) -> None:
        """Say it."""
        text = tr(message)
        if text != self._label.text():
            self._label.setText(text)
            self._glyph.set_icon(_SIGNS[severity], _TONES[severity])


class LaneColumn(Panel):
    """Follows a lane: samples from fixed codes, both losses as printed, and how far G moved."""

    def __init__(self, title: str, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self._lane = lane
        self._known = 0
        self.grid = FittedGrid(empty=tr("The first pictures come in a moment."), name=title)
        self.plot = LossPlot(smoothing=0.8, x_label=tr("step"), name=tr("Losses"))
        self.plot.set_labels({"loss-d": "D", "loss-g": "G"})
        self.plot.set_colours({"loss-d": "real", "loss-g": "generated"})
        self.plot.set_y_limits(0.0, None)
        self.loss_d = Fact("L_D", "real", tr("What the program prints as the loss of D."))
        self.loss_g = Fact("L_G", "generated", tr("What the program prints as the loss of G."))
        self.moved = Fact(
            r"\lVert \Delta G \rVert",
            "text2",
            tr("How far the weights of G are from where they began."),
        )
        self.verdict = Verdict()
        facts = QHBoxLayout()
        facts.setSpacing(18)
        for fact in (self.loss_d, self.loss_g, self.moved):
            facts.addWidget(fact)
        facts.addStretch(1)
        below = QVBoxLayout()
        below.setSpacing(6)
        below.addLayout(facts)
        below.addWidget(self.verdict)
        self.add(self.grid, 21)
        self.add(self.plot, 10)
        self.add(below)
        self._clock = QTimer(self, interval=PLOT_MS, singleShot=True)
        self._clock.timeout.connect(self._catch_up)
        lane.started.connect(self._on_started)
        lane.pictured.connect(self._on_pictures)
        lane.progressed.connect(self._on_progress)
        lane.standing_changed.connect(self._catch_up)

    def _on_started(self) -> None:
        self._known = 0
        self.plot.clear()
        for fact in (self.loss_d, self.loss_g, self.moved):
            fact.show_value(math.nan)
        self._catch_up()

    def _on_pictures(self, pictures: Pictures) -> None:
        samples = pictures.samples
        if samples is None:
            return
        # as many as fill the room at twice their size, which a hall can still see
        cell = 2 * samples.shape[1] + GAP
        columns, rows = (max((n + GAP) // cell, 1) for n in (self.grid.width(), self.grid.height()))
        self.grid.set_items(samples[: columns * rows])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer samples."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._refit)

    def _refit(self) -> None:
        if self._lane.pictures is not None:
            self._on_pictures(self._lane.pictures)

    def _on_progress(self) -> None:
        if not self._clock.isActive():
            self._clock.start()

    def _catch_up(self) -> None:
        """Take in the steps that came since the last time."""
        history, experiment = self._lane.history, self._lane.experiment
        step = format_number(history.last_step)
        self.set_title(self.title, tr("step {step}", step=step) if experiment else "")
        self._judge()
        if experiment is None or len(history) == self._known:
            return
        fresh = slice(self._known, len(history))
        loss_d = history.values("loss-real")[fresh]
        if not experiment.get("method.half_printed"):
            loss_d = loss_d + history.values("loss-fake")[fresh]
        loss_g = history.values("loss-g")[fresh]
        self.plot.append(history.steps[fresh], np.stack((loss_d, loss_g), 1), ("loss-d", "loss-g"))
        self._known = len(history)
        self.loss_d.show_value(float(np.mean(loss_d[-50:])))
        self.loss_g.show_value(float(np.mean(loss_g[-50:])))
        self.moved.show_value(history.latest("moved-g"))

    def _judge(self) -> None:
        self.verdict.show_verdict(*verdict(self._lane))


def verdict(lane: Lane) -> tuple[Severity, Message]:
    """What is to be said of a lane's run of the article's loop so far."""
    if lane.failure is not None:
        return "warning", lane.failure.message
    experiment, history = lane.experiment, lane.history
    if experiment is None or not len(history):
        return "info", msg("Press Run. Both begin with the same weights and the same noise.")
    if history.last_step < ENOUGH:
        return "info", msg("Both begin with the same weights and the same noise.")
    get = experiment.get
    moved = history.latest("moved-g")
    if moved == 0:
        return "warning", msg("G has not moved at all, however calm the losses are.")
    if get("method.same_samples"):
        return "warning", msg("D is given the same samples twice: it has nothing to tell apart.")
    if get("method.real_unused"):
        return "warning", msg("No real digit reaches D, so there is nothing to learn from.")
    if get("method.target_zero"):
        return "warning", msg("G moves to be found out: D wins, and G gets no better.")
    hold = (
        get("networks.generator.output") == "linear",
        get("networks.discriminator.activation") == "relu",
        get("phases.generator.beta1") > 0.5,
    )
    if any(hold):
        return "info", msg("The game runs; range, activation or rate still hold it back.")
    if get("method.half_printed"):
        return "info", msg("G learns from D; only the printed loss of D is half of it.")
    return "healthy", msg("D and G learn from each other: look at the samples, not the losses.")
