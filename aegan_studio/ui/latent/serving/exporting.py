"""Comparing two codes, decoding what is kept anew, and writing codes to files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from aegan_studio.files import write_atomically
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.latent.projection import Projection
from aegan_studio.ml.latent.walks import travel
from aegan_studio.runs.codes import CodeTable, checked_ending, encoding
from aegan_studio.ui.latent.keep_messages import (
    Blend,
    Blended,
    Redecode,
    Redecoded,
    Sampled,
    SamplePrior,
    WriteCodes,
    Writing,
    Written,
)
from aegan_studio.ui.latent.messages import Array
from aegan_studio.ui.latent.serving.desk import Desk
from aegan_studio.ui.latent.serving.memory import distance

STEPS = 257
"""Codes of a blend: its slider has as many places."""


def blend(desk: Desk, request: Blend) -> Iterator[Blended]:
    """Decode two codes and one between them."""
    ends = np.stack((request.a, request.b))
    share = min(max(request.share, 0.0), 1.0)
    if share in (0.0, 1.0) or np.array_equal(request.a, request.b):
        code = ends[round(share)]
    else:
        path = travel(ends, STEPS, request.kind)
        code = path[round(share * (STEPS - 1))]
    a, b, between = desk.model.decode(np.stack((*ends, code)))
    yield Blended(request, a, b, code, between, distance(a, b))


def redecode(desk: Desk, request: Redecode) -> Iterator[Redecoded | None]:
    """Decode codes with the weights in place."""
    parts = []
    for part in desk.model.decoding(request.codes):
        parts.append(part)
        yield None
    if parts:
        yield Redecoded(request.codes, np.concatenate(parts), desk.model.step)


def sample(desk: Desk, request: SamplePrior) -> Iterator[Writing | Sampled | None]:
    """Draw from the prior and decode."""
    model, parts, done = desk.model, [], 0
    codes: Array
    if request.codes is None:
        for _ in model.surveying():
            yield None
        codes = model.draw(request.seed, request.count)
    else:
        codes = request.codes
    for part in model.decoding(codes):
        parts.append(part)
        done += len(part)
        yield Writing(done / len(codes))
    yield Sampled(request, codes, np.concatenate(parts), model.step)


def write_codes(desk: Desk, request: WriteCodes) -> Iterator[Writing | Written | None]:
    """Write the codes of the data or of samples; the file appears as a whole."""
    ending = checked_ending(request.path)
    model = desk.model
    for _ in model.surveying():
        yield None
    if request.codes is not None:
        table = CodeTable(request.codes, names=request.names, step=model.step)
    elif request.samples:
        table = CodeTable(model.draw(request.seed, request.samples), step=model.step)
    elif not model.has_encoder:
        raise StudioError(
            msg("This model has no encoder, so its data have no codes."),
            msg("Export samples instead."),
        )
    else:
        for _ in model.completing():
            yield None
        table = _of_data(desk)
    if request.components:
        places = Projection.fit(model.whole.codes, 2).project(table.codes)
        if places.shape[1] < 2:
            places = np.column_stack((places, np.zeros(len(places))))
        table = replace(table, components=places)
    parts, total, made = [], max(1, table.codes.size * 11), 0
    for part in encoding(table, ending):
        parts.append(part)
        made += len(part)
        yield Writing(min(made / total, 1.0))
    write_atomically(request.path, b"".join(parts))
    yield Written(request.path, len(table.codes))


def _of_data(desk: Desk) -> CodeTable:
    """All surveyed codes, by the dataset's rows: training items first, then held-out ones."""
    model = desk.model
    survey, store = model.whole, model.store
    numbers = model.numbers(np.arange(len(survey.codes)))
    order = np.argsort(numbers, kind="stable")
    rows = np.concatenate((store.train_rows, store.held_out_rows))[numbers]
    return CodeTable(
        survey.codes[order],
        None if survey.labels is None else survey.labels[order],
        store.info.classes,
        held_out=survey.held_out[order],
        rows=rows[order],
        step=model.step,
    )
