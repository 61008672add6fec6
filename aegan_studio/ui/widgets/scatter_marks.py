"""Many marks at once upon a map: sprites, lines, arrows and a net, each in a call or two of Qt's.

All places are pixels of the widget, (…, 2) or pieces of lines (n, 4) as x, y, x, y.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
import shiboken6
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from aegan_studio.ui.widgets.scatter_cloud import Shape

Floats = npt.NDArray[np.float64]

HEAD = 4.0
"""Length of an arrow's head, in px."""

FILLS = 3
"""Strengths of a net's cells."""

FARTHEST = 8192.0
"""Pixels beyond which no corner of a cell is drawn: Qt's raster counts in few bits."""


@lru_cache(maxsize=32)
def sprite(shape: Shape, color: str, rim: str, radius: float, ratio: float) -> QPixmap:
    """A dot with a rim, with a pixel of air about it."""
    side = math.ceil(2 * (radius + 1.5) * ratio)
    drawn = QPixmap(side, side)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(rim), 1.0))
    painter.setBrush(QColor(color))
    middle = QPointF(side / ratio / 2, side / ratio / 2)
    if shape == "square":
        half = radius * 0.9
        painter.drawRect(QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half))
    else:
        painter.drawEllipse(middle, radius, radius)
    painter.end()
    return drawn


def draw_sprites(painter: QPainter, dot: QPixmap, at: Floats) -> None:
    """The same dot at places (n, 2); those that are not finite are left out."""
    at = _sound(at)
    if not len(at):
        return
    fragments = np.zeros((len(at), 10))  # x, y, source left, top, width, height, scales, …
    fragments[:, :2] = at
    fragments[:, 4:6] = dot.width(), dot.height()
    fragments[:, 6:8] = 1.0 / dot.devicePixelRatio()
    fragments[:, 9] = 1.0
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmapFragments(_first(fragments, QPainter.PixmapFragment), len(at), dot)
    painter.restore()


def draw_lines(painter: QPainter, pieces: Floats, color: QColor, width: float = 1.0) -> None:
    """Pieces (n, 4) of lines; those that are not finite are left out."""
    pieces = _sound(pieces)
    if not len(pieces):
        return
    pieces = np.ascontiguousarray(pieces, dtype=np.float64)
    painter.setPen(QPen(color, width))
    # PySide takes the first of an array in memory here, which its stubs do not know
    lines: Any = painter.drawLines
    lines(_first(pieces, QLineF), len(pieces))


def _sound(rows: Floats) -> Floats:
    """Rows whose numbers are all finite; mostly all are, which a sum shows at once."""
    return rows if np.isfinite(rows.sum()) else rows[np.isfinite(rows).all(axis=1)]


def _first(array: npt.NDArray[np.float64], kind: type) -> Any:
    """The first of an array's rows as one of Qt's plain structures, of whose numbers it is made."""
    return shiboken6.wrapInstance(array.ctypes.data, kind)


def joined(start: Floats, end: Floats) -> Floats:
    """Pieces (n, 4) from places (n, 2) to places (n, 2)."""
    pieces: Floats = np.concatenate((start, end), axis=1)
    return pieces


def arrows(start: Floats, by: Floats) -> Floats:
    """Pieces (3 n, 4) of arrows from (n, 2) along (n, 2); heads shrink with short arrows."""
    end = start + by
    length = np.hypot(by[:, 0], by[:, 1])[:, None]
    along = by / np.maximum(length, 1e-9)
    across = np.stack((-along[:, 1], along[:, 0]), axis=1)
    head = np.minimum(HEAD, 0.45 * length)
    left, right = end - along * head + across * head * 0.6, end - along * head - across * head * 0.6
    return np.concatenate((joined(start, end), joined(end, left), joined(end, right)))


def bounded(vectors: Floats, most: float) -> Floats:
    """Vectors (n, 2) with lengths s as most · s / (1 + s): none is longer, their order stays."""
    size = np.hypot(vectors[:, 0], vectors[:, 1])[:, None]
    shortened: Floats = vectors * (most / (1.0 + size))
    return shortened


def net_lines(nodes: Floats) -> Floats:
    """Pieces (n, 4) of the lines along rows and columns of nodes (rows, columns, 2)."""
    rows = np.concatenate((nodes[:, :-1], nodes[:, 1:]), axis=-1).reshape(-1, 4)
    columns = np.concatenate((nodes[:-1], nodes[1:]), axis=-1).reshape(-1, 4)
    return np.concatenate((rows, columns))


@lru_cache(maxsize=4)
def _corners_of(rows: int, columns: int) -> npt.NDArray[np.intp]:
    """For each cell of a net the nodes at its corners and the first again, (cells, 5)."""
    node = np.arange(rows * columns).reshape(rows, columns)
    corners = (node[:-1, :-1], node[:-1, 1:], node[1:, 1:], node[1:, :-1], node[:-1, :-1])
    return np.stack(corners, axis=-1).reshape(-1, 5)


def fill_net(painter: QPainter, nodes: Floats, strength: Floats, color: QColor) -> None:
    """Fill the cells of a net, each as strongly as ``strength`` (r − 1, c − 1) says, 0–1.

    Hundreds of cells must not take milliseconds: draw them on a coarse picture without
    antialiasing, their lines hide it.

    Parameters
    ----------
    nodes : ndarray, (r, c, 2)
        In the painter's pixels.
    """
    cells = nodes.reshape(-1, 2)[_corners_of(*nodes.shape[:2])]
    level = np.clip(strength.reshape(-1) * FILLS, 0, FILLS - 1e-6)
    if not np.isfinite(cells.sum() + level.sum()):
        sound = np.isfinite(cells).all(axis=(1, 2)) & np.isfinite(level)
        level = np.where(sound, level, -1)
    np.clip(cells, -FARTHEST, FARTHEST, out=cells)
    steps = level.astype(np.intp)
    for step in range(FILLS):
        chosen = cells[steps == step].reshape(-1, 2)
        if not len(chosen):
            continue
        connected = np.ones(len(chosen), dtype=np.int32)
        connected[4::5] = 0
        path = pg.arrayToQPath(chosen[:, 0], chosen[:, 1], connect=connected, finiteCheck=False)
        path.setFillRule(Qt.FillRule.WindingFill)
        ink = QColor(color)
        ink.setAlphaF(color.alphaF() * (step + 0.5) / FILLS)
        painter.fillPath(path, ink)
