"""The window: bars, pages and workspaces around one document and one session."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QHideEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from aegan_studio.experiment import Experiment
from aegan_studio.i18n import LANGUAGES, tr
from aegan_studio.ui.actions import EVERYWHERE, STEP_MENU, Actions, available
from aegan_studio.ui.ahead import Ahead
from aegan_studio.ui.appearance import Appearance
from aegan_studio.ui.crash import open_log_folder
from aegan_studio.ui.demos.bar import DemoBar
from aegan_studio.ui.demos.desk import DemoDesk
from aegan_studio.ui.document import Document
from aegan_studio.ui.failures import Failures
from aegan_studio.ui.filing import Filing
from aegan_studio.ui.language import Language
from aegan_studio.ui.panels.notices import Notices
from aegan_studio.ui.panels.status import StatusBar
from aegan_studio.ui.panels.topbar import TopBar
from aegan_studio.ui.panels.welcome.page import WelcomePage
from aegan_studio.ui.settings import Settings
from aegan_studio.ui.spaces import OFFERED, Spaces, offered
from aegan_studio.ui.step_desk import StepDesk
from aegan_studio.ui.theme import Theme, on_theme
from aegan_studio.ui.training.background import Background
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.transport import Runs, Transport
from aegan_studio.ui.widgets.menus import Menu

NARROW = 1100
"""Below this width, in pixels, the recipe is narrower and the top bar drops words."""

SIGNS = {"en": "EN", "zh_CN": "中"}


class Window(QMainWindow):
    """The one window. Building it imports no torch; its parts are built when first shown.

    Parameters
    ----------
    document, session, background
        Outlive the window's widgets, which are built anew for another language.
    language : Language or None
        Without it the language cannot be switched.
    """

    def __init__(
        self,
        document: Document,
        session: Session,
        background: Background,
        settings: Settings,
        language: Language | None = None,
    ) -> None:
        super().__init__()
        self.document, self.session = document, session
        self.background, self.settings = background, settings
        self._language = language
        self.filing = Filing(document, session, settings, self)
        self.demos = DemoDesk(self)
        self.failures = Failures(session, self)
        self.appearance = Appearance(settings)
        self.transport = Transport(session, self)
        self.steps = StepDesk(self)
        self._begun = False
        self._close_anyway = False
        self._workspace = "train"
        self.setAcceptDrops(True)
        self.setMinimumSize(900, 560)
        self._build()
        self.resize(1280, 800)
        self.restoreGeometry(settings.blob("geometry"))
        document.changed.connect(self._inspect_anew)
        document.state_changed.connect(self._show_title)
        session.run_opened.connect(self._on_run)
        session.state_changed.connect(self._refresh_actions)
        self.transport.changed.connect(self._refresh_actions)
        document.undo_stack.indexChanged.connect(self._refresh_actions)
        self.filing.opened.connect(self.show_work)
        background.inspected.connect(document.set_inspection)
        background.torch_ready.connect(self._on_torch)
        self.ahead = Ahead(
            (
                lambda: self.recipe,
                lambda: self.spaces.build("train"),
                lambda: self.spaces.build("explore"),
                lambda: self.spaces.build_page("explore", "canvas", "picture"),
            ),
            self,
        )
        background.fetched.connect(self.ahead.begin)
        on_theme(self._on_theme)
        self._show_title()

    # Building

    def _build(self) -> None:
        owners = {
            "window": self,
            "step": self.steps,
            "session": self.transport,
            "filing": self.filing,
            "appearance": self.appearance,
        }
        self.actions_ = Actions(self, owners)
        self.steps.serve(self.actions_)
        self._recipe: QWidget | None = None
        self._palette: Any = None
        self._recipe_list: Any = None
        self.actions_.add_workspaces(OFFERED, self.show_workspace)
        self.actions_.add_demos(self.demos.open)
        self.actions_.add_recipes(self.filing.open_recipe)
        self.actions_.add_models(self.choose_model)
        other = self._language.other if self._language else tr.language
        self.top = TopBar(
            self.document,
            self.session,
            self.transport,
            file_menu=self.actions_.file_menu(self),
            step_menu=self.actions_.menu(STEP_MENU, self),
            workspaces=[(space.name, tr(space.label)) for space in OFFERED],
            find_shortcut=QKeySequence("Ctrl+K").toString(QKeySequence.SequenceFormat.NativeText),
            language=(SIGNS.get(other, other), LANGUAGES[other]),
        )
        self.top.workspace_chosen.connect(self.show_workspace)
        self.top.finder.clicked.connect(self.find_command)
        self.top.views.clicked.connect(self.open_views)
        self.top.language.clicked.connect(self.switch_language)
        self.top.theme.clicked.connect(self.appearance.switch_theme)
        self.top.back.clicked.connect(self.show_work)
        self.notices = Notices(self.session, self.failures.show)
        self.filing.trouble.connect(self.notices.show_error)
        self.status = StatusBar(self.document, self.session)
        self.status.problem_shown.connect(self._show_problem)
        self.status.doctor_asked.connect(self.show_doctor)
        self.filing.told.connect(self.status.tell)
        recipes_first = self.settings.flag("welcome.recipes", False)
        self.welcome = WelcomePage(self.background, "recipes" if recipes_first else "demos")
        self.welcome.section_changed.connect(
            lambda section: self.settings.set_flag("welcome.recipes", section == "recipes")
        )
        self.welcome.demo_chosen.connect(self.demos.open)
        self.welcome.recipe_chosen.connect(partial(self.filing.open_recipe, train=True))
        self.welcome.experiment_asked.connect(self.filing.open_experiment)
        self.welcome.run_asked.connect(self.filing.open_run)
        self._work = QWidget()
        work = QVBoxLayout(self._work)
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(0)
        self.demo_bar = DemoBar(self.demos)
        self._work_row = QHBoxLayout()
        self._work_row.setSpacing(0)
        work.addWidget(self.demo_bar)
        work.addLayout(self._work_row, 1)
        keys = [self.actions_[name] for name in EVERYWHERE]
        self.spaces = Spaces(self.document, self.session, self.settings, self, keys)
        self.spaces.told.connect(self.status.tell)
        self.spaces.built.connect(self._on_built)
        self._work_row.addWidget(self.spaces, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.welcome)
        self.pages.addWidget(self._work)
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.notices)
        column.addWidget(self.pages, 1)
        column.addWidget(self.status)
        self.setCentralWidget(central)
        self.top.set_at_work(False)
        self._fit()
        self._refresh_actions()

    def _build_recipe(self) -> QWidget:
        from aegan_studio.ui.panels.recipe.panel import RecipePanel

        panel = RecipePanel(
            self.document,
            self.session,
            self.background,
            self.actions_.file_menu(self),
            self.settings,
            narrow=self.width() < NARROW,
        )
        from aegan_studio.ui.panels.draw.door import DrawDoor
        from aegan_studio.ui.panels.layers.door import LayersDoor

        self.layers = LayersDoor(self, panel)
        self.drawing = DrawDoor(self, panel)
        self._work_row.insertWidget(0, panel)
        self._recipe = panel
        return panel

    # Pages and workspaces

    @property
    def recipe(self) -> Any:
        """The recipe column, built when first asked for."""
        return self._recipe if self._recipe is not None else self._build_recipe()

    @property
    def workspace(self) -> QWidget | None:
        """The workspace in view; ``None`` on the welcome page."""
        return self.spaces.get(self._workspace) if self.at_work else None

    @property
    def at_work(self) -> bool:
        """Whether a workspace is in view, not the welcome page."""
        return self.pages.currentWidget() is self._work

    def show_welcome(self) -> None:
        """Show the welcome page; training goes on."""
        self.pages.setCurrentWidget(self.welcome)
        self.top.set_at_work(False, can_return=self._begun)

    def show_work(self) -> None:
        """Show the workspace in use."""
        self.show_workspace(self._workspace)

    def expect_workspace(self, name: str) -> None:
        """Let the next run that is opened show this workspace."""
        if offered(name) is not None:
            self._workspace = name

    def show_workspace(self, name: object) -> None:
        """Show a workspace by name, building it at the first time."""
        space = offered(name)
        if space is None:
            return
        self._workspace, self._begun = space.name, True
        self.ahead.leave()
        self.background.leave()
        self.spaces.show_space(space.name)
        runs: Runs | None = getattr(self.spaces.get(space.name), "transport", None)
        self.transport.drive(runs)
        self.status.follow(None if runs is None else runs.lead)
        self.top.workspaces.set_value(space.name)
        self._fit()  # a recipe that is not wanted must not come into view with the page
        self.pages.setCurrentWidget(self._work)
        self.top.set_at_work(True)
        self._fit()
        self._inspect_anew()

    def _on_built(self, space: QWidget) -> None:
        asked = getattr(space, "layers_asked", None)
        if asked is not None:
            asked.connect(self._edit_layers)

    def _edit_layers(self, role: str) -> None:
        self.settings.set_flag("recipe", True)
        self._fit()
        self.layers.open(role)

    def toggle_recipe(self) -> None:
        """Show or hide the recipe."""
        self.settings.set_flag("recipe", not self.settings.flag("recipe", True))
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < NARROW
        self.top.views.setVisible(hasattr(self.workspace, "views_menu"))
        column = 240 if narrow else 280
        self.top.set_column_width(column, compact=narrow)
        space = offered(self._workspace)
        with_recipe = bool(space and space.with_recipe and self.settings.flag("recipe", True))
        if self.at_work and with_recipe:
            self.recipe.setFixedWidth(column)
        if self._recipe is not None:
            self._recipe.setVisible(with_recipe)

    # Commands

    def open_views(self) -> None:
        """Open the menu of what the workspace in view can show."""
        offer = getattr(self.workspace, "views_menu", None)
        if offer is not None:
            menu: Menu = offer(self)
            menu.aboutToHide.connect(menu.deleteLater)
            button = self.top.views
            menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def show_doctor(self) -> None:
        """Bring the doctor's panel into view."""
        self.show_workspace("train")
        space: Any = self.workspace
        space.toggle("doctor", True)

    def find_command(self) -> None:
        """Open the palette of commands."""
        from aegan_studio.ui.widgets.command_palette import CommandPalette

        if self._palette is None:
            self._palette = CommandPalette(self, self._commands)
        self._palette.open()

    def choose_recipe(self) -> None:
        """Open the list of all recipes, to begin with one."""
        from aegan_studio.ui.panels.recipe_picks import recipe_picks
        from aegan_studio.ui.widgets.pick_list import PickList

        if self._recipe_list is None:
            self._recipe_list = PickList(self, tr("Find a recipe"))
            self._recipe_list.picked.connect(self.filing.open_recipe)
            self.top.destroyed.connect(self._recipe_list.deleteLater)
        self._recipe_list.open(recipe_picks(), None, self.top.title)

    def choose_model(self, name: str) -> None:
        """Make the experiment another model, and show its recipe."""
        from aegan_studio.ui.panels.recipe.model_chooser import choose_model

        if not self.at_work:
            self.show_work()
        choose_model(self.document, name)

    def draw_data(self) -> None:
        """Draw one's own points; other data become a drawing."""
        _ = self.recipe
        self.drawing.open()

    def close_palette(self) -> None:
        """Close the palette of commands."""
        if self._palette is not None:
            self._palette.close()

    def _commands(self) -> list[Any]:
        inside = self.spaces.commands(self._workspace if self.at_work else None)
        layers = self.layers.commands() if self._recipe is not None else []
        own = [action for action in self.actions_.all() if action.isVisible()]
        return [*own, *inside, *layers]

    def step_ten(self) -> None:
        """Carry out ten steps, then pause."""
        self.transport.step_once(10)

    def step_hundred(self) -> None:
        """Carry out a hundred steps, then pause."""
        self.transport.step_once(100)

    def close_run(self) -> None:
        """Save and close the run; the recipe stays."""
        self.session.stop()

    def undo(self) -> None:
        """Take the last edit back."""
        self.document.undo_stack.undo()

    def redo(self) -> None:
        """Do the last edit again."""
        self.document.undo_stack.redo()

    def switch_language(self) -> None:
        """Speak the other language; training is not interrupted."""
        if self._language is not None:
            self.speak(self._language.other)

    def speak(self, language: str) -> None:
        """Speak a language and remember it."""
        if self._language is None or language == tr.language:
            return
        self._language.use(language)
        self.settings.language = language
        self.rebuild()

    def rebuild(self) -> None:
        """Build all widgets anew from document and session."""
        at_work, with_floats = self.at_work, self.spaces.with_floats
        self.spaces.remember()
        self.spaces.end()
        self.filing.trouble.disconnect(self.notices.show_error)
        self.filing.told.disconnect(self.status.tell)
        self.actions_.clear()
        self._build()
        if at_work:
            self.show_work()
        elif self._begun:
            self.show_welcome()
        for name in with_floats:
            self.spaces.build(name)

    def full_screen(self) -> None:
        """Full screen and back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def open_log(self) -> None:
        """Show the log's folder."""
        open_log_folder()

    def offer_own_modules(self) -> None:
        """Say what modules of one's own are, and offer to allow or to forbid them."""
        from aegan_studio.ui import own_modules

        own_modules.offer(self.notices, lambda: self._inspect(self.document.experiment))

    def quit(self) -> None:
        """Close the window; the run is saved."""
        self.close()

    # Following

    def _inspect(self, experiment: Experiment) -> None:
        self.background.inspect(experiment)

    def _inspect_anew(self, _experiment: Experiment | None = None) -> None:
        if self.document.inspection is None:
            self._inspect(self.document.experiment)

    def _on_torch(self) -> None:
        self._inspect_anew()

    def _on_run(self, _session: Session) -> None:
        self.show_workspace(self._workspace)

    def _on_theme(self, _theme: Theme) -> None:
        self.update()

    def _show_title(self) -> None:
        self.setWindowTitle(f"{self.document.title}[*] – AEGAN Studio")
        self.setWindowModified(self.document.is_modified)

    def _refresh_actions(self, *_: object) -> None:
        known = available(self.document, self.session) | self.transport.available()
        for name, on in known.items():
            self.actions_[name].setEnabled(on)

    def _show_problem(self, problem: Any) -> None:
        self.show_workspace("train")
        self.settings.set_flag("recipe", True)
        self._fit()
        self.recipe.show_problem(problem)

    # The window itself

    def open_path(self, path: Path) -> None:
        """Open an experiment or a run by its path."""
        self.filing.open_path(path)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows get a narrower recipe."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """The windows of floating panels come with it."""
        super().showEvent(event)
        self.spaces.floats.set_shown(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """They go with it, but stay where it is only minimised."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.spaces.floats.set_shown(False)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files can be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first dropped file."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.filing.open_path(Path(url.toLocalFile()))
                event.acceptProposedAction()
                return

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save the run without a question; stay only where saving fails."""
        self.settings.set_blob("geometry", self.saveGeometry())
        self.spaces.remember()
        self.settings.save()
        self.hide()  # the checkpoint may take a moment; nobody has to watch
        if not self.session.close() and not self._close_anyway:
            self.show()
            self._offer_to_close()
            event.ignore()
            return
        self.spaces.end()
        self.background.end()
        self.document.undo_stack.indexChanged.disconnect(self._refresh_actions)
        event.accept()

    def _offer_to_close(self) -> None:
        def anyway() -> None:
            self._close_anyway = True
            self.close()

        self.notices.say(
            tr("The run could not be saved, so the window stayed open."),
            tr("Close without saving"),
            anyway,
            severity="error",
            about="close",
        )
