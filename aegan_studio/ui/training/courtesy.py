"""Training gives way to the window: both share the interpreter, and a person waits for one."""

from __future__ import annotations

import threading

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Slot

PATIENCE = 0.02
"""Seconds that one step waits for the window at most."""


class Courtesy(QObject):
    """Lets training rest between two steps while the window's thread has work to do.

    Else both would take the interpreter's lock from each other at every call of Qt, and a
    frame would take two to three times as long for nothing gained by the training.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._free = threading.Event()
        self._free.set()
        window = QAbstractEventDispatcher.instance()
        if window is not None:
            window.awake.connect(self._on_awake)
            window.aboutToBlock.connect(self._on_rest)

    @Slot()
    def _on_awake(self) -> None:
        self._free.clear()

    @Slot()
    def _on_rest(self) -> None:
        self._free.set()

    def give_way(self) -> None:
        """Wait until the window rests; called by the training thread between two steps."""
        if not self._free.is_set() and not self._free.wait(PATIENCE):
            self._free.set()  # busy for long: training goes on meanwhile
