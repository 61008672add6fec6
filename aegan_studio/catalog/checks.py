"""Cross-field checks of an experiment that need no torch; shapes are checked in ``ml.networks``."""

from __future__ import annotations

from collections.abc import Iterator

from aegan_studio.experiment import Experiment, Mend, Problem
from aegan_studio.experiment.parts import METHODS, NETWORKS
from aegan_studio.messages import msg


def problems(experiment: Experiment) -> tuple[Problem, ...]:
    """Everything that keeps the experiment from training or is likely a mistake."""
    return tuple(
        problem for check in (_batch, _range, _networks, _modality) for problem in check(experiment)
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
