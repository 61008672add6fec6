"""The builders of the catalog's layers: options and an input shape make a module.

Every builder takes the options, the shape of one item from above, and keywords ``rng`` and
``device``. With a generator the weights are drawn from it, never from torch's global one, by
PyTorch's default schemes: kernels uniform with bound 1/√fan_in (He et al., arXiv 1502.01852, with
a = √5), biases alike. Without one they are left unset, as on the device "meta", where a module
has shapes and no memory. A builder raises :class:`MisfitError` where the shapes do not go together.
"""

from __future__ import annotations

import math
from typing import Protocol

import torch
from torch import Tensor, nn

from aegan_studio.catalog import layers as catalog
from aegan_studio.experiment.parts import LAYERS, Shape
from aegan_studio.messages import msg
from aegan_studio.ml.networks.misfit import ABOVE, MisfitError, Remedy, shape_text

Device = torch.device | str
Weighted = nn.Linear | nn.Conv2d | nn.ConvTranspose2d


class Builder(Protocol):
    """The signature of every builder."""

    def __call__(
        self,
        options: object,
        in_shape: Shape,
        *,
        rng: torch.Generator | None = None,
        device: Device = "cpu",
    ) -> nn.Module:
        """A module for items of ``in_shape``."""


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


def linear(
    options: catalog.Linear,
    in_shape: Shape,
    *,
    rng: torch.Generator | None = None,
    device: Device = "cpu",
) -> nn.Module:
    """A linear map over the last axis: (…, d) to (…, width)."""
    module = nn.Linear(in_shape[-1], options.width, bias=options.bias, device="meta")
    return _filled(module, in_shape[-1], rng, device)


def convolution(
    options: catalog.Convolution,
    in_shape: Shape,
    *,
    rng: torch.Generator | None = None,
    device: Device = "cpu",
) -> nn.Module:
    """A convolution: (C, H, W) to (channels, H', W') with H' = (H + 2p − k) / s + 1, rounded."""
    channels, height, width = _picture(options, in_shape)
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
    return _filled(module, channels * options.kernel**2, rng, device)


def transposed(
    options: catalog.Transposed,
    in_shape: Shape,
    *,
    rng: torch.Generator | None = None,
    device: Device = "cpu",
) -> nn.Module:
    """A transposed convolution: (C, H, W) to (channels, H', W'), H' = (H − 1) s − 2p + k."""
    channels, height, width = _picture(options, in_shape)
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
    # PyTorch reads the fan-in off the kernel's second axis, which here counts outputs.
    return _filled(module, options.channels * options.kernel**2, rng, device)


def upsample(
    options: catalog.Upsample,
    in_shape: Shape,
    *,
    rng: torch.Generator | None = None,
    device: Device = "cpu",
) -> nn.Module:
    """(C, H, W) to (C, f H, f W)."""
    del rng, device
    _picture(options, in_shape)
    return nn.Upsample(scale_factor=options.factor, mode=options.mode)


def norm(
    options: catalog.Norm,
    in_shape: Shape,
    *,
    rng: torch.Generator | None = None,
    device: Device = "cpu",
) -> nn.Module:
    """The same shape, normalised: batch, layer (all of an item), groups of channels, instance."""
    del rng
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
    picture = len(in_shape) == 3
    if options.over == "batch":
        return (nn.BatchNorm2d if picture else nn.BatchNorm1d)(channels, device=device)
    if options.over == "instance":
        instance = nn.InstanceNorm2d if picture else nn.InstanceNorm1d
        return instance(channels, affine=True, device=device)
    if options.over == "layer" and len(in_shape) == 1:
        return nn.LayerNorm(channels, device=device)
    return nn.GroupNorm(options.groups if options.over == "group" else 1, channels, device=device)


def activation(
    options: catalog.Activation,
    in_shape: Shape,
    *,
    rng: torch.Generator | None = None,
    device: Device = "cpu",
) -> nn.Module:
    """The same shape, bent value by value."""
    del in_shape, rng, device
    if options.function == "leaky-relu":
        return nn.LeakyReLU(options.slope)
    kinds: dict[str, type[nn.Module]] = {
        "relu": nn.ReLU,
        "elu": nn.ELU,
        "gelu": nn.GELU,
        "silu": nn.SiLU,
        "softplus": nn.Softplus,
        "tanh": nn.Tanh,
        "sigmoid": nn.Sigmoid,
    }
    return kinds[options.function]()


def dropout(
    options: catalog.Dropout,
    in_shape: Shape,
    *,
    rng: torch.Generator | None = None,
    device: Device = "cpu",
) -> nn.Module:
    """The same shape; the generator it draws from is set when the network stands."""
    del in_shape, rng, device
    return Dropout(options.p)


def flatten(
    options: catalog.Flatten,
    in_shape: Shape,
    *,
    rng: torch.Generator | None = None,
    device: Device = "cpu",
) -> nn.Module:
    """All values of an item in one row."""
    del options, rng, device
    return Reshape((math.prod(in_shape),))


def reshape(
    options: catalog.Reshape,
    in_shape: Shape,
    *,
    rng: torch.Generator | None = None,
    device: Device = "cpu",
) -> nn.Module:
    """The same values in another shape."""
    del rng, device
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


def _picture(
    options: catalog.Convolution | catalog.Transposed | catalog.Upsample, in_shape: Shape
) -> Shape:
    if len(in_shape) == 3:
        return in_shape
    raise MisfitError(
        msg(
            "{label} needs channels×height×width, but {source} gives {shape}.",
            label=msg(LAYERS.of(options).label),
            source=ABOVE,
            shape=shape_text(in_shape),
        ),
        msg("Add a Reshape layer before it."),
        Remedy(picture=True),
    )


def _filled(
    module: Weighted, fan_in: int, rng: torch.Generator | None, device: Device
) -> nn.Module:
    if torch.device(device).type == "meta":
        return module
    module.to_empty(device=device)
    if rng is not None:
        with torch.no_grad():
            nn.init.kaiming_uniform_(module.weight, a=math.sqrt(5), generator=rng)
            if module.bias is not None:
                bound = 1 / math.sqrt(fan_in)
                nn.init.uniform_(module.bias, -bound, bound, generator=rng)
    return module
