"""What codes know: classifiers on frozen codes, trained on those of the training items."""

from __future__ import annotations

import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from aegan_studio.ml.metrics.arrays import Labels, rows

ITERATIONS = 5000


def linear_probe(
    train: npt.ArrayLike, labels: Labels, held_out: npt.ArrayLike, held_out_labels: Labels
) -> float:
    """The share of held-out codes (m, d) that a logistic regression on codes (n, d) reads rightly.

    Codes are standardised first, so that their scale, which means nothing, changes nothing.
    """
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=ITERATIONS))
    probe.fit(rows(train), labels)
    return float(probe.score(rows(held_out), held_out_labels))


def nearest_probe(
    train: npt.ArrayLike, labels: Labels, held_out: npt.ArrayLike, held_out_labels: Labels
) -> float:
    """The share of held-out codes (m, d) whose nearest code among (n, d) is of the same class."""
    probe = KNeighborsClassifier(1).fit(rows(train), labels)
    return float(probe.score(rows(held_out), held_out_labels))
