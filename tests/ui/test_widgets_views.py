"""Pictures, plots, maps and formulas: what they show is exact."""

import csv
import gc
import weakref
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QToolTip

from aegan_studio.ui.theme import DARK, LIGHT, ThemeManager
from aegan_studio.ui.widgets.formula import FormulaLabel, formula_box
from aegan_studio.ui.widgets.formula_parser import parse, plain_text
from aegan_studio.ui.widgets.image_grid import ImageGrid
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.pictures import PictureView, as_pictures, picture_image
from aegan_studio.ui.widgets.plot_axes import linear_ticks, log_ticks, spread, tick_texts
from aegan_studio.ui.widgets.plot_data import Average, Series
from aegan_studio.ui.widgets.plots import LossPlot, Mark
from aegan_studio.ui.widgets.scatter import ScatterMap
from aegan_studio.ui.widgets.scatter_raster import Dots, image_of, pixels_of
from aegan_studio.ui.widgets.scatter_view import MapView
from aegan_studio.ui.widgets.stepping_keys import item_after


def shown(widget, qtbot, width=300, height=300):
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def ramp(count=6, side=4):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (count, side, side), dtype=np.uint8)


def rendered(widget, scale):
    image = QImage(widget.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(QColor("#123456"))
    widget.render(image)
    return image


# Pictures


def test_a_one_channel_picture_is_white_on_black_in_dark_and_ink_on_paper_in_light():
    picture = np.array([[0, 255]], dtype=np.uint8)
    dark, light = picture_image(picture, DARK), picture_image(picture, LIGHT)
    assert [dark.pixelColor(x, 0).name() for x in (0, 1)] == ["#000000", "#ffffff"]
    assert [light.pixelColor(x, 0).name() for x in (0, 1)] == ["#ffffff", "#1b1d22"]


def test_colours_stay_as_they_are_in_both_themes():
    picture = np.array([[[10, 20, 30]]], dtype=np.uint8)[None]
    for theme in (DARK, LIGHT):
        assert picture_image(picture, theme).pixelColor(0, 0) == QColor(10, 20, 30)


@pytest.mark.parametrize("array", [np.zeros((2, 3)), np.zeros((1, 2, 3, 4), np.uint8)])
def test_arrays_that_are_no_pictures_are_refused(array):
    with pytest.raises(ValueError, match="pictures"):
        as_pictures(array)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_every_pixel_of_a_grid_is_a_whole_square_of_device_pixels(qtbot, scale):
    grid = shown(ImageGrid(columns=3), qtbot, 203, 157)
    pictures = ramp()
    grid.set_pictures(pictures)
    place, image = grid.place(scale), rendered(grid, scale)
    for index, picture in enumerate(pictures):
        x, y = place.corner(index)
        for row in range(4):
            for column in range(4):
                left, top = x + column * place.factor, y + row * place.factor
                for dx, dy in ((0, 0), (place.factor - 1, place.factor - 1)):
                    seen = image.pixelColor(left + dx, top + dy).red()
                    assert seen == picture[row, column]


def test_a_click_picks_the_picture_under_it_and_none_between(qtbot):
    grid = shown(ImageGrid(columns=3), qtbot)
    grid.set_pictures(ramp())
    picked = []
    grid.picked.connect(picked.append)
    rect = grid.cell_rect(4)
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    gap = QPoint(round(rect.right()) + 1, round(rect.center().y()))
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=gap)
    assert picked == [4]


