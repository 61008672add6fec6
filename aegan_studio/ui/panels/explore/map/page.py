"""The latent map: where the data's codes lie, and what the codes between them decode to."""

from __future__ import annotations

from functools import partial
from typing import Any, cast, get_args

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.map_messages import (
    Complete,
    Layout,
)
from aegan_studio.ui.latent.messages import (
    Charted,
    Decoded,
    Floats,
    Loaded,
    PlaneChoice,
    Walked,
)
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.map.area import Tool
from aegan_studio.ui.panels.explore.map.colours import ColourBy, on_offer
from aegan_studio.ui.panels.explore.map.feed import MapFeed
from aegan_studio.ui.panels.explore.map.layouts import MapLayouts
from aegan_studio.ui.panels.explore.map.menus import MapMenus, open_below, pop_up
from aegan_studio.ui.panels.explore.map.picks import MapPicks
from aegan_studio.ui.panels.explore.map.planes import axis_words, plane_name
from aegan_studio.ui.panels.explore.map.points import MapPoints, Shown
from aegan_studio.ui.panels.explore.map.sheet import Strength
from aegan_studio.ui.panels.explore.map.view import LatentScatter
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.theme import Theme, on_theme
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.pictures import copy_image, save_image

ROOMY = 540
"""Pixels from which on all buttons of the header have their words."""


