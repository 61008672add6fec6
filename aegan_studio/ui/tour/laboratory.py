"""Screens of the tour: the plane's layers, and codes beside it."""

from __future__ import annotations

from functools import partial

from aegan_studio.experiment.views.plane import Manifold
from aegan_studio.ui.app import Studio
from aegan_studio.ui.panels.train.plane.panel import PlanePanel
from aegan_studio.ui.panels.train.plane.pick import NodePick
from aegan_studio.ui.panels.train.workspace import TrainWorkspace
from aegan_studio.ui.rehearsal import until, wait
from aegan_studio.ui.tour.screen import Screen

STEPS = 1500
NODE = 7 * 21 + 6
"""A code off the middle, whose way is shown."""

SETTLED = 0.6
"""Seconds within which fields are there for another size of the plane."""


def _plane(studio: Studio) -> PlanePanel:
    space = studio.window.workspace
    assert isinstance(space, TrainWorkspace)
    panel = space.panel("plane")
    assert isinstance(panel, PlanePanel)
    return panel


def _trained(name: str, studio: Studio) -> None:
    """Train a recipe of points for a moment."""
    studio.window.filing.open_recipe(name)
    studio.document.edit({"training.steps": STEPS, "training.threads": 1})
    studio.session.train()
    until(lambda: studio.session.state == "finished", "the end")


def _look(layers: tuple[str, ...], studio: Studio) -> None:
    """Show these layers beside the usual ones, and the way of a code."""
    plane = _plane(studio)
    for name in layers:
        plane.legend[name].setChecked(True)
    until(lambda: plane.found(Manifold) is not None, "the net")
    NodePick.of(studio.session).choose(NODE)
    wait(SETTLED)


def _leave(studio: Studio) -> None:
    NodePick.of(studio.session).choose(-1)


def _screen(name: str, recipe: str, *layers: str) -> Screen:
    return Screen(name, partial(_trained, recipe), partial(_look, layers), _leave)


SCREENS: tuple[Screen, ...] = (
    _screen("laboratory-every-layer", "ring-gan", "density", "trails"),
    _screen("laboratory-pairs", "ring-ali", "links"),
    _screen("laboratory-autoencoder", "moons-vae", "manifold"),
)
