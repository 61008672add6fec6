"""A run folder: everything about one run, readable after a crash at any moment.

    experiment.toml      the experiment the run was started with
    run.json             facts: title, status, step, device, threads, versions
    metrics/             columns.json, steps.bin (every step), pace.bin, held-out.jsonl
    events.jsonl         live changes and findings
    checkpoints/         000000400.safetensors, the newest two
    timeline/            what it looked like at some steps, and the weights then
    preview.png          a picture of the latest samples

The experiment is the only file that must be sound; all others are optional or rebuilt.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from aegan_studio.experiment import Experiment, InputError, toml
from aegan_studio.files import write_atomically, writing
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs import instants
from aegan_studio.runs.layout import (
    CHECKPOINT,
    EXPERIMENT,
    FACTS,
    FORMAT,
    LOCK,
    PREVIEW,
    SET_ASIDE,
    SUFFIX,
    checkpoint_step,
    is_free,
    is_run,
    new_facts,
    number,
    read_columns,
    read_facts,
)
from aegan_studio.runs.lock import FolderLock
from aegan_studio.runs.records import LinesFile, Steps, StepsFile, Values

__all__ = ["EXPERIMENT", "FLUSH_EVERY", "Metrics", "RunFolder", "checkpoint_step", "is_run"]

FLUSH_EVERY = 1.0
"""Seconds after which appended records are handed to the system at the latest."""

PACE_EVERY = 0.25
"""Seconds of training between two records of the pace."""

Metrics = Mapping[str, tuple[Steps, npt.NDArray[np.floating[Any]]]]
"""Name to the steps at which it was measured, int64 (n,), and the values (n,)."""


class RunFolder:
    """One run on disk. Reading needs no lock; the first write takes it for this object.

    Made by :meth:`create` or :meth:`open`. Methods may be called from any thread. Those that
    write raise :class:`StudioError` where the disk is full or the folder not writable, and where
    another process trains the run.
    """

    def __init__(self, path: Path, experiment: Experiment, facts: Mapping[str, Any]) -> None:
        self._path = path
        self._experiment = experiment
        self._facts = dict(facts)
        self._lock = FolderLock(path / LOCK)
        self._mutex = threading.RLock()
        self._columns = read_columns(self._columns_path)
        self._steps = StepsFile(self._steps_path, len(self._columns))
        self._pace = StepsFile(self._pace_path, 3)
        self._paced = -PACE_EVERY
        self._held_out = LinesFile(path / "metrics" / "held-out.jsonl")
        self._events = LinesFile(path / "events.jsonl")
        self._back_to: int | None = None
        self._flushed = time.monotonic()

    @classmethod
    def create(cls, path: Path, experiment: Experiment) -> RunFolder:
        """A new run at ``path``, which must be missing or empty; locked for this object.

        Raises
        ------
        StudioError
            The folder is in use, holds something else or cannot be written.
        """
        path = path.absolute()
        if is_run(path):
            raise StudioError(
                msg("{path} already holds a run.", path=str(path)),
                msg("Continue that run or choose another folder."),
            )
        if path.exists() and not path.is_dir():
            raise StudioError(
                msg("{path} is a file, not a folder.", path=str(path)),
                msg("Choose another folder for the run."),
            )
        if path.is_dir() and not is_free(path):
            raise StudioError(
                msg("{path} is not empty and holds no run.", path=str(path)),
                msg("Choose another folder for the run; nothing was changed there."),
            )
        with writing(path):
            path.mkdir(parents=True, exist_ok=True)
        folder = cls(path, experiment, new_facts(experiment))
        folder.claim()
        toml.save(experiment, path / EXPERIMENT)
        folder.describe()
        return folder

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """The run at ``path``.

        Raises
        ------
        StudioError
            There is no run, or its experiment cannot be understood. Damage anywhere else is
            tolerated: what is readable is used.
        """
        path = path.absolute()
        if not path.exists():
            raise StudioError(
                msg("There is no run at {path}.", path=str(path)), msg("Check the path.")
            )
        if not path.is_dir():
            raise StudioError(
                msg("{path} is a file, not a run.", path=str(path)),
                msg("Choose the folder that holds experiment.toml."),
            )
        if not is_run(path):
            raise StudioError(
                msg("{path} holds no run: experiment.toml is missing.", path=str(path)),
                msg("Choose the folder of a run."),
            )
        try:
            experiment = toml.load(path / EXPERIMENT)
        except InputError as error:
            raise InputError(error.problems, str(path / EXPERIMENT)) from None
        return cls(path, experiment, read_facts(path, experiment))

    def __enter__(self) -> Self:
        """The folder itself; leaving closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Flush and unlock."""
        self.close()

    @property
    def path(self) -> Path:
        """The folder, absolute."""
        return self._path

    @property
    def experiment(self) -> Experiment:
        """The experiment the run was started with."""
        return self._experiment

    @property
    def current_experiment(self) -> Experiment:
        """The experiment with all recorded live changes applied."""
        changed = {line["path"]: line["new"] for line in self.changes()}
        try:
            return self._experiment.with_options(changed) if changed else self._experiment
        except InputError:  # events of another version of the program
            return self._experiment

    @property
    def facts(self) -> Mapping[str, Any]:
        """What run.json says: title, status, step, device, threads, versions, created."""
        return dict(self._facts)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of what is recorded at every step."""
        return self._columns

    # Writing

    def claim(self) -> None:
        """Make this object the folder's only writer; the first write does it by itself.

        Raises
        ------
        StudioError
            Another program trains the run.
        """
        with self._mutex:
            if self._lock.held:
                return
            if not self._lock.acquire():
                raise StudioError(
                    msg("{path} is being trained by another program.", path=str(self._path)),
                    msg("Stop it there first, or choose another run."),
                )
            self._clear_leftovers()

    def set_columns(self, names: tuple[str, ...]) -> None:
        """Name the columns of the steps, once per run; the same names again do nothing.

        Raises
        ------
        StudioError
            Steps with other columns are recorded already.
        """
        with self._mutex:
            self.claim()
            if names == self._columns and self._columns_path.exists():
                return
            if names != self._columns and len(self.steps()[0]):
                raise StudioError(
                    msg(
                        "The run records {old}; it cannot go on with {new}.",
                        old=", ".join(self._columns),
                        new=", ".join(names),
                    ),
                    msg("Start a new run."),
                )
            self._steps.close()
            text = json.dumps({"format": FORMAT, "columns": names}, ensure_ascii=False)
            write_atomically(self._columns_path, text.encode())
            self._columns = tuple(names)
            self._steps = StepsFile(self._steps_path, len(names))
            if self._back_to is not None:
                self._steps.truncate_after(self._back_to)
                self._back_to = None

    def append_steps(self, steps: Steps, values: Values) -> None:
        """Record steps (n,), above all earlier ones, and their values (n, k); NaN is allowed.

        Reaches the system within a second, or at :meth:`flush`. A full disk loses nothing: the
        records stay in memory, and the next :meth:`flush` says so.
        """
        with self._mutex:
            self.claim()
            self._steps.append(steps, values)
            self._flush_now_and_then()

    def append_pace(self, step: int, seconds: float, per_second: float, memory: float) -> None:
        """Record, a few times a second, how fast training is; buffered like :meth:`append_steps`.

        ``step`` is above all earlier ones, ``seconds`` the run's training time, ``memory`` in
        bytes.
        """
        if 0 <= seconds - self._paced < PACE_EVERY:
            return
        with self._mutex:
            self.claim()
            row = np.array([[seconds, per_second, memory]], np.float32)
            self._pace.append(np.array([step], np.int64), row)
            self._paced = seconds
            self._flush_now_and_then()

    def append_held_out(self, step: int, values: Mapping[str, float]) -> None:
        """Record measurements on held-out data; buffered like :meth:`append_steps`."""
        with self._mutex:
            self.claim()
            self._held_out.append({"step": step, "values": dict(values)})
            self._flush_now_and_then()

    def append_change(self, step: int, path: str, old: Any, new: Any) -> None:
        """Record a live change of an option."""
        self.append_event("changed", step, path=path, old=old, new=new)

    def append_event(self, event: str, step: int, **details: Any) -> None:
        """Record something that happened; ``details`` are plain data."""
        with self._mutex:
            self.claim()
            self._events.append({"event": event, "step": step, **details})
            self._flush_now_and_then()

    def flush(self, *, sync: bool = False) -> None:
        """Hand all records to the system; with ``sync`` wait until the disk has them."""
        with self._mutex:
            self._flushed = time.monotonic()
            for file in (self._steps, self._pace, self._held_out, self._events):
                file.flush(sync=sync)

    def _flush_now_and_then(self) -> None:
        if time.monotonic() - self._flushed >= FLUSH_EVERY:
            # Training goes on over a full disk; the flush before the next checkpoint reports it.
            with contextlib.suppress(StudioError):
                self.flush()

    def truncate_after(self, step: int) -> None:
        """Go back to ``step``: drop later records and instants, set later checkpoints aside.

        Killed in between, the run still opens, and the same call finishes the work.
        """
        with self._mutex:
            self.claim()
            if self._columns:
                self._steps.truncate_after(step)
            else:  # columns.json is damaged: how long a record is, set_columns will say
                self._back_to = step
            for file in (self._pace, self._held_out, self._events):
                file.truncate_after(step)
            self._paced = -PACE_EVERY
            for checkpoint in self.checkpoints():
                if checkpoint_step(checkpoint) > step:
                    with writing(checkpoint):
                        checkpoint.replace(checkpoint.with_name(checkpoint.name + SET_ASIDE))
            instants.truncate_after(self._path, step)

    def forget_extras(self, beyond: int) -> None:
        """Drop the records of extra updates above the ``beyond``-th: no checkpoint has them."""
        with self._mutex:
            self._events.drop(
                lambda line: line.get("event") == "extra" and line.get("number", 0) > beyond
            )

    def describe(self, **facts: Any) -> None:
        """Change facts (plain data) and write run.json atomically."""
        with self._mutex:
            self.claim()
            updated = {**self._facts, **facts}
            text = json.dumps(updated, ensure_ascii=False, indent=2, default=str)
            write_atomically(self._path / FACTS, text.encode("utf-8", "replace"))
            self._facts = updated

    def write_preview(self, png: bytes) -> None:
        """Replace the preview picture by a PNG."""
        with self._mutex:
            self.claim()
            write_atomically(self._path / PREVIEW, png)

    def discard(self) -> None:
        """Delete a run in which nothing was trained, and its folder if nothing else is there.

        Does nothing where there is a step or a checkpoint.
        """
        with self._mutex:
            if self.checkpoints() or len(self.steps()[0]):
                return
            self.close()
            instants.discard(self._path)
            names = (EXPERIMENT, FACTS, PREVIEW, LOCK, "events.jsonl", "metrics/held-out.jsonl")
            records = (self._columns_path, self._steps_path, self._pace_path)
            for file in (*records, *(self._path / name for name in names)):
                with contextlib.suppress(OSError):
                    file.unlink()
            for folder in (self._path / "metrics", self._checkpoints_path, self._path):
                with contextlib.suppress(OSError):  # not empty, or never made
                    folder.rmdir()

    def close(self) -> None:
        """Flush and unlock; reading still works, and the next write locks again."""
        with self._mutex:
            try:
                for file in (self._steps, self._pace, self._held_out, self._events):
                    file.close()
            finally:
                self._lock.release()

    # Reading

    def steps(self) -> tuple[Steps, Values]:
        """Every recorded step (n,) int64, increasing, and its values (n, k) float32."""
        with self._mutex:
            if not self._columns:
                return np.empty(0, np.int64), np.empty((0, 0), np.float32)
            return self._steps.read()

    def pace(self) -> tuple[Steps, Values]:
        """Steps (n,), and at each (n, 3) the training time, steps a second and bytes of memory."""
        with self._mutex:
            return self._pace.read()

    def held_out(self) -> list[tuple[int, dict[str, float]]]:
        """The measurements on held-out data: step and values by name."""
        with self._mutex:
            lines = self._held_out.read()
        return [
            (line["step"], {name: number(value) for name, value in line["values"].items()})
            for line in lines
            if isinstance(line.get("values"), dict)
        ]

    def events(self) -> list[dict[str, Any]]:
        """What happened, in order: plain data with ``event`` and ``step``."""
        with self._mutex:
            return [line for line in self._events.read() if isinstance(line.get("event"), str)]

    def changes(self) -> list[dict[str, Any]]:
        """The live changes in order, each with ``step``, ``path``, ``old`` and ``new``."""
        return [
            line
            for line in self.events()
            if line["event"] == "changed"
            and isinstance(line.get("path"), str)
            and {"old", "new"} <= line.keys()
        ]

    def extras(self) -> dict[str, int]:
        """How many updates of each phase were made out of turn, beside those of the steps."""
        phases = [line.get("phase") for line in self.events() if line["event"] == "extra"]
        return dict(Counter(phase for phase in phases if isinstance(phase, str)))

    def metrics(self) -> Metrics:
        """Every measured quantity: column names, and ``held-out.`` + name for held-out data.

        Steps at which a quantity was not measured (NaN) are left out.
        """
        steps, values = self.steps()
        result: dict[str, tuple[Steps, npt.NDArray[np.floating[Any]]]] = {}
        for index, name in enumerate(self._columns):
            measured = ~np.isnan(values[:, index])
            result[name] = (steps[measured], values[measured, index])
        gathered: dict[str, tuple[list[int], list[float]]] = {}
        for step, found in self.held_out():
            for name, value in found.items():
                at, what = gathered.setdefault(name, ([], []))
                at.append(step)
                what.append(value)
        for name, (at, what) in gathered.items():
            result[f"held-out.{name}"] = (np.array(at, np.int64), np.array(what, np.float64))
        return result

    def checkpoints(self) -> tuple[Path, ...]:
        """The files of all checkpoints, newest first; whether they are sound is not looked at."""
        try:
            files = list(self._checkpoints_path.iterdir())
        except OSError:
            return ()
        named = [file for file in files if CHECKPOINT.fullmatch(file.name)]
        return tuple(sorted(named, key=checkpoint_step, reverse=True))

    def checkpoint_path(self, step: int) -> Path:
        """Where the checkpoint of a step belongs; its folder is made by the writer."""
        return self._checkpoints_path / f"{step:09d}{SUFFIX}"

    def prune_checkpoints(self, keep: int = 2) -> None:
        """Delete all but the newest checkpoints, and what was set aside."""
        with self._mutex:
            self.claim()
            old = [*self.checkpoints()[keep:], *self._checkpoints_path.glob(f"*{SET_ASIDE}")]
            for file in old:
                with writing(file):
                    file.unlink(missing_ok=True)

    def preview(self) -> Path | None:
        """The preview picture, where there is one."""
        path = self._path / PREVIEW
        return path if path.is_file() else None

    # Parts

    @property
    def _columns_path(self) -> Path:
        return self._path / "metrics" / "columns.json"

    @property
    def _steps_path(self) -> Path:
        return self._path / "metrics" / "steps.bin"

    @property
    def _pace_path(self) -> Path:
        return self._path / "metrics" / "pace.bin"

    @property
    def _checkpoints_path(self) -> Path:
        return self._path / "checkpoints"

    def _clear_leftovers(self) -> None:
        """Delete half-written files of a killed writer; we are the only one now."""
        for place in (self._path, self._path / "metrics", self._checkpoints_path):
            for name in (EXPERIMENT, FACTS, PREVIEW, "columns.json", "*.jsonl", f"*{SUFFIX}"):
                for file in place.glob(f".{name}.*"):
                    with contextlib.suppress(OSError):
                        file.unlink()
