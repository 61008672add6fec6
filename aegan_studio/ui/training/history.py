"""The numbers of a run so far, in arrays that grow without copying at every report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from aegan_studio.experiment.events import Changed, Evaluated, Progress

Steps = npt.NDArray[np.int64]
Values = npt.NDArray[np.float32]

_FIRST = 4096

PACE_EVERY = 0.25
"""Seconds of training between two records of the pace that are kept."""

UNRECORDED = 2.0
"""A first record of the pace within so many seconds tells of the time before it too."""


class History:
    """Every step's values by column, measurements on held-out data, and live changes.

    The arrays handed out are views of what is known now; they stay valid and unchanged while
    the history grows.
    """

    def __init__(self) -> None:
        self.version = 0
        """Grows with every addition: a plot compares it to know whether it is stale."""
        self.clear()

    def clear(self, columns: Sequence[str] = ()) -> None:
        """Forget everything and start with these columns."""
        self._columns = tuple(columns)
        self._count = 0
        self._steps: Steps = np.empty(_FIRST, np.int64)
        self._values: Values = np.empty((_FIRST, len(columns)), np.float32)
        self._held_out: dict[str, tuple[list[int], list[float]]] = {}
        self._changes: list[Changed] = []
        self._pace: list[tuple[int, float, float, float]] = []
        self.extras: dict[str, int] = {}
        """How many updates of each phase were made out of turn."""
        self.version += 1

    def __len__(self) -> int:
        """The number of steps known."""
        return self._count

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self._columns

    @property
    def steps(self) -> Steps:
        """The step numbers, shape (n,)."""
        return self._steps[: self._count]

    @property
    def last_step(self) -> int:
        """The last step known; 0 before the first."""
        return int(self._steps[self._count - 1]) if self._count else 0

    def values(self, column: str) -> Values:
        """One column, shape (n,); NaN where it was not measured.

        Raises
        ------
        KeyError
            For a column that this run does not have.
        """
        try:
            index = self._columns.index(column)
        except ValueError:
            raise KeyError(column) from None
        return self._values[: self._count, index]

    def latest(self, column: str) -> float:
        """The last finite value of a column; NaN where there is none."""
        known = self.values(column)
        finite = np.flatnonzero(np.isfinite(known[-1000:]))
        return float(known[-1000:][finite[-1]]) if len(finite) else float("nan")

    @property
    def held_out(self) -> Mapping[str, tuple[Steps, Values]]:
        """Measurements on held-out data: name to steps and values."""
        return {
            name: (np.asarray(steps, np.int64), np.asarray(values, np.float32))
            for name, (steps, values) in self._held_out.items()
        }

    @property
    def pace(self) -> tuple[Steps, npt.NDArray[np.float64]]:
        """Steps (n,), and at each (n, 3) training time in seconds, steps a second and bytes."""
        rows = np.asarray(self._pace, np.float64).reshape(-1, 4)
        return rows[:, 0].astype(np.int64), rows[:, 1:]

    def seconds_at(self, steps: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """The training time (n,) at steps (n,), in seconds; NaN where it was not recorded."""
        known, rows = self.pace
        if not len(known):
            return np.full(len(steps), np.nan)
        at, times = known.astype(np.float64), rows[:, 0]
        if times[0] <= UNRECORDED:  # the run began just before
            at, times = np.insert(at, 0, 0.0), np.insert(times, 0, 0.0)
        found: npt.NDArray[np.float64] = np.interp(steps, at, times, left=np.nan)
        return found

    @property
    def changes(self) -> tuple[Changed, ...]:
        """The live changes of options, in order."""
        return tuple(self._changes)

    def set_columns(self, columns: Sequence[str]) -> None:
        """Go on with these columns; those known before keep their values, new ones start NaN."""
        if tuple(columns) == self._columns:
            return
        values = np.full((len(self._steps), len(columns)), np.nan, np.float32)
        for index, name in enumerate(columns):
            if name in self._columns:
                values[: self._count, index] = self.values(name)
        self._columns, self._values = tuple(columns), values
        self.version += 1

    def extend(self, steps: Steps, values: Values) -> None:
        """Append steps (n,) and their values (n, k).

        Steps already known, as after going back to an earlier checkpoint, replace what was
        known from there on.
        """
        if not len(steps):
            return
        if self._count and int(steps[0]) <= self.last_step:
            self.truncate_after(int(steps[0]) - 1)
        end = self._count + len(steps)
        if end > len(self._steps):
            room = max(end, 2 * len(self._steps))
            grown_steps: Steps = np.empty(room, np.int64)
            grown_values: Values = np.empty((room, len(self._columns)), np.float32)
            grown_steps[: self._count] = self.steps
            grown_values[: self._count] = self._values[: self._count]
            self._steps, self._values = grown_steps, grown_values
        self._steps[self._count : end] = steps
        self._values[self._count : end] = values
        self._count = end
        self.version += 1

    def truncate_after(self, step: int) -> None:
        """Forget what came after ``step``."""
        self._count = int(np.searchsorted(self.steps, step, side="right"))
        # Views handed out before must not see the new values of the same places.
        self._steps, self._values = self._steps.copy(), self._values.copy()
        for steps, values in self._held_out.values():
            keep = sum(1 for known in steps if known <= step)
            del steps[keep:], values[keep:]
        self._changes = [change for change in self._changes if change.step <= step]
        self._pace = [row for row in self._pace if row[0] <= step]
        self.version += 1

    def add(self, event: Progress | Evaluated | Changed) -> None:
        """Take in one event."""
        match event:
            case Progress():
                self.extend(event.steps, event.values)
                if len(event.steps):
                    row = (event.seconds, event.steps_per_second, event.memory)
                    self.add_pace(int(event.steps[-1]), *row)
            case Evaluated():
                self.add_held_out(event.step, event.values)
            case Changed():
                self._changes.append(event)
                self.version += 1

    def add_pace(self, step: int, seconds: float, per_second: float, memory: float) -> None:
        """Append how fast training is; what follows closely takes the last one's place."""
        pace = self._pace
        if len(pace) > 1 and pace[-1][1] - pace[-2][1] < PACE_EVERY:
            pace.pop()
        pace.append((step, seconds, per_second, memory))
        self.version += 1

    def add_held_out(self, step: int, values: Mapping[str, Any]) -> None:
        """Append measurements on held-out data."""
        for name, value in values.items():
            steps, known = self._held_out.setdefault(name, ([], []))
            if steps and step <= steps[-1]:
                keep = sum(1 for earlier in steps if earlier < step)
                del steps[keep:], known[keep:]
            steps.append(step)
            known.append(float(value))
        self.version += 1
