"""Regularised and Wasserstein autoencoders, against closed forms and naive formulas."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.functional import jacobian
from torch.distributions import Bernoulli, kl_divergence

from aegan_studio.experiment.events import Evaluated
from aegan_studio.ml.methods import regularisers, wae
from aegan_studio.ml.trainer import Trainer
from tests.ml.autoencoding import built, experiment, loss_of

NAMES = (
    "denoising-autoencoder",
    "sparse-autoencoder",
    "contractive-autoencoder",
    "rae-l2",
    "rae-gp",
    "beta-vae",
    "capacity-vae",
    "tc-vae",
    "iwae",
    "factor-vae",
    "wae-mmd",
)


@pytest.fixture
def rng() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def normal(rng: torch.Generator, *shape: int) -> Tensor:
    return torch.randn(shape, generator=rng, dtype=torch.float64)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dataset", ["ring", "digits"])
def test_every_model_trains_and_measures(name: str, dataset: str) -> None:
    chosen = experiment(name, dataset, training__steps=3, training__evaluate_every=3)
    trainer = Trainer(chosen)
    (measured,) = [
        event for event in (*trainer.prepare(), *trainer.run()) if isinstance(event, Evaluated)
    ]
    assert {"rec-x", "mse"} <= measured.values.keys()
    assert all(math.isfinite(value) for value in measured.values.values())


# Spoiled inputs


def test_noise_and_blanking_have_their_strengths(rng: torch.Generator) -> None:
    x = torch.full((200, 500), 0.7)
    noised = regularisers.noised(x, 0.3, rng) - x
    assert noised.mean().item() == pytest.approx(0, abs=0.005)
    assert noised.std().item() == pytest.approx(0.3, abs=0.005)
    blanked = regularisers.blanked(x, 0.25, -1.0, rng)
    assert (blanked == -1).float().mean().item() == pytest.approx(0.25, abs=0.01)
    assert torch.equal(blanked[blanked != -1], x[blanked != -1])


@pytest.mark.parametrize(("scaling", "blank"), [("unit", 0.0), ("symmetric", -1.0)])
def test_the_encoder_sees_spoiled_data_and_the_loss_compares_with_the_clean(
    scaling: str, blank: float
) -> None:
    edits = {"method__corruption": "mask", "dataset__scaling": scaling}
    model, x = built("denoising-autoencoder", "digits", **edits)
    seen = regularisers.blanked(x, 0.25, blank, torch.Generator().manual_seed(2))
    assert (seen != x).any()
    x_tilde = model.networks["decoder"](model.networks["encoder"](seen))
    loss = loss_of(model, x, "autoencoder")
    torch.testing.assert_close(loss.total(), (x_tilde - x).square().mean())


# Sparse, contractive, short and smooth


def test_sparsity_is_the_divergence_of_bernoulli_means(rng: torch.Generator) -> None:
    h = torch.rand(7, 5, generator=rng, dtype=torch.float64).requires_grad_()
    expected = kl_divergence(Bernoulli(torch.tensor(0.05).double()), Bernoulli(h.mean(0))).sum()
    torch.testing.assert_close(regularisers.bernoulli_sparsity(h, 0.05), expected)
    assert torch.autograd.gradcheck(lambda v: regularisers.bernoulli_sparsity(v, 0.05), (h,))
    held = torch.full((4, 3), 0.05)
    assert regularisers.bernoulli_sparsity(held, 0.05).item() == pytest.approx(0, abs=1e-6)


def test_a_sparse_code_is_a_row_of_activations() -> None:
    model, x = built("sparse-autoencoder")
    h = model.encode(x)
    assert ((h > 0) & (h < 1)).all()
    torch.testing.assert_close(h, torch.sigmoid(model.networks["encoder"](x)))
    beyond = torch.full_like(h, 3.0)
    torch.testing.assert_close(model.generate(beyond), model.generate(torch.ones_like(h)))


def test_absolute_and_squared_codes_are_summed_over_values(rng: torch.Generator) -> None:
    z = normal(rng, 6, 4)
    expected = torch.stack([row.abs().sum() for row in z]).mean()
    torch.testing.assert_close(regularisers.absolute_sparsity(z), expected)
    expected = torch.stack([row @ row / 2 for row in z]).mean()
    torch.testing.assert_close(regularisers.squared_length(z), expected)


def curve(rng: torch.Generator) -> nn.Sequential:
    net = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3)).double()
    for weight in net.parameters():
        nn.init.normal_(weight, generator=rng)
    return net


def test_the_exact_contraction_is_the_jacobians_norm(rng: torch.Generator) -> None:
    net, x = curve(rng), normal(rng, 5, 4).requires_grad_()
    each = [jacobian(net, row, create_graph=True).square().sum() for row in x]
    expected, actual = torch.stack(each).mean(), regularisers.squared_jacobian(net(x), x)
    torch.testing.assert_close(actual, expected)
    weights = tuple(net.parameters())[:1]
    torch.testing.assert_close(
        torch.autograd.grad(actual, weights), torch.autograd.grad(expected, weights)
    )


def test_the_estimated_contraction_is_unbiased(rng: torch.Generator) -> None:
    net = curve(rng)
    row = normal(rng, 1, 4)
    exact = jacobian(net, row[0]).square().sum()
    estimates = []
    for part in row.expand(40_000, 4).split(400):
        x = part.clone().requires_grad_()
        estimates.append(regularisers.estimated_squared_jacobian(net(x), x, rng).detach())
    estimates = torch.stack(estimates)
    error = 4 * estimates.std() / math.sqrt(len(estimates))
    assert abs(estimates.mean() - exact) < error
    assert error < 0.05 * exact


def test_a_linear_encoders_contraction_is_its_squared_weights() -> None:
    edits = {"networks__encoder__widths": [], "method__contraction": "exact"}
    model, x = built("contractive-autoencoder", **edits)
    loss = loss_of(model, x, "autoencoder")
    weight = model.networks["encoder"].get_parameter("0.weight")
    torch.testing.assert_close(loss.terms["contraction"].value, weight.square().sum())


def test_the_regularised_autoencoders_penalties_are_the_papers() -> None:
    model, x = built("rae-l2")
    loss = loss_of(model, x, "autoencoder")
    z = model.networks["encoder"](x)
    options = model.method.options
    weights = torch.cat([p.flatten() for p in model.networks["decoder"].parameters()])
    expected = (
        F.mse_loss(model.networks["decoder"](z), x)
        + options.code_weight * 0.5 * z.square().sum(1).mean()
        + options.decoder_weight * weights @ weights
    )
    torch.testing.assert_close(loss.total(), expected)


def test_the_decoders_slope_is_taken_at_the_code() -> None:
    model, x = built("rae-gp", method__latent_dim=3, networks__decoder__widths=[])
    values = [
        loss_of(model, x, "autoencoder", seed).terms["smoothness"].value for seed in range(300)
    ]
    z = model.encode(x)
    exact = torch.stack(
        [jacobian(model.networks["decoder"], row[None]).square().sum() for row in z]
    ).mean()
    assert torch.stack(values).mean().item() == pytest.approx(exact.item(), rel=0.05)


# WAE


def naive_discrepancy(z: Tensor, prior: Tensor, scales: tuple[float, ...]) -> float:
    n, d = z.shape

    def k(a: Tensor, b: Tensor) -> float:
        square = float((a - b) @ (a - b))
        return sum(s * 2 * d / (s * 2 * d + square) for s in scales)

    total = 0.0
    for i in range(n):
        for j in range(n):
            if i != j:
                total += (k(z[i], z[j]) + k(prior[i], prior[j])) / (n * (n - 1))
            total -= 2 * k(z[i], prior[j]) / n**2
    return total


@pytest.mark.parametrize("kernel", ["single", "multi-scale"])
def test_the_discrepancy_is_the_double_loop(kernel: str, rng: torch.Generator) -> None:
    z, prior, scales = 2 * normal(rng, 8, 3), normal(rng, 8, 3), tuple(wae.SCALES[kernel])
    actual = wae.discrepancy(z, prior, scales)
    assert actual.item() == pytest.approx(naive_discrepancy(z, prior, scales), rel=1e-9)
    assert torch.autograd.gradcheck(
        lambda v: wae.discrepancy(v, prior, scales), (z.requires_grad_(),)
    )


def test_the_discrepancy_of_the_prior_with_itself_is_zero_on_average(rng: torch.Generator) -> None:
    values = torch.stack(
        [wae.discrepancy(normal(rng, 20, 2), normal(rng, 20, 2)) for _ in range(2000)]
    )
    error = 4 * values.std() / math.sqrt(len(values))
    assert abs(values.mean()) < error
    assert values.min() < 0
    far = wae.discrepancy(normal(rng, 20, 2) + 1, normal(rng, 20, 2))
    assert far > 20 * error


def test_the_wasserstein_autoencoders_loss_is_the_papers() -> None:
    model, x = built("wae-mmd", method__weight=3.0, method__kernel="single", method__latent_dim=2)
    loss = loss_of(model, x, "autoencoder")
    z = model.encode(x)
    prior = torch.randn(16, 2, generator=torch.Generator().manual_seed(2))
    error = (model.generate(z) - x).square().sum(1).mean()
    expected = error + 3.0 * naive_discrepancy(z, prior, (1.0,))
    torch.testing.assert_close(loss.total(), expected)
