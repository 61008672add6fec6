"""A recorded run as the events that it once reported, for an examination afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from aegan_studio.experiment.events import (
    Changed,
    Diverged,
    Evaluated,
    Event,
    Finished,
    Progress,
    Started,
)
from aegan_studio.runs.folder import RunFolder

BATCH = 1000
"""Steps of a report."""


def recorded(run: RunFolder) -> Iterator[Event]:
    """What the doctor needs of a run, in its order: steps, measurements, live changes."""
    steps, values = run.steps()
    total = run.current_experiment.training.steps
    yield Started(
        step=0,
        total_steps=total,
        steps_per_epoch=1,
        columns=run.columns,
        parameters={},
        device=str(run.facts.get("device", "")),
        threads=1,
        folder=run.path,
    )
    marks: list[tuple[int, int, Event]] = [
        (step, 0, Evaluated(step, found)) for step, found in run.held_out()
    ]
    marks += [(change["step"], 1, _changed(change)) for change in run.changes()]
    start = 0
    for step, _, event in sorted(marks, key=lambda mark: mark[:2]):
        end = int(np.searchsorted(steps, step, side="right"))
        for at in range(start, end, BATCH):
            part = slice(at, min(end, at + BATCH))
            yield Progress(steps[part], values[part], 0.0, 0.0, 0.0, 0)
        start = max(start, end)
        yield event
    for at in range(start, len(steps), BATCH):
        part = slice(at, at + BATCH)
        yield Progress(steps[part], values[part], 0.0, 0.0, 0.0, 0)
    last = int(steps[-1]) if len(steps) else 0
    if run.facts.get("status") == "diverged":
        yield Diverged(last, "", "weights", last)
        yield Finished(last, "diverged")
    else:
        yield Finished(last, "done")


def _changed(change: dict[str, Any]) -> Changed:
    return Changed(change["step"], change["path"], change["old"], change["new"])
