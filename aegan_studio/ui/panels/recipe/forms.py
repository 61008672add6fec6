"""Options become form rows: the right editor, bounds, help, reset, problems and what is running."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.experiment import Experiment, Problem
from aegan_studio.experiment.options import OptionInfo, Options, describe
from aegan_studio.experiment.parts import DatasetOptions, MethodOptions
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.recipe.editors import editor, value_text
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.choice import Choice, Option
from aegan_studio.ui.widgets.form import FormRow
from aegan_studio.ui.widgets.switches import Toggle

LABELS = 84
"""Width of the labels of the recipe, in pixels."""

GESTURE_SECONDS = 0.8
"""Edits of one control that follow each other within this time are undone together."""


@lru_cache(maxsize=8)
def _reference(dataset: DatasetOptions, method: MethodOptions) -> Experiment:
    return Experiment.parse({"dataset": dataset, "method": method})


def default_value(experiment: Experiment, path: str, info: OptionInfo) -> Any:
    """What an option would be if nobody had set it: the method's default, or the option's own."""
    group, _, rest = path.partition(".")
    if group not in ("networks", "phases"):
        return info.default
    reference = _reference(experiment.dataset, experiment.method)
    name = rest.partition(".")[0]
    mine = getattr(experiment, group)[name]
    theirs = getattr(reference, group).get(name)
    if type(theirs) is not type(mine):
        return info.default
    return getattr(theirs, info.name)


def group_at(experiment: Experiment, prefix: str) -> Options:
    """The group of options at a prefix such as ``dataset`` or ``phases.generator``."""
    value: Any = experiment
    for part in prefix.split(".") if prefix else ():
        value = value[part] if isinstance(value, Mapping) else getattr(value, part)
    assert isinstance(value, Options)
    return value


class OptionRow(FormRow):
    """One option of the document, edited in place and kept up to date.

    Made before the document has the option, it shows the default until it is refreshed.
    """

    def __init__(
        self,
        document: Document,
        session: Session,
        path: str,
        info: OptionInfo,
        *,
        label: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self.path, self.info = path, info
        group = group_at(document.experiment, path.rpartition(".")[0])
        value = getattr(group, info.name, info.default)
        control = editor(info, value)
        if control is None:
            raise TypeError(f"the option {path} has no editor")
        super().__init__(
            label or tr(info.label),
            control,
            marker="live" if info.live else "" if path == "title" else "restart",
            tooltip=tr(info.help),
            label_width=LABELS,
            parent=parent,
        )
        self.setObjectName(path)
        self._document, self._session = document, session
        self._gesture: object = None
        self._edited_at = 0.0
        self._problem_shown: Problem | None = None
        self.reference: Options | None = None
        """A group whose value counts as the default, e.g. a named model's method."""
        if isinstance(control, Toggle):
            control.toggled.connect(self._commit)
        else:
            control.value_changed.connect(self._commit)  # type: ignore[attr-defined]
        if hasattr(control, "value_dragged"):
            control.value_dragged.connect(self._commit)
        self.reset_requested.connect(self._reset)
        self.fix_requested.connect(self._mend)

    def refresh(self) -> None:
        """Show the document's value, whether it applies, and what the run still uses."""
        experiment = self._document.experiment
        group = group_at(experiment, self.path.rpartition(".")[0])
        value = getattr(group, self.info.name)
        self._show(value)
        default = self._default()
        self.set_changed(value != default, value_text(self.info, default))
        self.setVisible(self.info.applies(group))

    def _show(self, value: Any) -> None:
        control: Any = self.control
        if isinstance(control, Toggle):
            control.blockSignals(True)
            control.setChecked(bool(value))
            control.blockSignals(False)
            control.update()
        elif control.value != value:
            control.set_value(value)

    def show_pending(self, pending: Mapping[str, tuple[Any, Any]]) -> None:
        """Show what the run still uses where a new value waits for a restart."""
        if self.path in pending and pending[self.path][0] is not None:
            running = value_text(self.info, pending[self.path][0])
            self.set_note(tr("running: {value}", value=running))
        else:
            self.set_note("")

    def show_problems(self, problems: Sequence[Problem]) -> bool:
        """Show the first problem of this option; says whether there is one."""
        mine = next((p for p in problems if p.path == self.path), None)
        if mine is None and self._problem_shown is not None:
            self.set_problem("")
            self.refresh()
        elif mine is not None:
            show_problem(self, mine)
        self._problem_shown = mine
        return mine is not None

    def _commit(self, value: Any) -> None:
        now = time.monotonic()
        if self._gesture is None or now - self._edited_at > GESTURE_SECONDS:
            self._gesture = object()
        self._edited_at = now
        if isinstance(value, float) and self.info.type == "int":
            value = round(value)
        plain = list(value) if isinstance(value, tuple) else value
        text = tr("change {option}", option=self.label)
        self._document.edit({self.path: plain}, text, gesture=self._gesture)

    def _default(self) -> Any:
        if self.reference is not None:
            return getattr(self.reference, self.info.name)
        return default_value(self._document.experiment, self.path, self.info)

    def _reset(self) -> None:
        default = self._default()
        plain = list(default) if isinstance(default, tuple) else default
        self._document.edit({self.path: plain}, tr("reset {option}", option=self.label))

    def _mend(self) -> None:
        if self._problem_shown is not None and self._problem_shown.mend is not None:
            mend = self._problem_shown.mend
            self._document.edit(mend.changes, tr(mend.label))


def show_problem(row: FormRow, problem: Problem) -> None:
    """Say a problem below a row, with its mend as a link or else its advice in words."""
    text = tr(problem.message)
    text = text[:1].upper() + text[1:]
    fix = tr(problem.mend.label) if problem.mend else ""
    if problem.advice is not None and not fix:
        text = f"{text} {tr(problem.advice)}"
    row.set_problem(text, fix, problem.severity)


