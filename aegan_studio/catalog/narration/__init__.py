"""What one update of a phase does, told in sentences: derived from what methods declare.

A method whose update the general words tell poorly has its own in :mod:`overrides`.
"""

from __future__ import annotations

from functools import lru_cache

from aegan_studio.catalog.narration.derive import derived
from aegan_studio.catalog.narration.overrides import OVERRIDES
from aegan_studio.catalog.narration.stages import Formula, Narration, Stage
from aegan_studio.experiment import Experiment

__all__ = ["Formula", "Narration", "Stage", "narration"]


def narration(experiment: Experiment, phase: str) -> Narration:
    """One update of a phase, stage by stage.

    Raises
    ------
    KeyError
        The method has no such phase.
    """
    return _told(experiment.method, experiment.data_info(), phase)


@lru_cache(maxsize=64)
def _told(method: object, data: object, phase: str) -> Narration:
    told = derived(method, data, phase)  # type: ignore[arg-type]
    own = OVERRIDES.get(method.kind)  # type: ignore[attr-defined]
    return own(method, told) if own is not None else told
