"""The trainer against hand-written loops, and what its comforts cost."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

import torch

from aegan_studio.bench.apart import apart
from aegan_studio.bench.cases import CASES, Case, Rivalry
from aegan_studio.bench.pacing import Advance, Budget, Paces, compare, stepping
from aegan_studio.bench.report import Figure
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Diverged, Event, Failed, Progress
from aegan_studio.messages import Message, msg
from aegan_studio.ml import device, stepper, trainer
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.trainer import Trainer
from aegan_studio.runs.folder import RunFolder

TARGETS: Mapping[str, tuple[float, Message]] = {
    "bare": (0.95, msg("the best bare loop of the same maths")),
    "usual": (1.5, msg("the loop people usually write")),
    "modules": (1.3, msg("a plain loop of modules")),
}

OVERHEAD = 0.05
"""What average, clipping, norms and snapshots may add to a step."""

NEVER = 10**15


@contextmanager
def headless(experiment: Experiment, folder: Path, *, weights: bool = False) -> Iterator[Advance]:
    """The studio's trainer as ``aegan-studio train`` drives it, recording into a new folder."""
    with RunFolder.create(folder, experiment) as run:
        yield driving(_running(Trainer(experiment, run=run), weights))


def _running(ours: Trainer, weights: bool) -> Iterator[Event]:
    ours.wants = {"weights"} if weights else set()
    for _ in ours.prepare():
        pass
    return ours.run()


def driving(events: Iterator[Event]) -> Advance:
    """A running trainer's events as a contestant."""

    def advance(seconds: float) -> tuple[int, float]:
        clock = time.perf_counter
        start = now = clock()
        made = 0
        for event in events:
            match event:
                case Progress(steps=steps):
                    made += len(steps)
                case Diverged() | Failed():
                    raise RuntimeError(f"the training to be measured failed: {event}")
            now = clock()
            if now - start >= seconds and made:
                break
        return made, now - start

    return advance


def fairest_threads(make: Callable[[], Iterator[None]]) -> int:
    """1 or all threads, whichever the rival runs faster with."""
    device.tune_allocator()
    steps = make()
    return device.faster_threads(lambda: next(steps))


def at_its_best(threads: int, steps: Iterator[None]) -> Advance:
    """A hand-written loop whose author also knows what the processor likes."""
    advance = stepping(steps)

    def advance_so(seconds: float) -> tuple[int, float]:
        torch.set_num_threads(threads)
        with device.no_subnormals():
            return advance(seconds)

    return advance_so


def race(case: Case, budget: Budget) -> tuple[Paces, int]:
    """Our trainer and the case's rivals in turns, all with the threads best for the bare loop.

    The bare loop has everything of our process that makes it fast; the usual loop runs in its own.
    """
    experiment = case.experiment()
    rivals = case.rivals(Rivalry(experiment, DataStore.load(experiment)))
    threads = fairest_threads(rivals["bare"])
    experiment = experiment.with_options({"training.threads": threads})
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ours = stack.enter_context(headless(experiment, Path(folder) / "run"))
        contestants = {"studio": ours}
        for name, make in rivals.items():
            if name == "usual":
                contestants[name] = stack.enter_context(apart(case.name, name, threads))
            else:
                contestants[name] = at_its_best(threads, make())
        return compare(contestants, budget), threads


def ratios(case: Case, budget: Budget) -> Iterator[Figure]:
    """One figure for each rival."""
    paces, threads = race(case, budget)
    for name in paces.by_name:
        if name == "studio":
            continue
        target, rival = TARGETS[name]
        spread = paces.ratio("studio", name)
        yield Figure(
            name=f"{case.name}/{name}",
            what=msg("{model}: against {rival}", model=case.title, rival=rival),
            value=spread.median,
            low=spread.p10,
            high=spread.p90,
            target=target,
            details={
                "studio/s": paces.pace("studio"),
                f"{name}/s": paces.pace(name),
                "threads": threads,
            },
        )


def comforts(case: Case, budget: Budget) -> Figure:
    """What average, clipping, gradient norms and snapshots together add to a step."""
    experiment = case.experiment()
    rivals = case.rivals(Rivalry(experiment, DataStore.load(experiment)))
    threads = fairest_threads(rivals["bare"])
    spare = experiment.with_options({"training.threads": threads, "training.ema": 0.0})
    clip = {f"phases.{name}.clip": 1.0 for name in spare.phases}
    rich = spare.with_options({"training.ema": 0.999, **clip})
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        runs = Path(folder)
        decorated = stack.enter_context(headless(rich, runs / "with", weights=True))
        bare = stack.enter_context(headless(spare, runs / "without"))
        paces = compare({"with": decorated, "without": _without_snapshots(bare)}, budget)
    spread = paces.ratio("without", "with")
    return Figure(
        name=f"{case.name}/comforts",
        what=msg("{model}: average, clipping, norms and snapshots add to a step", model=case.title),
        value=100 * (spread.median - 1),
        low=100 * (spread.p10 - 1),
        high=100 * (spread.p90 - 1),
        unit="%",
        target=100 * OVERHEAD,
        sense="≤",
        details={
            "with/s": paces.pace("with"),
            "without/s": paces.pace("without"),
            "threads": threads,
        },
    )


def _without_snapshots(advance: Advance) -> Advance:
    """The contestant without gradient norms and copies of the healthy state."""

    def advance_so(seconds: float) -> tuple[int, float]:
        with ExitStack() as stack:
            for module, constant in ((stepper, "MEASURE_EVERY"), (trainer, "HEALTHY_SHARE")):
                stack.enter_context(mock.patch.object(module, constant, NEVER))
            return advance(seconds)

    return advance_so


COMFORTED = ("digits-autoencoder", "article-gan", "photo-gan", "small-gan")
"""Cases whose comforts are measured: narrow and wide, dense and convolutional."""


def all_comforts(budget: Budget) -> Iterator[Figure]:
    """:func:`comforts` of some cases."""
    for case in CASES:
        if case.name in COMFORTED:
            yield comforts(case, budget)
