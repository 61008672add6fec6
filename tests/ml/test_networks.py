"""Networks are built as described, run as torch's own modules do, and draw only where told."""

import copy
import math

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from aegan_studio.catalog import METHODS, NETWORKS
from aegan_studio.catalog.networks.custom import Layers
from aegan_studio.catalog.networks.mlp import MLP
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import Role
from aegan_studio.messages import StudioError
from aegan_studio.ml.networks.build import build

DATA = (
    {"kind": "ring"},
    {"kind": "digits"},
    {"kind": "digits", "side": 28, "scaling": "symmetric"},
    {"kind": "photo-patches", "side": 32, "colour": True},
)


def roles():
    """Every part of every method, those with the same shapes once."""
    seen = set()
    for method in METHODS:
        for data in DATA:
            experiment = Experiment.parse({"dataset": data, "method": method.kind})
            for role in experiment.roles():
                what = (role.name == "codebook", role.inputs, role.outputs, role.beside)
                if what in seen:
                    continue
                seen.add(what)
                shape = "x".join(map(str, experiment.data_info().shape))
                yield pytest.param(role, id=f"{method.kind}-{role.name}-{shape}")


def role(inputs, outputs):
    return Role("decoder", "G", "Decoder", inputs, outputs)


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def written(*layers):
    return Layers(layers=layers)


@pytest.mark.parametrize("role", tuple(roles()))
@pytest.mark.parametrize("preset", [kind for kind in NETWORKS.kinds() if kind != "layers"])
def test_every_preset_serves_every_role_it_fits(preset, role):
    options = NETWORKS[preset].options()
    if options.unfit(role):
        with pytest.raises(StudioError):
            build(options, role, rng())
        return
    before = torch.get_rng_state()
    network = build(options, role, rng())
    assert torch.equal(before, torch.get_rng_state())
    x = torch.randn(3, *role.inputs, generator=rng())
    if preset == "causal":
        x = torch.randint(0, role.outputs[0], x.shape, generator=rng()).float()
    made = network(x, torch.rand(3, role.beside) if role.beside else None)
    assert made.shape == (3, *role.outputs)
    low = {"unit": 0.0, "symmetric": -1.0, "unbounded": -math.inf}[role.output_range]
    assert made.min() >= low


LISTS = {
    "mlp": (
        (8,),
        (5,),
        [{"kind": "linear", "width": 7}, "activation", {"kind": "linear", "width": 5}],
    ),
    "norms": (
        (16, 4, 4),
        (16, 4, 4),
        [{"kind": "norm", "over": over} for over in ("batch", "layer", "group", "instance")],
    ),
    "vector norms": (
        (16,),
        (16,),
        [{"kind": "norm", "over": o} for o in ("batch", "layer", "group")],
    ),
    "bends": (
        (6,),
        (6,),
        [
            {"kind": "activation", "function": name}
            for name in (
                "relu",
                "leaky-relu",
                "elu",
                "gelu",
                "silu",
                "mish",
                "softplus",
                "tanh",
                "sigmoid",
                "softmax",
            )
        ],
    ),
    "blocks": (
        (4, 8, 8),
        (3,),
        [
            {"kind": "convolution", "channels": 6},
            {"kind": "residual", "channels": 8, "sampling": "down", "norm": "batch"},
            "activation",
            {"kind": "residual", "channels": 8, "activation": "leaky-relu"},
            "attention",
            {"kind": "residual", "channels": 4, "sampling": "up", "norm": "layer"},
            {"kind": "pixel-shuffle"},
            {"kind": "residual", "channels": 6, "norm": "instance"},
            "minibatch-stddev",
            {"kind": "convolution", "channels": 3},
            "mean",
        ],
    ),
    "rows": (
        (6,),
        (5,),
        [
            {"kind": "residual", "channels": 9, "norm": "layer"},
            {"kind": "maxout", "width": 7, "pieces": 3},
            {"kind": "residual", "channels": 7, "norm": "batch"},
            "minibatch-stddev",
            {"kind": "linear", "width": 5},
        ],
    ),
    "spectral": (
        (3, 8, 8),
        (5,),
        [
            {"kind": "convolution", "channels": 6, "stride": 2, "spectral": True},
            "activation",
            {"kind": "transposed", "channels": 5, "spectral": True},
            "activation",
            {"kind": "residual", "channels": 4, "spectral": True},
            {"kind": "attention", "reduction": 2, "spectral": True},
            {"kind": "reshape", "shape": [16, 16]},
            {"kind": "convolution-1d", "channels": 3, "spectral": True},
            "activation",
            "flatten",
            {"kind": "maxout", "width": 8, "spectral": True},
            {"kind": "linear", "width": 5, "spectral": True},
        ],
    ),
    "sequence": (
        (2, 9),
        (4, 9),
        [
            {"kind": "convolution-1d", "channels": 5, "kernel": 4, "causal": True},
            "activation",
            "norm",
            {"kind": "convolution-1d", "channels": 4, "dilation": 3, "bias": False},
        ],
    ),
    "pictures": (
        (3, 8, 8),
        (2, 32, 32),
        [
            {"kind": "convolution", "channels": 8, "kernel": 4, "stride": 2},
            "norm",
            {"kind": "activation", "function": "leaky-relu"},
            {"kind": "upsample", "mode": "bilinear"},
            {"kind": "convolution", "channels": 6, "bias": False},
            {"kind": "norm", "over": "layer"},
            "activation",
            {"kind": "transposed", "channels": 4},
            {"kind": "activation", "function": "tanh"},
            {"kind": "transposed", "channels": 2},
            {"kind": "activation", "function": "sigmoid"},
        ],
    ),
    "there and back": (
        (12,),
        (12,),
        [
            {"kind": "reshape", "shape": [3, 2, 2]},
            {"kind": "convolution", "channels": 3},
            "activation",
            "upsample",
            {"kind": "convolution", "channels": 3, "stride": 2},
            "flatten",
        ],
    ),
}


