"""Points of a picture dragged by moving its code."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.latent.dragging import dragging, feature_layers
from aegan_studio.ui.latent.picture_messages import Drag, Dragged, Layered, Layers
from aegan_studio.ui.latent.serving.desk import Desk
from aegan_studio.ui.latent.serving.pictures import BETWEEN


def layers(desk: Desk, request: Layers) -> Iterator[Layered]:
    """Which layers of the generator have maps of features."""
    del request
    yield Layered(feature_layers(desk.model.space()))


def drag(desk: Desk, request: Drag) -> Iterator[Dragged | None]:
    """Move the code until the handles are at their targets."""
    model = desk.model
    if model.store.info.modality != "image":
        raise StudioError(
            msg("Only pictures can be dragged; these data are points in a plane."),
            msg("Drag the code on the map instead."),
        )
    due = 0.0
    for found in dragging(
        model.space(),
        request.code,
        request.handles,
        request.targets,
        mask=None if request.free is None else request.free.astype(np.float32),
        layer=request.layer,
        steps=request.steps,
        rate=request.rate,
        every=1,
    ):
        now = time.perf_counter()
        if now < due and not found.arrived and found.step < found.steps:
            yield None
            continue
        due = now + BETWEEN
        yield Dragged(
            found.step,
            found.steps,
            found.code.astype(np.float64),
            model.decode(found.code[None])[0],
            found.handles,
            found.distances,
            found.arrived,
        )
