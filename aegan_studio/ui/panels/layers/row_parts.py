"""Pieces of the table's rows: the columns, what is said in them, both ends, the mend."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.theme import BODY, current_theme, mix, ui_font
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    LEFT,
    RIGHT,
    draw_text,
    fill_round,
    smooth,
    stroke_round,
)

ROW = 42
"""The height of a row without a problem, in pixels."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a list this wide stand, in pixels."""

    width: int

    @property
    def name(self) -> int:
        """The left of the names."""
        return 52

    @property
    def options(self) -> int:
        """The left of the options."""
        return max(142, min(198, round(0.29 * self.width)))

    @property
    def output(self) -> int:
        """The right of the output shapes."""
        return self.width - 86

    @property
    def weights(self) -> int:
        """The right of the weights."""
        return self.width - 14

    @property
    def room(self) -> int:
        """How wide the options may be."""
        return self.output - 74 - self.options


@dataclass(frozen=True, slots=True)
class Facts:
    """What the inspection says of a row, in words; ``known`` is False below a problem."""

    shape: str = ""
    weights: str = ""
    known: bool = True
    tip: str = ""


class MendButton(Button):
    """The mend on the ground of its problem: dark, with an outline."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", size="s", variant="error", parent=parent)
        self.setFont(ui_font(BODY, 600))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, outline and word."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        tone = theme.error if self.variant == "error" else theme.warning
        rect = QRectF(self.rect())
        ground = mix(theme.sunken if theme.dark else theme.surface, tone, self._hover.amount * 0.16)
        fill_round(painter, rect, 6, mix(ground, theme.bg, 0.3) if self.isDown() else ground)
        stroke_round(painter, rect, 6, mix(ground, tone, 0.6))
        draw_text(painter, rect, self.text(), tone, self.font(), CENTRE)


class EndRow(QWidget):
    """What comes in, or goes out: its name, its range, its shape."""

    def __init__(self, *, last: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._last = last
        self._label, self._note, self._shape, self._tone = "", "", "", "text2"

    def set(self, label: str, note: str, shape: str, tone: str) -> None:
        """Say what it is; ``tone`` is the colour of its role."""
        self._label, self._note, self._shape, self._tone = label, note, shape, tone
        self.setAccessibleName(f"{label}, {note}, {shape}")
        self.update()

    @property
    def label(self) -> str:
        """What comes in or goes out."""
        return self._label

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        columns, middle = Columns(self.width()), self.height() / 2
        tone = theme.color(self._tone)
        mark = QRectF(31.5, middle - 4.5, 9, 9)
        painter.setPen(QPen(tone, 1.8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._tone == "real":
            painter.drawEllipse(mark)
        else:
            painter.drawRoundedRect(mark, 2, 2)
        name = QRectF(columns.name, 0, columns.options - columns.name - 4, self.height())
        draw_text(painter, name, self._label, theme.text, ui_font(BODY, 600), LEFT)
        note = QRectF(columns.options, 0, columns.room, self.height())
        draw_text(painter, note, self._note, theme.text2, ui_font(BODY), LEFT)
        shape = QRectF(0, 0, columns.output, self.height())
        draw_text(painter, shape, self._shape, theme.text, ui_font(BODY, 600), RIGHT)
        edge = 0.0 if self._last else self.height() - 1.0
        painter.fillRect(QRectF(28, edge, self.width() - 28, 1), theme.color("hairline"))


def paint_problem(painter: QPainter, room: QRectF, sentence: str, tone: str, height: int) -> None:
    """Paint the sentence below a row, ``room`` where it begins, and its sign before it."""
    shift = (height - room.height()) / 2 - 4
    sign = QRectF(52, room.top() + shift + min(room.height(), 16) / 2 - 7.5, 15, 15)
    paint_icon(painter, "warning", sign, tone)
    painter.setPen(current_theme().color("text"))
    painter.setFont(ui_font(BODY))
    spot = QRectF(room.left(), room.top() + shift, room.width() + 2, room.height() + 2)
    painter.drawText(spot, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft), sentence)
