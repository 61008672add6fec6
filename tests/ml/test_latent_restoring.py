"""Starts, pools and anchors: against closed forms of linear generators."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aegan_studio.experiment.parts import CodePart
from aegan_studio.ml.latent.codespace import CodeSpace
from aegan_studio.ml.latent.inversion import Pool, invert, last
from aegan_studio.ml.latent.restoring import completing, inpainting

WIDTH, VALUES = 4, 20


@pytest.fixture
def linear():
    """G(z) = z B + c with an encoder that is a little off, and its B and c."""
    rng = torch.Generator().manual_seed(0)
    slopes = torch.randn(WIDTH, VALUES, generator=rng)
    offset = torch.randn(VALUES, generator=rng)
    seen = []

    def encode(x):
        seen.append(len(x))
        return (x - offset) @ torch.linalg.pinv(slopes) + 0.1

    space = CodeSpace(
        lambda z: z @ slopes + offset,
        (CodePart("z", "Code", WIDTH),),
        lambda n, rng: torch.randn(n, WIDTH, generator=rng),
        encode=encode,
    )
    return space, slopes.numpy().astype(float), offset.numpy().astype(float), seen


def test_completions_are_as_near_to_their_random_codes_as_what_is_known_allows(linear):
    space, slopes, offset, _seen = linear
    known = np.zeros(VALUES, bool)
    known[:2] = True
    item = np.random.default_rng(0).normal(size=VALUES)
    weight, count = 0.5, 6
    starts = space.draw(count, torch.Generator().manual_seed(3)).numpy()
    found = last(
        completing(space, item, known, count=count, prior_weight=weight, steps=2000, seed=3)
    )
    # the minimum of mean (z B + c − y)² + w ½ mean (z − a)², with a the random code
    seen = slopes[:, known]
    left = 2 / known.sum() * seen @ seen.T + weight / WIDTH * np.eye(WIDTH)
    right = 2 / known.sum() * (item - offset)[known] @ seen.T + weight / WIDTH * starts
    assert np.allclose(found.codes, np.linalg.solve(left, right.T).T, atol=0.02)
    assert (found.items[:, known] == item[known].astype(np.float32)).all()
    assert found.codes.std(0).mean() > 0.3


def test_filling_in_knows_one_answer_and_leaves_what_is_known_untouched(linear):
    space, slopes, offset, _seen = linear
    del slopes, offset
    known = np.ones(VALUES, bool)
    known[5:9] = False
    items = np.random.default_rng(1).normal(size=(3, VALUES)).astype(np.float32)
    found = last(inpainting(space, items, known, steps=300))
    assert np.array_equal(found.items[:, known], items[:, known])
    assert not np.isclose(found.items[:, ~known], items[:, ~known]).any()


def test_a_pool_grows_and_stands_in_for_random_codes(linear):
    space, slopes, offset, _seen = linear
    sizes = [len(pool.codes) for pool in Pool.filling(space, 40)]
    assert sizes == [16, 32, 40]
    pool = last(Pool.filling(space, 40))
    assert torch.equal(pool.items, space.generate(pool.codes))
    item = pool.items[17:18].numpy()
    found = invert(space, item, pool=pool, starts=1, steps=1, every=1, encoder=False)
    assert found.losses[0] < 1e-9
    assert np.allclose(found.codes, pool.codes[17], atol=1e-5)
    del slopes, offset


def test_the_encoder_can_be_left_out(linear):
    space, _slopes, _offset, seen = linear
    item = space.generate(torch.ones(1, WIDTH)).numpy()
    invert(space, item, steps=2, encoder=False)
    assert not seen
    invert(space, item, steps=2)
    assert seen
