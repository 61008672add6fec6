"""Snapshots, decoded codes, random codes, nearest items."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from aegan_studio.catalog.codes import value_names
from aegan_studio.experiment.parts import METHODS
from aegan_studio.ui.latent.messages import (
    Decode,
    Decoded,
    Draw,
    Drawn,
    Load,
    Loaded,
    Peek,
)
from aegan_studio.ui.latent.serving.desk import Desk


def load(desk: Desk, request: Load) -> Iterator[Loaded]:
    """Take on a snapshot."""
    desk.load(request)
    model, info = desk.model, request.experiment.data_info()
    yield Loaded(
        step=model.step,
        dimensions=model.dimensions,
        has_encoder=model.has_encoder,
        method=METHODS.of(request.experiment.method).label,
        modality=info.modality,
        classes=info.classes,
        names=value_names(request.experiment),
        data=model.data() if info.modality == "points" else None,
        shape=info.shape,
        strokes=info.strokes,
        parts=request.experiment.method.code_parts(info),
    )


def decode(desk: Desk, request: Decode | Peek) -> Iterator[Decoded]:
    """Decode one code."""
    start = time.perf_counter()
    item = desk.model.decode(request.code[None])[0]
    yield Decoded(request.code, item, desk.model.step, time.perf_counter() - start)


def draw(desk: Desk, request: Draw) -> Iterator[Drawn]:
    """Draw a code."""
    yield Drawn(desk.model.draw(request.seed)[0].astype(np.float64), request.seed)
