"""The vector-quantised autoencoder: whose gradients go where, its codebook, its prior."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from aegan_studio.catalog import checks
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Evaluated
from aegan_studio.messages import StudioError
from aegan_studio.ml.methods.base import Batch, Loss
from aegan_studio.ml.methods.vq_vae import VQVAE, perplexity
from aegan_studio.ml.model import Model
from aegan_studio.ml.trainer import Trainer
from aegan_studio.runs.folder import RunFolder
from tests.ml.autoencoding import built, experiment, loss_of, moved

SMALL = {"method__positions": 3, "method__width": 2, "method__entries": 4}
BOTH = ("vq-vae", "vq-vae-ema")


def small(name: str = "vq-vae", **edits: object) -> tuple[Model, VQVAE, Tensor]:
    """A model with four entries at three places, spread widely enough to differ."""
    model, x = built(name, **{**SMALL, **edits})
    method = model.method
    assert isinstance(method, VQVAE)
    with torch.no_grad():
        corners = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
        entries(model).copy_(corners)
        for weight in model.networks["encoder"].parameters():
            weight.mul_(3)
    return model, method, x


def entries(model: Model) -> Tensor:
    return model.networks["codebook"].get_parameter("0.weight")


def gradients(model: Model, loss: Loss, term: str) -> set[str]:
    """The roles that a term's gradient reaches."""
    reached = set()
    for role, network in model.networks.items():
        found = torch.autograd.grad(
            loss.terms[term].value, list(network.parameters()), retain_graph=True, allow_unused=True
        )
        if any(gradient is not None and gradient.abs().sum() > 0 for gradient in found):
            reached.add(role)
    return reached


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("dataset", ["ring", "digits"])
def test_it_trains_and_measures(name: str, dataset: str) -> None:
    chosen = experiment(name, dataset, training__steps=3, training__evaluate_every=3)
    trainer = Trainer(chosen)
    (measured,) = [
        event for event in (*trainer.prepare(), *trainer.run()) if isinstance(event, Evaluated)
    ]
    assert all(math.isfinite(value) for value in measured.values.values())
    assert measured.values["prior"] == pytest.approx(math.log(64), abs=0.5)


def test_each_place_takes_the_nearest_entry() -> None:
    model, method, x = small()
    z = model.networks["encoder"](x)
    naive = [
        [int((entries(model) - place).square().sum(1).argmin()) for place in row.view(3, 2)]
        for row in z.detach()
    ]
    indices = method.indices(z)
    assert indices.tolist() == naive
    assert len(set(indices.flatten().tolist())) > 1
    vectors = torch.stack([torch.cat([entries(model)[i] for i in row]) for row in naive])
    torch.testing.assert_close(method.encode(x), vectors)


def test_the_loss_is_the_papers() -> None:
    model, method, x = small(method__beta=0.4)
    loss = loss_of(model, x, "autoencoder")
    z = model.networks["encoder"](x)
    e = method.encode(x)
    distance = (z - e).square().mean()
    expected = (model.networks["decoder"](e) - x).square().mean() + distance + 0.4 * distance
    torch.testing.assert_close(loss.total(), expected)


def test_reconstruction_passes_straight_through_the_codebook() -> None:
    model, method, x = small()
    loss = loss_of(model, x, "autoencoder")
    assert gradients(model, loss, "rec-x") == {"encoder", "decoder"}
    e = method.encode(x).detach().requires_grad_()
    error = F.mse_loss(model.networks["decoder"](e), x)
    (at_code,) = torch.autograd.grad(error, e)
    weights = list(model.networks["encoder"].parameters())
    expected = torch.autograd.grad(model.networks["encoder"](x), weights, at_code)
    actual = torch.autograd.grad(loss.terms["rec-x"].value, weights)
    torch.testing.assert_close(actual, expected)


def test_the_codebook_follows_the_encoder_and_the_encoder_commits_to_the_codebook() -> None:
    model, _, x = small()
    loss = loss_of(model, x, "autoencoder")
    assert gradients(model, loss, "codebook") == {"codebook"}
    assert gradients(model, loss, "commitment") == {"encoder"}
    loss = loss_of(model, x, "prior")
    assert gradients(model, loss, "prior") == {"prior"}


