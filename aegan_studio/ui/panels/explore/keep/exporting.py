"""Pictures and sheets for other programs: drawn, copied, and written with one quiet line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QMimeData, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from aegan_studio.files import write_atomically
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs.codes import code_text
from aegan_studio.runs.films import sheet_svg
from aegan_studio.ui.panels.explore.code_mime import item_image, png_of
from aegan_studio.ui.panels.explore.depict import Depiction, pixels_of
from aegan_studio.ui.theme import ui_font
from aegan_studio.ui.widgets.painting import CENTRE, draw_text
from aegan_studio.ui.widgets.pictures import picture_image

Array = npt.NDArray[Any]
Colours = Literal["shown", "data"]
"""As the theme shows pictures of one channel, ink on paper or white on black, or as they are."""

POINTS_SIDE = 160
"""Pixels of a plane of points at scale 1."""
MARGIN = 8
"""Around a sheet, in pixels."""
CAPTION = 16
MOST_PIXELS = 100_000_000
"""Of a picture that is written."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One picture of a sheet, its code and what it is called."""

    item: Array | None
    code: Array
    name: str = ""


def drawn(
    item: Array, scale: int = 1, *, depiction: Depiction | None = None, colours: Colours = "shown"
) -> QImage:
    """An item with ``scale`` image pixels a pixel; points at ``scale`` times a plane's side."""
    if item.ndim < 2:
        return item_image(item, depiction, least=POINTS_SIDE * scale)
    if colours == "data" and item.ndim == 2:
        item = np.repeat(item[..., None], 3, axis=-1)
    image = picture_image(item)
    return image.scaled(image.size() * scale) if scale > 1 else image


def fitting_scale(item: Array | None, side: int = 320) -> int:
    """The whole factor that makes a picture about ``side`` pixels high; 1 for points."""
    if item is None or item.ndim < 2:
        return 1
    longest = int(max(item.shape[0], item.shape[1]))
    return max(1, round(side / longest))


def best_columns(count: int) -> int:
    """How many columns make a sheet of this many about as wide as high."""
    return max(1, math.ceil(math.sqrt(count)))


def size_of(
    item: Array | None,
    count: int,
    columns: int,
    scale: int,
    *,
    captions: bool,
    margin: int = MARGIN,
) -> tuple[int, int]:
    """Width and height of a contact sheet in pixels."""
    if item is None or item.ndim < 2:
        wide = tall = POINTS_SIDE * scale
    else:
        tall, wide = item.shape[0] * scale, item.shape[1] * scale
    columns = min(columns, max(count, 1))
    rows = math.ceil(max(count, 1) / columns)
    gap = max(2, scale)
    line = CAPTION if captions else 0
    return (
        2 * margin + columns * (wide + gap) - gap,
        2 * margin + rows * (tall + line + gap) - gap,
    )


def contact_sheet(
    entries: Sequence[Entry],
    *,
    columns: int,
    scale: int,
    captions: bool = True,
    depiction: Depiction | None = None,
    colours: Colours = "shown",
) -> QImage:
    """All pictures on one, on white, names below them if wanted.

    Raises
    ------
    StudioError
        There is no picture, or the sheet would be too large.
    """
    items = [entry.item for entry in entries if entry.item is not None]
    if not items:
        raise StudioError(
            msg("There are no pictures to put on a sheet."), msg("Choose other ones.")
        )
    wide, tall = size_of(items[0], len(items), columns, scale, captions=captions)
    if wide * tall > MOST_PIXELS:
        raise StudioError(
            msg("The picture would have {wide:,} × {tall:,} pixels.", wide=wide, tall=tall),
            msg("Choose a smaller scale, or fewer pictures."),
        )
    image = QImage(wide, tall, QImage.Format.Format_RGB32)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    font, gap = ui_font(11), max(2, scale)
    names = [entry.name for entry in entries if entry.item is not None]
    for index, (item, name) in enumerate(zip(items, names, strict=True)):
        one = drawn(item, scale, depiction=depiction, colours=colours)
        left = MARGIN + index % columns * (one.width() + gap)
        line = CAPTION if captions else 0
        top = MARGIN + index // columns * (one.height() + line + gap)
        painter.drawImage(left, top, one)
        if captions:
            below = QRectF(left, top + one.height(), one.width(), CAPTION)
            draw_text(painter, below, name, "#4F545E", font, CENTRE)
    painter.end()
    return image


def contact_svg(
    entries: Sequence[Entry],
    *,
    columns: int,
    scale: int,
    captions: bool = True,
    depiction: Depiction | None = None,
    colours: Colours = "shown",
) -> bytes:
    """A contact sheet as SVG: every picture an image of its own; raises as the other does."""
    items = [entry for entry in entries if entry.item is not None]
    if not items:
        raise StudioError(
            msg("There are no pictures to put on a sheet."), msg("Choose other ones.")
        )
    pictures = np.stack(
        [
            pixels_of(drawn(entry.item, 1, depiction=depiction, colours=colours))
            for entry in items
            if entry.item is not None
        ]
    )
    names = tuple(entry.name for entry in items) if captions else ()
    return sheet_svg(pictures, columns=columns, scale=scale, captions=names)


def write_picture(path: Path, image: QImage) -> Path:
    """Write a PNG; the path with its ending is returned.

    Raises
    ------
    StudioError
        The file cannot be written.
    """
    target = path if path.suffix.lower() == ".png" else path.with_name(f"{path.name}.png")
    write_atomically(target, png_of(image))
    return target


def copy_code(code: npt.ArrayLike) -> None:
    """Put a code's numbers on the clipboard, as JSON."""
    data = QMimeData()
    data.setText(code_text(code))
    QGuiApplication.clipboard().setMimeData(data)
