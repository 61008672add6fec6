"""The pad of seeds, playing, jitter and truncation, driven by mouse and keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from aegan_studio.catalog.seeds import seed_at
from aegan_studio.ml.latent import seeds as ml

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def seeds(explore, qtbot):
    """The page of a trained model, by name, and its explorer; all seeds in view are decoded."""

    def seeds(name):
        workspace = explore(name)
        workspace.show_page("moves", "seeds")
        page = workspace.page("moves", "seeds")
        qtbot.waitUntil(lambda: page._ground is not None and known(page), timeout=60_000)
        return page, workspace.explorer

    return seeds


def known(page):
    return all(page.store.item(point) is not None for point in page.pad.points())


def code_of(page, explorer, seed, qtbot):
    """The code that the explorer gives a seed."""
    with qtbot.waitSignal(explorer.code_changed, timeout=10_000):
        explorer.draw(seed)
    return explorer.code.copy()


def pixel(page, column, row):
    return page.pad.pixel_of(column, row).toPoint()


@pytest.mark.parametrize("name", ["aegan", "gan", "cgan", "points"])
def test_a_click_blends_four_seeds(seeds, qtbot, name):
    page, explorer = seeds(name)
    corners = [code_of(page, explorer, seed_at(*p), qtbot) for p in ml.corners_of(0.4, 0.7)]
    qtbot.waitUntil(lambda: known(page), timeout=30_000)
    page.pad.set_place(0.0, 0.0)
    with qtbot.waitSignal(explorer.picture_changed, timeout=10_000):
        qtbot.mouseClick(page.pad, LEFT, pos=pixel(page, 0.4, 0.7))
    x, y = page.pad.place
    assert (x, y) == pytest.approx((0.4, 0.7), abs=1 / page.pad.pitch)
    assert np.allclose(explorer.code, page._ground.blend(corners, x, y))


def test_a_double_click_goes_to_the_nearest_seed(seeds, qtbot):
    page, explorer = seeds("gan")
    expected = code_of(page, explorer, 1, qtbot)
    explorer.move(np.zeros(8))
    qtbot.waitUntil(lambda: known(page), timeout=30_000)
    qtbot.mouseDClick(page.pad, LEFT, pos=pixel(page, 0.8, 0.2))
    assert page.pad.place == (1, 0)
    assert explorer.code.tolist() == expected.tolist()
    assert page.seed.value == 1


def test_a_drag_is_one_move_and_comes_back_with_its_place(seeds, qtbot):
    page, explorer = seeds("autoencoder")
    start = explorer.code.copy()
    with qtbot.waitSignal(explorer.code_changed, timeout=10_000):
        qtbot.mouseClick(page.pad, LEFT, pos=pixel(page, 0.25, 0.25))
    first, place = explorer.code.copy(), page.pad.place
    qtbot.mousePress(page.pad, LEFT, pos=pixel(page, 0.3, 0.3))
    for x in (0.4, 0.6, 0.9):
        qtbot.mouseMove(page.pad, pixel(page, x, 0.3))
    qtbot.mouseRelease(page.pad, LEFT, pos=pixel(page, 0.9, 0.3))
    explorer.back()
    assert explorer.code.tolist() == first.tolist()
    assert page.pad.place == place
    explorer.back()
    assert explorer.code.tolist() == start.tolist()
    explorer.forward()
    assert page.pad.place == place


def test_arrow_keys_take_small_steps_and_meet_the_next_seed(seeds, qtbot):
    page, explorer = seeds("gan")
    expected = code_of(page, explorer, 1, qtbot)
    code_of(page, explorer, 0, qtbot)
    page.pad.setFocus()
    for _ in range(10):
        qtbot.keyClick(page.pad, Qt.Key.Key_Right)
    assert page.pad.place == (1.0, 0.0)
    assert explorer.code.tolist() == expected.tolist()
    qtbot.keyClick(page.pad, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert page.pad.place == pytest.approx((1.0, 0.01))
    qtbot.keyClick(page.pad, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert page.pad.place == pytest.approx((1.0, 1.01))
    qtbot.keyClick(page.pad, Qt.Key.Key_Return)
    assert page.pad.place == (1, 1)
    assert page.seed.value == 101


def test_snapping_keeps_to_whole_seeds(seeds, qtbot):
    page, _ = seeds("gan")
    qtbot.mouseClick(page.snap, LEFT)
    qtbot.mouseClick(page.pad, LEFT, pos=pixel(page, 0.7, 0.2))
    assert page.pad.place == (1, 0)
    qtbot.keyClick(page.pad, Qt.Key.Key_Left)
    assert page.pad.place == (0, 0)
    qtbot.mouseClick(page.snap, LEFT)
    qtbot.mouseClick(page.pad, LEFT, pos=pixel(page, 0.7, 0.2))
    qtbot.mouseClick(page.snap, LEFT)
    assert page.pad.place == (1, 0)


def test_the_wheel_zooms_about_the_pointer_and_the_right_button_pans(seeds, qtbot):
    page, explorer = seeds("vae")
    before, code = page.pad.pitch, explorer.code.copy()
    at = QPointF(page.pad.width() * 0.75, page.pad.height() * 0.25)
    place = page.pad.place_at(at)
    event = QWheelEvent(
        at,
        page.pad.mapToGlobal(at),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(page.pad, event)
    assert page.pad.pitch > before
    assert page.pad.place_at(at) == pytest.approx(place)
    centre = page.pad.place_at(QPointF(0, 0))
    qtbot.mousePress(page.pad, RIGHT, pos=QPoint(80, 60))
    qtbot.mouseMove(page.pad, QPoint(50, 50))
    qtbot.mouseRelease(page.pad, RIGHT, pos=QPoint(50, 50))
    assert page.pad.place_at(QPointF(0, 0)) == pytest.approx(
        (centre[0] + 30 / page.pad.pitch, centre[1] + 10 / page.pad.pitch)
    )
    qtbot.mousePress(page.pad, RIGHT, pos=QPoint(0, 0))
    qtbot.mouseMove(page.pad, QPoint(2000, 2000))
    qtbot.mouseRelease(page.pad, RIGHT, pos=QPoint(2000, 2000))
    first = page.pad.pixel_of(0, 0)  # before it there are none
    assert first.x() < page.pad.pitch
    assert first.y() < page.pad.pitch
    assert explorer.code.tolist() == code.tolist()
    qtbot.waitUntil(lambda: known(page), timeout=30_000)


def test_a_typed_seed_and_one_at_random_are_shown_on_the_pad(seeds, qtbot):
    page, explorer = seeds("autoencoder")
    with qtbot.waitSignal(explorer.code_changed, timeout=10_000):
        page.seed.value_changed.emit(42)
    assert page.pad.place == (42.0, 0.0)
    middle = page.pad.width() / 2
    assert page.pad.pixel_of(42, 0).x() == pytest.approx(middle, abs=1)  # a leap is centred
    typed = explorer.code.copy()
    with qtbot.waitSignal(explorer.code_changed, timeout=10_000):
        qtbot.mouseClick(page.throw, LEFT)
    assert page.pad.place == (explorer.seed, 0.0)
    explorer.back()
    assert explorer.code.tolist() == typed.tolist()


def test_playing_walks_along_the_row(seeds, qtbot):
    page, explorer = seeds("gan")
    code_of(page, explorer, 0, qtbot)
    start = explorer.code.copy()
    page.set_speed(2.0)
    page._frames.setInterval(100_000)  # time is told by hand
    qtbot.mouseClick(page.play, LEFT)
    assert page.playing
    for _ in range(5):
        page.advance(0.05)
    assert page.pad.place == pytest.approx((0.5, 0.0))
    qtbot.waitUntil(lambda: not page._waiting, timeout=10_000)
    corners, x, y = page.store.corners(*page.pad.place)
    np.testing.assert_allclose(explorer.code, page._ground.blend(corners, x, y))
    qtbot.mouseClick(page.play, LEFT)
    assert not page._frames.isActive()
    explorer.back()  # all of it is one move
    assert explorer.code.tolist() == start.tolist()


def test_jitter_stays_about_the_code_and_ends_at_it(seeds, qtbot):
    page, explorer = seeds("autoencoder")
    start = explorer.code.copy()
    page._frames.setInterval(100_000)
    qtbot.mouseClick(page.shake, LEFT)
    page.amplitude.set_value(0.2)
    offsets = []
    for _ in range(400):
        page.advance(0.1)
        offsets.append((explorer.code - start) / page._ground.spread)
    assert np.std(offsets) == pytest.approx(0.2, rel=0.25)
    qtbot.mouseClick(page.shake, LEFT)
    assert explorer.code.tolist() == start.tolist()


def test_a_move_from_elsewhere_ends_what_moves_by_itself(seeds, qtbot):
    page, explorer = seeds("gan")
    page.set_playing(True)
    page.set_jittering(True)
    explorer.move(np.ones(8))
    assert not page.playing
    assert not page.jittering
    assert not page._frames.isActive()
    assert explorer.code.tolist() == [1.0] * 8


def test_out_of_sight_nothing_moves(seeds, workspace, qtbot):
    page, _ = seeds("gan")
    page.set_jittering(True)
    workspace.show_page("moves", "axes")
    assert not page.jittering


def test_truncation_draws_the_blend_towards_the_mean(seeds, qtbot):
    page, explorer = seeds("gan")
    code_of(page, explorer, 3, qtbot)
    full = explorer.code.copy()
    page.psi.slider.setFocus()
    qtbot.keyClick(page.psi.slider, Qt.Key.Key_PageDown)
    assert page.psi.value == pytest.approx(0.5)
    np.testing.assert_allclose(explorer.code, 0.5 * full)
    qtbot.waitUntil(lambda: known(page), timeout=30_000)
    qtbot.mouseClick(page.pad, LEFT, pos=pixel(page, 4, 0))
    qtbot.waitUntil(lambda: page.store.corners(*page.pad.place) is not None, timeout=10_000)
    corners, x, y = page.store.corners(*page.pad.place)
    np.testing.assert_allclose(explorer.code, 0.5 * page._ground.blend(corners, x, y))


def test_locked_values_stay(seeds, qtbot):
    page, explorer = seeds("gan")
    explorer.set_locked(5, True)
    before = explorer.code[5]
    qtbot.mouseClick(page.pad, LEFT, pos=pixel(page, 0.4, 0.4))
    assert explorer.code[5] == before


def test_other_weights_bring_other_pictures(seeds, session, trained, qtbot):
    page, explorer = seeds("gan")
    session.run_opened.emit(session)
    assert len(page.store) == 0
    with qtbot.waitSignal(explorer.charted, timeout=60_000):
        session.report(*trained("vae"))
    qtbot.waitUntil(lambda: known(page), timeout=30_000)
    with qtbot.waitSignal(explorer.picture_changed, timeout=10_000):
        qtbot.mouseClick(page.pad, LEFT, pos=pixel(page, 0.4, 0.4))
    assert explorer.code.shape == (2,)


def test_speed_and_jitter_are_remembered(seeds):
    page, _ = seeds("vae")
    page.set_speed(4.0)
    page.amplitude.set_value(0.9)
    kept = page.state()
    page.set_speed(0.5)
    page.restore({"speed": 17, "jitter": "much"})
    assert page.speed == 0.5
    page.restore(kept)
    assert page.speed == 4.0
    assert page.amplitude.value == 0.9
