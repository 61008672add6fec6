"""What remedies are made with: edits of options that the experiment has, and phases by role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.findings import Remedy
from aegan_studio.messages import Message, msg

Maker = Callable[[Experiment, str], Remedy | None]
"""Makes a remedy for an experiment and what a finding is about; ``None`` where it does not fit."""


def edit(
    experiment: Experiment, label: Message, help: Message, edits: Mapping[str, Any]
) -> Remedy | None:
    """A remedy, or nothing where the experiment lacks one of the options or has the value."""
    try:
        infos = [experiment.option_info(path) for path in edits]
        same = all(experiment.get(path) == value for path, value in edits.items())
    except InputError:
        return None
    if same or any(not applies(experiment, path) for path in edits if len(edits) == 1):
        return None
    live = all(info is not None and info.live for info in infos)
    return Remedy(label, help, dict(edits), live)


def applies(experiment: Experiment, path: str) -> bool:
    """Whether an option has any effect beside the values of its siblings."""
    info = experiment.option_info(path)
    group = path.rpartition(".")[0]
    return info is None or all(
        experiment.get(f"{group}.{name}") in values for name, values in info.when.items()
    )


def phase_of_role(experiment: Experiment, *roles: str) -> str:
    """The phase that updates the first of some roles there is; empty where none does."""
    for role in roles:
        for phase in experiment.phase_infos():
            if role in phase.updates:
                return phase.name
    return ""


def judge_phase(experiment: Experiment) -> str:
    """The phase of the discriminator."""
    return phase_of_role(experiment, "discriminator", "latent_discriminator")


def maker_phase(experiment: Experiment) -> str:
    """The phase of what makes samples."""
    return phase_of_role(experiment, "generator", "decoder", "latent_generator")


def rounded(value: float) -> float:
    """Two digits."""
    return float(f"{value:.2g}")


def switch(path: str, label: Message, help: Message, to: Any, when: Callable[[Any], bool]) -> Maker:
    """A remedy that sets one option where its value is such."""

    def make(experiment: Experiment, about: str) -> Remedy | None:
        del about
        try:
            value = experiment.get(path)
        except InputError:
            return None
        return edit(experiment, label, help, {path: to}) if when(value) else None

    return make


def scale(path: str, by: float, label: Message, what: Message) -> Maker:
    """A remedy that multiplies one option."""

    def make(experiment: Experiment, about: str) -> Remedy | None:
        del about
        try:
            old = float(experiment.get(path))
        except InputError:
            return None
        new = rounded(old * by)
        help = msg("{what} from {old:g} to {new:g}.", what=what, old=old, new=new)
        return edit(experiment, label, help, {path: new}) if old > 0 else None

    return make


def phase_about(experiment: Experiment, about: str) -> str:
    """The phase that a finding is about, by its name or by a role it updates; else the first."""
    names = [phase.name for phase in experiment.phase_infos()]
    return about if about in names else phase_of_role(experiment, about) or names[0]
