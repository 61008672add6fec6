"""The thread of a comparison: two runs in lockstep, a door from the window to ``ml``."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Event, Failed, Finished
from aegan_studio.experiment.sides import SIDES, Side
from aegan_studio.messages import StudioError
from aegan_studio.runs.folder import RunFolder
from aegan_studio.ui.training.commands import Change, Command, ForSide, Go, Hold, Quit, Save, Want
from aegan_studio.ui.training.courier import TICK, Courier
from aegan_studio.ui.training.outbox import Outbox, Refused, Stand, Standing

if TYPE_CHECKING:
    from aegan_studio.ml.twins import Round, Twins

Post = Mapping[Side, tuple[Event, ...]]
"""What each side has to tell; both stand at the same step, unless one goes alone."""


class TwinsThread(Courier):
    """Drives :class:`~aegan_studio.ml.twins.Twins`, each side with a run folder of its own.

    Parameters
    ----------
    experiments : mapping
        What to train, by side.
    folders : mapping
        Where each run is made.
    """

    told = Signal(object)
    """:data:`Post`, at most about 25 times a second."""
    standing_changed = Signal(str, object)
    """One of :data:`Standing`, and the sides that can train on."""
    refused = Signal(object)
    """A :class:`StudioError`: a command that could not be carried out."""

    def __init__(
        self,
        experiments: Mapping[Side, Experiment],
        folders: Mapping[Side, Path],
        parent: QObject | None = None,
    ) -> None:
        super().__init__("twins", parent)
        self.folders = dict(folders)
        self.wants: dict[Side, frozenset[str]] = {side: frozenset({"pictures"}) for side in SIDES}
        """What is of use from the first on; set before the start."""
        self._experiments = dict(experiments)
        self._lock = threading.Lock()
        self._outboxes = {side: Outbox() for side in SIDES}
        self._standings: list[tuple[Standing, tuple[Side, ...]]] = []
        self._refusals: list[StudioError] = []
        self._at: Side | None = None
        """The side that is being made ready."""

    # What is told

    def put(self, told: Round) -> None:
        """Report what both sides have to tell of the same steps, all at once."""
        with self._lock:
            for side, event in told:
                self._outboxes[side].put(event)
        self.announce()

    def stand(self, standing: Standing, going: tuple[Side, ...] = SIDES) -> None:
        """Report a change of state."""
        with self._lock:
            self._standings.append((standing, going))
        self.announce(at_once=True)

    def refuse(self, error: StudioError) -> None:
        """Report that a command could not be carried out."""
        with self._lock:
            self._refusals.append(error)
        self.announce(at_once=True)

    def fail(self, event: Failed) -> None:
        """Report what ended the comparison, and whose fault it is where that is known."""
        self.put(tuple((side, event) for side in SIDES if self._at in (side, None)))
        self.stand("failed", ())

    def hand_out(self) -> None:
        """Emit what both sides told, then how they stand."""
        with self._lock:
            post = {side: _events(outbox) for side, outbox in self._outboxes.items()}
            standings, self._standings = self._standings, []
            refusals, self._refusals = self._refusals, []
        if any(post.values()):
            self.told.emit(post)
        for standing, going in standings:
            self.standing_changed.emit(standing, going)
        for error in refusals:
            self.refused.emit(error)

    # What is done

    def serve(self) -> None:
        """Train both as commands say, until told to quit."""
        from aegan_studio.ml.trainer import Trainer
        from aegan_studio.ml.twins import Twins

        self.stand("preparing")
        with ExitStack() as stack:
            runs: dict[Side, RunFolder] = {}
            for side in SIDES:
                self._at = side
                made = RunFolder.create(self.folders[side], self._experiments[side])
                runs[side] = stack.enter_context(made)
            first, second = (Trainer(self._experiments[side], run=runs[side]) for side in SIDES)
            twins = Twins(first, second)
            twins.wants = dict(self.wants)
            for side, event in twins.prepare():
                self._at = side
                self.put(((side, event),))
                if self._quitting.is_set():
                    return
            self._at = None
            _Service(twins, self).loop()
            for side, run in runs.items():
                run.describe(status="finished" if twins.trainers[side].finished else "paused")


def _events(outbox: Outbox) -> tuple[Event, ...]:
    return tuple(item for item in outbox.take() if not isinstance(item, Stand | Refused))


class _Service:
    """Carries out the commands of a comparison, one after another."""

    def __init__(self, twins: Twins, thread: TwinsThread) -> None:
        self._twins, self._thread = twins, thread
        self._source: Iterator[Round] | None = None

    def loop(self) -> None:
        """Until :class:`Quit`: carry out commands between rounds, rest where nothing runs."""
        self._rest()
        while True:
            command = self._thread.next_command(wait=self._source is None)
            if isinstance(command, Quit):
                self._source = None
                self._save()
                for side, trainer in self._twins.trainers.items():
                    self._thread.put(((side, Finished(trainer.step, "stopped")),))
                return
            if command is not None:
                self._carry_out(command)
            if self._source is not None:
                self._advance(self._source)

    def _advance(self, source: Iterator[Round]) -> None:
        told = next(source, None)
        if told is not None:
            self._thread.put(told)
            return
        self._source = None
        self._rest()
        self._save()

    def _carry_out(self, command: Command) -> None:
        try:
            match command:
                case Go(steps):
                    self._source = self._twins.run(steps, tick=TICK)
                    self._thread.stand("running", self._twins.going)
                case Hold() if self._source is not None:
                    self._source = None
                    self._show()
                    self._rest()
                    self._save()
                case ForSide(side, Change(path, value)):
                    self._thread.put(((side, self._twins.change(side, path, value)),))
                    if self._source is None:
                        self._rest()
                case ForSide(side, Want(names)):
                    more = names - self._twins.wants[side]
                    self._twins.wants[side] = names
                    if more and self._source is None:
                        self._show()
                case Save():
                    self._save()
                case _:
                    pass
        except StudioError as error:
            self._thread.refuse(error)

    def _rest(self) -> None:
        going = self._twins.going
        self._thread.stand("paused" if going else "finished", going)

    def _show(self) -> None:
        self._thread.put(tuple(self._twins.show()))

    def _save(self) -> None:
        self._thread.put(tuple(self._twins.save()))
