"""How a plot is drawn: grid, curves, names at the line ends, marks, read-out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.theme import BODY, NOTE, TICK, Theme, ui_font
from aegan_studio.ui.widgets.formula import formula_box, paint_formula
from aegan_studio.ui.widgets.painting import (
    LEFT,
    RIGHT,
    draw_text,
    fill_round,
    stroke_round,
    text_width,
)
from aegan_studio.ui.widgets.plot_axes import (
    View,
    linear_ticks,
    log_ticks,
    spread,
    tick_texts,
)
from aegan_studio.ui.widgets.plot_band import joined, paint_band
from aegan_studio.ui.widgets.plot_data import Band, Floats

NAME_GAP = 14.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a step: a recipe change, a finding or a checkpoint."""

    step: float
    kind: Literal["change", "finding", "checkpoint"] = "change"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve, thinned for the view and ready to draw."""

    name: str
    label: str
    color: str
    raw: Band | None
    mean: Band

    @property
    def end(self) -> float:
        """The last finite value in view; NaN where there is none."""
        middle = (self.mean.low + self.mean.high) / 2
        known = middle[np.isfinite(middle)]
        return float(known[-1]) if len(known) else math.nan


def label_width(label: str) -> float:
    """The width of a curve's name; a label between ``$`` is mathematics."""
    if label.startswith("$"):
        return formula_box(label.strip("$"), 14, "#000000").width
    return text_width(label, ui_font(NOTE, 600))


def y_ticks(view: View) -> list[float]:
    """The values of the three or so grid lines."""
    if view.log:
        return log_ticks(view.y0, view.y1, 4)
    return linear_ticks(view.y0, view.y1, 4)


def left_margin(view: View) -> float:
    """Room for the values' labels."""
    texts = tick_texts(y_ticks(view), log=view.log)
    font = ui_font(TICK)
    return max([text_width(text, font) for text in texts] + [14.0]) + 10.0


def paint_grid(painter: QPainter, rect: QRectF, view: View, theme: Theme, x_label: str) -> None:
    """Grid lines at the values' ticks, labels of both axes; no frame."""
    font = ui_font(TICK)
    values = y_ticks(view)
    for value, text in zip(values, tick_texts(values, log=view.log), strict=True):
        y = view.py(rect, value)
        if not rect.top() - 1 <= y <= rect.bottom() + 1:
            continue
        painter.fillRect(QRectF(rect.left(), round(y), rect.width(), 1), theme.color("hairline"))
        room = QRectF(0, y - 8, rect.left() - 7, 16)
        draw_text(painter, room, text, theme.text3, font, RIGHT, elide=False)
    steps = linear_ticks(view.x0, view.x1, max(int(rect.width() / 70), 2))
    whole = [step for step in steps if step == int(step)]
    steps = whole or steps
    end = -100.0
    name = text_width(x_label, font) if x_label else 0.0
    limit = rect.right() + (0 if not x_label else 4)
    for step, text in zip(steps, tick_texts(steps), strict=True):
        width = text_width(text, font)
        left = view.px(rect, step) - width / 2
        left = min(max(left, rect.left() - 4), limit - width)
        if left < end + 8:
            continue
        room = QRectF(left, rect.bottom() + 5, width + 2, 14)
        draw_text(painter, room, text, theme.text3, font, LEFT, elide=False)
        end = left + width
    if x_label:
        room = QRectF(max(rect.right() + 8, end + 6), rect.bottom() + 5, name + 2, 14)
        draw_text(painter, room, x_label, theme.text3, font, LEFT, elide=False)


def _runs(known: npt.NDArray[np.bool_]) -> list[slice]:
    """The stretches without a gap."""
    if known.all():
        return [slice(0, len(known))]
    edges = np.flatnonzero(np.diff(np.concatenate(([0], known.view(np.int8), [0]))))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _polygon(x: Floats, y: Floats) -> QPolygonF:
    return QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)])


def _draw(
    painter: QPainter,
    rect: QRectF,
    view: View,
    band: Band,
    color: QColor,
    width: float,
    vector: bool,
) -> None:
    """A line where every point shows; where columns stand for many points, one filled shape.

    ``vector`` keeps the shape a polygon, for a file; on the screen columns are filled.
    """
    xs, low = view.pixels(rect, band.x, band.low)
    if not band.thinned:
        pen = QPen(color, width)
        pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for run in _runs(np.isfinite(low)):
            painter.drawPolyline(_polygon(xs[run], low[run]))
        return
    _, high = view.pixels(rect, band.x, band.high)
    for run in _runs(np.isfinite(low) & np.isfinite(high)):
        points = xs[run], high[run], low[run]
        if not vector:
            paint_band(painter, rect, device_ratio(painter), points, color, width)
            continue
        top, bottom = joined(high[run], low[run])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        shape_x = np.concatenate((points[0], points[0][::-1]))
        shape_y = np.concatenate((top - width / 2, bottom[::-1] + width / 2))
        painter.drawPolygon(_polygon(shape_x, shape_y))


