"""What the two commands decide, hand on and report, and what setting up promises."""

import ast
import os
import runpy
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import children
import commands
import environment

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "packaging"
MODULES = ("start", "commands", "environment", "linux", "children")

posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and locks as POSIX has them")


class Calls(list):
    """Stands in for call(): notes every command and its variables, answers with set statuses."""

    def __init__(self, statuses=None, effect=None):
        super().__init__()
        self.statuses = statuses or {}
        self.effect = effect

    def __call__(self, command, *, variables=None, **_):
        self.append((command, variables))
        if self.effect:
            self.effect()
        return next((status for word, status in self.statuses.items() if word in command), 0)


@pytest.fixture
def studio(tmp_path):
    """The environment of a checkout; nothing looks into it here."""
    return environment.Environment(tmp_path)


# What is handed on


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run"], ("run", [])),
        (["test"], ("test", [])),
        (["run", "--", "train", "vae", "--out=x"], ("run", ["train", "vae", "--out=x"])),
        (["test", "--", "-k", "a or b"], ("test", ["-k", "a or b"])),
        (["run", "--", "--help"], ("run", ["--help"])),
        (["run", "--", "a", "--", "b"], ("run", ["a", "--", "b"])),
        (["run", "--help"], ("help", [])),
        ([], ("help", [])),
    ],
)  # fmt: skip
def test_everything_after_the_dashes_is_handed_on_untouched(arguments, expected):
    assert commands.split_arguments(arguments) == expected


def test_a_forgotten_separator_is_answered_with_the_right_command():
    with pytest.raises(ValueError, match="run -- train 'my data'"):
        commands.split_arguments(["run", "train", "my data"])


def test_an_unknown_command_is_refused_with_the_usage(capsys):
    assert commands.main(["start"]) == 2
    said = capsys.readouterr().err
    assert "'start'" in said
    assert "Usage:" in said


# With and without a display


