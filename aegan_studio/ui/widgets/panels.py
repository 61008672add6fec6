"""Panels: surfaces with a header, which can leave their place for a window of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import HEADING
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.cards import Surface
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu


class _Head(QWidget):
    """The line above the body; a right click on it asks for the panel's menu."""

    menu_asked = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.has_menu = False
        self.setFixedHeight(38)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu; without one the panel below decides."""
        if self.has_menu:
            self.menu_asked.emit(event.globalPos())
        else:
            event.ignore()


class Panel(Surface):
    """A surface with a 38 px header: title, sub-title, actions; the body fills the rest.

    A panel made floatable offers to move into a window of its own. It only asks
    (:attr:`float_asked`); who moves it names what stands in for it (:meth:`set_floating`).
    """

    float_asked = Signal(bool)
    """True: a window of its own is wanted; False: its place again."""
    wanted_changed = Signal(bool)
    title_changed = Signal(str)
    sight_changed = Signal()
    """It came into sight or went out of it."""

    def __init__(
        self,
        title: str,
        subtitle: str = "",
        *,
        margins: tuple[int, int, int, int] = (14, 0, 14, 12),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self._name = ""
        self._wanted = True
        self._stand_in: QWidget | None = None
        self._float_button: IconButton | None = None
        self._remove: Callable[[], object] | None = None
        self._removable = False
        self._title = Label(title, size=HEADING, weight=600)
        self._subtitle = Label(subtitle, tone="text2", elide=True)
        self._line = _Head()
        self._line.menu_asked.connect(self._open_offer)
        self._ends = QHBoxLayout(self._line)
        self._ends.setContentsMargins(14, 0, 10, 0)
        self._ends.setSpacing(4)
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._head.addWidget(self._title)
        self._head.addWidget(self._subtitle, 1)
        self._ends.addLayout(self._head, 1)
        self._body = QVBoxLayout()
        self._body.setContentsMargins(*margins)
        self._body.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._line)
        column.addLayout(self._body, 1000)
        column.addStretch(1)  # a body that cannot grow stays below the header
        self.setAccessibleName(title)

    @property
    def body(self) -> QVBoxLayout:
        """The layout of the body."""
        return self._body

    @property
    def header(self) -> QHBoxLayout:
        """The layout of the header."""
        return self._head

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Append to the body."""
        if isinstance(item, QWidget):
            self._body.addWidget(item, stretch)
        else:
            self._body.addLayout(item, stretch)

    def add_action(self, widget: QWidget) -> None:
        """Put a control at the right end of the header."""
        self._head.addWidget(widget)

    def set_header_widget(self, widget: QWidget) -> None:
        """Put a widget, such as a formula, in the place of the sub-title."""
        self._head.insertWidget(1, widget)

    def set_title(self, title: str, subtitle: str | None = None) -> None:
        """Change the title, and the sub-title if given."""
        if title != self._title.text():
            self._title.setText(title)
            self.setAccessibleName(title)
            self.title_changed.emit(title)
        if subtitle is not None:
            self._subtitle.setText(subtitle)

    @property
    def title(self) -> str:
        """The title."""
        return self._title.text()

    @property
    def subtitle(self) -> str:
        """The sub-title."""
        return self._subtitle.text()

    # What is remembered

    def state(self) -> dict[str, Any]:
        """What a person chose in it, for :meth:`restore`; nothing by default."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was chosen before; what makes no sense counts as absent."""

    def show_subtitle(self, on: bool) -> None:
        """Whether there is room for a sub-title."""
        self._subtitle.setVisible(on)

    # A window of its own

    @property
    def name(self) -> str:
        """What its window is remembered by, in every language; empty: it cannot float."""
        return self._name

    @property
    def floating(self) -> bool:
        """Whether it is in a window of its own."""
        return self._stand_in is not None

    @property
    def place(self) -> QWidget:
        """What takes its room in the workspace: itself, or what stands in for it."""
        return self._stand_in if self._stand_in is not None else self

    @property
    def wanted(self) -> bool:
        """Whether the experiment calls for it."""
        return self._wanted

    @property
    def float_button(self) -> IconButton | None:
        """The button that moves it out and back."""
        return self._float_button

    @property
    def head(self) -> QWidget:
        """The header, whose context menu moves it out and back."""
        return self._line

    def set_wanted(self, on: bool) -> None:
        """Show it where it is, or show it nowhere."""
        self._wanted = on
        self.place.setVisible(on)
        self.wanted_changed.emit(on)

    def make_floatable(self, name: str) -> None:
        """Offer a window of its own, remembered as ``name``."""
        self._name = name
        self._line.has_menu = True
        self._float_button = IconButton("float", "", side=24)
        self._float_button.clicked.connect(self.ask_to_float)
        self._ends.addWidget(self._float_button)
        self._show_offer()

    def make_removable(self, remove: Callable[[], object]) -> None:
        """Offer to take it away in its menu: ``remove`` does."""
        self._remove = remove
        self._line.has_menu = self._removable = True

    def set_removable(self, on: bool) -> None:
        """Whether it may be taken away now."""
        self._removable = on

    def ask_to_float(self) -> None:
        """Ask for a window of its own, or from there for its place again."""
        self.float_asked.emit(not self.floating)

    def set_floating(self, stand_in: QWidget | None) -> None:
        """It floats and ``stand_in`` takes its room; ``None``: it is in its place again."""
        self._stand_in = stand_in
        self._show_offer()

    @property
    def _offer(self) -> tuple[str, str]:
        """What the button does now, in words and as an icon."""
        if self.floating:
            return tr("Bring it back"), "dock"
        return tr("Open in its own window"), "float"

    def _show_offer(self) -> None:
        if self._float_button is not None:
            words, sign = self._offer
            self._float_button.set_icon_name(sign)
            self._float_button.setToolTip(words)
            self._float_button.setAccessibleName(words)

    def _open_offer(self, where: QPoint) -> None:
        menu = Menu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        words, sign = self._offer
        menu.add(words, self.ask_to_float, icon_name=sign)
        if self._remove is not None:
            menu.add(
                tr("Take this view away"), self._remove, icon_name="close", enabled=self._removable
            )
        menu.popup(where)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell those who feed it."""
        super().showEvent(event)
        self.sight_changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell those who feed it."""
        super().hideEvent(event)
        self.sight_changed.emit()
