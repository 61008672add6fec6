"""Recorded trainings: what the doctor sees of them, so that it can examine them again at once.

A trace holds every step's values and all measurements, no weights and no pictures.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aegan_studio.bench.shelf import Job
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import (
    Diverged,
    Evaluated,
    Event,
    Finished,
    Progress,
    Started,
)
from aegan_studio.files import write_atomically

VERSION = 2
"""Raised when what is recorded changes its meaning."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One training as the doctor sees it."""

    experiment: Experiment
    columns: tuple[str, ...]
    steps: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]
    evaluations: tuple[tuple[int, dict[str, float]], ...]
    diverged: Diverged | None
    seconds: float

    def events(self, batch: int = 100) -> Iterator[Event]:
        """The events in their order, ``batch`` steps of progress at a time at most."""
        yield Started(
            step=0,
            total_steps=self.experiment.training.steps,
            steps_per_epoch=1,
            columns=self.columns,
            parameters={},
            device="cpu",
            threads=1,
            folder=None,
        )
        start = 0
        for step, values in self.evaluations:
            end = int(np.searchsorted(self.steps, step, side="right"))
            yield from self._progress(start, end, batch)
            yield Evaluated(step, values)
            start = end
        yield from self._progress(start, len(self.steps), batch)
        last = int(self.steps[-1]) if len(self.steps) else 0
        if self.diverged is not None:
            yield self.diverged
        yield Finished(last, "done" if self.diverged is None else "diverged")

    def _progress(self, start: int, end: int, batch: int) -> Iterator[Event]:
        for at in range(start, end, batch):
            part = slice(at, min(end, at + batch))
            yield Progress(self.steps[part], self.values[part], 0.0, 0.0, 0.0, 0)


def record(experiment: Experiment) -> Trace:
    """Train an experiment and keep what the doctor needs."""
    from aegan_studio.ml.trainer import Trainer

    trainer = Trainer(experiment)
    trainer.wants = set()
    columns: tuple[str, ...] = ()
    steps: list[npt.NDArray[np.int64]] = []
    values: list[npt.NDArray[np.float32]] = []
    evaluations: list[tuple[int, dict[str, float]]] = []
    diverged: Diverged | None = None
    began = time.process_time()
    for event in _all(trainer.prepare, trainer.run):
        match event:
            case Started():
                columns = event.columns
            case Progress():
                steps.append(event.steps)
                values.append(event.values)
            case Evaluated():
                evaluations.append((event.step, dict(event.values)))
            case Diverged():
                diverged = event
            case _:
                pass
    return Trace(
        experiment,
        columns,
        np.concatenate(steps) if steps else np.empty(0, np.int64),
        np.concatenate(values) if values else np.empty((0, len(columns)), np.float32),
        tuple(evaluations),
        diverged,
        time.process_time() - began,
    )


def _all(*parts: Callable[[], Iterable[Event]]) -> Iterator[Event]:
    for part in parts:
        yield from part()


# On disk


def fingerprint(job: Job) -> str:
    """Of the experiment: traces of others do not count."""
    return f"{VERSION}-{job.fingerprint}"


def write(trace: Trace, job: Job, path: Path) -> None:
    """Keep a trace in a file; its values with twelve bits, as no detector looks closer."""
    facts = {
        "fingerprint": fingerprint(job),
        "experiment": trace.experiment.to_plain(),
        "columns": trace.columns,
        "evaluations": trace.evaluations,
        "seconds": trace.seconds,
        "diverged": None
        if trace.diverged is None
        else [
            trace.diverged.step,
            trace.diverged.phase,
            trace.diverged.term,
            trace.diverged.restored_step,
        ],
    }
    buffer = BytesIO()
    text = np.frombuffer(json.dumps(facts).encode(), np.uint8)
    np.savez_compressed(buffer, facts=text, steps=trace.steps, values=_rounded(trace.values))
    write_atomically(path, buffer.getvalue())


def read(job: Job, path: Path) -> Trace | None:
    """The trace of exactly this experiment, or ``None``."""
    try:
        mark, trace = load(path)
    except (OSError, ValueError, KeyError):
        return None
    return trace if mark == fingerprint(job) else None


def load(path: Path) -> tuple[str, Trace]:
    """Whose trace a file holds, as :func:`fingerprint` names it, and the trace.

    Raises
    ------
    OSError, ValueError, KeyError
        Where it cannot be read as one.
    """
    with np.load(path, allow_pickle=False) as kept:
        facts = json.loads(bytes(kept["facts"]))
        return facts["fingerprint"], Trace(
            Experiment.parse(facts["experiment"]),
            tuple(facts["columns"]),
            kept["steps"],
            kept["values"],
            tuple((step, values) for step, values in facts["evaluations"]),
            None if facts["diverged"] is None else Diverged(*facts["diverged"]),
            float(facts["seconds"]),
        )


def _rounded(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """With twelve bits of mantissa: half as many bytes when compressed."""
    mantissa, exponent = np.frexp(values)
    return np.ldexp(np.round(mantissa * 4096) / 4096, exponent).astype(np.float32)


def _record_into(job: Job, path: Path) -> float:
    import torch

    torch.set_num_threads(1)
    trace = record(job.experiment)
    write(trace, job, path)
    return trace.seconds


def record_all(jobs: Sequence[Job], folder: Path, processes: int) -> None:
    """Record what is missing in a folder, so many at a time; what fails is told."""
    missing = [job for job in jobs if read(job, folder / f"{job.name}.npz") is None]
    if not missing:
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        futures = {
            pool.submit(_record_into, job, folder / f"{job.name}.npz"): job for job in missing
        }
        for future in as_completed(futures):
            job, error = futures[future], future.exception()
            told = f"{future.result():.0f} s" if error is None else f"{error!r}"
            sys.stderr.write(f"{job.name}: {told}\n")
            sys.stderr.flush()
