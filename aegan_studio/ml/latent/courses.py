"""Courses that a slider follows: directions and transports under one amount, kept as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from aegan_studio.ml.latent.directions import (
    Direction,
    Transport,
    basket_direction,
    basket_transport,
)
from aegan_studio.ml.latent.geometry import Floats

How = Literal["transport", "mean", "logistic"]
HOWS: tuple[How, ...] = get_args(How)

BEYOND = 1.5
"""How far a direction goes to arrive: so many times as far beyond the boundary as codes of the
wanted kind lie, their median. At once their distance only half of them would be so far."""

WIDEST = 256
"""Values of a code up to which transports are made: their matrix has the square of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Where a slider leads.

    Its amount counts spreads of the codes along a direction, or the share of the way that a
    transport carries each code; 0 stays.

    Attributes
    ----------
    how : {"transport", "mean", "logistic", "principal"}
        How it was found.
    along : Direction or Transport
    """

    how: Literal["transport", "mean", "logistic", "principal"]
    along: Direction | Transport

    @property
    def dimensions(self) -> int:
        """The number of values in a code."""
        along = self.along
        return len(along.unit if isinstance(along, Direction) else along.start)

    @property
    def in_spreads(self) -> bool:
        """Whether the amount counts spreads, not shares of the way."""
        return isinstance(self.along, Direction)

    @property
    def arrives(self) -> bool:
        """Whether there is a wanted kind to arrive at."""
        return not isinstance(self.along, Direction) or self.along.reach > 0.0

    def moved(self, codes: npt.ArrayLike, amount: float) -> Floats:
        """Codes (…, d) moved by an amount."""
        if isinstance(self.along, Direction):
            return self.along.moved(codes, amount * (self.along.spread or 1.0))
        return self.along.moved(codes, amount)

    def amount_to_arrive(self, code: npt.ArrayLike) -> float:
        """The amount that brings a code (d,) to where the wanted kind lies; 0 without one."""
        if not isinstance(self.along, Direction):
            return 1.0
        if not self.arrives:
            return 0.0
        left = BEYOND * self.along.reach - float(self.along.places(code))
        return left / (self.along.spread or 1.0)

    def arrived(self, codes: npt.ArrayLike) -> Floats:
        """Codes (n, d) brought to where the wanted kind lies."""
        points = np.atleast_2d(np.asarray(codes, dtype=np.float64))
        return np.stack([self.moved(code, self.amount_to_arrive(code)) for code in points])

    def leaning(self, codes: npt.ArrayLike, moved: npt.ArrayLike) -> float:
        """How far codes (n, d) went along this course on average when they moved, in its units.

        Along a transport it is the share of the way between its two means.
        """
        change = (np.asarray(moved, dtype=np.float64) - np.asarray(codes, dtype=np.float64)).mean(0)
        if isinstance(self.along, Direction):
            return float(change @ self.along.unit) / (self.along.spread or 1.0)
        across = self.along.end - self.along.start
        return float(change @ across) / (float(across @ across) or 1.0)

    def to_plain(self) -> dict[str, Any]:
        """Numbers and lists, for JSON."""
        along = self.along
        if isinstance(along, Direction):
            numbers = {"offset": along.offset, "spread": along.spread, "reach": along.reach}
            return {"how": self.how, "unit": along.unit.tolist(), **numbers}
        arrays = {"start": along.start, "end": along.end, "matrix": along.matrix}
        return {"how": self.how, **{name: array.tolist() for name, array in arrays.items()}}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Course:
        """What :meth:`to_plain` wrote.

        Raises
        ------
        ValueError
            Something is missing, of another size, or no finite number.
        """
        try:
            how = plain["how"]
            names = ("start", "end", "matrix") if how == "transport" else ("unit",)
            arrays = [np.asarray(plain[name], dtype=np.float64) for name in names]
            if how == "transport":
                start, end, matrix = arrays
                fits = start.ndim == 1 and matrix.shape == (start.size, start.size)
                along: Direction | Transport = Transport(start, end, matrix)
                fits = fits and end.shape == start.shape and start.size > 0
            elif how in ("mean", "logistic", "principal"):
                (unit,) = arrays
                offset, spread, reach = (
                    float(plain[name]) for name in ("offset", "spread", "reach")
                )
                arrays.append(np.array((offset, spread, reach)))
                fits = unit.ndim == 1 and abs(float(np.linalg.norm(unit)) - 1.0) < 1e-6
                along = Direction(unit, offset, spread, reach)
            else:
                raise ValueError(f"no course is found by {how!r}")
        except (KeyError, TypeError) as error:
            raise ValueError(f"a course lacks {error}") from error
        if not fits or not all(np.isfinite(array).all() for array in arrays):
            raise ValueError("a course has numbers that do not fit together")
        return cls(how, along)


def basket_course(with_it: npt.ArrayLike, without: npt.ArrayLike, how: How = "transport") -> Course:
    """The way from codes without some property (m, d) to codes that have it (n, d).

    "transport" carries every code to a place of its own among the others and needs two codes a
    basket, and at most :data:`WIDEST` values a code; "mean" and "logistic" follow one direction.

    Raises
    ------
    ValueError
        As :func:`~aegan_studio.ml.latent.directions.basket_direction` does.
    """
    if how == "transport":
        wide = np.asarray(with_it).shape[-1]
        if wide > WIDEST:
            raise ValueError(f"codes of {wide} values are too wide for a transport")
        return Course(how, basket_transport(with_it, without))
    return Course(how, basket_direction(with_it, without, how))
