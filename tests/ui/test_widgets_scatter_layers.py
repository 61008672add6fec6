"""A map of very many points: exact at rest, at hand at once while it moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from aegan_studio.ui.widgets.scatter import ScatterMap
from aegan_studio.ui.widgets.scatter_cloud import Tints
from aegan_studio.ui.widgets.scatter_grid import PointGrid
from aegan_studio.ui.widgets.scatter_layers import AT_ONCE, DotLayer, Look, Sight
from aegan_studio.ui.widgets.scatter_raster import Dots, painting, pixels_of
from aegan_studio.ui.widgets.scatter_view import MapView

PLANE = QRectF(0, 0, 160, 120)
LOOK = Look(("#FF0000", "#00FF00", "#0000FF"), 2.3, False, (0, 0, 0), 0.5)


def cloud(count, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, 2)), np.arange(count) % 3


def painted(layer, view, *, look=LOOK, live=True, ratio=1.0):
    image = QImage(160 * int(ratio), 120 * int(ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    exact = layer.paint(painter, PLANE, view, ratio, look, live)
    painter.end()
    return exact, image


def nearly_equal(one, other):
    """Up to what single precision leaves open at the edge of a dot."""
    first, second = (
        np.frombuffer(image.constBits(), np.uint8).astype(int) for image in (one, other)
    )
    off = np.abs(first - second)
    return (off > 6).mean() < 5e-4


def refined(layer, view, ratio=1.0):
    while not layer.refine(view, PLANE, ratio):
        pass


def test_a_moved_picture_is_exactly_the_one_drawn_anew(qapp):
    xy, index = cloud(3000)
    layer = DotLayer(xy, index)
    view = MapView(0.1, -0.2, 37.0)
    assert painted(layer, view)[0]
    rng = np.random.default_rng(1)
    for _ in range(12):
        view = view.panned(*rng.integers(-30, 31, 2).tolist())
        exact, image = painted(layer, view)
        assert exact
        assert nearly_equal(image, painted(DotLayer(xy, index), view, live=False)[1])


def test_a_picture_that_takes_long_is_shown_scaled_first_and_exact_at_rest(qapp):
    xy, index = cloud(40_000)
    layer = DotLayer(xy, index)
    view = MapView(0.0, 0.0, 20.0)
    assert not painted(layer, view)[0]
    refined(layer, view)
    assert painted(layer, view)[0]
    near = MapView(0.1, 0.0, 26.0)
    exact, image = painted(layer, near)
    wanted = painted(DotLayer(xy, index), near, live=False)[1]
    assert not exact
    assert image != wanted
    assert image.pixelColor(80, 60).alpha() > 0
    refined(layer, near)
    assert painted(layer, near) == (True, wanted)


def test_zooming_out_shows_an_older_picture_around_the_last(qapp):
    xy, index = cloud(60_000)
    layer = DotLayer(xy, index)
    far, near = MapView(0.0, 0.0, 20.0), MapView(0.0, 0.0, 80.0)
    for view in (far, near):
        painted(layer, view)
        refined(layer, view)
    exact, image = painted(layer, MapView(0.0, 0.0, 24.0))
    assert not exact
    assert image.pixelColor(40, 60).alpha() > 0


def test_a_kept_picture_is_exact_at_once(qapp):
    xy, index = cloud(40_000)
    layer, view = DotLayer(xy, index), MapView(0.0, 0.0, 20.0)
    exact, image = painted(layer, view, live=False, ratio=2.0)
    assert exact
    assert image.pixelColor(160, 120).alpha() > 0


def test_moving_gives_up_the_picture_that_was_being_made(qapp):
    xy, index = cloud(60_000)
    layer = DotLayer(xy, index)
    first, other = MapView(0.0, 0.0, 20.0), MapView(5.0, 0.0, 20.0)
    painted(layer, first)
    layer.refine(first, PLANE, 1.0)
    painted(layer, other)
    refined(layer, other)
    assert painted(layer, other)[1] == painted(DotLayer(xy, index), other, live=False)[1]


def test_a_new_look_is_drawn_anew_while_the_old_picture_stays(qapp):
    xy, index = cloud(60_000)
    layer, view = DotLayer(xy, index), MapView(0.0, 0.0, 20.0)
    painted(layer, view)
    refined(layer, view)
    before = painted(layer, view)[1]
    other = Look(("#FFFFFF",), 1.0, True, (0, 0, 0), 0.0)
    exact, image = painted(layer, view, look=other)
    assert not exact
    assert image == before
    refined(layer, view)
    assert painted(layer, view, look=other)[1] != before


def test_only_the_chosen_rows_are_drawn(qapp):
    xy = np.array([[0.0, 0.0], [1.0, 0.0]])
    layer = DotLayer(xy, None, np.array([1]))
    image = painted(layer, MapView(0.0, 0.0, 40.0))[1]
    assert image.pixelColor(80, 60).alpha() == 0
    assert image.pixelColor(120, 60).alpha() == 255


def test_a_layer_takes_over_the_picture_of_the_one_before(qapp):
    xy, index = cloud(60_000)
    older, view = DotLayer(xy, index), MapView(0.0, 0.0, 20.0)
    painted(older, view)
    refined(older, view)
    newer = DotLayer(xy + 0.01, index)
    newer.take_over(older)
    exact, image = painted(newer, view)
    assert not exact
    assert image == painted(older, view)[1]


def test_no_piece_of_the_work_is_long(qapp):
    xy, index = cloud(100_000)
    at = Sight.of(MapView(0, 0, 60.0), QRectF(0, 0, 600, 560), 2.0).to_device(xy)
    palette = np.zeros((3, 3), np.float32)
    dots = Dots(at, index, palette, 2.4, False, palette[0], 0.5)
    assert sum(1 for _ in painting(dots, 1200, 1120)) > 40
    assert pixels_of(dots, 1200, 1120).shape == (1120, 1200)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 500), st.floats(-3, 3), st.floats(-3, 3), st.floats(0.01, 4))
def test_cells_hold_what_lies_in_a_rectangle(seed, x, y, side):
    xy = np.random.default_rng(seed).standard_t(1.5, size=(700, 2))
    grid = PointGrid(xy)
    wanted = np.flatnonzero(
        (xy[:, 0] >= x) & (xy[:, 0] <= x + side) & (xy[:, 1] >= y) & (xy[:, 1] <= y + side)
    )
    found = grid.within(x, x + side, y, y + side)
    assert set(wanted) <= set(found.tolist())
    assert (np.diff(found) > 0).all()
    assert np.array_equal(grid.inside(x, x + side, y, y + side), wanted)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 500), st.floats(-3, 3), st.floats(-3, 3), st.floats(0.001, 1))
def test_the_nearest_point_is_the_nearest_of_all(seed, x, y, reach):
    xy = np.random.default_rng(seed).normal(size=(500, 2))
    away = np.hypot(*(xy - (x, y)).T)
    wanted = int(away.argmin()) if away.min() <= reach else -1
    assert PointGrid(xy).nearest(x, y, reach) == wanted


def test_points_that_are_nowhere_are_left_out():
    xy = np.array([[0.0, 0.0], [np.nan, 1.0], [1.0, np.inf], [1.0, 1.0]])
    assert PointGrid(xy).rows.tolist() == [0, 3]
    assert PointGrid(xy[:0]).within(0, 1, 0, 1).tolist() == []


# The widget


@pytest.fixture
def many(qtbot):
    plane = ScatterMap(classes=["a", "b", "c"], radius=2.0)
    qtbot.addWidget(plane)
    plane.resize(400, 360)
    xy, index = cloud(100_000)
    plane.set_points(xy, index)
    with qtbot.waitExposed(plane):
        plane.show()
    qtbot.waitUntil(lambda: plane.is_exact, timeout=30_000)
    return plane


def test_a_dragged_map_is_exact_when_it_rests(many, qtbot):
    middle = many.plane().center().toPoint()
    qtbot.mousePress(many, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(many, middle + QPoint(7, 3))
    qtbot.mouseRelease(many, Qt.MouseButton.LeftButton, pos=middle + QPoint(7, 3))
    many.set_view(many.view.zoomed(many.plane(), QPointF(middle), 1.4))
    many.repaint()
    assert not many.is_exact
    qtbot.waitUntil(lambda: many.is_exact, timeout=30_000)
    many.repaint()
    assert many.is_exact


def test_a_grabbed_map_is_exact_whatever_moves(many):
    many.set_view(many.view.zoomed(many.plane(), many.plane().center(), 1.2))
    first = many.grab().toImage()
    assert first == many.grab().toImage()


def test_tints_colour_points_whatever_their_class(qtbot):
    plane = ScatterMap(classes=["a"], legend=False)
    qtbot.addWidget(plane)
    plane.resize(200, 200)
    xy = np.array([[0.0, 0.0], [1.0, 1.0]])
    tints = Tints(np.array([0, 1]), ("#FF0000", "#00FF00"))
    plane.set_points(xy, np.array([0, 0]), tints=tints)
    image = plane.grab().toImage()
    at = plane.pixel_of(1.0, 1.0).toPoint()
    assert image.pixelColor(at).green() > 200
    plane.set_points(xy, tints=tints, rows=np.array([0]))
    assert image.pixelColor(at) != plane.grab().toImage().pixelColor(at)
    plane.remove_points("points")
    assert not plane.grab().isNull()


def test_few_dots_need_no_second_frame(qtbot):
    assert AT_ONCE > 2000 * 3.2 * 2.5**2
    plane = ScatterMap()
    qtbot.addWidget(plane)
    plane.resize(300, 300)
    plane.set_points(cloud(1000)[0])
    with qtbot.waitExposed(plane):
        plane.show()
    plane.set_view(plane.view.zoomed(plane.plane(), plane.plane().center(), 1.3))
    plane.repaint()
    assert plane.is_exact
