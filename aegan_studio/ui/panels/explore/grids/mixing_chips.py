"""Names to switch on and off, side by side in as many lines as they take."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.ui.widgets.buttons import Button

GAP = 4


class Chips(QWidget):
    """Checkable names."""

    changed = Signal()
    """A person switched one."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: list[Button] = []
        self._names: tuple[str, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_names(self, names: Sequence[str]) -> None:
        """Offer these names; the same ones stay as they are."""
        if tuple(names) == self._names:
            return
        self._names = tuple(names)
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for name in names:
            chip = Button(name, size="s", variant="ghost", parent=self)
            chip.setCheckable(True)
            chip.clicked.connect(self._on_click)
            chip.show()
            self.chips.append(chip)
        self._arrange()

    def set_chosen(self, chosen: Sequence[int]) -> None:
        """Switch these on and the others off, without a signal."""
        for index, chip in enumerate(self.chips):
            chip.setChecked(index in chosen)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Which are on, from 0."""
        return tuple(index for index, chip in enumerate(self.chips) if chip.isChecked())

    def _on_click(self) -> None:
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width holds another number a line."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        left = top = 0
        for chip in self.chips:
            size = chip.sizeHint()
            if left and left + size.width() > self.width():
                left, top = 0, top + size.height() + GAP
            chip.setGeometry(left, top, size.width(), size.height())
            left += size.width() + GAP
        tall = top + (self.chips[0].sizeHint().height() if self.chips else 0)
        if tall != self.height() or self.minimumHeight() != tall:
            self.setFixedHeight(tall)

    def sizeHint(self) -> QSize:
        """All names in one line, as high as the lines now are."""
        wide = sum(chip.sizeHint().width() + GAP for chip in self.chips)
        return QSize(max(wide - GAP, 0), self.height())

    def minimumSizeHint(self) -> QSize:
        """At least the longest name."""
        wide = max((chip.sizeHint().width() for chip in self.chips), default=0)
        return QSize(wide, self.height())
