"""Paths between codes keep their ends, their lengths and their continuity."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aegan_studio.ml.latent.geometry import INTERPOLATIONS, between, lerp, slerp, walk

numbers = st.floats(-1e3, 1e3, allow_subnormal=False).map(lambda x: 0.0 if abs(x) < 1e-3 else x)


def codes(count=2):
    return st.integers(1, 24).flatmap(lambda d: arrays(np.float64, (count, d), elements=numbers))


shares = st.floats(0, 1)


@given(codes(), st.sampled_from(INTERPOLATIONS))
def test_a_path_meets_its_ends_exactly(pair, kind):
    a, b = pair
    path = between(a, b, [0.0, 1.0], kind)
    assert np.array_equal(path[0], a)
    assert np.array_equal(path[1], b)


@given(codes(), shares)
def test_a_straight_path_divides_in_proportion(pair, t):
    a, b = pair
    at = lerp(a, b, t)
    whole = np.linalg.norm(b - a)
    assert np.linalg.norm(at - a) == pytest.approx(t * whole, rel=1e-9, abs=1e-9)
    assert np.linalg.norm(at - b) == pytest.approx((1 - t) * whole, rel=1e-9, abs=1e-9)


@given(codes(), shares)
def test_the_length_along_an_arc_goes_evenly_from_one_to_the_other(pair, t):
    a, b = pair
    long_a, long_b = np.linalg.norm(a), np.linalg.norm(b)
    assume(a.size > 1 and long_a > 0 and long_b > 0)
    expected = (1 - t) * long_a + t * long_b
    assert np.linalg.norm(slerp(a, b, t)) == pytest.approx(expected, rel=1e-9)


@given(codes(), shares)
def test_an_arc_turns_evenly(pair, t):
    a, b = pair
    assume(a.size > 1 and np.linalg.norm(a) > 0 and np.linalg.norm(b) > 0)
    u, v, w = (x / np.linalg.norm(x) for x in (a, b, slerp(a, b, t)))
    angle = 2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))
    turned = 2 * np.arctan2(np.linalg.norm(u - w), np.linalg.norm(u + w))
    assert turned == pytest.approx(t * angle, abs=1e-6)


@given(codes(), st.sampled_from(INTERPOLATIONS))
def test_a_small_step_along_a_path_is_a_small_move(pair, kind):
    a, b = pair
    path = between(a, b, np.linspace(0, 1, 201), kind)
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    longest = np.pi * max(np.linalg.norm(a), np.linalg.norm(b)) + np.linalg.norm(b - a)
    assert np.isfinite(path).all()
    assert steps.max() <= longest / 200 + 1e-9


@given(codes(), shares, st.sampled_from(INTERPOLATIONS))
def test_the_way_back_is_the_same_way(pair, t, kind):
    a, b = pair
    if kind == "spherical":  # between opposite directions every great circle is as short
        norms = np.linalg.norm(a) * np.linalg.norm(b)
        assume(norms == 0 or a @ b > -0.999999 * norms)
    scale = 1 + np.abs(pair).max()
    assert np.allclose(between(a, b, t, kind), between(b, a, 1 - t, kind), atol=1e-7 * scale)


@given(codes(1), shares, st.floats(0.1, 10))
def test_opposite_codes_are_joined_round_the_origin_not_through_it(one, t, factor):
    a = one[0]
    assume(a.size > 1 and np.linalg.norm(a) > 0.1)
    b = -factor * a
    path = slerp(a, b, np.linspace(0, 1, 51))
    shorter = min(np.linalg.norm(a), np.linalg.norm(b))
    assert np.linalg.norm(path, axis=1).min() >= shorter * (1 - 1e-9)
    assert np.array_equal(slerp(a, b, t), slerp(a, b, t))


def test_codes_that_are_almost_opposite_still_turn_evenly():
    a = np.array([1.0, 0.0, 0.0])
    b = np.array([-1.0, 1e-7, 0.0])
    middle = slerp(a, b, 0.5)
    assert middle == pytest.approx([5e-8, 1.0, 0.0], abs=1e-9)


@pytest.mark.parametrize("origin", [([0.0, 0.0], [3.0, 4.0]), ([3.0, 4.0], [0.0, 0.0])])
def test_an_arc_from_or_to_the_origin_is_straight(origin):
    a, b = origin
    assert slerp(a, b, 0.5) == pytest.approx([1.5, 2.0])


@given(codes(4), st.integers(2, 40), st.sampled_from(INTERPOLATIONS))
def test_a_walk_begins_and_ends_at_its_outer_stops(stops, frames, kind):
    path = walk(stops, frames, kind)
    assert path.shape == (frames, stops.shape[1])
    assert np.array_equal(path[0], stops[0])
    assert np.array_equal(path[-1], stops[-1])


def test_a_walk_visits_every_stop_when_the_frames_divide():
    stops = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 4.0]])
    path = walk(stops, 5)
    assert path.tolist() == [[0, 0], [1, 0], [2, 0], [2, 2], [2, 4]]


@pytest.mark.parametrize(("stops", "frames"), [([[1.0, 2.0]], 5), ([[0.0], [1.0]], 1)])
def test_a_walk_without_a_way_is_refused(stops, frames):
    with pytest.raises(ValueError, match="a walk needs"):
        walk(stops, frames)


def test_codes_of_different_sizes_are_refused():
    with pytest.raises(ValueError, match="shape"):
        lerp([1.0, 2.0], [1.0], 0.5)
