"""The command line. Without arguments it opens the window, and imports nothing it doesn't need."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence

from aegan_studio.i18n import LANGUAGES, system_language, tr
from aegan_studio.messages import StudioError, msg

USAGE = 2
"""Exit code for what the person can mend."""

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0, 2 for bad input, 130 after Ctrl-C.

    What a person can mend is said in one or two sentences on stderr, without a traceback.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console that lacks a sign shows a “?”
            stream.reconfigure(errors="replace")
    tr.use(system_language())
    try:
        tr.use(_language(given))
        if not given:
            return window([])
        from aegan_studio.cli.commands import execute

        return execute(given)
    except StudioError as error:
        from aegan_studio.cli.output import complain

        complain(error)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe has seen enough
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def window(arguments: Sequence[str] | None = None) -> int:
    """Open the window; the entry point of the menu and of the desktop."""
    if arguments is None:
        tr.use(system_language())
        arguments = sys.argv[1:]
    if sys.platform == "win32":
        from aegan_studio.cli.preload import preload_torch_library

        preload_torch_library()
    from aegan_studio.ui.app import run_app

    return run_app([sys.argv[0], *arguments]) or 0


def _language(arguments: Sequence[str]) -> str:
    """The language asked for, looked for before anything is parsed: the help speaks it too.

    Raises
    ------
    StudioError
        For a language that the program doesn't speak.
    """
    for index, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--language":
            wanted = value if equals else "".join(arguments[index + 1 : index + 2])
            if wanted not in LANGUAGES:
                raise StudioError(
                    msg("“{language}” is not a language of the program.", language=wanted),
                    msg("It must be one of: {known}.", known=", ".join(LANGUAGES)),
                )
            return wanted
    return system_language()
