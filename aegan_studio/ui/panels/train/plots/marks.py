"""Live changes of options, and what the doctor found, as marks on a plot, said in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aegan_studio.catalog.findings import FINDINGS
from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.events import Changed
from aegan_studio.experiment.findings import Severity
from aegan_studio.i18n import tr
from aegan_studio.ui.training.watching import Mark as Found
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.plots import Mark

SWEEP_STEPS, SWEEP_SHARE = 120, 0.01
"""Changes of one option this many steps apart, or this share of the run, are one movement."""


TONES: Mapping[Severity, str] = {"info": "text2", "warning": "warning", "error": "error"}
"""The theme's token for what is as bad as that."""


def finding_marks(found: Sequence[Found]) -> list[Mark]:
    """One mark where each finding began; those that still hold lead to the doctor."""
    return [
        Mark(
            mark.step,
            "finding",
            _finding_text(mark),
            tone=TONES[mark.severity],
            about=mark.name if mark.holds else "",
        )
        for mark in found
    ]


def _finding_text(mark: Found) -> str:
    first = tr(
        "Doctor: {what}, {percent} % sure",
        what=tr(FINDINGS[mark.name].label),
        percent=round(100 * mark.confidence),
    )
    return first if mark.holds else first + "\n" + tr("It does not hold any more.")


def marks_of(experiment: Experiment, changes: Sequence[Changed]) -> list[Mark]:
    """One mark for each step at which options changed; its text names them all.

    A fader drawn across its scale, or a glide from model to model, is many changes and one mark:
    at the step where it began, from the first value to the last.
    """
    movements: list[dict[str, Changed]] = []
    ends: list[int] = []
    for change in changes:
        near = max(SWEEP_STEPS, SWEEP_SHARE * change.step)
        goes_on = movements and change.step - ends[-1] <= near and change.path in movements[-1]
        if not goes_on and not (movements and change.step == ends[-1]):
            movements.append({})
            ends.append(change.step)
        known = movements[-1].get(change.path)
        movements[-1][change.path] = change if known is None else replace(known, new=change.new)
        ends[-1] = change.step
    return [
        Mark(
            min(change.step for change in movement.values()),
            "change",
            "\n".join(change_text(experiment, change) for change in movement.values()),
        )
        for movement in movements
    ]


def change_text(experiment: Experiment, change: Changed) -> str:
    """What changed, from what to what: ``Learning rate: 0.001 → 0.0005``."""
    return f"{option_label(experiment, change.path)}: {_text(change.old)} → {_text(change.new)}"


def option_label(experiment: Experiment, path: str) -> str:
    """The label of the option at a dotted path, the phase's name before it where it has one."""
    try:
        info = experiment.option_info(path)
    except InputError:  # an option of a run that an older program wrote
        return path
    label = tr(info.label) if info is not None else path
    group, _, rest = path.partition(".")
    phases = {phase.name: phase for phase in experiment.phase_infos()}
    phase = phases.get(rest.rpartition(".")[0])
    if group == "phases" and phase is not None and len(phases) > 1:
        return tr("{phase}: {option}", phase=tr(phase.label), option=label)
    return label


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return format_number(value)
