"""scikit-learn's handwritten digits."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from aegan_studio.catalog.datasets.images import Digits
from aegan_studio.ml.data.bundled import bundled
from aegan_studio.ml.data.raw import RawData

WHITE = 16.0
"""The digits count the inked pixels of 4×4 blocks (UCI, doi 10.24432/C50P49)."""


def load(options: Digits, seed: int) -> RawData:
    """All 1,797 digits in scikit-learn's order; sides above 8 are enlarged bicubically.

    Parameters
    ----------
    options : Digits
        ``side`` gives items of (1, side, side), values in [0, 16].
    seed : int
        Not needed: nothing is drawn.
    """
    del seed
    table = np.loadtxt(bundled("data", "digits.csv.gz"), delimiter=",", dtype=np.float32)
    items = torch.from_numpy(table[:, :-1].reshape(-1, 1, 8, 8))
    items = enlarged(items, options.side)
    return RawData(items.numpy(), table[:, -1].astype(np.int64), 0.0, WHITE)


def enlarged(items: torch.Tensor, side: int) -> torch.Tensor:
    """Digits (n, 1, 8, 8) at another side, bicubically, within [0, 16]."""
    if side == items.shape[-1]:
        return items
    larger = F.interpolate(items, size=(side, side), mode="bicubic")
    return larger.clamp_(0.0, WHITE)  # bicubic curves overshoot at edges
