"""Live changes of options as marks on a plot, said in words."""

from __future__ import annotations

from collections.abc import Sequence

from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.events import Changed
from aegan_studio.i18n import tr
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.plots import Mark


def marks_of(experiment: Experiment, changes: Sequence[Changed]) -> list[Mark]:
    """One mark for each step at which options changed; its text names them all."""
    texts: dict[int, list[str]] = {}
    for change in changes:
        texts.setdefault(change.step, []).append(change_text(experiment, change))
    return [Mark(step, "change", "\n".join(lines)) for step, lines in texts.items()]


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
