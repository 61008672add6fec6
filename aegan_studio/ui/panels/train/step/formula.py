"""The box with the loss of a phase, and with the numbers of its last update put in."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.ui.theme import NOTE, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.formula_layout import Box, formula_box
from aegan_studio.ui.widgets.formula_lines import broken
from aegan_studio.ui.widgets.formula_parser import parse, plain_text
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    draw_text,
    fill_round,
    smooth,
)

_PAD, _SIZE, _SMALLEST, _LINE = 10, 16, 10, 6
_LESS = 4
"""Sizes that are tried before a formula is broken."""


class LossBox(QWidget):
    """A formula in the middle, broken where it is too wide; its numbers below, in colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._latex = ""
        self._numbers: tuple[str, ...] = ()
        self._tone, self._note = "accent", ""
        self._boxes: list[Box] = []
        self._height = 0
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        on_theme(self._lay)

    @property
    def latex(self) -> str:
        """The formula."""
        return self._latex

    @property
    def numbers(self) -> tuple[str, ...]:
        """The lines with numbers."""
        return self._numbers

    @property
    def note(self) -> str:
        """What is said in small below."""
        return self._note

    def show_loss(self, latex: str, numbers: tuple[str, ...], tone: str, note: str) -> None:
        """Show a loss; ``tone`` is the colour of its numbers."""
        if (latex, numbers, tone, note) != (self._latex, self._numbers, self._tone, self._note):
            self._latex, self._numbers, self._tone, self._note = latex, numbers, tone, note
            self._lay(current_theme())

    def _lay(self, theme: Theme) -> None:
        room = max(self.width() - 2 * _PAD, 60)
        self._boxes = _lines(self._latex, _SIZE, room, theme.color("text"), theme)
        for line in self._numbers:
            self._boxes += _lines(line, _SIZE - 1, room, theme.color(self._tone), None)
        said = [self._latex, *self._numbers]
        self.setAccessibleName("; ".join(" ".join(plain_text(parse(f)).split()) for f in said))
        tall = sum(_tall(box) for box in self._boxes) + _LINE * (len(self._boxes) - 1)
        height = round(2 * _PAD + tall + (16 if self._note else 0))
        if height != self._height:
            self._height = height
            self.setFixedHeight(height)
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(240, max(self._height, 40))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break anew."""
        super().resizeEvent(event)
        self._lay(current_theme())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, formula and numbers."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        fill_round(painter, QRectF(self.rect()), 6, theme.sunken)
        y = float(_PAD)
        for box in self._boxes:
            ascent = max(box.ascent, _SIZE * 0.8)
            box.paint(painter, (self.width() - box.width - box.lean) / 2, y + ascent)
            y += _tall(box) + _LINE
        if self._note:
            spot = QRectF(0, self.height() - _PAD - 12, self.width(), 16)
            draw_text(painter, spot, self._note, theme.text3, ui_font(NOTE), CENTRE)


def _tall(box: Box) -> float:
    return max(box.ascent, _SIZE * 0.8) + max(box.descent, _SIZE * 0.28)


def _lines(latex: str, size: int, room: float, color: QColor, theme: Theme | None) -> list[Box]:
    """A formula in as few lines as its width asks for.

    One that nearly fits is set a little smaller rather than broken; so is what cannot break.
    """
    for small in range(size, size - _LESS, -1):
        if r"\quad" not in latex and _wide(latex, small, theme) <= room:
            return [formula_box(latex, small, color, theme)]
    pieces = [
        (piece, index == 0)  # each of several formulas begins a line of its own
        for part in latex.split(r", \quad ")
        for index, piece in enumerate(broken(part))
    ]
    lines: list[str] = []
    for piece, fresh in pieces:
        longer = f"{lines[-1]} {piece}" if lines and not fresh else piece
        fits = _wide(longer, size, theme) <= room
        if lines and not fresh and fits:
            lines[-1] = longer
        else:
            lines.append(piece)
    boxes = []
    for line in lines:
        small = size
        while small > _SMALLEST and _wide(line, small, theme) > room:
            small -= 1
        boxes.append(formula_box(line, small, color, theme))
    return boxes


def _wide(latex: str, size: int, theme: Theme | None) -> float:
    box = formula_box(latex, size, "#000000", theme)
    return box.width + box.lean
