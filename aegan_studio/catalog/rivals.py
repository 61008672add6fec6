"""What an experiment can be compared with: other models of the same data and the same size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aegan_studio.catalog import models
from aegan_studio.catalog.demos import demo
from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.changes import flat
from aegan_studio.experiment.parts import METHODS, Family, NamedModel, Role

_OF_MODEL: Mapping[str, tuple[str, ...]] = {
    "gan": ("wgan-gp", "pacgan", "r1-gan", "lsgan", "vae"),
    "wgan-gp": ("gan", "wgan", "r3gan", "sn-gan"),
    "wgan": ("wgan-gp", "gan", "sn-gan"),
    "autoencoder": ("vae", "denoising-autoencoder", "aae", "sparse-autoencoder"),
    "vae": ("autoencoder", "beta-vae", "wae-mmd", "aae", "vae-gan"),
    "beta-vae": ("vae", "tc-vae", "capacity-vae"),
    "vq-vae": ("vq-vae-ema", "vae", "autoencoder"),
    "aegan": ("aae", "alpha-gan", "latent-regressor", "gan", "vae"),
    "aae": ("vae", "wae-mmd", "aegan", "autoencoder"),
    "bigan": ("ali", "veegan", "gan", "aegan"),
    "veegan": ("gan", "bigan", "pacgan"),
    "vae-gan": ("vae", "gan", "aegan"),
}
"""Models to the ones that are told apart from them by few, telling options."""

_OF_FAMILY: Mapping[Family, tuple[str, ...]] = {
    "gan": ("gan", "wgan-gp", "r3gan", "vae"),
    "autoencoder": ("autoencoder", "vae", "wae-mmd", "aae"),
    "joined": ("aegan", "aae", "vae-gan", "gan", "vae"),
}

TOY_PENALTY = 0.1
"""What the authors of WGAN-GP weigh its penalty with for points in the plane: a slope of 1 across
distances of 1 tells little (arXiv 1704.00028, its code for toy data)."""

MOST = 5
"""Suggestions at most."""

_SAME_PART = {
    "generator": "decoder",
    "decoder": "generator",
    "encoder": "discriminator",
    "discriminator": "encoder",
}
"""Who makes data, and who takes data in: where one is missing the other's size serves."""
_SIZES = ("widths", "width", "channels", "depth", "halvings", "attention")


def rivals(experiment: Experiment) -> tuple[NamedModel, ...]:
    """Models worth comparing an experiment with, the most telling one first."""
    mine, _ = models.nearest(experiment)
    family = METHODS[experiment.method.kind].options.family
    names = dict.fromkeys((*_OF_MODEL.get(mine.name, ()), *_OF_FAMILY[family]))
    data = experiment.data_info()
    fitting = [
        models.model(name)[1]
        for name in names
        if name != mine.name and models.unfit(name, data) is None
    ]
    return tuple(fitting[:MOST])


def rival(experiment: Experiment, name: str) -> Experiment:
    """The experiment with another model, all else as equal as it can be.

    Data, seed and loop stay. Within a method only the options that make the model differ, and
    rates stay where the optimiser does; for another method networks of the same part keep their
    sizes, and phases of the same name their optimiser.

    Raises
    ------
    InputError
        The model cannot be had for such data.
    """
    kind, named = models.model(name)
    untitled = experiment.with_options({"title": ""})
    if kind != experiment.method.kind:
        made = _sized(models.chosen(untitled, name), experiment)
        kept = {
            f"phases.{phase}.{option}": value
            for phase in made.phases.keys() & experiment.phases.keys()
            for option, value in experiment.phases[phase].model_dump(mode="json").items()
        }
        return made.with_options({**kept, **named.edits})
    mine, _ = models.nearest(experiment)
    usual = flat(models.fresh(untitled, kind).to_plain())
    back = {path: usual[path] for path in mine.edits if path in usual}
    made = untitled.with_options(back)
    edits = dict(named.edits)
    for path in named.edits:
        phase, _, name = path.rpartition(".")
        if name == "lr" and not _changes_optimiser(made, phase, named):
            edits[path] = experiment.get(path)
    if edits.get("method.penalty") == "wgan-gp" and experiment.data_info().modality == "points":
        edits["method.penalty_weight"] = TOY_PENALTY
    return made.with_options(edits)


def _changes_optimiser(experiment: Experiment, phase: str, named: NamedModel) -> bool:
    path = f"{phase}.optimizer"
    return bool(named.edits.get(path, experiment.get(path)) != experiment.get(path))


def _sized(made: Experiment, like: Experiment) -> Experiment:
    """The experiment with networks as large as another's, wherever both have the same part."""
    result = made
    sources = {role.name: role for role in like.roles()}
    for role in made.roles():
        source = role.name if role.name in sources else _SAME_PART.get(role.name, "")
        if source in sources and _as_wide(role, sources[source]):
            edits = _sizes(f"networks.{role.name}", like.networks[source])
            try:
                result = result.with_options(edits)
            except InputError:  # a preset that this part cannot have: its own default serves
                continue
    return result


def _as_wide(role: Role, source: Role) -> bool:
    """Whether both stand between things of the same kinds: vectors or pictures."""
    mine, theirs = (len(role.inputs), len(role.outputs)), (len(source.inputs), len(source.outputs))
    return mine == theirs


def _sizes(path: str, network: Any) -> dict[str, Any]:
    if network.kind == "layers":  # a list of one's own was written for its own part
        return {}
    plain = network.model_dump(mode="json")
    names = [name for name in _SIZES if name in plain]
    return {f"{path}.kind": network.kind, **{f"{path}.{name}": plain[name] for name in names}}


def matched(experiment: Experiment, to: Experiment) -> Experiment:
    """The experiment with the seed and the data of another; networks are made anew where needed.

    Raises
    ------
    InputError
        Its method cannot learn such data.
    """
    mine, theirs = experiment.dataset, to.dataset
    edits: dict[str, Any] = {"seed": to.seed}
    if mine != theirs:
        plain = theirs.model_dump(mode="json")
        edits |= {f"dataset.{name}": value for name, value in plain.items()}
    return experiment.with_options(edits)


def ring_pair() -> tuple[Experiment, Experiment]:
    """A GAN that collapses on the ring of eight, and a WGAN-GP that differs in little else.

    Raises
    ------
    StudioError
        The demo it is taken from cannot be read.
    """
    recipe = demo("ring-collapse").recipe()
    collapsing = recipe.with_options({"title": "", "training.threads": 0})
    return collapsing, rival(collapsing, "wgan-gp")
