"""Many dots into one picture, each drawn as exactly as a pixel allows, in array arithmetic."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint32]
_CHUNK = 2_048
"""Dots stamped between two pauses: their arrays stay in the processor's cache."""
_BAND = 60_000
"""Pixels shaded between two pauses."""
_FINE = 64
"""Distances told apart within a pixel."""


@dataclass(frozen=True, slots=True)
class Dots:
    """Dots of one shape: device pixels ``(N, 2)``, a colour index each, the palette ``(K, 3)``.

    ``rim`` is the outline's colour, ``rim_share`` how much of it shows, 0–1.
    """

    at: Floats
    index: npt.NDArray[np.intp]
    palette: Singles
    radius: float
    square: bool
    rim: Singles
    rim_share: float


def fitting_radius(count: int, wish: float) -> float:
    """The radius in px for so many dots: thousands are drawn smaller."""
    for limit, radius in ((2_000, wish), (5_000, 2.8), (15_000, 2.2), (50_000, 1.6)):
        if count <= limit:
            return min(wish, radius)
    return min(wish, 1.2)


def image_of(pixels: Pixels) -> QImage:
    """Premultiplied pixels (height, width) as a picture that shares their memory."""
    height, width = pixels.shape
    form = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, width * 4, form)


def pixels_of(dots: Dots, width: int, height: int) -> Pixels:
    """The pixels of a layer (height, width), premultiplied."""
    work = painting(dots, width, height)
    while True:
        try:
            next(work)
        except StopIteration as done:
            pixels: Pixels = done.value
            return pixels


def painting(dots: Dots, width: int, height: int) -> Generator[None, None, Pixels]:
    """:func:`pixels_of` in pieces of a few milliseconds, so that other work comes between."""
    reach = int(np.ceil(dots.radius + 0.5))
    inside = (
        (dots.at[:, 0] > -reach)
        & (dots.at[:, 0] < width + reach)
        & (dots.at[:, 1] > -reach)
        & (dots.at[:, 1] < height + reach)
    )
    at, index = dots.at[inside].astype(np.float32), dots.index[inside]
    yield
    top = yield from _topmost(at, dots, reach, width, height)
    pixels = np.zeros((height, width), dtype=np.uint32)
    shades = _shades(dots)
    rows = max(_BAND // max(width, 1), 1)
    for start in range(0, height, rows):
        _shade(
            pixels[start : start + rows], top[start : start + rows], start, at, index, dots, shades
        )
        yield
    return pixels


def _shade(
    pixels: Pixels,
    top: npt.NDArray[np.int32],
    first: int,
    at: Singles,
    index: npt.NDArray[np.intp],
    dots: Dots,
    shades: Pixels,
) -> None:
    """Shade a band of rows from ``first`` on; ``top`` says whose each pixel is."""
    row, column = np.nonzero(top >= 0)
    if not len(row):
        return
    owner = top[row, column]
    dx = np.abs(column.astype(np.float32) + np.float32(0.5) - at[:, 0][owner])
    dy = np.abs((row + first).astype(np.float32) + np.float32(0.5) - at[:, 1][owner])
    away = np.maximum(dx, dy) if dots.square else np.sqrt(dx * dx + dy * dy)
    level = np.minimum(away * np.float32(_FINE) + np.float32(0.5), shades.shape[1] - 1)
    kind = 0 if len(shades) == 1 else index[owner]
    pixels[row, column] = shades[kind, level.astype(np.int32)]


def _shades(dots: Dots) -> Pixels:
    """Every colour's pixel at each distance from a dot's centre: ``(K, levels)``, premultiplied."""
    away = np.arange(int((dots.radius + 0.5) * _FINE) + 2, dtype=np.float32) / np.float32(_FINE)
    radius = np.float32(dots.radius)
    alpha = np.clip(radius + np.float32(0.5) - away, 0, 1)[None, :, None]
    edge = np.clip(away - radius + np.float32(1.5), 0, 1)[None, :, None]
    fill = dots.palette[:, None]
    color = fill + (dots.rim - fill) * edge * np.float32(dots.rim_share)
    red, green, blue = np.moveaxis((color * alpha + np.float32(0.5)).astype(np.uint32), -1, 0)
    opacity = (alpha[..., 0] * np.float32(255) + np.float32(0.5)).astype(np.uint32)
    shades: Pixels = (opacity << 24) | (red << 16) | (green << 8) | blue
    return shades


def _topmost(
    at: Singles, dots: Dots, reach: int, width: int, height: int
) -> Generator[None, None, npt.NDArray[np.int32]]:
    """For every pixel (height, width): the last dot that covers it, or −1."""
    across = width + 4 * reach
    top = np.full((height + 4 * reach) * across, -1, dtype=np.int32)
    span = np.arange(-reach, reach + 1, dtype=np.int32)
    dx, dy = (grid.reshape(-1) for grid in np.meshgrid(span, span))
    limit = np.float32(dots.radius + 0.5)
    if not dots.square:
        near = np.hypot(np.maximum(np.abs(dx) - 0.5, 0), np.maximum(np.abs(dy) - 0.5, 0)) < limit
        dx, dy = dx[near], dy[near]
    shift = dy * np.int32(across) + dx
    far_x, far_y = dx.astype(np.float32)[None], dy.astype(np.float32)[None]
    corner = np.floor(at)
    part = at - corner - np.float32(0.5)
    cell = corner.astype(np.int32) + np.int32(2 * reach)
    base = cell[:, 1] * np.int32(across) + cell[:, 0]
    for start in range(0, len(at), _CHUNK):
        stop = min(start + _CHUNK, len(at))
        gap_x, gap_y = far_x - part[start:stop, :1], far_y - part[start:stop, 1:]
        if dots.square:
            touched = np.maximum(np.abs(gap_x), np.abs(gap_y)) < limit
        else:
            gap_x *= gap_x
            gap_y *= gap_y
            gap_x += gap_y
            touched = gap_x < limit * limit
        here = (base[start:stop, None] + shift[None])[touched]
        counts = np.count_nonzero(touched, axis=1)
        # Where several dots want one pixel, NumPy keeps what is written last: the topmost.
        top[here] = np.repeat(np.arange(start, stop, dtype=np.int32), counts)
        yield
    framed = top.reshape(height + 4 * reach, across)
    return framed[2 * reach : 2 * reach + height, 2 * reach : 2 * reach + width]
