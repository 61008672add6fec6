"""A mirrored list leads back: its shapes are the other list's in reverse."""

import pytest

from aegan_studio.catalog import layer_text, mirror, written
from aegan_studio.catalog.layers import (
    Activation,
    Convolution,
    Dropout,
    Flatten,
    Linear,
    Norm,
    Transposed,
    Upsample,
)
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import LAYERS
from aegan_studio.messages import StudioError
from aegan_studio.ml.networks.inspect import inspect


def experiment_with(role, layers, *, side=28, method="autoencoder"):
    plain = [layer.model_dump() for layer in layers]
    return Experiment.parse(
        {
            "dataset": {"kind": "digits", "side": side},
            "method": method,
            "networks": {role: {"kind": "layers", "layers": plain}},
        }
    )


def mirrored(experiment, role):
    """The mirror of a role's network, put into its partner's place, and both reports."""
    report = inspect(experiment).networks[role]
    shapes = [(layer.in_shape, layer.out_shape) for layer in report.layers]
    own = next(one for one in experiment.roles() if one.name == role)
    partner = mirror.partner(role, experiment.roles())
    layers = mirror.mirrored(written.layers_of(experiment.networks[role], own), shapes, partner)
    changed = experiment.with_options(
        written.changes(experiment.networks[partner.name], partner, layers)
    )
    return layers, report, inspect(changed), partner.name


def waypoints(report):
    """The shapes on the way through a network, each once."""
    found = [report.role.inputs]
    for layer in report.layers:
        if layer.out_shape != found[-1]:
            found.append(layer.out_shape)
    return found


@pytest.mark.parametrize("preset", ["dcgan", "mlp", "article-mlp"])
@pytest.mark.parametrize("side", [8, 16, 28, 32])
@pytest.mark.parametrize("role", ["encoder", "decoder"])
def test_a_mirrored_preset_fits_and_goes_back_the_same_way(preset, side, role):
    base = Experiment.parse({"dataset": {"kind": "digits", "side": side}, "method": "autoencoder"})
    base = base.with_options(
        {"networks.encoder.kind": preset, "networks.decoder.kind": preset, "method.latent_dim": 12}
    )
    _, report, after, partner = mirrored(base, role)
    assert not [problem for problem in after.problems if partner in problem.path]
    back = waypoints(after.networks[partner])
    assert back == waypoints(report)[::-1]


def test_dcgans_generator_is_the_mirror_of_its_critic_like_encoder():
    """Strided convolutions become transposed ones with the same kernel, stride and padding."""
    layers = [
        Convolution(channels=32, kernel=4, stride=2, padding=1),
        Activation(function="leaky-relu"),
        Convolution(channels=64, kernel=4, stride=2, padding=1, bias=False),
        Norm(over="batch"),
        Activation(function="leaky-relu"),
        Flatten(),
        Linear(width=16),
    ]
    made, *_ = mirrored(experiment_with("encoder", layers), "encoder")
    assert [layer.kind for layer in made] == [
        "linear",
        "reshape",
        "norm",
        "activation",
        "transposed",
        "activation",
        "transposed",
        "activation",
    ]
    assert made[0].width == 64 * 7 * 7
    assert made[1].shape == (64, 7, 7)
    assert [(t.channels, t.kernel, t.stride, t.padding) for t in (made[4], made[6])] == [
        (32, 4, 2, 1),
        (1, 4, 2, 1),
    ]
    assert made[-1].function == "sigmoid", "the data lie in 0 … 1"


def test_a_picture_with_an_odd_side_gets_its_pixel_back():
    layers = [
        Convolution(channels=8, kernel=3, stride=2, padding=1),  # 28 -> 14
        Convolution(channels=8, kernel=3, stride=2, padding=1),  # 14 -> 7
        Convolution(channels=8, kernel=3, stride=2, padding=1),  # 7 -> 4
        Flatten(),
        Linear(width=16),
    ]
    _, report, after, partner = mirrored(experiment_with("encoder", layers), "encoder")
    assert waypoints(after.networks[partner]) == waypoints(report)[::-1]
    assert not after.problems


def test_upsampling_is_undone_by_a_patch_and_the_other_way_round():
    layers = [
        Linear(width=8 * 7 * 7),
        LAYERS.parse({"kind": "reshape", "shape": (8, 7, 7)}),
        Upsample(factor=2),
        Convolution(channels=4),
        Upsample(factor=2),
        Convolution(channels=1),
    ]
    _, report, after, partner = mirrored(experiment_with("decoder", layers), "decoder")
    assert not [p for p in after.problems if partner in p.path]
    sides = [shape[-1] for shape in waypoints(after.networks[partner]) if len(shape) == 3]
    assert sides[0] == 28
    assert sides[-1] == 7
    del report


def test_layers_that_are_off_are_left_out_and_dropout_is_kept():
    layers = [
        Flatten(),
        Linear(width=100),
        Activation(),
        Dropout(p=0.3),
        Linear(width=50, enabled=False),
        Linear(width=16),
    ]
    made, *_ = mirrored(experiment_with("encoder", layers), "encoder")
    kinds = [layer.kind for layer in made]
    assert kinds == ["linear", "activation", "dropout", "linear", "activation", "reshape"]
    assert [layer.width for layer in made if layer.kind == "linear"] == [100, 28 * 28]


def test_a_list_with_a_misfit_has_no_mirror():
    experiment = experiment_with("decoder", [Transposed(channels=4)])
    report = inspect(experiment).networks["decoder"]
    shapes = [(layer.in_shape, layer.out_shape) for layer in report.layers]
    partner = mirror.partner("decoder", experiment.roles())
    assert mirror.mirrored(experiment.networks["decoder"].layers, shapes, partner) is None


def test_only_methods_with_both_have_a_pair():
    gan = Experiment.parse({"dataset": "digits", "method": "gan"})
    assert mirror.partner("generator", gan.roles()) is None
    ae = Experiment.parse({"dataset": "digits", "method": "autoencoder"})
    assert mirror.partner("decoder", ae.roles()).name == "encoder"


@pytest.mark.parametrize("kind", LAYERS.kinds())
def test_every_layer_comes_back_from_its_text(kind):
    layer = LAYERS[kind].defaults()
    off = written.with_option(layer, "enabled", False)
    assert layer_text.from_text(layer_text.to_text([layer, off])) == (layer, off)


def test_layers_are_read_from_an_experiments_file():
    from aegan_studio.experiment import toml

    experiment = experiment_with("encoder", [Flatten(), Linear(width=16)])
    assert layer_text.from_text(toml.dumps(experiment)) == experiment.networks["encoder"].layers


@pytest.mark.parametrize("text", ["", "hello", "layers = 3", '[[layers]]\nkind = "nonsense"'])
def test_other_texts_are_refused_with_a_sentence(text):
    with pytest.raises(StudioError) as error:
        layer_text.from_text(text)
    assert error.value.mend is not None


def test_an_edited_preset_remembers_where_it_began():
    base = Experiment.parse(
        {"dataset": {"kind": "digits", "side": 28}, "method": "gan"}
    ).with_options({"networks.generator.kind": "dcgan"})
    role = base.roles()[0]
    layers = written.layers_of(base.networks["generator"], role)
    edited = base.with_options(written.changes(base.networks["generator"], role, layers[:-1]))
    assert edited.networks["generator"].layers == layers[:-1]
    assert written.begun_from(edited.networks["generator"]) == "dcgan"
    assert Experiment.parse(edited.to_plain()) == edited
