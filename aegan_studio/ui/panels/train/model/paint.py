"""The one painter of drawn models: networks, pictures, codes, arrows and pills."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

from aegan_studio.i18n import tr
from aegan_studio.ui.panels.train.model.levels import MORE, Placement
from aegan_studio.ui.panels.train.model.lines import NARROWS_TO, PlacedEdge, rounded, trapezoid
from aegan_studio.ui.panels.train.model.pills import (
    letter_width,
    paint_letter,
    paint_more,
    paint_pill,
)
from aegan_studio.ui.panels.train.model.scene import Node, Structure
from aegan_studio.ui.panels.train.model.state import ModelState
from aegan_studio.ui.theme import NOTE, Theme, mix, ui_font
from aegan_studio.ui.widgets.numbers import compact
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    LEFT,
    dashed_round,
    draw_text,
    fill_round,
    smooth,
    stroke_round,
    text_width,
)

MOST_BARS = 32
MOST_POINTS = 200
_SPANNING = 0.8
"""The short side of a network over several lanes, so that its arrows meet it."""


def paint_model(
    painter: QPainter,
    structure: Structure,
    placement: Placement,
    state: ModelState,
    theme: Theme,
    clip: QRectF | None = None,
    moving: Callable[[QPainter], object] | None = None,
) -> None:
    """Draw everything, or what touches ``clip``; ``moving`` paints over arrows, below the rest."""
    smooth(painter)
    for edge in placement.edges:
        area = QPolygonF(edge.points).boundingRect().adjusted(-32, -32, 32, 32)
        if clip is None or clip.intersects(area):
            _paint_edge(painter, edge, placement, theme)
    if moving is not None:
        moving(painter)
    for node in structure.nodes:
        rect = placement.rects[node.name]
        if clip is not None and not clip.intersects(rect.adjusted(-24, -4, 120, 32)):
            continue
        if node.kind == "network":
            _paint_network(painter, node, rect, placement.scale, state, theme)
        elif node.beside:
            _paint_beside(painter, node, rect, state, theme)
        elif node.kind == "table":
            _paint_table(painter, node, rect, theme)
        elif node.kind == "code":
            _paint_code(painter, node, rect, placement, state, theme)
        else:
            _paint_picture(painter, node, rect, placement, state, theme)
    for pill in structure.pills:
        if pill.name in placement.rects:
            paint_pill(painter, pill, placement, state, theme)
    if MORE in placement.rects:
        paint_more(painter, placement, theme)


def _paint_edge(painter: QPainter, placed: PlacedEdge, placement: Placement, theme: Theme) -> None:
    color = theme.color(placed.edge.color)
    dashed = placed.edge.kind in ("compare", "return")
    pen = QPen(color, 1.25 if dashed else 1.75, c=Qt.PenCapStyle.FlatCap)
    if dashed:
        pen.setDashPattern([3.2, 2.8])
    points = list(placed.points)
    small = placed.edge.kind == "judge"
    if placed.edge.kind != "compare":
        points[-1] = _paint_head(painter, points[-2], points[-1], color, small=small)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(rounded(points, 9))
    if placed.edge.formula and len(points) == 2:
        size = 15 * min(max(placement.scale, 0.8), 1.3)
        spot = QRectF(placed.letter.x() - 40, placed.letter.y() - size * 1.5, 80, size * 1.5)
        paint_letter(painter, spot, placed.edge.formula, size, color)


def _paint_head(
    painter: QPainter, start: QPointF, end: QPointF, color: QColor, *, small: bool
) -> QPointF:
    """An arrow's head at ``end``; returns where its line has to end."""
    span = end - start
    length = math.hypot(span.x(), span.y())
    if length < 2:
        return end
    along = span / length
    across = QPointF(-along.y(), along.x())
    long = min(5.0 if small else 7.0, length)
    half = long / 2
    back = end - along * long
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([end, back + across * half, back - across * half]))
    return end - along * (long - 1)


