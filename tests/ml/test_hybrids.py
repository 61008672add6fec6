"""Autoencoders joined with a discriminator: formulas, which weights move, and which way."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from aegan_studio.catalog.models import chosen, model_of
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Finished
from aegan_studio.ml import checkpoint
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine, Phase
from aegan_studio.ml.methods import joined
from aegan_studio.ml.methods.base import Batch, Loss
from aegan_studio.ml.networks.inspect import inspect
from aegan_studio.ml.trainer import Trainer
from aegan_studio.runs.folder import RunFolder

KINDS = ("vae-gan", "bigan", "veegan", "ganomaly", "soft-introvae", "arae")
N, K = 16, 3
CPU = torch.device("cpu")


def experiment(kind: str, dataset: str = "ring", **edits: object) -> Experiment:
    base: dict[str, object] = {"dataset": {"kind": dataset}, "method": "autoencoder"}
    if dataset == "ring":
        base["dataset"] = {"kind": dataset, "count": 400}
    paths = {path.replace("__", "."): value for path, value in edits.items()}
    small = {"training.batch_size": N, "training.threads": 1, "method.latent_dim": K}
    return chosen(Experiment.parse(base), kind).with_options({**small, **paths})


class Bench:
    """An engine, one batch of data, and gradients of one phase; chance starts anew each time."""

    def __init__(self, kind: str, **edits: object) -> None:
        options = experiment(kind, **edits)
        self.engine = Engine(options, DataStore.load(options), CPU)
        self.method = self.engine.model.method
        self.nets = self.engine.model.networks
        self.x = self.engine.data.train[:N]

    def rng(self) -> torch.Generator:
        return torch.Generator().manual_seed(2)

    def phase(self, name: str) -> Phase:
        return next(phase for phase in self.engine.phases if phase.name == name)

    def loss(self, name: str, step: int = 0, steps: int = 1) -> Loss:
        self.engine._learn(self.phase(name))
        batch = Batch(lambda: (self.x, None), N, self.rng(), measure=True, step=step, steps=steps)
        return self.method.losses()[name](batch)

    def gradients(self, name: str) -> dict[str, Tensor]:
        """What the engine gives every network to move by."""
        for flat in self.engine.flat.values():
            flat.gradient.zero_()
        self.engine._backward(self.phase(name), self.loss(name))
        return {role: flat.gradient.clone() for role, flat in self.engine.flat.items()}

    def gradient(self, value: Tensor, role: str) -> Tensor:
        """By autograd, of a formula written down here."""
        return flat_gradient(value, self.nets[role])

    def learn_all(self) -> None:
        for flat in self.engine.flat.values():
            flat.learn(True)


def flat_gradient(value: Tensor, network: torch.nn.Module) -> Tensor:
    parts = torch.autograd.grad(value, list(network.parameters()), retain_graph=True)
    return torch.cat([part.reshape(-1) for part in parts])


def close(actual: Tensor, expected: Tensor) -> None:
    """In one order of values: flat buffers pad nothing, and keep the parameters' order."""
    torch.testing.assert_close(actual[: len(expected)], expected, rtol=1e-4, atol=1e-6)


def kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    return kl_divergence(Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0)).sum(1)


def se(x: Tensor, y: Tensor) -> Tensor:
    return ((x - y) ** 2).flatten(1).sum(1)


# VAE-GAN


@pytest.mark.parametrize("gamma", [0.2, 3.0])
def test_the_vae_gans_decoder_minimises_gamma_f_less_the_discriminators_loss(gamma: float) -> None:
    bench = Bench("vae-gan", method__gamma=gamma)
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
    close(found["encoder"], bench.gradient(divergence, "encoder") + bench.gradient(f, "encoder"))
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
def test_surrender_is_the_mirror_image_of_deceive(loss: str, relativistic: bool, formula) -> None:
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


