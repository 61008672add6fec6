"""What single units look for in the data, or paint into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from aegan_studio.catalog.views.inside import FILTERS, filtering
from aegan_studio.experiment.views import View
from aegan_studio.experiment.views.inside import Filters
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.views.base import Row, ViewPanel
from aegan_studio.ui.panels.train.views.naming import role_options
from aegan_studio.ui.panels.train.views.unit_plane import UnitPlane
from aegan_studio.ui.theme import Theme, current_theme, on_theme
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.captioned_grid import CaptionedGrid, Captions, Told
from aegan_studio.ui.widgets.diverging import coloured, reach_of
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.scale_bar import ScaleBar
from aegan_studio.ui.widgets.switches import Segmented


class FiltersPanel(ViewPanel):
    """Weights as pictures on one scale about zero; for points the lines or arrows of the units."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(FILTERS, document, session, parent)
        self.network = Segmented([("", "")], "", name=tr("Which network"), size=11)
        self.network.value_changed.connect(lambda _value: self.change())
        self.order = IconButton(
            "filter", tr("The longest weights first, else by number."), side=24, checkable=True
        )
        self.order.setChecked(True)
        self.order.toggled.connect(lambda _on: self.redraw())
        self.add_action(self.order)
        self.grid = CaptionedGrid(name=tr("Filters"))
        self.plane = UnitPlane(name=tr("Units of the layer"))
        self.scale = ScaleBar(name=tr("Weight"))
        foot = QHBoxLayout()
        foot.addWidget(self.scale, 1)
        pictured = QWidget()
        column = QVBoxLayout(pictured)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.grid, 1)
        column.addLayout(foot)
        self.pages = QStackedWidget()
        self.pages.addWidget(pictured)
        self.pages.addWidget(self.plane)
        self.hold(self.pages, self.network)
        on_theme(self._retint)

    @property
    def argument(self) -> str:
        """The chosen network."""
        return str(self.network.value)

    def refresh(self) -> None:
        """Offer the networks that take data or make them."""
        experiment = self._session.experiment
        options = role_options(experiment, filtering(experiment))
        self.network.set_options(options or [("", "", "")])
        self.network.setVisible(len(options) > 1)

    def absent(self) -> str:
        """A layer need not lie at single values of the data."""
        return tr("The layer next to the data has no weights for single values of them.")

    def show_view(self, view: View) -> None:
        """Draw the units in the chosen order."""
        assert isinstance(view, Filters)
        points = view.values.ndim == 2
        self.pages.setCurrentIndex(int(points))
        self.order.setVisible(not points)
        self.say(_said(view))
        if points:
            self.plane.show_units(view)
            return
        order = np.argsort(-view.norms, kind="stable") if self.order.isChecked() else slice(None)
        values, units, norms = view.values[order], view.units[order], view.norms[order]
        reach = reach_of(values)
        self.scale.set_reach(reach, gray=values.ndim == 4)
        words = tuple(format_number(float(norm), 2) for norm in norms)

        def tip(index: int) -> str:
            return tr(
                "Unit {unit} of {total}: length {norm}, from {low} to {high}",
                unit=int(units[index]) + 1,
                total=view.total,
                norm=format_number(float(norms[index]), 3),
                low=format_number(float(values[index].min()), 3),
                high=format_number(float(values[index].max()), 3),
            )

        tips = Told(len(units), tip)
        pictures = coloured(values, reach, current_theme())
        self.grid.set_items(pictures, Captions(words, tips, (False,) * len(words)))

    def _retint(self, _theme: Theme) -> None:
        if self.isVisible():
            self.redraw()

    def state(self) -> dict[str, Any]:
        """What a person chose, for :meth:`restore`."""
        return {"longest-first": self.order.isChecked()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take on what was chosen."""
        if isinstance(state.get("longest-first"), bool):
            self.order.setChecked(state["longest-first"])

    def menu(self) -> Menu:
        """The order as well."""
        menu = super().menu()
        menu.addSeparator()
        words = tr("By number") if self.order.isChecked() else tr("The longest first")
        menu.add(words, self.order.toggle, icon_name="filter")
        return menu

    def numbers(self, view: View) -> Iterable[Row]:
        """A line for each unit: its number, its length, its weights one after another."""
        assert isinstance(view, Filters)
        flat = view.values.reshape(len(view.values), -1)
        yield ("network", "unit", "length", *(f"w{i + 1}" for i in range(flat.shape[1])))
        for unit, norm, weights in zip(view.units, view.norms, flat, strict=True):
            yield (view.role, int(unit) + 1, float(norm), *map(float, weights))


def _said(view: Filters) -> str:
    if len(view.units) < view.total:
        return tr("the {count} longest of {total}", count=len(view.units), total=view.total)
    if view.reads:
        return tr("{count} units of the first layer", count=view.total)
    return tr("{count} units before the last layer", count=view.total)
