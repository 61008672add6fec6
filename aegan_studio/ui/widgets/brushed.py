"""What widgets that are painted on share: a brush that hovers, and keys that take back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.ui.widgets.pictures import copy_image


class Brushed(QWidget):
    """Takes the pointer as a brush and the right button for itself; square, focusable.

    Ctrl Z, Ctrl Shift Z, Ctrl C and Delete are its own while it has the focus, not the window's.
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

    @property
    def image(self) -> QImage | None:
        """What is painted, in the colours of the theme, a pixel a pixel; ``None``: nothing is."""
        raise NotImplementedError

    def undo(self) -> None:
        """Take the last change back."""
        raise NotImplementedError

    def redo(self) -> None:
        """Do again what was taken back."""
        raise NotImplementedError

    def clear(self) -> None:
        """Take everything away that was painted."""
        raise NotImplementedError

    def contextMenuEvent(self, event: object) -> None:
        """The right button paints too: no menu."""

    def leaveEvent(self, event: QEvent) -> None:
        """The brush is elsewhere."""
        self._hover = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo, redo, copy and clear; other keys are not for widgets that are painted on."""
        keys = QKeySequence.StandardKey
        if event.matches(keys.Undo):
            self.undo()
        elif event.matches(keys.Redo):
            self.redo()
        elif event.matches(keys.Copy):
            if self.image is not None:
                copy_image(self.image)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """While it has the focus, undo is its own and not the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence.StandardKey
            if any(event.matches(key) for key in (keys.Undo, keys.Redo, keys.Copy)):
                event.accept()
                return True
        return super().event(event)
