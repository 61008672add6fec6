"""Drag editing with really trained models: points are set and pulled by mouse and keyboard."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PySide6.QtCore import Qt

from aegan_studio.ui.panels.explore.drag.pad import DragPad
from aegan_studio.ui.panels.explore.drag.page import DragPage
from tests.ui.picturing import exploring

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def pad(qtbot):
    pad = DragPad(name="Picture")
    pad.set_picture(np.zeros((8, 8), np.uint8))
    pad.resize(320, 320)
    qtbot.addWidget(pad)
    pad.show()
    return pad


def pull(qtbot, pad, start, end):
    """Press at a pixel, move and let go at another."""
    qtbot.mousePress(pad, LEFT, pos=pad.screen_place(start).toPoint())
    for share in (0.5, 1.0):
        between = tuple(a + (b - a) * share for a, b in zip(start, end, strict=True))
        qtbot.mouseMove(pad, pad.screen_place(between).toPoint())
    qtbot.mouseRelease(pad, LEFT, pos=pad.screen_place(end).toPoint())


def test_a_drag_sets_a_handle_and_its_target(pad, qtbot):
    pull(qtbot, pad, (2, 3), (5, 3))
    handles, targets = pad.arrays()
    assert handles == pytest.approx(np.array([[2, 3]]), abs=0.05)
    assert targets == pytest.approx(np.array([[5, 3]]), abs=0.05)


def test_two_clicks_do_so_too(pad, qtbot):
    qtbot.mouseClick(pad, LEFT, pos=pad.screen_place((1, 1)).toPoint())
    assert pad.points[0].target is None
    assert "Now click where point 1" in pad.describe()
    qtbot.mouseClick(pad, LEFT, pos=pad.screen_place((4, 6)).toPoint())
    assert pad.points[0].target == pytest.approx((4, 6), abs=0.05)
    assert pad.describe() == "one point"


def test_points_are_moved_and_removed(pad, qtbot):
    pull(qtbot, pad, (2, 3), (5, 3))
    pull(qtbot, pad, (1, 6), (6, 6))
    pull(qtbot, pad, (5, 3), (5, 1))
    assert pad.points[0].target == pytest.approx((5, 1), abs=0.05)
    pull(qtbot, pad, (2, 3), (2, 2))
    assert pad.points[0].handle == pytest.approx((2, 2), abs=0.05)
    qtbot.keyClick(pad, Qt.Key.Key_Down)
    assert pad.points[0].target == pytest.approx((5, 2), abs=0.05)
    qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert len(pad.points) == 1
    qtbot.mouseClick(pad, RIGHT, pos=pad.screen_place((1, 6)).toPoint())
    assert not pad.points


def test_points_stay_in_the_picture(pad, qtbot):
    pull(qtbot, pad, (7, 7), (12, 9))
    assert pad.points[0].target == (7.0, 7.0)
    assert not pad.grab().isNull()


@pytest.fixture
def opened(qtbot):
    with exploring(qtbot) as (explorer, explore):
        page = DragPage(explorer)
        page.resize(344, 585)
        qtbot.addWidget(page)
        page.show()

        def open_(name):
            explore(name)
            return page, explorer

        yield open_


def brightest(page):
    """The brightest pixel that has room to its right, x and y."""
    picture = page.pad.picture
    grey = picture if picture.ndim == 2 else picture[..., 0]
    side = grey.shape[0]
    room = grey[2:-2, 1 : side - 3]
    y, x = np.unravel_index(int(room.argmax()), room.shape)
    return float(x + 1), float(y + 2)


@pytest.mark.parametrize("name", ["vae", "aegan", "gan", "dcgan", "vq-vae", "photos"])
def test_a_point_is_pulled_and_the_code_goes_along(opened, qtbot, name):
    page, explorer = opened(name)
    before = explorer.code.copy()
    start = brightest(page)
    pull(qtbot, page.pad, start, (start[0] + 2, start[1]))
    page.steps.set_value(80)
    assert page.run.isEnabled()
    qtbot.mouseClick(page.run, LEFT)
    assert page.running
    qtbot.waitUntil(lambda: not page.running, timeout=60_000)
    assert page.distances.text()
    assert "px" in page.distances.text()
    if name not in ("vq-vae", "dcgan"):  # codes of few entries and barely trained nets may not
        assert not np.array_equal(explorer.code, before)
    qtbot.waitUntil(
        lambda: (
            np.array_equal(explorer.picture.code, explorer.code)
            and np.array_equal(page.pad.picture, explorer.picture.item)
        )
    )
    assert not page.grab().isNull()
    qtbot.mouseClick(page.back, LEFT)
    assert np.allclose(explorer.code, before)
    assert page.pad.points[0].handle == pytest.approx(start, abs=0.1)


def test_the_content_of_most_handles_moves_towards_their_targets(opened, qtbot):
    page, explorer = opened("aegan")
    code, nearer = explorer.code.copy(), 0
    for way in ((2, 0), (-2, 0), (0, 2), (0, -2)):
        explorer.move(code)
        qtbot.waitUntil(lambda: np.array_equal(explorer.picture.code, code))
        start = brightest(page)
        goal = np.clip(np.array(start) + way, 0, 7)
        pull(qtbot, page.pad, start, goal)
        qtbot.mouseClick(page.run, LEFT)
        qtbot.waitUntil(lambda: not page.running, timeout=60_000)
        (handle,), _targets = page.pad.arrays()
        nearer += np.hypot(*(handle - goal)) < np.hypot(*(np.array(start) - goal))
        page.pad.clear_points()
    assert nearer >= 2


def test_a_drag_is_one_step_of_the_explorers_history(opened, qtbot):
    page, explorer = opened("vae")
    before = explorer.code.copy()
    start = brightest(page)
    pull(qtbot, page.pad, start, (start[0] + 2, start[1]))
    page.steps.set_value(30)
    qtbot.mouseClick(page.run, LEFT)
    qtbot.waitUntil(lambda: not page.running, timeout=60_000)
    assert not np.array_equal(explorer.code, before)
    explorer.back()
    assert np.array_equal(explorer.code, before)


def test_it_is_stopped_by_hand_and_when_the_code_is_moved_elsewhere(opened, qtbot):
    page, explorer = opened("vae")
    page.pad.set_picture(explorer.picture.item)
    pull(qtbot, page.pad, (0, 0), (7, 7))
    page.steps.set_value(2000)
    page.rate.set_value(0.001)
    qtbot.mouseClick(page.run, LEFT)
    qtbot.waitUntil(lambda: "step" in page.distances.text(), timeout=20_000)
    qtbot.mouseClick(page.run, LEFT)
    assert not page.running
    assert page.run.text() == "Start"
    qtbot.mouseClick(page.run, LEFT)
    assert page.running
    explorer.move(explorer.code + 0.5)
    assert not page.running


def test_only_what_is_painted_may_change(opened, qtbot):
    page, _explorer = opened("vae")
    qtbot.mouseClick(page.tools.button("box"), LEFT)
    assert not page.pad.pointing
    pad = page.pad
    qtbot.mousePress(pad, LEFT, pos=pad.place_of(0.5, 0.5).toPoint())
    qtbot.mouseMove(pad, pad.place_of(7.5, 3.5).toPoint())
    qtbot.mouseRelease(pad, LEFT, pos=pad.place_of(7.5, 3.5).toPoint())
    assert pad.painted[:4].all()
    assert not pad.painted[4:].any()
    assert "only what is painted may change" in page.line.text()
    assert not pad.points
    qtbot.mouseClick(page.points, LEFT)
    before = pad.picture.astype(float)
    pull(qtbot, pad, (3, 1), (5, 1))
    page.steps.set_value(60)
    qtbot.mouseClick(page.run, LEFT)
    qtbot.waitUntil(lambda: not page.running, timeout=60_000)
    moved = np.abs(pad.picture - before)
    assert moved[4:].mean() <= moved[:4].mean() + 1


def test_layers_with_maps_of_features_are_offered(opened, qtbot):
    page, _explorer = opened("dcgan")
    qtbot.waitUntil(lambda: len(page.layer.options) > 1)
    page.more.click()
    assert page.layer.isVisible()
    first = page.layer.options[1]
    assert "layer" in first.label
    page.layer.set_value(first.value)
    start = brightest(page)
    pull(qtbot, page.pad, start, (start[0] + 2, start[1]))
    page.steps.set_value(5)
    qtbot.mouseClick(page.run, LEFT)
    qtbot.waitUntil(lambda: not page.running, timeout=60_000)
    assert page.problem.isHidden()


def test_networks_of_vectors_say_that_pixels_are_followed(opened, qtbot):
    page, _explorer = opened("vae")
    qtbot.waitUntil(lambda: page.layer.options[0].label == "The picture")
    assert "pixels are followed" in page.layer.options[0].help


def test_points_in_a_plane_cannot_be_dragged_and_it_says_what_to_do(opened, qtbot):
    page, _explorer = opened("points")
    assert page.well.isVisible()
    assert "on the map" in page.well.accessibleName()
    page.toggle()
    assert not page.running
    page.take_back()


def test_without_a_model_it_says_so(qtbot):
    with exploring(qtbot) as (explorer, _explore):
        page = DragPage(explorer)
        qtbot.addWidget(page)
        page.show()
        assert "Train a model first" in page.well.accessibleName()


def test_steps_and_rate_are_remembered(opened, qtbot):
    page, _explorer = opened("vae")
    page.steps.set_value(55)
    page.rate.set_value(0.2)
    page.more.click()
    state = json.loads(json.dumps(page.state()))
    page.restore({"steps": 10, "rate": 0.01, "more": False})
    assert (page.steps.value, page.rate.value, page.more.isChecked()) == (10, 0.01, False)
    page.restore({"steps": -1, "rate": "x", "more": 7})
    assert page.steps.value == 10
    page.restore(state)
    assert (page.steps.value, page.rate.value, page.more.isChecked()) == (55, 0.2, True)


def test_every_command_does_something(opened, qtbot):
    page, _explorer = opened("vae")
    start = brightest(page)
    pull(qtbot, page.pad, start, (start[0] + 2, start[1]))
    start_, back, remove = page.commands()
    start_.trigger()
    assert page.running
    back.trigger()
    assert not page.running
    remove.trigger()
    assert not page.pad.points
