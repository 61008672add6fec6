"""Screens of the tour: one update told in sentences, and slow motion."""

from __future__ import annotations

from aegan_studio.ui.app import Studio
from aegan_studio.ui.rehearsal import until
from aegan_studio.ui.tour.screen import Screen

LEARNED = 400
"""Steps after which something is to be seen."""


def _learn(studio: Studio, name: str) -> None:
    studio.window.filing.open_recipe(name)
    studio.document.edit({"training.threads": 1})
    studio.window.show_workspace("train")
    studio.session.step_once(LEARNED)
    session = studio.session
    until(lambda: session.step >= LEARNED and session.state == "paused", "some steps")


def _one_update(studio: Studio) -> None:
    _learn(studio, "ring-gan")
    stepping = studio.session.stepping
    stepping.one_phase()
    until(lambda: stepping.within, "an update")


def _slowly(studio: Studio) -> None:
    _learn(studio, "digits-aegan")
    stepping = studio.session.stepping
    stepping.one_phase()
    until(lambda: stepping.within, "an update of the critics")
    stepping.slow_motion()
    until(lambda: stepping.slow.phase == "autoencoder", "an update to watch")
    while stepping.slow.stage < 3:  # encoding
        stepping.next_stage()
    stepping.slow.stand(0.7)


def _backwards(studio: Studio) -> None:
    slow = studio.session.stepping.slow
    while slow.stage < slow.stages - 2:
        slow.next_stage()
    slow.stand(0.62)


SCREENS = (
    Screen("one-step", _one_update),
    Screen("slow-motion", _slowly),
    Screen("slow-motion-back", _backwards, after="slow-motion"),
)
"""In an order in which each is reached from the one before."""
