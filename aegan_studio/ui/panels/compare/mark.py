"""The letters of the two sides, and the colours that tell their curves apart."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from aegan_studio.experiment.sides import Side
from aegan_studio.ui.theme import NOTE, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    dashed_round,
    draw_text,
    fill_round,
    smooth,
    stroke_round,
)

TOKENS: Mapping[Side, str] = {"a": "text", "b": "accent"}
"""Neither is a role's: roles mean the same on both sides."""

GROUNDS: Mapping[Side, str] = {"a": "raised", "b": "accent_soft"}

SIDE = 20


class SideMark(QWidget):
    """A letter in a frame, dashed for A as its curves are."""

    def __init__(self, side: Side, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side: Side = side
        self.setFixedSize(SIDE, SIDE)
        self.setAccessibleName(side.upper())
        on_theme(self._retint)

    def _retint(self, _theme: Theme) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, frame and letter."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        color = theme.color(TOKENS[self._side])
        fill_round(painter, rect, 5, theme.color(GROUNDS[self._side]))
        if self._side == "a":
            dashed_round(painter, rect, 5, color)
        else:
            stroke_round(painter, rect, 5, color)
        draw_text(painter, rect, self._side.upper(), color, ui_font(NOTE, 600), CENTRE, elide=False)
