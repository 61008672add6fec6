"""The easel with really trained models: drawn, dropped, pasted and opened pictures get codes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog

from aegan_studio.ui.latent.messages import Found
from aegan_studio.ui.latent.picture_messages import Kin, Look, Read, Take
from aegan_studio.ui.panels.explore.code_mime import code_mime
from aegan_studio.ui.panels.explore.easel.page import PicturePage
from aegan_studio.ui.widgets.draw_pad import WIDTHS
from tests.ui.picturing import exploring

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
PICTURES = ["vae", "aegan", "gan", "vq-vae", "photos"]


@pytest.fixture
def opened(qtbot):
    """A page with an explorer, and a function that gives them a model."""
    with exploring(qtbot) as (explorer, explore):
        page = PicturePage(explorer)
        page.resize(344, 585)
        qtbot.addWidget(page)
        page.show()

        def open_(name):
            explore(name)
            return page, explorer

        yield open_


def three():
    path = Path(__file__).parents[1] / "data" / "strokes.json"
    rows = json.loads(path.read_text())["digits"]
    return next(row["strokes"] for row in rows if row["digit"] == 3)


def draw(qtbot, page, strokes=None):
    """Draw with the mouse; wait until the model has seen the end of it."""
    pad = page.pad
    for points in strokes or three():
        places = [pad.place_of(x, y).toPoint() for x, y in points]
        qtbot.mousePress(pad, LEFT, pos=places[0])
        for place in places[1:]:
            qtbot.mouseMove(pad, place)
        qtbot.mouseRelease(pad, LEFT, pos=places[-1])
    settle(qtbot, page)


def settle(qtbot, page):
    explorer = page._explorer
    busy = (Look, Read, Take, Kin)
    qtbot.waitUntil(lambda: not any(explorer.is_busy(kind) for kind in busy), timeout=20_000)
    qtbot.waitUntil(
        lambda: (
            (page.seen is None) == (page.subject() is None)
            and (page.seen is None or page.seen.done)
        ),
        timeout=20_000,
    )


def taken(qtbot, page, act):
    """Take an item; wait until it is on the canvas and was seen."""
    with qtbot.waitSignal(page.pad.finished, timeout=20_000):
        act()
    settle(qtbot, page)


def test_without_a_model_it_says_what_to_do(qtbot):
    with exploring(qtbot) as (explorer, _explore):
        page = PicturePage(explorer)
        qtbot.addWidget(page)
        page.show()
        assert page.well.isVisible()
        assert "Train a model first" in page.well.accessibleName()
        assert page.subject() is None
        page.supply.paste()
        page.go()


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_drawn_is_rebuilt_live(opened, qtbot, name):
    page, explorer = opened(name)
    pad = page.pad
    qtbot.mousePress(pad, LEFT, pos=pad.place_of(0.3, 0.2).toPoint())
    qtbot.mouseMove(pad, pad.place_of(0.6, 0.3).toPoint())
    qtbot.waitUntil(lambda: page.seen is not None, timeout=20_000)  # the brush is still down
    first = page.seen.picture
    qtbot.mouseRelease(pad, LEFT, pos=pad.place_of(0.6, 0.3).toPoint())
    draw(qtbot, page)
    assert not np.array_equal(page.seen.picture, first)
    assert page.seen.picture.shape == explorer.picture.item.shape
    assert page.looking.pair.left.view.image is not None
    assert page.looking.pair.right.view.image is not None
    assert f"{page.seen.error:.4f}" in page.looking.pair.figures.text()
    assert np.array_equal(explorer.mark, page.seen.code)
    assert not page.grab().isNull()


def test_what_the_encoder_says_is_what_is_shown(opened, qtbot):
    from tests.ui.picturing import trained

    page, _explorer = opened("vae")
    draw(qtbot, page)
    from aegan_studio.ml.latent.explorer import LatentModel

    experiment, weights = trained("vae")
    model = LatentModel(experiment)
    model.load(weights)
    code = model.encode_shown(page.seen.picture[None])
    assert np.allclose(page.seen.code, code[0], atol=1e-5)
    assert np.array_equal(page.seen.rebuilt, model.decode(code)[0])
    error = np.square(model.scaled(page.seen.rebuilt[None]) - model.scaled(page.seen.picture[None]))
    assert page.seen.error == pytest.approx(float(error.mean()), rel=0.05)


def test_without_an_encoder_a_code_is_searched_for_and_does_better_than_chance(opened, qtbot):
    page, _explorer = opened("gan")
    taken(qtbot, page, page.supply.take_random)
    assert "there is no encoder" in page.looking.pair.figures.text()
    from aegan_studio.ml.latent.explorer import LatentModel
    from tests.ui.picturing import trained

    model = LatentModel(trained("gan")[0])
    model.load(trained("gan")[1])
    x = model.scaled(page.seen.picture[None])
    draws = model.scaled(model.decode(model.draw(5, 200)))
    assert page.seen.error < np.square(draws - x).mean((1, 2, 3)).min()


def test_refining_improves_on_the_encoders_code(opened, qtbot):
    page, _explorer = opened("vae")
    draw(qtbot, page)
    encoded = page.seen
    qtbot.mouseClick(page.looking.refine, LEFT)
    qtbot.waitUntil(lambda: page.seen.done and page.seen.error < encoded.error, timeout=20_000)
    assert np.array_equal(page.seen.picture, encoded.picture)
    assert not np.array_equal(page.seen.code, encoded.code)
    qtbot.mouseClick(page.looking.refine, LEFT)
    qtbot.waitUntil(lambda: np.array_equal(page.seen.code, encoded.code))


def test_going_there_makes_its_code_the_current_one(opened, qtbot):
    page, explorer = opened("vae")
    before = explorer.code.copy()
    draw(qtbot, page)
    assert np.array_equal(explorer.code, before)
    qtbot.mouseClick(page.looking.go, LEFT)
    assert np.array_equal(explorer.code, page.seen.code)
    explorer.back()
    assert np.array_equal(explorer.code, before)


def test_following_moves_the_code_with_the_drawing_and_a_stroke_is_taken_back_at_once(
    opened, qtbot
):
    page, explorer = opened("vae")
    before = explorer.code.copy()
    page.looking.follow.click()
    draw(qtbot, page)
    qtbot.waitUntil(lambda: np.array_equal(explorer.code, page.seen.code))
    assert not np.array_equal(explorer.code, before)
    explorer.back()
    assert np.array_equal(explorer.code, before)


def test_the_nearest_training_items_are_shown_and_lead_to_their_codes(opened, qtbot):
    page, explorer = opened("vae")
    found: list[Found] = []
    explorer.listen(Kin, found.append)
    draw(qtbot, page)
    qtbot.waitUntil(lambda: bool(found))
    assert page.looking.kin.count == 5
    assert (np.diff(found[-1].distances) >= 0).all()
    page.looking.kin.picked.emit(1)
    assert np.allclose(explorer.code, found[-1].codes[1])
    page.supply.take_nearest()
    settle(qtbot, page)
    assert np.array_equal(page.seen.picture, found[-1].items[0])


def test_centring_can_be_left_out(opened, qtbot):
    page, _explorer = opened("vae")
    small = [np.array(points) * 0.4 + 0.05 for points in three()]
    draw(qtbot, page, small)
    centred = page.seen.picture
    assert centred[7].any()
    page.tools.centred.click()
    settle(qtbot, page)
    assert not page.seen.picture[5:].any()


def test_undo_goes_back_over_strokes_and_pictures(opened, qtbot):
    page, _explorer = opened("vae")
    draw(qtbot, page)
    seen = page.seen.picture
    taken(qtbot, page, page.supply.take_random)
    assert not np.array_equal(page.seen.picture, seen)
    qtbot.mouseClick(page.tools.undo, LEFT)
    settle(qtbot, page)
    assert np.array_equal(page.seen.picture, seen)
    while page.tools.undo.isEnabled():
        qtbot.mouseClick(page.tools.undo, LEFT)
    assert page.seen is None
    assert not page.looking.go.isEnabled()
    qtbot.mouseClick(page.tools.redo, LEFT)
    settle(qtbot, page)
    assert page.seen is not None


def test_a_held_out_item_is_taken_exactly(opened, qtbot):
    page, _explorer = opened("vae")
    taken(qtbot, page, page.dice.click)
    from aegan_studio.ml.data.store import DataStore
    from tests.ui.picturing import trained

    store = DataStore.load(trained("vae")[0])
    there = store.to_display(store.held_out)
    assert any(np.array_equal(page.seen.picture, item) for item in there)
    assert "Item" in page.dice.toolTip()


def test_the_current_codes_picture_is_taken_and_a_dropped_code_as_well(opened, qtbot):
    page, explorer = opened("vae")
    taken(qtbot, page, page.supply.take_current)
    assert np.array_equal(page.seen.picture, explorer.picture.item)
    mime = code_mime(explorer.code + 1.0, explorer.picture.item, "B")
    taken(qtbot, page, lambda: drop(page, mime))
    assert not np.array_equal(page.seen.picture, explorer.picture.item)


def drop(page, mime):
    arguments = (Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(50, 50), *arguments)
    page.dragEnterEvent(enter)
    if enter.isAccepted():
        page.dropEvent(QDropEvent(QPointF(50, 50), *arguments))
    return enter.isAccepted()


def photo(tmp_path, name="digit.png"):
    """Dark ink on bright paper, as a person would photograph it."""
    from aegan_studio.strokes import Stroke, drawn

    picture = drawn([Stroke(np.array(points)) for points in three()], 200)
    path = tmp_path / name
    Image.fromarray((230 - picture * 0.8).astype(np.uint8)).save(path)
    return path


def test_a_file_is_dropped_pasted_or_opened(opened, qtbot, tmp_path, monkeypatch):
    page, _explorer = opened("vae")
    draw(qtbot, page)
    drawn = page.seen.picture.astype(int)
    path = photo(tmp_path)

    def by_drop():
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        assert drop(page, mime)

    def by_bytes():
        mime = QMimeData()
        mime.setData("image/png", QByteArray(path.read_bytes()))
        assert drop(page, mime)

    def by_paste():
        QGuiApplication.clipboard().setImage(QImage(str(path)))
        page.pad.setFocus()
        qtbot.keyClick(page.pad, Qt.Key.Key_V, CONTROL)

    def by_dialog():
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
        page.supply.open()

    for act in (by_drop, by_bytes, by_paste, by_dialog):
        page.supply.clear()
        assert page.seen is None
        act()
        qtbot.waitUntil(lambda: page.subject() is not None)
        settle(qtbot, page)
        assert np.abs(page.seen.picture - drawn).mean() < 12
        assert page.problem.isHidden()


def test_what_is_no_picture_is_said_and_nothing_is_lost(opened, qtbot, tmp_path):
    page, _explorer = opened("vae")
    draw(qtbot, page)
    kept = page.seen.picture
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture at all")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(bad))])
    drop(page, mime)
    qtbot.waitUntil(lambda: page.problem.isVisible())
    assert "bad.png is not a whole picture" in page.problem.text
    assert "PNG, JPEG" in page.problem.text
    assert np.array_equal(page.seen.picture, kept)
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/cat.png")])
    drop(page, mime)
    assert "not on this computer" in page.problem.text
    QGuiApplication.clipboard().setText("words")
    page.supply.paste()
    assert "no picture on the clipboard" in page.problem.text
    page.supply.read(photo(tmp_path))
    settle(qtbot, page)
    assert page.problem.isHidden()


def test_text_is_not_welcome(opened):
    page, _explorer = opened("vae")
    mime = QMimeData()
    mime.setText("words")
    assert not drop(page, mime)


def test_the_brush_is_changed_by_its_sliders_and_keys_and_remembered(opened, qtbot):
    page, _explorer = opened("vae")
    page.tools.width_slider.slider.setFocus()
    qtbot.keyClick(page.tools.width_slider.slider, Qt.Key.Key_Right)
    assert page.pad.brush.width == pytest.approx(0.1)
    qtbot.mouseClick(page.tools.eraser, LEFT)
    assert page.pad.brush.erase
    qtbot.mouseClick(page.tools.brush, LEFT)
    assert not page.pad.brush.erase
    page.tools.soft.slider.setFocus()
    qtbot.keyClick(page.tools.soft.slider, Qt.Key.Key_End)
    state = json.loads(json.dumps(page.state()))
    page.restore({"width": 0.2, "soft": "x", "strength": True, "centred": 3})
    assert page.pad.brush.width == pytest.approx(0.2)
    assert page.pad.brush.soft == 1.0
    page.restore(state)
    assert page.pad.brush.width == pytest.approx(0.1)


def test_coloured_data_are_painted_in_colours(opened, qtbot):
    page, _explorer = opened("photos")
    assert page.tools.ink.isVisible()
    assert not page.tools.centred.isVisible()
    page.tools.set_ink((214, 39, 40))
    draw(qtbot, page, [[(0.1, 0.5), (0.9, 0.5)]])
    reds = page.seen.picture[8, 8].astype(int)
    assert reds[0] > reds[1] + 40


def test_points_are_placed_in_their_plane(opened, qtbot):
    page, explorer = opened("points")
    assert page.point.isVisible()
    assert [option[0] for option in page.mode._options] == ["draw", "search"]
    qtbot.mouseClick(page.point, LEFT, pos=page.point.square().center().toPoint())
    qtbot.waitUntil(lambda: page.seen is not None)
    assert page.seen.picture == pytest.approx(
        np.array(page._depiction.bounds.center().toTuple()), abs=0.05
    )
    x = page.seen.picture[0]
    qtbot.keyClick(page.point, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: page.seen.picture[0] > x)
    qtbot.mouseClick(page.looking.go, LEFT)
    assert np.array_equal(explorer.code, page.seen.code)
    assert not page.grab().isNull()
    qtbot.keyClick(page.point, Qt.Key.Key_Delete)
    assert page.seen is None


def test_the_mark_is_on_the_map_only_while_the_page_is_in_view(opened, qtbot):
    page, explorer = opened("vae")
    draw(qtbot, page)
    assert explorer.mark is not None
    page.hide()
    assert explorer.mark is None
    page.show()
    assert np.array_equal(explorer.mark, page.seen.code)
    page.supply.clear()
    assert explorer.mark is None


def test_another_model_finds_an_empty_easel(opened, qtbot):
    page, explorer = opened("vae")
    draw(qtbot, page)
    explorer.reset()
    assert page.seen is None
    assert page.well.isVisible()
    opened("photos")
    assert page.pad.canvas.is_blank
    assert page.pad.canvas.channels == 3


def test_every_command_does_something(opened, qtbot, monkeypatch):
    page, _explorer = opened("vae")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    names = [action.text() for action in page.commands()]
    assert len(names) == len(set(names)) == 6
    for action in page.commands()[2:4]:
        taken(qtbot, page, action.trigger)
    for action in (*page.commands()[:2], *page.commands()[4:]):
        action.trigger()
    qtbot.waitUntil(lambda: page.search.best is not None, timeout=20_000)
    page.search.forget()
    assert page.search.best is None


def test_a_low_easel_keeps_the_tools_that_matter_most_whole(opened):
    page, _explorer = opened("vae")
    tools = page.tools
    assert tools.soft.isVisible()
    assert tools.strength.isVisible()
    page.setMinimumHeight(1)  # as in a place of the workspace, which may be as low as it likes
    page.resize(262, 320)
    QApplication.processEvents()
    assert not tools.soft.isVisible()
    assert not tools.strength.isVisible()
    assert tools.width_slider.geometry().bottom() < tools.centred.geometry().top()
    assert tools.centred.geometry().bottom() <= tools.height()
    assert page.pad.height() >= 140
    page.resize(344, 700)
    QApplication.processEvents()
    assert tools.soft.isVisible()
    assert tools.strength.isVisible()


@pytest.mark.parametrize(("typed", "expected"), [("500", WIDTHS[1]), ("-3", WIDTHS[0])])
def test_a_typed_width_stays_within_what_a_brush_can_be(opened, qtbot, typed, expected):
    page, _explorer = opened("vae")
    row = page.tools.width_slider
    row.edit()
    qtbot.keyClicks(row.line_edit, typed)
    qtbot.keyClick(row.line_edit, Qt.Key.Key_Return)
    assert row.value == pytest.approx(100 * expected)
    assert page.pad.brush.width == pytest.approx(expected)
