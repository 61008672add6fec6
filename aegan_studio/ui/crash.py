"""When the program itself is at fault: a log, and a window that says so and keeps the run."""

from __future__ import annotations

import logging
import logging.handlers
import platform
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

import PySide6
from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from aegan_studio import __version__, paths
from aegan_studio.i18n import tr
from aegan_studio.ui.theme import CARD
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import Glyph

log = logging.getLogger("aegan_studio")


def log_folder() -> Path:
    """Where the log file is."""
    return paths.data_dir() / "logs"


def start_log() -> logging.Handler | None:
    """Write the program's log to a file; ``None`` where that is not possible."""
    try:
        log_folder().mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            log_folder() / "aegan-studio.log",
            maxBytes=1_000_000,
            backupCount=2,
            encoding="utf-8",
            delay=True,
        )
    except OSError:
        return None  # the program runs without a log as well
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    return handler


class CrashReporter(QObject):
    """Catches what no part of the program caught, in any thread, and tells the window's."""

    crashed = Signal(str, str)
    """The error in one line, and its traceback."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last = ""

    def install(self) -> None:
        """Take the place of Python's hooks."""
        sys.excepthook = self.hook
        threading.excepthook = self._thread_hook

    def remove(self) -> None:
        """Put Python's hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def hook(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """Log an error and tell the window; Ctrl-C ends the program as usual."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        log.error("uncaught error\n%s", details)
        line = f"{kind.__name__}: {error}" if str(error) else kind.__name__
        if details != self._last:  # the same fault at every repaint is told once
            self._last = details
            self.crashed.emit(line, details)

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.hook(args.exc_type, args.exc_value, args.exc_traceback)


def report(details: str) -> str:
    """What a person can send: versions, system, traceback."""
    return "\n".join(
        (
            f"AEGAN Studio {__version__}",
            f"Python {platform.python_version()}, PySide6 {PySide6.__version__}",
            platform.platform(),
            "",
            details,
        )
    )


class CrashDialog(QDialog):
    """Says that something failed, what is safe, and shows the details; not modal."""

    def __init__(
        self, sentence: str, assurance: str, details: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self._report = report(details)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Glyph("error", "error", 22), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(Label(sentence, size=CARD, weight=500, wrap=True))
        words.addWidget(Label(assurance, tone="text2", wrap=True))
        head.addLayout(words, 1)
        self.details = QPlainTextEdit(self._report)
        self.details.setReadOnly(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.copy = Button(tr("Copy the details"), icon="copy")
        self.folder = Button(tr("Open the log's folder"), icon="folder")
        self.go_on = Button(tr("Go on"), variant="filled")
        self.copy.clicked.connect(self._copy)
        self.folder.clicked.connect(open_log_folder)
        self.go_on.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.folder)
        buttons.addStretch(1)
        buttons.addWidget(self.go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 18)
        column.setSpacing(16)
        column.addLayout(head)
        column.addWidget(self.details, 1)
        column.addLayout(buttons)
        self.resize(640, 420)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)


def open_log_folder() -> None:
    """Show the log's folder in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))
