"""Bookmarks of a run: named codes with their pictures, as one JSON file.

    {"format": 1, "bookmarks": [
        {"name": "Open four", "step": 9000, "code": [0.5, …], "picture": "<PNG, base64>"}, …]}

Points of a plane have ``"point": [x, y]`` in the place of a picture. The same file carries
bookmarks from one run to another.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import json
import os
import shutil
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from aegan_studio.files import write_atomically
from aegan_studio.messages import Message, StudioError, msg
from aegan_studio.runs.codes import code_from
from aegan_studio.runs.layout import SET_ASIDE
from aegan_studio.runs.pictures import png

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]

FILE = "bookmarks.json"
FORMAT = 1
MOST = 1000
"""Bookmarks of a run."""
MAX_BYTES = 64_000_000
"""Of a file, before it is parsed."""
LONGEST_NAME = 80
LARGEST = 1024
"""Side of a picture, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Bookmark:
    """A code to come back to.

    Attributes
    ----------
    name : str
        One line, at most :data:`LONGEST_NAME` letters.
    code : ndarray, shape (d,), float64
    item : ndarray or None
        What it decoded to: a picture uint8 (H, W) or (H, W, 3), or a point (2,) float64.
    step : int
        The training step of the weights that decoded it.
    """

    name: str
    code: Floats
    item: Array | None = None
    step: int = 0


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a file holds.

    Attributes
    ----------
    bookmarks : tuple of Bookmark
    problem : Message or None
        What was wrong with the file, and where it was set aside.
    locked : bool
        The file must not be written over: a newer program made it, or it cannot be read.
    """

    bookmarks: tuple[Bookmark, ...] = ()
    problem: Message | None = None
    locked: bool = False


def one_line(name: str) -> str:
    """A name as it may be kept: without control signs, not too long."""
    return " ".join("".join(s if s.isprintable() else " " for s in name).split())[:LONGEST_NAME]


def encoded(bookmarks: Sequence[Bookmark]) -> bytes:
    """Bookmarks as the contents of a file.

    Raises
    ------
    StudioError
        There are more than :data:`MOST`.
    ValueError
        A number is not finite.
    """
    if len(bookmarks) > MOST:
        raise StudioError(
            msg("A run keeps at most {most:,} bookmarks.", most=MOST), msg("Delete some first.")
        )
    entries = [_plain(bookmark) for bookmark in bookmarks]
    whole = {"format": FORMAT, "bookmarks": entries}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1).encode()


def decoded(data: bytes, name: str) -> tuple[tuple[Bookmark, ...], int]:
    """The bookmarks in the contents of a file, and how many entries make no sense.

    Parameters
    ----------
    name : str
        Of the file, for the sentence that says what is wrong.

    Raises
    ------
    StudioError
        It is no file of bookmarks, or one of a newer program.
    """
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        raise _foreign(name) from None
    if not isinstance(whole, dict) or not isinstance(whole.get("bookmarks"), list):
        raise _foreign(name)
    if type(whole.get("format")) is not int or whole["format"] < 1:
        raise _foreign(name)
    if whole["format"] > FORMAT:
        raise TooNewError(
            msg("{name} was written by a newer version of the program.", name=name),
            msg("Update the program to read it."),
        )
    entries = whole["bookmarks"]
    sound = [found for entry in entries[:MOST] if (found := _read(entry)) is not None]
    return tuple(sound), len(entries) - len(sound)


class TooNewError(StudioError):
    """A file of a newer program, which must be left as it is."""


def load(path: Path) -> Shelf:
    """The bookmarks in a file; none where there is no file.

    A file that is damaged is set aside beside its place under another name, never lost; what can
    be read of it is kept.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            return Shelf(problem=_unreadable(path, msg("it is too large")), locked=True)
        data = path.read_bytes()
    except FileNotFoundError:
        return Shelf()
    except OSError as error:
        why = error.strerror or str(error)
        return Shelf(problem=_unreadable(path, why), locked=True)
    try:
        bookmarks, lost = decoded(data, path.name)
    except TooNewError as error:
        return Shelf(problem=error.message, locked=True)
    except StudioError:
        bookmarks, lost = (), 1
    if not lost:
        return Shelf(bookmarks)
    aside = _set_aside(path, keep=bool(bookmarks))
    if aside is None:
        return Shelf(bookmarks, _unreadable(path, msg("it is damaged")), locked=True)
    if bookmarks:
        problem = msg(
            "Some bookmarks were damaged and left out; the file as it was is now {aside}.",
            aside=aside.name,
        )
    else:
        problem = msg(
            "The bookmarks of this run were damaged; their file was set aside as {aside}.",
            aside=aside.name,
        )
    return Shelf(bookmarks, problem)


def save(path: Path, bookmarks: Sequence[Bookmark]) -> None:
    """Write bookmarks so that a crash leaves the old file or the new one.

    Raises
    ------
    StudioError
        There are too many, or the file cannot be written.
    """
    write_atomically(path, encoded(bookmarks))


def is_writable(folder: Path) -> bool:
    """Whether files can be made in a folder, as far as the system tells."""
    return folder.is_dir() and os.access(folder, os.W_OK)


def _plain(bookmark: Bookmark) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": one_line(bookmark.name),
        "step": int(bookmark.step),
        "code": [float(value) for value in bookmark.code],
    }
    item = bookmark.item
    if item is not None and item.ndim >= 2:
        entry["picture"] = base64.b64encode(png(item)).decode("ascii")
    elif item is not None and item.shape == (2,):
        entry["point"] = [float(value) for value in item]
    return entry


def _read(entry: object) -> Bookmark | None:
    """One bookmark; ``None`` where the entry makes no sense. A picture may be missing."""
    if not isinstance(entry, dict):
        return None
    name, step, code = entry.get("name"), entry.get("step"), code_from(entry.get("code"))
    if not isinstance(name, str) or type(step) is not int or code is None:
        return None
    if not 0 <= step < 2**63:
        return None
    item: Array | None = None
    if isinstance(entry.get("picture"), str):
        item = _picture(entry["picture"])
    elif "point" in entry:
        item = code_from(entry["point"])
        item = item if item is not None and item.shape == (2,) else None
    return Bookmark(one_line(name), code, item, step)


def _picture(text: str) -> Array | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            data = base64.b64decode(text, validate=True)
            with Image.open(io.BytesIO(data), formats=("PNG",)) as file:
                if max(file.size) > LARGEST or file.mode not in ("L", "RGB"):
                    return None
                return np.array(file, dtype=np.uint8)
    except (
        binascii.Error,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        UnidentifiedImageError,
        SyntaxError,
        ValueError,
        EOFError,
        OSError,
    ):
        return None


def _set_aside(path: Path, *, keep: bool) -> Path | None:
    """Move, or copy, a damaged file to a free name; ``None`` where that fails."""
    for count in range(1, 100):
        aside = path.with_name(path.name + (SET_ASIDE if count == 1 else f"{SET_ASIDE}-{count}"))
        if not aside.exists():
            break
    with contextlib.suppress(OSError):
        if keep:
            shutil.copy2(path, aside)
        else:
            path.replace(aside)
        return aside
    return None


def _foreign(name: str) -> StudioError:
    return StudioError(
        msg("{name} holds no bookmarks.", name=name),
        msg("Choose a file that was exported from the bookmarks of a run."),
    )


def _unreadable(path: Path, why: object) -> Message:
    return msg(
        "The bookmarks in {path} cannot be read: {why}. New ones are kept until the program ends.",
        path=str(path),
        why=why,
    )
