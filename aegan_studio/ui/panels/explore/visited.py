"""Where one has been: the codes of past moves, to go back to."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QImage, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Array, Decoded, Floats, Loaded
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.theme import Theme, current_theme, on_theme
from aegan_studio.ui.widgets.image_grid import ImageGrid
from aegan_studio.ui.widgets.painting import smooth

KEPT = 30
COLUMNS = 5


class VisitedPage(Page):
    """Pictures of the codes at which moves ended, the latest first."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(14, 0, 14, 12), parent=parent)
        self._explorer = explorer
        self._depiction = Depiction()
        self._places: list[tuple[Floats, Array]] = []
        self.grid = ImageGrid(
            columns=COLUMNS,
            empty=tr("Codes you go to appear here, to return to."),
            max_scale=6,
            name=tr("Visited codes"),
        )
        self.grid.setMinimumHeight(56)
        self.add(self.grid, 1)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        self.grid.picked.connect(self._go)
        explorer.loaded.connect(self._on_loaded)
        explorer.rested.connect(self._on_rest)
        on_theme(self._retint)

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self._places.clear()
            self.grid.set_pictures(None)
            return
        if (model.data is not None) != self._depiction.of_points:
            self._depiction = Depiction(model.data)

    def _on_rest(self, picture: Decoded) -> None:
        if any(np.array_equal(picture.code, code) for code, _ in self._places):
            return
        self._places.insert(0, (picture.code, picture.item))
        del self._places[KEPT:]
        self._show()

    def _retint(self, _theme: Theme) -> None:
        if self._depiction.of_points:
            self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many rows as there is room for."""
        super().resizeEvent(event)
        self._soon.start()  # the grid has its size only after this

    def _room(self) -> int:
        cell = max(self.grid.width() / COLUMNS, 8.0)
        return COLUMNS * max(1, int((self.grid.height() + 4) / cell))

    def _show(self) -> None:
        if not self._places:
            return
        items = [item for _, item in self._places[: self._room()]]
        if self._depiction.of_points:
            items = [_drawn(self._depiction, item) for item in items]
        self.grid.set_pictures(np.stack(items))

    def _go(self, index: int) -> None:
        if index < len(self._places):
            self._explorer.move(self._places[index][0])


def _drawn(depiction: Depiction, item: Array, side: int = 48) -> Array:
    """A point in its plane as a picture (side, side, 3) uint8."""
    image = QImage(side, side, QImage.Format.Format_RGB888)
    image.fill(current_theme().color("sunken"))
    painter = QPainter(image)
    smooth(painter)
    depiction.paint(painter, QRectF(0, 0, side, side), item)
    painter.end()
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(side, image.bytesPerLine())
    return rows[:, : side * 3].reshape(side, side, 3).copy()
