"""Codes as files: a table with labels and names, as arrays (npz) or as text (csv).

Both formats keep every number exactly: what is read back is bit for bit what was written.
"""

from __future__ import annotations

import csv
import io
import json
import math
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from aegan_studio.files import write_atomically
from aegan_studio.messages import StudioError, msg

Array = npt.NDArray[Any]

ENDINGS = (".npz", ".csv")
MAX_BYTES = 2_000_000_000
"""Of an array in a file that is read."""
PIECE = 50_000
"""Letters of a table that are made at a time."""
LONGEST = 65_536
"""Values of a code that comes from elsewhere."""


@dataclass(frozen=True, slots=True, eq=False)
class CodeTable:
    """Codes, and what is known of each.

    Attributes
    ----------
    codes : ndarray, shape (n, d), float32 or float64
    labels : ndarray or None, shape (n,), int64
        Indices into ``classes``.
    classes : tuple of str
        The names of the classes.
    names : tuple of str, or None
        One for each code.
    held_out : ndarray or None, shape (n,), bool
        Whether the training never saw the item.
    rows : ndarray or None, shape (n,), int64
        Which row of the dataset the item is.
    components : ndarray or None, shape (n, 2), float64
        Places on the first two principal components.
    step : int
        The training step of the weights.
    """

    codes: Array
    labels: npt.NDArray[np.int64] | None = None
    classes: tuple[str, ...] = ()
    names: tuple[str, ...] | None = None
    held_out: npt.NDArray[np.bool_] | None = None
    rows: npt.NDArray[np.int64] | None = None
    components: npt.NDArray[np.float64] | None = None
    step: int = 0


def save(path: Path, table: CodeTable) -> None:
    """Write a table by the ending of ``path``: ``.npz`` or ``.csv``.

    Raises
    ------
    StudioError
        For another ending, and where the file cannot be written.
    """
    write_atomically(path, encoded(table, checked_ending(path)))


