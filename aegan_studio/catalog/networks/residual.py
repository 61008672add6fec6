"""Residual networks for pictures."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers import (
    Activation,
    ActivationName,
    Attention,
    Convolution,
    Flatten,
    Linear,
    Norm,
    Reshape,
    Residual,
)
from aegan_studio.catalog.networks import parts
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import NETWORKS, LayerOptions, NetworkOptions, Role
from aegan_studio.messages import Message

LOOKING = 16
"""Largest side at which attention is put in: its cost grows with the fourth power."""


@NETWORKS.register(
    label="ResNet",
    help="Residual blocks that halve or double the picture (arXiv 1802.05957, 1805.08318).",
)
class ResNet(NetworkOptions):
    """Residual blocks from a picture down to a vector, or from a code up to a picture."""

    kind: Literal["resnet"] = "resnet"
    channels: int = parts.channels()
    activation: ActivationName = parts.activation()
    norm: parts.Normalisation = parts.normalisation("none")
    attention: bool = option(
        False,
        label="Self-attention",
        help="One layer in which each pixel looks at all others, at 16 pixels or fewer.",
    )
    spectral: bool = parts.spectral()

    output: parts.Output = parts.output_option()

    def unfit(self, role: Role) -> Message | None:
        """The blocks need a picture on exactly one side."""
        return parts.no_pyramid(role, "ResNet")

    def layers_for(self, role: Role) -> tuple[LayerOptions, ...]:
        """Down from a picture or up to one; an empty list where the role has no picture."""
        if self.unfit(role):
            return ()
        return self._down(role) if len(role.inputs) == 3 else self._up(role)

    def _block(self, channels: int, sampling: Literal["up", "down"]) -> Residual:
        return Residual(
            channels=channels,
            sampling=sampling,
            norm=self.norm,
            activation=self.activation,
            spectral=self.spectral,
        )

    def _down(self, role: Role) -> tuple[LayerOptions, ...]:
        side = role.inputs[-1]
        halvings = parts.halvings(side)
        at = _attended([side // 2 ** (index + 1) for index in range(halvings)])
        layers: list[LayerOptions] = [
            Convolution(channels=self.channels, kernel=3, padding=1, spectral=self.spectral)
        ]
        for index in range(halvings):
            layers.append(self._block(self.channels * 2 ** min(index + 1, halvings - 1), "down"))
            if self.attention and index == at:
                layers.append(Attention(spectral=self.spectral))
        layers += [
            *parts.bend(self.norm, self.activation),
            Flatten(),
            Linear(width=parts.size(role.outputs), spectral=self.spectral),
        ]
        return (*layers, *parts.output(role, self.output))

    def _up(self, role: Role) -> tuple[LayerOptions, ...]:
        colours, side, _ = role.outputs
        doublings = parts.halvings(side)
        start = side // 2**doublings
        width = self.channels * 2 ** (doublings - 1)
        at = _attended([start * 2 ** (index + 1) for index in range(doublings)])
        layers: list[LayerOptions] = [
            Linear(width=width * start * start, spectral=self.spectral),
            Reshape(shape=(width, start, start)),
        ]
        for index in range(doublings):
            layers.append(self._block(self.channels * 2 ** (doublings - 1 - index), "up"))
            if self.attention and index == at:
                layers.append(Attention(spectral=self.spectral))
        layers += [
            *([Norm(over=self.norm)] if self.norm != "none" else []),
            Activation(function=self.activation),
            Convolution(channels=colours, kernel=3, padding=1, spectral=self.spectral),
        ]
        return (*layers, *parts.output(role, self.output))


def _attended(sides: list[int]) -> int:
    """Behind which block attention stands: that of the largest side it can afford."""
    affordable = [side for side in sides if side <= LOOKING]
    return sides.index(max(affordable)) if affordable else sides.index(min(sides))
