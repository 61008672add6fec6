"""Demos on the command line and in Python."""

import json

import numpy as np
import pytest

import aegan_studio
from aegan_studio import cli
from aegan_studio.catalog.demos import demos
from aegan_studio.messages import StudioError
from aegan_studio.ui import app


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(cli, "system_language", lambda: "en")


def test_demos_are_listed_for_people(capsys):
    assert cli.main(["demos"]) == 0
    told = capsys.readouterr().out
    assert all(demo.name in told for demo in demos())


def test_demos_are_listed_for_programs_with_their_figures(capsys):
    assert cli.main(["demos", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in told] == [demo.name for demo in demos()]
    for one in told:
        assert one["step"] > 0
        assert one["command"].startswith("python -m aegan_studio.bench.demos")
        assert all(f["low"] <= f["value"] <= f["high"] for f in one["figures"])
        assert len(one["try"]) >= 3


def test_a_named_demo_opens_the_window(monkeypatch):
    opened = []
    monkeypatch.setattr(app, "run_app", lambda argv: opened.append(list(argv)[1:]) or 0)
    assert cli.main(["demo", "digit-map"]) == 0
    assert opened == [["--demo=digit-map"]]


def test_an_unknown_demo_is_named_before_any_window_opens(capsys):
    assert cli.main(["demo", "digit-mop"]) == 2
    assert "Did you mean “digit-map”?" in capsys.readouterr().err


@pytest.mark.parametrize("given", [["demo"], ["demo", "digit-map", "--out", "x"]])
def test_what_makes_no_sense_is_said(given, capsys):
    assert cli.main(given) == 2
    assert capsys.readouterr().err


def test_a_demo_in_python_samples_at_once():
    run = aegan_studio.demo("digits-on-demand")
    pictures = run.generate(4, of_class="7")
    assert pictures.shape == (4, 1, 8, 8)
    assert np.isfinite(pictures).all()
    assert run.step == 8000
    assert len(run.metrics) > 2


def test_every_demo_is_known_to_python():
    assert {demo.name for demo in aegan_studio.demos()} == {demo.name for demo in demos()}
    with pytest.raises(StudioError):
        aegan_studio.demo("nothing")


def test_the_window_opens_the_demo_it_is_asked_for(qapp, qtbot, home):
    from aegan_studio import paths
    from aegan_studio.ui.settings import Settings

    studio = app.build(qapp, Settings(paths.settings_file()))
    try:
        studio.window.show()
        app._after_first_paint(studio, ["aegan-studio", "--demo=ring-collapse"])
        assert studio.window.demos.demo.name == "ring-collapse"
        qtbot.waitUntil(lambda: studio.session.step > 0, timeout=60_000)
    finally:
        studio.window._close_anyway = True
        studio.dispose()
