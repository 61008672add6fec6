"""The numbers behind a plot: growing buffers, a debiased running mean, peak-true thinning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
BLOCK = 64
"""Points summarised by one entry of the coarse level."""


class Buffer:
    """An append-only array of floats that grows by half, so that appending costs O(n) in all."""

    def __init__(self) -> None:
        self._data: Floats = np.empty(1024)
        self._size = 0

    def __len__(self) -> int:
        """How many numbers it holds."""
        return self._size

    @property
    def view(self) -> Floats:
        """The numbers, without a copy; valid until the next append."""
        return self._data[: self._size]

    def append(self, values: Floats) -> None:
        """Add numbers at the end."""
        need = self._size + len(values)
        if need > len(self._data):
            grown = np.empty(max(need, len(self._data) * 3 // 2))
            grown[: self._size] = self._data[: self._size]
            self._data = grown
        self._data[self._size : need] = values
        self._size = need

    def clear(self) -> None:
        """Forget all."""
        self._size = 0


class Average:
    """An exponential running mean, debiased as Adam's: early values are not pulled to zero.

    ``weight`` in 0–0.99 is the share kept of the past. NaN is skipped and stays NaN.
    """

    def __init__(self, weight: float) -> None:
        self.weight = weight
        self._state = 0.0
        self._scale = 1.0
        powers = np.arange(BLOCK, dtype=np.float64)
        gaps = powers[:, None] - powers[None, :]
        decay = np.where(gaps >= 0, weight ** np.maximum(gaps, 0), 0.0)
        self._matrix: Floats = (1.0 - weight) * decay
        self._decay: Floats = np.power(np.float64(weight), powers + 1.0)

    def extend(self, values: Floats) -> Floats:
        """The running mean at each of the next values."""
        if self.weight <= 0.0:
            return values.copy()
        known = np.isfinite(values)
        result = np.full(len(values), np.nan)
        result[known] = self._extend(values[known])
        return result

    def _extend(self, values: Floats) -> Floats:
        count = len(values)
        if count == 0:
            return values
        rows = -(-count // BLOCK)
        padded = np.zeros(rows * BLOCK)
        padded[:count] = values
        local = padded.reshape(rows, BLOCK) @ self._matrix.T
        last, whole = local[:, -1].tolist(), float(self._decay[-1])
        carries, state = [], self._state
        for tail in last:
            carries.append(state)
            state = tail + whole * state
        local += np.array(carries)[:, None] * self._decay
        flat: Floats = local.reshape(-1)[:count]
        self._state = float(flat[-1])
        # Once the first values weigh nothing there is no bias left to take away.
        biased = min(count, _steps_until(self._scale, self.weight))
        if biased:
            scale = self._scale * self.weight ** np.arange(1.0, biased + 1.0)
            flat[:biased] /= 1.0 - scale
            self._scale = float(scale[-1])
        return flat


def _steps_until(scale: float, weight: float, floor: float = 1e-17) -> int:
    """How many steps of a running mean until its bias, now ``scale``, is below ``floor``."""
    return 0 if scale <= floor else int(np.ceil(np.log(floor / scale) / np.log(weight))) + 1


class _Peaks:
    """Lowest and highest of every whole block of a growing array."""

    def __init__(self) -> None:
        self.low, self.high = Buffer(), Buffer()

    def update(self, values: Floats) -> None:
        """Summarise the blocks that have become whole."""
        done = len(self.low)
        whole = len(values) // BLOCK
        if whole > done:
            blocks = values[done * BLOCK : whole * BLOCK].reshape(-1, BLOCK)
            self.low.append(np.fmin.reduce(blocks, axis=1))
            self.high.append(np.fmax.reduce(blocks, axis=1))


@dataclass(frozen=True, slots=True)
class Band:
    """Steps and the lowest and highest value at each; the same array twice where not thinned."""

    x: Floats
    low: Floats
    high: Floats

    @property
    def thinned(self) -> bool:
        """Whether a column stands for several points."""
        return self.low is not self.high


class Series:
    """One named curve: steps that never decrease, values (NaN is a gap), and their mean."""

    def __init__(self, smoothing: float) -> None:
        self._x, self._y, self._mean = Buffer(), Buffer(), Buffer()
        self._peaks, self._mean_peaks = _Peaks(), _Peaks()
        self._average = Average(smoothing)

    def __len__(self) -> int:
        """How many points it holds."""
        return len(self._x)

    @property
    def x(self) -> Floats:
        """The steps."""
        return self._x.view

    @property
    def y(self) -> Floats:
        """The values, exactly as they came."""
        return self._y.view

    @property
    def mean(self) -> Floats:
        """The running mean."""
        return self._mean.view

    def append(self, x: Floats, y: Floats) -> None:
        """Add points at the end."""
        self._x.append(x)
        self._y.append(y)
        self._mean.append(self._average.extend(y))
        self._peaks.update(self.y)
        self._mean_peaks.update(self.mean)

    def set_smoothing(self, weight: float) -> None:
        """Compute the mean anew with another weight, 0–0.99."""
        self._average = Average(weight)
        self._mean, self._mean_peaks = Buffer(), _Peaks()
        self._mean.append(self._average.extend(self.y))
        self._mean_peaks.update(self.mean)

    def thinned(self, x0: float, x1: float, pixels: int, *, mean: bool) -> Band:
        """What ``pixels`` columns of ``x0``–``x1`` show: every peak, and a point beyond each end.

        Buckets lie at fixed multiples, so that a curve does not shimmer while it pans.
        """
        x = self.x
        y = self.mean if mean else self.y
        first = max(int(np.searchsorted(x, x0, "left")) - 1, 0)
        last = min(int(np.searchsorted(x, x1, "right")) + 1, len(x))
        count = last - first
        if 24 * count <= max(pixels, 1):  # longer lines are too slow to stroke
            part = y[first:last]
            return Band(x[first:last], part, part)
        stride = 2 ** max(int(np.floor(np.log2(count / max(pixels, 1)))), 0)
        if stride < BLOCK:
            return _from_points(x, y, first, last, stride)
        peaks = self._mean_peaks if mean else self._peaks
        return _from_peaks(x, y, peaks, first, last, stride // BLOCK)


def _from_points(x: Floats, y: Floats, first: int, last: int, stride: int) -> Band:
    begin = first // stride * stride
    starts = np.arange(0, last - begin, stride)
    part = y[begin:last]
    return Band(x[begin + starts], np.fmin.reduceat(part, starts), np.fmax.reduceat(part, starts))


def _from_peaks(x: Floats, y: Floats, peaks: _Peaks, first: int, last: int, stride: int) -> Band:
    begin = first // (BLOCK * stride) * stride
    end = min(-(-last // BLOCK), len(peaks.low))
    if end <= begin:
        return _from_points(x, y, first, last, BLOCK * stride)
    starts = np.arange(0, end - begin, stride)
    low = np.fmin.reduceat(peaks.low.view[begin:end], starts)
    high = np.fmax.reduceat(peaks.high.view[begin:end], starts)
    at = x[(begin + starts) * BLOCK]
    if end * BLOCK < last:
        rest = y[end * BLOCK : last]
        at = np.append(at, x[last - 1])
        low, high = np.append(low, np.fmin.reduce(rest)), np.append(high, np.fmax.reduce(rest))
    return Band(at, low, high)
