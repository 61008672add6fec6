"""Which classes generated items belong to, as an independent classifier reads them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from aegan_studio.ml.metrics.arrays import Floats, Labels
from aegan_studio.ml.metrics.modes import reverse_kl


@dataclass(frozen=True, slots=True)
class Classes:
    """How items spread over classes."""

    shares: Floats
    """(K,), of all items."""
    covered: int
    """Classes with at least a tenth of their even share."""
    rarest: float
    """The share of the rarest class."""
    reverse_kl: float
    """KL(generated ‖ even), in nats; 0 is even."""

    @classmethod
    def count(cls, read: npt.ArrayLike, classes: int) -> Classes:
        """``read`` (n,) holds classes from 0 to ``classes`` − 1; what is below 0 is none."""
        found = np.asarray(read, np.int64)
        counts = np.bincount(found[found >= 0], minlength=classes).astype(np.float64)
        shares = counts / max(1, len(found))
        return cls(
            shares=shares,
            covered=int((shares >= 0.1 / classes).sum()),
            rarest=float(shares.min()),
            reverse_kl=reverse_kl(counts),
        )


def obeyed(asked: Labels, read: Labels, classes: int, *, named: bool = True) -> float:
    """The share of items (n,) whose class as read is the one that was asked for.

    Where a model learned classes without labels (``named`` false), its classes are first
    matched to the real ones as well as can be.
    """
    table = np.zeros((classes, classes))
    sound = read >= 0
    np.add.at(table, (asked[sound], read[sound]), 1)
    if named:
        return float(np.trace(table) / len(asked))
    pairs = linear_sum_assignment(table, maximize=True)
    return float(table[pairs].sum() / len(asked))
