"""Drawings become items the way the data were made."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

from aegan_studio.catalog.datasets.images import Digits, PhotoPatches
from aegan_studio.catalog.datasets.points import Moons
from aegan_studio.ml.data.drawn import INK, as_data, reduced
from aegan_studio.strokes import Brush, Stroke, drawn

STROKES = Path(__file__).parents[1] / "data" / "strokes.json"


def hand():
    """The test strokes: digits (n,), and their drawings."""
    rows = json.loads(STROKES.read_text())["digits"]
    pictures = [drawn([Stroke(np.array(s), Brush()) for s in row["strokes"]]) for row in rows]
    return np.array([row["digit"] for row in rows]), pictures


def test_reducing_keeps_the_mean_of_every_area():
    picture = np.random.default_rng(0).random((30, 42, 3))
    small = reduced(picture, 7, 9)
    assert small.mean() == pytest.approx(picture.mean())
    assert np.allclose(reduced(picture, 15, 21), picture.reshape(15, 2, 21, 2, 3).mean((1, 3)))
    assert np.allclose(reduced(picture, 30, 42), picture)
    assert np.allclose(reduced(picture[:6, :7], 12, 14)[::2, ::2], picture[:6, :7])


def test_values_of_digits_count_the_inked_pixels_of_blocks():
    bitmap = np.zeros((32, 32), np.uint8)
    bitmap[0:4, 0:4] = 255
    bitmap[4:8, 4:6] = 255
    bitmap[31, 31] = 255
    made = as_data(Digits(), bitmap)
    assert made[0, 0] == 255
    assert made[1, 1] == round(255 * 8 / 16)
    assert made[7, 7] == round(255 / 16)
    assert (made > 0).sum() == 3


def test_larger_digits_are_enlarged_as_the_data_are():
    small = load_digits().images[17]
    bitmap = np.kron(small * (255 / 16), np.ones((4, 4)))
    made = as_data(Digits(side=28), np.rint(bitmap).astype(np.uint8))
    from aegan_studio.ml.data.digits import load

    real = load(Digits(side=28), 0).items[17, 0] * (255 / 16)
    assert np.abs(made - real).max() <= 0.51


def three(scale=1.0, width=0.09):
    rows = json.loads(STROKES.read_text())["digits"]
    row = next(row for row in rows if row["digit"] == 3)
    brush = Brush(width=width * scale)
    picture = drawn([Stroke(np.array(s) * scale + 0.02, brush) for s in row["strokes"]])
    return as_data(Digits(), picture, centred=True).astype(int)


@pytest.mark.parametrize("scale", [0.3, 0.5, 0.7])
def test_place_and_size_of_a_drawing_do_not_matter_when_it_is_centred(scale):
    assert np.abs(three(scale) - three()).mean() < 9


@pytest.mark.parametrize("width", [0.03, 0.06, 0.12, 0.15])
def test_all_pens_write_with_the_weight_of_the_data(width):
    made = three(width=width)
    counts = made * (16 / 255)
    assert INK[0] - 0.5 <= counts.mean() <= INK[1] + 0.5
    assert counts[0].max() > 4
    assert counts[7].max() > 4
    assert np.abs(made - three()).mean() < 26


def test_nothing_stays_nothing():
    for options in (Digits(), Digits(side=28), PhotoPatches(colour=True)):
        for centred in (False, True):
            made = as_data(options, np.zeros((64, 64), np.uint8), centred=centred)
            assert made.max() == 0
            assert made.shape[:2] == options.info().shape[1:]


def test_photographed_paper_is_no_ink():
    digits, pictures = hand()
    del digits
    grain = np.random.default_rng(0).normal(0, 6, pictures[9].shape)
    photo = np.clip(60 + pictures[9] * 0.55 + grain, 0, 255).astype(np.uint8)
    clean, taken = (as_data(Digits(), p, centred=True).astype(int) for p in (pictures[9], photo))
    assert np.abs(clean - taken).mean() < 12


def test_photographs_are_reduced_with_their_colours():
    picture = np.zeros((32, 32, 3), np.uint8)
    picture[..., 0] = 200
    assert (as_data(PhotoPatches(colour=True), picture)[..., 0] == 200).all()
    grey = as_data(PhotoPatches(), picture, centred=True)
    assert grey.shape == (16, 16)
    assert (grey == 60).all()


def test_points_are_no_pictures():
    with pytest.raises(ValueError, match="no pictures"):
        as_data(Moons(), np.zeros((8, 8), np.uint8))


def test_drawn_digits_are_read_by_classifiers_that_know_real_ones_only():
    digits, pictures = hand()
    assert all((digits == digit).sum() >= 4 for digit in range(10))
    data = load_digits()
    made = np.stack([as_data(Digits(), picture, centred=True) for picture in pictures])
    rows = made.reshape(len(made), -1) * (16 / 255)
    for reader in (SVC(C=10), KNeighborsClassifier(5)):
        read = reader.fit(data.data, data.target).predict(rows)
        assert (read == digits).mean() >= 0.85
