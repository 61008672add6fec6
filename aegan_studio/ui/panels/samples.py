"""A strip of real samples: pictures side by side, or points in the plane."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.theme import Theme, current_theme
from aegan_studio.ui.training.background import Samples
from aegan_studio.ui.widgets.painting import fill_round, smooth
from aegan_studio.ui.widgets.pictures import as_pictures, picture_image, whole_factor

GAP = 4
HEIGHTS = {"image": 24, "points": 96}
"""The height of the strip by modality, in pixels."""


def paint_points(
    painter: QPainter,
    rect: QRectF,
    points: npt.NDArray[np.float32],
    color: QColor | str,
    *,
    radius: float = 1.6,
) -> None:
    """Dots of ``points`` (n, 2), to one scale on both axes and centred in ``rect``."""
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.maximum(high - low, 1e-6)
    scale = min(rect.width() / float(span[0]), rect.height() / float(span[1]))
    middle = (low + high) / 2
    centre = rect.center()
    places = (points - middle) * (scale, -scale) + (centre.x(), centre.y())
    pen = QPen(QColor(color), 2 * radius)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPoints([QPointF(x, y) for x, y in places.tolist()])


def paint_pictures(
    painter: QPainter,
    rect: QRectF,
    pictures: npt.NDArray[np.uint8],
    ratio: float,
    theme: Theme,
    *,
    rows: int = 1,
    gap: int = GAP,
    justify: bool = False,
) -> None:
    """As many pictures as fit into ``rows`` of ``rect``, pixel-exact.

    They stand in the middle, or spread over the whole width to ``justify``.
    """
    shown = as_pictures(pictures)
    height, width = shown.shape[1:3]
    room = QSize(int(rect.width()), int((rect.height() - gap * (rows - 1)) / rows))
    factor = whole_factor(room, width, height, ratio) / ratio
    columns = max(1, min(int((rect.width() + gap) // (width * factor + gap)), len(shown) // rows))
    across, down = width * factor + gap, height * factor + gap
    if justify and columns > 1:
        across = int((rect.width() - width * factor) / (columns - 1) * ratio) / ratio
        gap = int(across - width * factor)
    left = rect.left() + (rect.width() - columns * across + gap) / 2
    top = rect.top() + (rect.height() - rows * down + gap) / 2
    left, top = round(left * ratio) / ratio, round(top * ratio) / ratio
    for index, picture in enumerate(shown[: rows * columns]):
        row, column = divmod(index, columns)
        image = picture_image(picture, theme)
        spot = QRectF(left + column * across, top + row * down, width * factor, height * factor)
        painter.drawImage(spot, image)


class SampleStrip(QWidget):
    """Real samples of the dataset; empty until they are loaded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples: Samples | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Real samples"))
        self._set_height("image")

    @property
    def samples(self) -> Samples | None:
        """What is shown."""
        return self._samples

    def expect(self, modality: str) -> None:
        """Keep room for samples of a modality; what is shown stays until they come."""
        self._set_height(modality)

    def show_samples(self, samples: Samples) -> None:
        """Show these."""
        self._samples = samples
        self._set_height(samples.modality)
        self.update()

    def _set_height(self, modality: str) -> None:
        self.setFixedHeight(HEIGHTS.get(modality, 24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the samples."""
        painter = QPainter(self)
        smooth(painter)
        if self._samples is not None:
            rect = QRectF(self.rect())
            paint_samples(painter, rect, self._samples, device_ratio(painter), current_theme())


def paint_samples(
    painter: QPainter,
    rect: QRectF,
    samples: Samples,
    ratio: float,
    theme: Theme,
    *,
    rows: int = 1,
) -> None:
    """Samples of any modality into a rectangle."""
    items: Any = samples.items
    if samples.modality == "image":
        paint_pictures(painter, rect, items, ratio, theme, rows=rows, justify=True)
    elif samples.modality == "points":
        fill_round(painter, rect, 6, theme.sunken)
        if len(items):
            paint_points(painter, rect.adjusted(10, 8, -10, -8), items, theme.real)
