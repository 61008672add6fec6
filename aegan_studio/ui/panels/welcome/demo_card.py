"""A demo's card in the gallery: a real picture, its title, two sentences, how long it takes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from aegan_studio.catalog.demos import Demo
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ui.icons import device_ratio, paint_icon
from aegan_studio.ui.panels.welcome.card_pictures import Arrays, paint_card, read_card
from aegan_studio.ui.theme import BODY, CARD, NOTE, Theme, current_theme, mix, ui_font
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.painting import (
    LEFT,
    RIGHT,
    disc,
    draw_text,
    fill_round,
    smooth,
    soft_shadow,
    stroke_round,
    text_width,
)

PICTURE = 176
"""Height of the picture, in pixels."""
RADIUS = 10.0
SIDE = 17
TOP, BOTTOM = PICTURE + 44, 18
LINES = 3
"""Of the sentences at least, so that cards are equally high."""
WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft


def time_text(minutes: int) -> str:
    """How long a demo takes."""
    return tr("free exploration") if minutes == 0 else tr("{count} min", count=minutes)


class DemoCard(QAbstractButton):
    """One demo; a click opens it at once."""

    def __init__(self, demo: Demo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.demo = demo
        self._hover = HoverFade(self)
        self._arrays: Arrays | None = None
        self._looked = False
        self.setText(tr(demo.title))
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(f"{tr(demo.help)} {time_text(demo.minutes)}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setProperty("focusRadius", RADIUS)

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def hasHeightForWidth(self) -> bool:
        """The sentences take as many lines as they need."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The picture, the title and all lines."""
        words = QRect(0, 0, width - 2 * SIDE, 10_000)
        metrics = QFontMetrics(ui_font(BODY))
        lines = metrics.boundingRect(words, int(WRAPPED), tr(self.demo.help)).height()
        return round(TOP + max(lines, LINES * metrics.lineSpacing()) + BOTTOM)

    def sizeHint(self) -> QSize:
        """As high as its words at the usual width."""
        return QSize(290, self.heightForWidth(290))

    def minimumSizeHint(self) -> QSize:
        """Room for a title and the shortest help; the layout asks what the width needs."""
        return QSize(220, round(TOP + LINES * QFontMetrics(ui_font(BODY)).lineSpacing() + BOTTOM))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        self._look()
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -3)
        if self._hover.amount > 0:
            soft_shadow(painter, rect, RADIUS, 0.20 * self._hover.amount)
        fill_round(painter, rect, RADIUS, theme.surface)
        picture = QRectF(rect.left(), rect.top(), rect.width(), PICTURE)
        self._paint_picture(painter, picture, theme)
        line = theme.hairline if not theme.dark else theme.surface
        stroke_round(painter, rect, RADIUS, mix(line, theme.accent, self._hover.amount))
        self._paint_words(painter, theme)
        if self._hover.amount > 0:
            painter.setOpacity(self._hover.amount)
            centre = picture.bottomRight() - QPointF(28, 20)
            disc(painter, centre, 18, theme.accent_fill)
            spot = QRectF(centre.x() - 8, centre.y() - 8, 16, 16)
            paint_icon(painter, "play", spot, theme.on_accent)

    def _paint_picture(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        clip = QPainterPath()
        clip.addRoundedRect(rect.adjusted(0, 0, 0, RADIUS), RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        painter.fillRect(rect, theme.color("sunken" if theme.dark else "raised"))
        if self._arrays is None:
            mark = QRectF(rect.center().x() - 22, rect.center().y() - 22, 44, 44)
            paint_icon(painter, "mark", mark, theme.text3)
        else:
            paint_card(painter, rect, self.demo.card, self._arrays, device_ratio(painter), theme)
        painter.restore()

    def _paint_words(self, painter: QPainter, theme: Theme) -> None:
        rect = QRectF(self.rect()).adjusted(SIDE, PICTURE + 14, -SIDE, -BOTTOM)
        first = QRectF(rect.left(), rect.top(), rect.width(), 24)
        note, font = time_text(self.demo.minutes), ui_font(NOTE)
        draw_text(painter, first, note, theme.text2, font, RIGHT)
        room = first.adjusted(0, 0, -text_width(note, font) - 10, 0)
        draw_text(painter, room, self.text(), theme.text, ui_font(CARD, 600), LEFT)
        painter.setPen(theme.color("text2"))
        painter.setFont(ui_font(BODY))
        below = QRectF(rect.left(), TOP, rect.width(), self.height() - TOP)
        painter.drawText(below, int(WRAPPED), tr(self.demo.help))
