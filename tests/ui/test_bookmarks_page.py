"""Bookmarks: kept beside the run, named, ordered and dragged with mouse and keyboard."""

from __future__ import annotations

import os

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from aegan_studio.runs import bookmarks as files
from aegan_studio.runs.bookmarks import FILE, Bookmark, load, save
from aegan_studio.runs.demos import MARK
from aegan_studio.ui.panels.explore import item_strip
from aegan_studio.ui.panels.explore.code_mime import code_mime, code_of
from aegan_studio.ui.panels.explore.keep import bookmarks_grid
from aegan_studio.ui.panels.explore.keep.bookmarks_shelf import shelf_of

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(explore, session, folder, qtbot):
    """The bookmarks page of a model whose run lies in ``folder``."""

    def opened(name="vae"):
        session.folder = folder
        workspace = explore(name)
        workspace.explorer.set_folder(folder)
        workspace.show_page("keep", "bookmarks")
        page = workspace.page("keep", "bookmarks")
        page.codes = []
        return page

    return opened


def keep(qtbot, page, count):
    """Bookmark so many random codes."""
    explorer = page._explorer
    for _ in range(count):
        with qtbot.waitSignal(explorer.rested, timeout=10_000):
            explorer.draw()
        page.codes.append(explorer.code.copy())
        qtbot.mouseClick(page.add_button, LEFT)


def names(page):
    return [card.name for card in page.grid.cards]


def at(page, index):
    return page.grid.picture_rect(index).center().toPoint()


def drop(widget, data, where):
    """Drop data onto a widget as the system does: it enters and moves first."""
    rest = Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QDragEnterEvent(where, *rest))
    QApplication.sendEvent(widget, QDragMoveEvent(where, *rest))
    QApplication.sendEvent(widget, QDropEvent(QPointF(where), *rest))


def test_at_first_it_says_what_to_do_and_offers_it(opened, qtbot):
    page = opened()
    assert page.well.isVisible()
    qtbot.mouseClick(page.well.button, LEFT)
    assert names(page) == ["Code 1"]
    assert not page.well.isVisible()


def test_a_bookmark_is_kept_with_its_picture_beside_the_run(opened, qtbot, folder):
    page = opened()
    keep(qtbot, page, 2)
    first, second = load(folder / FILE).bookmarks
    assert np.array_equal(first.code, page.codes[0])
    assert np.array_equal(second.item, page._explorer.picture.item)
    assert second.step == 150
    assert page.subtitle == "2"


def test_control_d_keeps_the_current_code_from_the_code_page(opened, qtbot):
    page = opened()
    code = page.window().page("canvas", "code")
    code.setFocus()
    qtbot.keyClick(code, Qt.Key.Key_D, CTRL)
    assert len(shelf_of(page._explorer).marks) == 1


def test_bookmarks_of_a_run_are_there_when_it_is_opened_again(opened, folder):
    save(folder / FILE, [Bookmark("Kept", np.array([0.5, -1.0]), None, 150)])
    page = opened()
    assert names(page) == ["Kept"]


def test_a_click_and_enter_go_there(opened, qtbot):
    page = opened()
    keep(qtbot, page, 3)
    qtbot.mouseClick(page.grid, LEFT, pos=at(page, 0))
    assert np.array_equal(page._explorer.code, page.codes[0])
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_Right)
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    assert np.array_equal(page._explorer.code, page.codes[1])
    assert page.grid._here == 1


def test_a_name_is_edited_where_it_stands(opened, qtbot, folder):
    page = opened()
    keep(qtbot, page, 2)
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_Home)
    qtbot.keyClick(page.grid, Qt.Key.Key_F2)
    qtbot.keyClicks(page.grid.editor, "Open four")
    qtbot.keyClick(page.grid.editor, Qt.Key.Key_Return)
    assert names(page) == ["Open four", "Code 2"]
    assert load(folder / FILE).bookmarks[0].name == "Open four"
    qtbot.keyClick(page.grid, Qt.Key.Key_F2)
    qtbot.keyClicks(page.grid.editor, "rubbish")
    qtbot.keyClick(page.grid.editor, Qt.Key.Key_Escape)
    assert names(page) == ["Open four", "Code 2"]
    below = QPoint(at(page, 1).x(), int(page.grid.cell(1).bottom()) - 5)
    qtbot.mouseDClick(page.grid, LEFT, pos=below)
    assert page.grid.editor.text() == "Code 2"


