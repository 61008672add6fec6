"""In what both experiments differ: a list in the groups of the recipe, to take values over from."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from aegan_studio.catalog.differences import GROUPS, Difference, differences
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.sides import SIDES, Side
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.compare import words
from aegan_studio.ui.panels.compare.mark import GROUNDS, TOKENS
from aegan_studio.ui.theme import BODY, NOTE, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.training.pair import Pair
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import Banner, Glyph, Well
from aegan_studio.ui.widgets.painting import CENTRE, draw_text, fill_round, smooth, text_width
from aegan_studio.ui.widgets.panels import Panel


class ValueChip(QWidget):
    """One side's value on the ground of its side; shortened where there is little room."""

    def __init__(self, side: Side, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side: Side = side
        self.text = text
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{side.upper()}: {text}")
        self.setToolTip(f"{side.upper()}: {text}")
        on_theme(self._retint)

    def _retint(self, _theme: Theme) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        """A line."""
        return QSize(round(text_width(self.text, ui_font(BODY, 600))) + 16, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and value."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        absent = self.text == words.ABSENT
        if not absent:
            fill_round(painter, rect, 5, theme.color(GROUNDS[self._side]))
        ink = theme.color("text3" if absent else TOKENS[self._side])
        draw_text(painter, rect.adjusted(6, 0, -6, 0), self.text, ink, ui_font(BODY, 600), CENTRE)


class DifferenceRow(QWidget):
    """One difference: its name, both values, and a button for each to take the other's."""

    def __init__(
        self,
        difference: Difference,
        first: Experiment,
        second: Experiment,
        pair: Pair,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.path = difference.path
        label = words.label_of(difference, first, second)
        texts = words.texts_of(difference, first, second)
        name = Label(label, tone="text2", elide=True)
        help_ = words.help_of(difference, first, second)
        name.setToolTip(f"{label}\n{help_}" if help_ else label)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(name, 1)
        if words.is_live(difference, first, second):
            bolt = Glyph("bolt", "accent", 12)
            bolt.setToolTip(tr("Applies to runs under way at once."))
            head.addWidget(bolt)
        self.chips = {side: ValueChip(side, text) for side, text in zip(SIDES, texts, strict=True)}
        self.take: dict[Side, IconButton] = {}
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.chips["a"], 1)
        for to, icon, tip in (
            ("a", "chevron-left", tr("{option}: A takes the value of B", option=label)),
            ("b", "chevron-right", tr("{option}: B takes the value of A", option=label)),
        ):
            side: Side = "a" if to == "a" else "b"
            button = IconButton(icon, tip, side=22)
            button.setEnabled(difference.shared)
            if not difference.shared:
                button.setToolTip(tr("Only one of them has it; it comes with the method."))
            button.clicked.connect(partial(pair.take_over, difference.path, side))
            self.take[side] = button
            row.addWidget(button)
        row.addWidget(self.chips["b"], 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(1)
        column.addLayout(head)
        column.addLayout(row)
        self.setAccessibleName(f"{label}: {texts[0]} | {texts[1]}")


class DifferencesPanel(Panel):
    """Every difference between A and B, and whether changes wait for a restart."""

    def __init__(self, pair: Pair, parent: QWidget | None = None) -> None:
        super().__init__(tr("Differences"), margins=(12, 0, 4, 10), parent=parent)
        self._pair = pair
        self._shown: object = None
        self.rows: list[DifferenceRow] = []
        self.well = Well("")
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(4)
        inside = QWidget()
        inside.setObjectName("scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._list)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        self.pending = Banner(dismissible=False, severity="info")
        self.pending.set(tr("Changes wait for a restart."), tr("Restart"), "info")
        self.pending.fix_requested.connect(pair.restart)
        self.add(self.area, 1)
        self.add(self.well, 1)
        self.add(self.pending)
        self.refresh()

    def refresh(self) -> None:
        """Show what differs now."""
        first, second = self._pair.wanted("a"), self._pair.wanted("b")
        found = () if first is None or second is None else differences(first, second)
        self.pending.setVisible(self._pair.pending and self._pair.obstacle is None)
        shown = (first is None, found)
        if shown == self._shown:
            return
        self._shown = shown
        self.rows = []
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        count = len(found)
        one = tr("1 option") if count == 1 else tr("{count} options", count=count)
        self.set_title(self.title, one if count else "")
        if first is not None and second is not None:
            self._fill(found, first, second)
        self.area.setVisible(bool(found))
        self.well.setVisible(not found)
        self.well.set_text(
            tr("Nothing to compare with.")
            if first is None
            else tr("Both are the same. Change something in the recipe: it is B.")
        )

    def _fill(self, found: tuple[Difference, ...], first: Experiment, second: Experiment) -> None:
        group = ""
        for difference in found:
            if difference.group != group:
                group = difference.group
                caption = Label(tr(GROUPS[difference.group]), tone="text3", size=NOTE, weight=600)
                caption.setContentsMargins(0, 0 if self._list.isEmpty() else 8, 0, 2)
                self._list.addWidget(caption)
            row = DifferenceRow(difference, first, second, self._pair)
            self.rows.append(row)
            self._list.addWidget(row)

    def row(self, path: str) -> DifferenceRow | None:
        """The row of an option."""
        return next((row for row in self.rows if row.path == path), None)
