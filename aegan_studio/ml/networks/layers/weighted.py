"""Linear maps and convolutions."""

from __future__ import annotations

from torch import nn

from aegan_studio.catalog import layers as catalog
from aegan_studio.experiment.parts import Shape
from aegan_studio.messages import msg
from aegan_studio.ml.networks.layers.site import Site, filled, linear_map, need_picture
from aegan_studio.ml.networks.misfit import ABOVE, MisfitError, Remedy, shape_text


def linear(options: catalog.Linear, in_shape: Shape, site: Site) -> nn.Module:
    """A linear map over the last axis: (…, d) to (…, width)."""
    return linear_map(in_shape[-1], options.width, site, bias=options.bias)


def convolution(options: catalog.Convolution, in_shape: Shape, site: Site) -> nn.Module:
    """A convolution: (C, H, W) to (channels, H', W') with H' = (H + 2p − k) / s + 1, rounded."""
    channels, height, width = need_picture(options, in_shape)
    room = min(height, width) + 2 * options.padding
    if room < options.kernel:
        raise MisfitError(
            msg(
                "A {kernel}×{kernel} kernel does not fit into {shape} with padding {padding}; "
                "{source} gives no more.",
                kernel=options.kernel,
                shape=shape_text((height, width)),
                padding=options.padding,
                source=ABOVE,
            ),
            msg("Make the kernel at most {limit}.", limit=room),
            Remedy(options={"kernel": room}),
        )
    module = nn.Conv2d(
        channels,
        options.channels,
        options.kernel,
        options.stride,
        options.padding,
        bias=options.bias,
        device="meta",
    )
    filled(module, channels * options.kernel**2, site)
    return module


def transposed(options: catalog.Transposed, in_shape: Shape, site: Site) -> nn.Module:
    """A transposed convolution: (C, H, W) to (channels, H', W'), H' = (H − 1) s − 2p + k."""
    channels, height, width = need_picture(options, in_shape)
    grown = (min(height, width) - 1) * options.stride + options.kernel
    if grown <= 2 * options.padding:
        limit = (grown - 1) // 2
        raise MisfitError(
            msg(
                "Padding {padding} cuts off all of the {grown}×{grown} pixels made from {shape}; "
                "{source} gives no more.",
                padding=options.padding,
                grown=grown,
                shape=shape_text((height, width)),
                source=ABOVE,
            ),
            msg("Make the padding at most {limit}.", limit=limit),
            Remedy(options={"padding": limit}),
        )
    module = nn.ConvTranspose2d(
        channels,
        options.channels,
        options.kernel,
        options.stride,
        options.padding,
        bias=options.bias,
        device="meta",
    )
    filled(module, options.channels * options.kernel**2, site)
    return module
