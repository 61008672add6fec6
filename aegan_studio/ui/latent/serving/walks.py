"""The frames of a walk."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from aegan_studio.ml.latent.walks import travel
from aegan_studio.ui.latent.messages import Walk, Walked
from aegan_studio.ui.latent.serving.desk import Desk


def walk(desk: Desk, request: Walk) -> Iterator[Walked | None]:
    """Decode codes along the path through stops."""
    way = request.way
    codes = travel(request.stops, way.frames, way.kind, loop=way.loop, even=way.even)
    pieces = []
    for piece in desk.model.decoding(codes):
        pieces.append(piece)
        yield None
    yield Walked(codes, np.concatenate(pieces), request.stops, way)
