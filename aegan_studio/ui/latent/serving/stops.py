"""Stops of a walk by their names."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from aegan_studio.catalog import codes as meanings
from aegan_studio.messages import StudioError, msg
from aegan_studio.ui.latent.serving.desk import Desk
from aegan_studio.ui.latent.stops_messages import Stopped, Stops

HANDWRITING = 46
"""The seed of what a conditional model varies beside the class: the same for all classes."""


def stops(desk: Desk, request: Stops) -> Iterator[Stopped | None]:
    """Find a code for each name; raises :class:`StudioError` for what these data lack."""
    for _ in desk.model.surveying():
        yield None
    found = [_code(desk, *name.split(":", 1)) for name in request.names]
    yield Stopped(request.names, np.stack(found).astype(np.float64))


def _code(desk: Desk, kind: str, value: str) -> npt.NDArray[np.float32]:
    model = desk.model
    if kind == "seed":
        return np.asarray(model.draw(int(value))[0])
    survey = model.survey()
    if kind == "item":
        return np.asarray(survey.codes[int(value) % len(survey.codes)])
    experiment = model.experiment
    if meanings.class_part(experiment) is not None:
        return np.asarray(meanings.of_class(experiment, model.draw(HANDWRITING), value)[0])
    classes = experiment.data_info().classes
    if survey.labels is None or survey.source != "encoded" or value not in classes:
        raise StudioError(
            msg("There is no class called “{name}”.", name=value),
            msg("Choose stops on the map instead."),
        )
    mine = survey.codes[survey.labels == classes.index(value)]
    middle = np.median(mine, axis=0)
    return np.asarray(mine[np.square(mine - middle).sum(axis=1).argmin()])
