"""Values about zero as colours: one hue below, another above, the ground itself at zero."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from aegan_studio.ui.theme import Theme, mix

ENDS = {"dark": ("#FF8A5C", "#0D0F12", "#A5ADFF"), "light": ("#B3420E", "#EFEFEB", "#3A43C4")}
"""Below, at and above zero. Vermilion and indigo are no roles, and keep apart for every eye;
zero is a shade off the surface, so that a picture of nothing is there."""

STEPS = 256

Values = npt.NDArray[np.floating[Any]]


@cache
def ramp(theme: Theme) -> npt.NDArray[np.uint8]:
    """Colours (256, 3) from the lowest value over zero to the highest."""
    below, zero, above = ENDS[theme.name]
    half = STEPS // 2
    colours = [mix(below, zero, index / half) for index in range(half)]
    colours += [mix(zero, above, (index + 1) / half) for index in range(half)]
    return np.array([(c.red(), c.green(), c.blue()) for c in colours], np.uint8)


def reach_of(values: Values, quantile: float = 0.998) -> float:
    """The size that gets the full colour: nearly the largest, so that one value rules not all."""
    sizes = np.abs(values[np.isfinite(values)])
    if not sizes.size:
        return 1.0
    return float(np.quantile(sizes, quantile)) or float(sizes.max()) or 1.0


def coloured(values: Values, reach: float, theme: Theme) -> npt.NDArray[np.uint8]:
    """Values (n, H, W) between −reach and reach as pictures (n, H, W, 3).

    With a last axis of three colours each goes from dark at −reach over grey to bright.
    """
    places = np.nan_to_num(np.clip(values / reach, -1, 1))
    if values.ndim == 4:
        shades: npt.NDArray[np.uint8] = np.rint((places + 1) * 127.5).astype(np.uint8)
        return shades
    index = np.minimum((places + 1) * (STEPS / 2), STEPS - 1).astype(np.intp)
    found: npt.NDArray[np.uint8] = ramp(theme)[index]
    return found
