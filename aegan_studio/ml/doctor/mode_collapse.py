"""Mode collapse: samples vary less than the data, or kinds of items are missing."""

from __future__ import annotations

import numpy as np

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign, below
from aegan_studio.ml.doctor.trends import reach, rising

SPREAD = 0.4
"""Of the mean distance of real items: below it samples are much the same."""

COVERAGE = 0.3
"""Of the real items: below it most of the data have no sample near them."""

CLASSES = 0.6
"""Of the classes: below it kinds are missing."""

READINGS = 6
"""Readings over which a generator that is still learning gets better."""

BETTER = 0.25
"""By how much, at least."""

WIDER = 0.1
"""By how much such a generator's samples spread, at least."""

FOOLED = 0.9
"""Share of right verdicts above which the fault is not the generator's alone."""

MOVES = 0.003
"""How far the weights of a generator go in so many readings if it learns at all."""

WARM_UP = 600
"""Steps in which a generator may unfold."""


class ModeCollapse(Detector):
    """Watches spread, coverage and classes for low values that no longer rise.

    The generator must pass for real with what it makes: one that never has is not collapsed but
    beaten.
    """

    name = "mode-collapse"
    patience = 3

    def look(self, chart: Chart) -> Sign | None:
        """Low variety that does not get better."""
        if not chart.fresh("spread") or self.anatomy.judge != "discriminator":
            return None
        spread, coverage = chart.vital("spread"), chart.vital("coverage")
        if len(spread) < READINGS or chart.step < chart.begun + WARM_UP:
            return NOTHING
        if not self.judged(chart) or self._beaten(chart) or self._still(chart):
            return NOTHING
        # the newest counts by itself too: one that has just opened up is on its way
        narrow = below(max(float(np.median(spread.recent(4))), spread.last), SPREAD)
        missing = below(float(coverage.recent(4).max()), COVERAGE)
        strength = min(narrow, missing)
        learning = rising(coverage.recent(READINGS), by=BETTER, least=0.02)
        # one that hops from mode to mode covers now more and now less, but varies no more
        if learning and rising(spread.recent(READINGS), by=WIDER, least=0.0):
            strength = min(strength, 0.6)
        numbers = {"held-out.spread": spread.last, "held-out.coverage": coverage.last}
        classes = len(self.anatomy.experiment.data_info().classes)
        if classes > 2:
            made = chart.vital("classes-made")
            few = below(float(np.median(made.recent(4))), CLASSES * classes)
            strength = max(strength, min(few, missing, 0.6 if learning else 2.0))
            numbers["held-out.classes-made"] = made.last
        return Sign(
            strength,
            about=self.anatomy.maker,
            numbers=numbers,
            curves={"held-out.spread": SPREAD, "held-out.coverage": COVERAGE},
        )

    def _still(self, chart: Chart) -> bool:
        """Whether the generator does not move: then it has lost nothing, it never had it."""
        way = chart.vital(f"travelled.{self.anatomy.maker}")
        return len(way) > 1 and reach(way.recent(READINGS)) < MOVES

    def _beaten(self, chart: Chart) -> bool:
        """Whether samples hardly ever pass for real."""
        right = next(
            (chart.column(name) for name in ("right", "right-x") if chart.active(name)), None
        )
        if right is not None and self.anatomy.by_sign:
            return float(right.recent(3).min()) > FOOLED
        return chart.vital("told-apart").last > 0.99
