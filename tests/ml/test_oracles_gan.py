"""GAN losses and penalties against closed forms, formulas of the papers, and published dynamics."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torch.autograd import gradcheck

from aegan_studio.catalog.methods.gan import GANOptions
from aegan_studio.ml.methods import adversarial

LOSSES = ("non-saturating", "minimax", "least-squares", "hinge", "wasserstein")
PENALTIES = ("wgan-gp", "dragan", "r1", "r2", "r1-r2")


def options(**values: object) -> GANOptions:
    return GANOptions.model_validate({"kind": "gan", **values})


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def logits(seed: int) -> Tensor:
    return torch.randn(16, 1, generator=rng(seed), dtype=torch.float64) * 2


# The Dirac-GAN (arXiv 1801.04406, §2): data at 0, G gives θ, D(x) = ψ x. The final radii after 500
# steps of size .2 from (1, 1) are those of the authors' notebook, run by itself.

DIRAC = {
    "minimax": ({"loss": "minimax"}, 0.0, 3.10, 1.42),
    "non-saturating": ({}, 0.0, 0.640, 0.284),
    "wasserstein": ({"loss": "wasserstein"}, 0.0, 25_640, 1.40),
    # their weight counts for half the square
    "wgan-gp": ({"loss": "wasserstein", "penalty": "wgan-gp"}, 0.35, 1.80, 1.22),
    "r1": ({"loss": "minimax", "penalty": "r1"}, 0.3, 2.6e-6, 2.3e-7),
}


def dirac(given: GANOptions, weight: float, *, alternating: bool) -> float:
    theta = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    psi = torch.tensor(-1.0, dtype=torch.float64, requires_grad=True)
    real = torch.zeros(1, 1, dtype=torch.float64)
    chance = rng()

    def critic(x: Tensor) -> Tensor:
        return x * psi

    def towards_g() -> Tensor:
        fake = theta.view(1, 1)
        loss = adversarial.deceive(given, critic(fake), critic(real))
        return torch.autograd.grad(loss, theta)[0]

    def towards_d() -> Tensor:
        fake = theta.detach().view(1, 1)
        loss = adversarial.discriminate(given, critic(real), critic(fake))
        if given.penalty != "none":
            loss = loss + weight * adversarial.penalty(given, critic, real, fake, chance)
        return torch.autograd.grad(loss, psi)[0]

    for _ in range(500):
        step_g = towards_g()
        if alternating:
            with torch.no_grad():
                theta -= 0.2 * step_g
        step_d = towards_d()
        with torch.no_grad():
            psi -= 0.2 * step_d
            if not alternating:
                theta -= 0.2 * step_g
    return math.hypot(theta.item(), psi.item())


@pytest.mark.parametrize("name", DIRAC)
@pytest.mark.parametrize("alternating", [False, True])
def test_the_dirac_gan_ends_where_the_authors_does(name: str, alternating: bool) -> None:
    values, weight, simultaneous, in_turns = DIRAC[name]
    expected = in_turns if alternating else simultaneous
    radius = dirac(options(**values), weight, alternating=alternating)
    assert radius == pytest.approx(expected, rel=0.02)


def test_of_the_dirac_gans_only_that_with_r1_converges() -> None:
    radii = {
        name: dirac(options(**values), weight, alternating=False)
        for name, (values, weight, _, _) in DIRAC.items()
    }
    assert [name for name, radius in radii.items() if radius < 1e-3] == ["r1"]


# Losses, by their papers


@pytest.mark.parametrize("relativistic", [False, True])
@pytest.mark.parametrize("loss", LOSSES)
def test_losses_are_those_of_the_papers(loss: str, relativistic: bool) -> None:
    a, b = logits(1), logits(2)
    D, sigma = torch.sigmoid, torch.sigmoid(a - b)
    alone = {
        "non-saturating": (-(D(a).log()).mean() - (1 - D(b)).log().mean(), -D(b).log().mean()),
        "minimax": (-(D(a).log()).mean() - (1 - D(b)).log().mean(), (1 - D(b)).log().mean()),
        "least-squares": (
            ((a - 1) ** 2).mean() / 2 + (b**2).mean() / 2,
            ((b - 1) ** 2).mean() / 2,
        ),
        "hinge": ((1 - a).clamp(min=0).mean() + (1 + b).clamp(min=0).mean(), -b.mean()),
        "wasserstein": (b.mean() - a.mean(), -b.mean()),
    }
    paired = {
        "non-saturating": (-sigma.log().mean(), -(1 - sigma).log().mean()),
        "minimax": (-sigma.log().mean(), sigma.log().mean()),
        "least-squares": (((a - b - 1) ** 2).mean() / 2, ((b - a - 1) ** 2).mean() / 2),
        "hinge": ((1 - a + b).clamp(min=0).mean(), (a - b).mean()),
        "wasserstein": alone["wasserstein"],
    }
    given = options(loss=loss, relativistic=relativistic)
    expected_d, expected_g = (paired if relativistic else alone)[loss]
    torch.testing.assert_close(adversarial.discriminate(given, a, b), expected_d)
    torch.testing.assert_close(adversarial.deceive(given, b, a), expected_g)


@pytest.mark.parametrize("relativistic", [False, True])
@pytest.mark.parametrize("loss", LOSSES)
def test_losses_pass_gradcheck(loss: str, relativistic: bool) -> None:
    given = options(loss=loss, relativistic=relativistic)
    a, b = logits(3).requires_grad_(), logits(4).requires_grad_()
    assert gradcheck(lambda x, y: adversarial.discriminate(given, x, y), (a, b))
    assert gradcheck(lambda y: adversarial.deceive(given, y, a.detach()), (b,))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_real_item_teaches_a_relativistic_generator_nothing_about_itself(loss: str) -> None:
    a, b = logits(3).requires_grad_(), logits(4).requires_grad_()
    adversarial.deceive(options(loss=loss, relativistic=True), b, a).backward()
    assert a.grad is None
    assert b.grad is not None


def test_logarithmic_losses_do_not_overflow() -> None:
    a = torch.tensor([[300.0], [-300.0]])
    for loss in ("non-saturating", "minimax"):
        for relativistic in (False, True):
            given = options(loss=loss, relativistic=relativistic)
            assert torch.isfinite(adversarial.discriminate(given, -a, a))
            assert torch.isfinite(adversarial.deceive(given, a, -a))


@pytest.mark.parametrize("relativistic", [False, True])
def test_a_coin_toss_costs_ln_two_for_each_expectation(relativistic: bool) -> None:
    none = torch.zeros(8, 1)
    value = adversarial.discriminate(options(relativistic=relativistic), none, none)
    assert value.item() == pytest.approx((1 if relativistic else 2) * math.log(2), abs=1e-6)


# Penalties


def direction(size: int) -> Tensor:
    u = torch.randn(size, generator=rng(5), dtype=torch.float64)
    return u / u.norm()


@pytest.mark.parametrize("penalty", ["wgan-gp", "dragan"])
def test_sixty_four_slopes_of_one_cost_nothing(penalty: str) -> None:
    """A norm over the whole batch would be 8, and the penalty 49."""
    u = direction(12).view(3, 2, 2)
    x, x_hat = (torch.randn(64, 3, 2, 2, generator=rng(s), dtype=torch.float64) for s in (6, 7))
    value = adversarial.penalty(
        options(penalty=penalty), lambda x: (x * u).flatten(1).sum(1, keepdim=True), x, x_hat, rng()
    )
    assert value.item() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("penalty", ["r1", "r2", "r1-r2"])
def test_flatness_of_a_quadratic_critic_is_the_closed_form(penalty: str) -> None:
    A = torch.randn(4, 4, generator=rng(8), dtype=torch.float64)
    x, x_hat = (torch.randn(10, 4, generator=rng(s), dtype=torch.float64) for s in (9, 10))

    def critic(x: Tensor) -> Tensor:
        return 0.5 * torch.einsum("ni,ij,nj->n", x, A, x)[:, None]

    def closed(x: Tensor) -> Tensor:
        return 0.5 * (x @ (A + A.T) / 2).square().sum(1).mean()

    parts = {"r1": [x], "r2": [x_hat], "r1-r2": [x, x_hat]}[penalty]
    expected = torch.stack([closed(part) for part in parts]).sum()
    given = options(penalty=penalty)
    torch.testing.assert_close(adversarial.penalty(given, critic, x, x_hat, rng()), expected)
    x.requires_grad_()
    x_hat.requires_grad_()
    seen = adversarial.flatness(penalty, critic(x), x, critic(x_hat), x_hat)
    torch.testing.assert_close(seen, expected)


def test_a_wgan_gp_critic_is_held_between_the_pairs() -> None:
    seen: list[Tensor] = []

    def critic(x: Tensor) -> Tensor:
        seen.append(x.detach())
        return x.sum(1, keepdim=True)

    x, x_hat = torch.zeros(500, 3), torch.tensor([[1.0, 2.0, 4.0]]).expand(500, 3)
    adversarial.penalty(options(penalty="wgan-gp"), critic, x, x_hat, rng())
    share = seen[0] / x_hat
    torch.testing.assert_close(share[:, :1].expand(-1, 3), share)
    assert share.min() >= 0
    assert share.max() <= 1
    assert share[:, 0].std().item() == pytest.approx(math.sqrt(1 / 12), rel=0.1)


def test_a_dragan_critic_is_held_around_the_data_by_half_their_spread() -> None:
    seen: list[Tensor] = []

    def critic(x: Tensor) -> Tensor:
        seen.append(x.detach())
        return x.sum(1, keepdim=True)

    x = torch.randn(400, 5, generator=rng(1)) * 3
    adversarial.penalty(options(penalty="dragan"), critic, x, x, rng())
    drift = (seen[0] - x) / (0.5 * x.std())
    assert drift.min() >= 0
    assert drift.max() <= 1
    assert drift.mean().item() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("penalty", PENALTIES)
def test_penalties_pass_gradcheck_in_the_critics_weights(penalty: str) -> None:
    """Their gradient is a second derivative of the critic."""
    x, x_hat = (torch.randn(5, 3, generator=rng(s), dtype=torch.float64) for s in (11, 12))
    w = torch.randn(3, 4, generator=rng(13), dtype=torch.float64).requires_grad_()
    v = torch.randn(4, 1, generator=rng(14), dtype=torch.float64).requires_grad_()
    given = options(penalty=penalty)

    def value(w: Tensor, v: Tensor) -> Tensor:
        return adversarial.penalty(given, lambda x: torch.tanh(x @ w) @ v, x, x_hat, rng(15))

    assert gradcheck(value, (w, v))
    assert torch.autograd.gradgradcheck(value, (w, v))


def test_no_penalty_is_no_number() -> None:
    x = torch.zeros(2, 2)
    with pytest.raises(ValueError, match="no penalty"):
        adversarial.penalty(options(), lambda x: x, x, x, rng())
