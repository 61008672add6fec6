"""Tells whether what training runs until has come about, without waiting for the device."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from aegan_studio.experiment.events import Evaluated, Event, Progress, Reached
from aegan_studio.experiment.until import (
    AfterTime,
    AtEpoch,
    AtStep,
    Until,
    WhenFound,
    WhenMeasured,
)


class Watch:
    """Looks out for one condition.

    Steps and epochs are met exactly. What was measured is read where it is reported anyway: the
    first row that meets it counts, and training stops with that report.

    Parameters
    ----------
    until : Until
    columns : sequence of str
        Those of the run.
    step, epoch : callable
        What training has come to; plain numbers that cost nothing.
    """

    def __init__(
        self,
        until: Until,
        columns: Sequence[str],
        step: Callable[[], int],
        epoch: Callable[[], float],
    ) -> None:
        self.until = until
        self._columns = list(columns)
        self._step, self._epoch = step, epoch

    def due(self) -> bool:
        """Whether the step just made, or the one it starts from, is the last."""
        match self.until:
            case AtStep(step):
                return self._step() >= step
            case AtEpoch(epoch):
                return self._epoch() >= epoch - 1e-9
            case _:
                return False

    def time_left(self, seconds: float) -> float:
        """Seconds of training that are still to come, of a run that has had some."""
        return self.until.seconds - seconds if isinstance(self.until, AfterTime) else np.inf

    def reached(self, events: Sequence[Event], seconds: float) -> Reached | None:
        """Whether it has come about by now; ``events`` are new ones."""
        step = self._step()
        match self.until:
            case AfterTime() if self.time_left(seconds) <= 0:
                return Reached(step, self.until, step, seconds)
            case AtEpoch() if self.due():
                return Reached(step, self.until, step, self._epoch())
            case AtStep() if self.due():
                return Reached(step, self.until, step)
            case WhenMeasured():
                return self._measured(self.until, events, step)
            case _:
                return None

    def found(self, finding: str) -> Reached | None:
        """Whether a finding is what was waited for."""
        if isinstance(self.until, WhenFound) and self.until.finding in ("", finding):
            step = self._step()
            return Reached(step, self.until, step)
        return None

    def _measured(self, until: WhenMeasured, events: Sequence[Event], step: int) -> Reached | None:
        for event in events:
            match event:
                case Progress() if not until.held_out and until.name in self._columns:
                    column = event.values[:, self._columns.index(until.name)]
                    rows = np.flatnonzero(until.holds(column))
                    if len(rows):
                        first = int(rows[0])
                        return Reached(step, until, int(event.steps[first]), float(column[first]))
                case Evaluated(at, values) if until.held_out:
                    value = values.get(until.name)
                    if value is not None and until.holds(value):
                        return Reached(step, until, at, value)
                case _:
                    pass
        return None
