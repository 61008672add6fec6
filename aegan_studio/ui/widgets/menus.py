"""A popup menu with rounded corners, and one that says more than a word per entry."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from aegan_studio.ui.icons import icon


class Menu(QMenu):
    """A QMenu whose window is transparent outside its rounded ground."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setToolTipsVisible(True)

    def add(
        self,
        text: str,
        run: Callable[[], object],
        *,
        icon_name: str = "",
        shortcut: str = "",
        tooltip: str = "",
        enabled: bool = True,
    ) -> QAction:
        """Append an entry that calls ``run``."""
        action = QAction(text, self)
        if icon_name:
            action.setIcon(icon(icon_name))
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.setToolTip(tooltip)
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked=False: run())
        self.addAction(action)
        return action

    def open_below(self, button: QWidget) -> None:
        """Open below a button, right edges aligned."""
        left = button.width() - self.sizeHint().width()
        self.popup(button.mapToGlobal(QPoint(left, button.height() + 4)))
