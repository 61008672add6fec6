"""How near samples are to the training data, and what encoder and critic make of them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from aegan_studio.messages import Message, StudioError, msg
from aegan_studio.ml.latent.explorer import LatentModel
from aegan_studio.ml.latent.memory import Memory, percentiles
from aegan_studio.ui.latent.keep_messages import (
    Checking,
    CheckPrior,
    Measure,
    PriorChecked,
    Reflect,
    Reflected,
    Remember,
    Remembered,
)
from aegan_studio.ui.latent.serving.desk import Desk
from aegan_studio.ui.latent.serving.directions import reading

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

HELD_OUT = 2000
"""Held-out items that tell what is usual, at most."""
PRODUCTS = 2e10
"""Multiplications that measuring them may take: seconds, in the background."""
CHUNK = 256
"""Items that are made ready at a time."""
JUDGED = 256
"""Real items that the critic's opinion is compared with."""


class _Growing:
    """Work in pieces that outlives the request that began it; the next one goes on with it."""

    def __init__(self, pieces: Generator[Any, None, Any]) -> None:
        self._pieces = pieces
        self.result: Any = None
        self.error: StudioError | None = None
        self.done = False

    def grow(self) -> Iterator[None]:
        """Go on until the result is there; raises what the work raised."""
        while not self.done:
            try:
                next(self._pieces)
            except StopIteration as end:
                self.result, self.done = end.value, True
            except StudioError as error:
                self.error, self.done = error, True
            yield None
        if self.error is not None:
            raise self.error


def remember(desk: Desk, request: Remember) -> Iterator[Remembered | None]:
    """Find the nearest training items at once, and what is usual as soon as it is known."""
    model, measure = desk.model, request.measure
    item = model.decode(request.code[None])
    memory = yield from _memory(desk, measure)
    features = yield from _features(desk, measure, item)
    rows, distances = yield from _waiting(memory.finding(features, request.count))
    found = _numbers(model, measure)[rows[0]]
    items = model.store.to_screen(model.store.train[found])
    codes = _encoded(model, found) if model.has_encoder else None
    known = model.store.train_labels
    labels = None if known is None else known[found].numpy()

    def answer(usual: Floats | None, lacking: Message | None = None) -> Remembered:
        return Remembered(request.code, measure, items, distances[0], codes, labels, usual, lacking)

    work = _usual(desk, measure, memory)
    if not work.done:
        yield answer(None)
    try:
        yield from work.grow()
    except StudioError as error:
        yield answer(None, error.message)
    else:
        yield answer(work.result)


def check_prior(desk: Desk, request: CheckPrior) -> Iterator[Checking | PriorChecked | None]:
    """Measure samples of the prior beside held-out items."""
    model = desk.model
    memory = yield from _memory(desk, request.measure)
    work = _usual(desk, request.measure, memory)
    yield from work.grow()
    usual: Floats = work.result
    for _ in model.surveying():
        yield None
    codes = model.draw(request.seed, request.count)
    items: list[Array] = []
    parts: list[Floats] = []
    for piece in model.decoding(codes):
        items.append(piece)
        features = yield from _features(desk, request.measure, piece)
        _, away = yield from _waiting(memory.finding(features, 1))
        parts.append(away[:, 0])
        yield Checking(sum(map(len, parts)) / request.count)
    distances = np.concatenate(parts)
    order = np.argsort(distances, kind="stable")[: request.kept]
    share = request.percentile / 100.0
    near = float(np.quantile(usual, share))
    low, high = expected(share, len(distances), len(usual))
    yield PriorChecked(
        request,
        near,
        int((distances < near).sum()),
        low,
        high,
        usual,
        np.sort(distances),
        codes[order],
        np.concatenate(items)[order],
        distances[order],
    )


def expected(share: float, samples: int, held_out: int) -> tuple[float, float]:
    """Bounds within which 95 of 100 shares lie, of as many new items of the data.

    Both the samples and the held-out items that set the distance are counted out by chance, so
    the variance is p (1 − p) (1/n + 1/m).
    """
    spread = 1.96 * float(np.sqrt(share * (1 - share) * (1 / samples + 1 / held_out)))
    return max(share - spread, 0.0), min(share + spread, 1.0)


def reflect(desk: Desk, request: Reflect) -> Iterator[Reflected | None]:
    """Encode what a code decodes to, decode that again, and ask the critic."""
    model = desk.model
    item = model.decode(request.code[None])
    encoded = rebuilt = cycle = gap = critic = rank = None
    if model.has_encoder:
        encoded = model.encode_shown(item)[0].astype(np.float64)
        rebuilt = model.decode(encoded[None])[0]
        cycle = float(np.linalg.norm(encoded - request.code))
        gap = distance(item[0], rebuilt)
    if model.method.has_critic:
        critic = float(_judged(model, torch.from_numpy(model.scaled(item)))[0])
        real = desk.keep("opinions of real items", lambda: _Growing(_opinions(model)))
        yield from real.grow()
        rank = float(percentiles(real.result, [critic])[0])
    yield Reflected(request.code, encoded, rebuilt, cycle, gap, critic, rank)


