"""The list of runs is fast, newest first, and tolerates whatever else lies in the folder."""

import os

import pytest

from aegan_studio.experiment import Experiment
from aegan_studio.runs.folder import RunFolder
from aegan_studio.runs.library import recent

EXPERIMENT = Experiment.parse({"title": "Digits", "dataset": "digits", "method": "gan"})


def make(path, when, **facts):
    with RunFolder.create(path, EXPERIMENT) as run:
        run.describe(**facts)
    for name in ("experiment.toml", "run.json"):
        os.utime(path / name, (when, when))


def test_runs_come_newest_first_up_to_the_limit(tmp_path):
    for index in range(5):
        make(tmp_path / f"run-{index}", 1_700_000_000 + index, step=index, status="paused")
    found = recent(tmp_path, limit=3)
    assert [run.path.name for run in found] == ["run-4", "run-3", "run-2"]
    newest = found[0]
    assert (newest.title, newest.method, newest.dataset) == ("Digits", "gan", "digits")
    assert (newest.step, newest.status, newest.preview) == (4, "paused", None)
    assert newest.when.timestamp() == 1_700_000_004


def test_a_preview_is_found(tmp_path):
    with RunFolder.create(tmp_path / "run", EXPERIMENT) as run:
        run.write_preview(b"png")
    assert recent(tmp_path)[0].preview == tmp_path / "run" / "preview.png"


@pytest.mark.parametrize("facts", ["", "{", "[]", '{"title": 4, "step": -1}', "\xff"])
def test_damaged_runs_are_listed_by_what_is_known(tmp_path, facts):
    make(tmp_path / "run", 1_700_000_000)
    (tmp_path / "run" / "run.json").write_bytes(facts.encode("latin-1"))
    assert len(recent(tmp_path)) == 1


def test_rubbish_is_not_a_run(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "experiment.toml").write_bytes(b"\xff\x00")
    assert [run.path.name for run in recent(tmp_path)] == ["broken"]
    assert recent(tmp_path / "nowhere") == []
    assert recent(tmp_path / "notes.txt") == []


def test_a_thousand_runs_are_listed(tmp_path):
    make(tmp_path / "0", 1_700_000_000)
    text = (tmp_path / "0" / "experiment.toml").read_bytes()
    facts = (tmp_path / "0" / "run.json").read_bytes()
    for index in range(1, 1000):
        folder = tmp_path / str(index)
        folder.mkdir()
        (folder / "experiment.toml").write_bytes(text)
        (folder / "run.json").write_bytes(facts)
    assert len(recent(tmp_path)) == 1000
