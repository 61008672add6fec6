"""Maps without axes: they keep neighbours, and lead to codes and back."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.datasets import load_digits
from sklearn.manifold import TSNE, trustworthiness

from aegan_studio.messages import StudioError
from aegan_studio.ml.latent.embedding import (
    Embedded,
    Tsne,
    Umap,
    density,
    nearest_codes,
    nearest_pieces,
)


def ended(pieces):
    """What a generator returns."""
    while True:
        try:
            next(pieces)
        except StopIteration as stop:
            return stop.value


def embedded(seed=0, count=60, d=5):
    rng = np.random.default_rng(seed)
    return Embedded(rng.normal(size=(count, d)), rng.normal(size=(count, 2)), "tsne")


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000), st.integers(0, 59))
def test_a_point_of_the_map_and_its_code_lead_to_each_other(seed, row):
    plane = embedded(seed)
    assert plane.unproject(plane.places[row]) == pytest.approx(plane.codes[row], abs=1e-12)
    assert plane.project(plane.codes[row]) == pytest.approx(plane.places[row], abs=1e-12)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000), st.floats(-2, 2), st.floats(-2, 2))
def test_between_points_codes_change_without_jumps(seed, x, y):
    plane = embedded(seed)
    step = 1e-7
    here, beside = plane.unproject([[x, y], [x + step, y]])
    assert np.abs(here - beside).max() < 1e-3
    low, high = plane.codes.min(axis=0), plane.codes.max(axis=0)
    assert ((here >= low - 1e-9) & (here <= high + 1e-9)).all()


def test_places_come_in_the_shape_of_the_codes():
    plane = embedded()
    assert plane.project(plane.codes.reshape(6, 10, 5)).shape == (6, 10, 2)
    assert plane.unproject(np.zeros((3, 4, 2))).shape == (3, 4, 5)
    assert plane.project(np.zeros((0, 5))).shape == (0, 2)


def test_one_known_point_is_everywhere():
    plane = Embedded(np.ones((1, 3)), np.zeros((1, 2)), "tsne")
    assert plane.unproject([5.0, 5.0]).tolist() == [1.0, 1.0, 1.0]
    assert plane.project([9.0, 9.0, 9.0]).tolist() == [0.0, 0.0]


def test_neighbours_are_those_that_all_distances_give():
    points = np.random.default_rng(1).normal(size=(600, 4))
    rows, distances = ended(nearest_pieces(points, 7))
    gaps = np.linalg.norm(points[:, None] - points[None], axis=-1)
    np.fill_diagonal(gaps, np.inf)
    assert rows.tolist() == np.argsort(gaps, axis=1)[:, :7].tolist()
    assert distances == pytest.approx(np.sort(gaps, axis=1)[:, :7], abs=1e-7)


def laid_out(points, iterations=500, **options):
    tsne = ended(Tsne.preparing(points, **options))
    tsne.advance(iterations)
    return tsne


def test_tsne_is_as_trustworthy_as_that_of_scikit_learn():
    points = load_digits().data[:400]
    ours = laid_out(points, 600, perplexity=20).places
    theirs = TSNE(perplexity=20, max_iter=600, random_state=0).fit_transform(points)
    mine, other = (trustworthiness(points, places, n_neighbors=10) for places in (ours, theirs))
    assert mine > other - 0.01


def test_iterations_in_pieces_are_those_in_one():
    points = np.random.default_rng(2).normal(size=(80, 6))
    whole, parts = laid_out(points, 40, perplexity=10), laid_out(points, 0, perplexity=10)
    for _ in range(4):
        parts.advance(10)
    assert parts.iterations == whole.iterations == 40
    assert parts.places == pytest.approx(whole.places, rel=1e-6)


def test_the_same_seed_gives_the_same_map():
    points = np.random.default_rng(3).normal(size=(70, 6))
    one, same, other = (laid_out(points, 30, seed=seed).places for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_running_on_from_given_places_stays_near_them_and_lowers_the_divergence():
    points = np.random.default_rng(4).normal(size=(90, 6))
    first = laid_out(points, 300)
    on = ended(Tsne.preparing(points, start=first.places))
    on.advance(50)
    assert np.corrcoef(on.places.ravel(), first.places.ravel())[0, 1] > 0.9
    shaken = on.places
    on.perturb(0.2, seed=5)
    assert not np.array_equal(on.places, shaken)


def test_codes_that_agree_can_be_laid_out():
    points = np.repeat(np.random.default_rng(5).normal(size=(10, 3)), 5, axis=0)
    assert np.isfinite(laid_out(points, 60, perplexity=50).places).all()


def test_too_few_codes_are_refused_in_words():
    with pytest.raises(StudioError, match="four"):
        ended(Tsne.preparing(np.zeros((3, 2))))


@pytest.mark.timeout(300)  # its compiler needs a minute
@pytest.mark.skipif(importlib.util.find_spec("umap") is None, reason="umap is an extra")
def test_umap_keeps_neighbours_and_runs_apart():
    points = load_digits().data[:200]
    way = Umap(points, neighbours=10)
    try:
        while not way.wait(1.0):
            pass
        assert trustworthiness(points, way.places, n_neighbors=10) > 0.9
    finally:
        way.end()


def test_a_umap_that_is_ended_leaves_no_process():
    way = Umap(np.zeros((20, 2)))
    process = way._process
    way.end()
    with pytest.raises(ValueError, match="closed"):
        process.is_alive()


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_nearest_codes_agree_with_scikit_learn(metric):
    from sklearn.neighbors import NearestNeighbors

    codes = np.random.default_rng(6).normal(size=(300, 5)).astype(np.float32)
    code = np.array([0.3, -1.0, 0.2, 0.0, 2.0])
    rows, distances = nearest_codes(codes, code, 12, metric)
    theirs = NearestNeighbors(n_neighbors=12, metric=metric, algorithm="brute").fit(codes)
    expected, indices = theirs.kneighbors(code[None])
    assert rows.tolist() == indices[0].tolist()
    assert distances == pytest.approx(expected[0], abs=1e-5)
    assert len(nearest_codes(codes[:3], code, 12, metric)[0]) == 3


def test_density_orders_places_as_the_law_they_were_drawn_from():
    places = np.random.default_rng(7).normal(size=(20_000, 2))
    found = density(places)
    assert found.shape == (20_000,)
    assert spearmanr(found, -np.linalg.norm(places, axis=1)).statistic > 0.95
    assert density(np.zeros((5, 2))) == pytest.approx(np.ones(5))
