"""The chart: everything recorded of a training, in rounds that the doctor makes."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Progress

ROUND = 100
"""Steps of a round at most: columns are averaged over rounds."""

Steps = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


class Series:
    """Numbers that grow with the training: steps and values, the newest last."""

    def __init__(self) -> None:
        self._steps: list[int] = []
        self._values: list[float] = []

    def add(self, step: int, value: float) -> None:
        """Append one; steps only grow."""
        self._steps.append(step)
        self._values.append(value)

    def truncate_after(self, step: int) -> None:
        """Forget what came after a step."""
        while self._steps and self._steps[-1] > step:
            self._steps.pop()
            self._values.pop()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._values)

    @property
    def step(self) -> int:
        """The newest step; −1 where there is none."""
        return self._steps[-1] if self._steps else -1

    @property
    def last(self) -> float:
        """The newest value; NaN where there is none."""
        return self._values[-1] if self._values else math.nan

    @property
    def steps(self) -> Steps:
        """All steps, (n,)."""
        return np.array(self._steps, np.int64)

    @property
    def values(self) -> Values:
        """All values, (n,)."""
        return np.array(self._values, np.float64)

    def recent(self, count: int) -> Values:
        """The newest values, up to a number of them."""
        return np.array(self._values[-count:], np.float64)

    def since(self, step: int) -> Values:
        """The values of a step and later."""
        start = len(self._steps)
        while start and self._steps[start - 1] >= step:
            start -= 1
        return np.array(self._values[start:], np.float64)


_NOTHING = Series()


class Chart:
    """What detectors look at.

    Attributes
    ----------
    experiment : Experiment
        With all live changes up to now.
    step, total : int
        The step that the newest round ends with, and how many there will be.
    begun : int
        The step at which the record begins: 0, or that of a checkpoint.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.step = 0
        self.total = experiment.training.steps
        self.begun = 0
        self.columns: tuple[str, ...] = ()
        self._means: dict[str, Series] = {}
        self._peaks: dict[str, Series] = {}
        self._vitals: dict[str, Series] = {}
        self._open: list[tuple[Steps, npt.NDArray[np.float32]]] = []
        self._closed = 0

    # Filling in

    def begin(self, step: int, total: int, columns: tuple[str, ...]) -> None:
        """A training starts, or goes on at a step."""
        self.truncate_after(step)
        self.columns, self.total = columns, total
        self.step = self._closed = step
        self._open.clear()
        if not self._means and not self._vitals:
            self.begun = step

    def truncate_after(self, step: int) -> None:
        """Forget what came after a step."""
        for group in (self._means, self._peaks, self._vitals):
            for series in group.values():
                series.truncate_after(step)
        self.step = min(self.step, step)

    def progress(self, event: Progress) -> Iterator[int]:
        """Take up steps; yields the step of each round that is full, when it is taken up."""
        steps, values = event.steps, event.values
        while len(steps):
            end = (self._closed // ROUND + 1) * ROUND
            here = int(np.searchsorted(steps, end, side="right"))
            if here:
                self._open.append((steps[:here], values[:here]))
            if here == 0 or steps[here - 1] >= end:
                self.close_round(end)
                yield end
            steps, values = steps[here:], values[here:]

    def close_round(self, step: int) -> None:
        """End a round with a step, whatever it holds."""
        if self._open:
            values = np.concatenate([part for _, part in self._open]).astype(np.float64)
            self._open.clear()
            with warnings.catch_warnings():
                # a column that was not measured in a round has no mean
                warnings.simplefilter("ignore", RuntimeWarning)
                means, peaks = np.nanmean(values, axis=0), np.nanmax(values, axis=0)
            for name, mean, peak in zip(self.columns, means, peaks, strict=True):
                if mean == mean:
                    self._means.setdefault(name, Series()).add(step, float(mean))
                    self._peaks.setdefault(name, Series()).add(step, float(peak))
        self.step = self._closed = step

    def measured(self, step: int, values: Mapping[str, float]) -> None:
        """Take up measurements."""
        for name, value in values.items():
            if value == value:
                self._vitals.setdefault(name, Series()).add(step, float(value))

    # Looking

    def column(self, name: str) -> Series:
        """The means of a column over rounds; empty where there is no such column."""
        return self._means.get(name, _NOTHING)

    def peaks(self, name: str) -> Series:
        """The greatest values of a column in each round."""
        return self._peaks.get(name, _NOTHING)

    def vital(self, name: str) -> Series:
        """The measurements under a name; empty where there are none."""
        return self._vitals.get(name, _NOTHING)

    def fresh(self, name: str) -> bool:
        """Whether there is a measurement of this very step."""
        return self.vital(name).step == self.step

    def active(self, name: str) -> bool:
        """Whether a column was measured in the newest round."""
        return self.column(name).step == self.step

    def names(self, prefix: str) -> tuple[str, ...]:
        """The measurements whose names begin so."""
        return tuple(name for name in self._vitals if name.startswith(prefix))
