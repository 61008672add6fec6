"""A contestant in a process of its own.

The usual loop is measured as people run it. What our trainer sets for its whole process, above
all how memory is handed back to the system, must not help it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection

import torch

from aegan_studio.bench.cases import CASES, Rivalry
from aegan_studio.bench.pacing import Advance, stepping
from aegan_studio.ml.data.store import DataStore

ENDING = 10.0
"""Seconds that the process may take to end."""


@contextlib.contextmanager
def apart(case: str, rival: str, threads: int) -> Iterator[Advance]:
    """A rival of a case, in another process while the context lasts."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, case, rival, threads), daemon=True)
    process.start()
    theirs.close()

    def advance(seconds: float) -> tuple[int, float]:
        ours.send(seconds)
        made, taken = ours.recv()
        return made, taken

    try:
        yield advance
    finally:
        ours.close()
        process.join(ENDING)
        if process.is_alive():
            process.kill()
        process.close()


def serve(pipe: Connection[tuple[int, float], float], case: str, rival: str, threads: int) -> None:
    """Train for as many seconds as the pipe says, again and again, until it is closed."""
    torch.set_num_threads(threads)
    chosen = next(known for known in CASES if known.name == case)
    experiment = chosen.experiment()
    parts = Rivalry(experiment, DataStore.load(experiment))
    advance = stepping(chosen.rivals(parts)[rival]())
    with contextlib.suppress(EOFError):
        while True:
            pipe.send(advance(pipe.recv()))
