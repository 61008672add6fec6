"""Samples that move to and fro instead of settling."""

from __future__ import annotations

import math

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign
from aegan_studio.ml.doctor.trends import swing, turns

READINGS = 8
"""Readings over which samples are watched."""

SWING = 0.5
"""Standard deviations of the data by which their centre moves to and fro."""

WARM_UP = 600


class Oscillation(Detector):
    """Watches the centre of the samples and their distance to the data."""

    name = "oscillation"
    patience = 2

    def look(self, chart: Chart) -> Sign | None:
        """A centre that swings."""
        if not chart.fresh("centre-1") or not self.judged(chart):
            return None
        axes = [chart.vital(f"centre-{axis}") for axis in (1, 2)]
        if len(axes[0]) < READINGS or chart.step < chart.begun + WARM_UP:
            return NOTHING
        recent = [axis.recent(READINGS) for axis in axes if len(axis) >= READINGS]
        wide = math.sqrt(sum(swing(values) ** 2 for values in recent))
        often = max(turns(values) for values in recent)
        strength = wide / SWING if often >= 3 else 0.0
        name = max(zip(recent, ("centre-1", "centre-2"), strict=False), key=lambda p: swing(p[0]))[
            1
        ]
        return Sign(strength, numbers={"swing": wide}, curves={f"held-out.{name}": None})
