"""The canvas and the mask brush, by mouse, pen and keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QInputDevice, QPointingDevice, QTabletEvent

from aegan_studio.strokes import Brush, Canvas
from aegan_studio.ui.theme import DARK, LIGHT
from aegan_studio.ui.widgets import draw_pad
from aegan_studio.ui.widgets.draw_pad import DrawPad
from aegan_studio.ui.widgets.mask_brush import MaskPad

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def pad(qtbot):
    pad = DrawPad(hint="Draw here", name="Canvas")
    pad.set_canvas(Canvas(100, 100), paper=True)
    pad.brush = Brush(width=0.1)
    pad.resize(200, 240)
    qtbot.addWidget(pad)
    pad.show()
    return pad


def at(pad, x, y):
    return pad.place_of(x, y).toPoint()


def stroke(qtbot, pad, *places, button=LEFT, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.mousePress(pad, button, modifier, at(pad, *places[0]))
    for place in places[1:]:
        qtbot.mouseMove(pad, at(pad, *place))
    qtbot.mouseRelease(pad, button, modifier, at(pad, *places[-1]))


def test_the_canvas_is_a_square_in_any_room(pad):
    rect = pad.canvas_rect()
    assert (rect.width(), rect.height()) == (200, 200)
    assert rect.top() == 20


def test_a_drag_draws_and_tells_with_every_point(pad, qtbot):
    changes, ends = [], []
    pad.changed.connect(lambda: changes.append(pad.canvas.pixels.mean()))
    pad.finished.connect(lambda: ends.append(None))
    stroke(qtbot, pad, (0.2, 0.5), (0.4, 0.5), (0.6, 0.5), (0.8, 0.5))
    assert changes == sorted(changes)
    assert len(changes) == 4
    assert len(ends) == 1
    assert pad.canvas.pixels[50, 50] == 255
    assert pad.canvas.pixels[50, 10] == 0


def test_the_right_button_and_the_eraser_erase(pad, qtbot):
    stroke(qtbot, pad, (0.2, 0.5), (0.8, 0.5))
    stroke(qtbot, pad, (0.5, 0.4), (0.5, 0.6), button=RIGHT)
    assert pad.canvas.pixels[50, 50] == 0
    assert pad.canvas.pixels[50, 30] == 255
    pad.brush = Brush(width=0.3, erase=True)
    stroke(qtbot, pad, (0.2, 0.5), (0.8, 0.5))
    assert pad.canvas.is_blank


def test_a_click_with_shift_draws_a_line_from_the_last_place(pad, qtbot):
    stroke(qtbot, pad, (0.2, 0.2))
    stroke(qtbot, pad, (0.8, 0.2), modifier=SHIFT)
    assert pad.canvas.pixels[20, 50] == 255


def test_undo_redo_and_clear_by_key(pad, qtbot):
    stroke(qtbot, pad, (0.2, 0.5), (0.8, 0.5))
    drawn = pad.canvas.pixels
    qtbot.keyClick(pad, Qt.Key.Key_Z, CONTROL)
    assert pad.canvas.is_blank
    qtbot.keyClick(pad, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert np.array_equal(pad.canvas.pixels, drawn)
    qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.canvas.is_blank
    qtbot.keyClick(pad, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(pad.canvas.pixels, drawn)


def test_clearing_takes_strokes_first_then_the_picture(pad, qtbot):
    pad.canvas.lay(np.full((10, 10), 77, np.uint8), "item")
    pad.refresh()
    stroke(qtbot, pad, (0.2, 0.5), (0.8, 0.5))
    pad.clear()
    assert (pad.canvas.pixels == 77).all()
    pad.clear()
    assert pad.canvas.is_blank


def test_brackets_change_the_brush(pad, qtbot):
    with qtbot.waitSignal(pad.brush_changed):
        qtbot.keyClick(pad, Qt.Key.Key_BracketLeft)
    assert pad.brush.width == pytest.approx(0.08)
    for _ in range(20):
        qtbot.keyClick(pad, Qt.Key.Key_BracketRight)
    assert pad.brush.width == pytest.approx(0.3)


def test_a_pens_pressure_changes_the_width(pad, qtbot):
    device = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        1,
    )

    def send(kind, x, y, pressure):
        place = QPointF(at(pad, x, y))
        event = QTabletEvent(
            kind, device, place, place, pressure, 0, 0, 0.0, 0.0, 0.0,
            Qt.KeyboardModifier.NoModifier, LEFT, LEFT,
        )  # fmt: skip
        QGuiApplication.sendEvent(pad, event)

    areas = []
    for pressure in (0.1, 1.0):
        send(QEvent.Type.TabletPress, 0.2, 0.5, pressure)
        send(QEvent.Type.TabletMove, 0.8, 0.5, pressure)
        send(QEvent.Type.TabletRelease, 0.8, 0.5, pressure)
        areas.append(pad.canvas.pixels.mean())
        pad.clear()
    assert areas[1] > 3 * areas[0] > 0


@pytest.mark.parametrize(("theme", "ground", "ink"), [(LIGHT, 255, 27), (DARK, 0, 255)])
def test_drawings_are_ink_on_paper_in_the_light_and_white_on_black_in_the_dark(
    pad, qtbot, monkeypatch, theme, ground, ink
):
    monkeypatch.setattr(draw_pad, "current_theme", lambda: theme)
    pad.refresh()
    stroke(qtbot, pad, (0.2, 0.5), (0.8, 0.5))
    assert pad.image.pixelColor(2, 2).red() == ground
    assert pad.image.pixelColor(50, 50).red() == ink
    assert not pad.grab().isNull()


def test_the_canvas_is_copied(pad, qtbot):
    stroke(qtbot, pad, (0.2, 0.5), (0.8, 0.5))
    qtbot.keyClick(pad, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().image().width() == 100


@pytest.fixture
def mask(qtbot):
    mask = MaskPad("No picture", name="Mask")
    mask.set_picture(np.zeros((10, 10), np.uint8))
    mask.resize(200, 200)
    qtbot.addWidget(mask)
    mask.show()
    return mask


def cell(mask, x, y):
    return mask.place_of(x + 0.5, y + 0.5).toPoint()


def paint(qtbot, mask, *cells, button=LEFT):
    qtbot.mousePress(mask, button, pos=cell(mask, *cells[0]))
    for place in cells[1:]:
        qtbot.mouseMove(mask, cell(mask, *place))
    qtbot.mouseRelease(mask, button, pos=cell(mask, *cells[-1]))


def test_a_brush_paints_what_it_covers_and_a_fine_one_the_pixel_beneath(mask, qtbot):
    mask.radius = 0.1
    paint(qtbot, mask, (2, 3), (6, 3))
    assert mask.painted[3, 2:7].all()
    assert mask.painted.sum() == 5
    mask.radius = 2.0
    paint(qtbot, mask, (5, 7))
    assert mask.painted[6:9, 4:7].all()


def test_a_box_paints_all_within_it(mask, qtbot):
    mask.tool = "box"
    with qtbot.waitSignal(mask.mask_changed):
        paint(qtbot, mask, (7, 8), (4, 5), (2, 6))
    assert mask.painted[6:9, 2:8].all()
    assert mask.painted.sum() == 18


def test_the_right_button_takes_the_mask_away(mask, qtbot):
    mask.set_mask(np.ones((10, 10)))
    mask.radius = 0.1
    paint(qtbot, mask, (2, 3), (6, 3), button=RIGHT)
    assert not mask.painted[3, 2:7].any()
    mask.tool = "erase"
    paint(qtbot, mask, (0, 0))
    assert not mask.painted[0, 0]


def test_undo_redo_invert_and_clear_a_mask(mask, qtbot):
    mask.radius = 0.1
    paint(qtbot, mask, (2, 3))
    qtbot.keyClick(mask, Qt.Key.Key_I)
    assert mask.painted.sum() == 99
    qtbot.keyClick(mask, Qt.Key.Key_Delete)
    assert not mask.painted.any()
    counts = []
    for _ in range(3):
        qtbot.keyClick(mask, Qt.Key.Key_Z, CONTROL)
        counts.append(int(mask.painted.sum()))
    assert counts == [99, 1, 0]
    assert not mask.can_undo
    qtbot.keyClick(mask, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert mask.painted.sum() == 1


def test_a_key_in_the_middle_of_a_stroke_ends_it_and_leaves_what_was_remembered(mask, qtbot):
    mask.radius = 0.1
    paint(qtbot, mask, (2, 3))
    spots = [mask.place_of(column + 0.5, 5.5).toPoint() for column in range(6)]
    qtbot.mousePress(mask, LEFT, pos=spots[0])
    qtbot.mouseMove(mask, spots[2])
    qtbot.keyClick(mask, Qt.Key.Key_I)
    inverted = mask.painted.copy()
    assert inverted.sum() == 96
    qtbot.mouseMove(mask, spots[5])
    qtbot.mouseRelease(mask, LEFT, pos=spots[5])
    assert np.array_equal(mask.painted, inverted)
    qtbot.keyClick(mask, Qt.Key.Key_Z, CONTROL)
    assert mask.painted.sum() == 1
    qtbot.keyClick(mask, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert np.array_equal(mask.painted, inverted)


def test_arrow_keys_and_space_paint_cells(mask, qtbot):
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space):
        qtbot.keyClick(mask, key)
    assert np.argwhere(mask.painted).tolist() == [[6, 6]]
    qtbot.keyClick(mask, Qt.Key.Key_Space)
    assert not mask.painted.any()


def test_a_mask_stays_with_another_picture_of_the_same_size(mask, qtbot):
    mask.set_mask(np.eye(10))
    mask.set_picture(np.full((10, 10, 3), 9, np.uint8))
    assert mask.painted.sum() == 10
    assert not mask.grab().isNull()
    mask.set_picture(np.zeros((8, 8), np.uint8))
    assert not mask.painted.any()
    assert not mask.can_undo
    mask.set_picture(None)
    paint(qtbot, mask, (0, 0))
    assert not mask.painted.any()
    assert not mask.grab().isNull()


def test_what_is_painted_is_covered_or_only_outlined(mask):
    half = np.zeros((10, 10), bool)
    half[:, :5] = True
    mask.set_mask(half)
    middle = QPoint(50, 105)
    covered = mask.grab().toImage().pixelColor(middle)
    mask.set_veiled(False)
    bare = mask.grab().toImage().pixelColor(middle)
    assert covered != bare
    assert bare == mask.grab().toImage().pixelColor(QPoint(150, 105))
