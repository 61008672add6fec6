"""Text on the page, in one of the theme's tones."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from aegan_studio.ui.theme import BODY, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import draw_text

_IGNORED = QSizePolicy.Policy.Ignored


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
    room : str
        A text as wide as any that comes: the label keeps that width. Such labels, and those that
        elide, take another text without a new layout of the window: for what changes all along.
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
        room: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self._elide = elide
        self._steady = elide or bool(room)
        self._room = self._text = ""
        self._own_tip = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(ui_font(size, weight))
        self.setWordWrap(wrap)
        if elide:
            self.setSizePolicy(_IGNORED, QSizePolicy.Policy.Preferred)
        self.set_room(room)
        self.setText(text)
        on_theme(self._retint)

    def setText(self, text: str) -> None:
        """Show another text."""
        if not self._steady:
            super().setText(text)
        elif text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()
            if not self._room and self.sizePolicy().horizontalPolicy() != _IGNORED:
                self.updateGeometry()

    def text(self) -> str:
        """What is shown, unshortened."""
        return self._text if self._steady else super().text()

    @property
    def room(self) -> str:
        """The text whose width is kept."""
        return self._room

    def set_room(self, room: str) -> None:
        """Be as wide as this text, whatever is shown."""
        if room != self._room:
            self._room = room
            self.updateGeometry()

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

    def sizeHint(self) -> QSize:
        """As wide as the text, or as the room kept for it."""
        if not self._steady:
            return super().sizeHint()
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._room or self._text) + 1, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """An eliding label may shrink to an ellipsis."""
        if not self._steady:
            return super().minimumSizeHint()
        hint = self.sizeHint()
        return QSize(16, hint.height()) if self._elide else hint

    def enterEvent(self, event: QEnterEvent) -> None:
        """The tool tip of a shortened text is the text, unless it has one of its own."""
        if self.is_shortened and not self.toolTip():
            self.setToolTip(self.text())
            self._own_tip = True
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The next text may fit."""
        if self._own_tip:
            self.setToolTip("")
            self._own_tip = False
        super().leaveEvent(event)

    @property
    def is_shortened(self) -> bool:
        """Whether there is less room than the text takes."""
        wide = self.fontMetrics().horizontalAdvance(self.text())
        return self._steady and wide > self.contentsRect().width() + 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, shortened if it does not fit."""
        if not self._steady:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        color = self.palette().color(QPalette.ColorRole.WindowText)
        rect = QRectF(self.contentsRect())
        draw_text(painter, rect, self._text, color, self.font(), self.alignment())
