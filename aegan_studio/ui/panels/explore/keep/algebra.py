"""A − B + C with codes: what is in A, without what is in B, with what is in C."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Floats, Found, Loaded
from aegan_studio.ui.latent.moves_messages import Add, Added, NearResult, Shown, ShowTerms
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.item_strip import ItemStrip
from aegan_studio.ui.panels.explore.keep.algebra_terms import Equation, TermWell, mean_of
from aegan_studio.ui.panels.explore.keep.bookmarks_shelf import shelf_of
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.numbers import MINUS
from aegan_studio.ui.widgets.slider_row import SliderRow

TERMS = ("A", "B", "C")
NEAREST_FROM = 270
"""Height of the page from which the nearest data have room."""
HINT_FROM = 196
"""Height of the page from which the sentence of what to do has room."""
REST_MS = 150
EXAMPLES = (("8", "3", "6"), ("9", "4", "7"), ("7", "1", "0"))
"""Digits that make telling sums; data with other classes take their first ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """Codes (n, d) that stand for their mean, and what they are called."""

    codes: Floats
    name: str


class AlgebraPage(Page):
    """Three wells, the result beside them while they change, and the way from A to it."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(14, 4, 14, 10), parent=parent)
        self._explorer = explorer
        self._depiction = Depiction()
        self._terms: dict[str, Term] = {}
        self._result: Added | None = None
        self._near: Found | None = None
        self.wells = {name: TermWell(name) for name in TERMS}
        self.result = TermWell(tr("Result"), takes=False)
        self.equation = Equation([*self.wells.values(), self.result], [MINUS, "+", "="])
        self.share = SliderRow(
            tr("From A to the result"),
            1.0,
            lo=0.0,
            hi=1.5,
            neutral=1.0,
            step=0.05,
            text=lambda value: f"{100 * value:.0f} %".replace("-", MINUS),
            unit=0.01,
            tooltip=tr(
                "How much of C takes the place of B: 0 % is A, 100 % is A − B + C, more goes on "
                "beyond."
            ),
        )
        self.go = Button(tr("Go there"), icon="arrow-right", variant="soft", size="s")
        self.go.setToolTip(tr("Make the result the current code."))
        self.pin = IconButton("pin", tr("Pin the result"), variant="plain", side=26)
        self.swap = IconButton("compare", tr("Exchange B and C"), variant="plain", side=26)
        self.clear = IconButton("close", tr("Empty all wells"), variant="plain", side=26)
        self.examples = IconButton("sparkle", tr("Examples from classes"), variant="plain", side=26)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.go, 1)
        for button in (self.pin, self.swap, self.examples, self.clear):
            row.addWidget(button)
        self._near_title = Label(tr("Nearest training data"), tone="text2")
        self.nearest = ItemStrip(name=tr("Nearest training data"), tall=48, thin="end")
        self.nearest.setToolTip(tr("The training items most like the result. Click to go there."))
        self.hint = Label(
            tr("Drop codes into the wells, or press one: pins, classes, the current code."),
            tone="text3",
            wrap=True,
        )
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.hint.setMinimumHeight(0)
        self.add(self.equation)
        self.add(self.share)
        self.add(row)
        self.add(self.hint)
        self.add(self._near_title)
        self.add(self.nearest)
        self.body.addStretch(1)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask_nearest)
        self._connect()
        self._on_loaded(explorer.model)
        self._follow()

    def _connect(self) -> None:
        explorer = self._explorer
        for name, well in self.wells.items():
            well.pressed.connect(partial(self._open_menu, name))
            well.dropped.connect(lambda code, what, name=name: self.put(name, code[None], what))
        self.result.pressed.connect(self.go_there)
        self.go.clicked.connect(self.go_there)
        self.pin.clicked.connect(self._pin_result)
        self.swap.clicked.connect(self.exchange)
        self.clear.clicked.connect(self.empty_all)
        self.examples.clicked.connect(self._open_examples)
        self.share.moved.connect(lambda _share: self._ask_result())
        self.nearest.picked.connect(self._go_to_nearest)
        explorer.loaded.connect(self._on_loaded)
        explorer.listen(ShowTerms, self._on_shown)
        explorer.listen(Add, self._on_added, every=True)
        explorer.listen(NearResult, self._on_near)

    # What arrives

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self._terms.clear()
            self._forget()
            self._follow()
            return
        if (model.data is not None) != self._depiction.of_points:
            self._depiction = Depiction(model.data)
            for well in (*self.wells.values(), self.result):
                well.set_depiction(self._depiction)
        for well in self.wells.values():
            well.set_dimensions(model.dimensions)
        self._follow()

    def _forget(self) -> None:
        self._result = self._near = None
        for name, well in self.wells.items():
            if name not in self._terms:
                well.show_code(None, None, "")
        self.result.show_code(None, None, "")
        self.nearest.set_items(None)

    def _on_shown(self, shown: Shown) -> None:
        for name, items, codes in zip(TERMS, shown.items, shown.codes, strict=True):
            term = self._terms.get(name)
            if term is not None and items is not None:
                self.wells[name].show_code(codes[0], items[0], term.name, len(term.codes))

    def _on_added(self, added: Added) -> None:
        if len(self._terms) < len(TERMS):
            return
        self._result = added
        self.result.show_code(added.code, added.item, tr("Result"))
        for button in (self.go, self.pin):
            button.setEnabled(True)
        self._rest.start()

    def _on_near(self, found: Found) -> None:
        if self._result is None:
            return
        self._near = found
        captions = [f"{distance:.2f}" for distance in found.distances]
        self.nearest.set_items(found.items, captions=captions, depiction=self._depiction)

    # Terms

    @property
    def terms(self) -> dict[str, Term]:
        """What is in the wells."""
        return dict(self._terms)

    def put(self, well: str, codes: Floats, name: str, *, replace: bool = False) -> None:
        """Put codes (n, d) into a well, beside those that are there unless they shall go."""
        known = None if replace else self._terms.get(well)
        codes = np.array(codes, dtype=np.float64)
        what = name or tr("code")
        if known is not None:
            codes, what = np.concatenate((known.codes, codes)), f"{known.name}, {what}"
        self._terms[well] = Term(codes, what)
        self._follow()

    def empty(self, well: str) -> None:
        """Take everything out of a well."""
        self._terms.pop(well, None)
        self._follow()

    def empty_all(self) -> None:
        """Take everything out of all wells."""
        self._terms.clear()
        self._follow()

    def exchange(self) -> None:
        """Exchange B and C: the other way round."""
        self._terms = {
            {"B": "C", "C": "B"}.get(name, name): term for name, term in self._terms.items()
        }
        self._follow()

    def put_classes(self, names: tuple[str, ...]) -> None:
        """Put the mean codes of three classes in, by their names."""
        for well, name in zip(TERMS, names, strict=True):
            codes = self._class_codes().get(name)
            if codes is not None:
                self.put(well, codes, name, replace=True)

    def _class_codes(self) -> dict[str, Floats]:
        chart, model = self._explorer.chart, self._explorer.model
        if chart is None or chart.labels is None or model is None:
            return {}
        return {
            tr(name): chart.codes[chart.labels == kind].astype(np.float64)
            for kind, name in enumerate(model.classes)
            if (chart.labels == kind).any()
        }

    def _follow(self) -> None:
        """The terms are others."""
        model = self._explorer.model
        complete = len(self._terms) == len(TERMS)
        if not complete:
            self._explorer.cancel(Add)
            self._explorer.cancel(NearResult)
        self._forget()
        self.share.setEnabled(complete)
        for button in (self.go, self.pin):
            button.setEnabled(False)
        self.swap.setEnabled(bool({"B", "C"} & self._terms.keys()))
        self.clear.setEnabled(bool(self._terms))
        self.examples.setEnabled(model is not None)
        self._lay_out()
        if model is None or not self._terms:
            return
        means = [
            mean_of(self._terms[name].codes)[None]
            if name in self._terms
            else np.zeros((0, model.dimensions))
            for name in TERMS
        ]
        self._explorer.ask(ShowTerms(means))
        if complete:
            self._ask_result()

    def _ask_result(self) -> None:
        if len(self._terms) == len(TERMS):
            a, b, c = (self._terms[name].codes for name in TERMS)
            self._explorer.ask(Add(a, b, c, self.share.value))

    def _ask_nearest(self) -> None:
        if self._result is not None and self.nearest.isVisible():
            self._explorer.ask(NearResult(self._result.code))

    # What a person does

    def go_there(self) -> None:
        """Make the result the current code."""
        if self._result is not None:
            self._explorer.move(self._explorer.kept(self._result.code.copy()))

    def _pin_result(self) -> None:
        if self._result is not None:
            self._explorer.add_pin(self._result.code)

    def _go_to_nearest(self, index: int) -> None:
        if self._near is not None and self._near.codes is not None:
            self._explorer.move(self._near.codes[index])

    def menu(self, well: str) -> Menu:
        """What can be put into a well, beside what is there."""
        explorer, menu = self._explorer, Menu(parent=self)
        put: Callable[[Floats, str], None] = partial(self.put, well)
        here = explorer.code
        menu.add(
            tr("Current code"),
            lambda: put(here[None], tr("code")),
            icon_name="compass",
            enabled=bool(here.size),
        )
        for pin in explorer.pins[:12]:
            menu.add(tr("Pin {name}", name=pin.name), partial(put, pin.code[None], pin.name))
        shelf = shelf_of(explorer)
        for index in shelf.shown[:12]:
            mark = shelf.marks[index]
            menu.add(mark.name, partial(put, mark.code[None], mark.name), icon_name="bookmark")
        classes = self._class_codes()
        if classes:
            menu.addSeparator()
            for name, codes in classes.items():
                menu.add(tr("Mean of class {name}", name=name), partial(put, codes, name))
        if well in self._terms:
            menu.addSeparator()
            mean = mean_of(self._terms[well].codes)
            menu.add(tr("Go there"), lambda: explorer.move(mean), icon_name="arrow-right")
            menu.add(tr("Empty"), lambda: self.empty(well), icon_name="close")
        return menu

    def _open_menu(self, well: str) -> None:
        if self._explorer.model is None:
            return
        menu = self.menu(well)
        menu.aboutToHide.connect(menu.deleteLater)
        anchor = self.wells[well]
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def examples_menu(self) -> Menu:
        """Sums of classes, or of pins."""
        menu = Menu(parent=self)
        names = list(self._class_codes())
        known = [triple for triple in EXAMPLES if set(triple) <= set(names)]
        if not known and len(names) >= 3:
            known = [(names[0], names[1], names[2])]
        for a, b, c in known:
            menu.add(f"{a} {MINUS} {b} + {c}", partial(self.put_classes, (a, b, c)))
        if len(names) >= 3:
            menu.add(tr("Three classes at random"), self._put_random, icon_name="dice")
        pins = self._explorer.pins
        if len(pins) >= 3:
            a, b, c = (pin.name for pin in pins[:3])
            words = tr("Pins {a} {minus} {b} + {c}", a=a, minus=MINUS, b=b, c=c)
            menu.add(words, self._put_pins, icon_name="pin")
        if not menu.actions():
            menu.add(tr("Three pins or classes are needed."), lambda: None, enabled=False)
        return menu

    def _put_random(self) -> None:
        names = list(self._class_codes())
        chosen = np.random.default_rng().permutation(len(names))[:3]
        self.put_classes(tuple(names[at] for at in chosen))

    def _put_pins(self) -> None:
        for well, pin in zip(TERMS, self._explorer.pins, strict=False):
            self.put(well, pin.code[None], pin.name, replace=True)

    def _open_examples(self) -> None:
        menu = self.examples_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.examples.mapToGlobal(self.examples.rect().bottomLeft()))

    def commands(self) -> list[QAction]:
        """Sums by name."""
        table: tuple[tuple[str, Callable[[], object]], ...] = (
            (tr("Algebra: three classes at random"), self._put_random),
            (tr("Algebra: go to the result"), self.go_there),
            (tr("Algebra: empty all wells"), self.empty_all),
        )
        actions = []
        for text, act in table:
            action = QAction(text, self)
            action.triggered.connect(lambda _checked=False, act=act: act())
            actions.append(action)
        return actions

    # Lay-out

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is room, the nearest data too."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        full = len(self._terms) == len(TERMS)
        near = self.height() >= NEAREST_FROM and full
        self.hint.setVisible(not full and self.height() >= HINT_FROM)
        fresh = near and not self.nearest.isVisible()
        self._near_title.setVisible(near)
        self.nearest.setVisible(near)
        if fresh:
            self._rest.start()
