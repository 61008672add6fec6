"""Options that several layers share."""

from __future__ import annotations

from typing import Literal

from aegan_studio.experiment.options import option

BUILD = "aegan_studio.ml.networks.layers"
"""The package that holds the layers' builders."""

ActivationName = Literal[
    "relu", "leaky-relu", "elu", "gelu", "silu", "mish", "softplus", "tanh", "sigmoid"
]

ACTIVATIONS: dict[str, str] = {
    "relu": "ReLU",
    "leaky-relu": "Leaky ReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "mish": "Mish",
    "softplus": "Softplus",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
}


def width(help: str = "Number of outputs. More can learn more.") -> int:
    """The option for the number of a layer's outputs."""
    value: int = option(128, label="Width", help=help, ge=1, le=65_536)
    return value


def channels(default: int = 32) -> int:
    """The option for the number of a convolution's filters."""
    value: int = option(
        default,
        label="Channels",
        help="Number of filters. More can learn more.",
        ge=1,
        le=4096,
    )
    return value


def bias(where: Literal["output", "channel"]) -> bool:
    """The option for a learned constant."""
    help = {
        "output": "Add a learned constant to each output.",
        "channel": "Add a learned constant to each channel.",
    }
    value: bool = option(True, label="Bias", help=help[where])
    return value


def spectral() -> bool:
    """The option for spectral normalisation."""
    value: bool = option(
        False,
        label="Spectral norm",
        help="Divides the weights by their largest singular value, so that the layer never "
        "stretches more than its input; steadies critics (arXiv 1802.05957).",
        advanced=True,
    )
    return value


def slope(when: str) -> float:
    """The option for the slope of a leaky ReLU, where the option ``when`` chooses one."""
    value: float = option(
        0.2,
        label="Slope",
        help="Slope below zero. Raising it lets more gradient through.",
        ge=0,
        le=1,
        when={when: ("leaky-relu",)},
    )
    return value
