"""Invented data for the gallery: digits if scikit-learn is there, else blots; curves; points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aegan_studio.ui.widgets.pictures import Pixels
from aegan_studio.ui.widgets.plot_data import Floats
from aegan_studio.ui.widgets.plots import LossPlot, Mark


def digits() -> tuple[Pixels, npt.NDArray[np.int64]]:
    """Pictures ``(N, 8, 8)`` and their classes."""
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        rng = np.random.default_rng(0)
        blots = (rng.random((256, 8, 8)) ** 3 * 255).astype(np.uint8)
        return blots, rng.integers(0, 10, 256)
    data = load_digits()
    return (data.images * (255 / 16)).astype(np.uint8), data.target.astype(np.int64)


def terms(plot: LossPlot, steps: int = 7500, every: int = 5) -> None:
    """Fill a plot with the four terms of an AEGAN."""
    rng = np.random.default_rng(1)
    x = np.arange(0, steps, every)
    names = ("rec-x", "adv-x", "adv-z", "rec-z")
    ends = ((8.0, 0.8, 260.0), (0.6, 0.72, 60.0), (0.3, 0.36, 90.0), (1.8, 0.07, 300.0))
    columns = []
    for k, (start, end, scale) in enumerate(ends):
        trend = (
            end
            + (start - end) * np.exp(-x / scale)
            + (0.25 * end if k == 0 else 0) * np.exp(-x / 2500)
        )
        columns.append(trend * np.exp(rng.normal(0, 0.05 if k < 3 else 0.22, len(x))))
    plot.append(x, np.column_stack(columns), names)
    plot.set_marks(
        [
            Mark(700, "change", "Rate of critics 0.0004 → 0.0006"),
            Mark(3400, "change", "Weight of rec-x 5 → 10"),
            Mark(5350, "finding", "The data critic is pulling ahead"),
        ]
    )


def critics(plot: LossPlot) -> None:
    """Fill a plot with how often the critics are right."""
    rng = np.random.default_rng(2)
    x = np.arange(0, 7500, 10)
    dx = 0.77 + 0.13 * np.exp(-x / 700) - 0.4 * np.exp(-x / 60)
    dz = 0.56 + 0.07 * np.exp(-x / 900) + 0.01 * np.sin(x / 500)
    noise = rng.normal(0, 0.02, (len(x), 2))
    plot.append(x, np.column_stack((dx, dz)) + noise, ("Dx", "Dz"))


def codes() -> tuple[Floats, npt.NDArray[np.int64]]:
    """Codes ``(1797, 2)`` of ten classes."""
    rng = np.random.default_rng(3)
    _, classes = digits()
    angles = np.arange(10) * 2.399
    centres = np.column_stack((np.cos(angles), np.sin(angles))) * (
        0.5 + 0.18 * np.arange(10)[:, None]
    )
    return centres[classes] + rng.normal(0, 0.26, (len(classes), 2)), classes


def ring(count: int, noise: float, seed: int) -> Floats:
    """Points ``(N, 2)`` at eight spots."""
    rng = np.random.default_rng(seed)
    spot = rng.integers(0, 8, count) * (np.pi / 4)
    return np.column_stack((np.cos(spot), np.sin(spot))) * 0.72 + rng.normal(0, noise, (count, 2))
