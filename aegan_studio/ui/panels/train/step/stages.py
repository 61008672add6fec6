"""The sentences of an update as a list: a disc with a tick or a number, words, formulas."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.catalog.narration import Stage
from aegan_studio.i18n import tr
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.panels.train.step.numbers import Numbers
from aegan_studio.ui.theme import BODY, NOTE, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.formula_layout import Box, formula_box
from aegan_studio.ui.widgets.formula_parser import parse, plain_text
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    LEFT,
    disc,
    draw_text,
    ring,
    smooth,
    text_width,
)

ROW, LINE = 26, 22
"""Pixels of a row, and of each further line of formulas."""
_DISC, _WORDS, _GAP, _SIZE = 8.0, 28, 12, 14


class StageRow(QWidget):
    """One sentence; its formulas stand at the right, below it where there is no room."""

    chosen = Signal()

    def __init__(self, number: int, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number, self.stage = number, stage
        self._numbers = Numbers()
        self._mark = "waiting"
        self._last = False
        self._boxes: list[Box] = []
        self._lines: list[list[Box]] = []
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRadius", 6.0)
        self.setToolTip(f"<p>{tr(stage.help)}</p>")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        on_theme(self._retint)

    @property
    def mark(self) -> str:
        """Where the update stands: ``done``, ``now`` or ``waiting``."""
        return self._mark

    @property
    def text(self) -> str:
        """The sentence."""
        return tr(self.stage.text)

    @property
    def formulas(self) -> tuple[str, ...]:
        """The formulas with their numbers, as LaTeX."""
        shown = self._numbers if self._mark != "waiting" else Numbers()
        return tuple(shown.written(formula) for formula in self.stage.formulas)

    def set_last(self, last: bool) -> None:
        """No line leads on from the last one."""
        self._last = last

    def show_state(self, mark: str, numbers: Numbers) -> None:
        """Show where the update stands, and the numbers of what is done."""
        if (mark, numbers) != (self._mark, self._numbers):
            self._mark, self._numbers = mark, numbers
            self._retint(current_theme())

    def _retint(self, theme: Theme) -> None:
        ink = theme.color("text" if self._mark == "now" else "text2")
        self._boxes = [formula_box(latex, _SIZE, ink, theme) for latex in self.formulas]
        words = " ".join(" ".join(plain_text(parse(f)).split()) + ";" for f in self.formulas)
        state = {"done": tr("done"), "now": tr("now"), "waiting": tr("to come")}[self._mark]
        self.setAccessibleName(f"{self.number}. {self.text}, {state}")
        self.setAccessibleDescription(words.rstrip(";"))
        self._lay()
        self.update()

    def _lay(self) -> None:
        """One line beside the words where they fit, else lines below them."""
        font = ui_font(BODY, 600)
        beside = self.width() - _WORDS - text_width(self.text, font) - _GAP
        if _across(self._boxes) <= beside:
            self._lines = [self._boxes]
            height = ROW
        else:
            self._lines = [[]]
            for box in self._boxes:
                room = beside if len(self._lines) == 1 else self.width() - _WORDS
                if _across([*self._lines[-1], box]) > room:
                    self._lines.append([])
                self._lines[-1].append(box)
            height = ROW + LINE * (len(self._lines) - 1)
        if height != self.height():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(200, ROW + LINE * max(len(self._lines) - 1, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the formulas anew."""
        super().resizeEvent(event)
        self._lay()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click asks for its words."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """So do Space and Enter."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint disc, words and formulas."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        middle = ROW / 2
        self._paint_mark(painter, theme, QPointF(_DISC + 1, middle))
        now = self._mark == "now"
        ink = theme.text if now else theme.text3 if self._mark == "waiting" else theme.text2
        font = ui_font(BODY, 600 if now else 400)
        words = QRectF(_WORDS, 0, self.width() - _WORDS, ROW)
        draw_text(painter, words, self.text, ink, font, LEFT)
        if self._mark == "waiting":
            painter.setOpacity(0.75)
        for index, line in enumerate(self._lines):
            x = self.width() - _across(line)
            y = middle + index * LINE
            for box in line:
                tall = box.ascent + box.descent > 2.0 * _SIZE
                base = (box.ascent - box.descent) / 2 if tall else 0.30 * _SIZE
                box.paint(painter, x, y + base)
                x += box.width + box.lean + _GAP

    def _paint_mark(self, painter: QPainter, theme: Theme, centre: QPointF) -> None:
        if not self._last:
            line = QRectF(centre.x() - 0.5, centre.y() + _DISC, 1, self.height())
            painter.fillRect(line, theme.color("hairline"))
        if self.number > 1:
            painter.fillRect(
                QRectF(centre.x() - 0.5, 0, 1, centre.y() - _DISC), theme.color("hairline")
            )
        spot = QRectF(centre.x() - _DISC, centre.y() - _DISC, 2 * _DISC, 2 * _DISC)
        if self._mark == "done":
            disc(painter, centre, _DISC, theme.accent_soft)
            paint_icon(painter, "check", spot.adjusted(3, 3, -3, -3), theme.accent)
            return
        ink = theme.text3
        if self._mark == "now":
            disc(painter, centre, _DISC, theme.accent_fill)
            ink = theme.on_accent
        else:
            ring(painter, centre, _DISC - 0.5, theme.strong, 1.0)
        draw_text(painter, spot, str(self.number), ink, ui_font(NOTE, 600), CENTRE, elide=False)


