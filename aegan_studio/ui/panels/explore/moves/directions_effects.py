"""What following a direction does, measured: the classes it moves into, and what else changes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Trouble
from aegan_studio.ui.latent.moves_messages import Course, Learning, Measure, Measured
from aegan_studio.ui.panels.explore.moves.move_rows import RowsArea
from aegan_studio.ui.theme import BODY, HEADING, NOTE, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import BusyBar, ProblemLine
from aegan_studio.ui.widgets.numbers import MINUS
from aegan_studio.ui.widgets.painting import LEFT, RIGHT, draw_text, fill_round, smooth, text_width

MOST = 4
"""Classes, and directions, that are told at most: those that change most."""
FAINT = 0.1
"""Spreads below which a leaning is not worth telling."""
LINE = 22


@dataclass(frozen=True, slots=True)
class Bar:
    """One line: a name, a value in words, and a bar from ``start`` to ``end`` in −1…1 or 0…1.

    A line that is ``centred`` has its zero in the middle. ``mark`` is where it was before.
    """

    name: str
    value: str
    end: float
    start: float = 0.0
    centred: bool = False
    mark: float | None = None


class BarList(QWidget):
    """Names, bars and values below each other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        on_theme(self._retint)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is shown."""
        return self._bars

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show these."""
        self._bars = tuple(bars)
        self.setAccessibleDescription("; ".join(f"{bar.name}: {bar.value}" for bar in bars))
        self.setVisible(bool(bars))
        self.updateGeometry()
        self.update()

    def _retint(self, _theme: object) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        """A line each."""
        return QSize(180, LINE * len(self._bars))

    def minimumSizeHint(self) -> QSize:
        """As high as asked."""
        return QSize(120, LINE * len(self._bars))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        wide = float(self.width())
        font = ui_font(BODY)
        longest = max((text_width(bar.name, font) for bar in self._bars), default=0.0)
        named, told = min(longest + 2, 0.4 * wide), 72.0
        track = QRectF(named + 8, 0, max(wide - named - told - 16, 10.0), 6)
        for row, bar in enumerate(self._bars):
            top = row * LINE
            middle = top + LINE / 2
            draw_text(
                painter, QRectF(0, top, named, LINE), bar.name, theme.text, ui_font(BODY), LEFT
            )
            ground = QRectF(track.left(), middle - 3, track.width(), 6)
            fill_round(painter, ground, 3, theme.hover)
            left, right = (self._place(bar, value, ground) for value in (bar.start, bar.end))
            fill = QRectF(min(left, right), middle - 3, max(abs(right - left), 1.0), 6)
            fill_round(painter, fill, 3, theme.accent)
            if bar.centred:
                zero = self._place(bar, 0.0, ground)
                painter.fillRect(QRectF(round(zero) - 0.5, middle - 6, 1, 12), theme.color("edge"))
            if bar.mark is not None:
                at = self._place(bar, bar.mark, ground)
                painter.fillRect(QRectF(at - 1, middle - 6, 2, 12), theme.color("text2"))
            spot = QRectF(wide - told, top, told, LINE)
            draw_text(painter, spot, bar.value, theme.text2, ui_font(NOTE), RIGHT)

    def _place(self, bar: Bar, value: float, ground: QRectF) -> float:
        share = (value + 1) / 2 if bar.centred else value
        return ground.left() + min(max(share, 0.0), 1.0) * ground.width()


