"""A run as panels see it, whoever trains it: its state, its numbers, its latest events."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Signal

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Event, Started
from aegan_studio.ui.training.history import History

State = Literal["empty", "preparing", "running", "paused", "finished", "failed"]


class Watched(QObject):
    """What a panel follows. Heirs bring the events, and say which experiment is under way."""

    state_changed = Signal(str)
    event = Signal(object)  # type: ignore[assignment]  # QObject.event is not overridden by it
    """Every event of the run, in order; while another moment is looked at, pictures, views and
    weights are those of that moment."""
    run_opened = Signal(object)
    """A run begins or is opened: the :class:`Watched` itself; panels start afresh from it."""
    moment_changed = Signal(object)
    """:attr:`moment`: the step that is looked at, or ``None`` for now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state: State = "empty"
        self._wants: dict[str, set[object]] = {}
        self.history = History()
        self.latest: dict[type, Event] = {}

    @property
    def state(self) -> State:
        """What the run is doing; ``empty`` where there is none."""
        return self._state

    @property
    def has_run(self) -> bool:
        """Whether there is a run."""
        return self._state != "empty"

    @property
    def experiment(self) -> Experiment:
        """The experiment of the run, live changes included; one to be where none runs."""
        raise TypeError(f"{type(self).__name__} knows no experiment")

    @property
    def moment(self) -> int | None:
        """The step that is looked at where one can look back; ``None``: now."""
        return None

    @property
    def step(self) -> int:
        """The last step known."""
        started = self.latest.get(Started)
        begun = started.step if isinstance(started, Started) else 0
        return max(self.history.last_step, begun)

    @property
    def total_steps(self) -> int:
        """Where training finishes by itself."""
        return self.experiment.training.steps

    def want(self, name: str, who: object, on: bool) -> None:
        """Say whether ``who`` has a use for something costly; what nobody uses costs nothing.

        ``name`` is "pictures", "weights", "gradients", "exhibits" or a live view's.
        """
        names = self._wants.setdefault(name, set())
        before = bool(names)
        (names.add if on else names.discard)(who)
        if bool(names) != before:
            self._tell_wants()

    @property
    def _wanted(self) -> frozenset[str]:
        return frozenset(name for name, who in self._wants.items() if who)

    def _tell_wants(self) -> None:
        """Let who trains know what is of use now."""

    def _set_state(self, state: State) -> None:
        if state == self._state:
            return
        self._state = state
        self.state_changed.emit(state)
