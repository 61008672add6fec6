"""What is said of a network before training: what it makes, and how fast it would learn."""

import math

import numpy as np
import pytest
import torch

from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment import Experiment
from aegan_studio.ml.networks.build import build
from aegan_studio.ml.networks.inspect import inspect
from aegan_studio.ml.networks.pace import Pace, measure
from aegan_studio.ml.networks.untrained import untrained
from aegan_studio.ui.panels.layers.estimate import (
    PER_PHASE,
    PER_WEIGHT,
    faster,
    seconds_per_step,
    training_bytes,
)


def made_of(experiment, role, count=8):
    values = inspect(experiment).networks[role].values
    return untrained(experiment, role, count, values)


def test_pictures_are_those_of_the_network_with_its_first_weights():
    experiment = recipe("photo-gan")
    shown = made_of(experiment, "generator")
    role = experiment.roles()[0]
    rng = torch.Generator().manual_seed(experiment.seed)
    network = build(experiment.networks["generator"], role, rng).train()
    z = torch.randn(8, *role.inputs, generator=rng)
    with torch.no_grad():
        wanted = network(z)[:, 0].numpy()
    assert np.abs(shown.pictures / 127.5 - 1 - wanted).max() <= 0.5 / 127.5 + 1e-4
    assert shown.spread == pytest.approx(float(wanted.std()), rel=1e-4)
    again = made_of(experiment, "generator")
    assert np.array_equal(shown.pictures, again.pictures), "the experiment's seed decides"


def test_showing_leaves_the_global_chance_alone():
    before = torch.get_rng_state()
    made_of(recipe("digits-autoencoder"), "encoder")
    measure()
    assert torch.equal(torch.get_rng_state(), before)


def test_codes_and_verdicts_come_as_values():
    made = made_of(recipe("digits-gan"), "discriminator")
    assert made.pictures is None
    assert made.values.shape[1] == 1
    assert len(made.values) >= 32


def test_signals_that_die_out_are_seen():
    """A stack of linear layers with weights of σ .02 and width 64 shrinks signals by 6 each."""
    layers = [{"kind": "flatten"}, *({"kind": "linear", "width": 64} for _ in range(6))]
    experiment = Experiment.parse(
        {
            "dataset": "digits",
            "method": {"kind": "autoencoder", "latent_dim": 64},
            "networks": {"encoder": {"kind": "layers", "layers": layers}},
        }
    )
    default = made_of(experiment, "encoder").spread
    small = made_of(
        experiment.with_options({"networks.encoder.initialisation": "dcgan"}), "encoder"
    ).spread
    assert small < default
    assert made_of(
        experiment.with_options({"networks.encoder.initialisation": "orthogonal"}), "encoder"
    ).spread == pytest.approx(1.0, rel=0.2), "orthogonal maps keep lengths"


def test_the_pace_of_this_computer_is_plausible():
    pace = measure()
    assert 1e7 < pace.pictures <= pace.rows < 1e14
    assert 1e5 < pace.values < 1e12
    assert 1e-7 < pace.layer < 1


def test_the_estimate_adds_up_by_hand():
    """One linear network of 64·8 + 8 weights each way, one phase."""
    flat = [{"kind": "flatten"}, {"kind": "linear", "width": 8}]
    back = [{"kind": "linear", "width": 64}, {"kind": "reshape", "shape": [1, 8, 8]}]
    experiment = Experiment.parse(
        {
            "dataset": "digits",
            "method": {"kind": "autoencoder", "latent_dim": 8},
            "networks": {
                "encoder": {"kind": "layers", "layers": flat},
                "decoder": {"kind": "layers", "layers": back},
            },
            "training": {"batch_size": 10},
        }
    )
    pace = Pace(rows=1e6, pictures=1e6, values=1e5, layer=1e-3)
    weights = 64 * 8 + 8 + 8 * 64 + 64
    flops = 2 * (64 * 8) + 2 * (8 * 64)
    values = 64 + 8 + 64 + 64
    wanted = 3 * 10 * flops / 1e6 + 10 * values / 1e5 + 4 * 1e-3
    wanted += PER_WEIGHT * weights / 1e5 + PER_PHASE * 1e-3
    inspection = inspect(experiment)
    assert seconds_per_step(experiment, inspection, pace) == pytest.approx(wanted)
    report = inspection.networks["encoder"]
    assert training_bytes(report, 10) == 16 * (64 * 8 + 8) + 8 * 10 * (64 + 8)
    quick = Pace(rows=2e6, pictures=1.0, values=1.0, layer=1.0)
    assert faster(pace, quick) == Pace(rows=2e6, pictures=1e6, values=1e5, layer=1e-3)


def test_a_network_that_does_not_fit_has_no_estimate():
    experiment = recipe("digits-autoencoder").with_options(
        {"networks.decoder.kind": "layers", "networks.decoder.layers": [{"kind": "transposed"}]}
    )
    pace = Pace(rows=1e6, pictures=1e6, values=1e5, layer=1e-3)
    assert math.isnan(seconds_per_step(experiment, inspect(experiment), pace))
