"""Losses or weights that are no numbers any more, or about to be."""

from __future__ import annotations

import numpy as np

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign

TIMES = 100.0
"""Times its least value so far: a loss that is minimised and has grown so much runs away."""

ROUNDS = 2


class Divergence(Detector):
    """Watches losses of autoencoders for growth; the trainer's own stop is reported at once."""

    name = "divergence"
    patience = 2

    def look(self, chart: Chart) -> Sign | None:
        """A loss that has grown a hundredfold."""
        found = NOTHING
        for phase in self.anatomy.phases:
            if any(role in phase.updates for role in ("discriminator", "latent_discriminator")):
                continue
            for term in phase.terms:
                if term.signal or not term.name.startswith(("rec-x", "importance")):
                    continue
                losses = chart.column(term.name)
                if len(losses) <= ROUNDS or losses.step != chart.step:
                    continue
                values = losses.values
                least = float(values[:-ROUNDS].min())
                now = float(np.min(values[-ROUNDS:]))
                if least > 0 and now / (TIMES * least) > found.strength:
                    found = Sign(
                        now / (TIMES * least),
                        "error",
                        phase.name,
                        {term.name: now},
                        {term.name: TIMES * least},
                    )
        return found
