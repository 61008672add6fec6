"""The run's timeline as the window knows it, and the moment of it that is looked at."""

from __future__ import annotations

import bisect
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from aegan_studio.experiment.events import (
    Evaluated,
    Event,
    Exhibits,
    Instant,
    Kept,
    Pictures,
    TermGradients,
    Views,
    Weights,
)
from aegan_studio.ui.training.history import History
from aegan_studio.ui.training.rewind import Look, RewindThread

OF_A_MOMENT = (Weights, Pictures, Views, Exhibits, TermGradients, Evaluated)
"""Events that show a model at one moment: while another is looked at, those of now wait."""


class Moments(QObject):
    """Which instants are kept, which one is looked at, and what waits for the return to now.

    Training may go on meanwhile: its numbers go by untouched; of its pictures, views and weights
    the newest are held back, and those of the moment are shown in their place.
    """

    changed = Signal()
    """:attr:`instants` or :attr:`exact` changed."""
    moment_changed = Signal(object)
    """:attr:`moment`: the step looked at, or ``None`` for now."""
    shown = Signal(object)
    """An :class:`Event` of the moment, to be shown as if it came from the training."""
    answered = Signal(int)
    """All that is wanted of this step was shown."""
    trouble = Signal(object)
    """A :class:`StudioError`: the instant cannot be shown; it is now again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: Path | None = None
        self._known: dict[int, Instant] = {}
        self._steps: tuple[int, ...] = ()
        self._exact: frozenset[int] = frozenset()
        self._moment: int | None = None
        self._wants: frozenset[str] = frozenset()
        self._held: dict[type, Event] = {}
        self._stamp = 0
        self._thread: RewindThread | None = None
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self._ask)

    # What is known

    @property
    def instants(self) -> tuple[Instant, ...]:
        """The kept instants, in order of steps."""
        return tuple(self._known[step] for step in self._steps)

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps of the kept instants, in order."""
        return self._steps

    @property
    def exact(self) -> frozenset[int]:
        """The steps from which a branch goes on bit for bit."""
        return self._exact

    @property
    def moment(self) -> int | None:
        """The step that is looked at; ``None``: now."""
        return self._moment

    def nearest(self, step: int) -> int | None:
        """The step of the kept instant nearest to ``step``; ``None`` where none is kept."""
        if not self._steps:
            return None
        index = bisect.bisect_left(self._steps, step)
        around = self._steps[max(index - 1, 0) : index + 1]
        return min(around, key=lambda kept: abs(kept - step))

    # What the session tells

    def reset(self, run: Path | None) -> None:
        """Another run, or none."""
        self._stamp += 1
        self._run = run
        self._known, self._steps, self._exact = {}, (), frozenset()
        self._held = {}
        self._go_to(None)
        self.changed.emit()

    def take(self, event: Kept) -> None:
        """The timeline is another."""
        self._known |= {instant.step: instant for instant in event.added}
        self._known = {step: self._known[step] for step in event.steps if step in self._known}
        self._steps = tuple(self._known)
        self._exact = frozenset(event.exact)
        self.changed.emit()

    def holds(self, event: Event) -> bool:
        """Whether an event of now must wait, because another moment is looked at; keeps it."""
        if self._moment is None or not isinstance(event, OF_A_MOMENT):
            return False
        self._held[type(event)] = event
        return True

    def want(self, names: frozenset[str]) -> None:
        """Other costly events are of use."""
        more = names - self._wants
        self._wants = names
        if more and self._moment is not None:
            self._again.start()  # panels come into sight one after another

    # What a person asks for

    def rewind(self, step: int, latest: dict[type, Event], history: History) -> None:
        """Look at the kept instant nearest to ``step``.

        Parameters
        ----------
        latest : dict
            The newest event of each kind; those of now wait here until the return.
        history : History
            Holds what was measured on held-out data until then.
        """
        target = self.nearest(step)
        if target is None:
            return
        if self._moment is None:
            self._held = {kind: latest.pop(kind) for kind in OF_A_MOMENT if kind in latest}
            known = measured_until(history, history.last_step)
            if known is not None:  # of a run that was opened only its record tells it
                self._held.setdefault(Evaluated, known)
        if target == self._moment:
            return
        self._go_to(target)
        self._ask()
        measured = measured_until(history, target)
        if measured is not None:
            self.shown.emit(measured)
        elif history.held_out:  # what was measured later must not stand for this instant
            self.shown.emit(Evaluated(target, {}))

    def return_to_now(self) -> tuple[Event, ...]:
        """Look at now again; what was held back, to be shown."""
        if self._moment is None:
            return ()
        self._stamp += 1
        held, self._held = self._held, {}
        self._go_to(None)
        return tuple(held.values())

    def warm_up(self) -> None:
        """Somebody is about to look back: get data and networks ready."""
        if self._run is not None and self._steps and self._moment is None and self._thread is None:
            self._stamp += 1
            self._tell(Look(self._stamp, self._run, self._steps[-1], frozenset()))

    def end(self) -> None:
        """Let the thread go, and wait for it."""
        self._stamp += 1
        if self._thread is not None:
            self._thread.end()
            self._thread = None

    def _go_to(self, moment: int | None) -> None:
        if moment != self._moment:
            self._moment = moment
            self.moment_changed.emit(moment)

    # The thread

    def _ask(self) -> None:
        if self._run is not None and self._moment is not None:
            self._stamp += 1
            self._tell(Look(self._stamp, self._run, self._moment, self._wants))

    def _tell(self, look: Look) -> None:
        if self._thread is None:
            self._thread = RewindThread(self)
            self._thread.seen.connect(self._on_seen)
            self._thread.answered.connect(self._on_answered)
            self._thread.failed.connect(self._on_failed)
        self._thread.ask(look)

    def _on_seen(self, stamp: int, event: Event) -> None:
        if stamp == self._stamp and self._moment is not None:
            self.shown.emit(event)

    def _on_answered(self, stamp: int) -> None:
        if stamp == self._stamp and self._moment is not None:
            self.answered.emit(self._moment)

    def _on_failed(self, stamp: int, error: object) -> None:
        if stamp != self._stamp or self._moment is None:
            return
        other = self.nearest(self._moment)
        if other is not None and other != self._moment:  # it was thinned away meanwhile
            self._go_to(other)
            self._ask()
        else:
            self.trouble.emit(error)


def measured_until(history: History, step: int) -> Evaluated | None:
    """The last measurements on held-out data at or before a step; ``None`` before the first."""
    values: dict[str, float] = {}
    at = -1
    for name, (steps, known) in history.held_out.items():
        index = int(np.searchsorted(steps, step, side="right")) - 1
        if index >= 0:
            values[name] = float(known[index])
            at = max(at, int(steps[index]))
    return Evaluated(at, values) if values else None
