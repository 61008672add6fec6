"""The one painter of drawn models: networks, pictures, codes, arrows and pills."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

from aegan_studio.i18n import tr
from aegan_studio.ui.panels.train.model_layout import PlacedEdge, Placement, rounded, trapezoid
from aegan_studio.ui.panels.train.model_scene import Node, Pill, Structure
from aegan_studio.ui.theme import BODY, NOTE, Theme, mix, ui_font
from aegan_studio.ui.widgets.formula import formula_box
from aegan_studio.ui.widgets.formula_layout import Box
from aegan_studio.ui.widgets.numbers import MINUS, compact
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    LEFT,
    RIGHT,
    dashed_round,
    draw_text,
    fill_round,
    smooth,
    stroke_round,
    text_width,
)

MOST_BARS = 32
MOST_POINTS = 200
_PILL_PAD, _PILL_GAP = 11.0, 8.0


@dataclass(slots=True)
class ModelState:
    """What changes while the structure stays.

    ``pictures`` and ``points`` hold what the picture nodes show by content: an image, or points
    (n, 2) in −1…1; ``codes`` what the code nodes show, (d,) in −1…1. ``updated`` names the
    networks that the last single phase moved, or is ``None`` outside single-phase stepping.
    """

    values: dict[str, float] = field(default_factory=dict)
    parameters: Mapping[str, int] = field(default_factory=dict)
    pictures: dict[str, QImage] = field(default_factory=dict)
    points: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    codes: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    updated: frozenset[str] | None = None


def value_text(value: float | None, *, share: bool = False) -> str:
    """A term's value in few characters whose number hardly changes as it moves."""
    if value is None or math.isnan(value):
        return "–"
    if share:
        return f"{100 * value:.0f} %"
    size = abs(value)
    if size != 0 and size < 0.001:
        text = f"{value:.1e}".replace("e-0", "e-")
    elif size < 0.1:
        text = f"{value:.3f}"
    elif size < 10:
        text = f"{value:.2f}"
    elif size < 100:
        text = f"{value:.1f}"
    else:
        text = f"{value:,.0f}"
    return text.replace("-", MINUS)


def pill_width(pill: Pill, value: float | None) -> float:
    """The pixels a pill takes, with room for its value to move."""
    font = ui_font(BODY, 600)
    value_width = max(
        text_width(value_text(value, share=pill.share), font),
        text_width("00 %" if pill.share else "0.000", font),
    )
    return math.ceil(2 * _PILL_PAD + _label_width(pill) + _PILL_GAP + value_width)


@lru_cache(maxsize=256)
def _formula_box(latex: str, size: float, color: str) -> Box:
    """A formula laid out once: the same few are painted in every frame."""
    return formula_box(latex, size, color)


def _formula_width(latex: str, size: float) -> float:
    box = _formula_box(latex, round(size), "#000000")
    return box.width + box.lean


def _paint_formula(painter: QPainter, rect: QRectF, latex: str, size: float, color: QColor) -> None:
    """A formula in the middle of ``rect``, its letters at one height whatever they wear."""
    size = round(size)
    box = _formula_box(latex, size, color.name())
    box.paint(painter, rect.center().x() - box.width / 2, rect.center().y() + 0.3 * size)


def _label_width(pill: Pill) -> float:
    if pill.formula:
        return _formula_width(pill.formula, 15)
    return text_width(_pill_label(pill), ui_font(BODY, 600))


def _pill_label(pill: Pill) -> str:
    return tr(pill.word) if pill.word is not None else pill.term


def paint_model(
    painter: QPainter,
    structure: Structure,
    placement: Placement,
    state: ModelState,
    theme: Theme,
    clip: QRectF | None = None,
) -> None:
    """Draw everything, or what touches ``clip``."""
    smooth(painter)
    for edge in placement.edges:
        area = QPolygonF(edge.points).boundingRect().adjusted(-32, -32, 32, 32)
        if clip is None or clip.intersects(area):
            _paint_edge(painter, edge, placement, theme)
    for node in structure.nodes:
        rect = placement.rects[node.name]
        if clip is not None and not clip.intersects(rect.adjusted(-24, -4, 120, 32)):
            continue
        if node.kind == "network":
            _paint_network(painter, node, rect, placement.scale, state, theme)
        elif node.kind == "code":
            _paint_code(painter, node, rect, placement, state, theme)
        else:
            _paint_picture(painter, node, rect, placement, state, theme)
    for pill in structure.pills:
        _paint_pill(painter, pill, placement.rects[pill.term], state, theme)


