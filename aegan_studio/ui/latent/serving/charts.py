"""The map: the codes of the data on a plane, and what lies behind them."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator

import numpy as np
import numpy.typing as npt

from aegan_studio.ml.latent.embedding import Embedded
from aegan_studio.ml.latent.explorer import Survey
from aegan_studio.ml.latent.projection import Projection
from aegan_studio.ui.latent.map_messages import Complete
from aegan_studio.ui.latent.messages import Chart, Charted, Floats, PlaneChoice, Sheet, Sheeted
from aegan_studio.ui.latent.serving.desk import Desk
from aegan_studio.ui.latent.serving.embedding import laid, places_of

RESPONSES = 512
"""Draws from the prior that the directions of most change are found from."""
LEADING = 10
"""Leading directions found at once, to choose from."""
_RESPONSE = "directions of most change"


def chart(desk: Desk, request: Chart) -> Iterator[Charted | None]:
    """Lay the codes of the data out on a plane."""
    for _ in desk.model.surveying():
        yield None
    yield from _charted(desk, desk.model.whole, request.choice)


def complete(desk: Desk, request: Complete) -> Iterator[Charted | None]:
    """Encode what the chart left out; it grows meanwhile."""
    model = desk.model
    if not model.has_survey:
        return  # a newer snapshot is in place: its own chart comes first
    for survey in model.completing():
        if survey is None:
            yield None
        elif desk.ready and desk.model is model and model.whole is survey:
            yield from _charted(desk, survey, request.choice)


def _charted(desk: Desk, survey: Survey, choice: PlaneChoice) -> Iterator[Charted | None]:
    start = time.perf_counter()
    model = desk.model
    known = laid(desk, choice.kind) if choice.kind in ("tsne", "umap") else None
    shares = None
    if known is not None and known.rows[-1] < len(survey.codes):
        plane: Projection | Embedded = known.plane(survey.codes)
        desk.plane = plane
        places = yield from places_of(known.plane(survey.codes), known.rows, survey.codes)
    else:
        plane, shares = yield from _plane_of(desk, survey, choice)
        desk.plane = plane
        places = plane.project(survey.codes)
    if places.shape[1] == 1:
        places = np.column_stack((places, _spread_out(len(places))))
    yield Charted(
        model.step,
        survey.source,
        survey.prior,
        plane,
        survey.codes,
        places,
        survey.labels,
        survey.held_out,
        survey.center,
        survey.spread,
        survey.low,
        survey.high,
        desk.keep("ends", lambda: _parted(survey.codes, survey.labels)),
        time.perf_counter() - start,
        numbers=model.numbers(np.arange(len(survey.codes))) if model.has_encoder else None,
        total=model.surveyable,
        shares=shares,
    )


def _plane_of(
    desk: Desk, survey: Survey, choice: PlaneChoice
) -> Generator[None, None, tuple[Projection, Floats | None]]:
    """The plane, and the shares of all leading directions."""
    d, indices = desk.model.dimensions, choice.indices
    if choice.kind == "codes" and all(len(code) == d for code in choice.through):
        return Projection.through(choice.through), None
    if choice.kind == "values" or d <= 2:
        within = indices if max(indices) < d else (0, 1)
        return Projection.of_values(d, within[: min(2, d)]), None
    count = min(LEADING, d)
    if survey.source == "encoded":
        count = min(count, max(len(survey.codes) - 1, 1))
        whole = desk.keep(
            ("leading", len(survey.codes)), lambda: Projection.fit(survey.codes, count)
        )
    else:
        whole = yield from _response(desk, survey, count)
    chosen = indices if choice.kind == "leading" and max(indices) < len(whole.axes) else (0, 1)
    plane = whole.only(chosen)
    if isinstance(desk.plane, Projection):
        plane = plane.facing(desk.plane)
    return plane, whole.explained[:count]


def _response(desk: Desk, survey: Survey, count: int) -> Generator[None, None, Projection]:
    """The directions of most change; found anew each time the training doubles in length."""
    model = desk.model
    known: Projection | None
    known, step = desk.hold(_RESPONSE, lambda: (None, 0))
    if known is None or model.step >= 2 * step or len(known.axes) < count:
        codes = survey.codes[:RESPONSES]
        pieces = []
        for piece in model.decoding(codes):
            pieces.append(piece)
            yield
        known = Projection.fit_response(codes, np.concatenate(pieces), max(count, LEADING))
        desk.let_go(_RESPONSE)
        desk.hold(_RESPONSE, lambda: (known, max(model.step, 1)))
    return known


def sheet(desk: Desk, request: Sheet) -> Iterator[Sheeted | None]:
    """Decode a grid over a rectangle of the plane."""
    if desk.plane is None:
        return
    left, bottom, width, height = request.rect
    across = left + width * (np.arange(request.columns) + 0.5) / request.columns
    down = bottom + height * (np.arange(request.rows)[::-1] + 0.5) / request.rows
    grid = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    plane = desk.plane
    codes = plane.unproject(grid[:, : len(plane.indices)], request.base)
    pieces = []
    for piece in desk.model.decoding(codes):
        pieces.append(piece)
        yield None
    items = np.concatenate(pieces)
    yield Sheeted(desk.model.step, request.rect, request.columns, request.rows, items)


def _spread_out(count: int) -> Floats:
    """Heights in ±0.5 that keep the points of a line apart, always the same."""
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    heights: Floats = (np.arange(count) * golden) % 1.0 - 0.5
    return heights


def _parted(
    codes: npt.NDArray[np.float32], labels: npt.NDArray[np.int64] | None
) -> tuple[Floats, Floats]:
    """Two of the codes to walk between: typical of the two classes that lie farthest apart.

    Without classes, or where they lie over each other: two of the more usual codes on opposite
    sides.
    """
    points = codes.astype(np.float64)
    offsets = points - points.mean(axis=0)
    away = np.linalg.norm(offsets, axis=1)
    if labels is not None and len(kinds := np.unique(labels)) > 1:
        middles = np.stack([np.median(points[labels == kind], axis=0) for kind in kinds])
        gaps = np.linalg.norm(middles[:, None] - middles[None], axis=-1)
        if gaps.max() > np.median(away):
            one, other = np.unravel_index(int(gaps.argmax()), gaps.shape)
            return (
                _typical(points, labels == kinds[one], middles[one]),
                _typical(points, labels == kinds[other], middles[other]),
            )
    usual = np.argsort(np.abs(away - np.median(away)), kind="stable")[: len(away) // 2 + 1]
    first = usual[0]
    return points[first], points[usual[(offsets[usual] @ offsets[first]).argmin()]]


def _typical(points: Floats, mine: npt.NDArray[np.bool_], middle: Floats) -> Floats:
    rows = np.flatnonzero(mine)
    nearest: Floats = points[rows[((points[rows] - middle) ** 2).sum(axis=1).argmin()]]
    return nearest
