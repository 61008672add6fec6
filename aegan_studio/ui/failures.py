"""What failed, said in dialogs that do not get in the way."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.crash import CrashDialog
from aegan_studio.ui.training.session import Session


class Failures(QObject):
    """Shows failures over a window, and what is safe all the same.

    Parameters
    ----------
    session : Session
        Tells whether there is a run to go on with.
    window : QWidget
        The dialogs belong to it.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.dialogs: list[CrashDialog] = []

    def show(self, sentence: str, details: str) -> None:
        """Show what failed, without getting in the way of what works."""
        assurance = (
            tr("The run is saved and can be gone on with.")
            if self._session.folder is not None
            else tr("Nothing that was saved is lost.")
        )
        dialog = CrashDialog(sentence, assurance, details, self._window)
        self.dialogs.append(dialog)
        dialog.destroyed.connect(partial(_forget, self.dialogs, dialog))
        dialog.show()

    def show_crash(self, line: str, details: str) -> None:
        """Say that the program itself is at fault."""
        if self.dialogs:
            return  # one is enough; the log has them all
        self.show(tr("An unexpected error: {line}", line=line), details)


def _forget(dialogs: list[CrashDialog], dialog: CrashDialog, *_: object) -> None:
    if dialog in dialogs:
        dialogs.remove(dialog)
