"""Digits drawn by hand are rebuilt recognisably, judged by who knows only real ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aegan_studio import api
from aegan_studio.bench import drawing
from aegan_studio.bench.drawing import TARGET, Hand, learn, main, reading, rebuild, shown
from aegan_studio.experiment import Experiment
from aegan_studio.messages import StudioError

STROKES = Path(__file__).parent / "data" / "strokes.json"


@pytest.fixture(scope="module")
def readers():
    return learn()


@pytest.fixture(scope="module")
def hand():
    return Hand.read(STROKES)


def test_drawings_themselves_are_read_as_what_they_are(hand, readers):
    digits = Experiment.parse({"dataset": "digits", "method": "autoencoder"})
    read = reading(readers, shown(hand, digits))
    assert len(hand.digits) == 40
    assert (read == hand.digits).mean() >= 0.9


@pytest.mark.parametrize("name", ["digit-walk", "digits-on-demand"])
def test_what_a_demo_rebuilds_is_read_as_the_digit_that_was_drawn(hand, readers, name):
    run = api.demo(name)
    found = rebuild(hand, name, run.experiment, run.weights, readers)
    assert (found.encoded is None) == (name == "digits-on-demand")
    assert (found.encoded or found.searched) >= TARGET
    assert found.met


def test_an_untrained_model_does_not_pass(hand, readers):
    from aegan_studio.ml.model import Model

    run = api.demo("digit-walk")
    model = Model.build(run.experiment)
    found = rebuild(hand, "untrained", run.experiment, model.arrays(), readers)
    assert found.encoded < 0.3
    assert not found.met


def test_the_command_writes_its_table(tmp_path, capsys):
    out = tmp_path / "out"
    code = main(["--only", "digits-on-demand", "--strokes", str(STROKES), "--out", str(out)])
    assert code == 0
    assert (out / "drawing.md").read_text() == capsys.readouterr().out
    plain = json.loads((out / "drawing.json").read_text())
    assert plain["drawings"] == 40
    assert plain["rows"][0]["encoded"] is None


def test_what_holds_no_strokes_is_said(tmp_path, capsys, monkeypatch):
    bad = tmp_path / "bad.json"
    bad.write_text('{"digits": [{"digit": "x"}]}')
    with pytest.raises(StudioError, match="holds no strokes"):
        Hand.read(bad)
    monkeypatch.setattr(drawing, "learn", lambda: None)
    assert main(["--strokes", str(tmp_path / "none.json")]) == 2
    assert "Run this in a checkout" in capsys.readouterr().err
