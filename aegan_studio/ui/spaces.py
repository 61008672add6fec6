"""The workspaces of a window: built when first shown, with the windows their panels float in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QByteArray, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QWidget

from aegan_studio.ui.document import Document
from aegan_studio.ui.floating import Floats
from aegan_studio.ui.settings import Settings
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.boundary import Boundary
from aegan_studio.ui.workspaces import WORKSPACES, Workspace

OFFERED = tuple(space for space in WORKSPACES if space.exists)
"""The workspaces that this build of the program has."""


def offered(name: object) -> Workspace | None:
    """The workspace of this name."""
    return next((space for space in OFFERED if space.name == name), None)


class Spaces(QStackedWidget):
    """Shows one workspace at a time; remembers how each was arranged.

    Parameters
    ----------
    main : QWidget
        The main window.
    keys : sequence of QAction
        Commands whose shortcuts also work in the windows of floating panels.
    """

    built = Signal(QWidget)
    """A workspace was built."""
    told = Signal(str)
    """A workspace has something worth a quiet line, such as where a file went."""

    def __init__(
        self,
        document: Document,
        session: Session,
        settings: Settings,
        main: QWidget,
        keys: Sequence[QAction],
    ) -> None:
        super().__init__()
        self._document, self._session, self._settings = document, session, settings
        self._built: dict[str, QWidget] = {}
        self._bounds: dict[str, Boundary] = {}
        self.floats = Floats(main, settings, keys)

    @property
    def with_floats(self) -> list[str]:
        """The names of the workspaces with a panel in a window of its own."""
        return [name for name, space in self._built.items() if self.floats.holds_any_of(space)]

    def get(self, name: str) -> QWidget | None:
        """A workspace that was built."""
        return self._built.get(name)

    def build(self, name: str) -> QWidget:
        """A workspace, built as it was left if it is not there yet."""
        if name in self._built:
            return self._built[name]
        space = offered(name)
        assert space is not None
        widget = space.make(self._document, self._session)
        restore: Callable[[QByteArray], None] | None = getattr(widget, "restore", None)
        if restore is not None:
            restore(self._settings.blob(f"workspace.{name}"))
        told = getattr(widget, "told", None)
        if told is not None:
            told.connect(self.told)
        self._built[name] = widget
        self._bounds[name] = Boundary(widget)
        self.addWidget(self._bounds[name])
        self.floats.adopt(widget)
        made = getattr(widget, "panel_made", None)
        if made is not None:
            made.connect(self.floats.adopt_panel)
        self.built.emit(widget)
        return widget

    def build_page(self, name: str, place: str, page: str) -> None:
        """A page of a workspace that has places."""
        space: Any = self.build(name)
        space.page(place, page)

    def show_space(self, name: str) -> None:
        """Show a workspace."""
        self.build(name)
        self.setCurrentWidget(self._bounds[name])

    def commands(self, name: str | None) -> list[QAction]:
        """The commands of the workspace in view, if any, and those that move panels."""
        extra = getattr(self._built.get(name or ""), "commands", None)
        return [*(extra() if extra is not None else ()), *self.floats.commands()]

    def remember(self) -> None:
        """Keep how everything is arranged."""
        self.floats.remember()
        for name, widget in self._built.items():
            state: Callable[[], QByteArray] | None = getattr(widget, "state", None)
            if state is not None:
                self._settings.set_blob(f"workspace.{name}", state())

    def end(self) -> None:
        """Close all workspaces: the window closes, or is built anew."""
        self.floats.end()
        for widget in self._built.values():
            widget.close()
