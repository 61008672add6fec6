"""Presets for tokens."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers import (
    Activation,
    ActivationName,
    Codebook,
    Convolution1d,
    Embedding,
    Join,
)
from aegan_studio.catalog.networks import parts
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import NETWORKS, LayerOptions, NetworkOptions, Role
from aegan_studio.messages import Message, msg


@NETWORKS.register(
    label="Causal convolutions",
    help="Continues sequences: each place sees itself and those before it (arXiv 1609.03499).",
)
class Causal(NetworkOptions):
    """An embedding and dilated causal convolutions: tokens (n,) to logits (K, n).

    The logits at place t see the tokens up to and including t. To predict a sequence, feed it
    moved by one place with the extra token K in front: the embedding holds K + 1 vectors.
    """

    kind: Literal["causal"] = "causal"
    channels: int = option(
        64,
        label="Channels",
        help="Values that stand for a place within the network. More can learn more.",
        ge=2,
        le=4096,
        soft=(16, 512),
        log=True,
    )
    depth: int = option(
        4,
        label="Depth",
        help="How many convolutions there are; each looks twice as far back as the one before.",
        ge=1,
        le=9,
    )
    kernel: int = option(3, label="Kernel", help="Places a filter sees.", ge=2, le=31)
    activation: ActivationName = parts.activation()

    def unfit(self, role: Role) -> Message | None:
        """From a row of tokens to their classes' logits alone."""
        row = role.inputs
        if len(row) != 1 or len(role.outputs) != 2 or role.outputs[1] != row[0]:
            return msg("Causal convolutions need a row of tokens in and logits for each out.")
        return None

    def layers_for(self, role: Role) -> tuple[LayerOptions, ...]:
        """Embedding, then convolutions of dilation 1, 2, 4 …, then one of width 1 to the logits."""
        classes = role.outputs[0]
        layers: list[LayerOptions] = [Embedding(tokens=classes + 1, channels=self.channels)]
        if role.beside > 0:
            # tokens are names, not values, so the condition joins their vectors
            layers.append(Join())
        for index in range(self.depth):
            layers += [
                Convolution1d(
                    channels=self.channels, kernel=self.kernel, dilation=2**index, causal=True
                ),
                Activation(function=self.activation),
            ]
        return (*layers, Convolution1d(channels=classes, kernel=1, causal=True))


@NETWORKS.register(
    label="Codebook",
    help="A learned list of vectors, of which each part of a code takes the nearest "
    "(arXiv 1711.00937).",
)
class CodebookPreset(NetworkOptions):
    """One codebook layer, as large as the method asks."""

    kind: Literal["codebook"] = "codebook"

    def unfit(self, role: Role) -> Message | None:
        """A codebook is a network of its own kind."""
        if role.entries == 0:
            return msg(
                "A codebook replaces codes by others; it cannot be the {role}.",
                role=msg(role.label),
            )
        return None

    def layers_for(self, role: Role) -> tuple[LayerOptions, ...]:
        """The codebook; the channels of each place make a vector."""
        return (Codebook(size=role.entries),)
