"""Drawings from outside: pictures and tables of points. Nothing in them is trusted."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from aegan_studio.messages import Message, StudioError, msg
from aegan_studio.runs.intake import ENDINGS, of_pixels, open_picture
from aegan_studio.sketches import COLOURS, FULL, MOST_SPOTS, SIDE, Sketch

Source = Path | bytes | str | npt.NDArray[Any]
"""A file, the content of one, text of a table, or decoded pixels (H, W, 4)."""

TABLES = (".csv", ".tsv", ".txt", ".dat")
"""What files of tables are called."""
MOST_BYTES = 32_000_000
FREE = 0.1
"""Of the plane's half width, what stays free around points that are made to fit."""
FLAT = 4
"""Levels of 255 within which a picture is one colour."""

_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?|[+-]?(nan|inf|infinity)", re.I)
_SEPARATORS = ("\t", ";", ",")


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """A sketch from outside, and what a person should know of how it came about.

    ``points`` counts what a table held, as many as there are; 0 for pictures.
    """

    sketch: Sketch
    notice: Message
    points: int = 0


def read_sketch(source: Source, colour: int = 0) -> Imported:
    """Anything that can become a drawing.

    Parameters
    ----------
    source : Path, bytes, str or ndarray
        Files are told apart by their endings, and by their content where those say nothing.
    colour : int
        That ink of a picture has.

    Raises
    ------
    StudioError
        Files that are neither, cannot be read or are too large; values that are no numbers.
    """
    if isinstance(source, str):
        return _of_table(source)
    if isinstance(source, np.ndarray):
        return of_picture(of_pixels(source), colour)
    if isinstance(source, bytes):
        return of_picture(open_picture(source), colour)
    if source.suffix.lower() in ENDINGS:
        return of_picture(open_picture(source), colour)
    if source.suffix.lower() in TABLES:
        return _of_table(_text_of(source), source.name)
    raise StudioError(
        msg("{name} is neither a picture nor a table.", name=source.name),
        msg("Use one of: {known}.", known=", ".join((*ENDINGS, *TABLES))),
    )


# Pictures


def of_picture(picture: Image.Image, colour: int = 0) -> Imported:
    """Dark areas as ink, the whole picture in the middle of the plane.

    Raises
    ------
    StudioError
        A picture of one colour.
    """
    grey = picture.convert("L")
    dark, bright = grey.getextrema()
    assert isinstance(dark, int | float)
    assert isinstance(bright, int | float)
    if bright - dark <= FLAT:
        raise StudioError(
            msg("The picture is of one colour."), msg("Use one with dark areas on a bright ground.")
        )
    scale = SIDE / max(grey.size)
    size = [max(1, round(side * scale)) for side in grey.size]
    smaller = grey.resize((size[0], size[1]), Image.Resampling.BOX)
    shares = (bright - np.asarray(smaller, np.float64)) / (bright - dark)
    ink = np.zeros((SIDE, SIDE))
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    ink[top : top + size[1], left : left + size[0]] = np.rint(FULL * shares)
    return Imported(Sketch.of_ink(ink, colour), msg("Dark areas of the picture draw most points."))


# Tables


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise StudioError(
                msg("{name} is larger than {limit} MB.", name=path.name, limit=MOST_BYTES // 10**6),
                msg("Take fewer rows of it."),
            )
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise StudioError(
            msg("{name} cannot be read: {why}.", name=str(path), why=error.strerror or str(error)),
            msg("Check the path and its permissions."),
        ) from None
    except UnicodeDecodeError:
        raise StudioError(
            msg("{name} is not a text file.", name=path.name),
            msg("Save the table as CSV in UTF-8."),
        ) from None


def _of_table(text: str, name: str = "") -> Imported:
    points, kinds = read_table(text, name)
    count = len(points)
    notices = msg("{count:,} points, scaled to fit the plane.", count=count)
    if count > MOST_SPOTS:
        kept = np.unique(np.linspace(0, count - 1, MOST_SPOTS).round().astype(np.intp))
        points, kinds = points[kept], kinds[kept]
        notices = msg(
            "{kept:,} of {count:,} points, taken evenly and scaled to fit the plane.",
            kept=len(points),
            count=count,
        )
    return Imported(Sketch.of_spots(fitted(points), kinds), notices, count)


def fitted(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Points (n, 2) in the middle of the plane, in proportion, with a margin."""
    low, high = points.min(axis=0), points.max(axis=0)
    # halves first: the extent of numbers near the largest would overflow
    reach = float((high / 2 - low / 2).max())
    centred = points - (low / 2 + high / 2)
    result: npt.NDArray[np.float64] = centred * ((1 - FREE) / reach) if reach > 0 else centred
    return result


def read_table(text: str, name: str = "") -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Points (n, 2) and their classes (n,) from rows ``x, y`` or ``x, y, class``.

    Columns are parted by tabs, semicolons, commas or spaces; beside semicolons and tabs a comma
    may be decimal. A first row of words is a header; empty rows and those behind ``#`` are left
    out.

    Raises
    ------
    StudioError
        Names the row that is wrong, as an editor counts it.
    """
    called: str | Message = name or msg("the table")
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    separator = next((sign for sign in _SEPARATORS if lines and sign in lines[-1][1]), None)
    rows = [(number, _cells(line, separator)) for number, line in lines]
    if rows and not any(_NUMBER.fullmatch(cell) for cell in rows[0][1][:2]):
        rows = rows[1:]
    if not rows:
        raise StudioError(
            msg("{name} holds no points.", name=name or msg("The table")),
            msg("It needs a row x, y for each."),
        )
    columns = len(rows[0][1])
    if columns not in (2, 3):
        raise StudioError(
            msg("Columns of {name}: {count}.", name=called, count=columns),
            msg("There must be two, x and y, and may be a third for the class."),
        )
    points = np.empty((len(rows), 2))
    classes: dict[str, int] = {}
    kinds = np.zeros(len(rows), np.int64)
    for index, (number, cells) in enumerate(rows):
        if len(cells) != columns:
            raise StudioError(
                msg(
                    "{row} has {count} values, not {columns}.",
                    row=_row(number, name),
                    count=len(cells),
                    columns=columns,
                ),
                msg("Correct that row or take it out."),
            )
        points[index] = [_number(cell, number, name) for cell in cells[:2]]
        if columns == 3:
            kinds[index] = classes.setdefault(cells[2], len(classes))
            if len(classes) > len(COLOURS):
                raise StudioError(
                    msg("The third column of {name} has more than 8 values.", name=called),
                    msg("It is the class, of which there are at most 8; take the column out."),
                )
    return points, kinds


def _cells(line: str, separator: str | None) -> list[str]:
    cells = [cell.strip().strip("\"'").strip() for cell in line.split(separator)]
    if separator is not None and len(cells) > 2 and not cells[-1]:
        cells.pop()  # a separator at the end
    return [cell.replace(",", ".") if _NUMBER.fullmatch(cell) else cell for cell in cells]


def _row(number: int, name: str) -> Message:
    if name:
        return msg("Row {n} of {name}", n=number, name=name)
    return msg("Row {n}", n=number)


def _number(cell: str, row: int, name: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise StudioError(
            msg("{row} holds “{value}”.", row=_row(row, name), value=cell[:40]),
            msg("Every coordinate must be a finite number."),
        )
    return value