def test_arrows_walk_over_the_pictures_and_enter_picks(qtbot):
    grid = shown(ImageGrid(columns=3), qtbot)
    grid.set_pictures(ramp())
    picked = []
    grid.picked.connect(picked.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(grid, key)
    assert picked == [4]


def test_pairs_stand_one_above_the_other(qtbot):
    grid = shown(ImageGrid(columns=3), qtbot)
    first, second = ramp(), 255 - ramp()
    grid.set_pictures(first, second)
    place, image = grid.place(1.0), rendered(grid, 1.0)
    x, y = place.corner(1, second=True)
    assert image.pixelColor(x, y).red() == second[1, 0, 0]
    assert place.corner(1)[1] < y


def test_pairs_of_different_shapes_are_refused(qtbot):
    grid = ImageGrid()
    qtbot.addWidget(grid)
    with pytest.raises(ValueError, match="shapes"):
        grid.set_pictures(ramp(4), ramp(3))


def test_a_grid_without_pictures_shows_its_sentence(qtbot):
    grid = shown(ImageGrid(empty="Press Train."), qtbot)
    grid.set_pictures(np.zeros((0, 8, 8), np.uint8))
    assert grid.count == 0
    assert grid.grab().toImage().pixelColor(150, 20) == QColor(DARK.sunken)


def test_a_picture_view_copies_pixel_for_pixel(qtbot, qapp):
    view = shown(PictureView(), qtbot)
    picture = ramp(1, 8)[0]
    view.set_picture(picture)
    view.copy()
    copied = qapp.clipboard().image()
    assert (copied.width(), copied.height()) == (8, 8)
    assert copied.pixelColor(3, 5).red() == picture[5, 3]


# Plots


@pytest.fixture
def plot(qtbot):
    plot = shown(LossPlot(smoothing=0.9), qtbot, 400, 220)
    plot.append(np.arange(100), np.column_stack((np.ones(100), np.arange(100))), ["a", "b"])
    plot.grab()
    return plot


def test_appended_points_are_kept_exactly(plot):
    plot.append(np.array([100]), np.array([[0.1, np.nan]]), ["a", "b"])
    x, y = plot.data("a")
    assert (len(x), x[-1], y[-1]) == (101, 100.0, 0.1)
    assert np.isnan(plot.data("b")[1][-1])


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200),
    st.floats(0.01, 0.99),
    st.integers(1, 7),
)
def test_the_running_mean_is_the_debiased_recursion_however_it_is_fed(values, weight, parts):
    state, expected = 0.0, []
    for count, value in enumerate(values, start=1):
        state = weight * state + (1 - weight) * value
        expected.append(state / (1 - weight**count))
    average = Average(weight)
    pieces = np.array_split(np.array(values), parts)
    got = np.concatenate([average.extend(piece) for piece in pieces])
    assert np.allclose(got, expected, rtol=1e-7, atol=1e-5)


def test_the_mean_of_a_constant_is_that_constant_from_the_first_point():
    assert np.allclose(Average(0.99).extend(np.full(500, 3.0)), 3.0)


def test_a_gap_stays_a_gap_and_does_not_reach_the_mean():
    mean = Average(0.5).extend(np.array([1.0, np.nan, 1.0]))
    assert np.isnan(mean[1])
    assert mean[2] == pytest.approx(1.0)


@given(st.integers(0, 49_999), st.integers(50, 800), st.floats(0, 0.9), st.floats(0.01, 1))
def test_thinning_never_loses_a_peak(where, pixels, start, width):
    count = 50_000
    series = Series(0.0)
    y = np.zeros(count)
    y[where] = 1.0
    for piece in range(0, count, 7_001):
        series.append(np.arange(piece, min(piece + 7_001, count), dtype=float),
                      y[piece : piece + 7_001])  # fmt: skip
    x0, x1 = start * count, (start + width) * count
    band = series.thinned(x0, x1, pixels, mean=False)
    if x0 <= where <= x1:
        assert np.nanmax(band.high) == 1.0
    assert len(band.x) <= 3 * pixels + 200
    assert (np.diff(band.x) >= 0).all()


def drag(qtbot, plot, x0, x1, *, button=Qt.MouseButton.LeftButton, keys=None):
    """Drag across a plot from one step to another, as a hand does: in several moves."""
    keys = keys or Qt.KeyboardModifier.NoModifier
    none, kinds = Qt.MouseButton.NoButton, QMouseEvent.Type

    def send(kind, x, by, held):
        at = QPointF(plot_x(x), height)
        where = plot.surface.mapToGlobal(at)
        QApplication.sendEvent(plot.surface, QMouseEvent(kind, at, where, by, held, keys))
        qtbot.wait(15)

    height = round(plot.pixel_of(x0, 50).y())
    left, right = plot.pixel_of(0, 50).x(), plot.pixel_of(1, 50).x()

    def plot_x(step):
        return round(left + (right - left) * step)

    send(kinds.MouseButtonPress, x0, button, button)
    for x in np.linspace(x0, x1, 5)[1:]:
        send(kinds.MouseMove, x, none, button)
    send(kinds.MouseButtonRelease, x1, button, none)


