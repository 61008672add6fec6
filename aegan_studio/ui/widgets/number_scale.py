"""The range of a number: bounds, linear or logarithmic, whole or not, and its steps."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aegan_studio.ui.widgets.numbers import nice_step


@dataclass(frozen=True, slots=True)
class NumberScale:
    """Where a number may lie and how it moves.

    ``lo`` and ``hi`` are inclusive bounds or None; ``step`` is one key press on a linear
    scale (None: one for ints, a hundredth of the range for floats). A log scale moves by
    significant figures and may hold 0 as its lowest value. ``soft`` is the usual range, which
    bar and drag span where the bounds are wider or open.
    """

    lo: float | None = None
    hi: float | None = None
    integer: bool = False
    log: bool = False
    step: float | None = None
    soft: tuple[float, float] | None = None

    @property
    def ends(self) -> tuple[float | None, float | None]:
        """The range that bar and drag span: the usual one, else the bounds."""
        return self.soft if self.soft is not None else (self.lo, self.hi)

    @property
    def bounded(self) -> bool:
        """Whether a place within the range can be shown."""
        low, high = self.ends
        return low is not None and high is not None and high > low

    def contains(self, value: float) -> bool:
        """Whether the value is finite and within bounds."""
        return (
            math.isfinite(value)
            and (self.lo is None or value >= self.lo)
            and (self.hi is None or value <= self.hi)
        )

    def clamp(self, value: float) -> float | int:
        """The nearest allowed value, rounded where the number is whole."""
        if self.lo is not None:
            value = max(value, self.lo)
        if self.hi is not None:
            value = min(value, self.hi)
        return round(value) if self.integer else float(value)

    def place(self, value: float) -> float:
        """The place of ``value`` within the bounds, 0–1; 0 where they are open."""
        if not self.bounded:
            return 0.0
        low, high = self._span()
        if not self.log:
            part = (value - low) / (high - low)
        else:
            floor = self._floor()
            if value <= floor:
                return 0.0
            part = math.log(value / floor) / math.log(high / floor)
        return min(max(part, 0.0), 1.0)

    def at(self, place: float) -> float | int:
        """The value at a place 0–1 within the bounds, rounded to sensible figures."""
        low, high = self._span()
        place = min(max(place, 0.0), 1.0)
        if not self.log:
            value = low + place * (high - low)
            if self.integer:
                return self.clamp(value)
            return self.clamp(_round_to(value, self._step() / 10))
        floor = self._floor()
        if place <= 0.0:
            return self.clamp(low)
        value = floor * (high / floor) ** place
        if place >= 1.0:
            value = high
        return self.clamp(float(f"{value:.2g}") if value != high else value)

    def moved(self, value: float, steps: int, size: str = "normal") -> float | int:
        """``value`` moved by key presses; ``size`` is fine, normal or coarse."""
        if self.log:
            return self._moved_log(value, steps, size)
        factor = {"fine": 0.1, "normal": 1.0, "coarse": 10.0}[size]
        step = self._step() * factor
        if self.integer:
            step = max(1.0, round(step))
        return self.clamp(_round_to(value + steps * step, min(step, self._step())))

    def _moved_log(self, value: float, steps: int, size: str) -> float | int:
        floor = self._floor()
        for _ in range(abs(steps)):
            before = value
            if value < floor:
                value = floor if steps > 0 else value
            elif size == "coarse":
                value = value * 10 if steps > 0 else value / 10
            elif size == "fine":
                unit = 10.0 ** (math.floor(math.log10(value) + 1e-9) - 1)
                value = _round_to(value + (unit if steps > 0 else -unit), unit)
            else:
                value = nice_step(value, steps > 0)
            if self.integer and round(value) == round(before):
                value = before + (1 if steps > 0 else -1)
            if value < floor and steps < 0 and self.lo is not None:
                value = self.lo
        return self.clamp(float(f"{value:.12g}"))

    def _floor(self) -> float:
        """The lowest positive value of a log scale."""
        low, high = self.ends
        if low is not None and low > 0:
            return low
        if self.integer:
            return 1.0
        return (high if high else 1.0) * 1e-6

    def _span(self) -> tuple[float, float]:
        low, high = self.ends
        assert low is not None
        assert high is not None
        return low, high

    def _step(self) -> float:
        if self.step is not None:
            return self.step
        if self.integer:
            return 1.0
        if self.bounded:
            low, high = self._span()
            return float(10.0 ** math.floor(math.log10((high - low) / 20)))
        return 0.1


def _round_to(value: float, unit: float) -> float:
    return float(f"{round(value / unit) * unit:.12g}")
