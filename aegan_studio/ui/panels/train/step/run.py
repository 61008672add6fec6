"""The card that asks for how long, or until what, training shall run."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.catalog.findings import FINDINGS
from aegan_studio.catalog.narration import narration
from aegan_studio.experiment.events import Progress, Started
from aegan_studio.experiment.until import (
    AfterTime,
    AtEpoch,
    AtStep,
    Side,
    Until,
    WhenFound,
    WhenMeasured,
)
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.train.step.words import measures, until_text
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.popup_card import PopupCard
from aegan_studio.ui.widgets.switches import Segmented

MOST = 10_000_000
"""Steps that can be asked for at once."""


class RunCard(PopupCard):
    """Floats below what opened it; Enter runs, Escape closes."""

    def __init__(self, session: Session, what: str, parent: QWidget | None = None) -> None:
        super().__init__(tr("Run for, run until"), parent, passing=True)
        self._session, self._stepping = session, session.stepping
        self.what = Segmented(
            [("for", tr("Run for")), ("until", tr("Run until"))],
            what,
            name=tr("Run for, run until"),
            stretch=True,
        )
        self._make_for()
        self._make_until()
        self.note = Label("", tone="text2", wrap=True)
        self.go = Button(tr("Run"), icon="play", variant="soft")
        last = QHBoxLayout()
        last.setSpacing(10)
        last.addWidget(self.note, 1)
        last.addWidget(self.go, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(10)
        column.addWidget(self.what)
        for row in (self._for, self._until):
            column.addWidget(row)
        column.addLayout(last)
        self.what.value_changed.connect(self._refresh)
        self.go.clicked.connect(self._go)
        self._refresh()

    def _make_for(self) -> None:
        self._for = QWidget()
        row = QHBoxLayout(self._for)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.count = NumberField(
            100, lo=1, hi=MOST, integer=True, log=True, soft=(1, 10_000), name=tr("How many")
        )
        self.phase = Choice(list(self._phases()), "", name=tr("Of what"))
        row.addWidget(self.count, 1)
        row.addWidget(self.phase, 1)
        self.count.value_changed.connect(self._refresh)
        self.phase.value_changed.connect(self._refresh)

    def _phases(self) -> Iterator[tuple[object, str]]:
        yield "", tr("whole steps")
        phases = self._stepping.phases
        for phase in phases if len(phases) > 1 else ():
            letters = narration(self._session.experiment, phase.name).letters
            yield phase.name, tr("updates of {networks} only", networks=letters)

    def _make_until(self) -> None:
        session = self._session
        self._until = QWidget()
        column = QVBoxLayout(self._until)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        kinds = [
            ("step", tr("a step")),
            ("epoch", tr("an epoch")),
            ("time", tr("a time of training")),
            ("measure", tr("a measured value")),
            ("finding", tr("a finding of the doctor")),
        ]
        self.kind = Choice(kinds, "step", name=tr("Run until"))
        begun = session.latest.get(Started)
        per_epoch = begun.steps_per_epoch if isinstance(begun, Started) else 0
        self._per_epoch = per_epoch
        self.step = NumberField(
            _round_up(session.step + 100), lo=session.step + 1, hi=MOST, integer=True,
            unit=tr("steps"), name=tr("Step"),
        )  # fmt: skip
        self.epoch = NumberField(
            float(int(self._now_epoch) + 1), lo=0, hi=1e6, unit=tr("epochs"), name=tr("Epoch")
        )
        self.seconds = NumberField(
            float(int(self._now_seconds) + 10), lo=0, hi=1e7, unit="s", name=tr("Time of training")
        )
        self.measure = Choice(measures(session), None, name=tr("What is measured"))
        self.side = Choice([("below", tr("below")), ("above", tr("above"))], "below")
        self.value = NumberField(self._suggested(), name=tr("Value"))
        self.finding = Choice(
            [("", tr("any finding")), *((n, tr(info.label)) for n, info in FINDINGS.items())],
            "",
            name=tr("Finding"),
        )
        limits = QHBoxLayout()
        limits.setSpacing(8)
        limits.addWidget(self.side, 1)
        limits.addWidget(self.value, 1)
        self._limits = QWidget()
        self._limits.setLayout(limits)
        limits.setContentsMargins(0, 0, 0, 0)
        self._of_kind = {
            "step": (self.step,),
            "epoch": (self.epoch,),
            "time": (self.seconds,),
            "measure": (self.measure, self._limits),
            "finding": (self.finding,),
        }
        column.addWidget(self.kind)
        for widgets in self._of_kind.values():
            for widget in widgets:
                column.addWidget(widget)
        for choice in (self.kind, self.side, self.finding):
            choice.value_changed.connect(self._refresh)
        self.measure.value_changed.connect(self._suggest)
        for field in (self.step, self.epoch, self.seconds, self.value):
            field.value_changed.connect(self._refresh)

    @property
    def _now_epoch(self) -> float:
        progress = self._session.latest.get(Progress)
        return progress.epoch if isinstance(progress, Progress) else 0.0

    @property
    def _now_seconds(self) -> float:
        progress = self._session.latest.get(Progress)
        return progress.seconds if isinstance(progress, Progress) else 0.0

    # What is asked for

    @property
    def _measured(self) -> tuple[str, bool]:
        """The measurement chosen, and whether it is of held-out data."""
        value = self.measure.value
        return (str(value[0]), bool(value[1])) if isinstance(value, tuple) else ("", False)

    def until(self) -> Until:
        """The condition as it is chosen."""
        match self.kind.value:
            case "step":
                return AtStep(int(self.step.value or 0))
            case "epoch":
                return AtEpoch(float(self.epoch.value or 0))
            case "time":
                return AfterTime(float(self.seconds.value or 0))
            case "measure":
                name, held_out = self._measured
                side: Side = "above" if self.side.value == "above" else "below"
                return WhenMeasured(name, side, float(self.value.value or 0), held_out)
            case _:
                return WhenFound(str(self.finding.value))

    @property
    def why_not(self) -> str:
        """Why this cannot be run; empty where it can."""
        why = self._stepping.why_not
        if why is not None:
            return tr(why)
        if self.what.value == "for":
            return ""
        match self.until():
            case AtEpoch(epoch) if epoch <= self._now_epoch:
                return tr("The run is beyond that: epoch {epoch:.2f}.", epoch=self._now_epoch)
            case AfterTime(seconds) if seconds <= self._now_seconds:
                return tr(
                    "The run is beyond that: {count:.0f} s of training.", count=self._now_seconds
                )
            case _:
                return ""

    def _suggest(self, _what: object = None) -> None:
        self.value.set_value(self._suggested())
        self._refresh()

    def _suggested(self) -> float:
        """A value near the present one of what is measured."""
        name, held_out = self._measured
        history = self._session.history
        if held_out:
            known = history.held_out.get(name)
            value = float(known[1][-1]) if known is not None and len(known[1]) else 0.0
        else:
            value = history.latest(name) if name in history.columns else 0.0
        return float(f"{value:.2g}") if value == value else 0.0

    def _refresh(self, _what: object = None) -> None:
        until = self.what.value == "until"
        self._for.setVisible(not until)
        self._until.setVisible(until)
        for kind, widgets in self._of_kind.items():
            for widget in widgets:
                widget.setVisible(kind == self.kind.value)
        why = self.why_not
        self.note.setText(why or (tr(until_text(self._session, self.until())) if until else ""))
        self.go.setEnabled(not why)
        self.go.setToolTip(why)
        self.adjustSize()

    def _go(self) -> None:
        if self.why_not:
            return
        if self.what.value == "until":
            self._stepping.run_until(self.until())
        elif self.phase.value:
            self._stepping.one_phase(str(self.phase.value), int(self.count.value or 1))
        else:
            self._stepping.some_steps(int(self.count.value or 1))
        self.close()

    # The card

    def open_below(self, widget: QWidget) -> None:
        """Show it below a widget, within the screen."""
        self.adjustSize()
        spot = widget.mapToGlobal(QPoint(0, widget.height() + 4))
        room = widget.screen().availableGeometry()
        left = min(max(spot.x(), room.left() + 8), room.right() - self.width() - 8)
        self.move(left, min(spot.y(), room.bottom() - self.height() - 8))
        self.show()
        first = self.count if self.what.value == "for" else self.kind
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter runs, Escape closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
        elif event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)


def _round_up(step: int) -> int:
    """The next round number: 412 → 500."""
    unit: int = 10 ** max(len(str(step)) - 1, 2)
    return -(-step // unit) * unit
