"""The way into the drawing and out of it, between the recipe and the workspace."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer

from aegan_studio.catalog.datasets.sketch import Drawn
from aegan_studio.experiment import Experiment
from aegan_studio.ui.panels.draw.editor import DrawEditor


class DrawDoor(QObject):
    """Puts the editor of drawn data into the train workspace.

    Parameters
    ----------
    window : Window
        Whose workspaces are used.
    recipe : RecipePanel
        Asks for the drawing.
    """

    def __init__(self, window: Any, recipe: Any) -> None:
        super().__init__(recipe)
        self._window, self._recipe = window, recipe
        self._workspace: Any = None
        self._editor: DrawEditor | None = None
        recipe.drawing_asked.connect(self.open)
        window.document.changed.connect(self._on_changed)

    @property
    def editor(self) -> DrawEditor | None:
        """The editor, if it is open."""
        return self._editor

    def open(self) -> None:
        """Draw; other data become a drawing first, which can be undone."""
        window = self._window
        if not isinstance(window.document.experiment.dataset, Drawn):
            self._recipe.data.choose("drawn")
        window.layers.close()
        window.show_workspace("train")
        if self._editor is None:
            self._workspace = window.spaces.get("train")
            self._editor = DrawEditor(window.document, window.session, window.background)
            self._editor.left.connect(self.close)
            self._workspace.show_instead(self._editor)
        QTimer.singleShot(0, self._editor.pad, self._editor.pad.setFocus)

    def close(self) -> None:
        """Back to the workspace."""
        editor, self._editor = self._editor, None
        if editor is not None:
            self._workspace.show_instead(None)
            editor.deleteLater()

    def _on_changed(self, experiment: Experiment) -> None:
        if not isinstance(experiment.dataset, Drawn):
            self.close()
