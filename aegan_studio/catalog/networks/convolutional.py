"""DCGAN-style convolutional presets for pictures of 8 to 64 pixels."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers import (
    ACTIVATIONS,
    Activation,
    ActivationName,
    Convolution,
    Flatten,
    Linear,
    Norm,
    Reshape,
    Transposed,
)
from aegan_studio.catalog.networks import parts
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import NETWORKS, LayerOptions, NetworkOptions, Role
from aegan_studio.messages import Message, msg

SMALLEST = 4
"""Side of the picture at which halving stops, as in DCGAN (arXiv 1511.06434)."""


def halvings(side: int) -> int:
    """How often a picture can be halved until its side is at most 7 or odd."""
    count = 0
    while side % 2 == 0 and side > SMALLEST:
        side //= 2
        count += 1
    return count


@NETWORKS.register(
    label="DCGAN",
    help="Strided convolutions that halve or double the picture (arXiv 1511.06434).",
)
class DCGAN(NetworkOptions):
    """A convolutional network that shrinks pictures to vectors or grows them from codes.

    Which of the two it writes follows from the role: from a picture down, or up to a picture.
    """

    kind: Literal["dcgan"] = "dcgan"
    channels: int = option(
        32,
        label="Channels",
        help="Channels at the picture's side of the network; they double at each halving. "
        "Raising it learns more and runs slower.",
        ge=2,
        le=512,
        soft=(8, 128),
        log=True,
    )
    activation: ActivationName = option(
        "relu",
        label="Activation",
        help="The bend after each layer; critics prefer leaky ReLU.",
        choices=ACTIVATIONS,
    )
    norm: parts.Normalisation = parts.normalisation("batch")

    output: parts.Output = parts.output_option()

    def unfit(self, role: Role) -> Message | None:
        """Convolutions need a picture on exactly one side."""
        picture = role.inputs if len(role.inputs) == 3 else role.outputs
        if len(role.inputs) == len(role.outputs) or len(picture) != 3:
            return msg("DCGAN needs a picture on one side and a vector on the other.")
        if halvings(picture[-1]) == 0:
            return msg("DCGAN needs a picture whose side can be halved.")
        return None

    def layers_for(self, role: Role) -> tuple[LayerOptions, ...]:
        """Down from a picture or up to one; an empty list where the role has no picture."""
        if self.unfit(role):
            return ()
        return self._down(role) if len(role.inputs) == 3 else self._up(role)

    def _down(self, role: Role) -> tuple[LayerOptions, ...]:
        layers: list[LayerOptions] = []
        for index in range(halvings(role.inputs[-1])):
            normed = self.norm if index > 0 else "none"  # DCGAN: no norm at the picture
            layers.append(
                Convolution(
                    channels=self.channels * 2**index,
                    kernel=4,
                    stride=2,
                    padding=1,
                    bias=normed != "batch",
                )
            )
            layers.extend(parts.bend(normed, self.activation))
        layers += [Flatten(), Linear(width=parts.size(role.outputs))]
        return (*layers, *parts.output(role, self.output), *parts.shaped(role))

    def _up(self, role: Role) -> tuple[LayerOptions, ...]:
        colours, side, _ = role.outputs
        doublings = halvings(side)
        start = side // 2**doublings
        width = self.channels * 2 ** (doublings - 1)
        layers: list[LayerOptions] = [
            Linear(width=width * start * start),
            Reshape(shape=(width, start, start)),
            *([Norm(over=self.norm)] if self.norm != "none" else []),
            Activation(function=self.activation),
        ]
        for index in range(1, doublings):
            layers.append(
                Transposed(
                    channels=width // 2**index,
                    kernel=4,
                    stride=2,
                    padding=1,
                    bias=self.norm != "batch",
                )
            )
            layers.extend(parts.bend(self.norm, self.activation))
        layers.append(Transposed(channels=colours, kernel=4, stride=2, padding=1))
        return (*layers, *parts.output(role, self.output))
