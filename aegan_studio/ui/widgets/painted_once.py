"""What is slow to paint, painted once and shown again until something about it changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.widgets.painting import smooth


class PaintedOnce:
    """A part of a widget: keeps its pixels while the room and all that it shows are the same."""

    def __init__(self) -> None:
        self._shown: tuple[object, ...] = ()
        self._size: tuple[float, float, float] = (0.0, 0.0, 0.0)
        self._pixels = QPixmap()

    def paint(
        self,
        painter: QPainter,
        rect: QRectF,
        shown: Iterable[object],
        draw: Callable[[QPainter, QRectF], object],
    ) -> None:
        """Show the part in ``rect``, drawing it where it is another than the last time.

        Parameters
        ----------
        shown : iterable of object
            All that the part depends on, each told apart by identity, not by value: arrays, the
            theme, interned words.
        draw : callable
            Paints the part, smoothly, into a rectangle of the size of ``rect`` at (0, 0).
        """
        about = tuple(shown)
        size = (rect.width(), rect.height(), device_ratio(painter))
        same = len(about) == len(self._shown) and all(
            mine is theirs for mine, theirs in zip(about, self._shown, strict=True)
        )
        if not same or size != self._size:
            self._pixels = _drawn(*size, draw)
            self._shown, self._size = about, size
        painter.drawPixmap(rect.topLeft(), self._pixels)


def _drawn(
    width: float, height: float, ratio: float, draw: Callable[[QPainter, QRectF], object]
) -> QPixmap:
    pixels = QPixmap(max(math.ceil(width * ratio), 1), max(math.ceil(height * ratio), 1))
    pixels.setDevicePixelRatio(ratio)
    pixels.fill(Qt.GlobalColor.transparent)
    with QPainter(pixels) as painter:
        smooth(painter)
        draw(painter, QRectF(0, 0, width, height))
    return pixels
