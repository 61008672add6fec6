"""Modules as bare functions.

``nn.Module.__call__`` looks for hooks and its attributes are looked up by name; for a network of
a few small layers that is a noticeable part of a step. A closure over the parameters does the
same arithmetic without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import singledispatch

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrize import is_parametrized

from aegan_studio.ml.networks.layers import (
    Attention,
    Codebook,
    Dropout,
    Embedding,
    Maxout,
    Mean,
    MinibatchStddev,
    Plugged,
    Reshape,
    Residual,
    SameConv1d,
    TakesBeside,
)
from aegan_studio.ml.networks.layers.spectral import (
    Spectral,
    SpectralConv2d,
    SpectralConvTranspose2d,
    SpectralLinear,
    normalised,
)

Call = Callable[[Tensor], Tensor]

NORMS = (
    nn.modules.batchnorm._NormBase,
    nn.GroupNorm,
    nn.LayerNorm,
)
"""Layers whose weights only rescale."""

OVERWRITABLE = (
    nn.Conv1d,
    nn.Conv2d,
    nn.ConvTranspose2d,
    nn.BatchNorm2d,
    nn.GroupNorm,
    Residual,
)
"""Picture layers whose backward pass does not need their result, so that the bend below may
overwrite it: 3–10 % of a DCGAN's step. After linear layers it gains nothing."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A network's layers as functions.

    Attributes
    ----------
    calls : tuple of callable
        To be applied one after another.
    taking : tuple of bool
        Which of them also take the values beside the input.
    conditional : bool
        Whether any does.
    last : int
        Which of them is the last weighted layer's; 0 where no layer has weights.
    """

    calls: tuple[Call, ...]
    taking: tuple[bool, ...]
    conditional: bool
    last: int

    def run(
        self, x: Tensor, beside: Tensor | None, *, start: int = 0, end: int | None = None
    ) -> Tensor:
        """The functions from ``start`` up to ``end``, one after another."""
        pairs = zip(self.calls[start:end], self.taking[start:end], strict=True)
        for call, takes in pairs:
            x = call(x, beside) if takes else call(x)  # type: ignore[call-arg]
        return x


def prepare(modules: Sequence[nn.Module], *, channels_last: bool) -> Prepared:
    """The modules, in their present mode, as functions to be applied one after another.

    Parameters
    ----------
    modules : sequence of nn.Module
        The functions hold their parameters and buffers: where these are replaced by other
        tensors, or the mode changes, make the functions anew.
    channels_last : bool
        Whether pictures run with channels last in memory, as convolutions prefer.
    """
    made: list[Call] = [picture_last] if channels_last else []
    taking = [False] * len(made)
    last = 0
    above: nn.Module | None = None
    for module in modules:
        if isinstance(module, Dropout) and (not module.training or module.p == 0):
            continue
        if is_parametrized(module):
            function: Call = module  # its weight is computed anew at each call
        elif isinstance(above, OVERWRITABLE):
            function = in_place(module)
        else:
            function = call_of(module)
        if any(True for _ in module.parameters()) and not isinstance(module, NORMS):
            last = len(made)
        made.append(function)
        taking.append(isinstance(module, TakesBeside))
        if channels_last and isinstance(module, Reshape) and len(module.shape) == 3:
            made.append(picture_last)
            taking.append(False)
        above = module
    return Prepared(tuple(made), tuple(taking), any(taking), last)


def picture_last(x: Tensor) -> Tensor:
    """Pictures (N, C, H, W) with channels last in memory; other tensors as they are."""
    return x.contiguous(memory_format=torch.channels_last) if x.dim() == 4 else x


@singledispatch
def call_of(module: nn.Module) -> Call:
    """The function of a module; a module that is not known here is called as it is."""
    return module


@call_of.register
def _(module: nn.Linear) -> Call:
    linear, weight, bias = F.linear, module.weight, module.bias
    return lambda x: linear(x, weight, bias)


@call_of.register
def _(module: nn.Conv2d) -> Call:
    convolve, weight, bias = F.conv2d, module.weight, module.bias
    stride, padding = module.stride, module.padding
    return lambda x: convolve(x, weight, bias, stride, padding)


@call_of.register
def _(module: nn.ConvTranspose2d) -> Call:
    convolve, weight, bias = F.conv_transpose2d, module.weight, module.bias
    stride, padding = module.stride, module.padding
    return lambda x: convolve(x, weight, bias, stride, padding)  # type: ignore[arg-type]


@call_of.register
def _(module: SpectralLinear) -> Call:
    linear, weight, bias = F.linear, normalised(module), module.bias
    return lambda x: linear(x, weight(), bias)


@call_of.register
def _(module: SpectralConv2d) -> Call:
    convolve, weight, bias = F.conv2d, normalised(module), module.bias
    stride, padding = module.stride, module.padding
    return lambda x: convolve(x, weight(), bias, stride, padding)


@call_of.register
def _(module: SpectralConvTranspose2d) -> Call:
    convolve, weight, bias = F.conv_transpose2d, normalised(module), module.bias
    stride, padding = module.stride, module.padding
    return lambda x: convolve(x, weight(), bias, stride, padding)  # type: ignore[arg-type]


@call_of.register
def _(module: SameConv1d) -> Call:
    if isinstance(module, Spectral):
        return module.forward
    pad, convolve, zeros = F.pad, F.conv1d, module.zeros
    weight, bias, dilation = module.weight, module.bias, module.dilation
    return lambda x: convolve(pad(x, zeros), weight, bias, 1, 0, dilation)


@call_of.register
def _(module: Maxout) -> Call:
    linear, pieces = call_of(module.linear), module.pieces
    return lambda x: torch.amax(linear(x).view(*x.shape[:-1], -1, pieces), -1)


@call_of.register
def _(module: Residual) -> Call:
    body = prepare(tuple(module.body), channels_last=False).calls
    skip = prepare(tuple(module.skip), channels_last=False).calls

    def call(x: Tensor) -> Tensor:
        made, beside = x, x
        for function in body:
            made = function(made)
        for function in skip:
            beside = function(beside)
        return made + beside

    return call


@call_of.register(nn.BatchNorm1d)
@call_of.register(nn.BatchNorm2d)
def _(module: nn.BatchNorm1d | nn.BatchNorm2d) -> Call:
    # torch's module also counts batches, for a momentum we do not use; the counter stays 0.
    weight, bias = module.weight, module.bias
    mean, variance = module.running_mean, module.running_var
    training, momentum, eps = module.training, module.momentum or 0.0, module.eps
    normalise = torch.batch_norm

    def call(x: Tensor) -> Tensor:
        return normalise(x, weight, bias, mean, variance, training, momentum, eps, False)

    return call


@call_of.register
def _(module: nn.LayerNorm) -> Call:
    weight, bias, shape, eps = module.weight, module.bias, module.normalized_shape, module.eps
    return lambda x: F.layer_norm(x, shape, weight, bias, eps)


@call_of.register
def _(module: nn.GroupNorm) -> Call:
    weight, bias, groups, eps = module.weight, module.bias, module.num_groups, module.eps
    return lambda x: F.group_norm(x, groups, weight, bias, eps)


@call_of.register
def _(module: nn.ReLU) -> Call:
    del module
    return torch.relu


@call_of.register
def _(module: nn.LeakyReLU) -> Call:
    bend, slope = F.leaky_relu, module.negative_slope
    return lambda x: bend(x, slope)


@call_of.register
def _(module: nn.Tanh) -> Call:
    del module
    return torch.tanh


@call_of.register
def _(module: nn.Sigmoid) -> Call:
    del module
    return torch.sigmoid


@call_of.register(TakesBeside)
@call_of.register(Reshape)
@call_of.register(Dropout)
@call_of.register(nn.ELU)
@call_of.register(nn.GELU)
@call_of.register(nn.SiLU)
@call_of.register(nn.Mish)
@call_of.register(nn.Softplus)
@call_of.register(nn.Softmax)
@call_of.register(nn.Upsample)
@call_of.register(nn.AvgPool2d)
@call_of.register(nn.PixelShuffle)
@call_of.register(nn.InstanceNorm1d)
@call_of.register(nn.InstanceNorm2d)
@call_of.register(Mean)
@call_of.register(MinibatchStddev)
@call_of.register(Attention)
@call_of.register(Embedding)
@call_of.register(Codebook)
@call_of.register(Plugged)
def _(module: nn.Module) -> Call:
    return module.forward


@singledispatch
def in_place(module: nn.Module) -> Call:
    """As :func:`call_of`, but overwriting the input where the derivative allows it."""
    return call_of(module)


@in_place.register
def _(module: nn.ReLU) -> Call:
    del module
    return torch.relu_


@in_place.register
def _(module: nn.LeakyReLU) -> Call:
    bend, slope = F.leaky_relu, module.negative_slope
    return lambda x: bend(x, slope, inplace=True)


@in_place.register
def _(module: nn.Tanh) -> Call:
    del module
    return torch.tanh_


@in_place.register
def _(module: nn.Sigmoid) -> Call:
    del module
    return torch.sigmoid_
