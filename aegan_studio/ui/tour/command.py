"""The command ``aegan-studio tour``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aegan_studio.i18n import LANGUAGES
from aegan_studio.ui.app import Studio
from aegan_studio.ui.rehearsal import picture, rehearsal, wait
from aegan_studio.ui.theme import Mode, theme_manager
from aegan_studio.ui.tour import (
    comparing,
    drawing,
    exploring,
    inside,
    laboratory,
    stepping,
    training,
    watching,
)
from aegan_studio.ui.tour.screen import Screen

SCREENS: tuple[Screen, ...] = (
    *training.SCREENS,
    *drawing.SCREENS,
    *laboratory.SCREENS,
    *inside.SCREENS,
    *stepping.SCREENS,
    *watching.SCREENS,
    *exploring.SCREENS,
    *comparing.SCREENS,
)
"""All screens; each comes after those that it depends on."""

THEMES: tuple[Mode, ...] = ("dark", "light")


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of picture: its name, the window's size, device pixels to a logical one."""

    name: str
    width: int
    height: int
    scale: float


FORMATS = (
    Format("1280x800", 1280, 800, 1.0),
    Format("1024x680", 1024, 680, 1.0),
    Format("1024x680-at-200", 1024, 680, 2.0),
)


def main(out: Path, only: str = "") -> int:
    """Draw every screen whose name contains ``only`` into ``out``, off-screen.

    Returns
    -------
    int
        0; the names of the pictures are printed as they are written.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="aegan-tour-") as home,
        rehearsal(Path(home), offscreen=True) as studio,
    ):
        studio.window.show()
        for screen in way_to([screen for screen in SCREENS if only in screen.name]):
            studio.window.resize(FORMATS[0].width, FORMATS[0].height)
            screen.reach(studio)
            if only in screen.name:
                for name in _draw(studio, screen, out):
                    sys.stdout.write(f"{name}\n")
                    sys.stdout.flush()
    return 0


def way_to(wanted: list[Screen]) -> list[Screen]:
    """The screens to reach in turn so that all of ``wanted`` are reached."""
    known = {screen.name: screen for screen in SCREENS}
    needed: set[str] = set()
    for screen in wanted:
        name = screen.name
        while name and name not in needed:
            needed.add(name)
            name = known[name].after
    return [screen for screen in SCREENS if screen.name in needed]


def _draw(studio: Studio, screen: Screen, out: Path) -> Iterator[str]:
    manager = theme_manager()
    assert manager is not None
    for language in LANGUAGES:
        studio.window.resize(FORMATS[0].width, FORMATS[0].height)  # built narrow, cards fold
        studio.window.speak(language)
        for theme in THEMES:
            manager.set_mode(theme)
            for format_ in FORMATS:
                studio.window.resize(format_.width, format_.height)
                screen.pose(studio)
                wait(0.35)  # folds and hovers end, late answers come in
                shown = {screen.name: studio.window, **studio.window.spaces.floats.windows}
                for name, window in shown.items():
                    path = out / f"{name}-{language}-{theme}-{format_.name}.png"
                    picture(window, format_.scale).save(str(path))
                    yield path.name
                screen.leave(studio)
    studio.window.speak(next(iter(LANGUAGES)))