@pytest.mark.parametrize(
    ("variables", "platform", "expected"),
    [
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ""}, "linux", False),
        ({}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_a_display_is_what_the_session_says(variables, platform, expected):
    assert commands.has_display(variables, platform) is expected


def start_program(studio, monkeypatch, arguments, *, display, calls):
    monkeypatch.setattr(commands, "call", calls)
    monkeypatch.setattr(commands, "has_display", lambda *_: display)
    return commands.run(studio, arguments)


def test_with_a_display_the_window_opens(studio, monkeypatch):
    calls = Calls()
    assert start_program(studio, monkeypatch, [], display=True, calls=calls) == 0
    assert calls == [([str(studio.python), "-m", "aegan_studio"], None)]


@pytest.mark.parametrize("display", [True, False])
def test_arguments_reach_the_program_with_or_without_a_display(studio, monkeypatch, display):
    calls = Calls({"train": 3})
    assert start_program(studio, monkeypatch, ["train", "x"], display=display, calls=calls) == 3
    assert calls == [([str(studio.python), "-m", "aegan_studio", "train", "x"], None)]


def test_without_a_display_the_demo_runs_and_its_pictures_are_named(studio, monkeypatch, capsys):
    out = studio.root / "out" / "quick-start"

    def draw():
        (out / "walk").mkdir(parents=True)
        (out / "walk" / "new.png").touch()
        (out / "run.toml").touch()
        (out / "yesterday.png").touch()
        os.utime(out / "yesterday.png", (1e9, 1e9))

    calls = Calls(effect=draw)
    assert start_program(studio, monkeypatch, [], display=False, calls=calls) == 0
    (command, variables), *rest = calls
    assert rest == []
    assert command[1:] == ["-m", "aegan_studio", "demo", "--offscreen", "--out", str(out)]
    assert variables["QT_QPA_PLATFORM"] == "offscreen"
    said = capsys.readouterr().out
    assert "no display" in said
    assert str(out / "walk" / "new.png") in said
    assert "yesterday.png" not in said
    assert "run.toml" not in said


def test_a_demo_that_leaves_no_picture_has_failed(studio, monkeypatch, capsys):
    assert start_program(studio, monkeypatch, [], display=False, calls=Calls()) == 1
    assert "no picture" in capsys.readouterr().out


def test_a_failing_demo_keeps_its_status(studio, monkeypatch):
    assert start_program(studio, monkeypatch, [], display=False, calls=Calls({"demo": -9})) == 137


# The checks


def test_every_check_runs_and_pytest_comes_last_with_its_arguments(studio, monkeypatch, capsys):
    calls = Calls({"format": 1, "mypy": 2})
    monkeypatch.setattr(commands, "call", calls)
    assert commands.test(studio, ["-k", "trainer"]) == 1
    assert len(calls) == 5
    assert calls[-1][0] == [str(studio.python), "-m", "pytest", "-k", "trainer"]
    assert capsys.readouterr().out.endswith("Failed: ruff format, mypy.\n")


def test_all_checks_passing_is_success(studio, monkeypatch, capsys):
    monkeypatch.setattr(commands, "call", Calls())
    assert commands.test(studio, []) == 0
    assert capsys.readouterr().out.endswith("All checks passed.\n")


# Ending


@pytest.mark.parametrize(("returned", "expected"), [(0, 0), (3, 3), (-2, 130), (-15, 143)])
def test_a_child_ended_by_a_signal_is_reported_as_a_shell_would(returned, expected):
    assert children.exit_status(returned) == expected


@posix_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_child_too_without_a_traceback(number):
    parent = f"""
import sys
sys.path.insert(0, {str(FOLDER)!r})
from children import Interrupted, call, raise_on_signals
raise_on_signals()
child = "import os, time; print(os.getpid(), flush=True); time.sleep(100)"
try:
    call([sys.executable, "-c", child])
except Interrupted as interruption:
    sys.exit(128 + interruption.number)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", parent], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    child = int(process.stdout.readline())
    process.send_signal(number)
    _, said = process.communicate()
    assert process.returncode == 128 + number
    assert said == ""
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


# The promises of these files


@pytest.mark.parametrize("module", MODULES)
def test_setting_up_needs_nothing_but_the_standard_library(module):
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module.partition(".")[0])
    assert imported
    assert imported <= sys.stdlib_module_names | set(MODULES)


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 10, 13), (3, 14, 0)])
def test_another_python_is_refused_in_a_sentence(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit) as refusal:
        runpy.run_path(str(FOLDER / "start.py"))
    assert "needs Python 3.11 to 3.13; this is Python {}.{}.".format(*version) in str(refusal.value)


def test_the_entry_uses_nothing_that_an_old_python_cannot_read():
    tree = ast.parse((FOLDER / "start.py").read_text(), feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.FunctionDef, ast.NamedExpr, ast.Nonlocal)
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]


def test_the_entry_and_the_project_name_the_same_pythons():
    entry = runpy.run_path(str(FOLDER / "start.py"))
    wanted = SpecifierSet(project()["project"]["requires-python"])
    named = range(entry["OLDEST"][1], entry["NEWEST"][1] + 1)
    assert [minor for minor in range(30) if f"3.{minor}" in wanted] == list(named)


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def lock():
    lines = (FOLDER / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def test_everything_asked_for_is_locked_at_a_version_that_fits():
    pins = lock()
    for line in environment.requirements(ROOT, development=True):
        requirement = Requirement(line)
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier, line


def test_running_installs_no_tool_that_only_tests_need():
    running = set(environment.requirements(ROOT, development=False))
    testing = set(environment.requirements(ROOT, development=True))
    assert testing - running == set(project()["dependency-groups"]["dev"])


def test_the_lock_holds_on_every_machine():
    pins = lock()
    assert environment.locked(ROOT, "torch") == f"torch=={pins['torch']}"
    assert not [name for name in pins if name.startswith(("nvidia", "cuda", "triton"))]
    assert not [version for version in pins.values() if "+" in version]
    assert pins["shiboken6"] == pins["pyside6-essentials"]
    assert list(pins) == sorted(pins)


def test_where_packages_come_from_is_left_to_the_machine():
    for path in [*(FOLDER / f"{name}.py" for name in MODULES), FOLDER / "constraints.txt"]:
        assert "://" not in path.read_text(encoding="utf-8"), path
        assert "--index" not in path.read_text(encoding="utf-8"), path
