"""What comes in beside a network's input reaches the layers made for it, and only those."""

import pytest
import torch
from torch.nn import functional as F

from aegan_studio.catalog import METHODS
from aegan_studio.catalog.layers import Join
from aegan_studio.catalog.networks.convolutional import DCGAN
from aegan_studio.catalog.networks.custom import Layers
from aegan_studio.catalog.networks.mlp import MLP
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import Role
from aegan_studio.messages import StudioError
from aegan_studio.ml.networks.build import build, layers_of
from aegan_studio.ml.networks.inspect import inspect


def role(inputs, outputs, beside=0):
    return Role("decoder", "G", "Decoder", inputs, outputs, beside=beside)


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def written(*layers):
    return Layers(layers=layers)


def test_a_row_and_its_condition_stand_side_by_side():
    network = build(written("join"), role((3,), (5,), beside=2), rng())
    x, c = torch.randn(4, 3), torch.rand(4, 2)
    assert torch.equal(network(x, c), torch.cat((x, c), 1))


def test_an_embedded_condition_is_a_linear_map_of_it():
    network = build(written({"kind": "join", "width": 7}), role((3,), (10,), beside=2), rng())
    x, c = torch.randn(4, 3), torch.rand(4, 2)
    weights = network.state_dict()
    wanted = c @ weights["0.embedding.weight"].T + weights["0.embedding.bias"]
    torch.testing.assert_close(network(x, c), torch.cat((x, wanted), 1))


@pytest.mark.parametrize("width", [0, 3])
def test_a_picture_gets_its_condition_as_one_more_channel(width):
    network = build(
        written({"kind": "join", "width": width}), role((2, 4, 6), (3, 4, 6), beside=5), rng()
    )
    x, c = torch.randn(4, 2, 4, 6), torch.eye(5)[[0, 2, 2, 4]]
    made = network(x, c)
    assert torch.equal(made[:, :2], x)
    assert torch.equal(made[1, 2], made[2, 2])
    assert not torch.equal(made[0, 2], made[1, 2])
    weights = network.state_dict()
    inner = c
    if width:
        inner = F.linear(c, weights["0.embedding.weight"], weights["0.embedding.bias"])
    plane = F.linear(inner, weights["0.plane.weight"], weights["0.plane.bias"])
    torch.testing.assert_close(made[:, 2].flatten(1), plane)


def test_the_projection_of_miyato_and_koyama():
    network = build(written("projection"), role((6,), (1,), beside=3), rng())
    h, c = torch.randn(4, 6), torch.eye(3)[[0, 1, 2, 0]]
    weights = network.state_dict()
    V, a, b = (
        weights[f"0.{name}"] for name in ("embedding.weight", "linear.weight", "linear.bias")
    )
    wanted = [h[i] @ a[0] + b[0] + V[:, int(c[i].argmax())] @ h[i] for i in range(4)]
    torch.testing.assert_close(network(h, c)[:, 0], torch.stack(wanted))


PRESETS = {
    "mlp": (MLP(widths=(8,)), (3,), (2,)),
    "mlp from a picture": (MLP(widths=(8,)), (1, 4, 4), (2,)),
    "dcgan down": (DCGAN(channels=4), (1, 8, 8), (1,)),
    "dcgan up": (DCGAN(channels=4), (6,), (1, 8, 8)),
}


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_presets_put_a_join_in_front(preset):
    options, inputs, outputs = preset
    plain = layers_of(options, role(inputs, outputs))
    layers = layers_of(options, role(inputs, outputs, beside=4))
    place = 1 if plain[0].kind == "flatten" else 0
    assert layers == (*plain[:place], Join(), *plain[place:])
    network = build(options, role(inputs, outputs, beside=4), rng()).eval()
    x, c = torch.randn(5, *inputs), torch.rand(5, 4)
    made = network(x, c)
    assert made.shape == (5, *outputs)
    assert not torch.equal(made, network(x, 1 - c))
    with pytest.raises(TypeError, match="beside"):
        network(x)


def test_a_network_without_such_layers_leaves_it_aside():
    network = build(MLP(widths=(8,)), role((3,), (2,)), rng())
    x = torch.randn(4, 3)
    assert torch.equal(network(x, torch.rand(4, 9)), network(x))


def test_a_join_without_a_condition_says_so():
    with pytest.raises(StudioError, match="nothing to take up"):
        build(written("join"), role((3,), (3,)), rng())


