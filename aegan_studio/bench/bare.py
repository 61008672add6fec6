"""Training loops as a skilled person writes them by hand: what our trainer is measured against.

The same maths as the methods of the studio, nothing else: no records, no checkpoints, no limits.
Each is a generator that makes one training step per ``next``. What makes them fast: the data are
one tensor and a batch is a selection of its rows, optimisers are fused, a network that is not
updated needs no gradients, samples for the discriminator are made without them, losses are taken
from logits, and the discriminator sees real and generated items in one pass where it may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Adam

Network = Callable[[Tensor], Tensor]
Steps = Iterator[None]
Batches = Iterator[Tensor]
Loss = Callable[[Tensor, Tensor], Tensor]


def batches(data: Tensor, size: int, rng: torch.Generator) -> Batches:
    """Endless batches of ``data`` (N, …), in a new order each epoch, a partial last one dropped."""
    while True:
        for rows in torch.split(torch.randperm(len(data), generator=rng), size):
            if len(rows) == size:
                yield data.index_select(0, rows)


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


def gan(
    G: nn.Module,
    D: nn.Module,
    batches: Batches,
    noise: Callable[[], Tensor],
    *,
    one_pass: bool,
    lr: float = 2e-4,
    betas: tuple[float, float] = (0.5, 0.999),
) -> Steps:
    """The non-saturating GAN (arXiv 1406.2661): one update of D, then one of G.

    ``one_pass`` lets D see real and generated items together: only where it has no batch norm.
    """
    optimiser_g = Adam(G.parameters(), lr=lr, betas=betas, fused=True)
    optimiser_d = Adam(D.parameters(), lr=lr, betas=betas, fused=True)
    for x in batches:
        with torch.no_grad():
            fake = G(noise())
        if one_pass:
            real_logits, fake_logits = D(torch.cat((x, fake))).chunk(2)
        else:
            real_logits, fake_logits = D(x), D(fake)
        loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
        optimiser_d.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser_d.step()

        D.requires_grad_(False)
        loss = F.softplus(-D(G(noise()))).mean()
        optimiser_g.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser_g.step()
        D.requires_grad_(True)
        yield


def small_gan(
    g: list[Tensor],
    d: list[Tensor],
    batches: Batches,
    noise: Callable[[], Tensor],
    *,
    lr: float = 0.1,
    d_updates: int = 2,
) -> Steps:
    """A GAN of small perceptrons under plain SGD, on bare tensors: no modules, no optimiser.

    ``g`` and ``d`` are weights and biases of two ReLU networks with two hidden layers each. So
    small a network is all overhead, and this has the least.
    """
    for weight in (*g, *d):
        weight.requires_grad_()
    still_d = [weight.detach() for weight in d]  # the same memory, without gradients
    for x in batches:
        for update in range(d_updates):
            with torch.no_grad():
                fake = _perceptron(noise(), g)
            x = x if update == 0 else next(batches)
            real_logits, fake_logits = _perceptron(torch.cat((x, fake)), d).chunk(2)
            _descend(F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean(), d, lr)
        _descend(F.softplus(-_perceptron(_perceptron(noise(), g), still_d)).mean(), g, lr)
        yield


def _perceptron(x: Tensor, weights: list[Tensor]) -> Tensor:
    in_weight, in_bias, weight, bias, out_weight, out_bias = weights
    x = F.linear(x, in_weight, in_bias).relu_()
    x = F.linear(x, weight, bias).relu_()
    return F.linear(x, out_weight, out_bias)


def _descend(loss: Tensor, weights: list[Tensor], lr: float) -> None:
    gradients = torch.autograd.grad(loss, weights)
    with torch.no_grad():
        for weight, gradient in zip(weights, gradients, strict=True):
            weight.add_(gradient, alpha=-lr)


def plain_small_gan(
    G: nn.Module,
    D: nn.Module,
    batches: Batches,
    noise: Callable[[], Tensor],
    *,
    lr: float = 0.1,
    d_updates: int = 2,
) -> Steps:
    """The same GAN with modules and optimisers as they come: two passes, nothing frozen."""
    optimiser_g = torch.optim.SGD(G.parameters(), lr=lr)
    optimiser_d = torch.optim.SGD(D.parameters(), lr=lr)
    judge = nn.BCEWithLogitsLoss()
    for x in batches:
        real, generated = torch.ones(len(x), 1), torch.zeros(len(x), 1)
        for update in range(d_updates):
            x = x if update == 0 else next(batches)
            loss = judge(D(x), real) + judge(D(G(noise()).detach()), generated)
            optimiser_d.zero_grad()
            loss.backward()
            optimiser_d.step()
        loss = judge(D(G(noise())), real)
        optimiser_g.zero_grad()
        loss.backward()
        optimiser_g.step()
        yield
