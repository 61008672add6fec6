"""What changes in a drawn model while its structure stays, and how its numbers read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt
from PySide6.QtGui import QImage

from aegan_studio.ui.widgets.numbers import MINUS


@dataclass(slots=True)
class ModelState:
    """What changes while the structure stays.

    ``pictures`` and ``points`` hold what the picture nodes show by content: an image, or points
    (n, 2) in −1…1; ``codes`` what the code nodes show, (d,) in −1…1. ``updated`` names the
    networks that the last single phase moved, or is ``None`` outside single-phase stepping.
    """

    values: dict[str, float] = field(default_factory=dict)
    parameters: Mapping[str, int] = field(default_factory=dict)
    pictures: dict[str, QImage] = field(default_factory=dict)
    points: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    codes: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    updated: frozenset[str] | None = None


def value_text(value: float | None, *, share: bool = False) -> str:
    """A term's value in few characters whose number hardly changes as it moves."""
    if value is None or math.isnan(value):
        return "–"
    if share:
        return f"{100 * value:.0f} %"
    size = abs(value)
    if size != 0 and size < 0.001:
        text = f"{value:.1e}".replace("e-0", "e-")
    elif size < 0.1:
        text = f"{value:.3f}"
    elif size < 10:
        text = f"{value:.2f}"
    elif size < 100:
        text = f"{value:.1f}"
    else:
        text = f"{value:,.0f}"
    return text.replace("-", MINUS)
