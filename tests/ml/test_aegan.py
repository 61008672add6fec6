"""The instrument: its terms against formulas, and the models it turns into."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from aegan_studio.catalog import models
from aegan_studio.experiment import Experiment
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine
from aegan_studio.ml.methods.base import Batch, Loss
from aegan_studio.ml.model import Model

RING = {"kind": "ring", "count": 400}


def experiment(**options: object) -> Experiment:
    method = {"kind": "aegan", "latent_dim": 3, **options}
    small = {"kind": "mlp", "widths": [16]}
    roles = ("encoder", "generator", "discriminator", "latent_discriminator")
    return Experiment.parse(
        {
            "dataset": RING,
            "method": method,
            "networks": dict.fromkeys(roles, small),
            "training": {"batch_size": 16, "threads": 1, "device": "cpu"},
        }
    )


def batch(x: Tensor, step: int = 0) -> Batch:
    rng = torch.Generator().manual_seed(2)
    return Batch(lambda: (x, None), len(x), rng, measure=True, step=step, steps=100)


@pytest.fixture
def x() -> Tensor:
    return torch.randn(16, 2, generator=torch.Generator().manual_seed(1))


def loss(model: Model, phase: str, x: Tensor, step: int = 0) -> Loss:
    return model.method.losses()[phase](batch(x, step))


def made(model: Model, x: Tensor) -> dict[str, Tensor]:
    """x̂, ẑ, x̃, z̃ in plain words."""
    E, G = model.networks["encoder"], model.networks["generator"]
    z = model.method.prior(len(x), torch.Generator().manual_seed(2))
    z_hat, x_hat = E(x), G(z)
    return {"z": z, "z_hat": z_hat, "x_hat": x_hat, "x_tilde": G(z_hat), "z_tilde": E(x_hat)}


def bce(logits: Tensor, target: float) -> Tensor:
    return F.binary_cross_entropy(torch.sigmoid(logits), torch.full_like(logits, target))


def test_the_terms_are_those_of_the_paper(x: Tensor) -> None:
    model = Model.build(experiment(rec_x=3.0, rec_z=0.5, adv_x=0.2, adv_z=0.7))
    Dx, Dz = model.networks["discriminator"], model.networks["latent_discriminator"]
    things = made(model, x)
    terms = loss(model, "autoencoder", x).terms
    torch.testing.assert_close(terms["rec-x"].value, (x - things["x_tilde"]).square().mean())
    torch.testing.assert_close(
        terms["rec-z"].value, (things["z"] - things["z_tilde"]).square().mean()
    )
    adv_x = (bce(Dx(things["x_hat"]), 1) + bce(Dx(things["x_tilde"]), 1)) / 2
    adv_z = (bce(Dz(things["z_hat"]), 1) + bce(Dz(things["z_tilde"]), 1)) / 2
    torch.testing.assert_close(terms["adv-x"].value, adv_x)
    torch.testing.assert_close(terms["adv-z"].value, adv_z)
    assert [term.weight for term in terms.values()] == [3.0, 0.5, 0.2, 0.7]


def test_the_critics_judge_both_made_kinds_half_each(x: Tensor) -> None:
    """¼[2 B(D(x), 1) + B(D(x̂), 0) + B(D(x̃), 0)] of the authors' program, times two."""
    model = Model.build(experiment())
    Dx, Dz = model.networks["discriminator"], model.networks["latent_discriminator"]
    things = made(model, x)
    terms = loss(model, "critics", x).terms
    for name, D, real, fakes in (
        ("loss-dx", Dx, x, ("x_hat", "x_tilde")),
        ("loss-dz", Dz, things["z"], ("z_hat", "z_tilde")),
    ):
        parts = 2 * bce(D(real), 1) + sum(bce(D(things[fake]), 0) for fake in fakes)
        torch.testing.assert_close(terms[name].value / 2, parts / 4)


def test_a_term_that_is_off_costs_nothing(x: Tensor) -> None:
    model = Model.build(experiment(rec_z=0, adv_x=0, adv_z=0))
    assert list(loss(model, "autoencoder", x).terms) == ["rec-x"]
    assert not loss(model, "critics", x).terms
    generated = Model.build(experiment(rec_x=0, rec_z=0, adv_z=0, adv_x_on="generated"))
    assert list(loss(generated, "autoencoder", x).terms) == ["adv-x"]
    assert list(loss(generated, "critics", x).terms) == ["loss-dx"]


def test_critics_join_late_and_fade_in(x: Tensor) -> None:
    model = Model.build(experiment(adv_x=1.0, adv_z=2.0, adversarial_from=10, adversarial_ramp=4))
    assert not loss(model, "critics", x, 9).terms
    assert set(loss(model, "autoencoder", x, 9).terms) == {"rec-x", "rec-z"}
    weights = [
        loss(model, "autoencoder", x, step).terms["adv-z"].weight for step in (10, 11, 13, 50)
    ]
    assert weights == [0.5, 1.0, 2.0, 2.0]


