"""Vital signs: what is measured of a model in training beside its losses.

:class:`Vitals` takes the measurements that :mod:`aegan_studio.catalog.vitals` lists. Its chance is
its own and its steps are fixed, so that measuring changes no training and a record can be made
again.
"""

from __future__ import annotations

import math

import torch

from aegan_studio.catalog.vitals import vitals_for
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.vitals.subject import Subject

OFTEN = 10
"""Measurements at the start of a training at which every vital sign is taken."""

SELDOM = 5
"""Measurements from one to the next of those that are not light, afterwards."""

SLOW = 512
"""Values in an item from which on training is so slow that measuring often costs little."""

SELDOM_SLOW = 2
"""As :data:`SELDOM`, for such items."""


class Vitals:
    """The vital signs of one training; whoever asks brings ``looking`` up to the weights."""

    def __init__(self, looking: Looking) -> None:
        self._subject = Subject(looking)
        self._infos = vitals_for(looking.experiment)
        slow = math.prod(looking.data.info.shape) >= SLOW
        self._seldom = SELDOM_SLOW if slow else SELDOM

    def measure(self, step: int) -> dict[str, float]:
        """The vital signs due at a step, by the names they are recorded under."""
        every = self._subject.looking.experiment.training.evaluate_every
        number = step // every
        whole = number <= OFTEN or number % self._seldom == 0
        self._subject.refresh()
        found: dict[str, float] = {}
        # samples that are no numbers have no distances; what the trainer sees will say so
        whole = whole and bool(torch.isfinite(self._subject.samples).all())
        for info in self._infos:
            if whole or info.light:
                found.update(info.load()(self._subject))
        self._subject.refresh()  # what was made for this measurement need not be kept
        return found


__all__ = ["Subject", "Vitals"]
