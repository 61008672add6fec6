"""Drawings as data: text that comes back, malformed text refused, points as dense as the ink."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare, kstest

from aegan_studio import sketches
from aegan_studio.catalog.checks import problems
from aegan_studio.catalog.datasets.sketch import WAVE, only_painted
from aegan_studio.experiment import Experiment, InputError, toml
from aegan_studio.messages import StudioError
from aegan_studio.ml.data.sketched import sketched
from aegan_studio.sketches import CELL, MOST_SPOTS, SIDE, Hand, Sketch, cell_of

rows = st.lists(st.text("0123456789 .", max_size=SIDE), max_size=SIDE)
coordinate = st.integers(-10_000, 10_000).map(lambda number: number / 10_000)
spot = st.tuples(coordinate, coordinate, st.integers(1, 8)).map("{0[0]},{0[1]},{0[2]}".format)


def experiment(**options):
    return Experiment.parse({"method": "gan", "dataset": {"kind": "drawn", **options}})


def data(sketch, count=20_000, noise=0.0, seed=0):
    texts = {name.partition(".")[2]: text for name, text in sketch.edits().items()}
    return sketched(experiment(count=count, noise=noise, **texts).dataset, seed)


def square(left, bottom, side, level=9, colour=0):
    """Ink in the cells of a square of the plane."""
    middles = (np.arange(SIDE) + 0.5) * CELL - 1
    x, y = np.meshgrid(middles, -middles)
    there = (x > left) & (x < left + side) & (y > bottom) & (y < bottom + side)
    return Sketch.of_ink(np.where(there, level, 0), colour)


@settings(max_examples=40, deadline=None)
@given(rows, st.lists(st.text("12345678. ", max_size=SIDE), max_size=SIDE), st.lists(spot))
def test_a_drawing_comes_back_from_its_file(ink, colours, spots):
    made = experiment(ink=ink, colours=colours, spots=[" ".join(spots)])
    assert toml.loads(toml.dumps(made)) == made
    sketch = made.dataset.sketch()
    again = sketches.read(sketch.ink_text, sketch.colour_text, sketch.spot_text)
    for name in ("ink", "colours", "spots", "spot_colours"):
        assert np.array_equal(getattr(again, name), getattr(sketch, name))
    assert made.with_options(sketch.edits()).dataset.sketch().edits() == sketch.edits()


def test_a_drawing_may_be_written_as_one_text():
    made = toml.loads(
        'method = "gan"\n[dataset]\nkind = "drawn"\nink = """\n..9\n.9\n"""\nspots = "0.5,0.5"\n'
    )
    assert made.dataset.ink == ("..9", ".9")
    assert made.dataset.sketch().ink[0].tolist()[:4] == [0, 0, 9, 0]
    assert len(made.dataset.sketch().spots) == 1


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("ink", ["12", "1x"], "Line 2 holds “x”."),
        ("ink", ["9" * 97], "Line 1 has 97 signs."),
        ("ink", ["9"] * 97, "There are 97 lines."),
        ("ink", [9], "text in quotes"),
        ("ink", 9, "must be a list"),
        ("ink", [["9"]], "text in quotes"),
        ("colours", ["9"], "Line 1 holds “9”."),
        ("spots", ["0,0 1"], "Line 1 holds “1”."),
        ("spots", ["0,0", "2,0"], "Line 2 holds “2,0”."),
        ("spots", ["nan,0"], "Line 1 holds “nan,0”."),
        ("spots", ["0,0,9"], "Line 1 holds “0,0,9”."),
        ("spots", ["0,0,1,1"], "Line 1 holds “0,0,1,1”."),
        ("spots", ["0,0 " * (MOST_SPOTS + 1)], "There are 4,001 spots."),
    ],
)
def test_malformed_drawings_are_refused_in_a_sentence(option, value, said):
    with pytest.raises(InputError) as caught:
        experiment(**{option: value})
    (problem,) = caught.value.problems
    assert problem.path.startswith(f"dataset.{option}")
    assert said in str(problem)


def test_an_empty_drawing_is_a_problem_with_a_mend():
    empty = experiment(ink=[])
    (problem,) = problems(empty)
    assert problem.path == "dataset.ink"
    assert problem.severity == "error"
    assert problems(empty.with_options(problem.mend.changes)) == ()
    with pytest.raises(StudioError, match="Nothing is drawn"):
        sketched(empty.dataset, 0)


def test_points_lie_where_the_ink_is_in_proportion_to_its_density():
    sketch = square(-0.5, -0.5, 0.25)
    dense = square(0.25, 0.25, 0.5, level=3)
    sketch = replace(sketch, ink=np.maximum(sketch.ink, dense.ink))
    points = data(sketch).items.astype(np.float64)
    row, column = cell_of(points)
    counts = np.zeros((SIDE, SIDE))
    np.add.at(counts, (row, column), 1)
    # the area of each square and its density: 144 cells of 9 against 576 of 3
    share = (points[:, 0] < 0).mean()
    assert share == pytest.approx(144 * 9 / (144 * 9 + 576 * 3), abs=4 * 0.5 / 20_000**0.5)
    # a tent around every cell's middle: within a square all cells are alike
    inner = (counts[14:34, 62:82] / counts.sum()).ravel()
    expected = np.full(inner.size, 3 / sketch.ink.sum())
    assert chisquare(inner * 20_000, expected * 20_000 * inner.sum() / expected.sum()).pvalue > 1e-3
    assert inner.sum() == pytest.approx(expected.sum(), rel=0.05)
    # nothing farther from ink than half a cell
    near = np.zeros((SIDE, SIDE), bool)
    there = np.argwhere(sketch.ink > 0)
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            near[there[:, 0] + down, there[:, 1] + across] = True
    assert near[row, column].all()


def test_points_are_even_within_a_cell_surrounded_by_ink():
    points = data(square(-0.5, -0.5, 1.0), count=5000).items
    inside = points[(np.abs(points) < 0.45).all(axis=1)].astype(np.float64)
    for axis in (0, 1):
        assert kstest(inside[:, axis], "uniform", (-0.45, 0.9)).pvalue > 1e-3


def test_noise_spreads_every_point():
    spots = Sketch.of_spots(np.zeros((1, 2)), np.zeros(1))
    points = data(spots, count=4000, noise=0.2).items
    assert points.std(0) == pytest.approx([0.2, 0.2], rel=0.05)
    assert not data(spots, count=50).items.any()


def test_spots_alone_come_each_as_often_as_the_others():
    rng = np.random.default_rng(0)
    places = np.round(rng.uniform(-1, 1, (60, 2)), 4)
    once = data(Sketch.of_spots(places, np.zeros(60)), count=60).items
    order = np.lexsort(once.T)
    assert once[order] == pytest.approx(places[np.lexsort(places.T)].astype(np.float32))
    twice = data(Sketch.of_spots(places, np.zeros(60)), count=130).items
    _, counts = np.unique(twice, axis=0, return_counts=True)
    assert (counts.min(), counts.max()) == (2, 3)


def test_a_spot_weighs_as_much_as_a_full_cell():
    sketch = square(-0.5, -0.5, 0.25)  # 144 cells
    spots = np.tile([[0.5, 0.5]], (144, 1))
    sketch = replace(sketch, spots=spots, spot_colours=np.zeros(144, np.uint8))
    assert (data(sketch, count=1000).items[:, 0] > 0.4).sum() == 500


def test_colours_are_classes_by_the_order_of_the_colours_in_use():
    two = square(-0.5, -0.5, 0.25, colour=5)
    other = square(0.25, 0.25, 0.25, colour=2)
    there = other.ink > 0
    sketch = replace(
        two,
        ink=np.maximum(two.ink, other.ink),
        colours=np.where(there, other.colours, two.colours),
        spots=np.array([[0.9, -0.9]]),
        spot_colours=np.array([7], np.uint8),
    )
    raw = data(sketch, count=3000)
    made = experiment(**{name.partition(".")[2]: text for name, text in sketch.edits().items()})
    assert made.data_info().classes == ("green", "red", "brown")
    assert (raw.items[raw.labels == 0] > 0.2).all()
    assert (raw.items[raw.labels == 1] < -0.2).all()
    assert raw.items[raw.labels == 2] == pytest.approx(
        np.tile([0.9, -0.9], ((raw.labels == 2).sum(), 1)).astype(np.float32)
    )
    assert data(square(0, 0, 0.2, colour=4)).labels is None


def test_the_brush_paints_a_round_band_and_leaves_what_lies_beneath():
    blank = Sketch.blank()
    hand = Hand(blank, "brush", 0.1, colour=3)
    hand.move(-0.5, 0.25)
    hand.move(0.5, 0.25)
    sketch = hand.sketch
    assert blank.is_blank
    area = sketch.ink.sum() / 9 * CELL**2
    assert area == pytest.approx(0.2 * 1.0 + np.pi * 0.1**2, rel=0.03)
    rows, columns = np.nonzero(sketch.ink)
    assert 1 - (rows.mean() + 0.5) * CELL == pytest.approx(0.25, abs=0.01)
    assert set(sketch.colours[rows, columns].tolist()) == {3}
    # a fainter brush leaves denser ink and its colour
    faint = Hand(sketch, "brush", 0.1, strength=0.4, colour=1)
    faint.move(0.0, 0.25)
    faint.move(0.0, 0.6)
    assert faint.sketch.ink.max() == 9
    assert faint.sketch.used == (1, 3)
    assert faint.sketch.ink[cell_of(np.array([[0.0, 0.55]]))][0] == round(9 * 0.4)


def test_a_light_touch_paints_a_thin_line():
    heavy, light = (Hand(Sketch.blank(), "brush", 0.2) for _ in range(2))
    heavy.move(0, 0, 1.0)
    light.move(0, 0, 0.2)
    assert light.sketch.ink.sum() < heavy.sketch.ink.sum() / 4


def test_the_eraser_takes_ink_and_spots():
    sketch = square(-0.5, -0.5, 1.0)
    spots = np.array([[0.0, 0.0], [0.9, 0.9]])
    sketch = replace(sketch, spots=spots, spot_colours=np.zeros(2, np.uint8))
    hand = Hand(sketch, "eraser", 0.2)
    hand.move(0.0, 0.0)
    assert hand.sketch.ink[SIDE // 2, SIDE // 2] == 0
    assert hand.sketch.spots.tolist() == [[0.9, 0.9]]
    hand.move(0.9, 0.9)
    assert not len(hand.sketch.spots)
    assert hand.sketch.ink[cell_of(np.array([[-0.45, 0.45]]))][0] == 9


def test_spray_grows_denser_within_its_radius():
    hand = Hand(Sketch.blank(), "spray", 0.3, seed=1)
    sums = []
    for _ in range(5):
        hand.move(0.2, -0.2)
        sums.append(int(hand.sketch.ink.sum()))
    assert sums == sorted(set(sums))
    rows, columns = np.nonzero(hand.sketch.ink)
    away = np.hypot((columns + 0.5) * CELL - 1 - 0.2, 1 - (rows + 0.5) * CELL + 0.2)
    assert away.max() <= 0.3 + CELL
    again = Hand(Sketch.blank(), "spray", 0.3, seed=1)
    for _ in range(5):
        again.move(0.2, -0.2)
    assert np.array_equal(again.sketch.ink, hand.sketch.ink)


def test_spots_that_a_stroke_leaves_alone_are_not_written_again():
    before = Sketch.of_spots(np.array([[0.5, 0.5], [-0.5, -0.5]]), np.array([1, 2]))
    painted, erased = Hand(before, "brush", 0.1), Hand(before, "eraser", 0.1)
    painted.move(0.0, 0.0)
    assert painted.sketch.edits(before).keys() == {"dataset.ink", "dataset.colours"}
    erased.move(0.0, 0.0)
    assert erased.sketch.spots is before.spots
    assert erased.sketch.looks_like(before)
    erased.move(0.5, 0.5)
    assert erased.sketch.edits(before)["dataset.spots"] == ["-0.5,-0.5,3"]
    recoloured = replace(before, spot_colours=np.array([1, 3], np.uint8))
    assert "dataset.spots" in recoloured.edits(before)
    assert not recoloured.looks_like(before)


def test_inverting_twice_gives_the_drawing_back():
    sketch = square(-0.5, -0.5, 0.5, level=4, colour=2)
    there = sketch.inverted(6)
    assert there.ink.max() == 9
    assert there.used == (2, 6)
    assert np.array_equal(there.inverted(0).ink, sketch.ink)


def test_the_drawing_that_nobody_drew_is_a_wave():
    sketch = sketches.read(WAVE, (), ())
    points = data(sketch, count=2000).items
    assert np.abs(points[:, 1] - 0.5 * np.sin(np.pi * points[:, 0] / 0.8)).max() < 0.25


def test_only_paint_in_colours_that_were_there_leaves_everything_else_known():
    before = experiment(ink=["9"])
    more, other = before.with_options({"dataset.ink": ["99"]}), {"dataset.colours": ["2"]}
    assert only_painted(before, more)
    assert only_painted(more, before)
    for edits in (other, {"dataset.ink": []}, {"dataset.noise": 0.5}, {"seed": 3}):
        assert not only_painted(before, more.with_options(edits))
    assert not only_painted(before, before.with_options({"dataset.kind": "ring"}))


def test_the_outline_of_a_drawing_has_its_classes_and_no_other_strokes():
    sketch = square(-0.5, -0.5, 0.25, colour=5)
    spots = np.array([[0.9, -0.9]])
    sketch = replace(sketch, spots=spots, spot_colours=np.array([2], np.uint8))
    texts = {name.partition(".")[2]: text for name, text in sketch.edits().items()}
    data_of = experiment(**texts, noise=0.2).dataset
    outline = data_of.outline()
    assert outline.info() == data_of.info()
    assert (outline.ink, outline.spots) == (("99",), ())
    busier = data_of.model_copy(update={"count": 77, "noise": 0.5})
    assert busier.outline() == outline
    assert experiment(ink=["9"]).dataset.outline() == experiment(ink=["", "..9"]).dataset.outline()