def test_dragging_across_zooms_and_a_double_click_shows_all_again(plot, qtbot):
    heard = []
    plot.follow_changed.connect(heard.append)
    drag(qtbot, plot, 20, 60)
    assert plot.x_range == (pytest.approx(20, abs=1), pytest.approx(60, abs=1))
    assert not plot.follow
    qtbot.mouseDClick(plot.surface, Qt.MouseButton.LeftButton, pos=plot.rect().center())
    assert plot.follow
    assert plot.x_range == (0, 99)
    assert heard == [False, True]


def test_the_middle_button_and_shift_move_the_plane(plot, qtbot):
    for options in (
        {"button": Qt.MouseButton.MiddleButton},
        {"keys": Qt.KeyboardModifier.ShiftModifier},
    ):
        plot.set_x_range(40, 60)
        plot.grab()
        drag(qtbot, plot, 55, 50, **options)
        assert plot.x_range == (pytest.approx(45, abs=1), pytest.approx(65, abs=1))


def test_the_wheel_zooms_about_the_pointer_and_out_until_all_is_seen(plot):
    at = plot.pixel_of(25, 50)

    def turn(angle):
        QApplication.sendEvent(plot.surface, QWheelEvent(
            at, plot.surface.mapToGlobal(at), QPoint(), QPoint(0, angle),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        ))  # fmt: skip

    turn(240)
    x0, x1 = plot.x_range
    assert x1 - x0 < 90
    assert (25 - x0) / (x1 - x0) == pytest.approx(25 / 99, abs=0.02)
    for _ in range(4):
        turn(-240)
    assert plot.follow


def test_hovering_tells_the_step_and_leaving_forgets_it(plot, qtbot):
    with qtbot.waitSignal(plot.step_hovered) as heard:
        qtbot.mouseMove(plot.surface, plot.pixel_of(30, 50).toPoint())
    assert heard.args[0] == pytest.approx(30, abs=1)
    shown_card = plot.grab().toImage()
    QApplication.sendEvent(plot.surface, QEvent(QEvent.Type.Leave))
    assert plot.grab().toImage() != shown_card


@pytest.mark.qt_log_ignore("does not support raise")
def test_a_mark_says_what_it_is(plot):
    plot.set_marks([Mark(50, "finding", "The critic is ahead")])
    at = QPoint(round(plot.pixel_of(50, 0).x()) + 2, 6)
    QApplication.sendEvent(
        plot.surface, QHelpEvent(QEvent.Type.ToolTip, at, plot.surface.mapToGlobal(at))
    )
    assert QToolTip.text() == "50  The critic is ahead"
    QToolTip.hideText()


def test_a_closed_plot_leaves_nothing_behind(qapp):
    gone = []
    for _ in range(3):
        plot = LossPlot()
        plot.append(np.arange(10), np.ones((10, 1)), ["a"])
        plot.set_marks([Mark(5)])
        plot.show()
        plot.grab()
        gone += [weakref.ref(plot), weakref.ref(plot._box), weakref.ref(plot._view)]
        plot.close()
        plot.deleteLater()
        del plot
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert [ref() for ref in gone] == [None] * 9


def test_a_gap_in_a_curve_is_bridged(qtbot):
    plot = shown(LossPlot(smoothing=0.0), qtbot, 400, 220)
    plot.set_colours({"a": "#ff0000"})
    values = np.full((40, 1), 2.0)
    values[15:25] = np.nan
    plot.append(np.arange(40), values, ["a"])
    at = plot.pixel_of(20, 2.0)
    assert plot.grab().toImage().pixelColor(int(at.x()), int(at.y())).red() > 200


def test_a_single_measurement_is_seen_as_a_dot(qtbot):
    plot = shown(LossPlot(smoothing=0.0), qtbot, 400, 220)
    plot.set_colours({"a": "#FF0000"})
    plot.set_data("a", np.array([100]), np.array([0.5]))

    def red():
        at = plot.pixel_of(100, 0.5)
        return plot.grab().toImage().pixelColor(int(at.x()), int(at.y())).saturation() > 150

    assert not red()
    plot.set_dotted(["a"])
    assert red()


