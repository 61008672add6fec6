"""Maps that keep neighbours together: t-SNE and UMAP, and the way between such a map and codes."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.spatial import cKDTree

from aegan_studio.messages import StudioError, msg

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Metric = Literal["euclidean", "cosine"]

MAP_NEIGHBOURS = 8
"""Points of the map between which the code of a place is interpolated."""
CODE_NEIGHBOURS = 4
"""Codes between which the place of another code is interpolated."""
EXAGGERATED = 250
"""Iterations of t-SNE at first, in which similar items attract each other more strongly."""
EXAGGERATION = 12.0
_AT_ONCE = 256
_EXACT = 1e-18
"""Squared distance, as a share of the largest, below which a place is a known point."""


@dataclass(frozen=True, eq=False)
class Embedded:
    """A map of codes without axes: places of known codes, between which others are interpolated.

    Attributes
    ----------
    codes : ndarray, shape (m, d)
    places : ndarray, shape (m, 2)
        Where these codes lie on the map.
    kind : {"tsne", "umap"}
    """

    codes: Floats
    places: Floats
    kind: Literal["tsne", "umap"]
    indices: tuple[int, ...] = (0, 1)
    explained: Floats = field(default_factory=lambda: np.full(2, np.nan))

    @property
    def settled(self) -> bool:
        """Whether a place alone says its code: always."""
        return True

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.places)

    @cached_property
    def _squares(self) -> Floats:
        squares: Floats = np.einsum("md,md->m", self.codes, self.codes)
        return squares

    def project(self, codes: npt.ArrayLike) -> Floats:
        """Places (…, 2) of codes (…, d): a known code's own, else between its nearest codes'."""
        given = np.asarray(codes, dtype=np.float64)
        flat = given.reshape(-1, given.shape[-1])
        pieces = list(self.placing(flat))
        places = np.concatenate(pieces) if pieces else np.zeros((0, 2))
        found: Floats = places.reshape(*given.shape[:-1], 2)
        return found

    def placing(self, codes: npt.ArrayLike) -> Iterator[Floats]:
        """:meth:`project` of codes (n, d) in short pieces of work, which are the whole."""
        for near, weights in self.blending(codes):
            yield blended(self.places, near, weights)

    def blending(self, codes: npt.ArrayLike) -> Iterator[tuple[Indices, Floats]]:
        """Rows and weights (n, k) of the known codes about others, in short pieces of work."""
        given = np.asarray(codes, dtype=np.float64)
        count = min(CODE_NEIGHBOURS, len(self.codes))
        for start in range(0, len(given), _AT_ONCE):
            part = given[start : start + _AT_ONCE]
            rough = self._squares[None] - 2.0 * (part @ self.codes.T)
            near = np.argpartition(rough, count - 1, axis=1)[:, :count]
            # exactly, for the few: the short form above cancels where codes agree
            yield near, _weights(((self.codes[near] - part[:, None]) ** 2).sum(axis=-1))

    def unproject(self, places: npt.ArrayLike, base: npt.ArrayLike | None = None) -> Floats:
        """Codes (…, d) of places (…, 2): a known point's own, else between its neighbours'.

        Distances on the map weigh the neighbours; ``base`` plays no part.
        """
        del base
        given = np.asarray(places, dtype=np.float64)
        flat = given.reshape(-1, 2)
        count = min(MAP_NEIGHBOURS, len(self.places))
        distances, near = self._tree.query(flat, count)
        shape = (len(flat), count)
        codes = blended(self.codes, near.reshape(shape), _weights(distances.reshape(shape) ** 2))
        found: Floats = codes.reshape(*given.shape[:-1], self.codes.shape[1])
        return found


def blended(values: npt.ArrayLike, near: Indices, weights: Floats) -> Floats:
    """Weighted means of ``values[near]`` (n, k, …)."""
    found: Floats = np.einsum("nk,nkd->nd", weights, np.asarray(values)[near])
    return found


def _weights(squares: Floats) -> Floats:
    """Weights (n, k) by squared distance that make a blend continuous, and exact at each point.

    Those of Franke and Little, (1/d − 1/r)²: the farthest of the neighbours, at r, has none, so
    nothing jumps where another takes its place.
    """
    away = np.sqrt(squares)
    reach = away.max(axis=1, keepdims=True)
    exact = squares <= _EXACT * np.maximum(reach**2, 1.0)
    safe = np.where(exact, 1.0, away)
    weights = np.maximum(1.0 / safe - 1.0 / np.maximum(reach * (1.0 + 1e-9), 1e-300), 0.0) ** 2
    weights = np.where(exact.any(axis=1, keepdims=True), exact.astype(np.float64), weights)
    total = weights.sum(axis=1, keepdims=True)
    known = total > 0.0
    shares: Floats = np.where(known, weights / np.where(known, total, 1.0), 1.0 / squares.shape[1])
    return shares


def nearest_pieces(
    points: npt.ArrayLike, count: int
) -> Generator[float, None, tuple[Indices, Floats]]:
    """The ``count`` nearest others of each of the points (n, d), in short pieces of work.

    Yields the share that is done; returns their rows (n, count), the nearest first, and their
    Euclidean distances.
    """
    given = np.asarray(points, dtype=np.float64)
    rows, distances = np.empty((2, len(given), count))
    squares = np.einsum("nd,nd->n", given, given)
    for start in range(0, len(given), _AT_ONCE):
        part = slice(start, min(start + _AT_ONCE, len(given)))
        gaps = squares[None] - 2.0 * (given[part] @ given.T) + squares[part, None]
        gaps[np.arange(part.stop - start), np.arange(start, part.stop)] = np.inf
        near = np.argpartition(gaps, count - 1, axis=1)[:, :count]
        exact = np.take_along_axis(gaps, near, axis=1)
        order = np.argsort(exact, axis=1, kind="stable")
        rows[part] = np.take_along_axis(near, order, axis=1)
        distances[part] = np.sqrt(np.maximum(np.take_along_axis(exact, order, axis=1), 0.0))
        yield part.stop / len(given)
    return rows.astype(np.intp), distances


class Tsne:
    """t-SNE of codes, some iterations at a time (van der Maaten and Hinton 2008; openTSNE).

    The first :data:`EXAGGERATED` iterations draw similar items together more strongly. Made by
    :meth:`preparing`.
    """

    def __init__(self, embedding: Any, exaggerated: int) -> None:
        self._embedding = embedding
        self._exaggerated = exaggerated
        self.iterations = 0
        """How many were made."""

    @classmethod
    def preparing(
        cls,
        codes: npt.ArrayLike,
        *,
        perplexity: float = 30.0,
        seed: int = 0,
        start: npt.ArrayLike | None = None,
    ) -> Generator[float, None, Self]:
        """Find neighbours and first places in pieces of work; yields the share that is done.

        Parameters
        ----------
        codes : array_like, shape (n, d)
        perplexity : float
            About how many neighbours each item attends to; lowered where there are too few items.
        start : array_like, shape (n, 2), or None
            Places to go on from, without exaggeration; by default the principal components.

        Raises
        ------
        StudioError
            There are fewer than four codes.
        """
        points = np.asarray(codes, dtype=np.float64)
        if len(points) < 4:
            raise StudioError(
                msg("t-SNE needs at least four codes, not {count}.", count=len(points))
            )
        most = (len(points) - 1) / 3.0
        perplexity = min(perplexity, most)
        near, distances = yield from nearest_pieces(
            points, min(len(points) - 1, max(3, int(3 * perplexity)))
        )
        from openTSNE import TSNEEmbedding, affinity, initialization
        from openTSNE.nearest_neighbors import PrecomputedNeighbors

        yield 1.0
        likeness = affinity.PerplexityBasedNN(
            perplexity=perplexity, knn_index=PrecomputedNeighbors(near, distances)
        )
        if start is None:
            places = _jittered(initialization.pca(points, random_state=seed), seed)
        else:
            places = np.array(start, dtype=np.float64)
        # a small map needs no interpolation grid; a large one is quicker with it
        way = "bh" if len(points) < 8000 else "fft"
        embedding = TSNEEmbedding(
            places, likeness, negative_gradient_method=way, random_state=seed, n_jobs=1
        )
        return cls(embedding, EXAGGERATED if start is None else 0)

    @property
    def places(self) -> Floats:
        """Where the codes lie now, (n, 2)."""
        return np.array(self._embedding, dtype=np.float64)

    @property
    def divergence(self) -> float:
        """The Kullback–Leibler divergence that is made small, in nats; NaN before the first."""
        known = getattr(self._embedding, "kl_divergence", None)
        return float("nan") if known is None else float(known)

    def advance(self, iterations: int) -> None:
        """Make some iterations."""
        while iterations > 0:
            early = self.iterations < self._exaggerated
            left = self._exaggerated - self.iterations if early else iterations
            now = min(iterations, left)
            way: dict[str, Any] = (
                {"exaggeration": EXAGGERATION, "momentum": 0.5} if early else {"momentum": 0.8}
            )
            self._embedding.optimize(now, inplace=True, propagate_exception=True, **way)
            self.iterations += now
            iterations -= now

    def perturb(self, amount: float = 0.1, seed: int = 0) -> None:
        """Shake the places by a share of their spread: a way out of a poor arrangement."""
        rng = np.random.default_rng(seed)
        spread = float(np.std(self.places))
        self._embedding += rng.normal(scale=amount * spread, size=self._embedding.shape)


def _jittered(places: Any, seed: int) -> Floats:
    """Codes that agree must not start at one place: nothing would ever part them."""
    found = np.asarray(places, dtype=np.float64)
    scale = max(float(found.std()), 1e-6) * 1e-2
    return found + np.random.default_rng(seed).normal(scale=scale, size=found.shape)


class Umap:
    """UMAP of codes (McInnes et al. 2018) in a process of its own, which can be ended.

    It computes in one piece and for seconds; here it would hold up everything else.
    """

    def __init__(
        self, codes: npt.ArrayLike, *, neighbours: int = 15, min_dist: float = 0.1, seed: int = 0
    ) -> None:
        context = get_context("spawn")
        self._mine, theirs = context.Pipe(duplex=False)
        points = np.asarray(codes, dtype=np.float32)
        self._process = context.Process(
            target=_umap, args=(theirs, points, neighbours, min_dist, seed), daemon=True
        )
        self._process.start()
        theirs.close()
        self._places: Floats | None = None

    def wait(self, seconds: float) -> bool:
        """Whether the map is there; waits at most so long.

        Raises
        ------
        StudioError
            It cannot be computed, or is not installed.
        """
        if self._places is None and self._mine.poll(seconds):
            try:
                answer = self._mine.recv()
            except EOFError:
                raise StudioError(msg("UMAP ended without a map.")) from None
            if isinstance(answer, str):
                raise StudioError(msg("UMAP could not lay the codes out: {why}", why=answer))
            self._places = answer
        return self._places is not None

    @property
    def places(self) -> Floats:
        """Where the codes lie, (n, 2), once :meth:`wait` said so."""
        assert self._places is not None
        return self._places

    def end(self) -> None:
        """End the process, done or not."""
        self._mine.close()
        if self._places is not None:
            self._process.join(5.0)  # it has said its last word
        if self._process.is_alive():
            self._process.terminate()
        self._process.join()
        self._process.close()


def _umap(answers: Connection, codes: Any, neighbours: int, min_dist: float, seed: int) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells of one thread, which the seed asks for
        try:
            from umap import UMAP

            count = min(neighbours, len(codes) - 1)
            way = UMAP(
                n_neighbors=count,
                min_dist=min_dist,
                random_state=seed,
                n_jobs=1,
                # its own search is compiled anew in every process, for longer than it saves
                precomputed_knn=_with_itself(codes, count),
            )
            answers.send(np.asarray(way.fit_transform(codes), dtype=np.float64))
        except (ImportError, ValueError, TypeError, RuntimeError, MemoryError) as error:
            answers.send(str(error).partition("\n")[0] or type(error).__name__)
    answers.close()


def _with_itself(codes: Any, count: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Rows and distances (n, count) of the nearest codes; as UMAP counts, the first is the code."""
    pieces = nearest_pieces(codes, max(count - 1, 1))
    while True:
        try:
            next(pieces)
        except StopIteration as done:
            rows, distances = done.value
            break
    own = np.arange(len(rows))[:, None]
    return (
        np.hstack((own, rows)).astype(np.int32),
        np.hstack((np.zeros(own.shape), distances)).astype(np.float32),
    )


