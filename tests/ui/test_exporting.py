"""The export window: pictures, contact sheets and codes as files, and what it says when not."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from aegan_studio.messages import StudioError
from aegan_studio.runs.codes import code_of_text, load
from aegan_studio.ui.panels.explore.keep.bookmarks_shelf import shelf_of
from aegan_studio.ui.panels.explore.keep.exporting import (
    Entry,
    contact_sheet,
    contact_svg,
    drawn,
    fitting_scale,
    size_of,
)
from aegan_studio.ui.panels.explore.keep.exporting_dialog import export_dialog

LEFT = Qt.MouseButton.LeftButton
LONG = 30_000


@pytest.fixture
def opened(explore, qtbot):
    """The export window of a model, turned to something."""

    def opened(name, what):
        page = explore(name).page("canvas", "code")
        with qtbot.waitSignal(page._explorer.rested):
            page._explorer.draw()
        dialog = export_dialog(page._explorer, what, page)
        with qtbot.waitExposed(dialog):
            pass
        return dialog

    return opened


@pytest.fixture
def into(monkeypatch, tmp_path):
    """Let the system's window for saving answer with a file of this name."""

    def into(name):
        path = tmp_path / name
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
        return path

    return into


def choose(dialog, of):
    dialog.form.of.set_value(of)
    dialog.form.of.value_changed.emit(of)


def pixels(path):
    with Image.open(path) as image:
        return np.array(image.convert("RGB"))


def test_a_picture_is_written_with_its_pixels_as_squares(opened, qtbot, into):
    dialog, path = opened("vae", "picture"), into("code.png")
    dialog.form.scale.set_value(5)
    dialog.form.colours.set_value("data")
    with qtbot.waitSignal(dialog.explorer.told) as told:
        qtbot.mouseClick(dialog.save, LEFT)
    assert told.args[0] == "Exported code.png."
    item = dialog.explorer.picture.item
    expected = np.repeat(np.repeat(item, 5, axis=0), 5, axis=1)
    assert np.array_equal(pixels(path)[..., 0], expected)
    assert dialog.line.text == "Exported code.png."


def test_the_window_says_how_large_it_will_be(opened):
    dialog = opened("vae", "picture")
    assert dialog.form.extent.text() == "320 × 320 pixels"
    dialog.form.scale.set_value(3)
    dialog.form.refresh()
    assert dialog.form.extent.text() == "24 × 24 pixels"


def test_a_name_without_ending_gets_one(opened, qtbot, into, tmp_path):
    dialog = opened("vae", "picture")
    into("mine")
    qtbot.mouseClick(dialog.save, LEFT)
    assert (tmp_path / "mine.png").exists()


def test_what_cannot_be_written_is_said_with_the_mend_and_nothing_is_lost(opened, qtbot, into):
    dialog = opened("vae", "picture")
    into("file").write_bytes(b"")
    into("file/code.png")
    qtbot.mouseClick(dialog.save, LEFT)
    assert "cannot be written" in dialog.line.text
    assert "another folder" in dialog.line.text
    assert dialog.save.isEnabled()


def test_nothing_happens_where_no_file_is_named(opened, qtbot, monkeypatch):
    dialog = opened("vae", "picture")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    qtbot.mouseClick(dialog.save, LEFT)
    assert dialog.line.isHidden()


def test_a_sheet_of_samples_is_decoded_and_written(opened, qtbot, into):
    dialog, path = opened("gan", "sheet"), into("samples.png")
    choose(dialog, "samples")
    dialog.form.count.set_value(10)
    dialog.form.columns.set_value(5)
    dialog.form.scale.set_value(4)
    dialog.form.refresh()
    said = dialog.form.extent.text()
    with qtbot.waitSignal(dialog.explorer.told, timeout=LONG):
        qtbot.mouseClick(dialog.save, LEFT)
    tall, wide = pixels(path).shape[:2]
    assert said == f"10 pictures, {wide} × {tall} pixels"
    assert not dialog.busy.busy


