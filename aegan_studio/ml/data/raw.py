"""What a dataset's code returns, before scaling and splitting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class RawData:
    """Items in their own units.

    ``items`` is float32 of shape (N, *item); images hold 0…255-like values whose bounds ``low``
    and ``high`` are those of the medium, not of the sample (digits: 0 and 16). Both are ``None``
    where the sample's own bounds shall serve. ``labels`` is int64 (N,) or ``None``.
    """

    items: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64] | None = None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        """Check what every later stage relies on."""
        if self.items.dtype != np.float32 or not len(self.items):
            raise ValueError(f"items must be float32 and not empty, not {self.items.dtype}")
        labels: Any = self.labels
        if labels is not None and labels.shape != (len(self.items),):
            raise ValueError(f"{labels.shape} labels for {len(self.items)} items")