@pytest.mark.parametrize("count", [60, 60_000])
def test_a_dashed_curve_has_gaps_and_its_neighbour_has_none(qtbot, count):
    plot = shown(LossPlot(smoothing=0.0), qtbot, 400, 220)
    steps = np.arange(count)
    plot.append(steps, np.stack([np.full(count, 1.0), np.full(count, 3.0)], 1), ["a", "b"])
    plot.set_colours({"a": "#FF0000", "b": "#00FF00"})
    plot.set_dashed(["a"])
    image = plot.image(1.0)

    def covered(name, value):
        y = plot.pixel_of(0, value).y()
        x0, x1 = (plot.pixel_of(step, value).x() for step in (0, count - 1))
        rows = (round(y) - 1, round(y), round(y) + 1)
        inks = [
            max(image.pixelColor(x, row).saturation() for row in rows)
            for x in range(round(x0) + 2, round(x1) - 2)
        ]
        return np.mean(np.array(inks) > 120)

    assert covered("b", 3.0) == 1.0
    assert 0.4 < covered("a", 1.0) < 0.9


def test_another_theme_repaints_a_plot(qtbot, qapp):
    manager = ThemeManager(qapp, "dark")
    manager.apply()
    plot = shown(LossPlot(), qtbot, 400, 220)
    plot.append(np.arange(40), np.ones((40, 1)), ["a"])
    dark = plot.image()
    manager.set_mode("light")
    light = plot.image()
    assert dark.pixelColor(2, 2) == QColor(DARK.surface)
    assert light.pixelColor(2, 2) == QColor(LIGHT.surface)
    manager.set_mode("dark")
    manager.deleteLater()


def test_keys_zoom_and_switch_the_scale(plot, qtbot):
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    assert plot.x_range[1] - plot.x_range[0] < 99
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    assert plot.follow
    with qtbot.waitSignal(plot.log_changed):
        qtbot.keyClick(plot, Qt.Key.Key_L)
    plot.grab()


def test_the_readout_gives_every_value_at_the_nearest_step(plot):
    step, rows = plot.readout(41.6)
    assert step == 42
    assert [(name, value) for name, value, _ in rows] == [("a", 1.0), ("b", 42.0)]


def test_hidden_curves_are_neither_drawn_nor_exported(plot, tmp_path):
    plot.set_visible_names(["b"])
    plot.export_csv(tmp_path / "plot.csv")
    with (tmp_path / "plot.csv").open(encoding="utf-8") as file:
        assert next(csv.reader(file)) == ["step", "b"]


def test_exported_numbers_read_back_bit_for_bit(qtbot, tmp_path):
    plot = LossPlot()
    qtbot.addWidget(plot)
    values = np.random.default_rng(0).normal(size=50) * 1e-7
    plot.append(np.arange(50), values[:, None], ["loss"])
    plot.export_csv(tmp_path / "plot.csv")
    with (tmp_path / "plot.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    assert [float(row[1]) for row in rows] == values.tolist()


def test_pictures_of_a_plot_are_written(plot, tmp_path):
    plot.set_marks([Mark(50, "finding", "The critic is ahead")])
    plot.export_png(tmp_path / "plot.png")
    plot.export_svg(tmp_path / "plot.svg")
    assert QImage(str(tmp_path / "plot.png")).width() == 800
    assert "<svg" in (tmp_path / "plot.svg").read_text(encoding="utf-8")


def test_a_dense_curve_is_drawn_where_its_points_lie(qtbot):
    plot = shown(LossPlot(smoothing=0.0), qtbot, 400, 220)
    plot.set_colours({"a": "#ff0000"})
    plot.append(np.arange(50_000), np.full((50_000, 1), 2.0), ["a"])
    image = plot.grab().toImage()
    at = plot.pixel_of(25_000, 2.0) * image.devicePixelRatio()
    assert image.pixelColor(int(at.x()), int(at.y())).red() > 200


def test_a_log_axis_leaves_out_what_it_cannot_show(qtbot):
    plot = shown(LossPlot(log=True), qtbot)
    plot.append(np.arange(4), np.array([[1.0], [0.0], [-1.0], [10.0]]), ["a"])
    plot.grab()
    assert plot.readout(1)[1][0][1] == 0.0


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 8))
def test_ticks_are_few_round_and_within(lo, span, most):
    ticks = linear_ticks(lo, lo + span, most)
    assert len(ticks) <= most
    assert all(lo - 1e-6 * span <= tick <= lo + span * (1 + 1e-6) for tick in ticks)


