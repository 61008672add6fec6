"""Starts the window as the command does and tells when it was painted and when torch was there.

``python -m aegan_studio.bench.start BEGUN`` with the clock's time at which the process was asked
for; prints one line of JSON and closes the window.
"""

from __future__ import annotations

import json
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from aegan_studio.cli import window
from aegan_studio.ui.app import application


class Witness(QObject):
    """Sees the window's first paint."""

    def __init__(self, app: QApplication, begun: float) -> None:
        super().__init__(app)
        self._app = app
        self._begun = begun
        self._told: dict[str, float | bool] = {}
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Wait for a paint, and note the time when it is done."""
        if event.type() == QEvent.Type.Paint and "window" not in self._told:
            self._told["window"] = 0.0
            self._app.removeEventFilter(self)
            QTimer.singleShot(0, self, self._painted)
        return super().eventFilter(watched, event)

    def _painted(self) -> None:
        self._told["window"] = time.time() - self._begun
        self._told["torch"] = "torch" in sys.modules
        for widget in self._app.topLevelWidgets():
            background = getattr(widget, "background", None)
            if background is not None:
                background.torch_ready.connect(self._ready)

    def _ready(self) -> None:
        self._told["ready"] = time.time() - self._begun
        sys.stdout.write(json.dumps(self._told) + "\n")
        sys.stdout.flush()
        self._app.closeAllWindows()


if __name__ == "__main__":
    witness = Witness(application([]), float(sys.argv[1]))
    sys.exit(window([]))
