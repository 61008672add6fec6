"""Drawings and pictures of any size, brought to a dataset's format the way its data were made."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from scipy import ndimage

from aegan_studio.catalog.datasets.images import Digits
from aegan_studio.experiment.parts import DatasetOptions
from aegan_studio.ml.data.digits import WHITE, enlarged

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

BITMAP = 32
"""Pixels of a side of the bitmaps behind the UCI digits (doi 10.24432/C50P49); a value of the
digits counts the inked ones of a block of 4×4."""
BLOCK = 4
BOX = (20, 32)
"""Width and height that NIST's program scaled a written digit to (NISTIR 5469); all 1,797 digits
fill the height."""
STRETCH = (0.75, 1.6)
"""How much wider a digit may become than its own proportions say: ones stay narrow."""
INK = (4.4, 5.4)
"""The mean value, of 16, of every second digit: NIST's program also evened the strokes' width."""
FINE = 64
"""Pixels of a side in which strokes are made wider or narrower."""
MOST_WIDE = 8 * FINE
"""Columns of a drawing of that height: a line across is no digit."""
FAINT = 0.12
"""Ink below this share of the strongest counts as paper."""
PAPER = 0.04
"""Borders brighter than this are paper with a level of its own."""
GRAIN = 0.25
"""Of photographed paper, how much of the ink's strength shadows and grain may have."""


def as_data(options: DatasetOptions, picture: Pixels, *, centred: bool = False) -> Pixels:
    """A picture in the format of a dataset, in display units.

    Parameters
    ----------
    options : DatasetOptions
        Of a dataset of pictures.
    picture : ndarray, uint8 (H, W) or (H, W, 3)
        Of the proportions of the data, drawings white on black.
    centred : bool
        Bring what is drawn to the place, size and weight that drawings of the data have. Ignored
        for photographs.

    Returns
    -------
    ndarray, uint8 (h, w), or (h, w, 3) for coloured data
    """
    info = options.info()
    if info.modality != "image":
        raise ValueError(f"{options.kind} are no pictures")
    channels, height, width = info.shape
    if isinstance(options, Digits):
        return _digit(_grey(picture), options.side, centred)
    if channels == 1:
        picture = _grey(picture)
        if centred and info.strokes:
            picture = _levels(_middled(without_paper(picture / 255.0)) * 255.0)
        return _levels(reduced(picture.astype(np.float64), height, width))
    if picture.ndim == 2:
        picture = np.repeat(picture[..., None], 3, axis=2)
    return _levels(reduced(picture.astype(np.float64), height, width))


def reduced(picture: npt.NDArray[Any], height: int, width: int) -> Floats:
    """The mean over the area of each pixel of a smaller (or larger) picture (H, W[, C])."""
    made = np.asarray(picture, np.float64)
    for axis, size in enumerate((height, width)):
        made = _resized(made, axis, size)
    return made


def like_digits(ink: Floats) -> Floats:
    """Ink (H, W) in 0–1 at the place, size and weight of a UCI digit: (FINE, FINE) in 0–1.

    An empty picture stays empty.
    """
    found = _bounds(ink)
    if found is None:
        return np.zeros((FINE, FINE))
    part = ink[found]
    tall, wide = part.shape
    part = reduced(part, FINE, max(1, round(wide * FINE / tall)))
    part = upright(part[:, :MOST_WIDE])
    found = _bounds(part)
    assert found is not None
    part = part[found]
    tall, wide = part.shape
    unit = FINE / BITMAP
    down = BOX[1] * unit / tall
    across = float(np.clip(BOX[0] * unit / wide, STRETCH[0] * down, STRETCH[1] * down))
    across = min(across, FINE / wide)
    fine = _placed(part, (FINE, FINE), (down, across))
    return _weighted(fine)


def without_paper(ink: Floats) -> Floats:
    """Ink (H, W) in 0–1 with the level of its border as 0, for photographed drawings.

    What was drawn on an empty canvas stays as it is.
    """
    border = np.concatenate((ink[0], ink[-1], ink[:, 0], ink[:, -1]))
    paper, strongest = float(np.median(border)), float(ink.max())
    if paper <= PAPER or strongest - paper <= PAPER:
        return ink
    lifted = (ink - paper) / (strongest - paper)
    return np.clip((lifted - GRAIN) / (1 - GRAIN), 0, 1)


