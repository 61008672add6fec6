"""The latent map: where the data's codes lie, and what the codes between them decode to."""

from __future__ import annotations

from functools import partial
from typing import Literal, cast

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.messages import msg
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import (
    Charted,
    Decoded,
    Floats,
    Loaded,
    PlaneChoice,
    Sheeted,
    Walked,
)
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.map_view import LatentScatter
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.menus import Menu

CELL = 56.0
"""Pixels between decoded tiles, about."""
PLANES = 4
"""Pairs of components, and of code values, that the menu offers at most."""

Shown = Literal["all", "training", "held-out"]


class MapPage(Page):
    """Codes in a plane; a click or drag there goes to a code, hovering shows what it makes."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(8, 0, 6, 8), parent=parent)
        self._explorer = explorer
        self._drag = 0
        self._depiction = Depiction()
        self._choice: PlaneChoice | None = None
        self._shown: Shown = "all"
        self.map = LatentScatter(
            empty=tr("Train a model first: the codes of the data appear here, by class.")
        )
        fit = IconButton("fit", tr("Show all codes"))
        self.more = IconButton("more", tr("What the map shows"))
        self.add_action(fit)
        self.add_action(self.more)
        self.add(self.map, 1)
        fit.clicked.connect(self.map.fit)
        self.more.clicked.connect(self._open_menu)
        self.map.dragged.connect(self._travel)
        self.map.arrived.connect(self._arrive)
        self.map.end_dragged.connect(self._drag_end)
        self.map.peeked.connect(self._peek)
        self.map.ground_wanted.connect(self._ask_behind)
        explorer.loaded.connect(self._on_loaded)
        explorer.charted.connect(self._on_chart)
        explorer.code_changed.connect(self._show_code)
        explorer.pins_changed.connect(self._show_route)
        explorer.walked.connect(self._on_walk)
        explorer.sheet_changed.connect(self._on_sheet)
        explorer.peeked.connect(self._on_peek)
        self._on_loaded(explorer.model)

    # What arrives

    def _on_loaded(self, model: Loaded | None) -> None:
        self.more.setEnabled(model is not None)
        if model is None:
            self.map.clear()
            self._choice = None
            self.set_subtitle("")
        else:
            self._depiction = Depiction(model.data)

    def _on_chart(self, chart: Charted) -> None:
        model = self._explorer.model
        if model is None:
            return
        afresh = self._choice != self._explorer.plane_choice
        self._choice = self._explorer.plane_choice
        rows = {
            "all": np.ones(len(chart.places), dtype=np.bool_),
            "training": ~chart.held_out,
            "held-out": chart.held_out,
        }[self._shown]
        labels = None if chart.labels is None else chart.labels[rows]
        self.map.set_classes([tr(name) for name in model.classes] if labels is not None else [])
        self.map.set_points(chart.places[rows], labels, color="code")
        self._name_axes(chart)
        origin = self._explorer.place_of(np.zeros(model.dimensions)) or (0.0, 0.0)
        # the shadow of a round normal distribution is round on every plane; a cube's is no square
        shadow = chart.prior == "normal" or chart.plane.kind == "values"
        prior = chart.prior if shadow and model.dimensions > 1 else ""
        self.map.show_places(chart.places, prior, origin, afresh=afresh)
        self.set_subtitle(self._sentence(chart, int(rows.sum()), model))
        if self._explorer.code.size:
            self._show_code(self._explorer.code)
        self._show_route()
        self._ask_behind()

    def _sentence(self, chart: Charted, count: int, model: Loaded) -> str:
        if chart.source == "prior":
            return tr(
                "{count:,} codes from the prior, for {method} has no encoder",
                count=count,
                method=tr(model.method),
            )
        if model.data is not None:
            return tr("{count:,} points by their code", count=count)
        return tr(
            "{count:,} pictures by their code; behind them, what each code decodes to", count=count
        )

    def _name_axes(self, chart: Charted) -> None:
        plane = chart.plane
        names = [index + 1 for index in plane.indices]
        if plane.kind == "values":
            formulas = [f"z_{{{name}}}" for name in names] + [""]
            spread = tr("spread out to be told apart") if len(names) == 1 else ""
            self.map.show_axes((formulas[0], formulas[1]), ("", spread))
            return
        title = (
            msg("direction {n}: {share:.0f} % of what changes")
            if plane.kind == "responses"
            else msg("component {n}: {share:.0f} % of the variance")
        )
        titles = [
            tr(title, n=name, share=100 * float(share))
            for name, share in zip(names, plane.explained, strict=True)
        ]
        self.map.show_axes(("", ""), (titles[0], titles[1]))

    def _show_code(self, code: Floats) -> None:
        self.map.set_cursor(self._explorer.place_of(code))

    def _show_route(self) -> None:
        pins = {
            pin.name: place
            for pin in self._explorer.pins
            if (place := self._explorer.place_of(pin.code)) is not None
        }
        walk, stops = self._explorer.walk, [pin.code for pin in self._explorer.pins]
        route = None
        if walk is not None and np.array_equal(walk.stops, stops):
            codes = np.concatenate((walk.codes, walk.codes[:1])) if walk.way.loop else walk.codes
            route = self._explorer.places_of(codes)
        elif len(pins) > 1:
            route = np.array(list(pins.values()))
        self.map.show_route(pins, route)

    def _on_walk(self, _walk: Walked | None) -> None:
        self._show_route()

    def _on_sheet(self, sheet: Sheeted) -> None:
        self.map.show_sheet(sheet)

    def _on_peek(self, peeked: Decoded | None) -> None:
        self.map.show_lens(None if peeked is None else peeked.item, self._depiction)

    # What a person does

    def _travel(self, x: float, y: float) -> None:
        self._explorer.move_on_map(x, y, ("map", self._drag))

    def _arrive(self) -> None:
        self._drag += 1
        self._explorer.settle()

    def _drag_end(self, name: str, x: float, y: float) -> None:
        pin = self._explorer.pin(name)
        code = None if pin is None else self._explorer.code_at(x, y, pin.code)
        if code is not None:
            self._explorer.place_pin(name, code, ("pin", name, self._drag))

    def _peek(self, place: tuple[float, float] | None) -> None:
        self._explorer.peek(place)

    def _ask_behind(self) -> None:
        """Decode a sheet for what is in view, in cells of about the same size on the screen."""
        plane = self.map.plane()
        if self._explorer.chart is None or plane.width() < CELL or plane.height() < CELL:
            return
        x0, x1, y0, y1 = self.map.view.bounds(plane)
        cell = CELL
        picture = self._explorer.picture
        if picture is not None and not self._depiction.of_points:
            cell = max(CELL, picture.item.shape[0] / self.devicePixelRatioF() + 8.0)
        columns = max(2, round(plane.width() / cell))
        rows = max(2, round(plane.height() / cell))
        self._explorer.show_behind((x0, y0, x1 - x0, y1 - y0), columns, rows)

    # What the map shows

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def menu(self) -> Menu:
        """The planes on offer, and which items are shown."""
        menu = Menu(parent=self)
        chart, model = self._explorer.chart, self._explorer.model
        if chart is None or model is None:
            return menu
        planes = QActionGroup(menu)
        for label, choice in self._planes(model, chart):
            action = menu.add(label, partial(self._explorer.set_plane, choice))
            action.setCheckable(True)
            action.setChecked(choice == self._explorer.plane_choice)
            planes.addAction(action)
        if chart.held_out.any():
            menu.addSeparator()
            shown = QActionGroup(menu)
            for label, what in (
                (tr("Training and held-out items"), "all"),
                (tr("Training items alone"), "training"),
                (tr("Held-out items alone"), "held-out"),
            ):
                action = menu.add(label, partial(self.show_items, cast(Shown, what)))
                action.setCheckable(True)
                action.setChecked(what == self._shown)
                shown.addAction(action)
        return menu

    def _planes(self, model: Loaded, chart: Charted) -> list[tuple[str, PlaneChoice]]:
        pairs = [(2 * k, 2 * k + 1) for k in range(min(PLANES, model.dimensions // 2))]
        planes: list[tuple[str, PlaneChoice]] = []
        if model.dimensions > 2:
            leading = (
                msg("Principal components {a} and {b}")
                if chart.source == "encoded"
                else msg("Directions of most change {a} and {b}")
            )
            planes += [
                (tr(leading, a=a + 1, b=b + 1), PlaneChoice("leading", (a, b))) for a, b in pairs
            ]
        planes += [
            (tr("Code values {a} and {b}", a=a + 1, b=b + 1), PlaneChoice("values", (a, b)))
            for a, b in pairs
        ]
        return planes

    def show_items(self, shown: Shown) -> None:
        """Show all items, or only those trained on, or only those held out."""
        self._shown = shown
        if self._explorer.chart is not None:
            self._on_chart(self._explorer.chart)
