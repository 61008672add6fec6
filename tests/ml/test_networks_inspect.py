"""Shapes, weights, operations and problems are known before anything is built."""

import math

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from aegan_studio.catalog import METHODS, NETWORKS
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import LAYERS
from aegan_studio.ml.networks.build import build
from aegan_studio.ml.networks.inspect import inspect
from aegan_studio.ml.networks.layers import TakesBeside
from aegan_studio.ml.networks.shapes import out_shape

WEIGHTED = ("linear", "convolution", "transposed")


def with_layers(*layers, role="decoder", dataset="digits", **more):
    return Experiment.parse(
        {
            "dataset": dataset,
            "method": "autoencoder",
            "networks": {role: {"kind": "layers", "layers": list(layers)}},
            **more,
        }
    )


@pytest.mark.parametrize("preset", [kind for kind in NETWORKS.kinds() if kind != "layers"])
@pytest.mark.parametrize("method", METHODS.kinds())
@pytest.mark.parametrize("side", [8, 28])
def test_a_report_agrees_with_the_built_network(method, preset, side):
    experiment = Experiment.parse({"dataset": {"kind": "digits", "side": side}, "method": method})
    options = NETWORKS[preset].defaults()
    fitting = [role for role in experiment.roles() if not options.unfit(role)]
    experiment = experiment.with_options({f"networks.{role.name}.kind": preset for role in fitting})
    report = inspect(experiment)
    assert not report.problems
    for role in fitting:
        mine = report.networks[role.name]
        options = experiment.networks[role.name]
        network = build(options, role, torch.Generator().manual_seed(0)).eval()
        assert mine.parameters == sum(p.numel() for p in network.parameters())
        x, beside = torch.zeros(1, *role.inputs), torch.zeros(1, role.beside)
        for row, layer in zip(mine.layers, network.layers, strict=True):
            assert row.in_shape == x.shape[1:]
            with FlopCounterMode(display=False) as counter, torch.no_grad():
                x = layer(x, beside) if isinstance(layer, TakesBeside) else layer(x)
            assert row.out_shape == x.shape[1:]
            assert row.parameters == sum(p.numel() for p in layer.parameters())
            if row.kind in WEIGHTED:
                assert row.flops == counter.get_total_flops()
            assert row.label == LAYERS[row.kind].label
    assert report.parameters == sum(one.parameters for one in report.networks.values())
    assert report.flops > 0


def test_a_module_unknown_to_the_closed_forms_is_asked_on_the_meta_device():
    assert out_shape(torch.nn.AvgPool2d(2), (3, 8, 8)) == (3, 4, 4)


def test_a_reshape_that_does_not_fit_says_both_numbers_and_offers_the_mend():
    experiment = with_layers(
        {"kind": "linear", "width": 2048},
        "activation",
        {"kind": "reshape", "shape": [256, 4, 4]},
        {"kind": "transposed", "channels": 1},
    )
    report = inspect(experiment)
    (problem,) = report.problems
    assert problem.path == "networks.decoder.layers.2"
    assert str(problem.message) == "256×4×4 holds 4,096 values, but Linear above gives 2,048."
    assert str(problem.mend.label) == "Make Linear 4,096 wide"
    assert problem.mend.changes == {"networks.decoder.layers.0.width": 4096}
    rows = report.networks["decoder"].layers
    assert [row.out_shape for row in rows] == [(2048,), (2048,), None, None]
    assert rows[3].in_shape is None
    assert not inspect(experiment.with_options(problem.mend.changes)).problems