def nearest_codes(
    codes: npt.ArrayLike, code: npt.ArrayLike, count: int, metric: Metric = "euclidean"
) -> tuple[Indices, Floats]:
    """The rows of the codes (n, d) nearest to a code (d,), and their distances, ascending.

    The cosine distance is one minus the cosine of the angle at 0, in 0–2.
    """
    points, at = np.asarray(codes), np.asarray(code, dtype=np.float64)
    if metric == "cosine":
        lengths = np.sqrt(np.einsum("nd,nd->n", points, points, dtype=np.float64))
        products = points @ at.astype(points.dtype)
        scale = np.maximum(lengths * np.linalg.norm(at), 1e-12)
        distances = 1.0 - products / scale
    else:
        offsets = points - at.astype(points.dtype)
        distances = np.sqrt(np.einsum("nd,nd->n", offsets, offsets, dtype=np.float64))
    most = min(count, len(points))
    near = np.argpartition(distances, most - 1)[:most]
    near = near[np.argsort(distances[near], kind="stable")]
    return near, np.maximum(distances[near], 0.0)


def density(places: npt.ArrayLike, cells: int = 192) -> Floats:
    """How many items lie about each of the places (n, 2), against the mean: 1 is usual.

    Counts in cells, smoothed by a Gaussian of a hundredth of the map's width.
    """
    at = np.asarray(places, dtype=np.float64)
    low, high = np.quantile(at, (0.002, 0.998), axis=0)
    width = max(float((high - low).max()), 1e-12)
    scaled = (at - low) / width * (cells - 1)
    grid = np.zeros((cells, cells))
    inside = np.clip(np.rint(scaled), 0, cells - 1).astype(np.intp)
    np.add.at(grid, (inside[:, 0], inside[:, 1]), 1.0)
    smooth = gaussian_filter(grid, cells / 100.0, mode="constant")
    found: Floats = map_coordinates(smooth, scaled.T, order=1, mode="nearest")
    mean = float(found.mean())
    return found / mean if mean > 0.0 else found
