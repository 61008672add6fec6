"""The line under a map without axes: how it is laid out, how far that is, and more of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.map_messages import Embed, Embedding, Layout
from aegan_studio.ui.theme import BODY, NOTE, ui_font
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import BusyBar
from aegan_studio.ui.widgets.number_field import NumberField

SHAKE = 0.15
"""By which share of its spread a map is shaken."""


class _Named(QWidget):
    """A small name and a narrow field."""

    def __init__(self, name: str, tip: str, field: NumberField, width: int) -> None:
        super().__init__()
        self.field = field
        field.setFixedWidth(width)
        field.setFont(ui_font(BODY, 500))
        self.setToolTip(tip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(Label(name, tone="text2", size=NOTE))
        row.addWidget(field)


class LayoutBar(QWidget):
    """Settings of t-SNE or UMAP, buttons to run, stop, shake and begin anew, and progress."""

    asked = Signal(object)
    """An :class:`Embed` is wanted."""
    stopped = Signal()
    """What runs shall end; its last layout stays."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = Layout()
        self._running = False
        self._made = 0
        self.perplexity = NumberField(30.0, lo=2, hi=200, soft=(5, 50), name=tr("Perplexity"))
        self.iterations = NumberField(
            750, lo=10, hi=5000, integer=True, soft=(100, 1500), name=tr("Iterations")
        )
        self.neighbours = NumberField(
            15, lo=2, hi=200, integer=True, soft=(5, 50), name=tr("Neighbours")
        )
        self.min_dist = NumberField(0.1, lo=0.0, hi=0.99, step=0.05, name=tr("Least distance"))
        self.seed = NumberField(0, lo=0, integer=True, soft=(0, 100), name=tr("Seed"))
        self.run = Button(tr("Run more"), size="s")
        self.run.setToolTip(tr("Go on from here for as many iterations."))
        self.shake = IconButton("pulse", tr("Shake the points, and let them settle again"), side=26)
        self.anew = IconButton(
            "restart", tr("Lay out anew, from the principal components"), side=26
        )
        self.progress = BusyBar(cancellable=False)
        tips = (
            tr("About how many neighbours each item attends to. Higher: larger groups."),
            tr("Iterations of the next run. More: the groups part further."),
            tr("How many neighbours each item attends to. Higher: more of the whole, less detail."),
            tr("How near items may come. Higher: looser groups."),
            tr("Another seed gives another map of the same codes."),
        )
        self._tsne = [
            _Named(tr("Perplexity"), tips[0], self.perplexity, 48),
            _Named(tr("Iterations"), tips[1], self.iterations, 50),
        ]
        self._umap = [
            _Named(tr("Neighbours"), tips[2], self.neighbours, 52),
            _Named(tr("Least distance"), tips[3], self.min_dist, 58),
        ]
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for named in (*self._tsne, *self._umap, _Named(tr("Seed"), tips[4], self.seed, 44)):
            row.addWidget(named)
        self.told = Label("", tone="text2", size=NOTE, elide=True)
        self.told.setToolTip(tr("Iterations so far"))
        row.addWidget(self.told, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        for button in (self.shake, self.anew, self.run):
            buttons.addWidget(button)
        row.addLayout(buttons)
        self._row = row
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.progress)
        self.run.clicked.connect(self._run)
        self.shake.clicked.connect(lambda: self._ask(anew=False, shake=SHAKE))
        self.anew.clicked.connect(lambda: self._ask(anew=True))
        self.show_kind("tsne")

    def show_kind(self, kind: str) -> None:
        """Show the settings of t-SNE or of UMAP."""
        self._layout = replace(self._layout, kind="umap" if kind == "umap" else "tsne")
        for widgets, mine in ((self._tsne, "tsne"), (self._umap, "umap")):
            for widget in widgets:
                widget.setVisible(mine == self._layout.kind)
        self.shake.setVisible(self._layout.kind == "tsne")
        self.settle()

    @property
    def layout_wanted(self) -> Layout:
        """The layout as it is set."""
        return replace(
            self._layout,
            perplexity=float(self.perplexity.value or 30.0),
            iterations=int(self.iterations.value or 750),
            neighbours=int(self.neighbours.value or 15),
            min_dist=float(self.min_dist.value or 0.0),
            seed=int(self.seed.value or 0),
        )

    def restore(self, layout: Layout) -> None:
        """Take on remembered settings."""
        self.perplexity.set_value(layout.perplexity)
        self.iterations.set_value(layout.iterations)
        self.neighbours.set_value(layout.neighbours)
        self.min_dist.set_value(layout.min_dist)
        self.seed.set_value(layout.seed)

    @property
    def running(self) -> bool:
        """Whether a layout is under way."""
        return self._running

    def begin(self) -> None:
        """A layout is under way."""
        self._running = True
        self.run.setText(tr("Stop"))
        self.told.setText(tr("Finding neighbours"))
        self.progress.start()
        self._allow()

    def show_progress(self, told: Embedding) -> None:
        """Say how far it is."""
        self._made = told.iterations
        if told.stage == "neighbours":
            text = tr("Finding neighbours")
        elif told.kind == "umap":
            text = tr("Laying out, {seconds:.0f} s", seconds=told.seconds)
        else:
            text = f"{told.iterations:,}"  # its room is narrow; the tool tip says of what
        share = None if np.isnan(told.share) else told.share
        self.told.setText(text)
        self.progress.start("", share)

    def settle(self) -> None:
        """Nothing is under way any more."""
        self._running = False
        tsne = self._layout.kind == "tsne"
        self.run.setText(tr("Run more") if tsne else tr("Run"))
        self.told.setText("")
        self.progress.finish()
        self._allow()

    def _allow(self) -> None:
        self.shake.setEnabled(not self._running)
        self.anew.setEnabled(not self._running)

    def _run(self) -> None:
        if self._running:
            self.stopped.emit()
        else:
            self._ask(anew=self._layout.kind == "umap")

    def _ask(self, *, anew: bool, shake: float = 0.0) -> None:
        self.asked.emit(Embed(self.layout_wanted, anew, shake))
