"""What the map asks the worker for as it moves: tiles behind the points, pictures of items."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
from PySide6.QtCore import QObject, QTimer

from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.map_messages import DecodeTiles, ItemsShown, ShowItems, Tiled
from aegan_studio.ui.latent.messages import Charted, Loaded
from aegan_studio.ui.panels.explore.map.sheet import MapSheet
from aegan_studio.ui.theme import current_theme

CELL = 56.0
"""Pixels between the points of a sheet that bends through the data's plane."""
CODE_RESTS_MS = 120
"""How long the code must rest before tiles that it fills are decoded anew."""


class MapFeed(QObject):
    """Keeps the ground of the map decoded, coarse to fine, and the pictures of near items.

    Of points there are no pictures: a mesh over the view is decoded, which the canvas shows.
    """

    def __init__(self, explorer: Explorer, view: MapSheet) -> None:
        super().__init__(view)
        self._explorer, self._view = explorer, view
        self._chart: Charted | None = None
        self._plane: Hashable = None
        self._rounds = 0
        self._of_points = False
        self._paused = False
        self._code_rests = QTimer(self, singleShot=True, interval=CODE_RESTS_MS)
        self._code_rests.timeout.connect(self.ask)
        view.ground_wanted.connect(self.ask)
        explorer.listen(DecodeTiles, self._on_tiles, every=True)
        explorer.listen(ShowItems, self._on_items, every=True)

    def set_model(self, model: Loaded) -> None:
        """Another model, or another snapshot of it."""
        self._of_points = model.data is not None
        pictured = len(model.shape) == 3 and not self._of_points
        tall, wide = model.shape[1:] if pictured else (0, 0)
        self._view.ground.expect(wide, tall)
        self._view.thumbs.expect(wide, tall)

    def reset(self) -> None:
        """Forget the model."""
        self._chart, self._plane, self._paused = None, None, False
        self._code_rests.stop()

    def follow(self, chart: Charted) -> None:
        """Another chart: its tiles are others; those of the same plane stand in meanwhile."""
        choice = self._explorer.plane_choice
        plane = (choice, chart.plane.kind)
        same_codes = self._chart is not None and self._chart.step == chart.step
        if chart.source == "prior" and not same_codes:
            self._view.thumbs.forget()  # their pictures are what the weights make of draws
        if not (same_codes and plane == self._plane):
            self._rounds += 1
        if chart.plane.kind in ("tsne", "umap"):
            self._rounds += 1
        self._chart, self._paused = chart, False
        akin = plane == self._plane and chart.plane.kind not in ("tsne", "umap")
        self._plane = plane
        self._want(akin=akin)
        self.ask()

    def pause(self) -> None:
        """The points move: nothing behind them holds."""
        if not self._paused:
            self._paused = True
            self._explorer.cancel(DecodeTiles)
            self._view.ground.set_key(("nothing", self._rounds), akin=False)
            self._view.ground_changed()

    def on_code(self) -> None:
        """The current code moved: it may fill what the plane leaves open."""
        if self._chart is not None and not self._chart.plane.settled:
            self._code_rests.start()

    def _key(self) -> Hashable:
        """What tiles belong to; a code that moves within the plane leaves it as it is."""
        chart, code = self._chart, self._explorer.code
        if chart is None or chart.plane.settled or not code.size:
            return self._rounds
        rest = chart.plane.unproject(np.zeros(len(chart.plane.indices)), code)
        return self._rounds, np.round(rest, 9).tobytes()

    def _want(self, *, akin: bool) -> None:
        """Let the ground be that of the present chart and code."""
        key = self._key()
        if key != self._view.ground.key:
            self._view.ground.set_key(key, akin=akin)
            self._view.ground_changed()

    def ask(self) -> None:
        """Decode what the view lacks."""
        chart, view = self._chart, self._view
        if chart is None or self._paused or not self._explorer.code.size or not view.isVisible():
            return
        plane = view.plane()
        if plane.width() < CELL or plane.height() < CELL:
            return
        if self._of_points:
            x0, x1, y0, y1 = view.view.bounds(plane)
            columns = max(2, round(plane.width() / CELL))
            rows = max(2, round(plane.height() / CELL))
            self._explorer.show_behind((x0, y0, x1 - x0, y1 - y0), columns, rows)
            return
        self._ask_tiles(chart)
        missing = view.thumbs.missing(view.thumb_rows())
        if len(missing):
            self._explorer.ask(ShowItems(missing))

    def _ask_tiles(self, chart: Charted) -> None:
        view, ground = self._view, self._view.ground
        if view.strength == "off":
            return
        self._want(akin=True)
        bounds, ratio = view.view.bounds(view.plane()), view.devicePixelRatioF()
        cells = ground.missing(view.view, bounds, ratio)
        if len(cells):
            centres = ground.centres(cells)[:, : len(chart.plane.indices)]
            codes = chart.plane.unproject(centres, self._explorer.code)
            self._explorer.ask(DecodeTiles(ground.key, cells, codes))

    def _on_tiles(self, tiles: Tiled) -> None:
        ground = self._view.ground
        ground.add(tiles.key, tiles.cells, tiles.items, current_theme())
        if tiles.key == ground.key:
            self._view.ground_changed(tiles.cells)

    def _on_items(self, shown: ItemsShown) -> None:
        self._view.thumbs.add(shown.rows, shown.items)
        self._view.update()
