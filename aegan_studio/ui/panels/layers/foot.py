"""The foot of the editor: memory or what is assumed, and the sum with the estimated pace."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aegan_studio.experiment.events import Progress
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.layers import facts
from aegan_studio.ui.panels.layers.estimate import faster, seconds_per_step
from aegan_studio.ui.theme import BODY
from aegan_studio.ui.training.background import Background
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.labels import Label

SOON_MS, AGAIN_MS = 400, 2500
"""When the computer's pace is measured after the editor opened, and once more after that."""


class Foot(QWidget):
    """What the whole network costs."""

    def __init__(
        self,
        document: Document,
        session: Session,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._session, self._background = document, session, background
        self._pace: Any = None
        self._trained = 1.0
        self._shown: tuple[Any, str] | None = None
        self.note = Label("", tone="text2", size=BODY, elide=True)
        self.total = Label("", size=BODY, weight=600)
        self.total.setToolTip(
            tr(
                "An operation is an addition or a multiplication of one item's forward pass. "
                "Steps/s are estimated for the whole experiment: each network forward and "
                "backward in every phase, at the speed of a linear layer, a convolution and an "
                "activation measured on one thread of this computer's processor, and a fixed time "
                "for each layer. Once this experiment has trained here, its pace corrects the "
                "estimate."
            )
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 8, 0)
        row.setSpacing(12)
        row.addWidget(self.note, 1)
        row.addWidget(self.total)
        self.setFixedHeight(42)
        background.pace_measured.connect(self._on_pace)

    @property
    def has_pace(self) -> bool:
        """Whether this computer's pace is known."""
        return self._pace is not None

    def measure(self) -> None:
        """Have this computer's pace measured soon, after more urgent answers."""
        if self._pace is None:
            QTimer.singleShot(SOON_MS, self, self._background.measure_pace)

    def show_nothing(self) -> None:
        """Nothing is known yet."""
        self._shown = None
        self.note.setText("")
        self.total.setText("")

    def show_report(self, inspection: Any, role: str, misfit: bool, mend: str) -> None:
        """Show what a network costs; below a misfit say what the grey shapes are.

        Parameters
        ----------
        mend : str
            What would mend the misfit, where the shapes below it were found out.
        """
        self._shown = (inspection, role)
        batch = self._document.experiment.training.batch_size
        self.note.setToolTip("")
        if misfit:
            grey = tr("Grey shapes: after “{mend}”.", mend=mend)
            self.note.setText(grey if mend else tr("Shapes below the problem are not known."))
        else:
            self.note.setText(facts.memory_words(inspection.networks[role], batch))
            self.note.setToolTip(
                tr(
                    "Weights with their gradients and Adam's two moments, and the values that the "
                    "layers make of a batch of {batch} with their gradients.",
                    batch=batch,
                )
            )
        self._show_total()

    def _show_total(self) -> None:
        if self._shown is not None:
            inspection, role = self._shown
            if inspection is not self._document.inspection:
                return  # the next answer is under way
            pace = self._steps_per_second(inspection)
            self.total.setText(facts.total_text(inspection.networks[role], pace))

    def _steps_per_second(self, inspection: Any) -> float:
        """The estimate, corrected by how fast the experiment really trained here."""
        if self._pace is None:
            return math.nan
        experiment = self._document.experiment
        seconds = seconds_per_step(experiment, inspection, self._pace)
        if not seconds > 0:
            return math.nan
        ran = self._session.latest.get(Progress)
        same = self._session.has_run and self._session.experiment == experiment
        if same and isinstance(ran, Progress) and ran.steps_per_second > 0:
            self._trained = ran.steps_per_second * seconds
        return self._trained / seconds

    def _on_pace(self, pace: Any) -> None:
        """Take a measurement in; what was fastest counts, for other programs only slow it down."""
        first = self._pace is None
        self._pace = pace if first else faster(self._pace, pace)
        if first and self._session.state != "running":
            QTimer.singleShot(AGAIN_MS, self, self._background.measure_pace)
        self._show_total()
