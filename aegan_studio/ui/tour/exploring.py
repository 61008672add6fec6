"""Screens of the tour: the Explore workspace with every kind of model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from aegan_studio.ui.app import Studio
from aegan_studio.ui.rehearsal import until, wait
from aegan_studio.ui.tour.screen import Screen

SETTLED = 0.8
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
    studio: Studio, pages: Mapping[str, str], do: Callable[[Any], None] | None = None
) -> None:
    """Show pages in their places, do something there, and wait for what it gives."""
    workspace: Any = studio.window.workspace
    if workspace.explorer.picture is None:  # built anew for another language
        _explore(studio)
    for place, page in pages.items():
        workspace.show_page(place, page)
    wait(SETTLED)
    if do is not None:
        do(workspace)
        wait(SETTLED)


def _screen(
    name: str,
    reach: Callable[[Studio], None],
    pages: Mapping[str, str],
    do: Callable[[Any], None] | None = None,
    after: str = "",
) -> Screen:
    return Screen(name, reach, partial(_pages, pages=pages, do=do), after=after)


def _stay(studio: Studio) -> None:
    del studio


FIRST_PAGES = {"atlas": "map", "canvas": "code", "moves": "axes", "keep": "pins"}

SCREENS: tuple[Screen, ...] = (
    _screen("explore-aegan", partial(_demo, "digit-walk"), FIRST_PAGES),
    _screen("explore-vq-vae", partial(_trained, "digits-vq-vae"), FIRST_PAGES),
    _screen("explore-points", partial(_trained, "moons-vae"), FIRST_PAGES),
)
