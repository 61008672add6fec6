"""A layer of dots as a picture that follows the view at once, and becomes exact when it rests."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from aegan_studio.ui.widgets.plot_data import Floats
from aegan_studio.ui.widgets.scatter_grid import PointGrid, Rows
from aegan_studio.ui.widgets.scatter_raster import (
    Dots,
    Pixels,
    Singles,
    image_of,
    painting,
    pixels_of,
)
from aegan_studio.ui.widgets.scatter_view import MapView

AT_ONCE = 60_000
"""Pixels that dots may cover for them to be drawn within a frame; about 6 ms."""
AT_FIRST = 6 * AT_ONCE
"""The same where there is no picture yet to show meanwhile."""
SLICE = 0.005
"""Seconds that refining takes of the window's thread at a time."""
_ALIGNED = 1e-3
"""Pixels by which a panned picture may be off a whole number of them."""


@dataclass(frozen=True, slots=True)
class Look:
    """How dots are drawn, but for where: see :class:`Dots`; ``radius`` is in device pixels."""

    palette: tuple[str, ...]
    radius: float
    square: bool
    rim: tuple[int, int, int]
    rim_share: float


@dataclass(frozen=True, slots=True)
class Sight:
    """Which picture is wanted: the view, the plane's corner, and its size in device pixels."""

    view: MapView
    left: float
    top: float
    width: int
    height: int
    ratio: float

    @classmethod
    def of(cls, view: MapView, rect: QRectF, ratio: float) -> Sight:
        """What a plane shows."""
        width, height = round(rect.width() * ratio), round(rect.height() * ratio)
        return cls(view, rect.left(), rect.top(), max(width, 1), max(height, 1), ratio)

    def to_device(self, xy: Floats) -> Floats:
        """Device pixels of points (N, 2) from the picture's corner."""
        half = (self.width / 2, self.height / 2)
        step = self.view.scale * self.ratio
        at: Floats = half + (xy - (self.view.x, self.view.y)) * (step, -step)
        return at

    def bounds(self, left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        """x0, x1, y0, y1 of a part of the picture, in device pixels."""
        step = self.view.scale * self.ratio
        x, y = self.view.x - self.width / 2 / step, self.view.y + self.height / 2 / step
        return x + left / step, x + right / step, y - bottom / step, y - top / step

    def alike(self, other: Sight) -> bool:
        """Whether the pictures have one size and one scale."""
        mine = (self.width, self.height, self.ratio, self.view.scale)
        return mine == (other.width, other.height, other.ratio, other.view.scale)

    def shift_to(self, other: Sight) -> tuple[float, float]:
        """How far what is here lies from where it is in ``other``, in device px right and down."""
        step = self.view.scale * self.ratio
        return (self.view.x - other.view.x) * step, (other.view.y - self.view.y) * step


@dataclass(slots=True)
class _Picture:
    """A finished picture of a sight."""

    sight: Sight
    pixels: Pixels
    image: QImage

    @classmethod
    def of(cls, sight: Sight, pixels: Pixels) -> _Picture:
        return cls(sight, pixels, image_of(pixels))

    def spot(self, sight: Sight, rect: QRectF) -> QRectF:
        """Where it lies in the plane that shows ``sight``."""
        mine, seen = self.sight.view, sight.view
        grown = seen.scale / mine.scale
        width = self.sight.width / self.sight.ratio * grown
        height = self.sight.height / self.sight.ratio * grown
        middle = rect.center() + QPointF(
            (mine.x - seen.x) * seen.scale, (seen.y - mine.y) * seen.scale
        )
        return QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)


