"""The line above both columns: who is compared with whom, what they share, where they stand."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aegan_studio.experiment.events import Preparing, Progress
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.compare.mark import SideMark
from aegan_studio.ui.training.pair import Pair, name_of
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.switches import Segmented, Toggle

TELL_MS = 200
"""Where both stand is said at most this often."""

ROOMY = 900
"""From this width on there is room for whole sentences."""


class CompareHead(QWidget):
    """Chooser of A, name of B, what both share, swap, and the step that both have reached."""

    part_changed = Signal(str)
    """Which part of what the models make shall be seen."""
    chooser_asked = Signal()
    """The list of what to compare with shall open."""

    def __init__(self, pair: Pair, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair = pair
        self.choose = Button("", trailing="chevron-down", size="s")
        self.choose.setToolTip(tr("Choose what to compare the recipe with"))
        self.choose.clicked.connect(self.chooser_asked)
        self.second = Label("", weight=600)
        self.swap = IconButton("compare", tr("Swap: A becomes the recipe, and B is kept"), side=26)
        self.swap.clicked.connect(pair.swap)
        self.same = Toggle(pair.same)
        self.same.toggled.connect(pair.set_same)
        self.part = Segmented(
            [
                ("samples", tr("Samples"), tr("What both make of the same codes.")),
                (
                    "reconstructions",
                    tr("Reconstructions"),
                    tr("What becomes of the same originals on their way through both."),
                ),
            ],
            "samples",
            name=tr("What is shown of both"),
            size=11,
        )
        self.part.value_changed.connect(lambda value: self.part_changed.emit(str(value)))
        self.standing = Label("", tone="text2", elide=True)
        self.leave = IconButton("close", tr("Compare with nothing"), side=26)
        self.leave.clicked.connect(pair.forget)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(8)
        for widget in (SideMark("a"), self.choose, self.swap, SideMark("b"), self.second):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self.same)
        row.addSpacing(4)
        row.addWidget(self.standing, 1)
        row.addWidget(self.part)
        row.addWidget(self.leave)
        self.setFixedHeight(32)
        self._clock = QTimer(self, interval=TELL_MS, singleShot=True)
        self._clock.timeout.connect(self._tell)
        pair.told.connect(self._on_told)
        self.refresh()

    def refresh(self) -> None:
        """Show who is compared."""
        pair = self._pair
        first = pair.wanted("a") or pair.kept
        self.choose.setText(name_of(first) if first is not None else tr("Choose…"))
        self.choose.setAccessibleName(tr("Compared with {model}", model=self.choose.text()))
        self.choose.updateGeometry()
        self.second.setText(name_of(pair.document.experiment))
        self.swap.setEnabled(pair.wanted("a") is not None)
        self.same.blockSignals(True)
        self.same.setChecked(pair.same)
        self.same.blockSignals(False)
        self._fit()
        self._tell()

    def show_parts(self, both: bool) -> None:
        """Whether there are reconstructions on both sides to switch to."""
        self.part.setVisible(both)

    def _on_told(self) -> None:
        if self.isVisible() and not self._clock.isActive():
            self._clock.start()

    def _tell(self) -> None:
        text = self._sentence()
        self.standing.setText(text)

    def _sentence(self) -> str:
        pair = self._pair
        if pair.state == "preparing":
            for twin in reversed(tuple(pair.sides.values())):
                stage = twin.latest.get(Preparing)
                if isinstance(stage, Preparing):
                    return f"{twin.side.upper()}: {tr(stage.stage)}"
            return tr("Starting")
        if not pair.has_run:
            return tr(pair.obstacle) if pair.obstacle is not None else ""
        steps = [format_number(twin.step) for twin in pair.sides.values()]
        if steps[0] != steps[1]:
            return tr("A at step {first}, B at step {second}", first=steps[0], second=steps[1])
        at = tr("both at step {step}", step=steps[0])
        pace = self._pace()
        if pair.state == "running" and pace:
            return tr("{at}, {pace} steps/s", at=at, pace=format_number(pace))
        return at

    def _pace(self) -> int:
        """Steps a second that both make in turns."""
        reports = [twin.latest.get(Progress) for twin in self._pair.sides.values()]
        costs = [
            1 / report.steps_per_second
            for report in reports
            if isinstance(report, Progress) and report.steps_per_second > 0
        ]
        if len(costs) < len(reports):
            return 0
        pace = 1 / sum(costs)
        return int(round(pace, -1 if pace >= 100 else 0))

    def _fit(self) -> None:
        words = tr("Same seed and data") if self.width() >= ROOMY else tr("Same data")
        if words != self.same.text():
            self.same.setText(words)
            self.same.setAccessibleName(tr("Same seed and data"))
            self.same.setToolTip(
                tr("A takes the seed and the data of B, so that both see the same in one order.")
            )
            self.same.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer words where there is little room."""
        super().resizeEvent(event)
        self._fit()
