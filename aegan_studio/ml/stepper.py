"""From update to update: which phase comes next, what a step measured, when a step is whole."""

from __future__ import annotations

from typing import NamedTuple

from aegan_studio.ml import optim
from aegan_studio.ml.engine import Engine, Pending, Phase
from aegan_studio.ml.rows import Rows

MEASURE_EVERY = 10
"""Steps between measurements of signals and gradient norms, which cost more than a loss."""


class Turn(NamedTuple):
    """One update under way: its gradients are there, its weights have not moved.

    ``place`` is its cursor, or ``None`` for an extra update out of turn; ``pending`` is ``None``
    where no phase updates anything.
    """

    phase: Phase
    place: tuple[int, int] | None
    pending: Pending | None


class Stepper:
    """Drives an engine and keeps the rows of its steps until they are reported.

    Attributes
    ----------
    step : int
        Whole steps made.
    cursor : tuple of int
        Within the step under way: the phase of the next update, and its updates made so far.
    extras : dict of str to int
        Updates made out of turn, by phase.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.rows = Rows(engine.columns)
        self.step = 0
        self.cursor = (0, 0)
        self.extras: dict[str, int] = {}

    @property
    def _total(self) -> int:
        return self.engine.experiment.training.steps

    def stand_at(self, step: int, cursor: tuple[int, int] = (0, 0)) -> None:
        """Go on from another step: a checkpoint was taken up."""
        self.step, self.cursor = step, cursor

    def configure(self) -> None:
        """Bring every optimiser up to the options at this step."""
        self.engine.configure(self.step, self._total)

    def next_phase(self) -> Phase:
        """The phase of the next update: the cursor's, or the first after it that updates."""
        return self.engine.phases[self._next()[0]]

    def _next(self) -> tuple[int, int]:
        """The place of the next update."""
        index, done = self.cursor
        phases = self.engine.phases
        for offset in range(len(phases)):
            candidate = (index + offset) % len(phases)
            finished = done if offset == 0 else 0
            if finished < phases[candidate].options.updates:
                return candidate, finished
        return index, done

    @property
    def left(self) -> int:
        """Updates that the step under way still lacks."""
        index, done = self.cursor
        return sum(phase.options.updates for phase in self.engine.phases[index:]) - done

    # One update alone, in two halves

    def begin(self, phase: Phase | None = None) -> Turn:
        """The first half of the next update, or of one of a phase out of turn.

        An update of the phase whose turn it is counts as such; any other is extra: its values
        stay out of the step's row, and the step goes on where it stood.
        """
        engine = self.engine
        engine.step = self.step
        place = self._next()
        due = engine.phases[place[0]]
        if phase is not None and phase is not due:
            phase.configure(self.step, self._total)
            row, engine.row = engine.row, list(engine.row)
            pending = engine.begin(phase, measure=False, watched=True)
            engine.row = row
            return Turn(phase, None, pending)
        if place[1] >= due.options.updates:
            return Turn(due, place, None)
        due.configure(self.step, self._total)
        measure = self.step % MEASURE_EVERY == 0
        return Turn(due, place, engine.begin(due, measure=measure, watched=True))

    def finish(self, turn: Turn) -> bool:
        """The second half; says whether the step is whole."""
        if turn.pending is not None:
            self.engine.finish(turn.pending)
        if turn.place is None:
            self.extras[turn.phase.name] = self.extras.get(turn.phase.name, 0) + 1
            return False
        position, done = turn.place[0], turn.place[1] + 1
        if self._more_after(position, done):
            self.cursor = (position, done)
            return False
        self._close_step()
        return True

    # Whole steps

    def advance(self) -> None:
        """Updates until the step is whole."""
        engine = self.engine
        engine.step = self.step
        index, done = self.cursor
        measure = self.step % MEASURE_EVERY == 0
        for phase in engine.phases[index:]:
            if optim.varies(phase.options) and done == 0:
                phase.configure(self.step, self._total)
            while done < phase.options.updates:
                engine.update(phase, measure=measure)
                done += 1
            done = 0
        self._close_step()

    def _close_step(self) -> None:
        engine = self.engine
        self.step += 1
        engine.weigh = False
        engine.average(self.step)
        self.rows.add(self.step, engine.row)
        engine.begin_row()
        self.cursor = (0, 0)

    def _more_after(self, position: int, done: int) -> bool:
        phases = self.engine.phases
        return done < phases[position].options.updates or any(
            phase.options.updates > 0 for phase in phases[position + 1 :]
        )
