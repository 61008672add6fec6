"""Self-attention over the pixels of a picture."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from aegan_studio.catalog import layers as catalog
from aegan_studio.experiment.parts import Shape
from aegan_studio.ml.networks.layers.site import Site, need_picture
from aegan_studio.ml.networks.layers.weighted import linear_map


class Attention(nn.Module):
    """SAGAN's self-attention (Zhang et al., arXiv 1805.08318, eq. 1–3).

    β_ji = softmax_i(f(x_i)·g(x_j)), o_j = v(Σ_i β_ji h(x_i)), y = γ o + x with γ = 0 at first;
    f, g, h, v are 1×1 convolutions, here written as linear maps of each pixel.
    """

    def __init__(self, channels: int, inner: int, site: Site, *, spectral: bool) -> None:
        super().__init__()
        self.channels = channels
        self.inner = inner
        self.f, self.g, self.h = (
            linear_map(channels, inner, site, bias=False, spectral=spectral) for _ in range(3)
        )
        self.v = linear_map(inner, channels, site, bias=False, spectral=spectral)
        self.gamma = nn.Parameter(torch.zeros(1, device=site.device))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same shape."""
        pixels = x.flatten(2).transpose(1, 2)
        f, g, h = self.f(pixels), self.g(pixels), self.h(pixels)
        beta = torch.softmax(torch.bmm(g, f.transpose(1, 2)), -1)
        o = self.v(torch.bmm(beta, h))
        return torch.addcmul(x, self.gamma, o.transpose(1, 2).reshape(x.shape))


def attention(options: catalog.Attention, in_shape: Shape, site: Site) -> nn.Module:
    """(C, H, W) to the same shape."""
    channels = need_picture(options, in_shape)[0]
    inner = max(1, channels // options.reduction)
    return Attention(channels, inner, site, spectral=options.spectral)
