"""How weights start, and what layers say that do not fit."""

import math

import pytest
import torch

from aegan_studio.catalog import LAYERS
from aegan_studio.catalog.networks.mlp import MLP
from aegan_studio.experiment.parts import Role
from aegan_studio.ml.networks.build import build
from aegan_studio.ml.networks.layers import Site
from aegan_studio.ml.networks.misfit import MisfitError


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


WEIGHTED = {
    "linear": (({"width": 400}), (300,), 300),
    "convolution": ({"channels": 100, "kernel": 3}, (50, 6, 6), 450),
    "convolution-1d": ({"channels": 200, "kernel": 3}, (100, 6), 300),
}


@pytest.mark.parametrize("kind", WEIGHTED)
@pytest.mark.parametrize("scheme", ["he", "xavier", "orthogonal", "dcgan"])
def test_initial_weights_follow_their_scheme(kind, scheme):
    options, shape, fan_in = WEIGHTED[kind]
    entry = LAYERS[kind]
    before = torch.get_rng_state()
    module = entry.load()(entry.options(**options), shape, Site(rng(), initialisation=scheme))
    assert torch.equal(before, torch.get_rng_state())
    weight = module.weight.detach().flatten(1)
    assert not module.bias.any()
    if scheme == "he":
        assert float(weight.std()) == pytest.approx(math.sqrt(2 / fan_in), rel=0.02)
    elif scheme == "dcgan":
        assert float(weight.std()) == pytest.approx(0.02, rel=0.02)
    elif scheme == "xavier":
        fan_out = len(weight) * module.weight[0, 0].numel()
        bound = math.sqrt(6 / (fan_in + fan_out))
        assert float(weight.abs().max()) == pytest.approx(bound, rel=0.02)
    else:
        few = weight if len(weight) < weight.shape[1] else weight.T
        torch.testing.assert_close(few @ few.T, torch.eye(len(few)), rtol=0, atol=1e-4)


def test_the_default_of_a_block_is_torchs_own_scale():
    entry = LAYERS["residual"]
    module = entry.load()(entry.options(channels=8), (16, 6, 6), Site(rng()))
    bound = 1 / math.sqrt(16 * 9)
    assert float(module.body[1].weight.abs().max().detach()) == pytest.approx(bound, rel=0.02)


# What does not fit

MISFITS = {
    "attention": {"shape": (8,)},
    "pixel-shuffle": {"shape": (6, 2, 2)},
    "mean": {"shape": (6,)},
    "convolution-1d": {"shape": (6, 2, 2)},
    "embedding": {"shape": (6, 2)},
    "projection": {"shape": (6, 2)},
    "residual": {"shape": (6, 2)},
    "residual down": {"shape": (6, 1, 1), "sampling": "down"},
    "codebook": {"shape": (6,), "width": 4},
}


@pytest.mark.parametrize("name", MISFITS)
def test_a_layer_says_why_it_does_not_fit_and_what_helps(name):
    more = dict(MISFITS[name])
    shape = more.pop("shape")
    entry = LAYERS[name.removesuffix(" down")]
    with pytest.raises(MisfitError) as caught:
        entry.load()(entry.options(**more), shape, Site(device="meta", beside=5))
    assert len(str(caught.value)) > 20
    assert caught.value.remedy != type(caught.value.remedy)()


@pytest.mark.parametrize("scheme", ["he", "xavier", "orthogonal", "dcgan"])
def test_a_network_is_built_with_the_scheme_it_names(scheme):
    part = Role("decoder", "G", "Decoder", (64,), (64,))
    network = build(MLP(widths=(), initialisation=scheme), part, rng())
    weight = network.state_dict()["0.weight"]
    spread = {"he": math.sqrt(2 / 64), "xavier": 0.125, "orthogonal": 0.125, "dcgan": 0.02}
    assert float(weight.std()) == pytest.approx(spread[scheme], rel=0.05)
    plain = build(MLP(widths=()), part, rng()).state_dict()["0.weight"]
    assert not torch.equal(weight, plain)