def test_ticks_are_written_with_the_decimals_they_need():
    assert tick_texts([0.5, 0.75, 1.0]) == ["0.50", "0.75", "1.00"]
    assert tick_texts([0.0, 2500.0, 5000.0]) == ["0", "2,500", "5,000"]
    assert tick_texts([-1.0, 0.0, 1.0]) == ["−1", "0", "1"]
    assert log_ticks(-1.2, 1.1, 4) == [0.1, 1.0, 10.0]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_names_at_line_ends_never_overlap(wanted):
    places = sorted(spread(wanted, 14, 0, 100))
    assert all(b - a >= 14 - 1e-6 for a, b in pairwise(places))
    assert places[-1] <= 100 + 1e-6


# Maps


def test_a_click_on_a_map_tells_its_data_coordinates(qtbot):
    plane = shown(ScatterMap(), qtbot)
    plane.set_points(np.array([[0.0, 0.0], [1.0, 1.0]]))
    heard = []
    plane.clicked.connect(lambda x, y: heard.append((x, y)))
    at = plane.pixel_of(0.5, 0.25)
    qtbot.mouseClick(plane, Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert heard[0] == pytest.approx((0.5, 0.25), abs=0.01)


def test_dragging_pans_by_as_much(qtbot):
    plane = shown(ScatterMap(), qtbot)
    plane.set_points(np.array([[0.0, 0.0], [1.0, 1.0]]))
    before = plane.view
    start = plane.rect().center()
    qtbot.mousePress(plane, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(plane, start + QPoint(30, 0))
    qtbot.mouseRelease(plane, Qt.MouseButton.LeftButton, pos=start + QPoint(30, 0))
    assert plane.view.x == pytest.approx(before.x - 30 / before.scale)
    qtbot.mouseDClick(plane, Qt.MouseButton.LeftButton)
    assert plane.view == before


def test_on_a_map_for_picking_a_drag_moves_the_code_instead(qtbot):
    plane = shown(ScatterMap(pick=True), qtbot)
    plane.set_points(np.array([[0.0, 0.0], [1.0, 1.0]]))
    heard = []
    plane.dragged.connect(lambda x, y: heard.append((x, y)))
    before = plane.view
    qtbot.mousePress(plane, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    qtbot.mouseMove(plane, QPoint(140, 100))
    assert plane.view == before
    assert heard[-1] == pytest.approx(plane.data_at(QPointF(140, 100)))


def test_both_axes_have_the_same_scale(qtbot):
    plane = shown(ScatterMap(), qtbot, 400, 200)
    plane.set_points(np.array([[0.0, 0.0], [1.0, 1.0]]))
    a, b = plane.pixel_of(0, 0), plane.pixel_of(1, 1)
    assert b.x() - a.x() == pytest.approx(a.y() - b.y())


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0.2, 5))
def test_zooming_keeps_the_point_under_the_pointer(x, y, factor):
    rect, pos = QRectF(0, 0, 300, 200), QPointF(120 + x, 80 + y)
    view = MapView(1.0, -2.0, 40.0)
    assert view.zoomed(rect, pos, factor).to_data(rect, pos) == pytest.approx(
        view.to_data(rect, pos)
    )


def test_the_nearest_point_is_found_within_reach_only(qtbot):
    plane = shown(ScatterMap(), qtbot)
    plane.set_points(np.array([[0.0, 0.0], [1.0, 1.0]]))
    assert plane.nearest(plane.pixel_of(1, 1) + QPointF(3, 0)) == 1
    assert plane.nearest(plane.pixel_of(0.5, 0.5)) == -1


def dots(at, square=False):
    black = np.zeros(3, np.float32)
    palette = np.array([[255, 0, 0], [0, 255, 0]], np.float32)
    index = np.arange(len(at)) % 2
    return Dots(np.array(at, float), index, palette, 4.0, square, black, 0.0)


def drawn(points, width, height):
    return image_of(pixels_of(points, width, height)).copy()


def test_a_later_dot_lies_on_an_earlier_one(qapp):
    image = drawn(dots([[10, 10], [13, 10]]), 30, 20)
    assert image.pixelColor(11, 10).green() == 255
    assert image.pixelColor(7, 10).red() == 255
    assert image.pixelColor(25, 15).alpha() == 0


def test_a_square_reaches_into_its_corners_and_a_disc_does_not(qapp):
    square, disc = (drawn(dots([[10, 10]], kind), 20, 20) for kind in (True, False))
    assert square.pixelColor(6, 6).alpha() == 255
    assert disc.pixelColor(6, 6).alpha() == 0


def test_dots_at_and_beyond_the_edge_are_cut_not_lost(qapp):
    image = drawn(dots([[0, 0], [-900, 5], [1e9, 1e9], [np.nan, 0]]), 20, 20)
    assert image.pixelColor(0, 0).red() == 255


def test_a_map_with_every_layer_paints(qtbot):
    plane = shown(ScatterMap(classes=["0", "1"], axis_labels=("z_1", "z_2")), qtbot)
    plane.set_points(np.random.default_rng(0).normal(size=(40, 2)), np.arange(40) % 2)
    plane.set_pins({"A": (0, 0)})
    plane.set_path(np.array([[0, 0], [1, 1]]))
    plane.set_cursor((0.5, 0.5))
    assert not plane.grab().isNull()


# Formulas


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\hat{x} = G(z)", "x̂ = G(z)"),
        (r"L_G = -\log D(G(z))", "L_G = − log D(G(z))"),
        (r"\lVert x - \tilde{x} \rVert_2^2", "‖x − x̃‖_2^2"),
        (r"\tfrac12 \sum_{i=1}^{N} z_i", "1/2∑_(i = 1)^Nz_i"),
        (r"\mathbb{E}[\text{a b}]", "𝔼[a b]"),
        (r"\alpha \le \beta", "α ≤ β"),
    ],
)
def test_a_formula_reads_as_plain_text(latex, text):
    assert " ".join(plain_text(parse(latex)).split()) == text


