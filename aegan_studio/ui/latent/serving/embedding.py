"""Maps without axes: t-SNE in pieces, UMAP in a process beside."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from aegan_studio.ml.latent.embedding import Embedded, Indices, Tsne, Umap, blended
from aegan_studio.ui.latent.map_messages import Embed, Embedding, Layout
from aegan_studio.ui.latent.messages import Floats
from aegan_studio.ui.latent.serving.desk import Desk

OFTEN = 0.2
"""Seconds between two layouts that are shown while one is being made."""


@dataclass(slots=True, eq=False)
class Laid:
    """A layout of some rows of the survey, kept across snapshots: places stand for items.

    ``tsne`` may go on where ``codes`` are still those it was made of.
    """

    layout: Layout
    rows: Indices
    codes: Floats
    places: Floats
    iterations: int
    tsne: Tsne | None

    def plane(self, codes: Any) -> Embedded:
        """The map that leads from the present codes of the survey (n, d) to these places."""
        known = np.asarray(codes[self.rows], dtype=np.float64)
        return Embedded(known, self.places, self.layout.kind)


def laid(desk: Desk, kind: str) -> Laid | None:
    """The layout of this kind, if one was made."""
    known: Laid | None = desk.hold(("layout", kind), lambda: None)
    return known


def keep(desk: Desk, new: Laid) -> None:
    """Keep a layout in the place of an older one of its kind."""
    desk.let_go(("layout", new.layout.kind))
    desk.hold(("layout", new.layout.kind), lambda: new)


def places_of(plane: Embedded, rows: Indices, codes: Any) -> Generator[None, None, Floats]:
    """Places of all codes of a survey on a map of some of its rows, in pieces of work."""
    others = _others(rows, len(codes))
    places = np.empty((len(codes), 2))
    places[rows] = plane.places
    start = 0
    for piece in plane.placing(codes[others]):
        places[others[start : start + len(piece)]] = piece
        start += len(piece)
        yield
    return places


def embed(desk: Desk, request: Embed) -> Iterator[Embedding | None]:
    """Lay the codes out, and say how far that is."""
    start = time.perf_counter()
    while not desk.model.has_survey:  # snapshots may come meanwhile
        for _ in desk.model.surveying():
            yield None
    codes = desk.model.whole.codes
    rows = np.unique(
        np.linspace(0, len(codes) - 1, min(request.layout.most, len(codes))).astype(int)
    )
    known = np.asarray(codes[rows], dtype=np.float64)
    other = _others(rows, len(codes))
    near, weights = [], []
    for some, parts in Embedded(known, known[:, :2], request.layout.kind).blending(codes[other]):
        near.append(some)
        weights.append(parts)
        yield None

    def everywhere(places: Floats) -> Floats:
        whole = np.empty((len(codes), 2))
        whole[rows] = places
        if near:
            whole[other] = blended(places, np.concatenate(near), np.concatenate(weights))
        return whole

    def told(stage: Any, share: float, made: int, divergence: float, **more: Any) -> Embedding:
        seconds = time.perf_counter() - start
        return Embedding(request.layout.kind, stage, share, made, seconds, divergence, **more)

    if request.layout.kind == "umap":
        way = Umap(
            known,
            neighbours=request.layout.neighbours,
            min_dist=request.layout.min_dist,
            seed=request.layout.seed,
        )
        try:
            said = 0.0
            while not way.wait(0.004):
                if time.perf_counter() - said > OFTEN:
                    said = time.perf_counter()
                    yield told("layout", np.nan, 0, np.nan, places=None, done=False)
                else:
                    yield None
            keep(desk, Laid(request.layout, rows, known, way.places, 0, None))
        finally:
            way.end()
        yield told("layout", 1.0, 0, np.nan, places=everywhere(way.places), done=True)
        return
    yield from _tsne(desk, request, rows, known, everywhere, told)


def _tsne(
    desk: Desk, request: Embed, rows: Indices, codes: Floats, everywhere: Any, told: Any
) -> Iterator[Embedding | None]:
    layout, before = request.layout, laid(desk, "tsne")
    going_on = before is not None and not request.anew and np.array_equal(before.rows, rows)
    tsne, made = None, 0
    if going_on:
        assert before is not None
        made = before.iterations
        alike = before.layout.perplexity == layout.perplexity
        if alike and before.tsne is not None and np.array_equal(before.codes, codes):
            tsne = before.tsne
    if tsne is None:
        begin = before.places if going_on and before is not None else None
        preparing = Tsne.preparing(
            codes, perplexity=layout.perplexity, seed=layout.seed, start=begin
        )
        said = 0.0
        while True:
            try:
                share = next(preparing)
            except StopIteration as done:
                tsne = done.value
                break
            if time.perf_counter() - said > OFTEN:
                said = time.perf_counter()
                yield told("neighbours", share, made, np.nan, places=None, done=False)
            else:
                yield None
    assert tsne is not None
    if request.shake > 0.0:
        tsne.perturb(request.shake, layout.seed + made)
    now, said = 0, 0.0
    while True:
        # at every step: where it is cancelled, what was laid out so far is the map
        keep(desk, Laid(layout, rows, codes, tsne.places, made + now, tsne))
        if now >= layout.iterations:
            break
        if time.perf_counter() - said > OFTEN and now:
            said = time.perf_counter()
            share, places = now / layout.iterations, everywhere(tsne.places)
            yield told("layout", share, made + now, tsne.divergence, places=places, done=False)
        else:
            yield None
        tsne.advance(1)
        now += 1
    places = everywhere(tsne.places)
    yield told("layout", 1.0, made + now, tsne.divergence, places=places, done=True)


def _others(rows: Indices, count: int) -> Indices:
    left = np.ones(count, dtype=np.bool_)
    left[rows] = False
    return np.flatnonzero(left)
