"""Layers that arrange values in another shape, without weights."""

from __future__ import annotations

import math

from torch import Tensor, nn

from aegan_studio.catalog import layers as catalog
from aegan_studio.experiment.parts import Shape
from aegan_studio.messages import msg
from aegan_studio.ml.networks.layers.site import Site, need_picture
from aegan_studio.ml.networks.misfit import ABOVE, MisfitError, Remedy, shape_text


class Reshape(nn.Module):
    """Items in another shape: (N, …) to (N, \\*shape)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        """Not ``view``: after convolutions memory is channels-last."""
        return x.reshape(len(x), *self.shape)

    def extra_repr(self) -> str:
        """The shape."""
        return shape_text(self.shape)


def flatten(options: catalog.Flatten, in_shape: Shape, site: Site) -> nn.Module:
    """All values of an item in one row."""
    del options, site
    return Reshape((math.prod(in_shape),))


def reshape(options: catalog.Reshape, in_shape: Shape, site: Site) -> nn.Module:
    """The same values in another shape."""
    del site
    holds, given = math.prod(options.shape), math.prod(in_shape)
    if holds != given or min(options.shape) < 1:
        raise MisfitError(
            msg(
                "{shape} holds {holds:,} values, but {source} gives {given:,}.",
                shape=shape_text(options.shape),
                holds=holds,
                source=ABOVE,
                given=given,
            ),
            msg("Make the two numbers equal."),
            Remedy(values=holds if min(options.shape) > 0 else 0),
        )
    return Reshape(options.shape)


def upsample(options: catalog.Upsample, in_shape: Shape, site: Site) -> nn.Module:
    """(C, H, W) to (C, f H, f W)."""
    del site
    need_picture(options, in_shape)
    return nn.Upsample(scale_factor=options.factor, mode=options.mode)
