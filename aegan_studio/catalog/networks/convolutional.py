"""DCGAN-style convolutional presets for pictures of 8 to 128 pixels."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers import (
    Activation,
    ActivationName,
    Convolution,
    Flatten,
    Linear,
    Mean,
    Norm,
    Reshape,
    Transposed,
)
from aegan_studio.catalog.networks import parts
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import NETWORKS, LayerOptions, NetworkOptions, Role
from aegan_studio.messages import Message, msg


@NETWORKS.register(
    label="DCGAN",
    help="Strided convolutions that halve or double the picture (arXiv 1511.06434).",
)
class DCGAN(NetworkOptions):
    """A convolutional network that shrinks pictures to vectors or grows them from codes.

    Which of the two it writes follows from the role: from a picture down, or up to a picture.
    """

    kind: Literal["dcgan"] = "dcgan"
    channels: int = parts.channels()
    activation: ActivationName = parts.activation()
    norm: parts.Normalisation = parts.normalisation("batch")
    spectral: bool = parts.spectral()

    output: parts.Output = parts.output_option()

    def unfit(self, role: Role) -> Message | None:
        """Convolutions need a picture on exactly one side."""
        return parts.no_pyramid(role, "DCGAN")

    def layers_for(self, role: Role) -> tuple[LayerOptions, ...]:
        """Down from a picture or up to one; an empty list where the role has no picture."""
        if self.unfit(role):
            return ()
        return self._down(role) if len(role.inputs) == 3 else self._up(role)

    def _down(self, role: Role) -> tuple[LayerOptions, ...]:
        layers: list[LayerOptions] = []
        for index in range(parts.halvings(role.inputs[-1])):
            normed = self.norm if index > 0 else "none"  # DCGAN: no norm at the picture
            layers.append(
                Convolution(
                    channels=self.channels * 2**index,
                    kernel=4,
                    stride=2,
                    padding=1,
                    bias=normed != "batch",
                    spectral=self.spectral,
                )
            )
            layers.extend(parts.bend(normed, self.activation))
        layers += [Flatten(), Linear(width=parts.size(role.outputs), spectral=self.spectral)]
        return (*layers, *parts.output(role, self.output))

    def _up(self, role: Role) -> tuple[LayerOptions, ...]:
        colours, side, _ = role.outputs
        doublings = parts.halvings(side)
        start = side // 2**doublings
        width = self.channels * 2 ** (doublings - 1)
        layers: list[LayerOptions] = [
            Linear(width=width * start * start, spectral=self.spectral),
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
                    spectral=self.spectral,
                )
            )
            layers.extend(parts.bend(self.norm, self.activation))
        layers.append(
            Transposed(channels=colours, kernel=4, stride=2, padding=1, spectral=self.spectral)
        )
        return (*layers, *parts.output(role, self.output))


@NETWORKS.register(
    label="PatchGAN",
    help="A critic that judges patches of the picture and averages its verdicts "
    "(arXiv 1611.07004).",
)
class PatchGAN(NetworkOptions):
    """Strided convolutions, a logit for every patch, and their mean."""

    kind: Literal["patchgan"] = "patchgan"
    channels: int = parts.channels()
    halvings: int = option(
        2,
        label="Halvings",
        help="How many strided convolutions there are. Raising it makes the patches larger.",
        ge=1,
        le=5,
    )
    activation: ActivationName = parts.activation("leaky-relu")
    norm: parts.Normalisation = parts.normalisation("none")
    spectral: bool = parts.spectral()

    def unfit(self, role: Role) -> Message | None:
        """From a picture to logits alone."""
        if len(role.inputs) != 3 or len(role.outputs) != 1:
            return msg("PatchGAN judges pictures: it needs a picture in and logits out.")
        if role.output_range != "unbounded":
            return msg("PatchGAN gives logits, not values of a range.")
        if min(role.inputs[1:]) < 2**self.halvings:
            return msg(
                "PatchGAN cannot halve a picture of {side} pixels {count} times.",
                side=min(role.inputs[1:]),
                count=self.halvings,
            )
        return None

    def layers_for(self, role: Role) -> tuple[LayerOptions, ...]:
        """4×4 convolutions of stride 2, one of 3×3 to the logits, average pooling."""
        layers: list[LayerOptions] = []
        for index in range(self.halvings):
            normed = self.norm if index > 0 else "none"
            layers.append(
                Convolution(
                    channels=self.channels * 2**index,
                    kernel=4,
                    stride=2,
                    padding=1,
                    bias=normed != "batch",
                    spectral=self.spectral,
                )
            )
            layers.extend(parts.bend(normed, self.activation))
        logits = Convolution(
            channels=role.outputs[0], kernel=3, stride=1, padding=1, spectral=self.spectral
        )
        return (*layers, logits, Mean())