@given(st.text(alphabet=r"\{}_^ abxyz12()[]hat frac left right.'", max_size=40))
def test_no_formula_breaks_the_parser_or_the_layout(latex):
    assert isinstance(plain_text(parse(latex)), str)


@pytest.mark.parametrize("latex", ["{", "}", "x_", "^", r"\frac", r"\left(", r"\hat", "_^_^", "\\"])
def test_a_formula_cut_short_is_laid_out_all_the_same(qapp, latex):
    assert formula_box(latex, 15, "#000000").width >= 0


def test_scripts_are_beside_a_letter_and_above_and_below_a_sum(qapp):
    beside, around = formula_box("x_i^2", 20, "#000"), formula_box(r"\sum_{i=1}^{N}", 20, "#000")
    assert beside.width > formula_box("x", 20, "#000").width
    assert around.ascent + around.descent > 2 * (beside.ascent + beside.descent) * 0.8


def test_a_formula_says_itself_to_a_screen_reader(qtbot):
    label = FormulaLabel(r"\hat{x} = G(z)")
    qtbot.addWidget(label)
    assert label.accessibleName() == "x̂ = G(z)"
    label.set_formula("z")
    assert label.accessibleName() == "z"


def test_a_single_colour_picture_keeps_its_shape_and_colours(qtbot):
    pixels = np.zeros((4, 6, 3), np.uint8)
    pixels[1, 2] = (10, 200, 30)
    image = picture_image(pixels)
    assert (image.width(), image.height()) == (6, 4)
    colour = image.pixelColor(2, 1)
    assert (colour.red(), colour.green(), colour.blue()) == (10, 200, 30)


def test_a_plot_that_cannot_be_saved_says_so_from_its_own_menu(plot, qtbot, tmp_path, monkeypatch):
    target = tmp_path / "missing" / "plot.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    menu = Menu()
    qtbot.addWidget(menu)
    plot.offer_files(menu)
    save = next(action for action in menu.actions() if "CSV" in action.text())
    with qtbot.waitSignal(plot.trouble) as told:
        save.trigger()
    assert str(target) in str(told.args[0])


@pytest.mark.parametrize(
    ("key", "down", "target"),
    [
        (Qt.Key.Key_Right, 0, 4),
        (Qt.Key.Key_Left, 0, 2),
        (Qt.Key.Key_Down, 3, 6),
        (Qt.Key.Key_Up, 3, 0),
        (Qt.Key.Key_Down, 5, 3),  # there is none below: it stays
        (Qt.Key.Key_Down, 0, None),
        (Qt.Key.Key_Home, 0, 0),
        (Qt.Key.Key_End, 0, 6),
        (Qt.Key.Key_A, 3, None),
    ],
)
def test_arrow_keys_lead_from_item_to_item(key, down, target):
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    assert item_after(event, 3, 7, across=1, down=down) == target
    assert item_after(event, 0, 0, across=1, down=down) is None
