"""Training data learned by heart."""

from __future__ import annotations

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign

NEARER = 0.75
"""Share of samples nearer to training items than to held-out ones."""

KNOWN = 0.75
"""How often D ranks training items above held-out ones."""

GAP = 2.5
"""Error on held-out items over that on training items."""

WORSE = 1.1
"""Held-out error over its least so far."""

WARM_UP = 400


class Memorisation(Detector):
    """Watches copies, what D remembers, and the gap between training and held-out errors."""

    name = "memorisation"
    patience = 3

    def look(self, chart: Chart) -> Sign | None:
        """The strongest of three signs."""
        if not chart.fresh("spread") or chart.step < chart.begun + WARM_UP:
            return None
        return max(
            (self._copies(chart), self._judge(chart), self._gap(chart)),
            key=lambda sign: sign.strength,
        )

    def _copies(self, chart: Chart) -> Sign:
        nearer, distance = chart.vital("nearer-train"), chart.vital("from-train")
        if len(nearer) < 3:
            return NOTHING
        share = float(min(nearer.recent(3)))
        # collapsed samples lie nearer to something by chance
        varied = chart.vital("spread").last > 0.5
        strength = (share - 0.5) / (NEARER - 0.5) if varied and distance.last < 0.9 else 0.0
        return Sign(
            max(strength, 0.0),
            numbers={"held-out.nearer-train": share, "held-out.from-train": distance.last},
            curves={"held-out.nearer-train": NEARER},
        )

    def _judge(self, chart: Chart) -> Sign:
        known = chart.vital("remembered")
        if len(known) < 3:
            return NOTHING
        share = float(min(known.recent(3)))
        return Sign(
            max((share - 0.5) / (KNOWN - 0.5), 0.0),
            about="discriminator",
            numbers={"held-out.remembered": share},
            curves={"held-out.remembered": KNOWN},
        )

    def _gap(self, chart: Chart) -> Sign:
        lost, known = chart.vital("unexplained"), chart.vital("unexplained-train")
        if len(lost) < 4 or self.anatomy.judge:
            return NOTHING
        gap = lost.last / max(known.last, 1e-6)
        worse = lost.last / max(float(lost.values.min()), 1e-9)
        strength = min(gap / GAP, (worse - 1) / (WORSE - 1))
        return Sign(
            max(strength, 0.0),
            about="encoder",
            numbers={"held-out.unexplained": lost.last, "held-out.unexplained-train": known.last},
            curves={"held-out.unexplained": None, "held-out.unexplained-train": None},
        )
