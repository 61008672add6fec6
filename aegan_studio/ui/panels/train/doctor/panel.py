"""The doctor's panel: every finding that holds, the worst first."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from aegan_studio.experiment.findings import Finding, Remedy
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.doctor.card import FindingCard
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.sentence import Sentence


class DoctorPanel(Panel):
    """Findings with evidence, meaning and remedies; quiet where nothing is wrong."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(tr("Doctor"), margins=(14, 0, 6, 10), parent=parent)
        self._document, self._session = document, session
        self._told: tuple[Finding, ...] | None = None
        self.cards: list[FindingCard] = []
        self.well = Sentence()
        self.back = Button(tr("Bring back"), variant="ghost", size="s")
        self.back.setToolTip(tr("Show again what was put aside"))
        self.back.clicked.connect(session.watching.bring_back)
        self.add_action(self.back)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._inside)
        for ground in (self._area.viewport(), self._inside):
            ground.setAutoFillBackground(False)  # the panel's own ground shows
        self.add(self._area, 1)
        self.add(self.well, 1)
        session.watching.changed.connect(self._refresh)
        session.state_changed.connect(self._refresh)
        session.moments.changed.connect(self._show_instants)
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while hidden."""
        self._refresh()
        self._show_instants()
        super().showEvent(event)

    def _refresh(self, _what: object = None) -> None:
        watching = self._session.watching
        found = watching.shown
        self.back.setVisible(bool(watching.aside))
        self._area.setVisible(bool(found))
        self.well.setVisible(not found)
        self.well.set_paragraphs(self._sentences())
        if not self.isVisible() or found == self._told:
            return
        self._told = found
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [FindingCard(finding, self._session.experiment) for finding in found]
        for index, card in enumerate(self.cards):
            card.remedy_chosen.connect(self.try_remedy)
            card.put_aside.connect(watching.put_aside)
            card.looked_at.connect(self._session.rewind)
            self._column.insertWidget(index, card)
            card.show()  # a layout in sight would do so only later
        self._show_instants()

    def _show_instants(self) -> None:
        if self.isVisible():
            for card in self.cards:
                card.frames.show_instants(self._session.moments.instants)

    def show_finding(self, name: str) -> None:
        """Bring the card of a finding into view, if it is one of those shown."""
        card = next((card for card in self.cards if card.finding.name == name), None)
        if card is None:
            return
        self._column.activate()  # a card that is new has no place yet
        self._area.ensureWidgetVisible(card, 0, 0)
        first = [*card.remedies, card.aside][0]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _sentences(self) -> tuple[str, ...]:
        watching = self._session.watching
        if self._session.state == "empty":
            return (
                tr("It watches the training and says what goes wrong, why, and what may help."),
                tr("Press Train to be watched."),
            )
        if watching.aside:
            return (tr("All that was found is put aside."),)
        return (tr("Nothing is wrong. The doctor goes on watching."),)

    def try_remedy(self, remedy: Remedy) -> None:
        """Edit the experiment as the remedy says, undoably; live options take effect at once."""
        self._document.edit(remedy.edits, tr(remedy.label))
