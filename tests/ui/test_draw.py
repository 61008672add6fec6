"""Drawing one's own data: the plane by mouse, pen and keys; the editor; the tiles of shapes."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import (
    QDropEvent,
    QGuiApplication,
    QImage,
    QInputDevice,
    QPainter,
    QPointingDevice,
    QTabletEvent,
)
from PySide6.QtWidgets import QApplication

from aegan_studio.catalog.datasets.sketch import Drawn
from aegan_studio.experiment import Experiment, toml
from aegan_studio.experiment.parts import DATASETS
from aegan_studio.runs import intake
from aegan_studio.sketches import CELL, SIDE, Sketch, cell_of
from aegan_studio.ui.ahead import Ahead
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.draw.editor import DrawEditor
from aegan_studio.ui.panels.recipe.shapes import DRAWN, FIRST, ShapeTile, ShapeTiles, shapes
from aegan_studio.ui.theme import DARK, LIGHT
from aegan_studio.ui.training.background import Background
from aegan_studio.ui.widgets.painted_once import PaintedOnce
from aegan_studio.ui.widgets.plane_pad import PlanePad, ink_image

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def level(sketch, x, y):
    row, column = cell_of(np.array([[x, y]]))
    return int(sketch.ink[row, column][0])


def stroke(qtbot, pad, *places, button=LEFT, modifier=NONE):
    spots = [pad.place_of(*place).toPoint() for place in places]
    qtbot.mousePress(pad, button, modifier, spots[0])
    for spot in spots[1:]:
        qtbot.mouseMove(pad, spot)
    qtbot.mouseRelease(pad, button, modifier, spots[-1])


@pytest.fixture
def pad(qtbot):
    pad = PlanePad(hint="Paint here")
    pad.resize(420, 400)
    pad.painted.connect(pad.show_sketch)
    qtbot.addWidget(pad)
    pad.show()
    return pad


def test_the_plane_is_a_square_in_any_room(pad):
    pad.resize(600, 300)
    square = pad.square()
    assert square.width() == square.height()
    assert pad.rect().contains(square.toRect())
    assert pad.place_of(-1, 1) == square.topLeft()


def test_a_drag_paints_and_tells_once_at_its_end(pad, qtbot):
    told = []
    pad.painted.connect(told.append)
    stroke(qtbot, pad, (-0.5, 0.5), (0.0, 0.5), (0.5, 0.5))
    assert len(told) == 1
    assert [level(pad.sketch, x, 0.5) for x in (-0.5, 0.25, 0.5)] == [9, 9, 9]
    assert level(pad.sketch, 0, 0.3) == 0


def test_the_right_button_erases_and_a_stroke_over_nothing_is_none(pad, qtbot):
    with qtbot.assertNotEmitted(pad.painted):
        stroke(qtbot, pad, (0.5, -0.5), button=RIGHT)
    stroke(qtbot, pad, (-0.5, 0.0), (0.5, 0.0))
    stroke(qtbot, pad, (0.0, 0.0), button=RIGHT)
    assert level(pad.sketch, 0, 0) == 0
    assert level(pad.sketch, 0.4, 0) == 9


def test_a_click_with_shift_paints_a_straight_line(pad, qtbot):
    stroke(qtbot, pad, (-0.5, -0.5))
    stroke(qtbot, pad, (0.5, 0.5), modifier=SHIFT)
    assert level(pad.sketch, 0, 0) == 9
    assert level(pad.sketch, 0.5, -0.5) == 0


def test_arrow_keys_and_space_paint(pad, qtbot):
    qtbot.keyClick(pad, Qt.Key.Key_Right)
    assert pad.cursor_place == (0, 0)
    qtbot.keyClick(pad, Qt.Key.Key_Right, SHIFT)
    assert pad.cursor_place == (6 * CELL, 0)
    qtbot.keyPress(pad, Qt.Key.Key_Space)
    for _ in range(3):
        qtbot.keyClick(pad, Qt.Key.Key_Up, SHIFT)
    assert pad.is_painting
    with qtbot.waitSignal(pad.painted):
        qtbot.keyRelease(pad, Qt.Key.Key_Space)
    assert [level(pad.sketch, 6 * CELL, y) for y in (0.0, 0.2, 18 * CELL)] == [9, 9, 9]
    for _ in range(40):
        qtbot.keyClick(pad, Qt.Key.Key_Up, SHIFT)
    assert pad.cursor_place[1] == 1


def test_keys_change_tool_and_brush(pad, qtbot):
    with qtbot.waitSignal(pad.brush_changed):
        qtbot.keyClick(pad, Qt.Key.Key_BracketLeft)
    assert pad.radius == pytest.approx(0.064)
    for _ in range(20):
        qtbot.keyClick(pad, Qt.Key.Key_BracketRight)
    assert pad.radius == 0.5
    for key, tool in ((Qt.Key.Key_E, "eraser"), (Qt.Key.Key_S, "spray"), (Qt.Key.Key_B, "brush")):
        qtbot.keyClick(pad, key)
        assert pad.tool == tool


def test_undo_redo_and_clear_are_asked_for(pad, qtbot):
    for key, modifier, signal in (
        (Qt.Key.Key_Z, CONTROL, pad.undo_asked),
        (Qt.Key.Key_Z, CONTROL | SHIFT, pad.redo_asked),
        (Qt.Key.Key_Delete, NONE, pad.clear_asked),
    ):
        with qtbot.waitSignal(signal):
            qtbot.keyClick(pad, key, modifier)


def test_spray_goes_on_while_the_button_is_held(pad, qtbot):
    pad.tool, pad.radius = "spray", 0.3
    spot = pad.place_of(0, 0).toPoint()
    qtbot.mousePress(pad, LEFT, NONE, spot)
    first = int(pad.sketch.ink.sum())
    pad._puffs.timeout.emit()
    assert int(pad.sketch.ink.sum()) > first > 0
    qtbot.mouseRelease(pad, LEFT, NONE, spot)
    assert not pad._puffs.isActive()


def test_a_pens_pressure_makes_the_line_thin_and_its_other_end_erases(pad):
    def send(kind, x, y, pressure, pointer=QPointingDevice.PointerType.Pen):
        device = QPointingDevice(
            "pen",
            1,
            QInputDevice.DeviceType.Stylus,
            pointer,
            QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
            1,
            1,
        )
        place = pad.place_of(x, y)
        button = LEFT if kind != QEvent.Type.TabletRelease else Qt.MouseButton.NoButton
        event = QTabletEvent(
            kind,
            device,
            place,
            QPointF(pad.mapToGlobal(place.toPoint())),
            pressure,
            0,
            0,
            0,
            0,
            0,
            NONE,
            button,
            button,
        )
        QGuiApplication.sendEvent(pad, event)

    pad.radius = 0.2
    for y, pressure in ((0.5, 1.0), (-0.5, 0.1)):
        send(QEvent.Type.TabletPress, 0.0, y, pressure)
        send(QEvent.Type.TabletRelease, 0.0, y, 0.0)
    above = pad.sketch.ink[: SIDE // 2].sum()
    assert above > 4 * pad.sketch.ink[SIDE // 2 :].sum() > 0
    send(QEvent.Type.TabletPress, 0.0, 0.5, 1.0, QPointingDevice.PointerType.Eraser)
    send(QEvent.Type.TabletRelease, 0.0, 0.5, 0.0, QPointingDevice.PointerType.Eraser)
    assert pad.sketch.ink[: SIDE // 2].sum() < 0.05 * above


def test_denser_ink_is_more_opaque_and_empty_cells_are_clear():
    ink = np.zeros((SIDE, SIDE))
    ink[0, :3] = (1, 5, 9)
    for theme in (DARK, LIGHT):
        image = ink_image(Sketch.of_ink(ink, 2), theme)
        alphas = [image.pixelColor(x, 0).alpha() for x in range(4)]
        assert alphas == [*sorted(alphas[:3]), 0]
        assert len(set(alphas)) == 4
        shown = image.pixelColor(2, 0).name().upper()
        assert abs(int(shown[1:3], 16) - int(theme.class_color(2)[1:3], 16)) <= 1


def test_what_is_slow_to_paint_is_painted_again_only_where_it_changed():
    part, points, drawn = PaintedOnce(), np.zeros((3, 2)), []
    for room, shown, times in (
        (QRectF(3, 4, 20, 20), (points, LIGHT), 1),
        (QRectF(9, 9, 20, 20), (points, LIGHT), 1),  # elsewhere
        (QRectF(9, 9, 20, 20), (points.copy(), LIGHT), 2),
        (QRectF(9, 9, 30, 20), (points, LIGHT), 3),
        (QRectF(9, 9, 30, 20), (points, DARK), 4),
    ):
        image = QImage(60, 60, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        with QPainter(image) as painter:
            part.paint(
                painter,
                room,
                shown,
                lambda brush, rect: drawn.append(brush.fillRect(rect, Qt.GlobalColor.red)),
            )
        assert len(drawn) == times
        inside = room.toRect()
        assert image.pixelColor(inside.topLeft()).red() == 255
        assert image.pixelColor(inside.bottomRight()).red() == 255
        assert image.pixelColor(inside.topLeft() - QPoint(1, 1)).alpha() == 0


def test_a_drawing_shown_in_the_middle_of_a_stroke_by_keys_leaves_the_mouse_free(pad, qtbot):
    qtbot.keyClick(pad, Qt.Key.Key_Right)
    qtbot.keyPress(pad, Qt.Key.Key_Space)
    assert pad.is_painting
    pad.show_sketch(Sketch.blank())
    qtbot.keyRelease(pad, Qt.Key.Key_Space)
    with qtbot.waitSignal(pad.painted):
        stroke(qtbot, pad, (-0.5, 0.0), (0.5, 0.0))
    assert not pad.is_painting


# The editor


@pytest.fixture
def background(qapp):
    background = Background()
    background.start()
    yield background
    background.end()


@pytest.fixture
def editor(background, qtbot):
    document = Document(Experiment.parse({"dataset": "drawn", "method": "gan"}))
    editor = DrawEditor(document, None, background)
    editor.resize(900, 620)
    qtbot.addWidget(editor)
    editor.show()
    editor.document = document
    return editor


def own(editor):
    return editor.document.experiment.dataset.sketch()


def test_every_stroke_is_an_edit_of_the_experiment(editor, qtbot):
    document = editor.document
    before = document.experiment
    editor.tools.swatches.choose(4)
    stroke(qtbot, editor.pad, (0.0, 0.8), (0.5, 0.8))
    assert level(own(editor), 0.25, 0.8) == 9
    assert document.experiment.data_info().classes == ("blue", "sky")
    assert document.undo_stack.count() == 1
    qtbot.keyClick(editor.pad, Qt.Key.Key_Z, CONTROL)
    assert document.experiment == before
    assert level(editor.pad.sketch, 0.25, 0.8) == 0
    qtbot.keyClick(editor.pad, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert level(editor.pad.sketch, 0.25, 0.8) == 9
    assert toml.loads(toml.dumps(document.experiment)) == document.experiment


def test_a_stroke_in_a_colour_that_was_there_keeps_what_is_known_of_the_networks(bench, qtbot):
    bench.window.draw_data()
    document, pad = bench.document, bench.window.drawing.editor.pad
    qtbot.waitUntil(lambda: document.inspection is not None, timeout=60_000)
    known = document.inspection
    with qtbot.assertNotEmitted(document.inspected):
        stroke(qtbot, pad, (-0.9, 0.9), (0.9, 0.9))
    assert document.inspection is known
    pad.colour = 3  # classes come: networks of other shapes may be wanted
    stroke(qtbot, pad, (-0.9, -0.9), (0.9, -0.9))
    assert document.inspection is not known
    assert document.experiment.data_info().classes == ("blue", "pink")


def test_a_stroke_repaints_no_tile_but_its_own(bench, qtbot, monkeypatch):
    window = bench.window
    window.draw_data()
    data, editor = window.recipe.data, window.drawing.editor
    data.set_folded(False, animate=False)
    qtbot.waitUntil(lambda: data.tiles.tiles[DRAWN].points is not None, timeout=60_000)
    qtbot.waitUntil(lambda: data.tiles.tiles["ring"].points is not None, timeout=60_000)
    painted = []
    paint = ShapeTile.paintEvent
    monkeypatch.setattr(
        ShapeTile, "paintEvent", lambda tile, event: (painted.append(tile.kind), paint(tile, event))
    )
    before = data.tiles.tiles[DRAWN].points
    stroke(qtbot, editor.pad, (-0.9, 0.9), (0.9, 0.9))
    qtbot.waitUntil(lambda: data.tiles.tiles[DRAWN].points is not before)
    QApplication.processEvents()
    assert set(painted) <= {DRAWN}


def test_an_emptied_drawing_is_said_and_comes_back(editor, qtbot):
    qtbot.keyClick(editor.pad, Qt.Key.Key_Delete)
    assert own(editor).is_blank
    assert [problem.path for problem in editor.document.errors] == ["dataset.ink"]
    assert not editor.tools.clear.isEnabled()
    qtbot.mouseClick(editor.tools.undo, LEFT)
    assert not own(editor).is_blank
    qtbot.mouseClick(editor.tools.invert, LEFT)
    assert level(own(editor), -0.95, 0.95) == 9


def test_tools_set_the_brush_and_follow_its_keys(editor, qtbot):
    qtbot.mouseClick(editor.tools.tool, LEFT, NONE, editor.tools.tool.segment_centre("eraser"))
    assert editor.pad.tool == "eraser"
    qtbot.keyClick(editor.pad, Qt.Key.Key_B)
    assert editor.tools.tool.value == "brush"
    qtbot.keyClick(editor.pad, Qt.Key.Key_BracketRight)
    assert editor.tools.size_slider.value == pytest.approx(0.1)
    swatches = editor.tools.swatches
    qtbot.mouseClick(swatches, LEFT, NONE, swatches.spot(5).center().toPoint())
    qtbot.keyClick(swatches, Qt.Key.Key_Right)
    assert editor.pad.colour == 6


def test_points_are_drawn_over_the_ink_with_the_experiments_noise(editor, qtbot):
    qtbot.waitUntil(lambda: editor.pad._points is not None)
    calm = editor.pad._points
    editor.document.edit({"dataset.noise": 0.3})
    qtbot.waitUntil(lambda: editor.pad._points is not calm)
    assert editor.pad._points.std(0)[1] > calm.std(0)[1]
    qtbot.mouseClick(editor.tools.points, LEFT)
    assert editor.pad._points is None


def test_a_picture_is_read_by_drop_and_undone_at_once(editor, qtbot, tmp_path):
    pixels = np.full((40, 40), 255, np.uint8)
    pixels[:, :20] = 0
    path = tmp_path / "half.png"
    Image.fromarray(pixels).save(path)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    with qtbot.waitSignal(editor.document.changed):
        editor.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, LEFT, NONE))
    assert level(own(editor), -0.5, 0) == 9
    assert level(own(editor), 0.5, 0) == 0
    assert "Dark areas" in editor.banner.text
    editor.document.undo_stack.undo()
    assert level(own(editor), -0.5, 0) == 0


def test_a_tables_text_is_pasted_and_every_point_kept(editor, qtbot):
    QGuiApplication.clipboard().setText("x;y\n" + "\n".join(f"{i};{i * i}" for i in range(80)))
    with qtbot.waitSignal(editor.document.changed):
        qtbot.keyClick(editor.pad, Qt.Key.Key_V, CONTROL)
    data = editor.document.experiment.dataset
    assert (data.count, data.noise, len(data.sketch().spots)) == (80, 0, 80)
    assert "80 points" in editor.banner.text
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("bad", ["big", "nan", "other", "gone"])
def test_what_cannot_be_read_is_said_and_nothing_changes(editor, qtbot, tmp_path, bad, monkeypatch):
    path = tmp_path / {"big": "a.png", "nan": "a.csv", "other": "a.zip", "gone": "b.png"}[bad]
    if bad == "big":
        monkeypatch.setattr(intake, "MOST_PIXELS", 100)
        Image.new("L", (20, 20)).save(path)
    elif bad != "gone":
        path.write_text("1,2\n3,nan")
    before = editor.document.experiment
    editor.read(path)
    said = {"big": "pixels", "nan": "Row 2 of a.csv", "other": "neither", "gone": "cannot be read"}
    qtbot.waitUntil(lambda: said[bad] in editor.banner.text)
    assert editor.document.experiment == before
    assert not editor.busy.busy


def test_escape_and_done_leave(editor, qtbot):
    with qtbot.waitSignal(editor.left):
        qtbot.keyClick(editor.pad, Qt.Key.Key_Escape)
    with qtbot.waitSignal(editor.left):
        qtbot.mouseClick(editor.done, LEFT)


# The tiles


def test_tiles_are_there_for_all_shapes_and_show_their_points(background, qtbot):
    tiles = ShapeTiles(background)
    qtbot.addWidget(tiles)
    tiles.set_dataset(DATASETS["ring"].defaults())
    tiles.show()
    points = [e.kind for e in DATASETS if e.defaults().info().modality == "points"]
    assert set(tiles.tiles) == set(points) == set(shapes())
    others = [tile for kind, tile in tiles.tiles.items() if kind != DRAWN]
    qtbot.waitUntil(lambda: all(tile.points is not None for tile in others), timeout=60_000)
    assert [kind for kind, tile in tiles.tiles.items() if tile.isChecked()] == ["ring"]
    assert all(tiles.tiles[kind].isVisible() for kind in FIRST)
    assert not tiles.tiles["xor"].isVisible()
    with qtbot.waitSignal(tiles.chosen) as chosen:
        qtbot.mouseClick(tiles.tiles["spiral"], LEFT)
    assert chosen.args == ["spiral"]
    tiles.set_dataset(DATASETS["xor"].defaults())
    assert tiles.tiles["xor"].isVisible()
    again = ShapeTiles(background)  # as for another language: what was drawn is known
    qtbot.addWidget(again)
    again.show()
    assert all(tile.points is not None for kind, tile in again.tiles.items() if kind != DRAWN)


def test_drawing_is_reached_by_its_tile_and_kept_while_away(bench, qtbot):
    bench.document.edit({"dataset.kind": "ring"})
    window = bench.window
    data = window.recipe.data
    data.set_folded(False, animate=False)
    qtbot.mouseClick(data.tiles.tiles[DRAWN], LEFT)
    assert isinstance(bench.document.experiment.dataset, Drawn)
    editor = window.drawing.editor
    assert editor.isVisible()
    assert editor.pad.width() > 400
    assert not window.workspace.panels["plane"].isVisible()
    qtbot.waitUntil(editor.pad.hasFocus)
    stroke(qtbot, editor.pad, (-0.9, 0.9), (0.9, 0.9))
    drawn = bench.document.experiment.dataset
    # another shape ends the drawing; it comes back as it was
    qtbot.mouseClick(data.tiles.tiles["circle"], LEFT)
    assert window.drawing.editor is None
    assert window.workspace.panels["plane"].isVisible()
    qtbot.mouseClick(data.tiles.tiles[DRAWN], LEFT)
    assert bench.document.experiment.dataset.ink == drawn.ink
    assert window.drawing.editor is not None
    # undone as far as the ring
    for _ in range(4):
        bench.document.undo_stack.undo()
    assert bench.document.experiment.dataset.kind == "ring"
    assert window.drawing.editor is None


def test_the_editor_is_built_ahead_and_kept_but_what_was_said_in_it_is_over(bench, qtbot):
    window = bench.window
    window.draw_data()
    editor = window.drawing.editor
    window.drawing.close()
    bench.document.edit({"dataset.kind": "ring"})
    bench.document.edit({"dataset.kind": "drawn", "dataset.ink": ["9"]})
    window.draw_data()
    assert window.drawing.editor is editor
    assert editor.pad.sketch.edits() == bench.document.experiment.dataset.sketch().edits()
    editor.read("1,2\n3,nan")
    qtbot.waitUntil(editor.banner.isVisible)
    editor.left.emit()
    assert editor.isHidden()
    window.draw_data()
    assert editor.isVisible()
    assert editor.banner.isHidden()
    drawn = bench.document.experiment
    with qtbot.waitSignal(bench.background.sketch_read):
        editor.read("1,2\n3,4")
        window.drawing.close()  # nobody waits for it any more
    assert bench.document.experiment == drawn


def test_points_in_view_have_the_editor_built_before_it_is_asked_for(bench, qtbot):
    drawing = bench.window.recipe and bench.window.drawing
    assert drawing.findChild(Ahead) is not None
    bench.document.edit({"dataset.kind": "ring"})
    qtbot.waitUntil(lambda: drawing.findChild(Ahead).done)
    made = bench.window.findChild(DrawEditor)
    assert made.isHidden()
    assert drawing.editor is None
    bench.window.draw_data()
    assert drawing.editor is made


def test_a_stroke_by_keys_under_way_is_given_up_where_other_data_are_chosen(bench, qtbot):
    window, document = bench.window, bench.document
    document.edit({"dataset.kind": "ring"})
    window.draw_data()
    pad = window.drawing.editor.pad
    qtbot.waitUntil(pad.hasFocus)
    qtbot.keyClick(pad, Qt.Key.Key_Right)
    qtbot.keyPress(pad, Qt.Key.Key_Space)
    assert pad.is_painting
    document.undo_stack.undo()  # to the ring: the editor goes while Space is held
    assert window.drawing.editor is None
    assert document.experiment.dataset.kind == "ring"
    assert not document.problems
    assert document.undo_stack.canRedo()
    document.undo_stack.redo()
    assert isinstance(document.experiment.dataset, Drawn)


def test_drawing_is_a_command_and_gives_way_to_the_layers(bench, qtbot):
    window = bench.window
    window.actions_["window.draw_data"].trigger()
    assert window.drawing.editor is not None
    window.layers.open("encoder")
    assert window.drawing.editor is None
    window.draw_data()
    assert window.layers.editor is None
    assert window.drawing.editor.isVisible()
    window.drawing.editor.clear()
    line = window.recipe.data.problem
    assert not line.isHidden()
    assert "Nothing is drawn" in line.text
    qtbot.mouseClick(line.link, LEFT)
    assert line.isHidden()
    assert not window.document.experiment.dataset.sketch().is_blank
