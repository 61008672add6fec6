"""GANs: what each option does to a game, what each phase moves, and that all of them combine."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from aegan_studio.catalog import checks, models
from aegan_studio.catalog.methods.gan import GANOptions
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import METHODS
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine
from aegan_studio.ml.methods.base import Batch, Loss
from aegan_studio.ml.methods.packing import packed
from aegan_studio.ml.model import Model

CPU = torch.device("cpu")
TINY = {"kind": "mlp", "widths": [4]}
POINTS = {"kind": "ring", "count": 200}
DATA = {"ring": POINTS, "digits": {"kind": "digits", "scaling": "symmetric"}}
LABELS = ("none", "conditional", "projection", "auxiliary")
FAMILY = ("gan", "infogan", "began", "ebgan")
NAMES = [(kind, model.name) for kind, model in models.models() if kind in FAMILY]


def experiment(method: str = "gan", dataset: str = "ring", **edits: object) -> Experiment:
    base = {"dataset": DATA[dataset], "method": {"kind": method, "latent_dim": 3}}
    training = {"training.batch_size": 16, "training.threads": 1}
    paths = {path.replace("__", "."): value for path, value in edits.items()}
    return Experiment.parse(base).with_options({**training, **paths})


def built(method: str = "gan", dataset: str = "ring", **edits: object) -> tuple[Model, Batch]:
    """A model, and a batch of random items with labels."""
    given = experiment(method, dataset, **edits)
    info = given.data_info()
    rng = torch.Generator().manual_seed(1)
    x = torch.randn(16, *info.shape, generator=rng)
    labels = torch.randint(max(1, len(info.classes)), (16,), generator=rng)
    return Model.build(given), Batch(lambda: (x, labels), 16, rng, measure=True)


def loss_of(model: Model, batch: Batch, phase: str) -> Loss:
    return model.method.losses()[phase](batch)


def engine(given: Experiment) -> Engine:
    made = Engine(given, DataStore.load(given), CPU)
    made.configure(0, given.training.steps)
    return made


def advance(made: Engine, steps: int = 1) -> list[dict[str, float]]:
    """Some steps; what each reported."""
    rows = []
    for _ in range(steps):
        made.begin_row()
        for phase in made.phases:
            for _ in range(phase.options.updates):
                made.update(phase, measure=True)
        made.step += 1
        rows.append(dict(zip(made.columns, torch.stack(made.row).tolist(), strict=True)))
    return rows


def weights(made: Engine, role: str) -> Tensor:
    return made.flat[role].values.clone()


# All of them train


@pytest.mark.parametrize(("kind", "name"), NAMES)
@pytest.mark.parametrize("dataset", DATA)
def test_every_named_gan_moves_each_network_in_its_own_phase(
    kind: str, name: str, dataset: str
) -> None:
    if (name, dataset) == ("dcgan", "ring"):
        pytest.skip("for pictures")
    given = models.chosen(experiment(dataset=dataset), name)
    assert given.method.kind == kind
    assert models.model_of(given).name == name
    assert not checks.problems(given)
    made = engine(given)
    for phase in made.phases:
        before = {role: weights(made, role) for role in made.flat}
        made.begin_row()
        made.update(phase, measure=True)
        moved = {role for role in made.flat if not torch.equal(before[role], weights(made, role))}
        assert moved == set(phase.info.updates)
    for row in advance(made, 2):
        assert all(math.isfinite(value) for value in row.values()), row


@pytest.mark.parametrize("packing", [1, 2])
@pytest.mark.parametrize("labels", LABELS)
def test_all_options_of_a_gan_combine(labels: str, packing: int) -> None:
    base = experiment(
        dataset="digits",
        networks__generator=TINY,
        networks__discriminator=TINY,
        method__labels=labels,
        method__packing=packing,
        method__weight_clip=0.5,
        method__instance_noise=0.1,
        training__batch_size=7,
    )
    data = DataStore.load(base)
    losses = ("non-saturating", "minimax", "least-squares", "hinge", "wasserstein")
    penalties = ("none", "wgan-gp", "dragan", "r1", "r2", "r1-r2")
    every = itertools.product(losses, (False, True), penalties, (False, True))
    for index, (loss, relativistic, penalty, augment) in enumerate(every):
        given = base.with_options(
            {
                "method.loss": loss,
                "method.relativistic": relativistic,
                "method.penalty": penalty,
                "method.augment": augment,
                "networks.discriminator.norm": "batch" if index % 5 == 0 else "none",
            }
        )
        made = Engine(given, data, CPU)
        made.configure(0, 10)
        for row in advance(made, 2):
            assert all(math.isfinite(value) for value in row.values()), (given.method, row)


# The game


def test_the_short_way_through_a_plain_game_gives_the_same_loss_and_gradient() -> None:
    model, _ = built()
    x = torch.randn(16, 2, generator=torch.Generator().manual_seed(4))
    found = []
    for phase in (model.method._tell_apart, model.method._discriminate):
        batch = Batch(lambda: (x, None), 16, torch.Generator().manual_seed(2), measure=True)
        loss = phase(batch)
        gradient = torch.autograd.grad(
            loss.total(), list(model.networks["discriminator"].parameters())
        )
        found.append((loss.total(), loss.signals["right"], gradient))
    torch.testing.assert_close(found[0], found[1])


def test_noise_for_the_discriminator_blurs_both_sides() -> None:
    model, batch = built(method__instance_noise=0.5, method__loss="least-squares")
    seen: list[Tensor] = []
    judge = model.networks["discriminator"]
    model.method.networks = {
        **model.networks,
        "discriminator": Spy(judge, seen),
    }
    loss_of(model, batch, "discriminator")
    x = batch.x
    off = seen[0][:16] - x
    assert off.std().item() == pytest.approx(0.5, rel=0.4)
    assert not torch.equal(off, seen[0][16:] - x)


class Spy:
    """A network that remembers what it is shown."""

    def __init__(self, network: Any, seen: list[Tensor]) -> None:
        self.network, self.seen, self.mixes_batch = network, seen, network.mixes_batch

    def __call__(self, x: Tensor, beside: Tensor | None = None) -> Tensor:
        self.seen.append(x.detach())
        return self.network(x, beside)

    def parameters(self) -> Any:
        return self.network.parameters()


def test_clipping_holds_every_weight_of_the_discriminator_and_none_of_the_generator() -> None:
    made = engine(models.chosen(experiment(), "wgan"))
    free = made.flat["generator"].values.abs().max()
    advance(made)
    assert made.flat["discriminator"].values.abs().max() <= 0.01
    assert made.flat["generator"].values.abs().max() > 0.9 * free


# Penalties now and then


def test_a_penalty_every_third_update_weighs_three_times_as_much() -> None:
    model, batch = built(method__penalty="r1", method__penalty_every=3, method__penalty_weight=2.0)
    terms = [loss_of(model, batch, "discriminator").terms for _ in range(7)]
    assert [("penalty" in given) for given in terms] == [True, False, False] * 2 + [True]
    assert terms[0]["penalty"].weight == 6.0


@pytest.mark.parametrize("penalty", ["wgan-gp", "dragan", "r1", "r2", "r1-r2"])
@pytest.mark.parametrize("norm", ["none", "layer"])
def test_penalties_of_a_game_are_those_of_the_formula(penalty: str, norm: str) -> None:
    """By whichever pass the slopes are taken."""
    model, _ = built(
        method__penalty=penalty, method__labels="conditional", networks__discriminator__norm=norm
    )
    x = torch.randn(16, 2, generator=torch.Generator().manual_seed(4))
    labels = torch.arange(16) % 8
    rng = torch.Generator().manual_seed(2)
    batch = Batch(lambda: (x, labels), 16, rng, measure=False)
    value = loss_of(model, batch, "discriminator").terms["penalty"].value

    again = torch.Generator().manual_seed(2)
    z = torch.cat((model.method.noise(16, again)[:, :3], F.one_hot(labels, 8)), 1)
    x_hat = model.generate(z)
    told = F.one_hot(labels, 8).float()

    def slopes(v: Tensor) -> Tensor:
        v = v.detach().requires_grad_()
        a = model.networks["discriminator"](v, told)
        return torch.stack(
            [torch.autograd.grad(a[i, 0], v, retain_graph=True)[0][i] for i in range(16)]
        ).norm(dim=1)

    if penalty == "wgan-gp":
        mix = torch.rand(16, 1, generator=again)
        expected = (slopes(mix * x + (1 - mix) * x_hat) - 1).square().mean()
    elif penalty == "dragan":
        drift = torch.rand(x.shape, generator=again)
        expected = (slopes(x + 0.5 * x.std() * drift) - 1).square().mean()
    else:
        at = {"r1": [x], "r2": [x_hat], "r1-r2": [x, x_hat]}[penalty]
        expected = sum(0.5 * slopes(v).square().mean() for v in at)
    torch.testing.assert_close(value, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("method", "edits"),
    [
        ("gan", {"method.penalty": "r1-r2", "method.penalty_every": 3, "method.packing": 2}),
        ("gan", {"method.labels": "auxiliary", "method.augment": True}),
        ("infogan", {"method.instance_noise": 0.1}),
        ("began", {"method.k_rate": 0.1}),
        ("ebgan", {}),
    ],
)
def test_a_gan_goes_on_from_a_checkpoint_bit_for_bit(method: str, edits: dict[str, object]) -> None:
    given = experiment(method, "digits").with_options(edits)
    whole = engine(given)
    advance(whole, 4)
    kept = {name: tensor.clone() for name, tensor in whole.capture().items()}
    rows = advance(whole, 5)
    resumed = engine(given)
    resumed.restore(kept)
    resumed.step = 4
    assert str(advance(resumed, 5)) == str(rows)
    after, expected = resumed.capture(), whole.capture()
    assert all(torch.equal(after[name], expected[name]) for name in expected)


# Packs


def test_packs_have_their_items_one_behind_the_other() -> None:
    rows = torch.arange(12.0).view(6, 2)
    assert torch.equal(packed(rows, 3)[1], torch.cat((rows[3], rows[4], rows[5])))
    pictures = torch.arange(48.0).view(4, 3, 2, 2)
    assert torch.equal(packed(pictures, 2)[1], torch.cat((pictures[2], pictures[3])))
    assert packed(rows, 1) is rows


@pytest.mark.parametrize(("dataset", "shape"), [("ring", (6,)), ("digits", (3, 8, 8))])
def test_a_packing_discriminator_judges_several_items(dataset: str, shape: tuple[int, ...]) -> None:
    model, batch = built(dataset=dataset, method__packing=3)
    seen: list[Tensor] = []
    model.method.networks = {
        **model.networks,
        "discriminator": Spy(model.networks["discriminator"], seen),
    }
    loss_of(model, batch, "discriminator")
    assert seen[0].shape == (10, *shape)  # five packs of three of sixteen items, twice
    assert not model.method.has_critic
    torch.testing.assert_close(seen[0][:5].reshape(15, *batch.x.shape[1:]), batch.x[:15])


def test_a_batch_that_fills_no_pack_is_a_problem_with_a_mend() -> None:
    given = experiment(method__packing=16, training__batch_size=8)
    (problem,) = checks.problems(given)
    assert problem.path == "method.packing"
    assert problem.mend is not None
    assert not checks.problems(given.with_options(problem.mend.changes))


# Classes


@pytest.mark.parametrize("labels", ["conditional", "projection", "auxiliary"])
def test_the_class_is_a_part_of_the_code(labels: str) -> None:
    model, batch = built(method__labels=labels)
    assert [part.size for part in model.method.options.code_parts(model.method.data)] == [3, 8]
    codes = model.method.prior(50, batch.rng)
    assert codes.shape == (50, 11)
    assert torch.equal(codes[:, 3:].sum(1), torch.ones(50))
    given = model.method.given(batch)
    assert torch.equal(given.z[:, 3:].argmax(1), batch.labels)
    assert model.method.critic(batch.x).shape == (16, 1)


@pytest.mark.parametrize("labels", ["conditional", "projection"])
def test_a_told_discriminator_judges_an_item_with_its_class(labels: str) -> None:
    model, batch = built(method__labels=labels)
    judge = model.networks["discriminator"]
    zero, one = (F.one_hot(torch.full((16,), c), 8).float() for c in (0, 1))
    assert not torch.allclose(judge(batch.x, zero), judge(batch.x, one))
    every = torch.stack(
        [judge(batch.x, F.one_hot(torch.full((16,), c), 8).float()) for c in range(8)]
    )
    torch.testing.assert_close(model.method.critic(batch.x), every.exp().mean(0).log())


def test_a_projection_is_an_inner_product_with_the_features() -> None:
    model, batch = built(method__labels="projection")
    judge = model.networks["discriminator"]
    told = F.one_hot(batch.labels, 8).float()
    h, out = judge.features(batch.x, told)
    state = judge.state_dict()
    last = max(int(name.split(".")[0]) for name in state)
    V, a = state[f"{last}.embedding.weight"], state[f"{last}.linear.weight"]
    expected = h @ a.T + state[f"{last}.linear.bias"] + (told @ V.T * h).sum(1, keepdim=True)
    torch.testing.assert_close(out, expected)


@pytest.mark.parametrize("packing", [1, 2])
def test_naming_classes_is_cross_entropy_on_logits(packing: int) -> None:
    model, _ = built(method__labels="auxiliary", method__packing=packing, method__class_weight=0.3)
    x = torch.randn(16, 2, generator=torch.Generator().manual_seed(4))
    labels = torch.arange(16) % 8
    batch = Batch(lambda: (x, labels), 16, torch.Generator().manual_seed(2), measure=False)
    term = loss_of(model, batch, "discriminator").terms["class-d"]
    again = Batch(lambda: (x, labels), 16, torch.Generator().manual_seed(2), measure=False)
    x_hat = model.generate(model.method.given(again).z)
    expected = 0.0
    for items in (x, x_hat):
        out = model.networks["discriminator"](packed(items, packing))[:, 1:]
        named = out.reshape(16, 8).softmax(1)[torch.arange(16), labels]
        expected = expected - named.log().mean()
    torch.testing.assert_close(term.value, expected)
    assert term.weight == 0.3


def test_classes_teach_the_generator() -> None:
    model, batch = built(method__labels="auxiliary")
    value = loss_of(model, batch, "generator").terms["class-g"].value
    gradients = torch.autograd.grad(value, list(model.networks["generator"].parameters()))
    assert all(gradient.abs().sum() > 0 for gradient in gradients)


def test_data_without_classes_are_a_problem_with_a_mend() -> None:
    given = Experiment.parse({"dataset": {"kind": "line"}, "method": {"kind": "gan"}})
    given = given.with_options({"method.labels": "auxiliary"})
    (problem,) = checks.problems(given)
    assert problem.path == "method.labels"
    assert problem.mend is not None
    assert not checks.problems(given.with_options(problem.mend.changes))


@pytest.mark.parametrize("kind", ["mlp", "layers"])
def test_a_penalty_on_a_batch_norm_critic_is_warned_of_with_a_mend(kind: str) -> None:
    network: dict[str, object] = {"kind": "mlp", "norm": "batch"}
    if kind == "layers":
        layers = [{"kind": "linear", "width": 5}, {"kind": "norm"}, {"kind": "linear", "width": 1}]
        network = {"kind": "layers", "layers": layers}
    given = experiment(method__penalty="r1", networks__discriminator=network)
    (problem,) = checks.problems(given)
    assert problem.severity == "warning"
    assert problem.path == "networks.discriminator"
    assert problem.mend is not None
    assert not checks.problems(given.with_options(problem.mend.changes))


def test_the_named_models_are_settings_of_the_method() -> None:
    known = {model.name for model in GANOptions.models}
    assert {"wgan", "wgan-gp", "sn-gan", "r3gan", "pacgan", "acgan", "dcgan"} <= known
    assert METHODS["gan"].options is GANOptions
