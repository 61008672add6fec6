"""The timeline of a training: instants kept while it runs, at a small share of its time."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from aegan_studio.experiment.events import Instant, Kept, Notice
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.checkpoint import Checkpoint
from aegan_studio.ml.checkpoint import write as write_checkpoint
from aegan_studio.ml.engine import Engine
from aegan_studio.ml.looking import Looking
from aegan_studio.runs import instants
from aegan_studio.runs.instants import Moment
from aegan_studio.runs.thinning import NEAR, superfluous

Array = npt.NDArray[Any]

MOST, MOST_WHOLE = 240, 40
"""Instants, and whole checkpoints among them, that are kept at most, however small they are."""

OFTENEST, OFTENEST_WHOLE = 0.1, 1.0
"""Least seconds between two instants, and between two whole checkpoints."""

SHARE, SHARE_WHOLE = 100, 150
"""The next one comes after so many times the seconds that the last one cost."""

NEAREST, NEAREST_WHOLE = 16 * NEAR, 2 * NEAR
"""A new one is this share of the run, as a divisor, away from the last: it would soon go again."""

PICTURES, SIDE = 6, 32
"""Pictures of an instant, and their pixels along a side at most."""

POINTS = 150
"""Points of an instant, of each kind."""


class Pace:
    """When the next of something is due: not too soon after the last, nor too near to it."""

    def __init__(self, oftenest: float, share: int, nearest: int) -> None:
        self._oftenest, self._share, self._nearest = oftenest, share, nearest
        self._due = 0.0
        self._step = -1

    def due(self, now: float, step: int) -> bool:
        """Whether one is due at this time and step."""
        return now >= self._due and step - self._step > step // self._nearest

    def spent(self, began: float, step: int) -> None:
        """One was made for this step, from the time ``began`` until now."""
        now = time.perf_counter()
        self._step = step
        self._due = now + max(self._oftenest, self._share * (now - began))

    def go_back(self, step: int) -> None:
        """Steps after this one are made anew."""
        self._step = min(self._step, step)


class Timeline:
    """Keeps instants of one training in its run's folder, within a budget of bytes.

    Half of the budget is for whole checkpoints, where one fits there, and the first and the last
    instant into the other half. What has to go is deleted before what is new is written, so that
    the budget holds at every moment.

    Parameters
    ----------
    run : Path
        The folder of the run, whose only writer the caller is.
    budget : int
        In bytes; 0 keeps nothing, and leaves alone what is there.
    """

    def __init__(self, run: Path, budget: int) -> None:
        self._run, self._budget = run, budget
        self._sizes: dict[int, int] = {}
        self._wholes: dict[int, int] = {}
        self._pace = Pace(OFTENEST, SHARE, NEAREST)
        self._whole_pace = Pace(OFTENEST_WHOLE, SHARE_WHOLE, NEAREST_WHOLE)
        self._told = False

    def __contains__(self, step: int) -> bool:
        """Whether the instant of a step is kept."""
        return step in self._sizes

    @property
    def on(self) -> bool:
        """Whether anything is to be kept."""
        return self._budget > 0

    def open(self) -> Kept:
        """Find what an earlier training kept; torn files go."""
        instants.clear_leftovers(self._run)
        with contextlib.suppress(StudioError):
            found = instants.listed(self._run, torn=instants.delete)
        self._sizes = {instant.step: instant.size for instant in found}
        self._wholes = instants.wholes(self._run)
        for step in sorted(self._wholes.keys() - self._sizes.keys()):
            with contextlib.suppress(StudioError):
                instants.delete(instants.whole_path(self._run, step))
            del self._wholes[step]
        if self.on:  # a branch may have less room than the run that it came from
            for sizes, room, most in (
                (self._wholes, self._half, MOST_WHOLE),
                (self._sizes, self._budget - self._half if self._wholes else self._budget, MOST),
            ):
                for step in self._over(sizes, room, most):
                    with contextlib.suppress(StudioError):
                        self._forget(sizes, step)
        return self.kept(tuple(one for one in found if one.step in self._sizes))

    def kept(self, added: tuple[Instant, ...] = ()) -> Kept:
        """The timeline as it is."""
        return Kept(tuple(sorted(self._sizes)), tuple(sorted(self._wholes)), added)

    def due(self, step: int) -> bool:
        """Whether it is time for the next instant; cheap."""
        return self.on and self._pace.due(time.perf_counter(), step)

    def whole_due(self, step: int) -> bool:
        """Whether it is time for a whole checkpoint beside the instant of this step."""
        return self.on and self._whole_pace.due(time.perf_counter(), step)

    def go_back(self, step: int) -> Kept:
        """The folder was truncated after ``step``."""
        for sizes in (self._sizes, self._wholes):
            for later in [known for known in sizes if known > step]:
                del sizes[later]
        self._pace.go_back(step)
        self._whole_pace.go_back(step)
        return self.kept()

    # Keeping

    def keep(self, looking: Looking, engine: Engine, step: int, seconds: float) -> Kept | Notice:
        """Keep the instant of this step; ``looking`` has taken on the training's weights.

        Raises
        ------
        StudioError
            On a full disk and alike; the timeline is as it was, or thinner.
        """
        began = time.perf_counter()
        made, real = thumbnail(looking)
        moment = Moment(
            experiment=engine.experiment,
            step=step,
            seconds=seconds,
            epoch=engine.order.epoch,
            weights=engine.display_arrays(),
            state={name: t.detach().cpu().numpy() for name, t in engine.model.method.state.items()},
        )
        data = instants.encode(moment, made, real)
        try:
            if not self._make_room(step, len(data)):
                return self._too_small(len(data))
            instants.write(self._run, step, data)
        finally:
            self._pace.spent(began, step)
        self._sizes[step] = len(data)
        return self.kept((Instant(step, seconds, moment.epoch, made, real, len(data)),))

    def keep_whole(self, checkpoint: Checkpoint) -> Kept:
        """Keep a checkpoint beside the instant of its step; raises as :meth:`keep` does."""
        began, step = time.perf_counter(), checkpoint.step
        path = instants.whole_path(self._run, step)
        fresh = path.with_name(f".{path.name}.new")
        try:
            size = sum(t.numel() * t.element_size() for t in checkpoint.tensors.values())
            if self._whole_fits(size):
                write_checkpoint(fresh, checkpoint, sync=False)
                self.adopt(fresh, step)
                instants.delete(fresh)
        finally:
            self._whole_pace.spent(began, step)
        return self.kept()

    def adopt(self, checkpoint: Path, step: int) -> Kept:
        """Keep a checkpoint's file beside the instant of its step; raises as :meth:`keep`."""
        size = checkpoint.stat().st_size
        if step in self._sizes and self._whole_fits(size):
            for other in self._over(self._sizes, self._budget - self._half, MOST):
                self._forget(self._sizes, other)
            wholes = {**self._wholes, step: size}
            gone = self._over(wholes, self._half, MOST_WHOLE)
            for other in gone:
                self._forget(self._wholes, other)
            if step not in gone and step in self._sizes:
                instants.adopt_checkpoint(self._run, step, checkpoint)
                self._wholes[step] = size
        return self.kept()

    @property
    def _half(self) -> int:
        return self._budget // 2

    def _whole_fits(self, size: int) -> bool:
        """Whether a checkpoint fits into its half, and the first and last instants into theirs."""
        ends = {min(self._sizes), max(self._sizes)} if self._sizes else set()
        room = self._budget - self._half
        return size <= self._half and sum(self._sizes[step] for step in ends) <= room

    def _make_room(self, step: int, size: int) -> bool:
        """Delete what must go for a new instant of ``size`` bytes; whether it may stay itself."""
        room = self._budget - self._half if self._wholes else self._budget
        gone = self._over({**self._sizes, step: size}, room, MOST)
        if step in gone:
            return False
        for other in gone:
            self._forget(self._sizes, other)
        return True

    @staticmethod
    def _over(sizes: Mapping[int, int], room: int, most: int) -> list[int]:
        steps = sorted(sizes)
        return superfluous(steps, [sizes[step] for step in steps], room, most)

    def _forget(self, sizes: dict[int, int], step: int) -> None:
        """Delete a whole checkpoint, or an instant together with the one beside it."""
        if self._wholes.pop(step, None) is not None:
            instants.delete(instants.whole_path(self._run, step))
        if sizes is self._sizes:
            del self._sizes[step]
            instants.delete(instants.instant_path(self._run, step))

    def _too_small(self, size: int) -> Notice | Kept:
        if self._told:
            return self.kept()
        self._told = True
        return Notice(
            msg(
                "A snapshot of this model takes {size:.0f} MB; the timeline’s {budget:.0f} MB "
                "cannot hold it.",
                size=size / 1e6,
                budget=self._budget / 1e6,
            ),
            msg("Raise “Timeline budget” under Training before the next run to be able to rewind."),
        )


