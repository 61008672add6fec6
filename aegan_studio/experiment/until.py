"""What training can be asked to run until, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Side = Literal["above", "below"]


@dataclass(frozen=True, slots=True)
class AtStep:
    """So many whole steps are made."""

    step: int


@dataclass(frozen=True, slots=True)
class AtEpoch:
    """The data were gone through so many times."""

    epoch: float


@dataclass(frozen=True, slots=True)
class AfterTime:
    """The run was trained for so many seconds in all."""

    seconds: float


@dataclass(frozen=True, slots=True)
class WhenMeasured:
    """A column of the run, or a measurement on held-out data, is above or below a value."""

    name: str
    side: Side
    value: float
    held_out: bool = False

    def holds(self, value: Any) -> Any:
        """Whether a measured value meets it, or each of an array; one that is NaN never does."""
        return value > self.value if self.side == "above" else value < self.value


@dataclass(frozen=True, slots=True)
class WhenFound:
    """Whoever watches the run reports a finding: the one called ``finding``, or any."""

    finding: str = ""


Until = AtStep | AtEpoch | AfterTime | WhenMeasured | WhenFound
