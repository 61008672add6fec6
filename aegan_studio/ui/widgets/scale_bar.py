"""The key of colours about zero: a bar from −reach to reach with its ends."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import TICK, current_theme, ui_font
from aegan_studio.ui.widgets.diverging import coloured
from aegan_studio.ui.widgets.numbers import MINUS, format_number
from aegan_studio.ui.widgets.painting import CENTRE, LEFT, RIGHT, draw_text, smooth
from aegan_studio.ui.widgets.pictures import picture_image

BAR = 6


class ScaleBar(QWidget):
    """A low line: the ramp, and under it its ends and zero."""

    def __init__(self, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reach, self._gray = 1.0, False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(220)
        self.setAccessibleName(name)

    @property
    def reach(self) -> float:
        """What the full colour stands for."""
        return self._reach

    def set_reach(self, reach: float, *, gray: bool = False) -> None:
        """Say what the full colours stand for; ``gray`` for pictures in three colours."""
        self._reach, self._gray = reach, gray
        self.setAccessibleDescription(
            tr("From {low} to {high}", low=f"{MINUS}{self._end}", high=self._end)
        )
        self.update()

    @property
    def _end(self) -> str:
        return format_number(self._reach, 2)

    def sizeHint(self) -> QSize:
        """A bar and a line of small words."""
        return QSize(180, BAR + 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ramp and its ends."""
        del event
        painter = QPainter(self)
        smooth(painter)
        theme, font = current_theme(), ui_font(TICK)
        values = np.linspace(-1, 1, 129)[None, None]
        if self._gray:
            values = np.repeat(values[..., None], 3, axis=-1)
        image = picture_image(coloured(values, 1.0, theme)[0])
        bar = QRectF(0, 0, self.width(), BAR)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(bar, image)
        painter.setPen(theme.color("hairline"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
        below = QRectF(0, BAR + 1, self.width(), 13)
        words = ((f"{MINUS}{self._end}", LEFT), ("0", CENTRE), (self._end, RIGHT))
        for text, align in words:
            draw_text(painter, below, text, theme.text3, font, align)
