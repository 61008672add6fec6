"""A field of values over a rectangle: as a picture in few steps, and the line where it is level."""

from __future__ import annotations

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
    case[~np.isfinite(corners).all(axis=0)] = 0
    saddle = (case == _SADDLES[0]) | (case == _SADDLES[1])
    if saddle.any():
        # as the table has it, the corners above are parted from each other
        case[saddle & (corners.mean(axis=0) >= 0)] ^= _SADDLES[0] ^ _SADDLES[1]
    gap = corners - np.roll(corners, -1, axis=0)
    share = np.clip(corners / np.where(gap == 0, 1.0, gap), 0.0, 1.0)
    starts = np.array(_CORNERS, float)
    ways = np.roll(starts, -1, axis=0) - starts
    at = np.stack(
        [column + starts[:, 1:] + ways[:, 1:] * share, row + starts[:, :1] + ways[:, :1] * share],
        axis=-1,
    )
    pairs = _CUT[case].reshape(-1, 2, 2)
    cell, which = np.nonzero(pairs[:, :, 0] >= 0)
    ends = pairs[cell, which]
    found: npt.NDArray[np.float64] = at[ends, cell[:, None]]
    return found


@lru_cache(maxsize=16)
def _between(nodes: int, pixels: int) -> tuple[npt.NDArray[np.intp], Singles]:
    """For the middle of each pixel: the node before it, and how far on to the next."""
    at = (np.arange(pixels) + 0.5) / pixels * (nodes - 1)
    first = np.minimum(at.astype(np.intp), nodes - 2)
    return first, (at - first).astype(np.float32)


def enlarged(values: Singles, width: int, height: int) -> Singles:
    """Values (rows, columns) at nodes as pixels (height, width) between them, row 0 at the foot.

    Without matrix products: those would start threads that compete with a training.
    """
    first, share = _between(values.shape[0], height)
    first, share = first[::-1], share[::-1, None]
    rows = values[first] + (values[first + 1] - values[first]) * share
    first, share = _between(values.shape[1], width)
    left = np.take(rows, first, axis=1)
    right = np.take(rows, first + 1, axis=1)
    right -= left
    right *= share
    right += left
    return right


def stepped(shares: Singles, palette: Pixels, width: int, height: int) -> Pixels:
    """Shares 0–1 of a scale at nodes as pixels in the palette's colours, in equal steps.

    Not a number counts as 0.
    """
    most = np.float32(len(palette))
    levels = np.clip(np.nan_to_num(shares, nan=0.0) * most, 0, most * np.float32(1 - 1e-6))
    return np.take(palette, enlarged(levels, width, height).astype(np.uint8))


def picture(pixels: Pixels, *, opaque: bool = True) -> QImage:
    """Pixels (height, width), premultiplied, as a picture that owns them."""
    height, width = pixels.shape
    form = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, width * 4, form)
