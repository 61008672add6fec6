"""Many samples of the prior, checked for what was learnt by heart."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.keep_messages import Checking, CheckPrior, Measure, PriorChecked
from aegan_studio.ui.latent.messages import Loaded, Trouble
from aegan_studio.ui.panels.explore.code.nearest import written
from aegan_studio.ui.panels.explore.code.nearest_strip import DistanceStrip
from aegan_studio.ui.panels.explore.code_mime import code_mime
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.item_strip import ItemStrip
from aegan_studio.ui.theme import NOTE
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import BusyBar, ProblemLine
from aegan_studio.ui.widgets.number_field import NumberField

SAMPLES = 500
NEAR = 5.0
"""Percent of held-out items below whose distance a sample counts as near."""


class CheckView(QWidget):
    """How many samples lie nearer to a training item than almost all held-out items do."""

    left = Signal()
    """Back to the current code."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._depiction = Depiction()
        self._measure: Measure = "pixels"
        self._found: PriorChecked | None = None
        self._build()
        explorer.loaded.connect(self._on_loaded)
        explorer.listen(CheckPrior, self._on_answer, troubles=True)
        explorer.busy_changed.connect(self._on_busy)
        self._on_loaded(explorer.model)

    def _build(self) -> None:
        self.back = IconButton("chevron-left", tr("Back to the current code"), side=24)
        self.title = Label(tr("Check many samples"), weight=600, elide=True)
        self.count = NumberField(
            SAMPLES, lo=50, hi=20_000, integer=True, unit=tr("samples"), name=tr("Samples")
        )
        self.near = NumberField(
            NEAR, lo=0.5, hi=50.0, step=0.5, unit=tr("% nearest"), name=tr("Nearest held-out items")
        )
        self.near.setToolTip(
            tr(
                "A sample counts as near where this share of held-out items lies nearer. Raise it "
                "to count more."
            )
        )
        self.run = Button(tr("Check"), icon="play", variant="soft", size="s")
        self.busy = BusyBar()
        self.summary = Label("", wrap=True)
        self.line = ProblemLine()
        self.distances = DistanceStrip(tall=110, scale=True)
        self.legend = Label("", tone="text3", size=NOTE, wrap=True)
        self.heading = Label(tr("Nearest samples first"), weight=600)
        self.strips = [ItemStrip(name=tr("Nearest samples"), tall=54, thin="end") for _ in range(2)]
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        ask = QHBoxLayout()
        ask.setSpacing(6)
        ask.addWidget(self.count, 3)
        ask.addWidget(self.near, 3)
        ask.addWidget(self.run)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(ask)
        column.addWidget(self.busy)
        inside = QWidget()
        below = QVBoxLayout(inside)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(8)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        column.addWidget(area, 1)
        for part in (self.line, self.summary, self.distances, self.legend, self.heading):
            below.addWidget(part)
        for number, strip in enumerate(self.strips):
            below.addWidget(strip)
            strip.set_drag(partial(self._carried, number))
            strip.picked.connect(partial(self._go, number))
            strip.setToolTip(tr("Click a sample to go to its code."))
        below.addStretch(1)
        self.back.clicked.connect(self.left)
        self.run.clicked.connect(self.check)
        self.busy.cancelled.connect(lambda: self._explorer.cancel(CheckPrior))
        self._show(None)

    def set_measure(self, measure: Measure, name: str) -> None:
        """Measure this distance, of this name, at the next check."""
        self._measure = measure
        self.title.setText(tr("Check many samples: {measure}", measure=name.lower()))

    def check(self) -> None:
        """Draw and measure."""
        if self._explorer.model is None:
            return
        count, near = int(self.count.value or SAMPLES), float(self.near.value or NEAR)
        self.line.hide()
        self.busy.start(tr("Measuring {count:,} samples", count=count))
        self._explorer.ask(CheckPrior(count, 0, self._measure, near))

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self._show(None)
        elif (model.data is not None) != self._depiction.of_points:
            self._depiction = Depiction(model.data)

    def _on_busy(self, kind: object) -> None:
        if kind is CheckPrior:
            busy = self._explorer.is_busy(CheckPrior)
            self.run.setEnabled(not busy)
            if not busy:
                self.busy.finish()

    def _on_answer(self, answer: Checking | PriorChecked | Trouble) -> None:
        match answer:
            case Checking(share=share):
                self.busy.set_progress(share)
            case PriorChecked() as found:
                self.busy.finish()
                self._show(found)
            case Trouble(sentences=sentences):
                self.busy.finish()
                self.line.set(tr.join(sentences), severity="info")
                self.line.show()

    def _show(self, found: PriorChecked | None) -> None:
        self._found = found
        for part in (self.line, self.summary, self.distances, self.legend, self.heading):
            part.setVisible(found is not None)
        for strip in self.strips:
            strip.setVisible(found is not None)
        if found is None:
            return
        count = len(found.distances)
        share = found.nearer / count
        self.summary.setText(
            tr(
                "{nearer:,} of {count:,} samples, {share} %, lie nearer to a training item than "
                "{near:.3g}, as {percent:g} % of held-out items do.",
                nearer=found.nearer,
                count=count,
                share=f"{100 * share:.1f}",
                near=found.near,
                percent=found.asked.percentile,
            )
        )
        low, high = f"{100 * found.low:.1f}", f"{100 * found.high:.1f} %"
        if share > found.high:
            said = tr("More than the {low} to {high} that chance gives: perhaps learnt by heart.",
                      low=low, high=high)  # fmt: skip
            self.line.set(said, severity="warning")
        elif share < found.low:
            said = tr("Fewer than the {low} to {high} that chance gives: no sign of copies.",
                      low=low, high=high)  # fmt: skip
            self.line.set(said, severity="healthy")
        else:
            said = tr("Within the {low} to {high} that chance gives: no sign of copies.",
                      low=low, high=high)  # fmt: skip
            self.line.set(said, severity="healthy")
        self.distances.show_others(found.usual, found.distances, found.near)
        self.legend.setText(
            tr(
                "Distance to the nearest training item. Bars: held-out items; line: samples; "
                "dotted: what counts as near."
            )
        )
        half = (len(found.items) + 1) // 2
        for number, strip in enumerate(self.strips):
            where = slice(number * half, (number + 1) * half)
            strip.set_items(
                found.items[where],
                captions=[written(away) for away in found.nearest[where]],
                depiction=self._depiction,
            )

    def _index(self, number: int, index: int) -> int:
        assert self._found is not None
        return number * ((len(self._found.items) + 1) // 2) + index

    def _go(self, number: int, index: int) -> None:
        if self._found is not None:
            self._explorer.move(np.asarray(self._found.codes[self._index(number, index)]))

    def _carried(self, number: int, index: int) -> QMimeData | None:
        if self._found is None:
            return None
        at = self._index(number, index)
        return code_mime(
            self._found.codes[at], self._found.items[at], tr("Sample"), depiction=self._depiction
        )
