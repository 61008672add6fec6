"""Directions found in the codes of a snapshot, and what following them does."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from typing import Literal, cast

import numpy as np
import numpy.typing as npt

from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.latent.courses import WIDEST, Course, How, basket_course
from aegan_studio.ml.latent.directions import (
    PROBES,
    Direction,
    principal_directions,
    sensitivity,
)
from aegan_studio.ml.latent.explorer import PIECE_SECONDS
from aegan_studio.ml.latent.projection import Projection
from aegan_studio.ml.latent.reader import Reader
from aegan_studio.ui.latent.messages import Array, Floats
from aegan_studio.ui.latent.moves_messages import (
    FindClasses,
    FindPrincipal,
    FoundClasses,
    FoundPrincipal,
    Learning,
    Made,
    Make,
    Measure,
    Measured,
    Recall,
    Recalled,
)
from aegan_studio.ui.latent.serving.desk import Desk

DRAWS = 512
"""Draws that directions are found from where no data are encoded."""
TRIED = 300
"""Codes that a course is tried on."""
FEWEST = 2
"""Codes of a class that a course into it takes."""

_READER = "independent classifier"
_DRAWN = "draws for directions"
_FACING = "principal directions before"

Labels = npt.NDArray[np.int64]


def principal(desk: Desk, request: FindPrincipal) -> Iterator[FoundPrincipal | None]:
    """Principal directions of encoded data or of draws."""
    model = desk.model
    for _ in model.surveying():
        yield None
    survey = model.survey()
    source: Literal["encoded", "draws"] = "encoded"
    codes: Floats = np.asarray(survey.codes, dtype=np.float64)
    if request.source == "draws" or survey.source == "prior":
        source, codes = "draws", _draws(desk)
    count = min(request.count, model.dimensions)
    if source == "draws" and request.order == "seen":
        items = yield from _decoded(desk, codes)
        plane = Projection.fit_response(codes, items, count)
        spreads = (codes @ plane.axes.T).std(axis=0)
        offsets = plane.axes @ codes.mean(axis=0)
        found: Sequence[Direction] = [
            Direction(axis, float(offset), float(spread))
            for axis, offset, spread in zip(plane.axes, offsets, spreads, strict=True)
        ]
    else:
        found = principal_directions(codes, count)[0]
    if request.order == "seen":
        seen = []
        for direction in found:
            seen.append(_change(desk, direction, codes))
            yield None
        order = np.argsort(-np.array(seen), kind="stable")
        found, strengths = [found[at] for at in order], np.array(seen)[order]
    else:
        total = float(codes.var(axis=0).sum()) or 1.0
        strengths = np.array([direction.spread**2 / total for direction in found])
    found = _facing(desk, (source, request.order), found)
    courses = tuple(Course("principal", direction) for direction in found)
    yield FoundPrincipal(courses, strengths, source, request.order, model.step)


def _change(desk: Desk, direction: Direction, codes: Floats) -> float:
    """The root mean square change of a decoded value over one spread; of pictures in 0–1."""
    raw = float(sensitivity((direction,), codes, desk.model.decode, PROBES // 2)[0])
    return raw / 255.0 if desk.model.data().dtype == np.uint8 else raw


def _facing(desk: Desk, key: tuple[str, str], found: Sequence[Direction]) -> Sequence[Direction]:
    """The same, each turned the way that the one before it in its place pointed.

    A principal direction has no sign of its own; without this sliders would change sides from one
    snapshot to the next.
    """
    before: Sequence[Direction] = desk.hold((_FACING, key), lambda: found)
    turned = [
        now.turned() if at < len(before) and float(now.unit @ before[at].unit) < 0.0 else now
        for at, now in enumerate(found)
    ]
    desk.let_go((_FACING, key))
    return desk.hold((_FACING, key), lambda: turned)


def classes(desk: Desk, request: FindClasses) -> Iterator[FoundClasses | Learning | None]:
    """A course into every class from all others."""
    model = desk.model
    sorted_codes = yield from labelled(desk)
    if sorted_codes is None:
        yield FoundClasses({}, False, model.step)
        return
    codes, labels, read = sorted_codes
    how: How = request.how
    if how == "transport" and model.dimensions > WIDEST:
        how = "mean"
    found: dict[int, Course] = {}
    for kind in np.unique(labels):
        own = labels == kind
        if FEWEST <= int(own.sum()) <= len(own) - FEWEST:
            found[int(kind)] = basket_course(codes[own], codes[~own], how)
        yield None
    yield FoundClasses(found, read, model.step)


def labelled(
    desk: Desk,
) -> Generator[Learning | None, None, tuple[Floats, Labels, bool] | None]:
    """Codes (n, d), their classes (n,), and whether a classifier told them; ``None``: none can."""
    model = desk.model
    for _ in model.surveying():
        yield None
    survey = model.survey()
    if survey.labels is not None:
        if len(np.unique(survey.labels)) < 2:
            return None
        return survey.codes.astype(np.float64), survey.labels, False
    if survey.source == "encoded":
        return None
    reader = yield from reading(desk)
    if reader is None:
        return None
    items = yield from _decoded(desk, survey.codes)
    return survey.codes.astype(np.float64), reader.read(items), True


def reading(desk: Desk) -> Generator[Learning | None, None, Reader | None]:
    """The independent classifier; it learns at the first need, and is held for all snapshots."""
    known: tuple[Reader | None] | None = desk.hold(_READER, lambda: None)
    if known is not None:
        return known[0]
    work, began = Reader.learning(desk.model.store), time.perf_counter()
    while True:
        try:
            share = next(work)
        except StopIteration as done:
            reader = cast("Reader | None", done.value)
            break
        if time.perf_counter() - began > PIECE_SECONDS:
            yield Learning(share, reader=True)
            began = time.perf_counter()
    desk.let_go(_READER)
    desk.hold(_READER, lambda: (reader,))
    return reader


def recall(desk: Desk, request: Recall) -> Iterator[Recalled]:
    """Make courses again of what was kept."""
    found: list[Course | None] = []
    for plain in request.kept:
        try:
            course = Course.from_plain(plain)
        except ValueError:
            found.append(None)
            continue
        found.append(course if course.dimensions == desk.model.dimensions else None)
    yield Recalled(tuple(found))


def make(desk: Desk, request: Make) -> Iterator[Made]:
    """A course from one basket to the other."""
    least = 2 if request.how == "transport" else 1
    if min(len(request.with_it), len(request.without)) < least:
        raise StudioError(
            msg(
                "The baskets hold {yes} and {no} codes; this needs {least} in each.",
                yes=len(request.with_it),
                no=len(request.without),
                least=least,
            ),
            msg("Put more codes in, or choose the difference of the means."),
        )
    if request.how == "transport" and desk.model.dimensions > WIDEST:
        raise StudioError(
            msg(
                "A code of {values:,} values is too wide to be carried; {most:,} are the most.",
                values=desk.model.dimensions,
                most=WIDEST,
            ),
            msg("Choose the difference of the means."),
        )
    try:
        course = basket_course(request.with_it, request.without, request.how)
    except ValueError as error:
        raise StudioError(
            msg("No direction leads from one basket to the other: they hold the same."),
            msg("Put other codes into one of them."),
        ) from error
    yield Made(course, desk.model.step, request)


def measure(desk: Desk, request: Measure) -> Iterator[Measured | Learning | None]:
    """Try a course on codes spread over the data, or on draws."""
    model = desk.model
    for _ in model.surveying():
        yield None
    reader = yield from reading(desk)
    survey = model.survey()
    chosen = np.unique(np.linspace(0, len(survey.codes) - 1, TRIED).round().astype(int))
    start = survey.codes[chosen].astype(np.float64)
    course = request.course
    if course.arrives:
        end = np.stack([course.moved(code, course.amount_to_arrive(code)) for code in start])
    else:
        end = course.moved(start, 1.0)
    yield Learning(0.2)
    was = yield from _decoded(desk, start)
    yield Learning(0.5)
    now = yield from _decoded(desk, end)
    yield Learning(0.8)
    before = after = None
    if reader is not None:
        before, after = (_shares(reader, items) for items in (was, now))
        yield None
    if model.has_encoder:
        start, end = (model.encode_shown(items).astype(np.float64) for items in (was, now))
    leaning = np.array(
        [other.leaning(start, end) for other in cast("Sequence[Course]", request.others)]
    )
    yield Measured(
        course,
        len(start),
        before,
        after,
        reader.accuracy if reader is not None else float("nan"),
        leaning,
        model.has_encoder,
    )


def _shares(reader: Reader, items: Array) -> Floats:
    read = reader.read(items)
    found: Floats = np.bincount(read, minlength=reader.extractor.classes) / len(items)
    return found


def _draws(desk: Desk) -> Floats:
    model = desk.model
    return desk.keep(_DRAWN, lambda: model.draw(model.experiment.seed, DRAWS).astype(np.float64))


def _decoded(desk: Desk, codes: npt.ArrayLike) -> Generator[None, None, Array]:
    pieces: list[Array] = []
    for piece in desk.model.decoding(codes):
        pieces.append(piece)
        yield None
    return np.concatenate(pieces)