def test_what_is_deleted_comes_back(opened, qtbot, folder):
    page = opened()
    keep(qtbot, page, 3)
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_Home)
    qtbot.keyClick(page.grid, Qt.Key.Key_Delete)
    assert names(page) == ["Code 2", "Code 3"]
    assert page.note.text() == "Deleted “Code 1”."
    qtbot.mouseClick(page.act, LEFT)
    assert names(page) == ["Code 1", "Code 2", "Code 3"]
    assert len(load(folder / FILE).bookmarks) == 3


def test_they_are_ordered_by_keys_and_by_dragging(opened, qtbot, monkeypatch, folder):
    page = opened()
    keep(qtbot, page, 3)
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_End)
    qtbot.keyClick(page.grid, Qt.Key.Key_Left, CTRL)
    assert names(page) == ["Code 1", "Code 3", "Code 2"]
    target = page.grid.cell(0).topLeft().toPoint() + QPoint(2, 20)
    monkeypatch.setattr(bookmarks_grid, "drag_out", lambda source, data: drop(source, data, target))
    start = at(page, 2)
    qtbot.mousePress(page.grid, LEFT, pos=start)
    qtbot.mouseMove(page.grid, start - QPoint(40, 0))
    qtbot.mouseRelease(page.grid, LEFT, pos=start - QPoint(40, 0))
    assert names(page) == ["Code 2", "Code 1", "Code 3"]
    assert [mark.name for mark in load(folder / FILE).bookmarks] == names(page)


def test_a_bookmark_is_dragged_out_with_picture_file_and_code(opened, qtbot, monkeypatch):
    page = opened()
    keep(qtbot, page, 1)
    carried = []
    monkeypatch.setattr(bookmarks_grid, "drag_out", lambda _source, data: carried.append(data))
    start = at(page, 0)
    qtbot.mousePress(page.grid, LEFT, pos=start)
    qtbot.mouseMove(page.grid, start + QPoint(40, 0))
    (data,) = carried
    code, name = code_of(data)
    assert np.array_equal(code, page.codes[0])
    assert name == "Code 1"
    assert data.hasImage()
    assert os.path.getsize(data.urls()[0].toLocalFile()) > 0


def test_a_code_that_is_dropped_is_kept_and_decoded(opened, qtbot):
    page = opened()
    keep(qtbot, page, 1)
    drop(page.grid, code_mime([0.5, 0.25], None, "From a walk"), QPoint(2, 20))
    assert names(page) == ["From a walk", "Code 1"]
    qtbot.waitUntil(lambda: page.grid.cards[0].item is not None)
    with qtbot.waitSignal(page._explorer.told) as told:
        drop(page.grid, code_mime([1.0, 2.0, 3.0]), QPoint(2, 20))
    assert "another model" in told.args[0]


def test_many_are_found_by_name(opened, qtbot):
    page = opened()
    keep(qtbot, page, 3)
    shelf_of(page._explorer).rename(1, "Wide zero")
    qtbot.keyClicks(page.search, "zero")
    assert names(page) == ["Wide zero"]
    qtbot.mouseClick(page.grid, LEFT, pos=at(page, 0))
    assert np.array_equal(page._explorer.code, page.codes[1])
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert len(names(page)) == 3


def test_pictures_of_other_weights_say_so_and_are_decoded_again(
    opened, qtbot, session, trained, folder
):
    page = opened()
    keep(qtbot, page, 1)
    explorer = page._explorer
    assert not page.grid.cards[0].stale
    experiment, weights = trained("vae")
    moved = type(weights)(151, weights.roles)
    with qtbot.waitSignal(explorer.picture_changed, check_params_cb=lambda p: p.step == 151):
        session.report(experiment, moved)
    page._said = ""
    page._show()
    assert page.grid.cards[0].stale
    assert "moved on" in page.grid.cards[0].tip
    assert "other weights" in page.note.text()
    qtbot.mouseClick(page.act, LEFT)
    qtbot.waitUntil(lambda: not page.grid.cards[0].stale)
    assert load(folder / FILE).bookmarks[0].step == 151


def test_a_torn_file_is_set_aside_and_said(opened, qtbot, folder):
    (folder / FILE).write_bytes(b'{"format": 1, "bookmarks": [')
    page = opened()
    assert "set aside" in page.note.text()
    keep(qtbot, page, 1)
    assert len(load(folder / FILE).bookmarks) == 1
    assert (folder / f"{FILE}.set-aside").exists()


