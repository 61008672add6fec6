"""Which vital signs of a model in training are measured.

One is added by a function in :mod:`aegan_studio.ml.vitals` and an entry here.
"""

from __future__ import annotations

from collections.abc import Mapping

from aegan_studio.catalog.vitals.codes import CODES
from aegan_studio.catalog.vitals.critic import CRITICS
from aegan_studio.catalog.vitals.entry import Figure, VitalInfo
from aegan_studio.catalog.vitals.networks import NETWORKS
from aegan_studio.catalog.vitals.plane import PLANE
from aegan_studio.catalog.vitals.samples import SAMPLES
from aegan_studio.experiment import Experiment

_ALL: tuple[VitalInfo, ...] = (*SAMPLES, *PLANE, *CRITICS, *CODES, *NETWORKS)


def _once(infos: tuple[VitalInfo, ...]) -> Mapping[str, VitalInfo]:
    names = [figure.name for info in infos for figure in info.figures]
    if len(set(names)) < len(names) or len({info.name for info in infos}) < len(infos):
        raise ValueError("a vital sign or a figure is registered twice")
    return {info.name: info for info in infos}


VITALS: Mapping[str, VitalInfo] = _once(_ALL)
"""All vital signs by name."""

FIGURES: Mapping[str, Figure] = {figure.name: figure for info in _ALL for figure in info.figures}
"""All numbers they give, by name."""


def vitals_for(experiment: Experiment) -> tuple[VitalInfo, ...]:
    """The vital signs that an experiment's model and data have."""
    return tuple(info for info in VITALS.values() if info.fits(experiment))


def figure(recorded: str) -> tuple[Figure, str] | None:
    """The figure recorded under a name, and the role of the network it is of ("" for none)."""
    name, _, role = recorded.partition(".")
    found = FIGURES.get(name)
    return None if found is None or found.by_role != bool(role) else (found, role)


__all__ = ["FIGURES", "VITALS", "Figure", "VitalInfo", "figure", "vitals_for"]
