"""The order in which training items are visited."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor


class BatchOrder:
    """An endless sequence of batches of row numbers, a new permutation each epoch.

    The permutation of an epoch follows from the seed and the epoch's number alone, so where the
    order stands is said by two whole numbers. The last, partial batch of an epoch is dropped;
    a batch size of at least ``count`` gives all rows each time.

    Parameters
    ----------
    count : int
        Number of training items.
    batch_size : int
        Rows in a batch.
    seed : int
        The experiment's seed.
    device : torch.device or str
        Where the row numbers live.
    """

    def __init__(
        self, count: int, batch_size: int, seed: int, device: torch.device | str = "cpu"
    ) -> None:
        if count < 1 or batch_size < 1:
            raise ValueError(f"{count} items in batches of {batch_size}")
        self.batch_size = min(batch_size, count)
        self.steps_per_epoch = count // self.batch_size
        self._count = count
        self._seed = seed
        self._device = torch.device(device)
        self._start(0)

    def _start(self, epoch: int, position: int = 0) -> None:
        entropy = np.random.SeedSequence([self._seed, epoch]).generate_state(1, np.uint64)
        generator = torch.Generator().manual_seed(int(entropy[0]) >> 1)
        rows = torch.randperm(self._count, generator=generator).to(self._device)
        used = self.steps_per_epoch * self.batch_size
        self._batches = rows[:used].view(self.steps_per_epoch, self.batch_size)
        self._epoch = epoch
        self._position = position

    def next(self) -> Tensor:
        """The next batch's row numbers, int64 (batch_size,)."""
        if self._position == self.steps_per_epoch:
            self._start(self._epoch + 1)
        batch = self._batches[self._position]
        self._position += 1
        return batch

    @property
    def epoch(self) -> float:
        """How many times the data was gone through, a fraction."""
        return self._epoch + self._position / self.steps_per_epoch

    def state(self) -> dict[str, int]:
        """Where the order stands; :meth:`restore` goes on from there, bit for bit."""
        return {"epoch": self._epoch, "position": self._position}

    def restore(self, state: Mapping[str, int | Tensor]) -> None:
        """Stand where ``state`` was taken; raises :class:`ValueError` where that cannot be."""
        epoch, position = int(state["epoch"]), int(state["position"])
        if epoch < 0 or not 0 <= position <= self.steps_per_epoch:
            raise ValueError(f"there is no batch {position} of epoch {epoch}")
        self._start(epoch, position)
