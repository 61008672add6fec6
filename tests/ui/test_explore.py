"""The explore workspace with really trained models, driven by mouse and keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from aegan_studio.ui.latent.messages import PlaneChoice
from aegan_studio.ui.panels.explore.latency import slider_latency
from aegan_studio.ui.panels.explore.moves.axes import MOST
from aegan_studio.ui.panels.explore.workspace import ExploreWorkspace

LEFT = Qt.MouseButton.LeftButton


def picture(qtbot, workspace):
    return qtbot.waitSignal(workspace.explorer.picture_changed, timeout=10_000)


def at(workspace, code):
    return workspace.page("atlas", "map").map.pixel_of(*workspace.explorer.place_of(code)).toPoint()


def test_without_weights_it_says_what_to_do_and_offers_it(workspace, session, qtbot):
    assert workspace.well.isVisible()
    assert "Train a model first" in workspace.well.accessibleName()
    qtbot.mouseClick(workspace.well.button, LEFT)
    assert session.pressed == 1


def test_weights_are_wanted_only_while_it_is_seen(workspace, session):
    assert session.wanted == {"weights"}
    workspace.hide()
    assert session.wanted == set()
    workspace.show()
    assert session.wanted == {"weights"}


def test_snapshots_that_came_unseen_are_taken_up_when_shown(workspace, session, trained, qtbot):
    workspace.hide()
    session.report(*trained("vae"))
    assert workspace.explorer.model is None
    with qtbot.waitSignal(workspace.explorer.walked, timeout=60_000):
        workspace.show()
    assert workspace.explorer.step == 150


@pytest.mark.parametrize("name", ["vae", "autoencoder", "gan", "aegan", "vq-vae", "cgan", "points"])
def test_every_kind_of_model_can_be_explored(explore, name, qtbot):
    workspace = explore(name)
    explorer = workspace.explorer
    dimensions = len(explorer.code)
    axes = workspace.page("moves", "axes")
    qtbot.waitUntil(lambda: len(axes.sliders) == min(dimensions, MOST))
    assert explorer.chart.source == (
        "prior" if name.endswith("gan") and name != "aegan" else "encoded"
    )
    assert ("no encoder" in workspace.page("atlas", "map").subtitle) == (
        explorer.chart.source == "prior"
    )
    assert workspace.page("canvas", "code").plane.isVisible() == (name == "points")
    assert workspace.page("walk", "walk").strip.count == explorer.way.frames
    nearest = workspace.page("canvas", "code").nearest
    qtbot.waitUntil(lambda: nearest.strip.count == 6, timeout=10_000)
    assert not workspace.grab().isNull()


def test_a_click_on_the_map_decodes_that_place(explore, qtbot):
    workspace = explore("vae")
    view = workspace.page("atlas", "map").map
    target = view.pixel_of(0.5, -0.5).toPoint()
    before = workspace.page("canvas", "code").picture.image
    with picture(qtbot, workspace):
        qtbot.mouseClick(view, LEFT, pos=target)
    assert workspace.explorer.code == pytest.approx([0.5, -0.5], abs=8 / view.view.scale)
    assert workspace.page("canvas", "code").picture.image != before
    assert "z" not in workspace.page("canvas", "code").reading.text()
    assert workspace.page("canvas", "code").reading.text().startswith("= (0.5")


def test_a_drag_on_the_map_travels_and_is_taken_back_at_once(explore, qtbot):
    workspace = explore("vae")
    view, explorer = workspace.page("atlas", "map").map, workspace.explorer
    start = explorer.code.copy()
    points = [view.pixel_of(x, 0.1 * x).toPoint() for x in np.linspace(-1, 1, 9)]
    qtbot.mousePress(view, LEFT, pos=points[0])
    for point in points[1:]:
        qtbot.mouseMove(view, point)
    with picture(qtbot, workspace):
        qtbot.mouseRelease(view, LEFT, pos=points[-1])
    assert explorer.code == pytest.approx([1.0, 0.1], abs=2 / view.view.scale)
    qtbot.mouseClick(workspace.page("canvas", "code").back, LEFT)
    assert np.array_equal(explorer.code, start)
    assert not workspace.page("canvas", "code").back.isEnabled()


def test_pins_are_dragged_and_the_walk_follows(explore, qtbot):
    workspace = explore("vae")
    view, explorer = workspace.page("atlas", "map").map, workspace.explorer
    with qtbot.waitSignal(explorer.walked):
        explorer.place_pin("A", [-0.8, 0.8])
    grip = at(workspace, explorer.pin("A").code) - QPoint(0, 16)
    goal = view.pixel_of(-0.2, 0.4).toPoint()
    code = explorer.code.copy()
    qtbot.mousePress(view, LEFT, pos=grip)
    qtbot.mouseMove(view, (grip + goal) / 2)
    with qtbot.waitSignal(explorer.walked):
        qtbot.mouseMove(view, goal)
    qtbot.mouseRelease(view, LEFT, pos=goal)
    assert explorer.pin("A").code == pytest.approx([-0.2, 0.4], abs=2 / view.view.scale)
    qtbot.waitUntil(lambda: np.array_equal(explorer.walk.codes[0], explorer.pin("A").code))
    assert np.array_equal(explorer.code, code)


def test_hovering_shows_a_lens_and_goes_nowhere(explore, qtbot):
    workspace = explore("vae")
    code = workspace.explorer.code.copy()
    with qtbot.waitSignal(workspace.explorer.peeked, check_params_cb=lambda p: p is not None):
        qtbot.mouseMove(
            workspace.page("atlas", "map").map,
            workspace.page("atlas", "map").map.plane().center().toPoint(),
        )
    assert np.array_equal(workspace.explorer.code, code)


def test_arrow_keys_move_a_slider_and_the_map(explore, qtbot):
    workspace = explore("vae")
    explorer, slider = workspace.explorer, workspace.page("moves", "axes").sliders[0]
    before = explorer.code.copy()
    slider.slider.setFocus()
    with picture(qtbot, workspace):
        qtbot.keyClick(slider.slider, Qt.Key.Key_Right)
    assert explorer.code[0] > before[0]
    assert explorer.code[1] == before[1]
    before = explorer.code.copy()
    with picture(qtbot, workspace):
        qtbot.keyClick(workspace.page("atlas", "map").map, Qt.Key.Key_Up)
    assert explorer.code[1] > before[1]


def test_a_double_click_resets_a_slider(explore, qtbot):
    workspace = explore("vae")
    slider = workspace.page("moves", "axes").sliders[1].slider
    with picture(qtbot, workspace):
        qtbot.mouseDClick(slider, LEFT)
    assert workspace.explorer.code[1] == 0.0


def test_the_seed_can_be_typed_and_gives_the_same_code(explore, qtbot):
    workspace = explore("autoencoder")
    explorer, canvas = workspace.explorer, workspace.page("canvas", "code")
    with picture(qtbot, workspace):
        qtbot.mouseClick(canvas.random, LEFT)
    assert canvas.seed.value == explorer.seed == 1
    first = explorer.code.copy()
    with picture(qtbot, workspace):
        qtbot.mouseClick(canvas.random, LEFT)
    assert not np.array_equal(explorer.code, first)
    with picture(qtbot, workspace):
        canvas.seed.value_changed.emit(1)
    assert np.array_equal(explorer.code, first)


def test_random_codes_of_an_autoencoder_lie_among_its_data(explore, qtbot):
    workspace = explore("autoencoder")
    codes = []
    for _ in range(20):
        with picture(qtbot, workspace):
            workspace.explorer.draw()
        codes.append(workspace.explorer.code)
    chart = workspace.explorer.chart
    off = np.abs(np.mean(codes, axis=0) - chart.codes.mean(axis=0)) / chart.codes.std(axis=0)
    assert off.max() < 1.5


def test_visited_codes_are_kept_and_returned_to(explore, qtbot):
    workspace = explore("vae")
    workspace.show_page("keep", "bookmarks")
    strip = workspace.page("keep", "bookmarks").visited.strip
    workspace.explorer.settle()
    qtbot.waitSignal(workspace.explorer.rested).wait()
    with qtbot.waitSignal(workspace.explorer.rested):
        workspace.explorer.move([1.0, 1.0])
    with qtbot.waitSignal(workspace.explorer.rested):
        workspace.explorer.move([-1.0, 0.5])
    assert strip.count == 3
    _, rect = strip.places()[1]
    with picture(qtbot, workspace):
        qtbot.mouseClick(strip, LEFT, pos=rect.center().toPoint())
    assert workspace.explorer.code.tolist() == [1.0, 1.0]


def test_the_nearest_items_lead_to_their_codes(explore, qtbot):
    workspace = explore("vae")
    nearest = workspace.page("canvas", "code").nearest.strip
    qtbot.waitUntil(lambda: nearest.count > 0, timeout=10_000)
    _, rect = nearest.places()[0]
    with picture(qtbot, workspace):
        qtbot.mouseClick(nearest, LEFT, pos=rect.center().toPoint())
    codes = workspace.explorer.chart.codes
    assert np.abs(codes - workspace.explorer.code).max(axis=1).min() < 1e-5


def test_the_map_shows_other_planes_and_fewer_items(explore, qtbot):
    workspace = explore("autoencoder")
    page = workspace.page("atlas", "map")
    entries = {action.text(): action for action in page.menus.views().actions()}
    with qtbot.waitSignal(workspace.explorer.charted):
        page.set_plane(PlaneChoice("values", (2, 3)))
    assert workspace.explorer.chart.plane.indices == (2, 3)
    entries["Held-out items alone"].trigger()
    assert workspace.page("atlas", "map").subtitle.startswith("450 ")


def test_the_picture_is_copied_pixel_for_pixel(explore):
    workspace = explore("vae")
    workspace.page("canvas", "code").picture.copy()
    assert QGuiApplication.clipboard().image().size().toTuple() == (8, 8)


def test_a_new_run_begins_afresh(explore, session, trained, qtbot):
    workspace = explore("vae")
    session.run_opened.emit(session)
    assert workspace.well.isVisible()
    assert workspace.page("keep", "bookmarks").visited.strip.count == 0
    with qtbot.waitSignal(workspace.explorer.walked, timeout=60_000):
        session.report(*trained("gan"))
    assert len(workspace.page("moves", "axes").sliders) == 8


def test_weights_of_another_model_are_refused_in_one_sentence(workspace, session, trained, qtbot):
    experiment, _ = trained("vae")
    _, foreign = trained("autoencoder")
    with qtbot.waitSignal(workspace.explorer.trouble, timeout=60_000):
        session.report(experiment, foreign)
    assert workspace.banner.isVisible()
    assert "encoder" in workspace.banner.text


def test_the_pages_in_view_are_remembered(workspace, session):
    workspace.show_page("keep", "bookmarks")
    other = ExploreWorkspace(None, session)
    other.restore(workspace.state())
    assert other.places["keep"].page_name == "bookmarks"
    other.restore(type(workspace.state())(b"rubbish"))
    assert other.places["keep"].page_name == "bookmarks"
    other.close()
    other.deleteLater()


def test_every_deed_is_offered_by_name(explore, qtbot):
    workspace = explore("vae")
    commands = {action.text(): action for action in workspace.commands()}
    with picture(qtbot, workspace):
        commands["Go to the middle of the codes"].trigger()
    assert workspace.explorer.code.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("size", [(1280, 724), (1024, 604), (900, 484)])
def test_nothing_is_cut_off_at_any_size(explore, qtbot, size):
    workspace = explore("vae")
    workspace.resize(*size)
    for panel in workspace.places.values():
        corner = panel.mapTo(workspace, panel.rect().bottomRight())
        assert workspace.rect().contains(corner)
        qtbot.waitUntil(lambda panel=panel: panel.width() >= panel.minimumSizeHint().width())


def test_the_time_from_slider_to_picture_can_be_measured(explore):
    taken = slider_latency(explore("vae"), moves=5)
    assert taken.shape == (5,)
    assert (taken > 0).all()
