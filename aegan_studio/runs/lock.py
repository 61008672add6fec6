"""One writer per run folder: a lock that dies with the process that holds it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from aegan_studio.files import writing


class FolderLock:
    """An advisory lock on one file, held by the operating system for this process.

    A killed process leaves no stale lock behind: the system lets go of it. Two holders inside
    one process exclude each other as well.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._handle is not None

    def acquire(self) -> bool:
        """Take the lock without waiting; ``False`` where another holds it.

        Raises
        ------
        StudioError
            Where the lock's file cannot be made.
        """
        if self._handle is not None:
            return True
        with writing(self._path):
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        if not _lock(handle):
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        """Let go of the lock, if held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __del__(self) -> None:
        """A forgotten folder must not stay locked for as long as the program runs."""
        self.release()


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # some network file systems know no locks: train there all the same
        return True
