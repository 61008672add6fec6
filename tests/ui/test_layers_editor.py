"""The architecture editor, driven with mouse and keyboard in the real window."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from aegan_studio.catalog.layers import Activation, Convolution, Linear
from aegan_studio.experiment.parts import LAYERS
from aegan_studio.ui.panels.layers.fields import quarter
from aegan_studio.ui.panels.layers.row_parts import ROW

LONG = 60_000
HANDLE = QPoint(14, 21)
LEFT = Qt.MouseButton.LeftButton
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier

DCGAN = {
    "dataset.kind": "digits",
    "dataset.side": 28,
    "method.kind": "autoencoder",
    "method.latent_dim": 16,
    "networks.encoder.kind": "dcgan",
    "networks.decoder.kind": "dcgan",
}


def settled(bench, qtbot):
    qtbot.waitUntil(lambda: bench.document.inspection is not None, timeout=LONG)


@pytest.fixture
def editor(bench, qtbot):
    """The editor with a DCGAN decoder of 28-pixel digits."""
    bench.document.edit(DCGAN)
    bench.window.recipe.layers_asked.emit("decoder", -1)
    opened = bench.window.layers.editor
    qtbot.waitUntil(lambda: opened.table.list.hasFocus(), timeout=LONG)
    settled(bench, qtbot)
    return opened


def kinds(editor):
    return [layer.kind for layer in editor.listing.layers]


def drag(widget, start, end):
    """Press at ``start`` of a widget, move in steps to a point of the screen, let go."""
    QTest.mousePress(widget, LEFT, pos=start)
    begun = widget.mapToGlobal(start)
    for share in (0.2, 0.6, 1.0):
        at = begun + (end - begun) * share
        QTest.mouseMove(widget, widget.mapFromGlobal(at))
    QTest.mouseRelease(widget, LEFT, pos=widget.mapFromGlobal(end))


def upper_edge(row):
    return row.mapToGlobal(QPoint(row.width() // 2, 2))


def enter(control, text):
    QTest.keyClick(control, Qt.Key.Key_Return)
    QTest.keyClicks(control.line_edit, text)
    QTest.keyClick(control.line_edit, Qt.Key.Key_Return)


# The way in and out


def test_the_button_of_a_network_opens_its_layers_and_esc_leads_back(bench, qtbot):
    panel = bench.window.recipe
    panel.networks.set_folded(False, animate=False)
    block = panel.networks.open_role("decoder")
    qtbot.mouseClick(block.edit_button, LEFT)
    opened = bench.window.layers.editor
    assert opened.role == "decoder"
    assert opened.isVisible()
    assert not bench.window.workspace.panels["model"].isVisible()
    assert opened.palette_.isVisible()
    qtbot.waitUntil(lambda: opened.table.list.hasFocus(), timeout=LONG)
    qtbot.keyClick(opened.table.list, Qt.Key.Key_Escape)
    assert bench.window.layers.editor is None
    assert bench.window.workspace.panels["model"].isVisible()


def test_a_double_click_opens_and_another_network_is_one_click_away(bench, qtbot):
    panel = bench.window.recipe
    panel.networks.set_folded(False, animate=False)
    encoder, decoder = panel.networks.blocks.values()
    qtbot.mouseClick(encoder.head, LEFT)
    qtbot.mouseDClick(encoder.head, LEFT)
    QTest.mouseRelease(encoder.head, LEFT, pos=encoder.head.rect().center())
    assert bench.window.layers.editor.role == "encoder"
    qtbot.mouseClick(decoder.head, LEFT)
    assert bench.window.layers.editor.role == "decoder"
    assert not decoder.is_open
    bench.window.layers.editor.head.back.click()
    assert bench.window.layers.editor is None


def test_cards_are_folded_for_the_palette_and_come_back(bench):
    panel = bench.window.recipe
    before = [card.folded for card in panel.cards]
    panel.layers_asked.emit("encoder", -1)
    assert [card.folded for card in panel.cards] == [True, True, False, True]
    bench.window.layers.close()
    assert [card.folded for card in panel.cards] == before


def test_looking_at_a_preset_changes_nothing(editor, bench):
    assert editor.listing.network.kind == "dcgan"
    assert kinds(editor)[:2] == ["linear", "reshape"]
    assert editor.head.preset.value == "dcgan"
    assert editor.table.rows[0].facts.shape == "3,136"


def test_another_method_keeps_the_editor_on_a_network_it_has(editor, bench, qtbot):
    bench.document.edit({"method.kind": "gan"})
    assert editor.role in bench.document.experiment.networks
    settled(bench, qtbot)
    assert len(editor.table.rows) == len(editor.listing.layers)


# Editing


def test_the_first_edit_makes_an_edited_preset_and_choosing_it_again_rewrites_it(
    editor, bench, qtbot
):
    before = bench.document.experiment
    depth = bench.document.undo_stack.index()
    enter(editor.table.rows[0].controls["width"].widget, "2048")
    assert editor.listing.network.kind == "layers"
    assert editor.listing.layers[0].width == 2048
    assert bench.document.undo_stack.index() == depth + 1
    preset = editor.head.preset
    assert preset.currentText() == "DCGAN, edited"
    dcgan = [option.value for option in preset.options].index("dcgan")
    preset.setCurrentIndex(dcgan)
    preset.activated.emit(dcgan)
    assert editor.listing.network.kind == "dcgan"
    assert editor.listing.layers[0].width == 3136
    bench.document.undo_stack.undo()
    assert preset.currentText() == "DCGAN, edited"
    bench.document.undo_stack.undo()
    assert bench.document.experiment == before


def test_a_drag_over_a_field_is_one_undo_and_doubles_widths(editor, bench):
    field = editor.table.rows[0].controls["width"].widget
    before = bench.document.experiment
    depth = bench.document.undo_stack.index()
    start = field.rect().center()
    drag(field, start, field.mapToGlobal(start + QPoint(48, 0)))
    assert editor.listing.layers[0].width == quarter(2 * 3136)
    assert bench.document.undo_stack.index() == depth + 1
    bench.document.undo_stack.undo()
    assert bench.document.experiment == before
    assert field.value == 3136


def test_a_shape_is_typed_with_its_crosses(editor):
    field = editor.table.rows[1].controls["shape"].widget
    assert field.text() == "64×7×7"
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "32x14x7")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert editor.listing.layers[1].shape == (32, 14, 7)
    assert field.text() == "32×14×7"


def test_options_without_room_are_behind_the_dots(editor, qtbot):
    row = editor.table.rows[kinds(editor).index("transposed")]
    assert "bias" in [info.name for info in row.hidden_options]
    qtbot.mouseClick(row.more, LEFT)
    popup, before = editor.popup, row.layer.bias
    qtbot.mouseClick(popup.controls["bias"].widget, LEFT)
    index = editor.table.rows.index(row)
    assert editor.listing.layers[index].bias != before
    qtbot.mouseClick(editor.table.rows[0], LEFT)
    assert editor.popup is None
    qtbot.mouseClick(row.more, LEFT)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert editor.popup is None
    assert editor.isVisible()
    assert QApplication.focusWidget() is row.more


def test_rows_are_reordered_by_dragging_and_undone(editor, bench):
    before = editor.listing.layers
    rows = editor.table.rows
    third, first = rows[2], rows[0]
    drag(third, HANDLE, upper_edge(first))
    assert editor.listing.layers == (before[2], before[0], before[1], *before[3:])
    assert editor.table.selection == (0, 0)
    assert editor.table.rows[0] is third, "the row keeps its widgets"
    bench.document.undo_stack.undo()
    assert editor.listing.layers == before


def test_a_drag_shows_where_it_drops_and_esc_lets_go(editor, qtbot):
    before = editor.listing.layers
    row = editor.table.rows[3]
    start = HANDLE
    QTest.mousePress(row, LEFT, pos=start)
    QTest.mouseMove(row, start + QPoint(0, -60))
    assert editor.table._drags.line.isVisible()
    assert editor.table.dragging
    QTest.keyClick(editor.table.list, Qt.Key.Key_Escape)
    assert not editor.table._drags.line.isVisible()
    QTest.mouseRelease(row, LEFT, pos=start + QPoint(0, -60))
    assert editor.listing.layers == before
    assert editor.isVisible()


def test_a_layer_is_dragged_from_the_palette(editor):
    tile = editor.palette_.tile("dropout")
    target = editor.table.rows[3]
    drag(tile, tile.rect().center(), upper_edge(target))
    assert kinds(editor)[3] == "dropout"
    assert editor.table.selection == (3, 3)
    assert editor.table.rows[4] is target


def test_a_drop_beside_the_list_adds_nothing(editor, bench):
    before = editor.listing.layers
    tile = editor.palette_.tile("dropout")
    drag(tile, tile.rect().center(), bench.window.mapToGlobal(QPoint(100, 20)))
    assert editor.listing.layers == before


def test_enter_in_the_palette_adds_below_the_selected_layer(editor, qtbot):
    editor.table.select(1)
    tile = editor.palette_.tile("norm")
    tile.setFocus()
    qtbot.keyClick(tile, Qt.Key.Key_Return)
    assert kinds(editor)[2] == "norm"
    assert editor.table.selection == (2, 2)
    qtbot.keyClick(tile, Qt.Key.Key_Right)
    assert QApplication.focusWidget() in editor.palette_.tiles


def test_the_palette_is_searched(editor, qtbot):
    palette = editor.palette_
    assert {tile.kind.kind for tile in palette.tiles} == set(LAYERS.kinds())
    if palette.search.isHidden():
        pytest.skip("few kinds")
    palette.search.setFocus()
    qtbot.keyClicks(palette.search, "drop")
    assert [tile.kind.kind for tile in palette.tiles if tile.isVisible()] == ["dropout"]
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert kinds(editor)[-1] == "dropout"
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    assert all(not tile.isHidden() for tile in palette.tiles)


def test_the_keyboard_selects_moves_duplicates_switches_and_deletes(editor, bench, qtbot):
    keys, before = editor.table.list, editor.listing.layers
    qtbot.keyClick(keys, Qt.Key.Key_Home)
    qtbot.keyClick(keys, Qt.Key.Key_Down)
    assert editor.table.selection == (1, 1)
    qtbot.keyClick(keys, Qt.Key.Key_Down, ALT)
    assert editor.listing.layers[2] == before[1]
    assert editor.table.selection == (2, 2)
    qtbot.keyClick(keys, Qt.Key.Key_Up, ALT)
    assert editor.listing.layers == before
    qtbot.keyClick(keys, Qt.Key.Key_D, CTRL)
    assert editor.listing.layers[2] == before[1]
    assert len(editor.listing.layers) == len(before) + 1
    qtbot.keyClick(keys, Qt.Key.Key_Space)
    assert not editor.listing.layers[2].enabled
    qtbot.keyClick(keys, Qt.Key.Key_Delete)
    assert editor.listing.layers == before
    for _ in range(5):
        bench.document.undo_stack.undo()
    assert editor.listing.layers == before
    assert editor.listing.network.kind == "dcgan"
    bench.document.undo_stack.redo()
    assert editor.listing.layers[2] == before[1]


def test_several_layers_are_selected_and_moved_together(editor, qtbot):
    keys, before = editor.table.list, editor.listing.layers
    qtbot.keyClick(keys, Qt.Key.Key_Home)
    qtbot.keyClick(keys, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert editor.table.selection == (0, 1)
    qtbot.keyClick(keys, Qt.Key.Key_Down, ALT)
    assert editor.listing.layers[:3] == (before[2], before[0], before[1])
    qtbot.keyClick(keys, Qt.Key.Key_A, CTRL)
    qtbot.keyClick(keys, Qt.Key.Key_Delete)
    assert editor.listing.layers == ()
    assert editor.table.selection == (-1, -1)


def test_the_row_under_the_pointer_has_tools(editor, qtbot):
    row = editor.table.rows[2]
    row.entered.emit(row)
    tools = editor.table.tools
    assert tools.isVisible()
    qtbot.mouseClick(tools.switch, LEFT)
    assert not editor.listing.layers[2].enabled
    row.entered.emit(row)
    qtbot.mouseClick(tools.copy, LEFT)
    assert editor.listing.layers[3] == editor.listing.layers[2]
    editor.table.rows[3].entered.emit(editor.table.rows[3])
    count = len(editor.table.rows)
    qtbot.mouseClick(tools.delete, LEFT)
    assert len(editor.table.rows) == count - 1


def test_layers_travel_as_text(editor, bench, qtbot):
    keys = editor.table.list
    qtbot.keyClick(keys, Qt.Key.Key_Home)
    qtbot.keyClick(keys, Qt.Key.Key_C, CTRL)
    assert 'kind = "linear"' in QGuiApplication.clipboard().text()
    qtbot.keyClick(keys, Qt.Key.Key_V, CTRL)
    assert editor.listing.layers[1] == editor.listing.layers[0]
    qtbot.keyClick(keys, Qt.Key.Key_X, CTRL)
    assert kinds(editor)[:2] == ["linear", "reshape"]
    QGuiApplication.clipboard().setText("nothing of the kind")
    qtbot.keyClick(keys, Qt.Key.Key_V, CTRL)
    assert "no layers" in bench.window.notices.text


# What the inspection says


def test_a_misfit_is_named_at_its_row_and_mended_there(editor, bench, qtbot):
    enter(editor.table.rows[0].controls["width"].widget, "2048")
    settled(bench, qtbot)
    row = editor.table.rows[1]
    qtbot.waitUntil(lambda: bool(row.sentence), timeout=LONG)
    assert "3,136" in row.sentence
    assert "2,048" in row.sentence
    assert row.height() > ROW
    assert row.facts.shape == "no shape"
    qtbot.waitUntil(lambda: editor.table.rows[-1].facts.shape == "1×28×28", timeout=LONG)
    assert not editor.table.rows[-1].facts.known, "a shape below a problem is grey"
    assert [stage.state for stage in editor.side.drawing.stages].count("bad") == 1
    assert editor.side.untrained.made is None
    qtbot.mouseClick(row.mend, LEFT)
    assert editor.listing.layers[0].width == 3136
    settled(bench, qtbot)
    assert not row.sentence
    assert row.height() == ROW
    assert editor.table.rows[-1].facts.known


def test_the_problem_in_the_foot_leads_to_the_row(editor, bench, qtbot):
    enter(editor.table.rows[0].controls["width"].widget, "2048")
    settled(bench, qtbot)
    bench.window.layers.close()
    qtbot.mouseClick(bench.window.status.show_button, LEFT)
    assert bench.window.layers.editor.role == "decoder"
    assert bench.window.layers.editor.table.selection == (1, 1)


def test_figures_follow_every_edit(editor, bench, qtbot):
    qtbot.waitUntil(lambda: "steps/s" in editor.foot.total.text(), timeout=LONG)
    report = bench.document.inspection.networks["decoder"]
    assert "weights" in editor.foot.total.text()
    assert "FLOP" in editor.foot.total.text()
    shown = editor.side.weights.shares
    assert sum(share.weights for share in shown) == report.parameters
    editor.table.select(len(editor.table.rows) - 2)
    qtbot.keyClick(editor.table.list, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: editor.table.rows[-2].layer.enabled is False, timeout=LONG)


def test_an_untrained_network_shows_what_it_makes(editor, bench, qtbot):
    qtbot.waitUntil(lambda: editor.side.untrained.made is not None, timeout=LONG)
    made = editor.side.untrained.made
    assert made.pictures.shape[1:] == (28, 28)
    choice = editor.side.initialisation
    index = [option.value for option in choice.options].index("orthogonal")
    choice.setCurrentIndex(index)
    choice.activated.emit(index)
    assert editor.listing.network.initialisation == "orthogonal"
    assert editor.listing.network.kind == "dcgan", "the list is not touched"
    qtbot.waitUntil(lambda: editor.side.untrained.made is not made, timeout=LONG)
    bench.window.recipe.layers_asked.emit("encoder", -1)
    qtbot.waitUntil(
        lambda: (
            editor.side.untrained.made is not None and editor.side.untrained.made.values is not None
        ),
        timeout=LONG,
    )


def test_the_mirror_writes_the_other_network(editor, bench, qtbot):
    enter(editor.table.rows[0].controls["width"].widget, "2048")
    settled(bench, qtbot)
    assert not editor.head.mirror.isEnabled()
    bench.document.undo_stack.undo()
    settled(bench, qtbot)
    before = bench.document.experiment
    qtbot.mouseClick(editor.head.mirror, LEFT)
    encoder = bench.document.experiment.networks["encoder"]
    assert encoder.kind == "layers"
    strided = [layer for layer in encoder.layers if isinstance(layer, Convolution)]
    assert [layer.channels for layer in strided] == [32, 64]
    settled(bench, qtbot)
    assert not bench.document.errors
    bench.document.undo_stack.undo()
    assert bench.document.experiment == before


# What leaves the editor


def test_the_drawing_is_saved_as_svg(editor, tmp_path):
    from PySide6.QtSvg import QSvgRenderer

    path = tmp_path / "decoder.svg"
    editor.exchange.write_svg(path)
    text = path.read_text("utf-8")
    assert "<title>Decoder, DCGAN</title>" in text
    assert "64×7×7" in text
    renderer = QSvgRenderer(str(path))
    assert renderer.isValid()
    image = QImage(renderer.defaultSize(), QImage.Format.Format_ARGB32)
    assert not image.isNull()


def test_a_place_that_cannot_be_written_is_said(editor, bench, tmp_path):
    (tmp_path / "file").write_text("no folder")
    editor.exchange.write_svg(tmp_path / "file" / "decoder.svg")
    assert bench.window.notices.text


def test_summary_and_drawing_are_copied(editor):
    editor.exchange.copy_summary()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Decoder, DCGAN")
    assert "64×7×7" in text
    editor.exchange.copy_drawing()
    assert not QGuiApplication.clipboard().image().isNull()


# Many layers


def test_sixty_layers_keep_their_rows(editor, bench, qtbot):
    layers = [Linear(width=64), Activation()] * 30
    assert editor.listing.put(layers, "many")
    settled(bench, qtbot)
    rows = editor.table.rows
    assert len(rows) == 60
    for width in (65, 66, 80):
        editor.set_option(0, "width", width)
    assert rows[0].controls["width"].widget.value == 80
    assert editor.table.rows == rows, "no row is made anew"
    editor.table.select(59)
    last = editor.table.rows[-1]
    view = editor.table.scroll_area.viewport()
    assert view.rect().contains(view.mapFromGlobal(last.mapToGlobal(QPoint(10, 10))))


@pytest.mark.parametrize("size", [(1024, 680), (1280, 800)])
def test_nothing_in_a_row_overlaps(editor, bench, qtbot, size):
    bench.window.resize(*size)
    editor.listing.put([entry.defaults() for entry in LAYERS], "all")
    settled(bench, qtbot)
    for row in editor.table.rows:
        shown = [c.widget for c in row.controls.values() if c.widget.isVisible()]
        spots = sorted(
            (w.geometry() for w in (*shown, row.more) if w.isVisible()), key=lambda g: g.x()
        )
        for left, right in pairwise(spots):
            assert left.right() < right.x(), row.name
        assert all(spot.right() < row.width() - 86 for spot in spots), row.name


def test_a_window_built_anew_forgets_the_editor_without_a_trace(editor, bench, qtbot):
    bench.window.rebuild()
    bench.document.edit({"networks.decoder.kind": "mlp"})
    settled(bench, qtbot)
    bench.window.recipe.layers_asked.emit("decoder", 0)
    assert bench.window.layers.editor.table.selection == (0, 0)


def test_every_network_has_a_command(editor, bench):
    words = [action.text() for action in bench.window._commands()]
    assert "Edit layers: Encoder" in words
    action = next(a for a in bench.window._commands() if a.text() == "Edit layers: Encoder")
    action.trigger()
    assert bench.window.layers.editor.role == "encoder"


def test_a_network_counts_as_one_waiting_change(editor, bench, qtbot):
    from aegan_studio.ui.panels.recipe.panel import _change_of

    paths = bench.document.experiment.differences(
        bench.document.experiment.with_options({"networks.decoder.kind": "layers"})
    )
    assert {_change_of(path) for path in paths} == {"networks.decoder"}


def test_the_menu_of_a_layer_opens_by_key_and_by_right_click(editor, qtbot):
    asked = []
    editor.table.menu_asked.disconnect()
    editor.table.menu_asked.connect(asked.append)
    qtbot.keyClick(editor.table.list, Qt.Key.Key_Home)
    qtbot.keyClick(editor.table.list, Qt.Key.Key_Menu)
    editor.table.rows[2].menu_asked.emit(editor.table.rows[2], QPoint(0, 0))
    assert len(asked) == 2
    assert editor.table.selection == (2, 2)


def test_all_controls_have_names_and_tips(editor):
    for row in editor.table.rows:
        assert row.accessibleName()
        for control in row.controls.values():
            assert control.widget.accessibleName()
            assert control.widget.toolTip()
    for tile in editor.palette_.tiles:
        assert tile.accessibleName()
        assert tile.toolTip()


def test_a_double_click_on_a_drawn_network_opens_its_layers(bench, qtbot):
    bench.window.show_workspace("train")
    view = bench.window.workspace._panels["model"].view
    part = view.parts["decoder"]
    qtbot.mouseDClick(part, Qt.MouseButton.LeftButton)
    assert bench.window.layers.editor is not None
    assert bench.window.layers.editor.role == "decoder"
