"""The latent map with really trained models, driven by mouse and keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from aegan_studio.ui.latent.map_messages import Complete, DecodeTiles, Layout
from aegan_studio.ui.latent.messages import PlaneChoice
from aegan_studio.ui.panels.explore.map import page as page_module
from aegan_studio.ui.panels.explore.map.planes import has_umap
from aegan_studio.ui.panels.explore.workspace import ExploreWorkspace

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
MODELS = ["vae", "aegan", "gan", "vq-vae", "points"]


@pytest.fixture
def page_of(explore, qtbot):
    def page_of(name):
        page = explore(name).page("atlas", "map")
        qtbot.waitUntil(lambda: page.map.is_exact, timeout=20_000)
        return page

    return page_of


def charted(qtbot, page):
    return qtbot.waitSignal(page._explorer.charted, timeout=20_000)


def entries(menu):
    return {action.text(): action for action in menu.actions()}


def point(page, row):
    return page.map.pixel_of(*page._explorer.chart.places[row]).toPoint()


def empty_place(page):
    """A pixel in the plane far from pins and points."""
    view, plane = page.map, page.map.plane()
    for x in np.linspace(plane.left() + 12, plane.right() - 12, 17):
        for y in np.linspace(plane.top() + 30, plane.bottom() - 30, 17):
            at = QPointF(round(x), round(y))
            if view.nearest(at, 9.0) < 0 and not view._end_at(at):
                return at.toPoint()
    raise AssertionError("the map is full")


def drag(qtbot, view, corners, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.mousePress(view, LEFT, modifier, corners[0])
    for corner in corners[1:]:
        qtbot.mouseMove(view, corner)
    qtbot.mouseRelease(view, LEFT, modifier, corners[-1])


def wheel(view, at, steps):
    event = QWheelEvent(
        QPointF(at),
        view.mapToGlobal(QPointF(at)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


# Travelling


@pytest.mark.parametrize("name", MODELS)
def test_a_click_on_a_point_goes_to_its_code_and_a_click_beside_goes_there(page_of, name, qtbot):
    page = page_of(name)
    explorer, view = page._explorer, page.map
    row = next(r for r in range(40) if not view._end_at(QPointF(point(page, r))))
    qtbot.mouseClick(view, LEFT, pos=point(page, row))
    under = view.nearest(QPointF(point(page, row)))
    assert explorer.code == pytest.approx(explorer.chart.codes[under].astype(float))
    place = empty_place(page)
    wanted = view.data_at(QPointF(place))
    qtbot.mouseClick(view, LEFT, pos=place)
    assert explorer.place_of(explorer.code) == pytest.approx(wanted, abs=1e-6)
    assert view.cursor_at == pytest.approx(wanted, abs=1e-6)
    explorer.back()
    assert explorer.code == pytest.approx(explorer.chart.codes[under].astype(float))


def test_a_double_click_pins_the_place_and_p_pins_the_code(page_of, qtbot):
    page = page_of("vae")
    explorer, view = page._explorer, page.map
    place = empty_place(page)
    qtbot.mouseClick(view, LEFT, pos=place)
    qtbot.mouseDClick(view, LEFT, pos=place)
    assert [pin.name for pin in explorer.pins] == ["A", "B", "C"]
    assert np.array_equal(explorer.pins[2].code, explorer.code)
    qtbot.keyClick(view, Qt.Key.Key_P)
    assert len(explorer.pins) == 4
    assert set(view.ends) == {"A", "B", "C", "D"}


def test_a_pin_is_dragged_wherever_it_lies(page_of, qtbot):
    page = page_of("aegan")
    explorer, view = page._explorer, page.map
    explorer.add_pin(explorer.pins[0].code + (explorer.pins[1].code - explorer.pins[0].code) / 2)
    start = view.pixel_of(*view.ends["C"]).toPoint() - QPoint(0, 16)
    goal = view.plane().center().toPoint() + QPoint(40, 60)
    before = explorer.code.copy()
    drag(qtbot, view, [start, (start + goal) / 2, goal])
    assert explorer.place_of(explorer.pins[2].code) == pytest.approx(
        view.data_at(QPointF(goal)), abs=1e-6
    )
    assert np.array_equal(explorer.code, before)


def test_middle_button_and_space_pan_and_the_wheel_zooms_about_the_pointer(page_of, qtbot):
    page = page_of("vae")
    explorer, view = page._explorer, page.map
    code, before = explorer.code.copy(), view.view
    middle = view.plane().center().toPoint()
    qtbot.mousePress(view, MIDDLE, pos=middle)
    qtbot.mouseMove(view, middle + QPoint(25, 10))
    qtbot.mouseRelease(view, MIDDLE, pos=middle + QPoint(25, 10))
    assert view.view.x == pytest.approx(before.x - 25 / before.scale)
    qtbot.keyPress(view, Qt.Key.Key_Space)
    drag(qtbot, view, [middle, middle - QPoint(25, 10)])
    qtbot.keyRelease(view, Qt.Key.Key_Space)
    assert view.view.x == pytest.approx(before.x)
    at = middle + QPoint(30, -20)
    under = view.data_at(QPointF(at))
    wheel(view, at, 4)
    assert view.view.scale > 1.5 * before.scale
    assert view.data_at(QPointF(at)) == pytest.approx(under)
    qtbot.keyClick(view, Qt.Key.Key_F)
    assert view.view == before
    assert np.array_equal(explorer.code, code)


def test_the_menu_of_a_place_offers_what_can_be_done_there(page_of, qtbot, monkeypatch):
    page = page_of("vae")
    explorer, view = page._explorer, page.map
    asked = []
    monkeypatch.setattr(page_module, "pop_up", lambda menu, where: asked.append((menu, where)))
    at = point(page, 7)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at))
    QApplication.sendEvent(view, event)
    menu = entries(asked[0][0])
    row = view.nearest(QPointF(at))
    menu["Go here"].trigger()
    assert explorer.code == pytest.approx(explorer.chart.codes[row].astype(float))
    menu["Pin here"].trigger()
    assert len(explorer.pins) == 3
    menu["Copy code"].trigger()
    assert len(QGuiApplication.clipboard().text().split(", ")) == 2
    label = explorer.chart.labels[row]
    menu[f"Select all of {label}"].trigger()
    assert (explorer.chart.labels[explorer.selection.rows] == label).all()


# Planes


def test_planes_are_chosen_by_name_and_axes_one_by_one(page_of, qtbot):
    page = page_of("aegan")
    explorer = page._explorer
    assert page.plane_button.text() == "PCA 1, 2"
    with charted(qtbot, page):
        entries(page.menus.planes())["Values of the code"].trigger()
    assert page.plane_button.text() == "Values 1, 2"
    across, up = (a.menu() for a in page.menus.planes().actions() if a.menu() is not None)
    assert "Across" in across.title()
    assert "Up" in up.title()
    with charted(qtbot, page):
        across.actions()[6].trigger()
    assert explorer.chart.plane.indices == (6, 1)
    up = [a.menu() for a in page.menus.planes().actions() if a.menu() is not None][1]
    with charted(qtbot, page):
        up.actions()[6].trigger()
    assert explorer.chart.plane.indices == (1, 6)
    with charted(qtbot, page):
        entries(page.menus.planes())["Principal components"].trigger()
    assert explorer.chart.plane.indices == (1, 6)
    shares = [a.text() for a in across.actions()]
    assert len(shares) == 8


def test_a_plane_through_three_pins_shows_them_at_true_distances(page_of, qtbot):
    page = page_of("aegan")
    explorer = page._explorer
    off = [a for a in page.menus.planes().actions() if "pin three codes first" in a.text()]
    assert not off[0].isEnabled()
    explorer.add_pin(np.full(8, 0.7))
    with charted(qtbot, page):
        entries(page.menus.planes())["Through pins A B C"].trigger()
    codes = np.stack([pin.code for pin in explorer.pins])
    places = explorer.places_of(codes)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        away = np.linalg.norm(codes[one] - codes[other])
        assert np.linalg.norm(places[one] - places[other]) == pytest.approx(away)
    assert page.plane_button.text() == "Pins A B C"
    assert "towards C" in page.map._titles.up
    qtbot.mouseClick(page.map, LEFT, pos=empty_place(page))
    assert explorer.chart.plane.project(explorer.code) == pytest.approx(page.map.cursor_at)


def quick(page):
    page.layouts.bar.restore(Layout(perplexity=8, iterations=30))


@pytest.mark.parametrize("name", ["aegan", "gan"])
def test_tsne_lays_out_shows_its_way_and_runs_on(page_of, name, qtbot):
    page = page_of(name)
    explorer, bar = page._explorer, page.layouts.bar
    quick(page)
    with charted(qtbot, page):
        entries(page.menus.planes())["t-SNE"].trigger()
    assert bar.isVisible()
    qtbot.waitUntil(lambda: explorer.chart.plane.kind == "tsne", timeout=60_000)
    assert not bar.running
    assert page.plane_button.text() == "t-SNE"
    first = explorer.chart.places.copy()
    with charted(qtbot, page):
        qtbot.mouseClick(bar.run, LEFT)
    qtbot.waitUntil(lambda: not bar.running, timeout=60_000)
    assert not np.array_equal(explorer.chart.places, first)
    place = empty_place(page)
    qtbot.mouseClick(page.map, LEFT, pos=place)
    assert page.map.cursor_at == pytest.approx(page.map.data_at(QPointF(place)))
    free = next(r for r in range(40) if not page.map._end_at(QPointF(point(page, r))))
    row = page.map.nearest(QPointF(point(page, free)))
    qtbot.mouseClick(page.map, LEFT, pos=point(page, free))
    assert explorer.code == pytest.approx(explorer.chart.codes[row].astype(float))
    with charted(qtbot, page):
        entries(page.menus.planes())["Values of the code"].trigger()
    assert not bar.isVisible()


def test_tsne_is_stopped_and_keeps_what_it_has(page_of, qtbot):
    page = page_of("aegan")
    explorer, bar = page._explorer, page.layouts.bar
    bar.restore(Layout(perplexity=8, iterations=5000))
    with charted(qtbot, page):
        entries(page.menus.planes())["t-SNE"].trigger()
    places = page.map._places
    qtbot.waitUntil(lambda: page.map._places is not places, timeout=60_000)
    with charted(qtbot, page):
        qtbot.mouseClick(bar.run, LEFT)
    assert not bar.running
    assert explorer.chart.plane.kind == "tsne"


def test_umap_says_how_it_is_installed_where_it_is_not(page_of, monkeypatch):
    page = page_of("aegan")
    has_umap.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    row = next(a for a in page.menus.planes().actions() if a.text().startswith("UMAP"))
    monkeypatch.undo()
    has_umap.cache_clear()
    assert not row.isEnabled()
    assert "aegan-studio[umap]" in row.text()


# Colours and the key


@pytest.mark.parametrize("name", MODELS)
def test_points_are_coloured_by_all_that_applies(page_of, name, qtbot):
    page = page_of(name)
    offered = entries(page.menus.colours())
    assert ("Loss" in offered) == (page._explorer.chart.source == "encoded")
    pictures = []
    for label, action in offered.items():
        action.trigger()
        by = page.points.by
        if by in ("loss", "density"):
            qtbot.waitUntil(lambda by=by: by in page.points._values, timeout=30_000)
        qtbot.waitUntil(lambda: page.map.is_exact, timeout=20_000)
        assert page.colour_button.text() == label
        pictures.append(page.map.grab().toImage())
    assert all(a != b for i, a in enumerate(pictures) for b in pictures[:i])


def test_the_key_hides_classes_and_shows_one_alone(page_of, qtbot):
    page = page_of("vae")
    key, view = page.map.key, page.map
    labels = page._explorer.chart.labels
    spot = key.place_of(3).toPoint()
    qtbot.mouseClick(key, LEFT, pos=spot)
    assert not np.isin(3, labels[view.shown_rows])
    qtbot.mouseClick(key, LEFT, pos=spot)
    assert len(view.shown_rows) == len(labels)
    qtbot.mouseClick(key, LEFT, pos=spot)
    qtbot.mouseDClick(key, LEFT, pos=spot)
    assert set(labels[view.shown_rows]) == {3}
    key.setFocus()
    qtbot.keyClick(key, Qt.Key.Key_Escape)
    qtbot.keyClick(key, Qt.Key.Key_Down)
    qtbot.keyClick(key, Qt.Key.Key_Space)
    assert key.hidden == {4}
    qtbot.keyClick(key, Qt.Key.Key_Return)
    assert set(labels[view.shown_rows]) == {4}
    qtbot.keyClick(key, Qt.Key.Key_Return)
    assert not key.hidden


def test_held_out_items_are_told_apart_or_shown_alone(page_of, qtbot):
    page = page_of("vae")
    entries(page.menus.colours())["Held out"].trigger()
    key = page.map.key
    qtbot.mouseClick(key, LEFT, pos=key.place_of(0).toPoint())
    assert page._explorer.chart.held_out[page.map.shown_rows].all()
    entries(page.menus.views())["Training items alone"].trigger()
    assert len(page.map.shown_rows) == 0
    assert page.map.grab().isNull() is False


# Selecting


def test_a_box_selects_shift_adds_and_alt_takes_away(page_of, qtbot):
    page = page_of("vae")
    explorer, view = page._explorer, page.map
    code = explorer.code.copy()
    qtbot.mouseClick(page.tools["box"], LEFT)
    plane = view.plane().toRect()
    middle = plane.center()
    drag(qtbot, view, [plane.topLeft() + QPoint(2, 2), QPoint(middle.x(), plane.bottom() - 2)])
    places = explorer.chart.places
    left = view.data_at(QPointF(middle))[0]
    rows = explorer.selection.rows
    assert (places[rows, 0] <= left + 1e-9).all()
    assert len(rows) == (places[:, 0] <= left).sum()
    shift = Qt.KeyboardModifier.ShiftModifier
    corners = [QPoint(middle.x(), plane.top() + 2), plane.bottomRight() - QPoint(2, 2)]
    drag(qtbot, view, corners, shift)
    assert len(explorer.selection.rows) == len(places)
    drag(qtbot, view, corners, Qt.KeyboardModifier.AltModifier)
    assert np.array_equal(explorer.selection.rows, rows)
    assert page.picks.bar.isVisible()
    assert np.array_equal(explorer.code, code)


def test_a_lasso_takes_what_lies_within_it(page_of, qtbot):
    page = page_of("vae")
    explorer, view = page._explorer, page.map
    page.use_tool("lasso")
    centre, reach = view.plane().center(), 70
    angles = np.linspace(0, 2 * np.pi, 60)
    circle = [(centre + QPointF(reach * np.cos(a), reach * np.sin(a))).toPoint() for a in angles]
    drag(qtbot, view, circle)
    at = view.view.to_pixels(view.plane(), explorer.chart.places)
    away = np.hypot(at[:, 0] - centre.x(), at[:, 1] - centre.y())
    rows = explorer.selection.rows
    assert set(np.flatnonzero(away < reach - 2)) <= set(rows.tolist())
    assert (away[rows] < reach + 2).all()
    page.use_tool("travel")
    drag(qtbot, view, [centre.toPoint(), centre.toPoint() + QPoint(20, 0)])
    assert np.array_equal(explorer.selection.rows, rows)


def test_the_selection_is_isolated_seen_large_and_given_up(page_of, qtbot):
    page = page_of("aegan")
    explorer, view, bar = page._explorer, page.map, page.picks.bar
    explorer.selection.set([3, 5, 8, 13])
    assert len(view.shown_rows) == len(explorer.chart.codes)
    qtbot.mouseClick(bar.isolate, LEFT)
    assert view.shown_rows.tolist() == [3, 5, 8, 13]
    before = view.view.scale
    qtbot.mouseClick(bar.look, LEFT)
    assert view.view.scale > before
    qtbot.mouseClick(bar.close_button, LEFT)
    assert len(explorer.selection) == 0
    assert len(view.shown_rows) == len(explorer.chart.codes)
    assert not bar.isVisible()


def test_items_are_found_by_class_and_by_number(page_of, qtbot):
    page = page_of("vae")
    explorer, bar = page._explorer, page.picks.bar
    commands = {action.text(): action for action in page.commands()}
    commands["Map: find items"].trigger()
    qtbot.keyClicks(bar.search, "7")
    chart = explorer.chart
    assert np.array_equal(explorer.selection.rows, np.flatnonzero(chart.labels == 7))
    assert "selected" in bar.told.text()
    bar.search.clear()
    qtbot.keyClicks(bar.search, "20-22, 2")
    rows = explorer.selection.rows
    assert set(chart.numbers[rows]) >= {20, 21, 22}
    assert (chart.labels == 2).sum() <= len(rows) <= (chart.labels == 2).sum() + 3
    bar.search.clear()
    qtbot.keyClicks(bar.search, "nonsense")
    assert len(explorer.selection) == 0
    assert bar.told.text() == "nothing found"
    qtbot.keyClick(bar.search, Qt.Key.Key_Escape)  # empties the field
    qtbot.keyClick(bar.search, Qt.Key.Key_Escape)
    assert not bar.isVisible()


@pytest.mark.parametrize("name", ["aegan", "gan", "points"])
def test_neighbours_are_listed_ringed_gone_to_and_selected(page_of, name, qtbot):
    page = page_of(name)
    explorer, strip = page._explorer, page.picks.strip
    page.picks.find_neighbours(explorer.chart.codes[11].astype(float))
    qtbot.waitUntil(lambda: strip.found is not None, timeout=20_000)
    assert strip.found.rows[0] == 11
    assert len(page.map._rings) == strip.strip.count == 12
    with qtbot.waitSignal(explorer.code_changed):
        _, rect = strip.strip.places()[1]
        qtbot.mouseClick(strip.strip, LEFT, pos=rect.center().toPoint())
    second = explorer.chart.codes[strip.found.rows[1]]
    assert explorer.code == pytest.approx(second.astype(float))
    qtbot.mouseClick(strip.distance, LEFT, pos=strip.distance.segment_centre("cosine"))
    qtbot.waitUntil(lambda: strip.found.metric == "cosine", timeout=20_000)
    strip.count.value_changed.emit(12)
    qtbot.mouseClick(strip.select, LEFT)
    assert set(explorer.selection.rows) == set(strip.found.rows)
    qtbot.mouseClick(strip.close_button, LEFT)
    assert not strip.isVisible()
    assert len(page.map._rings) == 0


# Behind and upon the points


@pytest.mark.parametrize("name", ["vae", "aegan", "gan", "vq-vae"])
def test_the_ground_is_decoded_for_all_of_the_view_and_kept_while_panning(page_of, name, qtbot):
    page = page_of(name)
    view, ground = page.map, page.map.ground

    def complete():
        bounds = view.view.bounds(view.plane())
        return ground.is_complete(view.view, bounds, view.devicePixelRatioF())

    qtbot.waitUntil(complete, timeout=20_000)
    known = len(ground)
    view.set_view(view.view.panned(120, 0))
    qtbot.waitUntil(complete, timeout=20_000)
    grown = len(ground)
    assert known < grown < 2 * known
    view.set_view(view.view.panned(-120, 0))
    assert complete()
    view.set_view(view.view.zoomed(view.plane(), view.plane().center(), 4.0))
    assert not complete()
    qtbot.waitUntil(complete, timeout=20_000)
    qtbot.waitUntil(lambda: not page._explorer.is_busy(DecodeTiles))


def test_tiles_show_what_their_places_decode_to(page_of, qtbot):
    page = page_of("vae")
    view, ground = page.map, page.map.ground
    bounds = view.view.bounds(view.plane())
    qtbot.waitUntil(lambda: ground.is_complete(view.view, bounds, 1.0), timeout=20_000)
    level = ground.level(view.view, 1.0)
    cell = ground.cells(level, bounds)[0]
    place = ground.centres(cell[None])[0]
    with qtbot.waitSignal(page._explorer.picture_changed, timeout=10_000):
        page._explorer.move(place)
    tile = ground._tiles[ground.key, tuple(cell.tolist())]
    off = tile.item.astype(int) - page._explorer.picture.item
    assert np.abs(off).max() <= 1


def test_another_code_off_the_plane_decodes_another_ground(page_of, qtbot):
    page = page_of("aegan")
    explorer, ground = page._explorer, page.map.ground
    key = ground.key
    qtbot.mouseClick(page.map, LEFT, pos=page.map.plane().center().toPoint() + QPoint(50, 50))
    qtbot.waitUntil(lambda: not page.feed._code_rests.isActive(), timeout=5000)
    along = explorer.chart.plane.unproject([0.3, 0.2], explorer.code)
    explorer.move(along)
    qtbot.waitUntil(lambda: not page.feed._code_rests.isActive(), timeout=5000)
    after = ground.key
    explorer.move(explorer.code + 0.5)
    qtbot.waitUntil(lambda: ground.key != after, timeout=5000)
    assert key != ground.key


def test_the_ground_is_made_stronger_or_left_out(page_of, qtbot):
    page = page_of("vae")
    view = page.map
    bounds = view.view.bounds(view.plane())
    qtbot.waitUntil(lambda: view.ground.is_complete(view.view, bounds, 1.0), timeout=20_000)
    pictures: list[QImage] = []
    for label in ("No", "Faint", "Clear", "Full"):
        entries(page.menus.views())[f"{label} decoded background"].trigger()
        pictures.append(view.grab().toImage())
    assert all(a != b for i, a in enumerate(pictures) for b in pictures[:i])


def test_near_items_show_their_pictures_and_far_ones_do_not(page_of, qtbot):
    page = page_of("vae")
    view = page.map
    assert len(view.thumb_rows()) == 0
    row = 20
    x, y = page._explorer.chart.places[row]
    view.set_view(type(view.view)(float(x), float(y), view.view.scale * 14))
    rows = view.thumb_rows()
    assert 0 < len(rows) <= 90
    qtbot.waitUntil(lambda: len(view.thumbs.missing(rows)) == 0, timeout=10_000)
    wide, tall = view.thumbs.size(1.0)
    at = view.view.to_pixels(view.plane(), page._explorer.chart.places[rows])
    gaps = np.abs(at[:, None] - at[None])
    apart = (gaps[..., 0] >= wide) | (gaps[..., 1] >= tall)
    assert apart[~np.eye(len(rows), dtype=bool)].all()
    entries(page.menus.views())["Pictures of items where there is room"].trigger()
    assert len(view.thumb_rows()) == 0


def test_points_bend_a_mesh_and_have_no_tiles(page_of, qtbot):
    page = page_of("points")
    assert page._explorer.sheet_rect is not None
    assert len(page.map.ground) == 0
    assert "No decoded background" not in entries(page.menus.views())


# The whole


def test_a_given_picture_is_marked(page_of):
    page = page_of("vae")
    page._explorer.show_mark([0.2, 0.3])
    assert page.map._mark == pytest.approx((0.2, 0.3))
    page._explorer.show_mark(None)
    assert page.map._mark is None


def test_how_the_map_looks_is_remembered(page_of, session, qtbot):
    page = page_of("aegan")
    entries(page.menus.colours())["Order"].trigger()
    page.map.set_strength("clear")
    page.map.set_thumbs_on(False)
    page.layouts.bar.restore(Layout(perplexity=12.0, seed=4))
    with charted(qtbot, page):
        page.set_plane(PlaneChoice("values", (3, 5)))
    other = ExploreWorkspace(None, session)
    fresh = other.page("atlas", "map")
    fresh.restore(page.state())
    assert fresh.state() == page.state()
    fresh.restore({"by": 3, "plane": ["values", -1, 2], "layout": "x", "strength": None})
    assert fresh.state() == page.state()
    other.close()
    other.deleteLater()


def test_a_new_run_begins_with_an_empty_map(page_of, session, qtbot):
    page = page_of("vae")
    page._explorer.selection.set([1, 2])
    session.run_opened.emit(session)
    assert len(page.map.ground) == 0
    assert not page.picks.bar.isVisible()
    assert not page._explorer.is_busy(Complete)
    assert page.plane_button.isEnabled() is False


@pytest.mark.parametrize("size", [(1280, 724), (1024, 604)])
def test_no_control_is_cut_off(page_of, size, qtbot):
    page = page_of("aegan")
    workspace = page.window()
    workspace.resize(*size)
    quick(page)
    entries(page.menus.planes())["t-SNE"].trigger()
    qtbot.waitUntil(lambda: page._explorer.chart.plane.kind == "tsne", timeout=60_000)
    page.picks.open_search()
    page.picks.find_neighbours(page._explorer.code)
    qtbot.waitUntil(lambda: page.picks.strip.found is not None, timeout=20_000)
    QApplication.processEvents()
    bars = [page.layouts.bar, page.picks.bar, page.picks.strip]
    shown = [w for bar in bars for w in bar.findChildren(type(page.fit)) if w.isVisible()]
    for widget in (*shown, page.layouts.bar.run, *page.header):
        assert widget.width() >= widget.minimumSizeHint().width() - 1
        corner = widget.mapTo(workspace, widget.rect().bottomRight())
        panel = workspace.places["atlas"]
        right = panel.mapTo(workspace, panel.rect().bottomRight())
        assert corner.x() <= right.x()
        assert corner.y() <= right.y()


def test_a_training_ends_what_would_keep_the_map_from_following(page_of, qtbot):
    page = page_of("vae")
    explorer = page._explorer
    explorer.ask(Complete(PlaneChoice()))
    with qtbot.waitSignal(explorer.training_changed):
        explorer.set_training(True)
    assert not explorer.is_busy(Complete)
    explorer.set_training(False)


def test_the_map_is_copied_as_it_is_seen(page_of):
    page = page_of("vae")
    entries(page.menus.views())["Copy picture"].trigger()
    image = QGuiApplication.clipboard().image()
    assert image.size() == page.map.size() * page.map.devicePixelRatioF()
