"""Which live views there are. One is added by a file of :mod:`ml.views` and an entry here."""

from __future__ import annotations

from collections.abc import Mapping

from aegan_studio.catalog.views.entry import ViewInfo
from aegan_studio.catalog.views.inside import INSIDE
from aegan_studio.catalog.views.plane import PLANE
from aegan_studio.experiment import Experiment

_ALL: tuple[ViewInfo, ...] = (*PLANE, *INSIDE)

VIEWS: Mapping[str, ViewInfo] = {info.name: info for info in _ALL}
"""All views by name, in the order they are offered."""


def views_for(experiment: Experiment) -> tuple[ViewInfo, ...]:
    """The views that an experiment's model and data have."""
    return tuple(info for info in VIEWS.values() if info.fits(experiment))


def parted(want: str) -> tuple[str, str]:
    """What a view is asked for by: its name, and what follows a colon (which layer, which item)."""
    name, _, argument = want.partition(":")
    return name, argument


__all__ = ["VIEWS", "ViewInfo", "parted", "views_for"]