def test_phases_move_only_their_networks() -> None:
    edits = {**SMALL, "method__restart": False}
    chosen = experiment("vq-vae", **edits)
    assert moved(chosen, "autoencoder") == {"encoder", "codebook", "decoder"}
    assert moved(chosen, "prior") == {"prior"}
    # running means move the codebook without a gradient
    assert moved(experiment("vq-vae-ema", **edits), "autoencoder") == {
        "encoder",
        "codebook",
        "decoder",
    }


def _update(method: VQVAE, x: Tensor, step: int) -> None:
    batch = Batch(lambda: (x, None), len(x), torch.Generator().manual_seed(step), False, step, 1000)
    method.losses()["autoencoder"](batch)
    with torch.no_grad():
        method.after("autoencoder", batch)


def test_averaged_entries_are_running_means_of_what_chose_them() -> None:
    model, method, x = small("vq-vae-ema", method__decay=0.9, method__restart=False)
    with torch.no_grad():
        entries(model)[3] = 50.0  # never chosen
    counts, sums = np.zeros(4), np.zeros((4, 2))
    expected = entries(model).detach().double().numpy().copy()
    for step in range(5):
        part = x + 0.1 * step
        z = model.networks["encoder"](part).detach().double().numpy().reshape(-1, 2)
        nearest = np.linalg.norm(z[:, None] - expected[None], axis=2).argmin(1)
        for k in range(4):
            counts[k] = 0.9 * counts[k] + 0.1 * (nearest == k).sum()
            sums[k] = 0.9 * sums[k] + 0.1 * z[nearest == k].sum(0)
            if counts[k] > 0:
                expected[k] = sums[k] / counts[k]
        _update(method, part, step)
    np.testing.assert_allclose(entries(model).detach().numpy(), expected, rtol=1e-4)
    assert entries(model)[3].tolist() == [50.0, 50.0]


@pytest.mark.parametrize("name", BOTH)
def test_idle_entries_start_again_where_codes_are_and_others_stay(name: str) -> None:
    model, method, x = small(name)
    with torch.no_grad():
        entries(model)[0] = 50.0
        entries(model)[1] = -60.0
    for step in range(1, 100):
        _update(method, x, step)
    before = entries(model).detach().clone()
    assert before[0].tolist() == [50.0, 50.0]
    _update(method, x, 100)
    after = entries(model).detach()
    rows = model.networks["encoder"](x).detach().view(-1, 2)
    for k in (0, 1):
        assert (rows - after[k]).abs().sum(1).min() < 1e-6
    torch.testing.assert_close(after[2:], before[2:], rtol=0.05, atol=0.05)
    assert (method.state["counts"] > 0).all()


def test_perplexity_counts_how_many_entries_are_in_use() -> None:
    assert perplexity(torch.tensor([5.0, 5.0, 5.0, 5.0])).item() == pytest.approx(4)
    assert perplexity(torch.tensor([9.0, 0.0, 0.0])).item() == pytest.approx(1)
    p = np.array([1, 2, 7]) / 10
    expected = np.exp(-(p * np.log(p)).sum())
    assert perplexity(torch.tensor([1.0, 2.0, 7.0])).item() == pytest.approx(expected, rel=1e-6)


# The prior and its draws


def sharpened() -> tuple[Model, VQVAE, dict[tuple[int, ...], float]]:
    """A model with a prior that is far from even, and its probability of every code."""
    model, method, _ = small()
    rng = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for weight in model.networks["prior"].parameters():
            weight.add_(torch.randn(weight.shape, generator=rng) * 0.4)
        every = list(itertools.product(range(4), repeat=3))
        joint = {
            code: math.exp(-3 * method.surprise(torch.tensor([code])).item()) for code in every
        }
    return model, method, joint


def test_the_prior_is_a_distribution_over_codes() -> None:
    _, _, joint = sharpened()
    assert sum(joint.values()) == pytest.approx(1, abs=1e-5)
    assert max(joint.values()) > 3 / 64


