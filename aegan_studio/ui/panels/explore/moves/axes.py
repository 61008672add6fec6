"""A slider for each value of the current code."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QCursor, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.messages import Message
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Charted, Floats, Loaded
from aegan_studio.ui.panels.explore.moves.class_row import ClassRow
from aegan_studio.ui.panels.explore.moves.move_rows import RowsArea
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.search_field import SearchField
from aegan_studio.ui.widgets.slider_row import SliderRow

MOST = 64
"""Sliders shown at once; of longer codes those whose values vary most."""

AT_ONCE = 16
"""Sliders made at once, about as many as are in view; the others follow a moment later."""
LATER_MS = 250

Order = Literal["number", "variance"]


class AxesPage(Page):
    """The code's values as sliders: dragged, typed, reset by a double click, locked, thrown anew.

    Classes of conditional models are one choice, whose values can be mixed by sliders too.
    """

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(14, 0, 6, 10), parent=parent)
        self._explorer = explorer
        self._drag = 0
        self._rng = np.random.default_rng()
        self._names: tuple[Message | str, ...] = ()
        self._ranges: tuple[Floats, Floats] | None = None
        self._order: Order = "number"
        self._sorted: tuple[int, ...] = ()
        self.sliders: dict[int, SliderRow] = {}
        self._others = QTimer(self, singleShot=True, interval=LATER_MS)
        self._others.timeout.connect(self._arrange)
        self.class_rows: dict[int, ClassRow] = {}
        self.search = SearchField(tr("Find a value"))
        self.search.textChanged.connect(lambda _text: self._arrange())
        self._count = Label("", tone="text2")
        self.throw = IconButton(
            "dice", tr("Go to a random code; locked values stay."), variant="plain"
        )
        self.throw.clicked.connect(lambda: explorer.draw())
        self.reset = IconButton(
            "reset", tr("Go to the middle of the codes; locked values stay."), variant="plain"
        )
        self.reset.clicked.connect(explorer.recenter)
        self.more = IconButton("more", tr("Order and locks"), variant="plain")
        self.more.clicked.connect(self._open_menu)
        tools = QHBoxLayout()
        tools.setContentsMargins(0, 0, 8, 0)
        tools.setSpacing(6)
        tools.addWidget(self.search, 1)
        tools.addWidget(self._count, 1)
        tools.addWidget(self.throw)
        tools.addWidget(self.reset)
        tools.addWidget(self.more)
        self.search.hide()
        self.area = RowsArea()
        self._note = Label("", tone="text3", wrap=True)
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.add(tools)
        self.add(self.area, 1)
        self.add(self._note)
        self._note.hide()
        explorer.loaded.connect(self._on_loaded)
        explorer.charted.connect(self._on_chart)
        explorer.code_changed.connect(self._show)
        explorer.locks_changed.connect(self._show_locks)
        self._on_loaded(explorer.model)
        if explorer.chart is not None:
            self._on_chart(explorer.chart)

    # What arrives

    def _on_loaded(self, model: Loaded | None) -> None:
        for button in (self.throw, self.reset, self.more):
            button.setEnabled(model is not None)
        if model is None:
            self._clear()
            return
        if model.names != self._names:
            self._clear()
            self._names = model.names

    def _clear(self) -> None:
        self.area.clear()
        self.sliders.clear()
        self.class_rows.clear()
        self._ranges, self._sorted, self._names = None, (), ()
        self._note.hide()

    def _on_chart(self, chart: Charted) -> None:
        if len(chart.low) != len(self._names):
            return
        if self._ranges is not None and not _outgrown(self._ranges, chart):
            return
        if self._ranges is None:
            # once: while training goes on sliders must not jump about
            spread = np.asarray(chart.spread)
            self._sorted = tuple(int(at) for at in np.argsort(-spread, kind="stable"))
            self._ranges = (chart.low, chart.high)
            self._arrange()
        else:
            self._ranges = (chart.low, chart.high)
            for index, row in self.sliders.items():
                row.slider.set_bounds(
                    *round_range(float(chart.low[index]), float(chart.high[index]))
                )
        if self._explorer.code.size:
            self._show(self._explorer.code)

    # The rows

    def set_order(self, order: Order) -> None:
        """Order the sliders by number, or by how much values vary."""
        self._order = order
        self._arrange()

    @property
    def order(self) -> Order:
        """How the sliders are ordered."""
        return self._order

    def shown(self) -> tuple[int, ...]:
        """The values whose sliders are in view, in their order; classes stand for theirs."""
        return tuple(
            index
            for index in (self._sorted if self._order == "variance" else sorted(self._sorted))
            if self._found(index)
        )

    def _found(self, index: int) -> bool:
        words = [_plain(word) for word in self.search.text().split()]
        name = _plain(self._name(index))
        return all(word in name or word == str(index + 1) for word in words)

    def _name(self, index: int) -> str:
        name = self._names[index]
        return tr(name) if isinstance(name, Message) else name

    def _arrange(self) -> None:
        if self._ranges is None:
            return
        count = len(self._names)
        found = list(self.shown())
        if len(found) > MOST:
            kept = set(sorted(found, key=self._sorted.index)[:MOST])
            found = [index for index in found if index in kept]
        hidden = len(self.shown()) - len(found)
        later = {index for index in found if index not in self.sliders}
        later -= set([index for index in found if index in later][:AT_ONCE])
        found = [index for index in found if index not in later]
        if later:
            self._others.start()
        rows: list[QWidget] = []
        placed: set[int] = set()
        for start, stop in self._class_spans():
            inside = [index for index in found if start <= index < stop]
            placed.update(inside)
            if not inside:
                continue
            choice = self._class_row(start, stop)
            rows.append(choice)
            mixers = [self._row(index) for index in range(start, stop)]
            if choice.mixing:
                rows += mixers
        rows += [self._row(index) for index in found if index not in placed]
        self.area.set_rows(rows)
        many = count > 8
        self.search.setVisible(many)
        self._count.setVisible(not many)
        subtitle = tr("one code value") if count == 1 else tr("{count} code values", count=count)
        self._count.setText(subtitle)
        self._note.setVisible(hidden > 0 or not found)
        self._note.setText(
            tr("{shown} of {count} values: those that vary most.", shown=MOST, count=count)
            if found
            else tr("No value is called that.")
        )
        if self._explorer.code.size:
            self._show(self._explorer.code)

    def _class_spans(self) -> list[tuple[int, int]]:
        model = self._explorer.model
        spans, start = [], 0
        for part in model.parts if model is not None else ():
            if part.kind == "class":
                spans.append((start, start + part.size))
            start += part.size
        return spans

    def _class_row(self, start: int, stop: int) -> ClassRow:
        if start not in self.class_rows:
            names = [self._class_name(at) for at in range(start, stop)]
            row = ClassRow(names, parent=self.area.widget())
            row.chosen.connect(lambda at, start=start, stop=stop: self._choose(start, stop, at))
            row.mixing_changed.connect(self._arrange)
            self.class_rows[start] = row
        return self.class_rows[start]

    def _class_name(self, index: int) -> str:
        """“7” of “class 7”: the row itself says that they are classes."""
        name = self._names[index]
        if isinstance(name, Message) and "name" in name.values:
            return tr(str(name.values["name"]))
        return self._name(index)

    def _row(self, index: int) -> SliderRow:
        if index in self.sliders:
            return self.sliders[index]
        assert self._ranges is not None
        low, high = round_range(float(self._ranges[0][index]), float(self._ranges[1][index]))
        row = SliderRow(
            self._name(index),
            lo=low,
            hi=high,
            neutral=(low + high) / 2,
            step=10.0 ** math.floor(math.log10((high - low) / 20)),
            lockable=True,
            tooltip=tr(
                "Value {n} of the code. Moving it changes one thing the network learnt to tell "
                "apart. A double click resets it, R throws it anew, a right click offers more.",
                n=index + 1,
            ),
            parent=self.area.widget(),
        )
        row.set_locked(index in self._explorer.locked)
        row.moved.connect(lambda value, index=index: self._move(index, value))
        row.value_changed.connect(lambda _value: self._end_drag())
        row.lock_toggled.connect(lambda on, index=index: self._lock(index, on))
        row.menu_asked.connect(lambda index=index: self._open_row_menu(index))
        row.slider.installEventFilter(self)
        row.slider.setProperty("value-index", index)
        self.sliders[index] = row
        return row

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scroll a slider that gets the keyboard into view; a new press is a new gesture."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.area.ensureWidgetVisible(watched)
        elif event.type() == QEvent.Type.MouseButtonPress:
            self._end_drag()
        elif (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_R
        ):
            self.randomise(int(watched.property("value-index")))
            return True
        return super().eventFilter(watched, event)

    # What a person does

    def randomise(self, index: int) -> None:
        """Give one value that of a code of the data, or of a draw, chosen at random."""
        chart = self._explorer.chart
        if chart is not None:
            row = int(self._rng.integers(len(chart.codes)))
            self._explorer.settle()
            self._explorer.set_value(index, float(chart.codes[row, index]))

    def lock_all(self, on: bool) -> None:
        """Lock or unlock every value."""
        for index in range(len(self._names)):
            if (index in self._explorer.locked) != on:
                self._explorer.set_locked(index, on)

    def _choose(self, start: int, stop: int, at: int) -> None:
        code = self._explorer.code.copy()
        code[start:stop] = 0.0
        code[start + at] = 1.0
        self._explorer.settle()
        self._explorer.move(code)

    def _move(self, index: int, value: float) -> None:
        self._explorer.set_value(index, value, ("slider", index, self._drag))

    def _end_drag(self) -> None:
        self._drag += 1
        self._explorer.settle()

    def _lock(self, index: int, on: bool) -> None:
        if (index in self._explorer.locked) != on:
            self._explorer.set_locked(index, on)

    def _show_locks(self) -> None:
        for index, row in self.sliders.items():
            row.set_locked(index in self._explorer.locked)

    def _show(self, code: Floats) -> None:
        if len(code) != len(self._names):
            return
        for index, row in self.sliders.items():
            if row.value != code[index]:
                row.set_value(float(code[index]))
        for start, choice in self.class_rows.items():
            choice.show_shares(code[start : start + choice.count])

    # Menus and commands

    def menu(self) -> Menu:
        """Order and locks."""
        menu = Menu(parent=self)
        orders: tuple[tuple[Order, str], ...] = (
            ("number", tr("Order by number")),
            ("variance", tr("Order by spread")),
        )
        for order, text in orders:
            entry = menu.add(text, partial(self.set_order, order))
            entry.setCheckable(True)
            entry.setChecked(self._order == order)
        menu.addSeparator()
        menu.add(tr("Lock all values"), lambda: self.lock_all(True), icon_name="lock")
        menu.add(tr("Unlock all values"), lambda: self.lock_all(False), icon_name="unlock")
        return menu

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def row_menu(self, index: int) -> Menu:
        """What can be done with one value."""
        row, menu = self.sliders[index], Menu(parent=self)
        locked = index in self._explorer.locked
        menu.add(tr("Throw anew"), lambda: self.randomise(index), icon_name="dice")
        menu.add(tr("Reset"), row.slider.to_neutral, icon_name="reset")
        menu.add(tr("Type a value…"), row.edit, icon_name="edit")
        menu.add(
            tr("Unlock") if locked else tr("Lock"),
            lambda: self._explorer.set_locked(index, not locked),
            icon_name="unlock" if locked else "lock",
        )
        return menu

    def _open_row_menu(self, index: int) -> None:
        menu = self.row_menu(index)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(QCursor.pos())

    def commands(self) -> list[QAction]:
        """Order and locks, by name."""
        table: Sequence[tuple[str, Callable[[], object]]] = (
            (tr("Lock all values of the code"), lambda: self.lock_all(True)),
            (tr("Unlock all values of the code"), lambda: self.lock_all(False)),
            (tr("Order code values by number"), lambda: self.set_order("number")),
            (tr("Order code values by spread"), lambda: self.set_order("variance")),
        )
        actions = []
        for text, act in table:
            action = QAction(text, self)
            action.triggered.connect(lambda _checked=False, act=act: act())
            actions.append(action)
        return actions

    def state(self) -> dict[str, Any]:
        """The order."""
        return {"order": self._order}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was remembered."""
        order = state.get("order")
        if order == "number" or order == "variance":
            self.set_order(order)


def _plain(text: str) -> str:
    """Small letters and plain digits: ``z₁₂`` is found by ``z12``."""
    return unicodedata.normalize("NFKC", text).casefold()


def round_range(low: float, high: float) -> tuple[float, float]:
    """A symmetric range about the same middle whose half is 1, 1.5, 2, 3, 5 or 7 times 10ⁿ."""
    middle, half = (low + high) / 2, max((high - low) / 2, 1e-6)
    unit = 10.0 ** math.floor(math.log10(half))
    steps = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
    half = next((step * unit for step in steps if step * unit >= half * 0.999), 10.0 * unit)
    middle = round(middle / (half / 10)) * (half / 10)
    return middle - half, middle + half


def _outgrown(ranges: tuple[Floats, Floats], chart: Charted) -> bool:
    """Whether the ranges changed so much that the sliders should."""
    low, high = ranges
    if low.shape != chart.low.shape:
        return True
    width = np.maximum(high - low, 1e-9)
    off = np.maximum(np.abs(chart.low - low), np.abs(chart.high - high)) / width
    return bool((off > 0.25).any())
