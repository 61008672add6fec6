"""Pieces that presets share."""

from __future__ import annotations

import math
from typing import Literal

from aegan_studio.catalog.layers import (
    ACTIVATIONS,
    Activation,
    ActivationName,
    Dropout,
    Flatten,
    Norm,
    Reshape,
)
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import LayerOptions, Role, Shape
from aegan_studio.messages import Message, msg

Normalisation = Literal["none", "batch", "layer"]

Output = Literal["bounded", "linear"]

NORMALISATIONS = {"none": "None", "batch": "Batch", "layer": "Layer"}


def size(shape: Shape) -> int:
    """The number of values in one item."""
    return math.prod(shape)


def flat_in(role: Role) -> tuple[LayerOptions, ...]:
    """A flatten layer where the role's input is not flat."""
    return (Flatten(),) if len(role.inputs) > 1 else ()


def output(role: Role, choice: Output) -> tuple[LayerOptions, ...]:
    """The last activation, which keeps the output in the role's range."""
    if choice == "linear" or role.output_range == "unbounded":
        return ()
    return (Activation(function="sigmoid" if role.output_range == "unit" else "tanh"),)


def shaped(role: Role) -> tuple[LayerOptions, ...]:
    """A reshape layer where the role's output is not flat."""
    return (Reshape(shape=role.outputs),) if len(role.outputs) > 1 else ()


def bend(
    normalisation: Normalisation, function: ActivationName, dropout: float = 0.0
) -> tuple[LayerOptions, ...]:
    """What follows a weighted layer: norm, activation, dropout."""
    layers: list[LayerOptions] = []
    if normalisation != "none":
        layers.append(Norm(over=normalisation))
    layers.append(Activation(function=function))
    if dropout > 0:
        layers.append(Dropout(p=dropout))
    return tuple(layers)


def normalisation(default: Normalisation) -> Normalisation:
    """The option of a preset that chooses the normalisation."""
    value: Normalisation = option(
        default,
        label="Norm",
        help="Rescales activations after each layer. Batch norm steadies generators; critics "
        "with a gradient penalty must go without.",
        choices=NORMALISATIONS,
    )
    return value


def spectral() -> bool:
    """The option of a preset that normalises all its weights."""
    value: bool = option(
        False,
        label="Spectral norm",
        help="Divides each layer’s weights by their largest singular value, so that no layer "
        "stretches more than its input; steadies critics (arXiv 1802.05957).",
        advanced=True,
    )
    return value


def channels() -> int:
    """The option of a convolutional preset for its channels."""
    value: int = option(
        32,
        label="Channels",
        help="Channels at the picture's side of the network; they double at each halving. "
        "Raising it learns more and runs slower.",
        ge=2,
        le=512,
        soft=(8, 128),
        log=True,
    )
    return value


def activation(default: ActivationName = "relu") -> ActivationName:
    """The option of a preset for its bends."""
    value: ActivationName = option(
        default,
        label="Activation",
        help="The bend after each layer; critics prefer leaky ReLU.",
        choices=ACTIVATIONS,
    )
    return value


SMALLEST = 4
"""Side of the picture at which halving stops, as in DCGAN (arXiv 1511.06434)."""


def halvings(side: int) -> int:
    """How often a picture can be halved until its side is at most 7 or odd."""
    count = 0
    while side % 2 == 0 and side > SMALLEST:
        side //= 2
        count += 1
    return count


def no_pyramid(role: Role, name: str) -> Message | None:
    """Why a preset that halves or doubles pictures cannot serve a role."""
    if len(role.inputs) == 3 and len(role.outputs) == 3:
        return msg(
            "{name} goes from a picture to a vector or back, not from picture to picture.",
            name=name,
        )
    picture = role.inputs if len(role.inputs) == 3 else role.outputs
    vector = role.outputs if picture is role.inputs else role.inputs
    if len(picture) != 3 or len(vector) != 1:
        return msg("{name} needs a picture on one side and a vector on the other.", name=name)
    if picture[1] != picture[2]:
        return msg("{name} needs square pictures.", name=name)
    if halvings(picture[-1]) == 0:
        return msg("{name} needs a picture whose side can be halved.", name=name)
    return None


def output_option() -> Output:
    """The option of a preset that chooses the last activation."""
    value: Output = option(
        "bounded",
        label="Output",
        help="Bounded ends in a sigmoid or tanh where the data have such a range; linear leaves "
        "the last layer's values as they are.",
        choices={"bounded": "Bounded like the data", "linear": "Linear"},
        advanced=True,
    )
    return value
