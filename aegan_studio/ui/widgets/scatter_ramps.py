"""Colours for a number: a ramp that gets steadily stronger, told apart by every eye."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from aegan_studio.ui.theme import Theme

Floats = npt.NDArray[np.float64]

STEPS = 64
"""Shades of a ramp."""
_ANCHORS = {
    "light": ("#F3C14B", "#E0784F", "#A2417F", "#55308A", "#1E1A4F"),
    "dark": ("#4F47A8", "#9A4FA3", "#DE6A84", "#F5A76A", "#FCEFA9"),
}
"""From little to much: ever darker on paper, ever brighter on a dark ground."""
_TO_CONES = np.array(
    (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
)
_TO_LAB = np.array(
    (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
)


def ramp(theme: Theme) -> tuple[str, ...]:
    """The :data:`STEPS` colours ``#RRGGBB`` of a theme, from little to much.

    Between five anchors in Oklab (Ottosson 2020), at even steps of its lightness, which goes one
    way only: the order can be read without telling any hues apart.
    """
    return _ramp(theme.name)


@cache
def _ramp(name: str) -> tuple[str, ...]:
    anchors = np.stack([oklab(color) for color in _ANCHORS[name]])
    light = np.linspace(anchors[0, 0], anchors[-1, 0], STEPS)
    order = np.argsort(anchors[:, 0])
    lab = np.stack(
        [np.interp(light, anchors[order, 0], anchors[order, axis]) for axis in range(3)], axis=1
    )
    return tuple(_hex(row) for row in lab)


def oklab(color: str) -> Floats:
    """Lightness, green–red and blue–yellow of ``#RRGGBB``, (3,)."""
    rgb = np.array([int(color[start : start + 2], 16) for start in (1, 3, 5)]) / 255.0
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    found: Floats = _TO_LAB @ np.cbrt(_TO_CONES @ linear)
    return found


def _hex(lab: Floats) -> str:
    linear = np.linalg.solve(_TO_CONES, np.linalg.solve(_TO_LAB, lab) ** 3)
    linear = np.clip(linear, 0.0, 1.0)
    rgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(value) * 255):02X}" for value in rgb)
