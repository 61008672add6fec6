"""Views of a model's inside: right by independent reckoning, and they disturb nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count

import numpy as np
import pytest
import torch
from torch import Tensor

from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.views.inside import Layers, Verdicts
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.looking import SEED, Looking
from aegan_studio.ml.methods.base import Batch
from aegan_studio.ml.trainer import Trainer
from aegan_studio.ml.views import views_of
from aegan_studio.ml.views.layers import activity_of, gradients_of, grouped, stirred
from aegan_studio.ml.views.spreads import MOST, spread
from aegan_studio.ml.views.verdicts import share_ahead


def looking_at(experiment: Experiment) -> Looking:
    return Looking(experiment, DataStore.load(experiment), torch.device("cpu"))


def small(method: str, dataset: object = "digits", **edits: object) -> Experiment:
    base = Experiment.parse({"dataset": dataset, "method": method})
    narrow = {
        f"networks.{role}.widths": [24] * len(network.widths)
        for role, network in base.networks.items()
        if network.kind == "mlp"
    }
    return base.with_options({"training.threads": 1, **narrow, **edits})


# Histograms


def test_a_histogram_counts_every_finite_value() -> None:
    values = torch.randn(50, 7, generator=torch.Generator().manual_seed(1))
    values[3, 2], values[4, 0] = math.nan, math.inf
    found = spread(values)
    finite = values[torch.isfinite(values)].double().numpy()
    assert found.counts.sum() == len(finite) == 348
    wanted, _ = np.histogram(finite, len(found.counts), (found.low, found.high))
    assert np.abs(np.cumsum(found.counts - wanted)).max() <= 1, "but for rounding at an edge"
    assert (found.low, found.high) == (finite.min(), finite.max())
    assert found.mean == pytest.approx(finite.mean(), abs=1e-6)
    assert found.deviation == pytest.approx(finite.std(), rel=1e-5)
    assert math.isnan(found.norm) or math.isinf(found.norm)


def test_histograms_of_equal_values_of_none_and_of_very_many() -> None:
    same = spread(torch.full((9,), 2.0))
    assert same.counts.sum() == 9
    assert same.low < 2 < same.high
    assert spread(torch.empty(0)).counts.sum() == 0
    many = spread(torch.ones(3 * MOST + 1))
    assert many.total == 3 * MOST + 1
    assert MOST / 2 < many.counts.sum() <= MOST
    assert many.norm == pytest.approx(math.sqrt(3 * MOST + 1))


# Verdicts


def test_verdicts_are_those_of_the_critic() -> None:
    looking = looking_at(small("gan"))
    (view,) = views_of(looking, ["verdicts"]).values()
    assert isinstance(view, Verdicts)
    (critic,) = view.critics
    assert [(part.thing, part.real) for part in critic.judged] == [
        ("x", True),
        ("x-held", True),
        ("x-hat", False),
    ]
    assert (critic.scale, critic.side, critic.low, critic.high) == ("probability", 0.5, 0.0, 1.0)
    D = looking.model.networks["discriminator"]
    data = looking.data.train
    x = data[:: len(data) // 256][:256]
    with torch.no_grad():
        p = D(x).sigmoid()
    real = critic.judged[0]
    assert real.counts.sum() == len(x)
    assert real.mean == pytest.approx(float(p.mean()))
    assert real.right == pytest.approx(float((p > 0.5).float().mean()))
    assert all(part.counts.sum() in (256, len(x)) for part in critic.judged)


@pytest.mark.parametrize(
    ("edits", "scale", "side"),
    [
        ({"method.loss": "least-squares"}, "raw", 0.5),
        ({"method.loss": "hinge"}, "raw", 0.0),
        ({"method.loss": "wasserstein"}, "raw", None),
        ({"method.relativistic": True}, "raw", None),
        ({"method.packing": 2}, "probability", 0.5),
    ],
)
def test_the_scale_of_verdicts_is_that_of_the_game(
    edits: dict[str, object], scale: str, side: float | None
) -> None:
    (view,) = views_of(looking_at(small("gan", **edits)), ["verdicts"]).values()
    assert isinstance(view, Verdicts)
    (critic,) = view.critics
    assert critic.scale == scale
    assert math.isnan(critic.side) if side is None else critic.side == side
    assert all(math.isnan(part.right) is (side is None) for part in critic.judged)
    assert 0 <= critic.ahead <= 1


def test_both_critics_of_an_aegan_have_their_say() -> None:
    (view,) = views_of(looking_at(small("aegan")), ["verdicts"]).values()
    assert isinstance(view, Verdicts)
    assert [critic.role for critic in view.critics] == ["discriminator", "latent_discriminator"]
    assert [part.thing for part in view.critics[1].judged] == [
        "z",
        "z-hat",
        "z-hat-held",
        "z-tilde",
    ]


def test_the_share_of_pairs_in_order() -> None:
    rng = np.random.default_rng(3)
    real, made = rng.integers(0, 9, 40).astype(float), rng.integers(0, 7, 33).astype(float)
    pairs = real[:, None] - made
    assert share_ahead(real, made) == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())
    assert share_ahead(real, real) == pytest.approx(0.5)
    assert math.isnan(share_ahead(real, np.array([np.nan])))


# Layers


def layers_of(looking: Looking, role: str) -> Layers:
    (view,) = views_of(looking, [f"layers:{role}"]).values()
    assert isinstance(view, Layers)
    return view


def probe(looking: Looking, items: int) -> Tensor:
    data = looking.data.train
    return data[: items * (len(data) // items) : len(data) // items]


def test_gradients_of_an_autoencoder_are_autograds() -> None:
    looking = looking_at(small("autoencoder"))
    view = layers_of(looking, "encoder")
    x = probe(looking, view.items)
    E, G = (looking.model.networks[role] for role in ("encoder", "decoder"))
    E.requires_grad_(True)
    error = (x - G(E(x))).square().mean()
    found = torch.autograd.grad(error, [p for p in E.parameters() if p.dim() > 1])
    E.requires_grad_(False)
    norms = [row.gradients["autoencoder"].norm for row in view.layers]
    assert norms == pytest.approx([float(g.norm()) for g in found], rel=1e-4)
    weights = [p for p in E.parameters() if p.dim() > 1]
    for row, weight, gradient in zip(view.layers, weights, found, strict=True):
        assert row.weights is not None
        assert row.activations is not None
        assert row.weights.counts.sum() == row.weights.total == weight.numel()
        assert row.gradients["autoencoder"].counts.sum() == gradient.numel()
        assert row.activations.total == view.items * row.shape[0]


@pytest.mark.parametrize(
    ("name", "edits"),
    [
        ("digits-aegan", {}),
        ("digits-vae-gan", {}),
        ("digits-wgan-gp", {}),
        ("digits-dcgan", {"networks.generator.channels": 4, "networks.discriminator.channels": 4}),
        ("digits-soft-introvae", {}),
    ],
)
def test_gradients_are_those_of_the_method_s_losses(name: str, edits: dict[str, object]) -> None:
    """As a training's update finds them, network by network and term by term."""
    looking = looking_at(recipe(name).with_options(edits))
    model = looking.model
    data = looking.data.train
    for info in looking.experiment.phase_infos():
        with stirred(model):
            parts = {role: gradients_of(looking, info, role, 16) for role in info.updates}
        with stirred(model):
            rng = torch.Generator().manual_seed(SEED)
            starts = count()

            def draw(starts: Iterator[int] = starts) -> tuple[Tensor, None]:
                rows = torch.arange(16) * (len(data) // 16) + next(starts)
                return data[rows], None

            for role, network in model.networks.items():
                network.set_generator(rng)
                network.requires_grad_(role in info.updates)
                network.zero_grad()
            loss = model.method.losses()[info.name](Batch(draw, 16, rng, False))
            for moves, total in loss.by_moved().items():
                roles = info.updates if moves is None else moves
                inputs = [p for role in roles for p in model.networks[role].parameters()]
                torch.autograd.backward(total, inputs=inputs, retain_graph=True)
            wanted = {
                role: {n: p.grad for n, p in model.networks[role].named_parameters()}
                for role in info.updates
            }
        for role, found in parts.items():
            assert found is not None
            for weight, gradient in found.items():
                other = wanted[role][weight]
                other = torch.zeros_like(gradient) if other is None else other
                assert torch.allclose(gradient, other, rtol=1e-4, atol=1e-7), (role, weight)


def test_units_that_nothing_excites_are_found() -> None:
    looking = looking_at(small("autoencoder"))
    first, second = (
        layer
        for layer in looking.model.networks["encoder"].layers
        if isinstance(layer, torch.nn.Linear) and layer.out_features == 24
    )
    with torch.no_grad():
        first.bias[[3, 5]] = -1e3  # never above zero
        second.weight[7], second.bias[7] = 0.0, 1e-6  # hardly
    view = layers_of(looking, "encoder")
    one, two, last = view.layers
    assert one.activity is not None
    assert two.activity is not None
    with torch.no_grad():
        h = first(probe(looking, view.items).flatten(1)).relu()
    sizes = h.mean(0)
    assert one.activity == pytest.approx((sizes / sizes.mean()).numpy(), rel=1e-4, abs=1e-7)
    assert {3, 5} <= set(np.flatnonzero(one.activity == 0).tolist())
    assert one.dead == int((h == 0).all(0).sum())
    assert 0 < two.activity[7] < 0.025
    assert two.dormant > two.dead
    assert last.activity is None, "codes may rest"


def test_activity_is_the_paper_s_score() -> None:
    sizes = torch.tensor([0.0, 0.01, 1.0, 2.99])
    assert activity_of([sizes]) == pytest.approx([0, 0.01, 1, 2.99])
    assert activity_of([torch.zeros(3)]) == pytest.approx([0, 0, 0])
    assert activity_of([]) is None


def test_bends_inside_residual_blocks_count() -> None:
    looking = looking_at(
        recipe("digits-gan").with_options(
            {"networks.discriminator.kind": "resnet", "networks.discriminator.channels": 4}
        )
    )
    rows = layers_of(looking, "discriminator").layers
    blocks = [row for row in rows[:-1] if row.activity is not None]
    assert blocks
    groups = grouped(looking.model.networks["discriminator"])
    assert [row.layers for row in rows] == [tuple(group.modules) for group in groups]


@pytest.mark.parametrize("name", ["digits-dcgan", "digits-began", "digits-vq-vae-ema"])
def test_a_look_inside_leaves_everything_as_it_was(name: str) -> None:
    looking = looking_at(recipe(name))
    model = looking.model
    tensors = {
        f"{role}.{key}": value
        for role, network in model.networks.items()
        for key, value in network.state_dict().items()
    } | {f"state.{key}": value for key, value in model.method.state.items()}
    before = {key: value.clone() for key, value in tensors.items()}
    chance = torch.get_rng_state()
    samples = looking.samples.clone()
    first = [layers_of(looking, role) for role in model.networks]
    again = [layers_of(looking, role) for role in model.networks]
    for one, other in zip(first, again, strict=True):
        for row, same in zip(one.layers, other.layers, strict=True):
            if row.activations is not None and same.activations is not None:
                assert (row.activations.counts == same.activations.counts).all()
            assert [g.norm for g in row.gradients.values()] == [
                g.norm for g in same.gradients.values()
            ]
    assert all(torch.equal(value, before[key]) for key, value in tensors.items())
    assert torch.equal(torch.get_rng_state(), chance)
    assert not any(p.requires_grad for n in model.networks.values() for p in n.parameters())
    assert not any(network.training for network in model.networks.values())
    looking._made.clear()
    assert torch.equal(looking.samples, samples)


def test_training_with_every_view_is_training_without() -> None:
    ends = []
    for wants in (set(), {"verdicts", "layers:generator", "layers:discriminator"}):
        trainer = Trainer(small("gan", **{"training.steps": 12}))
        trainer.wants, trainer.picture_every = wants, 0.0
        for _ in trainer.prepare():
            pass
        for _ in trainer.run(tick=0.0):
            pass
        ends.append({name: flat.values.clone() for name, flat in trainer._engine.flat.items()})
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


def test_what_the_eye_cannot_follow_is_made_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = Trainer(small("gan"))
    for _ in trainer.prepare():
        pass
    clock = {"now": 100.0}
    monkeypatch.setattr("aegan_studio.ml.showing.time.perf_counter", lambda: clock["now"])
    showcase = trainer._showcase
    wants = ["verdicts"]
    first = showcase.views(1, wants, fresh=False).values["verdicts"]
    clock["now"] += 0.1
    assert showcase.views(2, wants, fresh=False).values["verdicts"] is first
    both = showcase.views(2, ["layers:generator", "verdicts"], fresh=False).values
    assert set(both) == {"layers:generator", "verdicts"}
    assert showcase.views(2, wants).values["verdicts"] is not first, "at rest all is fresh"
    again = showcase.views(3, wants, fresh=False).values["verdicts"]
    clock["now"] += 0.21
    assert showcase.views(4, wants, fresh=False).values["verdicts"] is not again
