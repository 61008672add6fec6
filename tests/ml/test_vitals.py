"""Vital signs: closed forms, and that measuring changes no training."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from aegan_studio.catalog.recipes import recipe, recipes
from aegan_studio.catalog.vitals import FIGURES, VITALS, figure, vitals_for
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Evaluated, Progress
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.networks.network import Network
from aegan_studio.ml.trainer import Trainer
from aegan_studio.ml.vitals import Subject, Vitals, samples
from aegan_studio.ml.vitals.critic import above
from aegan_studio.ml.vitals.units import activations, idle

CPU = torch.device("cpu")


def _small(name: str, **edits: object) -> Experiment:
    return recipe(name).with_options({"training.threads": 1} | edits)


def _subject(experiment: Experiment) -> Subject:
    return Subject(Looking(experiment, DataStore.load(experiment, CPU), CPU))


def _made(subject: Subject, items: torch.Tensor) -> Subject:
    """The subject as if its model had made these items."""
    subject.__dict__["samples"] = items
    return subject


@pytest.fixture(scope="module")
def digits() -> Subject:
    return _subject(_small("digits-gan"))


def test_held_out_items_as_samples_score_as_real(digits: Subject) -> None:
    digits.refresh()
    subject = _made(digits, digits.held_out)
    variety = samples.variety(subject)
    assert variety["spread"] == pytest.approx(1, abs=1e-5)
    assert variety["apart"] == pytest.approx(1, abs=1e-5)
    assert abs(variety["centre-1"]) < 0.2
    found = samples.likeness(subject)
    assert found["coverage"] == 1
    # the same items on both sides: the diagonal of zeros pulls the energy below that of equal laws
    assert found["distance"] == 0
    assert samples.twins(subject)["twins"] < 0.02
    assert samples.kinds(subject)["classes-made"] == 10


def test_training_items_as_samples_are_copies(digits: Subject) -> None:
    digits.refresh()
    data = digits.looking.data
    subject = _made(digits, data.train[: len(digits.known)])
    digits.__dict__["known"] = digits.features(data.train[: len(digits.known)])
    try:
        found = samples.copies(subject)
    finally:
        del digits.__dict__["known"]
    assert found["nearer-train"] == 1
    assert found["from-train"] == 0


def test_one_sample_over_and_over_has_collapsed(digits: Subject) -> None:
    digits.refresh()
    subject = _made(digits, digits.train[:1].repeat(256, 1, 1, 1))
    assert samples.variety(subject)["spread"] == 0
    assert samples.twins(subject)["twins"] == 1
    assert samples.likeness(subject)["coverage"] < 0.1
    assert samples.kinds(subject)["classes-made"] == 1
    assert samples.kinds(subject)["rarest-made"] == 0


def test_the_energy_distance_of_two_normals() -> None:
    """N(0, I) and N((d, 0), I) in the plane, against E|x − y| = √π · L_½(−d²/4) (Rice)."""
    from scipy.stats import rice

    subject = _subject(_small("ring-gan", **{"dataset.count": 4096}))
    rng = torch.Generator().manual_seed(0)
    subject.held_out = torch.randn(2000, 2, generator=rng)
    subject.__dict__["sample_features"] = torch.randn(2000, 2, generator=rng) + torch.tensor(
        [1.5, 0]
    )
    subject.__dict__["samples"] = subject.sample_features
    apart = rice.mean(1.5 / math.sqrt(2), scale=math.sqrt(2))
    own = math.sqrt(math.pi)
    expected = math.sqrt((2 * apart - 2 * own) / own)
    assert samples.likeness(subject)["distance"] == pytest.approx(expected, rel=0.05)
    assert subject.typical == pytest.approx(own, rel=0.03)


def test_ranking_is_the_mann_whitney_statistic() -> None:
    from scipy.stats import mannwhitneyu

    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 6, 40).astype(np.float32), rng.integers(1, 8, 30).astype(np.float32)
    expected = mannwhitneyu(a, b).statistic / (len(a) * len(b))
    assert above(torch.from_numpy(a), torch.from_numpy(b)) == pytest.approx(expected)
    assert above(torch.zeros(5), torch.zeros(7)) == 0.5
    assert math.isnan(above(torch.tensor([float("nan")]), torch.zeros(2)))


def test_units_that_never_answer_are_dead() -> None:
    network = Network([nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 4), nn.Sigmoid()])
    with torch.no_grad():
        network.layers[0].bias[:2] = -1e3  # type: ignore[index,union-attr]
    x = torch.randn(256, 3, generator=torch.Generator().manual_seed(0))
    (hidden,) = activations(network, x)
    assert hidden.shape == (256, 8)
    assert torch.equal(hidden[:, :2], torch.zeros(256, 2))
    # what bends the output is no hidden layer, and nothing was left behind
    assert not any(part._forward_hooks for part in network.modules())
    assert torch.equal(network(x), network.as_sequential()(x))


def test_dead_units_are_counted_where_the_model_uses_them(digits: Subject) -> None:
    digits.refresh()
    G = digits.looking.model.networks["generator"]
    first = G.layers[0]
    before = idle(digits)
    kept = first.bias.detach().clone()  # type: ignore[union-attr,operator]
    with torch.no_grad():
        first.bias[:64] = -1e3  # type: ignore[index,union-attr]
        digits.refresh()
        after = idle(digits)
        first.bias.copy_(kept)  # type: ignore[union-attr,operator]
    digits.refresh()
    hidden = sum(256 for _ in range(2))
    assert after["dead.generator"] - before["dead.generator"] == pytest.approx(
        64 / hidden, abs=0.02
    )
    assert after["dead-layer.generator"] - before["dead-layer.generator"] == pytest.approx(
        64 / 256, abs=0.04
    )
    assert set(after) == {
        f"{name}.{role}"
        for name in ("dead", "dead-layer", "dormant")
        for role in ("generator", "discriminator")
    }
    assert type(digits.looking.model.networks["generator"]) is Network


def test_weights_have_gone_nowhere_before_the_first_step() -> None:
    trainer = Trainer(_small("digits-aegan", **{"training.steps": 2, "training.ema": 0.0}))
    for _ in trainer.prepare():
        pass
    trainer.wants = set()
    showcase = trainer.looked()
    before = showcase.evaluate(0)
    assert {value for name, value in before.items() if name.startswith("travelled")} == {0.0}
    list(trainer.run())
    after = trainer.looked().evaluate(0)
    ways = {name: value for name, value in after.items() if name.startswith("travelled")}
    assert len(ways) == 8
    assert all(ways["travelled-least." + r] > 0 for r in ("encoder", "generator"))
    assert all(value > 0 for value in ways.values())
    weights = trainer._engine.flat["encoder"].values
    assert after["weights.encoder"] == pytest.approx(float(weights.norm()), rel=1e-5)


def test_measuring_changes_no_training_and_can_be_done_again() -> None:
    def run(every: int) -> tuple[np.ndarray, dict[int, dict[str, float]]]:
        edits = {"training.steps": 60, "training.evaluate_every": every, "method.latent_dim": 2}
        trainer = Trainer(_small("gan-lab", **edits))
        trainer.wants = set()
        events = [*trainer.prepare(), *trainer.run()]
        values = np.concatenate([e.values for e in events if isinstance(e, Progress)])
        return values, {e.step: dict(e.values) for e in events if isinstance(e, Evaluated)}

    often, first = run(20)
    never, none = run(1000)
    _, second = run(20)
    assert np.array_equal(often, never, equal_nan=True)
    assert not none
    assert sorted(first) == [20, 40, 60]
    assert first == second


def test_later_measurements_are_rarer_except_for_light_ones() -> None:
    experiment = _small("gan-lab")
    vitals = Vitals(Looking(experiment, DataStore.load(experiment, CPU), CPU))
    assert "spread" in vitals.measure(1000)
    assert "spread" not in vitals.measure(1100)
    assert "travelled.generator" in vitals.measure(1100)
    assert "spread" in vitals.measure(1500)


def test_samples_that_are_no_numbers_are_not_measured() -> None:
    experiment = _small("gan-lab")
    looking = Looking(experiment, DataStore.load(experiment, CPU), CPU)
    for weight in looking.model.networks["generator"].parameters():
        weight.fill_(float("nan"))
    found = Vitals(looking).measure(100)
    assert set(found) == {
        f"{name}.{role}"
        for name in ("weights", "travelled", "travelled-least")
        for role in ("generator", "discriminator")
    }


def test_every_recipe_is_measured_by_declared_figures() -> None:
    """Each method is measured once, untrained: all figures are declared, all are numbers."""
    seen: set[str] = set()
    for known in recipes():
        experiment = known.experiment()
        if experiment.method.kind in seen or known.name.startswith("photo"):
            continue
        seen.add(experiment.method.kind)
        vitals = Vitals(Looking(experiment, DataStore.load(experiment, CPU), CPU))
        found = vitals.measure(100)
        declared = {f.name for info in vitals_for(experiment) for f in info.figures}
        for name, value in found.items():
            assert math.isfinite(value), (known.name, name)
            known_figure = figure(name)
            assert known_figure is not None, name
            assert known_figure[0].name in declared
            if known_figure[0].style == "share" and name != "unexplained":
                assert value >= 0
        assert {"spread", "coverage", "distance"} <= found.keys()
        assert any(name.startswith("dead.") for name in found)
    assert len(seen) > 10


def test_few_training_items_are_enough() -> None:
    """With nearly all data held out there are fewer training items than are measured."""
    experiment = _small("digits-vae", **{"dataset.held_out": 0.9})
    vitals = Vitals(Looking(experiment, DataStore.load(experiment, CPU), CPU))
    found = vitals.measure(100)
    assert math.isfinite(found["unexplained"])
    assert math.isfinite(found["unexplained-train"])
    assert 0 <= found["nearer-train"] <= 1


def test_vitals_load() -> None:
    for info in VITALS.values():
        assert callable(info.load())
    assert figure("spread") == (FIGURES["spread"], "")
    assert figure("dead") is None
    assert figure("dead.encoder") == (FIGURES["dead"], "encoder")
    assert figure("spread.encoder") is None
    assert figure("rec-x") is None
