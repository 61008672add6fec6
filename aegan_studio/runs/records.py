"""Append-only files of whole records: a torn tail is ignored, and cut off before more is added."""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from aegan_studio.files import write_atomically, writing

Steps = npt.NDArray[np.int64]
Values = npt.NDArray[np.float32]


class Appender:
    """Adds bytes to the end of a file, all of them or none.

    Parameters
    ----------
    path : Path
        Made where it is missing.
    size : int
        How many bytes of it are sound; what follows them is cut off at the first flush.
    """

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._size = size
        self._pending = bytearray()
        self._file: FileIO | None = None

    def add(self, data: bytes) -> None:
        """Keep ``data`` for the next flush."""
        self._pending += data

    @property
    def size(self) -> int:
        """How many bytes of the file are sound."""
        return self._size

    @property
    def pending(self) -> bytes:
        """What was added and is not yet in the file."""
        return bytes(self._pending)

    def flush(self, *, sync: bool = False) -> None:
        """Hand everything to the system; with ``sync`` wait until the disk has it.

        Raises
        ------
        StudioError
            Disk full and alike. What is pending stays so, for the next try.
        """
        with writing(self._path):
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(self._path, os.O_RDWR | os.O_CREAT | _BINARY, 0o666)
                self._file = FileIO(handle, "r+")
                self._file.truncate(self._size)
            if self._pending:
                self._write(self._file)
            if sync:
                os.fsync(self._file.fileno())

    def _write(self, file: FileIO) -> None:
        file.seek(self._size)
        view = memoryview(bytes(self._pending))
        try:
            while view:
                view = view[file.write(view) :]
        except OSError:
            with contextlib.suppress(OSError):  # half a record may be left: readers ignore it
                file.truncate(self._size)
            raise
        self._size += len(self._pending)
        self._pending.clear()

    def close(self) -> None:
        """Flush and let go of the file; raises what :meth:`flush` raises."""
        try:
            if self._pending:
                self.flush()
        finally:
            if self._file is not None:
                self._file.close()
                self._file = None


_BINARY: int = getattr(os, "O_BINARY", 0)


def record_type(columns: int) -> np.dtype[Any]:
    """The layout of one record: little-endian int64 step, then ``columns`` float32 values."""
    return np.dtype([("step", "<i8"), ("values", "<f4", (columns,))])


class StepsFile:
    """The values of every step, as records of fixed size.

    Steps increase strictly. Reading stops where they don't, which also drops the zeros that some
    file systems leave behind after a power cut.
    """

    def __init__(self, path: Path, columns: int) -> None:
        self._path = path
        self._type = record_type(columns)
        self._appender: Appender | None = None
        self._last = -1

    def read(self) -> tuple[Steps, Values]:
        """Steps (n,) and values (n, k), what is not yet flushed included."""
        records = self._stored()
        if self._appender is not None:
            unflushed = np.frombuffer(self._appender.pending, dtype=self._type)
            flushed = self._appender.size // self._type.itemsize
            records = np.concatenate([records[:flushed], unflushed])
        steps = np.ascontiguousarray(records["step"], dtype=np.int64)
        return steps, np.ascontiguousarray(records["values"], dtype=np.float32)

    def append(self, steps: Steps, values: Values) -> None:
        """Add records; ``steps`` (n,) above all earlier ones, ``values`` (n, k)."""
        if not len(steps):
            return
        records = np.empty(len(steps), dtype=self._type)
        records["step"] = steps
        records["values"] = values
        appender = self._writer()
        if steps[0] <= self._last or np.any(np.diff(steps) <= 0):
            raise ValueError(f"steps must increase: {steps[0]} comes after {self._last}")
        appender.add(records.tobytes())
        self._last = int(steps[-1])

    def flush(self, *, sync: bool = False) -> None:
        """Hand what was appended to the system; raises :class:`StudioError`."""
        if self._appender is not None:
            self._appender.flush(sync=sync)

    def truncate_after(self, step: int) -> None:
        """Drop the records of all steps above ``step``; raises :class:`StudioError`."""
        self.close()
        steps = self._stored()["step"]
        keep = int(np.searchsorted(steps, step, side="right"))
        if self._path.exists():
            with writing(self._path):
                os.truncate(self._path, keep * self._type.itemsize)

    def close(self) -> None:
        """Flush and let go of the file; where that fails, what is pending is kept for a retry."""
        if self._appender is not None:
            self._appender.close()
            self._appender = None

    def _writer(self) -> Appender:
        if self._appender is None:
            stored = self._stored()
            self._last = int(stored["step"][-1]) if len(stored) else -1
            self._appender = Appender(self._path, stored.nbytes)
        return self._appender

    def _stored(self) -> npt.NDArray[Any]:
        try:
            whole = self._path.stat().st_size // self._type.itemsize
            records = np.fromfile(self._path, dtype=self._type, count=whole)
        except OSError:
            return np.empty(0, dtype=self._type)
        steps = records["step"]
        if len(steps) and steps[0] < 0:
            return records[:0]
        falling = np.flatnonzero(np.diff(steps) <= 0)
        return records[: int(falling[0]) + 1] if len(falling) else records


class LinesFile:
    """One JSON object per line, each with a ``step``; damaged lines are skipped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._appender: Appender | None = None

    def read(self) -> list[dict[str, Any]]:
        """All sound lines in order, what is not yet flushed included."""
        data = self._whole_lines()
        if self._appender is not None:
            data = data[: self._appender.size] + self._appender.pending
        return list(_parsed(data))

    def append(self, line: Mapping[str, Any]) -> None:
        """Add one line; numbers that are not finite become ``null``."""
        if self._appender is None:
            self._appender = Appender(self._path, len(self._whole_lines()))
        self._appender.add(_encoded(line))

    def flush(self, *, sync: bool = False) -> None:
        """Hand what was appended to the system; raises :class:`StudioError`."""
        if self._appender is not None:
            self._appender.flush(sync=sync)

    def truncate_after(self, step: int) -> None:
        """Drop the lines of all steps above ``step``; raises :class:`StudioError`."""
        self.drop(lambda line: line["step"] > step)

    def drop(self, unwanted: Callable[[dict[str, Any]], bool]) -> None:
        """Drop some lines; raises :class:`StudioError`."""
        self.close()
        lines = self.read()
        kept = [line for line in lines if not unwanted(line)]
        if len(kept) < len(lines):
            write_atomically(self._path, b"".join(map(_encoded, kept)))

    def close(self) -> None:
        """Flush and let go of the file; where that fails, what is pending is kept for a retry."""
        if self._appender is not None:
            self._appender.close()
            self._appender = None

    def _whole_lines(self) -> bytes:
        try:
            data = self._path.read_bytes()
        except OSError:
            return b""
        return data[: data.rfind(b"\n") + 1]


def _parsed(data: bytes) -> Iterator[dict[str, Any]]:
    for line in data.splitlines():
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and type(value.get("step")) is int:
            yield value


def _encoded(line: Mapping[str, Any]) -> bytes:
    text = json.dumps(_finite(line), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace") + b"\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): _finite(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value
