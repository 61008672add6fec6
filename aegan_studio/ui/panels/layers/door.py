"""The way into the architecture editor and out of it, between the recipe and the workspace."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction

from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.icons import icon
from aegan_studio.ui.panels.layers.editor import LayerEditor
from aegan_studio.ui.training.background import Background
from aegan_studio.ui.training.session import Session


class LayersDoor(QObject):
    """Puts the editor into the train workspace and its palette below the recipe's cards.

    Parameters
    ----------
    window : Window
        Whose workspaces and notices are used.
    recipe : RecipePanel
        Asks for networks to be edited; shows which one is.
    """

    def __init__(self, window: Any, recipe: Any) -> None:
        super().__init__(recipe)
        self._window, self._recipe = window, recipe
        self._editor: LayerEditor | None = None
        self._workspace: Any = None
        self._actions: list[QAction] = []
        recipe.layers_asked.connect(self.open)

    @property
    def editor(self) -> LayerEditor | None:
        """The editor, if it is open."""
        return self._editor

    def commands(self) -> list[QAction]:
        """A command for the layers of each network."""
        for action in self._actions:
            action.deleteLater()
        self._actions = []
        for role in self._window.document.experiment.roles():
            action = QAction(tr("Edit layers: {network}", network=tr(role.label)), self)
            action.setIcon(icon("edit"))
            action.triggered.connect(lambda _checked=False, name=role.name: self.open(name))
            self._actions.append(action)
        return list(self._actions)

    def open(self, role: str, index: int = -1) -> None:
        """Edit the network of a role; ``index`` selects one of its layers."""
        if self._editor is None:
            self._window.drawing.close()
            self._window.show_workspace("train")
            self._workspace = self._window.spaces.get("train")
            document: Document = self._window.document
            session: Session = self._window.session
            background: Background = self._window.background
            editor = LayerEditor(document, session, background)
            editor.left.connect(self.close)
            editor.role_shown.connect(self._recipe.show_edited)
            editor.told.connect(self._window.status.tell)
            editor.trouble.connect(self._window.notices.show_error)
            self._editor = editor
            editor.show_role(role, index)
            self._workspace.show_instead(editor)
            self._recipe.show_palette(editor.palette_)
            QTimer.singleShot(0, editor.table.list, editor.table.list.setFocus)
        else:
            self._window.show_workspace("train")
            self._editor.show_role(role, index)
        self._recipe.show_edited(role)

    def close(self) -> None:
        """Back to the model."""
        editor, self._editor = self._editor, None
        if editor is None:
            return
        role = editor.role
        self._workspace.show_instead(None)
        self._recipe.show_palette(None)
        self._recipe.show_edited("")
        editor.palette_.deleteLater()
        editor.deleteLater()
        block = self._recipe.networks.blocks.get(role)
        if block is not None:
            block.head.setFocus()
