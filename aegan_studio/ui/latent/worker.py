"""The thread that decodes and encodes for the explorer, with its own copy of the networks."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from aegan_studio.experiment import Experiment
from aegan_studio.messages import StudioError, msg
from aegan_studio.ui.latent.messages import Ended, Stamped, Trouble
from aegan_studio.ui.latent.requests import QUICK, SNAPSHOT, Service, service_of

log = logging.getLogger(__name__)

HOLD = 0.025
"""Seconds that longer work stands still after a request that holds it: more than a frame."""
LONGEST_HOLD = 5.0
"""Seconds after which it goes on in between, however long a hand moves."""

Opener = Callable[[Experiment], Any]


def _open_model(experiment: Experiment) -> Any:
    from aegan_studio.ml.latent.explorer import LatentModel

    return LatentModel(experiment)


class LatentWorker(QThread):
    """Answers requests, the most urgent kind first and of each kind only the latest.

    A request that has not been started when a newer one of its kind arrives is forgotten, so a
    slider dragged faster than the network decodes never builds up a queue. Longer work is done in
    pieces: between them more urgent requests are served, and it ends early where it was cancelled
    or a newer request of its kind has come.

    Parameters
    ----------
    open_model : callable
        Builds the model of an experiment, inside the thread. By default it opens ``ml`` then.
    """

    answered = Signal(object)
    """A :class:`Stamped` answer; delivered on the thread of the receiver."""
    idle = Signal()
    """Nothing is left to do."""

    def __init__(self, open_model: Opener = _open_model, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("latent worker")
        self._open_model = open_model
        self._desk: Any = None
        self._lock = threading.Condition()
        self._pending: dict[type, tuple[int, object]] = {}
        self._cancelled: dict[type, int] = {}
        self._under_way: list[Service] = []
        self._stamp = 0
        self._ending = False
        self.spent = 0.0
        """Seconds of work so far."""

    def ask(self, request: object) -> int:
        """Queue a request, in the place of an older one of its kind; its stamp is returned.

        The first request starts the thread; after :meth:`end` requests are forgotten.
        """
        service_of(type(request))
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

    def cancel(self, kind: type) -> int:
        """Forget the request of a kind, or end it at its next piece where it is under way.

        Returns a stamp that is newer than those of all requests so far.
        """
        with self._lock:
            self._pending.pop(kind, None)
            self._stamp += 1
            self._cancelled[kind] = self._stamp
            return self._stamp

    @property
    def is_idle(self) -> bool:
        """Whether nothing is pending or under way."""
        with self._lock:
            return not self._pending and not self._under_way

    def end(self) -> None:
        """Finish the piece under way, forget the rest, and wait for the thread."""
        with self._lock:
            self._ending = True
            self._pending.clear()
            self._lock.notify()
        self.wait()

    def run(self) -> None:
        """Serve until :meth:`end`."""
        from aegan_studio.ui.latent.serving.desk import Desk

        self._desk = Desk(self._open_model)
        while (taken := self._next()) is not None:
            start = time.perf_counter()
            self._serve(*taken)
            self.spent += time.perf_counter() - start
        self._desk = None

    def _next(self) -> tuple[int, Any] | None:
        with self._lock:
            if not self._pending and not self._ending:
                self.idle.emit()
                self._lock.wait_for(lambda: self._pending or self._ending)
            return None if self._ending else self._take()

    def _take(self, below: int = 1_000_000, *, snapshots: bool = True) -> tuple[int, Any] | None:
        """The most urgent of what is pending, if it is more urgent than ``below``."""
        kinds = sorted(self._pending, key=lambda kind: service_of(kind).urgency)
        for kind in kinds:
            urgency = service_of(kind).urgency
            if urgency < below and (snapshots or urgency > SNAPSHOT):
                return self._pending.pop(kind)
        return None

    def _serve(self, stamp: int, request: Any) -> None:
        kind = type(request)
        service = service_of(kind)
        self._under_way.append(service)
        try:
            if self._desk.ready or service.urgency == SNAPSHOT:
                self._work(stamp, request, service)
        except StudioError as error:
            self._answer(kind, stamp, Trouble(error.sentences()))
        except Exception as error:  # one request that fails must not end all exploring
            log.exception("the explorer could not serve %s", kind.__name__)
            why = str(error).partition("\n")[0] or type(error).__name__
            self._answer(kind, stamp, Trouble((msg("This could not be done: {why}", why=why),)))
        finally:
            self._under_way.pop()
            if service.urgency > QUICK:
                self._answer(kind, stamp, Ended())

    def _work(self, stamp: int, request: Any, service: Service) -> None:
        kind = type(request)
        pieces: Any = service.handler()(self._desk, request)
        try:
            for answer in pieces:
                if answer is not None:
                    self._answer(kind, stamp, answer)
                self._serve_urgent(service)
                if self._is_over(kind, stamp):
                    return
        finally:
            pieces.close()

    def _serve_urgent(self, service: Service) -> None:
        """Meet what is more urgent, in the midst of longer work."""
        snapshots = all(known.free for known in self._under_way)
        held, began = False, time.perf_counter()
        while not self._ending:
            with self._lock:
                taken = self._take(service.urgency, snapshots=snapshots)
                if taken is None and held and time.perf_counter() - began < LONGEST_HOLD:
                    waited = time.perf_counter()
                    self._lock.wait(HOLD)
                    self.spent -= time.perf_counter() - waited
                    taken = self._take(service.urgency, snapshots=snapshots)
            if taken is None:
                return
            held = service_of(type(taken[1])).holds
            self._serve(*taken)

    def _is_over(self, kind: type, stamp: int) -> bool:
        with self._lock:
            newer = kind in self._pending
            return self._ending or newer or self._cancelled.get(kind, -1) >= stamp

    def _answer(self, kind: type, stamp: int, answer: Any) -> None:
        self.answered.emit(Stamped(kind, stamp, answer))
