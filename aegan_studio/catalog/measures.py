"""What can be measured of two experiments alike, and which value is the better one."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from aegan_studio.catalog.vitals import figure
from aegan_studio.catalog.vitals.entry import Style
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.options import describe
from aegan_studio.experiment.parts import PhaseInfo, TermInfo
from aegan_studio.messages import Message

Aim = Literal["low", "high"] | float | None
"""Which value is better: low or high, or near a number; ``None`` where none is."""

AIMS: Mapping[str, Aim] = {
    "js": "low",
    "kl-forward": "low",
    "kl-reverse": "low",
    "covered": "high",
    "modes": "high",
    "high-quality": "high",
    "uneven": "low",
    "coverage": "high",
    "precision": "high",
    "distance": "low",
    "classes-made": "high",
    "rarest-made": "high",
    "spread": 1.0,
    "apart": 1.0,
    "twins": "low",
    "nearer-train": 0.5,
    "unexplained": "low",
    "told-apart": 0.5,
}
"""Figures of vital signs that say how good a model is, the most telling first."""

_PENALTY = re.compile(r" \+ (?:\\lambda|\\frac\{\\lambda\}).*$")


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity that means the same for both experiments.

    Attributes
    ----------
    name : str
        The name it is recorded under.
    held_out : bool
        Measured now and then on held-out data; else at every step of training.
    """

    name: str
    label: Message
    help: Message
    held_out: bool
    aim: Aim = None
    style: Style = "plain"

    def better(self, first: float, second: float) -> int | None:
        """0 or 1: which value is better; ``None`` where neither is or it cannot be said."""
        if self.aim is None or not (math.isfinite(first) and math.isfinite(second)):
            return None
        if isinstance(self.aim, float):
            first, second = -abs(first - self.aim), -abs(second - self.aim)
        elif self.aim == "low":
            first, second = -first, -second
        if math.isclose(first, second, rel_tol=1e-6, abs_tol=1e-9):
            return None
        return 0 if first > second else 1


def shared_terms(first: Experiment, second: Experiment) -> tuple[TermInfo, ...]:
    """The terms of both that are the same quantity, in the order of the first.

    Losses of a game are where both games' formulas agree but for a penalty; shares of right
    answers always are; anything else is within one method whose choices agree.
    """
    theirs = {term.name: (phase, term) for phase in second.phase_infos() for term in phase.terms}
    alike = _choices(first) == _choices(second)
    found: dict[str, TermInfo] = {}
    for phase in first.phase_infos():
        for term in phase.terms:
            match = theirs.get(term.name)
            if match is not None and match[1] == term and _same(phase, match[0], term, alike):
                found[term.name] = term
    return tuple(found.values())


def _same(mine: PhaseInfo, theirs: PhaseInfo, term: TermInfo, alike: bool) -> bool:
    if term.share and term.signal:
        return True
    if term.name.startswith("loss-"):
        return _PENALTY.sub("", mine.latex) == _PENALTY.sub("", theirs.latex)
    return alike


def _choices(experiment: Experiment) -> object:
    """The method and what was chosen of it, which decides what its terms mean."""
    method = experiment.method
    chosen = {
        info.name: getattr(method, info.name)
        for info in describe(type(method))
        if info.type == "choice" and info.name != "sampler"
    }
    return method.kind, chosen


def measures(
    first: Experiment, second: Experiment, recorded: tuple[frozenset[str], frozenset[str]]
) -> tuple[Measure, ...]:
    """What was recorded of both and means the same, the most telling first.

    Parameters
    ----------
    recorded : tuple of frozenset
        The names that each side measured on held-out data.
    """
    terms = shared_terms(first, second)
    found = [
        _of_term(term, held_out=True)
        for term in terms
        if term.name in recorded[0] and term.name in recorded[1]
    ]
    both = recorded[0] & recorded[1]
    for name in (*AIMS, *sorted(both - AIMS.keys())):
        known = figure(name)
        if name in both and known is not None:
            info, role = known
            if not role:
                found.append(Measure(name, info.label, info.help, True, AIMS.get(name), info.style))
    order = {name: place for place, name in enumerate(AIMS)}
    found.sort(key=lambda measure: order.get(measure.name, len(order)))
    return (*found, *(_of_term(term, held_out=False) for term in terms))


def _of_term(term: TermInfo, *, held_out: bool) -> Measure:
    aim: Aim = "low" if held_out and term.name.startswith("rec-") else None
    style: Style = "share" if term.share else "plain"
    return Measure(term.name, Message(term.label), Message(term.help), held_out, aim, style)
