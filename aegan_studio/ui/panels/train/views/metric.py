"""Any recorded figures of a run, on any axis; there can be several of these panels."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget, QWidgetAction

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Changed, Diverged, Evaluated, Event, Progress, Started
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.views.metric_figures import (
    COLUMN,
    GRADIENT,
    Axis,
    Places,
    Recorded,
    recorded,
)
from aegan_studio.ui.panels.train.views.metric_plot import Feed, MetricPlot
from aegan_studio.ui.training.history import History
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.sentence import Sentence
from aegan_studio.ui.widgets.slider_row import SliderRow
from aegan_studio.ui.widgets.switches import Segmented
from aegan_studio.ui.widgets.tick_menu import TickMenu

SMOOTHING = 0.9

DRAW_MS = 200
"""Curves grow at most this often."""

AXES: tuple[Axis, ...] = ("step", "epoch", "time")

SWITCH_IN_HEAD = 400
"""From this width on, the header has room for the axes."""


class MetricPanel(Panel):
    """Curves of the chosen figures; gradient norms until others are chosen."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(tr("Metrics"), margins=(14, 0, 12, 10), parent=parent)
        self._document, self._session = document, session
        self._chosen: tuple[str, ...] = ()
        self._key: object = None
        self._clock = QTimer(self, interval=DRAW_MS, singleShot=True)
        self._clock.timeout.connect(self.catch_up)
        self.plot = MetricPlot(smoothing=SMOOTHING, name=tr("Metrics"), file_name="metrics")
        self.plot.trouble.connect(session.trouble)
        self.well = Sentence()
        self._feed = Feed(self.plot, session)
        self.axis = Segmented(
            [
                ("step", tr("step").capitalize(), tr("Over the steps of training.")),
                ("epoch", tr("Epoch"), tr("Over passes through the training data.")),
                ("time", tr("Time"), tr("Over the time that training took, without pauses.")),
            ],
            "step",
            name=tr("Horizontal axis"),
            size=11,
        )
        self.choose = IconButton("chart", tr("Which figures are drawn"), side=24)
        self.log = IconButton("axes", tr("Equal ratios are equally high."), side=24, checkable=True)
        self.options = IconButton("sliders", tr("Smoothing and saving"), side=24)
        self.smoothing = SliderRow(
            tr("Smoothing"), SMOOTHING, lo=0.0, hi=0.99, neutral=0.0, step=0.01, clamped=True
        )
        for button in (self.choose, self.log, self.options):
            self.add_action(button)
        self._switch_in_head = False
        self.add(self.axis)
        self.body.setAlignment(self.axis, Qt.AlignmentFlag.AlignLeft)
        self.add(self.plot, 1)
        self.add(self.well, 1)
        self._menu = self._options_menu()
        self._connect()
        self._on_run(session)

    def _connect(self) -> None:
        session = self._session
        session.event.connect(self._on_event)
        session.run_opened.connect(self._on_run)
        session.state_changed.connect(self._on_state)
        self._document.changed.connect(self._on_document)
        self.axis.value_changed.connect(lambda _value: self._rebuild())
        self.log.toggled.connect(self.plot.set_log)
        self.plot.log_changed.connect(self.log.setChecked)
        self.smoothing.moved.connect(self.plot.set_smoothing)
        self.choose.clicked.connect(lambda: self.figures_menu().open_below(self.choose))
        self.options.clicked.connect(lambda: self._menu.open_below(self.options))

    # What is shown

    @property
    def figures(self) -> tuple[Recorded, ...]:
        """The figures that are drawn."""
        known = {one.name: one for one in self._recorded()}
        chosen = [known[name] for name in self._chosen if name in known]
        if chosen:
            return tuple(chosen)
        gradients = COLUMN + GRADIENT
        return tuple(one for name, one in known.items() if name.startswith(gradients))

    def _recorded(self) -> list[Recorded]:
        return recorded(self._session.experiment, self._session.history)

    def set_figures(self, names: tuple[str, ...]) -> None:
        """Draw these; where none of them is recorded, the gradient norms."""
        if names != self._chosen:
            self._chosen = names
            self._rebuild()

    def toggle_figure(self, name: str) -> None:
        """Draw a figure as well, or no more."""
        shown = tuple(one.name for one in self.figures)
        if name not in shown:
            self.set_figures((*shown, name))
        elif len(shown) > 1:
            self.set_figures(tuple(one for one in shown if one != name))

    def state(self) -> dict[str, Any]:
        """What a person chose, as plain data for :meth:`restore`."""
        return {
            "figures": list(self._chosen),
            "axis": self.axis.value,
            "log": self.plot.log,
            "smoothing": self.plot.smoothing,
        }

    def restore(self, state: Any) -> None:
        """Take on what was chosen; what makes no sense counts as absent."""
        if not isinstance(state, dict):
            return
        names, axis, smoothing = (state.get(key) for key in ("figures", "axis", "smoothing"))
        if isinstance(names, list):
            self._chosen = tuple(name for name in names if isinstance(name, str))
        if axis in AXES:
            self.axis.set_value(axis)
        if isinstance(state.get("log"), bool):
            self.plot.set_log(state["log"])
        if isinstance(smoothing, int | float) and 0 <= smoothing <= 0.99:
            self.smoothing.set_value(float(smoothing))
            self.plot.set_smoothing(float(smoothing))
        self._rebuild()

    def _rebuild(self) -> None:
        """Begin afresh with the chosen figures on the chosen axis."""
        figures = self.figures
        axis = next(one for one in AXES if one == self.axis.value)
        self._feed.restart(figures, Places(axis, self._session))
        words = [figures[0].label] if len(figures) == 1 else [one.short for one in figures]
        self.set_title(self.title, ", ".join(words))
        self.catch_up()
        self._feed.show_marks()

    def catch_up(self) -> None:
        """Show all numbers there are, at once."""
        self._clock.stop()
        self._feed.catch_up()
        there = any(len(self.plot.data(name)[0]) for name in self.plot.names)
        going, coming = (self.well, self.plot) if there else (self.plot, self.well)
        going.hide()
        coming.show()
        if not there:
            self.well.set_paragraphs(self._sentences())

    def _sentences(self) -> tuple[str, ...]:
        if not len(self._session.history):
            help_ = tr("Any figure that training records, over steps, epochs or time.")
            return help_, tr("Press Train to see it.")
        if self.axis.value == "time" and not len(self._session.history.pace[0]):
            return (tr("No times were recorded in this run."),)
        return (tr("Nothing of this has been recorded yet."),)

    # What happens

    def _on_run(self, _session: object) -> None:
        self._key = _key_of(self._session.experiment)
        self._rebuild()

    def _on_state(self, state: str) -> None:
        if state == "empty":
            self._on_run(self._session)

    def _on_document(self, experiment: Experiment) -> None:
        if not self._session.has_run and _key_of(experiment) != self._key:
            self._on_run(self._session)

    def _on_event(self, event: Event) -> None:
        match event:
            case Started():
                self._rebuild()
            case Progress() | Evaluated() if self.isVisible():
                if not self._clock.isActive():
                    self._clock.start()
            case Diverged() if self.isVisible():
                self.catch_up()
            case Changed():
                self._feed.show_marks()
            case _:
                pass

    # Menus

    def figures_menu(self) -> Menu:
        """Every recorded figure under its heading, ticked where it is drawn."""
        menu = TickMenu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = {figure.name for figure in self.figures}
        for group, figures in groupby(self._recorded(), lambda figure: figure.group):
            part = TickMenu(group, menu)
            for figure in figures:
                action = part.add_tick(
                    figure.label,
                    partial(self.toggle_figure, figure.name),
                    checked=figure.name in shown,
                    tooltip=figure.help,
                )
                # the last one stays
                action.triggered.connect(partial(self._show_tick, action, figure.name))
            menu.addMenu(part)
        return menu

    def _show_tick(self, action: QAction, name: str, _checked: bool = False) -> None:
        action.setChecked(name in {figure.name for figure in self.figures})

    def _options_menu(self) -> Menu:
        menu = Menu(parent=self)
        page = QWidget()
        page.setMinimumWidth(230)
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self.smoothing)
        action = QWidgetAction(menu)
        action.setDefaultWidget(page)
        menu.addAction(action)
        menu.addSeparator()
        self.plot.offer_files(menu)
        return menu

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while hidden."""
        self.catch_up()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The axes stand in the header where there is room."""
        super().resizeEvent(event)
        in_head = self.width() >= SWITCH_IN_HEAD
        if in_head == self._switch_in_head:
            return
        self._switch_in_head = in_head
        if in_head:
            self.body.removeWidget(self.axis)
            self.header.addWidget(self.axis)
        else:
            self.header.removeWidget(self.axis)
            self.body.insertWidget(0, self.axis, 0, Qt.AlignmentFlag.AlignLeft)


def _key_of(experiment: Experiment) -> object:
    return tuple(one.name for one in recorded(experiment, History()))
