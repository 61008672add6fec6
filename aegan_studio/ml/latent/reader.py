"""A classifier of the data, which knows nothing of the model: what decoded items look like."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.latent.explorer import Array
from aegan_studio.ml.metrics.arrays import Floats, Labels
from aegan_studio.ml.metrics.extractor import Extractor

MOST = 3000
"""Training items it learns from at most: a second or two, and enough for what it is asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Reads items in display units.

    Attributes
    ----------
    accuracy : float
        The share of held-out items that it reads as they are labelled, 0–1; NaN without any.
    """

    extractor: Extractor
    low: Floats
    high: Floats
    accuracy: float

    @classmethod
    def learning(cls, store: DataStore) -> Generator[float, None, Reader | None]:
        """Learn the training data in short pieces; yields the share that is done, in 0–1.

        Returns ``None`` where the data have no classes, or one alone.
        """
        if store.train_labels is None or len(torch.unique(store.train_labels)) < 2:
            return None
        chosen = torch.linspace(0, len(store.train) - 1, min(MOST, len(store.train))).long()
        shown = store.to_screen(store.train[chosen])
        labels: Labels = store.train_labels[chosen].numpy()
        if shown.dtype == np.uint8:
            low, high = np.zeros(1), np.full(1, 255.0)
        else:
            low, high = (edge.astype(np.float64) for edge in (shown.min(axis=0), shown.max(axis=0)))
        extractor = yield from Extractor.learning(_unit(shown, low, high), labels)
        bare = cls(extractor, low, high, np.nan)
        if store.held_out_labels is None or not len(store.held_out):
            return bare
        read = bare.read(store.to_screen(store.held_out[:MOST]))
        right = float((read == store.held_out_labels[:MOST].numpy()).mean())
        return cls(bare.extractor, low, high, right)

    def read(self, items: Array) -> Labels:
        """The class of each item (n, …), (n,)."""
        return self.extractor.read(_unit(items, self.low, self.high))

    def features(self, items: Array) -> Floats:
        """What it sees in each item before it decides, (n, f)."""
        return self.extractor.features(_unit(items, self.low, self.high))

    def shares(self, items: Array) -> Floats:
        """How probable each class is for each item, (n, k)."""
        return self.extractor.shares(_unit(items, self.low, self.high))


def _unit(items: Array, low: Floats, high: Floats) -> npt.NDArray[np.float32]:
    """Display units as 0–1."""
    wide = np.maximum(high - low, 1e-9)
    return ((np.asarray(items, dtype=np.float64) - low) / wide).astype(np.float32)