@pytest.fixture(params=LISTS, ids=str)
def described(request):
    inputs, outputs, layers = LISTS[request.param]
    return written(*layers), role(inputs, outputs)


@pytest.mark.parametrize("training", [True, False])
def test_a_network_computes_what_torchs_sequential_computes(described, training):
    options, part = described
    network = build(options, part, rng()).train(training)
    plain = copy.deepcopy(network.as_sequential()).to(memory_format=torch.contiguous_format)
    plain.train(training)
    x = torch.randn(6, *part.inputs, generator=rng(1))
    mine, theirs = x.clone().requires_grad_(), x.clone().requires_grad_()
    made, wanted = network(mine), plain(theirs)
    torch.testing.assert_close(made, wanted, rtol=1e-4, atol=1e-5)
    (made**2).sum().backward()
    (wanted**2).sum().backward()
    torch.testing.assert_close(mine.grad, theirs.grad, rtol=1e-3, atol=1e-4)
    grads = {name: parameter.grad for name, parameter in plain.named_parameters()}
    for name, parameter in network.named_parameters():
        torch.testing.assert_close(parameter.grad, grads[name], rtol=1e-3, atol=1e-3)
    for name, buffer in plain.named_buffers():
        if not name.endswith("num_batches_tracked"):
            torch.testing.assert_close(network.state_dict()[name], buffer)


def test_the_input_is_never_overwritten(described):
    options, part = described
    network = build(options, part, rng())
    x = torch.randn(6, *part.inputs)
    before = x.clone()
    network(x)
    assert torch.equal(x, before)


def test_the_default_initialisation_is_torchs_own():
    modules = {
        "linear": lambda: nn.Linear(12, 32),
        "convolution": lambda: nn.Conv2d(12, 32, 3, padding=1),
        "transposed": lambda: nn.ConvTranspose2d(12, 32, 3, padding=1),
    }
    for kind, make in modules.items():
        inputs = (12,) if kind == "linear" else (12, 5, 5)
        options = {"width": 32} if kind == "linear" else {"channels": 32, "kernel": 3}
        if kind == "transposed":
            options["stride"] = 1
        outputs = (32,) if kind == "linear" else (32, 5, 5)
        network = build(written({"kind": kind, **options}), role(inputs, outputs), rng(5))
        with torch.random.fork_rng():
            torch.manual_seed(5)
            wanted = make()
        assert torch.equal(network.layers[0].weight, wanted.weight)
        assert torch.equal(network.layers[0].bias, wanted.bias)