def _across(boxes: Sequence[Box]) -> float:
    return sum(box.width + box.lean for box in boxes) + _GAP * max(len(boxes) - 1, 0)


class StageList(QScrollArea):
    """All sentences of an update; the one under way, or chosen, says more in plain words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget()
        self._inside.setObjectName("scrolled")
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(0)
        self._caption = Label("", tone="text2", size=NOTE, wrap=True)
        self._caption.setContentsMargins(_WORDS, 0, 0, 6)
        self._caption.hide()
        self._column.addStretch(1)
        self.setWidget(self._inside)
        self._stages: tuple[Stage, ...] = ()
        self._rows: list[StageRow] = []
        self._said = self._asked = -1
        self._held: QWidget | None = None
        self._aims: tuple[QWidget, ...] = ()
        self._inside.installEventFilter(self)
        self.verticalScrollBar().sliderPressed.connect(self._let_go)

    @property
    def rows(self) -> tuple[StageRow, ...]:
        """The rows in their order."""
        return tuple(self._rows)

    @property
    def caption(self) -> str:
        """The plain words shown; empty where none are."""
        return self._caption.text() if self._said >= 0 else ""

    def show_stages(self, stages: tuple[Stage, ...], now: int, done: int, numbers: Numbers) -> None:
        """Show an update.

        Parameters
        ----------
        now : int
            The stage under way; −1 where none is.
        done : int
            How many stages are over.
        """
        if stages != self._stages:
            self._make(stages)
        for index, row in enumerate(self._rows):
            mark = "now" if index == now else "done" if index < done else "waiting"
            row.show_state(mark, numbers)
        if now >= 0:
            self._asked = -1
        self._say(now if now >= 0 else self._asked)

    def _make(self, stages: tuple[Stage, ...]) -> None:
        self._let_go()
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._stages, self._said, self._asked = stages, -1, -1
        self._rows = [StageRow(number, stage) for number, stage in enumerate(stages, start=1)]
        for index, row in enumerate(self._rows):
            row.set_last(index == len(stages) - 1)
            row.chosen.connect(lambda index=index: self._ask(index))
        self._caption.hide()
        self._order()

    def hold(self, box: QWidget | None) -> None:
        """Have the box of the loss among the rows; ``None``: no longer."""
        if box is not self._held:
            self._held = box
            self._order()

    def _order(self) -> None:
        """Rows in their order, plain words below theirs, the box below that of the loss."""
        while self._column.count():
            self._column.takeAt(0)
        for index, row in enumerate(self._rows):
            self._column.addWidget(row)
            row.show()
            if index == self._said:
                self._column.addWidget(self._caption)
            if self._held is not None and self._stages[index].kind == "loss":
                self._column.addWidget(self._held)
                self._column.addSpacing(6)
        self._column.addStretch(1)

    def show_held(self) -> None:
        """Scroll to the box, where it is among the rows."""
        if self._held is not None:
            self._aim(self._held)

    def _aim(self, *widgets: QWidget) -> None:
        """Keep these in view, the last rather than the first, until a person scrolls."""
        self._aims = widgets
        self._inside.layout().activate()  # type: ignore[union-attr]  # it has one
        self._follow()

    def _follow(self) -> None:
        for widget in self._aims:
            self.ensureWidgetVisible(widget, 0, 4)

    def _let_go(self) -> None:
        self._aims = ()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is in view stays in view."""
        super().resizeEvent(event)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """So it does where rows become higher."""
        if watched is self._inside and event.type() == QEvent.Type.Resize:
            self._follow()
        return super().eventFilter(watched, event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A person scrolls."""
        self._let_go()
        super().wheelEvent(event)

    def _ask(self, index: int) -> None:
        self._asked = -1 if self._asked == index else index
        if not any(row.mark == "now" for row in self._rows):
            self._say(self._asked)

    def _say(self, index: int) -> None:
        """The plain words of a stage below it."""
        if index == self._said:
            return
        self._said = index
        self._caption.setVisible(index >= 0)
        if index >= 0:
            self._caption.setText(tr(self._stages[index].help))
        self._order()
        if index < 0:
            return
        self._aim(self._caption, self._rows[index])

    def sizeHint(self) -> QSize:
        """Room for a few rows."""
        return QSize(260, min(len(self._rows), 6) * ROW + 2)

    def minimumSizeHint(self) -> QSize:
        """Two rows and a half, so that one sees that there are more."""
        return QSize(180, int(2.5 * ROW))
