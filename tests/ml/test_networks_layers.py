"""Every layer of the catalog against its formula, its shape, its cost."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from aegan_studio.catalog import LAYERS
from aegan_studio.ml.networks.calls import call_of
from aegan_studio.ml.networks.layers import Site, TakesBeside
from aegan_studio.ml.networks.network import Network
from aegan_studio.ml.networks.shapes import flops, multiply_adds, out_shape, parameters

PICTURE, ROW, SEQUENCE = (16, 6, 6), (24,), (6, 9)
BESIDE = 5

CASES = {
    "linear": ({}, ROW),
    "linear over places": ({}, SEQUENCE),
    "maxout": ({"pieces": 3, "width": 7}, ROW),
    "convolution": ({"kernel": 4, "stride": 2}, PICTURE),
    "transposed": ({"channels": 7}, PICTURE),
    "convolution-1d": ({"kernel": 4, "dilation": 2}, SEQUENCE),
    "convolution-1d causal": ({"kernel": 3, "causal": True}, SEQUENCE),
    "upsample": ({"mode": "bilinear"}, PICTURE),
    "pixel-shuffle": ({}, PICTURE),
    "mean": ({}, PICTURE),
    "mean of a sequence": ({}, SEQUENCE),
    "flatten": ({}, PICTURE),
    "reshape": ({"shape": (4, 12, 12)}, PICTURE),
    "norm": ({}, PICTURE),
    "norm over items": ({"over": "layer"}, ROW),
    "minibatch-stddev": ({}, PICTURE),
    "minibatch-stddev of rows": ({}, ROW),
    "activation": ({"function": "mish"}, PICTURE),
    "activation softmax": ({"function": "softmax"}, ROW),
    "dropout": ({}, ROW),
    "residual": ({"channels": 8, "sampling": "down", "norm": "batch"}, PICTURE),
    "residual up": ({"channels": 16, "sampling": "up"}, PICTURE),
    "residual of rows": ({"channels": 12, "norm": "layer"}, ROW),
    "attention": ({"reduction": 4}, PICTURE),
    "join": ({}, ROW),
    "join a picture": ({"width": 3}, PICTURE),
    "join a sequence": ({}, SEQUENCE),
    "projection": ({}, ROW),
    "embedding": ({"tokens": 8, "channels": 6}, ROW),
    "codebook": ({"size": 12, "width": 8}, ROW),
    "codebook of pictures": ({"size": 12}, PICTURE),
}
LEFT_OUT = {"module"}
"""Tested with the plug-ins."""

SPECTRAL = (
    "linear",
    "maxout",
    "convolution",
    "transposed",
    "convolution-1d",
    "residual",
    "attention",
    "join a picture",
    "projection",
    "embedding",
)


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def options_of(name, **more):
    kind = next(
        kind for kind in sorted(LAYERS.kinds(), key=len, reverse=True) if name.startswith(kind)
    )
    options, shape = CASES[name]
    return LAYERS[kind], LAYERS[kind].options(**options, **more), shape


def made(name, site=None, **more):
    entry, options, shape = options_of(name, **more)
    return entry.load()(options, shape, site or Site(rng(), beside=BESIDE)), shape


def given(name, module, shape, n=4):
    x = torch.randn(n, *shape, generator=rng(1))
    if name.startswith("embedding"):
        x = torch.randint(0, 8, (n, *shape), generator=rng(1)).float()
    beside = torch.rand(n, BESIDE, generator=rng(2))
    return (x, beside) if isinstance(module, TakesBeside) else (x,)


def test_every_layer_has_a_case():
    assert {options_of(name)[0].kind for name in CASES} | LEFT_OUT == set(LAYERS.kinds())


@pytest.mark.parametrize("name", CASES)
def test_shape_cost_and_weights_in_closed_form(name):
    before = torch.get_rng_state()
    module, shape = made(name)
    described, _ = made(name, Site(device="meta", beside=BESIDE))
    args = given(name, module, shape)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        result = module.eval()(*args)
    assert torch.isfinite(result).all()
    assert torch.equal(before, torch.get_rng_state())
    assert out_shape(described, shape) == result.shape[1:]
    assert 2 * multiply_adds(described, shape) * len(args[0]) == counter.get_total_flops()
    assert flops(described, shape, result.shape[1:]) >= 2 * multiply_adds(described, shape)
    learned = sum(parameter.numel() for parameter in module.parameters())
    assert parameters(described) == learned
    assert all(p.device.type == "meta" for p in described.parameters())


@pytest.mark.parametrize("name", CASES)
def test_the_seed_decides_every_weight(name):
    one, two, other = (made(name, Site(rng(s), beside=BESIDE))[0].state_dict() for s in (0, 0, 1))
    assert all(torch.equal(one[key], two[key]) for key in one)
    drawn = [key for key in one if one[key].dim() > 1]
    assert all(not torch.equal(one[key], other[key]) for key in drawn)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", CASES)
def test_the_prepared_function_does_what_the_module_does(name, training):
    module, shape = made(name)
    if name == "dropout" and training:
        return
    module.train(training)
    args = given(name, module, shape)
    torch.testing.assert_close(call_of(module)(*args), module(*args))


def test_maxout_is_the_largest_of_its_maps():
    module, shape = made("maxout")
    (x,) = given("maxout", module, shape)
    pieces = [x @ module.linear.weight[i::3].T + module.linear.bias[i::3] for i in range(3)]
    torch.testing.assert_close(module(x), torch.stack(pieces).amax(0))


def test_minibatch_deviation_of_progressive_gans():
    module, _ = made("minibatch-stddev of rows")
    x = torch.randn(8, 24, generator=rng())
    wanted = x.view(4, 2, 24).std(0, correction=0).mean(1)
    result = module(x)
    assert torch.equal(result[:, :24], x)
    torch.testing.assert_close(result[:, 24], wanted.repeat(4), rtol=1e-4, atol=1e-6)
    assert float(module(x[:1])[0, 24].detach()) == pytest.approx(1e-4)
    assert torch.isfinite(module(x[:7])).all()


def test_attention_is_saganss_formula_and_starts_as_nothing():
    module, shape = made("attention")
    (x,) = given("attention", module, shape, n=2)
    assert torch.equal(module(x), x)
    with torch.no_grad():
        module.gamma.fill_(0.7)
    wanted = torch.empty_like(x)
    for n in range(2):
        pixels = x[n].flatten(1)  # (C, L)
        f, g, h = (part.weight @ pixels for part in (module.f, module.g, module.h))
        s = f.T @ g  # s_ij = f(x_i)·g(x_j)
        beta = s.exp() / s.exp().sum(0, keepdim=True)
        o = module.v.weight @ (h @ beta)
        wanted[n] = 0.7 * o.view(shape) + x[n]
    torch.testing.assert_close(module(x), wanted, rtol=1e-4, atol=1e-5)


def test_a_residual_block_is_its_formula():
    module, shape = made("residual of rows")
    (x,) = given("residual", module, shape)
    first, _, one, second, _, two = module.body
    inner = one(F.relu(F.layer_norm(x, (24,))))
    wanted = two(F.relu(F.layer_norm(inner, (12,)))) + x @ module.skip[0].weight.T
    torch.testing.assert_close(module(x), wanted)
    del first, second


@pytest.mark.parametrize("sampling", ["up", "down"])
def test_the_way_beside_a_block_resizes_as_the_block_does(sampling):
    entry = LAYERS["residual"]
    module = entry.load()(entry.options(channels=3, sampling=sampling), (2, 4, 4), Site(rng()))
    with torch.no_grad():
        for parameter in module.body.parameters():
            parameter.zero_()
    x = torch.randn(2, 2, 4, 4, generator=rng())
    mixed = torch.einsum(
        "oc,nchw->nohw", module.skip[0 if sampling == "up" else 1].weight[..., 0, 0], x
    )
    wanted = (
        mixed.repeat_interleave(2, 2).repeat_interleave(2, 3)
        if sampling == "up"
        else mixed.view(2, 3, 2, 2, 2, 2).mean((3, 5))
    )
    torch.testing.assert_close(module(x), wanted)


def test_pixel_shuffle_lays_channels_out_as_pixels():
    module, shape = made("pixel-shuffle")
    (x,) = given("pixel-shuffle", module, shape)
    result = module(x)
    for c, i, j in ((0, 0, 0), (1, 1, 0), (3, 0, 1), (2, 1, 1)):
        assert torch.equal(result[:, c, i::2, j::2], x[:, 4 * c + 2 * i + j])


@pytest.mark.parametrize("dilation", [1, 2])
def test_a_causal_convolution_sees_no_later_place(dilation):
    entry = LAYERS["convolution-1d"]
    options = entry.options(channels=3, kernel=3, dilation=dilation, causal=True)
    module = entry.load()(options, SEQUENCE, Site(rng()))
    x = torch.randn(1, *SEQUENCE, generator=rng(), requires_grad=True)
    for place in range(9):
        (gradient,) = torch.autograd.grad(module(x)[0, :, place].sum(), x)
        seen = gradient[0].abs().sum(0) > 0
        assert seen.nonzero()[:, 0].tolist() == [
            t for t in (place - 2 * dilation, place - dilation, place) if t >= 0
        ]


def test_an_embedding_takes_tokens_as_numbers():
    module, shape = made("embedding")
    (x,) = given("embedding", module, shape)
    result = module(x)
    assert torch.equal(result[2, :, 3], module.table.weight[int(x[2, 3])])


@pytest.mark.parametrize("name", ["codebook", "codebook of pictures"])
def test_a_codebook_takes_the_nearest_of_its_vectors(name):
    module, shape = made(name)
    (z,) = given(name, module, shape)
    with torch.no_grad():
        module.weight.normal_(generator=rng(3))
    vectors = z.view(4, 3, 8) if name == "codebook" else z.permute(0, 2, 3, 1).reshape(4, 36, 16)
    wanted = torch.cdist(vectors, module.weight).argmin(2)
    assert torch.equal(module.nearest(z), wanted)
    assert module.places == wanted.shape[1]
    result = module(z)
    assert torch.equal(result, module.lookup(wanted))
    again = (
        result.view(4, 3, 8)
        if name == "codebook"
        else result.permute(0, 2, 3, 1).reshape(4, 36, 16)
    )
    assert torch.equal(again, module.weight[wanted])
    z.requires_grad_()
    module(z).sum().backward()
    assert z.grad is None
    counts = torch.bincount(wanted.flatten(), minlength=12).float()
    torch.testing.assert_close(module.weight.grad, counts[:, None].expand_as(module.weight))


# Spectral norm


def spectral_parts(module):
    return [part for part in module.modules() if hasattr(part, "normalised")]


def as_matrix(weight, transposed):
    """One row for each output, as the paper reshapes kernels."""
    return weight.transpose(0, 1).flatten(1) if transposed else weight.flatten(1)


@pytest.mark.parametrize("name", SPECTRAL)
def test_spectral_norm_divides_by_the_largest_singular_value(name):
    module, shape = made(name, spectral=True)
    assert spectral_parts(module)
    for part in spectral_parts(module):
        for _ in range(300):
            part.iterate()
        part.eval()
        turned = isinstance(part, nn.ConvTranspose2d)
        sigma = torch.linalg.matrix_norm(as_matrix(part.weight, turned), 2)
        torch.testing.assert_close(part.normalised(), part.weight / sigma, rtol=1e-4, atol=1e-5)
    assert torch.isfinite(module(*given(name, module, shape))).all()


@pytest.mark.parametrize("name", SPECTRAL)
def test_spectral_norm_starts_near_the_truth_and_moves_in_training_only(name):
    module, shape = made(name, spectral=True)
    args = given(name, module, shape)
    for part in spectral_parts(module):
        turned = isinstance(part, nn.ConvTranspose2d)
        true = float(torch.linalg.matrix_norm(as_matrix(part.weight.detach(), turned), 2))
        weight = part.weight.detach()
        used = float(weight.norm() / part.eval().normalised().detach().norm())
        assert 0.7 * true < used < 1.001 * true
    buffers = {key: value.clone() for key, value in module.named_buffers()}
    module.eval()(*args)
    assert all(torch.equal(value, buffers[key]) for key, value in module.named_buffers())
    module.train()(*args)
    moved = [key for key, value in module.named_buffers() if not torch.equal(value, buffers[key])]
    assert any(key.endswith(("u", "v")) for key in moved)


def test_one_step_of_the_power_iteration_as_in_the_paper():
    module, shape = made("linear", spectral=True)
    W, u = module.weight.detach().clone(), module.u.clone()
    v = W.T @ u / (W.T @ u).norm()
    u = W @ v / (W @ v).norm()
    (x,) = given("linear", module, shape)
    torch.testing.assert_close(module(x), x @ (W / (u @ W @ v)).T + module.bias)
    torch.testing.assert_close(module.u, u)
    torch.testing.assert_close(module.v, v)


def test_the_gradient_through_spectral_norm_is_that_of_the_formula():
    module, _ = made("linear", spectral=True)
    module.eval()
    u, v, W = module.u.double(), module.v.double(), module.weight.detach().double()
    module.normalised().pow(3).sum().backward()
    W.requires_grad_()
    (W / (u @ W @ v)).pow(3).sum().backward()
    torch.testing.assert_close(module.weight.grad.double(), W.grad, rtol=1e-4, atol=1e-5)


def test_two_passes_before_one_backward():
    module, shape = made("convolution", spectral=True)
    (x,) = given("convolution", module, shape)
    (module(x).sum() + module(2 * x).pow(2).sum()).backward()
    assert torch.isfinite(module.weight.grad).all()


# What critics need


@pytest.mark.parametrize("name", [name for name in CASES if not name.startswith("codebook")])
def test_a_gradient_penalty_reaches_every_weight(name):
    module, shape = made(name)
    if name.startswith("embedding"):
        return  # tokens have no gradient
    x, *beside = given(name, module, shape)
    x.requires_grad_()
    result = call_of(module)(x, *beside)
    (slope,) = torch.autograd.grad(result.pow(2).sum(), x, create_graph=True)
    slope.pow(2).sum().backward()
    for parameter in module.parameters():
        assert parameter.grad is None or torch.isfinite(parameter.grad).all()
    assert torch.isfinite(x.grad).all()


@pytest.mark.parametrize(
    ("layer", "mixes"),
    [
        ({"kind": "minibatch-stddev"}, True),
        ({"kind": "norm"}, True),
        ({"kind": "norm", "over": "layer"}, False),
        ({"kind": "residual", "channels": 16, "norm": "batch"}, True),
        ({"kind": "residual", "channels": 16, "norm": "instance"}, False),
        ({"kind": "attention"}, False),
    ],
)
def test_a_network_knows_whether_items_see_one_another(layer, mixes):
    options = LAYERS.parse(layer)
    module = LAYERS.of(options).load()(options, PICTURE, Site(rng()))
    network = Network([module])
    assert network.mixes_batch is mixes
    x = torch.randn(4, *PICTURE, generator=rng())
    together, apart = network(x)[:2], network(x[:2])
    assert torch.allclose(together, apart, atol=1e-5) is not mixes
