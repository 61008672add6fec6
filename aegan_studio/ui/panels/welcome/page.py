"""The welcome page: one large button and recent runs, beside demos to open and recipes to train."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from aegan_studio import paths
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.welcome.cards import RecipeCard
from aegan_studio.ui.panels.welcome.gallery import DemoGallery, scrolling
from aegan_studio.ui.panels.welcome.hero import RECENT, Hero
from aegan_studio.ui.panels.welcome.shelf import FIRST, RecipeShelf
from aegan_studio.ui.theme import HEADING, PAGE
from aegan_studio.ui.training.background import Background
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.switches import Segmented

__all__ = ["FIRST", "WelcomePage"]

Section = Literal["demos", "recipes"]


class WelcomePage(QWidget):
    """The first page: what can be seen, what can be begun, and what can be gone on with."""

    recipe_chosen = Signal(str)
    demo_chosen = Signal(str)
    experiment_asked = Signal()
    run_asked = Signal(object)
    """The folder of a run, or ``None`` to ask for one."""
    section_changed = Signal(str)

    def __init__(
        self,
        background: Background,
        section: Section = "demos",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._background = background
        self.hero = Hero()
        self.hero.start.connect(lambda: self.recipe_chosen.emit(FIRST))
        self.hero.open_experiment.connect(self.experiment_asked)
        self.hero.open_run.connect(self.run_asked)
        self.gallery = DemoGallery()
        self.gallery.demo_chosen.connect(self.demo_chosen)
        self._shelf: RecipeShelf | None = None
        self.sections = Segmented(
            [("demos", tr("Demos")), ("recipes", tr("Recipes"))],
            "demos",
            name=tr("Demos or recipes"),
        )
        self.sections.value_changed.connect(self._on_section)
        self._title = Label("", size=PAGE, weight=500)
        self._note = Label("", tone="text2", size=HEADING, elide=True)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.gallery)
        self._lay_out()
        self.show_section(section)
        background.runs_listed.connect(self.hero.show_runs)

    @property
    def shelf(self) -> RecipeShelf:
        """The recipes, built when first asked for: reading them all takes a while."""
        if self._shelf is None:
            self._shelf = RecipeShelf(self._background)
            self._shelf.recipe_chosen.connect(self.recipe_chosen)
            self._stack.addWidget(self._shelf)
        return self._shelf

    @property
    def cards(self) -> list[RecipeCard]:
        """The cards of all recipes."""
        return self.shelf.cards

    @property
    def section(self) -> str:
        """What is in view: "demos" or "recipes"."""
        return str(self.sections.value)

    def show_section(self, name: Section) -> None:
        """Show the demos or the recipes."""
        self.sections.set_value(name)
        demos = name == "demos"
        self._stack.setCurrentWidget(self.gallery if demos else self.shelf)
        self._title.setText(tr("Demos") if demos else tr("Recipes"))
        self._note.setText(
            tr("trained already; one click opens, all offline")
            if demos
            else tr("one click starts, all offline")
        )

    def _on_section(self, name: Section) -> None:
        self.show_section(name)
        self.section_changed.emit(name)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 10, 0)
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._note, 1)
        head.addWidget(self.sections)
        right = QVBoxLayout()
        right.setContentsMargins(32, 16, 12, 0)
        right.setSpacing(14)
        right.addLayout(head)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._left = scrolling(self.hero)
        self._left.setFixedWidth(314)
        row.addWidget(self._left)
        row.addLayout(right, 1)

    def sizeHint(self) -> QSize:
        """Any size."""
        return QSize(900, 600)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the newest runs."""
        super().showEvent(event)
        self._background.list_runs(paths.runs_dir(), RECENT + 1)
