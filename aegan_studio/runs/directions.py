"""Directions that a person made, kept beside a run: names and plain numbers, never code."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aegan_studio.files import write_atomically
from aegan_studio.messages import StudioError, msg

FILE = "directions.json"
FORMAT = 1

MOST = 64
"""Directions kept of a run."""
NAMED = 60
"""Letters of a name."""
BYTES = 64_000_000
"""Of the file, at most: 64 transports between codes of 256 values take less."""
WIDEST = 65_536
"""Values of a code, at most."""

_ARRAYS = ("unit", "start", "end", "matrix")
_NUMBERS = ("offset", "spread", "reach")


@dataclass(frozen=True, slots=True, eq=False)
class KeptDirection:
    """A direction by name.

    Attributes
    ----------
    course : mapping
        ``how`` it was made, and lists of finite numbers; see ``ml.latent.courses.Course.to_plain``.
    step : int
        The training step of the weights that it was made with.
    """

    name: str
    course: Mapping[str, Any]
    step: int = 0


def load_directions(folder: Path) -> tuple[KeptDirection, ...]:
    """The directions kept in a run folder; none where there is no file.

    Entries that make no sense are left out.

    Raises
    ------
    StudioError
        The file is there, but is no list of directions or cannot be read.
    """
    path = folder / FILE
    try:
        if path.stat().st_size > BYTES:
            raise _unreadable(path, "too large")
        known = json.loads(path.read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(path, str(error).partition("\n")[0]) from error
    entries = known.get("directions") if isinstance(known, dict) else None
    if not isinstance(entries, list):
        raise _unreadable(path, "no directions in it")
    found = (_checked(entry) for entry in entries[:MOST])
    return tuple(direction for direction in found if direction is not None)


def save_directions(folder: Path, directions: Sequence[KeptDirection]) -> None:
    """Keep these directions, in the place of those that were kept.

    Raises
    ------
    StudioError
        More than :data:`MOST`, or the folder cannot be written.
    """
    if len(directions) > MOST:
        raise StudioError(
            msg("A run keeps at most {most} directions.", most=MOST),
            msg("Delete one that is no longer needed."),
        )
    entries = [{"name": kept.name[:NAMED], "step": kept.step, **kept.course} for kept in directions]
    text = json.dumps({"format": FORMAT, "directions": entries}, ensure_ascii=False)
    write_atomically(folder / FILE, text.encode())


def _checked(entry: object) -> KeptDirection | None:
    if not isinstance(entry, dict):
        return None
    name, how, step = entry.get("name"), entry.get("how"), entry.get("step", 0)
    if not isinstance(name, str) or not name.strip() or not isinstance(how, str):
        return None
    course: dict[str, Any] = {"how": how}
    for key in _NUMBERS:
        if key in entry:
            if not _is_number(entry[key]):
                return None
            course[key] = float(entry[key])
    for key in _ARRAYS:
        if key in entry:
            rows = entry[key]
            flat = rows if key != "matrix" else [v for row in _rows(rows) for v in row]
            if not isinstance(flat, list) or not flat or not all(map(_is_number, flat)):
                return None
            if key != "matrix" and len(flat) > WIDEST:
                return None
            course[key] = rows
    whole = type(step) is int and step >= 0
    return KeptDirection(name.strip()[:NAMED], course, step if whole else 0)


def _rows(rows: object) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return [[None]]
    return rows


def _is_number(value: object) -> bool:
    if type(value) not in (int, float):
        return False
    try:
        return math.isfinite(value)  # type: ignore[arg-type]  # an int or a float
    except OverflowError:
        return False


def _unreadable(path: Path, why: str) -> StudioError:
    return StudioError(
        msg("The directions in {path} cannot be read: {why}.", path=str(path), why=why),
        msg("Move the file away to start with none; nothing else of the run is affected."),
    )
