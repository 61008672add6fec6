"""Random codes: seeds on a pad with blends between, a restless walk about a code, truncation."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtGui import QAction, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aegan_studio.catalog.seeds import seed_at
from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Floats, Loaded
from aegan_studio.ui.latent.moves_messages import (
    FindGround,
    Ground,
    Grounded,
    Jitter,
)
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.moves.seed_pad import SeedPad
from aegan_studio.ui.panels.explore.moves.seeds_store import SeedStore
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.numbers import MINUS
from aegan_studio.ui.widgets.slider_row import SliderRow

THROWN = 10_000
"""A random seed is below this."""
REMEMBERED = 200
"""Places that come back when moves are taken back."""
FRAME_MS = 16
PSI = (-1.0, 2.0)
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Seeds a second."""


class SeedsPage(Page):
    """The pad, and what moves by itself: playing goes along a row, jitter stays about a code.

    The code is ``blend, drawn towards the mean by ψ, plus jitter``. When it is moved from
    elsewhere, playing and jitter end, and it becomes what ψ and jitter start from.
    """

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(14, 0, 14, 10), parent=parent)
        self._explorer = explorer
        self._ground: Ground | None = None
        self._jitter: Jitter | None = None
        self._offset: Floats | None = None
        self.store = SeedStore(explorer, self)
        self._known: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._anchor: Floats = explorer.code
        self._on_pad = self._moving = self._waiting = False
        self._drawn: int | None = None
        self._gesture = 0
        self._speed = 0.5
        self._rng = np.random.default_rng()
        self._clock = QElapsedTimer()
        self._frames = QTimer(self, interval=FRAME_MS)
        self._frames.timeout.connect(self._tick)
        self._soon = QTimer(self, singleShot=True, interval=20)
        self._soon.timeout.connect(self._sow)
        self._build()
        self._connect()
        self._on_loaded(explorer.model)

    def _build(self) -> None:
        self.seed = NumberField(
            self._explorer.seed, lo=0, hi=None, integer=True, unit=tr("seed"), name=tr("Seed")
        )
        self.seed.setToolTip(tr("The same seed gives the same code; type one to go to it."))
        self.throw = IconButton("dice", tr("A seed at random"), variant="plain")
        self.snap = IconButton(
            "grid", tr("Only whole seeds, no blends"), variant="ghost", checkable=True
        )
        self.play = IconButton("play", tr("Play: walk along the row of seeds"), variant="plain")
        self.more = IconButton("more", tr("Speed and zoom"), variant="plain")
        tools = QHBoxLayout()
        tools.setSpacing(6)
        tools.addWidget(self.seed, 1)
        for button in (self.throw, self.snap, self.play, self.more):
            tools.addWidget(button)
        self.pad = SeedPad(self.store.item)
        self.psi = SliderRow(
            "ψ",
            1.0,
            lo=PSI[0],
            hi=PSI[1],
            neutral=1.0,
            step=0.05,
            text=lambda value: f"{value:.2f}".replace("-", MINUS),
            tooltip=tr(
                "Draws the code towards the mean of all codes: 1 leaves it, 0 is the mean, the "
                "most typical; above 1 it gets more unusual, below 0 the opposite of what it was."
            ),
        )
        self.psi.slider.setAccessibleName(tr("Truncation ψ"))
        self.amplitude = SliderRow(
            tr("Jitter"),
            0.3,
            lo=0.0,
            hi=1.5,
            neutral=0.3,
            step=0.05,
            text=lambda value: f"{value:.2f} σ",
            tooltip=tr(
                "How far the code strays while jitter is on, in spreads; it always comes back."
            ),
        )
        self.shake = IconButton(
            "pulse", tr("Jitter: stray a little about the code"), checkable=True, side=26
        )
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.psi, 1)
        below.addWidget(self.amplitude, 1)
        below.addWidget(self.shake)
        self.add(tools)
        self.add(self.pad, 1)
        self.add(below)

    def _connect(self) -> None:
        explorer = self._explorer
        self.seed.value_changed.connect(lambda seed: explorer.draw(int(seed)))
        self.throw.clicked.connect(self.throw_seed)
        self.snap.toggled.connect(self._set_snap)
        self.play.clicked.connect(lambda: self.set_playing(not self.playing))
        self.more.clicked.connect(self._open_menu)
        self.pad.moved.connect(self._on_moved)
        self.pad.settled.connect(self._end_gesture)
        self.pad.view_changed.connect(self._soon.start)
        self.psi.moved.connect(lambda _psi: self._go())
        self.psi.value_changed.connect(lambda _psi: self._end_gesture())
        self.amplitude.moved.connect(lambda _amount: self._go() if self.jittering else None)
        self.shake.toggled.connect(self.set_jittering)
        explorer.loaded.connect(self._on_loaded)
        explorer.code_changed.connect(self._on_code)
        explorer.seed_changed.connect(self._on_seed)
        explorer.listen(FindGround, self._on_ground)
        self.store.grown.connect(self._on_grown)

    # What arrives

    def _on_loaded(self, model: Loaded | None) -> None:
        for widget in (self.seed, self.throw, self.play, self.pad, self.psi, self.shake):
            widget.setEnabled(model is not None)
        if model is None:
            self._stop()
            self._known.clear()
            self._ground, self._on_pad = None, False
            self._anchor = np.zeros(0)
            self.pad.update()
            return
        self.pad.set_depiction(Depiction(model.data))
        if self.isVisible():
            self._ask()

    def _ask(self) -> None:
        if self._explorer.model is not None:
            self._explorer.ask(FindGround())
            self._soon.start()

    def _on_ground(self, found: Grounded) -> None:
        self._ground = found.ground
        if self._waiting:
            self._go()

    def _sow(self) -> None:
        """Ask for the seeds in view, those about the place first."""
        if self.isVisible():
            self.store.want(self.pad.points())

    def _on_grown(self) -> None:
        self.pad.update()
        if self._waiting:
            self._go()

    def _on_seed(self, seed: int) -> None:
        self._drawn = seed
        self.seed.set_value(seed)

    def _on_code(self, code: Floats) -> None:
        """The code was moved from elsewhere, or taken back."""
        if self._moving:
            return
        self._stop()
        self._anchor = code
        self.psi.set_value(1.0)
        place = self._known.get(code.tobytes())
        if place is None and self._drawn is not None:
            place = (float(self._drawn), 0.0)
        self._drawn = None
        self._on_pad = False
        if place is not None:
            # what lies there is the code itself, until the pad is moved
            self.pad.set_place(*place)
            self._soon.start()
        else:
            self.pad.set_place(*self.pad.place, on=False)

    # The code

    def _on_moved(self, column: float, row: float) -> None:
        self._on_pad = True
        point = (round(column), round(row))
        self.seed.set_value(seed_at(*point))
        self._soon.start()
        self._go()

    def _base(self) -> Floats | None:
        """What is at the place of the pad, or where the code was; ``None``: not known yet."""
        if not self._on_pad:
            return self._anchor if self._anchor.size else None
        found = self.store.corners(*self.pad.place)
        if self._ground is None or found is None:
            return None
        return self._ground.blend(*found)

    def _go(self) -> None:
        base = self._base()
        self._waiting = base is None
        if base is None or self._ground is None or base.shape != self._explorer.code.shape:
            return
        code = np.array(base)
        if self.psi.value != 1.0:
            code = self._ground.truncated(code, self.psi.value)
        if self._offset is not None:
            code = code + self.amplitude.value * self._offset
        code = self._explorer.kept(code)
        if self._on_pad:
            self._known[code.tobytes()] = self.pad.place
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        self._moving = True
        self._explorer.move(code, ("seeds", id(self), self._gesture))
        self._moving = False

    def _end_gesture(self) -> None:
        if not self._frames.isActive():
            self._gesture += 1
            self._explorer.settle()

    # What moves by itself

    @property
    def playing(self) -> bool:
        """Whether the place walks along the row."""
        return self.play.icon_name == "pause"

    @property
    def jittering(self) -> bool:
        """Whether the code strays."""
        return self._jitter is not None

    @property
    def speed(self) -> float:
        """Of playing, in seeds a second."""
        return self._speed

    def set_playing(self, on: bool) -> None:
        """Walk along the row of seeds, or stop."""
        on = on and self._explorer.model is not None
        self.play.set_icon_name("pause" if on else "play")
        if on and not self._on_pad:
            self._on_pad = True
            self.pad.set_place(*self.pad.place)
        self._run()

    def set_jittering(self, on: bool) -> None:
        """Stray about the code, or come to rest at it."""
        if on and self._ground is not None and self._explorer.code.size:
            self._jitter = self._ground.jitter(int(self._rng.integers(2**31)))
        else:
            self._jitter = None
            if self._offset is not None:
                self._offset = None
                self._go()
        self.shake.setChecked(self.jittering)
        self._run()

    def set_speed(self, speed: float) -> None:
        """Seeds a second."""
        self._speed = speed

    def _run(self) -> None:
        wanted = self.playing or self.jittering
        if wanted and not self._frames.isActive():
            self._clock.start()
            self._frames.start()
        elif not wanted and self._frames.isActive():
            self._frames.stop()
            self._end_gesture()

    def _stop(self) -> None:
        self._jitter = self._offset = None
        self.play.set_icon_name("play")
        self.shake.setChecked(False)
        self._run()

    def _tick(self) -> None:
        self.advance(self._clock.restart() / 1000.0)

    def advance(self, seconds: float) -> None:
        """Let this much time go by for what moves by itself."""
        # a window that was busy does not leap
        seconds = min(seconds, 0.1)
        if self._jitter is not None:
            self._offset = self._jitter.step(seconds)
        if self.playing and not self._waiting:
            x, y = self.pad.place
            self.pad.set_place(x + self._speed * seconds, y)
            self.seed.set_value(seed_at(round(self.pad.place[0]), round(y)))
            self._soon.start()
        self._go()

    # What a person does

    def throw_seed(self) -> None:
        """Go to a seed at random."""
        self._explorer.draw(int(self._rng.integers(THROWN)))

    def _set_snap(self, on: bool) -> None:
        self.pad.snap = on
        if on and self._on_pad:
            x, y = self.pad.place
            self.pad.set_place(round(x), round(y))
            self._on_moved(*self.pad.place)
            self._end_gesture()

    def menu(self) -> Menu:
        """Speed and zoom."""
        menu = Menu(parent=self)
        for speed in SPEEDS:
            words = tr("{speed:g} seeds a second", speed=speed)
            entry = menu.add(words, partial(self.set_speed, speed))
            entry.setCheckable(True)
            entry.setChecked(speed == self._speed)
        menu.addSeparator()
        menu.add(tr("Larger pictures"), lambda: self.pad.zoom(1.5), icon_name="plus")
        menu.add(tr("More seeds in view"), lambda: self.pad.zoom(1 / 1.5), icon_name="minus")
        return menu

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def commands(self) -> list[QAction]:
        """Seeds by name."""
        table: tuple[tuple[str, Callable[[], object]], ...] = (
            (tr("Go to a seed at random"), self.throw_seed),
            (tr("Play or pause the seeds"), lambda: self.set_playing(not self.playing)),
            (tr("Jitter about the code, or stop"), lambda: self.set_jittering(not self.jittering)),
        )
        actions = []
        for text, act in table:
            action = QAction(text, self)
            action.triggered.connect(lambda _checked=False, act=act: act())
            actions.append(action)
        return actions

    def showEvent(self, event: QShowEvent) -> None:
        """In sight: seeds are decoded."""
        super().showEvent(event)
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight nothing moves by itself."""
        super().hideEvent(event)
        if self.jittering:
            self.set_jittering(False)
        if self.playing:
            self.set_playing(False)

    def state(self) -> dict[str, Any]:
        """Speed, and how far jitter goes."""
        return {"speed": self._speed, "jitter": self.amplitude.value}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was remembered."""
        if state.get("speed") in SPEEDS:
            self._speed = float(state["speed"])
        jitter = state.get("jitter")
        if isinstance(jitter, float) and 0.0 <= jitter <= 10.0:
            self.amplitude.set_value(jitter)
