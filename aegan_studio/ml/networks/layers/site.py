"""What a builder is told beside a layer's options: where a module lives, how its weights start."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import nn

from aegan_studio.experiment.parts import LAYERS, Initialisation, LayerOptions, Shape
from aegan_studio.messages import msg
from aegan_studio.ml.networks.misfit import ABOVE, MisfitError, Remedy, shape_text

Device = torch.device | str

Weighted = nn.Linear | nn.Conv1d | nn.Conv2d | nn.ConvTranspose2d


@dataclass(frozen=True, slots=True)
class Site:
    """Where a module is built.

    Attributes
    ----------
    rng : torch.Generator or None
        All weights are drawn from it; without one they are left unset.
    device : torch.device or str
        "meta" makes a module with shapes and no memory.
    beside : int
        How many values come in beside the network's input.
    initialisation : Initialisation
        The scheme by which the weights of linear maps and convolutions are drawn.
    """

    rng: torch.Generator | None = None
    device: Device = "cpu"
    beside: int = 0
    initialisation: Initialisation = "default"


class Builder(Protocol):
    """The signature of every builder."""

    def __call__(self, options: Any, in_shape: Shape, site: Site) -> nn.Module:
        """A module for items of ``in_shape``; raises :class:`MisfitError`."""


def filled(module: Weighted, fan_in: int, site: Site) -> None:
    """Give a module made on "meta" its memory, and weights drawn from the site's generator.

    Parameters
    ----------
    module : linear map or convolution
    fan_in : int
        How many inputs each output sums over, as PyTorch counts them: in a transposed convolution
        the kernel's pixels times its outputs.
    site : Site

    Notes
    -----
    PyTorch's default: kernels uniform with bound 1/√fan_in (He et al., arXiv 1502.01852, with
    a = √5), biases alike. He normal: σ = √(2/fan_in). Xavier uniform (Glorot & Bengio, 2010).
    Orthogonal (arXiv 1312.6120). DCGAN: σ = .02 (arXiv 1511.06434). All but the default start
    biases at 0.
    """
    if torch.device(site.device).type == "meta":
        return
    module.to_empty(device=site.device)
    if site.rng is None:
        return
    weight, bias = module.weight, module.bias
    with torch.no_grad():
        if site.initialisation == "default":
            nn.init.kaiming_uniform_(weight, a=math.sqrt(5), generator=site.rng)
            if bias is not None:
                bound = 1 / math.sqrt(fan_in)
                nn.init.uniform_(bias, -bound, bound, generator=site.rng)
            return
        if site.initialisation == "he":
            weight.normal_(0.0, math.sqrt(2 / fan_in), generator=site.rng)
        elif site.initialisation == "xavier":
            nn.init.xavier_uniform_(weight, generator=site.rng)
        elif site.initialisation == "orthogonal":
            nn.init.orthogonal_(weight, generator=site.rng)
        else:
            weight.normal_(0.0, 0.02, generator=site.rng)
        if bias is not None:
            bias.zero_()


def need_picture(options: LayerOptions, in_shape: Shape) -> Shape:
    """``in_shape`` where it is (channels, height, width); a misfit otherwise."""
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


def need_sequence(options: LayerOptions, in_shape: Shape) -> Shape:
    """``in_shape`` where it is (channels, length); a misfit otherwise."""
    if len(in_shape) == 2:
        return in_shape
    raise MisfitError(
        msg(
            "{label} needs channels×length, but {source} gives {shape}.",
            label=msg(LAYERS.of(options).label),
            source=ABOVE,
            shape=shape_text(in_shape),
        ),
        msg("Add a Reshape layer before it."),
        Remedy(sequence=True),
    )


def need_row(options: LayerOptions, in_shape: Shape) -> int:
    """How many values a flat input has; a misfit where it is not flat."""
    if len(in_shape) == 1:
        return in_shape[0]
    raise MisfitError(
        msg(
            "{label} needs a row of values, but {source} gives {shape}.",
            label=msg(LAYERS.of(options).label),
            source=ABOVE,
            shape=shape_text(in_shape),
        ),
        msg("Add a Flatten layer before it."),
        Remedy(row=True),
    )
