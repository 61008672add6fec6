"""The pins: named codes that the walk goes through."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Loaded, Walked
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.item_strip import ItemStrip
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.widgets.buttons import Button


class PinsPage(Page):
    """What the first and the last pin decode to, and buttons to pin and to turn the walk round."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(14, 2, 14, 12), parent=parent)
        self._explorer = explorer
        self._depiction = Depiction()
        self.pin = Button(tr("Pin here"), icon="pin", size="s")
        self.turn = Button(tr("Turn round"), icon="compare", size="s")
        self.strip = ItemStrip(name=tr("Pins"), tall=70)
        row = QHBoxLayout()
        row.addWidget(self.pin)
        row.addWidget(self.turn)
        self.add(self.strip)
        self.add(row)
        self.body.addStretch(1)
        self.pin.clicked.connect(lambda: explorer.add_pin())
        self.turn.clicked.connect(lambda: explorer.set_pins(explorer.pins[::-1]))
        self.strip.picked.connect(self._go)
        explorer.walked.connect(self._on_walk)
        explorer.loaded.connect(self._on_loaded)
        self._on_loaded(explorer.model)

    def _on_loaded(self, model: Loaded | None) -> None:
        self.pin.setEnabled(model is not None)
        self.turn.setEnabled(model is not None)
        if model is None:
            self.strip.set_items(None)
        else:
            self._depiction = Depiction(model.data)

    def _on_walk(self, walk: Walked | None) -> None:
        ends = None if walk is None else walk.items[[0, -1]]
        captions = [pin.name for pin in self._explorer.pins]
        self.strip.set_items(ends, captions=captions[:1] + captions[-1:], depiction=self._depiction)

    def _go(self, index: int) -> None:
        self._explorer.move(self._explorer.pins[-1 if index else 0].code)
