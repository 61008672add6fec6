"""How the explorer follows a training: at a pace that leaves the training its time."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.ui.latent.messages import Load
from aegan_studio.ui.latent.worker import LatentWorker

SHARE = 0.03
"""Of the time of a training's machine, what following it may take."""
OFTENEST = 0.06
"""Seconds between two snapshots at least."""
AFTERMATH = 1.0
"""Seconds in which work counts as caused by a full round: panels wait for the code to rest."""
LONGEST = 60.0
"""Seconds that following waits at most, whatever it cost."""


class Allowance:
    """Work that may take a share of the time: after each piece it says when the next may begin."""

    def __init__(self, share: float) -> None:
        self._share = share
        self.due = 0.0

    def charge(self, cost: float) -> None:
        """Seconds of work were done."""
        now = time.monotonic()
        self.due = min(max(self.due, now) + cost / self._share, now + LONGEST)


class Follower(QObject):
    """Hands snapshots to the worker, the latest alone, and no faster than it pays.

    While a training runs, a snapshot is mostly taken on lightly: the current code alone is
    decoded anew. Every so often all views are brought up to date (a full round). Each kind may
    take half of :data:`SHARE`. Without a training every snapshot is taken on fully, at once.
    """

    due = Signal(object, bool)
    """Take on this snapshot (:class:`Load`) now, fully or lightly."""

    def __init__(self, worker: LatentWorker, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._load: Load | None = None
        self._stale = self._training = False
        self._under_way: bool | None = None
        self._began = False
        self._full_began = 0.0
        self._seen = 0.0
        self._light, self._full = Allowance(SHARE / 2), Allowance(SHARE / 2)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go)
        worker.idle.connect(self._rest)

    def offer(self, experiment: Experiment, weights: Weights) -> None:
        """There is a newer snapshot."""
        if self._load is not None and self._load.weights is weights:
            return
        self._load, self._stale = Load(experiment, weights), True
        self._go()

    def set_training(self, on: bool) -> None:
        """Say whether a training runs; when it rests, everything is brought up to date."""
        if on == self._training:
            return
        self._training = on
        if not on and self._load is not None:
            self._stale = True
            self._go()

    def reset(self) -> None:
        """Another run begins."""
        self._load, self._stale, self._under_way = None, False, None
        self._began = False
        self._light.due = self._full.due = 0.0
        self._timer.stop()

    def _go(self) -> None:
        if not self._stale or self._load is None:
            return
        full, now = True, time.monotonic()
        if self._training:
            if self._under_way is not None:
                return
            if now < self._light.due:
                self._timer.start(max(1, round((self._light.due - now) * 1e3)))
                return
            full = now >= self._full.due
        self._stale, self._under_way = False, full
        if full:
            self._full_began = now
        self._light.due = now + OFTENEST
        self.due.emit(self._load, full)

    def _rest(self) -> None:
        """The worker has nothing to do: what it did is counted."""
        if not self._worker.is_idle:
            return  # said before the round began
        cost, self._seen = self._worker.spent - self._seen, self._worker.spent
        if not self._began:
            self._began = self._under_way is not None  # building networks happens once
        elif self._under_way is False:
            self._light.charge(cost)
        elif time.monotonic() - self._full_began < AFTERMATH:
            self._full.charge(cost)
        self._under_way = None
        self._go()
