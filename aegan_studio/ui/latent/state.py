"""Where an exploration stands, and the way back: frozen values, the one before is the undo."""

from __future__ import annotations

import string
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

REMEMBERED = 200
"""Moves that can be taken back."""


@dataclass(frozen=True, slots=True, eq=False)
class Pin:
    """A named code: a stop of the walk."""

    name: str
    code: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The current code (d,), empty before the first, and the pins in the order of the walk."""

    code: Floats
    pins: tuple[Pin, ...] = ()

    def with_code(self, code: Floats) -> Standing:
        """The same pins, another code."""
        return replace(self, code=code)

    def with_pins(self, pins: Iterable[Pin]) -> Standing:
        """The same code, other pins."""
        return replace(self, pins=tuple(pins))


NOWHERE = Standing(np.zeros(0))


class History:
    """Standings to go back to and forward again."""

    def __init__(self) -> None:
        self._before: list[Standing] = []
        self._after: list[Standing] = []
        self._gesture: Hashable = None

    @property
    def can_go_back(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._before)

    @property
    def can_go_forward(self) -> bool:
        """Whether something was taken back."""
        return bool(self._after)

    def leave(self, standing: Standing, gesture: Hashable = None) -> None:
        """Remember a standing that is being left; once for a gesture."""
        if gesture is None or gesture != self._gesture:
            self._before.append(standing)
            del self._before[:-REMEMBERED]
            self._after.clear()
        self._gesture = gesture

    def settle(self) -> None:
        """End the gesture."""
        self._gesture = None

    def back(self, now: Standing) -> Standing | None:
        """The standing before, ``None`` where there is none."""
        return self._exchange(self._before, self._after, now)

    def forward(self, now: Standing) -> Standing | None:
        """The standing that was left by going back, ``None`` where there is none."""
        return self._exchange(self._after, self._before, now)

    def clear(self) -> None:
        """Forget everything."""
        self._before.clear()
        self._after.clear()
        self._gesture = None

    def _exchange(
        self, taken: list[Standing], kept: list[Standing], now: Standing
    ) -> Standing | None:
        self._gesture = None
        if not taken:
            return None
        kept.append(now)
        return taken.pop()


def free_name(pins: Iterable[Pin]) -> str:
    """The first letter that no pin has; after Z comes A1."""
    taken = {pin.name for pin in pins}
    for round_ in range(1000):
        for letter in string.ascii_uppercase:
            name = letter if not round_ else f"{letter}{round_}"
            if name not in taken:
                return name
    raise ValueError("too many pins")
