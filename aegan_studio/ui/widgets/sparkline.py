"""A small plot for evidence: one curve, its ends named, and the limit it has crossed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.ui.theme import TICK, current_theme, ui_font
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import LEFT, draw_text, smooth

MOST = 400
"""Points drawn at most; more would not be told apart."""
_ROOM = 46.0
"""Pixels at the right for the last value."""

Values = npt.NDArray[Any]


class Sparkline(QWidget):
    """A curve over steps; where there is a limit, a dashed line at it."""

    def __init__(
        self,
        name: str,
        steps: Values,
        values: Values,
        limit: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        sound = np.isfinite(values)
        stride = max(1, int(sound.sum()) // MOST)
        self._steps = np.asarray(steps, np.float64)[sound][::stride]
        self._values = np.asarray(values, np.float64)[sound][::stride]
        self._limit = limit
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(44)
        self.setAccessibleName(name)
        self.setToolTip(name)

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(200, 44)

    @property
    def bounds(self) -> tuple[float, float]:
        """The lowest and the highest value shown, the limit included."""
        shown = [*self._values, *([] if self._limit is None else [self._limit])]
        low, high = (min(shown), max(shown)) if shown else (0.0, 1.0)
        return (low, high) if high > low else (low - 0.5, high + 0.5)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the limit, the curve, and the last value at its end."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        if not len(self._values):
            return
        area = QRectF(self.rect()).adjusted(2, 5, -_ROOM, -5)
        low, high = self.bounds
        first, last = float(self._steps[0]), float(self._steps[-1])

        def y(value: float) -> float:
            return area.bottom() - (value - low) / (high - low) * area.height()

        if self._limit is not None:
            painter.setPen(QPen(theme.color("warning"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(
                QPointF(area.left(), y(self._limit)), QPointF(area.right(), y(self._limit))
            )
        across = (self._steps - first) / max(last - first, 1) * area.width() + area.left()
        line = QPolygonF(
            [QPointF(x, y(v)) for x, v in zip(across.tolist(), self._values.tolist(), strict=True)]
        )
        painter.setPen(QPen(theme.color("text2"), 1.5))
        painter.drawPolyline(line)
        end = float(self._values[-1])
        spot = QRectF(area.right() + 5, y(end) - 8, _ROOM - 5, 16)
        draw_text(painter, spot, format_number(end, 3), theme.text2, ui_font(TICK), LEFT)
