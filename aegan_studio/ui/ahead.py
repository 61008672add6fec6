"""What the first click will need, built while nobody does anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QCursor, QGuiApplication

PAUSE_MS = 120
"""Between two looks at whether anybody does something; also between two pieces."""


class Ahead(QObject):
    """Does pieces of work of some tenths of a second, one at a time, while the pointer rests.

    Without it the first demo, recipe or run that is opened pays for building its workspace.

    Parameters
    ----------
    pieces : sequence of callable
        In the order in which they are done; doing one that was done already must cost nothing.
    """

    def __init__(self, pieces: Sequence[Callable[[], object]], parent: QObject) -> None:
        super().__init__(parent)
        self._pieces = list(pieces)
        self._pointer = QCursor.pos()
        self._timer = QTimer(self, interval=PAUSE_MS)
        self._timer.timeout.connect(self._look)

    @property
    def done(self) -> bool:
        """Whether nothing is left to build."""
        return not self._pieces

    def begin(self) -> None:
        """Build from now on."""
        if self._pieces:
            self._timer.start()

    def leave(self) -> None:
        """Build no more: the person has begun, and what is needed is built as it is needed."""
        self._pieces.clear()
        self._timer.stop()

    def _look(self) -> None:
        before, self._pointer = self._pointer, QCursor.pos()
        pressed = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if before != self._pointer or pressed:
            return
        self._pieces.pop(0)()
        if not self._pieces:
            self._timer.stop()
