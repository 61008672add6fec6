"""What tour and demo share: a window of their own, and waiting for it without sleeping."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QSize, QTimer
from PySide6.QtGui import QCursor, QPixmap
from PySide6.QtWidgets import QWidget

from aegan_studio import paths
from aegan_studio.i18n import tr
from aegan_studio.ui.app import SWITCH_INTERVAL, Studio, application, build
from aegan_studio.ui.settings import Settings

PATIENCE = 120.0
"""Seconds that anything waited for may take on a slow machine."""


class LateError(Exception):
    """Something that was waited for did not happen."""


@contextlib.contextmanager
def rehearsal(home: Path, *, offscreen: bool) -> Iterator[Studio]:
    """A window whose runs and settings live in ``home``; closed at the end.

    Must come before any QApplication where it shall draw off-screen.
    """
    if offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    before = os.environ.get("AEGAN_STUDIO_HOME")
    os.environ["AEGAN_STUDIO_HOME"] = str(home)
    sys.setswitchinterval(SWITCH_INTERVAL)
    spoken = tr.language
    app = application([])
    if offscreen:
        QCursor.setPos(100_000, 100_000)  # nothing is hovered by a pointer that isn't there
    studio = build(app, Settings(paths.settings_file()))
    studio.background.start()
    try:
        yield studio
    finally:
        studio.dispose()
        tr.use(spoken)
        if before is None:
            del os.environ["AEGAN_STUDIO_HOME"]
        else:
            os.environ["AEGAN_STUDIO_HOME"] = before


def wait(seconds: float) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def until(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Let the window live until ``condition`` holds.

    Raises
    ------
    LateError
        After ``patience`` seconds; ``what`` says what was waited for.
    """
    deadline = QDeadlineTimer(round(patience * 1000))
    while not condition():
        if deadline.hasExpired():
            raise LateError(what)
        wait(0.02)


def picture(widget: QWidget, scale: float = 1.0) -> QPixmap:
    """The widget as a picture, drawn anew at ``scale`` device pixels to a logical one."""
    size = widget.size()
    drawn = QPixmap(QSize(round(size.width() * scale), round(size.height() * scale)))
    drawn.setDevicePixelRatio(scale)
    widget.render(drawn)
    return drawn
