"""Step mode of a run: what can be carried out step by step, what came of it, what waits."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from aegan_studio.catalog.narration import narration
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Event, PhaseDone, PhaseReady, Progress, Reached
from aegan_studio.experiment.parts import PhaseInfo
from aegan_studio.experiment.until import Until
from aegan_studio.messages import Message, msg
from aegan_studio.ui.training.commands import Command, Finding, Go, GoPhase, GoStep
from aegan_studio.ui.training.slow import SlowMotion


class Steps(Protocol):
    """What step mode asks of the run that it belongs to."""

    event: SignalInstance
    state_changed: SignalInstance
    run_opened: SignalInstance

    @property
    def state(self) -> str:
        """What the run is doing."""

    @property
    def step(self) -> int:
        """Whole steps made."""

    @property
    def can_train(self) -> bool:
        """Whether a run can begin or go on."""

    @property
    def experiment(self) -> Experiment:
        """That of the run, or the one to be."""

    def carry_out(self, command: Command) -> None:
        """Pause what runs and carry out a command; begins a run where there is none."""

    def send(self, command: Command) -> None:
        """Hand a command to the training as it is."""


class Stepping(QObject):
    """Single steps and phases, slow motion, and what training runs until.

    Attributes
    ----------
    slow : SlowMotion
    picked : str
        The phase that a person lets come next out of turn; empty: the one whose turn it is.
    last : str
        The phase that was told of last.
    reached : Reached or None
        What the run has paused for.
    """

    changed = Signal()
    """Something to show changed: an update was told, another phase waits."""
    wanted = Signal()
    """Somebody watches single steps: what tells of them shall come into view."""

    def __init__(self, run: Steps, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self.slow = SlowMotion(run.send, self._stages_of, self)
        self.picked = ""
        self._forget()
        run.event.connect(self._take)
        run.state_changed.connect(self._follow)
        run.run_opened.connect(self._begin)
        self.slow.changed.connect(self.changed)

    def _forget(self) -> None:
        self._ready: dict[str, PhaseReady] = {}
        self._done: dict[str, PhaseDone] = {}
        self._next = ""
        self._under_way = 0
        self.last = ""
        self.reached: Reached | None = None

    # What is known

    def ready_of(self, phase: str) -> PhaseReady | None:
        """What was last worked out for a phase."""
        return self._ready.get(phase)

    def done_of(self, phase: str) -> PhaseDone | None:
        """How that ended; ``None`` while its weights have not moved."""
        return self._done.get(phase)

    @property
    def phases(self) -> tuple[PhaseInfo, ...]:
        """The phases of the run's method, in their order."""
        return self._run.experiment.phase_infos()

    @property
    def next_phase(self) -> str:
        """The phase whose turn it is."""
        names = [phase.name for phase in self.phases]
        if self._next in names:
            return self._next
        options = self._run.experiment.phases
        return next((name for name in names if options[name].updates > 0), names[0])

    @property
    def within(self) -> bool:
        """Whether the run stands within a step, some of its updates being made."""
        return self._under_way > self._run.step

    @property
    def why_not(self) -> Message | None:
        """Why nothing can be carried out now; ``None`` where it can."""
        match self._run.state:
            case "preparing":
                return msg("The run is being prepared.")
            case "finished":
                return msg("The run is at its last step; Train gives it more.")
            case "empty" | "failed" if not self._run.can_train:
                return msg("A problem in the recipe keeps it from training.")
            case _:
                return None

    # What can be asked

    def one_step(self) -> None:
        """What the step under way still lacks; then pause."""
        self._carry_out(GoStep())

    def some_steps(self, count: int) -> None:
        """So many steps, then pause."""
        self._carry_out(GoStep() if count == 1 else Go(count))

    def one_phase(self, phase: str = "", times: int = 1) -> None:
        """Updates of the phase whose turn it is, or of another out of turn; then pause."""
        if self.slow.on:
            self.slow.choose(phase)
            self.slow.finish_phase()
        else:
            self._carry_out(GoPhase(phase, times))

    def run_until(self, until: Until) -> None:
        """Train until something holds, then pause."""
        self._carry_out(Go(until=until))

    def slow_motion(self) -> None:
        """Go slowly; where it does, go on at full speed, or rest where its clock stands."""
        if self.slow.on:
            if self.slow.playing:
                self.slow.quicken()
            else:
                self.slow.end()
        elif self.why_not is None:
            self.slow.begin(self._go_slowly)
            self.wanted.emit()

    def next_stage(self) -> None:
        """In slow motion the next stage; otherwise slow motion begins and stands at the first."""
        if not self.slow.on:
            self.slow_motion()
            if self.slow.on:
                self.slow.toggle()
        else:
            self.slow.next_stage()

    def pick(self, phase: str) -> None:
        """Let a person's choice be the phase that comes next; empty: whose turn it is."""
        self.picked = "" if phase == self.next_phase else phase
        if self.slow.on:
            self.slow.choose(self.picked)
        self.changed.emit()

    def report(self, finding: str) -> None:
        """Somebody who watches the run has found something; training may run until then."""
        self._run.send(Finding(finding))

    def _go_slowly(self, command: Command) -> None:
        if self._run.state == "running":
            self._run.send(command)
        else:
            self._run.carry_out(command)

    def _carry_out(self, command: Command) -> None:
        if self.why_not is None:
            self.reached = None
            if not isinstance(command, GoPhase):
                self.picked = ""
            self.slow.leave()
            self._run.carry_out(command)
            if isinstance(command, GoPhase):
                self.wanted.emit()

    # What happens

    def _take(self, event: Event) -> None:
        match event:
            case PhaseReady():
                self._ready[event.phase] = event
                self._done.pop(event.phase, None)
                self.last = event.phase
            case PhaseDone():
                self._done[event.phase] = event
                self._next, self._under_way = event.next_phase, event.step
                if self.picked == self._next:
                    self.picked = ""
            case Progress() if len(event.steps) and event.step > self._under_way:
                self._next = ""
            case Reached():
                self.reached = event
            case _:
                return
        self.slow.take(event)
        if not isinstance(event, Progress):
            self.changed.emit()

    def _follow(self, state: str) -> None:
        self.slow.follow(state)
        self.changed.emit()

    def _begin(self, _run: object) -> None:
        if self._ready:
            self.slow.leave()
        self._forget()
        self.picked = ""
        self.changed.emit()

    def _stages_of(self, phase: str) -> int:
        return len(narration(self._run.experiment, phase).stages)
