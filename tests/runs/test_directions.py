"""Directions kept beside a run come back as they were; what is no direction is left out."""

from __future__ import annotations

import json

import numpy as np
import pytest

from aegan_studio.messages import StudioError
from aegan_studio.ml.latent.courses import Course, basket_course
from aegan_studio.runs.directions import (
    FILE,
    MOST,
    KeptDirection,
    load_directions,
    save_directions,
)


def courses():
    rng = np.random.default_rng(0)
    yes, no = rng.normal(size=(30, 4)) + 2, rng.normal(size=(40, 4))
    return [basket_course(yes, no, how) for how in ("transport", "mean", "logistic")]


def test_directions_come_back_number_by_number(tmp_path):
    made = courses()
    kept = [KeptDirection(f"方向 {at}", way.to_plain(), 900) for at, way in enumerate(made)]
    save_directions(tmp_path, kept)
    found = load_directions(tmp_path)
    assert [direction.name for direction in found] == ["方向 0", "方向 1", "方向 2"]
    assert found[0].step == 900
    code = np.arange(4.0)
    for way, direction in zip(made, found, strict=True):
        again = Course.from_plain(direction.course)
        assert again.moved(code, 0.7).tolist() == way.moved(code, 0.7).tolist()
        assert again.amount_to_arrive(code) == way.amount_to_arrive(code)


def test_a_run_without_directions_has_none(tmp_path):
    assert load_directions(tmp_path) == ()


@pytest.mark.parametrize("text", ["", "[]", '{"directions": 3}', "[" * 100_000, "\x00\xff"])
def test_a_file_that_is_no_list_of_directions_is_refused_in_a_sentence(tmp_path, text):
    (tmp_path / FILE).write_bytes(text.encode("latin-1"))
    with pytest.raises(StudioError, match="cannot be read"):
        load_directions(tmp_path)


def test_entries_that_make_no_sense_are_left_out(tmp_path):
    good = {"name": "ok", "step": 1, **courses()[1].to_plain()}
    bad = [
        3,
        {**good, "name": 5},
        {**good, "name": "  "},
        {**good, "offset": "0"},
        {**good, "offset": True},
        {**good, "unit": []},
        {**good, "unit": [1, "x"]},
        {**good, "unit": {"a": 1}},
        {**good, "how": None},
        {"name": "t", "how": "transport", "start": [0], "end": [1], "matrix": [1]},
    ]
    plain = json.dumps({"format": 1, "directions": [*bad, good]})
    (tmp_path / FILE).write_text(plain.replace('"offset": "0"', '"offset": 1e999'))
    (found,) = load_directions(tmp_path)
    assert found.name == "ok"


@pytest.mark.parametrize(
    "change",
    [{"unit": [3.0, 0, 0, 0]}, {"unit": None}, {"how": "magic"}, {"spread": None}, {"spread": "x"}],
)
def test_courses_of_wrong_numbers_are_refused(change):
    with pytest.raises(ValueError, match=r"course|convert|number"):
        Course.from_plain({**courses()[1].to_plain(), **change})


def test_transports_of_wrong_sizes_are_refused():
    plain = courses()[0].to_plain()
    for change in ({"matrix": [[1.0]]}, {"end": [1.0]}, {"matrix": [[1.0], [1.0, 2.0]]}):
        with pytest.raises(ValueError, match=r"course|sequence|homogeneous"):
            Course.from_plain({**plain, **change})


def test_there_is_a_most(tmp_path):
    one = KeptDirection("a", courses()[1].to_plain())
    with pytest.raises(StudioError, match="at most"):
        save_directions(tmp_path, [one] * (MOST + 1))
    assert not (tmp_path / FILE).exists()
