"""Two panels that stand in a row in turns where there is no room for both."""

from __future__ import annotations

from collections.abc import Callable

from aegan_studio.i18n import tr
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.panels import Panel


class Turns:
    """A button in the header of each of two panels shows the other instead.

    Parameters
    ----------
    first, second : Panel
        ``first`` stands there to begin with.
    changed : callable
        Called when the other's turn has come.
    """

    def __init__(self, first: Panel, second: Panel, changed: Callable[[], object]) -> None:
        self._panels = (first, second)
        self._changed = changed
        self._standing = first
        self.buttons: dict[Panel, IconButton] = {}
        for panel, other in ((first, second), (second, first)):
            button = IconButton("compare", "", side=20)
            button.clicked.connect(lambda _checked=False, other=other: self.show(other))
            button.hide()
            panel.add_action(button)
            other.title_changed.connect(self._say)
            self.buttons[panel] = button
        self._say()

    def show(self, panel: Panel) -> None:
        """It is the turn of this one; another than the two changes nothing."""
        if panel not in self._panels:
            return
        self._standing = panel
        self._changed()
        if self.buttons[panel].isVisible():
            self.buttons[panel].setFocus()

    def left_out(self, narrow: bool) -> Panel | None:
        """The panel whose turn it is not; ``None`` where both have room, or one floats."""
        first, second = self._panels
        narrow = narrow and not first.floating and not second.floating
        for button in self.buttons.values():
            button.setVisible(narrow)
        if not narrow:
            return None
        return second if self._standing is first else first

    def _say(self, _title: str = "") -> None:
        first, second = self._panels
        for panel, other in ((first, second), (second, first)):
            words = tr("Show “{panel}” instead", panel=other.title)
            self.buttons[panel].setToolTip(words)
            self.buttons[panel].setAccessibleName(words)
