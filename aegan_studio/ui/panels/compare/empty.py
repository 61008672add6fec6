"""Compare before there is anything to compare with: what it does, and ways to begin."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.catalog.rivals import rivals
from aegan_studio.experiment import Experiment
from aegan_studio.i18n import tr
from aegan_studio.ui.theme import CARD
from aegan_studio.ui.training.pair import name_of
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.cards import Surface
from aegan_studio.ui.widgets.labels import Label

WIDTH = 660


class EmptyPage(Surface):
    """One sentence, two buttons, and the rivals of the recipe at one click."""

    keep_asked = Signal()
    """The recipe shall be kept as A."""
    ring_asked = Signal()
    """The pair on the ring shall begin."""
    rival_asked = Signal(str)
    """The recipe shall be compared with a model."""
    more_asked = Signal()
    """The list of all there is shall open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.keep = Button(tr("Keep this recipe for comparison"), icon="pin", variant="soft")
        self.ring = Button(tr("GAN against WGAN-GP on the ring"), icon="play")
        self.more = Button(tr("Other…"), variant="ghost", size="s")
        self.rivals: dict[str, Button] = {}
        self._shown: tuple[str, ...] = ()
        title = Label(tr("Two experiments, side by side"), size=CARD, weight=600)
        said = Label(
            tr(
                "Train two recipes in lockstep: the same seed, the same data in the same order, "
                "samples of the same codes. Keep this recipe and change it, or choose a rival."
            ),
            tone="text2",
            wrap=True,
        )
        for label in (title, said):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch(1)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.ring)
        buttons.addStretch(1)
        self.against = Label("", tone="text2")
        self.against.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        chips = QHBoxLayout()
        chips.addStretch(1)
        chips.addLayout(self._chips)
        chips.addStretch(1)
        inside = QWidget()
        inside.setMaximumWidth(WIDTH)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(title)
        column.addWidget(said)
        column.addLayout(buttons)
        column.addSpacing(10)
        column.addWidget(self.against)
        column.addLayout(chips)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(inside, 8)
        row.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 20, 20, 20)
        whole.addStretch(2)
        whole.addLayout(row)
        whole.addStretch(3)
        self.keep.clicked.connect(self.keep_asked)
        self.ring.clicked.connect(self.ring_asked)
        self.more.clicked.connect(self.more_asked)

    def show_rivals(self, experiment: Experiment) -> None:
        """Offer what the recipe is best compared with."""
        found = rivals(experiment)
        self.against.setText(tr("Compare {model} with", model=name_of(experiment)))
        names = tuple(model.name for model in found)
        if names == self._shown:
            return
        self._shown = names
        for button in self.rivals.values():
            self._chips.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.rivals = {}
        for model in found:
            button = Button(tr(model.label), size="s", tooltip=tr(model.help))
            button.clicked.connect(partial(self.rival_asked.emit, model.name))
            self.rivals[model.name] = button
            self._chips.addWidget(button)
        self._chips.removeWidget(self.more)
        self._chips.addWidget(self.more)