class MapPage(Page):
    """Codes in a plane; a click or drag there goes to a code, hovering shows what it makes."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(8, 0, 6, 8), parent=parent)
        self._explorer = explorer
        self._drag = 0
        self._depiction = Depiction()
        self._depiction_of: object = None
        self._choice: PlaneChoice | None = None
        self._here: tuple[Floats, tuple[float, float]] | None = None
        self._kind = ""
        self.map = LatentScatter(
            empty=tr("Train a model first: the codes of the data appear here, by class.")
        )
        self.points = MapPoints(explorer, self.map)
        self.feed = MapFeed(explorer, self.map)
        self.menus = MapMenus(self, explorer)
        self._build_header()
        self.layouts = MapLayouts(explorer, self.map, self.points, self.feed)
        self.picks = MapPicks(explorer, self.map, self.points)
        self.add(self.map, 1)
        for bar in (self.picks.strip, self.layouts.bar):
            self.add(bar)
            bar.hide()
        self._commands = self._build_commands()
        self._connect()
        on_theme(self._retint)
        self._on_loaded(explorer.model)

    def _build_header(self) -> None:
        self.plane_button = Button(size="s", trailing="chevron-down")
        self.plane_button.setToolTip(tr("Which plane of the code is shown, and by which axes."))
        self.colour_button = Button(size="s", icon="palette", trailing="chevron-down")
        self.colour_button.setToolTip(tr("What the points are coloured by."))
        gestures = tr(
            "Click: go there. Drag: travel. Double click or P: pin. Right click: more. "
            "Middle button or Space: pan. Wheel: zoom. F: show all. Arrows: small steps."
        )
        drag = tr("Shift adds, Alt takes away.")
        self.tools: dict[Tool, IconButton] = {
            "travel": IconButton("pointer", tr("Travel") + "\n" + gestures, side=26),
            "box": IconButton("marquee", tr("Select by a box. {keys}", keys=drag), side=26),
            "lasso": IconButton("lasso", tr("Select by a lasso. {keys}", keys=drag), side=26),
        }
        self.fit = IconButton("fit", tr("Show all codes (F)"), side=26)
        self.more = IconButton("more", tr("What the map shows"), side=26)
        self.add_action(self.plane_button)
        self.add_action(self.colour_button)
        for name, button in self.tools.items():
            button.setCheckable(True)
            button.setChecked(name == "travel")
            button.clicked.connect(partial(self.use_tool, name))
            self.add_action(button)
        self.add_action(self.fit)
        self.add_action(self.more)
        self.fit.clicked.connect(self.map.fit)
        for control, menu in (
            (self.plane_button, self.menus.planes),
            (self.colour_button, self.menus.colours),
            (self.more, self.menus.views),
        ):
            control.clicked.connect(partial(open_below, control, menu))

    def _connect(self) -> None:
        explorer, view = self._explorer, self.map
        view.dragged.connect(self._travel)
        view.arrived.connect(self._arrive)
        view.point_clicked.connect(self._go_to_row)
        view.pin_asked.connect(lambda: explorer.add_pin())
        view.end_dragged.connect(self._drag_end)
        view.peeked.connect(explorer.peek)
        view.menu_asked.connect(lambda where, x, y, row: pop_up(self.menus.place(x, y, row), where))
        explorer.loaded.connect(self._on_loaded)
        explorer.charted.connect(self._on_chart)
        explorer.training_changed.connect(self._on_training)
        explorer.code_changed.connect(self._show_code)
        explorer.pins_changed.connect(self._on_pins)
        explorer.walked.connect(self._on_walk)
        explorer.mark_changed.connect(self._show_mark)
        explorer.peeked.connect(self._on_peek)
        self.picks.picked.connect(self._go_to_row)

    # What arrives

    def _on_loaded(self, model: Loaded | None) -> None:
        for control in (self.more, self.plane_button, self.colour_button, *self.tools.values()):
            control.setEnabled(model is not None)
        if model is None:
            self.map.clear()
            self.points.reset()
            self.feed.reset()
            self._choice = self._here = None
            self.plane_button.setText(tr("Plane"))
            self.colour_button.setText(tr("Colour"))
            self.set_subtitle("")
            self.layouts.reset()
            self.picks.reset(Depiction())
            return
        if self._depiction_of is not model.data or self._choice is None:
            self._depiction_of = model.data
            self._depiction = Depiction(model.data)
            self.picks.reset(self._depiction)
        self.feed.set_model(model)

    def _on_chart(self, chart: Charted) -> None:
        model, choice = self._explorer.model, self._explorer.plane_choice
        if model is None:
            return
        afresh = self._choice != choice or self._laid_out_anew(chart)
        self._choice, self._here = choice, None
        self.map.set_classes([tr(name) for name in model.classes])
        self.points.show(chart, model)
        formulas, titles = axis_words(choice, chart, self._explorer.pins)
        self.map.show_axes(formulas, (titles.across, titles.up))
        self.map.show_ticks(chart.plane.kind not in ("tsne", "umap"))
        origin = self._explorer.place_of(np.zeros(model.dimensions)) or (0.0, 0.0)
        # the shadow of a round normal distribution is round on every plane; a cube's is no square
        flat = chart.plane.kind not in ("tsne", "umap")
        shadow = flat and (chart.prior == "normal" or chart.plane.kind == "values")
        prior = chart.prior if shadow and model.dimensions > 1 else ""
        self.map.show_places(chart.places, prior, origin, afresh=afresh)
        self._name_buttons(chart, model)
        self._tell()
        if self._explorer.code.size:
            self._show_code(self._explorer.code)
        self._show_route()
        self._show_mark()
        self.picks.follow()
        self.feed.follow(chart)
        self.layouts.follow(chart)
        if len(chart.codes) < chart.total and not self._explorer.training:
            self._explorer.ask(Complete(choice))

    def _on_training(self, on: bool) -> None:
        """What would keep the worker from following ends; at rest all is charted anew."""
        if on:
            self._explorer.cancel(Complete)

    def _laid_out_anew(self, chart: Charted) -> bool:
        before, self._kind = self._kind, chart.plane.kind
        return before != chart.plane.kind

    def _name_buttons(self, chart: Charted, model: Loaded) -> None:
        choice = self._explorer.plane_choice
        self.plane_button.setText(plane_name(choice, chart, self._explorer.pins))
        by = self.points.by
        label = next((tr(entry.label) for entry in on_offer(model, chart) if entry.name == by), "")
        self.colour_button.setText(label if self.width() >= ROOMY else "")
        for button in (self.plane_button, self.colour_button):
            button.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the colours' button goes without its word."""
        super().resizeEvent(event)
        chart, model = self._explorer.chart, self._explorer.model
        if chart is not None and model is not None:
            self._name_buttons(chart, model)
            self._tell()

    def _tell(self) -> None:
        """What the points are, and how many."""
        chart, model = self._explorer.chart, self._explorer.model
        if chart is None or model is None:
            return
        count = len(self.map.shown_rows)
        if chart.source == "prior":
            words = tr(
                "{count:,} codes from the prior, for {method} has no encoder",
                count=count,
                method=tr(model.method),
            )
        elif len(chart.codes) < chart.total and not self._explorer.training:
            words = tr("{count:,} of {total:,} encoded so far", count=count, total=chart.total)
        elif model.data is not None:
            words = tr("{count:,} points by their code", count=count)
        else:
            words = tr(
                "{count:,} pictures by their code; behind them, what each code decodes to",
                count=count,
            )
        self.set_subtitle(words if self.width() >= ROOMY else "")

    def _show_code(self, code: Floats) -> None:
        if self._here is not None and np.array_equal(self._here[0], code):
            self.map.set_cursor(self._here[1])
        else:
            self.map.set_cursor(self._explorer.place_of(code))
        self.feed.on_code()

    def _on_pins(self) -> None:
        self._show_route()
        chart, model = self._explorer.chart, self._explorer.model
        if chart is not None and model is not None:
            self._name_buttons(chart, model)

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

    def _show_mark(self) -> None:
        mark = self._explorer.mark
        self.map.show_mark(None if mark is None else self._explorer.place_of(mark))

    def _on_peek(self, peeked: Decoded | None) -> None:
        self.map.show_lens(None if peeked is None else peeked.item, self._depiction)

    def _retint(self, _theme: Theme) -> None:
        self.points.refresh()

    # Travelling

    def _travel(self, x: float, y: float) -> None:
        code = self._explorer.code_at(x, y)
        if code is None:
            return
        # where neighbours alone say what lies between them, a code's place is not quite its own
        self._here = (self._explorer.kept(code), (x, y))
        self._explorer.move(code, ("map", self._drag))

    def _arrive(self) -> None:
        self._drag += 1
        self._explorer.settle()

    def _go_to_row(self, row: int) -> None:
        chart = self._explorer.chart
        if chart is not None and row < len(chart.codes):
            code = chart.codes[row].astype(np.float64)
            self._explorer.move(self._explorer.kept(code), ("map", self._drag))

    def _drag_end(self, name: str, x: float, y: float) -> None:
        pin = self._explorer.pin(name)
        code = None if pin is None else self._explorer.code_at(x, y, pin.code)
        if code is not None:
            self._explorer.place_pin(name, code, ("pin", name, self._drag))

    # Planes and layouts

    def set_plane(self, choice: PlaneChoice) -> None:
        """Show another plane; a layout that was being made ends."""
        self.layouts.end()
        self._explorer.cancel(Complete)
        self._explorer.set_plane(choice)

    # Colours and items

    def colour_by(self, by: ColourBy) -> None:
        """Colour the points by something else."""
        self.points.colour_by(by)
        chart, model = self._explorer.chart, self._explorer.model
        if chart is not None and model is not None:
            self._name_buttons(chart, model)

    def show_items(self, shown: Shown) -> None:
        """Show all items, or only those trained on, or only those held out."""
        self.points.show_items(shown)
        self._tell()

    def use_tool(self, tool: Tool) -> None:
        """What a drag on the map does."""
        for name, button in self.tools.items():
            button.setChecked(name == tool)
        self.map.set_tool(tool)

    def copy_picture(self) -> None:
        """Put the map as it is seen on the clipboard."""
        copy_image(self.map.grab().toImage())

    def save_picture(self) -> None:
        """Save the map as it is seen."""
        save_image(self, self.map.grab().toImage(), "map.png")

    # For the workspace

    def _build_commands(self) -> list[QAction]:
        table = (
            (tr("Map: show all codes"), self.map.fit, ""),
            (tr("Map: find items"), self.picks.open_search, "Ctrl+F"),
            (
                tr("Map: nearest to the current code"),
                lambda: self.picks.find_neighbours(self._explorer.code),
                "",
            ),
            (tr("Map: select nothing"), self.picks.clear, ""),
            (tr("Map: travel"), partial(self.use_tool, "travel"), ""),
            (tr("Map: select by a box"), partial(self.use_tool, "box"), ""),
            (tr("Map: select by a lasso"), partial(self.use_tool, "lasso"), ""),
            (tr("Map: choose the plane"), self.plane_button.click, ""),
            (tr("Map: choose the colours"), self.colour_button.click, ""),
        )
        actions = []
        for text, act, shortcut in table:
            action = QAction(text, self)
            action.triggered.connect(partial(_run, act))
            action.setShortcut(QKeySequence(shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            actions.append(action)
        return actions

    def commands(self) -> list[QAction]:
        """What can be done here, by name."""
        return self._commands

    def state(self) -> dict[str, Any]:
        """Colours, plane, layout and what is shown."""
        choice, layout = self._explorer.plane_choice, self.layouts.bar.layout_wanted
        kind = choice.kind if choice.kind in ("leading", "values") else "leading"
        return {
            "by": self.points.wish,
            "plane": [kind, *choice.indices],
            "strength": self.map.strength,
            "thumbs": self.map.thumbs_on,
            "layout": [
                layout.perplexity,
                layout.iterations,
                layout.neighbours,
                layout.min_dist,
                layout.seed,
            ],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was remembered."""
        if state.get("by") in get_args(ColourBy):
            self.points.colour_by(cast(ColourBy, state["by"]))
        if state.get("strength") in get_args(Strength):
            self.map.set_strength(cast(Strength, state["strength"]))
        if isinstance(state.get("thumbs"), bool):
            self.map.set_thumbs_on(state["thumbs"])
        match state.get("plane"):
            case ["leading" | "values" as kind, int(a), int(b)] if 0 <= a != b >= 0:
                self._explorer.set_plane(PlaneChoice(kind, (a, b)))
        match state.get("layout"):
            case [float() | int() as p, int(s), int(k), float() | int() as d, int(seed)]:
                if 2 <= p <= 200 and 10 <= s <= 5000 and 2 <= k <= 200 and 0 <= d < 1 and seed >= 0:
                    self.layouts.bar.restore(Layout("tsne", p, s, k, d, seed))


def _run(act: Any, _checked: bool = False) -> None:
    act()
