"""How values spread: histograms of tensors."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from aegan_studio.experiment.views.inside import Spread

BINS = 48

MOST = 1 << 15
"""Of more values than this, evenly spaced ones are counted: the shape is the same."""


def spread(values: Tensor, bins: int = BINS) -> Spread:
    """The histogram of all finite values between the lowest and the highest."""
    flat = values.detach().reshape(-1).float()
    total = flat.numel()
    norm = float(torch.linalg.vector_norm(flat)) if total else 0.0
    if total > MOST:
        flat = flat[:: -(-total // MOST)]
    if not math.isfinite(norm):
        flat = flat[torch.isfinite(flat)]
    if not flat.numel():
        none = torch.zeros(bins, dtype=torch.int64)
        return Spread(0.0, 1.0, none.numpy(), math.nan, math.nan, norm, total)
    low, high = (float(end) for end in flat.aminmax())
    deviation, mean = (float(part) for part in torch.std_mean(flat, correction=0))
    if high <= low:
        room = abs(low) * 0.5 or 0.5
        low, high = low - room, high + room
    counts = torch.histc(flat, bins, low, high).to(torch.int64).cpu()
    return Spread(low, high, counts.numpy(), mean, deviation, norm, total)
