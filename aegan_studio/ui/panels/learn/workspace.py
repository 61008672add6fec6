"""The Learn workspace: what goes wrong in a GAN loop, as printed beside as corrected."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QCloseEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.catalog.lessons import SWITCHES, program
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.learn.column import LaneColumn
from aegan_studio.ui.panels.learn.defects import DefectsPanel
from aegan_studio.ui.training.lane import Lane
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.painting import text_width

GAP = 8
WIDE, NARROW, NARROW_BELOW = 410, 348, 1100
"""Width of the list in pixels, and the width of the workspace below which it is narrower."""

_ENDED = ("finished", "failed")


class LearnWorkspace(QWidget):
    """A lesson with two runs of its own; the session and the document are not touched.

    Out of sight both runs rest; in sight again they go on where they ran.
    """

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        del document  # the lesson runs beside it
        self.printed, self.corrected = Lane(self), Lane(self)
        self._begun = False
        self._going = False
        self.defects = DefectsPanel()
        self.columns = (
            LaneColumn(tr("As printed"), self.printed),
            LaneColumn(tr("Corrected"), self.corrected),
        )
        for column in self.columns:
            column.plot.trouble.connect(session.trouble)
        self.run = Button(tr("Run"), icon="play", variant="soft")
        self.restart = Button(tr("Restart both"), icon="restart")
        self.restart.setToolTip(tr("Begin again with the same weights and the same noise"))
        words = (tr("Run"), tr("Pause"))
        widest = max(text_width(word, self.run.font()) for word in words)
        self.run.setFixedWidth(max(88, int(widest) + 50))  # the row must not jump at a press
        self._lay_out()
        self.run.clicked.connect(self.toggle)
        self.restart.clicked.connect(lambda: self.begin(go=True))
        self.defects.changed.connect(self._on_switched)
        for lane in self._lanes:
            lane.standing_changed.connect(self._refresh)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.end)
        self._refresh()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(GAP)
        bar.addWidget(self.run)
        bar.addWidget(self.restart)
        said = Label(
            tr("784–128 networks on 28×28 digits, the same seed on both sides"),
            tone="text2",
            elide=True,
        )
        bar.addSpacing(6)
        bar.addWidget(said, 1)
        pair = QHBoxLayout()
        pair.setSpacing(GAP)
        for column in self.columns:
            column.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            pair.addWidget(column, 1)
        right = QVBoxLayout()
        right.setSpacing(GAP)
        right.addLayout(bar)
        right.addLayout(pair, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, GAP, GAP, GAP)
        row.setSpacing(GAP)
        row.addWidget(self.defects)
        row.addLayout(right, 1)

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return any(lane.standing == "running" for lane in self._lanes)

    @property
    def _lanes(self) -> tuple[Lane, Lane]:
        return self.printed, self.corrected

    def begin(self, *, go: bool) -> None:
        """Both runs anew; with ``go`` they train at once."""
        self._begun, self._going = True, go
        self.printed.restart(program(self.defects.corrected), go=go)
        self.corrected.restart(program(SWITCHES), go=go)

    def toggle(self) -> None:
        """Pause what runs, run otherwise; what has ended begins again."""
        if self.running:
            self._going = False
            self._rest()
        elif not self._begun or any(lane.standing in _ENDED for lane in self._lanes):
            self.begin(go=True)
        else:
            self._go_on()

    def _rest(self) -> None:
        for lane in self._lanes:
            lane.pause()

    def _go_on(self) -> None:
        self._going = True
        for lane in self._lanes:
            if lane.standing in ("paused", "preparing"):
                lane.run()

    def end(self) -> None:
        """Let both runs go and wait for their threads."""
        self._begun = self._going = False
        for lane in self._lanes:
            lane.end()

    def _on_switched(self) -> None:
        count = len(self.defects.corrected)
        name = tr("As printed")
        if count:
            name = tr("{count} of {all} put right", count=count, all=len(SWITCHES))
        self.columns[0].set_title(name)
        if not self._begun:
            self.begin(go=True)
            return
        self.printed.restart(program(self.defects.corrected), go=True)
        if not self._going:
            self._go_on()

    def _refresh(self) -> None:
        word = tr("Pause") if self.running else tr("Run")
        self.run.setText(word)
        self.run.setAccessibleName(word)
        self.run.set_icon_name("pause" if self.running else "play")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window gets a narrower list."""
        super().resizeEvent(event)
        self.defects.setFixedWidth(NARROW if self.width() < NARROW_BELOW else WIDE)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what untrained networks make, or go on."""
        super().showEvent(event)
        if not self._begun:
            self.begin(go=False)
        elif self._going:
            self._go_on()

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight nothing is trained; a minimised window counts as in sight."""
        super().hideEvent(event)
        if not event.spontaneous() and self._going:
            self._rest()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End both runs."""
        self.end()
        super().closeEvent(event)
