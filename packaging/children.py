"""Child processes that end when this one is told to: no orphan, no traceback, no half-read pipe."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import IO, Literal

ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # those that this platform has
Polite = Literal["SIGINT", "SIGTERM"]


class Interrupted(BaseException):
    """A signal asked this process to end; no Exception, so that nothing catches it by chance."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def raise_on_signals() -> None:
    """Turn Ctrl-C and its like into Interrupted; what was ignored (nohup) stays ignored."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise Interrupted(number)

    for name in ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, interrupt)


def call(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
    output: IO[str] | int | None = None,
    polite: Polite = "SIGTERM",
    patience: float = 10,
) -> int:
    """Run a command to its end and return its status, negative for a signal.

    When this process is told to end, so is the command with all its children: first politely,
    after ``patience`` seconds or a second Ctrl-C by force.
    """
    # A session of its own: the terminal's Ctrl-C reaches only this process, which hands it on
    # once. Windows has no such thing; there the console tells the child itself.
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=variables,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        start_new_session=True,
        close_fds=False,  # only what was made inheritable on purpose: the lock
    )
    try:
        return process.wait()
    finally:
        if process.returncode is None:
            _end(process, polite, patience)


def _end(process: subprocess.Popen[bytes], polite: Polite, patience: float) -> None:
    for name, seconds in ((polite, patience), ("SIGTERM", 3.0), ("SIGKILL", None)):
        _send(process, name)
        with suppress(subprocess.TimeoutExpired, Interrupted):
            process.wait(seconds)
            break
    _send(process, "SIGKILL")  # grandchildren that outlived the child


def _send(process: subprocess.Popen[bytes], name: str) -> None:
    if sys.platform == "win32":
        if name != "SIGINT":
            process.terminate()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, getattr(signal, name))


def exit_status(returned: int) -> int:
    """What a shell would report: 128 + n for signal n."""
    return returned if returned >= 0 else 128 - returned
