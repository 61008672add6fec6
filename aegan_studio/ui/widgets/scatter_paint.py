"""What stands around and upon the points of a map."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.theme import NOTE, TICK, Theme, ui_font
from aegan_studio.ui.widgets.formula import paint_formula
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    RIGHT,
    disc,
    draw_text,
    fill_round,
    ring,
    smooth,
    stroke_round,
    text_width,
)
from aegan_studio.ui.widgets.painting import LEFT as ALIGN_LEFT
from aegan_studio.ui.widgets.plot_axes import linear_ticks, tick_texts
from aegan_studio.ui.widgets.plot_data import Floats
from aegan_studio.ui.widgets.scatter_view import MapView

LEFT, TOP, BOTTOM = 34.0, 4.0, 24.0


def legend_width(rows: Sequence[tuple[str, str, str]]) -> float:
    """Room at the right for the legend, in px."""
    if not rows:
        return 8.0
    return min(max(text_width(row[0], ui_font(NOTE)) for row in rows), 120.0) + 28.0


def paint_axes(
    painter: QPainter,
    rect: QRectF,
    view: MapView,
    theme: Theme,
    labels: tuple[str, str],
    *,
    ticks: bool = True,
) -> None:
    """A hairline frame, ticks at equal steps on both axes, and the axes' names."""
    painter.setPen(QPen(theme.color("strong"), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
    if not ticks:
        return
    x0, x1, y0, y1 = view.bounds(rect)
    font = ui_font(TICK)
    most = max(int(min(rect.width(), rect.height()) / 64), 2)
    short_x = (x1 - x0) <= (y1 - y0)
    shared = linear_ticks(x0, x1, most) if short_x else linear_ticks(y0, y1, most)
    step = shared[1] - shared[0] if len(shared) > 1 else (x1 - x0) / 2
    xs, ys = _multiples(x0, x1, step), _multiples(y0, y1, step)
    last_x = rect.right() - (18 if labels[0] else 0)
    for value, text in zip(xs, tick_texts(xs), strict=True):
        x = view.to_pixel(rect, value, 0).x()
        if rect.left() + 8 <= x <= last_x:
            spot = QRectF(x - 40, rect.bottom() + 5, 80, 14)
            draw_text(painter, spot, text, theme.text3, font, CENTRE, elide=False)
    first_y = rect.top() + (18 if labels[1] else 0)
    for value, text in zip(ys, tick_texts(ys), strict=True):
        y = view.to_pixel(rect, 0, value).y()
        if first_y <= y <= rect.bottom() - 6:
            spot = QRectF(0, y - 7, rect.left() - 6, 14)
            draw_text(painter, spot, text, theme.text3, font, RIGHT, elide=False)
    if labels[0]:
        spot = QRectF(rect.right() - 16, rect.bottom() + 4, 16, 16)
        paint_formula(painter, spot, labels[0], 14, theme.text2)
    if labels[1]:
        spot = QRectF(rect.left() - 24, rect.top() - 1, 18, 16)
        paint_formula(painter, spot, labels[1], 14, theme.text2)


def _multiples(lo: float, hi: float, step: float) -> list[float]:
    if step <= 0 or (hi - lo) / step > 200:
        return []
    first, last = int(np.ceil(lo / step - 1e-9)), int(np.floor(hi / step + 1e-9))
    return [float(f"{k * step:.12g}") for k in range(first, last + 1)]


def paint_class_labels(
    painter: QPainter,
    rect: QRectF,
    view: MapView,
    medians: Mapping[int, tuple[float, float]],
    names: Sequence[str],
    theme: Theme,
    *,
    plain: bool = False,
) -> None:
    """The name of each class on a small plate at its median; ``plain``: in no class's colour."""
    ratio = device_ratio(painter)
    for index, name in enumerate(names):
        if index not in medians:
            continue
        at = view.to_pixel(rect, *medians[index])
        plate = _plate(name, "" if plain else theme.class_color(index), theme, ratio)
        width = plate.width() / ratio
        painter.drawImage(QPointF(round(at.x() - width / 2), round(at.y() - 9)), plate)


@lru_cache(maxsize=512)
def _plate(name: str, edge: str, theme: Theme, ratio: float) -> QImage:
    """A name on its plate: drawn once, for a map draws it at every frame."""
    font = ui_font(NOTE, 600)
    width = round(max(text_width(name, font) + 8, 16.0))
    image = QImage(
        math.ceil(width * ratio), math.ceil(18 * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    smooth(painter)
    plate = QRectF(0, 0, width, 18)
    fill_round(painter, plate, 4, theme.color("surface", 0.92))
    stroke_round(painter, plate, 4, edge or theme.strong, 1.75 if edge else 1.0)
    draw_text(painter, plate, name, theme.text, font, CENTRE, elide=False)
    painter.end()
    return image


def paint_path(painter: QPainter, rect: QRectF, view: MapView, path: Floats, theme: Theme) -> None:
    """A walk: a line with a halo, and a hollow knot at each stop."""
    points = [view.to_pixel(rect, float(x), float(y)) for x, y in path]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((theme.color("surface", 0.85), 5.0), (theme.color("accent"), 2.25)):
        pen = QPen(color, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(points))
    for point in points:
        disc(painter, point, 5.0, theme.surface)
        ring(painter, point, 4.0, theme.accent, 2.0)


def paint_pins(
    painter: QPainter,
    rect: QRectF,
    view: MapView,
    pins: Mapping[str, tuple[float, float]],
    theme: Theme,
) -> None:
    """Named places: a letter on an accent plate above a dot."""
    font = ui_font(NOTE, 600)
    for name, (x, y) in pins.items():
        at = view.to_pixel(rect, x, y)
        disc(painter, at, 5.0, theme.surface)
        disc(painter, at, 3.5, theme.accent_fill)
        width = max(text_width(name, font) + 9, 17.0)
        plate = QRectF(round(at.x() - width / 2), round(at.y() - 27), round(width), 18)
        stem = QPolygonF(
            [
                QPointF(at.x() - 4, plate.bottom() - 0.5),
                QPointF(at.x() + 4, plate.bottom() - 0.5),
                QPointF(at.x(), plate.bottom() + 4.5),
            ]
        )
        fill_round(painter, plate, 5, theme.accent_fill)
        painter.drawPolygon(stem)
        draw_text(painter, plate, name, theme.on_accent, font, CENTRE, elide=False)


def paint_cursor(painter: QPainter, at: QPointF, theme: Theme) -> None:
    """The current code: a ring about a dot, legible on any ground."""
    disc(painter, at, 12.0, QColor(theme.color("accent_soft", 0.85)))
    ring(painter, at, 11.0, theme.accent, 2.25)
    ring(painter, at, 12.75, theme.color("surface", 0.9), 1.25)
    disc(painter, at, 3.0, theme.accent)


def paint_legend(
    painter: QPainter, rect: QRectF, rows: Sequence[tuple[str, str, str]], theme: Theme
) -> None:
    """Dot and name, one class or layer a line, right of the plane."""
    font = ui_font(NOTE)
    pitch = min(20.0, max(rect.height() / max(len(rows), 1), 12.0))
    for index, (name, color, shape) in enumerate(rows):
        middle = rect.top() + 9 + index * pitch
        if middle > rect.bottom():
            return
        centre = QPointF(rect.right() + 13, middle)
        if shape == "square":
            painter.fillRect(QRectF(centre.x() - 4, centre.y() - 4, 8, 8), QColor(color))
        else:
            disc(painter, centre, 4.5, color)
        spot = QRectF(centre.x() + 10, middle - 8, 122, 16)
        draw_text(painter, spot, name, theme.text2, font, ALIGN_LEFT)
