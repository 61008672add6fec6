"""The residual block."""

from __future__ import annotations

import math

from torch import Tensor, nn

from aegan_studio.catalog import layers as catalog
from aegan_studio.experiment.parts import LAYERS, Shape
from aegan_studio.messages import msg
from aegan_studio.ml.networks.layers.elementwise import bend
from aegan_studio.ml.networks.layers.norms import made_norm
from aegan_studio.ml.networks.layers.site import Site
from aegan_studio.ml.networks.layers.weighted import linear_map, picture_map
from aegan_studio.ml.networks.misfit import ABOVE, MisfitError, Remedy, shape_text


class Residual(nn.Module):
    """x + f(x) with f = layer ∘ bend ∘ layer ∘ bend, pre-activated (He et al., arXiv 1603.05027).

    As in the critics and generators of arXiv 1802.05957, a block enlarges the picture before its
    first convolution or halves it after its second, and does the same beside, where a 1×1
    convolution changes the number of channels.
    """

    def __init__(self, body: nn.Sequential, skip: nn.Sequential) -> None:
        super().__init__()
        self.body = body
        self.skip = skip

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, channels, H', W'), or (N, d) to (N, channels)."""
        made: Tensor = self.body(x) + self.skip(x)
        return made


def residual(options: catalog.Residual, in_shape: Shape, site: Site) -> nn.Module:
    """(C, H, W) to (channels, H', W'), or (d,) to (channels,)."""
    _check(options, in_shape)
    wide, narrow = in_shape[0], options.channels
    picture = len(in_shape) == 3
    spectral = options.spectral

    def layer(inputs: int, *, beside: bool = False) -> nn.Module:
        if not picture:
            return linear_map(inputs, narrow, site, bias=not beside, spectral=spectral)
        kernel = 1 if beside else 3
        return picture_map(
            inputs, narrow, kernel, site, padding=kernel // 2, bias=not beside, spectral=spectral
        )

    def bent(shape: Shape) -> list[nn.Module]:
        normed = [] if options.norm == "none" else [made_norm(options.norm, shape, site.device)]
        return [*normed, bend(options.activation, options.slope)]

    up = [nn.Upsample(scale_factor=2, mode="nearest")] if options.sampling == "up" else []
    down = [nn.AvgPool2d(2)] if options.sampling == "down" else []
    inner = (narrow, *in_shape[1:])
    body = [*bent(in_shape), *up, layer(wide), *bent(inner), layer(narrow), *down]
    # 1×1 commutes with both, so it stands where the picture is smaller
    skip = [*down, *([layer(wide, beside=True)] if wide != narrow else []), *up]
    return Residual(nn.Sequential(*body), nn.Sequential(*skip))


def _check(options: catalog.Residual, in_shape: Shape) -> None:
    label = msg(LAYERS.of(options).label)
    shown = shape_text(in_shape)
    if len(in_shape) == 2:
        raise MisfitError(
            msg(
                "{label} takes a row or a picture, but {source} gives {shape}.",
                label=label,
                source=ABOVE,
                shape=shown,
            ),
            msg("Add a Flatten layer before it."),
            Remedy(row=True),
        )
    small = len(in_shape) == 1 or min(in_shape[1:]) < 2
    if (options.sampling == "up" and len(in_shape) == 1) or (options.sampling == "down" and small):
        raise MisfitError(
            msg(
                "{label} cannot change the size of {shape}, which {source} gives.",
                label=label,
                source=ABOVE,
                shape=shown,
            ),
            msg("Keep the size."),
            Remedy(options={"sampling": "none"}),
        )
    places = math.prod(in_shape[1:])
    channels = min(in_shape[0], options.channels)
    averaged = {"layer": channels * places, "instance": places}.get(options.norm)
    if averaged == 1:
        raise MisfitError(
            msg(
                "This norm would average over single values, which makes them all zero; "
                "{source} gives {shape}.",
                source=ABOVE,
                shape=shown,
            ),
            msg("Choose batch norm."),
            Remedy(options={"norm": "batch"}),
        )
