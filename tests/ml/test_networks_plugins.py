"""The user's own modules run when switched on, and never otherwise."""

import pytest
import torch

from aegan_studio import paths, plugins
from aegan_studio.catalog.networks.custom import Layers
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import Role
from aegan_studio.messages import StudioError
from aegan_studio.ml.networks.build import build
from aegan_studio.ml.networks.inspect import inspect

CODE = """
import pathlib
import torch

pathlib.Path(__file__).with_suffix(".ran").touch()

def layer(in_shape, width=4):
    return torch.nn.Linear(in_shape[-1], width)

class Doubled(torch.nn.Module):
    def __init__(self, in_shape):
        super().__init__()

    def forward(self, x):
        return torch.cat((x, x), 1)

def broken(in_shape):
    raise ValueError("no such luck")

def number(in_shape):
    return 7

def _hidden(in_shape):
    pass
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("AEGAN_STUDIO_HOME", str(tmp_path))
    monkeypatch.delenv(plugins.VARIABLE, raising=False)
    place = tmp_path / "plugins"
    place.mkdir()
    (place / "mine.py").write_text(CODE)
    return place


def described(**options):
    return {"kind": "module", "file": "mine", **options}


def experiment(*layers):
    return Experiment.parse(
        {
            "dataset": "ring",
            "method": "gan",
            "networks": {"discriminator": {"kind": "layers", "layers": list(layers)}},
        }
    )


def built(outputs, *layers):
    part = Role("decoder", "G", "Decoder", (3,), outputs)
    return build(Layers(layers=layers), part, torch.Generator().manual_seed(5))


def test_plug_ins_are_off_until_switched_on(folder, monkeypatch):
    assert paths.config_dir() == folder.parent
    assert plugins.folder() == folder
    assert not plugins.enabled()
    plugins.enable(True)
    assert plugins.enabled()
    monkeypatch.setenv(plugins.VARIABLE, "0")
    assert not plugins.enabled()
    monkeypatch.delenv(plugins.VARIABLE)
    plugins.enable(False)
    assert not plugins.enabled()
    monkeypatch.setenv(plugins.VARIABLE, "1")
    assert plugins.enabled()


def test_a_damaged_switch_means_off(folder):
    (folder.parent / "plugins.toml").write_bytes(b"\xff\xfe enabled")
    assert not plugins.enabled()
    (folder.parent / "plugins.toml").write_text("enabled = maybe")
    assert not plugins.enabled()


def test_plug_ins_are_found_without_being_run(folder):
    (folder / "wrong.py").write_text("def layer(:")
    (folder / "_private.py").write_text("x = 1")
    plugins.enable(True)
    mine, wrong = plugins.found()
    assert (mine.file, mine.names) == ("mine", ("layer", "Doubled", "broken", "number"))
    assert wrong.names == ()
    assert wrong.error
    assert not (folder / "mine.ran").exists()


def test_nothing_runs_while_they_are_off(folder, tmp_path):
    one = experiment(described(), {"kind": "linear", "width": 1})
    (problem,) = inspect(one).problems
    assert problem.path == "networks.discriminator.layers.0"
    assert "own modules are off" in str(problem.message)
    assert "aegan-studio plugins --enable" in str(problem.advice)
    assert str(folder) in str(problem.advice)
    with pytest.raises(StudioError, match="own modules are off"):
        built((4,), described())
    assert Experiment.parse(one.to_plain()) == one
    assert not (folder / "mine.ran").exists()


def test_a_module_of_ones_own_is_a_layer_like_any_other(folder):
    plugins.enable(True)
    report = inspect(
        experiment(described(arguments="width = 6"), described(name="Doubled"), "linear")
    )
    rows = report.networks["discriminator"].layers
    assert [row.out_shape for row in rows[:2]] == [(6,), (12,)]
    assert rows[0].parameters == 6 * 3
    before = torch.get_rng_state()
    network = built((12,), described(arguments="width = 6"), described(name="Doubled"))
    assert torch.equal(before, torch.get_rng_state())
    again = built((12,), described(arguments="width = 6"), described(name="Doubled"))
    x = torch.randn(2, 3)
    made = network(x)
    assert torch.equal(made, again(x))
    assert torch.equal(made[:, :6], made[:, 6:])
    assert list(network.state_dict()) == ["0.inner.weight", "0.inner.bias"]


def test_a_changed_file_is_read_again(folder):
    plugins.enable(True)
    assert built((4,), described())(torch.zeros(1, 3)).shape == (1, 4)
    path = folder / "mine.py"
    path.write_text(CODE.replace("width=4", "width=9"))
    import os

    os.utime(path, ns=(1, 1))
    assert built((9,), described())(torch.zeros(1, 3)).shape == (1, 9)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"name": "missing"}, "defines no missing"),
        ({"file": "other"}, "no plug-in “other”"),
        ({"file": "../mine"}, "no plug-in"),
        ({"file": ""}, "no plug-in"),
        ({"name": "broken"}, "ValueError: no such luck"),
        ({"name": "number"}, "not a torch.nn.Module"),
        ({"arguments": "width 6"}, "cannot be read"),
        ({"arguments": "depth = 6"}, "TypeError"),
        ({"arguments": "width = 6 }\nx = { y = 1"}, "cannot be read"),
    ],
)
def test_what_goes_wrong_is_said_at_the_layer(folder, options, words):
    plugins.enable(True)
    with pytest.raises(StudioError, match="Decoder, layer 1") as caught:
        built((4,), described(**options))
    assert words in str(caught.value)


def test_a_file_that_fails_is_a_sentence(folder):
    (folder / "wrong.py").write_text("import nothing_of_that_name")
    plugins.enable(True)
    with pytest.raises(StudioError, match="ModuleNotFoundError"):
        built((4,), described(file="wrong"))
