"""Scaling of data to the range the networks work in, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from aegan_studio.experiment.parts import Scaling

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scaler:
    """The affine map ``(x - shift) / spread`` over the last axis or over everything.

    Attributes
    ----------
    shift : tuple of float
        One value, or one for each coordinate of a point.
    spread : float
        One value: points keep their proportions, pictures their contrast.
    low, high : float
        Bounds of the raw values: the medium's, or the training sample's.
    """

    shift: tuple[float, ...]
    spread: float
    low: float
    high: float

    @classmethod
    def fit(
        cls, raw: Floats, scaling: Scaling, low: float | None = None, high: float | None = None
    ) -> Self:
        """Fit to training data.

        Parameters
        ----------
        raw : ndarray, (N, \\*item)
            Training items in their own units. Vectors, (N, d), are centred by coordinate;
            anything else shares one shift.
        scaling : {"unit", "symmetric", "standard"}
            To [0, 1], to [−1, 1], or to mean 0 and variance 1.
        low, high : float, optional
            Bounds of the medium; without them the sample's, which later items may exceed.
        """
        axes = (0,) if raw.ndim == 2 else tuple(range(raw.ndim))
        lows, highs = (np.atleast_1d(bound(raw, axis=axes)) for bound in (np.min, np.max))
        if low is not None and high is not None:
            lows, highs = (np.full_like(lows, value) for value in (low, high))
        lows, highs = lows.astype(np.float64), highs.astype(np.float64)
        if scaling == "standard":
            shift = np.atleast_1d(raw.mean(axis=axes, dtype=np.float64))
            spread = float(np.sqrt(np.mean(raw.var(axis=axes, dtype=np.float64))))
        else:
            # The widest coordinate fills the range and the others are centred in it.
            span = float((highs - lows).max())
            centre = (lows + highs) / 2
            shift = centre - span / 2 if scaling == "unit" else centre
            spread = span if scaling == "unit" else span / 2
        return cls(
            shift=tuple(float(value) for value in shift),
            spread=spread or 1.0,  # constant data: only centred
            low=float(lows.min()),
            high=float(highs.max()),
        )

    def scale(self, raw: npt.NDArray[Any]) -> Floats:
        """Raw values to the networks' range, float32; computed in double precision."""
        scaled: Floats = ((raw - self._shift()) / self.spread).astype(np.float32)
        return scaled

    def unscale(self, scaled: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """The inverse of :meth:`scale`, in double precision: exact to float32 rounding."""
        raw: npt.NDArray[np.float64] = scaled.astype(np.float64) * self.spread + self._shift()
        return raw

    def _shift(self) -> npt.NDArray[np.float64] | float:
        return np.array(self.shift) if len(self.shift) > 1 else self.shift[0]

    def to_plain(self) -> dict[str, Any]:
        """Plain data that :meth:`from_plain` reads."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The scaler that :meth:`to_plain` wrote."""
        return cls(
            shift=tuple(float(value) for value in plain["shift"]),
            spread=float(plain["spread"]),
            low=float(plain["low"]),
            high=float(plain["high"]),
        )
