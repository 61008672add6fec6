"""Layers that keep the shape and look at one value, or one item, at a time."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from aegan_studio.catalog import layers as catalog
from aegan_studio.experiment.parts import Shape
from aegan_studio.ml.networks.layers.site import Site


class Dropout(nn.Module):
    """Elementwise dropout that draws from its own generator.

    Training stays bit-exact whatever else draws from torch's global generator meanwhile.
    ``generator`` must live on the data's device; ``Network.set_generator`` sets it.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self.generator: torch.Generator | None = None

    def forward(self, x: Tensor) -> Tensor:
        """While training, zero with probability p, the rest scaled by 1 / (1 − p)."""
        if not self.training or self.p == 0:
            return x
        keep = torch.empty_like(x).bernoulli_(1 - self.p, generator=self.generator)
        return x * keep.div_(1 - self.p)

    def extra_repr(self) -> str:
        """The share."""
        return f"p={self.p}"


KINDS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "mish": nn.Mish,
    "softplus": nn.Softplus,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


def bend(function: str, slope: float = 0.2) -> nn.Module:
    """The module of an activation's name."""
    if function == "leaky-relu":
        return nn.LeakyReLU(slope)
    return nn.Softmax(1) if function == "softmax" else KINDS[function]()


def activation(options: catalog.Activation, in_shape: Shape, site: Site) -> nn.Module:
    """The same shape, bent value by value."""
    del in_shape, site
    return bend(options.function, options.slope)


def dropout(options: catalog.Dropout, in_shape: Shape, site: Site) -> nn.Module:
    """The same shape; the generator it draws from is set when the network stands."""
    del in_shape, site
    return Dropout(options.p)
