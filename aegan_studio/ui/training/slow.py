"""Slow motion: the clock that leads through the stages of one update after another."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from aegan_studio.experiment.events import Event, PhaseDone, PhaseReady
from aegan_studio.ui.training.commands import Command, Go, GoSlowly, Hold, Nudge

SLOWEST, FASTEST, USUAL = 0.1, 10.0, 0.5
"""Updates a second."""

FRAME_MS = 33
"""Milliseconds between two frames of the drawing."""


class SlowMotion(QObject):
    """Carries out updates in two halves, and shows the time between as stages.

    The first stages tell what is worked out; with the last one the weights move. Nothing here
    waits: halves are asked for and arrive as events.

    Parameters
    ----------
    send : callable
        Hands a command to the training.
    stages_of : callable
        The number of stages of a phase, by its name.
    """

    changed = Signal()
    """It began, ended, paused or went on, or another stage came."""
    progressed = Signal()
    """:attr:`progress` grew."""

    def __init__(
        self,
        send: Callable[[Command], object],
        stages_of: Callable[[str], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._send, self._stages_of = send, stages_of
        self._pace = USUAL
        self._on = self._playing = self._begun = False
        self._awaits: type | None = None
        self._moved = False
        self._chosen = ""
        self.ready: PhaseReady | None = None
        """The update under way; ``None`` until the first is worked out."""
        self.stage = 0
        """The stage under way, counted from 0."""
        self.progress = 0.0
        """How much of the stage has passed, 0–1."""
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def on(self) -> bool:
        """Whether training goes slowly."""
        return self._on

    @property
    def playing(self) -> bool:
        """Whether the clock runs."""
        return self._playing

    @property
    def phase(self) -> str:
        """The phase under way; empty before the first."""
        return self.ready.phase if self.ready is not None else ""

    @property
    def moved(self) -> bool:
        """Whether the weights of the update under way have been told to move."""
        return self._moved

    @property
    def stages(self) -> int:
        """The number of stages of the phase under way."""
        return self._stages_of(self.phase) if self.phase else 0

    @property
    def pace(self) -> float:
        """Updates a second."""
        return self._pace

    def set_pace(self, pace: float) -> None:
        """Another pace, from now on."""
        pace = min(max(pace, SLOWEST), FASTEST)
        if pace != self._pace:
            self._pace = pace
            self.changed.emit()

    # What can be asked

    def begin(self, begin: Callable[[Command], object]) -> None:
        """Go slowly; ``begin`` carries out the first command, in a new run if there is none."""
        if self._on:
            return
        self._on, self._playing, self._begun = True, True, False
        self.ready, self.stage, self.progress = None, 0, 0.0
        self._chosen, self._moved = "", False
        begin(GoSlowly())
        self._nudge(PhaseReady)
        self._run_clock()
        self.changed.emit()

    def end(self) -> None:
        """Pause training where it stands, with the update under way carried out."""
        if self._on:
            self._send(Hold())
            self.leave()

    def quicken(self) -> None:
        """Go on at full speed."""
        if self._on:
            self._send(Go())
            self.leave()

    def leave(self) -> None:
        """It is over, whoever goes on."""
        if self._on:
            self._on = self._playing = False
            self._awaits = None
            self._run_clock()
            self.changed.emit()

    def toggle(self) -> None:
        """Stop the clock, or let it run again."""
        if self._on:
            self._playing = not self._playing
            self._run_clock()
            self.changed.emit()

    def next_stage(self) -> None:
        """One stage on, and stand there."""
        if not self._on:
            return
        self._playing = False
        self._run_clock()
        self.progress = 0.0
        if self._awaits is None:
            self._forward()
        self.changed.emit()

    def stand(self, progress: float) -> None:
        """Let the clock stand with so much of the stage under way passed, 0–1."""
        self._playing = False
        self._run_clock()
        self.progress = progress
        self.changed.emit()
        self.progressed.emit()

    def finish_phase(self) -> None:
        """Carry out the update under way at once; its last stage remains in view."""
        if self._on and self.ready is not None and not self._moved:
            self.stage, self.progress = self.stages - 1, 0.0
            self._move()
            self.changed.emit()

    def choose(self, phase: str) -> None:
        """Let the next update be of this phase; empty: of the one whose turn it is."""
        self._chosen = phase

    # What happens

    def take(self, event: Event) -> None:
        """Follow what the training tells."""
        if not self._on:
            return
        match event:
            case PhaseReady():
                self._begun = True
                self.ready, self.stage, self.progress = event, 0, 0.0
                self._moved = False
                self._arrived(PhaseReady)
            case PhaseDone():
                self._arrived(PhaseDone)
            case _:
                pass

    def follow(self, state: str) -> None:
        """Follow the state of the run: what no longer runs goes no longer slowly."""
        over = ("failed", "empty", *(("paused", "finished") if self._begun else ()))
        if state in over:
            self.leave()

    def _arrived(self, kind: type) -> None:
        if self._awaits is kind:
            self._awaits = None
        self.changed.emit()

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        if not self._playing or self.ready is None:
            return
        if self._awaits is not None and self.progress >= 1:
            return
        self.progress += seconds * self._pace * self.stages
        stage = self.stage, self.ready
        while self.progress >= 1 and self._awaits is None:
            self.progress -= 1
            self._forward()
        self.progress = min(self.progress, 1.0)
        if (self.stage, self.ready) != stage:
            self.changed.emit()
        self.progressed.emit()

    def _forward(self) -> None:
        """The next stage; after the last, the next update."""
        if self.ready is None:
            return
        if self.stage < self.stages - 1:
            self.stage += 1
            if self.stage == self.stages - 1:
                self._move()
        elif not self._moved:
            self._move()
        else:
            self.progress = 1.0
            self._nudge(PhaseReady, self._chosen)

    def _move(self) -> None:
        """The weights move."""
        if not self._moved:
            self._moved = True
            self._nudge(PhaseDone)

    def _nudge(self, awaited: type, phase: str = "") -> None:
        self._awaits = awaited
        self._send(Nudge(phase))

    def _run_clock(self) -> None:
        if self._playing:
            self._clock.start()
            self._timer.start()
        else:
            self._timer.stop()

    def _tick(self) -> None:
        self.advance(self._clock.restart() / 1000.0)
