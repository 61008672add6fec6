"""Tokens: their vectors, and the nearest of a list of vectors."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aegan_studio.catalog import layers as catalog
from aegan_studio.experiment.parts import Shape
from aegan_studio.messages import msg
from aegan_studio.ml.networks.layers import bare
from aegan_studio.ml.networks.layers.site import Device, Site, need_row
from aegan_studio.ml.networks.layers.spectral import Spectral, SpectralEmbedding
from aegan_studio.ml.networks.misfit import ABOVE, MisfitError, Remedy, shape_text


class Embedding(nn.Module):
    """A learned vector for every token: (N, n) to (N, channels, n)."""

    def __init__(self, table: nn.Embedding) -> None:
        super().__init__()
        self.table = table

    def forward(self, x: Tensor) -> Tensor:
        """Token indices, whole numbers of any type, to the vectors as channels."""
        made: Tensor = self.table(x.long()).transpose(1, 2)
        return made


class Codebook(nn.Module):
    """A list of vectors, of which each place takes the nearest (arXiv 1711.00937).

    Attributes
    ----------
    weight : Parameter
        (size, d): the vectors.
    in_shape : tuple of int
        (d, …): channels of a place make a vector; or a row (n·d,), piece by piece.
    """

    def __init__(self, in_shape: Shape, size: int, d: int, device: Device) -> None:
        super().__init__()
        self.in_shape = in_shape
        self.d = d
        self.weight = nn.Parameter(torch.empty(size, d, device=device))

    @property
    def places(self) -> int:
        """How many vectors an item has."""
        return math.prod(self.in_shape) // self.d

    def vectors(self, z: Tensor) -> Tensor:
        """(N, \\*in_shape) to (N, places, d)."""
        if len(self.in_shape) == 1:
            return z.reshape(len(z), -1, self.d)
        return z.flatten(2).transpose(1, 2)

    def nearest(self, z: Tensor) -> Tensor:
        """(N, \\*in_shape) to the indices (N, places) of the nearest vectors; no gradient."""
        with torch.no_grad():
            # ‖z − e‖² = ‖z‖² − 2 z·e + ‖e‖²; the first is the same for all e
            square = self.weight.square().sum(1)
            distance = torch.addmm(
                square, self.vectors(z).reshape(-1, self.d), self.weight.t(), alpha=-2
            )
            return distance.argmin(1).view(len(z), -1)

    def lookup(self, indices: Tensor) -> Tensor:
        """Indices (N, places) to the vectors as an item, (N, \\*in_shape)."""
        vectors = F.embedding(indices.long(), self.weight)
        if len(self.in_shape) == 1:
            return vectors.reshape(len(indices), *self.in_shape)
        return vectors.transpose(1, 2).reshape(len(indices), *self.in_shape)

    def forward(self, z: Tensor) -> Tensor:
        """The nearest vectors themselves; gradients reach the list, not ``z``."""
        return self.lookup(self.nearest(z))


def embedding(options: catalog.Embedding, in_shape: Shape, site: Site) -> nn.Module:
    """(n,) to (channels, n); vectors start normally distributed, as PyTorch's do."""
    need_row(options, in_shape)
    kind = SpectralEmbedding if options.spectral else bare.Embedding
    table = kind(options.tokens, options.channels, device="meta")
    if torch.device(site.device).type != "meta":
        table.to_empty(device=site.device)
        if site.rng is not None:
            with torch.no_grad():
                table.weight.normal_(generator=site.rng)
    if isinstance(table, Spectral):
        table.begin(site)
    return Embedding(table)


def codebook(options: catalog.Codebook, in_shape: Shape, site: Site) -> nn.Module:
    """The same shape; entries start uniform in ±1/size, as in the paper's own program."""
    d = in_shape[0]
    if len(in_shape) == 1 and options.width:
        d = options.width
        if in_shape[0] % d:
            fitting = math.gcd(in_shape[0], d)
            raise MisfitError(
                msg(
                    "{shape} does not divide into vectors of {width}; {source} gives no other.",
                    shape=shape_text(in_shape),
                    width=d,
                    source=ABOVE,
                ),
                msg("Make the vectors {width} wide.", width=fitting),
                Remedy(options={"width": fitting}),
            )
    module = Codebook(in_shape, options.size, d, site.device)
    if site.rng is not None and torch.device(site.device).type != "meta":
        with torch.no_grad():
            module.weight.uniform_(-1 / options.size, 1 / options.size, generator=site.rng)
    return module
