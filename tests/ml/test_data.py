"""Every dataset loads as declared, splits without overlap, and is scaled and shown exactly."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.stats import kstest

from aegan_studio.catalog import DATASETS
from aegan_studio.experiment import Experiment
from aegan_studio.ml.data.scaling import Scaler
from aegan_studio.ml.data.store import DataStore

SCALINGS = ("unit", "symmetric", "standard")
KINDS = DATASETS.kinds()


def experiment(kind, seed=0, **options):
    return Experiment.parse(
        {"seed": seed, "method": "autoencoder", "dataset": {"kind": kind, **options}}
    )


def load(kind, seed=0, **options):
    return DataStore.load(experiment(kind, seed, **options))


@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_dataset_delivers_what_it_declares(kind, scaling):
    store = load(kind, scaling=scaling)
    info = store.info
    assert store.train.shape[1:] == store.held_out.shape[1:] == info.shape
    assert len(store.train) + len(store.held_out) == info.count
    assert store.train.dtype == torch.float32
    assert torch.isfinite(store.train).all()
    if info.low is not None:
        assert store.train.min() >= info.low
        assert store.train.max() <= info.high
        assert store.train.max() - store.train.min() > 0.9 * (info.high - info.low)
    else:
        assert abs(store.train.double().mean()) < 1e-5
        assert store.train.double().var(0 if info.modality == "points" else None).mean() == (
            pytest.approx(1, abs=1e-3)
        )
    if info.classes:
        assert sorted(set(store.train_labels.tolist())) == list(range(len(info.classes)))
    else:
        assert store.train_labels is None
        assert store.held_out_labels is None


@pytest.mark.parametrize("kind", KINDS)
def test_the_seed_alone_decides_the_data(kind):
    once, again = load(kind, seed=3), load(kind, seed=3)
    assert torch.equal(once.train, again.train)
    assert torch.equal(once.held_out, again.held_out)
    assert not torch.equal(once.train, load(kind, seed=4).train)


@pytest.mark.parametrize("kind", KINDS)
def test_loading_leaves_global_randomness_alone(kind):
    before, legacy = torch.get_rng_state(), np.random.get_state()[1].copy()
    load(kind)
    assert torch.equal(before, torch.get_rng_state())
    assert np.array_equal(legacy, np.random.get_state()[1])


@given(
    held_out=st.floats(0, 0.9),
    seed=st.integers(0, 2**32 - 1),
    split=st.sampled_from(["random", "ordered"]),
)
@settings(max_examples=20, deadline=None)
def test_a_split_holds_every_row_once(held_out, seed, split):
    store = load("blobs", seed=seed, count=50, held_out=held_out, split=split)
    rows = np.concatenate([store.train_rows, store.held_out_rows])
    assert sorted(rows) == list(range(50))
    assert len(store.train) >= 1
    assert len(store.held_out) == store.info.count - len(store.train)


def test_an_ordered_split_holds_out_the_last_rows():
    store = load("digits", split="ordered")
    assert store.train_rows.tolist() == list(range(1347))
    assert store.held_out_rows.tolist() == list(range(1347, 1797))
    assert store.train_labels[:10].tolist() == list(range(10))


def test_nothing_may_be_held_out():
    store = load("digits", held_out=0.0)
    assert store.held_out.shape == (0, 1, 8, 8)
    assert store.to_display(store.held_out).shape == (0, 8, 8)


@pytest.mark.parametrize("side", [8, 16, 28, 32])
def test_digits_keep_their_place_and_range_at_every_side(side):
    store = load("digits", side=side, split="ordered")
    assert (float(store.train.min()), float(store.train.max())) == (0.0, 1.0)
    weights = store.train.sum((0, 1))
    places = (torch.arange(side) + 0.5) / side
    original = load("digits", split="ordered").train.sum((0, 1))
    coarse = (torch.arange(8) + 0.5) / 8
    for axis in (0, 1):
        centre = (weights.sum(1 - axis) * places).sum() / weights.sum()
        wanted = (original.sum(1 - axis) * coarse).sum() / original.sum()
        assert float(centre) == pytest.approx(float(wanted), abs=0.005)


@pytest.mark.parametrize(("colour", "side"), [(False, 8), (True, 16), (True, 64)])
def test_photo_patches_show_both_photographs_and_structure(colour, side):
    store = load("photo-patches", colour=colour, side=side, patches=200)
    shown = store.to_display(store.train)
    assert shown.shape == ((150, side, side, 3) if colour else (150, side, side))
    assert 60 <= int(store.train_labels.sum()) <= 90
    grey = shown.mean(-1) if colour else shown
    assert (grey.std((1, 2)) > 4).all()


def test_held_out_strips_share_no_pixels_with_training_patches():
    """Every held-out patch is found in a strip that training patches do not reach."""
    store = load("photo-patches", side=8, patches=400, split="ordered")
    train = {patch.tobytes() for patch in store.to_display(store.train)}
    windows = {
        patch[y : y + 4, x : x + 4].tobytes()
        for patch in store.to_display(store.train)
        for y in range(5)
        for x in range(5)
    }
    held_out = store.to_display(store.held_out)
    assert not train & {patch.tobytes() for patch in held_out}
    # a textured 4×4 window would be found again were the regions to overlap
    textured = [patch for patch in held_out if patch[2:6, 2:6].std() > 20]
    assert textured
    assert not windows & {patch[2:6, 2:6].tobytes() for patch in textured}


def test_the_ring_has_the_named_means_and_spread():
    store = load("ring", modes=5, radius=2.0, sigma=0.1, count=20_000, held_out=0.0)
    points = store.to_display(store.train)
    for label in range(5):
        mine = points[store.train_labels.numpy() == label]
        angle = 2 * np.pi * label / 5
        assert mine.mean(0) == pytest.approx([2 * np.cos(angle), 2 * np.sin(angle)], abs=0.01)
        assert mine.std(0) == pytest.approx([0.1, 0.1], rel=0.05)


def test_the_grid_has_the_named_means():
    store = load("grid", per_side=3, spacing=2.0, sigma=0.05, count=9_000, held_out=0.0)
    points, labels = store.to_display(store.train), store.train_labels.numpy()
    means = [points[labels == label].mean(0) for label in range(9)]
    wanted = [[x, y] for y in (-2, 0, 2) for x in (-2, 0, 2)]
    assert np.array(means) == pytest.approx(np.array(wanted), abs=0.02)


def test_the_checkerboard_leaves_light_squares_empty():
    store = load("checkerboard", squares=4, count=5_000, held_out=0.0)
    points = store.to_display(store.train).astype(np.float64)
    squares = np.floor(points + 2 - 1e-6 * np.sign(points))
    assert (squares.sum(1) % 2 == 0).mean() > 0.999


@given(
    raw=arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 6), st.just(2)),
        elements=st.floats(-1e4, 1e4, width=32),
    ),
    scaling=st.sampled_from(SCALINGS),
)
def test_scaling_of_points_is_undone(raw, scaling):
    scaler = Scaler.fit(raw, scaling)
    back = scaler.unscale(scaler.scale(raw))
    size = max(1.0, float(np.abs(raw).max()), scaler.spread)
    assert np.abs(back - raw).max() <= 1e-6 * size
    assert Scaler.from_plain(scaler.to_plain()) == scaler


@given(raw=arrays.arrays(np.float32, (5, 2), elements=st.floats(-100, 100, width=32)))
def test_scaling_keeps_the_proportions_of_points(raw):
    for scaling in SCALINGS:
        scaler = Scaler.fit(raw, scaling)
        scaled = scaler.scale(raw).astype(np.float64)
        between = np.linalg.norm(raw[:, None].astype(np.float64) - raw[None], axis=-1)
        after = np.linalg.norm(scaled[:, None] - scaled[None], axis=-1) * scaler.spread
        assert after == pytest.approx(between, abs=1e-3)


@given(
    pictures=arrays.arrays(np.uint8, (2, 8, 8)),
    scaling=st.sampled_from(SCALINGS),
    kind=st.sampled_from(["digits", "photo-patches"]),
)
@settings(max_examples=30, deadline=None)
def test_pictures_return_from_the_networks_range_bit_for_bit(pictures, scaling, kind):
    side = {"side": 8, "patches": 100} if kind == "photo-patches" else {}
    store = load(kind, scaling=scaling, **side)
    assert np.array_equal(store.to_display(store.from_display(pictures)), pictures)


def test_colour_pictures_and_points_return_too():
    colour = load("photo-patches", colour=True, patches=100)
    pictures = np.arange(2 * 16 * 16 * 3, dtype=np.uint32).astype(np.uint8).reshape(2, 16, 16, 3)
    assert np.array_equal(colour.to_display(colour.from_display(pictures)), pictures)
    ring = load("ring", count=100)
    shown = ring.to_display(ring.train)
    assert ring.from_display(shown).numpy() == pytest.approx(ring.train.numpy(), abs=1e-6)


def test_what_a_network_makes_beyond_the_range_is_clipped_for_display():
    store = load("digits")
    made = torch.tensor([-3.0, 0.0, 0.5, 9.0, float("nan"), float("inf")]).repeat(11)[:64]
    shown = store.to_display(made.view(1, 1, 8, 8)).ravel()[:6]
    assert shown.tolist() == [0, 0, 128, 255, 0, 255]


def test_held_out_data_is_scaled_by_the_training_data_alone():
    store = load("line", scaling="standard", count=200)
    again = Scaler.fit(store.to_display(store.train), "standard")
    assert again.shift == pytest.approx(store.scaler.shift, abs=1e-6)
    assert again.spread == pytest.approx(store.scaler.spread, rel=1e-6)


def test_only_drawings_may_become_ink_on_paper() -> None:
    for kind, shape in (("digits", (8, 8)), ("photo-patches", (16, 16, 3))):
        experiment = Experiment.parse({"dataset": {"kind": kind}, "method": "autoencoder"})
        store = DataStore.load(experiment)
        shown = store.to_screen(store.train[:5])
        assert shown.shape == (5, *shape)
        np.testing.assert_array_equal(
            shown if kind == "digits" else shown[..., 1], store.to_display(store.train[:5])
        )


def test_a_circle_is_even_all_around_and_as_thick_as_its_noise():
    points = load("circle", noise=0.05, count=8_000, held_out=0.0)
    points = points.to_display(points.train).astype(np.float64)
    radius, angle = np.hypot(*points.T), np.arctan2(points[:, 1], points[:, 0])
    assert (radius.mean(), radius.std()) == pytest.approx((1.0, 0.05), abs=0.005)
    assert kstest(angle, "uniform", (-np.pi, 2 * np.pi)).pvalue > 1e-3


def test_a_disc_lies_in_a_ring_and_both_are_filled_evenly():
    store = load("enclosed", noise=0.0, count=8_000, held_out=0.0)
    squares = (store.to_display(store.train).astype(np.float64) ** 2).sum(1)
    for label, (low, high) in enumerate([(0.0, 0.25), (0.75**2, 1.0)]):
        mine = squares[store.train_labels.numpy() == label]
        assert kstest(mine, "uniform", (low, high - low)).pvalue > 1e-3


def test_exclusive_or_has_four_squares_of_two_classes():
    store = load("xor", noise=0.0, gap=0.2, count=4_000, held_out=0.0)
    points = store.to_display(store.train)
    unlike = points[:, 0] * points[:, 1] < 0
    assert np.array_equal(unlike, store.train_labels.numpy() == 1)
    assert np.abs(points).min() > 0.099
    assert np.abs(points).max() < 1.101
