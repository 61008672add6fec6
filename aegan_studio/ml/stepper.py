"""From update to update: which phase comes next, what a step measured, when a step is whole."""

from __future__ import annotations

from aegan_studio.ml import optim
from aegan_studio.ml.engine import Engine, Phase
from aegan_studio.ml.rows import Rows

MEASURE_EVERY = 10
"""Steps between measurements of signals and gradient norms, which cost more than a loss."""


class Stepper:
    """Drives an engine and keeps the rows of its steps until they are reported.

    Attributes
    ----------
    step : int
        Whole steps made.
    cursor : tuple of int
        Within the step under way: the phase of the next update, and its updates made so far.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.rows = Rows(engine.columns)
        self.step = 0
        self.cursor = (0, 0)

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
        index, done = self.cursor
        phases = self.engine.phases
        for offset in range(len(phases)):
            candidate = phases[(index + offset) % len(phases)]
            finished = done if offset == 0 else 0
            if finished < candidate.options.updates:
                return candidate
        return phases[index]

    def advance(self, *, one: bool = False) -> bool:
        """Updates until the step is whole, or just one; says whether the step is whole."""
        engine = self.engine
        engine.step = self.step
        index, done = self.cursor
        measure = self.step % MEASURE_EVERY == 0
        for position in range(index, len(engine.phases)):
            phase = engine.phases[position]
            if optim.varies(phase.options) and done == 0:
                phase.configure(self.step, self._total)
            while done < phase.options.updates:
                engine.update(phase, measure=measure)
                done += 1
                if one and self._more_after(position, done):
                    self.cursor = (position, done)
                    return False
            done = 0
        self.step += 1
        engine.weigh = False
        engine.average(self.step)
        self.rows.add(self.step, engine.row)
        engine.begin_row()
        self.cursor = (0, 0)
        return True

    def _more_after(self, position: int, done: int) -> bool:
        phases = self.engine.phases
        return done < phases[position].options.updates or any(
            phase.options.updates > 0 for phase in phases[position + 1 :]
        )
