"""Blocks of several weighted layers."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers import common
from aegan_studio.catalog.layers.common import ACTIVATIONS, BUILD, ActivationName
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import LAYERS, LayerOptions


@LAYERS.register(
    f"{BUILD}.residual:residual",
    label="Residual block",
    help="Two layers whose result is added to their input; deep networks train with them "
    "(arXiv 1603.05027).",
)
class Residual(LayerOptions):
    """Norm, activation, layer, twice; two convolutions over pictures, two linear maps over rows.

    Where the number of channels changes a 1×1 layer stands beside, without an activation.
    """

    kind: Literal["residual"] = "residual"
    channels: int = option(
        64,
        label="Channels",
        help="Channels, or values of a row, that come out. More can learn more.",
        ge=1,
        le=4096,
    )
    sampling: Literal["none", "up", "down"] = option(
        "none",
        label="Size",
        help="Keep the picture’s size, double it, or halve it.",
        choices={"none": "Keep", "up": "Double", "down": "Halve"},
    )
    norm: Literal["none", "batch", "layer", "instance"] = option(
        "none",
        label="Norm",
        help="Rescales activations before each of the two layers.",
        choices={"none": "None", "batch": "Batch", "layer": "Layer", "instance": "Instance"},
    )
    activation: ActivationName = option(
        "relu", label="Activation", help="The bend before each layer.", choices=ACTIVATIONS
    )
    slope: float = common.slope("activation")
    spectral: bool = common.spectral()


@LAYERS.register(
    f"{BUILD}.attention:attention",
    label="Self-attention",
    help="Each pixel looks at all others, so that far parts agree (arXiv 1805.08318).",
)
class Attention(LayerOptions):
    """SAGAN's self-attention; starts as nothing and is faded in by a learned factor."""

    kind: Literal["attention"] = "attention"
    reduction: int = option(
        8,
        label="Reduction",
        help="How many times fewer channels are compared than come in. Raising it is cheaper.",
        ge=1,
        le=64,
    )
    spectral: bool = common.spectral()
