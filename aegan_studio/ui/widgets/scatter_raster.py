"""Many dots into one picture, each drawn as exactly as a pixel allows, in array arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Dots:
    """Dots of one shape: pixels ``(N, 2)``, a colour index each, and the palette ``(K, 3)``."""

    at: Floats
    index: npt.NDArray[np.intp]
    palette: npt.NDArray[np.float32]
    radius: float
    square: bool
    rim: npt.NDArray[np.float32]
    rim_share: float


def fitting_radius(count: int, wish: float) -> float:
    """The radius in px for so many dots: many are drawn smaller."""
    for limit, radius in ((3_000, 3.0), (12_000, 2.4), (50_000, 1.7)):
        if count <= limit:
            return min(wish, radius) if count > 2_000 else wish
    return min(wish, 1.25)


def paint_dots(layers: list[Dots], width: int, height: int) -> QImage:
    """A transparent picture of ``width`` × ``height`` device px with all dots.

    Later dots lie on earlier ones. For every pixel the topmost dot that covers it is found,
    then the pixel is shaded from its distance to that dot's centre: fill, rim, soft edge.
    """
    image = np.zeros((height, width, 4), dtype=np.float32)
    for dots in layers:
        _paint_layer(image, dots)
    bgra = np.empty((height, width, 4), dtype=np.uint8)
    bgra[..., :3] = np.rint(image[..., 2::-1])
    bgra[..., 3] = np.rint(image[..., 3] * 255)
    return QImage(
        bgra.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied
    ).copy()


def _paint_layer(image: npt.NDArray[np.float32], dots: Dots) -> None:
    height, width = image.shape[:2]
    reach = int(np.ceil(dots.radius + 0.5))
    inside = (
        np.isfinite(dots.at).all(axis=1)
        & (dots.at[:, 0] > -reach)
        & (dots.at[:, 0] < width + reach)
        & (dots.at[:, 1] > -reach)
        & (dots.at[:, 1] < height + reach)
    )
    at = dots.at[inside].astype(np.float32)
    index = dots.index[inside]
    if not len(at):
        return
    top = _topmost(at, dots, reach, width, height)
    covered = np.flatnonzero(top >= 0)
    if not len(covered):
        return
    row, column = np.divmod(covered, top.shape[1])
    owner = top.reshape(-1)[covered]
    dx = column - reach - at[owner, 0] + 0.5
    dy = row - reach - at[owner, 1] + 0.5
    away = np.maximum(np.abs(dx), np.abs(dy)) if dots.square else np.hypot(dx, dy)
    keep = (row >= reach) & (row < height + reach) & (column >= reach) & (column < width + reach)
    away, owner = away[keep], owner[keep]
    row, column = row[keep] - reach, column[keep] - reach
    alpha = np.clip(dots.radius + 0.5 - away, 0.0, 1.0)[:, None]
    edge = np.clip(away - (dots.radius - 1.0) + 0.5, 0.0, 1.0)[:, None] * dots.rim_share
    fill = dots.palette[index[owner]]
    color = fill + (dots.rim - fill) * edge
    under = image[row, column]
    image[row, column, :3] = color * alpha + under[:, :3] * (1 - alpha)
    image[row, column, 3:] = alpha + under[:, 3:] * (1 - alpha)


def _topmost(
    at: npt.NDArray[np.float32], dots: Dots, reach: int, width: int, height: int
) -> npt.NDArray[np.int32]:
    """For every pixel of a margin of ``reach``: the last dot that covers it, or −1."""
    across = width + 4 * reach + 2
    top = np.full((height + 4 * reach + 2, across), -1, dtype=np.int32)
    flat = top.reshape(-1)
    corner = np.floor(at).astype(np.int32) + 2 * reach
    base = corner[:, 1] * across + corner[:, 0]
    order = np.arange(len(at), dtype=np.int32)
    part = at - np.floor(at) - 0.5
    limit = dots.radius + 0.5
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            far_x, far_y = np.abs(dx - part[:, 0]), np.abs(dy - part[:, 1])
            if dots.square:
                touched = (far_x < limit) & (far_y < limit)
            else:
                touched = far_x * far_x + far_y * far_y < limit * limit
            here = base[touched] + (dy * across + dx)
            # Of several dots on one pixel NumPy keeps the last written: the topmost.
            flat[here] = np.maximum(flat[here], order[touched])
    return np.ascontiguousarray(
        top[reach : reach + height + 2 * reach, reach : reach + width + 2 * reach]
    )
