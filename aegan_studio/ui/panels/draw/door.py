"""The way into the drawing and out of it, between the recipe and the workspace."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from aegan_studio.catalog import models
from aegan_studio.catalog.datasets.sketch import Drawn
from aegan_studio.experiment import Experiment
from aegan_studio.ui.ahead import Ahead
from aegan_studio.ui.panels.draw.editor import DrawEditor


class DrawDoor(QObject):
    """Puts the editor of drawn data into the train workspace.

    The editor is built while points are in view and nobody does anything, and kept when it is
    left: opening it then only shows it.

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
        self._made: DrawEditor | None = None
        self._is_open = False
        self._ahead = Ahead((self._prepare, self._know_model), self)
        recipe.drawing_asked.connect(self.open)
        window.document.changed.connect(self._on_changed)
        window.spaces.built.connect(self._on_built)
        self._foresee()

    @property
    def editor(self) -> DrawEditor | None:
        """The editor, if it is open."""
        return self._made if self._is_open else None

    def open(self) -> None:
        """Draw; other data become a drawing first, which can be undone."""
        window = self._window
        if not isinstance(window.document.experiment.dataset, Drawn):
            self._recipe.data.choose("drawn")
        if not isinstance(window.document.experiment.dataset, Drawn):
            return  # refused, which the recipe says
        window.layers.close()
        window.show_workspace("train")
        editor = self._prepare()
        if not self._is_open:
            self._is_open = True
            window.spaces.get("train").show_instead(editor)
        QTimer.singleShot(0, editor.pad, editor.pad.setFocus)

    def close(self) -> None:
        """Back to the workspace."""
        if self._made is not None and self._is_open:
            self._is_open = False
            self._made.leave()
            self._window.spaces.get("train").show_instead(None)

    def _prepare(self) -> DrawEditor:
        if self._made is None:
            window = self._window
            space = window.spaces.build("train")
            self._made = DrawEditor(window.document, window.session, window.background, space)
            self._made.left.connect(self.close)
        return self._made

    def _know_model(self) -> None:
        """Which model it is when data are drawn: the recipe asks, and remembers the answer."""
        experiment = self._window.document.experiment
        if not isinstance(experiment.dataset, Drawn):
            models.nearest(experiment.with_options({"dataset.kind": "drawn"}))

    def _foresee(self) -> None:
        window = self._window
        of_points = window.document.experiment.data_info().modality == "points"
        if of_points and window.spaces.get("train") is not None:
            self._ahead.begin()

    def _on_built(self, _space: QWidget) -> None:
        self._foresee()

    def _on_changed(self, experiment: Experiment) -> None:
        if not isinstance(experiment.dataset, Drawn):
            self.close()
        self._foresee()
