"""A well that codes are put into, shown as small pictures: by drag and drop, or from a menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.messages import Floats
from aegan_studio.ui.panels.explore.code_mime import CODE, code_of
from aegan_studio.ui.panels.explore.item_strip import ItemStrip
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.painting import dashed_round, fill_round, smooth, stroke_round


class CodeWell(ItemStrip):
    """Small pictures of the codes in a well; takes dragged codes, gives single ones up.

    A double click goes to a code, Delete takes it out, a right click offers both.
    """

    dropped = Signal(object, str)
    """A code (d,) was dropped here, and its name."""
    taken_out = Signal(int)
    """The picture of this index is not wanted any more."""
    gone_to = Signal(int)

    def __init__(
        self,
        *,
        empty: str = "",
        name: str = "",
        tall: int = 40,
        caption: int = 0,
        thin: Literal["even", "end"] = "even",
        fits: Callable[[Floats], bool] = lambda _code: True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            empty=empty, name=name, tall=tall, caption=caption, thin=thin, parent=parent
        )
        self._fits = fits
        self._over = False
        self.setAcceptDrops(True)

    # Drag and drop

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take codes of this model."""
        found = code_of(event.mimeData()) if event.mimeData().hasFormat(CODE) else None
        if found is not None and self._fits(found[0]):
            self._over = True
            self.update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It was carried on."""
        self._over = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put it in."""
        self._over = False
        self.update()
        found = code_of(event.mimeData())
        if found is not None and self._fits(found[0]):
            event.acceptProposedAction()
            self.dropped.emit(*found)

    # Single codes

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        index = self.index_at(event.position())
        if index >= 0:
            self.gone_to.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes out, Enter goes there, the arrow keys choose."""
        if self.selected is not None and self.count:
            if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                self.taken_out.emit(self.selected)
                return
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.gone_to.emit(self.selected)
                return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Go there, or take it out."""
        index = self.index_at(event.pos().toPointF())
        if index < 0:
            event.ignore()
            return
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add(tr("Go there"), lambda: self.gone_to.emit(index), icon_name="compass")
        menu.add(tr("Take out"), lambda: self.taken_out.emit(index), icon_name="close")
        menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """A dashed ground while empty, an accent while something is held over it."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        ground = QRectF(self.rect())
        if self._over:
            fill_round(painter, ground, 6, theme.accent_soft)
            stroke_round(painter, ground, 6, theme.accent, 1.5)
        elif self.count:
            fill_round(painter, ground, 6, theme.sunken)
        elif not self._empty:
            dashed_round(painter, ground, 6, theme.strong)
        painter.end()
        super().paintEvent(event)
