"""The application: the window on the screen first, everything heavy afterwards."""

from __future__ import annotations

import gc
import logging
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from aegan_studio import paths
from aegan_studio.catalog.recipes import recipe
from aegan_studio.i18n import system_language, tr
from aegan_studio.ui.crash import CrashReporter, start_log
from aegan_studio.ui.document import Document
from aegan_studio.ui.icons import app_icon
from aegan_studio.ui.language import Language
from aegan_studio.ui.panels.welcome.page import FIRST
from aegan_studio.ui.settings import Settings
from aegan_studio.ui.theme import ThemeManager
from aegan_studio.ui.training.background import Background
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.focus import FocusRing
from aegan_studio.ui.window import Window

SWITCH_INTERVAL = 0.0005
"""Seconds after which the training thread lets the window in: ten times Python's usual eagerness.

Measured: lateness of a 16 ms timer at p99 goes from 5 to 0.8 ms while a network trains.
"""

DEMO = "--demo="
"""Begins the argument that names a demo to open."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Studio:
    """The window and what lives as long as it."""

    app: QApplication
    document: Document
    session: Session
    background: Background
    settings: Settings
    window: Window
    dressing: tuple[QObject, ...]
    """What the application wears: theme, focus ring, language."""

    def dispose(self) -> None:
        """Close the window and let everything go that :func:`build` made."""
        self.window.close()
        for owned in (self.window, self.session, self.document, *self.dressing):
            owned.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def application(argv: Sequence[str]) -> QApplication:
    """The QApplication with name, icon and sharp scaling; the one that exists already if any."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    app = QApplication(list(argv) or sys.argv[:1])
    app.setApplicationName("aegan-studio")
    app.setApplicationDisplayName("AEGAN Studio")
    app.setDesktopFileName("aegan-studio")
    app.setWindowIcon(app_icon())
    return app


def build(app: QApplication, settings: Settings) -> Studio:
    """Dress the application and build the window, not yet shown."""
    manager = ThemeManager(app, settings.theme)
    manager.apply()
    ring = FocusRing(app)
    asked = tr.language if tr.language != system_language() else ""  # by the command line
    language = Language(app, asked or settings.language or tr.language)
    document = Document(recipe(FIRST))
    session = Session(document)
    background = Background()
    window = Window(document, session, background, settings, language)
    dressing = (manager, ring, language)
    return Studio(app, document, session, background, settings, window, dressing)


def run_app(argv: Sequence[str] = ()) -> int:
    """Run the window until it is closed.

    Parameters
    ----------
    argv : sequence of str
        As the system gives it: the program's name, then options of Qt's, the path of an
        experiment or of a run to open, and ``--demo=NAME`` for a bundled demo.

    Returns
    -------
    int
        The exit code of the process.
    """
    sys.setswitchinterval(SWITCH_INTERVAL)
    start_log()
    app = application(argv)
    reporter = CrashReporter(app)
    reporter.install()
    studio = build(app, Settings(paths.settings_file()))
    reporter.crashed.connect(studio.window.failures.show_crash)
    interrupt = _end_on_interrupt(studio.window)
    studio.window.show()
    # The first paint comes before anything that may take the interpreter for long.
    QTimer.singleShot(30, studio.window, lambda: _after_first_paint(studio, argv))
    try:
        return app.exec()
    finally:
        interrupt.stop()
        reporter.remove()


def _after_first_paint(studio: Studio, argv: Sequence[str]) -> None:
    studio.background.start()
    studio.background.warm_up()
    named = [Path(text) for text in argv[1:] if not text.startswith("-")]
    demos = [text.removeprefix(DEMO) for text in argv[1:] if text.startswith(DEMO)]
    if named:
        studio.window.open_path(named[0])
    elif demos:
        studio.window.demos.open(demos[0])
    gc.collect()
    gc.freeze()  # what lives as long as the window need not be looked through again


def _end_on_interrupt(window: Window) -> QTimer:
    """Close the window, which saves the run, at Ctrl-C and when the system asks to end.

    Python sees a signal only while it runs, hence the timer.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    timer = QTimer(window, interval=250)
    timer.timeout.connect(_nothing)
    timer.start()
    return timer


def _nothing() -> None:
    """Give Python a chance to see a signal."""
