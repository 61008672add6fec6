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
    if options.side != items.shape[-1]:
        enlarged = F.interpolate(items, size=(options.side, options.side), mode="bicubic")
        items = enlarged.clamp_(0.0, WHITE)  # bicubic curves overshoot at edges
    return RawData(items.numpy(), table[:, -1].astype(np.int64), 0.0, WHITE)