# How an instant looks


def thumbnail(looking: Looking) -> tuple[Array, Array | None]:
    """A few items that the model makes, and for points some of the data; of the same all along.

    Reconstructions where codes are drawn from no prior: what such samples are says little.
    """
    rebuilt = looking.model.has_encoder and looking.model.method.sampler != "prior"
    source = looking.originals if rebuilt else looking.sample_codes
    points = looking.data.info.modality == "points"
    count = min(POINTS if points else PICTURES, len(source))
    chosen = torch.linspace(0, len(source) - 1, count).round().long().to(source.device)
    codes = looking.model.encode(source[chosen]) if rebuilt else source[chosen]
    made = looking.data.to_screen(looking.model.generate(codes))
    if not points:
        return smaller(made, SIDE), None
    real = looking.data.to_screen(looking.originals[:: max(1, len(looking.originals) // POINTS)])
    return _half(made), _half(real[:POINTS])


def smaller(pictures: Array, side: int) -> Array:
    """Pictures (n, h, w[, 3]) of at most ``side`` pixels a side: means of whole squares."""
    high, wide = pictures.shape[1:3]
    factor = -(-max(high, wide) // side)
    if factor == 1:
        return pictures
    cut = pictures[:, : high // factor * factor, : wide // factor * factor]
    shape = (len(cut), high // factor, factor, wide // factor, factor, *cut.shape[3:])
    means: Array = np.rint(cut.reshape(shape).mean(axis=(2, 4))).astype(np.uint8)
    return means


def _half(points: Array) -> Array:
    most = float(np.finfo(np.float16).max)
    half: Array = np.clip(np.nan_to_num(points), -most, most).astype(np.float16)
    return half


def arrays_of(moment: Moment) -> Mapping[str, Mapping[str, Array]]:
    """The weights of an instant in single precision, as training has them."""
    return {
        role: {
            name: array.astype(np.float32) if array.dtype == np.float16 else array
            for name, array in arrays.items()
        }
        for role, arrays in moment.weights.items()
    }
