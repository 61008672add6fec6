"""Pairing speeds on a machine whose own speed changes by the minute.

Contestants run in turns, in short windows, all in one process; only ratios within a round count.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Advance = Callable[[float], tuple[int, float]]
"""Train for about so many seconds; gives the steps made and the seconds taken."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to measure: ``rounds`` windows of ``window`` seconds for each contestant."""

    rounds: int = 16
    window: float = 0.4
    warm_up: float = 0.4


FULL = Budget()
QUICK = Budget(rounds=8, window=0.15, warm_up=0.2)


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some measurements, and their tenth and ninetieth percentile."""

    median: float
    p10: float
    p90: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of at least one value."""
        low, middle, high = np.percentile(np.asarray(values, float), (10, 50, 90))
        return cls(float(middle), float(low), float(high))


@dataclass(frozen=True, slots=True)
class Paces:
    """Steps a second of every contestant, by round."""

    by_name: Mapping[str, tuple[float, ...]]

    def pace(self, name: str) -> float:
        """The median steps a second."""
        return Spread.of(self.by_name[name]).median

    def ratio(self, subject: str, rival: str) -> Spread:
        """How many times as fast the subject is as the rival, round by round."""
        pairs = zip(self.by_name[subject], self.by_name[rival], strict=True)
        return Spread.of([ours / theirs for ours, theirs in pairs])


def compare(contestants: Mapping[str, Advance], budget: Budget) -> Paces:
    """Let the contestants run in turns, forwards and backwards by rounds."""
    for advance in contestants.values():
        advance(budget.warm_up)
    paces: dict[str, list[float]] = {name: [] for name in contestants}
    order = list(contestants)
    for _ in range(budget.rounds):
        for name in order:
            gc.collect()
            steps, seconds = contestants[name](budget.window)
            paces[name].append(steps / seconds)
        order.reverse()
    return Paces({name: tuple(values) for name, values in paces.items()})


def stepping(steps: Iterator[None]) -> Advance:
    """A loop that makes one step per ``next``, as a contestant."""

    def advance(seconds: float) -> tuple[int, float]:
        clock = time.perf_counter
        start = now = clock()
        end = start + seconds
        made = 0
        for _ in steps:
            made += 1
            now = clock()
            if now >= end:
                break
        return made, now - start

    return advance
