"""The thread that decodes and encodes for the explorer, with its own copy of the networks."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QThread, Signal

from aegan_studio.catalog.codes import value_names
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.experiment.parts import METHODS
from aegan_studio.messages import StudioError, msg
from aegan_studio.ui.latent.messages import (
    URGENCY,
    Answer,
    Array,
    Chart,
    Charted,
    Decode,
    Decoded,
    Draw,
    Drawn,
    Floats,
    Found,
    Load,
    Loaded,
    Nearest,
    Peek,
    PlaneChoice,
    Request,
    Sheet,
    Sheeted,
    Stamped,
    Trouble,
    Walk,
    Walked,
)

log = logging.getLogger(__name__)

QUICK: tuple[type[Request], ...] = (Decode, Peek, Draw, Walk)
"""What is served in the midst of longer work."""
RESPONSES = 512
"""Draws from the prior that the directions of most change are found from."""
LEADING = 8
"""Leading directions found at once, to choose from."""


class Explorable(Protocol):
    """What the worker needs of a model; ``ml.latent.explorer.LatentModel`` is one."""

    experiment: Experiment
    step: int

    @property
    def dimensions(self) -> int:
        """The number of values in a code."""

    @property
    def has_encoder(self) -> bool:
        """Whether data can be encoded."""

    def load(self, weights: Weights) -> None:
        """Take on a snapshot."""

    def decode(self, codes: npt.ArrayLike) -> Array:
        """Codes (n, d) to items in display units."""

    def decoding(self, codes: npt.ArrayLike) -> Iterator[Array]:
        """The same in short pieces of work."""

    def draw(self, seed: int, count: int = 1) -> npt.NDArray[np.float32]:
        """Random codes (count, d)."""

    def surveying(self) -> Iterator[None]:
        """Make the survey piece by piece."""

    def survey(self) -> Any:
        """Where codes lie: ``ml.latent.explorer.Survey``."""

    def data(self) -> Array:
        """The training items surveyed, in display units."""

    def nearest(self, item: Array, count: int = 6) -> tuple[npt.NDArray[np.intp], Array]:
        """Rows of :meth:`data` nearest to an item, and their distances."""


Opener = Callable[[Experiment], Explorable]


def _open_model(experiment: Experiment) -> Explorable:
    from aegan_studio.ml.latent.explorer import LatentModel

    return LatentModel(experiment)


class LatentWorker(QThread):
    """Answers requests, the most urgent kind first and of each kind only the latest.

    A request that has not been started when a newer one of its kind arrives is forgotten, so a
    slider dragged faster than the network decodes never builds up a queue.

    Parameters
    ----------
    open_model : callable
        Builds the model of an experiment, inside the thread. By default it opens ``ml`` then.
    """

    answered = Signal(object)
    """A :class:`Stamped` answer; delivered on the thread of the receiver."""

    def __init__(self, open_model: Opener = _open_model, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("latent worker")
        self._open_model = open_model
        self._model: Explorable | None = None
        self._plane: Any = None
        self._responses: tuple[Any, int] = (None, 0)
        self._lock = threading.Condition()
        self._pending: dict[type[Request], tuple[int, Request]] = {}
        self._stamp = 0
        self._ending = False

    def ask(self, request: Request) -> int:
        """Queue a request, in the place of an older one of its kind; its stamp is returned.

        The first request starts the thread; after :meth:`end` requests are forgotten.
        """
        with self._lock:
            self._stamp += 1
            stamp = self._stamp
            if self._ending:
                return stamp
            self._pending[type(request)] = (stamp, request)
            self._lock.notify()
        if not self.isRunning():
            self.start()
        return stamp

    def end(self) -> None:
        """Finish what is under way, forget the rest, and wait for the thread."""
        with self._lock:
            self._ending = True
            self._pending.clear()
            self._lock.notify()
        self.wait()

    def run(self) -> None:
        """Serve until :meth:`end`."""
        while (taken := self._next()) is not None:
            self._serve(*taken)
        self._model = None

    def _next(self) -> tuple[int, Request] | None:
        with self._lock:
            self._lock.wait_for(lambda: self._pending or self._ending)
            return None if self._ending else self._take(URGENCY)

    def _take(self, kinds: tuple[type[Request], ...]) -> tuple[int, Request] | None:
        for kind in kinds:
            if kind in self._pending:
                return self._pending.pop(kind)
        return None

    def _serve(self, stamp: int, request: Request) -> None:
        answer: Answer | None
        try:
            answer = self._answer(request)
        except StudioError as error:
            answer = Trouble(error.sentences())
        except Exception as error:  # one request that fails must not end all exploring
            log.exception("the explorer could not serve %s", type(request).__name__)
            why = str(error).partition("\n")[0] or type(error).__name__
            answer = Trouble((msg("The model cannot be explored: {why}", why=why),))
        if answer is not None:
            self.answered.emit(Stamped(type(request), stamp, answer))

    def _answer(self, request: Request) -> Answer | None:
        if isinstance(request, Load):
            return self._load(request)
        model = self._model
        if model is None:
            return None
        match request:
            case Decode(code) | Peek(code):
                start = time.perf_counter()
                item = model.decode(code[None])[0]
                return Decoded(code, item, model.step, time.perf_counter() - start)
            case Draw(seed):
                return Drawn(model.draw(seed)[0].astype(np.float64), seed)
            case Walk():
                return self._walk(model, request)
            case Chart(choice):
                return self._chart(model, choice)
            case Sheet():
                return self._sheet(model, request)
            case Nearest(code, count):
                rows, distances = model.nearest(model.decode(code[None])[0], count)
                survey = model.survey()
                codes = survey.codes[rows] if survey.source == "encoded" else None
                return Found(model.data()[rows], distances, codes)

    def _load(self, request: Load) -> Answer:
        if self._model is None or not _same_networks(self._model.experiment, request.experiment):
            self._model = None
            self._model = self._open_model(request.experiment)
            self._plane, self._responses = None, (None, 0)
        model = self._model
        model.load(request.weights)
        info = request.experiment.data_info()
        data = model.data() if info.modality == "points" else None
        return Loaded(
            step=model.step,
            dimensions=model.dimensions,
            has_encoder=model.has_encoder,
            method=METHODS.of(request.experiment.method).label,
            modality=info.modality,
            classes=info.classes,
            names=value_names(request.experiment),
            data=data,
        )

    def _walk(self, model: Explorable, request: Walk) -> Walked:
        from aegan_studio.ml.latent import geometry

        codes = geometry.walk(np.stack((request.a, request.b)), request.frames, kind=request.kind)
        return Walked(codes, model.decode(codes))

    def _chart(self, model: Explorable, choice: PlaneChoice) -> Charted:
        start = time.perf_counter()
        for _ in model.surveying():
            self._serve_quick()
        survey = model.survey()
        wanted = min(2, model.dimensions)
        plane = self._plane_of(model, survey, choice)
        self._plane = plane
        places = plane.project(survey.codes)
        if wanted == 1:
            places = np.column_stack((places, _spread_out(len(places))))
        return Charted(
            model.step,
            survey.source,
            survey.prior,
            plane,
            survey.codes,
            places,
            survey.labels,
            survey.held_out,
            survey.center,
            survey.low,
            survey.high,
            _parted(survey.codes, survey.labels),
            time.perf_counter() - start,
        )

    def _plane_of(self, model: Explorable, survey: Any, choice: PlaneChoice) -> Any:
        from aegan_studio.ml.latent.projection import Projection

        d, indices = model.dimensions, choice.indices
        if choice.kind == "values" or d <= 2:
            within = indices if max(indices) < d else (0, 1)
            return Projection.of_values(d, within[: min(2, d)])
        count = min(max(indices) + 1, d)
        if survey.source == "encoded":
            plane = Projection.fit(survey.codes, count)
        else:
            plane = self._response(model, survey, count)
        plane = plane.only(tuple(index for index in indices if index < count))
        return plane if self._plane is None else plane.facing(self._plane)

    def _response(self, model: Explorable, survey: Any, count: int) -> Any:
        """The directions of most change; found anew each time the training doubles in length."""
        from aegan_studio.ml.latent.projection import Projection

        known, step = self._responses
        if known is None or model.step >= 2 * step or len(known.axes) < count:
            codes = survey.codes[:RESPONSES]
            items = np.concatenate(list(self._pieces(model, codes)))
            known = Projection.fit_response(codes, items, max(count, LEADING))
            self._responses = known, max(model.step, 1)
        return known

    def _sheet(self, model: Explorable, request: Sheet) -> Sheeted | None:
        if self._plane is None:
            return None
        left, bottom, width, height = request.rect
        across = left + width * (np.arange(request.columns) + 0.5) / request.columns
        down = bottom + height * (np.arange(request.rows)[::-1] + 0.5) / request.rows
        grid = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
        codes = self._plane.unproject(grid[:, : len(self._plane.axes)], request.base)
        pieces = []
        for piece in self._pieces(model, codes):
            pieces.append(piece)
            with self._lock:
                if self._ending or {Chart, Sheet} & self._pending.keys():
                    return None  # another will come
        return Sheeted(
            model.step, request.rect, request.columns, request.rows, np.concatenate(pieces)
        )

    def _pieces(self, model: Explorable, codes: npt.NDArray[Any]) -> Iterator[Array]:
        """Decode in short pieces, with a look at more urgent requests between."""
        for piece in model.decoding(codes):
            yield piece
            self._serve_quick()

    def _serve_quick(self) -> None:
        """Meet what a person waits for, in the midst of longer work; no snapshot is taken on."""
        while not self._ending:
            with self._lock:
                urgent = self._take(QUICK)
            if urgent is None:
                return
            self._serve(*urgent)


def _same_networks(one: Experiment, other: Experiment) -> bool:
    """Whether the weights of one fit the other, on the same data."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("seed", "dataset", "networks", "method")
    )


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
