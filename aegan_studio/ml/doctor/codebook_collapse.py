"""A codebook of which few entries are used."""

from __future__ import annotations

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign, below

SHARE = 0.1
"""Of the entries: a lower perplexity means that most are idle."""

WARM_UP = 300


class CodebookCollapse(Detector):
    """Watches the perplexity of the entries that held-out items choose."""

    name = "codebook-collapse"
    patience = 3

    def look(self, chart: Chart) -> Sign | None:
        """A perplexity far below the number of entries."""
        entries = getattr(self.anatomy.experiment.method, "entries", 0)
        perplexity = chart.vital("perplexity")
        if not entries or perplexity.step != chart.step:
            return None
        if chart.step < chart.begun + WARM_UP:
            return NOTHING
        return Sign(
            below(max(perplexity.recent(2)), SHARE * entries),
            about="codebook",
            numbers={"held-out.perplexity": perplexity.last},
            curves={"held-out.perplexity": SHARE * entries},
        )
