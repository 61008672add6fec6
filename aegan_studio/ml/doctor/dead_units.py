"""Hidden units that say the same whatever comes in."""

from __future__ import annotations

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign

SHARE = 0.92
"""Of a network's hidden units: sound ones with ReLU have up to 86 % that are idle."""

WARM_UP = 300


class DeadUnits(Detector):
    """Watches the shares of dead units of all networks."""

    name = "dead-units"
    patience = 3

    def look(self, chart: Chart) -> Sign | None:
        """The network with the most."""
        names = [name for name in chart.names("dead.") if chart.fresh(name)]
        if not names:
            return None
        if chart.step < chart.begun + WARM_UP:
            return NOTHING
        name = max(names, key=lambda each: min(chart.vital(each).recent(2)))
        share = float(min(chart.vital(name).recent(2)))
        return Sign(
            share / SHARE,
            about=name.partition(".")[2],
            numbers={f"held-out.{name}": share},
            curves={f"held-out.{name}": SHARE},
        )
