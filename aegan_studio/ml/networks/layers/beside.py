"""Layers that take up what comes in beside a network's input: a class, a code."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from aegan_studio.catalog import layers as catalog
from aegan_studio.experiment.parts import LAYERS, LayerOptions, Shape
from aegan_studio.messages import msg
from aegan_studio.ml.networks.layers.site import Site, need_row
from aegan_studio.ml.networks.layers.weighted import linear_map
from aegan_studio.ml.networks.misfit import MisfitError, Remedy


class TakesBeside(nn.Module, ABC):
    """A layer whose ``forward`` also takes the values beside the input, (N, k)."""

    @abstractmethod
    def forward(self, x: Tensor, beside: Tensor | None = None) -> Tensor:
        """The layer's result; raises :class:`TypeError` where nothing came in beside."""

    def given(self, beside: Tensor | None) -> Tensor:
        """What came in beside."""
        if beside is None:
            raise TypeError("this network needs the values that come in beside its input")
        return beside


class Join(TakesBeside):
    """The values beside, joined to the features (conditional GAN, arXiv 1411.1784).

    A row (d,) becomes (d + k,); anything with channels, (C, …), gets one channel more, a learned
    linear map of the k values. With ``width`` a learned linear embedding comes first.
    """

    def __init__(self, in_shape: Shape, width: int, site: Site, *, spectral: bool) -> None:
        super().__init__()
        self.embedding: nn.Linear | None = None
        self.plane: nn.Linear | None = None
        joined = site.beside
        if width:
            self.embedding = linear_map(joined, width, site, spectral=spectral)
            joined = width
        if len(in_shape) > 1:
            self.plane = linear_map(joined, math.prod(in_shape[1:]), site, spectral=spectral)
            joined = 1
        self.in_shape = in_shape
        self.out_shape = (in_shape[0] + joined, *in_shape[1:])

    def forward(self, x: Tensor, beside: Tensor | None = None) -> Tensor:
        """(N, d) and (N, k) to (N, d + k); (N, C, …) to (N, C + 1, …)."""
        values = self.given(beside)
        if self.embedding is not None:
            values = self.embedding(values)
        if self.plane is not None:
            values = self.plane(values).view(len(x), 1, *self.in_shape[1:])
        return torch.cat((x, values), 1)


class Projection(TakesBeside):
    """A logit that judges how features and condition go together (arXiv 1802.05637).

    out = a·h + b + ⟨V c, h⟩ for features h (N, d) and a condition c (N, k); the paper's φ and ψ
    are what stands above and the linear part.
    """

    def __init__(self, features: int, site: Site, *, spectral: bool) -> None:
        super().__init__()
        self.linear = linear_map(features, 1, site, spectral=spectral)
        self.embedding = linear_map(site.beside, features, site, bias=False, spectral=spectral)

    def forward(self, x: Tensor, beside: Tensor | None = None) -> Tensor:
        """(N, d) and (N, k) to (N, 1)."""
        together: Tensor = (self.embedding(self.given(beside)) * x).sum(1, keepdim=True)
        made: Tensor = together + self.linear(x)
        return made


def join(options: catalog.Join, in_shape: Shape, site: Site) -> nn.Module:
    """(d,) to (d + k,), or (d + width,); (C, …) to (C + 1, …)."""
    _need_beside(options, site)
    return Join(in_shape, options.width, site, spectral=options.spectral)


def projection(options: catalog.Projection, in_shape: Shape, site: Site) -> nn.Module:
    """(d,) to (1,)."""
    _need_beside(options, site)
    return Projection(need_row(options, in_shape), site, spectral=options.spectral)


def _need_beside(options: LayerOptions, site: Site) -> None:
    if site.beside == 0:
        raise MisfitError(
            msg(
                "{label} has nothing to take up: no class or code comes in beside this "
                "network’s input.",
                label=msg(LAYERS.of(options).label),
            ),
            msg("Remove the layer or choose a method with a condition."),
            Remedy(remove=True),
        )
