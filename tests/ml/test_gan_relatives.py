"""InfoGAN, BEGAN and EBGAN: their own terms by their papers."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from torch import Tensor
from torch.distributions import Categorical, Normal
from torch.nn import functional as F

from aegan_studio.experiment import Experiment
from aegan_studio.ml.methods import ebgan, infogan
from aegan_studio.ml.methods.base import Batch, Loss
from aegan_studio.ml.model import Model


def built(method: str, **edits: object) -> tuple[Model, Batch]:
    """A model of points, and a batch of random ones."""
    paths = {path.replace("__", "."): value for path, value in edits.items()}
    plain = {"dataset": {"kind": "ring", "count": 200}, "method": {"kind": method, "latent_dim": 3}}
    rng = torch.Generator().manual_seed(1)
    x = torch.randn(16, 2, generator=rng)
    model = Model.build(Experiment.parse(plain).with_options(paths))
    return model, Batch(lambda: (x, None), 16, rng, measure=True)


def loss_of(model: Model, batch: Batch, phase: str) -> Loss:
    return model.method.losses()[phase](batch)


# InfoGAN


def test_codes_are_read_by_the_likelihoods_of_torch_distributions() -> None:
    rng = torch.Generator().manual_seed(0)
    logits, mean, log_sigma, u = (torch.randn(9, 4, generator=rng) for _ in range(4))
    c = torch.arange(9) % 4
    expected = -Categorical(logits=logits).log_prob(c).mean()
    torch.testing.assert_close(infogan.unread_category(logits, F.one_hot(c, 4).float()), expected)
    constant = 4 * 0.5 * math.log(2 * math.pi)
    learned = -Normal(mean, log_sigma.exp()).log_prob(u).sum(1).mean()
    found = infogan.unread_directions(u, mean, log_sigma) + constant
    torch.testing.assert_close(found, learned)
    fixed = -Normal(mean, 1.0).log_prob(u).sum(1).mean()
    torch.testing.assert_close(infogan.unread_directions(u, mean) + constant, fixed)


@pytest.mark.parametrize("spread", ["fixed", "learned"])
@pytest.mark.parametrize("packing", [1, 2])
def test_what_is_read_teaches_the_generator_and_the_reader(spread: str, packing: int) -> None:
    model, batch = built("infogan", method__spread=spread, method__packing=packing)
    for phase, role, suffix in (("generator", "generator", ""), ("discriminator",) * 2 + ("-d",)):
        terms = loss_of(model, batch, phase).terms
        for name in (f"info-c{suffix}", f"info-u{suffix}"):
            moved = list(model.networks[role].parameters())
            found = torch.autograd.grad(terms[name].value, moved, retain_graph=True)
            assert all(gradient.abs().sum() > 0 for gradient in found)


def test_a_code_of_infogan_is_noise_a_category_and_directions() -> None:
    model, batch = built("infogan")
    z = model.method.prior(200, batch.rng)
    assert z.shape == (200, 3 + 10 + 2)
    assert set(z[:, 3:13].sum(1).tolist()) == {1.0}
    assert z[:, 13:].abs().max() <= 1
    plain, _ = built("infogan", method__categories=1, method__continuous=0)
    assert plain.method.code_dim == 3
    names = {term.name for phase in plain.method.options.phases() for term in phase.terms}
    assert not any(name.startswith("info") for name in names)


# BEGAN and EBGAN


def test_the_balance_of_began_moves_as_the_paper_says() -> None:
    edits = {"method__gamma": 0.7, "method__k_rate": 0.05}
    model, batch = built("began", **edits)
    k = model.method.state["k"]
    k.fill_(0.4)
    loss = loss_of(model, batch, "discriminator")
    real = loss.terms["energy-x"].value.detach()
    fake = -loss.terms["energy-x-hat"].value.detach() / 0.4
    torch.testing.assert_close(
        real, (batch.x - model.networks["discriminator"](batch.x)).abs().mean().detach()
    )
    model.method.after("discriminator", batch)
    torch.testing.assert_close(k, 0.4 + 0.05 * (0.7 * real - fake))
    torch.testing.assert_close(
        loss.signals["convergence"], real + (0.7 * real - fake).abs(), rtol=1e-4, atol=1e-6
    )
    assert loss.signals["k"].item() == pytest.approx(0.4)
    model.method.after("generator", batch)
    torch.testing.assert_close(k, 0.4 + 0.05 * (0.7 * real - fake))


def test_the_weight_of_began_stays_between_none_and_one() -> None:
    model, batch = built("began", method__k_rate=1.0)
    for start in (0.0, 1.0):
        model.method.state["k"].fill_(start)
        loss_of(model, batch, "discriminator")
        for balance in (-5.0, 5.0):
            model.method._balance = torch.tensor(balance)
            model.method.after("discriminator", batch)
            assert model.method.state["k"].item() == (0.0 if balance < 0 else 1.0)


def test_pulling_away_is_the_mean_squared_cosine_of_all_pairs() -> None:
    s = torch.randn(7, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    total = 0.0
    for i, j in itertools.permutations(range(7), 2):
        total += float((s[i] @ s[j] / (s[i].norm() * s[j].norm())) ** 2)
    assert ebgan.pulling_away(s).item() == pytest.approx(total / (7 * 6))
    assert ebgan.pulling_away(torch.ones(4, 3)).item() == pytest.approx(1)
    assert torch.autograd.gradcheck(ebgan.pulling_away, (s.requires_grad_(),))


def test_energies_are_hinged_at_the_margin_item_by_item() -> None:
    model, batch = built("ebgan", method__margin=0.9)
    state = batch.rng.get_state()
    loss = loss_of(model, batch, "discriminator")
    batch.rng.set_state(state)
    x_hat = model.generate(model.method.prior(16, batch.rng))

    def energies(x: Tensor) -> Tensor:
        off = model.networks["rebuilder"](model.networks["discriminator"](x)) - x
        return (off**2).mean(1)

    torch.testing.assert_close(loss.terms["energy-x"].value, energies(batch.x).mean())
    expected = torch.clamp(0.9 - energies(x_hat), min=0).mean()
    torch.testing.assert_close(loss.terms["hinge-x-hat"].value, expected)
    torch.testing.assert_close(model.method.critic(batch.x)[:, 0], -energies(batch.x))
