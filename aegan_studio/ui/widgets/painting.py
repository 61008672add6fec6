"""Small painting helpers that every widget of the kit shares."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

Align = Qt.AlignmentFlag
LEFT = Align.AlignLeft | Align.AlignVCenter
RIGHT = Align.AlignRight | Align.AlignVCenter
CENTRE = Align.AlignCenter


def smooth(painter: QPainter) -> None:
    """Antialias shapes and text; pictures stay nearest-neighbour."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)


def fill_round(painter: QPainter, rect: QRectF, radius: float, color: QColor | str) -> None:
    """A filled rounded rectangle without an outline."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(rect, radius, radius)


def stroke_round(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    color: QColor | str,
    width: float = 1.0,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    """The outline of a rounded rectangle, drawn inside ``rect``."""
    pen = QPen(QColor(color), width, style)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = width / 2
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)


def dashed_round(
    painter: QPainter, rect: QRectF, radius: float, color: QColor | str, width: float = 1.0
) -> None:
    """A dashed outline: the well of an empty state."""
    pen = QPen(QColor(color), width)
    pen.setDashPattern([4.0, 3.0])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def draw_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    color: QColor | str,
    font: QFont | None = None,
    align: Align = LEFT,
    *,
    elide: bool = True,
) -> None:
    """One line of text, shortened with an ellipsis where it does not fit."""
    if font is not None:
        painter.setFont(font)
    painter.setPen(QColor(color))
    if elide:
        metrics = QFontMetricsF(painter.font())
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() + 0.5)
    painter.drawText(rect, int(align), text)


def text_width(text: str, font: QFont) -> float:
    """The advance of ``text`` in logical pixels."""
    return QFontMetricsF(font).horizontalAdvance(text)


def disc(painter: QPainter, centre: QPointF, radius: float, fill: QColor | str) -> None:
    """A filled disc."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(QColor(fill)))
    painter.drawEllipse(centre, radius, radius)


def ring(
    painter: QPainter, centre: QPointF, radius: float, color: QColor | str, width: float = 1.0
) -> None:
    """The outline of a circle."""
    painter.setPen(QPen(QColor(color), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, radius, radius)


def rect_of(widget: QWidget | QRect) -> QRectF:
    """A widget's rectangle in floating point, for painting at half pixels."""
    return QRectF(widget.rect() if isinstance(widget, QWidget) else widget)


def snap(value: float, ratio: float) -> float:
    """The nearest position on a device pixel."""
    return round(value * ratio) / ratio


def soft_shadow(painter: QPainter, rect: QRectF, radius: float, strength: float = 0.16) -> None:
    """A small shadow under a knob or a hovered card: three widening translucent outlines."""
    painter.setPen(Qt.PenStyle.NoPen)
    for spread, alpha in ((2.0, 0.25), (1.2, 0.35), (0.5, 0.5)):
        shade = QColor(0, 0, 0)
        shade.setAlphaF(strength * alpha)
        painter.setBrush(shade)
        grown = rect.adjusted(-spread, -spread + 1.0, spread, spread + 1.0)
        painter.drawRoundedRect(grown, radius + spread, radius + spread)
