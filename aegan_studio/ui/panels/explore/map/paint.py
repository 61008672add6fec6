"""What stands upon the latent map: the prior, the axes in words, the route, neighbours, a lens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.latent.messages import Array, Floats
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.theme import NOTE, Theme, ui_font
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    draw_text,
    fill_round,
    ring,
    soft_shadow,
    stroke_round,
    text_width,
)

LENS = 64

PriorShape = Literal["", "normal", "uniform"]


@dataclass(frozen=True, slots=True)
class Titles:
    """The axes in words: across, and up."""

    across: str = ""
    up: str = ""


def paint_prior(
    painter: QPainter, centre: QPointF, unit: float, kind: PriorShape, theme: Theme
) -> None:
    """One to three standard deviations of a normal prior, or the square of a uniform one.

    ``unit`` is the pixels to a unit of the code.
    """
    if not kind:
        return
    color = QColor(theme.edge)
    color.setAlphaF(0.7)
    pen = QPen(color, 1.0)
    pen.setCosmetic(True)  # a tenth of the time of a pen that is scaled
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if kind == "uniform":
        painter.drawRect(QRectF(centre.x() - unit, centre.y() - unit, 2 * unit, 2 * unit))
        return
    for deviations in (1, 2, 3):
        painter.drawEllipse(centre, deviations * unit, deviations * unit)


def paint_titles(painter: QPainter, plane: QRectF, titles: Titles, theme: Theme) -> None:
    """What the axes are, at their ends inside the frame."""
    font = ui_font(NOTE)
    for text, right, y in (
        (titles.across, True, plane.bottom() - 24),
        (titles.up, False, plane.top() + 6),
    ):
        if text:
            width = text_width(text, font) + 12
            left = plane.right() - 6 - width if right else plane.left() + 6
            plate = QRectF(left, y, width, 18)
            fill_round(painter, plate, 4, theme.color("surface", 0.9))
            draw_text(painter, plate, text, theme.text2, font, CENTRE, elide=False)


def paint_route(painter: QPainter, at: Any, theme: Theme) -> None:
    """The walk, in px (n, 2), as a line with a halo."""
    line = QPolygonF([QPointF(x, y) for x, y in at.tolist()])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((theme.color("surface", 0.85), 5.0), (theme.color("accent"), 2.25)):
        pen = QPen(color, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(line)


def paint_rings(painter: QPainter, at: Floats, theme: Theme) -> None:
    """Rings about neighbours, in px (n, 2), the nearest first."""
    for x, y in at.tolist()[::-1]:
        centre = QPointF(x, y)
        ring(painter, centre, 6.5, theme.color("surface", 0.9), 3.5)
        ring(painter, centre, 6.5, theme.accent, 2.0)


def paint_mark(painter: QPainter, at: QPointF, theme: Theme) -> None:
    """A given picture's place: a diamond in the colour of codes."""
    for side, color in ((9.0, theme.surface), (6.5, theme.code)):
        corners = ((0, -side), (side, 0), (0, side), (-side, 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))


def paint_lens(
    painter: QPainter,
    room: QRectF,
    at: QPointF,
    item: Array,
    depiction: Depiction,
    theme: Theme,
) -> None:
    """What the place under the pointer decodes to, beside it and within ``room``."""
    native, ratio = depiction.native_size(item), device_ratio(painter)
    factor = max(1, int(LENS * ratio / max(native.width(), native.height())))
    width, height = native.width() * factor / ratio, native.height() * factor / ratio
    left = at.x() + 18 if at.x() + 24 + width < room.right() else at.x() - 18 - width
    top = at.y() - 18 - height if at.y() - 24 - height > room.top() else at.y() + 18
    spot = QRectF(round(left), round(top), width, height)
    frame = spot.adjusted(-3, -3, 3, 3)
    soft_shadow(painter, frame, 4, 0.3)
    fill_round(painter, frame, 3, theme.surface)
    depiction.paint(painter, spot, item)
    stroke_round(painter, frame, 3, theme.strong)
