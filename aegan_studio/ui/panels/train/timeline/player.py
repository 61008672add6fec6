"""The timeline as a film: instant after instant, never faster than they can be shown."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from aegan_studio.ui.training.session import Session

RATE = 8
SLOWEST, FASTEST = 1, 30
"""Instants a second."""

PATIENCE_MS = 2000
"""An instant that is not shown by then is no longer waited for."""


class TimelinePlayer(QObject):
    """Goes on to the next instant by a clock, once the last one is shown; ends at now."""

    changed = Signal()
    """It plays, or plays no more."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting: int | None = None
        self._since = QElapsedTimer()
        self._clock = QTimer(self, interval=1000 // RATE)
        self._clock.timeout.connect(self.go_on)
        session.moments.answered.connect(self._on_answered)

    @property
    def running(self) -> bool:
        """Whether it plays."""
        return self._clock.isActive()

    @property
    def rate(self) -> float:
        """Instants a second."""
        return 1000 / self._clock.interval()

    def set_rate(self, rate: float) -> None:
        """Play so many instants a second."""
        self._clock.setInterval(round(1000 / min(max(rate, SLOWEST), FASTEST)))

    def toggle(self) -> None:
        """Play, or pause where it is."""
        if self.running:
            self.stop()
        else:
            self.start()

    def start(self) -> None:
        """Play from the moment looked at, from now from the beginning."""
        steps = self._session.moments.steps
        if not steps:
            return
        moment = self._session.moment
        if moment is None or moment >= steps[-1]:
            self._show(steps[0])
        self._clock.start()
        self.changed.emit()

    def stop(self) -> None:
        """Play no more."""
        if self.running:
            self._clock.stop()
            self._waiting = None
            self.changed.emit()

    def go_on(self) -> None:
        """Show the next instant if the last one was shown."""
        if self._waiting is not None and self._since.elapsed() < PATIENCE_MS:
            return
        moment = self._session.moment
        later = [step for step in self._session.moments.steps if moment is None or step > moment]
        if moment is None or not later:
            self.stop()
            self._session.return_to_now()
            return
        self._show(later[0])

    def _show(self, step: int) -> None:
        self._waiting = step
        self._since.start()
        self._session.rewind(step)

    def _on_answered(self, step: int) -> None:
        if step == self._waiting:
            self._waiting = None
