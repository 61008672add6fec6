"""The networks of the article the studio grew from."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers import Activation, Linear
from aegan_studio.catalog.networks import parts
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import NETWORKS, LayerOptions, NetworkOptions, Role


@NETWORKS.register(
    label="Article MLP", help="The article's 784–128 network: one hidden layer of 128 and ReLU."
)
class ArticleMLP(NetworkOptions):
    """One hidden layer, as in the article's sample programs."""

    kind: Literal["article-mlp"] = "article-mlp"
    width: int = option(
        128, label="Width", help="Width of the hidden layer. Wider learns more.", ge=1, le=65_536
    )

    output: parts.Output = parts.output_option()

    def layers_for(self, role: Role) -> tuple[LayerOptions, ...]:
        """Linear, ReLU, linear."""
        return (
            *parts.flat_in(role),
            Linear(width=self.width),
            Activation(function="relu"),
            Linear(width=parts.size(role.outputs)),
            *parts.output(role, self.output),
            *parts.shaped(role),
        )