def paint_curves(
    painter: QPainter, rect: QRectF, view: View, curves: list[Curve], *, vector: bool = False
) -> None:
    """The raw values, thin and pale; over all of them the means."""
    painter.save()
    painter.setClipRect(rect.adjusted(0, -2, 0, 2))
    for curve in curves:
        if curve.raw is not None:
            pale = QColor(curve.color)
            pale.setAlphaF(0.25)
            _draw(painter, rect, view, curve.raw, pale, 1.0, vector)
    for curve in curves:
        _draw(painter, rect, view, curve.mean, QColor(curve.color), 1.75, vector)
    painter.restore()


def paint_names(painter: QPainter, rect: QRectF, view: View, curves: list[Curve]) -> None:
    """Each curve's name at its right end, in its colour, none over another."""
    ends: list[tuple[Curve, float]] = []
    for curve in curves:
        y = view.py(rect, curve.end)
        if math.isfinite(y):
            ends.append((curve, min(max(y, rect.top()), rect.bottom())))
    top, bottom = rect.top() + 2, rect.bottom() - 2
    places = spread([y for _, y in ends], NAME_GAP, top, bottom)
    for (curve, _), y in zip(ends, places, strict=True):
        room = QRectF(rect.right() + 8, y - 8, 400, 16)
        if curve.label.startswith("$"):
            formula = curve.label.strip("$")
            align = Qt.AlignmentFlag.AlignLeft
            paint_formula(painter, room, formula, 14, curve.color, align=align)
        else:
            font = ui_font(NOTE, 600)
            draw_text(painter, room, curve.label, curve.color, font, LEFT, elide=False)


def paint_marks(
    painter: QPainter, rect: QRectF, view: View, marks: list[Mark], theme: Theme
) -> None:
    """Dotted verticals, with a diamond for a change and a triangle for a finding."""
    for mark in marks:
        x = view.px(rect, mark.step)
        if not rect.left() - 1 <= x <= rect.right() + 1:
            continue
        tint = {"change": theme.accent, "finding": theme.warning}.get(mark.kind, theme.text3)
        line = QColor(theme.edge if theme.dark else theme.strong)
        pen = QPen(line, 1.0)
        pen.setDashPattern([2.0, 3.0])
        painter.setPen(pen)
        at = round(x) + 0.5
        painter.drawLine(QPointF(at, rect.top() - 2), QPointF(at, rect.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tint))
        painter.drawPath(_mark_shape(mark.kind, QPointF(at, rect.top() - 8)))


def _mark_shape(kind: str, at: QPointF) -> QPainterPath:
    path = QPainterPath()
    if kind == "change":
        points = [(0.0, -4.0), (4.0, 0.0), (0.0, 4.0), (-4.0, 0.0)]
    elif kind == "finding":
        points = [(0.0, -4.2), (4.4, 3.4), (-4.4, 3.4)]
    else:
        path.addEllipse(at, 2.5, 2.5)
        return path
    path.addPolygon(QPolygonF([at + QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


def paint_readout(
    painter: QPainter,
    rect: QRectF,
    x: float,
    title: str,
    rows: list[tuple[str, str, str, float]],
    theme: Theme,
) -> None:
    """The crosshair: a line at ``x``, a dot on each curve, and a card of (name, value, colour)."""
    pen = QPen(theme.color("text3"), 1.0)
    painter.setPen(pen)
    painter.drawLine(QPointF(round(x) + 0.5, rect.top()), QPointF(round(x) + 0.5, rect.bottom()))
    for _, _, color, y in rows:
        if math.isfinite(y) and rect.top() <= y <= rect.bottom():
            painter.setPen(QPen(theme.color("surface"), 1.5))
            painter.setBrush(QColor(color))
            painter.drawEllipse(QPointF(x, y), 3.5, 3.5)
    name_font, value_font = ui_font(NOTE, 500), ui_font(NOTE, 600)
    names = max([label_width(row[0]) for row in rows] + [0.0])
    values = max([text_width(row[1], value_font) for row in rows] + [0.0])
    title_width = text_width(title, name_font)
    width = max(names + values + 14, title_width) + 20
    height = 18.0 + 16 * len(rows) + 8
    left = x + 12 if x + 12 + width < rect.right() + 4 else x - 12 - width
    left = max(left, 2.0)
    top = max(rect.top() + 4, 2.0)
    card = QRectF(round(left), round(top), round(width), height)
    fill_round(painter, card, 6, theme.color("raised" if theme.dark else "surface", 0.95))
    stroke_round(painter, card, 6, theme.strong)
    inner = card.adjusted(10, 4, -10, 0)
    head = QRectF(inner.left(), inner.top(), inner.width(), 16)
    draw_text(painter, head, title, theme.text2, name_font, LEFT, elide=False)
    for index, (name, value, color, _) in enumerate(rows):
        line = QRectF(inner.left(), inner.top() + 18 + 16 * index, inner.width(), 16)
        if name.startswith("$"):
            align = Qt.AlignmentFlag.AlignLeft
            paint_formula(painter, line, name.strip("$"), 13, color, align=align)
        else:
            draw_text(painter, line, name, color, ui_font(NOTE, 600), LEFT, elide=False)
        draw_text(painter, line, value, theme.text, value_font, RIGHT, elide=False)


def paint_empty(painter: QPainter, rect: QRectF, text: str, theme: Theme) -> None:
    """A sentence in place of curves."""
    draw_text(painter, rect, text, theme.text2, ui_font(BODY), Qt.AlignmentFlag.AlignCenter)
