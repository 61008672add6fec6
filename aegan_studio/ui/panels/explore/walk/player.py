"""Which moment of a walk is due: the clock decides, and what the decoder cannot show is dropped."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Literal

Mode = Literal["once", "back", "loop"]

RATE = 60.0
"""Pictures a second at most."""
EARLY = 0.9
"""Share of a sixtieth of a second that must have gone: timers count whole milliseconds."""
PATIENCE = 1.0
"""Seconds after which a picture that has not come is no longer waited for."""
MEASURED = 1.0
"""Seconds over which the pictures shown are counted."""
RECENT = 4
"""Pictures whose decoding foretells that of the next."""


class Player:
    """Plays a way of one pass by a clock.

    One picture is asked for at a time, for the moment at which it will be there: the time that
    the last ones took is looked ahead. So what is shown is never older than the time that its
    own decoding took beyond that, however slow the decoder is, and nothing queues up.

    Parameters
    ----------
    now : callable
        The clock, in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._since = 0.0
        self._from = 0.0
        self._seconds = 1.0
        self._mode: Mode = "once"
        self._asked_at: float | None = None
        self._last = -1.0
        self._took: deque[float] = deque(maxlen=RECENT)
        self._shown: deque[float] = deque()
        self._begun = 0.0
        self.running = False

    def start(self, place: float, seconds: float, mode: Mode) -> None:
        """Play from a place, 0 to 1, a pass in so many seconds.

        ``once`` ends at 1 (from there it begins anew), ``back`` goes to and fro, ``loop`` goes on
        from 1 at 0.
        """
        self._mode, self._seconds = mode, max(seconds, 1e-3)
        self._from = 0.0 if mode == "once" and place >= 1.0 else place
        self._since = self._begun = self._now()
        self._asked_at, self._last = None, -1.0
        self._shown.clear()
        self.running = True

    def set_pace(self, seconds: float, mode: Mode) -> None:
        """Go on from where it is at another pace."""
        if not self.running:
            return
        now = self._now()
        self._from, self._since = self._phase(now), now
        if mode != self._mode:
            self._from = self.place(now)
        self._mode, self._seconds = mode, max(seconds, 1e-3)

    def stop(self) -> None:
        """Play no more."""
        self.running = False
        self._asked_at = None

    def _phase(self, when: float) -> float:
        """Passes since the start of the way."""
        return self._from + (when - self._since) / self._seconds

    def place(self, when: float | None = None) -> float:
        """The place on the way, 0 to 1, at a time: by default now."""
        phase = self._phase(self._now() if when is None else when)
        if self._mode == "once":
            return min(phase, 1.0)
        if self._mode == "loop":
            return phase % 1.0
        phase %= 2.0
        return phase if phase <= 1.0 else 2.0 - phase

    @property
    def over(self) -> bool:
        """Whether a single pass has come to its end."""
        return self._mode == "once" and self._phase(self._now()) >= 1.0

    @property
    def ahead(self) -> float:
        """Seconds that a picture is expected to take: as long as the slowest of the last ones."""
        return max(self._took, default=0.0)

    def ask(self) -> float | None:
        """The place to decode now, for when it will be there; ``None``: it is too early.

        Too early it is while a picture is on its way, and within the sixtieth part of a second
        after the last was asked for.
        """
        now = self._now()
        if not self.running:
            return None
        if self._asked_at is not None and now - self._asked_at < PATIENCE:
            return None
        if 0.0 <= now - self._last < EARLY / RATE:
            return None
        self._asked_at = self._last = now
        return self.place(now + self.ahead)

    def arrived(self) -> None:
        """The picture that was asked for is shown."""
        if self._asked_at is None:
            return
        now = self._now()
        self._took.append(now - self._asked_at)
        self._asked_at = None
        self._shown.append(now)
        while self._shown and now - self._shown[0] > MEASURED:
            self._shown.popleft()

    @property
    def rate(self) -> float:
        """Pictures a second over the last second."""
        seconds = min(MEASURED, self._now() - self._begun)
        return len(self._shown) / seconds if seconds > 0.0 else 0.0

    def dropped(self, wanted: float) -> int:
        """Of the ``wanted`` pictures a second, at most :data:`RATE`, how many were not shown."""
        return max(0, round(min(wanted, RATE) - self.rate - 0.5))
