"""What widgets that are painted on share: a brush that hovers, and an undo of their own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QSizePolicy, QWidget


class Brushed(QWidget):
    """Takes the pointer as a brush and the right button for itself; square, focusable.

    Ctrl Z, Ctrl Shift Z and Ctrl C are its own while it has the focus, not the window's.
    """

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hover: QPointF | None = None
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRadius", 3.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 96)
        self.setAccessibleName(name)

    def contextMenuEvent(self, event: object) -> None:
        """The right button paints too: no menu."""

    def leaveEvent(self, event: QEvent) -> None:
        """The brush is elsewhere."""
        self._hover = None
        self.update()

    def event(self, event: QEvent) -> bool:
        """While it has the focus, undo is its own and not the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence.StandardKey
            if any(event.matches(key) for key in (keys.Undo, keys.Redo, keys.Copy)):
                event.accept()
                return True
        return super().event(event)
