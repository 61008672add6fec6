"""A − B + C with codes, driven by mouse and keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from aegan_studio.ui.panels.explore.code_mime import code_mime
from aegan_studio.ui.panels.explore.keep.algebra import TERMS
from aegan_studio.ui.panels.explore.keep.bookmarks_shelf import shelf_of

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def algebra(explore):
    """The page of a trained model, by name, and its explorer."""

    def algebra(name):
        workspace = explore(name)
        workspace.show_page("keep", "algebra")
        return workspace.page("keep", "algebra"), workspace.explorer

    return algebra


def fill(page, explorer, qtbot, seed=0):
    """Three codes in the three wells, and the result."""
    codes = np.random.default_rng(seed).normal(size=(3, len(explorer.code)))
    for name, code in zip(TERMS, codes, strict=True):
        page.put(name, code[None], name.lower())
    qtbot.waitUntil(lambda: page.go.isEnabled(), timeout=10_000)
    return codes


def arrives(page, code):
    return page._result is not None and np.allclose(page._result.code, code)


@pytest.mark.parametrize("name", ["aegan", "gan", "vq-vae", "points"])
def test_the_result_is_decoded_and_gone_to(algebra, qtbot, name):
    page, explorer = algebra(name)
    a, b, c = fill(page, explorer, qtbot)
    assert arrives(page, a - b + c)
    assert page.result.filled
    before = explorer.code.copy()
    with qtbot.waitSignal(explorer.picture_changed, timeout=10_000):
        qtbot.mouseClick(page.go, LEFT)
    np.testing.assert_allclose(explorer.code, a - b + c)
    explorer.back()
    assert explorer.code.tolist() == before.tolist()


def test_wells_are_filled_from_menus_and_several_stand_for_their_mean(algebra, qtbot):
    page, explorer = algebra("autoencoder")
    explorer.add_pin(np.arange(6.0))
    shelf_of(explorer).add(np.full(6, 2.0), None, "Twos")

    def press(well, text):
        {action.text(): action for action in page.menu(well).actions()}[text].trigger()

    press("A", "Pin A")
    press("A", "Pin C")
    press("B", "Mean of class 3")
    press("C", "Current code")
    qtbot.waitUntil(lambda: page.go.isEnabled(), timeout=10_000)
    chart = explorer.chart
    mean = (explorer.pin("A").code + np.arange(6.0)) / 2
    three = chart.codes[chart.labels == 3].astype(np.float64).mean(axis=0)
    assert arrives(page, mean - three + explorer.code)
    assert page.wells["A"].caption == "A, C"
    assert "2 codes" in page.wells["A"].toolTip()
    press("B", "Twos")
    assert page.terms["B"].name == "3, Twos"
    press("A", "Go there")
    np.testing.assert_allclose(explorer.code, mean)
    press("A", "Empty")
    assert not page.go.isEnabled()
    assert not page.result.filled
    assert page.hint.isVisible()


def test_codes_are_dropped_into_wells(algebra, qtbot):
    page, explorer = algebra("gan")
    well = page.wells["B"]
    modifiers = Qt.KeyboardModifier.NoModifier
    for code, taken in ((np.ones(8), True), (np.ones(5), False)):
        mime = code_mime(code, name="ones")
        enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, mime, LEFT, modifiers)
        enter.ignore()
        well.dragEnterEvent(enter)
        assert enter.isAccepted() == taken
        well.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, LEFT, modifiers))
    assert page.terms["B"].codes.tolist() == [[1.0] * 8]
    assert page.terms["B"].name == "ones"
    qtbot.waitUntil(lambda: well.filled, timeout=10_000)
    assert not explorer.model.has_encoder


def test_a_picture_is_dragged_out_of_a_well(algebra, qtbot, monkeypatch):
    page, explorer = algebra("vae")
    a, b, c = fill(page, explorer, qtbot)
    carried = []
    monkeypatch.setattr(
        "aegan_studio.ui.panels.explore.keep.algebra_terms.drag_out",
        lambda _source, mime: carried.append(mime),
    )
    qtbot.mousePress(page.result, LEFT, pos=QPoint(10, 10))
    qtbot.mouseMove(page.result, QPoint(40, 30))
    from aegan_studio.ui.panels.explore.code_mime import code_of

    np.testing.assert_allclose(code_of(carried[0])[0], a - b + c)
    assert carried[0].hasImage()


def test_the_slider_goes_from_a_to_the_result(algebra, qtbot):
    page, explorer = algebra("autoencoder")
    assert not page.share.isEnabled()
    a, b, c = fill(page, explorer, qtbot)
    for value, text in ((0.0, "0 %"), (0.5, "50 %"), (1.5, "150 %")):
        page.share.set_value(value)
        page.share.moved.emit(value)
        qtbot.waitUntil(lambda v=value: arrives(page, a + v * (c - b)), timeout=10_000)
        assert page.share.reading == text


def test_b_and_c_are_exchanged_and_the_result_is_pinned(algebra, qtbot):
    page, explorer = algebra("aegan")
    a, b, c = fill(page, explorer, qtbot)
    qtbot.mouseClick(page.swap, LEFT)
    qtbot.waitUntil(lambda: arrives(page, a - c + b), timeout=10_000)
    assert page.wells["B"].caption == "c"
    count = len(explorer.pins)
    qtbot.mouseClick(page.pin, LEFT)
    np.testing.assert_allclose(explorer.pins[count].code, a - c + b)
    qtbot.mouseClick(page.clear, LEFT)
    assert not page.terms
    assert not page.swap.isEnabled()


def test_examples_are_sums_of_classes_or_of_pins(algebra, qtbot):
    page, explorer = algebra("autoencoder")
    entries = {action.text(): action for action in page.examples_menu().actions()}
    entries["8 − 3 + 6"].trigger()
    chart = explorer.chart
    a, b, c = (
        chart.codes[chart.labels == kind].astype(np.float64).mean(axis=0) for kind in (8, 3, 6)
    )
    qtbot.waitUntil(lambda: arrives(page, a - b + c), timeout=10_000)
    assert [well.caption for well in page.wells.values()] == ["8", "3", "6"]
    entries["Three classes at random"].trigger()
    assert len({term.name for term in page.terms.values()}) == 3


def test_without_classes_or_pins_examples_say_what_is_needed(algebra, qtbot):
    page, explorer = algebra("gan")
    (entry,) = page.examples_menu().actions()
    assert not entry.isEnabled()
    explorer.add_pin(np.zeros(8))
    entry = next(action for action in page.examples_menu().actions())
    entry.trigger()
    first, second, third = (pin.code for pin in explorer.pins)
    qtbot.waitUntil(lambda: arrives(page, first - second + third), timeout=10_000)


def test_a_tall_page_shows_the_nearest_training_data(algebra, qtbot):
    page, explorer = algebra("autoencoder")
    fill(page, explorer, qtbot)
    assert not page.nearest.isVisible()
    page.setParent(None)
    page.resize(640, 480)
    page.show()
    qtbot.waitUntil(lambda: page.nearest.count == 5, timeout=10_000)
    page.nearest.picked.emit(2)
    assert explorer.code.tolist() == page._near.codes[2].astype(np.float64).tolist()
    page.close()
    page.deleteLater()


def test_a_press_opens_the_menu_and_a_new_run_empties_the_wells(algebra, session, qtbot):
    page, explorer = algebra("vae")
    fill(page, explorer, qtbot)
    session.run_opened.emit(session)
    assert not page.terms
    assert not page.result.filled
    assert not page.wells["A"].filled
