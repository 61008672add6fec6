"""Patches of scikit-learn's two photographs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from aegan_studio.catalog.datasets.images import PhotoPatches
from aegan_studio.ml.data.bundled import bundled
from aegan_studio.ml.data.raw import RawData

VIEW = 16
"""A photograph is reduced to about this many patches' height, so that patches show things."""

FLAT = 8.0
"""Patches whose grey values (0…255) deviate less than this are left out: sky, dark background."""

Pixels = npt.NDArray[np.uint8]


def load(options: PhotoPatches, seed: int) -> RawData:
    """Patches at random places of the temple and the flower by turns, nearly flat ones left out.

    With the split "ordered" the held-out rows are cut from a strip at the right that no training
    patch touches. With a random split patches overlap across the split, as all patches do.

    Parameters
    ----------
    options : PhotoPatches
        ``colour`` gives items of (3, side, side), else (1, side, side): luma (ITU-R 601-2).
    seed : int
        Fixes the places.
    """
    rng = np.random.default_rng([seed, 2])
    count, side = options.patches, options.side
    held_out = options.held_out_count(count) if options.split == "ordered" else 0
    items = np.empty((count, 3 if options.colour else 1, side, side), np.float32)
    labels = np.arange(count) % 2
    for label, photo in enumerate(_photographs()):
        pixels, grey = _reduced(photo, side, options.colour)
        shown = _spread(grey, side) >= FLAT
        boundary = _boundary(grey.shape[1], side, options.held_out if held_out else 0.0)
        mine = np.flatnonzero(labels == label)
        train = mine[mine < count - held_out]
        for rows, part in (
            (train, slice(0, boundary - side + 1)),
            (mine[len(train) :], slice(boundary, None)),
        ):
            allowed = np.argwhere(shown[:, part])
            places = allowed[rng.integers(len(allowed), size=len(rows))] if len(rows) else ()
            for row, (top, left) in zip(rows, places, strict=True):
                x = left + part.start
                patch = pixels[top : top + side, x : x + side]
                items[row] = patch.transpose(2, 0, 1)
    return RawData(items, labels.astype(np.int64), 0.0, 255.0)


def _reduced(photo: Pixels, side: int, colour: bool) -> tuple[Pixels, Pixels]:
    """The photograph at its working size: (H, W, 3 or 1) pixels, and (H, W) grey."""
    image = Image.fromarray(photo)
    factor = min(1.0, VIEW * side / image.height)
    size = (round(image.width * factor), round(image.height * factor))
    small = image.resize(size, Image.Resampling.LANCZOS)
    grey = np.asarray(small.convert("L"))
    return (np.asarray(small) if colour else grey[:, :, None]), grey


def _boundary(width: int, side: int, held_out: float) -> int:
    """The column where the held-out strip begins; the width where there is none."""
    if not held_out:
        return width
    return min(max(round(width * (1 - held_out)), side), width - side)


def _spread(grey: Pixels, side: int) -> npt.NDArray[np.float64]:
    """The standard deviation of the patch at each place, by sums over rectangles."""

    def means(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        sums = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
        rows = sums[side:] - sums[:-side]
        averages: npt.NDArray[np.float64] = (rows[:, side:] - rows[:, :-side]) / side**2
        return averages

    values = grey.astype(np.float64)
    variance = means(values**2) - means(values) ** 2
    return np.sqrt(np.maximum(variance, 0))


def _photographs() -> list[Pixels]:
    """The temple and the flower, uint8 (427, 640, 3)."""
    return [np.asarray(Image.open(bundled("images", name))) for name in ("china.jpg", "flower.jpg")]
