"""Layers that arrange, repeat or average values, without weights."""

from __future__ import annotations

import math

from torch import Tensor, nn

from aegan_studio.catalog import layers as catalog
from aegan_studio.experiment.parts import LAYERS, Shape
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


class Mean(nn.Module):
    """The mean of each channel over all places: (N, C, …) to (N, C)."""

    def forward(self, x: Tensor) -> Tensor:
        """The means."""
        return x.flatten(2).mean(2)


def pixel_shuffle(options: catalog.PixelShuffle, in_shape: Shape, site: Site) -> nn.Module:
    """(C f², H, W) to (C, f H, f W)."""
    del site
    channels = need_picture(options, in_shape)[0]
    each = options.factor**2
    if channels % each:
        fitting = -(-channels // each) * each
        raise MisfitError(
            msg(
                "{channels} channels do not divide by {each}, the square of the factor; {source} "
                "gives {shape}.",
                channels=channels,
                each=each,
                source=ABOVE,
                shape=shape_text(in_shape),
            ),
            msg("Make it {channels} channels.", channels=fitting),
            Remedy(channels=fitting),
        )
    return nn.PixelShuffle(options.factor)


def mean(options: catalog.Mean, in_shape: Shape, site: Site) -> nn.Module:
    """(C, …) to (C,)."""
    del site
    if len(in_shape) == 1:
        raise MisfitError(
            msg(
                "{label} averages over places, but {source} gives a row of {shape}.",
                label=msg(LAYERS.of(options).label),
                source=ABOVE,
                shape=shape_text(in_shape),
            ),
            msg("Remove the layer."),
            Remedy(remove=True),
        )
    return Mean()
