"""How near a sample lies to the training data, beside how near held-out items do."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.messages import Floats
from aegan_studio.ui.theme import TICK, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import LEFT, RIGHT, draw_text, smooth

BARS = 24


def histogram(values: Floats, low: float, high: float, bars: int = BARS) -> Floats:
    """Shares of values in equal bins from ``low`` to ``high``, the fullest of them 1."""
    counts, _ = np.histogram(values, bins=bars, range=(low, max(high, low + 1e-9)))
    tallest: Floats = counts / max(int(counts.max()), 1)
    return tallest


class DistanceStrip(QWidget):
    """Bars of usual distances, and a mark, or the outline of others, over them.

    Parameters
    ----------
    tall : int
        Height in px, the scale below included.
    scale : bool
        Whether numbers stand below the ends.
    """

    def __init__(
        self, *, tall: int = 30, scale: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tall, self._scale = tall, scale
        self._usual: Floats | None = None
        self._mark: float | None = None
        self._others: Floats | None = None
        self._near: float | None = None
        self._tone = "accent"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Distances of held-out items to their nearest training item"))
        on_theme(self._retint)

    def _retint(self, _theme: object) -> None:
        self.update()

    def show_mark(self, usual: Floats | None, mark: float | None, tone: str = "accent") -> None:
        """Show usual distances, ascending, and where one lies among them."""
        self._usual, self._mark, self._tone = usual, mark, tone
        self._others = self._near = None
        self.update()

    def show_others(self, usual: Floats, others: Floats, near: float) -> None:
        """Show usual distances, those of others as an outline, and what counts as near."""
        self._usual, self._others, self._near, self._mark = usual, others, near, None
        self.update()

    @property
    def known(self) -> bool:
        """Whether there is something to show."""
        return self._usual is not None

    def sizeHint(self) -> QSize:
        """Wide enough for the bars."""
        return QSize(96, self._tall)

    def minimumSizeHint(self) -> QSize:
        """Room for the bars."""
        return QSize(64, self._tall)

    def limits(self) -> tuple[float, float]:
        """The distances at the left and right end."""
        assert self._usual is not None
        shown = [self._usual] if self._others is None else [self._usual, self._others]
        high = max(float(np.quantile(values, 0.995)) for values in shown) * 1.05
        return 0.0, high or 1.0

    def x_of(self, distance: float) -> float:
        """Where a distance lies, in px; beyond the ends at the ends."""
        low, high = self.limits()
        share = (distance - low) / (high - low)
        return 2.0 + min(max(share, 0.0), 1.0) * (self.width() - 4.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars, outline and mark."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        foot = self.height() - (15 if self._scale else 2)
        painter.fillRect(QRectF(0, foot, self.width(), 1), theme.color("strong"))
        if self._usual is None or not len(self._usual):
            return
        low, high = self.limits()
        top, room = 3.0, foot - 3.0
        pitch = (self.width() - 4.0) / BARS
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for index, share in enumerate(histogram(self._usual, low, high)):
            height = share * room
            bar = QRectF(2.0 + index * pitch, foot - height, max(pitch - 1.0, 1.0), height)
            painter.fillRect(bar, theme.color("real", 0.55))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._others is not None:
            self._paint_outline(painter, histogram(self._others, low, high), foot, room, pitch)
        for value, tone, style in (
            (self._near, "text2", Qt.PenStyle.DotLine),
            (self._mark, self._tone, Qt.PenStyle.SolidLine),
        ):
            if value is None:
                continue
            x = self.x_of(value)
            painter.setPen(QPen(theme.color(tone), 2.0 if value is self._mark else 1.2, style))
            painter.drawLine(QPointF(x, top), QPointF(x, foot))
            if value is self._mark:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color(tone))
                tip = [QPointF(x - 4, 0), QPointF(x + 4, 0), QPointF(x, 5)]
                painter.drawPolygon(QPolygonF(tip))
        if self._scale:
            below = QRectF(2, foot + 2, self.width() - 4, 13)
            font = ui_font(TICK)
            draw_text(painter, below, f"{low:g}", theme.text3, font, LEFT)
            draw_text(painter, below, f"{high:.2g}", theme.text3, font, RIGHT)

    def _paint_outline(
        self, painter: QPainter, shares: Floats, foot: float, room: float, pitch: float
    ) -> None:
        points = [QPointF(2.0, foot)]
        for index, share in enumerate(shares):
            height = foot - float(share) * room
            points += [
                QPointF(2.0 + index * pitch, height),
                QPointF(2.0 + (index + 1) * pitch, height),
            ]
        points.append(QPointF(2.0 + BARS * pitch, foot))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(current_theme().generated), 1.6))
        painter.drawPolyline(QPolygonF(points))
