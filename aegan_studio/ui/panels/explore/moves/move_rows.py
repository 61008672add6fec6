"""A column of rows that scrolls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

SPACING = 8


class RowsArea(QScrollArea):
    """Rows below each other, as wide as there is room; rows taken out are kept by who made them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[QWidget] = []
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._inner = inner
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 2, 8, 2)
        self._column.setSpacing(SPACING)
        self._column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)

    @property
    def rows(self) -> tuple[QWidget, ...]:
        """The rows in view, from the top."""
        return tuple(self._rows)

    def set_rows(self, rows: Sequence[QWidget]) -> None:
        """Show these rows in this order, and no others."""
        if list(rows) == self._rows:
            return
        for row in self._rows:
            self._column.removeWidget(row)
            if row not in rows:
                row.hide()
        for at, row in enumerate(rows):
            self._column.insertWidget(at, row)
            row.show()
        self._rows = list(rows)

    def clear(self) -> None:
        """Give up all rows that ever were here; they are deleted."""
        self._rows = []
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for row in self._inner.findChildren(QWidget, options=direct):
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
