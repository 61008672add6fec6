"""What a training leaves in its run's folder while it runs: checkpoints, and its timeline."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Protocol

from aegan_studio.experiment.events import Event, Notice, Saved, SaveFailed
from aegan_studio.messages import StudioError
from aegan_studio.ml import checkpoint
from aegan_studio.ml.checkpoint import Checkpoint
from aegan_studio.ml.engine import Engine
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.showing import Showcase
from aegan_studio.ml.timeline import Timeline
from aegan_studio.runs.folder import RunFolder
from aegan_studio.runs.pictures import preview


class Training(Protocol):
    """The training that is kept."""

    @property
    def step(self) -> int:
        """Whole steps made."""

    @property
    def seconds(self) -> float:
        """Of training."""

    @property
    def place(self) -> object:
        """Where it stands; every update changes it."""

    @property
    def engine(self) -> Engine:
        """What it moves."""

    def checkpoint(self) -> Checkpoint:
        """All that going on from here needs."""

    def looked(self) -> Showcase:
        """What is shown, brought up to the present weights."""


class Keeper:
    """Saves one training now and then, and keeps instants of it.

    Parameters
    ----------
    run : RunFolder
    training : Training
    autosave : float
        Seconds of training between checkpoints.
    budget : int
        Of the timeline, in bytes.
    saved : bool
        Whether the training begins at a checkpoint.
    """

    def __init__(
        self, run: RunFolder, training: Training, *, autosave: float, budget: int, saved: bool
    ) -> None:
        self._run, self._training, self._autosave = run, training, autosave
        self.timeline = Timeline(run.path, budget)
        self._step = training.step if saved else -1
        self._seconds = training.seconds if saved else 0.0
        self._place = training.place if saved else None
        self._complained = False

    @property
    def unsaved(self) -> bool:
        """Whether updates were made since the last checkpoint."""
        return self._place != self._training.place

    # Checkpoints

    def save(self, status: str, **facts: object) -> Saved:
        """Write a checkpoint and everything that belongs to it.

        Raises
        ------
        StudioError
            On a full disk and alike; training is not harmed.
        """
        run, training = self._run, self._training
        run.flush()  # first: a checkpoint must never be ahead of the metrics
        path = run.checkpoint_path(training.step)
        checkpoint.write(path, training.checkpoint())
        self._write_preview()
        run.describe(step=training.step, status=status, seconds=round(training.seconds, 3), **facts)
        run.prune_checkpoints(checkpoint.KEEP)
        self._step, self._seconds = training.step, training.seconds
        self._place = training.place
        return Saved(self._step, path)

    def try_save(self, status: str, **facts: object) -> Saved | SaveFailed:
        """Save, or say why not; where it failed it is tried again after the interval."""
        try:
            return self.save(status, **facts)
        except StudioError as error:
            self._seconds = self._training.seconds
            return SaveFailed(self._training.step, error.message, error.mend)

    @property
    def save_due(self) -> bool:
        """Whether the interval between checkpoints has passed."""
        return self._training.seconds - self._seconds >= self._autosave

    def _write_preview(self) -> None:
        png = preview(self._training.looked().pictures(self._training.step))
        if png is not None:
            with contextlib.suppress(StudioError):  # an ornament: saving must not fail for it
                self._run.write_preview(png)

    # The timeline

    def keep(self) -> Iterator[Event]:
        """Keep the instant that was saved just now, its checkpoint beside it."""
        yield from self.keep_instant(always=True)
        step = self._training.step
        if self._step == step and step in self.timeline:
            with contextlib.suppress(StudioError):  # it is a convenience: the checkpoint stands
                yield self.timeline.adopt(self._run.checkpoint_path(step), step)

    def keep_instant(self, *, always: bool = False) -> Iterator[Event]:
        """Keep the present instant if one is due, now and then with a whole checkpoint."""
        timeline, training = self.timeline, self._training
        step = training.step
        if not timeline.on or step in timeline or not (always or timeline.due(step)):
            return
        try:
            self._run.flush()  # first: an instant must never be ahead of the metrics
            looking: Looking = training.looked().looking
            yield timeline.keep(looking, training.engine, step, training.seconds)
            if step in timeline and self._step != step and timeline.whole_due(step):
                yield timeline.keep_whole(training.checkpoint())
            self._complained = False
        except StudioError as error:
            if not self._complained:
                yield Notice(error.message, error.mend)
            self._complained = True
