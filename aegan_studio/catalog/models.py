"""Models by the names they have in the literature: methods, and settings of methods."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.parts import METHODS, NamedModel
from aegan_studio.messages import StudioError, msg


def models_of(kind: str) -> tuple[NamedModel, ...]:
    """The named models of a method, its own name first."""
    entry = METHODS[kind]
    own = NamedModel(kind, entry.label, entry.help, entry.options.paper)
    return (own, *entry.options.models)


@cache
def models() -> tuple[tuple[str, NamedModel], ...]:
    """Every named model with the kind of its method."""
    return tuple((kind, model) for kind in METHODS.kinds() for model in models_of(kind))


def model(name: str) -> tuple[str, NamedModel]:
    """The method's kind and the model called ``name``.

    Raises
    ------
    StudioError
        For an unknown name; the mend names the nearest one.
    """
    known = {model.name: (kind, model) for kind, model in models()}
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1)
    raise StudioError(
        msg("“{kind}” is not a known {family}.", kind=name, family=msg("method")),
        msg("Did you mean “{near}”?", near=near[0])
        if near
        else msg("It must be one of: {known}.", known=", ".join(known)),
    )


def chosen(experiment: Experiment, name: str) -> Experiment:
    """The experiment with another model: its method by default, then the model's settings.

    Code size and whatever else both methods share is kept where the model does not set it.
    """
    kind, named = model(name)
    return fresh(experiment, kind).with_options(dict(named.edits))


def fresh(experiment: Experiment, kind: str) -> Experiment:
    """The experiment with a method's defaults; title, seed, dataset, loop and code size stay."""
    plain = experiment.to_plain()
    method: dict[str, Any] = {"kind": kind}
    if "latent_dim" in METHODS[kind].options.model_fields:
        method["latent_dim"] = plain["method"].get("latent_dim", 16)
    kept: Mapping[str, Any] = {
        name: plain[name] for name in ("title", "seed", "dataset", "training")
    }
    return Experiment.parse({**kept, "method": method})


def model_of(experiment: Experiment) -> NamedModel:
    """The model an experiment trains: that with the most settings among those it agrees with."""
    fitting = [
        model for model in models_of(experiment.method.kind) if _agrees(experiment, model.edits)
    ]
    return max(fitting, key=lambda model: len(model.edits))


def _agrees(experiment: Experiment, edits: Mapping[str, object]) -> bool:
    for path, value in edits.items():
        try:
            if experiment.get(path) != value:
                return False
        except InputError:
            return False
    return True
