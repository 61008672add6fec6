"""Directions, baskets and what they change, driven by mouse and keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from aegan_studio.runs.directions import FILE, load_directions
from aegan_studio.ui.latent.moves_messages import Make, Measure
from aegan_studio.ui.panels.explore.code_mime import code_mime
from aegan_studio.ui.panels.explore.keep.bookmarks_shelf import shelf_of

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def directions(explore, qtbot):
    """The page of a trained model, by name, and its explorer; all its directions are found."""

    def directions(name):
        workspace = explore(name)
        workspace.show_page("moves", "directions")
        page = workspace.page("moves", "directions")
        qtbot.waitUntil(
            lambda: (
                page._principal is not None
                and page._classes is not None
                and page.mover.ground is not None
            ),
            timeout=60_000,
        )
        return page, workspace.explorer

    return directions


def rows_of(explorer, kind):
    return np.flatnonzero(explorer.chart.labels == kind).tolist()


def made(page, qtbot, explorer):
    """Press Make, wait for the slider and for what it changes."""
    with qtbot.waitSignal(page.baskets.made, timeout=30_000):
        qtbot.mouseClick(page.baskets.make, LEFT)
    qtbot.waitUntil(lambda: not page.effects.busy.busy, timeout=60_000)
    return page.own.items[-1]


def drop(well, code):
    mime = code_mime(code)
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier
    )
    # Qt sends drops only to what a drag of its own entered
    enter = QDragEnterEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier
    )
    enter.ignore()
    well.dragEnterEvent(enter)
    if enter.isAccepted():
        well.dropEvent(event)
    return enter.isAccepted()


def test_a_slider_moves_from_where_the_code_was(directions, qtbot):
    page, explorer = directions("autoencoder")
    start = explorer.code.copy()
    row = page.list.rows_by_key["principal0"]
    along = page.list.courses["principal0"].along
    with qtbot.waitSignal(explorer.picture_changed, timeout=10_000):
        row.slider.setFocus()
        qtbot.keyClick(row.slider, Qt.Key.Key_PageUp)
    np.testing.assert_allclose(explorer.code, start + along.spread * along.unit)
    assert row.reading == "+1.0 σ"
    other = page.list.rows_by_key["principal1"]
    qtbot.keyClick(other.slider, Qt.Key.Key_Right)
    qtbot.mouseDClick(row.slider, LEFT)
    second = page.list.courses["principal1"].along
    np.testing.assert_allclose(explorer.code, start + 0.1 * second.spread * second.unit)
    assert row.reading == "0"
    qtbot.mouseClick(page.reset, LEFT)
    assert explorer.code.tolist() == start.tolist()
    assert other.value == 0.0


def test_taking_a_move_back_brings_the_sliders_back(directions, qtbot):
    page, explorer = directions("autoencoder")
    start = explorer.code.copy()
    row = page.list.rows_by_key["principal0"]
    for _ in range(2):
        qtbot.keyClick(row.slider, Qt.Key.Key_PageUp)
    assert row.value == pytest.approx(2.0)
    explorer.back()
    assert row.value == pytest.approx(1.0)
    explorer.back()
    assert row.value == 0.0
    assert explorer.code.tolist() == start.tolist()
    explorer.forward()
    assert row.value == pytest.approx(1.0)
    explorer.move(np.zeros(6))
    assert row.value == 0.0
    assert page.mover.base.tolist() == [0.0] * 6


def test_a_drag_is_one_move(directions, qtbot):
    page, explorer = directions("autoencoder")
    start, track = explorer.code.copy(), page.list.rows_by_key["principal0"].slider
    y = track.height() // 2
    points = [QPointF(track.width() * share, y).toPoint() for share in (0.5, 0.6, 0.7, 0.8)]
    qtbot.mousePress(track, LEFT, pos=points[0])
    for point in points[1:]:
        qtbot.mouseMove(track, point)
    qtbot.mouseRelease(track, LEFT, pos=points[-1])
    assert page.list.rows_by_key["principal0"].value > 1.0
    explorer.back()
    assert explorer.code.tolist() == start.tolist()


def test_locked_values_stay(directions, qtbot):
    page, explorer = directions("autoencoder")
    explorer.set_locked(2, True)
    before = explorer.code[2]
    qtbot.keyClick(page.list.rows_by_key["principal0"].slider, Qt.Key.Key_PageUp)
    page.arrive("classes7")
    assert explorer.code[2] == before


def test_truncation_draws_towards_the_mean(directions, qtbot):
    page, explorer = directions("autoencoder")
    start, mean = explorer.code.copy(), page.mover.ground.mean
    page.psi.slider.setFocus()
    for _ in range(10):
        qtbot.keyClick(page.psi.slider, Qt.Key.Key_Left)
    assert page.psi.value == pytest.approx(0.5)
    np.testing.assert_allclose(explorer.code, mean + 0.5 * (start - mean))
    qtbot.keyClick(page.psi.slider, Qt.Key.Key_Delete)
    np.testing.assert_allclose(explorer.code, start)


def test_principal_directions_are_found_in_four_ways(directions, qtbot):
    page, _ = directions("aegan")
    found = {}
    for source in ("encoded", "draws"):
        for order in ("variance", "seen"):
            page.find_principal(source, order)
            qtbot.waitUntil(lambda: page._principal is not None, timeout=30_000)
            found[source, order] = page._principal
            assert (np.diff(page._principal.strengths) <= 1e-12).all()
            assert (page._principal.source, page._principal.order) == (source, order)
    assert found["encoded", "variance"].strengths.sum() == pytest.approx(1.0)
    assert "draws" in page.list.heads["principal"].text()


def test_a_model_without_an_encoder_has_directions_of_its_draws(directions, qtbot):
    page, explorer = directions("gan")
    assert page._principal.source == "draws"
    entries = {action.text(): action for action in page.menu().actions()}
    assert not entries["Principal of the data, by variance"].isEnabled()
    assert page._classes.read  # a classifier of the data sorted the draws
    assert "classifier" in page.list.heads["classes"].text()
    key = next(iter(page._classes.courses))
    with qtbot.waitSignal(explorer.picture_changed, timeout=10_000):
        page.arrive(f"classes{key}")
    assert page.list.rows_by_key[f"classes{key}"].reading == "+100 %"


def test_points_have_directions_too(directions, qtbot):
    page, explorer = directions("points")
    assert len(page._principal.courses) == 2
    with qtbot.waitSignal(explorer.picture_changed, timeout=10_000):
        qtbot.keyClick(page.list.rows_by_key["principal0"].slider, Qt.Key.Key_Right)


def test_baskets_of_a_class_make_a_slider_with_measured_effects(directions, qtbot):
    page, explorer = directions("autoencoder")
    qtbot.mouseClick(page.new, LEFT)
    assert page.baskets.isVisible()
    assert not page.baskets.make.isEnabled()
    entries = {action.text(): action for action in page.baskets.yes.menu().actions()}
    name = next(text for text in entries if text.startswith("Class 7"))
    entries[name].trigger()
    count = len(rows_of(explorer, 7))
    assert page.baskets.yes._count.text() == str(count)
    qtbot.waitUntil(lambda: page.baskets.yes.well.count > 0, timeout=10_000)
    assert len(page.baskets.rest()) == len(explorer.chart.codes) - count
    own = made(page, qtbot, explorer)
    assert own.name == "More like 7"
    assert page.effects.isVisible()
    into = next(bar for bar in page.effects.classes.bars if bar.name == "7")
    assert into.end > 0.5 > into.mark
    assert "never saw" in page.effects._note.text()
    with qtbot.waitSignal(explorer.picture_changed, timeout=10_000):
        qtbot.mouseClick(page.effects.arrive, LEFT)
    np.testing.assert_allclose(explorer.code, own.course.moved(page.mover.base, 1.0))
    qtbot.mouseClick(page.effects.back, LEFT)
    assert page.list.rows_by_key[own.key].reading == "+100 %"


def test_baskets_take_pins_selected_points_neighbours_and_dropped_codes(directions, qtbot):
    page, explorer = directions("autoencoder")
    page.open_baskets()
    yes, no = page.baskets.yes, page.baskets.no
    explorer.selection.set([3, 5, 9])

    def press(basket, text):
        entries = {action.text(): action for action in basket.menu().actions()}
        next(entries[name] for name in entries if name.startswith(text)).trigger()

    press(yes, "Selected on the map (3)")
    press(yes, "Selected on the map (3)")  # what is in it is not put in twice
    assert len(yes.codes) == 3
    press(yes, "Nearest 12")
    assert 12 <= len(yes.codes) <= 15
    press(no, "All pins (2)")
    press(no, "Current code")
    press(no, "Pin A")
    assert len(no.codes) == 4
    shelf_of(explorer).add(np.full(6, 2.0), None, "Twos")
    press(no, "All bookmarks (1)")
    assert no.codes[-1].tolist() == [2.0] * 6
    no.well.taken_out.emit(4)
    assert len(no.codes) == 4
    assert drop(no.well, explorer.code + 1.0)
    assert no.codes[-1].tolist() == (explorer.code + 1.0).tolist()
    assert not drop(no.well, np.zeros(3))  # a code of another model
    assert len(no.codes) == 5
    qtbot.waitUntil(lambda: no.well.count == 5, timeout=10_000)
    no.well.set_selected(4)
    qtbot.keyClick(no.well, Qt.Key.Key_Delete)
    assert len(no.codes) == 4
    page.baskets.how.value_changed.emit("mean")
    page.baskets.how.set_value("mean")
    own = made(page, qtbot, explorer)
    assert own.name == "My direction"
    assert own.course.how == "mean"
    along = own.course.along
    np.testing.assert_allclose(
        along.unit * np.linalg.norm(yes.codes.mean(0) - no.codes.mean(0)),
        yes.codes.mean(0) - no.codes.mean(0),
    )
    qtbot.mouseClick(no.empty, LEFT)
    assert not len(no.codes)


def test_baskets_that_cannot_make_a_direction_say_why(directions, qtbot):
    page, explorer = directions("autoencoder")
    page.open_baskets()
    page.baskets.yes.add(explorer.code[None])
    page.baskets.no.add(explorer.code[None])
    qtbot.mouseClick(page.baskets.make, LEFT)
    qtbot.waitUntil(page.baskets.problem.isVisible, timeout=10_000)
    assert "2 in each" in page.baskets.problem.text
    page.baskets.how.set_value("mean")
    with qtbot.waitSignal(explorer.busy_changed, timeout=10_000):
        qtbot.mouseClick(page.baskets.make, LEFT)
    qtbot.waitUntil(lambda: not explorer.is_busy(Make), timeout=10_000)
    assert "the same" in page.baskets.problem.text
    assert not page.own.items


def test_measuring_can_be_cancelled(directions, qtbot):
    page, explorer = directions("autoencoder")
    page.measure("principal0")
    page.effects.busy._on_cancel()
    assert not explorer.is_busy(Measure)
    assert "Not measured" in page.effects.summary.text()
    page.measure("principal0")
    qtbot.waitUntil(lambda: not page.effects.busy.busy, timeout=60_000)
    assert "one spread" in page.effects.summary.text()
    assert not page.effects.arrive.isVisible()


def test_own_directions_are_kept_with_the_run(directions, session, trained, tmp_path, qtbot):
    session.folder = tmp_path
    page, _ = directions("autoencoder")
    page.keep("principal0")
    assert page.list.rows_by_key[page.own.items[0].key].line_edit is not None  # to be named
    page.keep("classes3")
    row = page.list.rows_by_key[page.own.items[0].key]
    row.rename()
    row.line_edit.clear()
    qtbot.keyClicks(row.line_edit, "Thicker stroke")
    qtbot.keyClick(row.line_edit, Qt.Key.Key_Return)
    assert [kept.name for kept in load_directions(tmp_path)] == ["Thicker stroke", "More like 3"]
    page.own.delete(page.own.items[1].key)
    assert len(load_directions(tmp_path)) == 1
    entries = {action.text(): action for action in page.menu().actions()}
    entries["Bring back “More like 3”"].trigger()
    courses = [item.course.to_plain() for item in page.own.items]
    session.run_opened.emit(session)  # another run is opened, then this one again
    assert not page.own.items
    with qtbot.waitSignal(page.own.changed, timeout=60_000):
        session.report(*trained("autoencoder"))
    qtbot.waitUntil(lambda: len(page.own.items) == 2, timeout=30_000)
    assert [item.name for item in page.own.items] == ["Thicker stroke", "More like 3"]
    assert [item.course.to_plain() for item in page.own.items] == courses
    assert page.list.heads["own"].isVisible()


def test_directions_of_other_networks_are_not_lost(directions, session, trained, tmp_path, qtbot):
    session.folder = tmp_path
    page, explorer = directions("autoencoder")
    page.keep("principal0")
    session.run_opened.emit(session)
    with qtbot.waitSignal(explorer.charted, timeout=60_000):
        session.report(*trained("gan"))
    qtbot.waitUntil(lambda: page._principal is not None, timeout=30_000)
    assert not page.own.items
    page.keep("principal0")
    assert len(load_directions(tmp_path)) == 2


def test_a_file_that_cannot_be_read_is_said_and_not_written_over(
    directions, session, tmp_path, workspace
):
    session.folder = tmp_path
    (tmp_path / FILE).write_text("broken")
    page, _ = directions("autoencoder")
    assert "cannot be read" in workspace.banner.text
    page.keep("principal0")
    assert (tmp_path / FILE).read_text() == "broken"


def test_new_weights_wait_for_the_slider_under_the_hand(directions, session, trained, qtbot):
    page, _ = directions("autoencoder")
    qtbot.keyClick(page.list.rows_by_key["principal0"].slider, Qt.Key.Key_PageUp)
    before = page.list.courses["principal0"]
    page._principal = None
    page._ask()
    qtbot.waitUntil(lambda: "principal" in page._later, timeout=30_000)
    assert page.list.courses["principal0"] is before
    qtbot.mouseClick(page.reset, LEFT)
    assert page.list.courses["principal0"] is not before


def test_escape_leads_back_to_the_sliders(directions, qtbot):
    page, explorer = directions("vae")
    page.open_baskets()
    page.baskets.yes.add(explorer.code[None])
    qtbot.keyClick(page.baskets, Qt.Key.Key_Escape)
    assert page.list.isVisible()
    assert len(page.baskets.yes.codes) == 1
    page.measure("principal0")
    qtbot.keyClick(page.effects, Qt.Key.Key_Escape)
    assert page.list.isVisible()
    assert not explorer.is_busy(Measure)


def test_sections_fold_and_are_remembered(directions, qtbot):
    page, _ = directions("autoencoder")
    qtbot.mouseClick(page.list.heads["principal"], LEFT)
    assert not page.list.rows_by_key["principal0"].isVisible()
    assert page.state()["folded"] == ["principal"]
    page.restore({"folded": ["classes"], "order": "seen", "source": 3})
    assert page.list.rows_by_key["principal0"].isVisible()
    assert (page.state()["source"], page.state()["order"]) == ("encoded", "seen")
    qtbot.waitUntil(lambda: page._classes is not None, timeout=30_000)


def test_data_that_are_no_code_are_not_taken(directions):
    page, _ = directions("vae")
    mime = QMimeData()
    mime.setText("hello")
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier
    )
    page.baskets.yes.well.dropEvent(event)
    assert not len(page.baskets.yes.codes)
