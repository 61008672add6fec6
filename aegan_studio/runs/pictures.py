"""Pictures as files: contact sheets, previews, PNG. Pixels are kept as they are."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from aegan_studio.experiment.events import Pictures

Pixels = npt.NDArray[np.uint8]

PREVIEW_COUNT = 36
PREVIEW_SIDE = 160
"""Pixels of a preview of points, and about as many of one of pictures."""

BACKGROUND = 128
GREY = (150, 150, 150)
ORANGE = (230, 159, 0)
"""Okabe and Ito's orange: readable beside grey on light and dark, and to colour-blind eyes."""


def png(picture: Pixels) -> bytes:
    """A picture, uint8 (H, W) or (H, W, 3), as a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(buffer, "PNG")
    return buffer.getvalue()


def sheet(pictures: Pixels, *, columns: int | None = None, scale: int = 1, gap: int = 1) -> Pixels:
    """All pictures on one, row by row.

    Parameters
    ----------
    pictures : ndarray
        uint8, (n, H, W) or (n, H, W, 3), n ≥ 1.
    columns : int or None
        Pictures per row; as many as rows by default.
    scale : int
        Every pixel becomes a square of this side.
    gap : int
        Pixels of grey between neighbours, before scaling.
    """
    count, height, width = pictures.shape[:3]
    columns = min(columns or math.ceil(math.sqrt(count)), count)
    rows = math.ceil(count / columns)
    shape = (rows * (height + gap) - gap, columns * (width + gap) - gap, *pictures.shape[3:])
    whole = np.full(shape, BACKGROUND, np.uint8)
    for index, picture in enumerate(pictures):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        whole[top : top + height, left : left + width] = picture
    return np.repeat(np.repeat(whole, scale, axis=0), scale, axis=1)


def scatter(layers: list[tuple[npt.NDArray[Any], tuple[int, int, int]]], side: int) -> Pixels:
    """Sets of points (n, 2), each in its colour, later ones on top, as a (side, side, 3) picture.

    The frame fits the first set with a margin; points outside it or not finite are left out.
    """
    frame = layers[0][0]
    frame = frame[np.isfinite(frame).all(axis=1)]
    if not len(frame):
        frame = np.zeros((1, 2), np.float32)
    centre = (frame.max(axis=0) + frame.min(axis=0)) / 2
    half = max(float(np.ptp(frame, axis=0).max()) / 2 * 1.2, 1e-9)
    picture = np.full((side, side, 3), 255, np.uint8)
    for points, colour in layers:
        points = points[np.isfinite(points).all(axis=1)]
        at = (points - centre) / half
        at = at[np.abs(at).max(axis=1, initial=0) < 1] if len(at) else at
        pixels = ((at + 1) / 2 * side).astype(np.int64)
        picture[side - 1 - pixels[:, 1], pixels[:, 0]] = colour
    return picture


def preview(pictures: Pictures) -> bytes | None:
    """The preview of a run as a PNG: reconstructions, or samples; ``None`` where there are none.

    Samples of a plain autoencoder mean nothing, so reconstructions come first.
    """
    made = pictures.reconstructions if pictures.reconstructions is not None else pictures.samples
    if made is None or not len(made):
        return None
    if pictures.modality == "points":
        layers = [(made, ORANGE)]
        if pictures.originals is not None:
            layers.insert(0, (pictures.originals, GREY))
        return png(scatter(layers, PREVIEW_SIDE))
    shown = made[:PREVIEW_COUNT]
    across = math.ceil(math.sqrt(len(shown))) * shown.shape[2]
    return png(sheet(shown, scale=max(1, PREVIEW_SIDE // across), gap=0))