def test_the_seed_alone_decides_the_weights():
    options, part = MLP(widths=(8, 8)), role((2,), (1,))
    once, again, other = (build(options, part, rng(seed)).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(once[name], again[name]) for name in once)
    assert not torch.equal(once["0.weight"], other["0.weight"])


def test_parameters_may_move_into_a_flat_buffer():
    network = build(MLP(widths=(8, 8)), role((2,), (1,)), rng())
    x = torch.randn(5, 2)
    wanted = network(x).detach()
    flat = torch.cat([parameter.detach().ravel() for parameter in network.parameters()])
    grads, start = torch.zeros_like(flat), 0
    for parameter in network.parameters():
        end = start + parameter.numel()
        parameter.data = flat[start:end].view_as(parameter)
        parameter.grad = grads[start:end].view_as(parameter)
        start = end
    network.refresh()
    assert torch.equal(network(x), wanted)
    network(x).sum().backward()
    assert grads.abs().sum() > 0
    flat.zero_()
    assert torch.equal(network(x), torch.zeros(5, 1))


def test_a_copy_has_weights_of_its_own():
    network = build(MLP(widths=(8,), norm="batch", dropout=0.5), role((2,), (1,)), rng())
    x = torch.randn(5, 2)
    twin = copy.deepcopy(network).eval()
    wanted = twin(x).detach()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
    network(x)
    assert torch.equal(twin(x), wanted)


def test_dropout_draws_from_its_generator_alone():
    network = build(MLP(widths=(64,), dropout=0.5), role((4,), (1,)), rng())
    x = torch.ones(16, 4)
    before = torch.get_rng_state()
    network.set_generator(rng(1))
    once = network(x)
    network.set_generator(rng(1))
    torch.rand(3)
    torch.set_rng_state(before)
    assert torch.equal(network(x), once)
    assert not torch.equal(network(x), once)
    assert torch.equal(before, torch.get_rng_state())
    network.eval()
    assert torch.equal(network(x), network(x))


def test_dropout_keeps_the_mean():
    network = build(written({"kind": "dropout", "p": 0.3}), role((10,), (10,)), rng())
    made = network(torch.ones(20_000, 10))
    assert float(made.mean()) == pytest.approx(1.0, abs=0.01)
    assert float((made == 0).float().mean()) == pytest.approx(0.3, abs=0.01)


def test_a_parametrised_layer_runs_through_its_own_module():
    network = build(MLP(widths=(8,)), role((2,), (1,)), rng())
    parametrizations.spectral_norm(network.layers[0])
    network.refresh()
    x = torch.randn(5, 2)
    network.eval()
    torch.testing.assert_close(network(x), network.as_sequential()(x))


def test_a_layer_that_does_not_fit_is_named_with_both_shapes():
    bad = written({"kind": "linear", "width": 2048}, {"kind": "reshape", "shape": [256, 4, 4]})
    with pytest.raises(StudioError) as caught:
        build(bad, role((16,), (1, 8, 8)), rng())
    assert str(caught.value) == (
        "Decoder, layer 2 (Reshape): 256×4×4 holds 4,096 values, but Linear above gives 2,048. "
        "Make the two numbers equal."
    )
    with pytest.raises(StudioError, match="The last layer gives 3, but it must give 1×8×8"):
        build(written({"kind": "linear", "width": 3}), role((16,), (1, 8, 8)), rng())
    with pytest.raises(StudioError, match="Linear layer whose width is 0"):
        build(MLP(widths=(0,)), role((2,), (1,)), rng())


def test_convolutional_networks_run_with_channels_last():
    network = build(
        written({"kind": "convolution", "channels": 8}), role((3, 8, 8), (8, 8, 8)), rng()
    )
    assert network.convolutional
    assert network.layers[0].weight.is_contiguous(memory_format=torch.channels_last)
    made = network(torch.randn(2, 3, 8, 8))
    assert made.is_contiguous(memory_format=torch.channels_last)