def checked_ending(path: Path) -> str:
    """The ending of a file of codes, in small letters; raises :class:`StudioError` for others."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise StudioError(
            msg("{name} cannot hold these codes.", name=path.name),
            msg("Choose a name that ends in {endings}.", endings=" / ".join(ENDINGS)),
        )
    return ending


def encoded(table: CodeTable, ending: str) -> bytes:
    """A table as the contents of a ``.npz`` or ``.csv`` file."""
    return b"".join(encoding(table, ending))


def encoding(table: CodeTable, ending: str) -> Iterator[bytes]:
    """:func:`encoded` in pieces, each quickly made."""
    if ending == ".npz":
        yield _npz(table)
    else:
        yield from _csv(table)


def _npz(table: CodeTable) -> bytes:
    arrays: dict[str, Array] = {"z": table.codes, "step": np.asarray(table.step, np.int64)}
    if table.labels is not None:
        arrays["labels"] = table.labels
        arrays["classes"] = np.array(table.classes, dtype=np.str_)
    if table.names is not None:
        # NumPy's texts drop what ends in a zero sign; names are lines, which hold none
        arrays["names"] = np.array(table.names, dtype=np.str_)
    for key in ("held_out", "rows", "components"):
        value = getattr(table, key)
        if value is not None:
            arrays[key] = value
    buffer = io.BytesIO()
    # not compressed: codes hardly shrink, and a window waits
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _csv(table: CodeTable) -> Iterator[bytes]:
    columns: list[tuple[str, Sequence[object]]] = []
    if table.names is not None:
        columns.append(("name", table.names))
    if table.rows is not None:
        columns.append(("row", table.rows.tolist()))
    if table.held_out is not None:
        parts = ["held-out" if out else "train" for out in table.held_out]
        columns.append(("split", parts))
    if table.labels is not None:
        columns.append(("label", table.labels.tolist()))
        columns.append(("class", [_class(table.classes, label) for label in table.labels]))
    if table.components is not None:
        for index in range(2):
            columns.append((f"pc{index + 1}", table.components[:, index].tolist()))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    values = [f"z{index + 1}" for index in range(table.codes.shape[1])]
    writer.writerow([*(name for name, _ in columns), *values])
    for row, code in enumerate(table.codes):
        known = [column[row] for _, column in columns]
        # str() of a NumPy number is the shortest text that gives the number back
        writer.writerow([*known, *(str(value) for value in code)])
        if text.tell() > PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _class(classes: tuple[str, ...], label: int) -> str:
    return classes[label] if 0 <= label < len(classes) else str(label)


def load(path: Path) -> CodeTable:
    """Read a table that :func:`save` wrote; nothing in the file is ever run.

    A ``.csv`` file says neither the step nor the names of classes that no code has; its codes are
    float64, of which ``astype(float32)`` gives back what was written.

    Raises
    ------
    StudioError
        The file cannot be read, or holds no codes.
    """
    ending = checked_ending(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StudioError(
            msg("{name} cannot be read: {why}.", name=str(path), why=error.strerror or str(error)),
            msg("Check the path and its permissions."),
        ) from None
    try:
        table = _from_npz(data) if ending == ".npz" else _from_csv(data)
    except (ValueError, KeyError, TypeError, IndexError, OSError, EOFError, csv.Error):
        raise _foreign(path) from None
    except (zipfile.BadZipFile, NotImplementedError, MemoryError):
        raise _foreign(path) from None
    return table


def _from_npz(data: bytes) -> CodeTable:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if any(entry.file_size > MAX_BYTES for entry in archive.infolist()):
            raise ValueError("too large")
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        known = {name: file[name] for name in file.files}
    codes = known["z"]
    if codes.ndim != 2 or codes.dtype not in (np.float32, np.float64):
        raise ValueError("no codes")
    names = known.get("names")
    return _checked(
        CodeTable(
            codes,
            known.get("labels"),
            tuple(str(name) for name in known.get("classes", ())),
            None if names is None else tuple(str(name) for name in names),
            known.get("held_out"),
            known.get("rows"),
            known.get("components"),
            int(known.get("step", 0)),
        )
    )


def _from_csv(data: bytes) -> CodeTable:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    head, body = rows[0], rows[1:]
    where = {name: index for index, name in enumerate(head)}
    values = [where[f"z{count}"] for count in range(1, LONGEST + 1) if f"z{count}" in where]
    if not values or len(where) != len(head):
        raise ValueError("no codes")

    def column(name: str) -> list[str] | None:
        return [row[where[name]] for row in body] if name in where else None

    labels, kinds, names = column("label"), column("class"), column("name")
    split, numbers = column("split"), column("row")
    first, second = column("pc1"), column("pc2")
    codes = np.array([[float(row[index]) for index in values] for row in body], np.float64)
    return _checked(
        CodeTable(
            codes.reshape(len(body), len(values)),
            None if labels is None else np.array([int(label) for label in labels], np.int64),
            _classes(labels or (), kinds or ()),
            None if names is None else tuple(names),
            None if split is None else np.array([part == "held-out" for part in split], bool),
            None if numbers is None else np.array([int(row) for row in numbers], np.int64),
            None
            if first is None or second is None
            else np.array(list(zip(map(float, first), map(float, second), strict=True))).reshape(
                -1, 2
            ),
        )
    )


def _classes(labels: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    known = {int(label): name for label, name in zip(labels, names, strict=False)}
    if not known or not 0 <= max(known) < 100_000:
        return ()
    return tuple(known.get(index, str(index)) for index in range(max(known) + 1))


def _checked(table: CodeTable) -> CodeTable:
    count = len(table.codes)
    kinds = {"labels": "iu", "held_out": "b", "rows": "iu", "components": "f"}
    for name, kind in kinds.items():
        value = getattr(table, name)
        if value is not None and (len(value) != count or value.dtype.kind not in kind):
            raise ValueError(f"{name} do not fit the codes")
    if table.names is not None and len(table.names) != count:
        raise ValueError("names do not fit the codes")
    return table


def _foreign(path: Path) -> StudioError:
    return StudioError(
        msg("{name} holds no codes.", name=path.name),
        msg("Choose a .npz or .csv file of codes, with z or z1, z2, … in it."),
    )


def code_from(values: object) -> npt.NDArray[np.float64] | None:
    """A list of finite numbers as a code (d,); ``None`` for anything else."""
    if not isinstance(values, list) or not 0 < len(values) <= LONGEST:
        return None
    if not all(type(value) in (int, float) for value in values):
        return None
    try:
        finite = all(math.isfinite(value) for value in values)
        return np.array(values, dtype=np.float64) if finite else None
    except OverflowError:
        return None


def code_text(code: npt.ArrayLike) -> str:
    """A code as JSON, ``[0.5, -1.0]``: :func:`code_of_text` gives back exactly the same."""
    return json.dumps([float(value) for value in np.asarray(code, dtype=np.float64)])


def code_of_text(text: str) -> npt.NDArray[np.float64] | None:
    """A code from JSON, or from numbers between commas, spaces, lines or brackets.

    ``None`` where there is anything else, or no number.
    """
    if len(text) > 40 * LONGEST:
        return None
    plain = text.replace("−", "-").strip()
    for sign in "[](){};,=\t\r\n":
        plain = plain.replace(sign, " ")
    words = plain.split()
    if words[:1] in (["z"], ["code"]):
        words = words[1:]
    try:
        return code_from([float(word) for word in words])
    except ValueError:
        return None
