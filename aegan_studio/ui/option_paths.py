"""What is declared of the option at a dotted path of an experiment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.options import OptionInfo, Options, describe


def owner(experiment: Experiment, path: str) -> Options | None:
    """The group of options that holds the one at ``path``; ``None`` where there is none."""
    value: Any = experiment
    for part in path.split(".")[:-1]:
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, tuple):
            value = value[int(part)] if part.isdecimal() and int(part) < len(value) else None
        else:
            value = getattr(value, part, None)
    return value if isinstance(value, Options) else None


def info(experiment: Experiment, path: str) -> OptionInfo | None:
    """The declaration of the option at ``path``; ``None`` for kinds and for what isn't there."""
    group = owner(experiment, path)
    if group is None:
        return None
    name = path.rpartition(".")[2]
    return next((known for known in describe(type(group)) if known.name == name), None)


def is_live(experiment: Experiment, path: str) -> bool:
    """Whether the option may change while a run goes on."""
    known = info(experiment, path)
    return known is not None and known.live
