"""Figures of the laboratory: GAN Lab's first experiment with every layer of the plane in sight."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject

from aegan_studio.bench.beside import SETTLING, Watched, at_work
from aegan_studio.bench.pacing import Budget, Spread, compare
from aegan_studio.bench.report import Figure
from aegan_studio.bench.speed import headless
from aegan_studio.bench.windowed import apart, lateness
from aegan_studio.catalog.recipes import recipe
from aegan_studio.messages import msg
from aegan_studio.ui.app import Studio
from aegan_studio.ui.panels.train.plane.panel import PlanePanel
from aegan_studio.ui.panels.train.workspace import TrainWorkspace
from aegan_studio.ui.rehearsal import wait

RECIPE = "gan-lab"
"""Its networks are GAN Lab's own: what is called one hidden layer there comes after a first one of
the same width, which makes two of eight (``ganlab_models.ts``)."""

WIDTH, HEIGHT = 1280, 800

STEPS = 10**7
"""So many that it does not end while it is watched."""

GAN_LAB = 60.0
"""Iterations a second that a browser's frames allow it at most."""


class _Frames(QObject):
    """Knows when a widget was painted."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.at: list[float] = []

    def take(self) -> float:
        """Frames a second since the last time, between the first and the last of them."""
        at, self.at = self.at, []
        return (len(at) - 1) / (at[-1] - at[0]) if len(at) > 1 else 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """One more, and let it be."""
        del watched
        if event.type() == QEvent.Type.Paint:
            self.at.append(time.perf_counter())
        return False


def laboratory(budget: Budget) -> Iterator[Figure]:
    """Steps a second against those without a window, frames a second, and the loop's lateness."""
    # Longer windows, as reports come every fortieth of a second; and a longer warm-up of both,
    # as a young run is measured more often than one of a thousand steps.
    budget = Budget(max(2, budget.rounds // 2), 5 * budget.window, 8 * budget.warm_up)
    found = apart(beside, budget)
    pairs = zip(found["window"], found["headless"], strict=True)
    ratio, pace = Spread.of([ours / alone for ours, alone in pairs]), Spread.of(found["window"])
    yield Figure(
        name="laboratory/window",
        what=msg("GAN Lab’s first experiment, all layers in sight: against no window"),
        value=ratio.median,
        low=ratio.p10,
        high=ratio.p90,
        target=0.7,
        details={"headless/s": Spread.of(found["headless"]).median, "layers": found["layers"][0]},
    )
    yield Figure(
        name="laboratory/pace",
        what=msg("GAN Lab’s first experiment, all layers in sight: steps a second"),
        value=pace.median,
        low=pace.p10,
        high=pace.p90,
        unit="steps/s",
        target=600.0,
        details={"GAN Lab at most": GAN_LAB},
    )
    frames = Spread.of(found["frames"])
    yield Figure(
        name="laboratory/frames",
        what=msg("GAN Lab’s first experiment: frames of the plane a second"),
        value=frames.median,
        low=frames.p10,
        high=frames.p90,
        unit="frames/s",
        target=20.0,
    )
    title = msg("GAN Lab’s first experiment, all layers in sight")
    yield from lateness("laboratory", title, found["lateness"], found["rest"])


def beside(budget: Budget) -> dict[str, list[float]]:
    """Train in the window and without it, in turns.

    Returns
    -------
    dict
        "window" and "headless": steps a second by round; "frames": of the plane, a second, by
        round; "lateness" and, with the run paused, "rest": ms; "layers": one number.
    """
    experiment = recipe(RECIPE).with_options({"training.threads": 1, "training.steps": STEPS})
    with at_work(experiment) as (studio, home), headless(experiment, home / "alone") as alone:
        studio.window.resize(WIDTH, HEIGHT)
        plane = every_layer(studio)
        counter = _Frames(plane)
        plane.map.installEventFilter(counter)
        watched = Watched(studio)
        frames: list[float] = []

        def in_sight(seconds: float) -> tuple[int, float]:
            counter.take()
            made = watched.advance(seconds)
            frames.append(counter.take())
            return made

        in_sight(budget.warm_up)
        wait(SETTLING)
        rest = watched.rest(5 * budget.window)
        frames.clear()
        paces = compare({"window": in_sight, "headless": alone}, budget)
        return {
            **{name: list(values) for name, values in paces.by_name.items()},
            "frames": frames[1:],  # the first one is the warm-up
            "lateness": watched.lateness.values,
            "rest": rest,
            "layers": [float(sum(item.isChecked() for item in plane.legend.values()))],
        }


def every_layer(studio: Studio) -> PlanePanel:
    """The plane with all layers that there are for the model."""
    space = studio.window.workspace
    assert isinstance(space, TrainWorkspace)
    plane = space.panel("plane")
    assert isinstance(plane, PlanePanel)
    for item in plane.legend.values():
        if item.isVisible():
            item.setChecked(True)
    wait(SETTLING)
    return plane
