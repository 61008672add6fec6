"""How fast the edited networks would train, from what layers cost on this computer."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from aegan_studio.experiment import Experiment

BYTES_PER_WEIGHT = 16
"""A weight, its gradient and Adam's two moments, float32."""
BYTES_PER_VALUE = 8
"""A value that a layer makes, and its gradient."""

PER_WEIGHT = 3
"""An update of a weight costs about as much as this many values of an elementwise layer."""
PER_PHASE = 20
"""What a phase costs besides its layers, in layers: the batch, the norms, what is reported."""


def seconds_per_step(experiment: Experiment, inspection: Any, pace: Any) -> float:
    """The time of one training step; NaN where a network does not fit.

    Every phase is taken to run each of its method's networks once forward and backward with the
    whole batch: three times the operations of the forward pass at the measured speed of linear
    layers or convolutions, the values it makes at that of elementwise layers, and what a layer
    costs however small it is. Weights that a phase moves count as :data:`PER_WEIGHT` values, the
    phase itself as :data:`PER_PHASE` layers. Against six recipes trained on one thread it was off
    by a factor of 0.9 to 1.8.

    Parameters
    ----------
    inspection : Inspection
        Shapes and operations of the networks.
    pace : Pace
        What was measured on this computer.
    """
    batch = experiment.training.batch_size
    passes = {name: _pass(report, batch, pace) for name, report in inspection.networks.items()}
    if any(math.isnan(seconds) for seconds in passes.values()):
        return math.nan
    whole = sum(passes.values())
    total = 0.0
    for phase in experiment.phase_infos():
        moved = sum(inspection.networks[name].parameters for name in phase.updates)
        updates = experiment.phases[phase.name].updates
        once = whole + PER_WEIGHT * moved / pace.values + PER_PHASE * pace.layer
        total += updates * once
    return total


def faster(one: Any, other: Any) -> Any:
    """The better of two measurements of a computer's pace, figure by figure."""
    return replace(
        one,
        rows=max(one.rows, other.rows),
        pictures=max(one.pictures, other.pictures),
        values=max(one.values, other.values),
        layer=min(one.layer, other.layer),
    )


def _pass(report: Any, batch: int, pace: Any) -> float:
    """Seconds of one network forward and backward."""
    total = 0.0
    for layer in report.layers:
        if layer.out_shape is None:
            return math.nan
        speed = pace.pictures if len(layer.out_shape) == 3 else pace.rows
        total += 3 * batch * layer.flops / speed + pace.layer
        total += batch * math.prod(layer.out_shape) / pace.values
    return total


def training_bytes(report: Any, batch: int) -> int:
    """Memory that a network's weights and the values it makes of a batch take while training."""
    return BYTES_PER_WEIGHT * int(report.parameters) + BYTES_PER_VALUE * batch * int(report.values)
