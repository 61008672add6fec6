"""What the model made when a finding began, and what it makes now: evidence to look at."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from aegan_studio.experiment.events import Instant
from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.panels.train.timeline.frames import TALL, WIDE, frame_image
from aegan_studio.ui.theme import NOTE, current_theme, ui_font
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import LEFT, draw_text, smooth, stroke_round

SCALE = 2
GAP = 8
LINE = 18
"""Pixels below a frame for its step."""


class Frame(QAbstractButton):
    """An instant's picture with its step below; a click looks at that instant."""

    def __init__(self, instant: Instant, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(SCALE * WIDE, SCALE * TALL + LINE))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(tr("Look at this moment in all views"))
        self.show_instant(instant)

    def show_instant(self, instant: Instant) -> None:
        """Show another one in the same place."""
        self.instant = instant
        self.setText(tr("step {step}", step=format_number(instant.step)))
        self.setAccessibleName(self.text())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, a rim where it can be chosen now, and the step."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        image = frame_image(self.instant, theme, device_ratio(painter), SCALE)
        painter.drawImage(QPointF(0, 0), image)
        if self.hasFocus() or self.underMouse():
            rim = QRectF(1, 1, self.width() - 2, SCALE * TALL - 2)
            stroke_round(painter, rim, 4, theme.accent, 1.5)
        line = QRectF(0, SCALE * TALL + 2, self.width(), LINE - 2)
        draw_text(painter, line, self.text(), theme.text3, ui_font(NOTE), LEFT)


class Frames(QWidget):
    """Two instants side by side: the last before it began, and the newest; as room allows."""

    looked_at = Signal(int)
    """The step of an instant that shall be looked at."""

    def __init__(self, since: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._since = since
        self._room = 0
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 4, 0, 0)
        self._row.setSpacing(GAP)
        self.frames: list[Frame] = []

    def minimumSizeHint(self) -> QSize:
        """None: the words beside can be made narrower, and frames then go."""
        return QSize(0, 0)

    def show_instants(self, instants: tuple[Instant, ...]) -> None:
        """Choose among the kept instants, in order of steps."""
        chosen = then_and_now(instants, self._since)
        for frame in self.frames[len(chosen) :]:
            self._row.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
        del self.frames[len(chosen) :]
        for frame, instant in zip(self.frames, chosen, strict=False):
            # in its place, so that a click on it is not lost
            if frame.instant.step != instant.step:
                frame.show_instant(instant)
        for instant in chosen[len(self.frames) :]:
            frame = Frame(instant, self)
            frame.clicked.connect(partial(self._look, frame))
            self._row.addWidget(frame)
            self.frames.append(frame)
        self.fit(self._room)

    def fit(self, room: int) -> None:
        """Show as many as fit into so many pixels, the newest first."""
        self._room = room
        for index, frame in enumerate(reversed(self.frames), start=1):
            frame.setVisible(room >= index * (frame.width() + GAP))

    def _look(self, frame: Frame, _checked: bool = False) -> None:
        self.looked_at.emit(frame.instant.step)


def then_and_now(instants: tuple[Instant, ...], since: int) -> tuple[Instant, ...]:
    """Of the kept instants the last one before a step, which shows what was lost, and the newest.

    One where they are the same, or where nothing was kept by then.
    """
    before = [instant for instant in instants if instant.step <= since]
    return tuple(dict.fromkeys((*before[-1:], *instants[-1:])))
