"""Activation and dropout."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers import common
from aegan_studio.catalog.layers.common import BUILD
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import LAYERS, LayerOptions


@LAYERS.register(
    f"{BUILD}.elementwise:activation",
    label="Activation",
    help="The bend that lets layers learn curves.",
)
class Activation(LayerOptions):
    """A nonlinearity of each value; softmax of the values across channels."""

    kind: Literal["activation"] = "activation"
    function: Literal[
        "relu",
        "leaky-relu",
        "elu",
        "gelu",
        "silu",
        "mish",
        "softplus",
        "tanh",
        "sigmoid",
        "softmax",
    ] = option(
        "relu",
        label="Function",
        help="Its shape.",
        choices={**common.ACTIVATIONS, "softmax": "Softmax"},
    )
    slope: float = common.slope("function")


@LAYERS.register(
    f"{BUILD}.elementwise:dropout",
    label="Dropout",
    help="Switches random values off while training.",
)
class Dropout(LayerOptions):
    """Elementwise dropout."""

    kind: Literal["dropout"] = "dropout"
    p: float = option(
        0.3, label="Share", help="The share switched off. Raising it regularises more.", ge=0, lt=1
    )
