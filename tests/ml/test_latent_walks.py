"""Walks meet their stops, never jump, keep to the sphere where they say so, and grids fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import kstest, norm

from aegan_studio.ml.latent import walks
from aegan_studio.ml.latent.walks import WALK_KINDS, along, travel

numbers = st.floats(-50, 50, allow_subnormal=False).map(lambda x: 0.0 if abs(x) < 1e-3 else x)
kinds = st.sampled_from(WALK_KINDS)


@st.composite
def stops(draw, least=2, most=6, dimensions=(1, 12)):
    d = draw(st.integers(*dimensions))
    return draw(arrays(np.float64, (draw(st.integers(least, most)), d), elements=numbers))


def played(times, path, share):
    """The code of a timed walk at a moment."""
    return np.array([np.interp(share, times, value) for value in path.T])


def units(seed, count, d):
    codes = np.random.default_rng(seed).normal(size=(count, d))
    return codes / np.linalg.norm(codes, axis=1, keepdims=True)


@given(stops(), kinds, st.booleans())
def test_a_path_meets_every_stop_exactly(codes, kind, loop):
    path = along(codes, np.arange(len(codes)), kind, loop=loop)
    assert np.array_equal(path, codes)
    if loop:
        assert np.array_equal(along(codes, [len(codes)], kind, loop=True)[0], codes[0])


@given(stops(), kinds, st.booleans())
def test_a_path_never_jumps_not_even_at_its_stops(codes, kind, loop):
    legs = len(codes) if loop else len(codes) - 1
    path = along(codes, np.linspace(0, legs, legs * 400 + 1), kind, loop=loop)
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    # a stretched turn may whip round; twice as fine must still be about half as far
    finer = along(codes, np.linspace(0, legs, legs * 800 + 1), kind, loop=loop)
    fine = np.linalg.norm(np.diff(finer, axis=0), axis=1)
    assert np.isfinite(path).all()
    assert fine.max() <= 0.75 * steps.max() + 1e-9
    assert steps.max() <= 0.2 * (np.linalg.norm(codes, axis=1).max() + 1e-9)


@given(stops(least=2), st.booleans())
def test_a_spline_on_the_sphere_keeps_between_the_lengths_of_its_stops(codes, loop):
    lengths = np.linalg.norm(codes, axis=1)
    assume(codes.shape[1] > 1 and lengths.min() > 0)
    legs = len(codes) if loop else len(codes) - 1
    path = along(codes, np.linspace(0, legs, 200), "spherical-spline", loop=loop)
    reached = np.linalg.norm(path, axis=1)
    assert reached.min() >= lengths.min() * (1 - 1e-9)
    assert reached.max() <= lengths.max() * (1 + 1e-9)


@given(st.integers(0, 1000), st.integers(3, 6), st.sampled_from([(0.0, 1.0), (1.0, 3.0)]))
def test_a_flat_spline_is_barry_and_goldmans_pyramid(seed, d, span):
    codes = np.random.default_rng(seed).normal(size=(4, d)) * span[1]
    knots = np.concatenate(
        ([0.0], np.cumsum(np.sqrt(np.linalg.norm(np.diff(codes, axis=0), axis=1))))
    )
    for share in (0.1, 0.5, 0.9):
        t = knots[1] + share * (knots[2] - knots[1])
        rows = list(codes)
        for width in (1, 2, 3):
            low = [0, 1, 2] if width == 1 else ([0, 1] if width == 2 else [0])
            spans = {1: [(0, 1), (1, 2), (2, 3)], 2: [(0, 2), (1, 3)], 3: [(1, 2)]}[width]
            rows = [
                ((knots[b] - t) * rows[i] + (t - knots[a]) * rows[i + 1]) / (knots[b] - knots[a])
                for i, (a, b) in zip(low, spans, strict=True)
            ]
        np.testing.assert_allclose(along(codes, [1 + share], "spline")[0], rows[0], atol=1e-9)


@pytest.mark.parametrize("kind", ["spline", "spherical-spline"])
@pytest.mark.parametrize("loop", [False, True])
def test_splines_do_not_bend_at_their_stops(kind, loop):
    codes = units(3, 5, 24) * np.linspace(3, 5, 5)[:, None]
    edge = 1e-6
    for stop in range(1, 4):
        before, at, after = along(codes, [stop - edge, stop, stop + edge], kind, loop=loop)
        incoming, outgoing = at - before, after - at
        cosine = incoming @ outgoing / np.linalg.norm(incoming) / np.linalg.norm(outgoing)
        assert cosine > 1 - 1e-4


def test_a_spherical_spline_through_stops_on_a_great_circle_stays_on_it():
    angles = np.array([0.0, 0.5, 1.1, 1.4])
    plane = np.linalg.qr(np.random.default_rng(0).normal(size=(7, 2)))[0].T
    codes = 4 * (np.cos(angles)[:, None] * plane[0] + np.sin(angles)[:, None] * plane[1])
    path = along(codes, np.linspace(0, 3, 50), "spherical-spline")
    np.testing.assert_allclose(path @ plane.T @ plane, path, atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), 4, atol=1e-9)


@pytest.mark.parametrize("kind", WALK_KINDS)
def test_opposite_and_equal_stops_are_walked(kind):
    code = np.array([3.0, 0.0, 4.0])
    codes = np.array([code, -code, -code, code])
    path = travel(codes, 301, kind, loop=True)
    assert np.isfinite(path).all()
    assert np.linalg.norm(np.diff(path, axis=0), axis=1).max() < 0.3
    assert np.array_equal(travel([code, code], 5, kind), np.tile(code, (5, 1)))


@given(stops(), kinds, st.integers(2, 40))
def test_a_film_begins_and_ends_at_the_outer_stops(codes, kind, frames):
    path = travel(codes, frames, kind)
    assert path.shape == (frames, codes.shape[1])
    assert np.array_equal(path[0], codes[0])
    assert np.array_equal(path[-1], codes[-1])


@pytest.mark.parametrize("kind", WALK_KINDS)
@pytest.mark.parametrize("loop", [False, True])
def test_an_even_pace_is_even(kind, loop):
    codes = units(5, 4, 10) * 3
    codes[1] = codes[0] + 0.05
    path = travel(codes, 600, kind, loop=loop)
    if loop:
        path = np.concatenate((path, path[:1]))
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert steps.std() / steps.mean() < 0.05
    uneven = travel(codes, 600, kind, loop=loop, even=False)
    assert np.linalg.norm(np.diff(uneven, axis=0), axis=1).std() > steps.std()


def test_a_loop_repeats_without_a_halt_and_ping_pong_shows_its_ends_once():
    codes = units(1, 3, 6)
    path = travel(codes, 90, "spherical", loop=True)
    home = np.linalg.norm(path[-1] - path[0])
    assert home == pytest.approx(np.linalg.norm(path[1] - path[0]), rel=0.02)
    assert walks.ping_pong(np.arange(4)).tolist() == [0, 1, 2, 3, 2, 1]


@given(stops(), kinds, st.booleans(), st.booleans())
def test_a_timed_walk_passes_its_stops_and_comes_home(codes, kind, loop, even):
    times, path = walks.timed(codes, kind, loop=loop, even=even)
    legs = len(codes) if loop else len(codes) - 1
    rows = np.arange(len(codes)) * ((len(path) - 1) // legs)
    assert np.array_equal(path[rows], codes)
    assert (times[0], times[-1]) == (0.0, 1.0)
    assert (np.diff(times) >= 0).all()
    assert np.array_equal(played(times, path, 0.0), codes[0])
    np.testing.assert_allclose(played(times, path, 1.0), codes[0 if loop else -1], atol=1e-12)


@given(stops(), kinds, st.booleans())
def test_playing_finer_shrinks_the_largest_jump(codes, kind, loop):
    times, path = walks.timed(codes, kind, loop=loop)
    coarse, fine = (
        np.diff([played(times, path, share) for share in np.linspace(0, 1, n)], axis=0)
        for n in (50, 197)
    )
    jump, finer = (np.linalg.norm(steps, axis=1).max() for steps in (coarse, fine))
    assert finer <= jump / 2 + 1e-9


def test_a_timed_walk_is_where_a_film_is():
    codes = units(4, 4, 6) * 3
    for even in (True, False):
        times, path = walks.timed(codes, "spherical", even=even)
        film = walks.travel(codes, 40, "spherical", even=even)
        shown = [played(times, path, share) for share in np.linspace(0, 1, 40)]
        np.testing.assert_allclose(shown, film, atol=2e-3)


@given(st.integers(0, 1000), kinds, st.booleans())
def test_values_that_shall_go_straight_do(seed, kind, loop):
    codes = np.random.default_rng(seed).normal(size=(4, 7)) * 2
    places = np.linspace(0, 3, 40)
    path = along(codes, places, kind, loop=loop, straight=[1, 4])
    plain = along(codes, places, "linear", loop=loop)
    rest = [0, 2, 3, 5, 6]
    assert np.array_equal(path[:, [1, 4]], plain[:, [1, 4]])
    assert np.array_equal(path[:, rest], along(codes[:, rest], places, kind, loop=loop))
    assert np.array_equal(along(codes, [0, 1, 2, 3], kind, straight=range(7)), codes)


@given(arrays(np.float64, (9, 3), elements=numbers), st.integers(2, 30))
def test_even_places_divide_the_length_of_a_line(points, count):
    places = walks.even_places(points, count)
    assert (places[0], places[-1]) == (0.0, 8.0)
    assert (np.diff(places) >= 0).all()
    run = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))))
    if run[-1] > 0:
        reached = np.interp(places, np.arange(9), run)
        np.testing.assert_allclose(reached, np.linspace(0, run[-1], count), atol=1e-6 * run[-1])


def test_class_stops_are_codes_in_the_midst_of_their_class():
    rng = np.random.default_rng(0)
    labels = np.repeat([2, 5], 50)
    codes = rng.normal(size=(100, 4)) + 10 * (labels == 5)[:, None]
    middle, names = walks.class_stops(codes, labels)
    assert names.tolist() == [2, 5]
    for code, label in zip(middle, names, strict=True):
        own = codes[labels == label]
        assert code in own
        far = np.linalg.norm(own - own.mean(axis=0), axis=1)
        assert np.linalg.norm(code - own.mean(axis=0)) == far.min()


def test_stops_within_a_set_reach_its_corners():
    corners = np.array([[0.0, 0.0], [9, 9], [-9, 9], [9, -9], [-9, -9]])
    crowd = np.concatenate((corners, np.random.default_rng(0).uniform(-3, 3, (50, 2))))
    found = walks.stops_within(crowd, 5)
    assert {tuple(code) for code in found[1:]} == {tuple(code) for code in corners[1:]}
    with pytest.raises(ValueError, match="cannot be chosen"):
        walks.stops_within(corners, 6)


def test_a_traversal_moves_one_value_from_bound_to_bound():
    base, low, high = np.arange(4.0), np.full(4, -3.0), np.array([1.0, 2, 3, 4])
    rows = walks.traversals(base, [2, 0], low, high, 7)
    assert rows.shape == (2, 7, 4)
    np.testing.assert_allclose(rows[0, :, 2], np.linspace(-3, 3, 7))
    assert (np.delete(rows[0], 2, axis=1) == np.delete(base, 2)).all()
    np.testing.assert_allclose(rows[1, :, 0], np.linspace(-3, 1, 7))


def test_quantiles_are_those_of_the_prior():
    np.testing.assert_allclose(norm.cdf(walks.quantiles(9, -3, 3)), (np.arange(9) + 0.5) / 9)
    shifted = walks.quantiles(2001, 1.0, 7.0)  # mean 4, deviation 1
    assert kstest(shifted, norm(4, 1).cdf).statistic < 1e-3
    np.testing.assert_allclose(walks.quantiles(4, -1, 1, "uniform"), [-0.75, -0.25, 0.25, 0.75])


def test_a_manifold_grid_is_drawn_with_up_above():
    grid = walks.manifold_grid(np.zeros(3), (2, [1, 2, 3]), (0, [10, 20]))
    assert grid.shape == (2, 3, 3)
    assert grid[0, :, 2].tolist() == [1, 2, 3]
    assert grid[:, 0, 0].tolist() == [20, 10]
    assert not grid[..., 1].any()
    with pytest.raises(ValueError, match="two values"):
        walks.manifold_grid(np.zeros(3), (1, [0, 1]), (1, [0, 1]))


@pytest.mark.parametrize("bad", [np.zeros((1, 3)), np.zeros(3), np.full((2, 3), np.nan)])
def test_what_is_no_walk_is_refused(bad):
    with pytest.raises(ValueError, match="stops"):
        travel(bad, 5)
    with pytest.raises(ValueError, match="frames"):
        travel(np.zeros((2, 2)), 1)
