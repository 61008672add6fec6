"""A screen of the tour, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aegan_studio.ui.app import Studio


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: how to get there once, and what to do each time before it is drawn.

    Reaching it depends on no other screen, unless ``after`` names one that must be reached first.
    """

    name: str
    reach: Callable[[Studio], None]
    pose: Callable[[Studio], None] = lambda studio: None
    leave: Callable[[Studio], None] = lambda studio: None
    after: str = ""
