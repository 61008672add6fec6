"""Directions find planted factors, their side effects are what they are, algebra adds up."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import percentileofscore
from sklearn.svm import SVC

import aegan_studio as studio
from aegan_studio.messages import StudioError
from aegan_studio.ml.latent import directions
from aegan_studio.ml.latent.courses import HOWS, WIDEST, Course, basket_course
from aegan_studio.ml.latent.directions import BOUNDARIES, basket_direction, basket_transport
from aegan_studio.ml.latent.memory import Memory


def planted(seed, d=12, count=600, noise=1.0):
    """Codes with a factor along a hidden direction, whether they have it, and the direction."""
    rng = np.random.default_rng(seed)
    unit = rng.normal(size=d)
    unit /= np.linalg.norm(unit)
    has = rng.random(count) < 0.4
    codes = noise * rng.normal(size=(count, d)) + np.where(has, 2.0, -1.0)[:, None] * unit + 5.0
    return codes, has, unit


@given(st.integers(0, 10_000), st.sampled_from(BOUNDARIES))
def test_baskets_recover_a_planted_direction_and_its_boundary(seed, how):
    codes, has, unit = planted(seed)
    found = basket_direction(codes[has], codes[~has], how)
    assert np.linalg.norm(found.unit) == pytest.approx(1)
    assert found.unit @ unit >= 0.95
    if how == "mean":  # both baskets weigh the same: the boundary is half-way
        middle = (codes[has].mean(axis=0) + codes[~has].mean(axis=0)) / 2
        assert found.places(middle) == pytest.approx(0, abs=1e-9)
    assert ((found.places(codes) > 0) == has).mean() > 0.85
    assert found.reach == pytest.approx(np.median(found.places(codes[has])))
    assert found.reach > 0


@settings(deadline=None, max_examples=50)  # scikit-learn takes its time
@given(
    st.integers(2, 32),
    st.floats(0.2, 1.5),
    st.integers(0, 10_000),
    st.sampled_from(BOUNDARIES),
)
def test_a_planted_factor_is_recovered_at_any_size_and_noise(d, noise, seed, how):
    codes, has, unit = planted(seed, d, 1200, noise)
    assert basket_direction(codes[has], codes[~has], how).unit @ unit >= 0.95
    way = basket_transport(codes[has], codes[~has])
    carried = (way.moved(codes[~has]) - codes[~has]).mean(axis=0)
    assert carried @ unit / np.linalg.norm(carried) >= 0.95


vectors = st.integers(0, 10_000).map(lambda seed: np.random.default_rng(seed).normal(size=(5, 7)))


@given(vectors, st.floats(-1, 2))
def test_algebra_obeys_its_identities(codes, share):
    a, b, c, e, f = codes
    close = partial(np.testing.assert_allclose, atol=1e-12)
    close(directions.algebra(a, a, c), c)  # what is taken away and was there leaves what is added
    close(directions.algebra(a, b, b), a)
    close(directions.algebra(a, b, c), directions.algebra(c, b, a))
    close(directions.algebra(directions.algebra(a, b, c), c, b), a)  # and back again
    close(directions.algebra(a + e, b + e, c + f), directions.algebra(a, b, c) + f)
    several = np.stack((a, e)), np.stack((b, f)), c
    close(directions.algebra(*several), (a + e) / 2 - (b + f) / 2 + c)
    part = directions.attributes(a, b, c, share)
    close(part - a, share * (directions.algebra(a, b, c) - a))


@given(st.integers(0, 10_000))
def test_a_direction_seen_by_a_linear_decoder_alone_comes_first(seed):
    rng = np.random.default_rng(seed)
    axes = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    codes = rng.normal(size=(400, 6)) * np.array([5, 4, 3, 2, 1.5, 1]) @ axes
    lines = np.outer(axes[3], rng.normal(size=20))
    by_variance, shares = directions.principal_directions(codes, 6)
    assert abs(by_variance[0].unit @ axes[0]) > 0.8
    assert (np.diff(shares) <= 0).all()
    seen, strengths = directions.principal_directions(codes, 6, lambda z: z @ lines)
    assert abs(seen[0].unit @ axes[3]) > 0.8
    expected = np.abs(seen[0].unit @ axes[3]) * seen[0].spread * np.sqrt((lines**2).sum() / 20)
    # the decoder is linear, so the change over one spread is exact
    assert strengths[0] == pytest.approx(expected / np.linalg.norm(axes[3]), rel=1e-9)
    assert (np.diff(strengths) <= 0).all()


def test_moving_along_a_direction_is_measured_from_its_boundary():
    codes, has, _ = planted(1)
    found = basket_direction(codes[has], codes[~has])
    np.testing.assert_allclose(found.places(found.moved(codes, 2.5)), found.places(codes) + 2.5)
    np.testing.assert_allclose(found.places(found.placed(codes, 3.0)), 3.0)
    np.testing.assert_allclose(found.turned().places(codes), -found.places(codes))


def test_side_effects_are_measured_in_the_items():
    x, y = np.eye(2)
    one = directions.Direction(x, 0.0, 1.0)
    other = directions.Direction(y, 0.0, 2.0)
    codes = np.random.default_rng(0).normal(size=(50, 2))
    geometry = directions.side_effects(one, 1.5, codes, {"one": one, "other": other})
    assert geometry.along["one"] == pytest.approx(1.5)
    assert geometry.along["other"] == pytest.approx(0)
    assert geometry.verdict is None

    def entangled(z):
        return np.stack((z[:, 0], z[:, 1] + 4 * z[:, 0]), axis=1)

    def verdict(items):
        share = 1 / (1 + np.exp(-50 * items[:, 0]))
        return np.stack((1 - share, share), axis=1)

    measured = directions.side_effects(
        one, 10.0, codes, {"other": other}, decode=entangled, encode=lambda x: x, verdict=verdict
    )
    assert measured.along["other"] == pytest.approx(10 * 4 / 2)
    assert measured.switched == pytest.approx((codes[:, 0] < 0).mean(), abs=1e-9)
    assert measured.verdict == pytest.approx([-measured.switched, measured.switched], abs=0.02)
    with pytest.raises(ValueError, match="decoder"):
        directions.side_effects(one, 1.0, codes, {}, verdict=verdict)


def test_algebra_takes_means_of_several_codes():
    a, b, c = np.array([[1.0, 2], [3, 4]]), np.array([1.0, 1]), np.array([[0.0, 5]])
    assert directions.algebra(a, b, c).tolist() == [1.0, 7.0]
    assert directions.algebra(b, b, b).tolist() == b.tolist()


@given(st.floats(-2, 2))
def test_truncation_shrinks_offsets_from_the_mean(psi):
    codes, mean = np.random.default_rng(0).normal(size=(5, 3)), np.array([1.0, 2, 3])
    drawn = directions.truncated(codes, psi, mean)
    np.testing.assert_allclose(drawn - mean, psi * (codes - mean), atol=1e-12)


def test_transport_makes_one_basket_distributed_like_the_other():
    rng = np.random.default_rng(0)
    here = rng.normal(size=(4000, 3)) @ rng.normal(size=(3, 3)) + 4
    there = rng.normal(size=(4000, 3)) @ rng.normal(size=(3, 3)) - 2
    way = basket_transport(there, here)
    carried = way.moved(here)
    np.testing.assert_allclose(carried.mean(axis=0), there.mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(np.cov(carried.T), np.cov(there.T), atol=0.02 * there.var())
    assert (
        np.linalg.eigvalsh(way.matrix).min() > 0
    )  # the optimal one: a gradient of something convex
    np.testing.assert_allclose(way.moved(here, 0.0), here)
    # of equal covariances it is the difference of the means
    offset = np.array([1.0, 2, 3])
    same = basket_transport(here + offset, here)
    np.testing.assert_allclose(same.moved(here), here + offset, atol=1e-6)


@pytest.mark.parametrize("how", BOUNDARIES)
def test_baskets_that_say_nothing_are_refused(how):
    codes = np.ones((3, 4))
    with pytest.raises(ValueError, match="baskets need"):
        basket_direction(codes, np.zeros((0, 4)), how)
    with pytest.raises(ValueError, match="baskets need"):
        basket_direction(codes, np.zeros((2, 5)), how)
    with pytest.raises(ValueError, match="are the same"):
        basket_direction(codes, codes, how)
    with pytest.raises(ValueError, match="2 codes"):
        basket_transport(codes, codes[:1])


# the memory check


@given(st.integers(0, 10_000))
def test_percentiles_are_those_of_brute_force(seed):
    rng = np.random.default_rng(seed)
    train, held_out, samples = (rng.integers(0, 4, (n, 3)).astype(float) for n in (40, 15, 10))
    found = Memory.fit(train, held_out).check(samples, 5)

    def away(x):
        return np.sqrt(((x[:, None] - train[None]) ** 2).sum(axis=2))

    usual = away(held_out).min(axis=1)
    np.testing.assert_allclose(found.distances, np.sort(away(samples), axis=1)[:, :5])
    rows = np.arange(10)[:, None]
    np.testing.assert_allclose(away(samples)[rows, found.indices], found.distances)
    expected = [percentileofscore(usual, near, "mean") for near in away(samples).min(axis=1)]
    np.testing.assert_allclose(found.percentiles, expected)


def test_a_copy_is_nearer_than_anything_held_out():
    rng = np.random.default_rng(0)
    train, held_out = rng.normal(size=(200, 1, 4, 4)), rng.normal(size=(50, 1, 4, 4))
    memory = Memory.fit(train, held_out)
    found = memory.check(train[[7, 3]])
    assert found.indices[:, 0].tolist() == [7, 3]
    assert found.percentiles.tolist() == [0.0, 0.0]
    assert memory.check(held_out).percentiles.mean() == pytest.approx(50)
    assert memory.check(train[:1] + 100).percentiles[0] == 100.0
    with pytest.raises(StudioError, match="held out"):
        Memory.fit(train, held_out[:0])


# digits, judged by a classifier that knows the pictures only


@pytest.fixture(scope="module")
def digits():
    quick = {"training.steps": 1500, "training.threads": 1, "method.latent_dim": 16}
    run = studio.train(studio.recipe("digits-autoencoder").with_options(quick))
    data = run.data()
    judge = SVC(C=10).fit(data.train.reshape(len(data.train), -1), data.train_labels)
    assert judge.score(data.held_out.reshape(len(data.held_out), -1), data.held_out_labels) > 0.95

    def verdict(codes):
        return judge.predict(run.decode(codes).reshape(len(codes), -1))

    codes = run.encode(data.train), run.encode(data.held_out)
    return codes, (data.train_labels, data.held_out_labels), verdict


SHARE = 0.8


def test_baskets_of_two_classes_move_digits_from_one_into_the_other(digits):
    (train, held_out), (labels, held_out_labels), verdict = digits
    moved = np.full((10, 10), np.nan)
    for start in range(10):
        for goal in set(range(10)) - {start}:
            way = basket_direction(train[labels == goal], train[labels == start], "mean")
            there = way.placed(held_out[held_out_labels == start], 1.5 * way.reach)
            moved[start, goal] = (verdict(there) == goal).mean()
    assert np.nanmean(moved) >= SHARE
    assert np.nanmean(moved, axis=0).min() >= SHARE


def test_baskets_of_a_class_and_all_others_carry_digits_into_it(digits):
    (train, held_out), (labels, held_out_labels), verdict = digits
    shares = []
    for goal in range(10):
        way = basket_transport(train[labels == goal], train[labels != goal])
        there = way.moved(held_out[held_out_labels != goal])
        shares.append((verdict(there) == goal).mean())
    assert min(shares) >= SHARE, shares


def test_a_class_direction_leads_towards_its_class(digits):
    (train, held_out), (labels, held_out_labels), _ = digits
    for goal in range(10):
        way = directions.class_direction(train, labels, goal)
        inside = way.places(held_out[held_out_labels == goal])
        outside = way.places(held_out[held_out_labels != goal])
        assert np.median(inside) > 0 > np.median(outside)


# courses: what sliders follow


@given(st.integers(0, 10_000), st.sampled_from(HOWS))
@settings(deadline=None, max_examples=20)
def test_a_course_brings_codes_to_where_the_wanted_kind_lies(seed, how):
    codes, has, unit = planted(seed, noise=0.5)
    course = basket_course(codes[has], codes[~has], how)
    start, end = codes[~has], course.arrived(codes[~has])
    assert np.median(end @ unit) >= np.median(codes[has] @ unit) - 0.3
    assert course.moved(start, 0.0) == pytest.approx(start)
    for code, there in zip(start[:3], end[:3], strict=True):
        assert course.moved(code, course.amount_to_arrive(code)) == pytest.approx(there)
    assert course.arrives
    assert course.in_spreads == (how != "transport")
    again = Course.from_plain(course.to_plain())
    assert again.moved(start, 0.3).tolist() == course.moved(start, 0.3).tolist()


def test_courses_tell_how_far_codes_lean():
    codes, has, _ = planted(2)
    line = basket_course(codes[has], codes[~has], "mean")
    carry = basket_course(codes[has], codes[~has], "transport")
    assert line.leaning(codes, line.moved(codes, 1.5)) == pytest.approx(1.5)
    assert carry.leaning(codes[~has], carry.moved(codes[~has], 1.0)) == pytest.approx(1.0)
    principal = Course("principal", directions.principal_directions(codes, 1)[0][0])
    assert not principal.arrives
    assert principal.amount_to_arrive(codes[0]) == 0.0


def test_codes_that_are_too_wide_are_not_transported():
    wide = np.zeros((3, WIDEST + 1))
    with pytest.raises(ValueError, match="too wide"):
        basket_course(wide, wide, "transport")
