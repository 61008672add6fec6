"""How long a demo takes from the click on its card to the first pictures of its run."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from aegan_studio.bench.pacing import Budget, Spread
from aegan_studio.bench.report import Figure
from aegan_studio.bench.windowed import apart
from aegan_studio.catalog.demos import demos
from aegan_studio.experiment.events import Pictures
from aegan_studio.messages import msg
from aegan_studio.ui.app import Studio
from aegan_studio.ui.rehearsal import rehearsal, until, wait

TARGET = 1.0
"""Seconds."""


def opening(budget: Budget) -> Iterator[Figure]:
    """Every demo in a fresh window that has stood for the moments it takes to read a card."""
    for demo in demos():
        times = [
            apart(open_one, demo.name)["seconds"][0] for _ in range(max(1, budget.rounds // 2))
        ]
        spread = Spread.of(times)
        yield Figure(
            name=f"demo/{demo.name}",
            what=msg("Demo {name}, from click to first pictures", name=demo.name),
            value=spread.median,
            low=spread.p10,
            high=spread.p90,
            unit="s",
            target=TARGET,
            sense="≤",
            details={"openings": len(times)},
        )


def open_one(name: str) -> dict[str, list[float]]:
    """Seconds from the click on a card until pictures of the run are in view, once."""
    with tempfile.TemporaryDirectory() as home, rehearsal(Path(home), offscreen=True) as studio:
        studio.window.show()
        studio.background.warm_up()
        until(lambda: studio.window.ahead.done, "what is built ahead")
        wait(0.2)
        gc.collect()
        gc.freeze()  # as the application does once it stands
        card = next(c for c in studio.window.welcome.gallery.cards if c.demo.name == name)
        begun = time.perf_counter()
        card.click()
        until(lambda: in_view(studio), "pictures")
        return {"seconds": [time.perf_counter() - begun]}


def in_view(studio: Studio) -> bool:
    """Whether the run shows something: samples in Train, a map and the code in Explore."""
    explorer = getattr(studio.window.workspace, "explorer", None)
    if explorer is not None:
        return explorer.picture is not None and explorer.chart is not None
    return Pictures in studio.session.latest
