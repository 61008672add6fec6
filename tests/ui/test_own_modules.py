"""Own modules are allowed and forbidden from the command line and in the window."""

import json
import sys

import pytest
from PySide6.QtCore import Qt

from aegan_studio import cli, plugins
from aegan_studio.ui.own_modules import offer
from aegan_studio.ui.panels.layers.plugin_files import FileChoice, file_choice
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.fields import TextField

LONG = 60_000
CODE = """
import pathlib
import torch

pathlib.Path(__file__).with_suffix(".ran").touch()

def layer(in_shape, width=4):
    return torch.nn.Linear(in_shape[-1], width)

class Doubled(torch.nn.Module):
    pass
"""
OWN = {
    "dataset.kind": "ring",
    "method.kind": "autoencoder",
    "networks.encoder.kind": "layers",
    "networks.encoder.layers": [
        {"kind": "module", "file": "mine"},
        {"kind": "linear", "width": 16},
    ],
}


@pytest.fixture(autouse=True)
def unforced(monkeypatch):
    monkeypatch.delenv(plugins.VARIABLE, raising=False)
    monkeypatch.setattr(cli, "system_language", lambda: "en")


@pytest.fixture
def mine(home):
    folder = home / "plugins"
    folder.mkdir(parents=True)
    (folder / "mine.py").write_text(CODE)
    return folder


# The command line


def test_the_command_line_says_how_to_write_one(home, capsys):
    assert cli.main(["plugins"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "are off" in captured.err
    assert str(home / "plugins") in captured.err.replace("\n", "")
    program = captured.err[captured.err.index("    import torch") :]
    made: dict[str, object] = {}
    exec("\n".join(line[4:] for line in program.splitlines()), made)
    import torch

    assert made["layer"]((3,), width=5)(torch.zeros(2, 3)).shape == (2, 5)


def test_the_command_line_switches_and_lists_without_running_anything(mine, capsys):
    assert cli.main(["plugins", "--enable"]) == 0
    assert plugins.enabled()
    captured = capsys.readouterr()
    assert "with all your rights" in captured.err
    assert "mine" in captured.out
    assert "layer, Doubled" in captured.out
    assert cli.main(["plugins", "--disable"]) == 0
    assert not plugins.enabled()
    assert not (mine / "mine.ran").exists()


def test_programs_read_json(mine, capsys, monkeypatch):
    (mine / "bad.py").write_text("def (")
    monkeypatch.setenv(plugins.VARIABLE, "1")
    assert cli.main(["plugins", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["enabled"] is True
    assert said["folder"] == str(mine)
    assert [(one["file"], one["names"]) for one in said["files"]] == [
        ("bad", []),
        ("mine", ["layer", "Doubled"]),
    ]
    assert "syntax" in said["files"][0]["error"]


def test_the_environment_has_the_last_word(mine, capsys, monkeypatch):
    monkeypatch.setenv(plugins.VARIABLE, "0")
    assert cli.main(["plugins", "--enable"]) == 0
    assert f"because {plugins.VARIABLE} is 0" in capsys.readouterr().err.replace("\n", " ")
    assert not plugins.enabled()


@pytest.mark.skipif(sys.platform == "win32", reason="a folder cannot be made unwritable there")
def test_a_setting_that_cannot_be_saved_is_said(home, capsys):
    home.parent.mkdir(parents=True, exist_ok=True)
    home.write_text("a file where the folder should be")
    assert cli.main(["plugins", "--enable"]) == 2
    assert "could not be saved" in capsys.readouterr().err


# The window


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def own_problems(document):
    return [problem for problem in document.problems if "module" in str(problem.advice)]


def test_the_window_asks_then_allows_and_forbids(mine, bench, qtbot):
    window, document = bench.window, bench.document
    document.edit(OWN)
    qtbot.waitUntil(lambda: bool(own_problems(document)), timeout=LONG)
    window.actions_["window.offer_own_modules"].trigger()
    assert "run the files in" in window.notices.text
    assert "mine.py" in window.notices.text
    assert not plugins.enabled(), "asking changes nothing"
    click(qtbot, window.notices.banner.fix_button)
    assert plugins.enabled()
    assert str(mine) in window.notices.text
    qtbot.waitUntil(lambda: not own_problems(document), timeout=LONG)
    assert (mine / "mine.ran").exists()
    window.actions_["window.offer_own_modules"].trigger()
    click(qtbot, window.notices.banner.fix_button)
    assert not plugins.enabled()
    qtbot.waitUntil(lambda: bool(own_problems(document)), timeout=LONG)


class FakeNotices:
    def __init__(self):
        self.said = []

    def say(self, text, fix="", act=None, **_more):
        self.said.append((text, fix, act))

    def show_error(self, error):
        self.said.append((str(error), "", None))


@pytest.mark.parametrize(("value", "word"), [("0", "forbids"), ("1", "allows")])
def test_where_the_environment_decides_nothing_is_offered(home, monkeypatch, value, word):
    monkeypatch.setenv(plugins.VARIABLE, value)
    notices = FakeNotices()
    offer(notices, lambda: None)
    ((text, fix, _),) = notices.said
    assert word in text
    assert fix == ""


def test_a_switch_that_fails_changes_nothing(home, monkeypatch):
    def fail(on):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(plugins, "enable", fail)
    notices, changes = FakeNotices(), []
    offer(notices, lambda: changes.append(1))
    notices.said[0][2]()
    assert "No space left" in notices.said[1][0]
    assert not changes


# The layer editor


def test_the_file_is_chosen_among_those_there_are(mine, qapp, qtbot, monkeypatch):
    from aegan_studio.catalog.layers import Module
    from aegan_studio.experiment.options import describe
    from aegan_studio.ui.panels.layers.fields import Control

    infos = {info.name: info for info in describe(Module)}
    assert file_choice(infos["name"], "layer") is None
    chosen = []
    host = TextField("", name="host")
    qtbot.addWidget(host)
    control = Control(infos["file"], "gone", chosen.append, host)
    choice = control.widget
    assert isinstance(choice, FileChoice)
    assert choice.value == "gone", "looking at a file never changes it"
    assert [(one.value, one.enabled) for one in choice.options] == [("mine", True)]
    assert "layer, Doubled" in choice.options[0].help
    (mine / "later.py").write_text("def layer(shape): ...")
    (mine / "bad.py").write_text("def (")
    monkeypatch.setattr(Choice, "showPopup", lambda _choice: None)
    choice.showPopup()
    assert [(one.value, one.enabled) for one in choice.options] == [
        ("bad", False),
        ("later", True),
        ("mine", True),
    ]
    assert choice.value == "gone"
    choice.setCurrentIndex(1)
    choice.activated.emit(1)
    assert chosen == ["later"]
    assert not (mine / "mine.ran").exists()


def test_without_files_the_choice_says_where_they_belong(home, qapp, qtbot):
    choice = FileChoice("", "File")
    qtbot.addWidget(choice)
    ((option),) = choice.options
    assert not option.enabled
    assert str(home / "plugins") in option.help
