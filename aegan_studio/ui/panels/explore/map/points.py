"""The points of the map: which are drawn, in which colours, and which are selected."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject

from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.map_messages import Measured, MeasureDensity, MeasureLosses
from aegan_studio.ui.latent.messages import Charted, Floats, Loaded
from aegan_studio.ui.panels.explore.map.area import How, joined
from aegan_studio.ui.panels.explore.map.colours import ColourBy, Coloured, coloured, on_offer
from aegan_studio.ui.panels.explore.map.sheet import MapSheet
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.scatter_grid import Rows

Shown = Literal["all", "training", "held-out"]


class MapPoints(QObject):
    """Hands the chart's points to the map as the page's choices want them."""

    def __init__(self, explorer: Explorer, view: MapSheet) -> None:
        super().__init__(view)
        self._explorer, self._view = explorer, view
        self._wish: ColourBy | None = None
        self._shown: Shown = "all"
        self._isolate = False
        self._chart: Charted | None = None
        self._model: Loaded | None = None
        self._places: Floats = np.zeros((0, 2))
        self._labels: npt.NDArray[np.intp] | None = None
        self._values: dict[str, Floats] = {}
        self._lost = (-1, 0)
        self._looks: Coloured = Coloured(None)
        self._rows: Rows | None = None
        explorer.listen(MeasureLosses, self._on_measured)
        explorer.listen(MeasureDensity, self._on_measured)
        view.key.hidden_changed.connect(self._on_hidden)

    # Choices

    @property
    def wish(self) -> ColourBy | None:
        """What a person chose to colour by, if anything."""
        return self._wish

    @property
    def by(self) -> ColourBy:
        """What the points are coloured by: the wish, where it applies."""
        if self._chart is None or self._model is None:
            return "plain"
        names = [entry.name for entry in on_offer(self._model, self._chart)]
        return self._wish if self._wish in names and self._wish is not None else names[0]

    @property
    def shown(self) -> Shown:
        """Which items are drawn."""
        return self._shown

    def colour_by(self, by: ColourBy) -> None:
        """Colour the points by something else."""
        if by != self._wish:
            self._view.key.set_hidden(frozenset())
        self._wish = by
        self._measure()
        self._paint()

    def show_items(self, shown: Shown) -> None:
        """Draw all items, or only those trained on, or only those held out."""
        self._shown = shown
        self._paint()

    def set_isolate(self, on: bool) -> None:
        """Draw the selected items alone."""
        self._isolate = on
        self._draw()

    def select(self, rows: Rows, how: str) -> None:
        """Select rows, add them, or take them away."""
        action: How = "add" if how == "add" else "remove" if how == "remove" else "set"
        self._explorer.selection.set(joined(self._explorer.selection.rows, rows, action))

    # What is drawn

    def reset(self) -> None:
        """Forget the chart."""
        self._chart = self._model = None
        self._values.clear()
        self._lost = (-1, 0)
        self._shown = "all"

    def show(self, chart: Charted, model: Loaded) -> None:
        """Draw a chart's points."""
        self._chart, self._model = chart, model
        self._places = np.ascontiguousarray(chart.places, dtype=np.float64)
        self._labels = None if chart.labels is None else chart.labels.astype(np.intp)
        self._measure()
        self._paint()

    def move(self, places: Floats) -> None:
        """The same points elsewhere, as while they are being laid out."""
        if self._chart is not None and len(places) == len(self._places):
            self._places = places
            self._draw()

    def refresh(self) -> None:
        """Draw anew: the theme or the selection is another."""
        self._paint()

    def _measure(self) -> None:
        """Ask for the numbers to colour by."""
        chart, by = self._chart, self.by
        if chart is None:
            return
        if by == "density":
            self._explorer.ask(MeasureDensity(self._places))
        elif by == "loss":
            state = chart.step, len(chart.codes)
            # while a training runs, losses of some steps ago will do
            if state != self._lost and not (self._explorer.training and self._lost[1] == state[1]):
                self._lost = state
                self._explorer.ask(MeasureLosses())

    def _on_measured(self, measured: Measured) -> None:
        self._values[measured.name] = measured.values
        if self.by == measured.name:
            self._paint()

    def _on_hidden(self, _hidden: object) -> None:
        self._draw()

    def _paint(self) -> None:
        """Colours and key, then the points."""
        chart, model = self._chart, self._model
        if chart is None or model is None:
            return
        by, key = self.by, self._view.key
        self._looks = coloured(by, model, chart, self._values.get(by), current_theme())
        if self._looks.entries:
            key.show_classes(self._looks.entries)
        else:
            key.show_scale(self._looks.scale)
        self._view.place_key()
        self._draw()

    def _draw(self) -> None:
        chart = self._chart
        if chart is None:
            return
        shown = {
            "all": np.ones(len(chart.places), dtype=np.bool_),
            "training": ~chart.held_out,
            "held-out": chart.held_out,
        }[self._shown]
        hidden = self._view.key.hidden
        if hidden and self._looks.kinds is not None:
            shown &= ~np.isin(self._looks.kinds, list(hidden))
        rows = None if shown.all() else np.flatnonzero(shown)
        if rows is not None and self._rows is not None and np.array_equal(rows, self._rows):
            rows = self._rows  # the very array, by which the map knows that its picture holds
        self._rows = rows
        selected = self._explorer.selection.rows
        selected = selected[selected < len(chart.places)]
        self._view.show_points(
            self._places,
            self._labels if self._model is not None and self._model.classes else None,
            self._looks.tints,
            rows,
            selected,
            isolate=self._isolate,
        )
