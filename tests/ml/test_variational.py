"""VAEs, their kin and FactorVAE, against closed forms and naive formulas."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
import torch
import torch.nn.functional as F
from sklearn.decomposition import PCA
from torch import Tensor
from torch.distributions import Bernoulli, Normal

from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.methods import decomposition
from aegan_studio.ml.methods.factor_vae import permuted
from aegan_studio.ml.model import Model
from aegan_studio.ml.trainer import Trainer
from tests.ml.autoencoding import built, experiment, loss_of, moved


@pytest.fixture
def rng() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def normal(rng: torch.Generator, *shape: int) -> Tensor:
    return torch.randn(shape, generator=rng, dtype=torch.float64)


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
