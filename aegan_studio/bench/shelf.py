"""Results of long measurements, one file each, so that an interrupted program goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from aegan_studio.experiment import Experiment
from aegan_studio.files import write_atomically

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """One measurement: a name that is a file's, and all that a worker must be told."""

    name: str
    experiment: Experiment

    @property
    def fingerprint(self) -> str:
        """Of the experiment: what was measured of another one does not count."""
        plain = json.dumps(self.experiment.to_plain(), sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()[:16]


class Shelf:
    """A folder with a JSON file for each finished measurement.

    Parameters
    ----------
    folder : Path or None
        Made when the first result is put there; ``None`` keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, job: Job) -> Result | None:
        """What was measured of exactly this experiment, or ``None``."""
        if self._folder is None:
            return None
        with suppress(OSError, ValueError):
            found = json.loads(self._path(self._folder, job.name).read_text("utf-8"))
            if isinstance(found, dict) and found.get("fingerprint") == job.fingerprint:
                return found
        return None

    def put(self, job: Job, result: Mapping[str, Any]) -> Result:
        """Keep a result."""
        whole = {"name": job.name, "fingerprint": job.fingerprint, **result}
        if self._folder is not None:
            text = json.dumps(whole, indent=1, ensure_ascii=False)
            write_atomically(self._path(self._folder, job.name), text.encode())
        return whole

    @staticmethod
    def _path(folder: Path, name: str) -> Path:
        return folder / f"{name}.json"


def measure_all(
    jobs: Sequence[Job],
    worker: Callable[[Job], Mapping[str, Any]],
    shelf: Shelf,
    *,
    processes: int = 1,
) -> Iterator[tuple[Job, Result]]:
    """Every job's result, as each is ready: from the shelf, or measured in a fresh process.

    A fresh process each, so that memory and threads of one measurement are not another's.
    A measurement that fails has an "error" and is not kept.
    """
    open_jobs = []
    for job in jobs:
        known = shelf.get(job)
        if known is not None:
            yield job, known
        else:
            open_jobs.append(job)
    if not open_jobs:
        return
    with ProcessPoolExecutor(
        max_workers=processes, mp_context=get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        futures = {pool.submit(worker, job): job for job in open_jobs}
        for future in as_completed(futures):
            job = futures[future]
            error = future.exception()
            if error is None:
                yield job, shelf.put(job, future.result())
            else:
                yield job, {"name": job.name, "error": f"{type(error).__name__}: {error}"}
