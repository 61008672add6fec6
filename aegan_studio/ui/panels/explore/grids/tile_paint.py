"""How a sheet of tiles is laid out, and how its heads and its lens are painted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter

from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.theme import BODY, NOTE, current_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    LEFT,
    RIGHT,
    draw_text,
    fill_round,
    stroke_round,
    text_width,
)

Array = npt.NDArray[Any]

LENS = 104.0
"""Side of the enlarged item beside the pointer."""
LENS_BELOW = 44.0
"""Side of a tile from which on it needs no enlarging."""
NAMED = 14.0
"""Pixels between the sources of rows or columns and their mixtures."""


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """What stands before a row or above a column: a name and a note, or an item and its name."""

    name: str = ""
    note: str = ""
    item: Array | None = None


@dataclass(frozen=True, slots=True)
class Lay:
    """How the sheet lies in its room, in logical pixels."""

    left: float
    top: float
    wide: float
    tall: float
    gap: float
    head_wide: float
    head_tall: float

    def rect(self, row: int, column: int) -> QRectF:
        """Where an item lies; row or column −1 are the heads'."""
        x = self.left + self.head_wide + column * (self.wide + self.gap)
        y = self.top + self.head_tall + row * (self.tall + self.gap)
        if row < 0:
            y = self.top
        if column < 0:
            x = self.left
        return QRectF(x, y, self.wide, self.tall)


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """What stands before the rows and above the columns.

    ``axes`` says that names are values of axes, which stand quietly at the sheet.
    """

    rows: Sequence[Head] = ()
    columns: Sequence[Head] = ()
    axes: bool = False

    @property
    def pictured(self) -> bool:
        """Whether rows and columns are headed by pictures."""
        return any(head.item is not None for head in (*self.rows, *self.columns))

    def sizes(self, width: float, wide: float, tall: float) -> tuple[float, float]:
        """Room to the left and above, of a sheet this wide and of items so large."""
        if self.pictured:
            named = max((text_width(h.name, ui_font(NOTE, 600)) for h in self.rows), default=0)
            return wide + named + NAMED, tall + 16 + NAMED if self.columns else 0.0
        left = 0.0
        if self.rows:
            names = max(text_width(head.name, ui_font(BODY, 500)) for head in self.rows)
            notes = max(text_width(head.note, ui_font(NOTE)) for head in self.rows)
            left = min(max(names, notes, 24.0) + 12, max(width * 0.34, 60.0))
        return left, 18.0 if self.columns else 0.0

    def paint(self, painter: QPainter, lay: Lay, depiction: Depiction) -> None:
        """Draw them."""
        theme = current_theme()
        for row, head in enumerate(self.rows):
            rect = lay.rect(row, -1)
            if head.item is not None:
                left = lay.left + lay.head_wide - NAMED + 4 - lay.wide
                picture = QRectF(left, rect.top(), lay.wide, lay.tall)
                _paint_source(painter, picture, head.item, depiction)
                beside = QRectF(lay.left, rect.top(), left - 5 - lay.left, lay.tall)
                draw_text(painter, beside, head.name, theme.accent, ui_font(NOTE, 600), RIGHT)
                continue
            room = QRectF(rect.left(), rect.top(), lay.head_wide - 8, lay.tall)
            if self.axes:  # values of an axis stand at the sheet
                draw_text(painter, room, head.name, theme.text3, ui_font(NOTE), RIGHT)
                continue
            two = bool(head.note) and lay.tall >= 30
            line = QRectF(room.left(), room.center().y() - (15 if two else 8), room.width(), 16)
            draw_text(painter, line, head.name, theme.text, ui_font(BODY, 500), LEFT)
            if two:
                line.translate(0, 15)
                draw_text(painter, line, head.note, theme.text3, ui_font(NOTE), LEFT)
        for column, head in enumerate(self.columns):
            rect = lay.rect(-1, column)
            if head.item is not None:
                picture = QRectF(rect.left(), lay.top + 16, lay.wide, lay.tall)
                _paint_source(painter, picture, head.item, depiction)
                above = QRectF(rect.left() - 2, lay.top, rect.width() + 4, 15)
                draw_text(painter, above, head.name, theme.accent, ui_font(NOTE, 600), CENTRE)
            elif head.name:
                room = QRectF(rect.left() - 12, lay.top, rect.width() + 24, lay.head_tall - 2)
                draw_text(painter, room, head.name, theme.text3, ui_font(NOTE), CENTRE)


def _paint_source(painter: QPainter, rect: QRectF, item: Array, depiction: Depiction) -> None:
    """What a row or column is made from."""
    depiction.paint(painter, rect, item)
    stroke_round(painter, rect.adjusted(-1, -1, 1, 1), 0, current_theme().hairline)


def paint_lens(
    painter: QPainter,
    sheet: QSize,
    lay: Lay,
    tile: QRectF,
    item: Array,
    words: str,
    depiction: Depiction,
) -> None:
    """An item enlarged, and what it is, beside its tile; the words alone where tiles are large."""
    theme, font = current_theme(), ui_font(NOTE, 500)
    native = depiction.native_size(item)
    magnify = max(lay.wide, lay.tall) < LENS_BELOW
    wide = tall = 0.0
    if magnify:
        scale = LENS / max(native.width(), native.height())
        scale = float(int(scale)) if scale >= 1 and not depiction.of_points else scale
        wide, tall = native.width() * scale, native.height() * scale
    elif not words:
        return
    line = 18.0 if words else 0.0
    box = QSize(math.ceil(max(wide, text_width(words, font) + 4) + 12), math.ceil(tall + line + 8))
    x = (
        tile.right() + 8
        if tile.right() + 8 + box.width() < sheet.width()
        else (tile.left() - 8 - box.width())
    )
    y = min(max(tile.center().y() - box.height() / 2, 1), sheet.height() - box.height() - 1)
    frame = QRectF(round(max(x, 1)), round(max(y, 1)), box.width(), box.height())
    fill_round(painter, frame, 6, theme.surface)
    stroke_round(painter, frame, 6, theme.strong)
    if magnify:
        left = frame.left() + (frame.width() - wide) / 2
        depiction.paint(painter, QRectF(round(left), frame.top() + 6, wide, tall), item)
    if words:
        below = QRectF(frame.left(), frame.bottom() - line - 2, frame.width(), line)
        draw_text(painter, below, words, theme.text2, font, CENTRE)
