"""Normalisation, and a look at the batch's spread."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from aegan_studio.catalog import layers as catalog
from aegan_studio.experiment.parts import Shape
from aegan_studio.messages import msg
from aegan_studio.ml.networks.layers.site import Device, Site
from aegan_studio.ml.networks.misfit import ABOVE, MisfitError, Remedy, shape_text


def norm(options: catalog.Norm, in_shape: Shape, site: Site) -> nn.Module:
    """The same shape, normalised: batch, layer (all of an item), groups of channels, instance."""
    channels = in_shape[0]
    values = math.prod(in_shape)
    if options.over == "group" and channels % options.groups:
        fitting = math.gcd(channels, options.groups)
        raise MisfitError(
            msg(
                "{channels} channels do not divide into {groups} groups; {source} gives {shape}.",
                channels=channels,
                groups=options.groups,
                source=ABOVE,
                shape=shape_text(in_shape),
            ),
            msg("Make it {groups} groups.", groups=fitting),
            Remedy(options={"groups": fitting}),
        )
    averaged = {
        "batch": 0,
        "layer": values,
        "group": values // options.groups,
        "instance": values // channels,
    }[options.over]
    if averaged == 1:
        raise MisfitError(
            msg(
                "This norm would average over single values, which makes them all zero; "
                "{source} gives {shape}.",
                source=ABOVE,
                shape=shape_text(in_shape),
            ),
            msg("Choose batch norm."),
            Remedy(options={"over": "batch"}),
        )
    return made_norm(options.over, in_shape, site.device, groups=options.groups)


def made_norm(over: str, in_shape: Shape, device: Device, *, groups: int = 8) -> nn.Module:
    """The module of a norm's name, for a shape that suits it."""
    channels, picture = in_shape[0], len(in_shape) == 3
    if over == "batch":
        return (nn.BatchNorm2d if picture else nn.BatchNorm1d)(channels, device=device)
    if over == "instance":
        instance = nn.InstanceNorm2d if picture else nn.InstanceNorm1d
        return instance(channels, affine=True, device=device)
    if over == "layer" and len(in_shape) == 1:
        return nn.LayerNorm(channels, device=device)
    return nn.GroupNorm(groups if over == "group" else 1, channels, device=device)


class MinibatchStddev(nn.Module):
    """One more channel that says how varied the batch is (Karras et al., arXiv 1710.10196).

    The batch is divided into groups; the standard deviation over a group of each value of an
    item, averaged over all values, is what every place of the new channel holds.
    """

    def __init__(self, group: int) -> None:
        super().__init__()
        self.group = group

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, …) to (N, C + 1, …); a group has as many items as divide N, at most its size."""
        n = len(x)
        size = next(size for size in range(min(self.group, n), 0, -1) if n % size == 0)
        grouped = x.reshape(size, n // size, -1)
        deviation = (grouped.var(0, correction=0) + 1e-8).sqrt().mean(1)
        one = deviation.repeat(size).view(n, *(1,) * (x.dim() - 1))
        return torch.cat((x, one.expand(n, 1, *x.shape[2:])), 1)


def minibatch_stddev(options: catalog.MinibatchStddev, in_shape: Shape, site: Site) -> nn.Module:
    """(C, …) to (C + 1, …)."""
    del in_shape, site
    return MinibatchStddev(options.group)
