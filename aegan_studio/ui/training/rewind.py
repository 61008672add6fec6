"""The thread that looks back: a door from the window to ``ml``, which opens inside it."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Event
from aegan_studio.messages import StudioError, msg

if TYPE_CHECKING:
    from aegan_studio.ml.rewinding import Rewinder

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be seen: an instant of a run, and which costly events are of use.

    Answers carry the ``stamp``, so that those to older questions can be dropped.
    """

    stamp: int
    run: Path
    step: int
    wants: frozenset[str]


class RewindThread(QThread):
    """Shows kept instants; of several questions only the newest is answered."""

    seen = Signal(int, object)
    """A stamp and one :class:`Event`; several in a row belong to one question."""
    answered = Signal(int)
    """All was said that the question with this stamp asked for."""
    failed = Signal(int, object)
    """A stamp and a :class:`StudioError`: the instant cannot be shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rewind")
        self._wake = threading.Condition()
        self._look: Look | None = None
        self._ended = False
        self._rewinder: Rewinder | None = None

    def ask(self, look: Look) -> None:
        """Show an instant, in place of any that was asked for before and is not shown yet."""
        with self._wake:
            self._look = look
            self._wake.notify()
        if not self.isRunning():
            self.start()

    def end(self) -> None:
        """Answer no more, and wait until the thread has ended."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        self.wait()

    def run(self) -> None:
        """Answer until :meth:`end`."""
        from aegan_studio.ml.device import one_thread_here

        one_thread_here()  # the other cores are the training's
        while True:
            with self._wake:
                while self._look is None and not self._ended:
                    self._wake.wait()
                look, self._look = self._look, None
            if look is None:
                return
            try:
                self._show(look)
            except StudioError as error:
                self.failed.emit(look.stamp, error)
            except Exception as error:  # what cannot be shown must not end the thread
                log.exception("looking back failed")
                why = str(error).partition("\n")[0] or type(error).__name__
                trouble = StudioError(
                    msg("Step {step:,} cannot be shown: {why}", step=look.step, why=why),
                    msg("Choose another instant."),
                )
                self.failed.emit(look.stamp, trouble)

    def _show(self, look: Look) -> None:
        from aegan_studio.ml.rewinding import Rewinder

        if self._rewinder is None or self._rewinder.run != look.run:
            self._rewinder = Rewinder(look.run)
        events = self._rewinder.events(look.step, look.wants)
        while not self._stale:
            event = next(events, None)
            if event is None:
                self.answered.emit(look.stamp)
                return
            self._tell(look, event)

    def _tell(self, look: Look, event: Event) -> None:
        self.seen.emit(look.stamp, event)

    @property
    def _stale(self) -> bool:
        """Whether something else is wanted by now."""
        with self._wake:
            return self._look is not None or self._ended


class BranchThread(QThread):
    """Makes the folder of a branch; then somebody can train in it.

    Parameters
    ----------
    run : Path
        The folder of the run to branch from.
    step : int
        Of a kept instant.
    folder : Path
        The new run's, not there yet.
    wanted : Experiment
        What to train from there on.
    """

    made = Signal()
    """The folder holds a run that stands at the instant."""
    failed = Signal(object)
    """A :class:`StudioError`: there is no branch, and nothing was changed."""

    def __init__(
        self,
        run: Path,
        step: int,
        folder: Path,
        wanted: Experiment,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("branch")
        self.folder, self.wanted = folder, wanted
        self._run, self._step = run, step

    def run(self) -> None:
        """Make it."""
        from aegan_studio.ml.branching import branch

        try:
            branch(self._run, self._step, self.folder, self.wanted)
        except StudioError as error:
            self.failed.emit(error)
        except Exception as error:  # the window must hear of it
            log.exception("branching failed")
            why = str(error).partition("\n")[0] or type(error).__name__
            self.failed.emit(StudioError(msg("The branch could not be made: {why}", why=why)))
        else:
            self.made.emit()
