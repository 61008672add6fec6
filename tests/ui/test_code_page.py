"""The code page with really trained models: picture, numbers, nearest data, checks, comparisons."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from aegan_studio.runs.codes import code_text
from aegan_studio.ui.latent.keep_messages import CheckPrior, PriorChecked
from aegan_studio.ui.panels.explore import code_mime as mime_room
from aegan_studio.ui.panels.explore import item_strip
from aegan_studio.ui.panels.explore.code.compare import difference
from aegan_studio.ui.panels.explore.code.nearest import verdict
from aegan_studio.ui.panels.explore.code_mime import code_mime, code_of
from aegan_studio.ui.panels.explore.keep.bookmarks_shelf import shelf_of

LEFT = Qt.MouseButton.LeftButton
LONG = 30_000


@pytest.fixture
def opened(explore, qtbot):
    """The code page of a model, with its nearest items and what is usual known."""

    def opened(name):
        workspace = explore(name)
        page = workspace.page("canvas", "code")
        qtbot.waitUntil(lambda: page.nearest.distances.known, timeout=LONG)
        qtbot.waitUntil(lambda: page.reflection.answer is not None, timeout=LONG)
        return page

    return opened


def went(qtbot, page):
    return qtbot.waitSignal(page._explorer.picture_changed, timeout=10_000)


def entries(menu):
    found = {action.text(): action for action in menu.actions()}
    menu.deleteLater()
    return found


# The picture


def test_the_picture_stands_at_a_whole_factor_until_asked_otherwise(opened, qtbot):
    page = opened("vae")
    assert page.picture.factor == int(page.picture.factor) > 10
    entries(page._menu.build())["One screen pixel a pixel"].trigger()
    assert page.picture.factor == 1.0
    assert page.picture.picture_rect().width() == 8.0
    entries(page._menu.build())["Smooth, filling"].trigger()
    rect = page.picture.picture_rect()
    assert rect.height() == pytest.approx(page.picture.height())
    page.restore({"zoom": "fit"})
    assert page.picture.zoom == "fit"


def test_moves_are_taken_back_and_done_again_by_its_buttons(opened, qtbot):
    page = opened("vae")
    explorer = page._explorer
    start = explorer.code.copy()
    assert not page.back.isEnabled()
    with went(qtbot, page):
        qtbot.mouseClick(page.random, LEFT)
    there = explorer.code.copy()
    qtbot.mouseClick(page.back, LEFT)
    assert np.array_equal(explorer.code, start)
    qtbot.mouseClick(page.forward, LEFT)
    assert np.array_equal(explorer.code, there)
    assert not page.forward.isEnabled()


def test_a_code_is_copied_and_pasted_exactly(opened, qtbot):
    page = opened("aegan")
    explorer = page._explorer
    start = explorer.code.copy()
    qtbot.keyClick(page, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier
                   | Qt.KeyboardModifier.ShiftModifier)  # fmt: skip
    assert QGuiApplication.clipboard().text() == code_text(start)
    explorer.move(np.zeros(8))
    page.paste_code()
    assert np.array_equal(explorer.code, start)


@pytest.mark.parametrize(
    ("text", "said"),
    [("no numbers at all", "copy 2 numbers first"), ("1, 2, 3", "3 numbers; a code of this model")],
)
def test_what_cannot_be_pasted_is_said_and_moves_nothing(opened, qtbot, text, said):
    page = opened("vae")
    start = page._explorer.code.copy()
    QGuiApplication.clipboard().setText(text)
    with qtbot.waitSignal(page._explorer.told) as told:
        page.paste_code()
    assert said in told.args[0]
    assert np.array_equal(page._explorer.code, start)


def drag(qtbot, widget, start):
    qtbot.mousePress(widget, LEFT, pos=start)
    qtbot.mouseMove(widget, start + type(start)(30, 4))
    qtbot.mouseRelease(widget, LEFT, pos=start + type(start)(30, 4))


@pytest.mark.parametrize("name", ["vae", "points"])
def test_the_picture_is_dragged_out_with_its_code(opened, qtbot, monkeypatch, name):
    page = opened(name)
    carried = []
    monkeypatch.setattr(mime_room, "drag_out", lambda _source, data: carried.append(data))
    view = page.plane if name == "points" else page.picture
    drag(qtbot, view, view.rect().center())
    (data,) = carried
    code, _ = code_of(data)
    assert np.array_equal(code, page._explorer.code)
    assert data.imageData().width() >= 160
    (url,) = data.urls()
    assert url.toLocalFile().endswith(".png")


# Encoder and critic


def test_what_the_encoder_makes_of_the_picture_stands_beside_it(opened, qtbot):
    page = opened("aegan")
    assert page.rebuilt.isHidden()
    page.toggle_rebuilt()
    assert page.rebuilt.isVisible()
    assert page.rebuilt.image is not None
    assert "E(G(z))" in page.reflection.cycle.text()
    assert page.reflection.critic.text().startswith("D = ")
    page.toggle_rebuilt()
    assert page.rebuilt.isHidden()


def test_models_say_only_what_they_have(opened):
    page = opened("gan")
    assert page.reflection.cycle.isHidden()
    assert not page.reflection.critic.isHidden()
    assert "Show what the encoder makes of it" not in entries(page._menu.build())
    assert page.nearest.measures() == ["pixels", "features"]


# The nearest training data


def test_the_nearest_data_follow_the_code_with_a_verdict(opened, qtbot):
    page = opened("vae")
    section = page.nearest
    before = section._found
    assert section.strip.count == 6
    assert section.said.text()
    with qtbot.waitSignal(page._explorer.rested):
        qtbot.mouseClick(page.random, LEFT)
    qtbot.waitUntil(lambda: section._found is not before)
    assert np.array_equal(section._found.code, page._explorer.code)


def test_a_click_on_a_neighbour_goes_to_its_code(opened, qtbot):
    page = opened("vae")
    _, rect = page.nearest.strip.places()[2]
    target = page.nearest._found.codes[2]
    with went(qtbot, page):
        qtbot.mouseClick(page.nearest.strip, LEFT, pos=rect.center().toPoint())
    assert np.allclose(page._explorer.code, target)


def test_without_an_encoder_a_click_says_what_to_do(opened, qtbot):
    page = opened("gan")
    start = page._explorer.code.copy()
    _, rect = page.nearest.strip.places()[0]
    with qtbot.waitSignal(page._explorer.told) as told:
        qtbot.mouseClick(page.nearest.strip, LEFT, pos=rect.center().toPoint())
    assert "Picture" in told.args[0]
    assert np.array_equal(page._explorer.code, start)


def test_neighbours_are_dragged_out_and_a_drag_goes_nowhere(opened, qtbot, monkeypatch):
    page = opened("vae")
    carried = []
    monkeypatch.setattr(item_strip, "drag_out", lambda _source, data: carried.append(data))
    start = page._explorer.code.copy()
    _, rect = page.nearest.strip.places()[1]
    drag(qtbot, page.nearest.strip, rect.center().toPoint())
    assert np.allclose(code_of(carried[0])[0], page.nearest._found.codes[1])
    assert np.array_equal(page._explorer.code, start)


@pytest.mark.parametrize("measure", ["encoder", "features"])
def test_other_distances_can_be_chosen(opened, qtbot, measure):
    page = opened("vae")
    page.nearest.measure.set_value(measure)
    page.nearest.measure.value_changed.emit(measure)
    qtbot.waitUntil(
        lambda: page.nearest._found.measure == measure and page.nearest._found.usual is not None,
        timeout=LONG,
    )
    assert page.nearest.strip.count == 6


def test_more_neighbours_stand_in_rows(opened, qtbot):
    page = opened("vae")
    page.nearest.set_count(24)
    qtbot.waitUntil(lambda: sum(strip.count for strip in page.nearest.strips) == 24)
    _, rect = page.nearest.strips[2].places()[0]
    with went(qtbot, page):
        qtbot.mouseClick(page.nearest.strips[2], LEFT, pos=rect.center().toPoint())
    assert page._explorer.code.shape == (2,)


def test_folded_nothing_is_asked_until_it_is_unfolded(opened, qtbot):
    page = opened("vae")
    qtbot.mouseClick(page.nearest.fold, LEFT)
    before = page.nearest._found
    with qtbot.waitSignal(page._explorer.rested):
        qtbot.mouseClick(page.random, LEFT)
    assert page.nearest._found is before
    qtbot.mouseClick(page.nearest.fold, LEFT)
    qtbot.waitUntil(lambda: page.nearest._found is not before)
    assert page.state()["folded"] is False


@pytest.mark.parametrize(
    ("distance", "percentile", "tone", "words"),
    [
        (0.0, 0.0, "error", "value for value"),
        (0.2, 1.0, "warning", "Nearer than 99 %"),
        (1.0, 50.0, "healthy", "own nearest: 1.00"),
        (9.0, 100.0, "text2", "Farther than 99 %"),
    ],
)
def test_the_verdict_says_in_words_how_near_it_is(distance, percentile, tone, words):
    found = verdict(distance, percentile, np.array([0.5, 1.0, 1.5]))
    assert found.tone == tone
    assert words in str(found.sentence)


# Many samples


def test_many_samples_are_checked_with_progress_and_lead_to_their_codes(opened, qtbot):
    page = opened("gan")
    qtbot.mouseClick(page.nearest.many, LEFT)
    check = page.check
    assert check.isVisible()
    check.count.set_value(80)
    shares = []
    page._explorer.listen(CheckPrior, lambda answer: shares.append(getattr(answer, "share", None)))
    qtbot.mouseClick(check.run, LEFT)
    assert not check.run.isEnabled()
    qtbot.waitUntil(lambda: check._found is not None and check.run.isEnabled(), timeout=LONG)
    assert len(shares) > 1
    assert "of 80 samples" in check.summary.text()
    assert check.line.isVisible()
    _, rect = check.strips[0].places()[0]
    with went(qtbot, page):
        qtbot.mouseClick(check.strips[0], LEFT, pos=rect.center().toPoint())
    assert np.allclose(page._explorer.code, check._found.codes[0])
    qtbot.mouseClick(check.back, LEFT)
    assert page.front.isVisible()


def test_a_check_can_be_cancelled(opened, qtbot):
    page = opened("gan")
    page.show_check()
    page.check.count.set_value(20_000)
    qtbot.mouseClick(page.check.run, LEFT)
    qtbot.waitUntil(page.check.busy.cancel_button.isVisible, timeout=5000)
    qtbot.mouseClick(page.check.busy.cancel_button, LEFT)
    qtbot.waitUntil(page.check.run.isEnabled)
    assert page.check._found is None


def test_samples_nearer_than_chance_allows_are_a_warning(opened):
    page = opened("gan")
    page.show_check()
    usual = np.linspace(1.0, 2.0, 100)
    copies = np.full(50, 0.1)
    found = PriorChecked(
        CheckPrior(50), 1.05, 50, 0.0, 0.12, usual, copies,
        np.zeros((2, 8)), np.zeros((2, 8, 8), np.uint8), copies[:2],
    )  # fmt: skip
    page.check._on_answer(found)
    assert "learnt by heart" in page.check.line.text


# Two codes


def test_two_codes_are_compared_and_blended(opened, qtbot):
    page = opened("aegan")
    explorer = page._explorer
    explorer.add_pin(np.zeros(8))
    shelf_of(explorer).add(np.ones(8), None, "Ones")
    qtbot.mouseClick(page.pair, LEFT)
    view = page.compare
    view.compare("pin C", "bookmark 0")
    qtbot.waitUntil(lambda: view._answer is not None and view._answer.asked.b[0] == 1.0)
    assert f"Codes {np.sqrt(8):.2f} apart" in view.apart.text()
    view.slider.setFocus()
    with qtbot.waitSignal(view.slider.moved):
        qtbot.keyClick(view.slider, Qt.Key.Key_Home)
    qtbot.keyClick(view.slider, Qt.Key.Key_Right)
    share = view.slider.value
    qtbot.waitUntil(lambda: view._answer.asked.share == share)
    assert np.allclose(view._answer.code, share, atol=0.01)
    with went(qtbot, page):
        qtbot.mouseClick(view.goes["blend"], LEFT)
    assert np.array_equal(explorer.code, view._answer.code)
    qtbot.mouseClick(view.turn, LEFT)
    assert (view.first.value, view.second.value) == ("bookmark 0", "pin C")


def test_flipping_shows_the_other_picture_while_held(opened, qtbot):
    page = opened("vae")
    page.show_compare()
    view = page.compare
    page._explorer.move(page._explorer.code + 1.0)
    qtbot.waitUntil(lambda: view._answer is not None and not np.array_equal(
        view._answer.a, view._answer.b))  # fmt: skip
    a, b = view.a.image, view.b.image
    qtbot.mousePress(view.flip, LEFT)
    assert view.a.image == b
    qtbot.mouseRelease(view.flip, LEFT)
    assert view.a.image == a


def drop(widget, data):
    """Drop data onto a widget as the system does: it enters first."""
    at = QPoint(5, 5)
    rest = Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QDragEnterEvent(at, *rest))
    QApplication.sendEvent(widget, QDropEvent(QPointF(at), *rest))


def test_a_code_is_dropped_onto_a_side(opened, qtbot):
    page = opened("vae")
    page.show_compare()
    view = page.compare
    drop(view.b, code_mime([0.25, -0.5], None, "Found"))
    qtbot.waitUntil(lambda: view._answer is not None and view._answer.asked.b[0] == 0.25)
    assert view.second.value == "dropped 0"
    with qtbot.waitSignal(page._explorer.told) as told:
        drop(view.b, code_mime([1.0, 2.0, 3.0]))
    assert "another model" in told.args[0]


def test_points_are_compared_in_their_plane(opened, qtbot):
    page = opened("points")
    page.show_compare()
    page._explorer.move(page._explorer.code + 0.5)
    qtbot.waitUntil(lambda: page.compare.b.image is not None)
    assert page.compare.gap.isHidden()
    qtbot.waitUntil(lambda: "points" in page.compare.apart.text())


def test_a_difference_is_grey_where_pictures_are_alike():
    a = np.array([[0, 255, 100]], np.uint8)
    b = np.array([[255, 0, 100]], np.uint8)
    assert difference(a, b)[0, :, 0].tolist() == [255, 0, 128]


# The rest


def test_how_the_page_stands_is_remembered_and_nonsense_is_not(opened):
    page = opened("vae")
    page.restore({"zoom": "smooth", "nearest": 12, "rebuilt": True, "folded": True})
    state = page.state()
    assert (state["zoom"], state["nearest"], state["rebuilt"], state["folded"]) == (
        "smooth", 12, True, True,
    )  # fmt: skip
    page.restore({"zoom": "huge", "nearest": 7, "measure": "taste", "folded": "yes"})
    assert page.state() == state


def test_a_new_run_leaves_nothing_behind(opened, session, trained, qtbot):
    page = opened("vae")
    page.show_compare()
    session.run_opened.emit(session)
    assert page.picture.image is None
    assert page.nearest.strip.count == 0
    assert page._stack.currentWidget() is page.front


def test_every_deed_is_offered_by_name(opened):
    names = [action.text() for action in opened("vae").commands()]
    assert "Bookmark the current code" in names
    assert "Export codes…" in names
    assert len(set(names)) == len(names)
