"""The items nearest to a code, as pictures with their distances."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.map_messages import Metric, Neighbours
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.item_strip import ItemStrip
from aegan_studio.ui.theme import BODY, ui_font
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.switches import Segmented

MOST = 100


class NeighbourStrip(QWidget):
    """A strip of neighbours under the map; a click goes to one."""

    wanted = Signal()
    """Another number of them, or another distance."""
    picked = Signal(int)
    """A neighbour's row was chosen."""
    select_asked = Signal()
    """They shall be selected on the map."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Neighbours | None = None
        self.title = Label(tr("Nearest"), weight=600, elide=True)
        self.distance = Segmented(
            [
                ("euclidean", tr("Euclidean"), tr("The straight distance between codes.")),
                ("cosine", tr("Cosine"), tr("1 less the cosine of the angle at the code 0.")),
            ],
            "euclidean",
            name=tr("Distance"),
        )
        self.count = NumberField(12, lo=1, hi=MOST, integer=True, name=tr("How many"))
        self.count.setFixedWidth(48)
        self.count.setFont(ui_font(BODY, 500))
        self.count.setToolTip(tr("How many neighbours, 1–100."))
        self.select = Button(tr("Select"), size="s")
        self.select.setToolTip(tr("Select them on the map."))
        self.close_button = IconButton("close", tr("Close"), side=24)
        self.strip = ItemStrip(
            name=tr("Nearest items by code"), tall=42, thin="end", empty=tr("Looking…")
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.title, 1)
        for widget in (self.count, self.distance, self.select, self.close_button):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.strip)
        self.distance.value_changed.connect(lambda _value: self.wanted.emit())
        self.count.value_changed.connect(lambda _value: self.wanted.emit())
        self.strip.picked.connect(self._pick)
        self.select.clicked.connect(self.select_asked)
        self.close_button.clicked.connect(self.closed)

    @property
    def found(self) -> Neighbours | None:
        """What is shown."""
        return self._found

    @property
    def wish(self) -> tuple[int, Metric]:
        """How many, by which distance."""
        metric: Metric = "cosine" if self.distance.value == "cosine" else "euclidean"
        return int(self.count.value or 12), metric

    def show_found(self, found: Neighbours | None, depiction: Depiction) -> None:
        """Show neighbours, or that they are being looked for."""
        self._found = found
        if found is None:
            self.strip.set_items(None)
            self.title.setText(tr("Nearest"))
            return
        captions = [_told(float(distance)) for distance in found.distances]
        self.strip.set_items(found.items, captions=captions, depiction=depiction)
        self.title.setText(tr("{count} nearest", count=len(found.rows)))

    def _pick(self, index: int) -> None:
        if self._found is not None and index < len(self._found.rows):
            self.picked.emit(int(self._found.rows[index]))


def _told(distance: float) -> str:
    digits = 3 if distance < 0.1 else 2
    return f"{distance:.{digits}f}" if np.isfinite(distance) else "–"
