"""What the window asks of the training thread: frozen values, carried out between two steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aegan_studio.experiment.sides import Side
from aegan_studio.experiment.until import Until


@dataclass(frozen=True, slots=True)
class Go:
    """Train until the end, for ``steps`` more, or until something holds."""

    steps: int | None = None
    until: Until | None = None


@dataclass(frozen=True, slots=True)
class GoStep:
    """Carry out what the step under way still lacks, and tell of every update."""


@dataclass(frozen=True, slots=True)
class GoPhase:
    """Carry out updates of a phase alone: of the next one, or of the one named."""

    phase: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class GoSlowly:
    """Wait for :class:`Nudge` before each half of each update."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """Slowly: carry out the next half. A new update is of the phase named, or the next."""

    phase: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Somebody who watches the run has found something of this name."""

    name: str


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


@dataclass(frozen=True, slots=True)
class ForSide:
    """A command for one side of a comparison."""

    side: Side
    command: Change | Want


Command = (
    Go
    | GoStep
    | GoPhase
    | GoSlowly
    | Nudge
    | Finding
    | Hold
    | Change
    | Want
    | Save
    | Quit
    | ForSide
)
