"""What all metrics take: rows of numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def rows(values: npt.ArrayLike) -> Floats:
    """Items (n, \\*item) as rows (n, d), float64.

    Raises
    ------
    ValueError
        Where a number is not finite: every metric would silently be wrong.
    """
    found = np.asarray(values, np.float64)
    found = found.reshape(len(found), -1)
    if not np.isfinite(found).all():
        raise ValueError("metrics take finite numbers")
    return found
