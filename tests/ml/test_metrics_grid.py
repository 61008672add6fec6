"""Divergences on a grid against closed forms, NumPy and the statistics of multinomials."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from aegan_studio.ml.metrics.grid import Grid, Likeness, jensen_shannon, kullback_leibler

UNIT = Grid(np.zeros(2), np.ones(2), 30)


def uniform(rng, n, left=0.0, right=1.0):
    """Points spread evenly over a part of the unit square."""
    return np.column_stack((rng.uniform(left, right, n), rng.uniform(size=n)))


def mixture(rng, n, *boxes):
    """Points of uniform boxes with equal weights."""
    return np.concatenate([uniform(rng, n // len(boxes), *box) for box in boxes])


def test_counts_are_those_of_numpy():
    points = np.random.default_rng(0).normal(0.5, 0.4, size=(5000, 2))
    found = UNIT.counts(points)
    expected, _, _ = np.histogram2d(points[:, 1], points[:, 0], bins=30, range=[[0, 1], [0, 1]])
    assert np.array_equal(found[:-1], expected.ravel())
    assert found.sum() == 5000
    assert found[-1] > 0


def test_points_that_are_not_finite_lie_outside():
    points = np.array([[0.5, 0.5], [np.nan, 0.5], [0.5, np.inf], [-1e300, 1e300]])
    found = UNIT.counts(points)
    assert (found[:-1].sum(), found[-1]) == (1, 3)


def test_a_grid_reaches_a_tenth_beyond_the_points():
    grid = Grid.over(np.array([[0.0, -1.0], [10.0, 1.0]]))
    assert np.allclose((grid.low, grid.high), [[-1.0, -1.2], [11.0, 1.2]])
    assert Grid.over(np.ones((4, 2))).counts(np.ones((4, 2)))[:-1].sum() == 4
    with pytest.raises(ValueError, match="points"):
        Grid.over(np.empty((0, 2)))


@pytest.mark.parametrize(
    ("first", "second", "bits"),
    [
        ([(0.0, 0.4)], [(0.5, 0.9)], 1.0),  # nothing in common
        # ½A + ½B against ½B + ½C
        ([(0.0, 0.3), (0.4, 0.7)], [(0.4, 0.7), (0.7, 1.0)], 0.5),
        # half of the square against all of it: ½ log₂ 4⁄3 + ¼ (log₂ ⅔ + 1)
        ([(0.0, 0.5)], [(0.0, 1.0)], 0.5 * np.log2(4 / 3) + 0.25 * (np.log2(2 / 3) + 1)),
    ],
)
def test_jensen_shannon_of_known_mixtures(first, second, bits):
    rng = np.random.default_rng(1)
    p = UNIT.counts(mixture(rng, 400_000, *first))
    q = UNIT.counts(mixture(rng, 400_000, *second))
    assert jensen_shannon(p, q) == pytest.approx(bits, abs=3e-3)


def test_kullback_leibler_of_known_mixtures():
    rng = np.random.default_rng(2)
    half, whole = (UNIT.counts(uniform(rng, 1_000_000, 0.0, right)) for right in (0.5, 1.0))
    assert kullback_leibler(half, whole) == pytest.approx(1.0, abs=5e-3)  # log₂ 2
    # the other way round it grows with the logarithm of the number of points, and stays finite
    assert 3.0 < kullback_leibler(whole, half) < 12.0


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=12))
def test_divergences_agree_with_scipy_and_know_their_bounds(pairs):
    p, q = (np.array(side, float) for side in zip(*pairs, strict=True))
    if not p.sum() or not q.sum():
        with pytest.raises(ValueError, match="at least one point"):
            jensen_shannon(p, q)
        return
    found = jensen_shannon(p, q)
    assert found == pytest.approx(jensenshannon(p, q, 2) ** 2, abs=1e-7)
    assert found == jensen_shannon(q, p)
    assert 0.0 <= found <= 1.0
    assert kullback_leibler(p, q) >= -1e-12
    assert kullback_leibler(p, p) == 0.0


def test_the_floor_is_what_statistics_say_of_equal_sources():
    rng = np.random.default_rng(3)
    n = 20_000
    floors = []
    for _ in range(8):
        real, made, others = (uniform(rng, n) for _ in range(3))
        likeness = Likeness.measure(UNIT, made, real, others)
        floors.append(likeness.floor)
        assert likeness.js == pytest.approx(likeness.floor, rel=0.2)
    # ⅛ Σ (p − q)² ⁄ m nats to second order: (k − 1) ⁄ 4n for two samples of n in k cells
    assert np.mean(floors) == pytest.approx(899 / (4 * n) / np.log(2), rel=0.05)


def test_a_collapsed_generator_covers_little_and_one_that_fled_shares_nothing():
    rng = np.random.default_rng(4)
    real, others = uniform(rng, 4000), uniform(rng, 4000)
    collapsed = Likeness.measure(UNIT, uniform(rng, 4000, 0.0, 0.1), real, others)
    assert collapsed.covered == pytest.approx(0.1, abs=0.02)
    assert collapsed.js > 8 * collapsed.floor
    assert collapsed.forward > collapsed.reverse
    fled = Likeness.measure(UNIT, real + 50.0, real, others)
    assert (fled.js, fled.covered) == (1.0, 0.0)
