"""How an item of the data is drawn in the explorer: pictures as they are, points in their plane."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from aegan_studio.ui.theme import Theme, current_theme
from aegan_studio.ui.widgets.painting import disc
from aegan_studio.ui.widgets.pictures import picture_image

Array = npt.NDArray[Any]

CLOUD = 1500
"""Points of the data drawn at most: more only darken the picture."""


class Depiction:
    """Draws items of one kind of data.

    Parameters
    ----------
    cloud : ndarray, shape (n, 2), or None
        The data's points, drawn faintly beneath; ``None`` where items are pictures.
    """

    def __init__(self, cloud: Array | None = None) -> None:
        self._cloud: Array | None = None
        self._bounds = QRectF(-1, -1, 2, 2)
        self._kept: dict[object, QImage] = {}
        if cloud is not None:
            thin = max(1, -(-len(cloud) // CLOUD))
            self._cloud = np.asarray(cloud[::thin], dtype=np.float64)
            self._bounds = bounds_of(self._cloud)

    @property
    def of_points(self) -> bool:
        """Whether items are points of a plane."""
        return self._cloud is not None

    @property
    def bounds(self) -> QRectF:
        """The square of the plane that is shown, in the data's own units; y grows upwards."""
        return self._bounds

    def native_size(self, item: Array) -> QSizeF:
        """The size of an item in its own pixels; points have one of no particular size."""
        if self.of_points:
            return QSizeF(48, 48)
        return QSizeF(item.shape[1], item.shape[0])

    def place(self, point: Array, rect: QRectF) -> QPointF:
        """Where a point of the plane lies in ``rect``."""
        right = (float(point[0]) - self._bounds.left()) / self._bounds.width()
        up = (float(point[1]) - self._bounds.top()) / self._bounds.height()
        return QPointF(rect.left() + right * rect.width(), rect.bottom() - up * rect.height())

    def paint(self, painter: QPainter, rect: QRectF, item: Array) -> None:
        """Draw an item so that it fills ``rect``."""
        theme = current_theme()
        if not self.of_points:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            shrunk = rect.height() * painter.device().devicePixelRatioF() < item.shape[0]
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunk)
            painter.drawImage(rect, picture_image(item[None], theme))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            return
        small = rect.width() < 120
        self.paint_cloud(painter, rect, theme, 0.8 if small else 2.0)
        self.paint_point(painter, rect, item, 2.5 if small else 5.0)

    def paint_cloud(self, painter: QPainter, rect: QRectF, theme: Theme, radius: float) -> None:
        """The data's points, as discs in the colour of real data."""
        if self._cloud is None:
            return
        ratio = painter.device().devicePixelRatioF()
        key = (rect.width(), rect.height(), theme.name, ratio, radius)
        if key not in self._kept:
            if len(self._kept) > 8:
                self._kept.clear()
            self._kept[key] = self._drawn_cloud(rect, theme, radius, ratio)
        painter.drawImage(rect, self._kept[key])

    def _drawn_cloud(self, rect: QRectF, theme: Theme, radius: float, ratio: float) -> QImage:
        assert self._cloud is not None
        width, height = math.ceil(rect.width() * ratio), math.ceil(rect.height() * ratio)
        image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("real", 0.55 if radius > 1 else 0.8))
        inside = QRectF(0, 0, rect.width(), rect.height())
        points = self._cloud if radius > 1 else self._cloud[:: max(1, len(self._cloud) // 300)]
        for point in points:
            painter.drawEllipse(self.place(point, inside), radius, radius)
        painter.end()
        return image

    def paint_point(self, painter: QPainter, rect: QRectF, point: Array, half: float) -> None:
        """A made point: a square in the colour of generated data; hollow at the edge if beyond."""
        theme, at = current_theme(), self.place(point, rect)
        inner = rect.adjusted(half, half, -half, -half)
        x = min(max(at.x(), inner.left()), inner.right())
        y = min(max(at.y(), inner.top()), inner.bottom())
        square = QRectF(x - half, y - half, 2 * half, 2 * half)
        painter.fillRect(square.adjusted(-1.5, -1.5, 1.5, 1.5), theme.color("surface"))
        painter.fillRect(square, theme.color("generated"))
        if not rect.contains(at):
            painter.fillRect(square.adjusted(1.5, 1.5, -1.5, -1.5), theme.color("surface"))

    def paint_mesh(
        self, painter: QPainter, rect: QRectF, points: Array, columns: int, rows: int
    ) -> None:
        """A sheet of made points (rows · columns, 2) as the lines of its grid."""
        color = QColor(current_theme().generated)
        color.setAlphaF(0.5)
        painter.setPen(QPen(color, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        grid = points.reshape(rows, columns, 2)
        for line in (*grid, *grid.transpose(1, 0, 2)):
            painter.drawPolyline(QPolygonF([self.place(point, rect) for point in line]))

    def paint_path(self, painter: QPainter, rect: QRectF, points: Array) -> None:
        """A walk through the plane, from a dot to a dot."""
        theme = current_theme()
        places = [self.place(point, rect) for point in points]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("surface"), 4.5))
        painter.drawPolyline(QPolygonF(places))
        painter.setPen(QPen(theme.color("accent"), 2.0))
        painter.drawPolyline(QPolygonF(places))
        for end in (places[0], places[-1]):
            disc(painter, end, 4.5, theme.accent)
            disc(painter, end, 2.5, theme.surface)


def bounds_of(points: Array, margin: float = 0.08) -> QRectF:
    """A square around most of the points (all but the outermost 0.2 %), with a margin."""
    low, high = np.quantile(points, (0.002, 0.998), axis=0)
    middle = (low + high) / 2
    half = max(float((high - low).max()) / 2, 1e-6) * (1 + 2 * margin)
    return QRectF(middle[0] - half, middle[1] - half, 2 * half, 2 * half)


def pixels_of(image: QImage) -> npt.NDArray[np.uint8]:
    """A QImage as an array (H, W, 3) uint8."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height = plain.width(), plain.height()
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(height, plain.bytesPerLine())
    return rows[:, : width * 3].reshape(height, width, 3).copy()
