"""The experiment being edited: one frozen value at a time, with undo, a file and its problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from aegan_studio.catalog import checks, models
from aegan_studio.catalog.datasets.sketch import only_painted
from aegan_studio.experiment import Experiment, InputError, Problem, toml
from aegan_studio.experiment.parts import DATASETS
from aegan_studio.i18n import tr


@dataclass(slots=True)
class Origin:
    """Where a line of edits began: a file, or a name such as a recipe's title."""

    path: Path | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What undo goes back to: the experiment, and the file it belongs to."""

    experiment: Experiment
    origin: Origin


class _Edit(QUndoCommand):
    """Exchange one state for another; edits of one gesture merge into one."""

    def __init__(
        self, document: Document, before: State, after: State, text: str, gesture: object
    ) -> None:
        super().__init__(text)
        self._document, self._before, self._after = document, before, after
        self._gesture = gesture

    def id(self) -> int:
        return 1 if self._gesture is not None else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other._gesture != self._gesture:
            return False
        self._after = other._after
        return True

    def redo(self) -> None:
        self._document.show_state(self._after)

    def undo(self) -> None:
        self._document.show_state(self._before)


class Document(QObject):
    """Holds the current experiment and everything known about it without running it.

    Parameters
    ----------
    experiment : Experiment
        What it starts with.
    name : str
        What to call the experiment while it has neither title nor file.
    """

    changed = Signal(object)
    """The new :class:`Experiment`."""
    problems_changed = Signal(object)
    """All problems, a tuple."""
    inspected = Signal(object)
    """The networks' shapes and sizes, or ``None`` while they are worked out."""
    state_changed = Signal()
    """Title, file or the mark of unsaved edits may have changed."""

    def __init__(
        self, experiment: Experiment, name: str = "", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._state = State(experiment, Origin(name=name))
        self._checked = checks.problems(experiment)
        self._shapes: tuple[Problem, ...] = ()
        self._refused: tuple[Problem, ...] = ()
        self._inspection: Any = None
        self._showing = False
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(1000)
        self.undo_stack.cleanChanged.connect(self._announce_state)

    @property
    def experiment(self) -> Experiment:
        """The experiment as edited so far."""
        return self._state.experiment

    @property
    def path(self) -> Path | None:
        """The file it was opened from or saved to."""
        return self._state.origin.path

    @property
    def is_modified(self) -> bool:
        """Whether there are edits since it was opened or saved."""
        return not self.undo_stack.isClean()

    @property
    def title(self) -> str:
        """What to call the experiment."""
        experiment, origin = self._state.experiment, self._state.origin
        if experiment.title:
            return tr(experiment.title)  # a recipe's title is a translation key
        if origin.name:
            return tr(origin.name)
        if origin.path is not None:
            return origin.path.stem
        return tr(
            "{method} on {dataset}",
            method=tr(models.nearest(experiment)[0].label),
            dataset=tr(DATASETS.of(experiment.dataset).label),
        )

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Refused edits first, then everything found in the experiment."""
        return (*self._refused, *self._checked, *self._shapes)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the experiment from training."""
        return tuple(p for p in (*self._checked, *self._shapes) if p.severity == "error")

    @property
    def inspection(self) -> Any:
        """What ``ml.networks.inspect`` said of this experiment; ``None`` until it answers."""
        return self._inspection

    def edit(self, changes: Mapping[str, Any], text: str = "", *, gesture: object = None) -> bool:
        """Change options by dotted path, undoably.

        Parameters
        ----------
        text : str
            Names the edit in the undo menu.
        gesture : object
            Edits with the same gesture, as of one drag, are undone together.

        Returns
        -------
        bool
            ``False`` where the values are refused; the reasons join :attr:`problems`.
        """
        try:
            experiment = self.experiment.with_options(changes)
        except InputError as error:
            if not self._showing:  # else a row that goes edits what is gone
                self.refuse(error)
            return False
        if experiment == self.experiment:
            self._forget_refusal()
            return True
        self._push(State(experiment, self._state.origin), text or tr("edit"), gesture)
        return True

    def set(self, experiment: Experiment, text: str = "") -> None:
        """Make the experiment another in one undoable edit; file and name stay.

        Parameters
        ----------
        text : str
            Names the edit in the undo menu.
        """
        if experiment == self.experiment:
            self._forget_refusal()
            return
        self._push(State(experiment, self._state.origin), text or tr("edit"), None)

    def refuse(self, error: InputError) -> None:
        """Say why something asked for cannot be had; nothing changes."""
        self._refused = error.problems
        self.problems_changed.emit(self.problems)

    def replace(self, experiment: Experiment, *, name: str = "", path: Path | None = None) -> None:
        """Put another experiment in the place of this one; undo brings this one back."""
        self._push(State(experiment, Origin(path, name)), tr("open"), None)
        self.undo_stack.setClean()
        self._announce_state()

    def open(self, path: Path) -> None:
        """Open an experiment's TOML file; raises what :func:`toml.load` raises."""
        self.replace(toml.load(path), path=path)

    def save(self, path: Path | None = None) -> Path:
        """Write the experiment to ``path``, or where it came from.

        Raises
        ------
        StudioError
            Disk full, no permission and alike; the old file stays as it was.
        """
        target = path or self.path
        if target is None:
            raise ValueError("an experiment without a file needs a path")
        toml.save(self.experiment, target)
        origin = self._state.origin
        if origin.path != target:
            origin.path, origin.name = target, ""
        self.undo_stack.setClean()
        self._announce_state()
        return target

    def show_state(self, state: State) -> None:
        """Take a state on; only the undo stack calls this."""
        self._showing = True
        try:
            self._show(state)
        finally:
            self._showing = False

    def _show(self, state: State) -> None:
        before, after = self._state.experiment, state.experiment
        self._state = state
        self._refused = ()
        if before != after:
            self._checked = checks.problems(after)
            known = only_painted(before, after)  # of networks a stroke changes nothing
            if not known:
                self._shapes, self._inspection = (), None
            self.changed.emit(after)
            if not known:
                self.inspected.emit(None)
        self.problems_changed.emit(self.problems)
        self._announce_state()

    def set_inspection(self, experiment: Experiment, inspection: Any) -> None:
        """Take in the networks' shapes and their problems; a stale answer is dropped."""
        if experiment != self.experiment and not only_painted(experiment, self.experiment):
            return
        self._inspection = inspection
        known = {problem.path for problem in self._checked}
        self._shapes = tuple(p for p in inspection.problems if p.path not in known)
        self.inspected.emit(inspection)
        self.problems_changed.emit(self.problems)

    def _push(self, after: State, text: str, gesture: object) -> None:
        if self._showing:
            # A field that loses the focus because its row goes edits in the middle of an undo. The
            # stack would free the command that it is carrying out: let it end first.
            now = self._state
            QTimer.singleShot(0, self, lambda: self._push_if(now, after, text, gesture))
            return
        self.undo_stack.push(_Edit(self, self._state, after, text, gesture))

    def _push_if(self, now: State, after: State, text: str, gesture: object) -> None:
        if self._state is now:
            self._push(after, text, gesture)

    def _forget_refusal(self) -> None:
        if self._refused:
            self._refused = ()
            self.problems_changed.emit(self.problems)

    def _announce_state(self) -> None:
        self.state_changed.emit()
