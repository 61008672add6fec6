"""Axes: round tick values, their labels, the range of values, places of names."""

from __future__ import annotations

import math

import numpy as np

from aegan_studio.ui.widgets.numbers import MINUS
from aegan_studio.ui.widgets.plot_data import Floats


def linear_ticks(lo: float, hi: float, most: int) -> list[float]:
    """At most ``most`` round values within ``lo``–``hi``, at steps of 1, 2, 2.5 or 5 × 10ⁿ."""
    if not (math.isfinite(lo) and math.isfinite(hi)) or hi <= lo:
        return []
    rough = (hi - lo) / max(most, 1)
    unit = 10.0 ** math.floor(math.log10(rough))
    for factor in (1, 2, 2.5, 5, 10, 20, 25, 50):
        step = factor * unit
        first, last = math.ceil(lo / step - 1e-9), math.floor(hi / step + 1e-9)
        if last - first + 1 <= most:
            return [float(f"{k * step:.12g}") for k in range(first, last + 1)]
    return []


def log_ticks(lo: float, hi: float, most: int) -> list[float]:
    """At most ``most`` values within ``10^lo``–``10^hi``: powers of ten, or 1, 2, 5 between."""
    first, last = math.ceil(lo - 1e-9), math.floor(hi + 1e-9)
    powers = [10.0**k for k in range(first, last + 1)]
    if len(powers) >= 2:
        skip = max(1, math.ceil(len(powers) / max(most, 1)))
        return powers[::-1][::skip][::-1]
    fine = [
        m * 10.0**k
        for k in range(math.floor(lo) - 1, math.ceil(hi) + 1)
        for m in (1, 2, 5)
        if lo - 1e-9 <= math.log10(m * 10.0**k) <= hi + 1e-9
    ]
    if 2 <= len(fine) <= most + 1:
        return [float(f"{v:.12g}") for v in fine]
    return [v for v in linear_ticks(10.0**lo, 10.0**hi, most) if v > 0]


def tick_text(value: float, step: float) -> str:
    """A tick's label with the decimals its step needs, thousands separated, true minus."""
    if value == 0:
        return "0"
    if abs(value) >= 1e7 or abs(value) < 1e-4:
        mantissa, exponent = f"{value:.1e}".split("e")
        mantissa = mantissa.removesuffix(".0")
        return f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    places = 0
    while places < 6 and abs(round(step, places) - step) > 1e-9 * abs(step):
        places += 1
    text = f"{value:,.{places}f}"
    return text.replace("-", MINUS)


def tick_texts(values: list[float], *, log: bool = False) -> list[str]:
    """The labels of a whole axis."""
    if log or len(values) < 2:
        return [tick_text(value, value) for value in values]
    step = values[1] - values[0]
    texts = [tick_text(value, step) for value in values]
    if all("." in text or text == "0" for text in texts):
        while all((text.endswith("0") and "." in text) or text == "0" for text in texts):
            texts = [text if text == "0" else text[:-1].rstrip(".") for text in texts]
    return texts


def value_range(arrays: list[Floats], log: bool) -> tuple[float, float]:
    """A pleasant range of values; with ``log`` in powers of ten."""
    parts = [array[np.isfinite(array) & ((array > 0) | (not log))] for array in arrays]
    parts = [part for part in parts if len(part)]
    if not parts:
        return (-1.0, 1.0) if log else (0.0, 1.0)
    lo, hi = min(float(p.min()) for p in parts), max(float(p.max()) for p in parts)
    if log:
        low, high = math.log10(lo), math.log10(hi)
        pad = max((high - low) * 0.05, 0.04)
        return low - pad, high + pad
    if hi == lo:
        pad = abs(hi) * 0.5 or 0.5
        return lo - pad, hi + pad
    pad = (hi - lo) * 0.06
    bottom = 0.0 if 0 <= lo < 0.3 * hi else lo - pad
    top = 0.0 if hi <= 0 and abs(hi) < 0.3 * abs(lo) else hi + pad
    return bottom, top


def spread(wanted: list[float], gap: float, top: float, bottom: float) -> list[float]:
    """Places near ``wanted`` (any order) that keep ``gap`` apart within ``top``–``bottom``."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    groups: list[list[float]] = []
    for i in order:
        groups.append([wanted[i], 1.0])
        while (
            len(groups) > 1
            and groups[-1][0] - groups[-2][0] < gap * (groups[-1][1] + groups[-2][1]) / 2
        ):
            centre, size = groups.pop()
            before, count = groups[-1]
            total = size + count
            groups[-1] = [(centre * size + before * count) / total, total]
    places: list[float] = []
    for centre, size in groups:
        start = centre - gap * (size - 1) / 2
        places.extend(start + gap * k for k in range(int(size)))
    floor = top
    for k, place in enumerate(places):
        places[k] = max(place, floor)
        floor = places[k] + gap
    ceiling = bottom
    for k in range(len(places) - 1, -1, -1):
        places[k] = min(places[k], ceiling)
        ceiling = places[k] - gap
    result = [0.0] * len(wanted)
    for k, i in enumerate(order):
        result[i] = places[k]
    return result
