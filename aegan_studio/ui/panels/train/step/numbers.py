"""The numbers of an update put into its sentences and into the formula of its loss."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from aegan_studio.catalog.narration import Formula, Narration
from aegan_studio.experiment.events import PhaseDone, PhaseReady
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.train.model.state import value_text
from aegan_studio.ui.widgets.numbers import MINUS, format_number


def latex_number(value: float, *, share: bool = False) -> str:
    """A number as LaTeX: ``0.41``, ``1.2·10⁻⁵``, ``75 %``."""
    text = value_text(value, share=share).replace(MINUS, "-")
    found = re.fullmatch(r"(-?[\d.]+)e(-?\d+)", text)
    if found is not None:
        return rf"{found[1]} \cdot 10^{{{found[2]}}}"
    return text.replace(",", r"\mathrm{,}").replace(" %", r"\, \%")


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is known of an update: nothing before the first, moves only once it is over."""

    ready: PhaseReady | None = None
    done: PhaseDone | None = None

    def of(self, formula: Formula) -> float | None:
        """The number that a formula reads, where it is known."""
        if formula.reading is None or self.ready is None:
            return None
        kind, name = formula.reading
        found: Mapping[str, float] = {}
        match kind:
            case "said":
                found = self.ready.said
            case "term":
                found = self.ready.terms
            case "total":
                found = {",".join(roles): value for roles, value in self.ready.totals.items()}
            case "gradient":
                found = self.ready.gradients
            case "move" if self.done is not None:
                found = self.done.moves
            case _:
                pass
        return found.get(name)

    def written(self, formula: Formula) -> str:
        """LaTeX of a formula with its number, where that is known."""
        value = self.of(formula)
        if value is None:
            return formula.latex
        return f"{formula.latex} = {latex_number(value, share=formula.share)}"


def put_in(told: Narration, ready: PhaseReady) -> tuple[str, ...]:
    r"""The loss with the numbers of an update put in, as lines of LaTeX.

    In the logarithmic game, where nothing else is added, that is the formula itself with the one
    answer that, given to all items alike, would cost as much: ``-\log 0.41 = 0.89``. Otherwise
    the terms as they add up: ``10 · 0.075 + 0.69 = 1.44``.
    """
    logarithms = _logarithms(told, ready)
    if logarithms:
        return (logarithms,)
    terms = [
        (term.name, ready.terms[term.name], ready.weights[term.name])
        for term in told.phase.terms
        if term.name in ready.weights and term.name in ready.terms
    ]
    if not terms:
        return ()
    whole = len(ready.totals) == 1
    if not whole:  # each network adds up its own
        return tuple(
            f"{_head(told, roles)} = {latex_number(value)}" for roles, value in ready.totals.items()
        )
    (total,) = ready.totals.values()
    if len(terms) == 1 and terms[0][2] == 1:
        return (f"{_head(told, ())} = {latex_number(total)}",)
    parts = ""
    for _, value, weight in terms:
        size = latex_number(abs(value))
        sign = "-" if (value < 0) != (weight < 0) else "+" if parts else ""
        times = "" if abs(weight) == 1 else rf"{_weight(abs(weight))} \cdot "
        parts += f" {sign} {times}{size}" if parts else f"{sign}{times}{size}"
    return (f"{parts.strip()} = {latex_number(total)}",)


def _weight(weight: float) -> str:
    return format_number(weight, 3).replace(",", r"\mathrm{,}")


def _head(told: Narration, roles: tuple[str, ...]) -> str:
    """The left side of the loss, of one network where each has its own."""
    heads = [part.split("=")[0].strip() for part in told.phase.latex.split(r", \quad ")]
    if len(heads) == 1 or not roles:
        return heads[0]
    index = told.phase.updates.index(roles[0])
    return heads[index] if index < len(heads) else "L"


def _logarithms(told: Narration, ready: PhaseReady) -> str:
    """The loss as logarithms of what the critic says, where they are all of it."""
    if len(ready.weights) != 1 or len(ready.totals) != 1:
        return ""
    (total,) = ready.totals.values()
    formulas = [
        formula
        for stage in told.stages
        if stage.kind == "critic"
        for formula in stage.formulas
        if formula.reading is not None and formula.reading[0] == "said"
    ]
    said = [formula.reading[1] for formula in formulas if formula.reading is not None]
    known = [name for name in said if f"log {name}" in ready.said]
    if not known or len(known) != len(said):
        return ""
    trials: list[list[tuple[str, int]]] = []
    if len(said) == 1:
        trials = [[("log", -1)], [("log not", -1)], [("log not", 1)]]
    else:
        trials = [[("log", -1), *[("log not", -1)] * (len(said) - 1)]]
    for trial in trials:
        logs = [ready.said[f"{kind} {name}"] for (kind, _), name in zip(trial, said, strict=True)]
        value = sum(sign * log for (_, sign), log in zip(trial, logs, strict=True))
        if math.isclose(value, total, rel_tol=1e-3, abs_tol=1e-5):
            return _sum_of_logs(trial, logs, total)
    return ""


def _sum_of_logs(trial: list[tuple[str, int]], logs: list[float], total: float) -> str:
    text = ""
    for (kind, sign), log in zip(trial, logs, strict=True):
        typical = math.exp(log)
        inner = _share(typical) if kind == "log" else f"(1 - {_share(1 - typical)})"
        plus = "-" if sign < 0 else "+" if text else ""
        text += rf" {plus} \log {inner}" if text else rf"{plus}\log {inner}"
    return f"{text.strip()} = {latex_number(total)}"


def _share(value: float) -> str:
    """A probability with two figures that say something, also near 0 and 1."""
    if 0.01 <= value <= 0.99:
        return f"{value:.2f}"
    places = min(max(2 - math.floor(math.log10(max(min(value, 1 - value), 1e-9))), 2), 6)
    return f"{value:.{places}f}"


def averaged(ready: PhaseReady) -> str:
    """Over how many items the means are."""
    return tr("averaged over {count}", count=format_number(ready.batch))
