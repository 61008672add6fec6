"""Screens of the tour: looking back in a run, and what the doctor says of a sick one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aegan_studio.ui.app import Studio
from aegan_studio.ui.rehearsal import until
from aegan_studio.ui.tour.screen import Screen

LEARNED = 700
"""Steps after which the timeline holds instants enough to look back."""
ILL = {
    "method.beta": 50.0,
    "training.steps": 1200,
    "training.threads": 1,
}
"""A divergence that weighs so much that the code says nothing."""


def _train(studio: Studio, recipe: str, edits: Mapping[str, object]) -> None:
    studio.window.filing.open_recipe(recipe)
    studio.document.edit(edits)
    studio.window.show_workspace("train")
    studio.session.restart()


def _looking_back(studio: Studio) -> None:
    _train(studio, "ring-gan", {"training.threads": 1})
    session = studio.session
    until(lambda: session.step >= LEARNED, "some steps")
    session.pause()
    until(lambda: session.state == "paused", "the pause")


def _rewind(studio: Studio) -> None:
    moments = studio.session.moments
    studio.session.rewind(moments.steps[len(moments.steps) // 2])


def _now(studio: Studio) -> None:
    studio.session.return_to_now()


def _sick(studio: Studio) -> None:
    _train(studio, "digits-vae", ILL)
    session = studio.session
    until(lambda: session.state == "finished", "the end")
    until(lambda: bool(session.watching.shown), "a finding")


def _open_doctor(studio: Studio) -> None:
    studio.window.show_doctor()


def _close_doctor(studio: Studio) -> None:
    space: Any = studio.window.workspace
    space.toggle("doctor", False)


SCREENS = (
    Screen("looking-back", _looking_back, _rewind, _now),
    Screen("doctor", _sick, _open_doctor, _close_doctor),
)
