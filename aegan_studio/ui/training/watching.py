"""The doctor beside a run: a thread of its own that listens to it and says what is wrong."""

from __future__ import annotations

import logging
import queue
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import (
    Changed,
    Diverged,
    Evaluated,
    Event,
    Findings,
    Progress,
    Started,
)
from aegan_studio.experiment.findings import Finding, Severity
from aegan_studio.messages import StudioError
from aegan_studio.runs.folder import RunFolder
from aegan_studio.ui.training.leaving import Leaving

if TYPE_CHECKING:
    from aegan_studio.ml.doctor import Doctor

log = logging.getLogger(__name__)

SNOOZED = 1000
"""Steps for which a finding can be put aside."""

END_TIMEOUT_MS = 60_000
"""How long closing the window waits for the doctor to look through what it was told last."""

EXAMINED = Started | Progress | Evaluated | Changed | Diverged
"""What the doctor listens to."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a finding began, for a timeline and for plots.

    Severity and confidence are those of its last report; ``holds`` is false once it was gone.
    """

    step: int
    name: str
    severity: Severity
    confidence: float = 1.0
    holds: bool = True


class DoctorThread(QThread):
    """Examines one run: first what is recorded of it, then what it is told.

    Parameters
    ----------
    experiment : Experiment
        As the run starts, or where it goes on.
    folder : Path or None
        A run whose record is read first.
    """

    found = Signal(object)
    """:class:`Findings`: what holds now has changed."""

    def __init__(
        self, experiment: Experiment, folder: Path | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("doctor")
        self._experiment, self._folder = experiment, folder
        self._batches: queue.SimpleQueue[tuple[Event, ...] | None] = queue.SimpleQueue()

    def tell(self, batch: tuple[Event, ...]) -> None:
        """Hand over events, in the order in which they came."""
        self._batches.put(batch)

    def end(self) -> None:
        """Examine what was told so far, then no more."""
        self._batches.put(None)

    def run(self) -> None:
        """Examine until :meth:`end`."""
        from aegan_studio.ml.doctor import Doctor

        try:
            doctor = self._begun(Doctor)
            while (batch := self._batches.get()) is not None:
                self._examine(doctor, in_order(batch))
        except Exception:  # a doctor who stumbles must not take the training down
            log.exception("the doctor has stopped")

    def _begun(self, make: type[Doctor]) -> Doctor:
        if self._folder is None:
            return make(self._experiment)
        from aegan_studio.ml.doctor import recorded

        try:
            run = RunFolder.open(self._folder)
        except StudioError:
            return make(self._experiment)
        doctor = make(run.experiment)
        self._examine(doctor, recorded(run))
        return doctor

    def _examine(self, doctor: Doctor, events: Iterable[Event]) -> None:
        """Go through events, and tell the last word only."""
        told: Findings | None = None
        for event in events:
            told = doctor.watch(event) or told
        if told is not None:
            self.found.emit(told)


def in_order(batch: tuple[Event, ...]) -> Iterator[Event]:
    """The events with measurements between the very steps they belong to.

    On their way to the window reports of progress are joined, past measurements in between.
    """
    for position, event in enumerate(batch):
        if isinstance(event, Evaluated) and _passed(batch[:position], event.step):
            continue  # handed out among the steps already
        if not isinstance(event, Progress):
            yield event
            continue
        rest = event
        for later in batch[position + 1 :]:
            if not isinstance(later, Evaluated) or later.step > rest.step:
                continue
            cut = int(np.searchsorted(rest.steps, later.step, side="right"))
            if cut == 0:
                continue
            yield _part(rest, slice(0, cut))
            yield later
            if cut == len(rest.steps):
                rest = _part(rest, slice(cut, cut))
                break
            rest = _part(rest, slice(cut, None))
        if len(rest.steps):
            yield rest


def _passed(before: tuple[Event, ...], step: int) -> bool:
    """Whether progress that came earlier in the batch holds a step."""
    return any(
        isinstance(event, Progress) and event.steps[0] <= step <= event.step for event in before
    )


def _part(event: Progress, rows: slice) -> Progress:
    return Progress(
        event.steps[rows],
        event.values[rows],
        event.epoch,
        event.seconds,
        event.steps_per_second,
        event.memory,
    )


class Watching(QObject):
    """What is wrong with the run, as the window knows it; owns the doctor's thread."""

    changed = Signal()
    """:attr:`findings`, :attr:`shown` or :attr:`marks` changed."""
    found = Signal(object)
    """:class:`Findings` of the run under way, as they come."""
    appeared = Signal(str)
    """The name of a finding that was not there before."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: DoctorThread | None = None
        self._leaving = Leaving[DoctorThread](self)
        self._step = 0
        self._findings: tuple[Finding, ...] = ()
        self._aside: dict[str, int | None] = {}
        self._marks: list[Mark] = []

    # What is known

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that holds now, the worst first."""
        return self._findings

    @property
    def shown(self) -> tuple[Finding, ...]:
        """Those that nobody has put aside."""
        return tuple(finding for finding in self._findings if not self._is_aside(finding.name))

    @property
    def aside(self) -> tuple[Finding, ...]:
        """Those that were put aside."""
        return tuple(finding for finding in self._findings if self._is_aside(finding.name))

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Where findings began, those that no longer hold included, in order of their steps."""
        return tuple(sorted(self._marks, key=lambda mark: mark.step))

    # What the session tells

    def begin(self, experiment: Experiment, folder: Path | None) -> None:
        """Another run; ``folder`` where there is a record of it already."""
        self.reset()
        self._thread = DoctorThread(experiment, folder, self)
        self._thread.found.connect(self._on_found)
        self._thread.start(QThread.Priority.LowPriority)

    def reset(self) -> None:
        """No run any more."""
        self.leave()
        self._findings, self._aside, self._marks, self._step = (), {}, [], 0
        self.changed.emit()

    def feed(self, events: tuple[Event, ...]) -> None:
        """What the training reports; costs the caller nothing to speak of."""
        if self._thread is None:
            return
        of_use = tuple(event for event in events if isinstance(event, EXAMINED))
        if of_use:
            self._thread.tell(of_use)
        for event in of_use:
            if isinstance(event, Progress):
                self._pass(event.step)
            elif isinstance(event, Diverged):
                self._step = event.restored_step

    def leave(self) -> None:
        """Let the thread go: it ends by itself and is no longer listened to."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        thread.found.disconnect(self._on_found)
        thread.end()
        self._leaving.add(thread)

    def close(self) -> None:
        """End for good, and wait."""
        self.leave()
        self._leaving.wait(END_TIMEOUT_MS)

    # What a person says

    def put_aside(self, name: str, steps: int | None = None) -> None:
        """Show a finding no more: for some steps, or until it was gone and comes back."""
        self._aside[name] = None if steps is None else self._step + steps
        self.changed.emit()

    def bring_back(self) -> None:
        """Show again what was put aside."""
        if self._aside:
            self._aside.clear()
            self.changed.emit()

    def _is_aside(self, name: str) -> bool:
        return name in self._aside

    def _pass(self, step: int) -> None:
        self._step = step
        over = [name for name, until in self._aside.items() if until is not None and until <= step]
        for name in over:
            del self._aside[name]
        if over:
            self.changed.emit()

    def _on_found(self, told: Findings) -> None:
        before = {finding.name for finding in self._findings}
        now = {finding.name for finding in told.findings}
        self._findings = told.findings
        self._aside = {name: until for name, until in self._aside.items() if name in now}
        self._mark(told.findings)
        self.changed.emit()
        self.found.emit(told)
        for name in sorted(now - before):
            self.appeared.emit(name)

    def _mark(self, found: tuple[Finding, ...]) -> None:
        """Take down where each of these began, and which ones are gone."""
        gone, held = [], {}
        for mark in self._marks:
            if mark.holds:
                held[mark.name] = mark
            else:
                gone.append(mark)
        now = [
            Mark(
                held[finding.name].step if finding.name in held else finding.since,
                finding.name,
                finding.severity,
                finding.confidence,
            )
            for finding in found
        ]
        names = {mark.name for mark in now}
        ended = [replace(mark, holds=False) for name, mark in held.items() if name not in names]
        self._marks = [*gone, *ended, *now]
