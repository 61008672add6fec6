"""A page of the Explore workspace: what one of its places shows, with controls for the header."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget


class Page(QWidget):
    """The body of a place; the place shows its sub-title and header controls while it is in view.

    Parameters
    ----------
    margins : (int, int, int, int)
        Left, top, right, bottom, in px.
    """

    subtitle_changed = Signal(str)

    def __init__(
        self,
        *,
        margins: tuple[int, int, int, int] = (14, 0, 14, 12),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._subtitle = ""
        self._header: list[QWidget] = []
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(*margins)
        self._body.setSpacing(8)

    @property
    def body(self) -> QVBoxLayout:
        """The layout of the page."""
        return self._body

    @property
    def header(self) -> Sequence[QWidget]:
        """The controls for the header of the place, from left to right."""
        return tuple(self._header)

    @property
    def subtitle(self) -> str:
        """What stands beside the name of the page."""
        return self._subtitle

    def set_subtitle(self, text: str) -> None:
        """Change what stands beside the name of the page."""
        if text != self._subtitle:
            self._subtitle = text
            self.subtitle_changed.emit(text)

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Append to the page."""
        if isinstance(item, QWidget):
            self._body.addWidget(item, stretch)
        else:
            self._body.addLayout(item, stretch)

    def add_action(self, widget: QWidget) -> None:
        """Put a control into the header; before the page is first shown."""
        self._header.append(widget)

    def commands(self) -> list[QAction]:
        """What can be done here, by name."""
        return []

    def state(self) -> dict[str, Any]:
        """What is remembered of the page, for :meth:`restore`; plain values."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was remembered; what makes no sense counts as absent."""
