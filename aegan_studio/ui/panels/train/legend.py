"""Names of what a map shows; a click on one hides it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import BODY, Theme, current_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    LEFT,
    draw_text,
    fill_round,
    ring,
    smooth,
    stroke_round,
    text_width,
)

Shape = Literal["disc", "square", "field", "line", "net", "arrow", "link", "heat", "trail"]


class LegendItem(QAbstractButton):
    """A mark and a word; checked while what it names is shown."""

    def __init__(
        self, text: str, token: str, shape: Shape, help: str = "", parent: QWidget | None = None
    ) -> None:
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
        self.set_help(help)

    def set_help(self, help: str) -> None:
        """What it names, in a sentence."""
        click = tr("Click to hide or show.")
        self.setToolTip(f"{help}\n{click}" if help else click)
        self.setAccessibleDescription(help)

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
        _paint_mark(painter, QPointF(9, self.height() / 2), self._shape, color, on, theme)
        ink = theme.text if self.underMouse() else theme.text2 if on else theme.text3
        room = QRectF(20, 0, self.width() - 20, self.height())
        draw_text(painter, room, self.text(), ink, self.font(), LEFT, elide=False)
        if not on:
            painter.setPen(QPen(theme.color("text3"), 1))
            y = self.height() / 2 + 0.5
            painter.drawLine(QPointF(20, y), QPointF(self.width() - 5, y))


def _paint_mark(
    painter: QPainter, at: QPointF, shape: Shape, color: QColor, on: bool, theme: Theme
) -> None:
    box = QRectF(at.x() - 4, at.y() - 4, 8, 8)
    pen = QPen(color, 1.5)
    if shape == "square":
        if on:
            fill_round(painter, box, 1, color)
        else:
            stroke_round(painter, box, 1, color, 1.25)
    elif shape == "disc":
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(at, 4.25, 4.25)
        else:
            ring(painter, at, 3.75, color, 1.25)
    elif shape in ("field", "heat"):
        _paint_field(painter, box.adjusted(-2, -1, 2, 1), shape, color, on, theme)
    elif shape == "net":
        painter.setPen(QPen(color, 1.0))
        for step in (-4.5, -1.5, 1.5, 4.5):
            painter.drawLine(at + QPointF(step, -4.5), at + QPointF(step, 4.5))
            painter.drawLine(at + QPointF(-4.5, step), at + QPointF(4.5, step))
    elif shape in ("arrow", "link"):
        painter.setPen(pen)
        start, end = at + QPointF(-6, 3.5), at + QPointF(5.5, -3.5)
        painter.drawLine(start, end)
        painter.drawLine(end, end + QPointF(-4.6, 0.2))
        painter.drawLine(end, end + QPointF(-2.2, 4.0))
    elif shape == "line":
        painter.setPen(pen)
        painter.drawLine(at + QPointF(-6.5, 0.5), at + QPointF(6.5, 0.5))
    else:
        painter.setPen(pen)
        painter.drawPolyline([at + QPointF(-6, 3), at + QPointF(-2, -2), at + QPointF(1, 2)])
        painter.setBrush(color)
        painter.drawEllipse(at + QPointF(4.5, -1.5), 2.0, 2.0)


def _paint_field(
    painter: QPainter, box: QRectF, shape: Shape, color: QColor, on: bool, theme: Theme
) -> None:
    if not on:
        stroke_round(painter, box, 1, color, 1.25)
        return
    if shape == "heat":
        ends = (theme.color("generated", 0.25), theme.color("generated", 0.9))
    else:
        ends = (theme.verdict(0.0), theme.verdict(1.0))
    half = box.width() / 2
    painter.fillRect(QRectF(box.left(), box.top(), half, box.height()), ends[0])
    painter.fillRect(QRectF(box.left() + half, box.top(), half, box.height()), ends[1])