def upright(ink: Floats) -> Floats:
    """Ink (H, W) sheared so that its first and last rows begin at the same column.

    So NIST's program took the slant out of a digit, which gave sevens and sixes one.
    """
    strongest = float(ink.max())
    rows = np.flatnonzero((ink > strongest / 2).any(1))
    if len(rows) < 2:
        return ink
    first, last = rows[0], rows[-1]
    begins = [int(np.flatnonzero(ink[row] > strongest / 2)[0]) for row in (first, last)]
    slope = (begins[1] - begins[0]) / (last - first)
    shifts = -slope * (np.arange(len(ink)) - first)
    low, high = math.floor(shifts.min()), math.ceil(shifts.max())
    columns = np.arange(low, ink.shape[1] + high)
    at = columns[None] - shifts[:, None]
    below = np.floor(at).astype(np.intp)
    padded = np.pad(ink, ((0, 0), (1, 2)))
    pick = np.clip(below + 1, 0, padded.shape[1] - 2)
    rows_ = np.arange(len(ink))[:, None]
    share = at - below
    made = padded[rows_, pick] * (1 - share) + padded[rows_, pick + 1] * share
    return np.asarray(np.where((below < -1) | (below >= ink.shape[1]), 0.0, made), np.float64)


def _digit(picture: Pixels, side: int, centred: bool) -> Pixels:
    ink = picture / 255.0
    if centred:
        ink = like_digits(without_paper(ink))
    bitmap = reduced(ink, BITMAP, BITMAP)
    counts = bitmap.reshape(BITMAP // BLOCK, BLOCK, BITMAP // BLOCK, BLOCK).sum((1, 3))
    items = torch.from_numpy(np.rint(counts).astype(np.float32))[None, None]
    return _levels(enlarged(items, side).numpy()[0, 0].astype(np.float64) * (255 / WHITE))


def _middled(ink: Floats) -> Floats:
    """Ink with its bounding box in the middle, as large as leaves a tenth free, in proportion."""
    found = _bounds(ink)
    if found is None:
        return ink
    rows, columns = found
    tall, wide = rows.stop - rows.start, columns.stop - columns.start
    scale = 0.8 * min(ink.shape[0] / tall, ink.shape[1] / wide)
    return _placed(ink[rows, columns], ink.shape, (scale, scale))


def _placed(part: Floats, size: tuple[int, ...], scale: tuple[float, float]) -> Floats:
    """A cut-out scaled by (down, across), in the middle of an empty picture of a size."""
    made = part
    for axis, by in enumerate(scale):
        made = _resized(made, axis, size[axis], by)
    return made


def _weighted(ink: Floats) -> Floats:
    """Ink made bolder or finer at its edges until its mean is one that digits have."""
    strongest = float(ink.max())
    mean = float(ink.mean()) * WHITE
    if strongest <= 0 or INK[0] <= mean <= INK[1]:
        return ink
    inside = ink >= strongest / 2
    away = np.where(
        inside,
        0.5 - ndimage.distance_transform_edt(inside),
        ndimage.distance_transform_edt(~inside) - 0.5,
    )
    goal = INK[0] if mean < INK[0] else INK[1]
    low, high = -FINE / 4.0, FINE / 4.0
    for _ in range(20):
        middle = (low + high) / 2
        if _edged(away, middle).mean() * WHITE * strongest < goal:
            low = middle
        else:
            high = middle
    return strongest * _edged(away, (low + high) / 2)


def _edged(away: Floats, offset: float) -> Floats:
    """A shape whose edge was moved outwards, from the distances to its edge."""
    return np.asarray(np.clip(offset - away + 0.5, 0, 1), np.float64)


def _bounds(ink: Floats) -> tuple[slice, slice] | None:
    """Rows and columns that hold ink; ``None`` where there is none."""
    strongest = float(ink.max(initial=0.0))
    if strongest <= 0.02:
        return None
    there = ink > max(FAINT * strongest, 0.02)
    rows, columns = np.flatnonzero(there.any(1)), np.flatnonzero(there.any(0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _resized(values: Floats, axis: int, size: int, scale: float | None = None) -> Floats:
    """Means by area along an axis, in ``size`` new values; where nothing was is 0.

    Old values are ``scale`` new ones wide, with the middle in the middle; by default they fill
    the room.
    """
    wide = size / values.shape[axis] if scale is None else scale
    rows = np.moveaxis(values, axis, 0)
    sums = np.concatenate((np.zeros((1, *rows.shape[1:])), np.cumsum(rows, axis=0)))
    edges = (np.arange(size + 1) - size / 2) / wide + len(rows) / 2
    edges = np.clip(edges, 0, len(rows))
    below = np.minimum(edges.astype(np.intp), len(rows) - 1)
    share = (edges - below).reshape(-1, *[1] * (rows.ndim - 1))
    at = sums[below] + share * (sums[below + 1] - sums[below])
    return np.moveaxis(np.diff(at, axis=0) * wide, 0, axis)


def _grey(picture: Pixels) -> Pixels:
    """Luma (ITU-R 601-2) of a coloured picture."""
    if picture.ndim == 2:
        return picture
    return _levels(picture @ np.array([0.299, 0.587, 0.114]))


def _levels(values: npt.NDArray[Any]) -> Pixels:
    levels: Pixels = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return levels