def test_ganomaly_ranks_a_digit_it_has_not_seen_above_those_it_has() -> None:
    options = experiment(
        "ganomaly",
        "digits",
        dataset__scaling="symmetric",
        method__latent_dim=8,
        training__batch_size=64,
        training__steps=400,
        phases__autoencoder__lr=1e-3,
    )
    data = DataStore.load(options)
    unseen = 0
    kept = data.train_labels != unseen
    seen = dataclasses.replace(
        data, train=data.train[kept], train_labels=data.train_labels[kept], train_rows=None
    )
    engine = Engine(options, seen, CPU)
    for step in range(400):
        engine.step = step
        for phase in engine.phases:
            engine.update(phase, measure=False)
    with torch.no_grad():
        scores = engine.model.method.anomaly(data.held_out)
    assert scores.shape == (len(data.held_out),)
    assert roc_auc_score(data.held_out_labels == unseen, scores) > 0.7


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


# What every one of them must do


@pytest.fixture
def folders() -> Iterator[ExitStack]:
    """Run folders entered here are closed when the test ends."""
    with ExitStack() as stack:
        yield stack


@pytest.mark.parametrize("dataset", ["ring", "digits"])
@pytest.mark.parametrize("name", [*KINDS, "ali"])
def test_they_train_encode_generate_and_measure(name: str, dataset: str) -> None:
    options = experiment(name, dataset, training__steps=3, training__evaluate_every=1)
    assert model_of(options).name == name
    assert not inspect(options).problems
    trainer = Trainer(options)
    list(trainer.prepare())
    assert list(trainer.run())[-1] == Finished(3, "done")
    method = trainer._engine.model.method
    x = trainer._engine.data.held_out[:5]
    assert method.generate(method.encode(x)).shape == x.shape
    assert method.generate(method.prior(4, torch.Generator())).shape == (4, *x.shape[1:])
    assert "mse" in method.evaluate(x, torch.Generator().manual_seed(0))
    if method.has_critic:
        assert method.critic(x).shape == (5, 1)


@pytest.mark.parametrize("name", KINDS)
def test_their_drawing_names_their_networks_and_terms(name: str) -> None:
    method = experiment(name).method
    flow, roles = method.flow(), {role.name for role in method.roles(experiment(name).data_info())}
    drawn = {part for path in flow.paths for part in path[1::2]} | set(flow.judged)
    assert drawn == roles
    terms = {term.name for phase in method.phases() for term in phase.terms}
    assert set(flow.compared) <= terms
    things = {part for path in flow.paths for part in path[::2]}
    assert {part for shown in flow.judged.values() for one in shown for part in one.split("+")} <= (
        things
    )


SETTINGS = {
    "vae-gan": {"method__margin": 0.3, "method__pixels": 0.1, "method__penalty": "r1"},
    "bigan": {"method__penalty": "wgan-gp", "method__penalty_every": 2},
    "veegan": {"method__generator_loss": "adversarial", "method__relativistic": True},
    "ganomaly": {"method__loss": "least-squares", "method__weight_clip": 0.05},
    "soft-introvae": {"method__warmup": 0.3, "networks__encoder__norm": "batch"},
    "arae": {"method__instance_noise": 0.1, "method__penalty_every": 3},
}


@pytest.mark.parametrize("name", KINDS)
def test_resuming_is_bit_for_bit(name: str, tmp_path: Path, folders: ExitStack) -> None:
    options = experiment(name, training__steps=12, **SETTINGS[name])
    ends = []
    for parts in ((12,), (7, 5)):
        folder = tmp_path / str(len(parts))
        run = folders.enter_context(RunFolder.create(folder, options))
        for index, steps in enumerate(parts):
            trainer = Trainer(options, run=run, resume=index > 0)
            list(trainer.prepare())
            list(trainer.run(steps=steps))
            trainer.save()
            run.close()
            run = folders.enter_context(RunFolder.open(folder))
        ends.append(checkpoint.read(run.checkpoints()[0]))
    whole, resumed = ends
    assert whole.step == resumed.step == 12
    assert whole.tensors.keys() == resumed.tensors.keys()
    assert all(torch.equal(whole.tensors[key], resumed.tensors[key]) for key in whole.tensors)
