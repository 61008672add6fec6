"""What a module makes of a shape, and at what cost, in closed form.

The meta device would say the same, but several of its operations are written in Python: a
batch norm takes 0.9 ms and the first call of all a second, too slow to answer each keystroke. It
still answers for modules that are not known here.
"""

from __future__ import annotations

import copy
import math
from functools import singledispatch

import torch
from torch import nn

from aegan_studio.experiment.parts import Shape
from aegan_studio.ml.networks.layers import Dropout, Reshape
from aegan_studio.ml.networks.layers.beside import Join, Projection

ACTIVATIONS = (
    nn.ReLU,
    nn.LeakyReLU,
    nn.ELU,
    nn.GELU,
    nn.SiLU,
    nn.Softplus,
    nn.Tanh,
    nn.Sigmoid,
)
NORMS = (
    nn.BatchNorm1d,
    nn.BatchNorm2d,
    nn.InstanceNorm1d,
    nn.InstanceNorm2d,
    nn.GroupNorm,
    nn.LayerNorm,
)


@singledispatch
def out_shape(module: nn.Module, in_shape: Shape) -> Shape:
    """The shape of one item after ``module``; unknown modules run on the meta device."""
    described = copy.deepcopy(module).to("meta").eval()
    with torch.no_grad():
        return tuple(described(torch.empty((1, *in_shape), device="meta")).shape[1:])


def _same(module: nn.Module, in_shape: Shape) -> Shape:
    del module
    return in_shape


for _kind in (*ACTIVATIONS, *NORMS, Dropout):
    out_shape.register(_kind, _same)


@out_shape.register
def _(module: nn.Linear, in_shape: Shape) -> Shape:
    return (*in_shape[:-1], module.out_features)


@out_shape.register
def _(module: Reshape, in_shape: Shape) -> Shape:
    del in_shape
    return module.shape


@out_shape.register
def _(module: Join, in_shape: Shape) -> Shape:
    del in_shape
    return module.out_shape


@out_shape.register
def _(module: Projection, in_shape: Shape) -> Shape:
    del module, in_shape
    return (1,)


@out_shape.register
def _(module: nn.Upsample, in_shape: Shape) -> Shape:
    channels, *sides = in_shape
    factor = module.scale_factor
    assert isinstance(factor, int | float)
    return (channels, *(side * int(factor) for side in sides))


@out_shape.register
def _(module: nn.Conv2d, in_shape: Shape) -> Shape:
    kernel, stride, padding = module.kernel_size[0], module.stride[0], int(module.padding[0])
    sides = ((side + 2 * padding - kernel) // stride + 1 for side in in_shape[1:])
    return (module.out_channels, *sides)


@out_shape.register
def _(module: nn.ConvTranspose2d, in_shape: Shape) -> Shape:
    kernel, stride, padding = module.kernel_size[0], module.stride[0], int(module.padding[0])
    sides = ((side - 1) * stride - 2 * padding + kernel for side in in_shape[1:])
    return (module.out_channels, *sides)


def flops(module: nn.Module, in_shape: Shape, made: Shape) -> int:
    """Floating-point operations for one item, forward.

    Two for each multiply-add of a linear map or convolution (biases are not counted, as in
    torch's own counter); one for each value made by anything else; none for a mere rearrangement.
    """
    values = math.prod(made)
    if isinstance(module, nn.Linear):
        return 2 * module.in_features * values
    if isinstance(module, nn.Conv2d):
        return 2 * module.in_channels * math.prod(module.kernel_size) * values
    if isinstance(module, nn.ConvTranspose2d):
        each = module.out_channels * math.prod(module.kernel_size)
        return 2 * each * math.prod(in_shape)
    if isinstance(module, Join):
        return sum(2 * part.weight.numel() for part in (module.embedding, module.plane) if part)
    if isinstance(module, Projection):
        return 2 * (module.linear.weight.numel() + module.embedding.weight.numel()) + values
    return 0 if isinstance(module, Reshape) else values


def parameters(module: nn.Module) -> int:
    """How many weights a module learns."""
    return sum(parameter.numel() for parameter in module.parameters())
