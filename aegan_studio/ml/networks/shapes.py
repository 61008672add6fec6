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
from aegan_studio.ml.networks.layers import (
    Attention,
    Codebook,
    Dropout,
    Embedding,
    Join,
    Maxout,
    Mean,
    MinibatchStddev,
    Plugged,
    Projection,
    Reshape,
    Residual,
)

ACTIVATIONS = (
    nn.ReLU,
    nn.LeakyReLU,
    nn.ELU,
    nn.GELU,
    nn.SiLU,
    nn.Mish,
    nn.Softplus,
    nn.Tanh,
    nn.Sigmoid,
    nn.Softmax,
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


for _kind in (*ACTIVATIONS, *NORMS, Dropout, Attention, Codebook):
    out_shape.register(_kind, _same)


@out_shape.register
def _(module: nn.Linear, in_shape: Shape) -> Shape:
    return (*in_shape[:-1], module.out_features)


@out_shape.register
def _(module: Maxout, in_shape: Shape) -> Shape:
    return (*in_shape[:-1], module.linear.out_features // module.pieces)


@out_shape.register(Reshape)
def _(module: Reshape, in_shape: Shape) -> Shape:
    del in_shape
    return module.shape


@out_shape.register(Join)
@out_shape.register(Plugged)
def _(module: Join | Plugged, in_shape: Shape) -> Shape:
    del in_shape
    return module.out_shape


@out_shape.register
def _(module: Projection, in_shape: Shape) -> Shape:
    del module, in_shape
    return (1,)


@out_shape.register
def _(module: Mean, in_shape: Shape) -> Shape:
    del module
    return in_shape[:1]


@out_shape.register
def _(module: MinibatchStddev, in_shape: Shape) -> Shape:
    del module
    return (in_shape[0] + 1, *in_shape[1:])


@out_shape.register
def _(module: Embedding, in_shape: Shape) -> Shape:
    return (module.table.embedding_dim, *in_shape)


@out_shape.register
def _(module: Residual, in_shape: Shape) -> Shape:
    return out_shape(module.body, in_shape)


@out_shape.register
def _(module: nn.Sequential, in_shape: Shape) -> Shape:
    for part in module:
        in_shape = out_shape(part, in_shape)
    return in_shape


@out_shape.register
def _(module: nn.Upsample, in_shape: Shape) -> Shape:
    channels, *sides = in_shape
    factor = module.scale_factor
    assert isinstance(factor, int | float)
    return (channels, *(side * int(factor) for side in sides))


@out_shape.register
def _(module: nn.PixelShuffle, in_shape: Shape) -> Shape:
    channels, *sides = in_shape
    factor = module.upscale_factor
    return (channels // factor**2, *(side * factor for side in sides))


@out_shape.register
def _(module: nn.AvgPool2d, in_shape: Shape) -> Shape:
    channels, *sides = in_shape
    kernel, stride, padding = module.kernel_size, module.stride, module.padding
    assert isinstance(kernel, int)
    assert isinstance(stride, int)
    assert isinstance(padding, int)
    return (channels, *((side + 2 * padding - kernel) // stride + 1 for side in sides))


@out_shape.register
def _(module: nn.Conv1d, in_shape: Shape) -> Shape:
    # every 1-D convolution here keeps the length
    return (module.out_channels, *in_shape[1:])


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
    What spectral norm costs does not depend on the number of items and is left out.
    """
    products = multiply_adds(module, in_shape)
    if isinstance(module, nn.Linear | nn.modules.conv._ConvNd):
        return 2 * products
    if isinstance(module, Reshape | nn.PixelShuffle | Embedding):
        return 0
    if isinstance(module, Residual):
        return _along(module.body, in_shape) + _along(module.skip, in_shape) + math.prod(made)
    if isinstance(module, Join):
        return 2 * products
    return 2 * products + math.prod(made)


def _along(parts: nn.Sequential, shape: Shape) -> int:
    total = 0
    for part in parts:
        made = out_shape(part, shape)
        total += flops(part, shape, made)
        shape = made
    return total


@singledispatch
def multiply_adds(module: nn.Module, in_shape: Shape) -> int:
    """Multiply-adds of matrix products and convolutions for one item; none where unknown."""
    del module, in_shape
    return 0


@multiply_adds.register
def _(module: nn.Linear, in_shape: Shape) -> int:
    return module.in_features * module.out_features * math.prod(in_shape[:-1])


@multiply_adds.register
def _(module: nn.Conv2d, in_shape: Shape) -> int:
    each = module.in_channels * math.prod(module.kernel_size)
    return each * math.prod(out_shape(module, in_shape))


@multiply_adds.register
def _(module: nn.Conv1d, in_shape: Shape) -> int:
    each = module.in_channels * module.kernel_size[0]
    return each * math.prod(out_shape(module, in_shape))


@multiply_adds.register
def _(module: nn.ConvTranspose2d, in_shape: Shape) -> int:
    return module.out_channels * math.prod(module.kernel_size) * math.prod(in_shape)


@multiply_adds.register
def _(module: Maxout, in_shape: Shape) -> int:
    return multiply_adds(module.linear, in_shape)


@multiply_adds.register
def _(module: Join, in_shape: Shape) -> int:
    del in_shape
    return sum(part.weight.numel() for part in (module.embedding, module.plane) if part is not None)


@multiply_adds.register
def _(module: Projection, in_shape: Shape) -> int:
    del in_shape
    return module.linear.weight.numel() + module.embedding.weight.numel()


@multiply_adds.register
def _(module: Residual, in_shape: Shape) -> int:
    return multiply_adds(module.body, in_shape) + multiply_adds(module.skip, in_shape)


@multiply_adds.register
def _(module: nn.Sequential, in_shape: Shape) -> int:
    total = 0
    for part in module:
        total += multiply_adds(part, in_shape)
        in_shape = out_shape(part, in_shape)
    return total


@multiply_adds.register
def _(module: Attention, in_shape: Shape) -> int:
    pixels = math.prod(in_shape[1:])
    maps = 4 * module.channels * module.inner * pixels
    return maps + 2 * module.inner * pixels**2


@multiply_adds.register
def _(module: Codebook, in_shape: Shape) -> int:
    return module.weight.numel() * (math.prod(in_shape) // module.d)


def parameters(module: nn.Module) -> int:
    """How many weights a module learns."""
    return sum(parameter.numel() for parameter in module.parameters())
