"""Live plots of losses, of the critics' verdicts and of gradient norms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget, QWidgetAction

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Changed, Diverged, Evaluated, Event, Progress, Started
from aegan_studio.experiment.parts import TermInfo
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.model.scene import token_of
from aegan_studio.ui.panels.train.plots.marks import finding_marks, marks_of
from aegan_studio.ui.panels.train.plots.terms import TermsPlot
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.messages import Well
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.plots import LossPlot
from aegan_studio.ui.widgets.slider_row import SliderRow
from aegan_studio.ui.widgets.switches import Segmented, Toggle

GRADIENT = "gradient."
"""Prefix of the columns that hold the gradient norm of a phase."""

SMOOTHING = 0.9

HIGH = 236
"""Pixels from which there is room for shares below the losses."""

PLOT_MS = 500
"""Each plot's curves grow at most this often: more would cost training time and show no more."""


class _Feed:
    """Brings one plot up to date with some columns of the history, adding only what is new."""

    def __init__(self, plot: LossPlot, session: Session) -> None:
        self._plot = plot
        self._session = session
        self._names: tuple[str, ...] = ()
        self._known = 0
        self._last = 0

    def restart(self, names: Sequence[str]) -> None:
        """Begin afresh with these columns."""
        self._names = tuple(names)
        self._known = 0
        self._plot.clear()

    def catch_up(self) -> None:
        """Add the steps that came since the last time."""
        history = self._session.history
        names = [name for name in self._names if name in history.columns]
        if not names:
            return
        replaced = self._known > len(history) or (
            self._known > 0 and int(history.steps[self._known - 1]) != self._last
        )
        if replaced:  # the run went back to an earlier checkpoint
            self.restart(self._names)
        fresh = slice(self._known, len(history))
        if fresh.start == fresh.stop:
            return
        values = np.stack([history.values(name)[fresh] for name in names], axis=1)
        self._plot.append(history.steps[fresh], values, names)
        self._known = len(history)
        self._last = history.last_step


