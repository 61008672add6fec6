"""The pages of the Explore workspace, as data: each is imported when it is first shown."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aegan_studio.messages import Message, msg
from aegan_studio.ui.latent.explorer import Explorer

if TYPE_CHECKING:
    from aegan_studio.ui.panels.explore.page import Page


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page: ``target`` is ``module:class`` within ``ui.panels.explore``."""

    name: str
    label: Message
    tip: Message
    target: str

    def make(self, explorer: Explorer) -> Page:
        """Import and build it."""
        module, _, name = self.target.partition(":")
        found = importlib.import_module(f"aegan_studio.ui.panels.explore.{module}")
        page: Page = getattr(found, name)(explorer)
        return page


PLACES: dict[str, tuple[PageEntry, ...]] = {
    "atlas": (
        PageEntry("map", msg("Latent map"), msg("Where the data lie."), "map.page:MapPage"),
        PageEntry(
            "sweeps",
            msg("Sweeps"),
            msg("A row of pictures for each value of the code, from low to high."),
            "grids.sweeps:SweepsPage",
        ),
        PageEntry(
            "manifold",
            msg("Manifold"),
            msg("What a grid over two values of the code decodes to."),
            "grids.manifold:ManifoldPage",
        ),
        PageEntry(
            "mixing",
            msg("Mixing"),
            msg("Some of a code from one source, the rest from another."),
            "grids.mixing:MixingPage",
        ),
    ),
    "canvas": (
        PageEntry(
            "code",
            msg("Current code"),
            msg("What the current code decodes to, and the data most like it."),
            "code.page:CodePage",
        ),
        PageEntry(
            "picture",
            msg("Picture"),
            msg("Draw, drop or open a picture and find its code; restore it."),
            "easel.page:PicturePage",
        ),
        PageEntry(
            "drag",
            msg("Drag"),
            msg("Pull points of the picture to where they shall be."),
            "drag.page:DragPage",
        ),
    ),
    "moves": (
        PageEntry("axes", msg("Axes"), msg("A slider for each value."), "moves.axes:AxesPage"),
        PageEntry(
            "directions",
            msg("Directions"),
            msg("Sliders along directions that mean something, found or made."),
            "moves.directions:DirectionsPage",
        ),
        PageEntry(
            "seeds",
            msg("Seeds"),
            msg("Random codes on a pad, and blends between them."),
            "moves.seeds:SeedsPage",
        ),
    ),
    "keep": (
        PageEntry("pins", msg("Pins"), msg("The stops of the walk."), "keep.pins:PinsPage"),
        PageEntry(
            "algebra",
            msg("Algebra"),
            msg("Codes added and taken away: A − B + C."),
            "keep.algebra:AlgebraPage",
        ),
        PageEntry(
            "bookmarks",
            msg("Bookmarks"),
            msg("Named codes kept beside the run, and the codes you went to."),
            "keep.bookmarks:BookmarksPage",
        ),
    ),
    "walk": (
        PageEntry("walk", msg("Walk"), msg("The way through the pins."), "walk.page:WalkPage"),
    ),
}
"""The places of the workspace, and their pages in order."""
