"""Strokes become pixels: round at any resolution, taken back exactly."""

from __future__ import annotations

import numpy as np
import pytest

from aegan_studio.strokes import Brush, Canvas, Stroke, canvas_for, drawn

LINE = np.array([[0.2, 0.5], [0.8, 0.5]])


def test_a_stroke_covers_what_its_width_says():
    pixels = drawn([Stroke(LINE, Brush(width=0.1))], 200) / 255.0
    area = 0.6 * 0.1 + np.pi * 0.05**2
    assert pixels.mean() == pytest.approx(area, rel=0.01)
    assert pixels[100, 100] == 1.0
    assert pixels[100, 20] == 0.0


def test_a_drawing_is_the_same_at_every_resolution():
    strokes = [Stroke(LINE, Brush(width=0.1)), Stroke(LINE[:, ::-1], Brush(width=0.06))]
    fine, coarse = drawn(strokes, 400).astype(float), drawn(strokes, 100).astype(float)
    assert np.abs(fine.reshape(100, 4, 100, 4).mean((1, 3)) - coarse).mean() < 1.0


def test_many_points_on_a_line_draw_the_line():
    many = np.column_stack((np.linspace(0.2, 0.8, 37), np.full(37, 0.5)))
    same = drawn([Stroke(many)], 128).astype(int) - drawn([Stroke(LINE)], 128)
    assert np.abs(same).max() <= 1


def test_a_dot_is_round_and_pressure_makes_it_larger():
    dots = [drawn([Stroke([[0.5, 0.5, p]], Brush(width=0.4))], 200) for p in (0.1, 0.5, 1.0)]
    areas = [float(dot.mean()) / 255 for dot in dots]
    assert areas[0] < areas[1] < areas[2]
    assert areas[2] == pytest.approx(np.pi * 0.2**2, rel=0.01)
    assert np.array_equal(dots[2], dots[2].T)


def test_a_soft_brush_fades_and_within_one_stroke_nothing_adds_up():
    there_and_back = np.array([[0.2, 0.5], [0.8, 0.5], [0.2, 0.5]])
    soft = Brush(width=0.2, soft=0.8, strength=0.5)
    once, twice = drawn([Stroke(LINE, soft)], 100), drawn([Stroke(there_and_back, soft)], 100)
    assert np.array_equal(once, twice)
    assert once.max() in (127, 128)
    profile = once[30:51, 50].astype(int)
    assert (np.diff(profile) >= 0).all()
    assert len(set(profile)) > 8
    again = drawn([Stroke(LINE, soft), Stroke(LINE, soft)], 100)
    assert again.max() in (191, 192)


def test_the_eraser_brings_back_what_lies_beneath():
    canvas = Canvas(40, 40, ground=30)
    canvas.draw(Stroke(LINE))
    canvas.draw(Stroke(LINE, Brush(width=0.3, erase=True)))
    assert canvas.is_blank
    canvas.lay(np.arange(16, dtype=np.uint8).reshape(4, 4), "item")
    canvas.draw(Stroke(LINE))
    canvas.draw(Stroke(LINE, Brush(width=0.3, erase=True)))
    assert canvas.is_untouched
    assert not canvas.is_blank


def test_undo_and_redo_go_over_strokes_pictures_and_clearing():
    canvas = Canvas(32, 32)
    seen = [canvas.pixels]
    for act in (
        lambda: canvas.draw(Stroke(LINE)),
        lambda: canvas.draw(Stroke(LINE[:, ::-1], Brush(soft=0.5))),
        lambda: canvas.lay(np.full((8, 8), 90, np.uint8), "item"),
        lambda: canvas.draw(Stroke(LINE, Brush(erase=False, strength=0.4))),
        canvas.wipe,
        lambda: canvas.lay(None),
    ):
        act()
        seen.append(canvas.pixels)
    assert canvas.origin == ""
    for before in reversed(seen[:-1]):
        canvas.undo()
        assert np.array_equal(canvas.pixels, before)
    assert not canvas.can_undo
    for after in seen[1:]:
        canvas.redo()
        assert np.array_equal(canvas.pixels, after)
    canvas.undo()
    assert canvas.origin == "item"
    canvas.draw(Stroke(LINE))
    assert not canvas.can_redo


def test_what_changes_nothing_is_not_remembered():
    canvas = Canvas(32, 32)
    canvas.draw(Stroke(LINE, Brush(erase=True)))
    canvas.wipe()
    canvas.lay(None)
    assert not canvas.can_undo


def test_coloured_canvases_take_colours_and_grey_ones_their_mean():
    canvas = Canvas(20, 20, channels=3)
    canvas.draw(Stroke(LINE, Brush(width=0.3, ink=(250, 100, 0))))
    assert tuple(canvas.pixels[10, 10]) == (250, 100, 0)
    grey = Canvas(20, 20)
    grey.draw(Stroke(LINE, Brush(width=0.3, ink=(240, 120, 0))))
    assert grey.pixels[10, 10] == 120


def test_a_canvas_is_a_whole_multiple_of_the_items():
    for shape in ((1, 8, 8), (1, 28, 28), (3, 64, 48), (1, 500, 500)):
        canvas = canvas_for(shape)
        assert canvas.height % shape[1] == canvas.width % shape[2] == 0
        assert canvas.channels == shape[0]
        item = np.random.default_rng(0).integers(0, 255, shape[1:], np.uint8)
        canvas.lay(item, "item")
        step = canvas.height // shape[1]
        kept = canvas.pixels[::step, ::step]
        assert np.array_equal(kept if shape[0] == 1 else kept[..., 0], item)


def test_what_lies_outside_is_cut_off_and_what_is_no_stroke_is_refused():
    canvas = Canvas(20, 30)
    canvas.draw(Stroke(np.array([[-3.0, -3.0], [5.0, 4.0]])))
    canvas.draw(Stroke(np.array([[9.0, 9.0]])))
    assert canvas.pixels.shape == (20, 30)
    for points in (np.zeros((0, 2)), np.zeros(2), np.full((2, 2), np.nan)):
        with pytest.raises(ValueError, match="stroke"):
            canvas.draw(Stroke(points))
    with pytest.raises(ValueError, match="begun"):
        canvas.extend(0.1, 0.1)
