"""Live views: what each shows, computed from one look at a model."""

from __future__ import annotations

from collections.abc import Iterable

from aegan_studio.catalog.views import VIEWS, parted
from aegan_studio.experiment.views import View
from aegan_studio.ml.looking import Looking


def views_of(looking: Looking, wants: Iterable[str]) -> dict[str, View]:
    """What the wanted views show now, by what they were asked for; unknown ones are left out."""
    found: dict[str, View] = {}
    for want in wants:
        name, argument = parted(want)
        info = VIEWS.get(name)
        view = info.load()(looking, argument) if info and info.fits(looking.experiment) else None
        if view is not None:
            found[want] = view
    return found
