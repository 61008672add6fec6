"""The pins: named codes that the walk goes through, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Array, Loaded
from aegan_studio.ui.latent.state import Pin, free_name
from aegan_studio.ui.latent.walk_messages import Depict, Depicted, FindStops, StopsFound
from aegan_studio.ui.panels.explore.code_mime import code_mime
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.keep.pins_grid import PinGrid
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.messages import Well

LETTER = re.compile(r"[A-Z]\d*")
WITHIN = 5
"""Stops of a walk within a class."""


class PinsPage(Page):
    """Pins as pictures: added, gone to, put elsewhere, reordered, removed; undone as moves are."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(12, 2, 6, 10), parent=parent)
        self._explorer = explorer
        self._depiction = Depiction()
        self._items: dict[bytes, Array] = {}
        self._finding = False
        self.plus = IconButton("plus", tr("Pin the current code"))
        self.more = IconButton("more", tr("Stops in classes, order, removal"))
        self.add_action(self.plus)
        self.add_action(self.more)
        self.grid = PinGrid()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.grid.setObjectName("scrolled")
        area.setWidget(self.grid)
        self._area = area
        self.well = Well(
            tr("Pin codes, and the walk leads through them in order."),
            button=tr("Pin the current code"),
            icon="pin",
        )
        body = QWidget()
        self._views = QStackedLayout(body)
        self._views.addWidget(area)
        self._views.addWidget(self.well)
        self.add(body, 1)
        self.plus.clicked.connect(self.pin_here)
        self.well.clicked.connect(self.pin_here)
        self.more.clicked.connect(self._open_menu)
        self.grid.picked.connect(self._go)
        self.grid.moved.connect(self.reorder)
        self.grid.removed.connect(self.remove)
        self.grid.menu_asked.connect(self._open_pin_menu)
        self.grid.dropped.connect(explorer.add_pin)
        explorer.listen(Depict, self._on_pictures)
        explorer.listen(FindStops, self._on_stops)
        explorer.loaded.connect(self._on_loaded)
        explorer.pins_changed.connect(self._on_pins)
        explorer.code_changed.connect(self._mark_current)
        self._on_loaded(explorer.model)

    # What is shown

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room makes the pictures larger."""
        super().resizeEvent(event)
        self.grid.settle()

    def _on_loaded(self, model: Loaded | None) -> None:
        self.plus.setEnabled(model is not None)
        self.more.setEnabled(model is not None)
        self.well.button.setEnabled(model is not None)
        if model is None:
            self._items.clear()
        elif model.data is not None or self._depiction.of_points:
            self._depiction = Depiction(model.data)
        self._on_pins(anew=True)

    def _on_pins(self, *, anew: bool = False) -> None:
        pins = self._explorer.pins
        self._views.setCurrentIndex(0 if pins else 1)
        self._show()
        unknown = anew or any(pin.code.tobytes() not in self._items for pin in pins)
        if pins and unknown and self._explorer.model is not None:
            self._explorer.ask(Depict(np.stack([pin.code for pin in pins])))

    def _on_pictures(self, answer: Depicted) -> None:
        keys = [code.tobytes() for code in answer.codes]
        self._items = dict(zip(keys, answer.items, strict=True))
        self._show()

    def _show(self) -> None:
        pins = self._explorer.pins
        items = [self._items.get(pin.code.tobytes()) for pin in pins]
        self.grid.set_pins(pins, items, self._depiction)
        self._mark_current(self._explorer.code)

    def _mark_current(self, code: Array) -> None:
        here = (n for n, pin in enumerate(self._explorer.pins) if np.array_equal(pin.code, code))
        self.grid.set_current(next(here, None))

    # What a person does

    def pin_here(self) -> None:
        """Pin the current code behind the others."""
        self._explorer.add_pin()

    def _go(self, index: int) -> None:
        self._explorer.move(self._explorer.pins[index].code)

    def place_here(self, index: int) -> None:
        """Put a pin at the current code."""
        self._explorer.place_pin(self._explorer.pins[index].name, self._explorer.code)

    def reorder(self, old: int, new: int) -> None:
        """Put a pin in another place of the order; letters follow the order."""
        pins = list(self._explorer.pins)
        pins.insert(new, pins.pop(old))
        self._explorer.set_pins(relettered(pins))

    def remove(self, index: int) -> None:
        """Take a pin away; letters close up."""
        pins = list(self._explorer.pins)
        del pins[index]
        self._explorer.set_pins(relettered(pins))

    def turn_round(self) -> None:
        """Walk the other way."""
        self._explorer.set_pins(relettered(self._explorer.pins[::-1]))

    def clear(self) -> None:
        """Take all pins away."""
        self._explorer.set_pins(())

    def find_stops(self, label: int | None = None) -> None:
        """Pin a code in the midst of every class, or several within one."""
        if self._explorer.code.size:
            self._finding = True
            self._explorer.ask(FindStops(self._explorer.code, label, WITHIN))

    def _on_stops(self, answer: StopsFound) -> None:
        model = self._explorer.model
        if self._finding and model is not None:  # the walk may have asked
            self._finding = False
            self._explorer.set_pins(pins_at(answer, model))

    def _copy(self, index: int) -> None:
        pin = self._explorer.pins[index]
        item = self._items.get(pin.code.tobytes())
        QGuiApplication.clipboard().setMimeData(
            code_mime(pin.code, item, pin.name, depiction=self._depiction)
        )

    # Menus

    def menu(self) -> Menu:
        """What can be done with all pins."""
        menu = Menu(parent=self)
        model, pins = self._explorer.model, self._explorer.pins
        classes = model.classes if model is not None else ()
        menu.add(
            tr("A stop for every class"),
            self.find_stops,
            icon_name="points",
            tooltip=tr("Pins a code in the midst of each class, in order."),
            enabled=len(classes) > 1,
        )
        within = Menu(tr("Stops within a class"), parent=menu)
        for label, name in enumerate(classes):
            within.add(tr(name), partial(self.find_stops, label))
        within.setEnabled(bool(classes))
        menu.addMenu(within)
        menu.addSeparator()
        menu.add(tr("Turn round"), self.turn_round, icon_name="compare", enabled=len(pins) > 1)
        menu.add(tr("Remove all pins"), self.clear, icon_name="trash", enabled=bool(pins))
        return menu

    def pin_menu(self, index: int) -> Menu:
        """What can be done with one pin."""
        menu = Menu(parent=self)
        name, last = self._explorer.pins[index].name, len(self._explorer.pins) - 1
        entries: tuple[tuple[str, Callable[[], object], str, str, bool], ...] = (
            (tr("Go to {name}", name=name), lambda: self._go(index), "compass", "", True),
            (
                tr("Put {name} at the current code", name=name),
                lambda: self.place_here(index),
                "pin",
                "",
                True,
            ),
            (
                tr("Move earlier"),
                lambda: self.reorder(index, index - 1),
                "chevron-left",
                "Alt+Left",
                index > 0,
            ),
            (
                tr("Move later"),
                lambda: self.reorder(index, index + 1),
                "chevron-right",
                "Alt+Right",
                index < last,
            ),
            (tr("Copy picture and code"), lambda: self._copy(index), "copy", "", True),
            (tr("Remove {name}", name=name), lambda: self.remove(index), "trash", "Del", True),
        )
        for text, act, sign, shortcut, enabled in entries:
            # the keys are those of the grid; in the menu they are only written
            words = f"{text}\t{shortcut}" if shortcut else text
            menu.add(words, act, icon_name=sign, enabled=enabled)
        return menu

    def _open_menu(self) -> None:
        self._pop_up(self.menu(), self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _open_pin_menu(self, index: int, where: QPoint) -> None:
        self._pop_up(self.pin_menu(index), where)

    def _pop_up(self, menu: Menu, where: QPoint) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    def commands(self) -> list[QAction]:
        """What can be done here, by name."""
        table: tuple[tuple[str, Callable[[], object]], ...] = (
            (tr("A stop for every class"), self.find_stops),
            (tr("Turn the walk round"), self.turn_round),
            (tr("Remove all pins"), self.clear),
        )
        actions = []
        for text, act in table:
            action = QAction(text, self)
            action.triggered.connect(lambda _checked=False, act=act: act())
            actions.append(action)
        return actions


def pins_at(answer: StopsFound, model: Loaded) -> list[Pin]:
    """Pins at the stops found, named after their classes, or by letters within one."""
    pins: list[Pin] = []
    for code, label in zip(answer.codes, answer.labels, strict=True):
        named = not answer.within and label < len(model.classes)
        name = tr(model.classes[label]) if named else free_name(pins)
        pins.append(Pin(name, np.array(code, dtype=np.float64)))
    return pins


def relettered(pins: Sequence[Pin]) -> list[Pin]:
    """The pins with letters in the order in which they stand; other names stay."""
    done: list[Pin] = [pin for pin in pins if not LETTER.fullmatch(pin.name)]
    named: list[Pin] = []
    for pin in pins:
        if LETTER.fullmatch(pin.name):
            fresh = Pin(free_name(done), pin.code)
            done.append(fresh)
            named.append(fresh)
        else:
            named.append(pin)
    return named
