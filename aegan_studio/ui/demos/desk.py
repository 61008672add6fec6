"""The demo that is open: what it is, which step is in view, and the way back to the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from aegan_studio.catalog.demos import Demo, demo
from aegan_studio.messages import StudioError
from aegan_studio.runs.demos import unpack
from aegan_studio.ui.demos.doing import act

if TYPE_CHECKING:
    from aegan_studio.ui.window import Window


class DemoDesk(QObject):
    """Opens demos in a window, each time from a fresh copy of the bundled run.

    A demo stays open while one trains on, edits its recipe or starts it anew; opening anything
    else closes it.
    """

    changed = Signal()
    """Another demo is open, or none, or another step is in view."""
    trouble = Signal(object)
    """A :class:`StudioError`; nothing was changed."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._demo: Demo | None = None
        self._index = 0
        self._opening = False
        window.filing.opened.connect(self._on_opened)
        self.trouble.connect(window.filing.trouble)

    @property
    def demo(self) -> Demo | None:
        """The open demo."""
        return self._demo

    @property
    def index(self) -> int:
        """Which step is in view, from 0."""
        return self._index

    def open(self, name: str) -> None:
        """Open a demo as it was delivered; what goes wrong is said, and nothing changes."""
        try:
            self._open(demo(name))
        except StudioError as error:
            self.trouble.emit(error)

    def _open(self, chosen: Demo) -> None:
        folder = unpack(chosen)
        self._opening = True
        try:
            # lest a workspace be built that nobody looks at
            self._window.expect_workspace(chosen.opens.workspace)
            self._window.session.open_run(folder)
            self._demo, self._index = chosen, 0
            act(chosen.opens, self._window)
            self._window.filing.opened.emit()
        finally:
            self._opening = False
        self.changed.emit()

    def reset(self) -> None:
        """Everything as delivered, whatever was trained or edited; a training of one's own stays.

        It lies in its folder, and moves to the runs when a demo is next opened.
        """
        if self._demo is not None:
            self.open(self._demo.name)

    def show_step(self, index: int) -> None:
        """Bring a step into view; one that there is not is not shown."""
        if self._demo is not None and 0 <= index < len(self._demo.steps):
            self._index = index
            self.changed.emit()

    def act(self) -> None:
        """Do what the step in view says."""
        if self._demo is None:
            return
        action = self._demo.steps[self._index].show
        if action is not None:
            try:
                act(action, self._window)
            except StudioError as error:
                self.trouble.emit(error)

    def train_yourself(self) -> None:
        """The same recipe as an experiment of one's own, from its first step."""
        if self._demo is None:
            return
        try:
            experiment = self._demo.recipe()
        except StudioError as error:
            self.trouble.emit(error)
            return
        self._window.session.stop()
        self._window.document.replace(experiment)
        self._window.show_workspace("train")
        self._window.session.train()

    def close(self) -> None:
        """The demo is over; run and experiment stay as they are."""
        if self._demo is not None:
            self._demo = None
            self.changed.emit()

    def _on_opened(self) -> None:
        if not self._opening:
            self.close()
