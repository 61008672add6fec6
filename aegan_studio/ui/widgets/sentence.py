"""An empty state that asks for no room: its sentences, as many of them as fit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.ui.theme import ui_font
from aegan_studio.ui.widgets.painting import smooth
from aegan_studio.ui.widgets.pictures import paint_sentence

MARGINS = (12, 8)


class Sentence(QWidget):
    """A dashed well with the last of its paragraphs, and those before it where there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paragraphs: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(64, 40)

    def set_paragraphs(self, paragraphs: Sequence[str]) -> None:
        """Say something else; what matters most comes last."""
        if tuple(paragraphs) != self._paragraphs:
            self._paragraphs = tuple(paragraphs)
            self.setAccessibleName("\n".join(paragraphs))
            self.update()

    @property
    def text(self) -> str:
        """Everything it has to say."""
        return "\n\n".join(self._paragraphs)

    @property
    def shown(self) -> str:
        """What there is room for."""
        for start in range(len(self._paragraphs)):
            text = "\n\n".join(self._paragraphs[start:])
            if self._fits(text):
                return text
        return self._paragraphs[-1] if self._paragraphs else ""

    def _fits(self, text: str) -> bool:
        across, down = MARGINS
        room = QRectF(self.rect()).adjusted(across, down, -across, -down)
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        needed = QFontMetricsF(ui_font()).boundingRect(room, flags, text)
        return needed.height() <= room.height() and needed.width() <= room.width()

    def sizeHint(self) -> QSize:
        """Room for a paragraph."""
        return QSize(220, 96)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the well and what fits into it."""
        del event
        painter = QPainter(self)
        smooth(painter)
        paint_sentence(painter, QRectF(self.rect()), self.shown)
