"""A demo's card in the gallery: a real picture, its title, two sentences, how long it takes."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from aegan_studio.catalog.demos import Demo
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ui.icons import device_ratio, paint_icon
from aegan_studio.ui.panels.welcome.card import SIDE, Card
from aegan_studio.ui.panels.welcome.card_pictures import Arrays, paint_card, read_card
from aegan_studio.ui.theme import CARD, NOTE, Theme, ui_font
from aegan_studio.ui.widgets.painting import LEFT, RIGHT, draw_text, text_width

PICTURE = 176
"""Height of the picture, in pixels."""


def time_text(minutes: int) -> str:
    """How long a demo takes."""
    return tr("free exploration") if minutes == 0 else tr("{count} min", count=minutes)


class DemoCard(Card):
    """One demo; a click opens it at once."""

    def __init__(self, demo: Demo, parent: QWidget | None = None) -> None:
        super().__init__(
            tr(demo.title),
            tr(demo.help),
            picture=PICTURE,
            top=PICTURE + 44,
            lines=3,
            wide=290,
            least=220,
            parent=parent,
        )
        self.demo = demo
        self._arrays: Arrays | None = None
        self._looked = False
        self.setAccessibleDescription(f"{tr(demo.help)} {time_text(demo.minutes)}")

    @property
    def has_picture(self) -> bool:
        """Whether what the picture shows could be read."""
        self._look()
        return self._arrays is not None

    def _look(self) -> None:
        """Read the picture when it is first painted; a damaged one must not keep the page away."""
        if not self._looked:
            self._looked = True
            try:
                self._arrays = read_card(self.demo)
            except StudioError:
                self._arrays = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Read the picture, at the first time, and paint the card."""
        self._look()
        super().paintEvent(event)

    def paint_picture(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """What the demo shows; the mark where that could not be read."""
        if self._arrays is None:
            mark = QRectF(rect.center().x() - 22, rect.center().y() - 22, 44, 44)
            paint_icon(painter, "mark", mark, theme.text3)
        else:
            paint_card(painter, rect, self.demo.card, self._arrays, device_ratio(painter), theme)

    def paint_words(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Title and minutes, and the sentences."""
        words = rect.adjusted(SIDE, PICTURE + 14, -SIDE, 0)
        first = QRectF(words.left(), words.top(), words.width(), 24)
        note, font = time_text(self.demo.minutes), ui_font(NOTE)
        draw_text(painter, first, note, theme.text2, font, RIGHT)
        room = first.adjusted(0, 0, -text_width(note, font) - 10, 0)
        draw_text(painter, room, self.text(), theme.text, ui_font(CARD, 600), LEFT)
        self.paint_help(painter, words, theme)
