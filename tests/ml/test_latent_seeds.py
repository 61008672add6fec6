"""Blends keep their corners and their norms, jitter stays what it is, truncation leaves classes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aegan_studio.catalog.seeds import ROW, SEEDS, seed_at
from aegan_studio.experiment.parts import CodePart
from aegan_studio.ml.latent.seeds import Ground, Jitter, corners_of

shares = st.floats(0, 1)
seeds = st.integers(0, 10_000)
sizes = st.integers(2, 40)


def ground(kind, d, seed=0, count=500):
    """The ground of codes of one kind, and four of them."""
    rng = np.random.default_rng(seed)
    if kind == "uniform":
        codes = rng.uniform(-1, 1, (count, d))
    elif kind == "class":
        codes = np.eye(d)[rng.integers(0, d, count)]
    else:
        codes = rng.normal(size=(count, d))
        if kind == "learned":
            codes = codes @ rng.normal(size=(d, d)) + 4
    return Ground.of((CodePart("z", "Code", d, kind),), codes), codes[:4], codes


@given(st.sampled_from(("normal", "uniform", "class", "learned")), sizes, seeds)
def test_a_blend_meets_its_corners_exactly(kind, d, seed):
    here, four, _ = ground(kind, d, seed, 60)
    for corner, (x, y) in zip(four, ((0, 0), (1, 0), (0, 1), (1, 1)), strict=True):
        assert here.blend(four, x, y).tolist() == corner.tolist()


@given(sizes, seeds, shares, shares)
def test_norms_of_a_normal_blend_lie_between_those_of_its_corners(d, seed, x, y):
    here, four, _ = ground("normal", d, seed, 20)
    norms = np.linalg.norm(four, axis=1)
    assert norms.min() - 1e-9 <= np.linalg.norm(here.blend(four, x, y)) <= norms.max() + 1e-9


@given(sizes, seeds, shares, shares)
def test_a_learned_blend_is_as_far_out_as_its_corners_in_the_codes_own_measure(d, seed, x, y):
    here, four, codes = ground("learned", d, seed, 400)
    inverse = np.linalg.inv(np.cov(codes.T, bias=True))

    def away(code):
        return np.sqrt((code - here.mean) @ inverse @ (code - here.mean))

    corners = [away(code) for code in four]
    middle = away(here.blend(four, x, y))
    slack = 1e-3 * max(corners)  # the flattest directions are widened
    assert min(corners) - slack <= middle <= max(corners) + slack


@given(seeds, shares, shares)
def test_uniform_and_class_blends_stay_within_their_bounds(seed, x, y):
    here, four, _ = ground("uniform", 5, seed)
    assert np.abs(here.blend(four, x, y)).max() <= 1
    here, four, _ = ground("class", 5, seed)
    mixed = here.blend(four, x, y)
    assert mixed.min() >= 0
    assert mixed.sum() == pytest.approx(1)


@given(seeds, shares)
def test_neighbouring_cells_agree_on_their_common_edge(seed, t):
    rng = np.random.default_rng(seed)
    here = ground("normal", 6)[0]
    six = rng.normal(size=(6, 6))  # two cells side by side: 0 1 2 below, 3 4 5 above
    left, right = six[[0, 1, 3, 4]], six[[1, 2, 4, 5]]
    np.testing.assert_allclose(here.blend(left, 1.0, t), here.blend(right, 0.0, t), atol=1e-12)
    above, below = six[[3, 4, 0, 1]], six[[0, 1, 3, 4]]
    np.testing.assert_allclose(here.blend(below, t, 1.0), here.blend(above, t, 0.0), atol=1e-12)


@given(seeds, shares, shares)
def test_a_blend_is_continuous(seed, x, y):
    here, four, _ = ground("normal", 8, seed)
    step = 1e-4
    moved = here.blend(four, min(x + step, 1.0), min(y + step, 1.0))
    assert np.linalg.norm(moved - here.blend(four, x, y)) < 100 * step


def test_the_grid_of_seeds_is_that_of_the_seeds():
    assert seed_at(7, 0) == 7
    assert seed_at(7, 2) == 7 + 2 * ROW
    assert 0 <= seed_at(-1, -1) < SEEDS
    assert corners_of(2.25, -0.5) == ((2, -1), (3, -1), (2, 0), (3, 0))
    assert corners_of(2.0, 0.0)[0] == (2, 0)


def test_parts_of_several_kinds_are_blended_each_in_its_way():
    rng = np.random.default_rng(0)
    parts = (CodePart("class", "Class", 3, "class"), CodePart("z", "Noise", 4, "normal"))
    codes = np.hstack((np.eye(3)[rng.integers(0, 3, 50)], rng.normal(size=(50, 4))))
    here = Ground.of(parts, codes)
    middle = here.blend(codes[:4], 0.5, 0.5)
    np.testing.assert_allclose(middle[:3], codes[:4, :3].mean(axis=0))
    norms = np.linalg.norm(codes[:4, 3:], axis=1)
    assert norms.min() <= np.linalg.norm(middle[3:]) <= norms.max()
    with pytest.raises(ValueError, match="do not fit"):
        Ground.of(parts, codes[:, :5])


@given(st.floats(-1, 2), seeds)
def test_truncation_draws_towards_the_mean_and_leaves_classes(psi, seed):
    rng = np.random.default_rng(seed)
    parts = (CodePart("class", "Class", 2, "class"), CodePart("z", "Code", 3, "learned"))
    codes = np.hstack((np.eye(2)[rng.integers(0, 2, 40)], rng.normal(size=(40, 3)) + 5))
    here = Ground.of(parts, codes)
    made = here.truncated(codes[0], psi)
    assert made[:2].tolist() == codes[0, :2].tolist()
    np.testing.assert_allclose(
        made[2:] - here.mean[2:], psi * (codes[0, 2:] - here.mean[2:]), atol=1e-12
    )
    np.testing.assert_allclose(here.truncated(codes[0], 1.0), codes[0])


@pytest.mark.parametrize("seconds", [0.004, 0.016, 0.5, 30.0])
def test_jitter_is_stationary_however_often_it_is_drawn(seconds):
    walks = Jitter(np.full(20_000, 2.0), 1)
    assert walks.offset.std() == pytest.approx(2.0, rel=0.03)
    for _ in range(60):
        offsets = walks.step(seconds)
    assert offsets.std() == pytest.approx(2.0, rel=0.03)
    assert offsets.mean() == pytest.approx(0.0, abs=0.06)


def test_jitter_follows_its_covariance_and_comes_back():
    walks = Jitter(np.ones(40_000), 3, pace=1.5)
    start = walks.offset
    later = walks.step(0.8)
    expected = (1 + 1.5 * 0.8) * np.exp(-1.5 * 0.8)
    assert (start * later).mean() == pytest.approx(expected, abs=0.02)
    far = np.abs(later) > 2
    assert np.abs(walks.step(4.0)[far]).mean() < np.abs(later[far]).mean() / 2


def test_jitter_is_smooth_and_the_same_for_the_same_seed():
    one, other = Jitter(np.ones(50), 7), Jitter(np.ones(50), 7)
    before = one.offset
    assert np.abs(one.step(0.016) - before).max() < 0.2
    other.step(0.016)
    assert one.offset.tolist() == other.offset.tolist()
    assert one.step(0.0).tolist() == other.offset.tolist()


def test_jitter_leaves_classes_alone():
    rng = np.random.default_rng(0)
    parts = (CodePart("class", "Class", 2, "class"), CodePart("z", "Noise", 3, "normal"))
    codes = np.hstack((np.eye(2)[rng.integers(0, 2, 40)], rng.normal(size=(40, 3))))
    offset = Ground.of(parts, codes).jitter(0).step(0.1)
    assert offset[:2].tolist() == [0.0, 0.0]
    assert (offset[2:] != 0).all()
