"""Regularised autoencoders, VAEs and their kin, against closed forms and naive formulas."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
import torch
import torch.nn.functional as F
from sklearn.decomposition import PCA
from torch import Tensor, nn
from torch.autograd.functional import jacobian
from torch.distributions import Bernoulli, Normal, kl_divergence

from aegan_studio.experiment.events import Evaluated
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.methods import decomposition, regularisers, wae
from aegan_studio.ml.methods.factor_vae import permuted
from aegan_studio.ml.model import Model
from aegan_studio.ml.trainer import Trainer
from tests.ml.autoencoding import built, experiment, loss_of, moved

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


# Variational


def linear_vae(k: int, **edits: object) -> tuple[Model, Tensor, PCA]:
    """A linear VAE of the digits with the noise of probabilistic PCA, which comes along."""
    data = DataStore.load(experiment("vae", "digits")).train
    rows = data.flatten(1).double().numpy()
    pca = PCA(k, svd_solver="full").fit(rows)
    linear = {
        "networks__encoder__widths": [],
        "networks__decoder__widths": [],
        "networks__decoder__output": "linear",
        "method__latent_dim": k,
        "method__sigma": math.sqrt(pca.noise_variance_),
    }
    model, _ = built("vae", "digits", **linear, **edits)
    return model, data, pca


def solved_linear_vae(**edits: object) -> tuple[Model, Tensor, PCA]:
    """The same with the weights at the optimum: the posterior of the code is then exact."""
    model, data, pca = linear_vae(4, **edits)
    noise, spread = pca.noise_variance_, torch.from_numpy(pca.explained_variance_)
    mean = torch.from_numpy(pca.mean_)
    W = torch.from_numpy(pca.components_.T) * (spread - noise).sqrt()  # (64, 4)
    to_mean = (W / spread).T  # M⁻¹Wᵀ with M = WᵀW + σ² = diag(λ)
    E, G = model.networks["encoder"], model.networks["decoder"]
    with torch.no_grad():
        E.get_parameter("1.weight").copy_(torch.cat((to_mean, torch.zeros_like(to_mean))))
        log_variance = (noise / spread).log()
        E.get_parameter("1.bias").copy_(torch.cat((-to_mean @ mean, log_variance)))
        G.get_parameter("0.weight").copy_(W)
        G.get_parameter("0.bias").copy_(mean)
    return model, data, pca


def test_the_bound_of_a_linear_vae_is_the_likelihood_of_probabilistic_pca() -> None:
    """Lucas et al., arXiv 1911.02469: the optimum of the bound is that of pPCA."""
    model, data, pca = solved_linear_vae()
    with torch.no_grad():
        loss = loss_of(model, data.repeat(20, 1, 1, 1), "autoencoder")
    likelihood = pca.score(data.flatten(1).double().numpy())
    assert -loss.signals["bound"].item() == pytest.approx(likelihood, abs=0.02)


@pytest.mark.parametrize("draws", [1, 7])
def test_weights_by_the_true_posterior_give_the_likelihood_from_any_number_of_draws(
    draws: int,
) -> None:
    """p(x, z) / q(z|x) is p(x) for every z where q(z|x) = p(z|x)."""
    model, data, pca = solved_linear_vae(method__divergence="importance", method__draws=draws)
    with torch.no_grad():
        loss = loss_of(model, data, "autoencoder")
        measured = model.method.evaluate(data, torch.Generator().manual_seed(0))
    likelihood = pca.score(data.flatten(1).double().numpy())
    assert -loss.signals["bound"].item() == pytest.approx(likelihood, abs=1e-3)
    assert -measured["bound"].item() == pytest.approx(likelihood, abs=1e-3)


@pytest.mark.parametrize("likelihood", ["gaussian", "bernoulli"])
def test_the_bound_of_several_draws_is_the_naive_one(likelihood: str) -> None:
    edits = {"method__likelihood": likelihood, "method__draws": 3, "method__sigma": 0.4}
    model, x = built("iwae", "digits", **edits)
    loss = loss_of(model, x, "autoencoder")
    draws = torch.Generator().manual_seed(2)
    mean, log_variance = model.method.posterior(x)
    q = Normal(mean, (log_variance / 2).exp())
    z = mean + q.scale * torch.randn((3, *mean.shape), generator=draws)
    total = 0.0
    for i in range(len(x)):
        w = []
        for k in range(3):
            out = model.networks["decoder"](z[k, i : i + 1])[0]
            p = Bernoulli(logits=out, validate_args=False) if likelihood == "bernoulli" else None
            p = p or Normal(out, 0.4)
            log_w = p.log_prob(x[i]).sum() + Normal(0.0, 1.0).log_prob(z[k, i]).sum()
            w.append((log_w - Normal(mean[i], q.scale[i]).log_prob(z[k, i]).sum()).double().exp())
        total -= torch.stack(w).mean().log().item() / len(x)
    assert loss.signals["bound"].item() == pytest.approx(total, rel=1e-4)


def test_a_linear_vae_learns_probabilistic_pca() -> None:
    _, data, pca = linear_vae(4)
    chosen = experiment(
        "vae",
        "digits",
        networks__encoder__widths=[],
        networks__decoder__widths=[],
        networks__decoder__output="linear",
        method__latent_dim=4,
        method__sigma=math.sqrt(pca.noise_variance_),
        training__steps=2500,
        training__batch_size=128,
        phases__autoencoder__lr=0.02,
        phases__autoencoder__schedule="cosine",
    )
    trainer = Trainer(chosen)
    trainer.wants = set()
    list(trainer.prepare())
    list(trainer.run())
    method = trainer._engine.model.method
    with torch.no_grad():
        measured = method.evaluate(data.repeat(5, 1, 1, 1), torch.Generator().manual_seed(0))
    likelihood = pca.score(data.flatten(1).double().numpy())
    assert -measured["bound"].item() < likelihood + 0.05  # a bound from below
    assert -measured["bound"].item() == pytest.approx(likelihood, abs=0.3)


def test_the_capacity_rises_over_its_share_of_the_run() -> None:
    edits = {
        "method__capacity": 10.0,
        "method__capacity_share": 0.5,
        "method__capacity_weight": 70.0,
    }
    model, x = built("capacity-vae", **edits)
    reached = []
    for step in (0, 100, 250, 500, 900):
        loss = loss_of(model, x, "autoencoder", step=step, steps=1000)
        C = loss.signals["capacity"]
        reached.append(C.item())
        expected = loss.terms["rec-x"].value + 70 * (loss.signals["kl"] - C).abs()
        torch.testing.assert_close(loss.total(), expected)
    assert reached == pytest.approx([0, 2, 5, 10, 10])


def test_the_three_parts_of_the_divergence_add_up_to_it(rng: torch.Generator) -> None:
    mean, log_variance = normal(rng, 9, 3), normal(rng, 9, 3)
    z = mean + (log_variance / 2).exp() * normal(rng, 9, 3)
    parts = decomposition.decompose(z, mean, log_variance, 1000)
    posterior = Normal(mean, (log_variance / 2).exp())
    estimate = (posterior.log_prob(z) - Normal(0.0, 1.0).log_prob(z)).sum(1).mean()
    torch.testing.assert_close(sum(parts), estimate)


def test_with_weights_one_the_decomposed_loss_is_the_bound(rng: torch.Generator) -> None:
    model, x = built("tc-vae", method__correlation_weight=1.0)
    loss = loss_of(model, x, "autoencoder")
    mean, log_variance = model.method.posterior(x)
    draws = torch.Generator().manual_seed(2)
    posterior = Normal(mean, (log_variance / 2).exp())
    z = mean + posterior.scale * torch.randn(mean.shape, generator=draws)
    divergence = (posterior.log_prob(z) - Normal(0.0, 1.0).log_prob(z)).sum(1).mean()
    torch.testing.assert_close(loss.total(), loss.terms["rec-x"].value + divergence)


def test_the_parts_are_those_of_gaussian_codes(rng: torch.Generator) -> None:
    """With x ~ N(0, V) and q(z|x) = N(x, S) codes follow N(0, V + S), all in closed form."""
    V = torch.tensor([[1.0, 0.8], [0.8, 1.5]], dtype=torch.float64)
    S = torch.tensor([0.3, 0.2], dtype=torch.float64)
    total = V + S.diag()
    n = 2500
    mean = normal(rng, n, 2) @ torch.linalg.cholesky(V).T
    z = mean + S.sqrt() * normal(rng, n, 2)
    # the batch is all there is: q(z) is then the mixture of exactly these posteriors
    parts = decomposition.decompose(z, mean, S.log().expand(n, 2), n)
    information = 0.5 * (torch.logdet(total) - S.log().sum())
    correlation = 0.5 * (total.diagonal().log().sum() - torch.logdet(total))
    marginals = 0.5 * (total.diagonal() - 1 - total.diagonal().log()).sum()
    assert parts.information.item() == pytest.approx(information.item(), abs=0.06)
    assert parts.correlation.item() == pytest.approx(correlation.item(), abs=0.06)
    assert parts.marginals.item() == pytest.approx(marginals.item(), abs=0.06)


def test_batches_estimate_the_mixture_of_all_posteriors_without_bias(rng: torch.Generator) -> None:
    items, size = 6, 3
    density = torch.rand(items, generator=rng, dtype=torch.float64)  # q(z|xⱼ) at the z of item 0
    row = decomposition.log_weights(size, items, density.device, density.dtype)[0].exp()
    batches = [(0, *others) for others in combinations(range(1, items), size - 1)]
    estimates = torch.stack([row @ density[list(batch)] for batch in batches])
    torch.testing.assert_close(estimates.mean(), density.mean())
    assert estimates.std() > 0


def test_the_decomposition_knows_how_many_items_are_trained_on() -> None:
    trainer = Trainer(experiment("tc-vae"))
    list(trainer.prepare())
    assert trainer._engine.model.method.items == 300


# FactorVAE


def test_permuted_codes_keep_each_values_distribution(rng: torch.Generator) -> None:
    z = normal(rng, 50, 4)
    shuffled = permuted(z, rng)
    assert torch.equal(shuffled.sort(0).values, z.sort(0).values)
    rows = {tuple(row) for row in z.tolist()}
    assert not any(tuple(row) in rows for row in shuffled.tolist())


def test_the_latent_critics_loss_is_cross_entropy_of_codes_and_permuted_codes() -> None:
    model, x = built("factor-vae")
    loss = loss_of(model, x, "latent_discriminator")
    draws = torch.Generator().manual_seed(2)
    z, other = model.method.drawn(torch.cat((x, x)), draws).chunk(2)
    D = model.networks["latent_discriminator"]
    a, b = D(z), D(permuted(other, draws))
    two_classes = torch.cat((torch.cat((a, -a), 1), torch.cat((b, -b), 1))) / 2
    labels = torch.tensor([0] * len(a) + [1] * len(b))
    torch.testing.assert_close(loss.total(), F.cross_entropy(two_classes, labels))


def test_the_total_correlation_is_the_critics_logit() -> None:
    model, x = built("factor-vae", method__gamma=7.0)
    loss = loss_of(model, x, "autoencoder")
    z = model.method.drawn(x, torch.Generator().manual_seed(2))
    D = torch.sigmoid(model.networks["latent_discriminator"](z))
    correlation = (D.log() - (1 - D).log()).mean()
    terms = loss.terms
    expected = terms["rec-x"].value + terms["kl"].value + 7.0 * correlation
    torch.testing.assert_close(loss.total(), expected)


def test_factor_vaes_phases_move_only_their_networks() -> None:
    chosen = experiment("factor-vae")
    assert moved(chosen, "autoencoder") == {"encoder", "decoder"}
    assert moved(chosen, "latent_discriminator") == {"latent_discriminator"}


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
