"""Training data learned by heart."""

from __future__ import annotations

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign
from aegan_studio.ml.doctor.trends import improving

NEARER = 0.75
"""Share of samples nearer to training items than to held-out ones."""

KNOWN = 0.72
"""How often D ranks training items above held-out ones."""

KNOWN_BY_ENERGY = 0.85
"""The same of a D that rebuilds items: it knows those best that it has learned to rebuild."""

SHOWS = 0.68
"""Share of samples nearer to training items at which what D remembers shows in them, and how
often D must then rank training items higher. Healthy GANs of a thousand digits reach a D of .8
while their samples stay near a half."""

GAP = 3.5
"""Error on held-out items over that on training items."""

LOST = 0.05
"""Share of held-out items lost below which a gap is no matter."""

READINGS = 4
"""Readings over which held-out items get no better any more."""

WARM_UP = 400


class Memorisation(Detector):
    """Watches copies, what D remembers, and the gap between training and held-out errors."""

    name = "memorisation"
    patience = 3

    def look(self, chart: Chart) -> Sign | None:
        """The strongest of three signs."""
        if not chart.fresh("spread") or chart.step < chart.begun + WARM_UP:
            return None
        signs = (self._copies(chart), self._judge(chart), self._gap(chart))
        grave = [sign for sign in signs if sign.severity != "info" and sign.strength >= 1]
        return max(grave or signs, key=lambda sign: sign.strength)

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
        nearer = chart.vital("nearer-train")
        shown = float(min(nearer.recent(3))) if len(nearer) >= 3 else 0.5
        limit = KNOWN if self.anatomy.loss else KNOWN_BY_ENERGY
        if shown < SHOWS:  # D has, G has not: the samples are as good as they look
            return Sign(
                max((share - 0.5) / (limit - 0.5), 0.0),
                "info",
                about="discriminator",
                numbers={"held-out.remembered": share},
                curves={"held-out.remembered": limit},
            )
        limit = min(limit, SHOWS) if self.anatomy.loss else limit
        return Sign(
            max((share - 0.5) / (limit - 0.5), 0.0),
            about="discriminator",
            numbers={"held-out.remembered": share, "held-out.nearer-train": shown},
            curves={"held-out.remembered": limit, "held-out.nearer-train": SHOWS},
        )

    def _gap(self, chart: Chart) -> Sign:
        lost, known = chart.vital("unexplained"), chart.vital("unexplained-train")
        if len(lost) < READINGS or self.anatomy.judge:
            return NOTHING
        gap = lost.last / max(known.last, 1e-6)
        strength = min(gap / GAP, lost.last / LOST)
        if improving(lost.recent(READINGS), by=0.02, higher=False):
            strength = min(strength, 0.6)
        return Sign(
            max(strength, 0.0),
            about="encoder",
            numbers={"held-out.unexplained": lost.last, "held-out.unexplained-train": known.last},
            curves={"held-out.unexplained": None, "held-out.unexplained-train": None},
        )
