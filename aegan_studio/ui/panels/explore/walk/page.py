"""The walk through the pins: frames to click and scrub, to play, to save as a film."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QHideEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import (
    Charted,
    Decoded,
    Floats,
    Loaded,
    Walked,
    WalkKind,
)
from aegan_studio.ui.latent.walk_messages import FindStops, StopsFound
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.keep.pins import pins_at
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.panels.explore.walk.controls import FRAMES, KINDS, WalkControls
from aegan_studio.ui.panels.explore.walk.film import Film
from aegan_studio.ui.panels.explore.walk.film_card import FilmCard
from aegan_studio.ui.panels.explore.walk.player import RATE, Player
from aegan_studio.ui.panels.explore.walk.saving import FilmLine
from aegan_studio.ui.panels.explore.walk.stage import Stage
from aegan_studio.ui.panels.explore.walk.strip import WalkStrip
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.buttons import IconButton

STAGE_FROM = 190
"""Height of the page from which the current picture stands above the strip."""
TICK_MS = 16
SAID_MS = 500
"""How often the pictures a second are said: numbers that jitter cannot be read."""
ARC_FROM = 3
"""Values of a code from which on walks through a normal prior go along arcs by themselves."""


class WalkPage(Page):
    """The strip of the walk, how it goes, its player, and its film."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(12, 0, 14, 4), parent=parent)
        self._explorer = explorer
        self._walk: Walked | None = None
        self._depiction = Depiction()
        self._kind_chosen = False
        self._asked: Floats | None = None
        self._finding = False
        self.player = Player()
        self.saving = FilmLine()
        self.card = FilmCard(self._draft, self.saving.maker, self)
        self.controls = WalkControls(explorer.way, self)
        for widget in self.controls.widgets:
            self.add_action(widget)
        self._build_body()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)
        self._rate = QTimer(self, interval=SAID_MS)
        self._rate.timeout.connect(self._say)
        self._connect()
        explorer.set_way(replace(explorer.way, frames=FRAMES))
        self._on_loaded(explorer.model)

    def _build_body(self) -> None:
        self.stage = Stage()
        self.stage.hide()
        self.play = IconButton("play", tr("Play"), variant="soft", side=56)
        self.strip = WalkStrip(
            empty=tr("Pin two codes or more, and the way through them appears here."),
            name=tr("Frames of the walk"),
        )
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.play, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.strip, 1)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.stage, 1)
        column.addLayout(row)
        column.addWidget(self.saving)
        self.add(column, 1)

    def _connect(self) -> None:
        explorer = self._explorer
        self.controls.kind.value_changed.connect(self._on_kind)
        self.controls.mode.value_changed.connect(self._on_mode)
        self.controls.even.toggled.connect(
            lambda on: explorer.set_way(replace(explorer.way, even=on))
        )
        self.controls.frames.value_changed.connect(
            lambda n: explorer.set_way(replace(explorer.way, frames=int(n)))
        )
        for control in (self.controls.fps, self.controls.speed):
            control.value_changed.connect(self._on_pace)
        self.play.clicked.connect(self.toggle)
        self.controls.save.clicked.connect(self._open_card)
        self.strip.picked.connect(self._pick)
        self.strip.scrubbed.connect(self._scrub)
        self.strip.released.connect(explorer.settle)
        self.strip.toggled.connect(self.toggle)
        self.card.wanted.connect(self.saving.save)
        self.saving.told.connect(explorer.told)
        self.saving.failed.connect(explorer.trouble)
        self.controls.classes.clicked.connect(self.find_stops)
        explorer.listen(FindStops, self._on_stops)
        explorer.loaded.connect(self._on_loaded)
        explorer.charted.connect(self._on_chart)
        explorer.walked.connect(self._on_walk)
        explorer.code_changed.connect(self._on_code)
        explorer.picture_changed.connect(self._on_picture)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room words are left out; where there is much, a stage opens."""
        super().resizeEvent(event)
        self.controls.fit(event.size().width())
        self.stage.setVisible(event.size().height() >= STAGE_FROM)

    # Playing

    @property
    def playing(self) -> bool:
        """Whether the walk is being played."""
        return self.player.running

    @property
    def seconds(self) -> float:
        """How long one pass takes."""
        walk = self._walk
        count = len(walk.codes) if walk is not None else FRAMES
        return count / self.controls.pace

    def toggle(self) -> None:
        """Play, or pause."""
        if self.playing:
            self.pause()
        elif self._walk is not None:
            last = self._last()
            place = self.strip.place
            self._asked = None
            self.player.start(
                0.0 if place is None else place / last, self.seconds, self.controls.end
            )
            self._timer.start()
            self._rate.start()
            self._show_button()

    def pause(self) -> None:
        """Stop playing; the current code stays where it is."""
        self._timer.stop()
        self._rate.stop()
        self.player.stop()
        self._explorer.settle()
        self._show_button()
        self._say()

    def _show_button(self) -> None:
        self.play.set_icon_name("pause" if self.playing else "play")
        words = tr("Pause") if self.playing else tr("Play")
        self.play.setToolTip(tr("{act} (space bar)", act=words))
        self.play.setAccessibleName(words)

    def _last(self) -> float:
        """Where the way ends, in frames."""
        assert self._walk is not None
        count = len(self._walk.codes)
        return float(count if self._walk.way.loop else count - 1)

    def _step(self) -> None:
        """Ask for the picture that is due, if it is time and none is on its way."""
        walk = self._walk
        if walk is None or not self.playing:
            return
        over = self.player.over
        share = 1.0 if over else self.player.ask()
        if share is None:
            return
        code = walk.codes[-1] if over else walk.at(share)
        self._asked = code
        self.strip.set_place(share * self._last())
        self._explorer.move(code, "walk")
        if over:
            self.pause()

    def _on_picture(self, picture: Decoded) -> None:
        self.stage.show_item(picture.item, self._depiction)
        asked = self._asked
        if self.playing and asked is not None and np.array_equal(picture.code, asked):
            self.player.arrived()
            self._step()  # a slow decoder need not wait for the next beat of the clock

    def _on_code(self, code: Floats) -> None:
        if self._asked is not None and np.array_equal(code, self._asked):
            return
        if self.playing:  # the person went somewhere else
            self.pause()
        self._mark(code)

    def _mark(self, code: Floats) -> None:
        """Show which frame the current code is, if it is one."""
        walk = self._walk
        if walk is None or code.shape != walk.codes[0].shape:
            self.strip.set_place(None)
            return
        off = np.abs(walk.codes - code).max(axis=1)
        nearest = int(off.argmin())
        self.strip.set_place(float(nearest) if off[nearest] < 1e-6 else None)

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight, nothing plays."""
        super().hideEvent(event)
        if self.playing:
            self.pause()

    def _say(self) -> None:
        """What the walk is, or while it plays how it does."""
        walk = self._walk
        if walk is None:
            self.set_subtitle("")
            return
        if self.playing:
            rate, dropped = round(self.player.rate), self.player.dropped(RATE)
            text = tr("{rate} pictures a second", rate=rate)
            if dropped:
                text = tr("{rate} pictures a second, {dropped} dropped", rate=rate, dropped=dropped)
            self.set_subtitle(text)
            return
        pins = self._explorer.pins
        said = {"first": pins[0].name, "last": pins[-1].name, "seconds": self.seconds}
        if len(pins) > 2:
            self.set_subtitle(
                tr("{first} to {last}, {count} pins, {seconds:.1f} s", count=len(pins), **said)
            )
        else:
            self.set_subtitle(tr("{first} to {last}, {seconds:.1f} s", **said))

    # What changes the walk

    def _on_kind(self, kind: object) -> None:
        self._kind_chosen = True
        self._explorer.set_way(replace(self._explorer.way, kind=cast(WalkKind, kind)))

    def _on_mode(self, mode: object) -> None:
        way = self._explorer.way
        if way.loop != (mode == "loop"):
            self._explorer.set_way(replace(way, loop=mode == "loop"))
        self._on_pace(None)

    def _on_pace(self, _value: object) -> None:
        self.player.set_pace(self.seconds, self.controls.end)
        self._say()

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self._walk = None
            self.strip.set_walk(None, {}, self._depiction)
            self.strip.set_place(None)
            if self.playing:
                self.pause()
            self.set_subtitle("")
            self.stage.show_item(None, self._depiction)
        elif (model.data is not None) != self._depiction.of_points or model.data is not None:
            self._depiction = Depiction(model.data)
        for widget in (self.play, *self.controls.widgets):
            widget.setEnabled(model is not None)
        self.controls.classes.setEnabled(model is not None and len(model.classes) > 1)

    def _on_chart(self, chart: Charted) -> None:
        """Until the person chooses: arcs where codes are normal and of more than two values."""
        if self._kind_chosen:
            return
        arcs = chart.prior == "normal" and chart.codes.shape[1] >= ARC_FROM
        kind: WalkKind = "spherical" if arcs else "linear"
        if kind != self._explorer.way.kind:
            self.controls.kind.set_value(kind)
            self._explorer.set_way(replace(self._explorer.way, kind=kind))

    def _on_walk(self, walk: Walked | None) -> None:
        self._walk = walk
        self.play.setEnabled(walk is not None)
        self.controls.save.setEnabled(walk is not None and walk.complete)
        if walk is None:
            self.strip.set_walk(None, {}, self._depiction)
            if self.playing:
                self.pause()
            self.set_subtitle("")
            return
        last = self._last()
        places = walk.stop_times() * last
        pins = self._explorer.pins
        letters = {float(at): pin.name for at, pin in zip(places, pins, strict=False)}
        self.strip.set_walk(walk.items, letters, self._depiction)
        self.controls.frames.set_value(len(walk.codes))
        if self.playing:
            self.player.set_pace(self.seconds, self.controls.end)
        else:
            self._mark(self._explorer.code)
            self._say()

    def find_stops(self) -> None:
        """Lead the walk through all classes in order."""
        if self._explorer.code.size:
            self._finding = True
            self._explorer.ask(FindStops(self._explorer.code))

    def _on_stops(self, answer: StopsFound) -> None:
        model = self._explorer.model
        if self._finding and model is not None:  # the pins' page may have asked
            self._finding = False
            self._explorer.set_pins(pins_at(answer, model))

    # Clicks and drags

    def _pick(self, index: int) -> None:
        if self.playing:
            self.pause()
        if self._walk is not None:
            self._asked = None
            self._explorer.move(self._walk.codes[index])

    def _scrub(self, frame: float) -> None:
        walk = self._walk
        if walk is None:
            return
        if self.playing:
            self.pause()
        exact = round(frame)
        near = abs(frame - exact) < 1e-9 and exact < len(walk.codes)
        code = walk.codes[exact] if near else walk.at(frame / self._last())
        self._asked = code
        self.strip.set_place(frame)
        self._explorer.move(code, "scrub")

    # The film

    def _draft(self) -> Film | None:
        """The film as the walk stands; format and scale are the card's."""
        walk, model = self._walk, self._explorer.model
        if walk is None or model is None or not walk.complete:
            return None
        return Film(
            walk.items,
            model.data,
            not current_theme().dark,
            self.controls.pace,
            ".gif",
            1,
            self.controls.end == "back",
            True,
        )

    def _open_card(self) -> None:
        corner = self.controls.save.mapToGlobal(QPoint(self.controls.save.width(), -6))
        self.card.open_at(corner)

    # What the workspace asks for

    def commands(self) -> list[QAction]:
        """What can be done here, by name."""
        table: tuple[tuple[str, Callable[[], object], str], ...] = (
            (tr("Play or pause the walk"), self.toggle, "Ctrl+Shift+P"),
            (tr("Save the walk as a film…"), self._open_card, ""),
            (tr("Copy the strip of the walk"), self.strip.copy, ""),
            (tr("Save the strip of the walk…"), self.strip.save, ""),
        )
        actions = []
        for text, act, shortcut in table:
            action = QAction(text, self)
            action.triggered.connect(lambda _checked=False, act=act: act())
            if shortcut:
                action.setShortcut(QKeySequence(shortcut))
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            actions.append(action)
        return actions

    def state(self) -> dict[str, Any]:
        """How walks go."""
        kept = self.controls.state()
        return kept if self._kind_chosen else {**kept, "kind": None}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was remembered; what makes no sense counts as absent."""
        self._kind_chosen = self._kind_chosen or state.get("kind") in KINDS
        self._explorer.set_way(self.controls.restore(state, self._explorer.way))
