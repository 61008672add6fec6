"""Maps without axes on the page: when they are laid out, and how that is followed."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject

from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.map_messages import Embed, Embedding
from aegan_studio.ui.latent.messages import Charted, Trouble
from aegan_studio.ui.panels.explore.map.feed import MapFeed
from aegan_studio.ui.panels.explore.map.layout import LayoutBar
from aegan_studio.ui.panels.explore.map.points import MapPoints
from aegan_studio.ui.panels.explore.map.sheet import MapSheet

LAID_OUT = ("tsne", "umap")
"""Kinds of planes that must be laid out first."""


class MapLayouts(QObject):
    """Lays the codes out where the chosen plane asks for it, and shows how they move."""

    def __init__(
        self, explorer: Explorer, view: MapSheet, points: MapPoints, feed: MapFeed
    ) -> None:
        super().__init__(view)
        self._explorer, self._view, self._points, self._feed = explorer, view, points, feed
        self._tried = ""
        self.bar = LayoutBar()
        self.bar.asked.connect(self._begin)
        self.bar.stopped.connect(self._stop)
        explorer.listen(Embed, self._on_embedding, troubles=True)

    def reset(self) -> None:
        """Forget the model."""
        self._tried = ""
        self.bar.settle()
        self.bar.hide()

    def end(self) -> None:
        """Another plane is chosen: what is under way ends."""
        if self.bar.running:
            self._explorer.cancel(Embed)
            self.bar.settle()

    def follow(self, chart: Charted) -> None:
        """A chart came: where its layout is still to be made, begin."""
        kind = self._explorer.plane_choice.kind
        self.bar.setVisible(kind in LAID_OUT)
        if kind not in LAID_OUT:
            self._tried = ""
            return
        if self.bar.running:
            return
        self.bar.show_kind(kind)
        if chart.plane.kind != kind and self._tried != kind:
            self._tried = kind  # once; where it fails or is stopped, a person decides
            self._begin(Embed(self.bar.layout_wanted))

    def _begin(self, request: Embed) -> None:
        self.bar.begin()
        self._explorer.ask(request)

    def _stop(self) -> None:
        self._explorer.cancel(Embed)
        self.bar.settle()
        self._explorer.set_plane(self._explorer.plane_choice)

    def _on_embedding(self, told: Embedding | Trouble) -> None:
        if isinstance(told, Trouble):
            self.bar.settle()
            self._explorer.trouble.emit(told.sentences)
            return
        if told.done:
            self.bar.settle()
            self._explorer.set_plane(self._explorer.plane_choice)
            return
        self.bar.show_progress(told)
        if told.places is None:
            return
        view = self._view
        view.show_ticks(False)
        view.show_axes(("", ""), ("", ""))
        view.set_cursor(None)
        view.show_route({}, None)
        view.show_rings(np.zeros((0, 2)))
        view.show_mark(None)
        self._feed.pause()
        self._points.move(told.places)
        view.show_places(told.places, "", (0.0, 0.0), afresh=view.untouched)
