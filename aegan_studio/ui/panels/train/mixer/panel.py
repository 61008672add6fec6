"""The panel: a fader for every weighted term, live while training, and the morph line above."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Event, PhaseDone, Progress, Started, TermGradients
from aegan_studio.experiment.parts import NamedModel
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.arrangement import has_mixer
from aegan_studio.ui.panels.train.mixer.desk import Channel, channels_of, nearest, value_at
from aegan_studio.ui.panels.train.mixer.glide import Glide
from aegan_studio.ui.panels.train.mixer.morph import MorphLine
from aegan_studio.ui.panels.train.mixer.strip import ScaleColumn, Strip
from aegan_studio.ui.panels.train.model.panel import NUMBERS_MS, Means
from aegan_studio.ui.theme import TICK
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.switches import Toggle

GLIDES = (1, 3, 10, 30)
"""Seconds that a glide may take."""
EDIT_MS = 60
"""A fader under the hand edits the document at most this often."""
_ONE_GESTURE_S = 1.0
_WITH_VALUES, _WITH_GRADIENTS = 236, 190
_WIDE = 250


class MixerPanel(Panel):
    """Faders for the weights of a loss, and marks at the models that are settings of it.

    Moves are edits of the document, so that they are undone like any other; while a run
    stands they reach it at once. What a term comes to and how hard it pulls is that of the run.
    """

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(tr("Loss mixer"), margins=(14, 0, 12, 10), parent=parent)
        self._document, self._session = document, session
        self._means = Means()
        self._channels: tuple[Channel, ...] = ()
        self._rows: tuple[Label, ...] = ()
        self._preset: NamedModel | None = None
        self._set_out = -1
        self._gesture: object = None
        self._touched: tuple[str, float] = ("", 0.0)
        self._waiting: dict[str, float] = {}
        self.seconds = GLIDES[1]
        self.strips: dict[str, Strip] = {}
        self.morph = MorphLine()
        self.morph.jump.connect(self.go_to)
        self.morph.glide.connect(self.glide_to)
        self.glide = Glide(document, self)
        self.glide.moved.connect(self._on_glide)
        self.glide.ended.connect(self._on_glide_ended)
        self.switch = Toggle(name=tr("Glide"))
        self.switch.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.switch.customContextMenuRequested.connect(self._offer_seconds)
        self.add_action(self.switch)
        self._show_seconds()
        self._desk = QWidget()
        self._grid = QGridLayout(self._desk)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(0)
        self._grid.setVerticalSpacing(1)
        self.body.setSpacing(2)
        self.add(self.morph)
        self.add(self._desk, 1)
        self._numbers = self._timer(NUMBERS_MS, self._show_numbers)
        self._edits = self._timer(EDIT_MS, self._commit)
        document.changed.connect(self._refresh)
        session.run_opened.connect(self._on_run)
        session.state_changed.connect(self._on_state)
        session.event.connect(self._on_event)
        self.sight_changed.connect(self._say_what_is_wanted)
        self._refresh()
        self._catch_up()

    def _timer(self, interval: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(slot)
        return timer

    # What is shown

    @property
    def preset(self) -> NamedModel | None:
        """The model whose weights the ticks show."""
        return self._preset

    def _refresh(self, _experiment: object = None) -> None:
        """Show the document's weights; those of the run where the document has no mixer."""
        experiment = self._document.experiment
        editable = has_mixer(experiment)
        if not editable:
            experiment = self._session.experiment
        channels = channels_of(experiment)
        if channels != self._channels:
            self.morph.set_models(experiment.method.morph)  # first, as Tab goes through them
            self._build(channels)
            self.morph.setVisible(bool(experiment.method.morph))
            self.switch.setVisible(bool(experiment.method.morph))
        self._desk.setEnabled(editable)
        self.morph.setEnabled(editable)
        why = tr("The recipe now has a method without a mixer; the run keeps these weights.")
        self._desk.setToolTip("" if editable else why)
        self._show_weights(experiment)

    def _show_weights(self, experiment: Experiment) -> None:
        index, exact = nearest(experiment, self._channels)
        self.morph.set_standing(index, exact)
        marks = experiment.method.morph
        if exact or (self._preset not in marks and index >= 0):
            self._preset = marks[index]
        settings = self._preset.edits if self._preset is not None else {}
        for channel in self._channels:
            strip = self.strips[channel.term.name]
            if channel.path not in self._waiting:
                strip.show_weight(float(value_at(experiment, channel.path)))
            mark = settings.get(channel.path, channel.info.default)
            strip.fader.set_mark(float(mark) if isinstance(mark, int | float) else None)
            if channel.judges is not None:
                strip.show_sides(str(value_at(experiment, channel.judges_path)))

    def _build(self, channels: tuple[Channel, ...]) -> None:
        """A column for every channel, after that of the scale and the rows' names."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._channels, self.strips, self._waiting = channels, {}, {}
        for column, channel in enumerate(channels, 1):
            strip = Strip(channel)
            self.strips[channel.term.name] = strip
            cells = (strip.name, strip, strip.chips, strip.weight, strip.value, strip.gradient)
            for row, widget in enumerate(cells):
                self._grid.addWidget(widget, row, column)
            self._grid.setColumnStretch(column, 1)
            strip.grabbed.connect(lambda path=channel.path: self._on_grabbed(path))
            strip.moved.connect(lambda weight, path=channel.path: self._on_moved(path, weight))
            strip.settled.connect(lambda _weight: self._commit())
            strip.sides_changed.connect(lambda v, c=channel: self._on_sides(c, v))
        self._rows = tuple(
            Label(text, tone="text3", size=TICK)
            for text in (tr("weight"), tr("value"), tr("gradient"))
        )
        for row, label in enumerate(self._rows, 3):
            self._grid.addWidget(label, row, 0)
        if channels:
            fader = self.strips[channels[0].term.name].fader
            self._grid.addWidget(ScaleColumn(channels[0].scale, fader), 1, 0)
        self._grid.setRowStretch(1, 1)
        self._make_room()

    def _make_room(self) -> None:
        """Numbers give way first where it is low."""
        high = self.height()
        judged = any(channel.sides() for channel in self._channels)
        for strip in self.strips.values():
            strip.value.setVisible(high >= _WITH_VALUES)
            strip.gradient.setVisible(high >= _WITH_GRADIENTS)
            strip.chips.setVisible(judged)
        for label, least in zip(self._rows, (0, _WITH_VALUES, _WITH_GRADIENTS), strict=False):
            label.setVisible(high >= least)
        self._show_seconds()

    # What a person does

    def go_to(self, model: NamedModel) -> None:
        """Be at a model at once; glide there where the switch is on."""
        if self.switch.isChecked():
            self.glide_to(model)
            return
        self.glide.cancel()
        self._drop_waiting()
        self._document.edit(dict(model.edits), tr("mix {model}", model=tr(model.label)))

    def glide_to(self, model: NamedModel) -> None:
        """Glide to a model over :attr:`seconds`."""
        self._drop_waiting()
        self._set_out = self.morph.nearest
        self.glide.begin(model, self.seconds)

    def _drop_waiting(self) -> None:
        self._edits.stop()
        self._waiting.clear()

    def _on_grabbed(self, path: str) -> None:
        """Touching a fader ends a glide; touches in quick succession are one gesture."""
        self.glide.cancel()
        now = time.monotonic()
        before, at = self._touched
        if path != before or now - at > _ONE_GESTURE_S:
            self._gesture = object()
        self._touched = (path, now)

    def _on_moved(self, path: str, weight: float) -> None:
        self._touched = (path, time.monotonic())
        self._waiting[path] = weight
        if not self._edits.isActive():
            self._edits.start()

    def _commit(self) -> None:
        """Make the moves since the last edit one edit."""
        self._edits.stop()
        changes, self._waiting = self._waiting, {}
        if not changes:
            return
        labels = {channel.path: channel.info.label for channel in self._channels}
        (path, *_) = changes
        text = tr("change {option}", option=tr(labels[path]))
        self._document.edit(changes, text, gesture=self._gesture)

    def _on_sides(self, channel: Channel, value: str) -> None:
        assert channel.judges is not None
        self.glide.cancel()
        label = tr(channel.judges.label)
        text = tr("change {option}", option=label)
        self._document.edit({channel.judges_path: value}, text)
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc ends a glide."""
        if event.key() == Qt.Key.Key_Escape and self.glide.model is not None:
            self.glide.cancel()
        else:
            super().keyPressEvent(event)

    def _offer_seconds(self, where: QPoint) -> None:
        menu = Menu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        for seconds in GLIDES:
            text = tr("{seconds} s", seconds=seconds)
            menu.add(text, partial(self.set_seconds, seconds))
        menu.popup(self.switch.mapToGlobal(where))

    def set_seconds(self, seconds: int) -> None:
        """Let a glide take so long."""
        self.seconds = seconds
        self._show_seconds()

    def _show_seconds(self) -> None:
        text = tr("Glide {seconds} s", seconds=self.seconds) if self.width() >= _WIDE else ""
        self.switch.setText(text)
        self.switch.updateGeometry()
        self.switch.setToolTip(
            tr("On, a click on a mark glides there in {seconds} s instead of jumping. Right-click "
               "for other durations.", seconds=self.seconds)
        )  # fmt: skip

    def _on_glide(self, share: float) -> None:
        model = self.glide.model
        models = [mark.model for mark in self.morph.marks]
        if model in models:
            self.morph.set_gliding(self._set_out, models.index(model), share)

    def _on_glide_ended(self) -> None:
        self.morph.end_gliding()
        self._refresh()

    # What the run reports

    def _say_what_is_wanted(self) -> None:
        """Gradients cost backward passes: they are of use only in sight."""
        self._session.want("gradients", self, self.isVisible())

    def _on_run(self, _session: object) -> None:
        self._clear()
        self._catch_up()

    def _clear(self) -> None:
        """Forget the numbers of the run before."""
        self._preset = None
        self._means.start(())
        for strip in self.strips.values():
            strip.show_value(None)
            strip.show_gradient(None)
        self._refresh()

    def _catch_up(self) -> None:
        """Show what is known of the run already."""
        history = self._session.history
        if len(history):
            self._take({name: history.latest(name) for name in history.columns})
        for event in tuple(self._session.latest.values()):
            self._on_event(event)

    def _on_state(self, state: str) -> None:
        if state == "empty":
            self._clear()

    def _on_event(self, event: Event) -> None:
        match event:
            case Started():
                self._means.start(event.columns)
            case Progress() if len(event.steps):
                self._means.add(event.values)
                if self.isVisible() and not self._numbers.isActive():
                    self._numbers.start()
            case PhaseDone():
                self._take(event.terms)
            case TermGradients():
                self._take_gradients({term: norm for (_, term), norm in event.norms.items()})
            case _:
                pass

    def _show_numbers(self) -> None:
        self._take(self._means.take())

    def _take(self, values: Mapping[str, float]) -> None:
        for term, strip in self.strips.items():
            value = values.get(term, math.nan)
            if math.isfinite(value):
                strip.show_value(value)

    def _take_gradients(self, norms: Mapping[str, float]) -> None:
        mine = {
            term: norms[term] for term in self.strips if math.isfinite(norms.get(term, math.nan))
        }
        strongest = max(mine.values(), default=0.0) or 1.0
        for term, norm in mine.items():
            self.strips[term].show_gradient(norm, strongest)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while hidden."""
        self._show_numbers()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Numbers give way where it is low."""
        self._make_room()
        super().resizeEvent(event)
