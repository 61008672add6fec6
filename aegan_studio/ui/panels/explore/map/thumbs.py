"""Pictures of the items themselves, where the map has room for them."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from aegan_studio.ui.theme import Theme
from aegan_studio.ui.widgets.painting import fill_round, stroke_round
from aegan_studio.ui.widgets.pictures import picture_image
from aegan_studio.ui.widgets.scatter_grid import PointGrid, Rows
from aegan_studio.ui.widgets.scatter_view import MapView

SIDE = 40.0
"""Pixels of a picture's longer side at most, where whole factors allow."""
CROWD = 500
"""Points in view beyond which there is no room for pictures."""
MOST = 90
"""Pictures at most."""
PART = 0.14
"""Of the points in view that must find room for their pictures; fewer would only hide the rest."""
KEPT = 2000
"""Items whose pictures are remembered."""


class Thumbs:
    """Chooses items whose pictures fit side by side, and remembers their pictures."""

    def __init__(self) -> None:
        self._items: OrderedDict[int, npt.NDArray[Any]] = OrderedDict()
        self._images: dict[int, QImage] = {}
        self._theme = ""
        self._native = (0, 0)

    def clear(self) -> None:
        """Forget all pictures and their size."""
        self.forget()
        self._native = (0, 0)

    def forget(self) -> None:
        """Forget all pictures; others of their size will come."""
        self._items.clear()
        self._images.clear()

    def expect(self, width: int, height: int) -> None:
        """Pictures will be of this size, in pixels of their own."""
        self._native = (width, height)

    def add(self, rows: Rows, items: npt.NDArray[Any]) -> None:
        """Remember pictures of items."""
        for row, item in zip(rows.tolist(), items, strict=True):
            self._items[row] = item
            self._images.pop(row, None)
        while len(self._items) > KEPT:
            old, _ = self._items.popitem(last=False)
            self._images.pop(old, None)

    def missing(self, rows: Rows) -> Rows:
        """Those of the rows whose pictures are not known."""
        return np.array([row for row in rows.tolist() if row not in self._items], dtype=np.intp)

    def size(self, ratio: float) -> tuple[float, float]:
        """Width and height of a picture on the map, at a whole factor, in px."""
        wide, tall = self._native
        if not wide or not tall:
            return 0.0, 0.0
        fit = SIDE * ratio / max(wide, tall)
        factor = float(int(fit)) if fit >= 1.0 else 1.0 / math.ceil(1.0 / fit)
        return wide * factor / ratio, tall * factor / ratio

    def chosen(
        self, grid: PointGrid, places: npt.NDArray[Any], rect: QRectF, view: MapView, ratio: float
    ) -> Rows:
        """Rows whose pictures do not overlap; few change while the view moves.

        None while more than :data:`CROWD` points are in view, or too few would have room.
        """
        wide, tall = self.size(ratio)
        if not wide:
            return np.zeros(0, dtype=np.intp)
        rows = grid.inside(*view.bounds(rect))
        if not 0 < len(rows) <= CROWD:
            return np.zeros(0, dtype=np.intp)
        # a fixed lottery: what is shown depends on the items, not on the way the view went
        lots = (rows.astype(np.uint64) * np.uint64(2654435761)) % np.uint64(2**32)
        rows = rows[np.argsort(lots, kind="stable")]
        at = places[rows] * view.scale
        width, height = wide + 6.0, tall + 6.0
        cells = np.floor(at / (width, height)).astype(np.int64)
        taken: dict[tuple[int, int], tuple[float, float]] = {}
        kept: list[int] = []
        for row, (x, y), (i, j) in zip(rows.tolist(), at.tolist(), cells.tolist(), strict=True):
            near = (taken.get((i + di, j + dj)) for di in (-1, 0, 1) for dj in (-1, 0, 1))
            if any(
                n is not None and abs(n[0] - x) < width and abs(n[1] - y) < height for n in near
            ):
                continue
            taken[i, j] = (x, y)
            kept.append(row)
            if len(kept) == MOST:
                break
        if len(kept) < PART * len(rows):
            return np.zeros(0, dtype=np.intp)
        return np.array(kept, dtype=np.intp)

    def paint(
        self,
        painter: QPainter,
        rect: QRectF,
        view: MapView,
        places: npt.NDArray[Any],
        rows: Rows,
        colors: list[str],
        theme: Theme,
        ratio: float,
    ) -> None:
        """Draw the known pictures of rows in the place of their dots, framed in their colours."""
        if theme.name != self._theme:
            self._images.clear()
            self._theme = theme.name
        wide, tall = self.size(ratio)
        for row, color in zip(rows.tolist(), colors, strict=True):
            image = self._image(row, theme)
            if image is None:
                continue
            at = view.to_pixel(rect, float(places[row, 0]), float(places[row, 1]))
            left = round((at.x() - wide / 2) * ratio) / ratio
            top = round((at.y() - tall / 2) * ratio) / ratio
            spot = QRectF(left, top, wide, tall)
            frame = spot.adjusted(-2.5, -2.5, 2.5, 2.5)
            fill_round(painter, frame, 3, theme.surface)
            stroke_round(painter, frame, 3, QColor(color), 1.75)
            shrunk = image.width() > wide * ratio
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunk)
            painter.drawImage(spot, image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)

    def _image(self, row: int, theme: Theme) -> QImage | None:
        image = self._images.get(row)
        if image is None and row in self._items:
            self._items.move_to_end(row)
            image = self._images[row] = picture_image(self._items[row], theme)
        return image
