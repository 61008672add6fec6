"""Models by the names they have in the literature: methods, and settings of methods."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any

from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.changes import flat
from aegan_studio.experiment.parts import (
    METHODS,
    DataInfo,
    DatasetOptions,
    Family,
    MethodOptions,
    NamedModel,
)
from aegan_studio.messages import Message, StudioError, msg

FAMILIES: Mapping[Family, Message] = {
    "autoencoder": msg("Autoencoders"),
    "gan": msg("GANs"),
    "joined": msg("Both joined"),
}
"""The families of methods, in the order that they are offered in."""

_ARXIV = re.compile(r"\b\d{4}\.\d{4,5}\b")


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


def nearest(experiment: Experiment) -> tuple[NamedModel, dict[str, tuple[Any, Any]]]:
    """The model that an experiment is, or was made from, and what was changed since.

    The changes are dotted paths to the model's value and the experiment's. How the optimisers are
    set, the size of codes and of networks, and where samples come from make no other model.
    """
    mine = flat(experiment.to_plain())
    kind = experiment.method.kind
    telling = {
        path
        for model in models_of(kind)
        for path in model.edits
        if path.startswith("networks.") or path.endswith(".updates")
    } | {f"method.{name}" for name in type(experiment.method).model_fields}
    telling -= {"method.kind", "method.latent_dim", "method.sampler"}
    found = []
    for model in models_of(kind):
        try:
            theirs = _defaults(experiment.dataset.outline(), model.name)
        except InputError:  # this one cannot be had for such data
            continue
        changes = {
            path: (theirs[path], mine[path])
            for path in telling
            if path in theirs and path in mine and theirs[path] != mine[path]
        }
        found.append((model, changes))
    if not found:
        return models_of(kind)[0], {}
    return min(found, key=lambda pair: (len(pair[1]), -len(pair[0].edits)))


@lru_cache(maxsize=256)
def _defaults(dataset: DatasetOptions, name: str) -> Mapping[str, Any]:
    kind, named = model(name)
    return flat(_plain(dataset, kind).with_options(dict(named.edits)).to_plain())


@lru_cache(maxsize=64)
def _plain(dataset: DatasetOptions, kind: str) -> Experiment:
    return Experiment.parse({"dataset": dataset, "method": {"kind": kind}})


def options_of(name: str) -> MethodOptions:
    """The options of the method as a model sets them."""
    kind, named = model(name)
    given = {
        path.removeprefix("method."): value
        for path, value in named.edits.items()
        if path.startswith("method.") and path.count(".") == 1
    }
    return METHODS[kind].options.model_validate({**given, "kind": kind})


def unfit(name: str, data: DataInfo) -> Message | None:
    """Why a model cannot learn such data, or ``None`` where it can."""
    options = options_of(name)
    _, named = model(name)
    if data.modality not in (named.modalities or options.modalities):
        return {
            "points": msg("It does not learn points."),
            "image": msg("It does not learn pictures."),
            "text": msg("It does not learn text."),
            "table": msg("It does not learn tables."),
        }[data.modality]
    if options.needs_labels and not data.classes:
        return msg("It needs data with classes.")
    return None


def link(paper: str) -> str:
    """Where a paper can be read: its page at arXiv; empty where no arXiv number is named."""
    number = _ARXIV.search(paper)
    return f"https://arxiv.org/abs/{number[0]}" if number else ""


def _agrees(experiment: Experiment, edits: Mapping[str, object]) -> bool:
    for path, value in edits.items():
        try:
            if experiment.get(path) != value:
                return False
        except InputError:
            return False
    return True
