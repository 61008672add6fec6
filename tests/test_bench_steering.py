"""The measure of steering: every way is tried on every class, and told as it is."""

from __future__ import annotations

import json

import numpy as np

from aegan_studio.bench import quality, steering
from aegan_studio.bench.quality import DigitReaders
from aegan_studio.catalog import recipe
from aegan_studio.ml.latent.courses import HOWS


def test_a_model_that_learned_a_little_is_steered_and_the_worst_class_is_named():
    quick = {"training.threads": 1, "training.steps": 600}
    trained = quality.train(recipe("digits-autoencoder").with_options(quick))
    readers = DigitReaders.learn(trained.data)
    rows = list(steering.steer("digits-autoencoder", trained, readers))
    assert [row.how for row in rows] == list(HOWS)
    for row in rows:
        assert row.moved.shape == (10,)
        assert row.worst == (int(row.moved.argmin()), row.moved.min())
        assert row.mean == row.moved.mean()
        assert (row.moved > row.before).all()  # every class is nearer than without moving
    carried, mean, _ = rows
    assert carried.mean > mean.mean
    assert carried.mean >= steering.TARGET
    table = steering.to_markdown(rows, readers.accuracy)
    assert f"{carried.worst[0]}: {carried.worst[1]:.2f}" in table
    plain = json.loads(json.dumps(carried.to_plain()))
    np.testing.assert_allclose(plain["moved"], carried.moved, atol=1e-4)
