"""Whether numbers rise, fall, stand still or swing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


def change(values: Values) -> float:
    """The mean of the later half over that of the earlier; NaN for fewer than two values."""
    if len(values) < 2:
        return float("nan")
    half = len(values) // 2
    before, after = values[:half].mean(), values[-half:].mean()
    return float(after / before) if before != 0 else float("nan")


def improving(values: Values, *, by: float, higher: bool) -> bool:
    """Whether the later half is better than the earlier by a share, e.g. .1 for a tenth.

    Too few values to tell count as improving: there is no hurry.
    """
    found = change(values)
    if found != found:
        return True
    return found > 1 + by if higher else found < 1 - by


def rising(values: Values, *, by: float, least: float) -> bool:
    """Whether the later half is above the earlier by a share and by an amount."""
    half = len(values) // 2
    if half == 0:
        return False
    before, after = values[:half].mean(), values[-half:].mean()
    return bool(after > before * (1 + by) and after > before + least)


def swing(values: Values) -> float:
    """The root mean square of how values leave their straight trend, in the values' own units."""
    n = len(values)
    if n < 4:
        return 0.0
    steps = np.arange(n, dtype=np.float64)
    rest = values - np.polyval(np.polyfit(steps, values, 1), steps)
    return float(np.sqrt(np.square(rest).mean()))


def turns(values: Values) -> int:
    """How often values cross their mean."""
    signs = np.sign(values - values.mean())
    signs = signs[signs != 0]
    return int((np.diff(signs) != 0).sum())


def reach(values: Values) -> float:
    """The greatest minus the least."""
    return float(values.max() - values.min()) if len(values) else 0.0
