"""Fully connected presets."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers import ACTIVATIONS, ActivationName, Linear
from aegan_studio.catalog.networks import parts
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import NETWORKS, LayerOptions, NetworkOptions, Role


@NETWORKS.register(label="MLP", help="Fully connected layers, one after another.")
class MLP(NetworkOptions):
    """A multi-layer perceptron; an empty list of widths makes it a single linear map."""

    kind: Literal["mlp"] = "mlp"
    widths: tuple[int, ...] = option(
        (256, 256),
        label="Widths",
        help="Width of each hidden layer, from input to output. Wider and deeper learns more and "
        "runs slower; an empty list makes one linear map.",
        max_length=12,
    )
    activation: ActivationName = option(
        "relu", label="Activation", help="The bend after each layer.", choices=ACTIVATIONS
    )
    norm: parts.Normalisation = parts.normalisation("none")
    dropout: float = option(
        0.0,
        label="Dropout",
        help="The share of values switched off while training. Raising it regularises more.",
        ge=0,
        le=0.9,
        advanced=True,
    )
    spectral: bool = parts.spectral()

    output: parts.Output = parts.output_option()

    def layers_for(self, role: Role) -> tuple[LayerOptions, ...]:
        """Linear layers with their bends, and a last linear layer of the role's size."""
        layers = list(parts.flat_in(role))
        for width in self.widths:
            layers.append(Linear(width=width, spectral=self.spectral))
            layers.extend(parts.bend(self.norm, self.activation, self.dropout))
        layers.append(Linear(width=parts.size(role.outputs), spectral=self.spectral))
        return (*layers, *parts.output(role, self.output), *parts.shaped(role))
