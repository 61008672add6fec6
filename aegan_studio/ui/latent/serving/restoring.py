"""Pictures restored by what the model can make."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.latent.restoring import (
    HOLE_PRIOR,
    NOISE_PRIOR,
    Restoration,
    completing,
    denoising,
    inpainting,
)
from aegan_studio.ui.latent.picture_messages import Restore, Restored
from aegan_studio.ui.latent.serving.desk import Desk
from aegan_studio.ui.latent.serving.pictures import BETWEEN


def restore(desk: Desk, request: Restore) -> Iterator[Restored | None]:
    """Fill in, complete or denoise an item."""
    model = desk.model
    due = 0.0
    for found in _restoring(desk, request):
        now, last = time.perf_counter(), found.step == found.steps
        if now < due and not last:
            yield None
            continue
        due = now + BETWEEN
        order = np.argsort(found.losses, kind="stable") if last else np.arange(len(found.losses))
        yield Restored(
            found.step,
            found.steps,
            model.screen(found.items)[order],
            found.codes[order],
            found.losses[order],
        )


def _restoring(desk: Desk, request: Restore) -> Iterator[Restoration]:
    model = desk.model
    space, items = model.space(), model.scaled(request.item[None])
    hole = HOLE_PRIOR if request.prior_weight is None else request.prior_weight
    if request.way == "denoise":
        weight = NOISE_PRIOR if request.prior_weight is None else request.prior_weight
        yield from denoising(
            space,
            items,
            keep=request.keep,
            prior_weight=weight,
            steps=request.steps,
            seed=request.seed,
            every=1,
        )
        return
    if request.unknown is None or not request.unknown.any():
        raise StudioError(msg("Nothing is marked as unknown."), msg("Paint over it first."))
    if request.unknown.all():
        raise StudioError(
            msg("Everything is marked as unknown."), msg("Leave something that is known.")
        )
    known = (~request.unknown).astype(np.float32)
    if request.way == "inpaint":
        yield from inpainting(
            space,
            items,
            known,
            blend=request.blend,
            prior_weight=hole,
            steps=request.steps,
            seed=request.seed,
            every=1,
        )
    else:
        yield from completing(
            space,
            items[0],
            known,
            count=request.count,
            blend=request.blend,
            prior_weight=hole,
            steps=request.steps,
            seed=request.seed,
            every=1,
        )
