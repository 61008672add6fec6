"""Where one has been: the codes of past moves, to go back to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Array, Decoded, Floats, Loaded
from aegan_studio.ui.panels.explore.code_mime import code_mime
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.item_strip import ItemStrip
from aegan_studio.ui.widgets.labels import Label

KEPT = 30


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """A code (d,) at which a move ended, and what it decoded to."""

    code: Floats
    item: Array
    step: int


class Visited(QObject):
    """The codes at which moves ended, the latest first, each once."""

    changed = Signal()

    def __init__(self, explorer: Explorer) -> None:
        super().__init__(explorer)
        self._places: list[Visit] = []
        explorer.loaded.connect(self._on_loaded)
        explorer.rested.connect(self._on_rest)

    @property
    def places(self) -> tuple[Visit, ...]:
        """Where one has been, the latest first."""
        return tuple(self._places)

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None and self._places:
            self._places.clear()
            self.changed.emit()

    def _on_rest(self, picture: Decoded) -> None:
        if any(np.array_equal(picture.code, visit.code) for visit in self._places):
            return
        self._places.insert(0, Visit(picture.code, picture.item, picture.step))
        del self._places[KEPT:]
        self.changed.emit()


def visited_of(explorer: Explorer) -> Visited:
    """The one list of an explorer, made at the first need."""
    found = explorer.findChild(Visited)
    return found if isinstance(found, Visited) else Visited(explorer)


class VisitedStrip(QWidget):
    """Pictures of the codes at which moves ended, as many as fit; they lead back there."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._visited = visited_of(explorer)
        self._depiction = Depiction()
        self.strip = ItemStrip(name=tr("Visited codes"), tall=46, caption=0, thin="end")
        self.strip.setToolTip(
            tr("Where you have been, the latest first. Click to go back there, drag to use it.")
        )
        self.strip.set_drag(self._carried)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Label(tr("Visited"), weight=600))
        column.addWidget(self.strip)
        self.strip.picked.connect(self._go)
        self._visited.changed.connect(self._show)
        explorer.loaded.connect(self._on_loaded)
        self._on_loaded(explorer.model)

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is not None and (model.data is not None) != self._depiction.of_points:
            self._depiction = Depiction(model.data)
        self._show()

    def _show(self) -> None:
        places = self._visited.places
        seen = len(places) > 1
        if self.parentWidget() is not None or not seen:  # shown without one it would be a window
            self.setVisible(seen)
        items = np.stack([visit.item for visit in places]) if places else None
        self.strip.set_items(items, depiction=self._depiction)
        self.strip.set_selected(None)

    def _go(self, index: int) -> None:
        places = self._visited.places
        if index < len(places):
            self._explorer.move(places[index].code)

    def _carried(self, index: int) -> QMimeData | None:
        places = self._visited.places
        if index >= len(places):
            return None
        visit = places[index]
        return code_mime(visit.code, visit.item, tr("Visited"), depiction=self._depiction)
