"""Sliders along directions that mean something: principal, into classes, made by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, get_args

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QCursor, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Loaded
from aegan_studio.ui.latent.moves_messages import (
    Course,
    FindClasses,
    FindPrincipal,
    FoundClasses,
    FoundPrincipal,
    How,
    Learning,
    Order,
    Source,
)
from aegan_studio.ui.panels.explore.moves.baskets import BasketsView, methods
from aegan_studio.ui.panels.explore.moves.directions_effects import EffectsView
from aegan_studio.ui.panels.explore.moves.directions_list import DirectionList
from aegan_studio.ui.panels.explore.moves.directions_mover import Mover
from aegan_studio.ui.panels.explore.moves.directions_own import OwnDirections
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.numbers import MINUS
from aegan_studio.ui.widgets.slider_row import SliderRow

PSI = (-1.0, 2.0)
SLOWLY = 1.1
"""While a training runs, directions are found anew when it is so many times longer."""
SOON_MS = 1500
"""Or when no snapshot has come for so long."""


class DirectionsPage(Page):
    """Sliders that move from where the code was at 0; baskets to make new ones; ψ below."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(14, 0, 6, 10), parent=parent)
        self._explorer = explorer
        self.mover = Mover(explorer, self)
        self.own = OwnDirections(explorer, self)
        self._source: Source = "encoded"
        self._order: Order = "variance"
        self._how: How = "transport"
        self._principal: FoundPrincipal | None = None
        self._classes: FoundClasses | None = None
        self._later: dict[str, Callable[[], None]] = {}
        self._measured = ""
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._ask)
        self.baskets = BasketsView(explorer)
        self.effects = EffectsView(explorer)
        self.views = QStackedWidget()
        self._sliders = self._build_list()
        for view in (self._sliders, self.baskets, self.effects):
            self.views.addWidget(view)
        self.add(self.views, 1)
        self._connect()
        self._on_loaded(explorer.model)

    def _build_list(self) -> QWidget:
        view = QWidget()
        self.new = Button(tr("New direction…"), icon="plus", size="s", variant="soft")
        self.new.setToolTip(
            tr("Make a slider from codes with something and codes without it: baskets.")
        )
        self.reset = IconButton("reset", tr("All sliders to 0"), variant="plain", side=26)
        self.more = IconButton("more", tr("Which directions, and more"), variant="plain", side=26)
        tools = QHBoxLayout()
        tools.setContentsMargins(0, 0, 8, 0)
        tools.setSpacing(6)
        tools.addWidget(self.new, 1)
        tools.addWidget(self.reset)
        tools.addWidget(self.more)
        self.list = DirectionList()
        self.psi = SliderRow(
            tr("Truncation ψ"),
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
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 8, 0)
        below.addWidget(self.psi)
        column = QVBoxLayout(view)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(tools)
        column.addWidget(self.list, 1)
        column.addLayout(below)
        return view

    def _connect(self) -> None:
        explorer = self._explorer
        self.new.clicked.connect(self.open_baskets)
        self.reset.clicked.connect(self.mover.reset)
        self.more.clicked.connect(self._open_menu)
        self.psi.moved.connect(self.mover.set_psi)
        self.psi.value_changed.connect(lambda _value: self._end_gesture())
        self.list.moved.connect(self._move)
        self.list.settled.connect(self._end_gesture)
        self.list.menu_asked.connect(self._open_row_menu)
        self.list.renamed.connect(self.own.rename)
        self.mover.changed.connect(self._show_amounts)
        self.mover.grounded.connect(lambda: self.psi.setEnabled(True))
        self.own.changed.connect(self._on_own)
        self.baskets.left.connect(self.show_sliders)
        self.baskets.made.connect(self._on_made)
        self.effects.left.connect(self.show_sliders)
        self.effects.arrive_asked.connect(lambda: self.arrive(self._measured))
        explorer.loaded.connect(self._on_loaded)
        explorer.listen(FindPrincipal, self._on_principal)
        explorer.listen(FindClasses, self._on_classes)

    # What arrives

    def _on_loaded(self, model: Loaded | None) -> None:
        for widget in (self.new, self.reset, self.more):
            widget.setEnabled(model is not None)
        self.psi.setEnabled(model is not None and self.mover.ground is not None)
        if model is None:
            self._forget()
        elif self.isVisible():
            known = self._principal.step if self._principal is not None else 0
            if known < model.step < SLOWLY * known:
                self._soon.start()  # while a training runs, not at every snapshot
            else:
                self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        """In sight: find what is to be shown."""
        super().showEvent(event)
        self._ask()

    def _forget(self) -> None:
        self._principal = self._classes = None
        self._later.clear()
        self.list.forget()
        self.views.setCurrentWidget(self._sliders)

    def _ask(self) -> None:
        """Find directions anew, where the weights are others than those they are from."""
        model = self._explorer.model
        if model is None:
            return
        known = self._principal
        if known is None or known.step != model.step:
            self._explorer.ask(FindPrincipal(self._source, self._order))
        if self._classes is None or self._classes.step != model.step:
            self._explorer.ask(FindClasses(self._how))

    def _on_principal(self, found: FoundPrincipal) -> None:
        self._when_idle("principal", partial(self._take_principal, found))

    def _on_classes(self, found: FoundClasses | Learning) -> None:
        if isinstance(found, Learning):
            words = tr(
                "Into classes: a classifier learns, {percent:.0f} %", percent=100 * found.share
            )
            self.list.set_section("classes", words, ())
        else:
            self._when_idle("classes", partial(self._take_classes, found))

    def _when_idle(self, name: str, take: Callable[[], None]) -> None:
        """Directions under a slider stay as they are until it is back at 0."""
        if self.mover.moved:
            self._later[name] = take
        else:
            take()

    def _take_principal(self, found: FoundPrincipal) -> None:
        self._principal = found
        keys = [f"principal{at}" for at in range(len(found.courses))]
        for at, (key, course) in enumerate(zip(keys, found.courses, strict=True)):
            share = float(found.strengths[at])
            tip = (
                tr(
                    "{percent:.0f} % of the variance; the slider counts spreads, σ.",
                    percent=100 * share,
                )
                if found.order == "variance"
                else tr("One spread changes a value by {share:.2f} on average.", share=share)
            )
            self.list.place(key, tr("Direction {n}", n=at + 1), course, tip)
        source = tr("of the data") if found.source == "encoded" else tr("of draws")
        order = tr("by variance") if found.order == "variance" else tr("by what one sees")
        words = tr("Principal, {source}, {order}", source=source, order=order)
        self.list.set_section("principal", words, keys)

    def _take_classes(self, found: FoundClasses) -> None:
        self._classes = found
        model = self._explorer.model
        names = model.classes if model is not None else ()
        for kind, course in found.courses.items():
            name = tr(names[kind]) if kind < len(names) else str(kind)
            self.list.place(
                f"classes{kind}", tr("More like {name}", name=name), course, _tip(course)
            )
        words = tr("Into classes, as a classifier reads them") if found.read else tr("Into classes")
        keys = [f"classes{kind}" for kind in found.courses]
        self.list.set_section("classes", words if keys else "", keys)

    def _on_own(self) -> None:
        for item in self.own.items:
            tip = _tip(item.course) + " " + tr("Made at step {step:,}.", step=item.step)
            amount = self.mover.amount(item.key)
            self.list.place(item.key, item.name, item.course, tip, amount)
        self.list.set_section("own", tr("Yours"), [item.key for item in self.own.items])

    def _show_amounts(self) -> None:
        for key, row in self.list.rows_by_key.items():
            row.set_value(self.mover.amount(key))
        self.psi.set_value(self.mover.psi)
        self._catch_up()

    def _catch_up(self) -> None:
        """All sliders are at 0: take on what was found meanwhile."""
        if not self.mover.moved:
            later, self._later = self._later, {}
            for take in later.values():
                take()

    # What a person does

    def _move(self, key: str, value: float) -> None:
        self.mover.set_amount(key, self.list.courses[key], value)

    def _end_gesture(self) -> None:
        self.mover.settle()
        self._catch_up()

    def arrive(self, key: str) -> None:
        """Bring the code to where the wanted kind of a direction lies."""
        if key in self.list.courses and self.list.courses[key].arrives:
            self.mover.arrive(key, self.list.courses[key])

    def open_baskets(self) -> None:
        """Make a new direction."""
        self.views.setCurrentWidget(self.baskets)

    def show_sliders(self) -> None:
        """The sliders again."""
        self.views.setCurrentWidget(self._sliders)

    def measure(self, key: str) -> None:
        """Show what else following a direction changes."""
        if key not in self.list.courses:
            return
        others = [
            (self.list.rows_by_key[other].label, course)
            for other, course in self.list.courses.items()
            if other != key and other.startswith(("own", "principal"))
        ]
        self._measured = key
        self.views.setCurrentWidget(self.effects)
        self.effects.measure(self.list.rows_by_key[key].label, self.list.courses[key], others)

    def keep(self, key: str) -> None:
        """Make a found direction one's own."""
        model = self._explorer.model
        if model is not None and key in self.list.courses:
            made = self.own.add(
                self.list.rows_by_key[key].label, self.list.courses[key], model.step
            )
            if made is not None:
                self.list.ensureWidgetVisible(self.list.rows_by_key[made.key])
                self.list.rows_by_key[made.key].rename()

    def _on_made(self, name: str, course: Course, step: int) -> None:
        made = self.own.add(name, course, step)
        if made is not None:
            self.measure(made.key)

    # What is found

    def find_principal(self, source: Source, order: Order) -> None:
        """Find other principal directions."""
        self._source, self._order = source, order
        self._principal = None
        self._ask()

    def find_classes(self, how: How) -> None:
        """Find courses into classes in another way."""
        self._how = how
        self._classes = None
        self._ask()

    # Menus and commands

    def menu(self) -> Menu:
        """Which directions are found, and what concerns all sliders."""
        menu, model = Menu(parent=self), self._explorer.model
        encoder = model is not None and model.has_encoder
        found = self._principal
        table: tuple[tuple[str, Source, Order, bool], ...] = (
            (tr("Principal of the data, by variance"), "encoded", "variance", encoder),
            (tr("Principal of the data, by what one sees"), "encoded", "seen", encoder),
            (tr("Principal of draws, by variance"), "draws", "variance", True),
            (tr("Most visible change of draws"), "draws", "seen", True),
        )
        for text, source, order, able in table:
            why = "" if able else tr("This model has no encoder.")
            entry = menu.add(
                text, partial(self.find_principal, source, order), enabled=able, tooltip=why
            )
            entry.setCheckable(True)
            now = (found.source, found.order) if found is not None else ()
            entry.setChecked(now == (source, order))
        menu.addSeparator()
        for option in methods():
            how: How = option.value  # type: ignore[assignment]  # one of them
            entry = menu.add(
                tr("Into classes: {how}", how=option.label),
                partial(self.find_classes, how),
                tooltip=option.help,
            )
            entry.setCheckable(True)
            entry.setChecked(self._how == how)
        menu.addSeparator()
        menu.add(
            tr("Count from here"),
            self.mover.start_here,
            icon_name="axes",
            tooltip=tr("The sliders go to 0; the code stays where it is."),
        )
        if self.own.deleted is not None:
            menu.add(
                tr("Bring back “{name}”", name=self.own.deleted.name),
                self.own.bring_back,
                icon_name="undo",
            )
        return menu

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def row_menu(self, key: str) -> Menu:
        """What can be done with one direction."""
        menu, row, course = Menu(parent=self), self.list.rows_by_key[key], self.list.courses[key]
        if course.arrives:
            menu.add(tr("Go all the way"), lambda: self.arrive(key), icon_name="arrow-right")
        menu.add(tr("Reset"), row.slider.to_neutral, icon_name="reset")
        menu.add(tr("What else it changes…"), lambda: self.measure(key), icon_name="chart")
        menu.addSeparator()
        if self.own.find(key) is not None:
            menu.add(tr("Rename…"), row.rename, icon_name="edit")
            menu.add(tr("Delete"), lambda: self.own.delete(key), icon_name="trash")
        else:
            menu.add(tr("Keep under a name…"), lambda: self.keep(key), icon_name="bookmark")
        return menu

    def _open_row_menu(self, key: str) -> None:
        menu = self.row_menu(key)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(QCursor.pos())

    def commands(self) -> list[QAction]:
        """New direction, all to 0, count from here."""
        table: tuple[tuple[str, Callable[[], object]], ...] = (
            (tr("New direction from baskets…"), self.open_baskets),
            (tr("All directions to 0"), self.mover.reset),
            (tr("Count directions from here"), self.mover.start_here),
        )
        actions = []
        for text, act in table:
            action = QAction(text, self)
            action.triggered.connect(lambda _checked=False, act=act: act())
            actions.append(action)
        return actions

    def state(self) -> dict[str, Any]:
        """Which directions are found, and which sections are folded."""
        found = {"source": self._source, "order": self._order, "how": self._how}
        return {**found, "folded": self.list.folded()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was remembered."""
        for source in get_args(Source):
            self._source = source if source == state.get("source") else self._source
        for order in get_args(Order):
            self._order = order if order == state.get("order") else self._order
        for how in get_args(How):
            self._how = how if how == state.get("how") else self._how
        folded = state.get("folded")
        if isinstance(folded, list):
            self.list.fold(folded)
        self._principal = self._classes = None
        if self.isVisible():
            self._ask()


def _tip(course: Course) -> str:
    if course.in_spreads:
        return tr("One straight direction; the slider counts spreads of the codes, σ.")
    return tr("Carries the code to a place of its own there; 100 % is the whole way.")
