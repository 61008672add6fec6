"""The switch for modules of one's own: what it means in plain words, then yes or no."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from aegan_studio import plugins
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg
from aegan_studio.ui.panels.notices import Notices

ABOUT = "own modules"


def offer(notices: Notices, changed: Callable[[], object]) -> None:
    """Say what own modules are, and offer to allow them, or to forbid them again.

    Parameters
    ----------
    changed : callable
        Called after the switch.
    """
    forced = plugins.forced()
    if forced is not None:
        notices.say(
            tr("{variable} allows own modules, whatever is chosen here.", variable=plugins.VARIABLE)
            if forced
            else tr(
                "{variable} forbids own modules, whatever is chosen here.",
                variable=plugins.VARIABLE,
            ),
            about=ABOUT,
        )
    elif plugins.enabled():
        notices.say(
            tr(
                "Own modules are allowed: {files}. Forbidden, none of these files is run any more; "
                "a training under way goes on.",
                files=_files(),
            ),
            tr("Forbid own modules"),
            lambda: _switch(False, notices, changed),
            about=ABOUT,
        )
    else:
        notices.say(
            tr(
                "Own modules are programs. Allowed, networks that use them run the files in "
                "{folder} with all your rights: {files}. Allow only what you wrote or trust.",
                folder=plugins.folder(),
                files=_files(),
            ),
            tr("Allow own modules"),
            lambda: _switch(True, notices, changed),
            severity="warning",
            about=ABOUT,
        )


def _files() -> str:
    return ", ".join(f"{one.file}.py" for one in plugins.found()) or tr("there are none yet")


def _switch(on: bool, notices: Notices, changed: Callable[[], object]) -> None:
    try:
        plugins.enable(on)
    except OSError as error:
        notices.show_error(
            StudioError(
                msg("The setting could not be saved: {why}.", why=error.strerror or str(error)),
                msg("Make {folder} writable.", folder=str(plugins.folder().parent)),
            )
        )
        return
    if on:
        notices.say(
            tr("Own modules are allowed. Their place is {folder}.", folder=plugins.folder()),
            tr("Open the folder"),
            _open_folder,
            about=ABOUT,
        )
    else:
        notices.say(tr("Own modules are forbidden."), about=ABOUT)
    changed()


def _open_folder() -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(plugins.folder())))
