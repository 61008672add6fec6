"""What the map shows beside its points: decoded tiles, items, losses, densities, neighbours."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.latent.embedding import density, nearest_codes
from aegan_studio.ui.latent.map_messages import (
    DecodeTiles,
    FindNeighbours,
    ItemsShown,
    Measured,
    MeasureDensity,
    MeasureLosses,
    Neighbours,
    ShowItems,
    Tiled,
)
from aegan_studio.ui.latent.serving.desk import Desk

AT_ONCE = 24
"""Items of the data handed over at once."""
OFTEN = 0.25
"""Seconds between two answers of a measure that goes on."""


def decode_tiles(desk: Desk, request: DecodeTiles) -> Iterator[Tiled]:
    """Decode cells in the order asked for, and hand them over as they come."""
    start = 0
    for items in desk.model.decoding(request.codes):
        stop = start + len(items)
        yield Tiled(request.key, request.cells[start:stop], items)
        start = stop


def show_items(desk: Desk, request: ShowItems) -> Iterator[ItemsShown | None]:
    """The pictures of some items."""
    for _ in desk.model.surveying():
        yield None
    for start in range(0, len(request.rows), AT_ONCE):
        rows = request.rows[start : start + AT_ONCE]
        yield ItemsShown(rows, desk.model.items(rows))


def measure_losses(desk: Desk, request: MeasureLosses) -> Iterator[Measured | None]:
    """Rebuild every item."""
    del request
    model = desk.model
    for _ in model.surveying():
        yield None
    if not model.has_encoder:
        raise StudioError(
            msg("This method has no encoder: nothing is rebuilt."),
            msg("Colour the map by something else."),
        )
    # not in the order of the data: early answers already speak of all of it
    order = np.random.default_rng(0).permutation(len(model.whole.codes))
    values = np.full(len(order), np.nan)
    done, said = 0, time.perf_counter()
    for losses in model.rebuilding(order):
        values[order[done : done + len(losses)]] = losses
        done += len(losses)
        if time.perf_counter() - said > OFTEN and done < len(order):
            said = time.perf_counter()
            yield Measured("loss", values.copy(), done / len(order))
        else:
            yield None
    yield Measured("loss", values, 1.0)


def measure_density(desk: Desk, request: MeasureDensity) -> Iterator[Measured]:
    """Count what lies about each place."""
    del desk
    yield Measured("density", density(request.places), 1.0)


def find_neighbours(desk: Desk, request: FindNeighbours) -> Iterator[Neighbours | None]:
    """The items whose codes are nearest."""
    model = desk.model
    for _ in model.surveying():
        yield None
    rows, distances = nearest_codes(model.whole.codes, request.code, request.count, request.metric)
    yield Neighbours(request.code, rows, distances, model.items(rows), request.metric)
