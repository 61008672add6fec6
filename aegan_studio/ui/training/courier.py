"""A thread that carries out commands and hands what it has to say to the window, now and then."""

from __future__ import annotations

import logging
import queue
import threading
import time
import traceback

from PySide6.QtCore import QObject, Qt, QThread, Signal

from aegan_studio.experiment.events import Failed
from aegan_studio.messages import StudioError, msg
from aegan_studio.ui.training.commands import Command, Quit

log = logging.getLogger(__name__)

TICK = 1 / 25
"""Seconds between two deliveries at least."""


class Courier(QThread):
    """What threads that train have in common; heirs serve the commands and hand out the post."""

    _ready = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._announced = threading.Event()
        self._announced_at = 0.0
        self._quitting = threading.Event()
        self._ready.connect(self._on_ready, Qt.ConnectionType.QueuedConnection)

    def send(self, command: Command) -> None:
        """Queue a command; it is carried out between two steps."""
        if isinstance(command, Quit):
            self._quitting.set()
        self._commands.put(command)

    def next_command(self, *, wait: bool) -> Command | None:
        """The next command; ``None`` where none has come and there is no waiting for one."""
        if wait:
            self.flush()
        try:
            return self._commands.get(block=wait)
        except queue.Empty:
            return None

    def _on_ready(self) -> None:
        self.deliver()

    def deliver(self) -> None:
        """Hand out what has come in, in the window's thread."""
        self._announced.clear()
        self.hand_out()

    def hand_out(self) -> None:
        """Emit what is in the outbox."""
        raise TypeError(f"{type(self).__name__} hands nothing out")

    def serve(self) -> None:
        """Carry out commands until told to quit."""
        raise TypeError(f"{type(self).__name__} serves nothing")

    def fail(self, event: Failed) -> None:
        """Report what ended the service."""
        raise TypeError(f"{type(self).__name__} reports nothing")

    def run(self) -> None:
        """Serve; every failure becomes an event."""
        try:
            self.serve()
        except StudioError as error:
            self.fail(Failed(error.message, error.mend))
        except Exception as error:
            log.exception("training failed")
            self.fail(
                Failed(
                    msg("Training stopped by an unexpected error: {why}", why=_first_line(error)),
                    msg("What was saved remains. Restart, or open the details to report it."),
                    traceback.format_exc(),
                )
            )
        finally:
            self.announce(at_once=True)

    def flush(self) -> None:
        """Hand out everything reported so far: the thread is about to rest."""
        self.announce(at_once=True)

    def announce(self, *, at_once: bool = False) -> None:
        """Let the window know that there is something to hand out: soon, or at once."""
        now = time.monotonic()
        due = at_once or now - self._announced_at >= TICK * 0.9
        if due and not self._announced.is_set():  # a slow window is told once, not buried
            self._announced_at = now
            self._announced.set()
            self._ready.emit()


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
