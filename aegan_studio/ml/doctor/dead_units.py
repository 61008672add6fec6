"""Hidden units that say the same whatever comes in."""

from __future__ import annotations

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign

LIMITS = {"dead": 0.92, "dead-layer": 0.97}
"""Shares of a network's hidden units, and of those of its worst layer: sound networks with ReLU
have up to 86 % that are idle."""

WARM_UP = 300


class DeadUnits(Detector):
    """Watches the shares of dead units of all networks, and of their worst layers."""

    name = "dead-units"
    patience = 3

    def look(self, chart: Chart) -> Sign | None:
        """The network with the most."""
        found: Sign | None = None
        for kind, limit in LIMITS.items():
            for name in chart.names(f"{kind}."):
                if not chart.fresh(name):
                    continue
                if chart.step < chart.begun + WARM_UP:
                    return NOTHING
                share = float(min(chart.vital(name).recent(2)))
                if found is None or share / limit > found.strength:
                    found = Sign(
                        share / limit,
                        about=name.partition(".")[2],
                        numbers={f"held-out.{name}": share},
                        curves={f"held-out.{name}": limit},
                    )
        return found
