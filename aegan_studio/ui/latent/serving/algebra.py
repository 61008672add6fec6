"""Arithmetic of codes, and pictures of those that it is done with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from aegan_studio.ml.latent.directions import attributes
from aegan_studio.ui.latent.messages import Array, Found
from aegan_studio.ui.latent.moves_messages import (
    Add,
    Added,
    NearResult,
    ShowCodes,
    Shown,
    ShowTerms,
)
from aegan_studio.ui.latent.serving.desk import Desk


def add(desk: Desk, request: Add) -> Iterator[Added]:
    """A − B + C, or a share of the way there."""
    code = attributes(request.a, request.b, request.c, request.share)
    yield Added(code, desk.model.decode(code[None])[0])


def show(desk: Desk, request: ShowCodes | ShowTerms) -> Iterator[Shown | None]:
    """Decode the codes of wells."""
    filled = [np.asarray(codes) for codes in request.wells if len(codes)]
    pieces: list[Array] = []
    if filled:
        for piece in desk.model.decoding(np.concatenate(filled)):
            pieces.append(piece)
            yield None
    items = np.concatenate(pieces) if pieces else np.zeros((0,))
    found: list[Array | None] = []
    start = 0
    for codes in request.wells:
        found.append(items[start : start + len(codes)] if len(codes) else None)
        start += len(codes)
    yield Shown(tuple(found), request.wells)


def near(desk: Desk, request: NearResult) -> Iterator[Found | None]:
    """Find the training items nearest to what a code decodes to."""
    model = desk.model
    rows, distances = model.nearest(model.decode(request.code[None])[0], request.count)
    for _ in model.surveying():
        yield None
    survey = model.survey()
    codes = survey.codes[rows] if survey.source == "encoded" else None
    yield Found(model.data()[rows], distances, codes)
