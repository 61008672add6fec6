"""The kernel distance of two sets of features (KID, arXiv 1801.01401)."""

from __future__ import annotations

import numpy.typing as npt

from aegan_studio.ml.metrics.arrays import Floats, rows

DEGREE = 3


def kernel_distance(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    """The unbiased squared MMD under k(x, y) = (xᵀy / d + 1)³ of features (n, d) and (m, d).

    Its mean is 0 for equal distributions, so single estimates may be negative; unlike the Fréchet
    distance it has no bias that depends on n and m.
    """
    first, second = rows(a), rows(b)
    if min(len(first), len(second)) < 2:
        raise ValueError("the kernel distance takes two rows of each")
    return _own(first) + _own(second) - 2 * float(_kernel(first, second).mean())


def _kernel(x: Floats, y: Floats) -> Floats:
    kernel: Floats = (x @ y.T / x.shape[1] + 1) ** DEGREE
    return kernel


def _own(x: Floats) -> float:
    """The mean over pairs of different rows."""
    kernel = _kernel(x, x)
    return float((kernel.sum() - kernel.trace()) / (len(x) * (len(x) - 1)))
