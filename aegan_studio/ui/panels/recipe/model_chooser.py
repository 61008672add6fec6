"""Choosing among the named models; the chosen one's paper, formulas and changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.catalog import models
from aegan_studio.catalog.recipes import recipes
from aegan_studio.experiment import Experiment, InputError, Problem
from aegan_studio.experiment.parts import METHODS
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.panels.recipe.forms import Fold, show_problem
from aegan_studio.ui.theme import BODY, HEADING, NOTE, current_theme, mix, ui_font
from aegan_studio.ui.widgets.buttons import LinkButton
from aegan_studio.ui.widgets.form import FormRow
from aegan_studio.ui.widgets.formula_lines import FormulaLines
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.painting import (
    LEFT,
    draw_text,
    fill_round,
    smooth,
    stroke_round,
    text_width,
)
from aegan_studio.ui.widgets.pick_list import Pick, PickList

_OPENING = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Enter)


def model_picks(experiment: Experiment) -> list[Pick]:
    """Every named model by family, those that the data rule out with the reason."""
    data = experiment.data_info()
    picks = []
    for family, heading in models.FAMILIES.items():
        for kind, model in models.models():
            if METHODS[kind].options.family != family:
                continue
            why = models.unfit(model.name, data)
            picks.append(
                Pick(
                    model.name,
                    tr(model.label),
                    tr(model.help),
                    model.paper,
                    tr(heading),
                    f"{model.name} {kind} {tr(METHODS[kind].label)}",
                    tr(why) if why is not None else "",
                )
            )
    return picks


def choose_model(document: Document, name: str) -> bool:
    """Make the document's experiment another model, in one undoable edit.

    A recipe's title goes: it would name the model that was there.

    Returns
    -------
    bool
        Whether the model can be had for this experiment.
    """
    _, model = models.model(name)
    try:
        experiment = models.chosen(document.experiment, name)
        if experiment.title in {recipe.title for recipe in recipes()}:
            experiment = experiment.with_options({"title": ""})
    except InputError as error:
        document.refuse(error)
        return False
    document.set(experiment, tr("choose {model}", model=tr(model.label)))
    return True


class ModelButton(QAbstractButton):
    """Shows the model in use, and whether it was changed; opens the list of all."""

    value_changed = Signal(object)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._list: PickList | None = None
        self._error = False
        self._changed = False
        self._hover = HoverFade(self)
        self.value = ""
        self.setFont(ui_font(HEADING, 500))
        self.setAccessibleName(tr("Method"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open)

    @property
    def list(self) -> PickList | None:
        """The list of models; ``None`` until it was opened first."""
        return self._list

    def show_model(self, name: str, label: str, *, changed: bool) -> None:
        """Show a model."""
        self.value, self._changed = name, changed
        self.setText(tr("{model}, changed", model=label) if changed else label)
        self.setAccessibleDescription(self.text())
        self.updateGeometry()
        self.update()

    def set_error(self, error: bool) -> None:
        """Wear the look of a problem."""
        self._error = error
        self.update()

    def open(self) -> None:
        """Open the list of models."""
        window = self.window()
        if self._list is None or self._list.parentWidget() is not window:
            self._list = PickList(window, tr("Find a method"))
            self._list.picked.connect(self.value_changed)
            self.destroyed.connect(self._list.deleteLater)
        self._list.open(model_picks(self._document.experiment), self.value, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows and Enter open the list, as Space does."""
        if event.key() in _OPENING:
            self.open()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As wide as the words, 28 px high."""
        return QSize(int(text_width(self.text(), self.font())) + 40, 28)

    def minimumSizeHint(self) -> QSize:
        """May shrink to an ellipsis."""
        return QSize(52, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, words and chevron."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        ground = mix(theme.raised, theme.hover, self._hover.amount)
        fill_round(painter, rect, 5, theme.error_ground if self._error else ground)
        if self._error:
            stroke_round(painter, rect, 5, theme.error)
        room = rect.adjusted(9, 0, -24, 0)
        font = self.font()
        for size in (HEADING, BODY, NOTE):
            font = ui_font(size, 500)
            if text_width(self.text(), font) <= room.width():
                break
        ink = theme.error if self._error else theme.text
        draw_text(painter, room, self.text(), ink, font, LEFT)
        spot = QRectF(rect.right() - 20, rect.center().y() - 7, 14, 14)
        paint_icon(painter, "chevron-down", spot, theme.text2)


class PaperLink(QAbstractButton):
    """Where the model was published, quietly; a click opens its page where it has one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = ""
        self._hover = HoverFade(self)
        self.setFont(ui_font(NOTE))
        self.setProperty("focusRadius", 3.0)
        self.clicked.connect(self._open)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def link(self) -> str:
        """The address that a click opens; empty where there is none."""
        return self._link

    def show_paper(self, paper: str) -> None:
        """Show a paper."""
        self._link = models.link(paper)
        self.setText(paper)
        self.setAccessibleName(tr("Paper: {paper}", paper=paper))
        self.setToolTip(tr("Opens {link} in the browser", link=self._link) if self._link else "")
        has = bool(self._link)
        self.setEnabled(has)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if has else Qt.FocusPolicy.NoFocus)
        shape = Qt.CursorShape.PointingHandCursor if has else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.setVisible(bool(paper))
        self.updateGeometry()
        self.update()

    def _open(self) -> None:
        if self._link:
            QDesktopServices.openUrl(QUrl(self._link))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """The words and the sign of a link."""
        sign = 16 if self._link else 0
        return QSize(int(text_width(self.text(), self.font()) + sign + 1.999), 20)

    def minimumSizeHint(self) -> QSize:
        """May shrink to an ellipsis."""
        return QSize(40, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words and the sign."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        ink = mix(theme.text3, theme.accent, self._hover.amount if self._link else 0.0)
        rect = QRectF(self.rect())
        words = rect.adjusted(0, 0, -16 if self._link else 0, 0)
        draw_text(painter, words, self.text(), ink, self.font(), LEFT)
        if self._link:
            x = min(text_width(self.text(), self.font()) + 4, rect.right() - 12)
            paint_icon(painter, "external", QRectF(x, rect.center().y() - 5.5, 11, 11), ink)


class ModelRow(FormRow):
    """Which model it is, with the way back where options were changed away from it."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        self._choice = ModelButton(document)
        super().__init__(
            tr("Method"),
            self._choice,
            marker="restart",
            tooltip=tr("How the networks learn from the data."),
            label_width=0,
            parent=parent,
        )
        self.setObjectName("method.kind")
        self.path = "method.kind"
        self._document = document
        self._problem_shown: Problem | None = None
        self.paper = PaperLink()
        self.back = LinkButton(tr("Reset"))
        self.back.clicked.connect(self._reset)
        line = QHBoxLayout()
        line.setContentsMargins(1, 0, 24, 0)
        line.addWidget(self.paper)
        line.addStretch(1)
        line.addWidget(self.back)
        self._column.addLayout(line)
        self._choice.value_changed.connect(self._choose)
        self.fix_requested.connect(self._mend)

    @property
    def choice(self) -> ModelButton:
        """What opens the list."""
        return self._choice

    def refresh(self, experiment: Experiment) -> str:
        """Show the experiment's model; returns its label."""
        model, changes = models.nearest(experiment)
        label = tr(model.label)
        self._choice.show_model(model.name, label, changed=bool(changes))
        self.paper.show_paper(model.paper)
        self.back.setVisible(bool(changes))
        told = "\n".join(_told(experiment, path, pair) for path, pair in sorted(changes.items()))
        self.back.setToolTip(told)
        self.back.setAccessibleDescription(told)
        return label

    def show_pending(self, running: Experiment, pending: Mapping[str, tuple[Any, Any]]) -> None:
        """Show which model the run still is, where that is another."""
        mine = self._choice.value
        theirs = models.nearest(running)[0] if pending else None
        other = theirs is not None and theirs.name != mine
        self.set_note(
            tr("running: {value}", value=tr(theirs.label)) if other and theirs is not None else ""
        )

    def show_problems(self, problems: Sequence[Problem]) -> bool:
        """Show the first problem with the method; says whether there is one."""
        mine = next((p for p in problems if p.path == self.path), None)
        self._problem_shown = mine
        if mine is None:
            self.set_problem("")
        else:
            show_problem(self, mine)
        return mine is not None

    def _choose(self, name: object) -> None:
        choose_model(self._document, str(name))

    def _reset(self) -> None:
        """Undo the changes, and nothing else: rates and sizes stay as they are."""
        model, changes = models.nearest(self._document.experiment)
        edits = {path: theirs for path, (theirs, _) in changes.items()}
        self._document.edit(edits, tr("reset to {model}", model=tr(model.label)))

    def _mend(self) -> None:
        if self._problem_shown is not None and self._problem_shown.mend is not None:
            mend = self._problem_shown.mend
            self._document.edit(mend.changes, tr(mend.label))


def _told(experiment: Experiment, path: str, pair: tuple[Any, Any]) -> str:
    """A change in words: “Penalty λ: 1 instead of 10”."""
    from aegan_studio.ui.panels.recipe.editors import value_text

    info = experiment.option_info(path)
    theirs, mine = (value_text(info, v) if info is not None else str(v) for v in pair)
    label = tr(info.label) if info is not None else path
    return tr("{option}: {mine} instead of {theirs}", option=label, mine=mine, theirs=theirs)


class Formulas(QWidget):
    """The loss of every phase, folded away at first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fold = Fold(tr("Formulas"))
        self.lines: list[FormulaLines] = []
        self._shown: tuple[tuple[str, str], ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.addWidget(self.fold)

    def refresh(self, experiment: Experiment) -> None:
        """Show an experiment's losses."""
        phases = experiment.phase_infos()
        shown = tuple((phase.label, phase.latex) for phase in phases)
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self.fold.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.lines = []
        for label, latex in shown:
            if len(shown) > 1:
                name = Label(tr(label), tone="text3", size=NOTE, weight=500)
                name.setContentsMargins(2, 5, 0, 0)
                self.fold.body.addWidget(name)
            line = FormulaLines(latex)
            self.lines.append(line)
            self.fold.body.addWidget(line)
