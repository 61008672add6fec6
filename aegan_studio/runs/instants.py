"""Instants of a run: what it looked like at some steps, and the weights to look at it anew.

    timeline/000000400.instant.safetensors    weights, a few small items, facts
    timeline/000000400.whole.safetensors      a checkpoint, to branch from bit for bit

Weights are the shown ones: running averages where there are any. They are kept in half precision;
whole numbers stay as they are, and so does, in single precision, a tensor with values that halves
cannot hold. Files appear as a whole. One that a power cut tore is passed over, and deleted when
training goes on. Reading runs no code, and takes no size on trust.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save

from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.events import Instant
from aegan_studio.files import write_atomically, writing
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs.layout import SUFFIX

Array = npt.NDArray[Any]

FORMAT = 1
FOLDER = "timeline"
KEY = "aegan-studio"

MOST_HEADER = 1 << 24
"""Bytes of a file's header that are read at most."""

MOST_SHOWN = 1 << 20
"""Values of an instant's small items at most."""

_NAME = re.compile(r"(\d{9,18})\.(instant|whole)" + re.escape(SUFFIX))

_TYPES = {
    "BOOL": np.dtype("?"),
    "U8": np.dtype("u1"),
    "I8": np.dtype("i1"),
    "I16": np.dtype("<i2"),
    "I32": np.dtype("<i4"),
    "I64": np.dtype("<i8"),
    "F16": np.dtype("<f2"),
    "F32": np.dtype("<f4"),
    "F64": np.dtype("<f8"),
}
"""The kinds of numbers in an instant, by their names in the file."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What an instant holds: weights by role and name, and what the method remembered."""

    experiment: Experiment
    step: int
    seconds: float
    epoch: float
    weights: Mapping[str, Mapping[str, Array]]
    state: Mapping[str, Array]


def instant_path(run: Path, step: int) -> Path:
    """Where the instant of a step belongs."""
    return run / FOLDER / f"{step:09d}.instant{SUFFIX}"


def whole_path(run: Path, step: int) -> Path:
    """Where the checkpoint beside an instant belongs."""
    return run / FOLDER / f"{step:09d}.whole{SUFFIX}"


def halved(array: Array) -> Array:
    """Numbers in half precision, or as they are where halves cannot hold them."""
    if array.dtype.kind != "f":
        return array
    with np.errstate(over="ignore"):
        half = array.astype(np.float16)
    return half if np.isfinite(half).all() else array.astype(np.float32)


# Writing


def encode(moment: Moment, made: Array, real: Array | None) -> bytes:
    """An instant as a file.

    Parameters
    ----------
    moment : Moment
        Its weights are halved here.
    made, real : ndarray or None
        As of :class:`~aegan_studio.experiment.events.Instant`.
    """
    tensors = {f"method/{name}": halved(array) for name, array in moment.state.items()}
    for role, arrays in moment.weights.items():
        tensors |= {f"weights/{role}/{name}": halved(array) for name, array in arrays.items()}
    tensors["shown/made"] = made
    if real is not None:
        tensors["shown/real"] = real
    tensors = {name: np.asarray(array, order="C") for name, array in tensors.items()}
    header = {
        "format": FORMAT,
        "step": moment.step,
        "seconds": moment.seconds,
        "epoch": moment.epoch,
        "experiment": moment.experiment.to_plain(),
        "checksum": _checksum(tensors),
    }
    return save(tensors, metadata={KEY: json.dumps(header)})


def write(run: Path, step: int, data: bytes) -> None:
    """Write an instant that :func:`encode` made; raises :class:`StudioError`."""
    write_atomically(instant_path(run, step), data, sync=False)


def adopt_checkpoint(run: Path, step: int, checkpoint: Path) -> None:
    """Keep a checkpoint beside the instant of its step, without copying it where that can be."""
    _link(checkpoint, whole_path(run, step))


def share(origin: Path, run: Path, step: int) -> None:
    """Give a run the timeline of another up to a step; without copies where that can be."""
    for number, _, path in _files(origin):
        if number <= step:
            _link(path, run / FOLDER / path.name)


def _link(file: Path, target: Path) -> None:
    """Put the same file at ``target``; files of a timeline are replaced, never written to."""
    if not file.exists():
        return
    beside = target.with_name(f".{target.name}.link")
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        try:
            os.link(file, beside)
        except OSError:  # another file system, or one without links
            shutil.copyfile(file, beside)
        os.replace(beside, target)


def delete(path: Path) -> None:
    """Delete a file of the timeline; raises :class:`StudioError`."""
    with writing(path):
        path.unlink(missing_ok=True)


def truncate_after(run: Path, step: int) -> None:
    """Forget what came after ``step``; raises :class:`StudioError`."""
    for number, _, path in _files(run):
        if number > step:
            delete(path)


def clear_leftovers(run: Path) -> None:
    """Delete half-written files; only for the run's one writer."""
    for file in (run / FOLDER).glob(f".*{SUFFIX}.*"):
        with contextlib.suppress(OSError):
            file.unlink()


def discard(run: Path) -> None:
    """Delete a whole timeline, as far as that can be."""
    clear_leftovers(run)
    for _, _, path in _files(run):
        with contextlib.suppress(OSError):
            path.unlink()
    with contextlib.suppress(OSError):
        (run / FOLDER).rmdir()


# Reading


def listed(run: Path, torn: Callable[[Path], object] | None = None) -> list[Instant]:
    """The instants of a run in order; ``torn`` is told of files that hold none."""
    found = []
    for step, kind, path in _files(run):
        if kind != "instant":
            continue
        try:
            with _opened(path) as file:
                instant = file.instant()
            if instant.step != step:
                raise ValueError(f"{path.name} holds step {instant.step}")
            found.append(instant)
        except OSError:
            continue
        except _MALFORMED:
            if torn is not None:
                torn(path)
    return found


