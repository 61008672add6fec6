"""What the window asks of the training thread: frozen values, carried out between two steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Go:
    """Train until the end, or ``steps`` more."""

    steps: int | None = None


@dataclass(frozen=True, slots=True)
class GoPhase:
    """Carry out the next phase of a step alone."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Pause after the step under way, and save."""


@dataclass(frozen=True, slots=True)
class Change:
    """Set a live option."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Want:
    """Which costly events and live views are of use."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Save:
    """Write a checkpoint."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the thread after the step under way, saved unless there is nothing worth it."""


Command = Go | GoPhase | Hold | Change | Want | Save | Quit
