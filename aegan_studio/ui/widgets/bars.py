"""Bars of a histogram, painted edge to edge on device pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

Heights = npt.NDArray[np.floating[Any]]


def heights_of(counts: npt.NDArray[Any], *, log: bool = False, top: float = 0.0) -> Heights:
    """Counts as shares of the tallest bar, or of ``top``; with ``log`` by their logarithm."""
    values = np.asarray(counts, np.float64)
    if log:
        values, top = np.log1p(values), np.log1p(top)
    tallest = max(float(values.max(initial=0.0)), float(top))
    found: Heights = values / tallest if tallest > 0 else np.zeros_like(values)
    return found


def bars_path(rect: QRectF, heights: Heights) -> QPainterPath:
    """The outline of bars side by side that fill ``rect`` where their height is 1.

    A bar that is not empty is at least a pixel high: one value among thousands is there.
    """
    count = len(heights)
    points = [rect.bottomLeft()]
    for index, height in enumerate(heights.tolist()):
        high = max(rect.height() * min(height, 1.0), 1.0) if height > 0 else 0.0
        for side in (index, index + 1):
            points.append(QPointF(rect.left() + rect.width() * side / count, rect.bottom() - high))
    points.append(rect.bottomRight())
    path = QPainterPath()
    path.addPolygon(QPolygonF(points))
    path.closeSubpath()
    return path


def paint_bars(
    painter: QPainter, rect: QRectF, heights: Heights, color: QColor, *, hollow: bool = False
) -> None:
    """Bars in one colour; ``hollow`` ones are outlined over a faint fill."""
    path = bars_path(rect, heights)
    fill = QColor(color)
    fill.setAlphaF(0.16 if hollow else 0.85)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, hollow)
    painter.fillPath(path, fill)
    if hollow:
        painter.strokePath(path, QPen(color, 1))
    painter.restore()


def paint_outline(
    painter: QPainter, rect: QRectF, heights: Heights, color: QColor, width: float = 1.25
) -> None:
    """What bars are held against: a line through the middles of where bars would end."""
    count = len(heights)
    points = [
        QPointF(
            rect.left() + rect.width() * (index + 0.5) / count,
            rect.bottom() - rect.height() * min(height, 1.0),
        )
        for index, height in enumerate(heights.tolist())
    ]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(color, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))
    painter.restore()
