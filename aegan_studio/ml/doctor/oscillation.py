"""Samples that move to and fro instead of settling."""

from __future__ import annotations

import math

import numpy as np

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign
from aegan_studio.ml.doctor.trends import swing, turns

READINGS = 8
"""Readings over which samples are watched."""

SWING = 0.5
"""Standard deviations of the data by which their centre moves to and fro."""

TURNS = 3
"""How often it crosses its mean meanwhile, at least."""

FAR = 0.4
"""Distance to the data above which samples are not good: near the data they may still sway."""

WARM_UP = 600


class Oscillation(Detector):
    """Watches the centre of the samples and their distance to the data."""

    name = "oscillation"
    patience = 2

    def look(self, chart: Chart) -> Sign | None:
        """A centre that swings."""
        if not chart.fresh("centre-1") or not self.judged(chart):
            return None
        axes = {name: chart.vital(name) for name in ("centre-1", "centre-2")}
        recent = {n: axis.recent(READINGS) for n, axis in axes.items() if len(axis) >= READINGS}
        if not recent or chart.step < chart.begun + WARM_UP:
            return NOTHING
        swings = {name: swing(values) for name, values in recent.items()}
        widest = max(swings, key=lambda name: swings[name])
        wide = math.sqrt(sum(value * value for value in swings.values()))
        often = max(turns(values) for values in recent.values())
        distances = chart.vital("distance").recent(READINGS)
        far = float(np.median(distances)) / FAR if len(distances) else 0.0
        strength = min(wide / SWING, far) if often >= TURNS else 0.0
        return Sign(
            strength,
            about=self.anatomy.maker,
            numbers={"held-out.distance": chart.vital("distance").last},
            curves={f"held-out.{widest}": None, "held-out.distance": None},
        )
