"""The thread of a run: a door from the window to ``ml``, which opens inside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import (
    Event,
    Failed,
    Finished,
    PhaseDone,
    PhaseReady,
    Pictures,
    SaveFailed,
    Views,
    Weights,
)
from aegan_studio.messages import StudioError
from aegan_studio.runs.folder import RunFolder
from aegan_studio.ui.training.commands import (
    Change,
    Command,
    Finding,
    Go,
    GoPhase,
    GoSlowly,
    GoStep,
    Hold,
    Nudge,
    Quit,
    Save,
    Want,
)
from aegan_studio.ui.training.courier import TICK, Courier
from aegan_studio.ui.training.outbox import Outbox, Refused, Stand, Standing

if TYPE_CHECKING:
    from aegan_studio.ml.trainer import Trainer


class TrainerThread(Courier):
    """Drives one :class:`~aegan_studio.ml.trainer.Trainer`, a plain iterator, off the window.

    Parameters
    ----------
    experiment : Experiment
        What to train; with ``resume`` that of the folder.
    folder : Path or None
        The run's folder: made anew, or with ``resume`` gone on with; ``None`` keeps nothing.
    """

    events = Signal(object)
    """A tuple of events, in order, at most about 25 a second."""
    standing_changed = Signal(str)
    """One of :data:`Standing`, in its place among the events."""
    refused = Signal(object)
    """A :class:`StudioError`: a command that could not be carried out."""

    def __init__(
        self,
        experiment: Experiment,
        folder: Path | None,
        *,
        resume: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__("trainer", parent)
        self.folder = folder
        self.wants: frozenset[str] = frozenset({"pictures"})
        """Costly events that are of use from the first on; set before the start."""
        self._experiment, self._resume = experiment, resume
        self._outbox = Outbox()

    def hand_out(self) -> None:
        """Emit events in batches, and what stands between them in its place."""
        batch: list[Event] = []
        for item in self._outbox.take():
            if not isinstance(item, Stand | Refused):
                batch.append(item)
                continue
            if batch:
                self.events.emit(tuple(batch))
                batch = []
            if isinstance(item, Stand):
                self.standing_changed.emit(item.standing)
            else:
                self.refused.emit(item.error)
        if batch:
            self.events.emit(tuple(batch))

    def fail(self, event: Failed) -> None:
        """Report what ended the run."""
        self._outbox.put(event)
        self._outbox.put(Stand("failed"))

    def put(self, event: Event) -> None:
        """Report an event; soon, not at once.

        What is shown of a step is handed out with its progress, which was put just before, or
        with the rest that follows.
        """
        self._outbox.put(event)
        if not isinstance(event, Pictures | Views | Weights):
            self.announce()

    def stand(self, standing: Standing) -> None:
        """Report a change of state."""
        self._outbox.put(Stand(standing))
        self.announce(at_once=True)

    def serve(self) -> None:
        """Train as commands say, until told to quit."""
        self.stand("preparing")
        if self.folder is None:
            self._serve_run(None)
            return
        run = (
            RunFolder.open(self.folder)
            if self._resume
            else RunFolder.create(self.folder, self._experiment)
        )
        with run:
            trainer = self._serve_run(run)
            if trainer is not None:
                run.describe(status="finished" if trainer.finished else "paused")

    def _serve_run(self, run: RunFolder | None) -> Trainer | None:
        """Prepare and serve; ``None`` where the thread was told to quit before it began."""
        from aegan_studio.ml.trainer import Trainer

        trainer = Trainer(self._experiment, run=run, resume=self._resume)
        trainer.wants = set(self.wants)
        for event in trainer.prepare():
            self.put(event)
            if self._quitting.is_set():
                return None
        _Service(trainer, self).loop()
        return trainer

    def refuse(self, error: StudioError) -> None:
        """Report that a command could not be carried out."""
        self._outbox.put(Refused(error))
        self.announce(at_once=True)


class _Service:
    """Carries out the commands of one trainer, one after another."""

    def __init__(
        self,
        trainer: Trainer,
        thread: TrainerThread,
    ) -> None:
        self._trainer, self._thread = trainer, thread
        self._source: Iterator[Event] | None = None
        self._slowly = False
        self._halfway = False
        self._short = False
        self._chosen: str | None = ""
        self._shown = False

    def loop(self) -> None:
        """Until :class:`Quit`: carry out commands between events, rest where nothing runs."""
        self._rest()
        while True:
            command = None
            if self._source is None or not self._short:
                resting = self._source is None or self._slowly
                command = self._thread.next_command(wait=resting)
            if isinstance(command, Quit):
                self._settle()
                self._close_source()
                self._save()
                self._thread.put(Finished(self._trainer.step, "stopped"))
                return
            if command is not None:
                self._carry_out(command)
            if self._source is not None and not self._slowly:
                self._advance(self._source)

    def _advance(self, source: Iterator[Event]) -> Event | None:
        """One more event; at the end, rest."""
        try:
            event = next(source, None)
        except StudioError as error:
            self._source, self._slowly = None, False
            self._thread.refuse(error)
            self._rest()
            return None
        if event is not None:
            self._thread.put(event)
            self._shown = isinstance(event, PhaseDone)  # it comes after what is to be seen
            return event
        self._source, self._slowly = None, False
        if not self._shown:
            self._show()
        self._rest()
        self._save()
        return None

    def _nudge(self, phase: str | None) -> None:
        """The next half of an update that goes slowly."""
        self._chosen = phase
        while self._source is not None and self._slowly:
            match self._advance(self._source):
                case PhaseReady():
                    self._halfway = True
                    return
                case PhaseDone():
                    self._halfway = False
                    return
                case _:
                    pass

    def _settle(self) -> None:
        """Carry out the half that an update still lacks: nothing else may come between."""
        if self._slowly and self._halfway:
            self._nudge("")

    def _show(self) -> None:
        for event in self._trainer.show():
            self._thread.put(event)

    def _rest(self) -> None:
        self._thread.stand("finished" if self._trainer.finished else "paused")

    def _carry_out(self, command: Command) -> None:
        trainer = self._trainer
        if not isinstance(command, Nudge | Want | Finding):
            self._settle()
        try:
            match command:
                case Go(steps, until):
                    self._begin(trainer.run(steps, until=until, tick=TICK))
                case GoStep():
                    self._begin(trainer.run_step(), short=True)
                case GoPhase(phase, times):
                    source = trainer.run_phase(phase, times, tick=TICK)
                    self._begin(source, short=times == 1)
                case GoSlowly():
                    self._begin(trainer.run_slowly(lambda: self._chosen))
                    self._slowly, self._halfway = True, False
                case Nudge(phase):
                    self._nudge(phase)
                case Finding(name):
                    reached = trainer.tell(name)
                    if reached is not None and self._source is not None:
                        self._close_source()
                        self._thread.put(reached)
                        self._show()
                        self._rest()
                        self._save()
                case Hold():
                    if self._source is not None:
                        self._close_source()
                        self._rest()
                        self._show()
                        self._save()
                case Change(path, value):
                    self._thread.put(trainer.change(path, value))
                    if self._source is None:
                        self._rest()
                case Want(names):
                    more = names - trainer.wants
                    trainer.wants = set(names)
                    if more and self._source is None:
                        self._show()
                case Save():
                    self._save()
        except StudioError as error:
            self._thread.refuse(error)

    def _begin(self, source: Iterator[Event], *, short: bool = False) -> None:
        """Go on with a source; a short one is gone through before another command."""
        self._close_source()
        self._source, self._short = source, short
        self._thread.stand("running")

    def _close_source(self) -> None:
        close = getattr(self._source, "close", None)
        if close is not None:
            close()
        self._source, self._slowly = None, False

    def _save(self) -> None:
        trainer = self._trainer
        if not trainer.unsaved:
            return
        try:
            self._thread.put(trainer.save("finished" if trainer.finished else "paused"))
            for event in trainer.keep():
                self._thread.put(event)
        except StudioError as error:
            self._thread.put(SaveFailed(trainer.step, error.message, error.mend))