def distance(one: Array, other: Array) -> float:
    """Euclidean distance of two items in display units, over values in 0–1 of pictures."""
    offset = one.astype(np.float64) - other.astype(np.float64)
    if one.ndim == 3 and bool((one == one[..., :1]).all() and (other == other[..., :1]).all()):
        offset = offset[..., 0]  # a grey photograph: three equal channels would count thrice
    return float(np.sqrt((offset**2).sum())) / (255.0 if one.dtype == np.uint8 else 1.0)


def _opinions(model: LatentModel) -> Generator[None, None, Floats]:
    real = model.store.held_out if len(model.store.held_out) else model.store.train
    parts = []
    for part in torch.split(real[:JUDGED], 32):
        parts.append(_judged(model, part))
        yield
    return np.sort(np.concatenate(parts))


def _judged(model: LatentModel, x: torch.Tensor) -> Floats:
    with torch.no_grad():
        opinion = model.method.critic(x).double().reshape(len(x), -1).mean(dim=1)
    found: Floats = opinion.numpy()
    return found


def _encoded(model: LatentModel, numbers: npt.NDArray[np.int64]) -> Array:
    with torch.no_grad():
        codes = model.method.encode(model.store.train[numbers])
    return np.asarray(codes, dtype=np.float32)


# What is searched


def _memory(desk: Desk, measure: Measure) -> Generator[None, None, Memory]:
    """The training data to search; codes anew for every snapshot, all else once."""
    _possible(desk.model, measure)
    keep = desk.keep if measure == "encoder" else desk.hold
    work = keep(("memory", measure), lambda: _Growing(_gather(desk, measure)))
    yield from work.grow()
    memory: Memory = work.result
    return memory


def _usual(desk: Desk, measure: Measure, memory: Memory) -> _Growing:
    keep = desk.keep if measure == "encoder" else desk.hold
    return keep(("usual distances", measure), lambda: _Growing(_measure(desk, measure, memory)))


def _possible(model: LatentModel, measure: Measure) -> None:
    if measure == "encoder" and not model.has_encoder:
        raise StudioError(
            msg("This model has no encoder."), msg("Measure the distance of pixels instead.")
        )
    if measure == "features" and model.store.train_labels is None:
        raise StudioError(
            msg("These data have no classes for a classifier to learn."),
            msg("Measure the distance of pixels instead."),
        )


def _gather(desk: Desk, measure: Measure) -> Generator[None, None, Memory]:
    model = desk.model
    if measure == "encoder":
        yield from model.surveying()
        survey = model.survey()
        return Memory(survey.codes[~survey.held_out])
    train = model.store.train
    whole = yield from _prepared(desk, measure, train)
    return Memory(whole)


def _measure(desk: Desk, measure: Measure, memory: Memory) -> Generator[None, None, Floats]:
    model = desk.model
    if not len(model.store.held_out):
        raise StudioError(
            msg("No data were held out to compare with."),
            msg("Train with a share of the data held out."),
        )
    if measure == "encoder":
        survey = model.survey()
        asked: Array = survey.codes[survey.held_out]
    else:
        held_out = model.store.held_out
        cost = len(memory) * int(np.prod(held_out.shape[1:]))
        most = min(len(held_out), HELD_OUT, max(200, int(PRODUCTS / max(cost, 1))))
        chosen = torch.linspace(0, len(held_out) - 1, most).long()
        asked = yield from _prepared(desk, measure, held_out[chosen])
    _, distances = yield from _waiting(memory.finding(asked, 1))
    return np.sort(distances[:, 0])


def _prepared(desk: Desk, measure: Measure, items: torch.Tensor) -> Generator[None, None, Array]:
    """Scaled items as distances are taken of them, in pieces."""
    model, parts = desk.model, []
    for part in torch.split(items, CHUNK):
        shown = model.store.to_display(part)
        if measure == "features":
            reader = yield from _reader(desk)
            parts.append(reader.features(model.store.to_screen(part)))
        else:
            parts.append(shown)
        yield
    return np.concatenate(parts)


def _features(desk: Desk, measure: Measure, items: Array) -> Generator[None, None, Array]:
    """Items in display units as distances are taken of them."""
    if measure == "encoder":
        return desk.model.encode_shown(items)
    if measure == "features":
        reader = yield from _reader(desk)
        return np.asarray(reader.features(items))
    grey = items.ndim == 4 and desk.model.store.info.shape[0] == 1
    return items[..., 0] if grey else items


def _reader(desk: Desk) -> Generator[None, None, Any]:
    work = reading(desk)
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value
        yield None


def _numbers(model: LatentModel, measure: Measure) -> npt.NDArray[np.int64]:
    """Which training items the rows of a memory are."""
    if measure != "encoder":
        return np.arange(len(model.store.train))
    survey = model.survey()
    return model.numbers(np.flatnonzero(~survey.held_out))


def _waiting(pieces: Generator[Any, None, Any]) -> Generator[None, None, Any]:
    """Work in pieces that says nothing of how far it is."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value
        yield None
