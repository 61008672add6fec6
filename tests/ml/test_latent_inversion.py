"""Inversion finds the code of an item; restoring fills in what a mask leaves open."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from aegan_studio import api
from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import METHODS, CodePart
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.latent.codespace import CodeSpace
from aegan_studio.ml.latent.inversion import invert, inverting, last
from aegan_studio.ml.latent.restoring import blended, completing, denoising, inpainting
from aegan_studio.ml.model import Model


def normal(n, rng, width):
    return torch.randn(n, width, generator=rng)


def linear(width=3, values=12, seed=0):
    """G(z) = z B + c, and its B and c as arrays."""
    rng = torch.Generator().manual_seed(seed)
    slopes = torch.randn(width, values, generator=rng)
    offset = torch.randn(values, generator=rng)
    space = CodeSpace(
        lambda z: z @ slopes + offset,
        (CodePart("z", "Code", width),),
        lambda n, rng: normal(n, rng, width),
    )
    return space, slopes.numpy().astype(float), offset.numpy().astype(float)


@pytest.fixture(scope="module")
def gan():
    """A small GAN of digits after a few hundred steps, without an encoder."""
    what = recipe("digits-gan").with_options(
        {"training.steps": 300, "training.threads": 1, "method.latent_dim": 8}
    )
    run = api.train(what)
    model = Model.build(what).eval()
    model.load_arrays(run.weights)
    return CodeSpace.of(model.method)


def drawn(space, n, seed=5):
    codes = space.draw(n, torch.Generator().manual_seed(seed))
    with torch.no_grad():
        return codes, space.generate(codes).numpy()


def test_a_linear_generator_is_inverted_by_least_squares():
    space, slopes, offset = linear()
    x = np.random.default_rng(1).normal(size=(5, 12))
    found = invert(space, x, steps=600)
    codes, *_ = np.linalg.lstsq(slopes.T, (x - offset).T, rcond=None)
    assert np.allclose(found.codes, codes.T, atol=2e-3)
    residual = ((codes.T @ slopes + offset - x) ** 2).mean(axis=1)
    assert np.allclose(found.losses, residual, atol=1e-5)


def test_a_prior_makes_it_ridge_regression():
    space, slopes, offset = linear()
    x = np.random.default_rng(2).normal(size=(4, 12))
    found = invert(space, x, steps=600, prior_weight=0.5)
    # mean square over 12 values + ½ · ½ mean square over 3: the normal equations
    left = 2 / 12 * slopes @ slopes.T + 0.5 / 3 * np.eye(3)
    codes = np.linalg.solve(left, 2 / 12 * slopes @ (x - offset).T).T
    assert np.allclose(found.codes, codes, atol=2e-3)


def test_only_known_values_count():
    space, slopes, offset = linear()
    rng = np.random.default_rng(3)
    x = rng.normal(size=(4, 12))
    mask = np.zeros((4, 12))
    mask[:, :7] = 1
    given = np.where(mask > 0, x, np.nan)
    found = invert(space, given, mask=mask, steps=600)
    codes, *_ = np.linalg.lstsq(slopes[:, :7].T, (x - offset)[:, :7].T, rcond=None)
    assert np.allclose(found.codes, codes.T, atol=5e-3)


def test_the_absolute_distance_forgives_an_outlier():
    space, slopes, offset = linear(width=2, values=15)
    code = np.array([[0.7, -0.4]])
    x = code @ slopes + offset
    x[0, 3] += 10.0
    found = invert(space, x, steps=800, loss="l1")
    assert np.allclose(found.codes, code, atol=2e-2)
    assert np.abs(invert(space, x, steps=800).codes - code).max() > 0.2


def test_what_a_trained_gan_makes_is_found_again(gan):
    _, items = drawn(gan, 6)
    _, others = drawn(gan, 64, seed=99)
    found = invert(gan, items, steps=400, starts=6)
    best_draw = ((others[None] - items[:, None]) ** 2).reshape(6, 64, -1).mean(2).min(1)
    assert (found.losses < best_draw / 20).all()
    assert np.median(found.losses) <= 1e-4
    with torch.no_grad():
        made = gan.generate(torch.from_numpy(found.codes)).numpy()
    assert np.allclose(((made - items) ** 2).reshape(6, -1).mean(1), found.losses, atol=1e-6)


def test_progress_never_gets_worse_and_the_iterator_can_be_closed(gan):
    _, items = drawn(gan, 2)
    way = list(inverting(gan, items, steps=25, every=10))
    assert [report.step for report in way] == [0, 10, 20, 25]
    assert all(report.codes.shape == (2, 8) and report.steps == 25 for report in way)
    losses = np.array([report.losses for report in way])
    assert (np.diff(losses, axis=0) <= 0).all()
    reports = inverting(gan, items, steps=10_000_000)
    next(reports)
    assert torch.is_grad_enabled()
    with torch.no_grad():
        next(reports)
        assert not torch.is_grad_enabled()
    reports.close()
    assert next(reports, None) is None


def test_the_same_seed_finds_the_same_and_no_global_chance_is_drawn(gan):
    _, items = drawn(gan, 2)
    before = torch.random.get_rng_state()
    first = invert(gan, items, steps=20, seed=3)
    again = invert(gan, items, steps=20, seed=3)
    assert np.array_equal(first.codes, again.codes)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert not np.array_equal(first.codes, invert(gan, items, steps=20, seed=4).codes)
    assert all(p.grad is None for p in gan.network.parameters())


def test_an_item_is_found_alike_alone_and_among_others(gan):
    _, items = drawn(gan, 70)
    together = invert(gan, items, steps=15, starts=2)
    alone = invert(gan, items[66:67], steps=15, starts=2)
    assert np.allclose(together.codes[66], alone.codes[0], atol=1e-3)


def test_an_encoder_gives_the_start_and_inversion_only_improves_on_it():
    what = Experiment.parse({"dataset": "digits", "method": {"kind": "vae", "latent_dim": 4}})
    model = Model.build(what).eval()
    store = DataStore.load(what)
    space = CodeSpace.of(model.method, store.train)
    x = store.held_out[:3]
    rebuilt = model.generate(model.encode(x))
    error = (rebuilt - x).square().flatten(1).mean(1).numpy()
    way = list(inverting(space, x.numpy(), steps=60, starts=1))
    assert np.allclose(way[0].codes, model.encode(x).numpy(), atol=1e-5)
    assert np.allclose(way[0].losses, error, atol=1e-6)
    assert (way[-1].losses < error).all()


def test_classes_stay_whole_and_uniform_values_within_bounds():
    width = 3 + 2 + 4
    slopes = torch.randn(width, 20, generator=torch.Generator().manual_seed(0)) * 3
    parts = (
        CodePart("z", "Noise", 3),
        CodePart("u", "Directions", 2, "uniform"),
        CodePart("c", "Category", 4, "class"),
    )

    def draw(n, rng):
        c = torch.nn.functional.one_hot(torch.randint(4, (n,), generator=rng), 4)
        return torch.cat((normal(n, rng, 3), torch.rand(n, 2, generator=rng) * 2 - 1, c), 1)

    space = CodeSpace(lambda z: z @ slopes, parts, draw)
    true = draw(5, torch.Generator().manual_seed(8))
    found = invert(space, (true @ slopes).numpy(), steps=600)
    assert np.isin(found.codes[:, 5:], (0.0, 1.0)).all()
    assert (found.codes[:, 5:].sum(1) == 1).all()
    assert np.abs(found.codes[:, 3:5]).max() <= 1.0
    assert (found.codes[:, 5:].argmax(1) == true[:, 5:].argmax(1).numpy()).all()
    assert np.allclose(found.codes, true.numpy(), atol=0.1)
    wild = invert(space, 100 * (true @ slopes).numpy(), steps=50)
    assert np.abs(wild.codes[:, 3:5]).max() <= 1.0


def test_free_values_are_undone_exactly():
    what = Experiment.parse({"dataset": "digits", "method": "autoencoder"})
    model = Model.build(what).eval()
    store = DataStore.load(what)
    space = CodeSpace.of(model.method, store.train)
    codes = model.encode(store.held_out[:8])
    free = space.free(codes)
    assert torch.allclose(space.codes(free), codes, atol=1e-4)
    # the data's own codes are of about unit size there
    assert 0.3 < float(space.free(model.encode(store.train)).std()) < 3.0


@pytest.mark.parametrize("kind", METHODS.kinds())
def test_every_method_can_be_inverted(kind):
    what = Experiment.parse({"dataset": "digits", "method": kind})
    model = Model.build(what).eval()
    store = DataStore.load(what)
    space = CodeSpace.of(model.method, store.train)
    codes, items = drawn(space, 2)
    assert codes.shape == (2, space.width)
    assert np.allclose(items, model.generate(codes).numpy(), atol=1e-5)
    way = list(inverting(space, store.held_out[:2].numpy(), steps=12, starts=2, every=4))
    assert (way[-1].losses <= way[0].losses).all()
    made = model.generate(torch.from_numpy(way[-1].codes)) - store.held_out[:2]
    assert np.allclose(way[-1].losses, made.square().flatten(1).mean(1).numpy(), atol=1e-5)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"items": np.zeros(12)}, "shape"),
        ({"items": np.zeros((0, 12))}, "no item"),
        ({"items": np.zeros((1, 11))}, "decode to"),
        ({"items": np.full((1, 12), np.nan)}, "finite"),
        ({"mask": np.zeros(12)}, "without known values"),
        ({"mask": np.full(12, 2.0)}, "0–1"),
        ({"steps": 0}, "at least 1"),
        ({"start": np.zeros((1, 2))}, "start must be"),
    ],
)
def test_what_does_not_fit_is_said(options, sentence):
    space, *_ = linear()
    items = options.pop("items", np.zeros((1, 12)))
    with pytest.raises(ValueError, match=sentence):
        invert(space, items, **options)


# Restoring


def test_inpainting_keeps_what_is_known_and_finds_what_is_not(gan):
    _, items = drawn(gan, 3)
    mask = np.ones(items.shape[1:], bool)
    mask[:, 2:6, 3:6] = False
    given = np.where(mask, items, np.nan)
    found = last(inpainting(gan, given, mask, steps=300, prior_weight=0.0))
    assert np.array_equal(found.items[:, mask], items[:, mask])
    hole = np.sqrt(np.mean((found.items - items)[:, ~mask] ** 2))
    unknown = np.sqrt(np.mean((items.mean() - items)[:, ~mask] ** 2))
    assert hole < unknown / 4
    again = last(inpainting(gan, given, mask, steps=300, prior_weight=0.0))
    assert np.array_equal(found.items, again.items)


def test_the_middle_of_unseen_digits_is_filled_in_better_than_by_the_mean_digit():
    what = recipe("digits-autoencoder").with_options({"training.steps": 500, "training.threads": 1})
    run = api.train(what)
    model = Model.build(what).eval()
    model.load_arrays(run.weights)
    store = DataStore.load(what)
    x, mean = store.held_out[:32].numpy(), store.train.mean(0).numpy()
    mask = np.ones(x.shape[1:], bool)
    mask[:, 2:6, 2:6] = False
    space = CodeSpace.of(model.method, store.train)
    found = last(inpainting(space, np.where(mask, x, np.nan), mask, steps=150))
    error = ((found.items - x)[:, ~mask] ** 2).mean()
    assert error < 0.6 * ((mean - x)[:, ~mask] ** 2).mean()


def test_a_membrane_takes_a_constant_shift_away_and_pasting_does_not():
    x = np.random.default_rng(0).normal(size=(2, 3, 9, 7)).astype(np.float32)
    mask = np.ones_like(x)
    mask[:, :, 2:5, 1:5] = 0
    mask[:, :, 6:, :2] = 0  # a second hole, at the border
    assert np.allclose(blended(x, x + 0.5, mask, "membrane"), x, atol=1e-5)
    pasted = blended(x, x + 0.5, mask, "paste")
    assert np.allclose(pasted - x, 0.5 * (1 - mask), atol=1e-6)


def test_a_membrane_is_harmonic():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, 1, 8, 8)).astype(np.float32)
    made = np.zeros_like(x)
    mask = np.ones_like(x)
    mask[0, 0, 2:6, 2:6] = 0
    surface = blended(x, made, mask, "membrane")[0, 0].astype(float)
    around = surface[1:-3, 2:-2] + surface[3:-1, 2:-2] + surface[2:-2, 1:-3] + surface[2:-2, 3:-1]
    assert np.allclose(surface[2:6, 2:6], around / 4, atol=1e-5)


def test_completions_agree_with_what_is_known_and_differ_elsewhere():
    # two values: the first fixes nothing of the second
    space = CodeSpace(lambda z: z, (CodePart("z", "Code", 2),), lambda n, rng: normal(n, rng, 2))
    given, mask = np.array([0.8, np.nan]), np.array([True, False])
    found = last(completing(space, given, mask, count=5, prior_weight=0.0, steps=200))
    assert np.array_equal(found.items[:, 0], np.full(5, np.float32(0.8)))
    assert found.losses.max() < 1e-4
    assert found.items[:, 1].std() > 0.2


def test_denoising_projects_on_what_the_model_can_make():
    space, slopes, offset = linear(width=2, values=40)
    rng = np.random.default_rng(0)
    clean = rng.normal(size=(4, 2)) @ slopes + offset
    noisy = (clean + rng.normal(size=clean.shape)).astype(np.float32)
    found = last(denoising(space, noisy, steps=500, prior_weight=0.0))
    error = np.sqrt(np.mean((found.items - clean) ** 2))
    # least squares leaves 2 of the 40 directions of the noise
    assert error == pytest.approx(math.sqrt(2 / 40), rel=0.5)
    half = last(denoising(space, noisy, steps=500, prior_weight=0.0, keep=0.5))
    assert np.allclose(half.items, (found.items + noisy) / 2, atol=1e-5)
    with pytest.raises(ValueError, match="keep"):
        next(denoising(space, noisy, keep=2.0))
