"""The map's menus: its plane, its colours, what is shown, and what can be done at a place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.panels.explore.keep.exporting import copy_code
from aegan_studio.ui.panels.explore.map.colours import on_offer
from aegan_studio.ui.panels.explore.map.planes import plane_menu
from aegan_studio.ui.panels.explore.map.points import Shown
from aegan_studio.ui.panels.explore.map.sheet import Strength
from aegan_studio.ui.widgets.menus import Menu

if TYPE_CHECKING:
    from aegan_studio.ui.panels.explore.map.page import MapPage

Kind = TypeVar("Kind")


class MapMenus:
    """Makes the menus of a map's page; each is empty while there is no chart."""

    def __init__(self, page: MapPage, explorer: Explorer) -> None:
        self._page, self._explorer = page, explorer

    def place(self, x: float, y: float, row: int) -> Menu:
        """What can be done at a place, or with the point of a row."""
        menu, explorer = Menu(parent=self._page), self._explorer
        chart = explorer.chart
        code = explorer.code_at(x, y)
        if chart is None or code is None:
            return menu
        if 0 <= row < len(chart.codes):
            code = chart.codes[row].astype(np.float64)
        menu.add(tr("Go here"), lambda: explorer.move(explorer.kept(code)), icon_name="compass")
        menu.add(tr("Pin here"), lambda: explorer.add_pin(code), icon_name="pin")
        menu.add(
            tr("Nearest items"), lambda: self._page.picks.find_neighbours(code), icon_name="points"
        )
        menu.add(tr("Copy code"), lambda: copy_code(code), icon_name="copy")
        if row >= 0 and chart.labels is not None and explorer.model is not None:
            name = tr(explorer.model.classes[int(chart.labels[row])])
            same = np.flatnonzero(chart.labels == chart.labels[row])
            menu.addSeparator()
            menu.add(tr("Select all of {name}", name=name), partial(explorer.selection.set, same))
        return menu

    def planes(self) -> Menu:
        """The planes on offer."""
        menu, chart, model = Menu(parent=self._page), self._explorer.chart, self._explorer.model
        if chart is not None and model is not None:
            choice, pins = self._explorer.plane_choice, self._explorer.pins
            plane_menu(menu, choice, model, chart, pins, self._page.set_plane)
        return menu

    def colours(self) -> Menu:
        """What the points can be coloured by."""
        menu, chart, model = Menu(parent=self._page), self._explorer.chart, self._explorer.model
        if chart is None or model is None:
            return menu
        group = QActionGroup(menu)
        for entry in on_offer(model, chart):
            action = menu.add(tr(entry.label), partial(self._page.colour_by, entry.name))
            action.setToolTip(tr(entry.tip))
            action.setCheckable(True)
            action.setChecked(entry.name == self._page.points.by)
            group.addAction(action)
        return menu

    def views(self) -> Menu:
        """Which items are shown, and what lies behind and upon them."""
        menu, chart, model = Menu(parent=self._page), self._explorer.chart, self._explorer.model
        if chart is None or model is None:
            return menu
        menu.add(tr("Find items…"), self._page.picks.open_search, icon_name="search")
        menu.add(
            tr("Nearest to the current code"),
            lambda: self._page.picks.find_neighbours(self._explorer.code),
            icon_name="points",
        )
        if chart.held_out.any():
            menu.addSeparator()
            items: list[tuple[str, Shown]] = [
                (tr("Training and held-out items"), "all"),
                (tr("Training items alone"), "training"),
                (tr("Held-out items alone"), "held-out"),
            ]
            _offer(menu, items, self._page.points.shown, self._page.show_items)
        if model.data is None:
            menu.addSeparator()
            strengths: list[tuple[str, Strength]] = [
                (tr("No decoded background"), "off"),
                (tr("Faint decoded background"), "faint"),
                (tr("Clear decoded background"), "clear"),
                (tr("Full decoded background"), "full"),
            ]
            _offer(menu, strengths, self._page.map.strength, self._page.map.set_strength)
            menu.addSeparator()
            thumbs = menu.add(
                tr("Pictures of items where there is room"),
                lambda: self._page.map.set_thumbs_on(not self._page.map.thumbs_on),
            )
            thumbs.setCheckable(True)
            thumbs.setChecked(self._page.map.thumbs_on)
        menu.addSeparator()
        menu.add(tr("Copy picture"), self._page.copy_picture, icon_name="copy")
        menu.add(tr("Save picture…"), self._page.save_picture, icon_name="save")
        return menu


def open_below(control: QWidget, make: Callable[[], Menu]) -> None:
    """Make a menu and open it below its button."""
    pop_up(make(), control.mapToGlobal(control.rect().bottomLeft() + QPoint(0, 4)))


def pop_up(menu: Menu, where: QPoint) -> None:
    """Open a menu at a place on the screen; it goes when it is closed."""
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(where)


def _offer(
    menu: Menu, entries: Sequence[tuple[str, Kind]], now: Kind, choose: Callable[[Kind], object]
) -> None:
    group = QActionGroup(menu)
    for label, value in entries:
        action = menu.add(label, partial(choose, value))
        action.setCheckable(True)
        action.setChecked(value == now)
        group.addAction(action)
