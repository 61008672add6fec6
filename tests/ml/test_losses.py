"""Losses against independent formulas, library distributions and finite differences."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Normal, kl_divergence

from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.experiment import Experiment
from aegan_studio.ml.methods import reconstruction
from aegan_studio.ml.methods.adversarial import share_right
from aegan_studio.ml.methods.base import Batch, Loss
from aegan_studio.ml.model import Model


@pytest.fixture
def rng() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def _normal(rng: torch.Generator, *shape: int) -> Tensor:
    return torch.randn(shape, generator=rng, dtype=torch.float64)


def test_the_divergence_is_that_of_torch_distributions(rng: torch.Generator) -> None:
    mean, log_variance = _normal(rng, 5, 3), _normal(rng, 5, 3)
    expected = kl_divergence(Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0))
    actual = reconstruction.gaussian_kl(mean, log_variance)
    torch.testing.assert_close(actual, expected.sum(1).mean())


def test_the_divergence_agrees_with_monte_carlo() -> None:
    rng = torch.Generator().manual_seed(0)
    mean, log_variance = torch.tensor([[0.7, -1.2]]), torch.tensor([[0.4, -0.9]])
    z = reconstruction.reparameterise(mean.expand(400_000, 2), log_variance.expand(400_000, 2), rng)
    posterior = Normal(mean, (log_variance / 2).exp())
    estimates = (posterior.log_prob(z) - Normal(0.0, 1.0).log_prob(z)).sum(1)
    error = 4 * estimates.std() / math.sqrt(len(estimates))
    assert abs(estimates.mean() - reconstruction.gaussian_kl(mean, log_variance)) < error


def test_likelihoods_are_those_of_torch_distributions(rng: torch.Generator) -> None:
    x, out, sigma = torch.rand(4, 6, generator=rng, dtype=torch.float64), _normal(rng, 4, 6), 0.3
    constant = 6 * 0.5 * math.log(2 * math.pi * sigma**2)
    gaussian = -Normal(out, sigma).log_prob(x).sum(1).mean()
    torch.testing.assert_close(reconstruction.gaussian_nll(x, out, sigma) + constant, gaussian)
    bernoulli = -Bernoulli(logits=out, validate_args=False).log_prob(x).sum(1).mean()
    torch.testing.assert_close(reconstruction.bernoulli_nll(x, out), bernoulli)


@pytest.mark.parametrize("name", ["mean_squared_error", "mean_absolute_error", "cross_entropy"])
def test_reconstruction_losses_pass_gradcheck(name: str, rng: torch.Generator) -> None:
    x = torch.rand(3, 4, generator=rng, dtype=torch.float64)
    out = _normal(rng, 3, 4).requires_grad_()
    assert torch.autograd.gradcheck(lambda v: getattr(reconstruction, name)(x, v), (out,))


def test_the_divergence_passes_gradcheck(rng: torch.Generator) -> None:
    mean, log_variance = (_normal(rng, 3, 2).requires_grad_() for _ in range(2))
    assert torch.autograd.gradcheck(reconstruction.gaussian_kl, (mean, log_variance))


def _phase(kind: str, edits: dict[str, object], phase: str) -> tuple[Model, Loss, Tensor, int]:
    experiment = Experiment.parse({"dataset": "ring", "method": kind}).with_options(edits)
    model = Model.build(experiment)
    x = torch.randn(16, 2, generator=torch.Generator().manual_seed(1))
    rng = torch.Generator().manual_seed(2)
    loss = model.method.losses()[phase](Batch(lambda: (x, None), 16, rng, measure=True))
    return model, loss, x, 16


def _codes(model: Model, n: int) -> Tensor:
    return model.method.prior(n, torch.Generator().manual_seed(2))


def test_the_discriminators_loss_is_the_articles_formula() -> None:
    model, loss, x, n = _phase("gan", {}, "discriminator")
    d_real = torch.sigmoid(model.method.critic(x))
    d_fake = torch.sigmoid(model.method.critic(model.generate(_codes(model, n))))
    expected = -d_real.log().mean() - (1 - d_fake).log().mean()
    torch.testing.assert_close(loss.total(), expected)
    right = ((d_real > 0.5).float().mean() + (d_fake < 0.5).float().mean()) / 2
    torch.testing.assert_close(loss.signals["right"], right)


@pytest.mark.parametrize(
    ("edits", "right"),
    [
        ({"method.loss": "hinge"}, 0.5),
        # real ones are above the half that least squares part at, or not
        ({"method.loss": "least-squares"}, 0.75),
        # only differences count: whatever all are moved by, the nearer half is right
        ({"method.loss": "wasserstein"}, 1.0),
        ({"method.relativistic": True}, 1.0),
    ],
)
def test_each_game_parts_real_and_generated_where_its_loss_does(
    edits: dict[str, object], right: float
) -> None:
    start = Experiment.parse({"dataset": "ring", "method": "gan"})
    options = start.with_options(edits).method
    assert isinstance(options, Adversarial)
    a_real, a_fake = torch.tensor([[0.6], [0.7]]), torch.tensor([[0.4], [0.55]])
    if options.loss == "wasserstein" or options.relativistic:
        a_real, a_fake = torch.tensor([[70.6], [70.7]]), torch.tensor([[70.4], [70.5]])
    assert share_right(a_real, a_fake, options).item() == right


@pytest.mark.parametrize("kind", ["non-saturating", "minimax"])
def test_the_generators_loss_is_the_papers_formula(kind: str) -> None:
    model, loss, _, n = _phase("gan", {"method.loss": kind}, "generator")
    d_fake = torch.sigmoid(model.method.critic(model.method.generate(_codes(model, n))))
    expected = -d_fake.log() if kind == "non-saturating" else (1 - d_fake).log()
    torch.testing.assert_close(loss.total(), expected.mean())


def test_at_equilibrium_the_discriminators_loss_is_two_ln_two() -> None:
    model, _, x, n = _phase("gan", {}, "discriminator")
    for parameter in model.networks["discriminator"].parameters():
        torch.nn.init.zeros_(parameter)
    batch = Batch(lambda: (x, None), n, torch.Generator().manual_seed(2), measure=False)
    loss = model.method.losses()["discriminator"](batch).total()
    assert loss.item() == pytest.approx(2 * math.log(2), abs=1e-6)


def test_batch_norm_makes_the_discriminator_judge_real_and_generated_apart() -> None:
    model, loss, x, n = _phase("gan", {"networks.discriminator.norm": "batch"}, "discriminator")
    a_real = model.method.critic(x)
    a_fake = model.method.critic(model.generate(_codes(model, n)))
    expected = torch.nn.functional.softplus(-a_real) + torch.nn.functional.softplus(a_fake)
    torch.testing.assert_close(loss.total(), expected.mean())


def test_beta_weighs_the_divergence() -> None:
    _, loss, _, _ = _phase("vae", {"method.beta": 3.0}, "autoencoder")
    expected = loss.terms["rec-x"].value + 3.0 * loss.terms["kl"].value
    torch.testing.assert_close(loss.total(), expected)


def test_the_bound_is_the_negative_elbo_with_its_constant() -> None:
    model, loss, x, _ = _phase("vae", {"method.sigma": 0.2}, "autoencoder")
    mean, log_variance = model.networks["encoder"](x).chunk(2, dim=1)
    z = reconstruction.reparameterise(mean, log_variance, torch.Generator().manual_seed(2))
    likelihood = Normal(model.networks["decoder"](z), 0.2).log_prob(x).sum(1).mean()
    divergence = kl_divergence(Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0))
    torch.testing.assert_close(loss.signals["bound"], divergence.sum(1).mean() - likelihood)