WRONG = {
    "nothing": [],
    "too narrow": [{"kind": "linear", "width": 3}],
    "unshaped": [{"kind": "linear", "width": 64}],
    "unshaped and bent": [{"kind": "linear", "width": 9}, "activation"],
    "wrong shape": [{"kind": "linear", "width": 64}, {"kind": "reshape", "shape": [4, 4, 4]}],
    "wrong size": [{"kind": "linear", "width": 32}, {"kind": "reshape", "shape": [2, 4, 4]}],
    "channels": [
        {"kind": "linear", "width": 64},
        {"kind": "reshape", "shape": [4, 4, 4]},
        {"kind": "transposed", "channels": 5},
        {"kind": "activation", "function": "sigmoid"},
    ],
    "no picture": [{"kind": "linear", "width": 64}, "convolution"],
    "no picture at all": ["upsample"],
    "kernel": [
        {"kind": "reshape", "shape": [16, 1, 1]},
        {"kind": "convolution", "kernel": 5, "padding": 0},
    ],
    "padding": [
        {"kind": "reshape", "shape": [16, 1, 1]},
        {"kind": "transposed", "kernel": 3, "padding": 8},
    ],
    "groups": [{"kind": "linear", "width": 64}, {"kind": "norm", "over": "group", "groups": 5}],
    "single values": [{"kind": "norm", "over": "instance"}],
    "three mistakes": [
        {"kind": "linear", "width": 10},
        {"kind": "reshape", "shape": [3, 3, 3]},
        {"kind": "convolution", "kernel": 9},
        {"kind": "reshape", "shape": [2, 2]},
    ],
    "no sequence": ["convolution-1d"],
    "no row for tokens": [
        {"kind": "reshape", "shape": [1, 4, 4]},
        {"kind": "embedding", "tokens": 9, "channels": 4},
    ],
    "pixels": [
        {"kind": "reshape", "shape": [1, 4, 4]},
        {"kind": "convolution", "channels": 6},
        {"kind": "pixel-shuffle", "factor": 2},
    ],
    "pixels from nothing": [{"kind": "linear", "width": 8}, "pixel-shuffle"],
    "nothing to average": [{"kind": "linear", "width": 64}, "mean"],
    "nothing beside": ["join", {"kind": "linear", "width": 64}],
    "no picture to look at": [{"kind": "linear", "width": 64}, "attention"],
    "halving a row": [{"kind": "residual", "channels": 64, "sampling": "down"}],
    "residual sequence": [{"kind": "reshape", "shape": [4, 4]}, {"kind": "residual"}],
    "residual over single values": [
        {"kind": "reshape", "shape": [16, 1, 1]},
        {"kind": "residual", "channels": 64, "norm": "instance"},
    ],
    "vectors": [{"kind": "codebook", "size": 9, "width": 5}],
    "maxout": [{"kind": "maxout", "width": 9}],
    "bound": [{"kind": "linear", "width": 10}, {"kind": "reshape", "shape": [1024, 9, 9]}],
}


@pytest.mark.parametrize("layers", WRONG.values(), ids=WRONG)
def test_following_the_mends_leads_to_a_network_that_builds(layers):
    experiment = with_layers(*layers)
    assert inspect(experiment).problems
    for _ in range(8):
        problems = [one for one in inspect(experiment).problems if one.severity == "error"]
        if not problems:
            break
        assert problems[0].mend, str(problems[0])
        assert str(problems[0].advice)
        experiment = experiment.with_options(problems[0].mend.changes)
    assert not problems
    role = next(role for role in experiment.roles() if role.name == "decoder")
    network = build(experiment.networks["decoder"], role, torch.Generator().manual_seed(0))
    assert network(torch.zeros(2, *role.inputs)).shape == (2, *role.outputs)


def test_a_linear_layer_over_a_picture_is_a_warning_with_a_mend():
    experiment = with_layers({"kind": "linear", "width": 16}, "flatten", role="encoder")
    warning, error = inspect(experiment).problems
    assert (warning.severity, error.severity) == ("warning", "error")
    mended = experiment.with_options(warning.mend.changes)
    assert not inspect(mended).problems


def test_batch_norm_over_single_items_is_refused():
    experiment = with_layers(
        {"kind": "linear", "width": 64},
        "norm",
        {"kind": "reshape", "shape": [1, 8, 8]},
        training={"batch_size": 1},
    )
    (problem,) = inspect(experiment).problems
    assert problem.path == "training.batch_size"
    assert not inspect(experiment.with_options(problem.mend.changes)).problems


def test_a_network_beyond_this_computers_memory_is_a_warning():
    wide = {"kind": "linear", "width": 65_536}
    experiment = with_layers(*[wide] * 40, {"kind": "linear", "width": 64}, "flatten")
    report = inspect(experiment)
    assert report.parameters > 39 * 65_536**2
    assert any("GB of memory" in str(problem) for problem in report.problems)


def test_a_preset_that_asks_too_much_is_a_problem_of_the_preset():
    experiment = Experiment.parse({"dataset": "digits", "method": "autoencoder"})
    experiment = experiment.with_options({"networks.encoder.widths": [70_000]})
    (problem,) = inspect(experiment).problems
    assert problem.path == "networks.encoder"
    assert "70000" in str(problem).replace(",", "")


def test_a_preset_that_is_unfit_is_left_to_the_catalogs_own_checks():
    experiment = Experiment.parse(
        {"dataset": "ring", "method": "gan", "networks": {"generator": {"kind": "dcgan"}}}
    )
    report = inspect(experiment)
    assert report.networks["generator"].layers == ()
    assert not report.problems


def test_operations_are_counted_for_bends_and_norms_too():
    report = inspect(with_layers({"kind": "linear", "width": 64}, "norm", "activation", "flatten"))
    rows = report.networks["decoder"].layers
    assert [row.flops for row in rows] == [2 * 16 * 64, 64, 64, 0]
    assert report.networks["decoder"].values == math.prod((64, 4))