class KindRow(FormRow):
    """Which dataset, method or network it is: a choice of registered entries.

    Without a visible label it takes the whole width: the card's title says what it is. ``edits``
    says what else changes with a choice.
    """

    def __init__(
        self,
        document: Document,
        path: str,
        label: str,
        options: Sequence[Option],
        value: object,
        tooltip: str,
        *,
        labelled: bool = False,
        edits: Callable[[object], Mapping[str, Any]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._choice = Choice(options, value, name=label)
        super().__init__(
            label,
            self._choice,
            marker="restart",
            tooltip=tooltip,
            label_width=LABELS if labelled else 0,
            parent=parent,
        )
        self.setObjectName(path)
        self.path = path
        self._document = document
        self._edits = edits or (lambda value: {path: value})
        self._problem_shown: Problem | None = None
        self._choice.value_changed.connect(self._commit)
        self.fix_requested.connect(self._mend)

    @property
    def choice(self) -> Choice:
        """The drop-down."""
        return self._choice

    def show_options(self, options: Sequence[Option], value: object) -> None:
        """Offer other entries, and show the one in use."""
        if tuple(options) != self._choice.options:
            self._choice.set_options(options, value)
        self._choice.set_value(value)

    def show_pending(self, pending: Mapping[str, tuple[Any, Any]]) -> None:
        """Show which kind the run still uses."""
        labels = {option.value: option.label for option in self._choice.options}
        running = pending[self.path][0] if self.path in pending else None
        self.set_note(
            tr("running: {value}", value=labels.get(running, str(running)))
            if running is not None
            else ""
        )

    def show_problems(self, problems: Sequence[Problem]) -> bool:
        """Show the first problem with the kind; says whether there is one."""
        mine = next((p for p in problems if p.path == self.path), None)
        self._problem_shown = mine
        if mine is None:
            self.set_problem("")
        else:
            show_problem(self, mine)
        return mine is not None

    def _commit(self, value: object) -> None:
        self._document.edit(self._edits(value), tr("change {option}", option=self.label))

    def _mend(self) -> None:
        if self._problem_shown is not None and self._problem_shown.mend is not None:
            mend = self._problem_shown.mend
            self._document.edit(mend.changes, tr(mend.label))


class Fold(QWidget):
    """Rows behind the word “More”."""

    toggled = Signal(bool)

    def __init__(self, word: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button = Button(word or tr("More"), icon="chevron-right", variant="ghost", size="s")
        self._button.clicked.connect(lambda: self.set_open(not self.is_open))
        self._host = QWidget()
        self.body = QVBoxLayout(self._host)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        # The button's padding must not indent its word.
        self._button.setFixedWidth(self._button.sizeHint().width() - 14)
        line.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(self._host)
        self._host.hide()

    @property
    def is_open(self) -> bool:
        """Whether the rows show."""
        return not self._host.isHidden()

    @property
    def button(self) -> Button:
        """The word that folds."""
        return self._button

    def set_open(self, on: bool) -> None:
        """Show or hide the rows."""
        if on == self.is_open:
            return
        self._host.setVisible(on)
        self._button.set_icon_name("chevron-down" if on else "chevron-right")
        self.toggled.emit(on)


class OptionGroup(QWidget):
    """The rows of one group of options; advanced ones behind “More”.

    Parameters
    ----------
    prefix : str
        Where the group is, e.g. ``method`` or ``networks.encoder``.
    skip : sequence of str
        Options that are shown elsewhere.
    """

    def __init__(
        self,
        document: Document,
        session: Session,
        prefix: str,
        *,
        skip: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._session = document, session
        self.prefix = prefix
        self._skip = frozenset(skip)
        self._made_for: type[Options] | None = None
        self.rows: list[OptionRow] = []
        self._more: Fold | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def refresh(self, reference: Options | None = None) -> None:
        """Show the document's values; other rows where it is another kind now.

        The values of ``reference``, a group of the same kind, count as the defaults where given.
        """
        group = group_at(self._document.experiment, self.prefix)
        if type(group) is not self._made_for:
            self._make(type(group))
        for row in self.rows:
            row.reference = reference
            row.refresh()
        if self._more is not None:
            self._more.setVisible(any(r.info.advanced and r.info.applies(group) for r in self.rows))

    def _make(self, kind: type[Options]) -> None:
        self._made_for = kind
        known, self.rows = self.rows, []
        if self._more is not None:
            self._more.hide()
            self._more.deleteLater()
            self._more = None
        shown = [
            info for info in describe(kind) if info.name not in self._skip and info.type != "table"
        ]
        for info in sorted(shown, key=lambda info: info.advanced):
            row = next((row for row in known if row.info == info), None)
            if row is None:
                row = OptionRow(self._document, self._session, f"{self.prefix}.{info.name}", info)
            else:  # both kinds have it; making rows is what is slow about another kind
                known.remove(row)
            self.rows.append(row)
            if not info.advanced:
                self._column.addWidget(row)
                continue
            if self._more is None:
                self._more = Fold()
                self._column.addWidget(self._more)
            self._more.body.addWidget(row)
        for old in known:
            old.hide()
            old.deleteLater()

    def show_pending(self, pending: Mapping[str, tuple[Any, Any]]) -> None:
        """Show what the run still uses."""
        for row in self.rows:
            row.show_pending(pending)

    def show_problems(self, problems: Sequence[Problem]) -> bool:
        """Show the problems of these options, unfolding what hides one."""
        found = [row for row in self.rows if row.show_problems(problems)]
        if self._more is not None and any(row.info.advanced for row in found):
            self._more.set_open(True)
        return bool(found)