class DotLayer:
    """Points drawn as dots, over and over from other views.

    A pan reuses the picture and draws only what came into view; few dots are drawn anew at once.
    Otherwise :meth:`paint` shows the last picture moved and scaled, and says that it is not
    exact; :meth:`refine` then works on the exact one, a slice at a time.

    Parameters
    ----------
    xy : ndarray, shape (N, 2)
    index : ndarray, shape (N,)
        Which colour of the palette each has.
    rows : ndarray or None
        Those that are drawn, ascending; by default all.
    """

    def __init__(
        self, xy: Floats, index: npt.NDArray[np.intp] | None, rows: Rows | None = None
    ) -> None:
        self.xy = xy
        self._index = np.zeros(len(xy), dtype=np.intp) if index is None else index
        self._rows = rows
        self._grid: PointGrid | None = None
        self._look: Look | None = None
        self._seen: _Picture | None = None
        self._far: _Picture | None = None
        self._job: tuple[Sight, Generator[None, None, Pixels]] | None = None

    @property
    def grid(self) -> PointGrid:
        """The drawn points, sorted into cells."""
        if self._grid is None:
            self._grid = PointGrid(self.xy, self._rows)
        return self._grid

    def take_over(self, older: DotLayer) -> None:
        """Show the older layer's picture until there is one of this layer's own."""
        self._far = older._seen or older._far

    def paint(
        self, painter: QPainter, rect: QRectF, view: MapView, ratio: float, look: Look, live: bool
    ) -> bool:
        """Draw into a plane, as exactly as is possible within a frame.

        Parameters
        ----------
        live : bool
            Whether another frame can follow; else the picture is exact however long it takes.

        Returns
        -------
        bool
            Whether the picture is exact.
        """
        sight = Sight.of(view, rect, ratio)
        if not live:
            dots = self._dots(sight, look, self._in_sight(sight, look))
            exact = _Picture.of(sight, pixels_of(dots, sight.width, sight.height))
            painter.drawImage(exact.spot(sight, rect), exact.image)
            return True
        if look != self._look:
            if self._seen is not None:
                self._far = self._seen
            self._look, self._seen, self._job = look, None, None
        seen = self._exact(sight, look)
        if seen is not None:
            painter.drawImage(
                QRectF(rect.left(), rect.top(), rect.width(), rect.height()), seen.image
            )
            return True
        self._paint_last(painter, rect, sight)
        return False

    def refine(self, view: MapView, rect: QRectF, ratio: float) -> bool:
        """Work on the exact picture for a slice of time; True once it is there."""
        sight, look = Sight.of(view, rect, ratio), self._look
        if look is None or (self._seen is not None and self._seen.sight == sight):
            return True
        if self._job is None or self._job[0] != sight:
            dots = self._dots(sight, look, self._in_sight(sight, look))
            self._job = sight, painting(dots, sight.width, sight.height)
        deadline = time.perf_counter() + SLICE
        try:
            while time.perf_counter() < deadline:
                next(self._job[1])
        except StopIteration as done:
            self._job = None
            self._keep(_Picture.of(sight, done.value))
            return True
        return False

    def _keep(self, picture: _Picture) -> None:
        self._seen = picture
        wide, far = picture.sight.view.scale, self._far
        if far is None or wide <= far.sight.view.scale or far.sight.ratio != picture.sight.ratio:
            self._far = picture

    def _exact(self, sight: Sight, look: Look) -> _Picture | None:
        """The exact picture where it is there, or takes little."""
        seen = self._seen
        if seen is not None and seen.sight == sight:
            return seen
        if seen is not None and seen.sight.alike(sight):
            moved = self._panned(seen, sight, look)
            if moved is not None:
                self._seen = moved
                return moved
        rows = self._in_sight(sight, look)
        most = AT_ONCE if seen is not None or self._far is not None else AT_FIRST
        if len(rows) * _area(look) > most:
            return None
        pixels = pixels_of(self._dots(sight, look, rows), sight.width, sight.height)
        self._keep(_Picture.of(sight, pixels))
        return self._seen

    def _panned(self, seen: _Picture, sight: Sight, look: Look) -> _Picture | None:
        """The picture moved by whole pixels, with what came into view drawn anew."""
        right, down = seen.sight.shift_to(sight)
        dx, dy = round(right), round(down)
        if max(abs(right - dx), abs(down - dy)) > _ALIGNED:
            return None
        width, height = sight.width, sight.height
        if abs(dx) >= width or abs(dy) >= height:
            return None
        strips = []
        if dx:
            strips.append((0, 0, dx, height) if dx > 0 else (width + dx, 0, width, height))
        if dy:
            left, right_end = (dx, width) if dx > 0 else (0, width + dx)
            strips.append(
                (left, 0, right_end, dy) if dy > 0 else (left, height + dy, right_end, height)
            )
        rows = [self._in_sight(sight, look, strip) for strip in strips]
        if sum(len(part) for part in rows) * _area(look) > AT_ONCE:
            return None
        pixels = np.empty((height, width), dtype=np.uint32)
        to_x, from_x = slice(max(dx, 0), width + min(dx, 0)), slice(max(-dx, 0), width - max(dx, 0))
        to_y, from_y = (
            slice(max(dy, 0), height + min(dy, 0)),
            slice(max(-dy, 0), height - max(dy, 0)),
        )
        pixels[to_y, to_x] = seen.pixels[from_y, from_x]
        for (x0, y0, x1, y1), part in zip(strips, rows, strict=True):
            dots = self._dots(sight, look, part, (x0, y0))
            pixels[y0:y1, x0:x1] = pixels_of(dots, x1 - x0, y1 - y0)
        return _Picture.of(sight, pixels)

    def _paint_last(self, painter: QPainter, rect: QRectF, sight: Sight) -> None:
        """The last picture where it lies now; around it an older one from farther away."""
        painter.save()
        painter.setClipRect(rect)
        spot = QRectF()
        if self._seen is not None:
            spot = self._seen.spot(sight, rect)
            painter.drawImage(spot, self._seen.image)
        if self._far is not None and self._far is not self._seen and not spot.contains(rect):
            for part in _around(rect, spot):
                painter.setClipRect(part)
                painter.drawImage(self._far.spot(sight, rect), self._far.image)
        painter.restore()

    def _in_sight(
        self, sight: Sight, look: Look, part: tuple[int, int, int, int] | None = None
    ) -> Rows:
        reach = look.radius + 1.5
        x0, y0, x1, y1 = part or (0, 0, sight.width, sight.height)
        return self.grid.within(*sight.bounds(x0 - reach, y0 - reach, x1 + reach, y1 + reach))

    def _dots(self, sight: Sight, look: Look, rows: Rows, corner: tuple[int, int] = (0, 0)) -> Dots:
        at = sight.to_device(self.xy[rows]) - corner
        rim: Singles = np.array(look.rim, dtype=np.float32)
        palette = _colours(look.palette)
        index = self._index[rows] % len(palette)
        return Dots(at, index, palette, look.radius, look.square, rim, look.rim_share)


def _area(look: Look) -> float:
    """Pixels that a dot touches, about."""
    return 3.2 * (look.radius + 0.5) ** 2


def _colours(names: tuple[str, ...]) -> Singles:
    values = [int(name[1:], 16) for name in names]
    rgb = [(value >> 16, value >> 8 & 255, value & 255) for value in values]
    colours: Singles = np.array(rgb, dtype=np.float32)
    return colours


def _around(rect: QRectF, hole: QRectF) -> list[QRectF]:
    """``rect`` without ``hole``, as rectangles."""
    inner = hole.intersected(rect)
    if inner.isEmpty():
        return [rect]
    parts = [
        QRectF(rect.left(), rect.top(), rect.width(), inner.top() - rect.top()),
        QRectF(rect.left(), inner.bottom(), rect.width(), rect.bottom() - inner.bottom()),
        QRectF(rect.left(), inner.top(), inner.left() - rect.left(), inner.height()),
        QRectF(inner.right(), inner.top(), rect.right() - inner.right(), inner.height()),
    ]
    return [part for part in parts if part.width() > 0 and part.height() > 0]
