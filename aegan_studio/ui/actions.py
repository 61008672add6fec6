"""Every command of the window as data: its name, words, keys, sign, and what carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from aegan_studio.catalog.demos import demos
from aegan_studio.catalog.models import models
from aegan_studio.catalog.recipes import recipes
from aegan_studio.i18n import tr
from aegan_studio.messages import Message, msg
from aegan_studio.ui.document import Document
from aegan_studio.ui.icons import icon
from aegan_studio.ui.step_desk import MOST_PHASES
from aegan_studio.ui.theme import Theme, on_theme
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes
    ----------
    name : str
        ``owner.method``: who carries it out and how; owners are the window's.
    text, help : Message
        Sentence case; ``…`` where more is asked.
    shortcut : str
        In Qt's portable form, several apart by ``"; "``.
    """

    name: str
    text: Message
    shortcut: str = ""
    icon: str = ""
    help: Message | None = None


COMMANDS: tuple[Command, ...] = (
    Command("session.toggle", msg("Train or pause"), "F5; Ctrl+Return", "play"),
    Command("session.step_once", msg("One step"), "F10", "step"),
    Command("window.step_ten", msg("Ten steps"), "Shift+F10", "step"),
    Command("window.step_hundred", msg("A hundred steps"), "Ctrl+F10", "step"),
    Command(
        "step.run_for",
        msg("Run steps…"),
        "Ctrl+Shift+F10",
        "step",
        msg("So many steps, or updates of one phase only, then pause"),
    ),
    Command(
        "session.step_phase",
        msg("Next phase alone"),
        "F11",
        "step",
        msg("Carry out one update of one phase, e.g. of the discriminator"),
    ),
    Command(
        "step.run_until",
        msg("Run until…"),
        "Ctrl+F11",
        "play",
        msg("A step, an epoch, a time, a measured value or a finding; then pause"),
    ),
    Command(
        "step.slow_motion",
        msg("Slow motion"),
        "Shift+F11",
        "pulse",
        msg("Watch one update after another, stage by stage, as data run through the model"),
    ),
    Command(
        "step.next_stage",
        msg("Next stage"),
        "F12",
        "pulse",
        msg("One stage on in slow motion, and stand there"),
    ),
    Command("session.restart", msg("Restart"), "Ctrl+R", "restart", msg("A new run")),
    Command("session.save", msg("Save a checkpoint now"), "Ctrl+Shift+K", "save"),
    Command("window.close_run", msg("Stop and close the run"), "Ctrl+W", "stop"),
    Command("window.choose_recipe", msg("New from recipe…"), "Ctrl+Shift+N", "sparkle"),
    Command(
        "window.draw_data",
        msg("Draw own data…"),
        "",
        "brush",
        msg("Points where you paint, or from a picture or a table"),
    ),
    Command("filing.open_experiment", msg("Open experiment…"), "Ctrl+O", "file"),
    Command("filing.open_run", msg("Open run…"), "Ctrl+Shift+O", "folder"),
    Command("filing.save", msg("Save experiment"), "Ctrl+S", "save"),
    Command("filing.save_as", msg("Save experiment as…"), "Ctrl+Shift+S", "save"),
    Command("filing.export_numbers", msg("Export numbers…"), "Ctrl+E", "export"),
    Command(
        "filing.export_window", msg("Save a picture of the window…"), "Ctrl+Shift+P", "picture"
    ),
    Command("filing.show_folder", msg("Show the run's folder"), "", "external"),
    Command("window.undo", msg("Undo"), "Ctrl+Z", "undo"),
    Command("window.redo", msg("Redo"), "Ctrl+Shift+Z; Ctrl+Y", "redo"),
    Command("window.show_welcome", msg("Welcome page"), "Ctrl+N", "mark"),
    Command("window.toggle_recipe", msg("Show or hide the recipe"), "Ctrl+B", "sidebar"),
    Command(
        "window.open_views",
        msg("Views…"),
        "Ctrl+Alt+V",
        "grid",
        msg("Add panels, or take them away"),
    ),
    Command(
        "window.show_doctor",
        msg("Ask the doctor"),
        "Ctrl+Shift+D",
        "doctor",
        msg("What goes wrong in this training, why, and what may help"),
    ),
    Command("window.find_command", msg("Find a command"), "Ctrl+K", "search"),
    Command("window.switch_language", msg("Switch language"), "", "language"),
    Command("appearance.switch_theme", msg("Dark or light"), "Ctrl+D", "theme"),
    Command("appearance.follow_theme", msg("Follow the system's theme"), "", "theme"),
    Command(
        "window.offer_own_modules",
        msg("Allow or forbid own modules…"),
        "",
        "code",
        msg("Layers written in Python files of your own, which run as programs"),
    ),
    Command("window.full_screen", msg("Full screen"), "Ctrl+Shift+F", "expand"),
    Command("window.open_log", msg("Open the log's folder"), "", "text"),
    Command("window.quit", msg("Quit"), "Ctrl+Q", "close"),
)
"""All commands, in the order of the palette."""

