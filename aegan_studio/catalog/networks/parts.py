"""Pieces that presets share."""

from __future__ import annotations

import math
from typing import Literal

from aegan_studio.catalog.layers import Activation, ActivationName, Dropout, Flatten, Norm, Reshape
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import LayerOptions, Role, Shape

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
