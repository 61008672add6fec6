"""Films of a walk: encoded beside the window, with progress, and never in its way."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

from aegan_studio.messages import Message, StudioError, msg

log = logging.getLogger(__name__)

Array = npt.NDArray[Any]
Answers = SimpleQueue[tuple[int, str, tuple[Any, ...]]]
Ending = Literal[".gif", ".webp", ".mp4", ".png"]

POLL_MS = 40
SAMPLE = 8
"""Frames that the size of a file is estimated from."""


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """A film to be made.

    Attributes
    ----------
    items : ndarray, shape (n, …)
        Decoded items in order.
    data : ndarray, shape (m, 2), or None
        Points to draw beneath, where items are points.
    inverted : bool
        Ink on paper, as grey pictures are shown in the light theme.
    back : bool
        There and back.
    """

    items: Array
    data: Array | None
    inverted: bool
    fps: float
    ending: Ending
    scale: int
    back: bool
    repeat: bool

    @property
    def count(self) -> int:
        """Frames of the film."""
        once = len(self.items)
        return max(2 * once - 2, 1) if self.back and self.ending != ".png" else once

    def frames(self) -> npt.NDArray[np.uint8]:
        """The pictures, uint8 (count, H, W) or (count, H, W, 3)."""
        from aegan_studio.runs.films import trail

        frames = self.items if self.data is None else trail(self.data, self.items)
        if frames.ndim == 3 and self.inverted:
            frames = 255 - frames
        if self.back and self.ending != ".png":
            frames = np.concatenate((frames, frames[-2:0:-1]))
        return frames

    def side(self) -> tuple[int, int]:
        """Width and height of the film in pixels."""
        from aegan_studio.runs.films import POINTS_SIDE

        wide, tall = (
            (POINTS_SIDE, POINTS_SIDE) if self.data is not None else self.items.shape[2:0:-1]
        )
        if self.ending == ".png":
            return (len(self.items) * (wide + 1) - 1) * self.scale, tall * self.scale
        return wide * self.scale, tall * self.scale


class _CancelledError(Exception):
    """The film is not wanted any more."""


class FilmMaker(QObject):
    """Encodes films in a thread of its own, one at a time; answers come on the window's thread."""

    progressed = Signal(int, int)
    """Frames done, and all."""
    saved = Signal(object, int)
    """The :class:`Path` of a finished file, and its size in bytes."""
    failed = Signal(object)
    """Sentences: the film was not saved, nothing else was changed."""
    cancelled = Signal()
    """The film was not wanted any more; nothing was written."""
    estimated = Signal(int)
    """About how many bytes the file will have."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answers: Answers = SimpleQueue()
        self._stamp = 0
        self._ended = threading.Event()
        self._saving = False
        self._running = 0
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self._take)

    @property
    def saving(self) -> bool:
        """Whether a film is being saved."""
        return self._saving

    @property
    def busy(self) -> bool:
        """Whether a thread is at work."""
        return self._running > 0

    def save(self, film: Film, path: Path) -> None:
        """Encode and write a film; the one under way is given up."""
        self.cancel()
        self._saving = True
        self._start(_save, film, path)

    def estimate(self, film: Film) -> None:
        """Find out how large a film would become, from a few of its frames."""
        if not self._saving:
            self.cancel()
            self._start(_estimate, film)

    def cancel(self) -> None:
        """Give up what is under way."""
        was = self._saving
        self._ended.set()
        self._ended = threading.Event()
        self._stamp += 1
        self._saving = False
        if was:
            self.cancelled.emit()

    def _start(self, work: Callable[..., None], *given: object) -> None:
        self._running += 1
        self._poll.start()
        # the thread must not hold this object: it would end it outside the window's thread
        task = (self._answers, self._stamp, self._ended, work, given)
        threading.Thread(target=_run, args=task, name="film", daemon=True).start()

    # On the window's thread

    def _take(self) -> None:
        latest: tuple[Any, ...] | None = None
        for _ in range(self._answers.qsize()):
            stamp, what, values = self._answers.get()
            if what == "ended":
                self._running -= 1
            elif stamp != self._stamp:
                continue
            elif what == "progressed":
                latest = values
            else:
                if what in ("saved", "failed"):
                    self._saving, latest = False, None
                getattr(self, what).emit(*values)
        if latest is not None:
            self.progressed.emit(*latest)
        if not self._running:
            self._poll.stop()


def _run(
    answers: Answers,
    stamp: int,
    ended: threading.Event,
    work: Callable[..., None],
    given: tuple[object, ...],
) -> None:
    """The thread."""
    try:
        work(answers, stamp, ended, *given)
    except _CancelledError:
        pass
    except StudioError as error:
        answers.put((stamp, "failed", (tuple(error.sentences()),)))
    except Exception as error:  # a film that fails must not take the window along
        log.exception("a film could not be made")
        why = str(error).partition("\n")[0] or type(error).__name__
        answers.put((stamp, "failed", ((msg("The film could not be made: {why}", why=why),),)))
    finally:
        answers.put((stamp, "ended", ()))


def _save(answers: Answers, stamp: int, ended: threading.Event, film: Film, path: Path) -> None:
    from aegan_studio.runs.films import save_film

    count = film.count

    def progress(done: int) -> None:
        if ended.is_set():
            raise _CancelledError
        answers.put((stamp, "progressed", (done, count)))

    size = save_film(
        path, film.frames(), film.fps, repeat=film.repeat, scale=film.scale, progress=progress
    )
    answers.put((stamp, "saved", (path, size)))


def _estimate(answers: Answers, stamp: int, ended: threading.Event, film: Film) -> None:
    from aegan_studio.runs import films, pictures

    few = replace(film, items=film.items[:SAMPLE], back=False)
    frames = few.frames()
    if ended.is_set():
        return
    if film.ending == ".png":
        size = len(pictures.png(films.strip(frames, scale=film.scale)))
    elif film.ending == ".mp4":
        size = len(films.mp4(frames, film.fps, scale=film.scale))
    else:
        encode = films.gif if film.ending == ".gif" else films.webp
        size = len(encode(frames, film.fps, scale=film.scale))
    answers.put((stamp, "estimated", (size * film.count // len(frames),)))


def weight(size: int) -> str:
    """A number of bytes in words: ``about 120 kB``."""
    for unit, name in ((1e6, "MB"), (1e3, "kB")):
        if size >= unit:
            value = size / unit
            return f"{value:.1f} {name}" if value < 10 else f"{value:.0f} {name}"
    return f"{size} B"


def why_not(film: Film) -> Sequence[Message]:
    """Why a film cannot be made so; nothing where it can."""
    from aegan_studio.runs import films

    if film.ending == ".mp4":
        try:
            films.need_mp4()
        except StudioError as error:
            return error.sentences()
    if film.ending == ".gif" and film.fps > films.GIF_FPS:
        return (
            msg("A GIF plays at most {most:g} frames per second.", most=films.GIF_FPS),
            msg("Lower the frames per second or choose WebP."),
        )
    return ()
