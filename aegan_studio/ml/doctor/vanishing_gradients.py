"""Gradients that do not reach what should learn from them."""

from __future__ import annotations

import math

from aegan_studio.ml.doctor.chart import Chart
from aegan_studio.ml.doctor.detector import NOTHING, Detector, Sign, below

SMALL = 1e-6
"""Of the norm of the weights (proposed in the literature's order of magnitude)."""

BEHIND = 0.01
"""Of the way of the whole network: a layer that has gone less does not learn."""

FAR = 0.2
"""Distance to the data, or share lost, above which there is something to learn yet."""

WARM_UP = 400


class VanishingGradients(Detector):
    """Watches gradient norms over weights, and layers that stay where they were."""

    name = "vanishing-gradients"
    patience = 4

    def look(self, chart: Chart) -> Sign | None:
        """Small gradients, or layers without any, in a model that is no good yet."""
        if not any(chart.fresh(name) for name in chart.names("weights.")):
            return None
        if chart.step < chart.begun + WARM_UP:
            return NOTHING
        found = NOTHING
        for phase, roles in self.anatomy.gradients():
            if self.anatomy.experiment.phases[phase].updates == 0:
                continue
            for sign in (self._whole(chart, phase, roles), *self._layers(chart, roles)):
                if sign.strength > found.strength:
                    found = sign
        if found.strength and not self._wanting(chart):
            return NOTHING
        return found

    def _whole(self, chart: Chart, phase: str, roles: tuple[str, ...]) -> Sign:
        name = f"gradient.{phase}"
        gradient = chart.column(name)
        sizes = [chart.vital(f"weights.{role}").last for role in roles]
        size = math.sqrt(sum(value * value for value in sizes if value == value))
        if not len(gradient) or gradient.step != chart.step or size == 0:
            return NOTHING
        found = max(gradient.recent(3)) / size
        # the scale spans orders of magnitude
        strength = 1 + math.log10(SMALL / max(found, 1e-30)) / 3
        return Sign(
            max(0.0, strength),
            about=phase,
            numbers={name: gradient.last},
            curves={name: SMALL * size},
        )

    def _layers(self, chart: Chart, roles: tuple[str, ...]) -> list[Sign]:
        signs = []
        for role in roles:
            way = chart.vital(f"travelled.{role}")
            least = chart.vital(f"travelled-least.{role}")
            if way.step != chart.step or not len(least) or way.last < 1e-4:
                continue
            signs.append(
                Sign(
                    below(least.last / way.last, BEHIND),
                    about=role,
                    numbers={
                        f"held-out.travelled-least.{role}": least.last,
                        f"held-out.travelled.{role}": way.last,
                    },
                    curves={f"held-out.travelled-least.{role}": BEHIND * way.last},
                )
            )
        return signs

    def _wanting(self, chart: Chart) -> bool:
        """Whether the model could be better."""
        lost, distance = chart.vital("unexplained"), chart.vital("distance")
        if len(lost):
            return lost.last > FAR
        return distance.last > FAR if len(distance) else True
