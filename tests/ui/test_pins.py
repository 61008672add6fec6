"""Pins are added, gone to, put elsewhere, reordered and removed, and all of it is taken back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication

from aegan_studio.ui.latent.state import Pin
from aegan_studio.ui.latent.walk_messages import FindStops
from aegan_studio.ui.panels.explore.code_mime import code_mime, code_of
from aegan_studio.ui.panels.explore.keep.pins import relettered
from tests.ui.walk_pages import open_page

__all__ = ["open_page"]

LEFT = Qt.MouseButton.LeftButton
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def page(open_page):
    return lambda name: open_page(name, "keep", "pins", (292, 245))


def names(page):
    return [pin.name for pin in page._explorer.pins]


def codes(page):
    return [tuple(pin.code) for pin in page._explorer.pins]


def four(page):
    """Four pins of a 2-D code, A to D."""
    page._explorer.set_pins([Pin("ABCD"[n], np.array([n, -n], float)) for n in range(4)])


def centre(page, index):
    return page.grid.cell(index).center().toPoint()


@pytest.mark.parametrize("name", ["vae", "gan", "vq-vae", "points"])
def test_pins_show_what_they_decode_to(page, name, qtbot):
    pins = page(name)
    qtbot.waitUntil(lambda: all(item is not None for item in pins.grid._items))
    explorer = pins._explorer
    with qtbot.waitSignal(
        explorer.picture_changed,
        check_params_cb=lambda p: np.array_equal(p.code, explorer.pins[0].code),
    ) as shown:
        qtbot.mouseClick(pins.grid, LEFT, pos=centre(pins, 0))
    np.testing.assert_allclose(shown.args[0].item, pins.grid._items[0], atol=1e-6)
    assert pins.grid.current == 0
    assert not pins.grab().isNull()


def test_the_current_code_is_pinned_under_the_next_letter(page, qtbot):
    pins = page("vae")
    pins._explorer.move([0.5, 0.25])
    qtbot.mouseClick(pins.plus, LEFT)
    assert names(pins) == ["A", "B", "C"]
    assert codes(pins)[-1] == (0.5, 0.25)
    assert pins.grid.current == 2
    pins._explorer.back()
    assert names(pins) == ["A", "B"]


def test_a_drag_reorders_and_the_letters_follow(page, qtbot):
    pins = page("vae")
    four(pins)
    before = codes(pins)
    grid = pins.grid
    goal = QPoint(int(grid.cell(0).left()), centre(pins, 0).y())
    qtbot.mousePress(grid, LEFT, pos=centre(pins, 2))
    qtbot.mouseMove(grid, (centre(pins, 2) + goal) / 2)
    qtbot.mouseMove(grid, goal)
    assert not grid.grab().isNull()  # with the mark of where it will land
    qtbot.mouseRelease(grid, LEFT, pos=goal)
    assert codes(pins) == [before[2], before[0], before[1], before[3]]
    assert names(pins) == ["A", "B", "C", "D"]
    pins._explorer.back()
    assert codes(pins) == before


def test_a_drag_behind_the_last_makes_it_the_last(page, qtbot):
    pins = page("vae")
    four(pins)
    before, grid = codes(pins), pins.grid
    goal = QPoint(int(grid.cell(3).right()) - 2, centre(pins, 3).y())
    qtbot.mousePress(grid, LEFT, pos=centre(pins, 0))
    qtbot.mouseMove(grid, centre(pins, 1))
    qtbot.mouseMove(grid, goal)
    qtbot.mouseRelease(grid, LEFT, pos=goal)
    assert codes(pins) == [*before[1:], before[0]]


def test_alt_and_arrows_reorder_and_take_nothing_back(page, qtbot):
    pins = page("vae")
    four(pins)
    before, grid = codes(pins), pins.grid
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_End)
    qtbot.keyClick(grid, Qt.Key.Key_Left, ALT)
    assert codes(pins) == [before[0], before[1], before[3], before[2]]
    qtbot.keyClick(grid, Qt.Key.Key_Left, ALT)
    assert codes(pins) == [before[0], before[3], before[1], before[2]]
    qtbot.keyClick(grid, Qt.Key.Key_Right, ALT)
    assert codes(pins) == [before[0], before[1], before[3], before[2]]


def test_keys_go_to_a_pin_and_remove_it(page, qtbot):
    pins = page("vae")
    four(pins)
    grid = pins.grid
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert pins._explorer.code.tolist() == [1.0, -1.0]
    qtbot.keyClick(grid, Qt.Key.Key_Delete)
    assert names(pins) == ["A", "B", "C"]
    assert (1.0, -1.0) not in codes(pins)


def test_the_menu_puts_a_pin_here_copies_and_removes_it(page, qtbot):
    pins = page("vae")
    four(pins)
    qtbot.waitUntil(lambda: all(item is not None for item in pins.grid._items))
    pins._explorer.move([0.5, 0.5])
    menu = {action.text(): action for action in pins.pin_menu(1).actions()}
    menu["Put B at the current code"].trigger()
    assert codes(pins)[1] == (0.5, 0.5)
    menu["Copy picture and code"].trigger()
    assert code_of(QGuiApplication.clipboard().mimeData())[1] == "B"
    menu["Move later\tAlt+Right"].trigger()
    assert codes(pins)[2] == (0.5, 0.5)
    menu["Remove B\tDel"].trigger()
    assert len(codes(pins)) == 3


def test_a_code_dropped_here_is_pinned(page, qtbot):
    pins = page("vae")
    data: QMimeData = code_mime([0.75, -0.5], None, "found")
    drop = QDropEvent(
        QPointF(20, 20),
        Qt.DropAction.CopyAction,
        data,
        LEFT,
        Qt.KeyboardModifier.NoModifier,
    )
    pins.grid.dropEvent(drop)
    assert codes(pins)[-1] == (0.75, -0.5)


@pytest.mark.parametrize("name", ["vae", "cgan"])
def test_every_class_gets_a_stop_by_its_name(page, name, qtbot):
    pins = page(name)
    entries = {action.text(): action for action in pins.menu().actions()}
    with qtbot.waitSignal(pins._explorer.pins_changed):
        entries["A stop for every class"].trigger()
    assert names(pins) == [str(digit) for digit in range(10)]
    if name == "cgan":
        asked = np.array(codes(pins))[:, 8:]
        assert asked.argmax(axis=1).tolist() == list(range(10))
        assert np.ptp(np.array(codes(pins))[:, :8], axis=0).max() == 0.0
    pins.turn_round()
    assert names(pins) == [str(digit) for digit in range(9, -1, -1)]


@pytest.mark.parametrize("name", ["vae", "cgan"])
def test_a_walk_within_a_class_has_letters(page, name, qtbot):
    pins = page(name)
    with qtbot.waitSignal(pins._explorer.pins_changed):
        pins.find_stops(3)
    assert names(pins) == ["A", "B", "C", "D", "E"]
    assert len(set(codes(pins))) == 5


def test_without_classes_in_codes_it_says_so(page, qtbot):
    pins = page("gan")
    before = names(pins)
    with qtbot.waitSignal(pins._explorer.trouble) as said:
        pins.find_stops()
    assert "no encoder" in str(said.args[0][0])
    assert names(pins) == before
    qtbot.waitUntil(lambda: not pins._explorer.is_busy(FindStops))


def test_all_pins_can_go_and_come_back(page, qtbot):
    pins = page("vae")
    pins.clear()
    assert pins.well.isVisible()
    qtbot.mouseClick(pins.well.button, LEFT)
    assert names(pins) == ["A"]
    pins._explorer.back()
    pins._explorer.back()
    assert names(pins) == ["A", "B"]
    assert pins.grid.isVisible()


@given(st.lists(st.sampled_from(["A", "B", "C", "Z", "A1", "seven", "7"]), max_size=8))
def test_letters_are_in_order_and_other_names_stay(given_names):
    pins = relettered([Pin(name, np.zeros(1)) for name in given_names])
    letters = [pin.name for pin, old in zip(pins, given_names, strict=True) if old[0] in "ABCZ"]
    assert letters == [chr(ord("A") + n) for n in range(len(letters))]
    for pin, old in zip(pins, given_names, strict=True):
        assert pin.name == old or old[0] in "ABCZ"