def test_codes_are_drawn_from_the_prior() -> None:
    model, method, joint = sharpened()
    noise = method.noise(20_000, torch.Generator().manual_seed(0))
    assert noise.shape == (20_000, 3)
    with torch.no_grad():
        z = method.codes(noise)
        found = Counter(tuple(row) for row in method.indices(z).tolist())
    for code, probability in joint.items():
        error = 4.5 * math.sqrt(probability * (1 - probability) / 20_000)
        assert abs(found[code] / 20_000 - probability) < error + 1e-4
    rows = z.view(-1, 2)
    assert (rows[:, None] - entries(model)[None]).abs().sum(2).min(1).values.max() == 0


def test_the_first_place_follows_its_uniform_number_alone() -> None:
    _, method, _ = sharpened()
    noise = torch.rand(1, 3, generator=torch.Generator().manual_seed(1)).expand(101, 3).clone()
    noise[:, 0] = torch.linspace(0, 1, 101)
    with torch.no_grad():
        first = method.indices(method.codes(noise))[:, 0]
    assert first.tolist() == sorted(first.tolist())
    assert first[0] == 0
    assert first[-1] == 3


def test_whatever_lies_between_entries_decodes_like_the_nearest() -> None:
    _, method, x = small()
    with torch.no_grad():
        z = method.encode(x)
        moved_a_little = z + 0.3 * torch.rand(z.shape, generator=torch.Generator().manual_seed(0))
        torch.testing.assert_close(method.generate(moved_a_little), method.generate(z))


def own(*layers: dict[str, object]) -> dict[str, object]:
    return {"kind": "layers", "layers": list(layers)}


@pytest.mark.parametrize(
    ("role", "network"),
    [
        ("codebook", own({"kind": "codebook", "size": 16})),
        ("codebook", own({"kind": "linear", "width": 16})),
        ("codebook", {"kind": "mlp", "widths": []}),
        ("prior", {"kind": "mlp", "widths": []}),
        (
            "prior",
            own(
                {"kind": "embedding", "tokens": 65, "channels": 8},
                {"kind": "convolution-1d", "channels": 64, "causal": False},
            ),
        ),
    ],
)
def test_what_is_no_codebook_or_sees_what_it_foretells_is_refused_in_words(
    role: str, network: dict[str, object]
) -> None:
    fine = experiment("vq-vae", "digits")
    assert not checks.problems(fine)
    plain = fine.to_plain()
    plain["networks"][role] = network
    wrong = Experiment.parse(plain)
    (problem,) = checks.problems(wrong)
    assert problem.path == f"networks.{role}"
    assert problem.mend is not None
    assert not checks.problems(wrong.with_options(problem.mend.changes))


def test_a_codebook_of_another_size_does_not_train() -> None:
    plain = experiment("vq-vae").to_plain()
    plain["networks"]["codebook"] = own({"kind": "codebook", "size": 16})
    with pytest.raises(StudioError, match="16 entries, the method counts on 64"):
        Model.build(Experiment.parse(plain))


def test_the_codebook_follows_the_methods_number_of_entries() -> None:
    wider = experiment("vq-vae").with_options({"method.entries": 32, "method.width": 3})
    assert entries(Model.build(wider)).shape == (32, 3)
    assert not checks.problems(wider)


@pytest.mark.parametrize("name", BOTH)
def test_a_training_interrupted_before_a_restart_of_entries_goes_on_bit_for_bit(
    name: str, tmp_path: Path
) -> None:
    chosen = experiment(name, **SMALL, training__steps=105, networks__encoder__dropout=0.2)
    whole = quiet(Trainer(chosen))
    list(whole.run())
    with RunFolder.create(tmp_path / "run", chosen) as run:
        first = quiet(Trainer(chosen, run=run))
        list(first.run(steps=99))
        first.save()
    with RunFolder.open(tmp_path / "run") as run:
        second = quiet(Trainer(chosen, run=run, resume=True))
        list(second.run())
    mine, theirs = whole._engine.capture(), second._engine.capture()
    assert mine.keys() == theirs.keys()
    assert [key for key in mine if not torch.equal(mine[key], theirs[key])] == []


def quiet(trainer: Trainer) -> Trainer:
    trainer.wants = set()
    list(trainer.prepare())
    return trainer
