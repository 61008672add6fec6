"""Autoencoders written by hand."""

from __future__ import annotations

from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Adam

from aegan_studio.bench.bare.loops import Batches, Loss, Steps, adam, descend


def autoencoder(
    E: nn.Module, G: nn.Module, batches: Batches, *, loss: Loss = F.mse_loss, lr: float = 1e-3
) -> Steps:
    """ℓ(G(E(x)), x)."""
    optimiser = Adam([*E.parameters(), *G.parameters()], lr=lr, fused=True)
    for x in batches:
        error = loss(G(E(x)), x)
        optimiser.zero_grad()
        error.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        yield


def vae(
    E: nn.Module,
    G: nn.Module,
    batches: Batches,
    rng: torch.Generator,
    *,
    beta: float = 1.0,
    lr: float = 1e-3,
) -> Steps:
    """−E_q[log p(x|z)] + β KL(q(z|x) ‖ p(z)), pixels Bernoulli (arXiv 1312.6114)."""
    optimiser = Adam([*E.parameters(), *G.parameters()], lr=lr, fused=True)
    reconstruction = partial(F.binary_cross_entropy_with_logits, reduction="sum")
    for x in batches:
        mean, log_variance = E(x).chunk(2, dim=1)
        noise = torch.randn(mean.shape, generator=rng)
        z = torch.addcmul(mean, (0.5 * log_variance).exp(), noise)
        divergence = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()
        loss = (reconstruction(G(z), x) + beta * divergence) / len(x)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield


def vq_vae(
    E: nn.Module,
    codebook: Tensor,
    G: nn.Module,
    prior: nn.Module,
    batches: Batches,
    rng: torch.Generator,
    *,
    places: int,
    beta: float = 0.25,
    lr: float = 1e-3,
    restart_every: int = 100,
) -> Steps:
    """The VQ-VAE with a codebook that learns by its loss, and its prior (arXiv 1711.00937).

    ``codebook`` (K, d) is a leaf that is updated in place. Entries that a running count finds idle
    are put where encoded places of the batch are, every hundredth step.
    """
    codebook.requires_grad_()
    size, width = codebook.shape
    weights = [*E.parameters(), codebook, *G.parameters()]
    optimiser = Adam(weights, lr=lr, fused=True)
    optimiser_p = adam(prior, lr=lr, betas=(0.9, 0.999))
    memory = 0.99
    counts = torch.zeros(size)

    def nearest(z: Tensor) -> Tensor:
        with torch.no_grad():
            rows, square = z.view(-1, width), codebook.square().sum(1)
            return torch.addmm(square, rows, codebook.t(), alpha=-2).argmin(1)

    for step, x in enumerate(batches):
        z = E(x)
        chosen = nearest(z)
        e = F.embedding(chosen, codebook).view_as(z)
        x_tilde = G(z + (e - z).detach())
        error = F.mse_loss(x_tilde, x)
        learned = F.mse_loss(e, z.detach()) + beta * F.mse_loss(z, e.detach())
        descend(optimiser, error + learned)
        with torch.no_grad():
            counts.lerp_(torch.bincount(chosen, minlength=size).float(), 1 - memory)
            if step % restart_every == 0:
                below = 0.05 * len(x) * places / size * (1 - memory ** (step + 1))
                idle, rows = counts < below, z.detach().view(-1, width)
                order = torch.randperm(len(rows), generator=rng)
                kept = rows[order[torch.arange(size) % len(rows)]]
                codebook.copy_(torch.where(idle[:, None], kept, codebook))
                counts.masked_fill_(idle, below / 0.05)

        with torch.no_grad():
            indices = nearest(E(next(batches))).view(len(x), places)
        first = torch.full_like(indices[:, :1], size)
        logits = prior(torch.cat((first, indices[:, :-1]), 1))
        descend(optimiser_p, F.cross_entropy(logits, indices))
        yield
