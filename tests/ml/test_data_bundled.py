"""Files read past scikit-learn hold what scikit-learn gives."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits, load_sample_images

from aegan_studio.catalog import DATASETS
from aegan_studio.messages import StudioError
from aegan_studio.ml.data import digits
from aegan_studio.ml.data.bundled import bundled


def test_digits_and_their_labels_are_scikit_learns() -> None:
    raw, bunch = digits.load(DATASETS["digits"].defaults(), 0), load_digits()  # type: ignore[arg-type]
    np.testing.assert_array_equal(raw.items[:, 0], bunch.images)
    np.testing.assert_array_equal(raw.labels, bunch.target)


def test_the_photographs_are_scikit_learns() -> None:
    for name, image in zip(("china.jpg", "flower.jpg"), load_sample_images().images, strict=True):
        with Image.open(bundled("images", name)) as picture:
            np.testing.assert_array_equal(np.asarray(picture), image)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(StudioError, match=r"nothing\.csv is missing"):
        bundled("nothing.csv")
