"""Autoencoders joined with a discriminator: formulas, which weights move, and which way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from aegan_studio.ml.methods import joined
from tests.ml.hybrids import Bench, K, N, close, experiment, kl, se

# VAE-GAN


@pytest.mark.parametrize("gamma", [0.2, 3.0])
def test_the_vae_gans_decoder_minimises_gamma_f_less_the_discriminators_loss(gamma: float) -> None:
    bench = Bench("vae-gan", method__gamma=gamma, method__beta=0.7)
    found = bench.gradients("autoencoder")
    bench.learn_all()
    E, G, D = (bench.nets[role] for role in ("encoder", "decoder", "discriminator"))
    rng = bench.rng()
    mean, log_variance = E(bench.x).chunk(2, dim=1)
    z = mean + torch.randn(mean.shape, generator=rng) * (log_variance / 2).exp()
    x_tilde, x_hat = G(z), G(torch.randn(N, K, generator=rng))
    f = 0.5 * se(D.features(bench.x)[0], D.features(x_tilde)[0]).mean()
    loss_d = -torch.sigmoid(D(bench.x)).log().mean()
    for fake in (x_tilde, x_hat):
        loss_d = loss_d - (1 - torch.sigmoid(D(fake))).log().mean()
    divergence = kl(mean, log_variance).mean()
    close(
        found["decoder"], gamma * bench.gradient(f, "decoder") - bench.gradient(loss_d, "decoder")
    )
    close(
        found["encoder"], 0.7 * bench.gradient(divergence, "encoder") + bench.gradient(f, "encoder")
    )
    assert not found["discriminator"].any()
    d = bench.gradients("discriminator")
    bench.learn_all()
    close(d["discriminator"], bench.gradient(loss_d, "discriminator"))
    assert not d["encoder"].any()
    assert not d["decoder"].any()


def test_pixels_move_encoder_and_decoder_of_the_vae_gan() -> None:
    plain, with_pixels = Bench("vae-gan"), Bench("vae-gan", method__pixels=0.5)
    before, after = plain.gradients("autoencoder"), with_pixels.gradients("autoencoder")
    with_pixels.learn_all()
    mean, log_variance = with_pixels.nets["encoder"](with_pixels.x).chunk(2, dim=1)
    noise = torch.randn(mean.shape, generator=with_pixels.rng())
    x_tilde = with_pixels.nets["decoder"](mean + noise * (log_variance / 2).exp())
    value = 0.5 * 0.5 * se(with_pixels.x, x_tilde).mean()
    for role in ("encoder", "decoder"):
        close(after[role] - before[role], with_pixels.gradient(value, role))


@pytest.mark.parametrize(
    ("logits", "learning"),
    [
        ((0.0, 0.0), (1, 1)),  # costs of real and generated: .69, .69
        ((4.0, 0.0), (0, 1)),  # .02, .69: D is far ahead
        ((-0.5, 0.0), (1, 1)),  # .97, .69
        ((-0.6, 0.0), (1, 0)),  # 1.04, .69: D is behind
        ((0.0, 0.6), (1, 0)),  # .69, 1.04
        ((4.0, 4.0), (1, 1)),  # .02, 4.02: both would rest
    ],
)
def test_the_balance_rests_who_is_ahead_and_never_both(
    logits: tuple[float, float], learning: tuple[int, int]
) -> None:
    method = Bench("vae-gan", method__margin=0.3).method
    a, a_fake = (torch.full((8, 1), logit) for logit in logits)
    method._balance(a, a_fake, torch.zeros(8, 1))
    assert method.state["learning"].tolist() == list(learning)


def test_who_rests_gets_no_gradient_and_keeps_its_loss() -> None:
    bench, free = Bench("vae-gan", method__margin=0.3), Bench("vae-gan")
    *_, weight, bias = bench.nets["discriminator"].parameters()
    with torch.no_grad():
        weight *= 1e-3
        bias.fill_(0.6)
    assert bench.gradients("discriminator")["discriminator"].any()
    assert bench.method.state["learning"].tolist() == [1, 0]
    found = bench.gradients("autoencoder")
    assert not found["decoder"].any()
    assert found["encoder"].any()
    free.engine.restore(bench.engine.capture())
    torch.testing.assert_close(free.loss("autoencoder").total(), bench.loss("autoencoder").total())
    bench.method.state["learning"][0] = 0
    bench.learn_all()
    value = bench.nets["discriminator"](bench.x).mean()
    assert not bench.gradient(bench.method._gated(value, 0), "discriminator").any()


# The game with the answers swapped


@pytest.mark.parametrize(
    ("loss", "relativistic", "formula"),
    [
        ("non-saturating", False, lambda r, f: -(1 - r.sigmoid()).log()),
        ("minimax", False, lambda r, f: r.sigmoid().log()),
        ("least-squares", False, lambda r, f: 0.5 * r**2),
        ("hinge", False, lambda r, f: r),
        ("wasserstein", False, lambda r, f: r),
        ("non-saturating", True, lambda r, f: -(f - r).sigmoid().log()),
        ("minimax", True, lambda r, f: (r - f).sigmoid().log()),
        ("least-squares", True, lambda r, f: 0.5 * (f - r - 1) ** 2),
        ("hinge", True, lambda r, f: r - f),
    ],
)
def test_surrender_is_the_mirror_image_of_deceive(
    loss: str, relativistic: bool, formula: Callable[[Tensor, Tensor], Tensor]
) -> None:
    options = experiment("bigan", method__loss=loss, method__relativistic=relativistic).method
    rng = torch.Generator().manual_seed(0)
    a_real, a_fake = torch.randn(2, 8, 1, generator=rng, dtype=torch.float64)
    a_real.requires_grad_()
    a_fake.requires_grad_()
    value = joined.surrender(options, a_real, a_fake)
    torch.testing.assert_close(value, formula(a_real, a_fake).mean())
    grad_real, grad_fake = torch.autograd.grad(value, (a_real, a_fake), allow_unused=True)
    if loss != "least-squares":
        assert (grad_real > 0).all()  # minimising lowers the logit of what plays real
    assert grad_fake is None


# BiGAN and ALI


@pytest.mark.parametrize("name", ["bigan", "ali"])
def test_bigan_judges_pairs_and_swaps_the_answers(name: str) -> None:
    bench = Bench(name)
    found = bench.gradients("generator")
    bench.learn_all()
    E, G, D = (bench.nets[role] for role in ("encoder", "generator", "discriminator"))
    rng = bench.rng()
    code = E(bench.x)
    if name == "ali":
        mean, log_variance = code.chunk(2, dim=1)
        code = mean + torch.randn(mean.shape, generator=rng) * (log_variance / 2).exp()
        torch.testing.assert_close(bench.method.encode(bench.x), mean)
    z = torch.randn(N, K, generator=rng)
    d_real, d_fake = torch.sigmoid(D(bench.x, code)), torch.sigmoid(D(G(z), z))
    value = -(1 - d_real).log().mean() - d_fake.log().mean()
    for role in ("encoder", "generator"):
        close(found[role], bench.gradient(value, role))
        assert found[role].any()
    loss_d = -d_real.log().mean() - (1 - d_fake).log().mean()
    torch.testing.assert_close(bench.loss("discriminator").total(), loss_d)
    d = bench.gradients("discriminator")
    bench.learn_all()
    close(d["discriminator"], bench.gradient(loss_d, "discriminator"))
    assert not d["encoder"].any()
    assert not d["generator"].any()


def test_in_the_minimax_game_encoder_and_generator_maximise_what_the_discriminator_minimises() -> (
    None
):
    bench = Bench("bigan", method__loss="minimax")
    game = bench.loss("generator").total() + bench.loss("discriminator").total()
    assert game.item() == pytest.approx(0, abs=1e-6)


def test_the_penalty_on_pairs_counts_the_slope_of_data_and_code() -> None:
    bench = Bench("bigan", method__penalty="r1")
    term = bench.loss("discriminator").terms["penalty"]
    D, code = bench.nets["discriminator"], bench.method.encode(bench.x).detach()
    x, code = bench.x.clone().requires_grad_(), code.requires_grad_()
    slopes = torch.autograd.grad(D(x, code).sum(), (x, code))
    expected = 0.5 * sum((slope**2).sum(1) for slope in slopes).mean()
    torch.testing.assert_close(term.value, expected)
    assert term.weight == 10.0


# VEEGAN


def test_veegan_follows_the_papers_signs() -> None:
    bench = Bench("veegan")
    found = bench.gradients("generator")
    bench.learn_all()
    G, F, D = (bench.nets[role] for role in ("generator", "encoder", "discriminator"))
    z = torch.randn(N, K, generator=bench.rng())
    x_hat = G(z)
    papers = -D(x_hat, z)  # the paper's D is positive where it sees generated pairs
    rec = se(z, F(x_hat)).mean()
    close(found["generator"], bench.gradient(papers.mean() + rec, "generator"))
    close(found["encoder"], bench.gradient(rec, "encoder"))
    real = -D(bench.x, F(bench.x))
    loss_d = torch.nn.functional.softplus(-papers).mean()
    loss_d = loss_d + torch.nn.functional.softplus(real).mean()
    torch.testing.assert_close(bench.loss("discriminator").total(), loss_d)
    d = bench.gradients("discriminator")
    bench.learn_all()
    close(d["discriminator"], bench.gradient(loss_d, "discriminator"))
    assert not d["encoder"].any()
    assert not d["generator"].any()


def test_veegans_generator_raises_the_discriminators_belief() -> None:
    bench = Bench("veegan", method__noise_weight=0.0)
    z = torch.randn(N, K, generator=bench.rng())

    @torch.no_grad()
    def belief() -> float:
        return float(bench.nets["discriminator"](bench.method.generate(z), z).mean())

    before, step = belief(), bench.gradients("generator")["generator"]
    with torch.no_grad():
        bench.engine.flat["generator"].values -= 1e-2 * step
    assert belief() > before


# GANomaly


def test_ganomalys_terms_and_score_are_the_papers() -> None:
    bench = Bench("ganomaly")
    loss = bench.loss("autoencoder")
    E, G, E2, D = (
        bench.nets[role] for role in ("encoder", "decoder", "second_encoder", "discriminator")
    )
    code = E(bench.x)
    x_tilde = G(code)
    gap = (code - E2(x_tilde)) ** 2
    features = (D.features(bench.x)[0] - D.features(x_tilde)[0]) ** 2
    expected = features.mean() + 50 * (bench.x - x_tilde).abs().mean() + gap.mean()
    torch.testing.assert_close(loss.total(), expected)
    torch.testing.assert_close(bench.method.anomaly(bench.x), gap.sum(1) ** 0.5)
    assert bench.method.has_anomaly
    assert not bench.gradients("autoencoder")["discriminator"].any()
    d_real, d_fake = torch.sigmoid(D(bench.x)), torch.sigmoid(D(x_tilde))
    bce = 0.5 * (-d_real.log().mean() - (1 - d_fake).log().mean())
    torch.testing.assert_close(bench.loss("discriminator").total(), bce)


def test_other_methods_score_no_anomalies() -> None:
    method = Bench("bigan").method
    assert not method.has_anomaly
    with pytest.raises(TypeError, match="no anomalies"):
        method.anomaly(torch.zeros(1, 2))


# Soft-IntroVAE


@pytest.mark.parametrize(("dataset", "s"), [("ring", 0.5), ("digits", 1 / 64)])
def test_soft_introvaes_losses_are_the_papers(dataset: str, s: float) -> None:
    betas = {"method__beta_rec": 0.2, "method__beta_kl": 0.3, "method__beta_neg": 0.9}
    bench = Bench("soft-introvae", dataset=dataset, **betas)
    found = bench.gradients("encoder")
    assert not found["decoder"].any()
    bench.learn_all()
    E, G = bench.nets["encoder"], bench.nets["decoder"]
    rng = bench.rng()

    def rebuilt(x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = E(x).chunk(2, dim=1)
        return G(mean + noise * (log_variance / 2).exp()), kl(mean, log_variance)

    x_tilde, divergence = rebuilt(bench.x, torch.randn(N, K, generator=rng))
    x_hat = G(torch.randn(N, K, generator=rng))
    value = s * (0.2 * se(bench.x, x_tilde) + 0.3 * divergence).mean()
    noises = torch.randn(2 * N, K, generator=rng).chunk(2)
    for fake, noise in zip((x_tilde.detach(), x_hat.detach()), noises, strict=True):
        again, its = rebuilt(fake, noise)
        value = value + 0.25 * (-2 * s * (0.2 * se(fake, again) + 0.9 * its)).exp().mean()
    torch.testing.assert_close(bench.loss("encoder").total(), value)
    bench.learn_all()
    close(found["encoder"], bench.gradient(value, "encoder"))

    found = bench.gradients("decoder")
    assert not found["encoder"].any()
    bench.learn_all()
    rng = bench.rng()
    mean, log_variance = E(bench.x).chunk(2, dim=1)
    z = mean + torch.randn(N, K, generator=rng) * (log_variance / 2).exp()
    x_tilde, x_hat = G(z.detach()), G(torch.randn(N, K, generator=rng))
    value = s * 0.2 * se(bench.x, x_tilde).mean()
    for fake in (x_tilde, x_hat):
        value = value + s * 0.5 * 0.3 * kl(*E(fake).chunk(2, dim=1)).mean()
    close(found["decoder"], bench.gradient(value, "decoder"))


def test_soft_introvae_may_begin_as_a_plain_vae() -> None:
    bench = Bench("soft-introvae", method__warmup=0.5)
    assert set(bench.loss("encoder", 4, 10).terms) == {"rec-x", "kl"}
    assert set(bench.loss("decoder", 4, 10).terms) == {"rec-x-g"}
    assert "exp-bound" in bench.loss("encoder", 5, 10).terms
    assert "kl-g" in bench.loss("decoder", 5, 10).terms


# ARAE


@pytest.mark.parametrize("sphere", [False, True])
def test_araes_critic_pulls_encoder_and_generator_together(sphere: bool) -> None:
    bench = Bench("arae", method__sphere=sphere, method__encoder_weight=0.1)
    found = bench.gradients("latent_generator")
    bench.learn_all()
    E, g, D = (bench.nets[role] for role in ("encoder", "latent_generator", "latent_discriminator"))

    def placed(z: Tensor) -> Tensor:
        return z / z.norm(dim=1, keepdim=True) * K**0.5 if sphere else z

    made = placed(g(torch.randn(N, 16, generator=bench.rng())))
    codes = placed(E(bench.x))
    close(found["encoder"], 0.1 * bench.gradient(D(codes).mean(), "encoder"))
    close(found["latent_generator"], -bench.gradient(D(made).mean(), "latent_generator"))
    assert not found["decoder"].any()
    assert not found["latent_discriminator"].any()
    torch.testing.assert_close(bench.method.prior(N, bench.rng()), made)
    value = bench.loss("latent_discriminator").terms["loss-d"].value
    codes, made = codes.detach(), made.detach()
    torch.testing.assert_close(value, D(made).mean() - D(codes).mean())
    d = bench.gradients("latent_discriminator")
    assert [role for role, gradient in d.items() if gradient.any()] == ["latent_discriminator"]
    rec = bench.gradients("autoencoder")
    assert [role for role, gradient in rec.items() if gradient.any()] == ["encoder", "decoder"]
