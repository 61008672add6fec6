"""The frame of the welcome page's cards: a picture, words below it, and a play button on hover."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.theme import BODY, Theme, current_theme, mix, ui_font
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.painting import disc, fill_round, smooth, soft_shadow, stroke_round

RADIUS = 10.0
SIDE = 17
"""Pixels beside the words."""
BOTTOM = 16
"""Pixels below the help."""
WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft


class Card(QAbstractButton):
    """A card; heirs paint its picture and its words.

    Parameters
    ----------
    title, help : str
        Translated.
    picture, top : int
        Height of the picture, and of it with the title.
    lines : int
        Of the help, at least, so that most cards are equally high.
    wide, least : int
        The usual width and the smallest.
    """

    def __init__(
        self,
        title: str,
        help: str,
        *,
        picture: int,
        top: int,
        lines: int,
        wide: int,
        least: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._help, self._tall, self._top, self._lines = help, picture, top, lines
        self._wide, self._least = wide, least
        self._hover = HoverFade(self)
        self.setText(title)
        self.setAccessibleName(title)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setProperty("focusRadius", RADIUS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def hasHeightForWidth(self) -> bool:
        """The help takes as many lines as it needs."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The picture, the title and all lines."""
        words = QRect(0, 0, width - 2 * SIDE, 10_000)
        metrics = QFontMetrics(ui_font(BODY))
        lines = metrics.boundingRect(words, int(WRAPPED), self._help).height()
        return round(self._top + max(lines, self._lines * metrics.lineSpacing()) + BOTTOM)

    def sizeHint(self) -> QSize:
        """As high as its words at the usual width."""
        return QSize(self._wide, self.heightForWidth(self._wide))

    def minimumSizeHint(self) -> QSize:
        """Room for a title and the shortest help; the layout asks what the width needs."""
        spacing = QFontMetrics(ui_font(BODY)).lineSpacing()
        return QSize(self._least, round(self._top + self._lines * spacing + BOTTOM))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -3)
        if self._hover.amount > 0:
            soft_shadow(painter, rect, RADIUS, 0.20 * self._hover.amount)
        fill_round(painter, rect, RADIUS, theme.surface)
        picture = QRectF(rect.left(), rect.top(), rect.width(), self._tall)
        clip = QPainterPath()
        clip.addRoundedRect(picture.adjusted(0, 0, 0, RADIUS), RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
        painter.setClipRect(picture, Qt.ClipOperation.IntersectClip)
        painter.fillRect(picture, theme.color("sunken" if theme.dark else "raised"))
        self.paint_picture(painter, picture, theme)
        painter.restore()
        line = theme.hairline if not theme.dark else theme.surface
        stroke_round(painter, rect, RADIUS, mix(line, theme.accent, self._hover.amount))
        self.paint_words(painter, QRectF(self.rect()), theme)
        if self._hover.amount > 0:
            self._paint_play(painter, picture, theme)

    def paint_picture(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Paint the picture; the ground is there already, and clipped."""

    def paint_words(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Paint title and help; ``rect`` is the whole card."""

    def paint_help(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Paint the help below the title, within the left and right of ``rect``."""
        painter.setPen(theme.color("text2"))
        painter.setFont(ui_font(BODY))
        below = QRectF(rect.left(), self._top, rect.width(), self.height() - self._top)
        painter.drawText(below, int(WRAPPED), self._help)

    def _paint_play(self, painter: QPainter, picture: QRectF, theme: Theme) -> None:
        painter.save()
        painter.setOpacity(self._hover.amount)
        centre = picture.bottomRight() - QPointF(28, 20)
        disc(painter, centre, 18, theme.accent_fill)
        spot = QRectF(centre.x() - 8, centre.y() - 8, 16, 16)
        paint_icon(painter, "play", spot, theme.on_accent)
        painter.restore()