def wholes(run: Path) -> dict[int, int]:
    """The steps with a checkpoint beside the instant, and the bytes that it takes."""
    found = {}
    for step, kind, path in _files(run):
        if kind == "whole":
            with contextlib.suppress(OSError):
                found[step] = path.stat().st_size
    return found


def written(run: Path, step: int) -> int | None:
    """When the instant of a step was written, in nanoseconds; ``None`` where it is not kept."""
    try:
        return instant_path(run, step).stat().st_mtime_ns
    except OSError:
        return None


def read(run: Path, step: int) -> Moment:
    """The instant of a step.

    Raises
    ------
    StudioError
        It is not kept, or damaged.
    """
    path = instant_path(run, step)
    try:
        with _opened(path) as file:
            return file.moment()
    except OSError:
        raise StudioError(
            msg("Step {step:,} is not kept in the run's timeline.", step=step),
            msg("Choose another instant."),
        ) from None
    except (*_MALFORMED, InputError):
        raise StudioError(
            msg("The snapshot of step {step:,} is damaged.", step=step),
            msg("Choose another instant."),
        ) from None


def _files(run: Path) -> list[tuple[int, str, Path]]:
    """Step, kind and path of every file, in order of steps."""
    try:
        paths = list((run / FOLDER).iterdir())
    except OSError:
        return []
    matched = [(_NAME.fullmatch(path.name), path) for path in paths]
    return sorted((int(match[1]), match[2], path) for match, path in matched if match)


def _checksum(tensors: Mapping[str, Array]) -> int:
    total = 0
    for name in sorted(tensors):
        total = zlib.crc32(tensors[name].tobytes(), zlib.crc32(name.encode(), total))
    return total


_MALFORMED = (ValueError, KeyError, TypeError, RecursionError, OverflowError)
"""What a file that is not as it should be raises while it is read."""


class _File:
    """A safetensors file whose every size was checked before anything of it is believed."""

    def __init__(self, file: BufferedReader, size: int) -> None:
        self._file, self.size = file, size
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(MOST_HEADER, size - 8):
            raise ValueError(f"a header of {length} bytes in a file of {size}")
        table = json.loads(file.read(length))
        self._start = 8 + length
        self.facts = json.loads(table.pop("__metadata__")[KEY])
        if self.facts["format"] > FORMAT:
            raise ValueError(f"format {self.facts['format']}")
        self._places = {name: self._place(entry) for name, entry in table.items()}
        end = max((end for _, _, _, end in self._places.values()), default=0)
        if self._start + end != size:
            raise ValueError(f"{size} bytes, {self._start + end} expected")

    @staticmethod
    def _place(entry: Mapping[str, Any]) -> tuple[np.dtype[Any], tuple[int, ...], int, int]:
        kind, shape = _TYPES[entry["dtype"]], tuple(int(side) for side in entry["shape"])
        begin, end = (int(offset) for offset in entry["data_offsets"])
        if min(shape, default=0) < 0 or begin < 0:
            raise ValueError(f"shape {shape} at {begin}")
        if math.prod(shape) * kind.itemsize != end - begin:
            raise ValueError(f"{end - begin} bytes for {shape} of {kind}")
        return kind, shape, begin, end

    def array(self, name: str) -> Array:
        """One of its arrays."""
        kind, shape, begin, end = self._places[name]
        data = bytearray(end - begin)  # torch wants what can be written to
        self._file.seek(self._start + begin)
        if self._file.readinto(data) != len(data):
            raise ValueError(f"{name} is cut off")
        return np.frombuffer(data, kind).reshape(shape)

    def instant(self) -> Instant:
        """How it looked."""
        real = "shown/real" in self._places
        for name in ("shown/made", *(["shown/real"] if real else [])):
            kind, shape, _, _ = self._places[name]
            if math.prod(shape) > MOST_SHOWN or not _is_shown(kind, shape):
                raise ValueError(f"{name} is {kind} {shape}")
        made = self.array("shown/made")
        return Instant(
            step=int(self.facts["step"]),
            seconds=float(self.facts["seconds"]),
            epoch=float(self.facts["epoch"]),
            made=made,
            real=self.array("shown/real") if real else None,
            size=self.size,
        )

    def moment(self) -> Moment:
        """What it holds, checked against its checksum."""
        arrays = {name: self.array(name) for name in self._places}
        if self.facts["checksum"] != _checksum(arrays):
            raise ValueError("another checksum")
        weights: dict[str, dict[str, Array]] = {}
        for path, array in arrays.items():
            group, _, rest = path.partition("/")
            role, _, name = rest.partition("/")
            if group == "weights":
                weights.setdefault(role, {})[name] = array
        return Moment(
            experiment=Experiment.parse(self.facts["experiment"]),
            step=int(self.facts["step"]),
            seconds=float(self.facts["seconds"]),
            epoch=float(self.facts["epoch"]),
            weights=weights,
            state={
                name.removeprefix("method/"): array
                for name, array in arrays.items()
                if name.startswith("method/")
            },
        )


def _is_shown(kind: np.dtype[Any], shape: tuple[int, ...]) -> bool:
    """Whether arrays of this kind and shape are pictures or points."""
    if kind == np.float16:
        return len(shape) == 2 and shape[1] == 2
    return kind == np.uint8 and (len(shape) == 3 or (len(shape) == 4 and shape[3] == 3))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[_File]:
    with path.open("rb") as file:
        yield _File(file, os.fstat(file.fileno()).st_size)