class PlotsPanel(Panel):
    """Losses above, shares such as the critics' right answers below; both share their steps."""

    finding_asked = Signal(str)
    """The mark of a finding was clicked: its name."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(tr("Losses"), margins=(14, 2, 12, 10), parent=parent)
        self._document = document
        self._session = session
        self._has_shares = False
        self._linking = False
        self._clock = QTimer(self, interval=PLOT_MS // 2, singleShot=True)
        self._clock.timeout.connect(self._take_turns)
        self._turn = self._due = 0
        self._key: object = None
        self.terms = TermsPlot(
            smoothing=SMOOTHING, x_label=tr("step"), name=tr("Losses"), file_name="losses"
        )
        self.well = Well(tr("Press Train to see how the losses move."))
        self.shares = TermsPlot(smoothing=SMOOTHING, x_label=tr("step"), name=tr("Critics right"))
        self.shares.set_y_limits(None, 1.0)
        for plot in (self.terms, self.shares):
            plot.trouble.connect(session.trouble)
            plot.mark_clicked.connect(lambda mark: self.finding_asked.emit(mark.about))
        self._feeds = (_Feed(self.terms, session), _Feed(self.shares, session))
        self.scale = Segmented(
            [
                ("linear", tr("Linear"), tr("Equal differences are equally high.")),
                ("log", tr("Log"), tr("Equal ratios are equally high; shows small losses.")),
            ],
            "linear",
            name=tr("Scale of the losses"),
            size=11,
        )
        self.options = IconButton("sliders", tr("Smoothing and more"), side=26)
        self.export = IconButton("export", tr("Save the plot"), side=26)
        self.smoothing = SliderRow(
            tr("Smoothing"),
            SMOOTHING,
            lo=0.0,
            hi=0.99,
            neutral=0.0,
            step=0.01,
            clamped=True,
        )
        self.follow = Toggle(True, text=tr("Follow new steps"))
        self.gradients = Toggle(False, text=tr("Show gradient norms instead"))
        for widget in (self.scale, self.options, self.export):
            self.add_action(widget)
        self.add(self.well, 1)
        self.add(self.terms, 5)
        self._lower_title = Label("", size=13, weight=600)
        self._lower = _lower(self.shares, self._lower_title)
        self.add(self._lower, 3)
        self._menu = self._options_menu()
        self._connect()
        self._on_run(session)

    def _connect(self) -> None:
        session = self._session
        session.event.connect(self._on_event)
        session.run_opened.connect(self._on_run)
        session.state_changed.connect(self._on_state)
        session.moment_changed.connect(self._show_moment)
        session.watching.changed.connect(self._show_marks)
        self._document.changed.connect(self._on_document)
        self.scale.value_changed.connect(lambda value: self.terms.set_log(value == "log"))
        self.terms.log_changed.connect(lambda on: self.scale.set_value("log" if on else "linear"))
        self.smoothing.moved.connect(self.set_smoothing)
        self.follow.toggled.connect(self.set_follow)
        self.gradients.toggled.connect(lambda _on: self._rebuild())
        self.options.clicked.connect(lambda: self._menu.open_below(self.options))
        self.export.clicked.connect(self._show_export)
        for plot, other in ((self.terms, self.shares), (self.shares, self.terms)):
            plot.view_changed.connect(lambda *_, a=plot, b=other: self._link(a, b))
            plot.follow_changed.connect(self._on_follow)

    def set_smoothing(self, weight: float) -> None:
        """Smooth both plots by this share of the past, 0–0.99."""
        self.terms.set_smoothing(weight)
        self.shares.set_smoothing(weight)

    def set_follow(self, follow: bool) -> None:
        """Keep new steps in view, or hold the present ones."""
        self.terms.set_follow(follow)

    def _on_follow(self, follow: bool) -> None:
        self.follow.setChecked(follow)

    def _link(self, changed: LossPlot, other: LossPlot) -> None:
        """Both plots look at the same steps."""
        if self._linking:
            return
        self._linking = True
        if changed.follow:
            other.set_follow(True)
        else:
            other.set_x_range(*changed.x_range)
        self._linking = False

    # What is shown

    def _rebuild(self) -> None:
        """Begin afresh with the curves that the experiment has."""
        experiment = self._session.experiment
        gradients = self.gradients.isChecked()
        terms = _terms(experiment)
        losses = [term for term in terms if not term.share]
        shares = [term for term in terms if term.share and not gradients]
        if gradients:
            names = [GRADIENT + phase.name for phase in experiment.phase_infos()]
            labels = {GRADIENT + p.name: tr(p.label) for p in experiment.phase_infos()}
            colours = {
                GRADIENT + phase.name: _phase_color(phase.terms)
                for phase in experiment.phase_infos()
            }
        else:
            names = [term.name for term in losses]
            labels = {term.name: _end_label(term) for term in losses}
            colours = {term.name: token_of(term) for term in losses}
        self.set_title(tr("Gradient norms") if gradients else tr("Losses"))
        self._has_shares = bool(shares)
        verdicts = all(_is_verdict(term) for term in shares)
        self._lower_title.setText(tr("Critics right") if verdicts else tr("Shares"))
        self.terms.set_labels(labels)
        self.terms.set_colours(colours)
        self.shares.set_labels({term.name: _verdict_label(experiment, term) for term in shares})
        self.shares.set_colours({term.name: token_of(term) for term in shares})
        self._feeds[0].restart(names)
        self._feeds[1].restart([term.name for term in shares])
        self._update_all()

    def _update_all(self) -> None:
        self.catch_up()
        self._show_held_out()
        self._show_marks()

    def catch_up(self) -> None:
        """Show all numbers there are, at once."""
        self._clock.stop()
        for feed in self._feeds:
            feed.catch_up()
        self._show_well()

    def _take_turns(self) -> None:
        """Show what one of the plots is due, the other next: never both in one frame."""
        self._feeds[self._turn].catch_up()
        self._turn = 1 - self._turn
        self._due -= 1
        if self._due > 0:
            self._clock.start()
        self._show_well()

    def _catch_up_soon(self) -> None:
        if len(self._session.history) and not self.terms.isVisible():
            self.catch_up()
            return
        self._due = len(self._feeds)  # both have yet to show this report, which may be the last
        if not self._clock.isActive():
            self._clock.start()

    def _show_well(self) -> None:
        """A sentence in the place of plots without numbers."""
        known = len(self._session.history) > 0
        self.well.setVisible(not known)
        self.terms.setVisible(known)
        self._lower.setVisible(known and self._has_shares and self.height() >= HIGH)
        self.export.setEnabled(known)

    def _show_held_out(self) -> None:
        known = self._session.history.held_out
        self.terms.set_held_out(
            {name: points for name, points in known.items() if name in self._minimised}
        )

    @property
    def _minimised(self) -> frozenset[str]:
        """The terms whose values on held-out data belong among the losses."""
        return frozenset(t.name for t in _terms(self._session.experiment) if not t.signal)

    def _show_marks(self) -> None:
        session = self._session
        changes = marks_of(session.experiment, session.history.changes)
        marks = [*finding_marks(session.watching.marks), *changes]
        self.terms.set_marks(marks)
        self.shares.set_marks(marks)

    def _show_moment(self, step: int | None) -> None:
        """A line at the step that is looked at."""
        self.terms.set_moment(step)
        self.shares.set_moment(step)

    # What happens

    def _on_run(self, _session: object) -> None:
        experiment = self._session.experiment
        key = _curves_of(experiment)
        if key != self._key:
            self._key = key
            self.terms.set_log(_falls_far(experiment))
        self._rebuild()
        self._show_moment(self._session.moment)

    def _on_state(self, state: str) -> None:
        if state == "empty":
            self._on_run(self._session)

    def _on_document(self, experiment: Experiment) -> None:
        if not self._session.has_run and _curves_of(experiment) != self._key:
            self._on_run(self._session)

    def _on_event(self, event: Event) -> None:
        match event:
            case Progress() if self.isVisible():
                self._catch_up_soon()
            case Evaluated() if self.isVisible() and self._minimised & event.values.keys():
                self._show_held_out()
            case Changed():
                self._show_marks()
            case Started() | Diverged():
                self._update_all()
            case _:
                pass

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shares have a place below the losses where there is room."""
        super().resizeEvent(event)
        self._show_well()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while hidden."""
        self.catch_up()
        self._show_held_out()
        super().showEvent(event)

    # Menus

    def _options_menu(self) -> Menu:
        menu = Menu(parent=self)
        page = QWidget()
        page.setMinimumWidth(230)
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(10)
        for widget in (self.smoothing, self.follow, self.gradients):
            column.addWidget(widget)
        action = QWidgetAction(menu)
        action.setDefaultWidget(page)
        menu.addAction(action)
        return menu

    def _show_export(self) -> None:
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.terms.offer_files(menu)
        menu.open_below(self.export)


def _lower(plot: LossPlot, title: Label) -> QWidget:
    """The plot of shares under its heading."""
    host = QWidget()
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    head = QHBoxLayout()
    head.setSpacing(8)
    head.addWidget(title)
    head.addWidget(Label(tr("share of a batch"), tone="text2", elide=True), 1)
    column.addLayout(head)
    column.addWidget(plot, 1)
    return host


def _terms(experiment: Experiment) -> list[TermInfo]:
    return [term for phase in experiment.phase_infos() for term in phase.terms]


def _curves_of(experiment: Experiment) -> object:
    return tuple((term.name, term.color, term.latex) for term in _terms(experiment))


def _falls_far(experiment: Experiment) -> bool:
    """Whether the losses fall towards zero, so that a logarithmic scale shows them better."""
    return all(term.name.startswith("rec-") for term in _terms(experiment) if not term.share)


def _end_label(term: TermInfo) -> str:
    """A short formula at the end of a line, else the term's name."""
    return f"${term.latex}$" if term.name.startswith("loss-") else term.name


def _is_verdict(term: TermInfo) -> bool:
    return term.name.startswith("right")


def _verdict_label(experiment: Experiment, term: TermInfo) -> str:
    """The letter of the critic whose share of right answers this is, else the term's name."""
    if not _is_verdict(term):
        return term.name
    symbols = {role.name: role.symbol for role in experiment.roles()}
    for phase in experiment.phase_infos():
        if term in phase.terms and phase.updates:
            whose = [symbols[name] for name in phase.updates if symbols[name] in term.latex]
            return f"${(whose or [symbols[phase.updates[0]]])[0]}$"
    return term.name


def _phase_color(terms: Sequence[TermInfo]) -> str:
    return token_of(terms[0]) if terms else "text"
