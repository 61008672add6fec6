"""Layers that look at statistics: of the batch, of an item, of a channel."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers.common import BUILD
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import LAYERS, LayerOptions


@LAYERS.register(
    f"{BUILD}.norms:norm",
    label="Norm",
    help="Rescales activations so that training stays steady.",
)
class Norm(LayerOptions):
    """Batch, layer, group or instance normalisation."""

    kind: Literal["norm"] = "norm"
    over: Literal["batch", "layer", "group", "instance"] = option(
        "batch",
        label="Kind",
        help="What is averaged over: the batch, one item, groups of its channels, or each channel.",
        choices={"batch": "Batch", "layer": "Layer", "group": "Group", "instance": "Instance"},
    )
    groups: int = option(
        8,
        label="Groups",
        help="How many groups the channels are divided into.",
        ge=1,
        le=256,
        when={"over": ("group",)},
    )


@LAYERS.register(
    f"{BUILD}.norms:minibatch_stddev",
    label="Minibatch deviation",
    help="Shows a critic how varied a batch is, so that it notices collapse (arXiv 1710.10196).",
)
class MinibatchStddev(LayerOptions):
    """The mean standard deviation of a group of items, as one more channel."""

    kind: Literal["minibatch-stddev"] = "minibatch-stddev"
    group: int = option(
        4,
        label="Group",
        help="How many items are compared; fewer where the batch does not divide by it.",
        ge=2,
        le=256,
    )
