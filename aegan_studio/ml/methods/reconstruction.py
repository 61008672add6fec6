"""Distances between data and its reconstruction."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def mean_squared_error(x: Tensor, x_tilde: Tensor) -> Tensor:
    """Mean over batch and values of (x − x̃)²."""
    return F.mse_loss(x_tilde, x)


def summed_squared_error(x: Tensor, x_tilde: Tensor) -> Tensor:
    """‖x − x̃‖² summed over values, mean over the batch."""
    return F.mse_loss(x_tilde, x, reduction="sum") / x.shape[0]


def mean_absolute_error(x: Tensor, x_tilde: Tensor) -> Tensor:
    """Mean over batch and values of |x − x̃|."""
    return F.l1_loss(x_tilde, x)


def cross_entropy(x: Tensor, logits: Tensor) -> Tensor:
    """Mean over batch and values of −x log σ(a) − (1 − x) log(1 − σ(a)), for x in [0, 1]."""
    return F.binary_cross_entropy_with_logits(logits, x)


def gaussian_nll(x: Tensor, mean: Tensor, sigma: float) -> Tensor:
    """½‖x − μ‖²/σ² summed over values, mean over the batch; the constant is left out."""
    return F.mse_loss(mean, x, reduction="sum") * (0.5 / (sigma * sigma * x.shape[0]))


def bernoulli_nll(x: Tensor, logits: Tensor) -> Tensor:
    """Cross-entropy summed over values, mean over the batch."""
    total = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return total / x.shape[0]


def gaussian_kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(μ, σ²) ‖ N(0, 1)) = −½ Σ (1 + log σ² − μ² − σ²), mean over the batch.

    Kingma & Welling, arXiv 1312.6114, appendix B.
    """
    inside = 1 + log_variance - mean.square() - log_variance.exp()
    return inside.sum() * (-0.5 / mean.shape[0])


def reparameterise(mean: Tensor, log_variance: Tensor, rng: torch.Generator) -> Tensor:
    """z = μ + σ ε with ε standard normal (arXiv 1312.6114, §2.4)."""
    noise = torch.randn(mean.shape, generator=rng, device=mean.device)
    return torch.addcmul(mean, (0.5 * log_variance).exp(), noise)
