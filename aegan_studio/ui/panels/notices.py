"""One banner below the top bar: what failed, what is safe, and the mend."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from aegan_studio.experiment import InputError
from aegan_studio.experiment.events import (
    Diverged,
    Event,
    Failed,
    Notice,
    Saved,
    SaveFailed,
    Started,
)
from aegan_studio.i18n import tr
from aegan_studio.messages import Message, StudioError
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.messages import Banner, Severity
from aegan_studio.ui.widgets.numbers import format_number


def error_text(error: StudioError) -> str:
    """The sentences of an error in the current language; several problems are counted."""
    text = tr.join(error.sentences())
    if isinstance(error, InputError) and len(error.problems) > 1:
        more = len(error.problems) - 1
        text = tr("{problem} {count} more problems.", problem=text, count=more)
    return text


class Notices(QWidget):
    """Shows the newest notice; it goes when dismissed, or when what it says is over."""

    def __init__(
        self,
        session: Session,
        show_details: Callable[[str, str], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._show_details = session, show_details
        self._act: Callable[[], object] | None = None
        self._about = ""
        self.banner = Banner()
        self.banner.fix_requested.connect(self._mend)
        self.banner.dismissed.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 0)
        row.addWidget(self.banner)
        self.hide()
        session.event.connect(self._on_event)
        session.trouble.connect(self.show_error)

    def show_error(self, error: StudioError) -> None:
        """Say that what was asked for could not be done."""
        self.say(error_text(error), severity="error", about="trouble")

    def say(
        self,
        text: str,
        fix: str = "",
        act: Callable[[], object] | None = None,
        *,
        severity: Severity = "info",
        about: str = "",
    ) -> None:
        """Show a sentence; ``about`` names what it is about, for :meth:`retract`."""
        self._act, self._about = act, about
        self.banner.set(text, fix, severity)
        self.banner.show()
        self.show()

    def retract(self, about: str) -> None:
        """Take the notice away if it is about this."""
        if self._about == about:
            self.hide()

    @property
    def text(self) -> str:
        """What is said now; empty where nothing is."""
        return "" if self.isHidden() else self.banner.text

    def _mend(self) -> None:
        act = self._act
        self.hide()
        if act is not None:
            act()

    def _on_event(self, event: Event) -> None:
        match event:
            case Failed(message, mend, details):
                self._failed(_sentences(message, mend), details)
            case SaveFailed(_, message, mend):
                text = _sentences(message, mend)
                self.say(text, tr("Save now"), self._session.save, severity="warning", about="save")
            case Notice(message, mend):
                self.say(_sentences(message, mend), severity="warning", about="notice")
            case Saved():
                self.retract("save")
            case Diverged():
                self._diverged(event)
            case Started():
                self.retract("run")
                self.retract("trouble")
            case _:
                pass

    def _failed(self, text: str, details: str) -> None:
        if details:
            self.say(
                text,
                tr("Details"),
                lambda: self._show_details(text, details),
                severity="error",
                about="run",
            )
        else:
            self.say(text, severity="error", about="run")

    def _diverged(self, event: Diverged) -> None:
        text = tr(
            "“{term}” stopped being a finite number at step {step}. The weights of step "
            "{restored} are back. Lower the learning rate, then train on.",
            term=event.term,
            step=format_number(event.step),
            restored=format_number(event.restored_step),
        )
        self.say(text, severity="warning", about="run")


def _sentences(*messages: Message | None) -> str:
    return tr.join(message for message in messages if message is not None)
