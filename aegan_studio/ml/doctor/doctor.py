"""The doctor: detectors with patience over one chart."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from aegan_studio.catalog.findings import FINDINGS, remedies_for
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import (
    Changed,
    Diverged,
    Evaluated,
    Event,
    Findings,
    Progress,
    Started,
)
from aegan_studio.experiment.findings import SEVERITIES, Curve, Finding, Remedy
from aegan_studio.ml.doctor.anatomy import Anatomy
from aegan_studio.ml.doctor.chart import Chart, Series, Steps, Values
from aegan_studio.ml.doctor.detector import RELEASE, Detector, Sign

CURVE = 120
"""Values of a curve at most."""

REFRESHED = 5
"""Rounds after which a standing finding is told again with its latest numbers."""


@dataclass(slots=True)
class _Case:
    """What is known of one possible finding."""

    detector: Detector
    met: int = 0
    missed: int = 0
    since: int = -1
    read_at: int = -1
    finding: Finding | None = None


class Doctor:
    """Examines one training by its events, whichever way they come in.

    The same events give the same findings, however progress is cut into pieces.

    Parameters
    ----------
    experiment : Experiment
        As the training starts.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._chart = Chart(experiment)
        anatomy = Anatomy.of(experiment)
        self._cases = {
            info.name: _Case(info.load()(anatomy))
            for info in FINDINGS.values()
            if info.fits(experiment)
        }
        self._told: tuple[Finding, ...] = ()
        self._remedies: dict[tuple[str, str], tuple[Remedy, ...]] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What holds now, the worst first."""
        return self._told

    def watch(self, event: Event) -> Findings | None:
        """Take up an event; what holds now, where that has changed."""
        chart = self._chart
        match event:
            case Started(step=step, total_steps=total, columns=columns):
                self._go_back(step)
                chart.begin(step, total, columns)
            case Progress():
                for _ in chart.progress(event):
                    self._look()
            case Evaluated(step=step, values=values):
                if chart.step < step:
                    chart.close_round(step)
                chart.measured(step, values)
                self._look()
            case Changed(path=path, new=new):
                self._change(path, new)
            case Diverged():
                self._diverged(event)
            case _:
                return None
        return self._tell()

    # Readings

    def _look(self) -> None:
        for case in self._cases.values():
            sign = case.detector.look(self._chart)
            if sign is not None:
                self._weigh(case, sign)

    def _weigh(self, case: _Case, sign: Sign) -> None:
        step = self._chart.step
        if case.read_at == step:
            return  # the end of a round and a measurement are one reading
        case.read_at = step
        if sign.strength >= 1:
            if case.met == 0:
                case.since = step if case.finding is None else case.finding.since
            case.met, case.missed = case.met + 1, 0
        elif sign.strength >= RELEASE and case.finding is not None:
            case.missed = 0
        else:
            case.met, case.missed = 0, case.missed + 1
        if case.finding is not None and case.missed >= case.detector.patience:
            case.finding = None
        elif sign.strength >= 1 and case.met >= case.detector.patience:
            case.finding = self._finding(case, sign)

    def _finding(self, case: _Case, sign: Sign) -> Finding:
        name = case.detector.name
        return Finding(
            name=name,
            severity=sign.severity,
            confidence=confidence(case.met / case.detector.patience, sign.strength),
            step=self._chart.step,
            since=case.since,
            about=sign.about,
            numbers=dict(sign.numbers),
            curves=tuple(self._curve(curve, limit) for curve, limit in sign.curves.items()),
            remedies=self._remedies_for(name, sign.about),
        )

    def _remedies_for(self, name: str, about: str) -> tuple[Remedy, ...]:
        """What may help now; kept until an option changes, as finding it out takes a while."""
        key = name, about
        if key not in self._remedies:
            self._remedies[key] = remedies_for(name, self._chart.experiment, about)
        return self._remedies[key]

    def _curve(self, name: str, limit: float | None) -> Curve:
        vital = name.removeprefix("held-out.")
        series = self._chart.column(name) if vital == name else self._chart.vital(vital)
        steps, values = _thinned(series)
        return Curve(name, steps, values, limit)

    # Other events

    def _go_back(self, step: int) -> None:
        """Steps after this one will come again: what was seen of them counts no more."""
        if self._chart.step <= step:
            return
        for case in self._cases.values():
            case.met = case.missed = 0
            case.read_at = -1
            if case.finding is not None and case.finding.since > step:
                case.finding = None

    def _change(self, path: str, new: object) -> None:
        chart = self._chart
        chart.experiment = chart.experiment.with_options({path: new})
        chart.total = chart.experiment.training.steps
        anatomy = Anatomy.of(chart.experiment)
        self._remedies.clear()
        for name, case in self._cases.items():
            case.detector.anatomy = anatomy
            if case.finding is not None:
                found = self._remedies_for(name, case.finding.about)
                case.finding = replace(case.finding, remedies=found)

    def _diverged(self, event: Diverged) -> None:
        case = self._cases.get("divergence")
        if case is None:
            return
        self._chart.truncate_after(event.restored_step)
        case.finding = Finding(
            name="divergence",
            severity="error",
            confidence=1.0,
            step=event.step,
            since=event.step,
            about=event.phase,
            numbers={} if event.term == "weights" else {event.term: float("nan")},
            curves=() if event.term == "weights" else (self._curve(event.term, None),),
            remedies=self._remedies_for("divergence", event.phase),
        )

    # Telling

    def _tell(self) -> Findings | None:
        found = tuple(
            sorted(
                (case.finding for case in self._cases.values() if case.finding is not None),
                key=lambda finding: (-SEVERITIES.index(finding.severity), -finding.confidence),
            )
        )
        before = {finding.name: finding for finding in self._told}
        same = {f.name: f.severity for f in found} == {f.name: f.severity for f in self._told}
        stale = any(
            f.step - before[f.name].step >= REFRESHED * 100 for f in found if f.name in before
        )
        edits = [f.remedies for f in found] != [f.remedies for f in self._told]
        if same and not stale and not edits:
            return None
        self._told = found
        return Findings(self._chart.step, found)


def confidence(persistence: float, strength: float) -> float:
    """How sure, in 0.5–0.99: grows with readings over the patience, 1 at first, and the margin."""
    held = 1 - math.exp(-max(persistence, 0.0))
    clear = 1 - math.exp(-2 * max(strength - 1, 0.0))
    return float(min(0.99, 0.5 + 0.3 * held + 0.2 * clear))


def _thinned(series: Series) -> tuple[Steps, Values]:
    steps, values = series.steps, series.values
    if len(steps) > CURVE:
        kept = np.unique(np.linspace(0, len(steps) - 1, CURVE).astype(np.int64))
        steps, values = steps[kept], values[kept]
    return steps, values


def examined(experiment: Experiment, events: Iterable[Event]) -> tuple[Finding, ...]:
    """Every finding there was at any time, at its surest, in the order of their coming."""
    doctor = Doctor(experiment)
    seen: dict[str, Finding] = {}
    for event in events:
        told = doctor.watch(event)
        for finding in told.findings if told is not None else ():
            before = seen.get(finding.name)
            worse = before is None or (
                SEVERITIES.index(finding.severity),
                finding.confidence,
            ) >= (SEVERITIES.index(before.severity), before.confidence)
            if worse:
                seen[finding.name] = finding
    return tuple(seen.values())
