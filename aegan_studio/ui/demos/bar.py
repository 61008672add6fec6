"""The bar of an open demo: its title, what to try step by step, and the way back to the start."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ui.demos.desk import DemoDesk
from aegan_studio.ui.demos.facts import DemoFacts
from aegan_studio.ui.theme import BODY, HEADING, NOTE, current_theme
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import Glyph
from aegan_studio.ui.widgets.painting import fill_round, smooth

COMPACT = 1200
"""Below this width, in pixels, buttons drop their words."""


class _Strip(QWidget):
    """The ground of the bar."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        smooth(painter)
        fill_round(painter, QRectF(self.rect()), 8, current_theme().accent_soft)


class DemoBar(QWidget):
    """Shown while a demo is open; arrow keys page through its steps."""

    def __init__(self, desk: DemoDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setAccessibleName(tr("Demo"))
        self.title = Label("", size=HEADING, weight=600)
        self.text = Label("", size=BODY, wrap=True)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.act = Button(tr("Show me"), icon="play", variant="filled", size="s")
        self.act.setToolTip(tr("Do this step for me"))
        self.back = IconButton("chevron-left", tr("The step before"), side=24)
        self.count = Label("", tone="text2", size=NOTE)
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.next = IconButton("chevron-right", tr("The next step"), side=24)
        self.train = Button(tr("Train it yourself"), icon="sparkle", size="s")
        self.train.setToolTip(tr("The same recipe as an experiment of your own, from step 0"))
        self.reset = Button(tr("Reset"), icon="reset", size="s")
        self.reset.setToolTip(
            tr("Everything as it was delivered; what you trained stays among your runs")
        )
        self.info = IconButton("info", tr("What was measured, and how"), side=24)
        self.info.clicked.connect(self._tell)
        self.leave = IconButton("close", tr("Close the demo"), side=24)
        self.act.clicked.connect(desk.act)
        self.back.clicked.connect(lambda: desk.show_step(desk.index - 1))
        self.next.clicked.connect(lambda: desk.show_step(desk.index + 1))
        self.train.clicked.connect(desk.train_yourself)
        self.reset.clicked.connect(desk.reset)
        self.leave.clicked.connect(desk.close)
        self._lay_out()
        desk.changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        strip = _Strip()
        row = QHBoxLayout(strip)
        row.setContentsMargins(12, 5, 6, 5)
        row.setSpacing(8)
        row.addWidget(Glyph("learn", "accent", 16))
        row.addWidget(self.title)
        row.addSpacing(6)
        row.addWidget(self.text, 1)
        row.addWidget(self.act)
        row.addSpacing(4)
        row.addWidget(self.back)
        row.addWidget(self.count)
        row.addWidget(self.next)
        row.addSpacing(4)
        row.addWidget(self.train)
        row.addWidget(self.reset)
        row.addWidget(self.info)
        row.addWidget(self.leave)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(8, 8, 8, 0)
        outer.addWidget(strip)
        strip.setMinimumHeight(44)

    def _show(self) -> None:
        demo = self._desk.demo
        self.setVisible(demo is not None)
        if demo is None:
            return
        index, steps = self._desk.index, demo.steps
        self.title.setText(tr(demo.title))
        self.text.setText(tr(steps[index].text))
        self.text.setToolTip(tr(demo.help))
        self.act.setVisible(steps[index].show is not None)
        self.count.setText(tr("{number} of {count}", number=index + 1, count=len(steps)))
        self.back.setEnabled(index > 0)
        self.next.setEnabled(index < len(steps) - 1)

    def _tell(self) -> None:
        demo = self._desk.demo
        if demo is not None:
            try:
                DemoFacts(demo, self).open_below(self.info)
            except StudioError as error:
                self._desk.trouble.emit(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right page through the steps."""
        keys = Qt.Key
        if event.key() in (keys.Key_Left, keys.Key_Right):
            self._desk.show_step(self._desk.index + (1 if event.key() == keys.Key_Right else -1))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, buttons drop their words."""
        super().resizeEvent(event)
        wide = event.size().width() >= COMPACT
        for button, word in ((self.train, tr("Train it yourself")), (self.reset, tr("Reset"))):
            button.setText(word if wide else "")
            button.setAccessibleName(word)
            button.updateGeometry()
