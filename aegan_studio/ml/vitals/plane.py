"""Vital signs of points in the plane."""

from __future__ import annotations

import numpy as np

from aegan_studio.catalog.datasets.points import PointsOptions
from aegan_studio.ml.metrics.grid import Likeness
from aegan_studio.ml.metrics.modes import Modes
from aegan_studio.ml.vitals.subject import Subject


def grid(subject: Subject) -> dict[str, float]:
    """Divergences and coverage of many samples on a grid over the training points.

    As many points that training has not seen give the floor; grids do not mind scaling.
    """
    cells, known, others = subject.cells
    made = subject.many[: int(others.sum())].cpu().numpy()
    found = Likeness.of_counts(cells.counts(made), known, others)
    return {
        "js": found.js,
        "js-floor": found.floor,
        "kl-forward": found.forward,
        "kl-reverse": found.reverse,
        "covered": found.covered,
        "covered-best": found.covered_best,
    }


def modes(subject: Subject) -> dict[str, float]:
    """How many samples fall on the modes of a mixture whose centres are known."""
    looking = subject.looking
    options = looking.experiment.dataset
    assert isinstance(options, PointsOptions)
    centres = options.centres()
    assert centres is not None
    points = np.asarray(looking.data.to_display(subject.many), np.float64)
    found = Modes.count(points, centres, options.sigma)  # type: ignore[attr-defined]
    return {
        "modes": float(found.found),
        "high-quality": found.high_quality,
        "uneven": found.reverse_kl,
    }
