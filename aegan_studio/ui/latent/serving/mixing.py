"""Mixtures of codes: rows give the one, columns the other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from aegan_studio.catalog.codes import class_part
from aegan_studio.ml.latent.mixing import Strand, mixtures, parts_of, taken, values_of
from aegan_studio.ui.latent.messages import Floats
from aegan_studio.ui.latent.serving.desk import Desk
from aegan_studio.ui.latent.serving.walks import in_turn
from aegan_studio.ui.latent.walk_messages import Mix, Mixed


def mix(desk: Desk, request: Mix) -> Iterator[Mixed | None]:
    """Decode rows, columns and their mixtures."""
    model = desk.model
    d = model.dimensions
    strands = parts_of(model.experiment) if request.level == "parts" else values_of(d)
    labels = tuple(strand.label for strand in strands)
    asked = class_part(model.experiment)
    chosen = _chosen(request, strands)
    if len(strands) < 2 or not len(request.rows):
        none, empty = np.zeros((0, d)), model.data()[:0]
        told = asked is not None
        yield Mixed(
            request, labels, chosen, told, none, none[None], empty, empty, empty, complete=True
        )
        return
    columns = _columns(desk, request)
    codes = mixtures(request.rows, columns, taken(strands, chosen, d))
    flat = np.concatenate((request.rows, columns, codes.reshape(-1, d)))
    r, c = len(request.rows), len(columns)
    for items, complete in in_turn(desk, flat, np.arange(len(flat)), r + c + r):
        if items is None:
            yield None
            continue
        yield Mixed(
            request,
            labels,
            chosen,
            asked is not None,
            columns,
            codes,
            items[r + c :],
            items[:r],
            items[r : r + c],
            complete,
        )


def _chosen(request: Mix, strands: tuple[Strand, ...]) -> tuple[int, ...]:
    """What columns give: the latter half, where nothing fitting was chosen."""
    if request.chosen is not None and all(0 <= index < len(strands) for index in request.chosen):
        return request.chosen
    return tuple(range((len(strands) + 1) // 2, len(strands)))


def _columns(desk: Desk, request: Mix) -> Floats:
    model = desk.model
    if request.columns is None:
        asked = class_part(model.experiment)
        if asked is not None:
            eye = np.eye(asked[0].stop - asked[0].start)
            codes = np.tile(request.rows[0], (len(eye), 1))
            codes[:, asked[0]] = eye
            return codes
        return request.rows
    if isinstance(request.columns, np.ndarray):
        return request.columns
    drawn = [model.draw(int(seed))[0] for seed in request.columns]
    return np.stack(drawn).astype(np.float64)
