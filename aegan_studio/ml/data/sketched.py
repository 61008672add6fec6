"""Points over a drawing: as dense as its ink, and on its spots."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aegan_studio.catalog.datasets.sketch import Drawn
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.data.points import chance
from aegan_studio.ml.data.raw import RawData
from aegan_studio.sketches import CELL, FULL, Sketch

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def sketched(options: Drawn, seed: int) -> RawData:
    """Points of the density that the drawing's ink has between the middles of its cells.

    Between them it is interpolated bilinearly, so that the edges of cells leave no trace. Spots
    come evenly, each once where as many points are asked for as there are spots and no ink.
    Noise is added to all; the labels are the places of the colours among those in use.

    Raises
    ------
    StudioError
        Where nothing is drawn.
    """
    sketch = options.sketch()
    if sketch.is_blank:
        raise StudioError(msg("Nothing is drawn yet."), msg("Paint something, or import it."))
    rng = chance(seed)
    ink = float(sketch.ink.sum()) / FULL
    on_spots = round(options.count * len(sketch.spots) / (len(sketch.spots) + ink))
    parts = (
        _over_ink(sketch, options.count - on_spots, rng),
        _on_spots(sketch, on_spots, rng),
    )
    points, colours = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = rng.permutation(options.count)
    points = points[order] + options.noise * rng.standard_normal((options.count, 2))
    labels = np.searchsorted(sketch.used, colours[order]) if len(sketch.used) > 1 else None
    return RawData(points.astype(np.float32), labels)


def _over_ink(sketch: Sketch, count: int, rng: np.random.Generator) -> tuple[Floats, Labels]:
    if not count:
        return np.empty((0, 2)), np.empty(0, np.int64)
    rows, columns = np.nonzero(sketch.ink)
    weights = sketch.ink[rows, columns].astype(np.float64)
    chosen = rng.choice(len(rows), size=count, p=weights / weights.sum())
    middles = np.stack(
        [(columns[chosen] + 0.5) * CELL - 1, 1 - (rows[chosen] + 0.5) * CELL], axis=1
    )
    # the sum of two even spreads is a tent: what bilinear interpolation is made of
    spread = rng.random((count, 2)) + rng.random((count, 2)) - 1
    colours = sketch.colours[rows[chosen], columns[chosen]].astype(np.int64)
    return middles + CELL * spread, colours


def _on_spots(sketch: Sketch, count: int, rng: np.random.Generator) -> tuple[Floats, Labels]:
    spots = len(sketch.spots)
    if not count:
        return np.empty((0, 2)), np.empty(0, np.int64)
    whole = np.tile(np.arange(spots), count // spots)
    chosen = np.concatenate((whole, rng.permutation(spots)[: count % spots]))
    return sketch.spots[chosen], sketch.spot_colours[chosen].astype(np.int64)
