"""The line for selected items: search by name or number, isolate, clear."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.messages import Charted
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.painting import fill_round, smooth, stroke_round
from aegan_studio.ui.widgets.scatter_grid import Rows
from aegan_studio.ui.widgets.search_field import SearchField


class SelectionBar(QWidget):
    """How many items are selected, and what to do with them; lies upon the map."""

    searched = Signal(str)
    """The text of the search changed."""
    isolate_changed = Signal(bool)
    look_asked = Signal()
    """Show the selected items large."""
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchField(tr("Find"))
        self.search.setMinimumWidth(110)
        self.search.setToolTip(
            tr("Names of classes, or numbers of items such as 12 or 40–60; commas between.")
        )
        self.told = Label("", tone="text2", elide=True)
        self.isolate = Button(tr("Isolate"), size="s", variant="ghost")
        self.isolate.setCheckable(True)
        self.isolate.setToolTip(tr("Show the selected items alone."))
        self.look = IconButton("fit", tr("Show the selected items large"), side=26)
        self.close_button = IconButton("close", tr("Select nothing"), side=24)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 4, 6, 4)
        row.setSpacing(8)
        row.addWidget(self.search, 2)
        row.addWidget(self.told, 3)
        for widget in (self.isolate, self.look, self.close_button):
            row.addWidget(widget)
        self.search.textEdited.connect(self.searched)
        self.isolate.toggled.connect(self.isolate_changed)
        self.look.clicked.connect(self.look_asked)
        self.close_button.clicked.connect(self.cleared)

    def show_count(self, count: int, total: int, *, asked: str = "") -> None:
        """Say how many are selected; ``asked`` is the search that found none."""
        if count:
            text = tr("{count:,} of {total:,} selected", count=count, total=total)
        else:
            text = tr("nothing found") if asked.strip() else ""
        self.told.setText(text)
        self.isolate.setEnabled(count > 0)
        self.look.setEnabled(count > 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A surface of its own: the map goes on below."""
        painter, theme = QPainter(self), current_theme()
        smooth(painter)
        rect = QRectF(self.rect())
        fill_round(painter, rect, 8, theme.color("surface", 0.96))
        stroke_round(painter, rect, 8, theme.strong)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the line."""
        if event.key() == Qt.Key.Key_Escape:
            self.cleared.emit()
        else:
            super().keyPressEvent(event)


def rows_found(text: str, classes: Sequence[str], chart: Charted) -> Rows:
    """The rows that a search means, ascending.

    A part that names a class, or begins one's name, means its items; a number that names no
    class means the item of that number, ``40–60`` those of a range.
    """
    found: list[Rows] = []
    rows = np.arange(len(chart.codes))
    numbers = rows if chart.numbers is None else chart.numbers
    for part in (piece.strip().lower() for piece in text.replace("，", ",").split(",")):
        if not part:
            continue
        kinds = [k for k, name in enumerate(classes) if name.lower() == part]
        if not kinds and not part[0].isdigit():
            kinds = [k for k, name in enumerate(classes) if name.lower().startswith(part)]
        if kinds and chart.labels is not None:
            found.append(np.flatnonzero(np.isin(chart.labels, kinds)))
            continue
        low, _, high = part.replace("–", "-").replace("#", "").partition("-")
        if low.strip().isdigit() and (not high or high.strip().isdigit()):
            first, last = int(low), int(high or low)
            found.append(rows[(numbers >= first) & (numbers <= last)])
    return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.intp)
