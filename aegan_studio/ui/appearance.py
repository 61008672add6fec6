"""Dark, light or as the system has it: chosen and remembered."""

from __future__ import annotations

from aegan_studio.ui.settings import Settings
from aegan_studio.ui.theme import Mode, theme_manager


class Appearance:
    """The commands that choose the theme."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def switch_theme(self) -> None:
        """Dark to light, light to dark."""
        manager = theme_manager()
        if manager is not None:
            self._use("light" if manager.theme.dark else "dark")

    def follow_theme(self) -> None:
        """Follow the system's theme."""
        self._use("system")

    def _use(self, mode: Mode) -> None:
        manager = theme_manager()
        if manager is not None:
            manager.set_mode(mode)
            self._settings.theme = mode
