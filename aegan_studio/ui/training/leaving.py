"""Threads that were let go: they save and end by themselves, and are kept until they have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QThread

ThreadT = TypeVar("ThreadT", bound=QThread)


class Leaving(QObject, Generic[ThreadT]):
    """Holds on to threads that nobody listens to any more: Qt must not lose one that runs."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: list[ThreadT] = []

    def __iter__(self) -> Iterator[ThreadT]:
        """Those that have not ended, as they are now."""
        return iter(tuple(self._threads))

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._threads)

    def add(self, thread: ThreadT) -> None:
        """Keep a thread that was told to end, until it has."""
        self._threads.append(thread)
        thread.finished.connect(self._sweep)  # a method: it is carried out in the window's thread
        self._sweep()

    def wait(self, patience_ms: int) -> None:
        """Wait until all have ended, each at most so long."""
        for thread in self:
            thread.wait(patience_ms)
        self._sweep()

    def _sweep(self) -> None:
        """Let go of those that have ended."""
        for thread in self:
            if thread.isFinished():
                self._threads.remove(thread)
                thread.finished.disconnect(self._sweep)
                thread.deleteLater()
