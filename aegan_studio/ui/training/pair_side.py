"""One side of a comparison: its run, as panels follow it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import (
    Changed,
    Diverged,
    Evaluated,
    Event,
    Finished,
    Pictures,
    Progress,
    Saved,
    SaveFailed,
    Started,
    Views,
)
from aegan_studio.experiment.sides import Side
from aegan_studio.ui.training.history import History
from aegan_studio.ui.training.watched import State, Watched

if TYPE_CHECKING:
    from aegan_studio.ui.training.pair import Pair

TURN_MS = 24
"""Pictures of B come a frame after those of A: each are painted in a turn of their own."""


class PairSide(Watched):
    """One side of a comparison, as panels follow it."""

    def __init__(self, side: Side, pair: Pair) -> None:
        super().__init__(pair)
        self.side = side
        self._pair = pair
        self.running: Experiment | None = None
        """The experiment of the run, live changes included; ``None`` where there is none."""
        self.folder: Path | None = None
        self.ended = ""
        """How the run ended: "done" or "diverged"; empty while it goes on."""
        self._shown_later: dict[type, Event] = {}
        self._turn = QTimer(self, interval=TURN_MS, singleShot=True)
        self._turn.timeout.connect(self._show_now)

    @property
    def experiment(self) -> Experiment:
        """The experiment of the run; what it is to be where none runs."""
        return self.running or self._pair.wanted(self.side) or self._pair.document.experiment

    def begin(self, experiment: Experiment, folder: Path) -> None:
        """A new run."""
        self.running, self.folder, self.ended = experiment, folder, ""
        self._shown_later = {}
        self.history, self.latest = History(), {}
        self.set_state("preparing")
        self.run_opened.emit(self)

    def end(self) -> None:
        """Without a run again."""
        self.running, self.ended = None, ""
        self._shown_later = {}
        self.history, self.latest = History(), {}
        self.set_state("empty")

    def set_state(self, state: State) -> None:
        """What the run is doing."""
        self._set_state(state)

    def _tell_wants(self) -> None:
        self._pair.tell_wants(self.side)

    @property
    def wanted(self) -> frozenset[str]:
        """What panels have a use for."""
        return self._wanted

    def take(self, events: tuple[Event, ...]) -> None:
        """Take in what the run tells, in order."""
        for event in events:
            self.latest[type(event)] = event
            if self.side == "b" and isinstance(event, Pictures | Views):
                self._shown_later[type(event)] = event
                continue
            match event:
                case Saved():
                    self.latest.pop(SaveFailed, None)
                case Started(columns=columns):
                    self.history.set_columns(columns)
                case Progress() | Evaluated():
                    self.history.add(event)
                case Changed(path=path, new=new):
                    self.history.add(event)
                    self.ended = ""
                    if self.running is not None:
                        self.running = self.running.with_options({path: new})
                case Diverged(restored_step=step):
                    self.history.truncate_after(step)
                case Finished(reason="done" | "diverged" as reason):
                    self.ended = reason
                case _:
                    pass
            self.event.emit(event)
        if self._shown_later and not self._turn.isActive():
            self._turn.start()

    def _show_now(self) -> None:
        """Hand out what is to be seen, as it is by now."""
        waiting, self._shown_later = self._shown_later, {}
        for event in waiting.values():
            self.event.emit(event)
