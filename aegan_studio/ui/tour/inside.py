"""Screens of the tour: what goes on inside a model, in panels that a person adds."""

from __future__ import annotations

from functools import partial

from aegan_studio.ui.app import Studio
from aegan_studio.ui.panels.train.views.base import ViewPanel
from aegan_studio.ui.panels.train.views.metric import MetricPanel
from aegan_studio.ui.panels.train.workspace import TrainWorkspace
from aegan_studio.ui.rehearsal import until
from aegan_studio.ui.tour.screen import Screen

STEPS = 800

METRICS = (
    ("column.loss-dx", "column.adv-x", "column.rec-x"),
    ("pace.rate",),
)
"""What the two plots of metrics show."""


def _workspace(studio: Studio) -> TrainWorkspace:
    space = studio.window.workspace
    assert isinstance(space, TrainWorkspace)
    return space


def _trained(recipe: str, studio: Studio) -> None:
    studio.window.filing.open_recipe(recipe)
    studio.document.edit({"training.steps": STEPS, "training.threads": 1})
    studio.session.train()
    until(lambda: studio.session.state == "finished", "the end")


def _add(names: tuple[str, ...], studio: Studio) -> None:
    """Add panels, and wait for what they show."""
    space = _workspace(studio)
    for name in names:
        space.toggle(name, True)
    panels = [space.panel(name) for name in names]
    views = [panel for panel in panels if isinstance(panel, ViewPanel)]
    until(lambda: all(panel.view is not None for panel in views), "the views")
    metrics = [panel for panel in panels if isinstance(panel, MetricPanel)]
    for panel, figures in zip(metrics, METRICS, strict=False):
        panel.set_figures(figures)
    if metrics:
        metrics[-1].axis.set_value("time")
        metrics[-1].restore(metrics[-1].state())


def _leave(studio: Studio) -> None:
    _workspace(studio).reset()


def _screen(name: str, recipe: str, *panels: str) -> Screen:
    return Screen(name, partial(_trained, recipe), partial(_add, panels), _leave)


SCREENS: tuple[Screen, ...] = (
    _screen("inside-layers", "digits-aegan", "verdicts", "layers", "codes"),
    _screen("inside-pictures", "digits-dcgan", "filters", "features", "classes"),
    _screen("inside-points", "ring-gan", "filters", "classes", "verdicts"),
    _screen("inside-metrics", "digits-aegan", "metric", "metric#2"),
)
