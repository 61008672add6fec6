"""The frames of a walk, the pins, and stops for walks through classes."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from aegan_studio.catalog.codes import class_part
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.latent.walks import class_stops, stops_within, timed, travel
from aegan_studio.ui.latent.messages import Floats, Walk, Walked
from aegan_studio.ui.latent.serving.desk import Desk
from aegan_studio.ui.latent.walk_messages import Depict, Depicted, FindStops, StopsFound

Array = npt.NDArray[Any]

COARSE = 16
"""Frames of a walk that are shown before the rest is decoded."""
CANDIDATES = 256
"""Draws of a class that stops within it are chosen from, where there is no encoder."""


def walk(desk: Desk, request: Walk) -> Iterator[Walked | None]:
    """Decode codes along the path through stops, at first a few."""
    way, asked = request.way, class_part(desk.model.experiment)
    straight = range(asked[0].start, asked[0].stop) if asked is not None else ()
    codes = travel(
        request.stops, way.frames, way.kind, loop=way.loop, even=way.even, straight=straight
    )
    times, path = timed(request.stops, way.kind, loop=way.loop, even=way.even, straight=straight)
    order = coarse_first(len(codes), COARSE)
    for items, complete in in_turn(desk, codes, order, COARSE):
        yield (
            None
            if items is None
            else Walked(codes, items, request.stops, way, times, path, complete)
        )


def depict(desk: Desk, request: Depict) -> Iterator[Depicted | None]:
    """Decode the pins."""
    pieces = []
    for piece in desk.model.decoding(request.codes):
        pieces.append(piece)
        yield None
    yield Depicted(request.codes, np.concatenate(pieces))


def stops(desk: Desk, request: FindStops) -> Iterator[StopsFound | None]:
    """Stops in every class, or within one.

    Raises
    ------
    StudioError
        Where nothing tells the classes of codes.
    """
    model = desk.model
    asked = class_part(model.experiment)
    if asked is not None:
        yield _asked_for(desk, request, asked[0])
        return
    for _ in model.surveying():
        yield None
    survey = model.survey()
    if survey.labels is None:
        raise StudioError(
            msg("Nothing tells the class of this model’s codes: it has no encoder or no classes."),
            msg("Pin codes by hand, or train a model with an encoder or with classes."),
        )
    if request.label is None:
        codes, names = class_stops(survey.codes, survey.labels)
        yield StopsFound(codes, tuple(int(name) for name in names), within=False)
        return
    own = survey.codes[survey.labels == request.label]
    if not len(own):
        raise StudioError(msg("No item is of this class."), msg("Choose another class."))
    found = stops_within(own, min(request.count, len(own)))
    yield StopsFound(found, (request.label,) * len(found), within=True)


def _asked_for(desk: Desk, request: FindStops, where: slice) -> StopsFound:
    """Stops of a model that is told the class: the rest of the current code, or draws."""
    eye = np.eye(where.stop - where.start)
    if request.label is None:
        codes = np.tile(np.asarray(request.current, dtype=np.float64), (len(eye), 1))
        codes[:, where] = eye
        return StopsFound(codes, tuple(range(len(eye))), within=False)
    drawn = desk.model.draw(desk.model.experiment.seed, CANDIDATES).astype(np.float64)
    drawn[:, where] = eye[request.label]
    found = stops_within(drawn, request.count)
    return StopsFound(found, (request.label,) * len(found), within=True)


def coarse_first(count: int, coarse: int) -> npt.NDArray[np.intp]:
    """All numbers below ``count``, at first ``coarse`` of them that are spread evenly."""
    first = np.unique(np.linspace(0, count - 1, min(coarse, count)).round().astype(np.intp))
    rest = np.setdiff1d(np.arange(count, dtype=np.intp), first)
    return np.concatenate((first, rest))


def in_turn(
    desk: Desk, codes: Floats, order: npt.NDArray[np.intp], coarse: int
) -> Generator[tuple[Array | None, bool], None, None]:
    """Decode codes (n, d) in an order; in the midst, those not yet decoded are a neighbour.

    Yields
    ------
    (ndarray (n, …) or None, bool)
        Items after the first ``coarse`` and at the end, and whether they are all; between, None
        after every piece of work.
    """
    pieces: list[Array] = []
    done, shown = 0, False
    for piece in desk.model.decoding(codes[order]):
        pieces.append(piece)
        done += len(piece)
        if not shown and coarse <= done < len(codes):
            shown = True
            known = np.sort(order[:done])
            items = np.concatenate(pieces)[np.argsort(order[:done])]
            after = np.clip(np.searchsorted(known, np.arange(len(codes))), 1, len(known) - 1)
            places = np.arange(len(codes))
            nearer = places - known[after - 1] <= known[after] - places
            yield items[np.where(nearer, after - 1, after)], False
        else:
            yield None, False
    yield np.concatenate(pieces)[np.argsort(order)], True