class EffectsView(QWidget):
    """Measures a course, tells what it moves and what else it changes."""

    left = Signal()
    """Back to the sliders."""
    arrive_asked = Signal()

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._others: Sequence[str] = ()
        self._course: Course | None = None
        self.back = IconButton("chevron-left", tr("Back to the sliders"), side=24)
        self.back.clicked.connect(self._leave)
        self._title = Label("", size=HEADING, weight=600, elide=True)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.back)
        head.addWidget(self._title, 1)
        self.busy = BusyBar()
        self.busy.cancelled.connect(self._cancel)
        self.problem = ProblemLine()
        self.problem.hide()
        self.summary = Label("", tone="text2", wrap=True)
        self._read = Label(tr("Read as"), tone="text3", size=NOTE)
        self.classes = BarList()
        self.classes.setAccessibleName(tr("Read as"))
        self._leans = Label(tr("Leans along, in spreads"), tone="text3", size=NOTE)
        self.leanings = BarList()
        self.leanings.setAccessibleName(tr("Leans along, in spreads"))
        self._note = Label("", tone="text3", size=NOTE, wrap=True)
        self.arrive = Button(tr("Go all the way"), icon="arrow-right", variant="soft", size="s")
        self.arrive.setToolTip(tr("Bring the current code to where the wanted kind lies."))
        self.arrive.clicked.connect(self.arrive_asked)
        self._area = RowsArea()
        parts: list[QWidget] = [self.problem, self.summary, self._read, self.classes]
        self._parts = [*parts, self._leans, self.leanings, self._note]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.busy)
        column.addWidget(self._area, 1)
        column.addWidget(self.arrive, 0, Qt.AlignmentFlag.AlignLeft)
        explorer.listen(Measure, self._on_answer, troubles=True)
        self._show(())

    @property
    def course(self) -> Course | None:
        """What is measured or told."""
        return self._course

    def measure(self, name: str, course: Course, others: Sequence[tuple[str, Course]]) -> None:
        """Begin to measure a course, and tell changes along others by their names."""
        self._course, self._others = course, [label for label, _ in others]
        self._title.setText(name)
        self.arrive.setVisible(course.arrives)
        self._show(())
        self.busy.start(tr("Trying it out"), None)
        self._explorer.ask(Measure(course, [other for _, other in others]))

    def _on_answer(self, answer: Learning | Measured | Trouble) -> None:
        if isinstance(answer, Learning):
            words = tr("A classifier learns the data") if answer.reader else tr("Trying it out")
            self.busy.set_progress(answer.share, words)
            return
        self.busy.finish()
        if isinstance(answer, Trouble):
            self.problem.set(tr.join(answer.sentences))
            self._show((self.problem,))
        elif answer.course is self._course:
            self._tell(answer)

    def _tell(self, found: Measured) -> None:
        shown: list[QWidget] = [self.summary]
        self.summary.setText(
            tr("Tried on {count} codes, all brought the whole way.", count=found.count)
            if found.course.arrives
            else tr("Tried on {count} codes, each moved by one spread.", count=found.count)
        )
        bars = self._class_bars(found)
        if bars:
            self.classes.set_bars(bars)
            shown += [self._read, self.classes]
        leaning = self._leaning_bars(found)
        self.leanings.set_bars(leaning)
        shown += [self._leans, self.leanings] if leaning else []
        notes = []
        if not leaning:
            notes.append(tr("It leans along no other direction by more than 0.1 spreads."))
        if not found.again:
            notes.append(
                tr("Leanings are those of the codes: without an encoder none are read again.")
            )
        if bars and math.isfinite(found.accuracy):
            notes.append(
                tr(
                    "Read by a classifier of the data that never saw this model; it reads "
                    "{percent:.0f} % of the held-out data rightly.",
                    percent=100 * found.accuracy,
                )
            )
        self._note.setText(tr.join(notes) if notes else "")
        self._show((*shown, self._note))

    def _class_bars(self, found: Measured) -> list[Bar]:
        if found.before is None or found.after is None:
            return []
        model = self._explorer.model
        names = [tr(name) for name in model.classes] if model is not None else []
        before, after = found.before, found.after
        change = np.abs(after - before)
        leading = [int(at) for at in np.argsort(-change, kind="stable")[:MOST] if change[at] > 0.02]
        return [
            Bar(
                names[at] if at < len(names) else str(at),
                f"{100 * before[at]:.0f} → {100 * after[at]:.0f} %",
                float(after[at]),
                mark=float(before[at]),
            )
            for at in sorted(leading, key=lambda at: -float(after[at]))
        ]

    def _leaning_bars(self, found: Measured) -> list[Bar]:
        pairs = [
            (name, float(lean))
            for name, lean in zip(self._others, found.leaning, strict=False)
            if abs(lean) >= FAINT
        ]
        pairs.sort(key=lambda pair: -abs(pair[1]))
        return [
            Bar(name, f"{lean:+.1f} σ".replace("-", MINUS), max(min(lean / 3, 1), -1), centred=True)
            for name, lean in pairs[:MOST]
        ]

    def _show(self, parts: Sequence[QWidget]) -> None:
        for part in self._parts:
            if part not in parts:
                part.hide()
        self._area.set_rows(parts)

    def _cancel(self) -> None:
        self._explorer.cancel(Measure)
        self.summary.setText(tr("Not measured."))
        self._show((self.summary,))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads back."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def _leave(self) -> None:
        if self.busy.busy:
            self._explorer.cancel(Measure)
            self.busy.finish()
        self.left.emit()
