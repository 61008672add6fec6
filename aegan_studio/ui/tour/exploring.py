"""Screens of the tour: the Explore workspace with every kind of model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

from aegan_studio.catalog.demos import FromPicture, demo
from aegan_studio.ui.app import Studio
from aegan_studio.ui.demos.doing import act
from aegan_studio.ui.rehearsal import until, wait
from aegan_studio.ui.tour.screen import Screen

SETTLED = 1.5
"""Seconds within which a page that is shown gets its answers."""
STEPS = 800
"""Of models that no demo brings."""


def _explorer(studio: Studio) -> Any:
    workspace: Any = studio.window.workspace
    return workspace.explorer


def _demo(name: str, studio: Studio) -> None:
    """Open a demo and explore it."""
    studio.window.demos.open(name)
    _explore(studio)


def _trained(name: str, studio: Studio, **options: object) -> None:
    """Train a recipe for a moment and explore it."""
    studio.window.filing.open_recipe(name)
    changes: dict[str, Any] = {"training.steps": STEPS, "training.threads": 1}
    studio.document.edit({**changes, **options})
    studio.session.train()
    until(lambda: studio.session.state == "finished", "the end of a training")
    _explore(studio)


def _explore(studio: Studio) -> None:
    studio.window.show_workspace("explore")
    until(lambda: _explorer(studio).walk is not None, "a walk")
    until(lambda: _explorer(studio).picture is not None, "a picture")


def _pages(
    studio: Studio, pages: Mapping[str, str], do: Callable[[Studio], None] | None = None
) -> None:
    """Show pages in their places, do something there, and wait for what it gives."""
    workspace: Any = studio.window.workspace
    if workspace.explorer.picture is None:  # built anew for another language
        _explore(studio)
    for place, page in pages.items():
        workspace.show_page(place, page)
    wait(SETTLED)
    if do is not None:
        do(studio)
        wait(SETTLED)


def _screen(
    name: str,
    reach: Callable[[Studio], None],
    pages: Mapping[str, str],
    do: Callable[[Studio], None] | None = None,
    after: str = "",
) -> Screen:
    return Screen(name, reach, partial(_pages, pages=pages, do=do), after=after)


def _picture(what: Literal["drawing", "noise", "hole"], studio: Studio) -> None:
    if what == "drawing":
        shown = demo("digit-map").steps[0].show
        assert shown is not None
        act(shown, studio.window)
    else:
        act(FromPicture(do="picture", what=what), studio.window)


def _nothing(studio: Studio) -> None:
    del studio


FIRST_PAGES = {"atlas": "map", "canvas": "code", "moves": "axes", "keep": "pins"}
DRAWING = {"atlas": "sweeps", "canvas": "picture", "moves": "directions", "keep": "algebra"}
GRIDS = {"atlas": "manifold", "canvas": "picture", "moves": "seeds", "keep": "bookmarks"}
PARTS = {"atlas": "mixing", "canvas": "drag", "moves": "axes", "keep": "pins"}

AEGAN, VAE, GAN = "explore-aegan", "explore-vae", "explore-gan"

SCREENS: tuple[Screen, ...] = (
    _screen(AEGAN, partial(_demo, "digit-walk"), FIRST_PAGES),
    _screen("explore-aegan-drawing", _nothing, DRAWING, partial(_picture, "drawing"), AEGAN),
    _screen(VAE, partial(_demo, "digit-map"), FIRST_PAGES),
    _screen("explore-vae-mending", _nothing, GRIDS, partial(_picture, "noise"), VAE),
    _screen(GAN, partial(_demo, "digits-on-demand"), FIRST_PAGES),
    _screen("explore-gan-parts", _nothing, PARTS, None, GAN),
    _screen("explore-vq-vae", partial(_trained, "digits-vq-vae"), FIRST_PAGES),
    _screen("explore-points", partial(_trained, "moons-vae"), FIRST_PAGES),
    _screen("explore-photos", partial(_demo, "photo-repair"), GRIDS, partial(_picture, "hole")),
)
"""Those of one model after each other."""
