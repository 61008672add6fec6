"""Bad input on the command line: one clear sentence, exit code 2, no traceback, nothing lost."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from aegan_studio import api, cli, files
from aegan_studio.i18n import tr
from aegan_studio.runs import records
from aegan_studio.runs.folder import RunFolder

QUICK = ["--steps", "10", "--threads", "1", "--json"]


@pytest.fixture(autouse=True)
def english(monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "system_language", lambda: "en")
    monkeypatch.setenv("AEGAN_STUDIO_HOME", str(tmp_path / "home"))
    yield
    tr.use("en")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    out = tmp_path_factory.mktemp("bad") / "run"
    api.train("ring-gan", out, steps=10)
    return out


def refused(capsys, *arguments):
    """The one line that the command complains with."""
    assert cli.main([str(argument) for argument in arguments]) == 2
    errors = capsys.readouterr().err
    assert "Traceback" not in errors
    lines = errors.strip().splitlines()
    assert len(lines) == 1, errors
    return lines[0]


FILES = {
    "malformed": ("dataset = = 3", "is not valid TOML"),
    "empty": ("", "dataset"),
    "unknown option": ('dataset = "digits"\nmethod = "vae"\nfoo = 1', "there is no option “foo”"),
    "unknown method": ('dataset = "digits"\nmethod = "vea"', "“vea” is not a known method"),
    "out of range": (
        'dataset = "digits"\nmethod = {kind = "vae", latent_dim = 0}',
        "method.latent_dim",
    ),
    "newer format": ('format = 99\ndataset = "digits"\nmethod = "vae"', "has format 99"),
    "not a number": (
        'dataset = "digits"\nmethod = "vae"\ntraining = {batch_size = "many"}',
        "It must be a whole number",
    ),
    "shapes": (
        'dataset = "digits"\nmethod = "vae"\n[networks.decoder]\nkind = "layers"\n'
        'layers = [{kind = "linear", width = 10}]',
        "networks.decoder",
    ),
    "batch": (
        'dataset = "digits"\nmethod = "vae"\ntraining = {batch_size = 5000}',
        "Larger than the training data (1,347)",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_trained_is_explained(name, tmp_path, capsys):
    text, sentence = FILES[name]
    path = tmp_path / "experiment.toml"
    path.write_text(text, "utf-8")
    out = tmp_path / "run"
    if name == "empty":  # two things are missing: a line each
        assert cli.main(["train", str(path), "--out", str(out)]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 2
    else:
        assert sentence in refused(capsys, "train", path, "--out", out)
    assert not out.exists()
    assert path.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "digits-vea"], "Did you mean “digits-vae”?"),
        (["train"], "There is nothing to train."),
        (["train", "--resume"], "There is no run to resume."),
        (["train", "nowhere/x.toml"], "cannot be read"),
        (["train", "digits-vae", "--foo"], "--foo"),
        (["train", "digits-vae", "--steps", "many"], "--steps"),
        (["train", "digits-vae", "--steps", "0"], "training.steps"),
        (["train", "digits-vae", "--autosave", "0"], "autosave"),
        (["train", "digits-vae", "--set", "method.latent=3"], "Did you mean “latent_dim”?"),
        (["train", "digits-vae", "--set", "method.latent_dim=many"], "whole number"),
        (["train", "digits-vae", "--set", "seed"], "sets nothing"),
        (["train", "digits-vae", "--threads", "9999"], "training.threads"),
        (["sample", "nowhere"], "There is no run at"),
        (["sample", "."], "holds no run"),
        (["methods", "vea"], "is not a known method"),
        (["datasets", "digit"], "is not a known dataset"),
        (["nonsense"], "nonsense"),
        (["tour"], "--out"),
    ],
)
def test_a_wrong_command_is_explained(arguments, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert sentence in refused(capsys, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine")
    line = refused(capsys, "train", "ring-gan", "--out", tmp_path, *QUICK)
    assert "is not empty and holds no run" in line
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("place", ["file/run", "file", "/proc/run"])
def test_a_folder_that_cannot_be_written_is_named(place, tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    line = refused(capsys, "train", "ring-gan", "--out", tmp_path / place, *QUICK)
    assert place.rpartition("/")[2] in line
    assert (tmp_path / "file").read_text() == "mine"


def test_a_run_is_not_trained_over(trained, capsys):
    before = sorted(path.name for path in trained.rglob("*"))
    line = refused(capsys, "train", "ring-gan", "--out", trained, *QUICK)
    assert "already holds a run. Add --resume" in line
    assert sorted(path.name for path in trained.rglob("*")) == before


def test_an_option_that_needs_a_new_run_cannot_change_in_one(trained, capsys):
    arguments = ["train", "--resume", "--out", trained, "--set", "training.batch_size=32"]
    assert "training.batch_size" in refused(capsys, *arguments)
    assert RunFolder.open(trained).experiment.get("training.batch_size") != 32


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_a_damaged_checkpoint_is_named(damage, trained, tmp_path, capsys):
    out = tmp_path / "run"
    shutil.copytree(trained, out)
    path = RunFolder.open(out).checkpoints()[0]
    data = bytearray(path.read_bytes())
    if damage == "cut":
        data = data[: len(data) // 2]
    elif damage == "flipped":
        data[-10] ^= 0xFF
    else:
        data = bytearray()
    path.write_bytes(data)
    name = "The checkpoint 000000010.safetensors is damaged."
    assert name in refused(capsys, "sample", out, "--out", tmp_path / "x.csv")
    assert name in refused(capsys, "train", "--resume", "--out", out, "--steps", "20", "--json")
    assert path.read_bytes() == bytes(data)
    assert RunFolder.open(out).steps()[0].tolist() == list(range(1, 11))


def full(*details):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_that_is_full_from_the_start_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(files.os, "fsync", full)
    line = refused(capsys, "train", "ring-gan", "--out", tmp_path / "run", *QUICK)
    assert "The disk is full" in line


def test_a_disk_that_fills_up_while_training_loses_nothing(tmp_path, monkeypatch, capsys):
    out = tmp_path / "run"
    assert cli.main(["train", "ring-gan", "--out", str(out), *QUICK]) == 0
    capsys.readouterr()
    real = os.replace

    def full_for_checkpoints(source, target):
        if Path(target).parent.name == "checkpoints":
            full()
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "replace", full_for_checkpoints)
        line = refused(capsys, "train", "--resume", "--out", out, "--steps", "20", "--json")
    assert "The disk is full" in line
    run = RunFolder.open(out)
    assert run.checkpoints() == (run.checkpoint_path(10),)
    assert not list(out.rglob(".0*"))
    assert cli.main(["train", "--resume", "--out", str(out), "--steps", "20", "--json"]) == 0
    assert RunFolder.open(out).steps()[0].tolist() == list(range(1, 21))


def test_samples_that_cannot_be_written_are_named(trained, tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    assert "cannot be written" in refused(
        capsys, "sample", trained, "--out", tmp_path / "file" / "x.csv"
    )
    assert "ends in .csv / .npz" in refused(capsys, "sample", trained, "--out", tmp_path / "x.png")


def test_records_survive_a_disk_that_is_full_for_a_while(tmp_path, monkeypatch):
    class Disk(records.FileIO):
        full = False

        def write(self, data):
            if Disk.full:
                full()
            return super().write(data)

    monkeypatch.setattr(records, "FileIO", Disk)

    def fill(event):
        Disk.full = getattr(event, "step", 0) < 400

    api.train("ring-gan", tmp_path / "run", steps=600, on_event=fill, autosave=0.1)
    steps, _ = RunFolder.open(tmp_path / "run").steps()
    assert steps.tolist() == list(range(1, 601))
