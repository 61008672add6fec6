"""What fills the plane, as one picture: a critic's surface, a density, and a net's cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from aegan_studio.experiment.views.plane import Bounds, Density, Manifold, Surface
from aegan_studio.ui.theme import VERDICT_STEPS, Theme
from aegan_studio.ui.widgets.scatter_field import (
    Pixels,
    Sights,
    smooth_picture,
    step_picture,
    stepped,
)
from aegan_studio.ui.widgets.scatter_marks import fill_net
from aegan_studio.ui.widgets.scatter_view import MapView

DENSITY_STEPS = 64
"""Shades of the density."""

MOST_PIXELS = 1_000_000
"""Of the picture, however large the screen."""

FILLED = 0.42
"""How strongly a cell of the net is filled at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """What the picture holds, from the ground up; ``None`` for what is not there."""

    surface: Surface | None
    density: Density | None
    net: Manifold | None

    def are(self, others: Layers) -> bool:
        """Whether they are the very same."""
        return (
            self.surface is others.surface
            and self.density is others.density
            and self.net is others.net
        )


class Ground:
    """The last picture, kept until something of it changes."""

    def __init__(self) -> None:
        self._kept: tuple[Layers, tuple[object, ...], QImage] | None = None

    def forget(self) -> None:
        """Keep nothing."""
        self._kept = None

    def picture(
        self, layers: Layers, rect: QRectF, view: MapView, theme: Theme, step: float
    ) -> QImage:
        """The picture of a plane, one pixel to ``step`` of the plane's each way."""
        step = max(step, (rect.width() * rect.height() / MOST_PIXELS) ** 0.5)
        width, height = round(rect.width() / step), round(rect.height() / step)
        place = (view, theme.name, width, height)
        if self._kept is not None and self._kept[1] == place and layers.are(self._kept[0]):
            return self._kept[2]
        image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        if layers.surface is not None:
            _fill_surface(painter, view.bounds(rect), width, height, theme, layers.surface)
        grown = width / rect.width(), height / rect.height()
        if layers.density is not None:
            _fill_density(painter, rect, view, grown, theme, layers.density)
        if layers.net is not None and not layers.net.curve:
            nodes = view.to_pixels(rect, layers.net.places.astype(np.float64))
            nodes = (nodes - (rect.left(), rect.top())) * grown
            fill_net(painter, nodes, _strengths(layers.net), theme.color("generated", FILLED))
        painter.end()
        self._kept = layers, place, image
        return image


def _fill_surface(
    painter: QPainter, seen: Bounds, width: int, height: int, theme: Theme, surface: Surface
) -> None:
    x0, x1, y0, y1 = surface.bounds
    across = Sights((seen[0] - x0) / (x1 - x0), (seen[1] - x0) / (x1 - x0), width)
    up = Sights((seen[2] - y0) / (y1 - y0), (seen[3] - y0) / (y1 - y0), height)
    verdicts = surface.verdicts
    span = np.float32(verdicts.high - verdicts.low) or np.float32(1.0)
    shares = (surface.values - np.float32(verdicts.low)) / span
    levels = stepped(shares, VERDICT_STEPS, across, up)
    painter.drawImage(0, 0, step_picture(levels, width, _verdict_palette(theme)))


def _fill_density(
    painter: QPainter,
    rect: QRectF,
    view: MapView,
    grown: tuple[float, float],
    theme: Theme,
    density: Density,
) -> None:
    top = np.float32(density.values.max(initial=0.0)) or np.float32(1.0)
    x0, x1, y0, y1 = density.bounds
    rows, columns = density.values.shape
    # the picture's pixels are the nodes, and reach half a step beyond the field
    right, up = (x1 - x0) / (columns - 1) / 2, (y1 - y0) / (rows - 1) / 2
    corner = view.to_pixel(rect, x0 - right, y1 + up) - rect.topLeft()
    far = view.to_pixel(rect, x1 + right, y0 - up) - rect.topLeft()
    spot = QRectF(
        QPointF(corner.x() * grown[0], corner.y() * grown[1]),
        QPointF(far.x() * grown[0], far.y() * grown[1]),
    )
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(spot, smooth_picture(density.values / top, _density_palette(theme)))


@lru_cache(maxsize=4)
def _verdict_palette(theme: Theme) -> tuple[int, ...]:
    colors = (theme.verdict((step + 0.5) / VERDICT_STEPS) for step in range(VERDICT_STEPS))
    return tuple(color.rgb() for color in colors)


@lru_cache(maxsize=4)
def _density_palette(theme: Theme) -> Pixels:
    """The generated points' colour, ever stronger; premultiplied."""
    color = theme.color("generated")
    pixels = []
    for step in range(DENSITY_STEPS):
        alpha = round(0.85 * 255 * step / (DENSITY_STEPS - 1))
        red, green, blue = (
            channel * alpha // 255 for channel in (color.red(), color.green(), color.blue())
        )
        pixels.append(alpha << 24 | red << 16 | green << 8 | blue)
    return np.array(pixels, dtype=np.uint32)


def _strengths(net: Manifold) -> npt.NDArray[np.float64]:
    """How strongly each cell is filled: cells are drawn as often, so the smaller the denser."""
    areas = net.areas.astype(np.float64)
    # the median's upper neighbour: np.median takes ten times as long for so few
    middle = areas.size // 2
    usual = float(np.partition(areas, middle, axis=None)[middle]) or 1e-12
    strengths: npt.NDArray[np.float64] = 1.0 / (1.0 + areas / usual)
    return strengths
