"""Gradients or weights that grow without bound."""

from __future__ import annotations

import numpy as np

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign

GROWTH = 30.0
"""Times the usual gradient norm of this training."""

LARGE = 100.0
"""Norm from which on a gradient may count as exploding (ganhacks)."""

OWN = 1000.0
"""Times the norm of the weights: so large from the start and no smaller since, it does too."""

ROUNDS = 3


class ExplodingGradients(Detector):
    """Watches gradient norms against their own past and against the weights."""

    name = "exploding-gradients"
    patience = 2

    def look(self, chart: Chart) -> Sign | None:
        """Norms far above what they were."""
        found = NOTHING
        for phase, roles in self.anatomy.gradients():
            name = f"gradient.{phase}"
            means = chart.column(name)
            if len(means) < ROUNDS or means.step != chart.step:
                continue
            values = means.values
            usual = float(np.median(values[: max(2, len(values) // 2)]))
            size = sum(
                value * value
                for value in (chart.vital(f"weights.{role}").last for role in roles)
                if value == value
            )
            now = float(np.median(values[-ROUNDS:]))
            grown = now / (GROWTH * max(usual, 1e-12))
            large = now / LARGE
            own = now / (OWN * size**0.5) if size and now > 0.5 * usual else 0.0
            strength = max(min(grown, large), min(own, large))
            if strength > found.strength:
                found = Sign(strength, about=phase, numbers={name: now}, curves={name: LARGE})
        return found
