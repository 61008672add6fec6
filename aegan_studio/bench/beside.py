"""The window at work, off-screen: what training loses to it, and how it keeps up.

Every function runs in a fresh process of its own and returns plain numbers.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer

from aegan_studio.bench.cases import CASES, Rivalry
from aegan_studio.bench.pacing import Budget, compare
from aegan_studio.bench.speed import fairest_threads, headless
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Event, Progress, Weights
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ui.app import Studio
from aegan_studio.ui.panels.explore.workspace import ExploreWorkspace
from aegan_studio.ui.panels.train.plots.terms import TermsPlot
from aegan_studio.ui.rehearsal import rehearsal, until, wait

TICK_MS = 16
"""A frame of a screen that shows sixty a second."""

SETTLING = 0.3
"""Seconds between pressing Train and measuring."""


class Lateness(QObject):
    """Milliseconds by which each tick of a timer came later than it should."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[float] = []
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last = 0.0

    def start(self) -> None:
        """Watch from now on."""
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.values.append(max(0.0, (now - self._last) * 1e3 - TICK_MS))
        self._last = now


class Watched:
    """A contestant: the run in the window, trained for a while and paused again."""

    def __init__(self, studio: Studio) -> None:
        self.lateness = Lateness()
        self._session = studio.session
        self._seen: list[tuple[float, int]] = []
        studio.session.event.connect(self._on_event)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._seen.append((time.perf_counter(), event.step))

    def rest(self, seconds: float) -> list[float]:
        """The timer's lateness while nothing trains; what was watched before is forgotten."""
        self.lateness.start()
        wait(seconds)
        self.lateness.stop()
        found = list(self.lateness.values)
        self.lateness.values.clear()
        return found

    def advance(self, seconds: float) -> tuple[int, float]:
        """Train in the window; steps and seconds between two reports."""
        self._session.train()
        until(lambda: self._session.state == "running", "training")
        wait(SETTLING)
        self._seen.clear()
        self.lateness.start()
        wait(seconds)
        self.lateness.stop()
        until(lambda: len(self._seen) > 1, "progress")
        (start, first), (end, last) = self._seen[0], self._seen[-1]
        self._session.pause()
        until(lambda: self._session.state == "paused", "the pause")
        return last - first, end - start


@contextmanager
def at_work(experiment: Experiment) -> Iterator[tuple[Studio, Path]]:
    """A window that shows the train workspace of a run which has made its first steps."""
    with tempfile.TemporaryDirectory() as name, rehearsal(Path(name), offscreen=True) as studio:
        studio.window.show()
        studio.document.replace(experiment)
        studio.window.show_workspace("train")
        wait(0.2)
        gc.collect()
        gc.freeze()  # as the application does once it stands
        studio.session.train()
        until(lambda: studio.session.step > 2, "the first steps")
        studio.session.pause()
        until(lambda: studio.session.state == "paused", "the pause")
        yield studio, Path(name)


def with_window(case: str, budget: Budget) -> dict[str, list[float]]:
    """Training in the window and without it, in turns, and the timer's lateness meanwhile.

    Returns
    -------
    dict
        "window" and "headless": steps a second by round; "lateness" and, with the run paused,
        "rest": ms; "threads": one number.
    """
    chosen = next(known for known in CASES if known.name == case)
    experiment = chosen.experiment()
    rivals = chosen.rivals(Rivalry(experiment, DataStore.load(experiment)))
    threads = fairest_threads(rivals["bare"])
    experiment = experiment.with_options({"training.threads": threads})
    with at_work(experiment) as (studio, home), headless(experiment, home / "alone") as alone:
        watched = Watched(studio)
        watched.advance(budget.warm_up)
        wait(SETTLING)
        rest = watched.rest(5 * budget.window)
        paces = compare({"window": watched.advance, "headless": alone}, budget)
        return {
            **{name: list(values) for name, values in paces.by_name.items()},
            "lateness": watched.lateness.values,
            "rest": rest,
            "threads": [float(threads)],
        }


def exploring(studio: Studio) -> ExploreWorkspace:
    """The Explore workspace of a studio at work, with a code and its picture in place."""
    studio.window.show_workspace("explore")
    panel = studio.window.workspace
    assert isinstance(panel, ExploreWorkspace)
    until(lambda: Weights in studio.session.latest, "the weights")
    until(lambda: panel.explorer.picture is not None, "a picture")
    return panel


def plot(points: int, frames: int) -> dict[str, list[float]]:
    """Milliseconds a frame of a loss plot of so many points while it is dragged, and zoomed."""
    with tempfile.TemporaryDirectory() as name, rehearsal(Path(name), offscreen=True):
        widget = TermsPlot()
        widget.resize(560, 420)
        steps = np.arange(points)
        noise = np.random.default_rng(0).normal(size=(points, 2))
        losses = np.exp(-steps[:, None] / points * 3) + 0.1 * np.abs(noise)
        widget.append(steps, losses.astype(np.float32), ["loss-d", "loss-g"])
        widget.show()
        wait(0.2)

        def frame(left: float, width: float) -> float:
            start = time.perf_counter()
            widget.set_x_range(left * points, (left + width) * points)
            widget.surface.repaint()
            return (time.perf_counter() - start) * 1e3

        panned = [frame(0.4 * index / frames, 0.6) for index in range(frames)]
        zoomed = [frame(0.0, 0.99**index) for index in range(frames)]
        widget.close()
        widget.deleteLater()
    return {"pan": panned, "zoom": zoomed}
