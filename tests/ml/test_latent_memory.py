"""The memory check: exact neighbours in short pieces; where a distance lies among usual ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aegan_studio.ml.latent import memory as module
from aegan_studio.ml.latent.memory import Memory, percentiles, whole


def search(train, samples, k):
    """Rows and distances of the k nearest, the slow way."""
    away = np.sqrt(((samples[:, None] - train[None]) ** 2).sum(axis=2))
    rows = np.argsort(away, axis=1, kind="stable")[:, :k]
    return rows, np.take_along_axis(away, rows, 1)


@pytest.fixture
def short_pieces(monkeypatch):
    """Blocks and parts so small that a handful of items needs many."""
    monkeypatch.setattr(module, "NUMBERS", 1)
    monkeypatch.setattr(module, "AT_ONCE", 3)
    monkeypatch.setattr(module, "PIECE_SECONDS", 0.0)


@given(st.integers(0, 10_000), st.integers(1, 12), st.sampled_from([1, 3, 40]))
def test_neighbours_are_those_of_an_exhaustive_search(seed, k, d):
    rng = np.random.default_rng(seed)
    train, samples = rng.normal(size=(90, d)) * 10.0 + 100.0, rng.normal(size=(7, d)) * 10.0 + 100.0
    indices, distances = whole(Memory(train).finding(samples, k))
    where, known = search(train, samples, k)
    np.testing.assert_allclose(distances, known)
    np.testing.assert_array_equal(indices, where)


def test_the_result_does_not_depend_on_the_pieces(short_pieces):
    rng = np.random.default_rng(1)
    train, samples = rng.normal(size=(300, 5)), rng.normal(size=(20, 5))
    pieces = Memory(train).finding(samples, 4)
    shares, result = [], None
    while result is None:
        try:
            shares.append(next(pieces))
        except StopIteration as end:
            result = end.value
    assert len(shares) > 50
    assert shares == sorted(shares)
    assert 0.0 <= shares[0] < shares[-1] <= 1.0
    where, known = search(train, samples, 4)
    np.testing.assert_allclose(result[1], known)
    np.testing.assert_array_equal(result[0], where)


def test_pictures_of_bytes_are_measured_over_values_from_0_to_1():
    rng = np.random.default_rng(2)
    train = rng.integers(0, 256, (50, 8, 8), dtype=np.uint8)
    sample = train[[20]].copy()
    sample[0, 0, 0] ^= 255
    change = abs(int(sample[0, 0, 0]) - int(train[20, 0, 0])) / 255
    indices, distances = whole(Memory(train).finding(sample, 1))
    assert indices.tolist() == [[20]]
    assert distances[0, 0] == pytest.approx(change)
    assert whole(Memory(train).finding(train[[4]], 1))[1].tolist() == [[0.0]]


def test_of_equally_near_items_the_first_come_first():
    train = np.zeros((40, 3))
    indices, _ = whole(Memory(train).finding(np.zeros((1, 3)), 5))
    assert sorted(indices[0].tolist()) == indices[0].tolist()


def test_no_more_neighbours_are_found_than_there_are():
    indices, distances = whole(Memory(np.eye(3)).finding(np.eye(3), 24))
    assert indices.shape == distances.shape == (3, 3)


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(ValueError, match="finite"):
        Memory(np.array([[np.nan, 1.0]]))
    with pytest.raises(ValueError, match="no training items"):
        Memory(np.zeros((0, 4)))
    with pytest.raises(ValueError, match="3 values, not 2"):
        whole(Memory(np.zeros((4, 2))).finding(np.zeros((1, 3)), 1))


def test_a_share_of_the_held_out_items_is_nearer():
    usual = [1.0, 2.0, 3.0, 4.0]
    assert percentiles(usual, [0.5, 1.0, 2.5, 9.0]).tolist() == [0.0, 12.5, 50.0, 100.0]


def test_copies_stand_out_and_new_items_do_not():
    rng = np.random.default_rng(3)
    train, held_out = rng.normal(size=(400, 6)), rng.normal(size=(400, 6))
    memory = Memory.fit(train, held_out)
    copies = train[:100] + 1e-3 * rng.normal(size=(100, 6))
    fresh = rng.normal(size=(400, 6))
    near = memory.usual[int(0.05 * len(memory.usual))]
    assert (memory.check(copies, 1).distances[:, 0] < near).all()
    assert (memory.check(fresh, 1).distances[:, 0] < near).mean() == pytest.approx(0.05, abs=0.04)
