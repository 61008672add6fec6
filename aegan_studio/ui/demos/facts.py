"""What was measured of a demo, and the command that measures it again: a card at the bar."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.catalog.demos import Demo, Figure
from aegan_studio.i18n import tr
from aegan_studio.ui.theme import BODY, HEADING, NOTE
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.popup_card import PopupCard

WIDTH = 460


class DemoFacts(PopupCard):
    """A popup with a line for each figure: this run, and what other seeds give."""

    def __init__(self, demo: Demo, parent: QWidget | None = None) -> None:
        super().__init__(tr("What was measured"), parent, width=WIDTH, passing=True)
        found = demo.figures()
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        heads = (
            Label(tr("What was measured"), size=HEADING, weight=600),
            Label(tr("this run"), tone="text2", size=NOTE),
            Label(tr("other seeds"), tone="text2", size=NOTE),
        )
        for column, head in enumerate(heads):
            grid.addWidget(head, 0, column)
        for row, figure in enumerate(found.figures, start=1):
            cells = (
                Label(tr(figure.what), size=BODY, wrap=True),
                Label(value_text(figure, figure.value), size=BODY, weight=500),
                Label(range_text(figure), tone="text2", size=BODY),
            )
            for column, cell in enumerate(cells):
                grid.addWidget(cell, row, column)
        self.command = Label(found.command, tone="text2", size=NOTE, elide=True)
        self.copy = IconButton("copy", tr("Copy the command that measures it again"), side=24)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(found.command))
        last = QHBoxLayout()
        last.addWidget(self.command, 1)
        last.addWidget(self.copy)
        about = Label(
            tr(
                "Trained in {seconds} s of processor time from {recipe}, which came with the "
                "program.",
                seconds=format_number(found.seconds, 2),
                recipe=f"resources/demos/{demo.name}/recipe.toml",
            ),
            tone="text2",
            size=NOTE,
            wrap=True,
        )
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(16, 14, 16, 12)
        column_.setSpacing(10)
        column_.addLayout(grid)
        column_.addWidget(about)
        column_.addLayout(last)

    def open_below(self, widget: QWidget) -> None:
        """Show the card below a widget, its right edges aligned."""
        layout = self.layout()
        assert layout is not None
        self.setFixedHeight(layout.totalHeightForWidth(WIDTH))
        corner = widget.mapToGlobal(QPoint(widget.width(), widget.height() + 6))
        self.move(corner - QPoint(self.width(), 0))
        self.show()
        self.copy.setFocus()


def value_text(figure: Figure, value: float) -> str:
    """A value of a figure with its unit."""
    if figure.unit == "share":
        return f"{100 * value:.1f} %"
    text = format_number(int(value) if float(value).is_integer() else value, 3)
    return f"{text} {figure.unit}".rstrip()


def range_text(figure: Figure) -> str:
    """The values that the seeds gave, from the least to the largest."""
    low, high = min(figure.seeds, default=figure.low), max(figure.seeds, default=figure.high)
    if low == high:
        return value_text(figure, low)
    return f"{value_text(figure, low)} – {value_text(figure, high)}"
