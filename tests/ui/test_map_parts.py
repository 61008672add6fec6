"""The parts of the map alone: its key, its colours, its tiles, its areas, its search."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from aegan_studio.ui.panels.explore.map import tiles as map_tiles
from aegan_studio.ui.panels.explore.map.area import Area, joined
from aegan_studio.ui.panels.explore.map.ground import GroundPicture
from aegan_studio.ui.panels.explore.map.layout import LayoutBar
from aegan_studio.ui.panels.explore.map.selection import rows_found
from aegan_studio.ui.panels.explore.map.thumbs import MOST, Thumbs
from aegan_studio.ui.panels.explore.map.tiles import COARSER, FIRST, LEAST, Ground
from aegan_studio.ui.theme import DARK, LIGHT
from aegan_studio.ui.widgets.scatter_grid import PointGrid
from aegan_studio.ui.widgets.scatter_key import Entry, MapKey, Scale
from aegan_studio.ui.widgets.scatter_ramps import STEPS, oklab, ramp
from aegan_studio.ui.widgets.scatter_view import MapView

PLANE = QRectF(0, 0, 300, 240)


# Colours


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_ramp_gets_steadily_stronger_even_without_telling_red_from_green(theme):
    shades = ramp(theme)
    assert len(set(shades)) == STEPS
    lab = np.stack([oklab(color) for color in shades])
    steps = np.diff(lab[:, 0])
    assert (steps < 0).all() if not theme.dark else (steps > 0).all()
    assert np.abs(steps).max() < 2.0 * np.abs(steps).min()
    seen = lab[:, [0, 2]]  # what is left to one who does not see green against red
    assert np.linalg.norm(np.diff(seen, axis=0), axis=1).min() > 0.005
    ground = oklab(theme.sunken if theme.dark else theme.surface)[0]
    assert np.abs(lab[:, 0] - ground).min() > 0.14


def test_white_and_black_have_the_lightness_they_should():
    assert oklab("#FFFFFF") == pytest.approx([1.0, 0.0, 0.0], abs=1e-4)
    assert oklab("#000000") == pytest.approx([0.0, 0.0, 0.0], abs=1e-6)


# The key


@pytest.fixture
def key(qtbot):
    key = MapKey()
    qtbot.addWidget(key)
    key.resize(90, 200)
    with qtbot.waitExposed(key):
        key.show()
    return key


def test_more_classes_than_fit_scroll_by_wheel_and_keys(key, qtbot):
    key.show_classes([Entry(k, f"class {k}", "#FF0000") for k in range(40)])
    assert key.room > 40
    key.setFocus()
    for _ in range(30):
        qtbot.keyClick(key, Qt.Key.Key_Down)
    qtbot.keyClick(key, Qt.Key.Key_Space)
    assert key.hidden == {30}
    assert 0 < key.place_of(30).y() < key.height()


def test_hidden_classes_that_are_gone_are_forgotten(key):
    key.show_classes([Entry(0, "a", "#FF0000"), Entry(1, "b", "#00FF00")])
    key.set_hidden(frozenset({1}))
    key.show_classes([Entry(0, "a", "#FF0000")])
    assert key.hidden == frozenset()


def test_a_scale_has_ticks_within_its_ends_and_takes_no_clicks(key, qtbot):
    key.show_scale(Scale("Loss", 0.013, 0.041, ramp(LIGHT)))
    ticks = [value for value, _ in key._ticks(key._scale)]
    assert len(ticks) >= 2
    assert all(0.013 <= value <= 0.041 for value in ticks)
    qtbot.mouseClick(key, Qt.MouseButton.LeftButton, pos=QPoint(10, 60))
    assert not key.hidden
    assert not key.grab().isNull()
    key.show_scale(Scale("Loss", 1.0, 1.0, ramp(LIGHT)))
    assert key._ticks(key._scale) == []


# Tiles


@given(
    st.floats(-50, 50),
    st.floats(-50, 50),
    st.floats(1e-3, 1e5),
    st.sampled_from([(8, 8), (64, 64)]),
)
def test_cells_cover_the_view_and_are_large_enough(x, y, scale, native):
    ground, view = Ground(), MapView(x, y, scale)
    ground.expect(*native)
    level = ground.level(view, 1.0)
    side = 2.0**level * scale
    assert LEAST <= side < 2.0 * max(LEAST, 64 + 6) + 1e-6
    bounds = view.bounds(PLANE)
    cells = ground.cells(level, bounds)
    low, high = cells[:, 1:].min(axis=0) * 2.0**level, (cells[:, 1:].max(axis=0) + 1) * 2.0**level
    assert (low <= (bounds[0], bounds[2])).all()
    assert (high >= (bounds[1], bounds[3])).all()
    centres = ground.centres(cells)
    away = np.linalg.norm(centres - (x, y), axis=1)
    assert away[0] == pytest.approx(away.min())


def filled(ground, key, cells, shade=128):
    ground.add(key, cells, np.full((len(cells), 8, 8), shade, np.uint8), LIGHT)


def test_coarse_tiles_come_first_and_are_asked_for_only_where_nothing_is():
    ground, view = Ground(), MapView(0.0, 0.0, 50.0)
    ground.expect(8, 8)
    ground.set_key("a", akin=False)
    bounds, level = view.bounds(PLANE), ground.level(view, 1.0)
    cells = ground.missing(view, bounds, 1.0)
    coarse = cells[cells[:, 0] == level + FIRST]
    assert len(coarse)
    assert (cells[: len(coarse), 0] == level + FIRST).all()
    filled(ground, "a", coarse)
    assert ground.has_any(view, bounds, 1.0)
    assert not ground.is_complete(view, bounds, 1.0)
    fine = ground.missing(view, bounds, 1.0)
    assert (fine[:, 0] == level).all()
    filled(ground, "a", fine)
    assert ground.is_complete(view, bounds, 1.0)
    assert len(ground.missing(view, bounds, 1.0)) == 0
    near = view.zoomed(PLANE, PLANE.center(), 2.0**COARSER)
    assert (ground.missing(near, near.bounds(PLANE), 1.0)[:, 0] == level - COARSER).all()


def test_tiles_of_the_key_before_stand_in_only_where_they_are_akin():
    view = MapView(0.0, 0.0, 50.0)
    for akin in (True, False):
        ground = Ground()
        ground.expect(8, 8)
        ground.set_key("a", akin=False)
        filled(ground, "a", ground.cells(ground.level(view, 1.0), view.bounds(PLANE)))
        ground.set_key("b", akin=akin)
        assert len(ground.missing(view, view.bounds(PLANE), 1.0))
        assert (_drawn(ground, view) != _drawn(Ground(), view)) == akin


def _drawn(ground, view):
    image = QImage(300, 240, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    ground.paint(painter, PLANE, view, LIGHT, 1.0)
    painter.end()
    return image


def test_the_oldest_tiles_make_room(monkeypatch):
    monkeypatch.setattr(map_tiles, "BYTES", 20 * 8 * 8 * 4)
    ground = Ground()
    cells = np.stack([np.zeros(50), np.arange(50), np.zeros(50)], axis=1).astype(np.int64)
    filled(ground, "a", cells)
    assert len(ground) == 20


def picture(ground_picture, view, *, moving=False, live=True):
    image = QImage(300, 240, QImage.Format.Format_RGB32)
    image.fill(LIGHT.color("surface"))
    painter = QPainter(image)
    done = ground_picture.paint(painter, PLANE, view, LIGHT, 1.0, 0.5, moving=moving, live=live)
    painter.end()
    return done, image


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(-90, 90), st.integers(-90, 90)), min_size=1, max_size=6))
def test_a_scrolled_ground_is_the_one_drawn_anew(moves):
    ground, view = Ground(), MapView(0.0, 0.0, 64.0)
    ground.expect(8, 8)
    ground.set_key("a", akin=False)
    rng = np.random.default_rng(0)
    cells = ground.cells(ground.level(view, 1.0), (-12.0, 12.0, -12.0, 12.0))
    monkey = rng.integers(0, 256, (len(cells), 8, 8), dtype=np.uint8)
    ground.add("a", cells, monkey, LIGHT)
    scrolled = GroundPicture(ground)
    picture(scrolled, view)
    for dx, dy in moves:
        view = view.panned(dx, dy)
        done, image = picture(scrolled, view, moving=True)
        assert done
        assert image == picture(GroundPicture(ground), view)[1]


def test_a_zoomed_ground_is_scaled_at_once_and_drawn_at_rest():
    ground, view = Ground(), MapView(0.0, 0.0, 64.0)
    ground.expect(8, 8)
    ground.set_key("a", akin=False)
    filled(ground, "a", ground.cells(ground.level(view, 1.0), view.bounds(PLANE)))
    drawn = GroundPicture(ground)
    picture(drawn, view)
    near = view.zoomed(PLANE, PLANE.center(), 1.3)
    done, scaled = picture(drawn, near, moving=True)
    assert not done
    done, exact = picture(drawn, near)
    assert done
    assert exact == picture(GroundPicture(ground), near)[1] != scaled


def test_tiles_that_come_are_laid_into_the_picture():
    ground, view = Ground(), MapView(0.0, 0.0, 64.0)
    ground.expect(8, 8)
    ground.set_key("a", akin=False)
    drawn = GroundPicture(ground)
    picture(drawn, view)
    cells = ground.cells(ground.level(view, 1.0), view.bounds(PLANE))
    for part in np.array_split(cells, 4):
        filled(ground, "a", part, 200)
        drawn.lay(PLANE, LIGHT, part)
    assert picture(drawn, view)[1] == picture(GroundPicture(ground), view)[1]
    coarse = ground.cells(ground.level(view, 1.0) + 1, view.bounds(PLANE))
    filled(ground, "a", coarse, 20)
    drawn.lay(PLANE, LIGHT, coarse)
    assert picture(drawn, view)[1] == picture(GroundPicture(ground), view)[1]


# Pictures of items


def test_pictures_do_not_overlap_and_stay_while_the_view_moves():
    rng = np.random.default_rng(0)
    places = rng.normal(size=(300, 2))
    grid, thumbs = PointGrid(places), Thumbs()
    thumbs.expect(8, 8)
    view = MapView(0.0, 0.0, 260.0)
    rows = thumbs.chosen(grid, places, PLANE, view, 1.0)
    assert 0 < len(rows) <= MOST
    moved = thumbs.chosen(grid, places, PLANE, view.panned(6, 4), 1.0)
    assert len(np.intersect1d(rows, moved)) > 0.6 * len(rows)
    wide, tall = thumbs.size(1.0)
    gaps = np.abs(places[rows][:, None] - places[rows][None]) * view.scale
    apart = (gaps[..., 0] >= wide) | (gaps[..., 1] >= tall)
    assert apart[~np.eye(len(rows), dtype=bool)].all()


def test_a_crowd_has_no_pictures():
    places = np.random.default_rng(0).normal(size=(300, 2))
    thumbs = Thumbs()
    thumbs.expect(8, 8)
    assert len(thumbs.chosen(PointGrid(places), places, PLANE, MapView(0, 0, 20.0), 1.0)) == 0


@pytest.mark.parametrize(("native", "side"), [((8, 8), 40), ((28, 28), 28), ((64, 64), 32)])
def test_pictures_are_shown_at_whole_factors(native, side):
    thumbs = Thumbs()
    thumbs.expect(*native)
    assert thumbs.size(1.0) == (side, side)


# Areas and search


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 99), st.floats(20, 110), st.floats(0, 6))
def test_a_lasso_is_a_polygon_to_half_a_pixel(seed, reach, turn):
    rng = np.random.default_rng(seed)
    places, view = rng.normal(size=(400, 2)), MapView(0.0, 0.0, 80.0)
    corners = [
        PLANE.center() + QPointF(reach * np.cos(turn + a), reach * np.sin(turn + a))
        for a in (0.0, 1.5, 2.4, 4.0, 5.1)
    ]
    area = Area("lasso", corners[0])
    for corner in corners[1:]:
        area.reach(corner)
    rows = area.rows(PointGrid(places), places, PLANE, view)
    path = area.path
    at = view.to_pixels(PLANE, places)
    for row, (x, y) in enumerate(at.tolist()):
        around = [QPointF(x + dx, y + dy) for dx in (-0.8, 0.8) for dy in (-0.8, 0.8)]
        if all(path.contains(corner) and PLANE.contains(corner) for corner in around):
            assert row in rows
        if not any(path.contains(corner) for corner in around):
            assert row not in rows


def test_selections_join():
    before, found = np.array([1, 2, 5]), np.array([2, 3])
    assert joined(before, found, "set").tolist() == [2, 3]
    assert joined(before, found, "add").tolist() == [1, 2, 3, 5]
    assert joined(before, found, "remove").tolist() == [1, 5]


def test_a_search_means_classes_by_name_and_items_by_number():
    chart = SimpleNamespace(
        codes=np.zeros((6, 2)),
        labels=np.array([0, 0, 1, 1, 2, 2]),
        numbers=np.array([10, 11, 12, 40, 41, 99]),
    )
    names = ["upper", "lower", "7"]
    assert rows_found("low", names, chart).tolist() == [2, 3]
    assert rows_found("7", names, chart).tolist() == [4, 5]
    assert rows_found("12, 99", names, chart).tolist() == [2, 5]
    assert rows_found("11–40，upper", names, chart).tolist() == [0, 1, 2, 3]
    assert rows_found(" , nothing", names, chart).tolist() == []


def test_the_line_of_a_layout_asks_for_what_it_shows(qtbot):
    bar = LayoutBar()
    qtbot.addWidget(bar)
    bar.show()
    asked = []
    bar.asked.connect(asked.append)
    bar.perplexity.set_value(12)
    qtbot.mouseClick(bar.run, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(bar.shake, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(bar.anew, Qt.MouseButton.LeftButton)
    assert [(r.layout.perplexity, r.anew, r.shake > 0) for r in asked] == [
        (12, False, False),
        (12, False, True),
        (12, True, False),
    ]
    bar.show_kind("umap")
    assert not bar.shake.isVisible()
    qtbot.mouseClick(bar.run, Qt.MouseButton.LeftButton)
    assert (asked[-1].layout.kind, asked[-1].anew) == ("umap", True)
    stopped = []
    bar.stopped.connect(lambda: stopped.append(True))
    bar.begin()
    qtbot.mouseClick(bar.run, Qt.MouseButton.LeftButton)
    assert stopped
    assert not bar.anew.isEnabled()
