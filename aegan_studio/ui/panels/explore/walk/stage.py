"""The picture of the walk, large: for a page in a window of its own, on a projector."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.painting import smooth


class Stage(QWidget):
    """The current picture, as large as whole factors allow, where the page has room for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item: Any = None
        self._depiction = Depiction()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Picture of the walk"))

    def show_item(self, item: Any, depiction: Depiction) -> None:
        """Show what a code decodes to."""
        self._item, self._depiction = item, depiction
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture in the middle."""
        if self._item is None:
            return
        painter = QPainter(self)
        smooth(painter)
        ratio = device_ratio(painter)
        room = min(self.width(), self.height()) * ratio
        if self._depiction.of_points:
            wide = tall = room / ratio
        else:
            native = self._depiction.native_size(self._item)
            factor = max(1, int(room / max(native.width(), native.height())))
            wide, tall = native.width() * factor / ratio, native.height() * factor / ratio
        left, top = (self.width() - wide) // 2, (self.height() - tall) // 2
        if self._depiction.of_points:
            painter.fillRect(QRectF(left, top, wide, tall), current_theme().color("sunken"))
        self._depiction.paint(painter, QRectF(left, top, wide, tall), self._item)
