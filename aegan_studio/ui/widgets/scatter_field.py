"""A field of values over a rectangle: as a picture in few steps, and the line where it is level."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

Singles = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint32]
Levels = npt.NDArray[np.uint8]

_CORNERS = ((0, 0), (0, 1), (1, 1), (1, 0))
"""Of a cell, as (row, column), all round."""

_CUT = np.array(
    (
        (-1, -1, -1, -1),
        (3, 0, -1, -1),
        (0, 1, -1, -1),
        (3, 1, -1, -1),
        (1, 2, -1, -1),
        (3, 0, 1, 2),
        (0, 2, -1, -1),
        (3, 2, -1, -1),
        (2, 3, -1, -1),
        (2, 0, -1, -1),
        (0, 1, 2, 3),
        (2, 1, -1, -1),
        (1, 3, -1, -1),
        (1, 0, -1, -1),
        (0, 3, -1, -1),
        (-1, -1, -1, -1),
    )
)
"""The edges that lines run between, by which corners lie above; edge k follows corner k."""

_SADDLES = (5, 10)
_NEXT = [1, 2, 3, 0]
_STARTS = np.array(_CORNERS, float)
_WAYS = _STARTS[_NEXT] - _STARTS


def contour(values: Singles, level: float) -> npt.NDArray[np.float64]:
    """Where a bilinear field is ``level``: pieces (n, 2, 2) of lines, as (column, row) of nodes.

    Marching squares (Lorensen & Cline 1987, in the plane); in a saddle the mean of the cell
    decides which corners are joined. Cells with values that are not finite have no line.
    """
    field = values.astype(np.float64) - level
    above = (field >= 0).astype(np.uint8)
    case = above[:-1, :-1] | above[:-1, 1:] << 1 | above[1:, 1:] << 2 | above[1:, :-1] << 3
    row, column = np.nonzero((case > 0) & (case < 15))
    case = case[row, column]
    corners = np.stack([field[row + down, column + right] for down, right in _CORNERS])
    if not np.isfinite(corners.sum()):
        case[~np.isfinite(corners).all(axis=0)] = 0
    saddle = (case == _SADDLES[0]) | (case == _SADDLES[1])
    if saddle.any():
        # as the table has it, the corners above are parted from each other
        case[saddle & (corners.mean(axis=0) >= 0)] ^= _SADDLES[0] ^ _SADDLES[1]
    gap = corners - corners[_NEXT]
    gap[gap == 0] = 1.0
    share = np.clip(corners / gap, 0.0, 1.0)
    at = np.empty((*share.shape, 2))
    np.multiply(share, _WAYS[:, 1:], out=at[..., 0])
    np.multiply(share, _WAYS[:, :1], out=at[..., 1])
    at[..., 0] += column + _STARTS[:, 1:]
    at[..., 1] += row + _STARTS[:, :1]
    pairs = _CUT[case].reshape(-1, 2, 2)
    cell, which = np.nonzero(pairs[:, :, 0] >= 0)
    ends = pairs[cell, which]
    found: npt.NDArray[np.float64] = at[ends, cell[:, None]]
    return found


@dataclass(frozen=True, slots=True)
class Sights:
    """Which part of a field is seen along one axis, in shares of it, 0–1, by so many pixels."""

    start: float
    stop: float
    pixels: int

    @property
    def inside(self) -> slice:
        """The pixels whose middles lie in the field."""
        step = (self.stop - self.start) / self.pixels
        first = math.ceil(-self.start / step - 0.5 - 1e-9)
        last = math.floor((1.0 - self.start) / step - 0.5 + 1e-9)
        return slice(max(first, 0), max(min(last + 1, self.pixels), max(first, 0)))


@lru_cache(maxsize=16)
def _between(nodes: int, sights: Sights) -> tuple[npt.NDArray[np.intp], Singles]:
    """For the middle of each pixel in the field: the node before it, and how far on to the next."""
    share = sights.start + (sights.stop - sights.start) * (
        (np.arange(sights.pixels)[sights.inside] + 0.5) / sights.pixels
    )
    at = np.clip(share, 0.0, 1.0) * (nodes - 1)
    first = np.minimum(at.astype(np.intp), nodes - 2)
    return first, (at - first).astype(np.float32)


def enlarged(values: Singles, across: Sights, up: Sights) -> Singles:
    """The seen part of values (rows, columns) at nodes, as pixels between them, upwards.

    Row 0 of what is given and of what comes lies at the foot. Without matrix products: those
    would start threads that compete with a training.
    """
    first, share = _between(values.shape[0], up)
    rows = values[first] + (values[first + 1] - values[first]) * share[:, None]
    first, share = _between(values.shape[1], across)
    left = np.take(rows, first, axis=1)
    right = np.take(rows, first + 1, axis=1)
    right -= left
    right *= share
    right += left
    return right


def stepped(shares: Singles, steps: int, across: Sights, up: Sights) -> Levels:
    """Shares 0–1 of a scale at nodes as pixels, each the number of its step, from 1 on.

    Row 0 of what comes is the uppermost, rows are filled to whole words. Not a number counts as
    0; what lies beyond the field is 0.
    """
    most = np.float32(steps)
    levels = _sound(shares * most) + np.float32(1.0)
    np.clip(levels, 1, most + np.float32(0.999), out=levels)
    pixels = np.zeros((up.pixels, -(-across.pixels // 4) * 4), dtype=np.uint8)
    # what is between whole numbers is cut off as it is stored
    pixels[::-1][up.inside, across.inside] = enlarged(levels, across, up)
    return pixels


def _sound(values: Singles) -> Singles:
    """Values with 0 for what is not a number; mostly all are, which a sum shows at once."""
    return values if np.isfinite(values.sum()) else np.nan_to_num(values, nan=0.0)


def step_picture(levels: Levels, width: int, palette: Sequence[int]) -> QImage:
    """Steps (height, ≥ width) in the colours of a palette, 0 in none; for as long as they live."""
    form = QImage.Format.Format_Indexed8
    image = QImage(levels.data, width, len(levels), levels.shape[1], form)
    image.setColorTable([0, *palette])
    return image


def smooth_picture(shares: Singles, palette: Pixels) -> QImage:
    """Shares 0–1 at nodes, a pixel each, in a palette's premultiplied colours; it owns them.

    To be drawn enlarged: Qt blends the colours. Row 0 is the uppermost.
    """
    most = len(palette) - 1
    levels = np.clip(_sound(shares[::-1] * np.float32(most)), 0, most)
    pixels = np.take(palette, levels.astype(np.uint8))
    height, width = pixels.shape
    form = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, width * 4, form)
