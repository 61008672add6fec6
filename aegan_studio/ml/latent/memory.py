"""Whether a sample was learnt by heart: its nearest training items, and how near is near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.neighbors import NearestNeighbors

from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.metrics.arrays import Floats, rows


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

    Distances are between items, or between features of items, whichever are given.
    """

    def __init__(self, search: NearestNeighbors, usual: Floats) -> None:
        self._search = search
        self.usual = usual
        """Distances of held-out items to their nearest training item, ascending, (m,)."""

    @classmethod
    def fit(cls, train: npt.ArrayLike, held_out: npt.ArrayLike) -> Self:
        """Prepare the search in training items (N, …) and measure held-out ones (m, …).

        Raises
        ------
        StudioError
            No item was held out: nothing says how near is usual.
        ValueError
            A number is not finite.
        """
        if not len(np.asarray(held_out)):
            raise StudioError(
                msg("No data were held out to compare with."),
                msg("Train with a share of the data held out."),
            )
        search = NearestNeighbors().fit(rows(train))
        return cls(search, np.sort(search.kneighbors(rows(held_out), 1)[0][:, 0]))

    def check(self, samples: npt.ArrayLike, k: int = 6) -> Remembered:
        """The ``k`` nearest training items of samples (n, …), at most all, and percentiles."""
        most = min(k, int(self._search.n_samples_fit_))
        distances, indices = self._search.kneighbors(rows(samples), most)
        return Remembered(indices, distances, self.percentiles(distances[:, 0]))

    def percentiles(self, distances: npt.ArrayLike) -> npt.NDArray[Any]:
        """The share of held-out items that come nearer than distances (n,), in percent.

        Those that come equally near count half.
        """
        given = np.asarray(distances, dtype=np.float64)
        nearer = np.searchsorted(self.usual, given, side="left")
        as_near = np.searchsorted(self.usual, given, side="right")
        found: Floats = 50.0 * (nearer + as_near) / len(self.usual)
        return found
