"""A discriminator that says the same of everything."""

from __future__ import annotations

import math

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign, below

OPINION = 0.02
"""Standard deviation of logits below which D says the same of everything."""

FAR = 0.25
"""Distance to the data above which there would be something to tell apart."""

COIN = 2 * math.log(2)
"""Loss of a coin toss."""

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
        if chart.step < chart.begun + WARM_UP or not self._at_work(chart):
            return NOTHING
        silent = below(max(opinion.recent(3)), OPINION)
        strength = min(silent, distance.last / FAR)
        return Sign(
            strength,
            about="discriminator",
            numbers={"held-out.opinion": opinion.last, "held-out.distance": distance.last},
            curves={"held-out.opinion": OPINION, "held-out.distance": None},
        )

    def _at_work(self, chart: Chart) -> bool:
        """Whether the loss of D counts: mixers can switch it off."""
        phase = self.anatomy.phase("discriminator")
        if phase is None:
            return False
        losses = [term.name for term in phase.terms if not term.signal]
        return any(chart.active(name) for name in losses if "z" not in name.rpartition("-")[2])
