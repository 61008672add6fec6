"""Writing files so that a crash leaves either the old file or the new one."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from aegan_studio.messages import StudioError, msg

_BINARY = getattr(os, "O_BINARY", 0)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn errors of writing ``path`` into one clear sentence.

    Raises
    ------
    StudioError
        Disk full, no permission, read-only file system and alike.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StudioError(
                msg("The disk is full: {path} was not written.", path=str(path)),
                msg("Free some space and save again; nothing that was saved before is lost."),
            ) from error
        raise StudioError(
            msg(
                "{path} cannot be written: {why}.",
                path=str(path),
                why=error.strerror or str(error),
            ),
            msg("Choose another folder or change its permissions."),
        ) from error


def write_atomically(path: Path, data: bytes, *, sync: bool = True) -> None:
    """Write ``data`` beside ``path``, flush it to the disk, and rename it into place.

    Without ``sync`` nobody waits for the disk: a killed process still leaves the old file or the
    new one, but a power cut may leave a torn one. For what can be done without.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # not mkstemp: it would hide the file from everybody but its owner
        temporary = path.parent / f".{path.name}.{secrets.token_hex(6)}"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                if sync:
                    file.flush()
                    os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
