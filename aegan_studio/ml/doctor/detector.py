"""What all detectors have in common: a sign at a time, and patience."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from aegan_studio.experiment.findings import Severity
from aegan_studio.ml.doctor.anatomy import Anatomy
from aegan_studio.ml.doctor.chart import Chart

RELEASE = 0.7
"""A finding stands until its sign is weaker than this share of what brought it."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What a detector sees in one round.

    Attributes
    ----------
    strength : float
        1 and more where its criterion is met; 0 where nothing hints at it.
    severity : {"info", "warning", "error"}
    about : str
        The role or phase in question.
    numbers : mapping
        The figures it rests on, by the names they are recorded under.
    curves : mapping
        Names of series to show, with the limit that counts as a sign or ``None``.
    """

    strength: float
    severity: Severity = "warning"
    about: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, float | None] = field(default_factory=dict)


NOTHING = Sign(0.0)


class Detector(ABC):
    """Watches for one finding.

    Attributes
    ----------
    patience : int
        Readings in a row that must meet the criterion before it is reported, and as many must
        fall short of it before that is withdrawn.
    """

    name: str
    patience: int = 3

    def __init__(self, anatomy: Anatomy) -> None:
        self.anatomy = anatomy

    def judged(self, chart: Chart) -> bool:
        """Whether a discriminator of data is at work now: mixers can switch it off."""
        phase = self.anatomy.phase("discriminator")
        if phase is None:
            return False
        losses = [term.name for term in phase.terms if not term.signal and term.name != "penalty"]
        return any(chart.active(name) for name in losses if not name.endswith("z"))

    @abstractmethod
    def look(self, chart: Chart) -> Sign | None:
        """What the newest round says; ``None`` where it says nothing new."""


def ratio(value: float, limit: float) -> float:
    """How far a value is above its limit: 1 at the limit, 2 at twice it; 0 at most for NaN."""
    return value / limit if value == value and limit > 0 else 0.0


def below(value: float, limit: float) -> float:
    """How far a value is below its limit: 1 at the limit, growing to 2 at zero."""
    return 2 - value / limit if value == value and limit > 0 else 0.0
