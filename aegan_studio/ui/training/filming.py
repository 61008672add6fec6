"""The thread that films a run's timeline: a door from the window to ``ml``, opened inside it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal

from aegan_studio.messages import StudioError, msg
from aegan_studio.runs.history_film import Shown

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunFilm:
    """A film to be made of a run.

    Attributes
    ----------
    run : Path
        The run's folder.
    steps : tuple of int
        Of the instants, in order.
    shown : str
        What of them: "samples" or "reconstructions".
    caption : callable or None
        The line below a frame, by its step; ``None``: no line.
    inverted : bool
        Ink on paper, as drawings are shown in the light theme.
    """

    run: Path
    steps: tuple[int, ...]
    shown: Shown
    caption: Callable[[int], str] | None
    inverted: bool
    fps: float
    repeat: bool = True


class FilmThread(QThread):
    """Makes one film: every instant is looked at, drawn, and all are written to one file.

    Parameters
    ----------
    film : RunFilm
    path : Path
        Its ending says which kind of film.
    """

    progressed = Signal(int, int)
    """Pieces of work done, and all."""
    saved = Signal(object, int)
    """The :class:`Path` of the finished file, and its size in bytes."""
    failed = Signal(object)
    """A :class:`StudioError`: no file was written."""
    cancelled = Signal()
    """It was not wanted any more; no file was written."""

    def __init__(self, film: RunFilm, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filming")
        self._film, self._path = film, path
        self._given_up = threading.Event()

    def cancel(self) -> None:
        """Give it up soon."""
        self._given_up.set()

    def run(self) -> None:
        """Make it."""
        from aegan_studio.ml.device import one_thread_here

        one_thread_here()  # the other cores are the training's
        try:
            size = self._make()
        except _GivenUpError:
            self.cancelled.emit()
        except StudioError as error:
            self.failed.emit(error)
        except Exception as error:  # a film that fails must not take the window along
            log.exception("a film could not be made")
            why = str(error).partition("\n")[0] or type(error).__name__
            self.failed.emit(StudioError(msg("The film could not be made: {why}", why=why)))
        else:
            self.saved.emit(self._path, size)

    def _make(self) -> int:
        from aegan_studio.ml.rewinding import Rewinder
        from aegan_studio.runs.films import save_film
        from aegan_studio.runs.history_film import captioned, frame

        film = self._film
        rewinder = Rewinder(film.run)
        frames = []
        whole = 2 * len(film.steps)  # looking at each, and encoding it
        for done, step in enumerate(film.steps, start=1):
            self._tell(done, whole)
            try:
                pictures = rewinder.pictures(step)
            except StudioError:
                if not (film.run / "timeline").is_dir():
                    raise
                continue  # thinned away meanwhile
            picture = frame(pictures, film.shown, inverted=film.inverted)
            if film.caption is not None:
                picture = captioned(picture, film.caption(step), inverted=film.inverted)
            frames.append(picture)
        if not frames:
            raise StudioError(
                msg("There is nothing to film: no instant can be shown."),
                msg("Train the run on, then try again."),
            )

        def progress(done: int) -> None:
            self._tell(len(film.steps) + done, whole)

        return save_film(
            self._path, np.stack(frames), film.fps, repeat=film.repeat, progress=progress
        )

    def _tell(self, done: int, whole: int) -> None:
        if self._given_up.is_set():
            raise _GivenUpError
        self.progressed.emit(done, whole)


class _GivenUpError(Exception):
    """The film is not wanted any more."""
