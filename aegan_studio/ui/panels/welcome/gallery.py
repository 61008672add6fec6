"""The demos of the welcome page: large cards, each opens a trained run at once."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from aegan_studio.catalog.demos import Demo, demos, faults
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.welcome.demo_card import DemoCard
from aegan_studio.ui.widgets.messages import ProblemLine, Well

_CARD = 286
_MOST = 4
GAP = 16


class DemoGallery(QWidget):
    """Every bundled demo as a card."""

    demo_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = [self._card(demo) for demo in demos()]
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 10, 16)
        self._grid.setSpacing(GAP)
        self._columns = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for error in faults():
            column.addWidget(ProblemLine(tr.join(error.sentences()), severity="warning"))
        if self.cards:
            column.addWidget(scrolling(inside), 1)
        else:
            inside.deleteLater()
            column.addWidget(Well(tr("This copy of the program came without demos.")), 1)
        self._arrange()

    def _card(self, demo: Demo) -> DemoCard:
        card = DemoCard(demo)
        card.clicked.connect(partial(self._choose, demo.name))
        return card

    def _choose(self, name: str, _checked: bool = False) -> None:
        self.demo_chosen.emit(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = max(1, min(_MOST, (self.width() - 10 + GAP) // (_CARD + GAP)))
        if columns == self._columns or not self.cards:
            return
        self._columns = columns
        for card in self.cards:
            self._grid.removeWidget(card)
        for index, card in enumerate(self.cards):
            self._grid.addWidget(card, index // columns, index % columns)
        for column in range(_MOST):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        rows = -(-len(self.cards) // columns)
        for row in range(len(self.cards) + 1):
            self._grid.setRowStretch(row, 1 if row == rows else 0)


def scrolling(inside: QWidget) -> QScrollArea:
    """A frameless area that scrolls ``inside`` up and down."""
    inside.setObjectName("scrolled")
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area