FILE_MENU = (
    "window.choose_recipe",
    "",
    "filing.open_experiment",
    "filing.open_run",
    "",
    "filing.save",
    "filing.save_as",
    "",
    "filing.export_numbers",
    "filing.export_window",
    "filing.show_folder",
    "",
    "window.offer_own_modules",
    "",
    "window.show_welcome",
    "window.close_run",
    "window.quit",
)
STEP_MENU = (
    "session.step_once",
    "window.step_ten",
    "window.step_hundred",
    "step.run_for",
    "",
    "session.step_phase",
    *(f"step.phase.{number}" for number in range(1, MOST_PHASES + 1)),
    "",
    "step.run_until",
    "",
    "step.slow_motion",
    "step.next_stage",
)
EVERYWHERE = (
    "session.toggle",
    *(name for name in STEP_MENU if name),
    "session.restart",
    "session.save",
    "window.undo",
    "window.redo",
    "appearance.switch_theme",
    "window.quit",
)
"""The commands whose keys also work in the window of a floating panel."""


def available(document: Document, session: Session) -> dict[str, bool]:
    """Which commands make sense now; those not named always do."""
    state, stack = session.state, document.undo_stack
    running = state == "running"
    return {
        "session.toggle": running or session.can_train,
        "session.save": state in ("running", "paused"),
        "session.restart": state != "preparing",
        "window.close_run": state != "empty",
        "window.undo": stack.canUndo(),
        "window.redo": stack.canRedo(),
        "filing.export_numbers": len(session.history) > 0,
    }


class Actions(QObject):
    """The commands as QActions of a window, by name.

    Parameters
    ----------
    owners : mapping of str to object
        Who carries out ``owner.method``.
    """

    def __init__(self, window: QWidget, owners: Mapping[str, object]) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._menus: list[Menu] = []
        self._icons: dict[str, str] = {}
        for command in COMMANDS:
            owner, _, method = command.name.partition(".")
            run = getattr(owners[owner], method)
            action = self.add(command.name, tr(command.text), run, command.icon)
            action.setShortcuts([QKeySequence(key) for key in command.shortcut.split("; ") if key])
            action.setToolTip(tr(command.help) if command.help else action.text())
        on_theme(self._retint)

    def add(
        self,
        name: str,
        text: str,
        run: Callable[[], object],
        icon_name: str = "",
        shortcut: str = "",
    ) -> QAction:
        """One more action of the window."""
        action = QAction(text, self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda _checked=False: run())
        self._window.addAction(action)
        self._actions[name] = action
        self._icons[name] = icon_name
        return action

    def add_workspaces(self, spaces: Sequence[Workspace], show: Callable[[str], object]) -> None:
        """A command that shows each workspace, with Ctrl and its number as keys."""
        for number, space in enumerate(spaces, start=1):
            text = tr("Workspace: {name}", name=tr(space.label))
            go = partial(show, space.name)
            self.add(f"workspace.{space.name}", text, go, "grid", f"Ctrl+{number}")

    def add_demos(self, show: Callable[[str], object]) -> None:
        """A command that opens each demo."""
        for demo in demos():
            text = tr("Demo: {name}", name=tr(demo.title))
            self.add(f"demo.{demo.name}", text, partial(show, demo.name), "learn")

    def add_recipes(self, begin: Callable[[str], object]) -> None:
        """A command that begins with each recipe."""
        for recipe in recipes():
            text = tr("Recipe: {name}", name=tr(recipe.title))
            self.add(f"recipe.{recipe.name}", text, partial(begin, recipe.name), "sparkle")

    def add_models(self, choose: Callable[[str], object]) -> None:
        """A command that turns the experiment into each named model."""
        for _, model in models():
            text = tr("Method: {name}", name=tr(model.label))
            self.add(f"model.{model.name}", text, partial(choose, model.name), "sliders")

    def __getitem__(self, name: str) -> QAction:
        """The action of a command."""
        return self._actions[name]

    def all(self) -> list[QAction]:
        """Every action, in order."""
        return list(self._actions.values())

    def menu(self, names: Sequence[str], parent: QWidget) -> Menu:
        """A menu of commands; an empty name draws a line."""
        menu = Menu(parent=parent)
        self._menus.append(menu)
        for name in names:
            if name:
                menu.addAction(self._actions[name])
            else:
                menu.addSeparator()
        return menu

    def file_menu(self, parent: QWidget) -> Menu:
        """Recipes to begin with, then files and runs."""
        return self.menu(FILE_MENU, parent)

    def clear(self) -> None:
        """Take all actions from the window, before others come."""
        for action in self._actions.values():
            self._window.removeAction(action)
        for menu in self._menus:
            menu.deleteLater()
        self._actions, self._menus = {}, []
        self.deleteLater()

    def _retint(self, _theme: Theme) -> None:
        for name, action in self._actions.items():
            if self._icons[name]:
                action.setIcon(icon(self._icons[name]))
