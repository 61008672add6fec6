"""What keeps an autoencoder from merely copying: spoiled inputs, sparse and contractive codes."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor


def noised(x: Tensor, sigma: float, rng: torch.Generator) -> Tensor:
    """x + σε with ε standard normal."""
    noise = torch.randn(x.shape, generator=rng, device=x.device)
    return torch.add(x, noise, alpha=sigma)


def blanked(x: Tensor, share: float, blank: float, rng: torch.Generator) -> Tensor:
    """Each value replaced by ``blank`` with probability ``share``: the masking noise of Vincent
    et al., ICML 2008, §2.3."""
    hidden = torch.rand(x.shape, generator=rng, device=x.device) < share
    return x.masked_fill(hidden, blank)


def bernoulli_sparsity(h: Tensor, rho: float) -> Tensor:
    """Σ_j KL(ρ ‖ ρ̂_j) of activations h (N, d) in (0, 1), where ρ̂ is their mean over the batch.

    Ng, CS294A lecture notes (2011), §3.
    """
    mean = h.mean(0).clamp(1e-6, 1 - 1e-6)
    on = torch.log(rho / mean) * rho
    off = torch.log((1 - rho) / (1 - mean)) * (1 - rho)
    return (on + off).sum()


def absolute_sparsity(z: Tensor) -> Tensor:
    """‖z‖₁, mean over the batch."""
    return z.abs().sum() / z.shape[0]


def squared_length(z: Tensor) -> Tensor:
    """½‖z‖², mean over the batch (arXiv 1903.12436, eq. 9)."""
    return z.square().sum() * (0.5 / z.shape[0])


def squared_weights(weights: Iterable[Tensor]) -> Tensor:
    """‖θ‖² over all weights of a network."""
    return torch.stack([weight.square().sum() for weight in weights]).sum()


def squared_jacobian(made: Tensor, of: Tensor) -> Tensor:
    """‖∂made/∂of‖²_F of every item, mean over the batch, exactly.

    ``made`` (N, …) must come from ``of`` (N, …) item by item. One backward pass for each value
    of an item of ``made``.
    """
    columns = made.flatten(1).sum(0)
    rows = torch.eye(len(columns), device=made.device, dtype=made.dtype)
    total = torch.zeros((), device=made.device, dtype=made.dtype)
    for row in rows:
        (slope,) = torch.autograd.grad(columns, of, row, create_graph=True)
        total = total + slope.square().sum()
    return total / made.shape[0]


def estimated_squared_jacobian(made: Tensor, of: Tensor, rng: torch.Generator) -> Tensor:
    """An unbiased estimate of :func:`squared_jacobian` from one backward pass.

    E‖Jᵀv‖² = tr(Jᵀ E[vvᵀ] J) = ‖J‖²_F for random signs v: Hutchinson's estimate, whose variance
    is the least among those with independent entries of v.
    """
    signs = torch.rand(made.shape, generator=rng, device=made.device) < 0.5
    v = torch.where(signs, -1.0, 1.0).to(made.dtype)
    (slope,) = torch.autograd.grad(made, of, v, create_graph=True)
    return slope.square().sum() / made.shape[0]
