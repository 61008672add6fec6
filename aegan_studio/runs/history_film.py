"""Frames of the film of a run: what it made at each instant, with the step below."""

from __future__ import annotations

from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from aegan_studio.experiment.events import Pictures
from aegan_studio.runs.films import fitting_scale
from aegan_studio.runs.pictures import GREY, ORANGE, Pixels, scatter, sheet

Shown = Literal["samples", "reconstructions"]

SIDE = 384
"""About how many pixels wide a film is."""
COUNT, COLUMNS = 36, 6
"""Pictures of a frame."""
CAPTION = 24
"""Pixels of the line below the pictures."""

_INK, _PAPER = 225, 24


def choices(pictures: Pictures | None) -> tuple[Shown, ...]:
    """What a film can show of such pictures."""
    if pictures is None:
        return ()
    found: list[Shown] = []
    if pictures.samples is not None:
        found.append("samples")
    if pictures.reconstructions is not None:
        found.append("reconstructions")
    return tuple(found)


def frame(pictures: Pictures, shown: Shown, *, inverted: bool = False) -> Pixels:
    """One frame, uint8 (H, W) or (H, W, 3); the same size all through a run.

    Parameters
    ----------
    inverted : bool
        Drawings of one channel as ink on paper.

    Raises
    ------
    ValueError
        The model has none of what shall be shown.
    """
    made = getattr(pictures, shown)
    if made is None or not len(made):
        raise ValueError(f"there are no {shown}")
    if pictures.modality == "points":
        real = pictures.originals if pictures.originals is not None else made
        return scatter([(real, GREY), (made, ORANGE)], SIDE)
    if shown == "reconstructions" and pictures.originals is not None:
        rows = COUNT // COLUMNS // 2 * COLUMNS
        pairs = [
            part[start : start + COLUMNS]
            for start in range(0, min(rows, len(made)), COLUMNS)
            for part in (pictures.originals, made)
        ]
        whole = np.concatenate([part for part in pairs if len(part) == COLUMNS] or pairs)
    else:
        whole = made[:COUNT]
    if inverted and whole.ndim == 3:
        whole = 255 - whole
    plain = sheet(whole, columns=COLUMNS)
    return sheet(whole, columns=COLUMNS, scale=fitting_scale(plain[None], SIDE))


def captioned(picture: Pixels, text: str, *, inverted: bool = False) -> Pixels:
    """A frame with a line of text below it."""
    paper, ink = (255 - _PAPER, 255 - _INK) if inverted else (_PAPER, _INK)
    if picture.ndim == 3:
        foot = Image.new("RGB", (picture.shape[1], CAPTION), (paper,) * 3)
        draw = ImageDraw.Draw(foot)
        draw.text((6, 4), text, fill=(ink,) * 3, font=ImageFont.load_default(14))
    else:
        foot = Image.new("L", (picture.shape[1], CAPTION), paper)
        draw = ImageDraw.Draw(foot)
        draw.text((6, 4), text, fill=ink, font=ImageFont.load_default(14))
    joined: Pixels = np.concatenate((picture, np.asarray(foot)))
    return joined
