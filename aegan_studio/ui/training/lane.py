"""A light run beside the session: no folder, no record, and a new one always wins."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Event, Failed, Pictures, Progress, Started
from aegan_studio.ui.training.commands import Command, Go, Hold, Quit
from aegan_studio.ui.training.history import History
from aegan_studio.ui.training.leaving import Leaving
from aegan_studio.ui.training.outbox import Standing
from aegan_studio.ui.training.workers import TrainerThread

END_TIMEOUT_MS = 20_000


class Lane(QObject):
    """Trains one experiment for the eye alone; :meth:`restart` drops whatever ran before.

    Every lane has a thread of its own and shares nothing with the session or with other lanes.
    """

    started = Signal()
    """A run begins: numbers and pictures start afresh."""
    progressed = Signal()
    """:attr:`history` grew."""
    pictured = Signal(object)
    """:class:`Pictures` of the run."""
    standing_changed = Signal()
    """:attr:`standing` changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.experiment: Experiment | None = None
        self.history = History()
        self.pictures: Pictures | None = None
        self.failure: Failed | None = None
        self._standing: Standing | None = None
        self._thread: TrainerThread | None = None
        self._leaving = Leaving[TrainerThread](self)

    @property
    def standing(self) -> Standing | None:
        """What the run is doing; ``None`` without one."""
        return self._standing

    @property
    def step(self) -> int:
        """The last step known."""
        return self.history.last_step

    def restart(self, experiment: Experiment, *, go: bool) -> None:
        """Begin with an experiment, in place of the run under way.

        Parameters
        ----------
        go : bool
            Train at once; otherwise wait for :meth:`run` once it is prepared.
        """
        self._drop()
        self.experiment, self.history = experiment, History()
        self.pictures = self.failure = None
        thread = TrainerThread(experiment, None, parent=self)
        thread.events.connect(self._on_events)
        thread.standing_changed.connect(self._on_standing)
        self._thread = thread
        self.started.emit()
        self._set_standing("preparing")
        if go:
            thread.send(Go())
        thread.start()

    def run(self) -> None:
        """Train until the last step."""
        self._send(Go())

    def pause(self) -> None:
        """Rest after the step under way."""
        self._send(Hold())

    def end(self) -> None:
        """Let everything go, and wait until the threads have ended."""
        self._drop()
        self._leaving.wait(END_TIMEOUT_MS)
        self._set_standing(None)

    def _send(self, command: Command) -> None:
        if self._thread is not None:
            self._thread.send(command)

    def _drop(self) -> None:
        """The thread ends by itself and is no longer listened to."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        thread.events.disconnect(self._on_events)
        thread.standing_changed.disconnect(self._on_standing)
        thread.send(Quit())
        self._leaving.add(thread)

    def _on_standing(self, standing: Standing) -> None:
        self._set_standing(standing)

    def _set_standing(self, standing: Standing | None) -> None:
        if standing != self._standing:
            self._standing = standing
            self.standing_changed.emit()

    def _on_events(self, events: tuple[Event, ...]) -> None:
        grown = False
        for event in events:
            match event:
                case Started():
                    self.history.set_columns(event.columns)
                case Progress():
                    self.history.add(event)
                    grown = True
                case Pictures():
                    self.pictures = event
                    self.pictured.emit(event)
                case Failed():
                    self.failure = event
                case _:
                    pass
        if grown:
            self.progressed.emit()
