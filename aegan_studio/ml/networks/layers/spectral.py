"""Spectral normalisation (Miyato et al., arXiv 1802.05957).

W is used as W / σ(W), where the largest singular value σ is followed by one step of the power
iteration at each forward pass of training: v ← Wᵀu / ‖Wᵀu‖, u ← Wv / ‖Wv‖, σ = uᵀWv. The vectors
are buffers, so that they are saved and training resumes with them; in evaluation they rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aegan_studio.ml.networks.layers import bare
from aegan_studio.ml.networks.layers.site import Site

WARM_UP = 15
"""Steps of the power iteration before training, so that σ is right from the beginning."""

TINY = 1e-12

length = torch.linalg.vector_norm
"""Unlike ``Tensor.norm`` without a detour through Python."""


def matrix(weight: Tensor) -> Tensor:
    """A weight as a matrix; for a convolution, one axis of channels against all the rest.

    The axes are ordered as kernels lie in memory, channels last, so that nothing is copied. The
    singular values of a transposed convolution's matrix are those of its transpose.
    """
    if weight.dim() == 4:
        first = weight.shape[0]
        return weight.permute(0, 2, 3, 1).reshape(first, -1)
    return weight.reshape(len(weight), -1)


def transposed_matrix(weight: Tensor) -> Tensor:
    """The weight (in, out, k, k) of a transposed convolution, with outputs for columns."""
    return weight.permute(0, 2, 3, 1).reshape(-1, weight.shape[1])


class Spectral(nn.Module):
    """What the normalised layers have in common; stands before torch's own class."""

    weight: Tensor
    u: Tensor
    v: Tensor
    as_matrix = staticmethod(matrix)

    def begin(self, site: Site) -> None:
        """Add the two vectors, drawn from the site's generator; after the weights are."""
        rows, columns = self.as_matrix(self.weight).shape
        u = torch.empty(rows, device=self.weight.device)
        v = torch.empty(columns, device=self.weight.device)
        if site.rng is not None and u.device.type != "meta":
            u.normal_(generator=site.rng)
            v.normal_(generator=site.rng)
            u, v = (F.normalize(vector, dim=0, eps=TINY) for vector in (u, v))
        self.register_buffer("u", u)
        self.register_buffer("v", v)
        if site.rng is not None and u.device.type != "meta":
            for _ in range(WARM_UP):
                self.iterate()

    @torch.no_grad()
    def iterate(self) -> None:
        """One step of the power iteration."""
        iterate(self.as_matrix(self.weight), self.u, self.v)

    def normalised(self) -> Tensor:
        """W / σ(W), of the weight's shape; in training after one more step of the iteration."""
        return normalised(self)()


def iterate(weights: Tensor, u: Tensor, v: Tensor) -> None:
    """Move ``u`` and ``v`` one step towards the first singular vectors, in place."""
    torch.mv(weights.t(), u, out=v)
    v.div_(length(v).clamp_min_(TINY))
    torch.mv(weights, v, out=u)
    u.div_(length(u).clamp_min_(TINY))


def normalised(module: Spectral) -> Callable[[], Tensor]:
    """A function that gives the normalised weight in the module's present mode."""
    weight, u, v, training = module.weight, module.u, module.v, module.training
    as_matrix = module.as_matrix

    def call() -> Tensor:
        weights = as_matrix(weight)
        if training:
            with torch.no_grad():
                iterate(weights, u, v)
        # copies, as a later pass moves the vectors while this one's gradient still needs them
        sigma = torch.dot(u.clone(), torch.mv(weights, v.clone()))
        return weight / sigma

    return call


class SpectralLinear(Spectral, bare.Linear):
    """A linear map of spectral norm 1."""

    def forward(self, x: Tensor) -> Tensor:
        """As :class:`torch.nn.Linear`."""
        return F.linear(x, self.normalised(), self.bias)


class SpectralEmbedding(Spectral, bare.Embedding):
    """A table of vectors of spectral norm 1."""

    def forward(self, x: Tensor) -> Tensor:
        """As :class:`torch.nn.Embedding`."""
        return F.embedding(x, self.normalised())


class SpectralConv1d(Spectral, bare.Conv1d):
    """A 1-D convolution whose weight matrix has spectral norm 1."""

    def forward(self, x: Tensor) -> Tensor:
        """As :class:`torch.nn.Conv1d`."""
        made: Tensor = self._conv_forward(x, self.normalised(), self.bias)
        return made


class SpectralConv2d(Spectral, bare.Conv2d):
    """A convolution whose weight matrix has spectral norm 1."""

    def forward(self, x: Tensor) -> Tensor:
        """As :class:`torch.nn.Conv2d`."""
        made: Tensor = self._conv_forward(x, self.normalised(), self.bias)
        return made


class SpectralConvTranspose2d(Spectral, bare.ConvTranspose2d):
    """A transposed convolution whose weight matrix has spectral norm 1."""

    as_matrix = staticmethod(transposed_matrix)

    def forward(self, x: Tensor, output_size: Any = None) -> Tensor:
        """As :class:`torch.nn.ConvTranspose2d`."""
        del output_size
        return F.conv_transpose2d(
            x, self.normalised(), self.bias, cast(Any, self.stride), cast(Any, self.padding)
        )
