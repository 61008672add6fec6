"""Codes of pictures: encoded, or looked for."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator

import numpy as np
import numpy.typing as npt

from aegan_studio.ml.data.drawn import as_data
from aegan_studio.ml.data.store import coloured
from aegan_studio.ml.latent.explorer import LatentModel
from aegan_studio.ml.latent.inversion import Inversion, Pool, inverting
from aegan_studio.ml.latent.restoring import decoded
from aegan_studio.runs.intake import fitted, of_pixels, open_picture
from aegan_studio.ui.latent.messages import Array, Found
from aegan_studio.ui.latent.picture_messages import (
    Invert,
    Inverted,
    Kin,
    Look,
    Opened,
    Read,
    Roughen,
    Seen,
    Subject,
    Take,
    Taken,
)
from aegan_studio.ui.latent.serving.desk import Desk

POOLED = 256
"""Decoded codes among which the nearest is looked for while somebody draws."""
LOOKING = 60
"""Steps of a quick search."""
STARTS = 2
"""Codes it starts from, beside the one found before."""
BETWEEN = 0.03
"""Seconds between two answers of a search."""


def shown(model: LatentModel, subject: Subject) -> Array:
    """The subject as an item in display units, without a first axis."""
    made = subject.pixels
    if not subject.exact:
        made = as_data(model.experiment.dataset, made, centred=subject.centred)
    item: Array = coloured(made[None], model.store.info)[0]
    return item


def look(desk: Desk, request: Look) -> Iterator[Seen | None]:
    """Encode a picture, or look for its code."""
    model = desk.model
    item = shown(model, request.subject)
    x = model.scaled(item[None])
    if model.has_encoder:
        codes = model.encode_shown(item[None])
        error = float(np.square(rebuilt_scaled(model, codes) - x).mean())
        yield _seen(model, item, codes[0], error, done=not request.refine)
        if not request.refine:
            return
    pool = yield from filled(desk)
    near: npt.ArrayLike | None = None if request.near is None else request.near[None]
    if model.has_encoder:
        near = model.encode_shown(item[None])
    for found, due in paced(
        inverting(
            model.space(),
            x,
            steps=LOOKING,
            starts=STARTS + (near is not None),
            start=near,
            pool=pool,
            every=1,
        )
    ):
        last = found.step == found.steps
        yield _seen(model, item, found.codes[0], float(found.losses[0]), done=last) if due else None


def invert(desk: Desk, request: Invert) -> Iterator[Inverted | None]:
    """Find the code of a picture by optimisation."""
    model = desk.model
    item = shown(model, request.subject)
    encoded = request.encoder and model.has_encoder
    first: float | None = None
    pool = yield from filled(desk)
    for found, due in paced(
        inverting(
            model.space(),
            model.scaled(item[None]),
            steps=request.steps,
            starts=request.starts,
            encoder=request.encoder,
            pool=pool,
            loss=request.loss,
            prior_weight=request.prior_weight,
            seed=request.seed,
            every=1,
        )
    ):
        error = float(found.losses[0])
        if first is None:
            first = error if not encoded else _encoders(model, item, request.loss)
        if not due:
            yield None
            continue
        yield Inverted(
            found.step,
            found.steps,
            item,
            model.decode(found.codes)[0],
            found.codes[0].astype(np.float64),
            error,
            first,
            encoded,
        )


def kin(desk: Desk, request: Kin) -> Iterator[Found | None]:
    """Find the training items nearest to an item."""
    model = desk.model
    rows, distances = model.nearest(request.item, request.count)
    for _ in model.surveying():
        yield None
    survey = model.survey()
    codes = survey.codes[rows] if survey.source == "encoded" else None
    yield Found(model.data()[rows], distances, codes)


def take(desk: Desk, request: Take) -> Iterator[Taken]:
    """Take an item of the held-out data (of all where none are held out), or a decoded one."""
    model = desk.model
    if request.code is not None:
        yield Taken(model.decode(request.code[None])[0])
        return
    store = model.store
    held_out = len(store.held_out) > 0
    items = store.held_out if held_out else store.train
    labels = store.held_out_labels if held_out else store.train_labels
    number = int(np.random.default_rng(request.seed).integers(len(items)))
    label = -1 if labels is None else int(labels[number])
    yield Taken(store.to_screen(items[number : number + 1])[0], number, label)


def read(desk: Desk, request: Read) -> Iterator[Opened]:
    """Read a picture from outside."""
    source = request.source
    picture = of_pixels(source) if isinstance(source, np.ndarray) else open_picture(source)
    yield Opened(fitted(picture, desk.model.store.info, request.size))


def roughen(desk: Desk, request: Roughen) -> Iterator[Taken]:
    """Add noise to an item."""
    rng = np.random.default_rng(request.seed)
    item = request.item
    channels = 1 if item.ndim == 3 and desk.model.store.info.shape[0] == 1 else item.shape[-1]
    shape = (*item.shape[:2], channels) if item.ndim == 3 else item.shape
    noise = rng.normal(0, request.sigma * 255, shape)
    yield Taken(np.clip(np.rint(item + noise), 0, 255).astype(np.uint8))


def filled(desk: Desk) -> Generator[None, None, Pool]:
    """The pool of a snapshot, filled in short pieces where it is not yet."""
    if not (kept := desk.keep("pool of pictures", list[Pool])):
        growing: list[Pool] = []
        for pool in Pool.filling(desk.model.space(), POOLED):
            growing = [pool]
            yield
        kept += growing
    return kept[0]


def paced(reports: Iterator[Inversion]) -> Iterator[tuple[Inversion, bool]]:
    """Reports, and whether it is time to show one: the first, the last, and some between."""
    due = 0.0
    for found in reports:
        now = time.perf_counter()
        show = now >= due or found.step == found.steps
        if show:
            due = now + BETWEEN
        yield found, show


def rebuilt_scaled(model: LatentModel, codes: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """What codes decode to, in scaled units."""
    return decoded(model.space(), codes)


def _encoders(model: LatentModel, item: Array, loss: str) -> float:
    """How far the encoder's answer is from the item."""
    codes = model.encode_shown(item[None])
    away = rebuilt_scaled(model, codes) - model.scaled(item[None])
    return float(np.square(away).mean() if loss == "mse" else np.abs(away).mean())


def _seen(
    model: LatentModel, item: Array, code: npt.NDArray[np.float32], error: float, *, done: bool
) -> Seen:
    return Seen(item, model.decode(code[None])[0], code.astype(np.float64), error, done)
