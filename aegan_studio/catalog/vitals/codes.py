"""Vital signs of an encoder: what codes keep, and whether it holds for new data."""

from __future__ import annotations

from aegan_studio.catalog.vitals.entry import Figure, VitalInfo
from aegan_studio.experiment import Experiment
from aegan_studio.messages import msg


def _encoder(experiment: Experiment) -> bool:
    return any(role.name == "encoder" for role in experiment.roles())


def _posterior(experiment: Experiment) -> bool:
    """Whether the encoder gives a mean and a log-variance for each value of a code."""
    size = experiment.method.code_dim(experiment.data_info())
    return any(
        role.name == "encoder" and role.outputs == (2 * size,) for role in experiment.roles()
    )


CODES = (
    VitalInfo(
        "rebuilding",
        (
            Figure(
                "unexplained",
                msg("Lost, held out"),
                msg(
                    "The squared error of reconstructions of held-out items over their variance: "
                    "0 where all is kept, 1 where the code says nothing."
                ),
                "share",
            ),
            Figure(
                "unexplained-train",
                msg("Lost, training"),
                msg("The same for training items; far below the other it learns by heart."),
                "share",
            ),
        ),
        "aegan_studio.ml.vitals.codes:rebuilding",
        _encoder,
    ),
    VitalInfo(
        "posterior",
        (
            Figure(
                "active",
                msg("Active code values"),
                msg(
                    "The share of code values whose mean varies from item to item, by a variance "
                    "above .01; the others say nothing of the data."
                ),
                "share",
            ),
            Figure(
                "nats",
                msg("Nats in the code"),
                msg("The divergence KL(q(z|x) ‖ p(z)) of held-out items, in nats an item."),
            ),
            Figure(
                "nats-most",
                msg("Nats in the fullest value"),
                msg("The divergence of the code value that tells most, in nats an item."),
            ),
        ),
        "aegan_studio.ml.vitals.codes:posterior",
        _posterior,
        "arXiv 1509.00519",
    ),
)
