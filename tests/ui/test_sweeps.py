"""Sweeps: rows low to high about the current code, sorted by what one sees, clicked and saved."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from aegan_studio.ui.latent.walk_messages import Sweep
from tests.ui.walk_pages import open_page

__all__ = ["open_page"]

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(open_page, qtbot):
    def make(name):
        sweeps = open_page(name, "atlas", "sweeps")
        settled(qtbot, sweeps)
        return sweeps

    return make


def settled(qtbot, sweeps):
    """Until the rows are those of the current code, all decoded and in order."""
    explorer = sweeps._explorer

    def there():
        swept = sweeps._swept
        return (
            swept is not None
            and swept.complete
            and np.array_equal(swept.request.code, explorer.code)
            and (swept.request.order == "number" or np.isfinite(swept.changes).all())
            and not explorer.is_busy(Sweep)
            and not sweeps._waiting
            and not sweeps._soon.isActive()
        )

    qtbot.waitUntil(there, timeout=20_000)
    return sweeps._swept


def choose(qtbot, sweeps, control, value):
    control.set_value(value)
    control.value_changed.emit(value)
    return settled(qtbot, sweeps)


@pytest.mark.parametrize("name", ["vae", "aegan", "gan", "vq-vae", "cgan", "points"])
def test_every_kind_of_model_is_swept(page, name):
    sweeps = page(name)
    explorer, swept = sweeps._explorer, sweeps._swept
    rows = min(explorer.model.dimensions, 64)
    assert sweeps.sheet.shape == (rows, 9)
    assert np.array_equal(swept.codes[:, 4], np.tile(explorer.code, (rows, 1)))
    assert not sweeps.grab().isNull()


def test_a_row_changes_one_value_alone_from_low_to_high(page):
    swept = page("aegan")._swept
    for number, row in zip(swept.numbers, swept.codes, strict=True):
        moved = np.ptp(row, axis=0)
        assert np.flatnonzero(moved).tolist() == [number]
        assert (np.diff(row[:, number]) > 0).all()
    assert sorted(swept.numbers) == list(range(8))


def test_rows_that_one_sees_most_of_come_first(page, qtbot):
    sweeps = page("aegan")
    assert (np.diff(sweeps._swept.changes) <= 0).all()
    assert sweeps._swept.numbers != tuple(range(8))
    swept = choose(qtbot, sweeps, sweeps.order, "number")
    assert swept.numbers == tuple(range(8))


def test_items_are_what_the_codes_decode_to(page, qtbot):
    sweeps = page("vae")
    swept, explorer = sweeps._swept, sweeps._explorer
    lay = sweeps.sheet.lay()
    with qtbot.waitSignal(
        explorer.picture_changed,
        check_params_cb=lambda p: np.array_equal(p.code, swept.codes[1, 7]),
    ) as shown:
        qtbot.mouseClick(sweeps.sheet, LEFT, pos=lay.rect(1, 7).center().toPoint())
    assert np.array_equal(shown.args[0].item, swept.items[1 * 9 + 7])


def test_the_sheet_follows_the_code_and_out_of_sight_rests(page, qtbot):
    sweeps = page("vae")
    explorer = sweeps._explorer
    for value in np.linspace(-1, 1, 30):
        explorer.move([value, 0.0], "drag")
    settled(qtbot, sweeps)
    assert sweeps._swept.codes[0, 4].tolist() == [1.0, 0.0]
    sweeps.hide()
    explorer.move([0.25, 0.25])
    assert sweeps._stale
    assert not sweeps._waiting
    sweeps.show()
    assert settled(qtbot, sweeps).codes[0, 4].tolist() == [0.25, 0.25]


def test_columns_and_reach_set_the_steps(page, qtbot):
    sweeps = page("vae")
    swept = choose(qtbot, sweeps, sweeps.columns, 12)  # even numbers have no middle
    assert sweeps.sheet.shape == (2, 13)
    wide = np.ptp(swept.places, axis=1)
    narrow = np.ptp(choose(qtbot, sweeps, sweeps.reach, 1.0).places, axis=1)
    np.testing.assert_allclose(narrow, wide / 2)


def test_directions_are_the_principal_ones(page, qtbot):
    sweeps = page("aegan")
    swept = choose(qtbot, sweeps, sweeps.along, "directions")
    steps = swept.codes[:, -1] - swept.codes[:, 0]
    units = steps / np.linalg.norm(steps, axis=1, keepdims=True)
    np.testing.assert_allclose(units @ units.T, np.eye(len(units)), atol=1e-6)
    codes = sweeps._explorer.chart.codes
    first = swept.numbers.index(0)
    assert np.argmax((codes @ units.T).var(axis=0)) == first
    assert "of variance" in sweeps.sheet._heads.rows[first].note


def test_a_class_that_is_asked_for_stays_within_its_bounds(page):
    swept = page("cgan")._swept
    asked = swept.codes[..., 8:]
    assert asked.min() >= 0.0
    assert asked.max() <= 1.0


def test_keys_walk_the_sheet_and_the_lens_says_what_is_there(page, qtbot):
    sweeps = page("vae")
    sheet, keys = sweeps.sheet, Qt.Key
    sheet.setFocus()
    for key in (keys.Key_Down, keys.Key_End, keys.Key_Left):
        qtbot.keyClick(sheet, key)
    assert sheet.cursor_tile == (1, 7)
    place = sweeps._swept.places[1, 7]
    assert sweeps._tip(1, 7).endswith(f"= {place:.2f}".replace("-", "−"))
    qtbot.keyClick(sheet, keys.Key_Return)
    np.testing.assert_allclose(sweeps._explorer.code, sweeps._swept.codes[1, 7])


def test_the_pointer_looks_and_goes_nowhere(page, qtbot):
    sweeps = page("vae")
    code = sweeps._explorer.code
    with qtbot.waitSignal(sweeps.sheet.hovered):
        qtbot.mouseMove(sweeps.sheet, sweeps.sheet.lay().rect(0, 2).center().toPoint())
    assert not sweeps.sheet.grab().isNull()
    assert sweeps._explorer.code is code


def test_the_sheet_is_copied_and_saved(page, qtbot, monkeypatch, tmp_path):
    sweeps = page("vae")
    acts = {action.text(): action for action in sweeps.commands()}
    acts["Copy the sweeps"].trigger()
    copied = QGuiApplication.clipboard().image()
    assert copied.width() > 9 * 64
    told = []
    sweeps._explorer.told.connect(told.append)
    for ending in (".png", ".svg"):
        path = tmp_path / f"sheet{ending}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, p=path, **k: (str(p), ""))
        acts["Save the sweeps…"].trigger()
    assert told == ["Saved sheet.png.", "Saved sheet.svg."]
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == copied.size().toTuple()
    root = ElementTree.parse(tmp_path / "sheet.svg").getroot()
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{space}image")) == 18
    assert root.findall(f"{space}text")[0].text.startswith("z")


def test_a_sheet_that_cannot_be_written_says_why(page, qtbot, monkeypatch, tmp_path):
    sweeps = page("vae")
    (tmp_path / "file").write_text("no folder")
    path = str(tmp_path / "file" / "sheet.png")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (path, ""))
    with qtbot.waitSignal(sweeps._explorer.trouble) as said:
        sweeps.sheet.save()
    assert "sheet.png" in str(said.args[0][0])


def test_how_it_is_made_is_remembered(page, qtbot):
    sweeps = page("vae")
    kept = {"along": "directions", "order": "number", "columns": 7, "reach": 1.5}
    sweeps.restore(kept)
    assert sweeps.state() == kept
    sweeps.restore({"along": "sideways", "columns": 10**6, "reach": "far"})
    assert sweeps.state() == kept


@pytest.mark.parametrize("size", [(612, 585), (420, 420), (640, 480), (1600, 900)])
def test_rows_have_room_at_any_size(page, qtbot, size):
    sweeps = page("aegan")
    sweeps.window().resize(*size)
    qtbot.wait(1)
    last = sweeps.sheet.lay().rect(7, 8)
    assert last.right() <= sweeps.sheet.width()
    assert last.bottom() <= sweeps.sheet.height()
    assert sweeps.sheet.tile_at(QPoint(0, 0).toPointF()) is None
