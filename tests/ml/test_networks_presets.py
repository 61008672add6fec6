"""What presets write: for every side, every role they fit, and nothing else."""

import pytest
import torch

from aegan_studio.catalog import NETWORKS
from aegan_studio.catalog.networks.convolutional import DCGAN, PatchGAN
from aegan_studio.catalog.networks.mlp import MLP
from aegan_studio.catalog.networks.residual import ResNet
from aegan_studio.catalog.networks.sequence import Causal, CodebookPreset
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import Role
from aegan_studio.messages import StudioError
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine
from aegan_studio.ml.networks.build import build, layers_of

SIDES = (8, 12, 16, 28, 32, 64, 128)


def role(inputs, outputs, name="decoder", **more):
    return Role(name, "G", "Decoder", inputs, outputs, **more)


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("spectral", [False, True])
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    "preset", [DCGAN(channels=4), ResNet(channels=4), ResNet(channels=4, attention=True)]
)
@pytest.mark.parametrize("norm", ["none", "batch"])
def test_pictures_of_every_side_down_and_up(preset, side, spectral, norm):
    options = preset.model_copy(update={"spectral": spectral, "norm": norm})
    for inputs, outputs in (((3, side, side), (5,)), ((6,), (3, side, side))):
        part = role(inputs, outputs)
        network = build(options, part, rng())
        made = network(torch.randn(2, *inputs, generator=rng()))
        assert made.shape == (2, *outputs)
        made.square().sum().backward()
        missing = [name for name, p in network.named_parameters() if p.grad is None]
        assert not missing
        normalised = [m for m in network.modules() if hasattr(m, "normalised")]
        weights = [p for n, p in network.named_parameters() if p.dim() > 1]
        assert len(normalised) == (len(weights) if spectral else 0)


def test_attention_stands_where_it_can_be_afforded():
    for side, at in ((8, 4), (32, 16), (128, 16)):
        layers = layers_of(ResNet(attention=True), role((1, side, side), (1,)))
        place = next(i for i, layer in enumerate(layers) if layer.kind == "attention")
        halvings = sum(getattr(layer, "sampling", "") == "down" for layer in layers[:place])
        assert side // 2**halvings == at


@pytest.mark.parametrize("preset", [DCGAN(), ResNet()])
def test_what_a_pyramid_of_pictures_cannot_do_is_said(preset):
    cases = {
        "not from picture to picture": ((1, 8, 8), (1, 8, 8)),
        "a picture on one side": ((4,), (2,)),
        "a vector on the other": ((4, 6), (1, 8, 8)),
        "square": ((1, 8, 16), (2,)),
        "can be halved": ((1, 7, 7), (2,)),
    }
    for words, shapes in cases.items():
        assert words in str(preset.unfit(role(*shapes)))
        with pytest.raises(StudioError, match=words):
            build(preset, role(*shapes), rng())


