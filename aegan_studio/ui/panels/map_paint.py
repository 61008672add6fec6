"""How the latent map is drawn: decoded tiles, rings of the prior, points, names, axes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from aegan_studio.ui.latent_messages import Floats, Sheeted
from aegan_studio.ui.theme import NOTE, TICK, Theme, formula_font, mix, ui_font
from aegan_studio.ui.widgets.numbers import MINUS
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    LEFT,
    RIGHT,
    disc,
    draw_text,
    fill_round,
    ring,
    stroke_round,
    text_width,
)
from aegan_studio.ui.widgets.pictures import picture_image

ONE_BY_ONE = 4000
"""Points that each get an outline of their own; more are drawn class by class."""
RADIUS = 2.6


@dataclass(frozen=True, slots=True)
class MapScale:
    """From places of the map to widget pixels; one unit is as long in both directions.

    ``plot`` is the plot's rectangle, ``x`` and ``y`` the place at its middle, ``unit`` the pixels
    a unit.
    """

    plot: QRectF
    x: float
    y: float
    unit: float

    def pixel(self, x: float, y: float) -> QPointF:
        """Where a place lies in the widget."""
        middle = self.plot.center()
        return QPointF(
            middle.x() + (x - self.x) * self.unit, middle.y() - (y - self.y) * self.unit
        )

    def pixels(self, places: npt.ArrayLike) -> Floats:
        """Places (n, 2) in widget pixels."""
        middle = self.plot.center()
        offsets = np.asarray(places, dtype=np.float64) - (self.x, self.y)
        return offsets * (self.unit, -self.unit) + (middle.x(), middle.y())

    def place(self, at: QPointF) -> tuple[float, float]:
        """The place under a widget pixel."""
        middle = self.plot.center()
        return (
            self.x + (at.x() - middle.x()) / self.unit,
            self.y - (at.y() - middle.y()) / self.unit,
        )

    @property
    def rect(self) -> tuple[float, float, float, float]:
        """What the plot shows: ``(left, bottom, width, height)``."""
        width, height = self.plot.width() / self.unit, self.plot.height() / self.unit
        return self.x - width / 2, self.y - height / 2, width, height

    @classmethod
    def around(cls, plot: QRectF, places: Floats, margin: float = 0.06) -> MapScale:
        """The scale that shows all but the outermost 0.5 % of the places."""
        low, high = np.quantile(places, (0.0025, 0.9975), axis=0)
        width, height = np.maximum(high - low, 1e-9) * (1.0 + 2.0 * margin)
        unit = min(plot.width() / width, plot.height() / height)
        return cls(plot, float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2, unit)

    def shows(self, places: Floats) -> float:
        """The share of the places that lie within the plot."""
        left, bottom, width, height = self.rect
        x, y = places[:, 0] - left, places[:, 1] - bottom
        return float(((x >= 0) & (x <= width) & (y >= 0) & (y <= height)).mean())


def tick_step(unit: float) -> float:
    """The distance between ticks, 1, 2 or 5 · 10ⁿ, at least 56 pixels apart."""
    least = 56.0 / unit
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= least))


def ticks(start: float, length: float, step: float) -> Floats:
    """The multiples of ``step`` from ``start`` on."""
    first = np.ceil(start / step)
    values: Floats = np.arange(first, np.floor((start + length) / step) + 1) * step
    return np.where(np.abs(values) < step / 1e6, 0.0, values)


def paint_axes(
    painter: QPainter, scale: MapScale, theme: Theme, titles: tuple[str, str], *, formula: bool
) -> None:
    """The frame, its ticks, and what the axes are."""
    left, bottom, width, height = scale.rect
    plot, step = scale.plot, tick_step(scale.unit)
    font = ui_font(TICK)
    title_font = formula_font(15, italic=True) if formula else ui_font(NOTE)
    across = text_width(titles[0], title_font) + 8
    for value in ticks(left, width, step):
        x = scale.pixel(value, 0).x()
        if x < plot.right() - across - 8:
            spot = QRectF(x - 30, plot.bottom() + 4, 60, 16)
            draw_text(painter, spot, _written(value, step), theme.text3, font, CENTRE)
    up = 24.0 if formula else text_width(titles[1], title_font) + 8
    for value in ticks(bottom, height, step):
        y = scale.pixel(0, value).y()
        if y > plot.top() + up + 6:
            spot = QRectF(plot.left() - 40, y - 8, 34, 16)
            draw_text(painter, spot, _written(value, step), theme.text3, font, RIGHT)
    tone = theme.text2
    spot = QRectF(plot.right() - across, plot.bottom() + 3, across, 18)
    draw_text(painter, spot, titles[0], tone, title_font, RIGHT, elide=False)
    if formula:
        spot = QRectF(plot.left() - 40, plot.top() + 2, 34, 18)
        draw_text(painter, spot, titles[1], tone, title_font, RIGHT, elide=False)
    elif titles[1]:
        painter.save()
        painter.translate(plot.left() - 14, plot.top())
        painter.rotate(-90)
        spot = QRectF(-up, -9, up, 18)
        draw_text(painter, spot, titles[1], tone, title_font, RIGHT, elide=False)
        painter.restore()


def _written(value: float, step: float) -> str:
    places = max(0, -int(np.floor(np.log10(step) + 1e-9)))
    return f"{value:.{places}f}".replace("-", MINUS)


def paint_tiles(painter: QPainter, scale: MapScale, theme: Theme, sheet: Sheeted) -> None:
    """What a grid of codes decodes to, faintly, each at a whole factor in its cell."""
    left, bottom, width, height = sheet.rect
    across, down = width / sheet.columns * scale.unit, height / sheet.rows * scale.unit
    item = sheet.items[0]
    ratio = painter.device().devicePixelRatioF()
    factor = max(1, int(min(across / item.shape[1], down / item.shape[0]) * 0.92 * ratio))
    wide, tall = item.shape[1] * factor / ratio, item.shape[0] * factor / ratio
    corner = scale.pixel(left, bottom + height)
    painter.save()
    painter.setOpacity(0.34 if theme.dark else 0.30)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for index, tile in enumerate(sheet.items):
        row, column = divmod(index, sheet.columns)
        x = corner.x() + (column + 0.5) * across - wide / 2
        y = corner.y() + (row + 0.5) * down - tall / 2
        spot = QRectF(round(x * ratio) / ratio, round(y * ratio) / ratio, wide, tall)
        if spot.intersects(scale.plot):
            painter.drawImage(spot, picture_image(tile, theme))
    painter.restore()


def paint_prior(painter: QPainter, scale: MapScale, theme: Theme, prior: str, origin: Floats) -> None:
    """One, two and three standard deviations of a normal prior, or the square of a uniform one."""
    if not prior:
        return
    color = QColor(theme.edge)
    color.setAlphaF(0.75)
    painter.setPen(QPen(color, 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    centre = scale.pixel(float(origin[0]), float(origin[1]))
    if prior == "uniform":
        half = scale.unit
        painter.drawRect(QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half))
        return
    for deviations in (1, 2, 3):
        painter.drawEllipse(centre, deviations * scale.unit, deviations * scale.unit)


def paint_points(
    painter: QPainter,
    scale: MapScale,
    theme: Theme,
    places: Floats,
    colors: Iterable[tuple[str, npt.NDArray[np.bool_]]],
    hollow: npt.NDArray[np.bool_],
) -> None:
    """The codes: discs in the colour of their class; those of held-out items hollow.

    ``colors`` gives each colour with the rows that wear it.
    """
    at = scale.pixels(places)
    grown = scale.plot.adjusted(-4, -4, 4, 4)
    inside = (
        (at[:, 0] > grown.left())
        & (at[:, 0] < grown.right())
        & (at[:, 1] > grown.top())
        & (at[:, 1] < grown.bottom())
    )
    many = int(inside.sum()) > ONE_BY_ONE
    for color, mine in colors:
        fill = QColor(color)
        edge = mix("#FFFFFF", color, 0.30) if theme.dark else mix(color, "#000000", 0.42)
        for rows, ground in (
            (mine & inside & ~hollow, fill),
            (mine & inside & hollow, mix(color, theme.surface, 0.72)),
        ):
            if many:
                _paint_many(painter, at[rows], ground if ground == fill else fill)
                continue
            rim = edge if ground == fill else fill
            painter.setPen(QPen(rim, 0.7 if ground == fill else 1.0))
            painter.setBrush(ground)
            for x, y in at[rows].tolist():
                painter.drawEllipse(QPointF(x, y), RADIUS, RADIUS)


def _paint_many(painter: QPainter, at: Floats, color: QColor) -> None:
    """Thousands of points, without outlines."""
    soft = QColor(color)
    soft.setAlphaF(0.7)
    pen = QPen(soft, 2.4)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPoints(QPolygonF([QPointF(x, y) for x, y in at.tolist()]))


def paint_names(
    painter: QPainter, scale: MapScale, theme: Theme, names: Mapping[str, tuple[str, Any]]
) -> None:
    """Each class's name at the median of its points, in a box of its colour."""
    font = ui_font(NOTE, 600)
    for name, (color, place) in names.items():
        at = scale.pixel(float(place[0]), float(place[1]))
        if not scale.plot.contains(at):
            continue
        width = max(text_width(name, font) + 9, 17)
        box = QRectF(at.x() - width / 2, at.y() - 8.5, width, 17)
        fill_round(painter, box, 4, theme.surface)
        stroke_round(painter, box, 4, color, 1.5)
        draw_text(painter, box, name, theme.text, font, CENTRE, elide=False)


