"""A slider for each value: dragged, typed, locked, thrown anew, sorted, found."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def axes(explore):
    """The page of a trained model, by name, and its explorer."""

    def axes(name):
        workspace = explore(name)
        workspace.show_page("moves", "axes")
        return workspace.page("moves", "axes"), workspace.explorer

    return axes


def test_a_drag_moves_one_value_and_is_taken_back_at_once(axes, qtbot):
    page, explorer = axes("autoencoder")
    row, before = page.sliders[2], explorer.code.copy()
    track = row.slider
    y = track.height() // 2
    start = QPoint(round(track.x_of(track.value)), y)
    qtbot.mousePress(track, LEFT, pos=start)
    for share in (0.5, 0.7, 0.9):
        qtbot.mouseMove(track, QPoint(round(track.width() * share), y))
    qtbot.mouseRelease(track, LEFT, pos=QPoint(round(track.width() * 0.9), y))
    assert explorer.code[2] > before[2]
    assert np.delete(explorer.code, 2).tolist() == np.delete(before, 2).tolist()
    assert row.reading == f"{explorer.code[2]:+.2f}".replace("-", "−")
    explorer.back()
    assert explorer.code.tolist() == before.tolist()
    assert row.value == pytest.approx(before[2], abs=0.006)


def test_a_value_is_typed_and_nonsense_is_not_taken(axes, qtbot):
    page, explorer = axes("vae")
    row = page.sliders[1]
    qtbot.mouseClick(row._value, LEFT)
    row.line_edit.clear()
    qtbot.keyClicks(row.line_edit, "-1.25")
    qtbot.keyClick(row.line_edit, Qt.Key.Key_Return)
    assert explorer.code[1] == -1.25
    assert row.reading == "−1.25"
    assert row.line_edit is None
    for text, key in (("seven", Qt.Key.Key_Return), ("0.5", Qt.Key.Key_Escape)):
        row.slider.setFocus()
        qtbot.keyClick(row.slider, Qt.Key.Key_F2)
        row.line_edit.clear()
        qtbot.keyClicks(row.line_edit, text)
        qtbot.keyClick(row.line_edit, key)
        assert explorer.code[1] == -1.25


def test_locked_values_stay_when_all_are_thrown_anew(axes, qtbot):
    page, explorer = axes("autoencoder")
    before = explorer.code.copy()
    qtbot.mouseClick(page.sliders[3].lock, LEFT)
    assert explorer.locked == {3}
    with qtbot.waitSignal(explorer.picture_changed, timeout=10_000):
        qtbot.mouseClick(page.throw, LEFT)
    assert explorer.code[3] == before[3]
    assert (np.delete(explorer.code, 3) != np.delete(before, 3)).all()
    entries = {action.text(): action for action in page.menu().actions()}
    entries["Unlock all values"].trigger()
    assert not explorer.locked
    assert not page.sliders[3].locked
    entries["Lock all values"].trigger()
    assert len(explorer.locked) == 6
    assert all(row.locked for row in page.sliders.values())


def test_one_value_is_thrown_anew_among_those_of_the_data(axes, qtbot):
    page, explorer = axes("autoencoder")
    before = explorer.code.copy()
    page.sliders[4].slider.setFocus()
    qtbot.keyClick(page.sliders[4].slider, Qt.Key.Key_R)
    assert np.delete(explorer.code, 4).tolist() == np.delete(before, 4).tolist()
    assert explorer.code[4] in explorer.chart.codes[:, 4].astype(np.float64)
    explorer.back()
    assert explorer.code.tolist() == before.tolist()
    entries = {action.text(): action for action in page.row_menu(4).actions()}
    entries["Reset"].trigger()
    assert explorer.code[4] == pytest.approx(page.sliders[4].slider.neutral)


def test_values_are_ordered_by_number_or_by_spread(axes):
    page, explorer = axes("autoencoder")
    assert page.shown() == tuple(range(6))
    page.set_order("variance")
    spread = explorer.chart.spread
    assert list(page.shown()) == sorted(range(6), key=lambda at: -spread[at])
    assert page.area.rows == tuple(page.sliders[at] for at in page.shown())
    other = {"order": page.state()["order"]}
    page.set_order("number")
    page.restore(other)
    assert page.order == "variance"
    page.restore({"order": "colour"})
    assert page.order == "variance"


def test_many_values_are_found_by_name(axes, qtbot):
    page, explorer = axes("vq-vae")
    count = len(explorer.code)
    assert len(page.sliders) >= min(count, 16)
    qtbot.waitUntil(lambda: len(page.sliders) == min(count, 64))  # the others a moment later
    assert page.area.rows == tuple(page.sliders[at] for at in sorted(page.sliders))
    assert page._note.isVisible() == (count > 64)
    page.search.setText(f"z{count}")
    assert page.shown() == (count - 1,)
    assert page.area.rows == (page.sliders[count - 1],)
    with qtbot.waitSignal(explorer.picture_changed, timeout=10_000):
        page.sliders[count - 1].moved.emit(0.75)
    assert explorer.code[count - 1] == 0.75
    page.search.setText("nothing")
    assert page.area.rows == ()
    assert "No value" in page._note.text()


def test_classes_are_one_choice_and_can_be_mixed(axes, qtbot):
    page, explorer = axes("cgan")
    (start, row), *_ = page.class_rows.items()
    digits = slice(start, start + row.count)
    assert row.count == 10
    assert not page.sliders[start + 3].isVisible()
    rest = np.delete(explorer.code, np.r_[digits]).copy()
    row.choice.value_changed.emit(3)
    assert explorer.code[digits].tolist() == np.eye(10)[3].tolist()
    assert np.delete(explorer.code, np.r_[digits]).tolist() == rest.tolist()
    assert row.choice.value == 3
    qtbot.mouseClick(row.mix, LEFT)
    assert page.sliders[start + 3].isVisible()
    page.sliders[start + 3].moved.emit(0.6)
    page.sliders[start + 8].moved.emit(0.4)
    assert "3: 60 %" in row.choice._text()
    assert "8: 40 %" in row.choice._text()
    qtbot.mouseClick(row.mix, LEFT)
    assert not page.sliders[start + 3].isVisible()


def test_a_new_run_brings_its_own_values(axes, session, trained, qtbot):
    page, explorer = axes("autoencoder")
    assert len(page.sliders) == 6
    session.run_opened.emit(session)
    assert not page.sliders
    with qtbot.waitSignal(explorer.charted, timeout=60_000):
        session.report(*trained("gan"))
    assert len(page.sliders) == 8


def test_every_deed_is_offered_by_name(axes):
    page, explorer = axes("vae")
    commands = {action.text(): action for action in page.commands()}
    commands["Lock all values of the code"].trigger()
    assert explorer.locked == {0, 1}