def _paint_edge(painter: QPainter, placed: PlacedEdge, placement: Placement, theme: Theme) -> None:
    color = theme.color(placed.edge.color)
    if placed.dashed:
        pen = QPen(color, 1.25)
        pen.setDashPattern([3.2, 2.8])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(rounded(list(placed.points), 9))
        return
    start, end = placed.points[0], placed.points[-1]
    span = end - start
    length = math.hypot(span.x(), span.y())
    if length < 4:
        return
    along = span / length
    across = QPointF(-along.y(), along.x())
    painter.setPen(QPen(color, 1.75, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(start, end - along * 5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    back = end - along * 7
    painter.drawPolygon(QPolygonF([end, back + across * 3.5, back - across * 3.5]))
    if placed.edge.formula:
        size = 15 * min(max(placement.scale, 0.9), 1.3)
        spot = QRectF(placed.letter.x() - 30, placed.letter.y() - size * 1.5, 60, size * 1.5)
        _paint_formula(painter, spot, placed.edge.formula, size, color)


def _paint_network(
    painter: QPainter, node: Node, rect: QRectF, scale: float, state: ModelState, theme: Theme
) -> None:
    outline = trapezoid(rect, node.shape, 7 * scale)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillPath(outline, theme.color("raised" if theme.dark else "sunken"))
    _paint_tint(painter, node, rect, outline, theme)
    updated = state.updated is not None and node.role in state.updated
    pen = QPen(theme.color("accent" if updated else "strong"), 2.0 if updated else 1.0)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)
    middle = rect.center()
    size = 23 * min(max(scale, 0.85), 1.5)
    letter = QRectF(rect.left(), middle.y() - size * 1.2, rect.width(), size * 1.5)
    _paint_formula(painter, letter, node.formula, size, theme.color("text"))
    note = QRectF(rect.left(), letter.bottom() - 1, rect.width(), 16)
    if node.role in state.parameters:
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
    inner = rect.adjusted(8, 6, -8, -6)
    middle = inner.center().y()
    if code is None:
        painter.setPen(QPen(theme.color("strong"), 1))
        painter.drawLine(QPointF(inner.left(), middle), QPointF(inner.right(), middle))
    else:
        _paint_bars(painter, inner, code[:MOST_BARS], theme.color(node.color), theme)
    _paint_caption(painter, node, rect, placement, theme, word=False)


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
    letter = _formula_width(node.formula, size)
    text = tr(node.word) if word and node.word is not None else ""
    font = ui_font(NOTE)
    wide = text_width(text, font) + 5 if text else 0.0
    if node.caption == "none":
        return
    if node.caption == "right":
        left, middle = rect.right() + 9, rect.center().y()
        if left + letter + wide > placement.width:
            text = ""
    else:
        left, middle = rect.center().x() - (letter + wide) / 2, rect.bottom() + 5 + size * 0.65
    spot = QRectF(left, middle - size * 0.75, letter, size * 1.5)
    _paint_formula(painter, spot, node.formula, size, theme.color(node.color))
    if text:
        spot = QRectF(left + letter + 5, middle - 8, wide + 4, 16)
        draw_text(painter, spot, text, theme.text2, font, LEFT, elide=False)


def _paint_pill(
    painter: QPainter, pill: Pill, rect: QRectF, state: ModelState, theme: Theme
) -> None:
    radius = rect.height() / 2
    fill_round(painter, rect, radius, theme.surface)
    stroke_round(painter, rect, radius, theme.color(pill.color), 1.5)
    inner = rect.adjusted(_PILL_PAD, 0, -_PILL_PAD, 0)
    font = ui_font(BODY, 600)
    color = theme.color(pill.color)
    if pill.formula:
        spot = QRectF(inner.left(), inner.top(), _label_width(pill), inner.height())
        _paint_formula(painter, spot, pill.formula, 15, color)
    else:
        draw_text(painter, inner, _pill_label(pill), color, font, LEFT, elide=False)
    text = value_text(state.values.get(pill.term), share=pill.share)
    draw_text(painter, inner, text, theme.text, font, RIGHT, elide=False)
