"""Step mode as the window offers it: its commands, the phases by name, the panel that tells."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from aegan_studio.i18n import tr

if TYPE_CHECKING:
    from aegan_studio.ui.actions import Actions
    from aegan_studio.ui.window import Window

MOST_PHASES = 4
"""Phases that have a command and keys of their own."""

PANEL = "step"
"""The panel's name in the train workspace."""


class StepDesk(QObject):
    """Carries out the commands called ``step.…`` and keeps those of the phases up to date."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._actions: Actions | None = None
        self._phases: list[QAction] = []
        self._shown = False
        stepping = window.session.stepping
        stepping.changed.connect(self.refresh)
        stepping.wanted.connect(self._show_panel)
        window.transport.changed.connect(self.refresh)
        window.document.changed.connect(self.refresh)
        window.document.problems_changed.connect(self.refresh)

    def serve(self, actions: Actions) -> None:
        """Put the commands of the phases among those of the window."""
        self._actions = actions
        self._phases = [
            actions.add(
                f"step.phase.{number}", "", partial(self._one_phase, number - 1), "step",
                f"Ctrl+Alt+{number}",
            )
            for number in range(1, MOST_PHASES + 1)
        ]  # fmt: skip
        self.refresh()

    # Commands

    def run_for(self) -> None:
        """Ask how many steps, or updates of one phase, to carry out."""
        self._open_card("for")

    def run_until(self) -> None:
        """Ask what to run until."""
        self._open_card("until")

    def slow_motion(self) -> None:
        """Go slowly, or at full speed again."""
        self._window.session.stepping.slow_motion()

    def next_stage(self) -> None:
        """One stage on in slow motion."""
        self._window.session.stepping.next_stage()

    def _open_card(self, what: str) -> None:
        from aegan_studio.ui.panels.train.step.menu import open_run_card

        window = self._window
        open_run_card(window.session, window, window.top.step, what)

    def _one_phase(self, index: int) -> None:
        stepping = self._window.session.stepping
        phases = stepping.phases
        if index < len(phases):
            stepping.one_phase(phases[index].name)

    # Keeping up

    def refresh(self, _what: object = None) -> None:
        """Name the phases of the present method; say why nothing can be carried out."""
        actions = self._actions
        if actions is None:
            return
        from aegan_studio.ui.actions import COMMANDS, STEP_MENU

        stepping, transport = self._window.session.stepping, self._window.transport
        phases = stepping.phases
        helps = {command.name: command.help for command in COMMANDS}
        for name in STEP_MENU:
            if not name or name.startswith("step.phase."):
                continue
            action, help_ = actions[name], helps[name]
            own = tr(help_) if help_ is not None else action.text()
            why = transport.why_not(name)
            action.setToolTip(tr(why) if why is not None else own)
            action.setEnabled(why is None)
        why = transport.why_not("step.phase")
        for index, action in enumerate(self._phases):
            offered = index < len(phases) and len(phases) > 1
            action.setVisible(offered)
            action.setEnabled(offered and why is None)
            if not offered:
                action.setText(tr("Only phase {number}", number=index + 1))
                continue
            phase = phases[index]
            due = phase.name == stepping.next_phase
            label = tr("Only {phase}", phase=tr(phase.label))
            action.setText(label)
            tip = (
                tr("One update of this phase, whose turn it is")
                if due
                else tr("One extra update of this phase, out of turn; the run records it")
            )
            action.setToolTip(tr(why) if why is not None else tip)
        slow = actions["step.slow_motion"]
        slow.setText(tr("End slow motion") if stepping.slow.on else tr("Slow motion"))

    def _show_panel(self) -> None:
        """Somebody watches single updates: the panel that tells of them comes into view."""
        space: Any = self._window.spaces.build("train")
        shown = getattr(space, "shown", (PANEL,))
        if PANEL not in shown and (not self._shown or self._window.session.stepping.slow.on):
            self._shown = True
            space.toggle(PANEL, True)
