"""Planes agree with scikit-learn's PCA and lead back to the codes they came from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.decomposition import PCA

from aegan_studio.messages import StudioError
from aegan_studio.ml.latent.projection import Projection


@st.composite
def clouds(draw):
    """Codes whose variances along their axes differ clearly, so that the axes are fixed."""
    d = draw(st.integers(2, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    rotation = np.linalg.qr(rng.normal(size=(d, d)))[0]
    return rng.normal(size=(60, d)) * 2.0 ** -np.arange(d) @ rotation + rng.normal(size=d)


@settings(deadline=None)
@given(clouds())
def test_principal_components_are_those_of_scikit_learn(cloud):
    ours, theirs = Projection.fit(cloud, 2), PCA(2).fit(cloud)
    assert ours.project(cloud) == pytest.approx(theirs.transform(cloud), abs=1e-8)
    assert ours.explained == pytest.approx(theirs.explained_variance_ratio_, abs=1e-12)


@given(clouds())
def test_all_components_together_lose_nothing(cloud):
    full = Projection.fit(cloud, cloud.shape[1])
    assert full.unproject(full.project(cloud)) == pytest.approx(cloud, abs=1e-9)
    assert full.explained.sum() == pytest.approx(1.0)


@given(clouds(), arrays(np.float64, 2, elements=st.floats(-10, 10)))
def test_a_place_leads_to_a_code_that_lies_there_and_keeps_the_rest(cloud, place):
    plane, base = Projection.fit(cloud, 2), cloud[0]
    code = plane.unproject(place, base)
    assert plane.project(code) == pytest.approx(place, abs=1e-9)
    full = Projection.fit(cloud, cloud.shape[1])
    assert full.project(code)[2:] == pytest.approx(full.project(base)[2:], abs=1e-9)


@given(clouds())
def test_the_place_of_a_code_leads_back_to_it(cloud):
    plane = Projection.fit(cloud, 2)
    assert plane.unproject(plane.project(cloud[3]), cloud[3]) == pytest.approx(cloud[3], abs=1e-9)


@given(clouds())
def test_axes_face_the_way_they_faced_before(cloud):
    before = Projection.fit(cloud, 2)
    flipped = Projection(before.mean, -before.axes, before.explained, before.kind, before.indices)
    assert flipped.facing(before).axes == pytest.approx(before.axes)


def test_a_plane_of_two_values_shows_them_as_they_are():
    plane = Projection.of_values(5, (1, 4))
    assert plane.project([0.0, 1.0, 2.0, 3.0, 4.0]).tolist() == [1.0, 4.0]
    assert plane.unproject([7.0, 8.0], np.arange(5.0)).tolist() == [0.0, 7.0, 2.0, 3.0, 8.0]
    assert np.isnan(plane.explained).all()


def test_some_components_can_be_chosen():
    cloud = np.random.default_rng(0).normal(size=(50, 6)) * np.arange(1, 7)
    all_three = Projection.fit(cloud, 3)
    last_two = all_three.only((1, 2))
    assert last_two.indices == (1, 2)
    assert last_two.project(cloud) == pytest.approx(all_three.project(cloud)[:, 1:])


def test_wide_codes_find_the_same_components():
    rng = np.random.default_rng(1)
    cloud = rng.normal(size=(120, 900)) * np.linspace(0.5, 1.0, 900)
    cloud[:, :2] *= (40.0, 20.0)
    ours, theirs = Projection.fit(cloud, 2), PCA(2, svd_solver="full").fit(cloud)
    assert ours.project(cloud) == pytest.approx(theirs.transform(cloud), abs=1e-6)


def test_codes_that_all_agree_have_no_variance_to_explain():
    plane = Projection.fit(np.ones((10, 3)), 2)
    assert plane.explained.tolist() == [0.0, 0.0]
    assert plane.project(np.ones(3)) == pytest.approx([0.0, 0.0])


@st.composite
def threes(draw):
    """Three codes that are no line."""
    d = draw(st.integers(2, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    return rng.normal(size=(3, d)) * draw(st.floats(1e-3, 1e3)) + rng.normal(size=d)


@given(threes())
def test_a_plane_through_three_codes_holds_them_at_true_distances(codes):
    plane = Projection.through(codes)
    places = plane.project(codes)
    scale = np.abs(codes).max()
    assert plane.axes @ plane.axes.T == pytest.approx(np.eye(2), abs=1e-12)
    assert plane.unproject(places) == pytest.approx(codes, abs=1e-10 * scale)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        away = np.linalg.norm(codes[one] - codes[other])
        assert np.linalg.norm(places[one] - places[other]) == pytest.approx(away, rel=1e-9)
    assert places[0] == pytest.approx([0.0, 0.0])
    assert places[1][0] > 0.0
    assert places[2][1] > 0.0


@given(threes(), st.floats(-5, 5), st.floats(-5, 5))
def test_places_of_such_a_plane_lie_in_it_whatever_the_code_was(codes, x, y):
    plane = Projection.through(codes)
    elsewhere = plane.unproject([x, y], np.full(codes.shape[1], 7.0))
    assert plane.project(elsewhere) == pytest.approx([x, y], abs=1e-8)
    assert elsewhere == pytest.approx(plane.unproject([x, y]))


@pytest.mark.parametrize(
    "codes", [np.zeros((3, 4)), np.outer([0, 1, 2], np.ones(4)), np.eye(4)[[0, 0, 1]]]
)
def test_three_codes_on_one_line_are_refused_in_words(codes):
    with pytest.raises(StudioError, match="one line"):
        Projection.through(codes)
