"""The line in which the name of a bookmark is edited where it stands."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import NOTE, ui_font


class NameLine(QLineEdit):
    """Enter, or leaving it, keeps the name; Esc does not."""

    kept = Signal(str)
    given_up = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, parent)
        self.setFont(ui_font(NOTE))
        self.setAccessibleName(tr("Name"))
        self.setProperty("focusRing", "none")
        self.selectAll()
        self.editingFinished.connect(lambda: self.kept.emit(self.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)
