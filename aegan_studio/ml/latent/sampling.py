"""Codes to generate from where a method trains towards no prior."""

from __future__ import annotations

import torch
from torch import Tensor

FITTED = 2048
"""Encoded items that a Gaussian is fitted to at most."""


def shaped_like(codes: Tensor, noise: Tensor) -> Tensor:
    """Standard normal noise (n, d) given the mean and covariance of codes (N, d): μ + ε √Σ.

    √Σ is the symmetric root, so that the same noise gives nearby codes as Σ changes during a
    training. Double precision inside: eigenvalues of nearly flat codes may be tiny.
    """
    data = codes.detach().cpu().double()
    if not bool(torch.isfinite(data).all()):
        return noise  # a diverged encoder's codes have no Gaussian
    mean = data.mean(0)
    offsets = data - mean
    covariance = offsets.T @ offsets / max(1, len(data) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    shaped: Tensor = mean + noise.detach().cpu().double() @ root
    return shaped.to(device=noise.device, dtype=noise.dtype)


def drawn(codes: Tensor, n: int, rng: torch.Generator) -> Tensor:
    """``n`` codes (n, d) from the Gaussian fitted to codes (N, d)."""
    noise = torch.randn(n, codes.shape[1], generator=rng, device=rng.device)
    return shaped_like(codes, noise)
