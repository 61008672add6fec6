"""GANs written by hand."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Adam

from aegan_studio.bench.bare.loops import Batches, Noise, Steps, adam, descend


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


def wgan_gp(
    G: nn.Module,
    D: nn.Module,
    batches: Batches,
    noise: Noise,
    rng: torch.Generator,
    *,
    d_updates: int = 5,
    weight: float = 10.0,
    lr: float = 1e-4,
    betas: tuple[float, float] = (0.0, 0.9),
) -> Steps:
    """The Wasserstein GAN with gradient penalty (arXiv 1704.00028): some updates of D, one of G."""
    optimiser_g = adam(G, lr=lr, betas=betas)
    optimiser_d = adam(D, lr=lr, betas=betas)
    while True:
        D.requires_grad_(True)
        for _ in range(d_updates):
            x = next(batches)
            with torch.no_grad():
                fake = G(noise())
            real_scores, fake_scores = D(torch.cat((x, fake))).chunk(2)
            mix = torch.rand(len(x), 1, generator=rng)
            between = torch.lerp(fake, x, mix).requires_grad_()
            (slope,) = torch.autograd.grad(D(between).sum(), between, create_graph=True)
            norms = (slope.square().sum(1) + 1e-12).sqrt()
            penalty = (norms - 1).square().mean()
            descend(optimiser_d, fake_scores.mean() - real_scores.mean() + weight * penalty)
        D.requires_grad_(False)
        descend(optimiser_g, -D(G(noise())).mean())
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