def test_a_demo_says_that_its_bookmarks_go(opened, folder):
    (folder / MARK).write_text('{"demo": "digit-map", "step": 1}')
    assert "demo" in opened().note.text()


def test_where_nothing_can_be_written_they_are_kept_in_memory(opened, qtbot, folder, monkeypatch):
    page = opened()
    shelf = shelf_of(page._explorer)

    def refuse(path, _marks):
        raise files.StudioError(files.msg("{path} cannot be written.", path=path.name))

    monkeypatch.setattr("aegan_studio.ui.panels.explore.keep.bookmarks_shelf.save", refuse)
    keep(qtbot, page, 1)
    assert names(page) == ["Code 1"]
    page._said = ""
    page._show()
    assert "cannot be written" in page.note.text()
    page._explorer.set_folder(folder.parent)
    assert shelf.marks == ()
    page._explorer.set_folder(folder)
    assert len(shelf.marks) == 1


def test_a_newer_file_is_never_written_over(opened, qtbot, folder):
    content = b'{"format": 99, "bookmarks": []}'
    (folder / FILE).write_bytes(content)
    page = opened()
    keep(qtbot, page, 1)
    assert (folder / FILE).read_bytes() == content


def test_they_travel_in_a_file_from_run_to_run(opened, qtbot, folder, tmp_path, monkeypatch):
    page = opened()
    keep(qtbot, page, 2)
    path = tmp_path / "mine.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    with qtbot.waitSignal(page._explorer.told) as told:
        page.export()
    assert "mine.json" in told.args[0]
    shelf_of(page._explorer).remove([0, 1])
    page.take_in()
    assert names(page) == ["Code 1", "Code 2"]
    qtbot.waitUntil(lambda: not shelf_of(page._explorer).stale())
    with qtbot.waitSignal(page._explorer.told) as told:
        page.take_in()
    assert "already" in told.args[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"rubbish", "holds no bookmarks"),
        (files.encoded([Bookmark("Other", np.zeros(9), None, 0)]), "have 9 values"),
        (files.encoded([]), "no bookmarks in"),
    ],
)
def test_files_that_do_not_fit_are_refused_in_a_sentence(
    opened, qtbot, tmp_path, monkeypatch, content, said
):
    page = opened()
    path = tmp_path / "other.json"
    path.write_bytes(content)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    with qtbot.waitSignal(page._explorer.trouble) as trouble:
        page.take_in()
    sentences = [str(sentence) for sentence in trouble.args[0]]
    assert said in sentences[0]
    assert len(sentences) == 2


def test_visited_codes_can_be_dragged_too(opened, qtbot, monkeypatch):
    page = opened()
    keep(qtbot, page, 2)
    carried = []
    monkeypatch.setattr(item_strip, "drag_out", lambda _source, data: carried.append(data))
    strip = page.visited.strip
    qtbot.waitUntil(lambda: strip.count >= 2)
    _, rect = strip.places()[0]
    start = rect.center().toPoint()
    qtbot.mousePress(strip, LEFT, pos=start)
    qtbot.mouseMove(strip, start + QPoint(30, 0))
    qtbot.mouseRelease(strip, LEFT, pos=start + QPoint(30, 0))
    assert np.array_equal(code_of(carried[0])[0], page._explorer.code)


def test_the_menu_of_a_card_pins_copies_and_deletes(opened, qtbot):
    page = opened()
    keep(qtbot, page, 2)
    entries = {action.text(): action for action in page.card_menu(0).actions()}
    pins = len(page._explorer.pins)
    entries["Pin it"].trigger()
    assert np.array_equal(page._explorer.pins[pins].code, page.codes[0])
    entries["Copy picture"].trigger()
    assert np.array_equal(code_of(QGuiApplication.clipboard().mimeData())[0], page.codes[0])
    entries["Delete"].trigger()
    assert names(page) == ["Code 2"]


def test_points_are_kept_as_points(opened, qtbot, folder):
    page = opened("points")
    keep(qtbot, page, 1)
    assert load(folder / FILE).bookmarks[0].item.shape == (2,)
    assert not page.grab().isNull()


@pytest.mark.parametrize("width", [226, 292, 640])
def test_cards_stay_within_any_width(opened, qtbot, width):
    page = opened()
    keep(qtbot, page, 3)
    page.grid.resize(width - 22, 300)
    for index in range(3):
        assert page.grid.rect().contains(page.grid.cell(index).toRect())
