"""Codes that say nothing of the data: the posterior equals the prior."""

from __future__ import annotations

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign, below

NATS = 0.1
"""Nats an item below which a code says nothing."""

ACTIVE = 0.1
"""Share of active code values below which nearly all of the code is idle."""

WARM_UP = 500


class PosteriorCollapse(Detector):
    """Watches the divergence from the prior and the active values."""

    name = "posterior-collapse"
    patience = 3

    def look(self, chart: Chart) -> Sign | None:
        """Hardly any active value, hardly a nat."""
        if not chart.fresh("nats"):
            return None
        nats, active = chart.vital("nats"), chart.vital("active")
        if chart.step < chart.begun + WARM_UP or self._held_back(chart):
            return NOTHING
        strength = max(below(max(nats.recent(2)), NATS), below(max(active.recent(2)), ACTIVE))
        return Sign(
            strength,
            about="encoder",
            numbers={"held-out.nats": nats.last, "held-out.active": active.last},
            curves={"held-out.nats": NATS, "held-out.active": ACTIVE},
        )

    def _held_back(self, chart: Chart) -> bool:
        """Whether the method itself keeps codes empty for now."""
        capacity = chart.column("capacity")
        return len(capacity) > 0 and capacity.last < 10 * NATS
