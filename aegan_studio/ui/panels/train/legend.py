"""Names of what a map shows; a click on one hides it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import BODY, current_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    LEFT,
    draw_text,
    fill_round,
    ring,
    smooth,
    stroke_round,
    text_width,
)

Shape = Literal["disc", "square"]


class LegendItem(QAbstractButton):
    """A mark and a word; checked while what it names is shown."""

    def __init__(self, text: str, token: str, shape: Shape, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token, self._shape = token, shape
        self.setText(text)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFont(ui_font(BODY, 500))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        self.setToolTip(tr("Click to hide or show."))

    def sizeHint(self) -> QSize:
        """The mark and the word."""
        return QSize(int(text_width(self.text(), self.font()) + 26.999), 24)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter toggles, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark, hollow while hidden, and the word."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        on = self.isChecked()
        color = theme.color(self._token if on else "text3")
        centre = QPointF(9, self.height() / 2)
        box = QRectF(centre.x() - 4, centre.y() - 4, 8, 8)
        if self._shape == "square":
            if on:
                fill_round(painter, box, 1, color)
            else:
                stroke_round(painter, box, 1, color, 1.25)
        elif on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(centre, 4.25, 4.25)
        else:
            ring(painter, centre, 3.75, color, 1.25)
        ink = theme.text if self.underMouse() else theme.text2 if on else theme.text3
        room = QRectF(20, 0, self.width() - 20, self.height())
        draw_text(painter, room, self.text(), ink, self.font(), LEFT, elide=False)
        if not on:
            painter.setPen(QPen(theme.color("text3"), 1))
            y = self.height() / 2 + 0.5
            painter.drawLine(QPointF(20, y), QPointF(self.width() - 5, y))
