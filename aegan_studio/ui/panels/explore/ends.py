"""The ends of a walk, A and B: set here, gone to, exchanged."""

from __future__ import annotations

from typing import get_args

from PySide6.QtWidgets import QGridLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import End, Explorer
from aegan_studio.ui.latent.messages import Loaded, Walked
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.item_strip import ItemStrip
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.panels import Panel


class EndsPanel(Panel):
    """What A and B decode to, and the buttons that put them at the current code."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        margins = (14, 2, 14, 12)
        super().__init__(tr("A and B"), tr("ends of the walk"), margins=margins, parent=parent)
        self._explorer = explorer
        self._depiction = Depiction()
        self.swap = IconButton("compare", tr("Exchange A and B"))
        self.add_action(self.swap)
        self.pictures: dict[End, ItemStrip] = {}
        self.buttons: dict[End, Button] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for column, end in enumerate(get_args(End)):
            picture = ItemStrip(name=tr("Picture of {end}", end=end), tall=70, caption=0)
            picture.setToolTip(tr("Go to {end}", end=end))
            picture.setMinimumWidth(76)
            button = Button(
                tr("Set {end}", end=end),
                icon="pin",
                size="s",
                tooltip=tr("Put {end} at the current code.", end=end),
            )
            picture.picked.connect(lambda _index, end=end: self._go(end))
            button.clicked.connect(lambda _checked=False, end=end: explorer.set_end(end))
            grid.addWidget(picture, 0, column)
            grid.addWidget(button, 1, column)
            grid.setColumnStretch(column, 1)
            self.pictures[end], self.buttons[end] = picture, button
        self.add(grid)
        self.swap.clicked.connect(explorer.swap_ends)
        explorer.walked.connect(self._on_walk)
        explorer.loaded.connect(self._on_loaded)
        self._on_loaded(explorer.model)

    def _on_loaded(self, model: Loaded | None) -> None:
        for button in (*self.buttons.values(), self.swap):
            button.setEnabled(model is not None)
        if model is None:
            for picture in self.pictures.values():
                picture.set_items(None)
        else:
            self._depiction = Depiction(model.data)

    def _on_walk(self, walk: Walked) -> None:
        self.pictures["A"].set_items(walk.items[:1], depiction=self._depiction)
        self.pictures["B"].set_items(walk.items[-1:], depiction=self._depiction)

    def _go(self, end: End) -> None:
        self.pictures[end].set_selected(None)
        if end in self._explorer.ends:
            self._explorer.move(self._explorer.ends[end])
