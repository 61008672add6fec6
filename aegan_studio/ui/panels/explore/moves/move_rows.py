"""A column of rows that scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

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
        pairs = zip(self._rows, rows, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], pairs))
        staying = set(rows)
        for row in self._rows[same:]:
            self._column.removeWidget(row)
            if row not in staying:
                row.hide()
        # each row that comes into view would have all of them laid out anew
        at_once = not self._inner.isAncestorOf(QApplication.focusWidget() or self)
        self._inner.setHidden(at_once)
        for at, row in enumerate(rows[same:], start=same):
            self._column.insertWidget(at, row)
            row.show()
        self._inner.show()
        self._rows = list(rows)

    def clear(self) -> None:
        """Give up all rows that ever were here; they are deleted."""
        self._rows = []
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for row in self._inner.findChildren(QWidget, options=direct):
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
