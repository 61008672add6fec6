"""Two experiments side by side: one that was kept, and the document's; trained in lockstep."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from aegan_studio.catalog import checks, models
from aegan_studio.catalog.differences import taken
from aegan_studio.catalog.rivals import matched
from aegan_studio.experiment import Experiment, InputError, Problem
from aegan_studio.experiment.events import Changed, Failed
from aegan_studio.experiment.sides import SIDES, Side, other
from aegan_studio.files import writing
from aegan_studio.i18n import tr
from aegan_studio.messages import Message, StudioError, msg
from aegan_studio.ui.document import Document
from aegan_studio.ui.training.commands import Change, ForSide, Go, Hold, Quit, Want
from aegan_studio.ui.training.leaving import Leaving
from aegan_studio.ui.training.outbox import Standing
from aegan_studio.ui.training.pair_side import PairSide
from aegan_studio.ui.training.session import (
    CLOSE_TIMEOUT_MS,
    Session,
    live_differences,
    new_folder,
)
from aegan_studio.ui.training.twins import Post, TwinsThread
from aegan_studio.ui.training.watched import State


class Pair(QObject):
    """The kept experiment A beside the document's B: what they are, and their common training.

    Lives as long as the session, so that neither another workspace nor another language ends it.
    """

    changed = Signal()
    """What is compared changed: an experiment, its problems, or what waits for a restart."""
    state_changed = Signal(str)
    told = Signal()
    """Both sides have taken in what came; they stand at the same step."""
    trouble = Signal(object)
    """A :class:`StudioError`: what was asked for could not be done; nothing else changed."""

    def __init__(self, document: Document, session: Session) -> None:
        super().__init__(session)
        self.document, self._session = document, session
        self.sides: dict[Side, PairSide] = {side: PairSide(side, self) for side in SIDES}
        self.same = True
        """Whether A takes the seed and the data of B."""
        self.kept: Experiment | None = None
        self.refusal: InputError | None = None
        """Why A cannot have B's data."""
        self.going: tuple[Side, ...] = SIDES
        """The sides that can train on."""
        self._first: Experiment | None = None
        self._state: State = "empty"
        self._thread: TwinsThread | None = None
        self._leaving = Leaving[TwinsThread](self)
        self._asked: dict[Side, Experiment] = {}
        document.changed.connect(self._follow)
        document.problems_changed.connect(self._on_problems)
        session.closing.connect(self.close)
        self.trouble.connect(session.trouble)

    @classmethod
    def of(cls, document: Document, session: Session) -> Pair:
        """The pair of a session, made when first asked for."""
        return session.findChild(cls) or cls(document, session)

    # What is compared

    def wanted(self, side: Side) -> Experiment | None:
        """What a side is to train; ``None`` for an A that was not chosen or cannot be had."""
        return self._first if side == "a" else self.document.experiment

    def problems(self, side: Side) -> tuple[Problem, ...]:
        """What keeps a side from training."""
        if side == "b":
            return self.document.errors
        if self.refusal is not None:
            return self.refusal.problems
        found = () if self._first is None else checks.problems(self._first)
        return tuple(problem for problem in found if problem.severity == "error")

    @property
    def obstacle(self) -> Message | None:
        """Why both cannot be trained; ``None`` where they can."""
        if self.kept is None:
            return msg("Choose what to compare with first.")
        for side in SIDES:
            if self.problems(side):
                return msg("A problem in {side} keeps both from training.", side=side.upper())
        return None

    def keep(self, experiment: Experiment | None = None) -> None:
        """Keep an experiment as A, by default what the document holds now."""
        self.kept = experiment if experiment is not None else self.document.experiment
        self._renew()

    def forget(self) -> None:
        """Compare with nothing: the runs are saved and left."""
        self.stop()
        self.kept = None
        self._renew()

    def set_same(self, on: bool) -> None:
        """Whether A takes the seed and the data of B."""
        self.same = on
        self._renew()

    def take_over(self, path: str, to: Side) -> None:
        """Let one side have the other's value in one place where they differ."""
        mine, theirs = self.wanted(to), self.wanted(other(to))
        if mine is None or theirs is None:
            return
        try:
            made = taken(mine, theirs, path)
        except InputError as error:
            self.trouble.emit(error)
            return
        if to == "a":
            self.keep(made)
        else:
            self.document.set(made, tr("take over from A"))

    def swap(self) -> None:
        """What was kept becomes the document, undoably, and the document is kept."""
        first = self._first
        if first is None:
            return
        self.kept = self.document.experiment
        self.document.set(first, tr("swap A and B"))
        self._renew()

    def _renew(self) -> None:
        """Work A out anew, and let live options reach the run."""
        self.refusal, self._first = None, self.kept
        if self.kept is not None and self.same:
            try:
                self._first = matched(self.kept, self.document.experiment)
            except InputError as error:
                self.refusal, self._first = error, None
        for side in SIDES:
            self._send_live(side)
        self.changed.emit()

    def _follow(self, _experiment: Experiment) -> None:
        self._renew()

    def _on_problems(self, _problems: object) -> None:
        self.changed.emit()

    def _send_live(self, side: Side) -> None:
        asked, wanted = self._asked.get(side), self.wanted(side)
        if asked is None or wanted is None:
            return
        for path, value in live_differences(asked, wanted).items():
            self._asked[side] = self._asked[side].with_options({path: value})
            self._send(ForSide(side, Change(path, value)))

    @property
    def pending(self) -> bool:
        """Whether what is to be trained differs from what runs, and only a restart takes it up."""
        return any(
            set(asked.differences(wanted)) - {"title"}
            for side, asked in self._asked.items()
            if (wanted := self.wanted(side)) is not None
        )

    # The run of both

    @property
    def state(self) -> State:
        """What the common run is doing; ``empty`` where there is none."""
        return self._state

    @property
    def lead(self) -> PairSide:
        """The side that the foot of the window tells of: the document's."""
        return self.sides["b"]

    @property
    def step(self) -> int:
        """The step that both have reached."""
        return min(side.step for side in self.sides.values())

    @property
    def alone(self) -> Side | None:
        """The side that can go on alone, the other having ended."""
        return self.going[0] if self.has_run and len(self.going) == 1 else None

    @property
    def has_run(self) -> bool:
        """Whether there is a run of both."""
        return self._state not in ("empty", "failed")

    @property
    def can_train(self) -> bool:
        """Whether training does something."""
        if self._state in ("empty", "failed"):
            return self.obstacle is None
        return self._state == "paused"

    def train(self) -> None:
        """Train both until one ends; called again, the other goes on alone."""
        if self._state in ("empty", "failed"):
            self.restart()
        elif self._state == "paused":
            self._send(Go())

    def pause(self) -> None:
        """Pause after the round under way; both runs are saved."""
        if self._state == "running":
            self._send(Hold())

    def toggle(self) -> None:
        """Pause what runs, train otherwise."""
        if self._state == "running":
            self.pause()
        else:
            self.train()

    def step_once(self, steps: int = 1) -> None:
        """Carry out a number of steps on both sides, then pause."""
        if self._state in ("empty", "failed"):
            self._begin(Go(steps))
        elif self._state in ("running", "paused"):
            self._send(Hold())
            self._send(Go(steps))

    def restart(self) -> None:
        """New runs of both, at once; those before stay on the disk."""
        self._begin(Go())

    def stop(self) -> None:
        """Save and leave both runs."""
        self._leave()
        self._asked = {}
        for side in self.sides.values():
            side.end()
        self._set_state("empty")

    def close(self) -> None:
        """End for good, and wait until both runs are saved."""
        self.stop()
        self._leaving.wait(CLOSE_TIMEOUT_MS)

    def tell_wants(self, side: Side) -> None:
        """Let the thread know what panels of a side have a use for."""
        self._send(ForSide(side, Want(self.sides[side].wanted)))

    def _begin(self, first: Go) -> None:
        if self.obstacle is not None:
            return
        self._session.pause()  # two trainings at once would only slow each other down
        self._leave()
        experiments: dict[Side, Experiment] = {}
        for side in SIDES:
            wanted = self.wanted(side)
            assert wanted is not None
            experiments[side] = wanted
        try:
            folders = {side: _folder(experiments[side], side) for side in SIDES}
        except StudioError as error:
            self.trouble.emit(error)
            return
        self._asked, self.going = dict(experiments), SIDES
        thread = TwinsThread(experiments, folders, self)
        thread.told.connect(self._on_told)
        thread.standing_changed.connect(self._on_standing)
        thread.refused.connect(self.trouble)
        self._thread = thread
        self._set_state("preparing")
        for name, twin in self.sides.items():
            twin.begin(experiments[name], folders[name])
        thread.wants = {name: twin.wanted for name, twin in self.sides.items()}
        thread.send(first)
        thread.start()
        self.changed.emit()

    def _leave(self) -> None:
        """Let the thread go: it saves and ends by itself, and is no longer listened to."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        thread.told.disconnect(self._on_told)
        thread.standing_changed.disconnect(self._on_standing)
        thread.refused.disconnect(self.trouble)
        thread.send(Quit())
        self._leaving.add(thread)

    def _send(self, command: ForSide | Go | Hold) -> None:
        if self._thread is not None:
            self._thread.send(command)

    def _on_told(self, post: Post) -> None:
        for name, events in post.items():
            self.sides[name].take(events)
        if any(isinstance(event, Changed | Failed) for events in post.values() for event in events):
            self.changed.emit()
        self.told.emit()

    def _on_standing(self, standing: Standing, going: tuple[Side, ...]) -> None:
        self.going = going
        for name, side in self.sides.items():
            ended = standing in ("running", "paused") and name not in going
            side.set_state("finished" if ended else standing)
        if standing == "failed":
            self._asked = {}
        self._set_state(standing)
        self.changed.emit()

    def _set_state(self, state: State) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)


def name_of(experiment: Experiment) -> str:
    """What to call a side: the model it trains."""
    return tr(models.nearest(experiment)[0].label)


def _folder(experiment: Experiment, side: Side) -> Path:
    """An empty folder, made at once: another restart within this second must not choose it too."""
    folder = new_folder(f"{name_of(experiment)} {side}")
    with writing(folder):
        folder.mkdir(parents=True)
    return folder
