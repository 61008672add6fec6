"""The adversarial game on logits: losses, and penalties on the discriminator's slope.

With a the logit of D: −log D = softplus(−a) and −log(1 − D) = softplus(a), so that no logarithm
can overflow. Sources: 1406.2661 (minimax, non-saturating), 1611.04076 (least squares), 1705.02894
(hinge), 1701.07875 (Wasserstein), 1807.00734 and 2501.05441 (relativistic, paired), 1704.00028
(WGAN-GP), 1705.07215 (DRAGAN), 1801.04406 (R₁, R₂), 1912.04958 (penalties now and then); all
arXiv.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.ml.methods.base import Batch, Term
from aegan_studio.ml.networks.network import Network

Critic = Callable[[Tensor], Tensor]
"""Items (B, *item) to logits (B, 1)."""

FLAT = ("r1", "r2", "r1-r2")
"""Penalties on the slope at the very items that are judged."""


def discriminate(options: Adversarial, a_real: Tensor, a_fake: Tensor) -> Tensor:
    """L_D of logits of real and generated items, (B, 1) each; a scalar.

    In the relativistic game the two are pairs, of equal number.
    """
    loss = options.loss
    if loss == "wasserstein":
        return a_fake.mean() - a_real.mean()
    if options.relativistic:
        ahead = a_real - a_fake
        if loss == "least-squares":
            return 0.5 * (ahead - 1).square().mean()
        if loss == "hinge":
            return F.relu(1 - ahead).mean()
        return F.softplus(-ahead).mean()
    if loss == "least-squares":
        return 0.5 * ((a_real - 1).square().mean() + a_fake.square().mean())
    if loss == "hinge":
        return F.relu(1 - a_real).mean() + F.relu(1 + a_fake).mean()
    return F.softplus(-a_real).mean() + F.softplus(a_fake).mean()


def logarithmic(options: Adversarial) -> bool:
    """Whether L_D is −E[log D(x)] − E[log(1 − D(x̂))]."""
    return not options.relativistic and options.loss in ("non-saturating", "minimax")


def deceive(options: Adversarial, a_fake: Tensor, a_real: Tensor | None = None) -> Tensor:
    """L_G of logits (B, 1); ``a_real`` is used in the relativistic game only, without gradient."""
    loss = options.loss
    if loss == "wasserstein":
        return -a_fake.mean()
    if options.relativistic:
        assert a_real is not None
        behind = a_real.detach() - a_fake
        if loss == "least-squares":
            return 0.5 * (behind + 1).square().mean()
        if loss == "hinge":
            return behind.mean()
        if loss == "minimax":
            return -F.softplus(-behind).mean()
        return F.softplus(behind).mean()
    if loss == "least-squares":
        return 0.5 * (a_fake - 1).square().mean()
    if loss == "hinge":
        return -a_fake.mean()
    if loss == "minimax":
        return -F.softplus(a_fake).mean()
    return F.softplus(-a_fake).mean()


def relates(options: Adversarial) -> bool:
    """Whether L_G also needs the logits of real items."""
    return options.relativistic and options.loss != "wasserstein"


def note(options: Adversarial, batch: Batch, critic: str, logits: Mapping[str, Tensor]) -> None:
    """Tell whoever watches what a critic says of things, by their names in the method's flow.

    In the logarithmic game that is D = σ(a) and, for the formula, its logarithms; else a itself.
    """
    if batch.notes is None:
        return
    for thing, a in logits.items():
        said = f"{critic}({thing})"
        if logarithmic(options):
            batch.note(said, a.sigmoid())
            batch.note(f"log {said}", F.logsigmoid(a))
            batch.note(f"log not {said}", F.logsigmoid(-a))
        else:
            batch.note(said, a)


def share_right(a_real: Tensor, a_fake: Tensor, options: Adversarial | None = None) -> Tensor:
    """The share of items on the right side of what parts the two kinds, a scalar.

    That is 0 in a logarithmic game, which is taken where there are no options, and with the hinge;
    for least squares half way between its aims; and where only differences count half way between
    the means of both kinds.
    """
    middle: float | Tensor = 0.0
    if options is not None and (options.relativistic or options.loss == "wasserstein"):
        middle = 0.5 * (a_real.mean() + a_fake.mean())
    elif options is not None and options.loss == "least-squares":
        middle = 0.5
    return 0.5 * ((a_real > middle).float().mean() + (a_fake < middle).float().mean())


def penalty(
    options: Adversarial, D: Critic, x: Tensor, x_hat: Tensor, rng: torch.Generator
) -> Tensor:
    """The penalty that the options name, without its weight; a scalar with a graph to D.

    ``x`` and ``x_hat`` (B, *item) are real and generated items; neither needs a gradient.
    """
    kind = options.penalty
    if kind == "wgan-gp":
        mix = torch.rand(
            len(x), *[1] * (x.dim() - 1), generator=rng, device=x.device, dtype=x.dtype
        )
        return _off_one(slopes(D, torch.lerp(x_hat, x, mix)))
    if kind == "dragan":
        drift = torch.rand(x.shape, generator=rng, device=x.device, dtype=x.dtype)
        return _off_one(slopes(D, x + 0.5 * x.std() * drift))
    if kind == "none":
        raise ValueError("no penalty was chosen")
    value = x.new_zeros(())
    if kind != "r2":
        value = value + 0.5 * squared_slopes(D, x).mean()
    if kind != "r1":
        value = value + 0.5 * squared_slopes(D, x_hat).mean()
    return value


def flatness(kind: str, a_real: Tensor, x: Tensor, a_fake: Tensor, x_hat: Tensor) -> Tensor:
    """R₁, R₂ or their sum from a pass of D that was made anyway; a scalar.

    ``a_real`` and ``a_fake`` (B, 1) are logits of ``x`` and ``x_hat``, of which those that the
    penalty is on must have required gradients before the pass.
    """
    parts = []
    if kind != "r2":
        parts.append(squared_gradients(a_real, x).mean())
    if kind != "r1":
        parts.append(squared_gradients(a_fake, x_hat).mean())
    return 0.5 * torch.stack(parts).sum()


def squared_gradients(a: Tensor, x: Tensor) -> Tensor:
    """‖∂a/∂x‖² of every item by itself, (B,), for logits ``a`` (B, 1) that were made from ``x``."""
    (gradient,) = torch.autograd.grad(a.sum(), x, create_graph=True)
    return gradient.flatten(1).square().sum(1)


def squared_slopes(D: Critic, x: Tensor) -> Tensor:
    """‖∇D(x)‖² of every item by itself, (B,)."""
    x = x.detach().requires_grad_()
    return squared_gradients(D(x), x)


def slopes(D: Critic, x: Tensor) -> Tensor:
    """‖∇D(x)‖ of every item by itself, (B,)."""
    # the root has no derivative at 0
    return (squared_slopes(D, x) + 1e-12).sqrt()


def _off_one(norms: Tensor) -> Tensor:
    return (norms - 1).square().mean()


def counter() -> Tensor:
    """A number of updates, for a method's state: on the CPU, so that no device is waited for."""
    return torch.zeros((), dtype=torch.int64)


def due(options: Adversarial, count: Tensor) -> bool:
    """Whether this update of D bears a penalty; counts it.

    ``count`` is a :func:`counter` in the method's state, so that resuming goes on in time.
    """
    if options.penalty == "none":
        return False
    turn = int(count) % options.penalty_every == 0
    count += 1
    return turn


def penalised(options: Adversarial, value: Tensor) -> Term:
    """The penalty as a term: one that comes at every n-th update weighs n times as much."""
    return Term(value, options.penalty_weight * options.penalty_every)


def clip_weights(options: Adversarial, D: Network) -> None:
    """Cut all weights of D to ±c, in place (arXiv 1701.07875, algorithm 1)."""
    limit = options.weight_clip
    if limit > 0:
        weights: list[Tensor] = list(D.parameters())
        with torch.no_grad():
            torch._foreach_clamp_min_(weights, -limit)
            torch._foreach_clamp_max_(weights, limit)


def blurred(options: Adversarial, x: Tensor, rng: torch.Generator) -> Tensor:
    """Items with the noise that the discriminator shall see them through."""
    if options.instance_noise == 0:
        return x
    noise = torch.randn(x.shape, generator=rng, device=x.device)
    return x + options.instance_noise * noise
