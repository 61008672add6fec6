"""When the environment counts as set up, how it is mended, and what it says of the system."""

import json
import os
import sys
import threading

import pytest

import environment
import linux

posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and locks as POSIX has them")


@pytest.fixture
def studio(tmp_path):
    """A checkout whose environment looks filled, without its stamp."""
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "constraints.txt").write_text("torch==1.0\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    made = environment.Environment(tmp_path)
    made.packages.mkdir(parents=True)
    made.python.parent.mkdir(exist_ok=True)
    made.python.touch()
    install(made.packages, "torch", "1.0")
    return made


def install(packages, name, version):
    """Lay down a package as pip does."""
    module = packages / f"{name}.py"
    module.write_text("x = 1\n")
    metadata = packages / f"{name}-{version}.dist-info"
    metadata.mkdir()
    (metadata / "INSTALLER").write_text("pip\n")
    (metadata / "RECORD").write_text(
        f"{name}.py,sha256=abc,6\n"
        f"__pycache__/{name}.pyc,,\n"
        f"{metadata.name}/INSTALLER,sha256=abc,4\n"
        f"{metadata.name}/RECORD,,\n"
    )
    return metadata


def stamp(made, *, development=False, **more):
    content = {
        "fingerprint": environment.fingerprint(made.root),
        "development": development,
        "distributions": ["torch-1.0.dist-info"],
        **more,
    }
    environment.write_stamp(made.stamp, content)


# What counts as set up


@pytest.mark.parametrize("development", [True, False])
def test_without_a_stamp_nothing_is_set_up(studio, development):
    assert not environment.is_filled(studio, development=development)


def test_an_environment_for_tests_also_runs_the_program_but_not_the_reverse(studio):
    stamp(studio, development=False)
    assert environment.is_filled(studio, development=False)
    assert not environment.is_filled(studio, development=True)
    stamp(studio, development=True)
    assert environment.is_filled(studio, development=False)
    assert environment.is_filled(studio, development=True)


def change_lock(studio, monkeypatch):
    (studio.root / "packaging" / "constraints.txt").write_text("torch==1.1\n")


def change_requirements(studio, monkeypatch):
    (studio.root / "pyproject.toml").write_text("[project]\nname = 'other'\n")


def remove_package(studio, monkeypatch):
    (studio.packages / "torch-1.0.dist-info").rename(studio.root / "elsewhere")


def remove_python(studio, monkeypatch):
    studio.python.unlink()


def spoil_stamp(studio, monkeypatch):
    studio.stamp.write_text("{")


def empty_stamp(studio, monkeypatch):
    studio.stamp.write_text("[]")


@pytest.mark.parametrize(
    "change",
    [change_lock, change_requirements, remove_package, remove_python, spoil_stamp, empty_stamp],
)
def test_a_change_calls_for_a_new_set_up(studio, monkeypatch, change):
    stamp(studio)
    assert environment.is_filled(studio, development=False)
    change(studio, monkeypatch)
    assert not environment.is_filled(studio, development=False)


def test_the_fingerprint_follows_the_python_and_the_place(studio, monkeypatch, tmp_path):
    before = environment.fingerprint(studio.root)
    assert environment.fingerprint(studio.root) == before
    moved = studio.root.rename(tmp_path.with_name("moved"))
    assert environment.fingerprint(moved) != before
    here = environment.fingerprint(moved)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "version_info", (3, 99, 0))
        other = environment.fingerprint(moved)
    assert other != here


def test_a_ready_environment_is_left_alone(studio, monkeypatch):
    stamp(studio, development=True, system=True)
    monkeypatch.setattr(environment, "call", lambda *_, **__: pytest.fail("started a process"))
    monkeypatch.setattr(linux, "look", lambda *_, **__: pytest.fail("looked at the system"))
    environment.prepare(studio, development=True)


@posix_only
def test_a_second_start_waits_for_the_first_and_then_has_nothing_to_do(studio):
    import fcntl

    waiting = threading.Event()
    second = threading.Thread(
        target=environment.prepare, args=(studio,), kwargs={"development": False}
    )

    class Watched:
        def write(self, text):
            if "Another start" in text:
                waiting.set()

        def flush(self):
            pass

    with (studio.folder / environment.LOCK).open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdout", Watched())
            second.start()
            assert waiting.wait(30)
        assert second.is_alive()
        stamp(studio, system=True)
    second.join(30)
    assert not second.is_alive()


# What an interrupted installation leaves


def test_a_whole_package_is_complete_even_with_its_bytecode_gone(studio):
    assert environment.is_complete(studio.packages / "torch-1.0.dist-info")


def test_a_package_is_incomplete_when_a_file_is_missing_or_cut_short(studio):
    metadata = studio.packages / "torch-1.0.dist-info"
    (studio.packages / "torch.py").write_text("x =")
    assert not environment.is_complete(metadata)
    (studio.packages / "torch.py").unlink()
    assert not environment.is_complete(metadata)


def test_a_package_is_incomplete_without_the_record_that_pip_writes_last(studio):
    metadata = studio.packages / "torch-1.0.dist-info"
    (metadata / "RECORD").write_text("torch.py,sha256=abc,6\n")  # the wheel's own
    assert not environment.is_complete(metadata)
    (metadata / "RECORD").unlink()
    assert not environment.is_complete(metadata)


def test_only_what_is_broken_is_forgotten(studio):
    whole = install(studio.packages, "numpy", "2.0")
    (studio.packages / "torch.py").unlink()
    (studio.packages / "~orch").mkdir()
    assert environment.forget_broken(studio.packages) == ["torch"]
    assert [path.name for path in studio.packages.iterdir() if path.is_dir()] == [whole.name]


@pytest.fixture
def unfit(studio, monkeypatch):
    """A filled environment on a Linux where an ordinary person looks for libraries."""
    stamp(studio)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(linux, "is_root", lambda: False)
    monkeypatch.setattr(linux, "package_manager", lambda: "apt-get")

    def find(**missing):
        monkeypatch.setattr(linux, "look", lambda *_, **__: linux.Missing(**missing))
        environment.prepare(studio, development=False)
        return environment.is_system_fit(studio)

    return find


@posix_only
def test_a_start_stops_where_qt_could_not_load(unfit):
    with pytest.raises(environment.SetUpError, match=r"sudo apt-get install .* libegl1"):
        unfit(vital=["libEGL.so.1"])


@posix_only
def test_missing_window_libraries_are_told_on_every_start(unfit, capsys):
    for _ in range(2):
        assert unfit(windowing=["libxcb-cursor.so.0"]) is False
        assert "libxcb-cursor0" in capsys.readouterr().out


@posix_only
def test_missing_fonts_are_told_once(unfit, capsys):
    assert unfit(fonts=[linux.CHINESE]) is True
    assert "fonts-noto-cjk" in capsys.readouterr().out
    assert unfit(fonts=[linux.CHINESE]) is True
    assert capsys.readouterr().out == ""


def test_the_stamp_is_replaced_whole(tmp_path):
    path = tmp_path / "stamp.json"
    environment.write_stamp(path, {"a": 1})
    environment.write_stamp(path, {"b": 2})
    assert json.loads(path.read_text()) == {"b": 2}
    assert list(tmp_path.iterdir()) == [path]
