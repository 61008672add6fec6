"""Updates one by one: in turn or out of turn, at once or in two halves for a person to watch."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from aegan_studio.experiment.events import Event, PhaseDone, PhaseReady
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml import device, watching
from aegan_studio.ml.engine import Engine, Phase
from aegan_studio.ml.stepper import Stepper, Turn


@dataclass(frozen=True, slots=True)
class Host:
    """What single updates ask of the training that they belong to.

    Attributes
    ----------
    report : callable
        Reports the rows of whole steps, as (events, whether all was finite); takes the moment
        since which time counts as training.
    diverged : callable
        Goes back to the last healthy state: (step, phase, term) to events.
    extra : callable
        Records an update out of turn: the phase's name.
    settle : callable
        What follows when the weights are at rest again: measurements, pictures, a checkpoint;
        takes whether a step is whole, and whether to show.
    """

    report: Callable[[float], tuple[list[Event], bool]]
    diverged: Callable[[int, str, str], Iterator[Event]]
    extra: Callable[[str], None]
    settle: Callable[[bool, bool], Iterator[Event]]


class Single:
    """Carries out updates alone. The time that a person takes to look is no training time."""

    def __init__(self, engine: Engine, steps: Stepper, host: Host) -> None:
        self._engine, self._steps, self._host = engine, steps, host
        self._worked = 0.0

    def one(self, name: str = "", *, show: bool = True) -> Generator[Event, None, bool]:
        """One update: :class:`PhaseReady`, then what it brings about, at last :class:`PhaseDone`.

        Left in between, the update is carried out all the same.

        Parameters
        ----------
        name : str
            The phase; empty: the one whose turn it is.

        Returns
        -------
        bool
            Whether all was finite.

        Raises
        ------
        StudioError
            The method has no such phase.
        """
        steps = self._steps
        began = time.perf_counter()
        steps.configure()
        with device.no_subnormals():
            turn = steps.begin(self._phase(name) if name else None)
        ready = watching.ready(self._engine, turn, steps.step + 1)
        self._worked += time.perf_counter() - began
        try:
            yield ready
        except GeneratorExit:
            if self._finish(turn)[0]:
                self._host.report(self._since())
            raise
        whole, moves = self._finish(turn)
        healthy = True
        if whole:
            events, healthy = self._host.report(self._since())
            yield from events
        elif turn.place is None and (bad := _first_bad(turn.phase, ready)):
            healthy = False
            yield from self._host.diverged(steps.step + 1, turn.phase.name, bad)
        if healthy:
            yield from self._host.settle(whole, show)
        yield PhaseDone(
            step=steps.step + (0 if whole else 1),
            phase=turn.phase.name,
            next_phase=steps.next_phase().name,
            terms=ready.terms,
            extra=turn.place is None,
            extras=steps.extras.get(turn.phase.name, 0),
            moves=moves,
        )
        return healthy

    def several(self, name: str, times: int, tick: float) -> Generator[Event, None, bool]:
        """Several updates of a phase; told are the last, and one about every ``tick`` seconds."""
        told = time.perf_counter()
        for left in reversed(range(times)):
            last = left == 0 or time.perf_counter() - told >= tick
            if last:
                told = time.perf_counter()
            source = self.one(name, show=last)
            healthy = True
            while True:
                try:
                    event = next(source)
                except StopIteration as end:
                    healthy = end.value
                    break
                if last or not isinstance(event, PhaseReady | PhaseDone):
                    yield event
            if not healthy:
                return False
        return True

    def step(self) -> Generator[Event, None, bool]:
        """All updates that the step under way still lacks."""
        before = self._steps.step
        while self._steps.step == before:
            if not (yield from self.one(show=self._is_last)):
                return False
        return True

    @property
    def _is_last(self) -> bool:
        """Whether the next update makes the step whole."""
        return self._steps.left == 1

    def _finish(self, turn: Turn) -> tuple[bool, dict[str, float]]:
        began = time.perf_counter()
        before = watching.places(self._engine, turn)
        with device.no_subnormals():
            whole = self._steps.finish(turn)
        moves = watching.moves(self._engine, before)
        self._worked += time.perf_counter() - began
        if turn.place is None:
            self._host.extra(turn.phase.name)
        return whole, moves

    def _since(self) -> float:
        """The moment since which time would have been worked without a break."""
        worked, self._worked = self._worked, 0.0
        return time.perf_counter() - worked

    def _phase(self, name: str) -> Phase:
        for phase in self._engine.phases:
            if phase.name == name:
                return phase
        known = ", ".join(phase.name for phase in self._engine.phases)
        raise StudioError(
            msg("The method has no phase called {name}.", name=name),
            msg("Its phases are {names}.", names=known),
        )


def _first_bad(phase: Phase, ready: PhaseReady) -> str:
    """The first minimised term that is not finite; empty where all are."""
    for term in phase.info.terms:
        if not term.signal and not math.isfinite(ready.terms.get(term.name, 0.0)):
            return term.name
    return ""
