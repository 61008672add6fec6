"""Vital signs of networks: weights that move, units that answer."""

from __future__ import annotations

from aegan_studio.catalog.vitals.entry import Figure, VitalInfo
from aegan_studio.experiment import Experiment
from aegan_studio.messages import msg


def _always(experiment: Experiment) -> bool:
    del experiment
    return True


NETWORKS = (
    VitalInfo(
        "weights",
        (
            Figure(
                "weights",
                msg("Size of the weights"),
                msg("The Euclidean norm of all weights of a network."),
                by_role=True,
            ),
            Figure(
                "travelled",
                msg("Way of the weights"),
                msg(
                    "How far the weights are from where they began, over their norm there. A "
                    "value that stands still belongs to a network that does not learn."
                ),
                by_role=True,
            ),
            Figure(
                "travelled-least",
                msg("Way of the slowest layer"),
                msg(
                    "The same for the one layer that has gone least; near 0 where no gradient "
                    "reaches it."
                ),
                by_role=True,
            ),
        ),
        "aegan_studio.ml.vitals.weights:travelled",
        _always,
        light=True,
    ),
    VitalInfo(
        "units",
        (
            Figure(
                "dead",
                msg("Dead units"),
                msg("The share of hidden units that give the same for all of 256 items."),
                "share",
                by_role=True,
            ),
            Figure(
                "dead-layer",
                msg("Dead units of one layer"),
                msg(
                    "The same for the one layer that has most of them; where it is 100 %, nothing "
                    "of the input passes."
                ),
                "share",
                by_role=True,
            ),
            Figure(
                "dormant",
                msg("Dormant units"),
                msg(
                    "The share of hidden units whose mean activation is below a fortieth of their "
                    "layer’s."
                ),
                "share",
                by_role=True,
            ),
        ),
        "aegan_studio.ml.vitals.units:idle",
        _always,
        "arXiv 2302.12902",
    ),
)
