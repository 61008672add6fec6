"""Where a change of layout ends."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget


class Boundary(QWidget):
    """Holds one widget, and passes on only what changes the least size it needs.

    Qt lays out all of a window anew, pages behind others included, when a label somewhere gets
    another text or a button comes into view: some milliseconds each. Inside a boundary it lays
    out what the boundary holds.
    """

    def __init__(self, held: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.held = held
        held.setParent(self)
        self._least = QSize()

    def sizeHint(self) -> QSize:
        """As large as the widget likes to be."""
        return self.held.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As small as the widget can be."""
        self._least = self.held.minimumSizeHint().expandedTo(self.held.minimumSize())
        return self._least

    def event(self, event: QEvent) -> bool:
        """Pass on that the least size is another."""
        if event.type() == QEvent.Type.LayoutRequest:
            before = self._least
            if self.minimumSizeHint() != before:
                self.updateGeometry()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The widget takes all the room."""
        super().resizeEvent(event)
        self.held.setGeometry(self.rect())
