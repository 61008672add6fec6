"""The window of a map: equal scales on both axes, pan, zoom, and a comfortable fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from aegan_studio.ui.widgets.plot_data import Floats


@dataclass(frozen=True, slots=True)
class MapView:
    """Data coordinates in the middle of the plane, and pixels to a data unit."""

    x: float = 0.0
    y: float = 0.0
    scale: float = 100.0

    def to_pixel(self, rect: QRectF, x: float, y: float) -> QPointF:
        """Where a point lies in the widget."""
        centre = rect.center()
        return QPointF(
            centre.x() + (x - self.x) * self.scale, centre.y() - (y - self.y) * self.scale
        )

    def to_pixels(self, rect: QRectF, xy: Floats) -> Floats:
        """Where points ``(N, 2)`` lie in the widget."""
        centre = rect.center()
        ways = np.array((self.scale, -self.scale))
        # one product and one sum: a frame of the plane asks for this several times
        result: Floats = xy * ways
        result += (centre.x(), centre.y()) - ways * (self.x, self.y)
        return result

    def to_data(self, rect: QRectF, pos: QPointF) -> tuple[float, float]:
        """The data coordinates under a pixel."""
        centre = rect.center()
        return (
            self.x + (pos.x() - centre.x()) / self.scale,
            self.y - (pos.y() - centre.y()) / self.scale,
        )

    def bounds(self, rect: QRectF) -> tuple[float, float, float, float]:
        """x0, x1, y0, y1 of the plane."""
        half_x, half_y = rect.width() / 2 / self.scale, rect.height() / 2 / self.scale
        return self.x - half_x, self.x + half_x, self.y - half_y, self.y + half_y

    def panned(self, dx: float, dy: float) -> MapView:
        """Moved by so many pixels."""
        return MapView(self.x - dx / self.scale, self.y + dy / self.scale, self.scale)

    def zoomed(self, rect: QRectF, pos: QPointF, factor: float) -> MapView:
        """Larger by ``factor`` about a pixel."""
        x, y = self.to_data(rect, pos)
        scale = min(max(self.scale * factor, 1e-6), 1e9)
        grown = scale / self.scale
        return MapView(x + (self.x - x) / grown, y + (self.y - y) / grown, scale)


def fitted(rect: QRectF, clouds: list[Floats]) -> MapView:
    """A view that holds nearly all points; the farthest 0.5 % may lie outside."""
    clouds = [cloud[np.isfinite(cloud).all(axis=1)] for cloud in clouds]
    clouds = [cloud for cloud in clouds if len(cloud)]
    if not clouds or rect.width() < 2 or rect.height() < 2:
        return MapView(0.0, 0.0, max(min(rect.width(), rect.height()) / 6.4, 1.0))
    points = np.concatenate(clouds)
    low, high = np.percentile(points, 0.25, axis=0), np.percentile(points, 99.75, axis=0)
    span = np.maximum((high - low) * 1.14, 1e-9)
    scale = min(rect.width() / span[0], rect.height() / span[1])
    middle = (low + high) / 2
    return MapView(float(middle[0]), float(middle[1]), float(min(scale, 1e9)))
