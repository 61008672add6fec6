"""Linear maps and convolutions."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aegan_studio.catalog import layers as catalog
from aegan_studio.experiment.parts import Shape
from aegan_studio.messages import msg
from aegan_studio.ml.networks.layers import bare
from aegan_studio.ml.networks.layers.site import Site, filled, need_picture, need_sequence
from aegan_studio.ml.networks.layers.spectral import (
    Spectral,
    SpectralConv1d,
    SpectralConv2d,
    SpectralConvTranspose2d,
    SpectralLinear,
)
from aegan_studio.ml.networks.misfit import ABOVE, MisfitError, Remedy, shape_text


def linear_map(
    inputs: int, outputs: int, site: Site, *, bias: bool = True, spectral: bool = False
) -> nn.Linear:
    """A linear map with its weights drawn."""
    kind = SpectralLinear if spectral else bare.Linear
    module = kind(inputs, outputs, bias=bias, device="meta")
    filled(module, inputs, site)
    if isinstance(module, Spectral):
        module.begin(site)
    return module


def picture_map(
    inputs: int,
    outputs: int,
    kernel: int,
    site: Site,
    *,
    stride: int = 1,
    padding: int = 0,
    bias: bool = True,
    spectral: bool = False,
    transposed: bool = False,
) -> nn.Conv2d | nn.ConvTranspose2d:
    """A convolution over pictures, or a transposed one, with its weights drawn."""
    kind: type[nn.Conv2d | nn.ConvTranspose2d]
    if transposed:
        kind = SpectralConvTranspose2d if spectral else bare.ConvTranspose2d
    else:
        kind = SpectralConv2d if spectral else bare.Conv2d
    module = kind(inputs, outputs, kernel, stride, padding, bias=bias, device="meta")
    filled(module, (outputs if transposed else inputs) * kernel**2, site)
    if isinstance(module, Spectral):
        module.begin(site)
    return module


class SameConv1d(bare.Conv1d):
    """A 1-D convolution that keeps the length: (N, C, n) to (N, C', n).

    Zeros are added on both sides; a causal one adds them in front alone, so that place t sees
    the places up to t.
    """

    def __init__(
        self, inputs: int, outputs: int, kernel: int, *, dilation: int, causal: bool, bias: bool
    ) -> None:
        super().__init__(inputs, outputs, kernel, dilation=dilation, bias=bias, device="meta")
        reach = (kernel - 1) * dilation
        front = reach if causal else reach // 2
        self.zeros = (front, reach - front)

    def forward(self, x: Tensor) -> Tensor:
        """The sequence, filtered."""
        return super().forward(F.pad(x, self.zeros))


class SpectralSameConv1d(SameConv1d, SpectralConv1d):
    """The same with a weight matrix of spectral norm 1."""


class Maxout(nn.Module):
    """Each output the largest of several linear maps' (Goodfellow et al., arXiv 1302.4389)."""

    def __init__(self, linear: nn.Linear, pieces: int) -> None:
        super().__init__()
        self.linear = linear
        self.pieces = pieces

    def forward(self, x: Tensor) -> Tensor:
        """(N, …, d) to (N, …, width)."""
        return torch.amax(self.linear(x).view(*x.shape[:-1], -1, self.pieces), -1)


def linear(options: catalog.Linear, in_shape: Shape, site: Site) -> nn.Module:
    """A linear map over the last axis: (…, d) to (…, width)."""
    return linear_map(
        in_shape[-1], options.width, site, bias=options.bias, spectral=options.spectral
    )


def maxout(options: catalog.Maxout, in_shape: Shape, site: Site) -> nn.Module:
    """Linear maps over the last axis and their maximum: (…, d) to (…, width)."""
    outputs = options.width * options.pieces
    inner = linear_map(in_shape[-1], outputs, site, bias=options.bias, spectral=options.spectral)
    return Maxout(inner, options.pieces)


def convolution(options: catalog.Convolution, in_shape: Shape, site: Site) -> nn.Module:
    """A convolution: (C, H, W) to (channels, H', W') with H' = (H + 2p − k) / s + 1, rounded."""
    _, height, width = need_picture(options, in_shape)
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
    return _strided(options, in_shape, site)


def transposed(options: catalog.Transposed, in_shape: Shape, site: Site) -> nn.Module:
    """A transposed convolution: (C, H, W) to (channels, H', W'), H' = (H − 1) s − 2p + k."""
    _, height, width = need_picture(options, in_shape)
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
    return _strided(options, in_shape, site)


def _strided(
    options: catalog.Convolution | catalog.Transposed, in_shape: Shape, site: Site
) -> nn.Module:
    return picture_map(
        in_shape[0],
        options.channels,
        options.kernel,
        site,
        stride=options.stride,
        padding=options.padding,
        bias=options.bias,
        spectral=options.spectral,
        transposed=isinstance(options, catalog.Transposed),
    )


def convolution_1d(options: catalog.Convolution1d, in_shape: Shape, site: Site) -> nn.Module:
    """A convolution along a sequence: (C, n) to (channels, n)."""
    channels, _ = need_sequence(options, in_shape)
    module = (SpectralSameConv1d if options.spectral else SameConv1d)(
        channels,
        options.channels,
        options.kernel,
        dilation=options.dilation,
        causal=options.causal,
        bias=options.bias,
    )
    filled(module, channels * options.kernel, site)
    if isinstance(module, Spectral):
        module.begin(site)
    return module
