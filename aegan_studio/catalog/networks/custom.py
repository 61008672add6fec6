"""A network written out layer by layer."""

from __future__ import annotations

from typing import Literal

from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import NETWORKS, Layer, LayerOptions, NetworkOptions, Role


@NETWORKS.register(label="Own layers", help="A list of layers, each with its own options.")
class Layers(NetworkOptions):
    """An explicit list of layers."""

    kind: Literal["layers"] = "layers"
    layers: tuple[Layer, ...] = option(
        (), label="Layers", help="The layers, from input to output.", max_length=200
    )
    origin: str = option(
        "",
        label="Begun from",
        help="The preset that wrote the list before it was edited; it changes nothing.",
        max_length=40,
        advanced=True,
    )

    def layers_for(self, role: Role) -> tuple[LayerOptions, ...]:
        """The list as it stands; whether it fits the role is checked on the meta device."""
        del role
        return self.layers
