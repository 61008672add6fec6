"""Cross-field checks of an experiment that need no torch; shapes are checked in ``ml.networks``."""

from __future__ import annotations

from collections.abc import Iterator

from aegan_studio.catalog import quantised, written
from aegan_studio.catalog.datasets.sketch import WAVE, Drawn
from aegan_studio.experiment import Experiment, Mend, Problem
from aegan_studio.experiment.parts import METHODS, NETWORKS, LayerOptions, NetworkOptions
from aegan_studio.messages import msg


def problems(experiment: Experiment) -> tuple[Problem, ...]:
    """Everything that keeps the experiment from training or is likely a mistake."""
    checks = (
        _drawing,
        _batch,
        _range,
        _networks,
        _modality,
        _classes,
        _penalty,
        _packing,
        quantised.problems,
    )
    return tuple(problem for check in checks for problem in check(experiment))


def _drawing(experiment: Experiment) -> Iterator[Problem]:
    data = experiment.dataset
    if isinstance(data, Drawn) and data.sketch().is_blank:
        yield Problem(
            "dataset.ink",
            msg("Nothing is drawn yet."),
            msg("Paint something, or import it."),
            Mend(msg("Draw a wave"), {"dataset.ink": list(WAVE)}),
        )


def _batch(experiment: Experiment) -> Iterator[Problem]:
    count = experiment.data_info().count
    training = count - experiment.dataset.held_out_count(count)
    batch = experiment.training.batch_size
    if batch > training:
        fitting = 2 ** min(8, training.bit_length() - 1)
        yield Problem(
            "training.batch_size",
            msg("Larger than the training data ({training:,}).", training=training),
            msg("Make the batch at most {training:,}.", training=training),
            Mend(msg("Use {value}", value=fitting), {"training.batch_size": fitting}),
        )


def _range(experiment: Experiment) -> Iterator[Problem]:
    method = experiment.method
    probabilities = {
        ("loss", "cross-entropy"): msg("Cross-entropy needs data in [0, 1]."),
        ("likelihood", "bernoulli"): msg("A Bernoulli likelihood needs data in [0, 1]."),
    }
    for (name, value), sentence in probabilities.items():
        if getattr(method, name, None) == value and experiment.dataset.scaling != "unit":
            yield Problem(
                f"method.{name}",
                sentence,
                msg("Choose the scaling “Min–max to [0, 1]”."),
                Mend(msg("Scale to [0, 1]"), {"dataset.scaling": "unit"}),
            )


def _networks(experiment: Experiment) -> Iterator[Problem]:
    for role in experiment.roles():
        network = experiment.networks[role.name]
        why = network.unfit(role)
        if why is not None:
            label = NETWORKS.of(network).label
            yield Problem(
                f"networks.{role.name}.kind",
                why,
                msg("Choose another network than {label}.", label=label),
                Mend(msg("Use an MLP"), {f"networks.{role.name}.kind": "mlp"}),
            )


def _modality(experiment: Experiment) -> Iterator[Problem]:
    modality = experiment.data_info().modality
    if modality not in experiment.method.modalities:
        yield Problem(
            "method.kind",
            msg(
                "{method} cannot learn this kind of data.",
                method=METHODS.of(experiment.method).label,
            ),
            msg("Choose another method or dataset."),
        )


def _classes(experiment: Experiment) -> Iterator[Problem]:
    method = experiment.method
    if not method.needs_labels or experiment.data_info().classes:
        return
    optional = hasattr(method, "labels")
    yield Problem(
        "method.labels" if optional else "method.kind",
        msg("{method} needs data with classes.", method=METHODS.of(method).label)
        if not optional
        else msg("These data have no classes."),
        msg("Choose data with classes, or a method that uses none."),
        Mend(msg("Do not use classes"), {"method.labels": "none"}) if optional else None,
    )


CRITICS = ("discriminator", "critic")
"""What the names of roles that judge begin with."""


def _penalty(experiment: Experiment) -> Iterator[Problem]:
    if getattr(experiment.method, "penalty", "none") == "none":
        return
    for role in experiment.roles():
        network = experiment.networks[role.name]
        if not role.name.startswith(CRITICS):
            continue
        layers = written.layers_of(network, role)
        if not any(_batch_norm(layer) for layer in layers):
            continue
        yield Problem(
            f"networks.{role.name}",
            msg("The penalty is on the slope at single items, which batch norm mixes."),
            msg("Use layer norm, or none, in this network (arXiv 1704.00028, §4)."),
            Mend(msg("Use layer norm"), _unmixed(network, f"networks.{role.name}")),
            severity="warning",
        )


def _batch_norm(layer: LayerOptions) -> bool:
    return layer.enabled and "batch" in (getattr(layer, "over", ""), getattr(layer, "norm", ""))


def _unmixed(network: NetworkOptions, path: str) -> dict[str, str]:
    """The edits that put layer norm in the place of batch norm."""
    if hasattr(network, "norm"):
        return {f"{path}.norm": "layer"}
    return {
        f"{path}.layers.{index}.{'norm' if hasattr(layer, 'norm') else 'over'}": "layer"
        for index, layer in enumerate(getattr(network, "layers", ()))
        if _batch_norm(layer)
    }


def _packing(experiment: Experiment) -> Iterator[Problem]:
    packing, batch = getattr(experiment.method, "packing", 1), experiment.training.batch_size
    if packing > batch:
        yield Problem(
            "method.packing",
            msg("A batch of {batch:,} does not fill one pack.", batch=batch),
            msg("Make packs of at most {batch:,}.", batch=batch),
            Mend(msg("Use {value}", value=batch), {"method.packing": batch}),
        )
