"""Divergences on a grid against closed forms, NumPy and the statistics of multinomials."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import norm

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


def masses(grid, components):
    """The exact probability of every cell, and of all outside, for round Gaussians (w, m, σ)."""
    x, y = (np.linspace(grid.low[axis], grid.high[axis], grid.cells + 1) for axis in (0, 1))
    cells = np.zeros((grid.cells, grid.cells))
    for weight, (cx, cy), sigma in components:
        across = np.diff(norm.cdf(x, cx, sigma))
        down = np.diff(norm.cdf(y, cy, sigma))
        cells += weight * np.outer(down, across)
    return np.append(cells.ravel(), 1 - cells.sum())


def drawn(rng, n, components):
    """Points of round Gaussians (w, m, σ)."""
    weights, middles, sigmas = zip(*components, strict=True)
    chosen = rng.choice(len(weights), size=n, p=weights)
    noise = rng.standard_normal((n, 2)) * np.array(sigmas)[chosen, None]
    return np.array(middles)[chosen] + noise


def integrated(p, q, reach=8.0, cells=1200):
    """JS of two mixtures in bits, by the midpoint rule over their densities."""
    places = (np.arange(cells) + 0.5) / cells * 2 * reach - reach
    x, y = np.meshgrid(places, places)
    f, g = (
        sum(w * norm.pdf(x, cx, s) * norm.pdf(y, cy, s) for w, (cx, cy), s in components)
        for components in (p, q)
    )
    middle = (f + g) / 2
    area = (2 * reach / cells) ** 2
    return float((rel_entr(f, middle) + rel_entr(g, middle)).sum() * area / 2 / np.log(2))


TWO = [(0.5, (-1.0, 0.0), 0.5), (0.5, (1.0, 0.0), 0.5)]
SHIFTED = [(0.3, (-1.0, 0.5), 0.5), (0.7, (1.0, 0.0), 0.8)]
ONE = [(1.0, (1.0, 0.0), 0.5)]


@pytest.mark.parametrize(("p", "q"), [(TWO, SHIFTED), (TWO, ONE), (ONE, SHIFTED)])
def test_divergences_of_gaussian_mixtures_are_those_of_their_densities(p, q):
    """On ever finer grids JS rises to the integral (data processing); samples agree with both."""
    exact = integrated(p, q)
    reach = np.array([4.5, 4.5])
    on_grids = [
        jensen_shannon(masses(Grid(-reach, reach, n), p), masses(Grid(-reach, reach, n), q))
        for n in (15, 30, 120)
    ]
    assert on_grids == sorted(on_grids)
    assert on_grids[-1] <= exact + 1e-6
    assert on_grids[-1] == pytest.approx(exact, rel=0.005)
    rng, grid, n = np.random.default_rng(0), Grid(-reach, reach, 30), 400_000
    found = jensen_shannon(*(grid.counts(drawn(rng, n, law)) for law in (p, q)))
    assert found == pytest.approx(on_grids[1], abs=2e-3)


def test_kullback_leibler_of_two_gaussians_is_their_closed_form():
    """KL(N(m, σ²I) ‖ N(m′, σ²I)) = |m − m′|² / 2σ² nats."""
    shift, sigma = 0.6, 0.8
    p, q = [(1.0, (0.0, 0.0), sigma)], [(1.0, (shift, 0.0), sigma)]
    grid = Grid(np.full(2, -4.0), np.full(2, 4.0), 60)
    exact = shift**2 / (2 * sigma**2) / np.log(2)
    ours = kullback_leibler(*(1e9 * masses(grid, law) for law in (p, q)))
    assert ours == pytest.approx(exact, rel=0.01)
    rng = np.random.default_rng(1)
    sampled = kullback_leibler(*(grid.counts(drawn(rng, 500_000, law)) for law in (p, q)))
    assert sampled == pytest.approx(exact, rel=0.03)