def _updated(first: Experiment, steps: int = 5) -> dict[str, Tensor]:
    engine = Engine(first, DataStore.load(first), torch.device("cpu"))
    engine.configure(0, 100)
    for step in range(steps):
        engine.step = step
        for phase in engine.phases:
            engine.update(phase, measure=False)
        engine.begin_row()
    return {role: flat.values.clone() for role, flat in engine.flat.items()}


def test_with_rec_x_alone_it_is_the_autoencoder() -> None:
    both = {"widths": [16], "kind": "mlp"}
    alone = experiment(rec_x=1.0, rec_z=0, adv_x=0, adv_z=0)
    plain = Experiment.parse(
        {
            "dataset": RING,
            "method": {"kind": "autoencoder", "latent_dim": 3},
            "networks": {"encoder": both, "decoder": both},
            "phases": {"autoencoder": {"lr": 2e-4, "beta1": 0.5}},
            "training": {"batch_size": 16, "threads": 1, "device": "cpu"},
        }
    )
    mine, theirs = _updated(alone), _updated(plain)
    torch.testing.assert_close(mine["encoder"], theirs["encoder"], atol=1e-6, rtol=0)
    torch.testing.assert_close(mine["generator"], theirs["decoder"], atol=1e-6, rtol=0)


def test_with_adv_x_on_samples_alone_its_first_update_of_g_is_the_gans(x: Tensor) -> None:
    mine = Model.build(experiment(rec_x=0, rec_z=0, adv_x=1.0, adv_z=0, adv_x_on="generated"))
    things = made(mine, x)
    expected = F.softplus(-mine.networks["discriminator"](things["x_hat"])).mean()
    weights = list(mine.networks["generator"].parameters())
    wanted = torch.autograd.grad(expected, weights)
    found = torch.autograd.grad(loss(mine, "autoencoder", x).total(), weights)
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other)


def test_encoding_reaches_for_the_prior_with_the_right_sign(x: Tensor) -> None:
    """A step of E against adv-z's gradient raises the latent critic's belief in ẑ."""
    model = Model.build(experiment(rec_x=0, rec_z=0, adv_x=0, adv_z=1.0, adv_z_on="encoded"))
    E, Dz = model.networks["encoder"], model.networks["latent_discriminator"]
    before = Dz(E(x)).mean()
    weights = list(E.parameters())
    gradients = torch.autograd.grad(loss(model, "autoencoder", x).total(), weights)
    with torch.no_grad():
        for weight, gradient in zip(weights, gradients, strict=True):
            weight -= 0.01 * gradient
    E.refresh()
    assert Dz(E(x)).mean() > before


@pytest.mark.parametrize("name", ["wasserstein", "hinge", "least-squares", "minimax"])
@pytest.mark.parametrize("relativistic", [False, True])
@pytest.mark.parametrize("penalty", ["wgan-gp", "r1-r2"])
def test_any_game_can_be_played(name: str, relativistic: bool, penalty: str) -> None:
    played = experiment(
        loss=name, relativistic=relativistic, penalty=penalty, instance_noise=0.1, weight_clip=0.05
    )
    weights = _updated(played, 2)
    assert all(torch.isfinite(values).all() for values in weights.values())
    assert weights["discriminator"].abs().max() <= 0.05 + 1e-7


def test_the_marks_of_the_mixer_set_every_fader_and_nothing_that_needs_a_new_run() -> None:
    base = experiment()
    options = type(base.method)
    for mark in options.morph:
        changed = base.with_options(dict(mark.edits))
        for path in base.differences(changed):
            info = base.option_info(path)
            assert info is not None
            assert info.live, path
        assert {f"method.{name}" for name in options.mixer.values()} <= set(mark.edits)


def test_named_models_are_recognised() -> None:
    base = experiment()
    for name in ("aae", "alpha-gan", "latent-regressor", "aegan"):
        assert models.model_of(models.chosen(base, name)).name == name


def test_a_critic_that_is_off_does_not_drift() -> None:
    """Neither momentum nor weight decay moves what no term asks for."""
    base = experiment().with_options({"phases.critics.weight_decay": 0.1})
    engine = Engine(base, DataStore.load(base), torch.device("cpu"))
    engine.configure(0, 100)
    critics = engine.phases[0]
    engine.update(critics, measure=False)
    engine.adopt(base.with_options({"method.adv_x": 0.0}))
    engine.configure(1, 100)
    before = {role: flat.values.clone() for role, flat in engine.flat.items()}
    engine.update(engine.phases[0], measure=False)
    assert torch.equal(engine.flat["discriminator"].values, before["discriminator"])
    moved = engine.flat["latent_discriminator"].values
    assert not torch.equal(moved, before["latent_discriminator"])
