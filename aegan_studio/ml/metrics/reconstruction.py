"""How far reconstructions are from the data, in units that every scaling shares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aegan_studio.ml.metrics.arrays import rows


def squared_error(
    x: npt.ArrayLike, x_tilde: npt.ArrayLike, low: float = 0.0, high: float = 1.0
) -> float:
    """The mean over items and values of (x − x̃)² after both are mapped from [low, high] to [0, 1].

    So an experiment scaled to [−1, 1] compares with one scaled to [0, 1].
    """
    span = high - low
    if span <= 0:
        raise ValueError("the bounds must be apart")
    return float(np.square((rows(x) - rows(x_tilde)) / span).mean())
