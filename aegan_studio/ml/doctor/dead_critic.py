"""A discriminator that says the same of everything."""

from __future__ import annotations

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign, below
from aegan_studio.ml.doctor.trends import improving

OPINION = 0.02
"""Standard deviation of logits below which D says the same of everything."""

SLOPE = 1e-4
"""Change of the logit over the mean distance of two real items, at samples, below which G learns
nothing from it, whatever D says elsewhere."""

FAR = 0.25
"""Distance to the data above which there would be something to tell apart."""

READINGS = 5
"""Readings over which samples would get nearer to the data if D taught anything."""

WARM_UP = 400
"""Steps in which D may form an opinion."""


class DeadCritic(Detector):
    """Watches for verdicts that are the same for real items and for samples far from them."""

    name = "dead-critic"
    patience = 3

    def look(self, chart: Chart) -> Sign | None:
        """No opinion although there is a difference."""
        opinion, distance = chart.vital("opinion"), chart.vital("distance")
        if not chart.fresh("opinion") or self.anatomy.judge != "discriminator":
            return None
        if chart.step < chart.begun + WARM_UP or not self.judged(chart):
            return NOTHING
        slope = chart.vital("slope")
        silent = below(float(opinion.recent(3).max()), OPINION)
        flat = below(float(slope.recent(3).max()), SLOPE) if len(slope) else 0.0
        strength = min(max(silent, flat), float(distance.recent(3).min()) / FAR)
        if improving(distance.recent(READINGS), by=0.08, higher=False):
            strength = min(strength, 0.6)
        name, series, limit = (
            ("opinion", opinion, OPINION) if silent >= flat else ("slope", slope, SLOPE)
        )
        return Sign(
            strength,
            about="discriminator",
            numbers={f"held-out.{name}": series.last, "held-out.distance": distance.last},
            curves={f"held-out.{name}": limit, "held-out.distance": FAR},
        )
