"""The bundled recipes: all of them train, and the fast part of what they promise.

What needs minutes is measured by ``python -m aegan_studio.bench.recipes``.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from aegan_studio.bench import promises, quality, recipes
from aegan_studio.bench.quality import DigitReaders
from aegan_studio.catalog import checks, recipe
from aegan_studio.catalog import recipes as bundled
from aegan_studio.experiment.events import Evaluated, Finished, Progress
from aegan_studio.ml import device
from aegan_studio.ml.metrics.modes import Modes
from aegan_studio.ml.networks.inspect import inspect
from aegan_studio.ml.trainer import Trainer

NAMES = [known.name for known in bundled()]
DIGITS = [name for name in NAMES if recipe(name).dataset.kind == "digits"]
ONE_THREAD = {"training.threads": 1}


def trained(name: str, **edits: object) -> quality.Trained:
    paths = {path.replace("__", "."): value for path, value in edits.items()}
    return quality.train(recipe(name).with_options({**ONE_THREAD, **paths}))


@pytest.mark.parametrize("name", NAMES)
def test_every_recipe_trains(name: str) -> None:
    trainer = Trainer(recipe(name).with_options({**ONE_THREAD, "training.steps": 3}))
    trainer.wants = set()
    list(trainer.prepare())
    events = list(trainer.run())
    values = np.concatenate([event.values for event in events if isinstance(event, Progress)])
    there = ~np.isnan(values[0])  # terms that are off report nothing
    assert there.sum() >= len(recipe(name).phases)
    assert np.isfinite(values[0][there]).all()
    assert events[-1] == Finished(3, "done")


def test_every_recipe_is_measured_and_named_in_the_table() -> None:
    assert recipes.missing() == []
    table = recipes.RESULTS.read_text("utf-8")
    promising = [case.recipe for case in promises.CASES]
    assert [name for name in promising if f"**{name}**" not in table] == []


@pytest.mark.parametrize("name", DIGITS)
@pytest.mark.parametrize("side", [8, 16, 28])
def test_recipes_of_digits_take_every_side(name: str, side: int) -> None:
    experiment = recipe(name).with_options({"dataset.side": side})
    assert experiment.data_info().shape == (1, side, side)
    assert not checks.problems(experiment)
    assert not inspect(experiment).problems


@pytest.mark.parametrize("name", NAMES)
def test_recipes_fit_their_data_and_networks(name: str) -> None:
    assert not checks.problems(recipe(name))
    assert not inspect(recipe(name)).problems


def test_the_smallest_gan_is_that_of_gan_lab() -> None:
    """Kahng et al. 2018: 2-8-8-2 against 2-8-8-1, batch 150, SGD .1, two D updates for one G."""
    experiment = recipe("gan-lab")
    report = inspect(experiment)
    widths = {
        role: [layer.out_shape for layer in network.layers if layer.kind == "linear"]
        for role, network in report.networks.items()
    }
    assert widths == {"generator": [(8,), (8,), (2,)], "discriminator": [(8,), (8,), (1,)]}
    assert experiment.get("phases.discriminator.updates") == 2
    assert experiment.get("training.batch_size") == 150


def test_the_bound_of_the_vae_falls() -> None:
    trainer = Trainer(recipe("digits-vae").with_options({**ONE_THREAD, "training.steps": 300}))
    trainer.wants = set()
    list(trainer.prepare())
    bounds = [event.values["bound"] for event in trainer.run() if isinstance(event, Evaluated)]
    assert len(bounds) == 3
    assert bounds[-1] < bounds[0] < 64 * math.log(2)


def test_a_moment_of_training_rebuilds_digits_that_can_be_read() -> None:
    learned = trained("digits-autoencoder", training__steps=300)
    readers = DigitReaders.learn(learned.data)
    held_out = learned.data.held_out
    assert readers.accuracy > 0.97
    assert readers.real.recognised > 0.95
    assert readers.right(learned.rebuilt(held_out), learned.data.held_out_labels) > 0.8
    noise = torch.rand(held_out.shape, generator=torch.Generator().manual_seed(0))
    assert readers.read(noise).shares.min() == 0


def test_training_takes_tiny_numbers_for_zero_and_leaves_them_to_others() -> None:
    """Weight decay makes thousands of them, and they slow the article's GAN down twelvefold."""
    if not torch.set_flush_denormal(False):
        pytest.skip("this processor cannot")
    tiny = torch.full((64,), 1e-39)
    with device.no_subnormals():
        assert not (tiny * 0.5).any()
    assert (tiny * 0.5).all()


def test_modes_are_counted_within_three_standard_deviations() -> None:
    rng = np.random.default_rng(0)
    centres = np.array([[0.0, 0.0], [5.0, 0.0], [0.0, 5.0]])
    exact = centres[rng.integers(3, size=10_000)] + rng.standard_normal((10_000, 2)) * 0.1
    modes = Modes.count(exact, centres, 0.1)
    assert modes.found == 3
    assert modes.high_quality == pytest.approx(1 - math.exp(-4.5), abs=0.005)
    assert modes.smallest == pytest.approx(1 / 3, abs=0.02)
    assert Modes.count(np.full((10, 2), 2.5), centres, 0.1).found == 0


def test_the_energy_distance_of_one_distribution_to_itself_is_none() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.standard_normal((2, 800, 2))
    assert abs(quality.energy_distance(first, second)) < 0.01
    assert quality.energy_distance(first, second + 1) > 0.2


def test_the_table_says_what_was_measured() -> None:
    case = promises.Case("digits-linear-autoencoder", promises._linear, 60)
    outcome, learned = recipes.measured(case, {"training.steps": 20, "method.latent_dim": 2})
    table = recipes.to_markdown([outcome])
    assert "| **digits-linear-autoencoder** `training.steps=20`" in table
    assert "✗" in table
    assert recipes.sheet(learned).startswith(b"\x89PNG")
