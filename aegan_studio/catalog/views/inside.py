"""Views of a model's inside: verdicts, layers, filters, feature maps, codes, classes."""

from __future__ import annotations

from aegan_studio.catalog.views.critics import critics_of
from aegan_studio.catalog.views.entry import ViewInfo
from aegan_studio.experiment import Experiment
from aegan_studio.messages import msg


def _judges(experiment: Experiment) -> bool:
    return bool(critics_of(experiment))


def _always(_experiment: Experiment) -> bool:
    return True


VERDICTS = ViewInfo(
    "verdicts",
    msg("Verdicts"),
    msg(
        "How the critics judge real, held-out and generated items. Where the piles lie apart the "
        "critic wins; where they lie on each other it cannot tell."
    ),
    "aegan_studio.ml.views.verdicts:verdicts",
    _judges,
)
LAYERS = ViewInfo(
    "layers",
    msg("Layers"),
    msg(
        "Weights, activations and gradients of every layer, on a batch that stays the same. "
        "Units that no item excites are marked."
    ),
    "aegan_studio.ml.views.layers:layers",
    _always,
)

INSIDE = (VERDICTS, LAYERS)
