"""Remedies that change rates, updates and optimisers."""

from __future__ import annotations

from collections.abc import Callable

from aegan_studio.catalog.findings.remedies.common import (
    edit,
    judge_phase,
    maker_phase,
    phase_about,
    rounded,
)
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.findings import Remedy
from aegan_studio.messages import Message, msg


def rate(phase: str, factor: float) -> Callable[[Experiment], Remedy | None]:
    """A remedy that multiplies a phase's learning rate."""

    def make(experiment: Experiment) -> Remedy | None:
        if not phase:
            return None
        path = f"phases.{phase}.lr"
        old = float(experiment.get(path))
        new = min(10.0, rounded(old * factor))
        label = next(msg(p.label) for p in experiment.phase_infos() if p.name == phase)
        what = msg("Lower its rate") if factor < 1 else msg("Raise its rate")
        return edit(
            experiment,
            what,
            msg("{phase}: learning rate from {old:g} to {new:g}.", phase=label, old=old, new=new),
            {path: new},
        )

    return make


def slow_judge(experiment: Experiment, about: str) -> Remedy | None:
    """The discriminator's rate, to a quarter."""
    del about
    return _named(msg("Slow the discriminator"), rate(judge_phase(experiment), 0.25)(experiment))


def quicken_judge(experiment: Experiment, about: str) -> Remedy | None:
    """The discriminator's rate, up to the generator's or four times as much."""
    del about
    judge, maker = judge_phase(experiment), maker_phase(experiment)
    if not judge or not maker:
        return None
    own, other = (float(experiment.get(f"phases.{phase}.lr")) for phase in (judge, maker))
    factor = max(4.0, other / own) if own > 0 else 4.0
    return _named(msg("Quicken the discriminator"), rate(judge, factor)(experiment))


def slow_maker(experiment: Experiment, about: str) -> Remedy | None:
    """The generator's rate, to a quarter."""
    del about
    return _named(msg("Slow the generator"), rate(maker_phase(experiment), 0.25)(experiment))


def quicken_maker(experiment: Experiment, about: str) -> Remedy | None:
    """The generator's rate, up to the discriminator's or four times as much."""
    del about
    judge, maker = judge_phase(experiment), maker_phase(experiment)
    if not maker:
        return None
    own = float(experiment.get(f"phases.{maker}.lr"))
    other = float(experiment.get(f"phases.{judge}.lr")) if judge else own
    return _named(msg("Quicken the generator"), rate(maker, max(4.0, other / own))(experiment))


def _named(label: Message, remedy: Remedy | None) -> Remedy | None:
    return None if remedy is None else Remedy(label, remedy.help, remedy.edits, remedy.live)


def fewer_judgements(experiment: Experiment, about: str) -> Remedy | None:
    """One update of the discriminator in a step."""
    del about
    judge = judge_phase(experiment)
    if not judge or int(experiment.get(f"phases.{judge}.updates")) <= 1:
        return None
    old = int(experiment.get(f"phases.{judge}.updates"))
    return edit(
        experiment,
        msg("One judgement a step"),
        msg("Updates of the discriminator in a step from {old} to 1.", old=old),
        {f"phases.{judge}.updates": 1},
    )


def fewer_generations(experiment: Experiment, about: str) -> Remedy | None:
    """One update of the generator in a step."""
    del about
    maker = maker_phase(experiment)
    if not maker or int(experiment.get(f"phases.{maker}.updates")) == 1:
        return None
    old = int(experiment.get(f"phases.{maker}.updates"))
    return edit(
        experiment,
        msg("One update of the generator"),
        msg("Updates of the generator in a step from {old} to 1.", old=old),
        {f"phases.{maker}.updates": 1},
    )


def slow(experiment: Experiment, about: str) -> Remedy | None:
    """A tenth of the rate of the phase in question."""
    phase = phase_about(experiment, about)
    return rate(phase, 0.1)(experiment)


def clip(experiment: Experiment, about: str) -> Remedy | None:
    """A bound on the gradient norm of the phase in question."""
    phase = phase_about(experiment, about)
    if float(experiment.get(f"phases.{phase}.clip")) > 0:
        return None
    return edit(
        experiment,
        msg("Clip the gradient"),
        msg("Gradients longer than 1 are scaled down to 1 (arXiv 1211.5063)."),
        {f"phases.{phase}.clip": 1.0},
    )


def adaptive(experiment: Experiment, about: str) -> Remedy | None:
    """Adam in place of plain descent: its steps do not shrink with the gradient."""
    phase = phase_about(experiment, about)
    if experiment.get(f"phases.{phase}.optimizer") != "sgd":
        return None
    return edit(
        experiment,
        msg("Use Adam"),
        msg("Adam scales each weight’s step by its own gradients, however small they are."),
        {f"phases.{phase}.optimizer": "adam", f"phases.{phase}.lr": 1e-3},
    )
