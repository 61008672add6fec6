"""A menu of ticks that stays open, as several may be set or taken away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent

from aegan_studio.ui.widgets.menus import Menu


class TickMenu(Menu):
    """Clicks and the space bar tick; Enter ticks and closes, Esc closes."""

    def add_tick(
        self, text: str, run: Callable[[], object], *, checked: bool, tooltip: str = ""
    ) -> QAction:
        """Append an entry that calls ``run`` when its tick is set or taken away."""
        action = self.add(text, run, tooltip=tooltip)
        action.setCheckable(True)
        action.setChecked(checked)
        return action

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A tick does not close the menu."""
        action = self.actionAt(event.position().toPoint())
        if action in self.actions() and action.isCheckable() and action.isEnabled():
            action.trigger()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The space bar ticks, and the menu stays."""
        action = self.activeAction()
        ticks = action in self.actions() and action.isCheckable()
        if event.key() == Qt.Key.Key_Space and ticks:
            action.trigger()
            return
        super().keyPressEvent(event)