def paint_route(painter: QPainter, at: Floats, theme: Theme) -> None:
    """The walk's way over the map, (n, 2) widget pixels."""
    line = QPolygonF([QPointF(x, y) for x, y in at.tolist()])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((theme.surface, 5.0), (theme.accent, 2.2)):
        pen = QPen(QColor(color), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(line)


def paint_end(painter: QPainter, at: QPointF, theme: Theme, name: str) -> None:
    """A pin: A or B."""
    disc(painter, at, 10.0, theme.surface)
    disc(painter, at, 8.5, theme.accent)
    box = QRectF(at.x() - 9, at.y() - 9, 18, 18)
    draw_text(painter, box, name, theme.surface, ui_font(NOTE, 600), CENTRE, elide=False)


def paint_current(painter: QPainter, at: QPointF, theme: Theme) -> None:
    """The current code: a ring with a dot."""
    soft = QColor(theme.accent_soft)
    soft.setAlphaF(0.85)
    disc(painter, at, 11.0, soft)
    ring(painter, at, 12.0, theme.surface, 1.5)
    ring(painter, at, 10.5, theme.accent, 2.0)
    disc(painter, at, 2.6, theme.accent)


def paint_legend(
    painter: QPainter,
    spot: QRectF,
    theme: Theme,
    color: str,
    name: str,
    *,
    off: bool,
    hollow: bool = False,
) -> None:
    """One line of the legend."""
    centre = QPointF(spot.left() + 6, spot.center().y())
    if off or hollow:
        ring(painter, centre, 3.5, theme.text3 if off else color, 1.2)
    else:
        disc(painter, centre, 4.2, color)
    words = QRectF(spot.left() + 17, spot.top(), spot.width() - 17, spot.height())
    draw_text(painter, words, name, theme.text3 if off else theme.text2, ui_font(NOTE), LEFT)
