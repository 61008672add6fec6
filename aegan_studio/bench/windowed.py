"""Figures of the window: how soon it is there, what training loses to it, how smooth it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from aegan_studio.bench import beside
from aegan_studio.bench.cases import CASES
from aegan_studio.bench.pacing import Budget, Spread
from aegan_studio.bench.report import Figure
from aegan_studio.messages import Message, StudioError, msg

WATCHED = ("digits-autoencoder", "digits-gan", "photo-gan", "small-gan")
"""Cases trained with the window open: with every kind of live view."""

POINTS = 1_000_000


def start(budget: Budget) -> Iterator[Figure]:
    """From asking for the process to the painted window, and to torch at hand."""
    told = [_started() for _ in range(max(1, budget.rounds // 2))]
    for name, what, target in (
        ("window", msg("Window visible, from a cold start"), 0.8),
        ("ready", msg("Ready to train, from a cold start"), 3.0),
    ):
        spread = Spread.of([float(times[name]) for times in told])
        yield Figure(
            name=f"start/{name}",
            what=what,
            value=spread.median,
            low=spread.p10,
            high=spread.p90,
            unit="s",
            target=target,
            sense="≤",
            details={"starts": len(told), "torch before": any(times["torch"] for times in told)},
        )


def _started() -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        surroundings = os.environ | {"QT_QPA_PLATFORM": "offscreen", "AEGAN_STUDIO_HOME": home}
        command = [sys.executable, "-m", "aegan_studio.bench.start", str(time.time())]
        ended = subprocess.run(
            command, env=surroundings, capture_output=True, text=True, check=False
        )
    if ended.returncode or not ended.stdout.strip():
        raise StudioError(
            msg("The window did not start: {why}", why=ended.stderr.strip().splitlines()[-1:]),
        )
    told: Mapping[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return told


def with_window(budget: Budget) -> Iterator[Figure]:
    """Training's share of its speed with all live views in sight, and the event loop's lateness."""
    # longer windows: pictures come every half second
    budget = Budget(max(2, budget.rounds // 2), 3 * budget.window, budget.warm_up)
    for case in CASES:
        if case.name not in WATCHED:
            continue
        found = apart(beside.with_window, case.name, budget)
        pairs = zip(found["window"], found["headless"], strict=True)
        ratio = Spread.of([ours / alone for ours, alone in pairs])
        yield Figure(
            name=f"{case.name}/window",
            what=msg("{model}: with the window open, against without", model=case.title),
            value=ratio.median,
            low=ratio.p10,
            high=ratio.p90,
            target=0.85,
            details={
                "window/s": Spread.of(found["window"]).median,
                "headless/s": Spread.of(found["headless"]).median,
                "threads": int(found["threads"][0]),
            },
        )
        yield from lateness(case.name, case.title, found["lateness"], found["rest"])


def lateness(
    name: str, model: Message, late: Sequence[float], rest: Sequence[float]
) -> Iterator[Figure]:
    """How late a timer's ticks came while something trained, and at rest."""
    spread = shares(late)
    at_rest = shares(rest)["p99"]
    for key, what, target in (
        ("p99", msg("{model}: lateness of a 16 ms timer, 99 of 100", model=model), 8.0),
        ("max", msg("{model}: lateness of a 16 ms timer, the worst", model=model), 50.0),
    ):
        yield Figure(
            name=f"{name}/lateness-{key}",
            what=what,
            value=spread[key],
            unit="ms",
            target=target,
            sense="≤",
            details={**spread, "ticks": len(late), "p99 at rest": at_rest},
        )


def plotting(budget: Budget) -> Iterator[Figure]:
    """Frames of a plot of a million points."""
    found = apart(beside.plot, POINTS, 8 * budget.rounds)
    for key, what in (
        ("pan", msg("Loss plot of 10⁶ points, dragged, a frame")),
        ("zoom", msg("Loss plot of 10⁶ points, zoomed, a frame")),
    ):
        spread = Spread.of(found[key])
        yield Figure(
            name=f"plot/{key}",
            what=what,
            value=spread.median,
            low=spread.p10,
            high=spread.p90,
            unit="ms",
            target=round(1000 / 30, 1),
            sense="≤",
            details=shares(found[key]),
        )


def percentile(
    name: str, what: Message, values: Sequence[float], target: float, **more: float
) -> Figure:
    """95 of 100 of some milliseconds against a target, with the other shares behind it."""
    spread = shares(values)
    return Figure(
        name=name,
        what=what,
        value=spread["p95"],
        unit="ms",
        target=target,
        sense="≤",
        details={**spread, "count": len(values), **more},
    )


def shares(values: Sequence[float]) -> dict[str, float]:
    """The median, the 95th and 99th percentile and the largest of some values."""
    ordered = sorted(values)
    count = len(ordered)
    shares = {f"p{p}": ordered[min(count - 1, count * p // 100)] for p in (50, 95, 99)}
    return {**shares, "max": ordered[-1]}


def apart(function: Callable[..., dict[str, list[float]]], *given: Any) -> dict[str, list[float]]:
    """What a function finds in a fresh process."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *given).result()
