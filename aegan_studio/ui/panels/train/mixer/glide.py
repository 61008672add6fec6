"""Gliding to a named model: many small live edits that undo as one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import NamedModel
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.mixer.desk import channels_of, glided, value_at

TICK_MS = 125
"""Between two edits of a glide: each is a change that the run records."""


class Glide(QObject):
    """Moves a document's weights to those of a model over some seconds.

    Any other change of the document ends it where it is.
    """

    moved = Signal(float)
    """The share of the way done."""
    ended = Signal()

    def __init__(
        self,
        document: Document,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._clock = clock
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.advance)
        self._model: NamedModel | None = None
        self._start: dict[str, Any] = {}
        self._begun, self._seconds = 0.0, 0.0
        self._editing = False
        document.changed.connect(self._on_changed)

    @property
    def model(self) -> NamedModel | None:
        """Where it is going; ``None`` where it is not."""
        return self._model

    def begin(self, model: NamedModel, seconds: float) -> None:
        """Set out for a model; the way there is one step of undo."""
        self.cancel()
        experiment = self._document.experiment
        self._start = {path: value_at(experiment, path) for path in model.edits}
        self._model = model
        self._begun, self._seconds = self._clock(), seconds
        self._timer.start()
        self.moved.emit(0.0)

    def cancel(self) -> None:
        """Stay where it is."""
        if self._model is not None:
            self._model = None
            self._timer.stop()
            self.ended.emit()

    def advance(self) -> None:
        """Go as far as the time that has passed."""
        model = self._model
        if model is None:
            return
        share = min((self._clock() - self._begun) / max(self._seconds, 1e-6), 1.0)
        channels = channels_of(self._document.experiment)
        settings = glided(self._start, model.edits, channels, share)
        text = tr("glide to {model}", model=tr(model.label))
        self._editing = True
        taken = self._document.edit(settings, text, gesture=(self, self._begun))
        self._editing = False
        self.moved.emit(share)
        if share >= 1 or not taken:
            self.cancel()

    def _on_changed(self, _experiment: Experiment) -> None:
        if not self._editing:
            self.cancel()