class Conditional(METHODS["gan"].options):
    """A GAN whose networks see a class."""

    def roles(self, data):
        return tuple(
            Role(r.name, r.symbol, r.label, r.inputs, r.outputs, r.output_range, 3)
            for r in super().roles(data)
        )


@pytest.mark.parametrize(
    "layers", [[{"kind": "linear", "width": 1}], ["flatten", {"kind": "linear", "width": 1}]]
)
def test_own_layers_that_leave_the_condition_out_are_a_problem_with_a_mend(layers):
    experiment = Experiment.parse(
        {
            "dataset": "ring",
            "method": "gan",
            "networks": {"discriminator": {"kind": "layers", "layers": layers}},
        }
    )
    experiment = experiment.model_copy(update={"method": Conditional()})
    (problem,) = inspect(experiment).problems
    assert problem.path == "networks.discriminator"
    assert str(problem.mend.label) == "Insert Join condition"
    mended = layers_from(problem.mend)
    part = next(one for one in experiment.roles() if one.name == "discriminator")
    network = build(mended, part, rng())
    assert network(torch.randn(4, 2), torch.rand(4, 3)).shape == (4, 1)


def layers_from(mend):
    (layers,) = mend.changes.values()
    return Layers.model_validate({"kind": "layers", "layers": layers})


FEATURES = {
    "mlp": (MLP(widths=(8, 5)), (3,), (1,), 5),
    "mlp that ends in a picture": (MLP(widths=(6,)), (3,), (1, 4, 4), 6),
    "linear": (MLP(widths=()), (3,), (2,), 3),
    "dcgan": (DCGAN(channels=4, norm="batch"), (1, 8, 8), (1,), 4 * 16),
    "dcgan up": (DCGAN(channels=4), (6,), (1, 8, 8), 4 * 4 * 4),
    "normed at the end": (
        written(
            {"kind": "linear", "width": 7}, "activation", {"kind": "linear", "width": 4}, "norm"
        ),
        (3,),
        (4,),
        7,
    ),
    "no weights": (written("activation"), (3,), (3,), 3),
}


@pytest.mark.parametrize("case", FEATURES.values(), ids=FEATURES)
@pytest.mark.parametrize("beside", [0, 2])
def test_features_are_what_the_last_weighted_layer_sees(case, beside):
    options, inputs, outputs, size = case
    if beside and options.kind == "layers":
        return
    network = build(options, role(inputs, outputs, beside), rng()).eval()
    x, c = torch.randn(5, *inputs), torch.rand(5, beside) if beside else None
    features, made = network.features(x, c)
    if beside == 0 or size != 3:
        assert features.shape == (5, size)
    assert torch.equal(made, network(x, c))
    # the same by running the modules themselves
    weighted = [i for i, m in enumerate(network.layers) if any(p.dim() > 1 for p in m.parameters())]
    inner = x
    for module in network.layers[: weighted[-1] if weighted else 0]:
        inner = module(inner, c) if hasattr(module, "given") else module(inner)
    torch.testing.assert_close(features, inner.flatten(1))


def test_a_layer_switched_off_is_skipped_and_leaves_the_names_alone():
    on = [{"kind": "linear", "width": 4}, "activation", {"kind": "linear", "width": 4}]
    off = [on[0], {"kind": "activation", "enabled": False}, on[2]]
    part = role((3,), (4,))
    first, second = build(written(*on), part, rng()), build(written(*off), part, rng())
    assert list(first.state_dict()) == list(second.state_dict())
    x = torch.randn(5, 3)
    weights = second.state_dict()
    inner = F.linear(x, weights["0.weight"], weights["0.bias"])
    wanted = F.linear(inner, weights["2.weight"], weights["2.bias"])
    torch.testing.assert_close(second(x), wanted)
    none = written({"kind": "linear", "width": 9, "enabled": False})
    assert torch.equal(build(none, role((3,), (3,)), rng())(x), x)


def test_a_layer_switched_off_is_reported_without_weights():
    experiment = Experiment.parse(
        {
            "dataset": "ring",
            "method": "gan",
            "networks": {
                "discriminator": {
                    "kind": "layers",
                    "layers": [
                        {"kind": "linear", "width": 9, "enabled": False},
                        {"kind": "linear", "width": 1},
                    ],
                }
            },
        }
    )
    report = inspect(experiment)
    assert not report.problems
    first, second = report.networks["discriminator"].layers
    assert (first.in_shape, first.out_shape, first.parameters, first.flops) == ((2,), (2,), 0, 0)
    assert second.parameters == 3