def _paint_network(
    painter: QPainter, node: Node, rect: QRectF, scale: float, state: ModelState, theme: Theme
) -> None:
    spanning = node.lanes[1] > node.lanes[0]
    outline = trapezoid(rect, node.shape, 7 * scale, _SPANNING if spanning else NARROWS_TO)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillPath(outline, theme.color("raised" if theme.dark else "sunken"))
    _paint_tint(painter, node, rect, outline, theme)
    updated = state.updated is not None and node.role in state.updated
    pen = QPen(theme.color("accent" if updated else "strong"), 2.0 if updated else 1.0)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)
    middle = rect.center()
    size = min(23 * min(max(scale, 0.8), 1.5), rect.height() * 0.6)
    counted = node.role in state.parameters and rect.height() > 2.4 * size
    up = size * 1.2 if counted or updated else size * 0.8
    letter = QRectF(rect.left(), middle.y() - up, rect.width(), size * 1.5)
    paint_letter(painter, letter, node.formula, size, theme.color("text"))
    note = QRectF(rect.left(), letter.bottom() - 1, rect.width(), 16)
    if counted:
        ink = theme.text2 if theme.dark else theme.text
        count = compact(state.parameters[node.role])
        draw_text(painter, note, count, ink, ui_font(NOTE, 500), CENTRE, elide=False)
    if updated:
        note.translate(0, 17)
        draw_text(painter, note, tr("updated"), theme.accent, ui_font(NOTE, 600), CENTRE)


def _paint_tint(
    painter: QPainter, node: Node, rect: QRectF, outline: QPainterPath, theme: Theme
) -> None:
    """The role's colour at the side of the data, fading towards the code or the verdict."""
    if not node.tint:
        return
    ground = QColor(theme.raised if theme.dark else theme.sunken)
    strength = 0.42 if theme.dark else 0.34
    colours = QLinearGradient(0, rect.top(), 0, rect.bottom())
    last = len(node.tint) - 1
    for index, token in enumerate(node.tint):
        color = mix(ground, theme.color(token), strength)
        colours.setColorAt(0.35 + 0.3 * index / last if last else 0.0, color)
    painter.fillPath(outline, colours)
    clear = QColor(ground)
    clear.setAlphaF(0.0)
    near, far = rect.left(), rect.right()
    if node.shape == "widen":
        near, far = far, near
    fade = QLinearGradient(near, 0, far, 0)
    fade.setColorAt(0.0, clear)
    fade.setColorAt(1.0, ground)
    painter.fillPath(outline, fade)


def _paint_code(
    painter: QPainter,
    node: Node,
    rect: QRectF,
    placement: Placement,
    state: ModelState,
    theme: Theme,
) -> None:
    fill_round(painter, rect, 6, theme.sunken)
    stroke_round(painter, rect, 6, theme.strong)
    code = state.codes.get(node.content)
    inner = rect.adjusted(8, 4, -8, -4)
    middle = inner.center().y()
    if code is None:
        painter.setPen(QPen(theme.color("strong"), 1))
        painter.drawLine(QPointF(inner.left(), middle), QPointF(inner.right(), middle))
    else:
        _paint_bars(painter, inner, code[:MOST_BARS], theme.color(node.color), theme)
    _paint_caption(painter, node, rect, placement, theme, word=False)


def _paint_table(painter: QPainter, node: Node, rect: QRectF, theme: Theme) -> None:
    """A codebook: a table of vectors, one of them picked."""
    fill_round(painter, rect, 6, theme.sunken)
    stroke_round(painter, rect, 6, theme.strong)
    rows, columns = 3, 6
    inner = rect.adjusted(6, 5, -6, -5)
    wide, high = inner.width() / columns, inner.height() / rows
    for row in range(rows):
        for column in range(columns):
            share = 0.25 + 0.6 * ((5 * row + 3 * column) % 7) / 6
            cell = QRectF(inner.left() + column * wide, inner.top() + row * high, wide, high)
            color = mix(
                theme.sunken, theme.color(node.color), share if column == 3 else 0.4 * share
            )
            fill_round(painter, cell.adjusted(1, 1, -1, -1), 1, color)


def _paint_bars(
    painter: QPainter, inner: QRectF, code: npt.NDArray[Any], color: QColor, theme: Theme
) -> None:
    """One bar a dimension, up from the middle or down."""
    ratio = painter.device().devicePixelRatioF()
    middle = round(inner.center().y() * ratio) / ratio
    pitch = inner.width() / len(code)
    width = min(max(pitch * 0.66, 1.0), 9.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("strong"))
    painter.drawRect(QRectF(inner.left(), middle - 0.5, inner.width(), 1))
    painter.setBrush(color)
    half = inner.height() / 2
    for index, value in enumerate(code.tolist()):
        height = max(abs(value) * half, 1.0)
        left = inner.left() + (index + 0.5) * pitch - width / 2
        top = middle - height if value > 0 else middle
        painter.drawRoundedRect(QRectF(left, top, width, height), 1, 1)


