"""What training runs until, and what can be measured, in words."""

from __future__ import annotations

from aegan_studio.catalog.findings import FINDINGS
from aegan_studio.catalog.vitals import figure
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.until import (
    AfterTime,
    AtEpoch,
    AtStep,
    Until,
    WhenFound,
    WhenMeasured,
)
from aegan_studio.i18n import tr
from aegan_studio.messages import Message, msg
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.numbers import format_number

GRADIENT = "gradient."


def measure_label(experiment: Experiment, name: str, held_out: bool) -> Message:
    """What a column, or a measurement on held-out data, is called."""
    phases = experiment.phase_infos()
    terms = {term.name: msg(term.label) for phase in phases for term in phase.terms}
    if held_out:
        found = figure(name)
        if found is not None:
            known, role = found
            label = known.label
            if role:
                labels = {one.name: msg(one.label) for one in experiment.roles()}
                return msg("{label}: {network}", label=label, network=labels.get(role, msg(role)))
            return label
        label = terms.get(name, msg("{name}", name=name))
        return msg("{label}, held out", label=label)
    if name.startswith(GRADIENT):
        labels = {phase.name: msg(phase.label) for phase in phases}
        phase = labels.get(name.removeprefix(GRADIENT), msg("{name}", name=name))
        return msg("Gradient: {phase}", phase=phase)
    return terms.get(name, msg("{name}", name=name))


def measures(session: Session) -> list[tuple[object, str]]:
    """Everything that a run measures, as ((name, whether held out), label)."""
    experiment = session.experiment
    columns = session.history.columns
    if not columns:
        columns = tuple(
            name
            for phase in experiment.phase_infos()
            for name in (*(term.name for term in phase.terms), GRADIENT + phase.name)
        )
    keys = [(name, False) for name in dict.fromkeys(columns)]
    keys += [(name, True) for name in session.history.held_out]
    return [(key, tr(measure_label(experiment, *key))) for key in keys]


def until_text(session: Session, until: Until) -> Message:
    """When training pauses."""
    match until:
        case AtStep(step):
            return msg("Pauses at step {step}.", step=format_number(step))
        case AtEpoch(epoch):
            return msg("Pauses at epoch {epoch}.", epoch=format_number(epoch, 6))
        case AfterTime(seconds):
            return msg(
                "Pauses after {count} s of training in all.", count=format_number(seconds, 6)
            )
        case WhenMeasured(name, side, value, held_out):
            words = (
                msg("Pauses at the first report of {label} above {value}.")
                if side == "above"
                else msg("Pauses at the first report of {label} below {value}.")
            )
            label = measure_label(session.experiment, name, held_out)
            return Message(words.text, {"label": label, "value": format_number(value)})
        case WhenFound(""):
            return msg("Pauses when the doctor finds anything.")
        case WhenFound(finding):
            label = FINDINGS[finding].label if finding in FINDINGS else msg(finding)
            return msg("Pauses when the doctor finds: {label}.", label=label)


def reached_text(session: Session, until: Until, seen: int, value: float | None) -> Message:
    """Why training has paused."""
    match until:
        case WhenMeasured(name, _, _, held_out) if value is not None:
            return msg(
                "Paused: {label} was {value} at step {step}",
                label=measure_label(session.experiment, name, held_out),
                value=format_number(value, 4),
                step=format_number(seen),
            )
        case WhenFound(finding) if finding in FINDINGS:
            return msg("Paused: the doctor found {label}", label=FINDINGS[finding].label)
        case WhenFound():
            return msg("Paused: the doctor found something")
        case AtEpoch(epoch):
            return msg("Paused at epoch {epoch}, as asked", epoch=format_number(epoch, 6))
        case AfterTime(seconds):
            return msg("Paused after {count} s, as asked", count=format_number(seconds, 6))
        case _:
            return msg("Paused at step {step}, as asked", step=format_number(seen))
