"""Losses that look good, or run away, while what is made is not good."""

from __future__ import annotations

import numpy as np

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign
from aegan_studio.ml.doctor.trends import improving

FAR = 0.4
"""Distance to the data above which samples are not good."""

FOOLED = 0.62
"""A generator loss that only a fooled D gives: a coin toss gives ln 2 = .693."""

BEATEN = 0.35
"""How often a discriminator that is fooled still ranks real items higher: none does by chance."""

READINGS = 5

RUNAWAY = 50.0
"""A critic's difference that only means that it is not bounded."""

WARM_UP = 500


class MisleadingLoss(Detector):
    """Watches the generator's loss beside the distance to the data."""

    name = "misleading-loss"
    patience = 3

    def look(self, chart: Chart) -> Sign | None:
        """A good loss, bad samples."""
        if not chart.fresh("distance") or not self.judged(chart):
            return None
        distance = chart.vital("distance")
        if len(distance) < READINGS or chart.step < chart.begun + WARM_UP:
            return NOTHING
        if improving(distance.recent(READINGS), by=0.1, higher=False):
            return NOTHING
        far = float(min(distance.recent(3))) / FAR
        name, flatters = self._flatters(chart)
        return Sign(
            min(far, flatters),
            numbers={name: chart.column(name).last, "held-out.distance": distance.last},
            curves={name: None, "held-out.distance": FAR},
        )

    def _flatters(self, chart: Chart) -> tuple[str, float]:
        """The loss in question, and how much better it looks than it is."""
        name = next((n for n in ("loss-g", "adv-x") if len(chart.column(n))), "loss-g")
        losses = chart.column(name)
        if not len(losses):
            return name, 0.0
        now = float(np.mean(losses.recent(5)))
        if self.anatomy.loss == "wasserstein":
            return name, abs(losses.last) / RUNAWAY
        if self.anatomy.logarithmic:
            # a tenth of a nat better than the limit is as clear as it gets
            good = 1 + (FOOLED - now) / 0.2
            apart = chart.vital("told-apart")
            if len(apart):
                good = max(good, (1 - float(apart.recent(3).max())) / (1 - BEATEN))
            return name, good
        return name, 0.0
