"""The ground of the map: an endless sheet of decoded tiles, coarse to fine, kept while panning."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from aegan_studio.ui.theme import Theme
from aegan_studio.ui.widgets.pictures import picture_image
from aegan_studio.ui.widgets.scatter_view import MapView

Array = npt.NDArray[Any]
Cells = npt.NDArray[np.int64]
Cell = tuple[int, int, int]
"""Level, column and row: the square from ``2**level`` times (column, row) on."""

LEAST = 36.0
"""Pixels that a cell has at least; at most twice as many."""
MARGIN = 6.0
"""Pixels between tiles, about."""
BYTES = 64 * 2**20
"""Of decoded tiles that are kept."""
FIRST = 2
"""Levels above the wanted one of the tiles that come first: a sixteenth as many."""
COARSER = 3
"""Levels above the wanted one whose tiles stand in meanwhile."""
MOST = 400
"""Cells of a view at most."""


@dataclass(frozen=True, slots=True)
class _Tile:
    item: Array
    image: QImage
    theme: str


class Ground:
    """Decoded tiles by what they belong to, and which of them a view needs.

    A key names the snapshot, the plane and the code that fills what the plane leaves open. While
    tiles of a new key are on their way, those of the key before stand in for them.
    """

    def __init__(self) -> None:
        self._tiles: OrderedDict[tuple[Hashable, Cell], _Tile] = OrderedDict()
        self._bytes = 0
        self._key: Hashable = None
        self._before: Hashable = None
        self._native = (0, 0)

    @property
    def key(self) -> Hashable:
        """What the wanted tiles belong to."""
        return self._key

    def set_key(self, key: Hashable, *, akin: bool) -> None:
        """Want the tiles of another key; ``akin``: the old ones may stand in for them."""
        if key == self._key:
            return
        self._before = self._key if akin else None
        self._key = key

    def clear(self) -> None:
        """Forget all tiles."""
        self._tiles.clear()
        self._bytes, self._key, self._before, self._native = 0, None, None, (0, 0)

    def __len__(self) -> int:
        return len(self._tiles)

    def level(self, view: MapView, ratio: float) -> int:
        """The level whose cells suit the view: at least :data:`LEAST` px, and large enough."""
        wide = max(self._native) / ratio
        least = max(LEAST, min(wide + MARGIN, 4.0 * LEAST))
        return math.ceil(math.log2(least / view.scale))

    def expect(self, width: int, height: int) -> None:
        """Tiles will be of this size, in pixels of their own."""
        self._native = (width, height)

    def cells(self, level: int, bounds: tuple[float, float, float, float]) -> Cells:
        """The cells (n, 3) of a level that a rectangle x0, x1, y0, y1 touches, middle first."""
        side = 2.0**level
        x0, x1, y0, y1 = (value / side for value in bounds)
        columns = np.arange(math.floor(x0), math.floor(x1) + 1)
        rows = np.arange(math.floor(y0), math.floor(y1) + 1)
        if len(columns) * len(rows) > MOST:
            return np.zeros((0, 3), dtype=np.int64)
        across, up = (grid.ravel() for grid in np.meshgrid(columns, rows))
        away = (across + 0.5 - (x0 + x1) / 2) ** 2 + (up + 0.5 - (y0 + y1) / 2) ** 2
        order = np.argsort(away, kind="stable")
        levels = np.full(len(order), level)
        return np.stack((levels, across[order], up[order]), axis=1).astype(np.int64)

    def missing(
        self, view: MapView, bounds: tuple[float, float, float, float], ratio: float
    ) -> Cells:
        """The cells (n, 3) to decode for a view: coarse ones first, where nothing is there."""
        level = self.level(view, ratio)
        fine = [cell for cell in _tuples(self.cells(level, bounds)) if not self._has(cell)]
        bare = {_parent(_parent(cell)) for cell in fine if self._stand_in(cell) is None}
        coarse = [cell for cell in _tuples(self.cells(level + FIRST, bounds)) if cell in bare]
        return np.array(coarse + fine, dtype=np.int64).reshape(-1, 3)

    def centres(self, cells: Cells) -> npt.NDArray[np.float64]:
        """Where the codes of cells lie, (n, 2)."""
        side = np.exp2(cells[:, :1].astype(np.float64))
        found = (cells[:, 1:] + 0.5) * side
        return np.asarray(found, dtype=np.float64)

    def add(self, key: Hashable, cells: Cells, items: Array, theme: Theme) -> None:
        """Keep tiles that were decoded."""
        for cell, item in zip(_tuples(cells), items, strict=True):
            self._put((key, cell), _Tile(item, picture_image(item, theme), theme.name))
        while self._bytes > BYTES:
            _, old = self._tiles.popitem(last=False)
            self._bytes -= old.image.sizeInBytes()

    def _put(self, place: tuple[Hashable, Cell], tile: _Tile) -> None:
        old = self._tiles.pop(place, None)
        self._bytes += tile.image.sizeInBytes() - (old.image.sizeInBytes() if old else 0)
        self._tiles[place] = tile

    def _has(self, cell: Cell) -> bool:
        return (self._key, cell) in self._tiles

    def _stand_in(self, cell: Cell) -> Cell | None:
        """The nearest coarser cell around this one whose tile is there."""
        for _ in range(COARSER):
            cell = _parent(cell)
            if self._has(cell) or (self._before, cell) in self._tiles:
                return cell
        return None

    def _tile(self, cell: Cell, theme: Theme) -> _Tile | None:
        for key in (self._key, self._before):
            tile = self._tiles.get((key, cell)) if key is not None else None
            if tile is not None:
                self._tiles.move_to_end((key, cell))
                if tile.theme != theme.name:
                    tile = _Tile(tile.item, picture_image(tile.item, theme), theme.name)
                    self._tiles[key, cell] = tile
                return tile
        return None

    def is_complete(
        self, view: MapView, bounds: tuple[float, float, float, float], ratio: float
    ) -> bool:
        """Whether every tile of a view is there."""
        cells = _tuples(self.cells(self.level(view, ratio), bounds))
        return all(self._has(cell) for cell in cells)

    def has_any(
        self, view: MapView, bounds: tuple[float, float, float, float], ratio: float
    ) -> bool:
        """Whether something stands, coarse or fine, in every place of a view."""
        cells = _tuples(self.cells(self.level(view, ratio), bounds))
        return all(self._has(cell) or self._stand_in(cell) is not None for cell in cells)

    def paint(
        self,
        painter: QPainter,
        rect: QRectF,
        view: MapView,
        theme: Theme,
        ratio: float,
        part: QRectF | None = None,
    ) -> None:
        """Draw what is there into the plane: stand-ins first, over them the fine tiles.

        ``part`` is the part of the plane that matters, in px; by default all of it.
        """
        level = self.level(view, ratio)
        bounds = view.bounds(rect)
        if part is not None:
            x0, y1 = view.to_data(rect, part.topLeft())
            x1, y0 = view.to_data(rect, part.bottomRight())
            bounds = (x0, x1, y0, y1)
        fine: list[tuple[Cell, _Tile]] = []
        coarse: dict[Cell, None] = {}
        for cell in _tuples(self.cells(level, bounds)):
            tile = self._tile(cell, theme)
            if tile is not None:
                fine.append((cell, tile))
            else:
                other = self._stand_in(cell)
                if other is not None:
                    coarse[other] = None
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for cell in sorted(coarse, key=lambda c: -c[0]):
            tile = self._tile(cell, theme)
            if tile is not None:
                _paint_tile(painter, _spot(cell, rect, view), tile.image, ratio)
        for cell, tile in fine:
            spot = _spot(cell, rect, view)
            if coarse:
                _clear(painter, spot, theme)
            _paint_tile(painter, spot, tile.image, ratio)
        painter.restore()

    def paint_cells(
        self,
        painter: QPainter,
        rect: QRectF,
        view: MapView,
        theme: Theme,
        ratio: float,
        cells: Cells,
    ) -> bool:
        """Draw some cells anew; false where they are not of the level that the view wants."""
        level = self.level(view, ratio)
        if not (cells[:, 0] == level).all():
            return False
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for cell in _tuples(cells):
            tile = self._tile(cell, theme)
            if tile is not None:
                spot = _spot(cell, rect, view)
                _clear(painter, spot, theme)
                _paint_tile(painter, spot, tile.image, ratio)
        painter.restore()
        return True


def _clear(painter: QPainter, spot: QRectF, theme: Theme) -> None:
    """Take away what stood in here."""
    opacity = painter.opacity()
    painter.setOpacity(1.0)
    painter.fillRect(spot, theme.color("sunken" if theme.dark else "surface"))
    painter.setOpacity(opacity)


def _parent(cell: Cell) -> Cell:
    level, column, row = cell
    return level + 1, column >> 1, row >> 1


def _tuples(cells: Cells) -> Iterable[Cell]:
    return [(level, column, row) for level, column, row in cells.tolist()]


def _spot(cell: Cell, rect: QRectF, view: MapView) -> QRectF:
    level, column, row = cell
    side = 2.0**level
    low = view.to_pixel(rect, column * side, row * side)
    high = view.to_pixel(rect, (column + 1) * side, (row + 1) * side)
    return QRectF(QPointF(low.x(), high.y()), QPointF(high.x(), low.y()))


def _paint_tile(painter: QPainter, spot: QRectF, image: QImage, ratio: float) -> None:
    """In the middle of its cell, at a whole factor, on device pixels."""
    fit = 0.94 * ratio * min(spot.width() / image.width(), spot.height() / image.height())
    factor = float(int(fit)) if fit >= 1.0 else 1.0 / math.ceil(1.0 / fit)
    width, height = image.width() * factor / ratio, image.height() * factor / ratio
    left = round((spot.center().x() - width / 2) * ratio) / ratio
    top = round((spot.center().y() - height / 2) * ratio) / ratio
    shrunk = factor < 1.0
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunk)
    painter.drawImage(QRectF(left, top, width, height), image)
