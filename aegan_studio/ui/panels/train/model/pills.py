"""Pills of a drawn model: how wide they are at each level of tightness, and their painting."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from aegan_studio.i18n import tr
from aegan_studio.ui.panels.train.model.levels import MORE, Placement
from aegan_studio.ui.panels.train.model.scene import Node, Pill
from aegan_studio.ui.panels.train.model.state import ModelState, value_text
from aegan_studio.ui.theme import BODY, NOTE, TICK, Theme, ui_font
from aegan_studio.ui.widgets.formula import formula_box
from aegan_studio.ui.widgets.formula_layout import Box
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    LEFT,
    RIGHT,
    draw_text,
    fill_round,
    stroke_round,
    text_width,
)


@dataclass(frozen=True, slots=True)
class _PillStyle:
    """How a pill is set at a level of tightness."""

    font: int
    formula: int
    pad: float
    gap: float
    named: bool = True


_STYLES = (
    _PillStyle(BODY, 15, 11, 8),
    _PillStyle(BODY, 15, 9, 7),
    _PillStyle(NOTE, 14, 7, 6),
    _PillStyle(TICK, 13, 6, 5),
    _PillStyle(TICK, 13, 5, 4, named=False),
)
"""By level of the layout; the tightest leaves out the names of critics' terms."""


def pill_width(pill: Pill, value: float | None, level: int = 0) -> float:
    """The pixels a pill takes at a level, with room for its value to move."""
    style = _STYLES[level]
    font = ui_font(style.font, 600)
    letter = letter_width(pill.letter, style.formula) if pill.letter else 0.0
    if not pill.term:
        return math.ceil(2 * style.pad + letter)
    value_width = max(
        text_width(value_text(value, share=pill.share), font),
        text_width("00 %" if pill.share else "0.000", font),
    )
    name = _label_width(pill, style)
    parts = [part for part in (letter, name) if part]
    between = style.gap * (len(parts) + (1 if letter and name else 0))
    return math.ceil(2 * style.pad + sum(parts) + between + value_width)


def word_width(node: Node) -> float:
    """The pixels of the word beside a node's letter."""
    return text_width(tr(node.word), ui_font(NOTE)) + 5 if node.word is not None else 0.0


@lru_cache(maxsize=256)
def _formula_box(latex: str, size: float, color: str) -> Box:
    """A formula laid out once: the same few are painted in every frame."""
    return formula_box(latex, size, color)


def letter_width(latex: str, size: float) -> float:
    """The pixels of a formula."""
    box = _formula_box(latex, round(size), "#000000")
    return box.width + box.lean


def paint_letter(painter: QPainter, rect: QRectF, latex: str, size: float, color: QColor) -> None:
    """A formula in the middle of ``rect``, its letters at one height whatever they wear."""
    size = round(size)
    box = _formula_box(latex, size, color.name())
    box.paint(painter, rect.center().x() - box.width / 2, rect.center().y() + 0.3 * size)


def _label_width(pill: Pill, style: _PillStyle) -> float:
    if pill.letter and not style.named:
        return 0.0
    if pill.formula:
        return letter_width(pill.formula, style.formula)
    return text_width(_pill_label(pill), ui_font(style.font, 600))


def _pill_label(pill: Pill) -> str:
    return tr(pill.word) if pill.word is not None else pill.term


def paint_pill(
    painter: QPainter, pill: Pill, placement: Placement, state: ModelState, theme: Theme
) -> None:
    """A pill: a critic's letter, the term's name or letter, its value."""
    rect, style = placement.rects[pill.name], _STYLES[placement.level]
    radius = rect.height() / 2
    updated = state.updated is not None and pill.role in state.updated
    fill_round(painter, rect, radius, theme.surface)
    ink = theme.accent if updated else theme.color(pill.color)
    stroke_round(painter, rect, radius, ink, 2.0 if updated else 1.5)
    inner = rect.adjusted(style.pad, 0, -style.pad, 0)
    font = ui_font(style.font, 600)
    color = theme.color(pill.color)
    if pill.letter:
        wide = letter_width(pill.letter, style.formula)
        spot = QRectF(inner.left(), inner.top(), wide, inner.height())
        if not pill.term:
            spot = inner
        paint_letter(painter, spot, pill.letter, style.formula, theme.color("text"))
        inner.setLeft(inner.left() + wide + style.gap)
    named = _label_width(pill, style) if pill.term else 0.0
    if pill.letter and named:
        bar = QRectF(round(inner.left()), rect.center().y() - 6, 1, 12)
        painter.fillRect(bar, theme.color("edge" if theme.dark else "strong"))
        inner.setLeft(inner.left() + style.gap)
    if named and pill.formula:
        spot = QRectF(inner.left(), inner.top(), named, inner.height())
        paint_letter(painter, spot, pill.formula, style.formula, color)
    elif named:
        draw_text(painter, inner, _pill_label(pill), color, font, LEFT, elide=False)
    if pill.term:
        text = value_text(state.values.get(pill.term), share=pill.share)
        draw_text(painter, inner, text, theme.text, font, RIGHT, elide=False)


def paint_more(painter: QPainter, placement: Placement, theme: Theme) -> None:
    """The pill that stands for terms without a place: how many there are."""
    rect = placement.rects[MORE]
    fill_round(painter, rect, rect.height() / 2, theme.raised)
    font = ui_font(_STYLES[placement.level].font, 600)
    text = f"+{len(placement.hidden)}"
    draw_text(painter, rect, text, theme.text2, font, CENTRE, elide=False)
