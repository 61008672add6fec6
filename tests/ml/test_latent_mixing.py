"""Mixed codes take each of their parts whole from one source or the other."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aegan_studio.experiment import Experiment
from aegan_studio.ml.latent import mixing
from aegan_studio.ml.model import Model
from aegan_studio.ml.networks.layers import Join
from aegan_studio.ml.networks.layers.site import Site
from aegan_studio.ml.networks.network import Network


def experiment(method):
    return Experiment.parse({"dataset": "digits", "method": method})


def labels(strands):
    return [str(strand.label) for strand in strands]


def test_a_conditional_model_has_noise_and_class():
    strands = mixing.parts_of(experiment({"kind": "gan", "labels": "conditional", "latent_dim": 6}))
    assert labels(strands) == ["Noise", "Class"]
    assert [(s.start, s.stop) for s in strands] == [(0, 6), (6, 16)]


def test_an_infogan_has_three_parts_and_a_vae_one():
    assert len(mixing.parts_of(experiment({"kind": "infogan"}))) == 3
    assert len(mixing.parts_of(experiment({"kind": "vae", "latent_dim": 5}))) == 1


def test_the_places_of_a_vq_vae_can_be_told_apart():
    method = {"kind": "vq-vae", "positions": 4, "width": 3}
    strands = mixing.parts_of(experiment(method))
    assert labels(strands) == ["place 1", "place 2", "place 3", "place 4"]
    assert [(s.start, s.stop) for s in strands] == [(0, 3), (3, 6), (6, 9), (9, 12)]


@given(st.integers(1, 200))
def test_strands_cover_every_value_once(dimensions):
    strands = mixing.values_of(dimensions)
    assert len(strands) == min(dimensions, mixing.MOST_STRANDS)
    covered = np.concatenate([np.arange(s.start, s.stop) for s in strands])
    assert covered.tolist() == list(range(dimensions))
    assert all(strand.stop > strand.start for strand in strands)


@given(st.integers(1, 6), st.integers(1, 5), st.integers(1, 20), st.data())
def test_every_value_of_a_mixture_is_that_of_its_row_or_its_column(rows, columns, d, data):
    a = np.arange(rows * d, dtype=float).reshape(rows, d)
    b = -1.0 - np.arange(columns * d, dtype=float).reshape(columns, d)
    strands = mixing.values_of(d)
    chosen = data.draw(st.sets(st.integers(0, len(strands) - 1)))
    mask = mixing.taken(strands, sorted(chosen), d)
    made = mixing.mixtures(a, b, mask)
    assert made.shape == (rows, columns, d)
    for row in range(rows):
        for column in range(columns):
            assert np.array_equal(made[row, column][mask], b[column][mask])
            assert np.array_equal(made[row, column][~mask], a[row][~mask])


def test_the_class_of_another_code_is_asked_for_and_the_rest_stays():
    strands = mixing.parts_of(experiment({"kind": "gan", "labels": "conditional", "latent_dim": 4}))
    rng = np.random.default_rng(0)
    noise, eye = rng.normal(size=(3, 4)), np.eye(10)
    rows = np.concatenate((noise, eye[[1, 2, 3]]), axis=1)
    columns = np.concatenate((rng.normal(size=(2, 4)), eye[[7, 8]]), axis=1)
    made = mixing.mixtures(rows, columns, mixing.taken(strands, [1], 14))
    assert np.array_equal(made[:, :, :4], np.repeat(noise[:, None], 2, axis=1))
    assert made[:, :, 4:].argmax(axis=2).tolist() == [[7, 8]] * 3


@pytest.fixture
def layered():
    """A generator that takes its code of three values at the first layer and twice beside."""
    site = Site(torch.Generator().manual_seed(0), "cpu", 3)
    layers = [
        torch.nn.Linear(3, 5),
        torch.nn.Tanh(),
        Join((5,), 0, site, spectral=False),
        torch.nn.Linear(8, 4),
        Join((4,), 2, site, spectral=False),
        torch.nn.Linear(6, 2),
    ]
    return Network(layers).eval()


def test_a_generator_says_where_its_code_enters(layered):
    assert mixing.entries(layered) == (0, 2, 4)
    built = Model.build(experiment({"kind": "gan", "latent_dim": 3})).networks["generator"]
    assert mixing.entries(built) == (0,)


def test_crossover_goes_from_all_of_one_code_to_all_of_the_other(layered):
    first, second = torch.randn(2, 7, 3, generator=torch.Generator().manual_seed(1))
    whole = [layered(code, code).detach() for code in (first, second)]
    torch.testing.assert_close(mixing.crossover(layered, first, second, 6), whole[0])
    torch.testing.assert_close(mixing.crossover(layered, first, second, 0), whole[1])
    coarse = mixing.crossover(layered, first, second, 3)
    inner = torch.cat((torch.tanh(layered.layers[0](first)), first), 1)
    by_hand = layered.layers[5](layered.layers[4](layered.layers[3](inner), second)).detach()
    torch.testing.assert_close(coarse, by_hand)
    assert not torch.allclose(coarse, whole[0])
    assert not torch.allclose(coarse, whole[1])
