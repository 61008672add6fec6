"""The article's GAN loop: what its mistakes do, and that without them it is the GAN."""

import itertools

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from aegan_studio.catalog.lessons import DEFECTS, SWITCHES, program
from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Pictures, Progress
from aegan_studio.ml.methods.article_loop import ArticleLoop
from aegan_studio.ml.methods.base import Batch
from aegan_studio.ml.model import Model
from aegan_studio.ml.trainer import Trainer

MISTAKES = ("real_unused", "same_samples", "target_zero", "detached", "half_printed")
LN2 = float(np.log(2))


def small(method, **options):
    """Both methods with the same networks, optimisers and seed, on 8×8 digits."""
    networks = {
        "generator": {"kind": "mlp", "widths": [32]},
        "discriminator": {"kind": "mlp", "widths": [32], "activation": "leaky-relu"},
    }
    phases = {name: {"lr": 2e-4, "beta1": 0.5} for name in ("discriminator", "generator")}
    return Experiment.parse(
        {
            "dataset": {"kind": "digits", "scaling": "symmetric"},
            "method": {"kind": method, "latent_dim": 8, **options},
            "networks": networks,
            "phases": phases,
            "training": {"steps": 40, "threads": 1, "batch_size": 16, "device": "cpu"},
        }
    )


def trained(experiment):
    trainer = Trainer(experiment)
    events = [*trainer.prepare(), *trainer.run()]
    columns = trainer._engine.columns
    reports = [event for event in events if isinstance(event, Progress)]
    values = np.concatenate([report.values for report in reports])
    pictures = [event for event in events if isinstance(event, Pictures)]
    return trainer, dict(zip(columns, values.T, strict=True)), pictures


def weights(trainer, role):
    network = trainer._engine.model.networks[role]
    return torch.cat([weight.detach().flatten() for weight in network.parameters()])


def none():
    return dict.fromkeys(MISTAKES, False)


def test_without_mistakes_it_makes_the_updates_of_the_gan():
    loop, measured, _ = trained(small("article-loop", **none()))
    gan, expected, _ = trained(small("gan"))
    for role in ("generator", "discriminator"):
        assert torch.allclose(weights(loop, role), weights(gan, role), atol=1e-6)
    both = measured["loss-real"] + measured["loss-fake"]
    np.testing.assert_allclose(both, expected["loss-d"], atol=1e-5)
    np.testing.assert_allclose(measured["loss-g"], expected["loss-g"], atol=1e-5)


def test_as_printed_both_losses_rest_at_ln_2_and_nothing_is_learned():
    experiment = recipe("article-gan-broken").with_options(
        {"training.threads": 1, "training.steps": 300, "dataset.side": 8}
    )
    trainer, measured, pictures = trained(experiment)
    for name in ("loss-real", "loss-fake", "loss-g"):
        assert np.abs(measured[name][-100:] - LN2).max() < 0.02
    moved, printed = (m[np.isfinite(m)] for m in (measured["moved-g"], measured["printed-d"]))
    assert (moved == 0).all()
    assert torch.equal(weights(trainer, "generator"), trainer._engine.model.method.state["begun"])
    assert (pictures[0].samples == pictures[-1].samples).all()
    assert abs(printed[-1] - LN2) < 0.02


@pytest.mark.parametrize("on", list(itertools.product((False, True), repeat=2)))
def test_what_d_is_given_under_the_labels_1_and_0(on):
    real_unused, same = on
    options = {**none(), "real_unused": real_unused, "same_samples": same}
    model = Model.build(small("article-loop", **options))
    method = model.method
    assert isinstance(method, ArticleLoop)
    data = torch.rand(16, 1, 8, 8)
    rng = torch.Generator().manual_seed(3)
    loss = method.losses()["discriminator"](Batch(lambda: (data, None), 16, rng, measure=True))
    again = torch.Generator().manual_seed(3)
    G, D = model.networks["generator"], model.networks["discriminator"]
    first, second = (G(torch.randn(16, 8, generator=again)) for _ in range(2))
    real = first if real_unused else data
    fake = real if same else (second if real_unused else first)
    one, zero = torch.ones(16, 1), torch.zeros(16, 1)
    bce = F.binary_cross_entropy_with_logits
    assert loss.terms["loss-real"].value.item() == pytest.approx(bce(D(real), one).item(), rel=1e-5)
    assert loss.terms["loss-fake"].value.item() == pytest.approx(
        bce(D(fake), zero).item(), rel=1e-5
    )
    assert loss.signals["printed-d"].item() == pytest.approx(
        (bce(D(real), one) + bce(D(fake), zero)).item(), rel=1e-5
    )


@pytest.mark.parametrize("target", [0, 1])
def test_the_target_of_g_is_that_of_its_switch(target):
    model = Model.build(
        small(
            "article-loop",
            **none(),
        ).with_options({"method.target_zero": target == 0})
    )
    rng = torch.Generator().manual_seed(3)
    batch = Batch(lambda: (torch.empty(0), None), 16, rng, measure=False)
    value = model.method.losses()["generator"](batch).terms["loss-g"].value
    G, D = model.networks["generator"], model.networks["discriminator"]
    a = D(G(torch.randn(16, 8, generator=torch.Generator().manual_seed(3))))
    expected = F.binary_cross_entropy_with_logits(a, torch.full((16, 1), float(target)))
    assert value.item() == pytest.approx(expected.item(), rel=1e-5)


def test_a_detached_generator_gets_a_gradient_of_exactly_nothing():
    model = Model.build(small("article-loop", **{**none(), "detached": True}))
    rng = torch.Generator().manual_seed(0)
    batch = Batch(lambda: (torch.empty(0), None), 16, rng, measure=False)
    model.method.losses()["generator"](batch).total().backward()
    for weight in model.networks["generator"].parameters():
        assert weight.grad is None or not weight.grad.any()


def test_the_lesson_knows_ten_defects_and_every_switch_changes_the_program():
    assert len(DEFECTS) == 10
    assert len(SWITCHES) == len(set(SWITCHES)) == 8
    printed, corrected = program(()), program(SWITCHES)
    assert [printed.get(f"method.{name}") for name in MISTAKES] == [True] * 5
    assert [corrected.get(f"method.{name}") for name in MISTAKES] == [False] * 5
    for name in SWITCHES:
        changed = printed.differences(program({name}))
        assert changed
        assert set(changed) <= set(printed.differences(corrected))
    assert corrected.get("phases.generator.lr") == 2e-4
    assert corrected.dataset.scaling == "symmetric"


def test_the_errors_that_the_lesson_quotes_are_those_of_pytorch():
    with pytest.raises(RuntimeError, match="mat1") as shapes:
        torch.nn.Linear(784, 128)(torch.randn(64, 128))
    with pytest.raises(RuntimeError, match="between 0 and 1") as ranges:
        torch.nn.BCELoss()(torch.full((64, 1), 2.0), torch.ones(64, 1))
    assert [str(shapes.value), str(ranges.value)] == [defect.error for defect in DEFECTS[:2]]
