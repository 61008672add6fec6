"""One finding: what it is, what it rests on, what it means, and what may help."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.catalog.findings import FINDINGS
from aegan_studio.catalog.vitals import figure
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.findings import Finding, Remedy
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.train.doctor.frames import Frames
from aegan_studio.ui.panels.train.plots.marks import TONES
from aegan_studio.ui.theme import NOTE
from aegan_studio.ui.training.watching import SNOOZED
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import Glyph
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.sparkline import Sparkline

HELD_OUT = "held-out."
CURVES = 2
"""Plots shown at most: the first say most."""
WORDS = 300
"""Pixels that the words need beside pictures."""


class FindingCard(QWidget):
    """A finding in full."""

    remedy_chosen = Signal(object)
    """A :class:`Remedy` shall be tried."""
    put_aside = Signal(str, object)
    """The name of the finding, and for how many steps; ``None``: until it comes back."""
    looked_at = Signal(int)
    """The step of an instant that shall be looked at."""

    def __init__(
        self,
        finding: Finding,
        experiment: Experiment,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        info = FINDINGS[finding.name]
        self.finding = finding
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(Glyph(finding.severity, TONES[finding.severity], 14))
        head.addWidget(Label(tr(info.label), weight=600), 0)
        sure = tr(
            "from step {since}, {percent} % sure",
            since=format_number(finding.since),
            percent=round(100 * finding.confidence),
        )
        head.addWidget(Label(sure, size=NOTE, tone="text2", elide=True), 1)
        beside = QHBoxLayout(self)
        beside.setContentsMargins(0, 4, 0, 10)
        beside.setSpacing(16)
        column = QVBoxLayout()
        column.setSpacing(6)
        beside.addLayout(column, 1)
        self.frames = Frames(finding.since)
        self.frames.looked_at.connect(self.looked_at)
        beside.addWidget(self.frames, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        said = Label(tr(info.help), tone="text2", wrap=True)
        column.addWidget(said)
        self.remedies: list[Button] = []
        for index, remedy in enumerate(finding.remedies):
            column.addLayout(self._remedy(remedy, first=index == 0))
        numbers = evidence(finding, experiment)
        if numbers:
            column.addWidget(Label(numbers, size=NOTE, wrap=True))
        for curve in finding.curves[:CURVES]:
            name = figure_name(curve.name, experiment)
            column.addWidget(Label(name, size=NOTE, tone="text3", elide=True))
            column.addWidget(Sparkline(name, curve.steps, curve.values, curve.limit))
        foot = QHBoxLayout()
        foot.setSpacing(6)
        self.aside = Button(tr("Put aside"), variant="ghost", size="s")
        self.aside.setToolTip(tr("Until it was gone and comes back"))
        self.aside.clicked.connect(partial(self.put_aside.emit, finding.name, None))
        self.snooze = Button(
            tr("For {steps} steps", steps=format_number(SNOOZED)), variant="ghost", size="s"
        )
        self.snooze.setToolTip(tr("Not shown for that many steps, then again if it still holds"))
        self.snooze.clicked.connect(partial(self.put_aside.emit, finding.name, SNOOZED))
        paper = Label(info.paper, size=NOTE, tone="text3", elide=True)
        foot.addWidget(self.aside)
        foot.addWidget(self.snooze)
        foot.addWidget(paper, 1)
        column.addLayout(foot)
        self.setAccessibleName(tr(info.label))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was made stands beside the words where there is room for both."""
        super().resizeEvent(event)
        self.frames.fit(event.size().width() - WORDS)

    def _remedy(self, remedy: Remedy, *, first: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        button = Button(
            tr(remedy.label),
            icon="bolt" if remedy.live else "restart",
            variant="soft" if first else "plain",
            size="s",
        )
        when = tr("Takes effect at once.") if remedy.live else tr("Takes effect in a new run.")
        button.setToolTip(f"{tr(remedy.help)}\n{when}")
        button.clicked.connect(partial(self.remedy_chosen.emit, remedy))
        self.remedies.append(button)
        row.addWidget(button)
        row.addWidget(Label(tr(remedy.help), size=NOTE, tone="text2", elide=True), 1)
        return row


def figure_name(recorded: str, experiment: Experiment) -> str:
    """What a recorded figure is called in words."""
    plain = recorded.removeprefix(HELD_OUT)
    known = figure(plain)
    if known is not None:
        label = tr(known[0].label)
        symbols = {role.name: tr(role.label) for role in experiment.roles()}
        return f"{label}, {symbols.get(known[1], known[1])}" if known[1] else label
    for phase in experiment.phase_infos():
        if plain == f"gradient.{phase.name}":
            return tr("Gradient: {phase}", phase=tr(phase.label))
        for term in phase.terms:
            if term.name == plain:
                return tr(term.label)
    return plain


def evidence(finding: Finding, experiment: Experiment) -> str:
    """The figures that a finding rests on, in one line."""
    return " · ".join(
        f"{figure_name(name, experiment)} {format_number(value, 3)}"
        for name, value in finding.numbers.items()
    )
