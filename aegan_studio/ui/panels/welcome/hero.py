"""The left column of the welcome page: one large button, what can be opened, recent runs."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.runs.library import RunSummary
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.panels.welcome.cards import RunRow
from aegan_studio.ui.theme import HEADING, HERO, NOTE, current_theme
from aegan_studio.ui.widgets.buttons import Button, LinkButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import Well
from aegan_studio.ui.widgets.painting import smooth

RECENT = 5


class _Mark(QWidget):
    """The bow-tie, large."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(66, 66)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark."""
        painter = QPainter(self)
        smooth(painter)
        paint_icon(
            painter, "mark", QRectF(self.rect()).adjusted(-6, -6, 6, 6), current_theme().real
        )


class Hero(QWidget):
    """The left column."""

    start = Signal()
    open_experiment = Signal()
    open_run = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = Label(tr("Watch a model\nlearn to create"), size=HERO, weight=500)
        title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = Label(
            tr(
                "Autoencoders and GANs on one bench: press Train, change one thing, see what "
                "happens. No code, no network."
            ),
            tone="text2",
            size=HEADING,
            wrap=True,
        )
        self.train = Button(tr("Start training"), icon="play", variant="filled", size="l")
        hint = Label(tr("Handwritten digits, first pictures in seconds"), tone="text3", size=NOTE)
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.experiment = Button(tr("Experiment…"), icon="file")
        self.run = Button(tr("Run…"), icon="folder")
        self.experiment.setToolTip(tr("Open an experiment's TOML file"))
        self.run.setToolTip(tr("Open the folder of a run"))
        for button in (self.train, self.experiment, self.run):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.train.clicked.connect(self.start)
        self.experiment.clicked.connect(self.open_experiment)
        self.run.clicked.connect(lambda: self.open_run.emit(None))
        two = QHBoxLayout()
        two.setSpacing(8)
        two.addWidget(self.experiment)
        two.addWidget(self.run)
        self._recent_title = Label(tr("Recent runs"), size=HEADING, weight=600)
        self.all_runs = LinkButton(tr("All"))
        self.all_runs.clicked.connect(lambda: self.open_run.emit(None))
        recent_head = QHBoxLayout()
        recent_head.addWidget(self._recent_title, 1)
        recent_head.addWidget(self.all_runs)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        self._rows.setContentsMargins(-5, 0, -5, 0)
        self._none = Well(tr("Runs appear here once you train."))
        self._none.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows.addWidget(self._none)
        self.rows: list[RunRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 40, 8, 16)
        column.setSpacing(0)
        column.addWidget(_Mark())
        column.addSpacing(18)
        column.addWidget(title)
        column.addSpacing(10)
        column.addWidget(said)
        column.addSpacing(22)
        column.addWidget(self.train)
        column.addSpacing(6)
        column.addWidget(hint)
        column.addSpacing(14)
        column.addLayout(two)
        column.addSpacing(26)
        column.addLayout(recent_head)
        column.addSpacing(6)
        column.addLayout(self._rows)
        column.addStretch(1)
        self.setFixedWidth(304)
        self.show_runs([])

    def show_runs(self, runs: list[RunSummary]) -> None:
        """Show the newest runs."""
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for run in runs[:RECENT]:
            row = RunRow(run)
            row.clicked.connect(lambda _=False, path=run.path: self.open_run.emit(path))
            self._rows.addWidget(row)
            self.rows.append(row)
        self._none.setVisible(not runs)
        self.all_runs.setVisible(len(runs) > RECENT)
