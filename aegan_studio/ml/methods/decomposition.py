"""The divergence of a VAE's codes from the prior in three parts (arXiv 1802.04942).

Averaged over the data, KL(q(z|x) ‖ p(z)) = I(x; z) + KL(q(z) ‖ Πⱼ q(zⱼ)) + Σⱼ KL(q(zⱼ) ‖ p(zⱼ)),
where q(z) is the mixture of all items' posteriors.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

LOG_2PI = math.log(2 * math.pi)


class Parts(NamedTuple):
    """Scalars in nats; they add up to the mean of log q(z|x) − log p(z) over the batch."""

    information: Tensor
    correlation: Tensor
    marginals: Tensor


def log_normal(z: Tensor, mean: Tensor, log_variance: Tensor) -> Tensor:
    """log N(z; μ, σ²) value by value; shapes broadcast."""
    square = (z - mean).square() * torch.exp(-log_variance)
    return -0.5 * (square + log_variance + LOG_2PI)


def log_weights(batch: int, items: int, device: torch.device, dtype: torch.dtype) -> Tensor:
    """How much the posterior of item j counts in q(zᵢ), as logarithms (batch, batch).

    q(z) = 1/N q(z|xᵢ) + (N − 1)/N · mean over the others of q(z|xⱼ), whose mean over a batch
    without repetition is unbiased. These are the weights of minibatch stratified sampling
    (arXiv 1802.04942, appendix C.2) averaged over which of the others takes its odd one, hence
    with the same mean and less variance.
    """
    if batch == 1:
        return torch.zeros(1, 1, device=device, dtype=dtype)
    items = max(items, batch)
    other = math.log((items - 1) / (items * (batch - 1)))
    weights = torch.full((batch, batch), other, device=device, dtype=dtype)
    return weights.fill_diagonal_(-math.log(items))


def decompose(z: Tensor, mean: Tensor, log_variance: Tensor, items: int) -> Parts:
    """Estimate the parts from codes z (B, d) drawn from posteriors N(mean, exp(log_variance)).

    ``items`` is the number of training items N that the batch was drawn from.
    """
    pairs = log_normal(z[:, None], mean[None], log_variance[None])  # (B, B, d): zᵢ under xⱼ
    weights = log_weights(len(z), items, z.device, z.dtype)
    log_q = torch.logsumexp(weights + pairs.sum(2), 1)
    log_q_each = torch.logsumexp(weights[:, :, None] + pairs, 1).sum(1)
    log_q_given = pairs.diagonal().sum(0)
    log_p = log_normal(z, torch.zeros_like(z), torch.zeros_like(z)).sum(1)
    return Parts(
        information=(log_q_given - log_q).mean(),
        correlation=(log_q - log_q_each).mean(),
        marginals=(log_q_each - log_p).mean(),
    )
