"""Generator and discriminator at rest although samples are unlike the data."""

from __future__ import annotations

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign, below
from aegan_studio.ml.doctor.trends import reach

FAR = 0.3
"""Distance to the data above which samples are unlike them."""

STILL = 0.003
"""How far the generator goes in :data:`READINGS` rounds at least, over its first weights' norm."""

READINGS = 6

STEADY = 0.03
"""By how much the distance may vary meanwhile."""


class StuckPair(Detector):
    """Watches for a generator that does not move while its samples are bad."""

    name = "stuck-pair"
    patience = 3

    def look(self, chart: Chart) -> Sign | None:
        """No way, no progress."""
        if not self.anatomy.judge or not self.anatomy.maker:
            return None
        way = chart.vital(f"travelled.{self.anatomy.maker}")
        distance = chart.vital("distance")
        if way.step != chart.step or len(way) < READINGS or len(distance) < 3:
            return None
        if chart.step < chart.begun + 100 * READINGS:
            return NOTHING
        moved = reach(way.recent(READINGS))
        strength = min(below(moved, STILL), distance.last / FAR)
        if reach(distance.recent(3)) > STEADY * max(distance.last, 1e-9):
            strength = min(strength, 0.6)
        return Sign(
            strength,
            about=self.anatomy.maker,
            numbers={
                f"held-out.travelled.{self.anatomy.maker}": way.last,
                "held-out.distance": distance.last,
            },
            curves={f"held-out.travelled.{self.anatomy.maker}": None, "held-out.distance": FAR},
        )
