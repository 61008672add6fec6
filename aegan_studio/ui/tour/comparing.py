"""Screens of the tour: two experiments side by side."""

from __future__ import annotations

from typing import Any

from aegan_studio.ui.app import Studio
from aegan_studio.ui.panels.welcome.page import FIRST
from aegan_studio.ui.rehearsal import until
from aegan_studio.ui.tour.screen import Screen

STEPS = 900
"""Steps after which both rivals show what they are."""
SHORT = {"training.threads": 1}


def _workspace(studio: Studio) -> Any:
    workspace: Any = studio.window.workspace
    return workspace


def _empty(studio: Studio) -> None:
    studio.window.filing.open_recipe(FIRST)
    studio.window.show_workspace("compare")
    _workspace(studio).pair.forget()


def _rest(studio: Studio, step: int) -> None:
    pair = _workspace(studio).pair
    until(lambda: pair.step >= step, "both rivals")
    pair.pause()
    until(lambda: pair.state in ("paused", "finished"), "both at rest")


def _ring(studio: Studio) -> None:
    studio.window.show_workspace("compare")
    _workspace(studio).begin_ring()
    _rest(studio, STEPS)


def _digits(studio: Studio) -> None:
    studio.window.filing.open_recipe("digits-vae")
    studio.document.edit(SHORT)
    studio.window.show_workspace("compare")
    _workspace(studio).compare_with("autoencoder")
    studio.window.top.restart.click()  # a pair of before may rest there
    _rest(studio, STEPS)


def _rebuilt(studio: Studio) -> None:
    _workspace(studio).head.part.set_value("reconstructions")
    _workspace(studio).head.part_changed.emit("reconstructions")


def _problem(studio: Studio) -> None:
    studio.document.edit({"training.batch_size": 60_000})


SCREENS: tuple[Screen, ...] = (
    Screen("compare-empty", _empty),
    Screen("compare-ring", _ring, after="compare-empty"),
    Screen("compare-digits", _digits, _rebuilt, after="compare-empty"),
    Screen("compare-problem", _problem, after="compare-digits"),
)
"""Nothing to compare with, points, pictures, and a recipe that cannot train."""
