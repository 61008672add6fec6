"""Text on the page, in one of the theme's tones."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from aegan_studio.ui.theme import BODY, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import draw_text


class Label(QLabel):
    """One run of text in a tone, size and weight of the type scale.

    Parameters
    ----------
    tone : str
        A colour token; also any role token such as ``"reconstruction"``.
    size : int
        Logical pixels, from the type scale.
    elide : bool
        Shorten with an ellipsis instead of asking for room; the tool tip holds the whole.
    """

    def __init__(
        self,
        text: str = "",
        *,
        tone: str = "text",
        size: int = BODY,
        weight: int = 400,
        elide: bool = False,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._tone = tone
        self._elide = elide
        self._own_tip = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(ui_font(size, weight))
        self.setWordWrap(wrap)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        on_theme(self._retint)

    def set_tone(self, tone: str) -> None:
        """Change the colour token."""
        if tone != self._tone:
            self._tone = tone
            self._retint(current_theme())

    @property
    def tone(self) -> str:
        """The colour token in use."""
        return self._tone

    def set_weight(self, weight: int) -> None:
        """Change the weight: 400, 500 or 600."""
        font = self.font()
        font.setWeight(type(font.weight())(weight))
        self.setFont(font)

    def _retint(self, theme: Theme) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.color(self._tone))
        self.setPalette(palette)

    def showEvent(self, event: QShowEvent) -> None:
        """Wear the tone again: being polished late, a style sheet brings an older palette back."""
        self._retint(current_theme())
        super().showEvent(event)

    def minimumSizeHint(self) -> QSize:
        """An eliding label may shrink to an ellipsis."""
        hint = super().minimumSizeHint()
        return QSize(16, hint.height()) if self._elide else hint

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, shortened if it does not fit."""
        if not self._elide:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        rect = QRectF(self.contentsRect())
        short = self.fontMetrics().horizontalAdvance(self.text()) > rect.width() + 1
        if short and not self.toolTip():
            self.setToolTip(self.text())
            self._own_tip = True
        elif not short and self._own_tip:
            self.setToolTip("")
            self._own_tip = False
        color = self.palette().color(QPalette.ColorRole.WindowText)
        draw_text(painter, rect, self.text(), color, self.font(), self.alignment())
