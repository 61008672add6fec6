"""Sweeps along values or directions, and the manifold over two values."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from aegan_studio.catalog.codes import value_names
from aegan_studio.messages import Message, StudioError, msg
from aegan_studio.ml.latent.directions import Direction, principal_directions
from aegan_studio.ml.latent.explorer import PART_BOUNDS, LatentModel
from aegan_studio.ml.latent.projection import Projection
from aegan_studio.ml.latent.walks import manifold_grid, quantiles, value_kinds
from aegan_studio.ui.latent.messages import Floats
from aegan_studio.ui.latent.serving.desk import Desk
from aegan_studio.ui.latent.serving.walks import in_turn
from aegan_studio.ui.latent.walk_messages import Manifold, Manifolded, Sweep, Swept

MOST_ROWS = 64
"""Rows of a sweep at most; of longer codes those that vary most."""
LEADING = 8
"""Directions that a sweep follows at most."""
RESPONSES = 256
"""Draws that directions of most change are found from, where there is no encoder."""
PROBES = 6
"""Codes that the change along a row is measured at."""
_DIRECTIONS = "sweeps: directions"


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """What a row leads along: a direction, with a name; of values, which and its bounds."""

    label: Message | str
    number: int
    direction: Direction
    note: Message | str = ""
    value: int | None = None
    bounds: tuple[float, float] = (-np.inf, np.inf)


class _Changes:
    """How much each row changes items, measured anew when the training doubles in length."""

    def __init__(self) -> None:
        self.step = -1
        self.known: npt.NDArray[np.float64] | None = None

    def under(self, step: int, rows: int) -> npt.NDArray[np.float64] | None:
        """What was measured, (r,), if it holds for this step and as many rows."""
        stale = step >= 2 * max(self.step, 1) or step < self.step
        return None if stale or self.known is None or len(self.known) != rows else self.known


def sweep(desk: Desk, request: Sweep) -> Iterator[Swept | None]:
    """A row for each value or direction: every other column first, then all; then in order."""
    model = desk.model
    for _ in model.surveying():
        yield None
    if request.along == "values":
        rows = _value_rows(model)
    else:
        rows = yield from _direction_rows(desk)
    measured = desk.hold(("sweeps: changes", request.along), _Changes)
    changes = measured.under(model.step, len(rows))
    whole: Swept | None = None
    for swept in _swept(desk, request, rows, changes):
        whole = swept or whole
        yield swept
    if request.order == "number" or changes is not None or whole is None:
        return
    found = np.empty(len(rows))
    for number, row in enumerate(rows):
        found[number] = yield from _change(model, row.direction)
    measured.step, measured.known = model.step, found
    order = np.argsort(-found, kind="stable")
    items = whole.items.reshape(len(rows), request.columns, *whole.items.shape[1:])[order]
    yield Swept(
        request,
        tuple(whole.labels[number] for number in order),
        tuple(whole.notes[number] for number in order),
        tuple(whole.numbers[number] for number in order),
        whole.places[order],
        found[order],
        whole.codes[order],
        items.reshape(whole.items.shape),
        True,
    )


def _swept(
    desk: Desk, request: Sweep, rows: list[_Row], changes: npt.NDArray[np.float64] | None
) -> Iterator[Swept | None]:
    order = np.arange(len(rows))
    if request.order == "change" and changes is not None:
        order = np.argsort(-changes, kind="stable")
    seen = np.full(len(rows), np.nan) if changes is None else changes[order]
    chosen = [rows[number] for number in order]
    columns = request.columns
    places = np.stack([_places(row, request) for row in chosen])
    codes = np.stack(
        [_moved(row, request.code, at) for row, at in zip(chosen, places, strict=True)]
    )
    flat = codes.reshape(-1, codes.shape[-1])
    number = np.arange(len(flat)).reshape(len(chosen), columns)
    first = number[:, (np.arange(columns) - columns // 2) % 2 == 0].ravel()
    turn = np.concatenate((first, np.setdiff1d(number.ravel(), first)))
    names = tuple(row.label for row in chosen), tuple(row.note for row in chosen)
    numbers = tuple(row.number for row in chosen)
    for items, complete in in_turn(desk, flat, turn, len(first)):
        if items is None:
            yield None
        else:
            yield Swept(request, *names, numbers, places, seen, codes, items, complete)


def _places(row: _Row, request: Sweep) -> Floats:
    """Where the columns of a row stand: the current code is in the middle of them."""
    half = request.columns // 2
    wide = request.reach * row.direction.spread
    if row.value is None:
        return np.linspace(-request.reach, request.reach, request.columns)
    here = float(request.code[row.value])
    low, high = (
        max(here - wide, min(row.bounds[0], here)),
        min(here + wide, max(row.bounds[1], here)),
    )
    down, up = np.linspace(low, here, half + 1), np.linspace(here, high, half + 1)
    return np.concatenate((down, up[1:]))


def _moved(row: _Row, code: Floats, places: Floats) -> Floats:
    codes = np.tile(np.asarray(code, dtype=np.float64), (len(places), 1))
    if row.value is not None:
        codes[:, row.value] = places
        return codes
    return row.direction.moved(codes, places * row.direction.spread)


def _value_rows(model: LatentModel) -> list[_Row]:
    survey = model.survey()
    experiment = model.experiment
    names = value_names(experiment)
    kinds = [
        part.kind
        for part in experiment.method.code_parts(experiment.data_info())
        for _ in range(part.size)
    ]
    eye = np.eye(model.dimensions)
    shown = np.arange(model.dimensions)
    if len(shown) > MOST_ROWS:
        shown = np.sort(np.argsort(-survey.spread, kind="stable")[:MOST_ROWS])
    rows = []
    for value in shown.tolist():
        bounded = kinds[value] in ("uniform", "class")
        bounds = PART_BOUNDS[kinds[value]] if bounded else (-np.inf, np.inf)
        spread = max(float(survey.spread[value]), 1e-3)
        direction = Direction(eye[value], float(survey.center[value]), spread)
        rows.append(_Row(names[value], value, direction, value=value, bounds=bounds))
    return rows


def _direction_rows(desk: Desk) -> Generator[None, None, list[_Row]]:
    """The principal directions of the data's codes; without an encoder those of most change."""
    model = desk.model
    survey = model.survey()
    count = min(LEADING, model.dimensions)
    if survey.source == "encoded":
        found, shares = desk.keep(_DIRECTIONS, lambda: principal_directions(survey.codes, count))
        return [
            _Row(
                msg("direction {number}", number=n + 1),
                n,
                direction,
                msg("{share:.0%} of variance", share=share),
            )
            for n, (direction, share) in enumerate(zip(found, shares.tolist(), strict=True))
        ]
    codes = survey.codes[:RESPONSES]
    pieces: list[npt.NDArray[Any]] = []
    fitted = desk.keep(_DIRECTIONS, lambda: None)
    if fitted is None:
        for piece in model.decoding(codes):
            pieces.append(piece)
            yield
        fitted = Projection.fit_response(codes, np.concatenate(pieces), count)
        desk.let_go(_DIRECTIONS)
        desk.keep(_DIRECTIONS, lambda: fitted)
    spreads = (survey.codes @ fitted.axes.T).std(axis=0)
    return [
        _Row(msg("direction {number}", number=n + 1), n, Direction(axis, 0.0, float(spread)))
        for n, (axis, spread) in enumerate(zip(fitted.axes, spreads, strict=True))
    ]


