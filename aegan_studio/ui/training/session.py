"""The run beside the document: its state, its numbers, and what waits for a new run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from aegan_studio import paths
from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.events import (
    Changed,
    Diverged,
    Evaluated,
    Event,
    Failed,
    Kept,
    PhaseDone,
    Progress,
    Saved,
    SaveFailed,
    Started,
)
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs.branching import Origin, origin_of
from aegan_studio.runs.folder import RunFolder
from aegan_studio.ui.document import Document
from aegan_studio.ui.training.commands import Change, Command, Go, Hold, Quit, Save, Want
from aegan_studio.ui.training.history import History
from aegan_studio.ui.training.leaving import Leaving
from aegan_studio.ui.training.moments import Moments
from aegan_studio.ui.training.rewind import BranchThread
from aegan_studio.ui.training.stepping import Stepping
from aegan_studio.ui.training.watched import State, Watched
from aegan_studio.ui.training.watching import Watching
from aegan_studio.ui.training.workers import TrainerThread

__all__ = ["CLOSE_TIMEOUT_MS", "Pending", "Session", "State", "live_differences", "new_folder"]

CLOSE_TIMEOUT_MS = 60_000
"""How long closing the window waits for the step under way and its checkpoint."""

Pending = Mapping[str, tuple[Any, Any]]


class Session(Watched):
    """The state machine of one run at a time; owns its thread and follows the document.

    Live options that the document changes go to the training at once; other differences wait
    in :attr:`pending` for a restart.
    """

    pending_changed = Signal(object)
    """:attr:`pending` changed."""
    trouble = Signal(object)
    """A :class:`StudioError`: what was asked for could not be done; nothing else changed."""
    branching_changed = Signal(bool)
    """:attr:`branching`."""
    closing = Signal()
    """The run ends for good: whoever trains beside it saves and ends too."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._thread: TrainerThread | None = None
        self._leaving = Leaving[TrainerThread](self)
        self._running: Experiment | None = None
        self._asked: Experiment | None = None
        self._pending: dict[str, tuple[Any, Any]] = {}
        self._folder: Path | None = None
        self._queued: list[Command] = []
        self.origin: Origin | None = None
        self._branching: BranchThread | None = None
        self.moments = Moments(self)
        self.moments.shown.connect(self._show)
        self.moments.moment_changed.connect(self.moment_changed)
        self.moments.trouble.connect(self._on_lost_moment)
        document.changed.connect(self._follow)
        self.stepping = Stepping(self, self)
        self.watching = Watching(self)
        self.watching.found.connect(self._show)
        self.watching.appeared.connect(self.stepping.report)

    # What is known

    @property
    def experiment(self) -> Experiment:
        """The experiment of the run, live changes included; the document's where none runs."""
        return self._running if self._running is not None else self._document.experiment

    @property
    def folder(self) -> Path | None:
        """The folder of the run."""
        return self._folder

    @property
    def pending(self) -> Pending:
        """What waits for a restart: path to the running and the wanted value."""
        return dict(self._pending)

    @property
    def moment(self) -> int | None:
        """The step of the kept instant that is looked at; ``None``: now."""
        return self.moments.moment

    @property
    def branching(self) -> bool:
        """Whether the folder of a branch is being made."""
        return self._branching is not None and self._branching.isRunning()

    @property
    def can_train(self) -> bool:
        """Whether pressing Train does something."""
        if self._state in ("empty", "failed"):
            return not self._document.errors
        return self._state in ("paused", "finished")

    # What can be asked

    def train(self) -> None:
        """Train: a new run, the paused one again, or a finished one for as long once more."""
        match self._state:
            case "empty" | "failed":
                self.restart()
            case "paused":
                self._send(Go())
            case "finished":
                self._go_on()

    def _go_on(self) -> None:
        more = self.step + max(self.total_steps, 1)
        if self._document.experiment.training.steps > self.step:
            more = self._document.experiment.training.steps
        self._document.edit({"training.steps": more})
        self.change("training.steps", more)
        self._send(Go())

    def pause(self) -> None:
        """Pause after the step under way; the run is saved."""
        if self._state == "running":
            self._send(Hold())

    def toggle(self) -> None:
        """Pause what runs, train otherwise; in slow motion stop its clock or let it run."""
        if self.stepping.slow.on:
            self.stepping.slow.toggle()
        elif self._state == "running":
            self.pause()
        else:
            self.train()

    @property
    def moves(self) -> bool:
        """Whether training goes on by itself."""
        return self._state == "running" and (
            not self.stepping.slow.on or self.stepping.slow.playing
        )

    def step_once(self, steps: int = 1) -> None:
        """Carry out a number of steps, then pause; begins a run where there is none."""
        self.stepping.some_steps(steps)

    def step_phase(self) -> None:
        """Carry out the next phase alone."""
        self.stepping.one_phase()

    def carry_out(self, command: Command) -> None:
        """Pause what runs and carry out a command; begins a run where there is none."""
        self.return_to_now()  # whoever goes step by step wants to see each of them
        if self._state in ("empty", "failed"):
            self._begin(command)
            return
        if self._state == "running":
            self._send(Hold())
        self._send(command)

    def send(self, command: Command) -> None:
        """Hand a command to the training as it is; nothing happens without a run."""
        self._send(command)

    def restart(self) -> None:
        """A new run of the document's experiment, at once; the old run stays on the disk."""
        self._begin(Go())

    def stop(self) -> None:
        """End the run: it is saved and closed, the window is free for another."""
        if self._thread is not None:
            self._leave()
        self._running = self._asked = None
        self.moments.reset(None)
        self.watching.reset()
        self._set_pending({})
        self._set_state("empty")

    def save(self) -> None:
        """Write a checkpoint now."""
        if self._thread is not None:
            self._send(Save())

    def change(self, path: str, value: Any) -> None:
        """Set a live option of the run."""
        if self._asked is None:
            return
        try:
            self._asked = self._asked.with_options({path: value})
        except InputError as error:
            self.trouble.emit(error)
            return
        self._send(Change(path, value))

    # Looking back

    def rewind(self, step: int) -> None:
        """Show the kept instant nearest to ``step`` everywhere; training goes on if it runs."""
        self.moments.rewind(step, self.latest, self.history)

    def return_to_now(self) -> None:
        """Show what the model makes now again."""
        for event in self.moments.return_to_now():
            self._show(event)

    # Branching

    def branch(self, step: int | None = None) -> None:
        """Train a new run with the document's options from an instant of this one.

        Parameters
        ----------
        step : int or None
            The kept instant nearest to it; by default the moment looked at, else the newest.

        The run under way is saved and left once the new one is made; where it cannot be made
        (:attr:`trouble`) everything stays as it is.
        """
        wanted = self._document.experiment
        if step is None:
            step = self.step if self.moment is None else self.moment
        target = self.moments.nearest(step)
        if target is None or self._folder is None or self._document.errors:
            return
        if self._branching is not None:
            if self._branching.isRunning():
                return
            self._branching.deleteLater()
        folder = new_folder(self._document.title)
        self._branching = thread = BranchThread(self._folder, target, folder, wanted, self)
        thread.made.connect(self._begin_branch)
        thread.failed.connect(self.trouble)
        thread.finished.connect(self._on_branch_made_or_not)
        thread.start()
        self.branching_changed.emit(True)

    def _on_branch_made_or_not(self) -> None:
        self.branching_changed.emit(self.branching)

    def _begin_branch(self) -> None:
        assert self._branching is not None
        folder, wanted = self._branching.folder, self._branching.wanted
        with RunFolder.open(folder) as run:
            history, origin = _history_of(run), origin_of(run.facts)
        self._leave()
        self._start(wanted, folder, history, resume=True, origin=origin)
        self._send(Go())
        self._follow(self._document.experiment)  # it may have changed meanwhile

    def _show(self, event: Event) -> None:
        self.latest[type(event)] = event
        self.event.emit(event)

    def _on_lost_moment(self, error: StudioError) -> None:
        self.return_to_now()
        self.trouble.emit(error)

    def _tell_wants(self) -> None:
        self.moments.want(self._wanted)
        if self._thread is not None:
            self._send(Want(self._wanted))

    def open_run(self, path: Path) -> None:
        """Open a run folder: its experiment, its plots and pictures; Train goes on with it.

        Raises
        ------
        StudioError
            There is no run, or its experiment cannot be understood.
        """
        if self._thread is not None and self._folder == path.absolute():
            return
        for leaving in self._leaving:
            if leaving.folder == path.absolute():
                leaving.wait(CLOSE_TIMEOUT_MS)  # its last steps are not on the disk yet
        with RunFolder.open(path) as run:
            experiment = run.current_experiment
            history, origin = _history_of(run), origin_of(run.facts)
        self._leave()
        self._document.replace(experiment)
        self._start(experiment, run.path, history, resume=True, origin=origin)

    def close(self) -> bool:
        """End the run for good and wait until it is saved; ``False`` where saving failed."""
        self.closing.emit()
        self.moments.end()
        if self._branching is not None:
            self._branching.wait()
        self.watching.close()
        thread = self._thread
        if thread is not None:
            thread.send(Quit())
        for other in (*self._leaving, *([thread] if thread is not None else [])):
            other.wait(CLOSE_TIMEOUT_MS)
            other.deliver()
        return not isinstance(self.latest.get(SaveFailed), SaveFailed)

    # The thread

    def _begin(self, first: Command) -> None:
        if self._document.errors:
            return
        experiment = self._document.experiment
        folder = new_folder(self._document.title)
        self._leave()
        self._start(experiment, folder, History(), resume=False)
        self._send(first)

    def _start(
        self,
        experiment: Experiment,
        folder: Path,
        history: History,
        *,
        resume: bool,
        origin: Origin | None = None,
    ) -> None:
        self._running = self._asked = experiment
        self.origin = origin
        self._folder, self.history = folder, history
        self.latest = {}
        self.moments.reset(folder)
        self.watching.begin(experiment, folder if resume else None)
        thread = TrainerThread(experiment, folder, resume=resume, parent=self)
        thread.events.connect(self._on_events)
        thread.standing_changed.connect(self._set_state)
        thread.refused.connect(self.trouble)
        self._thread = thread
        self._set_pending({})
        self._set_state("preparing")
        self.run_opened.emit(self)  # and a workspace comes into view
        thread.wants = self._wanted or thread.wants  # the first pictures may cost a while
        self._tell_wants()
        thread.start()

    def _leave(self) -> None:
        """Let the thread go: it saves and ends by itself, and is no longer listened to."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        thread.events.disconnect(self._on_events)
        thread.standing_changed.disconnect(self._set_state)
        thread.refused.disconnect(self.trouble)
        thread.send(Quit())
        self._leaving.add(thread)

    def _send(self, command: Command) -> None:
        if self._thread is not None:
            self._thread.send(command)

    def _on_events(self, events: tuple[Event, ...]) -> None:
        self.watching.feed(events)
        for event in events:
            match event:
                case Saved():
                    self.latest.pop(SaveFailed, None)
                case Kept():
                    self.moments.take(event)
                case Started(step=step, columns=columns):
                    self.history.set_columns(columns)
                    self.history.truncate_after(step)  # steps after the checkpoint are redone
                case Progress() | Evaluated():
                    self.history.add(event)
                case Changed():
                    self.history.add(event)
                    self._took_effect(event)
                case Diverged(restored_step=step):
                    self.history.truncate_after(step)
                case PhaseDone(phase=phase, extras=extras) if extras:
                    self.history.extras[phase] = extras
                case Failed():
                    self._running = self._asked = None
                case _:
                    pass
            if not self.moments.holds(event):
                self._show(event)

    def _took_effect(self, event: Changed) -> None:
        if self._running is not None:
            self._running = self._running.with_options({event.path: event.new})
            self._set_pending(self._differences())

    # Following the document

    def _follow(self, experiment: Experiment) -> None:
        asked = self._asked
        if asked is None or self._state in ("empty", "failed"):
            return
        for path, value in live_differences(asked, experiment).items():
            self.change(path, value)
        self._set_pending(self._differences())

    def _differences(self) -> dict[str, tuple[Any, Any]]:
        """What the document says otherwise and only a new run can take on."""
        if self._asked is None:
            return {}
        wanted = self._document.experiment
        return {
            path: values
            for path, values in self._asked.differences(wanted).items()
            if path != "title"
        }

    def _set_pending(self, pending: dict[str, tuple[Any, Any]]) -> None:
        if pending != self._pending:
            self._pending = pending
            self.pending_changed.emit(self.pending)


def live_differences(running: Experiment, wanted: Experiment) -> dict[str, Any]:
    """The live options that differ; of another method's only those of the loop."""
    same = running.method.kind == wanted.method.kind
    return {
        path: new
        for path, (_, new) in running.differences(wanted).items()
        if (same or path.startswith("training."))
        and _is_live(running, path)
        and _is_live(wanted, path)
    }


def _is_live(experiment: Experiment, path: str) -> bool:
    try:
        info = experiment.option_info(path)
    except InputError:  # the other experiment's networks have this option, not these
        return False
    return info is not None and info.live


def _history_of(run: RunFolder) -> History:
    history = History()
    history.clear(run.columns)
    history.extras = run.extras()
    history.extend(*run.steps())
    for step, row in zip(*run.pace(), strict=True):
        history.add_pace(int(step), *map(float, row))
    for step, values in run.held_out():
        history.add_held_out(step, values)
    for change in run.changes():
        history.add(Changed(change["step"], change["path"], change["old"], change["new"]))
    return history


def new_folder(title: str) -> Path:
    """A folder for a new run that does not exist yet, named by the time and the title."""
    slug = re.sub(r"[^\w-]+", "-", title.lower()).strip("-")[:48] or "run"
    base = f"{datetime.now():%Y-%m-%d %H.%M.%S} {slug}"
    for count in range(1, 1000):
        folder = paths.runs_dir() / (base if count == 1 else f"{base} {count}")
        if not folder.exists():
            return folder
    raise StudioError(
        msg("{path} holds too many runs of this second.", path=str(paths.runs_dir())),
        msg("Try again."),
    )
