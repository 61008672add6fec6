"""Panels in windows of their own, for a second screen or a projector, and their way back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import app_icon, icon
from aegan_studio.ui.settings import Settings
from aegan_studio.ui.widgets.messages import Well
from aegan_studio.ui.widgets.panels import Panel

MARGIN = 8
LEAST = QSize(320, 220)
"""No window of a panel is smaller."""
FIRST = QSize(640, 480)
"""The size of a window that has none remembered, unless the panel was larger in its place."""


def swap(old: QWidget, new: QWidget) -> None:
    """Put ``new`` into the place that ``old`` has in a splitter or layout; as visible as it was.

    ``old`` is hidden, and a child of nothing or of the same parent.
    """
    hidden, parent = old.isHidden(), old.parentWidget()
    new.setSizePolicy(old.sizePolicy())
    if isinstance(parent, QSplitter):
        parent.replaceWidget(parent.indexOf(old), new)
    else:
        layout = parent.layout() if parent is not None else None
        assert layout is not None
        layout.replaceWidget(old, new)
        old.hide()
    new.setVisible(not hidden)


class FloatingWindow(QWidget):
    """The window of one panel; closing it brings the panel back.

    It is no child of the main window, so that it stays in view where that one is minimised.

    Parameters
    ----------
    keys : sequence of QAction
        Commands of the main window whose shortcuts also work here.
    """

    closed = Signal()

    def __init__(self, panel: Panel, keys: Sequence[QAction]) -> None:
        super().__init__()
        self.setWindowIcon(app_icon())
        self.setWindowTitle(panel.title)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        panel.title_changed.connect(self.setWindowTitle)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(0)
        column.addWidget(panel, 1000)
        column.addStretch(1)  # for panels that grow to a height only
        panel.show()
        self.setMinimumSize(LEAST.expandedTo(self.minimumSizeHint()))
        self.addActions(keys)
        for text, key, run in (
            (tr("Bring it back"), "Ctrl+W", self.close),
            (tr("Full screen"), "Ctrl+Shift+F", self.full_screen),
        ):
            action = QAction(text, self)
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(partial(_run, run))
            self.addAction(action)

    def full_screen(self) -> None:
        """Full screen and back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the panel back."""
        event.accept()
        self.closed.emit()


def _run(act: object, _checked: bool = False) -> None:
    if callable(act):
        act()


class Floats(QObject):
    """Moves panels into windows of their own and back, and remembers which and where.

    Parameters
    ----------
    main : QWidget
        The main window; hidden by the program, it takes the others with it.
    keys : sequence of QAction
        Commands whose shortcuts work in every window.
    """

    def __init__(self, main: QWidget, settings: Settings, keys: Sequence[QAction]) -> None:
        super().__init__(main)
        self._settings, self._keys = settings, tuple(keys)
        self._shown = main.isVisible()
        self._windows: dict[Panel, FloatingWindow] = {}
        self._actions: dict[Panel, QAction] = {}

    @property
    def windows(self) -> dict[str, FloatingWindow]:
        """The windows there are, by the names of their panels."""
        return {panel.name: window for panel, window in self._windows.items()}

    def adopt(self, workspace: QWidget) -> None:
        """Take care of a workspace's panels; those that floated last time do so again."""
        for panel in workspace.findChildren(Panel):
            self.adopt_panel(panel)

    def adopt_panel(self, panel: Panel) -> None:
        """Take care of one panel, such as one made when it was first shown."""
        if not panel.name or panel in self._actions:
            return
        panel.float_asked.connect(partial(self._on_asked, panel))
        panel.wanted_changed.connect(partial(self._on_wanted, panel))
        action = QAction(self)
        action.triggered.connect(partial(_run, panel.ask_to_float))
        self._actions[panel] = action
        if self._settings.flag(_key(panel), False):
            self._float(panel)

    def move(self, name: str, *, out: bool) -> None:
        """Move the panel of this name into a window of its own, or back."""
        for panel in tuple(self._actions):
            if panel.name == name and panel.floating != out:
                panel.ask_to_float()

    def holds_any_of(self, workspace: QWidget) -> bool:
        """Whether a panel of this workspace floats."""
        return any(workspace.isAncestorOf(panel.place) for panel in self._windows)

    def commands(self) -> list[QAction]:
        """A command for each panel in view, and for each that floats."""
        found = []
        for panel, action in self._actions.items():
            if panel.floating:
                action.setText(tr("Bring back: {panel}", panel=panel.title))
            elif panel.isVisible():
                action.setText(tr("Open in its own window: {panel}", panel=panel.title))
            else:
                continue
            action.setIcon(icon("dock" if panel.floating else "float"))
            found.append(action)
        return found

    def set_shown(self, on: bool) -> None:
        """Show the windows along with the main one, or none."""
        self._shown = on
        for panel, window in self._windows.items():
            window.setVisible(on and panel.wanted)

    def remember(self) -> None:
        """Keep where the windows are."""
        for panel, window in self._windows.items():
            self._settings.set_blob(_key(panel), window.saveGeometry())

    def end(self) -> None:
        """Bring all panels back without forgetting which floated: their workspace goes."""
        self.remember()
        for panel in tuple(self._windows):
            self._bring_back(panel)
        self._actions.clear()

    def _on_asked(self, panel: Panel, on: bool) -> None:
        self._settings.set_flag(_key(panel), on)
        window = self._windows.get(panel)
        if on and window is None:
            self._float(panel)
            self._windows[panel].activateWindow()
        elif not on and window is not None:
            self.remember()
            self._bring_back(panel)
        if panel.float_button is not None:  # reparenting took the focus away
            panel.float_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_wanted(self, panel: Panel, on: bool) -> None:
        if panel in self._windows:
            self._windows[panel].setVisible(on and self._shown)

    def _float(self, panel: Panel) -> None:
        size = panel.size().expandedTo(FIRST) if panel.isVisible() else QSize(FIRST)
        if not panel.body.expandingDirections() & Qt.Orientation.Vertical:
            size.setHeight(LEAST.height())  # more would stay empty
        well = Well(
            tr("This panel is in its own window"),
            button=tr("Bring it back"),
            minimum=QSize(max(panel.minimumWidth(), 96), 64),
        )
        well.setAccessibleDescription(panel.title)
        well.clicked.connect(panel.ask_to_float)
        swap(panel, well)
        panel.set_floating(well)
        window = FloatingWindow(panel, self._keys)
        window.resize(size)
        window.restoreGeometry(self._settings.blob(_key(panel)))
        window.closed.connect(panel.ask_to_float)
        self._windows[panel] = window
        window.setVisible(self._shown and panel.wanted)

    def _bring_back(self, panel: Panel) -> None:
        window, well = self._windows.pop(panel), panel.place
        window.closed.disconnect(panel.ask_to_float)
        window.hide()
        panel.set_floating(None)
        swap(well, panel)
        well.deleteLater()
        window.deleteLater()


def _key(panel: Panel) -> str:
    return f"float.{panel.name}"
