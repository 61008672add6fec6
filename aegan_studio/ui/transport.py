"""What Train, Step and Restart drive: the window's run, or those of the workspace in view."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from aegan_studio.messages import Message, msg
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.training.watched import Watched

WHOLE_STEPS = ("session.step_once", "window.step_ten", "window.step_hundred")
"""The commands of single steps that every transport has."""


class Runs(Protocol):
    """What a workspace with runs of its own lets the window drive, as its ``transport``."""

    changed: SignalInstance
    state_changed: SignalInstance

    @property
    def lead(self) -> Watched:
        """The run that the foot of the window tells of."""

    @property
    def state(self) -> str:
        """What the runs are doing, as for a session."""

    @property
    def can_train(self) -> bool:
        """Whether training does something."""

    @property
    def obstacle(self) -> Message | None:
        """Why they cannot begin; ``None`` where they can."""

    def toggle(self) -> None:
        """Pause what runs, train otherwise."""

    def step_once(self, steps: int = 1) -> None:
        """Carry out a number of steps, then pause."""

    def restart(self) -> None:
        """Begin anew."""


class Transport(QObject):
    """Hands on what the top bar and the keys ask for; all else is the session's."""

    changed = Signal()
    """What is driven, or how it stands, changed."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.runs: Runs | None = None
        """Those of the workspace in view; ``None``: the session's run is driven."""

    def __getattr__(self, name: str) -> Any:
        """Commands that only a single run has."""
        return getattr(self._session, name)

    def drive(self, runs: Runs | None) -> None:
        """Drive these from now on."""
        if runs is self.runs:
            return
        for known, act in ((self.runs, "disconnect"), (runs, "connect")):
            if known is not None:
                for signal in (known.changed, known.state_changed):
                    getattr(signal, act)(self._tell)
        self.runs = runs
        self.changed.emit()

    def _tell(self, _what: object = None) -> None:
        self.changed.emit()

    def toggle(self) -> None:
        """Pause what runs, train otherwise."""
        (self.runs or self._session).toggle()

    def step_once(self, steps: int = 1) -> None:
        """Carry out a number of steps, then pause."""
        (self.runs or self._session).step_once(steps)

    def restart(self) -> None:
        """Begin anew."""
        (self.runs or self._session).restart()

    def why_not(self, command: str) -> Message | None:
        """Why a command for single steps cannot be carried out; ``None`` where it can."""
        if self.runs is None:
            return self._session.stepping.why_not
        if command not in WHOLE_STEPS:
            return msg("Two runs side by side go in whole steps.")
        match self.runs.state:
            case "preparing":
                return msg("The run is being prepared.")
            case "finished":
                return msg("Both have made their last step.")
            case "empty" | "failed":
                return self.runs.obstacle
            case _:
                return None

    def available(self) -> dict[str, bool]:
        """Which commands make sense otherwise than for the session's run."""
        runs = self.runs
        if runs is None:
            return {}
        return {
            "session.toggle": runs.state == "running" or runs.can_train,
            "session.restart": runs.obstacle is None and runs.state != "preparing",
        }