@pytest.mark.parametrize("of", ["bookmarks", "pins", "visited"])
def test_a_sheet_as_svg_holds_every_picture_with_its_name(opened, qtbot, into, of):
    dialog, path = opened("vae", "sheet"), into("sheet.svg")
    explorer = dialog.explorer
    shelf_of(explorer).add(explorer.code, explorer.picture.item, "Wide <zero>")
    choose(dialog, of)
    with qtbot.waitSignal(explorer.told, timeout=LONG):
        qtbot.mouseClick(dialog.save, LEFT)
    root = ET.fromstring(path.read_text("utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    words = [text.text for text in root.iter(f"{space}text")]
    assert len(list(root.iter(f"{space}image"))) == len(words) == len(dialog.form.entries())
    if of == "bookmarks":
        assert words == ["Wide <zero>"]
    if of == "pins":
        assert words == ["A", "B"]


def test_a_sheet_of_nothing_names_the_mend(opened, qtbot, into):
    dialog = opened("vae", "sheet")
    into("none.png")
    choose(dialog, "bookmarks")
    assert dialog.form.extent.text() == "nothing yet"
    qtbot.mouseClick(dialog.save, LEFT)
    assert "no pictures" in dialog.line.text


@pytest.mark.parametrize("ending", [".npz", ".csv"])
def test_the_codes_of_all_data_are_written_in_the_background(opened, qtbot, into, ending):
    dialog, path = opened("vae", "codes"), into(f"codes{ending}")
    dialog.form.components.setChecked(True)
    with qtbot.waitSignal(dialog.explorer.told, timeout=LONG):
        qtbot.mouseClick(dialog.save, LEFT)
    table = load(path)
    assert table.codes.shape == (1797, 2)
    assert table.components.shape == (1797, 2)
    assert table.labels is not None


def test_the_codes_of_bookmarks_carry_their_names_exactly(opened, qtbot, into):
    dialog, path = opened("gan", "codes"), into("kept.npz")
    explorer = dialog.explorer
    code = np.random.default_rng(0).normal(size=8)
    shelf_of(explorer).add(code, None, "一 “mine”")
    assert "data" not in [option.value for option in dialog.form.of.options]
    choose(dialog, "bookmarks")
    with qtbot.waitSignal(explorer.told, timeout=LONG):
        qtbot.mouseClick(dialog.save, LEFT)
    table = load(path)
    assert table.names == ("一 “mine”",)
    assert table.codes.tobytes() == code.tobytes()


def test_another_ending_for_codes_is_refused(opened, qtbot, into):
    dialog = opened("vae", "codes")
    into("codes.pickle")
    qtbot.mouseClick(dialog.save, LEFT)
    qtbot.waitUntil(dialog.line.isVisible, timeout=LONG)
    assert ".npz / .csv" in dialog.line.text
    assert dialog.save.isEnabled()


def test_pictures_sheets_and_the_code_are_copied(opened, qtbot):
    dialog = opened("vae", "picture")
    clipboard, explorer = QGuiApplication.clipboard(), dialog.explorer
    qtbot.mouseClick(dialog.copy, LEFT)
    assert clipboard.image().width() == 320
    dialog.form.show_what("sheet")
    choose(dialog, "visited")
    qtbot.mouseClick(dialog.copy, LEFT)
    assert clipboard.image().width() > 60
    dialog.form.show_what("codes")
    assert not dialog.copy.isVisible()
    choose(dialog, "current")
    qtbot.mouseClick(dialog.copy, LEFT)
    assert np.array_equal(code_of_text(clipboard.text()), explorer.code)


def test_there_is_one_window_and_it_goes_with_the_run(opened, session, qtbot):
    dialog = opened("vae", "picture")
    page = dialog.parent().page("canvas", "code")
    assert export_dialog(dialog.explorer, "codes", page) is dialog
    with qtbot.waitSignal(dialog.destroyed):
        session.run_opened.emit(session)


def test_points_are_drawn_in_their_plane(opened, qtbot, into):
    dialog, path = opened("points", "picture"), into("point.png")
    qtbot.mouseClick(dialog.save, LEFT)
    assert pixels(path).shape == (160, 160, 3)


# Drawing alone


def test_sizes_are_those_of_the_sheet(qapp):
    rng = np.random.default_rng(0)
    for shape in ((8, 8), (5, 9, 3)):
        items = rng.integers(0, 256, (7, *shape), dtype=np.uint8)
        entries = [Entry(item, np.zeros(2), str(n)) for n, item in enumerate(items)]
        for captions in (True, False):
            sheet = contact_sheet(entries, columns=3, scale=2, captions=captions)
            size = size_of(items[0], 7, 3, 2, captions=captions)
            assert (sheet.width(), sheet.height()) == size


def test_a_sheet_too_large_is_refused(qapp, monkeypatch):
    monkeypatch.setattr("aegan_studio.ui.panels.explore.keep.exporting.MOST_PIXELS", 100)
    entry = Entry(np.zeros((8, 8), np.uint8), np.zeros(2))
    with pytest.raises(StudioError, match="smaller scale"):
        contact_sheet([entry] * 9, columns=3, scale=4)
    with pytest.raises(StudioError, match="no pictures"):
        contact_svg([Entry(None, np.zeros(2))], columns=1, scale=1)


def test_pictures_as_the_data_are_keep_their_values(qapp):
    item = np.arange(64, dtype=np.uint8).reshape(8, 8)
    image = drawn(item, colours="data")
    assert [image.pixelColor(x, 0).red() for x in range(8)] == list(range(8))
    assert fitting_scale(item, 320) == 40
    assert fitting_scale(np.zeros(2), 320) == 1
