"""Two baskets of codes, with something and without, and the direction from one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import get_args

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Floats, Loaded, Trouble
from aegan_studio.ui.latent.moves_messages import How, Made, Make, ShowCodes, Shown
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.keep.bookmarks_shelf import shelf_of
from aegan_studio.ui.panels.explore.wells import CodeWell
from aegan_studio.ui.theme import HEADING
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.choice import Choice, Option
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.messages import ProblemLine

PICTURES = 24
"""Codes of a basket that are decoded to be shown, at most; spread evenly."""
NEAREST = 12
"""Nearest data that are put in at once."""


def methods() -> list[Option]:
    """The ways to make a direction, the one that works best first, and what each does."""
    return [
        Option(
            "transport",
            tr("Carry"),
            tr(
                "Carries every code to a place of its own among the others: the surest way into a "
                "class. Needs two codes in each basket; the slider tells the share of the way."
            ),
        ),
        Option(
            "mean",
            tr("Difference of means"),
            tr(
                "One straight direction, from the mean of one basket to that of the other. Works "
                "with a single code each; sure only where no third kind lies on the way."
            ),
        ),
        Option(
            "logistic",
            tr("Boundary"),
            tr(
                "One straight direction, across the boundary of a logistic regression. Tells the "
                "baskets apart best and changes little else."
            ),
        ),
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """Codes that were put in together; ``kind`` names a class, ``rows`` are those of the data."""

    codes: Floats
    kind: str = ""
    rows: frozenset[int] = frozenset()


class Basket(QWidget):
    """A named well of codes, with a menu to fill it."""

    changed = Signal()

    def __init__(
        self, explorer: Explorer, name: str, empty: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._entries: list[_Entry] = []
        self._shown = np.zeros(0, dtype=np.intp)
        self._title = Label(name, weight=500)
        self._count = Label("", tone="text2")
        self.put = IconButton("plus", tr("Put codes in"), side=22)
        self.put.clicked.connect(self._open_menu)
        self.empty = IconButton("close", tr("Empty this basket"), side=22)
        self.empty.clicked.connect(self.clear)
        self.well = CodeWell(empty=empty, name=name, tall=36, fits=self._fits)
        self.well.dropped.connect(lambda code, _name: self.add(code[None]))
        self.well.taken_out.connect(self._take_out)
        self.well.gone_to.connect(lambda at: explorer.move(self.codes[self._shown[at]]))
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._title)
        head.addWidget(self._count, 1)
        head.addWidget(self.put)
        head.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.well)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tell()

    @property
    def codes(self) -> Floats:
        """All codes in it, (n, d)."""
        if not self._entries:
            return np.zeros((0, len(self._explorer.code)))
        return np.concatenate([entry.codes for entry in self._entries])

    @property
    def rows(self) -> frozenset[int]:
        """Rows of the data in it."""
        found: frozenset[int] = frozenset()
        return found.union(*(entry.rows for entry in self._entries))

    @property
    def kinds(self) -> list[str]:
        """The classes that were put in by name; empty where there is anything else in it."""
        names = [entry.kind for entry in self._entries]
        return names if all(names) else []

    def add(self, codes: Floats, *, kind: str = "", rows: frozenset[int] | None = None) -> None:
        """Put codes (n, d) in."""
        if len(codes):
            self._entries.append(
                _Entry(np.array(codes, dtype=np.float64), kind, rows or frozenset())
            )
            self._changed()

    def add_rows(self, rows: Sequence[int], kind: str = "") -> None:
        """Put items of the data in, by their rows in the map's codes."""
        chart = self._explorer.chart
        new = sorted(set(map(int, rows)) - self.rows)
        if chart is not None and new:
            self.add(chart.codes[new].astype(np.float64), kind=kind, rows=frozenset(new))

    def clear(self) -> None:
        """Take everything out."""
        self._entries.clear()
        self._changed()

    def _take_out(self, at: int) -> None:
        if at >= len(self._shown):
            return
        index = int(self._shown[at])
        for place, entry in enumerate(self._entries):
            if index < len(entry.codes):
                rest = np.delete(entry.codes, index, axis=0)
                rows = sorted(entry.rows)
                left = frozenset(rows[:index] + rows[index + 1 :]) if rows else frozenset()
                # one less is no longer the whole class
                self._entries[place : place + 1] = [_Entry(rest, "", left)] if len(rest) else []
                self._changed()
                return
            index -= len(entry.codes)

    def _changed(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        count = sum(len(entry.codes) for entry in self._entries)
        self._count.setText(f"{count:,}" if count else "")
        self.empty.setVisible(count > 0)
        self._shown = np.unique(np.linspace(0, count - 1, min(count, PICTURES)).round().astype(int))
        if not count:
            self.well.set_items(None)

    def pictured(self) -> Floats:
        """The codes that are to be shown, (m, d)."""
        return self.codes[self._shown] if self._entries else self.codes

    def _fits(self, code: Floats) -> bool:
        return code.shape == self._explorer.code.shape

    # The menu

    def menu(self) -> Menu:
        """What can be put in."""
        explorer, menu = self._explorer, Menu(parent=self)
        menu.add(tr("Current code"), lambda: self.add(explorer.code[None]), icon_name="compass")
        pins = explorer.pins
        if pins:
            stacked = np.stack([pin.code for pin in pins])
            menu.add(tr("All pins ({n})", n=len(pins)), lambda: self.add(stacked), icon_name="pin")
            for pin in pins[:8]:
                menu.add(tr("Pin {name}", name=pin.name), partial(self.add, pin.code[None]))
        shelf = shelf_of(explorer)
        marks = [shelf.marks[index].code for index in shelf.shown]
        if marks:
            words = tr("All bookmarks ({n})", n=len(marks))
            menu.add(words, partial(self.add, np.stack(marks)), icon_name="bookmark")
        chart = explorer.chart
        selected = explorer.selection.rows
        menu.add(
            tr("Selected on the map ({n:,})", n=len(selected)),
            lambda: self.add_rows(selected.tolist()),
            icon_name="grid",
            enabled=len(selected) > 0,
            tooltip="" if len(selected) else tr("Select points on the map first."),
        )
        if chart is not None:
            words = tr("Nearest {n} data", n=min(NEAREST, len(chart.codes)))
            if chart.source == "prior":
                words = tr("Nearest {n} draws", n=min(NEAREST, len(chart.codes)))
            menu.add(words, self._add_nearest, icon_name="points")
        if chart is not None and chart.labels is not None and explorer.model is not None:
            menu.addSeparator()
            for kind in np.unique(chart.labels):
                rows = np.flatnonzero(chart.labels == kind).tolist()
                name = self._class_name(int(kind))
                menu.add(
                    tr("Class {name} ({n:,})", name=name, n=len(rows)),
                    partial(self.add_rows, rows, name),
                )
        return menu

    def _class_name(self, kind: int) -> str:
        model = self._explorer.model
        names = model.classes if model is not None else ()
        return tr(names[kind]) if kind < len(names) else str(kind)

    def _add_nearest(self) -> None:
        chart = self._explorer.chart
        if chart is not None:
            away = np.linalg.norm(chart.codes - self._explorer.code, axis=1)
            self.add_rows(np.argsort(away, kind="stable")[:NEAREST].tolist())

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.popup(self.put.mapToGlobal(self.put.rect().bottomLeft()))
        menu.aboutToHide.connect(menu.deleteLater)


class BasketsView(QWidget):
    """Fill two baskets, choose how, make a direction."""

    left = Signal()
    made = Signal(str, object, int)
    """A name for it, the course, and the step of the weights."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._depiction = Depiction()
        self._name = ""
        self.back = IconButton("chevron-left", tr("Back to the sliders"), side=24)
        self.back.clicked.connect(self.left)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.back)
        head.addWidget(Label(tr("New direction"), size=HEADING, weight=600), 1)
        self.yes = Basket(explorer, tr("With"), tr("Drop codes here, or press +"))
        self.no = Basket(explorer, tr("Without"), tr("Empty: all the other data"))
        self.how = Choice(methods(), "transport", name=tr("How"))
        self.how.value_changed.connect(lambda _how: self._follow())
        self.make = Button(tr("Make"), icon="sparkle", variant="soft")
        self.make.setToolTip(tr("Make a slider of it, and measure what else it changes."))
        self.make.clicked.connect(self.start)
        self.problem = ProblemLine()
        self.problem.hide()
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.how, 1)
        foot.addWidget(self.make)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.yes)
        column.addWidget(self.no)
        column.addStretch(1)
        column.addWidget(self.problem)
        column.addLayout(foot)
        for basket in (self.yes, self.no):
            basket.changed.connect(self._on_change)
        explorer.listen(ShowCodes, self._on_shown)
        explorer.listen(Make, self._on_made, troubles=True)
        explorer.loaded.connect(self._on_loaded)
        self._on_loaded(explorer.model)

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            for basket in (self.yes, self.no):
                basket.clear()
            return
        if (model.data is not None) != self._depiction.of_points:
            self._depiction = Depiction(model.data)
        self._ask_pictures()

    def _on_change(self) -> None:
        self.problem.hide()
        self._follow()
        self._ask_pictures()

    def _ask_pictures(self) -> None:
        if self._explorer.model is not None and (len(self.yes.codes) or len(self.no.codes)):
            self._explorer.ask(ShowCodes((self.yes.pictured(), self.no.pictured())))

    def _on_shown(self, shown: Shown) -> None:
        for basket, items in zip((self.yes, self.no), shown.items, strict=True):
            basket.well.set_items(items, depiction=self._depiction)

    def _follow(self) -> None:
        ready = len(self.yes.codes) > 0
        self.make.setEnabled(ready)
        chosen = next(option for option in methods() if option.value == self.how.value)
        self.how.setToolTip(chosen.help)

    def rest(self) -> Floats:
        """The codes of all data that are not in the first basket, (n, d)."""
        chart = self._explorer.chart
        if chart is None:
            return np.zeros((0, len(self._explorer.code)))
        kept = np.ones(len(chart.codes), dtype=np.bool_)
        kept[sorted(self.yes.rows)] = False
        return chart.codes[kept].astype(np.float64)

    def start(self) -> None:
        """Make the direction."""
        how = self.how.value
        if how not in get_args(How) or not len(self.yes.codes):
            return
        without = self.no.codes if len(self.no.codes) else self.rest()
        self._name = self._named()
        self._explorer.ask(Make(self.yes.codes, without, how))  # type: ignore[arg-type]

    def _named(self) -> str:
        yes, no = ", ".join(self.yes.kinds), ", ".join(self.no.kinds)
        if yes and no:
            return tr("{a} rather than {b}", a=yes, b=no)
        return tr("More like {name}", name=yes) if yes else tr("My direction")

    def _on_made(self, answer: Made | Trouble) -> None:
        if isinstance(answer, Trouble):
            self.problem.set(tr.join(answer.sentences))
            self.problem.show()
            return
        self.made.emit(self._name, answer.course, answer.step)

    def showEvent(self, event: QShowEvent) -> None:
        """Say what the choice does."""
        self._follow()
        super().showEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads back; what is in the baskets stays."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