@pytest.mark.parametrize("side", [8, 28, 64])
def test_patchgan_averages_the_logits_of_patches(side):
    options = PatchGAN(channels=4)
    part = role((3, side, side), (1,), "discriminator")
    network = build(options, part, rng()).eval()
    x = torch.randn(2, 3, side, side, generator=rng())
    patches = torch.nn.Sequential(*network.layers[:-1])(x)
    assert patches.shape == (2, 1, side // 4, side // 4)
    torch.testing.assert_close(network(x)[:, 0], patches.mean((1, 2, 3)))
    # a logit sees 4·2 + 2 + … pixels, not the whole picture
    x.requires_grad_()
    (gradient,) = torch.autograd.grad(torch.nn.Sequential(*network.layers[:-1])(x)[0, 0, 0, 0], x)
    assert (gradient[0].abs().sum(0) > 0).nonzero().max() < 15
    assert "picture in" in str(options.unfit(role((3,), (1,))))
    assert "halve a picture of 8" in str(PatchGAN(halvings=4).unfit(role((1, 8, 8), (1,))))


@pytest.mark.parametrize("shape", [(2,), (1, 8, 8)])
def test_an_mlp_serves_an_energy_that_gives_back_its_input(shape):
    network = build(MLP(widths=(128, 32, 128)), role(shape, shape, "discriminator"), rng())
    x = torch.randn(3, *shape, generator=rng())
    assert network(x).shape == x.shape
    features, made = network.features(x)
    assert features.shape == (3, 128)
    assert torch.equal(made, network(x))


def test_a_causal_network_reads_only_what_came_before():
    K, n = 7, 20
    network = build(Causal(channels=8), role((n,), (K, n)), rng()).eval()
    tokens = torch.randint(0, K + 1, (3, n), generator=rng()).float()
    logits = network(tokens)
    assert logits.shape == (3, K, n)
    changed = tokens.clone()
    changed[:, 12:] = (changed[:, 12:] + 1) % (K + 1)
    again = network(changed)
    assert torch.equal(again[:, :, :12], logits[:, :, :12])
    assert not torch.equal(again[:, :, 12], logits[:, :, 12])
    assert network.layers[0].table.num_embeddings == K + 1
    assert "row of tokens" in str(Causal().unfit(role((n,), (K, n + 1))))


def test_a_causal_network_with_a_condition_stays_causal():
    K, n = 5, 9
    network = build(Causal(channels=8, depth=2), role((n,), (K, n), beside=3), rng()).eval()
    tokens = torch.randint(0, K, (2, n), generator=rng()).float()
    c = torch.rand(2, 3)
    logits = network(tokens, c)
    assert not torch.equal(logits, network(tokens, 1 - c))
    changed = tokens.clone()
    changed[:, 5:] = (changed[:, 5:] + 1) % K
    assert torch.equal(network(changed, c)[:, :, :5], logits[:, :, :5])


@pytest.mark.parametrize("shape", [(12,), (4, 3, 3), (4, 6)])
def test_a_codebook_keeps_the_shape_of_codes(shape):
    options = CodebookPreset()
    codes = Role("codebook", "e", "Codebook", shape, shape, entries=9)
    network = build(options, codes, rng())
    z = torch.randn(2, *shape, generator=rng())
    assert network(z).shape == z.shape
    (codebook,) = network.layers
    assert codebook.weight.shape == (9, shape[0])
    assert codebook.nearest(z).max() < 9
    assert "cannot be" in str(options.unfit(role(shape, shape)))


@pytest.mark.parametrize("preset", NETWORKS.kinds())
def test_every_preset_says_why_it_is_unfit_in_a_sentence(preset):
    options = NETWORKS[preset].defaults()
    for shapes in (((3,), (1,)), ((1, 8, 8), (1, 8, 8)), ((1, 9, 7), (4,)), ((5,), (2, 5))):
        why = options.unfit(role(*shapes))
        assert why is None or str(why).endswith(".")


def experiment(**networks):
    return Experiment.parse(
        {
            "dataset": "digits",
            "method": "gan",
            "networks": networks,
            "training": {"batch_size": 16, "ema": 0},
        }
    )


def test_training_with_spectral_norm_resumes_bit_for_bit():
    described = experiment(
        discriminator={"kind": "resnet", "channels": 2, "spectral": True, "attention": True},
        generator={"kind": "mlp", "widths": [8], "spectral": True},
    )
    cpu = torch.device("cpu")
    data = DataStore.load(described, cpu)
    one, two = Engine(described, data, cpu), Engine(described, data, cpu)

    def steps(engine, n):
        engine.configure(0, 100)
        for _ in range(n):
            for phase in engine.phases:
                engine.update(phase, measure=False)

    steps(one, 5)
    middle = one.capture()
    assert any(name.endswith(".u") for name in middle)
    steps(one, 5)
    two.restore(middle)
    steps(two, 5)
    wanted, got = one.capture(), two.capture()
    assert all(torch.equal(wanted[name], got[name]) for name in wanted)


def test_spectral_norm_works_on_weights_in_a_flat_buffer():
    described = experiment(discriminator={"kind": "dcgan", "channels": 4, "spectral": True})
    cpu = torch.device("cpu")
    engine = Engine(described, DataStore.load(described, cpu), cpu)
    network = engine.model.networks["discriminator"]
    flat = engine.flat["discriminator"]
    x = torch.randn(2, 1, 8, 8, generator=rng())
    made = network(x)
    torch.testing.assert_close(network.eval()(x), network.as_sequential()(x))
    network.train()
    with torch.no_grad():
        flat.values.mul_(3)  # biases too
        for name, parameter in network.named_parameters():
            if name.endswith("bias"):
                parameter.div_(3)
    torch.testing.assert_close(network(x), made, rtol=0.05, atol=0.01)