def _paint_picture(
    painter: QPainter,
    node: Node,
    rect: QRectF,
    placement: Placement,
    state: ModelState,
    theme: Theme,
) -> None:
    image = state.pictures.get(node.content)
    points = state.points.get(node.content)
    if image is not None:
        shrinks = image.width() > rect.width() * painter.device().devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
        painter.drawImage(rect, image)
        if not theme.dark:
            stroke_round(painter, rect.adjusted(-1, -1, 1, 1), 0, theme.strong)
    elif points is not None:
        fill_round(painter, rect, 6, theme.sunken)
        stroke_round(painter, rect, 6, theme.strong)
        _paint_points(painter, node, rect.adjusted(5, 5, -5, -5), points, theme)
    else:
        fill_round(painter, rect, 6, theme.sunken)
        dashed_round(painter, rect, 6, theme.strong)
    _paint_caption(painter, node, rect, placement, theme, word=placement.words)


def _paint_points(
    painter: QPainter, node: Node, inner: QRectF, points: npt.NDArray[Any], theme: Theme
) -> None:
    """Real points as discs, generated ones as squares."""
    shown = points[:MOST_POINTS]
    x = inner.center().x() + shown[:, 0] * inner.width() / 2
    y = inner.center().y() - shown[:, 1] * inner.height() / 2
    square = node.content != "original"
    cap = Qt.PenCapStyle.SquareCap if square else Qt.PenCapStyle.RoundCap
    painter.setPen(QPen(theme.color(node.color, 0.85), 1.6 if square else 2.2, c=cap))
    within = np.isfinite(x) & np.isfinite(y)
    places = np.stack([x, y], 1)[within].clip(-1e5, 1e5)
    painter.drawPoints(QPolygonF([QPointF(a, b) for a, b in places.tolist()]))


def _paint_caption(
    painter: QPainter, node: Node, rect: QRectF, placement: Placement, theme: Theme, *, word: bool
) -> None:
    size = 15 * min(max(placement.scale, 0.9), 1.25)
    letter = letter_width(node.formula, size)
    text = tr(node.word) if word and node.word is not None else ""
    font = ui_font(NOTE)
    wide = text_width(text, font) + 5 if text else 0.0
    low = rect.height() < 28 or rect.bottom() + 4 + size * 1.2 > placement.height
    low = low and node.caption != "right"
    if node.caption == "none" or low:
        return
    if node.caption == "right":
        left, middle = rect.right() + 9, rect.center().y()
        if left + letter + wide > placement.width:
            text = ""
    else:
        left, middle = rect.center().x() - (letter + wide) / 2, rect.bottom() + 5 + size * 0.65
    if node.caption == "aside":
        left = rect.center().x() - letter - wide - 6
    spot = QRectF(left, middle - size * 0.75, letter, size * 1.5)
    paint_letter(painter, spot, node.formula, size, theme.color(node.color))
    if text:
        spot = QRectF(left + letter + 5, middle - 8, wide + 4, 16)
        draw_text(painter, spot, text, theme.text2, font, LEFT, elide=False)


def _paint_beside(
    painter: QPainter, node: Node, rect: QRectF, state: ModelState, theme: Theme
) -> None:
    """A thing once more, small, with its letter at the right."""
    image = state.pictures.get(node.content)
    points = state.points.get(node.content)
    if image is not None:
        shrinks = image.width() > rect.width() * painter.device().devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
        painter.drawImage(rect, image)
    else:
        fill_round(painter, rect, 4, theme.sunken)
        stroke_round(painter, rect, 4, theme.strong)
        if points is not None:
            _paint_points(painter, node, rect.adjusted(3, 3, -3, -3), points[::4], theme)
    spot = QRectF(rect.right() + 3, rect.top(), 12, rect.height())
    paint_letter(painter, spot, node.formula, 14, theme.color(node.color))
