"""Requests to the latent worker and the way of their answers: the newest of a kind counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MethodType
from typing import Any
from weakref import WeakMethod

from PySide6.QtCore import QObject, Signal

from aegan_studio.ui.latent.messages import Ended, Stamped, Trouble
from aegan_studio.ui.latent.requests import QUICK, service_of
from aegan_studio.ui.latent.worker import LatentWorker

Slot = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class _Listener:
    """A slot; of a method only a weak reference, as Qt's own connections keep it.

    Otherwise panels and explorer would hold each other, and Python's collector, which may run in
    any thread, would end widgets outside theirs.
    """

    find: Callable[[], Slot | None]
    every: bool
    troubles: bool

    @classmethod
    def of(cls, slot: Slot, every: bool, troubles: bool) -> _Listener:
        weak = isinstance(slot, MethodType)
        return cls(WeakMethod(slot) if weak else (lambda: slot), every, troubles)


class Asking(QObject):
    """Asks a worker, and hands each answer to those who listen to its kind of request.

    Answers to requests from before :meth:`forget`, and those that something newer of their kind
    has overtaken, are dropped by their stamps.
    """

    busy_changed = Signal(object)
    """A kind of request is under way now, or no longer: :meth:`is_busy`."""
    trouble = Signal(object)
    """Sentences: something could not be done."""

    def __init__(self, worker: LatentWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._newest: dict[type, int] = {}
        self._busy: dict[type, int] = {}
        self._listeners: dict[type, list[_Listener]] = {}
        self._oldest = 0
        worker.answered.connect(self._sort)

    def ask(self, request: object) -> int:
        """Hand a request to the worker, in the place of an older one of its kind; its stamp."""
        kind = type(request)
        stamp = self._newest[kind] = self._worker.ask(request)
        if service_of(kind).urgency > QUICK:
            self._set_busy(kind, stamp)
        return stamp

    def cancel(self, kind: type) -> None:
        """End what is under way of a kind; nothing more of it arrives."""
        self._newest[kind] = self._worker.cancel(kind)
        self._set_busy(kind, None)

    def listen(
        self, kind: type, slot: Slot, *, every: bool = False, troubles: bool = False
    ) -> None:
        """Hand the answers to a kind of request to ``slot``, as long as its owner lives.

        Parameters
        ----------
        every : bool
            Also answers to requests that newer ones have overtaken.
        troubles : bool
            Also :class:`Trouble`, which otherwise the workspace says.
        """
        self._listeners.setdefault(kind, []).append(_Listener.of(slot, every, troubles))

    def is_busy(self, kind: type) -> bool:
        """Whether the newest request of a kind is pending or under way."""
        return kind in self._busy

    def forget(self) -> None:
        """End everything under way; no answer to what was asked so far arrives any more."""
        self._oldest = max(self._newest.values(), default=0) + 1
        for kind in list(self._busy):
            self._worker.cancel(kind)
            self._set_busy(kind, None)

    def take(self, stamped: Stamped, newest: bool) -> None:
        """An answer, and whether nothing newer of its kind was asked for; for heirs."""

    def _sort(self, stamped: Stamped) -> None:
        if stamped.stamp < self._oldest:
            return
        kind, answer = stamped.channel, stamped.answer
        newest = stamped.stamp >= self._newest.get(kind, 0)
        if isinstance(answer, Ended):
            if self._busy.get(kind) == stamped.stamp:
                self._set_busy(kind, None)
            return
        heard = self._tell(stamped, newest)
        if not isinstance(answer, Trouble):
            self.take(stamped, newest)
        elif not heard:
            self.trouble.emit(answer.sentences)

    def _tell(self, stamped: Stamped, newest: bool) -> bool:
        """Whether somebody took the answer."""
        heard = False
        for listener in tuple(self._listeners.get(stamped.channel, ())):
            if not newest and not listener.every:
                continue
            if isinstance(stamped.answer, Trouble) and not listener.troubles:
                continue
            slot = listener.find()
            if slot is not None:
                slot(stamped.answer)
                heard = True
        return heard

    def _set_busy(self, kind: type, stamp: int | None) -> None:
        before = kind in self._busy
        if stamp is None:
            self._busy.pop(kind, None)
        else:
            self._busy[kind] = stamp
        if before != (kind in self._busy):
            self.busy_changed.emit(kind)
