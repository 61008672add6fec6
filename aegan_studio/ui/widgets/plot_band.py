"""Curves of far more points than pixels: each pixel column filled from lowest to highest."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from aegan_studio.ui.widgets.plot_data import Floats


def joined(top: Floats, bottom: Floats) -> tuple[Floats, Floats]:
    """Neighbouring columns that do not touch grow half-way towards each other.

    The result covers what the line between them would cover; ``top`` ≤ ``bottom`` in px.
    """
    top, bottom = top.copy(), bottom.copy()
    up, down = (bottom[:-1] + top[1:]) / 2, (top[:-1] + bottom[1:]) / 2
    rising, falling = bottom[1:] < top[:-1], top[1:] > bottom[:-1]
    bottom[1:] = np.where(rising, np.maximum(bottom[1:], down), bottom[1:])
    top[:-1] = np.where(rising, np.minimum(top[:-1], down), top[:-1])
    top[1:] = np.where(falling, np.minimum(top[1:], up), top[1:])
    bottom[:-1] = np.where(falling, np.maximum(bottom[:-1], up), bottom[:-1])
    return top, bottom


def per_column(x: Floats, top: Floats, bottom: Floats) -> tuple[int, Floats, Floats]:
    """The first column and the extent of every column from there on, from points in device px."""
    column = np.floor(x).astype(np.intp)
    starts = np.flatnonzero(np.concatenate(([True], column[1:] > column[:-1])))
    known = column[starts]
    upper, lower = np.minimum.reduceat(top, starts), np.maximum.reduceat(bottom, starts)
    every = np.arange(known[0], known[-1] + 1)
    return int(known[0]), np.interp(every, known, upper), np.interp(every, known, lower)


def paint_band(
    painter: QPainter,
    rect: QRectF,
    ratio: float,
    points: tuple[Floats, Floats, Floats],
    color: QColor,
    width: float,
) -> None:
    """Fill the columns that a line of ``width`` px through all the points would cover.

    ``points`` are steps, upper and lower ends in logical px, without gaps. Qt would take
    a hundred times as long to stroke or fill the same shape as a polygon.
    """
    x, top, bottom = ((part - edge) * ratio for part, edge in zip(
        points, (rect.left(), rect.top(), rect.top()), strict=True
    ))  # fmt: skip
    across, down = round(rect.width() * ratio), round(rect.height() * ratio)
    if not len(x) or x[0] >= across or x[-1] < 0:
        return
    first, upper, lower = per_column(np.clip(x, -across, 2 * across), top, bottom)
    upper, lower = joined(upper, lower)
    seen = slice(max(-first, 0), max(across - first, 0))
    first, upper, lower = max(first, 0), upper[seen], lower[seen]
    half = width * ratio / 2
    upper = np.clip(upper - half, -1, down + 1).astype(np.float32)
    lower = np.clip(lower + half, -1, down + 1).astype(np.float32)
    begin, end = max(int(upper.min()), 0), min(int(np.ceil(lower.max())) + 1, down)
    if end <= begin:
        return
    rows = np.arange(begin, end, dtype=np.float32)[:, None]
    cover = np.minimum(rows + 1, lower) - np.maximum(rows, upper)
    np.clip(cover, 0, 1, out=cover)
    stride = -(-len(upper) // 4) * 4
    mask = np.zeros((end - begin, stride), dtype=np.uint8)
    mask[:, : len(upper)] = cover * 255 + 0.5
    image = QImage(mask.data, len(upper), end - begin, stride, QImage.Format.Format_Indexed8)
    image.setColorTable(_tints(color.rgba()))
    image.setDevicePixelRatio(ratio)
    painter.drawImage(rect.topLeft() + QPointF(first / ratio, begin / ratio), image)


@lru_cache(maxsize=64)
def _tints(rgba: int) -> list[int]:
    """The colour at 256 opacities."""
    plain, alpha = rgba & 0xFFFFFF, (rgba >> 24) / 255
    return [(round(level * alpha) << 24) | plain for level in range(256)]
