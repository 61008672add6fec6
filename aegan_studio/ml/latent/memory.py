"""Whether a sample was learnt by heart: its nearest training items, and how near is near."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.metrics.arrays import Floats

Result = TypeVar("Result")
Pieces = Generator[float, None, Result]
"""Work in short pieces: yields the share that is done, 0–1, and returns the result."""

PIECE_SECONDS = 0.006
"""How long a piece of work should take."""

AT_ONCE = 128
"""Samples that are measured together: a block of training items is read once for them."""
NUMBERS = 1_000_000
"""Products of a first piece, about; later ones are as large as the time allows."""
SPARE = 8
"""Candidates measured exactly beyond those asked for: the search itself rounds."""


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """The training items nearest to samples.

    Attributes
    ----------
    indices : ndarray, shape (n, k), intp
        Rows of the training items, the nearest first.
    distances : ndarray, shape (n, k)
        Euclidean, ascending.
    percentiles : ndarray, shape (n,)
        Where the nearest distance lies among those of held-out items, 0–100: 50 is as near as a
        new item of the data commonly comes, 0 is nearer than any of them, a copy perhaps.
    """

    indices: npt.NDArray[np.intp]
    distances: Floats
    percentiles: Floats


class Memory:
    """Training items to search, and how near held-out items come to them.

    Distances are between items, or between features of items, whichever are given; those of
    pictures of bytes are over values in 0–1.

    Parameters
    ----------
    train : array_like, shape (N, …)
        N ≥ 1. Bytes are kept as bytes: a large dataset needs no second copy of numbers.
    usual : array_like, shape (m,)
        Distances of held-out items to their nearest training item.
    """

    def __init__(self, train: npt.ArrayLike, usual: npt.ArrayLike = ()) -> None:
        if not np.size(train):
            raise ValueError("there are no training items")
        self._train = _rows(train)
        self._unit = 1 / 255 if self._train.dtype == torch.uint8 else 1.0
        self._squares = torch.empty(0)
        self.usual: Floats = np.sort(np.asarray(usual, dtype=np.float64))
        """Distances of held-out items to their nearest training item, ascending, (m,)."""

    def __len__(self) -> int:
        """The number of training items."""
        return len(self._train)

    @classmethod
    def fit(cls, train: npt.ArrayLike, held_out: npt.ArrayLike) -> Self:
        """Take in training items (N, …) and measure held-out ones (m, …).

        Raises
        ------
        StudioError
            No item was held out: nothing says how near is usual.
        ValueError
            A number is not finite.
        """
        return whole(cls.fitting(train, held_out))

    @classmethod
    def fitting(cls, train: npt.ArrayLike, held_out: npt.ArrayLike) -> Pieces[Self]:
        """:meth:`fit` in short pieces of work."""
        if not len(np.asarray(held_out)):
            raise StudioError(
                msg("No data were held out to compare with."),
                msg("Train with a share of the data held out."),
            )
        memory = cls(train)
        _, distances = yield from memory.finding(held_out, 1)
        memory.usual = np.sort(distances[:, 0])
        return memory

    def check(self, samples: npt.ArrayLike, k: int = 6) -> Remembered:
        """The ``k`` nearest training items of samples (n, …), at most all, and percentiles."""
        return whole(self.checking(samples, k))

    def checking(self, samples: npt.ArrayLike, k: int = 6) -> Pieces[Remembered]:
        """:meth:`check` in short pieces of work."""
        indices, distances = yield from self.finding(samples, k)
        return Remembered(indices, distances, self.percentiles(distances[:, 0]))

    def finding(self, samples: npt.ArrayLike, k: int = 6) -> Pieces[tuple[Any, Floats]]:
        """The ``k`` nearest training items of samples (n, …), in short pieces of work.

        Returns
        -------
        indices : ndarray, shape (n, k), intp
            At most all; the nearest first, of equally near ones the first.
        distances : ndarray, shape (n, k), float64
        """
        asked = _rows(samples)
        if asked.shape[1:] != self._train.shape[1:]:
            raise ValueError(f"items of {asked.shape[1]} values, not {self._train.shape[1]}")
        most = min(k, len(self))
        indices = np.zeros((len(asked), most), dtype=np.intp)
        distances = np.zeros((len(asked), most))
        yield from self._measure_lengths()
        for start in range(0, len(asked), AT_ONCE):
            part = asked[start : start + AT_ONCE]
            done, here = start / len(asked), len(part) / len(asked)
            candidates = yield from self._candidates(part, min(most + SPARE, len(self)), done, here)
            for row, (sample, found) in enumerate(zip(part, candidates, strict=True), start):
                indices[row], distances[row] = self._exactly(sample, found, most)
                if row % 16 == 15:
                    yield done + here
        return indices, distances

    def percentiles(self, distances: npt.ArrayLike) -> npt.NDArray[Any]:
        """The share of held-out items that come nearer than distances (n,), in percent.

        Those that come equally near count half.
        """
        return percentiles(self.usual, distances)

    def _measure_lengths(self) -> Pieces[None]:
        """Squared lengths of all training items, once."""
        if len(self._squares):
            return
        parts, size = [], max(1, NUMBERS // self._train.shape[1])
        for start in range(0, len(self), size):
            block = self._train[start : start + size].float()
            parts.append((block * block).sum(dim=1))
            yield 0.0
        self._squares = torch.cat(parts)

    def _candidates(self, part: Tensor, count: int, done: float, here: float) -> Pieces[Tensor]:
        """Rows (n, count) that hold the nearest training items, by rounded distances.

        ``done`` and ``here`` are the shares of the samples before and in this part.
        """
        wanted = part.float().T.contiguous()
        best = torch.zeros((part.shape[0], 0))
        rows = torch.zeros((part.shape[0], 0), dtype=torch.int64)
        start, size = 0, max(64, NUMBERS // (part.shape[0] * self._train.shape[1]))
        while start < len(self):
            stop = min(start + size, len(self))
            began = time.perf_counter()
            block = self._train[start:stop].float()
            away = torch.addmm(self._squares[start:stop, None], block, wanted, alpha=-2.0).T
            near, where = away.topk(min(count, stop - start), dim=1, largest=False)
            best, rows = torch.cat((best, near), 1), torch.cat((rows, where + start), 1)
            if best.shape[1] > count:
                best, order = best.topk(count, dim=1, largest=False)
                rows = rows.gather(1, order)
            share = PIECE_SECONDS / max(time.perf_counter() - began, 1e-6)
            size = max(16, int((stop - start) * min(max(share, 0.5), 2.0)))
            start = stop
            yield done + here * start / len(self)
        return rows

    def _exactly(self, sample: Tensor, rows: Tensor, count: int) -> tuple[Any, Floats]:
        rows = rows.sort().values
        offsets = self._train[rows].double() - sample.double()
        away = offsets.square().sum(dim=1).sqrt().numpy() * self._unit
        order = np.argsort(away, kind="stable")[:count]
        return rows.numpy()[order], away[order]


def whole(pieces: Pieces[Result]) -> Result:
    """All pieces of a work at once."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            result: Result = end.value
            return result


def percentiles(usual: npt.ArrayLike, distances: npt.ArrayLike) -> npt.NDArray[Any]:
    """The share of usual distances (m,), ascending, that are below others (n,), in percent.

    Those that are equal count half.
    """
    known, given = np.asarray(usual), np.asarray(distances, dtype=np.float64)
    nearer = np.searchsorted(known, given, side="left")
    as_near = np.searchsorted(known, given, side="right")
    found: Floats = 50.0 * (nearer + as_near) / len(known)
    return found


def _rows(items: npt.ArrayLike) -> Tensor:
    """Items (n, …) as rows (n, d): bytes as they are, everything else as float64."""
    array = np.asarray(items)
    if array.dtype != np.uint8:
        array = array.astype(np.float64)
        if not np.isfinite(array).all():
            raise ValueError("distances take finite numbers")
    return torch.from_numpy(np.ascontiguousarray(array.reshape(len(array), -1)))
