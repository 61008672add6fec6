"""Stops of a walk by their names: asked for by demos, answered with codes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aegan_studio.ui.latent.requests import QUICK, served


@served("aegan_studio.ui.latent.serving.stops:stops", urgency=QUICK)
@dataclass(frozen=True, slots=True)
class Stops:
    """The codes of ``names``: ``class:4`` typical of a class, ``seed:3`` drawn, ``item:5``."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Stopped:
    """Codes (n, d) of the names asked for."""

    names: tuple[str, ...]
    codes: npt.NDArray[np.float64]
