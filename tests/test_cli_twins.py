"""The command that trains two experiments side by side."""

import json

import pytest

from aegan_studio import cli, paths
from aegan_studio.cli import main
from aegan_studio.runs.folder import RunFolder

QUICK = ["--steps", "20"]
for option in ("evaluate_every=10", "batch_size=16", "threads=1", "timeline=0"):
    QUICK += ["--set", f"training.{option}"]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(cli, "system_language", lambda: "en")


def test_a_recipe_against_a_model_lists_what_differs_and_what_came_of_it(capsys):
    assert main(["twin", "ring-gan", "wgan-gp", *QUICK]) == 0
    said = capsys.readouterr()
    assert "method.loss" in said.out
    assert "wasserstein" in said.out
    row = next(line for line in said.out.splitlines() if line.startswith("JS divergence"))
    assert row.count("*") == 1
    folders = sorted(paths.runs_dir().iterdir())
    assert len(folders) == 2
    assert all(str(folder) in said.err for folder in folders)
    for folder in folders:
        with RunFolder.open(folder) as run:
            assert run.steps()[0][-1] == 20
            assert run.facts["status"] == "finished"


def test_as_json_both_sides_are_measured_at_the_same_steps(capsys):
    given = ["twin", "moons-vae", "ring-gan", "--json", *QUICK]
    assert main(given) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    seen = {
        side: [
            line["step"] for line in lines if line["event"] == "measured" and line["side"] == side
        ]
        for side in "ab"
    }
    assert seen == {"a": [10, 20], "b": [10, 20]}
    paths_ = [line["path"] for line in lines if line["event"] == "difference"]
    assert "method.kind" in paths_
    assert "dataset.kind" not in paths_  # B takes the data of A
    assert main(["twin", "moons-vae", "ring-gan", "--own-data", "--json", *QUICK]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert "dataset.kind" in [line.get("path") for line in lines]


def test_what_cannot_be_had_is_said_in_a_sentence(capsys):
    assert main(["twin", "ring-gan", "no-such-thing"]) == 2
    assert "no-such-thing" in capsys.readouterr().err
    assert main(["twin", "ring-gan", "cgan", "--set", "training.batch_size=99999"]) == 2
