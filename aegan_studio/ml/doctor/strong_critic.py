"""A discriminator so far ahead that the generator no longer learns from it."""

from __future__ import annotations

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign
from aegan_studio.ml.doctor.trends import improving

RIGHT = 0.95
"""Share of right verdicts above which hardly anything is left to learn from."""

FAR = 0.3
"""Distance to the data above which samples are not good enough to be beaten only by details."""

READINGS = 5
"""Readings over which a generator that learns gets nearer to the data."""

NEARER = 0.08
"""By how much, at least."""


class StrongCritic(Detector):
    """Watches verdicts that are nearly always right while samples do not get better."""

    name = "strong-critic"
    patience = 3

    def look(self, chart: Chart) -> Sign | None:
        """Verdicts right, samples no nearer."""
        if self.anatomy.judge != "discriminator" or self.anatomy.loss == "wasserstein":
            return None
        distance, apart = chart.vital("distance"), chart.vital("told-apart")
        if not chart.fresh("distance") or not self.judged(chart):
            return None
        rights = [name for name in self.anatomy.rights() if name in ("right", "right-x")]
        if self.anatomy.by_sign and rights and len(chart.column(rights[0])):
            name = rights[0]
            right = chart.column(name).recent(5).min()
        elif len(apart):
            name, right = "held-out.told-apart", 2 * apart.recent(3).min() - 1
        else:
            return None
        if len(distance) < READINGS or improving(
            distance.recent(READINGS), by=NEARER, higher=False
        ):
            return NOTHING
        strength = min((1 - RIGHT) / max(1 - right, 1e-3), distance.last / FAR)
        return Sign(
            strength,
            about="discriminator",
            numbers={name: right, "held-out.distance": distance.last},
            curves={name: RIGHT if name in chart.columns else (1 + RIGHT) / 2},
        )
