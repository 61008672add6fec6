"""Cards that float at what opened them until they are done with, or a click falls elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.painting import fill_round, smooth, stroke_round

WIDTH = 340


class PopupCard(QWidget):
    """A popup of a fixed width on a rounded ground; it is as high as its layout takes.

    Parameters
    ----------
    name : str
        For a screen reader.
    passing : bool
        Whether it is made anew each time, and goes when it is closed.
    """

    def __init__(
        self,
        name: str,
        parent: QWidget | None = None,
        *,
        width: int = WIDTH,
        passing: bool = False,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, passing)
        self.setFixedWidth(width)
        self.setAccessibleName(name)
        self._settled = QTimer(self, singleShot=True, interval=0)
        self._settled.timeout.connect(self._settle)

    def settle(self) -> None:
        """Be as high as the wrapped sentences take; the lower edge stays."""
        self._settle()
        self._settled.start()  # they know their height only when laid out

    def _settle(self) -> None:
        layout = self.layout()
        if layout is None:
            return
        layout.activate()
        tall = layout.totalHeightForWidth(self.width())
        if tall != self.height():
            bottom = self.y() + self.height()
            self.setFixedHeight(tall)
            self.move(self.x(), bottom - tall)

    def open_above(self, where: QPoint) -> None:
        """Show the card with its lower right corner at a place of the screen."""
        self.move(where - QPoint(self.width(), self.height()))
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        fill_round(painter, rect, 8, theme.surface)
        stroke_round(painter, rect, 8, theme.strong)
