"""Items picked out on the map: the selection, the search, and the neighbours of a code."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.map_messages import FindNeighbours, Neighbours
from aegan_studio.ui.latent.messages import Floats
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.map.neighbours import NeighbourStrip
from aegan_studio.ui.panels.explore.map.points import MapPoints
from aegan_studio.ui.panels.explore.map.selection import SelectionBar, rows_found
from aegan_studio.ui.panels.explore.map.view import LatentScatter


class MapPicks(QObject):
    """Keeps the lines below the map and the explorer's selection in step."""

    picked = Signal(int)
    """A neighbour's row was chosen."""

    def __init__(self, explorer: Explorer, view: LatentScatter, points: MapPoints) -> None:
        super().__init__(view)
        self._explorer, self._view, self._points = explorer, view, points
        self._depiction = Depiction()
        self.bar, self.strip = SelectionBar(view), NeighbourStrip()
        self.bar.hide()
        view.over = self.bar
        view.area_drawn.connect(self._on_area)
        explorer.selection.changed.connect(self._on_selection)
        explorer.listen(FindNeighbours, self._on_neighbours)
        self.bar.searched.connect(self._search)
        self.bar.isolate_changed.connect(points.set_isolate)
        self.bar.look_asked.connect(self._look)
        self.bar.cleared.connect(self.clear)
        self.strip.wanted.connect(self._find_again)
        self.strip.picked.connect(self.picked)
        self.strip.select_asked.connect(self._select_neighbours)
        self.strip.closed.connect(self.close_neighbours)

    def reset(self, depiction: Depiction) -> None:
        """Another model, or none: what was picked out of its data is nothing now."""
        self._depiction = depiction
        self.bar.hide()
        self.strip.show_found(None, depiction)
        self.strip.hide()

    def follow(self) -> None:
        """A chart came: the rings are elsewhere."""
        self._show_rings()

    def _on_area(self, rows: Any, how: str) -> None:
        self._points.select(rows, how)

    def _on_selection(self) -> None:
        rows, chart = self._explorer.selection.rows, self._explorer.chart
        total = 0 if chart is None else len(chart.codes)
        searching = self.bar.search.text()
        self.bar.setVisible(len(rows) > 0 or self.bar.search.hasFocus())
        self.bar.show_count(len(rows), total, asked=searching)
        if not len(rows):
            self.bar.isolate.setChecked(False)
        self._points.refresh()

    def open_search(self) -> None:
        """Look for items by class or number."""
        self.bar.show()
        self.bar.search.setFocus()
        self.bar.search.selectAll()
        self._on_selection()

    def _search(self, text: str) -> None:
        chart, model = self._explorer.chart, self._explorer.model
        if chart is not None and model is not None:
            names = [tr(name) for name in model.classes]
            self._explorer.selection.set(rows_found(text, names, chart))
            self._on_selection()

    def clear(self) -> None:
        """Select nothing and close the line."""
        self.bar.search.clear()
        self._view.setFocus()
        self._explorer.selection.clear()
        self.bar.hide()
        self._points.refresh()

    # Neighbours

    def find_neighbours(self, code: Floats) -> None:
        """Show the items whose codes are nearest to a code."""
        count, metric = self.strip.wish
        self.strip.show()
        self._explorer.ask(FindNeighbours(np.array(code, dtype=np.float64), count, metric))

    def _find_again(self) -> None:
        found = self.strip.found
        if found is not None:
            self.find_neighbours(found.code)

    def _on_neighbours(self, found: Neighbours) -> None:
        if not self.strip.isHidden():
            self.strip.show_found(found, self._depiction)
            self._show_rings()

    def _show_rings(self) -> None:
        found, chart = self.strip.found, self._explorer.chart
        places = np.zeros((0, 2))
        if found is not None and chart is not None and not self.strip.isHidden():
            places = chart.places[found.rows[found.rows < len(chart.places)]]
        self._view.show_rings(places)

    def _select_neighbours(self) -> None:
        if self.strip.found is not None:
            self._explorer.selection.set(self.strip.found.rows)

    def close_neighbours(self) -> None:
        """Show no neighbours."""
        self._explorer.cancel(FindNeighbours)
        self.strip.show_found(None, self._depiction)
        self.strip.hide()
        self._show_rings()

    def _look(self) -> None:
        self._view.fit_rows(self._explorer.selection.rows)
