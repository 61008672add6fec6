"""A field that sieves what is in view while one types."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.theme import BODY, current_theme, ui_font
from aegan_studio.ui.widgets.painting import smooth


class SearchField(QLineEdit):
    """A line with a lens; follow ``textChanged``. Esc empties it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.setFont(ui_font(BODY))
        self.setTextMargins(20, 0, 0, 0)
        self.setClearButtonEnabled(False)
        self.setFixedHeight(28)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRing", "none")

    @property
    def words(self) -> list[str]:
        """What was typed, word by word, in small letters."""
        return self.text().lower().split()

    def sizeHint(self) -> QSize:
        """200 × 28."""
        return QSize(200, 28)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc empties the field."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field, and the lens in it."""
        super().paintEvent(event)
        painter = QPainter(self)
        smooth(painter)
        paint_icon(
            painter, "search", QRectF(8, self.height() / 2 - 7, 14, 14), current_theme().text2
        )