def _change(model: LatentModel, direction: Direction) -> Generator[None, None, float]:
    """How much items change over one spread, as ``directions.sensitivity``, in short pieces."""
    codes = model.survey().codes
    probes = codes[np.linspace(0, len(codes) - 1, min(PROBES, len(codes))).astype(int)]
    half = direction.spread / 2
    both = np.concatenate((direction.moved(probes, half), direction.moved(probes, -half)))
    pieces = []
    for piece in model.decoding(both):
        pieces.append(piece)
        yield
    items = np.concatenate(pieces).astype(np.float64)
    after, before = items[: len(probes)], items[len(probes) :]
    return float(np.sqrt(np.mean((after - before) ** 2)))


def manifold(desk: Desk, request: Manifold) -> Iterator[Manifolded | None]:
    """A grid over quantiles: every third row and column first, then all.

    Raises
    ------
    StudioError
        For codes of one value.
    """
    model = desk.model
    if model.dimensions < 2:
        raise StudioError(
            msg("The manifold needs codes of two values; those of this model have one."),
            msg("Look at the sweeps."),
        )
    for _ in model.surveying():
        yield None
    survey = model.survey()
    kinds = value_kinds(model.experiment)
    right, up = (
        quantiles(request.side, float(survey.low[value]), float(survey.high[value]), kinds[value])
        for value in (request.across, request.up)
    )
    codes = manifold_grid(request.code, (request.across, right), (request.up, up))
    side = request.side
    flat = codes.reshape(-1, codes.shape[-1])
    for items, complete in _coarse_grid(desk, flat, side):
        if items is None:
            yield None
        else:
            yield Manifolded(request, right, up[::-1], codes, items, bool(survey.prior), complete)


def _coarse_grid(
    desk: Desk, codes: Floats, side: int
) -> Generator[tuple[npt.NDArray[Any] | None, bool], None, None]:
    """Decode a square grid, at first a third of its rows and columns, shown larger."""
    number = np.arange(side * side).reshape(side, side)
    third = np.arange(1 if side > 2 else 0, side, 3)
    first = number[np.ix_(third, third)].ravel()
    nearest = np.abs(np.arange(side)[:, None] - third[None, :]).argmin(axis=1)
    pieces: list[npt.NDArray[Any]] = []
    for piece in desk.model.decoding(codes[first]):
        pieces.append(piece)
        yield None, False
    coarse = np.concatenate(pieces)
    blocks = (nearest[:, None] * len(third) + nearest[None, :]).ravel()
    yield coarse[blocks], False
    rest = np.setdiff1d(number.ravel(), first)
    for piece in desk.model.decoding(codes[rest]):
        pieces.append(piece)
        yield None, False
    order = np.argsort(np.concatenate((first, rest)))
    yield np.concatenate(pieces)[order], True
