"""The clock of slow motion: pause, next stage, how fast, and back to full speed."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.training.slow import FASTEST, SLOWEST, USUAL
from aegan_studio.ui.training.stepping import Stepping
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.sliders import NeutralSlider


def pace_text(pace: float) -> str:
    """A pace in words: updates a second, or seconds for one where that reads better."""
    if pace < 1:
        return tr("{count} s an update", count=format_number(1 / pace, 2))
    return tr("{count} updates/s", count=format_number(pace, 2))


class SlowRow(QWidget):
    """Shown while training goes slowly."""

    def __init__(self, stepping: Stepping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stepping = stepping
        slow = stepping.slow
        self.play = IconButton("pause", "", side=26)
        self.next = IconButton("step", tr("Next stage (F12)"), side=26)
        self.pace = NeutralSlider(
            math.log10(USUAL),
            lo=math.log10(SLOWEST),
            hi=math.log10(FASTEST),
            neutral=math.log10(USUAL),
            step=0.1,
            name=tr("Pace"),
        )
        self.pace.setToolTip(
            tr("How fast updates follow each other. Dragging right makes them quicker.")
        )
        widest = max((pace_text(pace) for pace in (0.11, 0.15, 1.1, 9.5, 10.0)), key=len)
        self.reading = Label("", tone="text2", room=widest)
        self.reading.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.play)
        row.addWidget(self.next)
        row.addSpacing(4)
        row.addWidget(self.pace, 1)
        row.addWidget(self.reading)
        self.play.clicked.connect(slow.toggle)
        self.next.clicked.connect(stepping.next_stage)
        self.pace.moved.connect(lambda value: slow.set_pace(10.0**value))
        slow.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        slow = self._stepping.slow
        self.setVisible(slow.on)
        words = tr("Stop the clock") if slow.playing else tr("Let the clock run")
        self.play.set_icon_name("pause" if slow.playing else "play")
        self.play.setToolTip(words)
        self.play.setAccessibleName(words)
        self.pace.set_value(math.log10(slow.pace))
        self.reading.setText(pace_text(slow.pace))
