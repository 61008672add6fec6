"""Mode collapse: samples vary less than the data, or kinds of items are missing."""

from __future__ import annotations

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign, below
from aegan_studio.ml.doctor.trends import improving

SPREAD = 0.4
"""Of the mean distance of real items: below it samples are much the same."""

COVERAGE = 0.3
"""Of the real items: below it kinds are missing."""

CLASSES = 0.75
"""Of the classes: fewer of them are missing."""

READINGS = 6
"""Readings over which a model that is still learning gets better."""

BETTER = 0.15
"""By how much, at least."""

WARM_UP = 600
"""Steps in which a generator may unfold."""


class ModeCollapse(Detector):
    """Watches spread, coverage and classes for low values that no longer rise."""

    name = "mode-collapse"
    patience = 3

    def look(self, chart: Chart) -> Sign | None:
        """Low variety that does not get better."""
        if not chart.fresh("spread") or not self.anatomy.judge:
            return None
        spread, coverage = chart.vital("spread"), chart.vital("coverage")
        if len(spread) < READINGS or chart.step < chart.begun + WARM_UP:
            return NOTHING
        if improving(spread.recent(READINGS), by=BETTER, higher=True):
            return NOTHING
        if improving(coverage.recent(READINGS), by=BETTER, higher=True):
            return NOTHING
        narrow = below(max(spread.recent(3)), SPREAD)
        missing = below(max(coverage.recent(3)), COVERAGE)
        numbers = {"held-out.spread": spread.last, "held-out.coverage": coverage.last}
        curves: dict[str, float | None] = {
            "held-out.spread": SPREAD,
            "held-out.coverage": COVERAGE,
        }
        classes = len(self.anatomy.experiment.data_info().classes)
        if classes > 2:
            made = chart.vital("classes-made")
            missing = min(missing, below(max(made.recent(3)), CLASSES * classes))
            numbers["held-out.classes-made"] = made.last
        # samples as wide as the data that miss all of it are lost, not collapsed
        strength = max(narrow, min(missing, below(spread.last, 0.8)))
        return Sign(strength, numbers=numbers, curves=curves)
