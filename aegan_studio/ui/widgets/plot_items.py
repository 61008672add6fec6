"""The parts of a plot as pyqtgraph items: axes, curves, names at line ends, marks, read-out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPainterPath, QPen, QPolygonF

from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.theme import BODY, NOTE, TICK, Theme, current_theme, ui_font
from aegan_studio.ui.widgets.formula import formula_box
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    LEFT,
    RIGHT,
    draw_text,
    fill_round,
    smooth,
    stroke_round,
    text_width,
)
from aegan_studio.ui.widgets.plot_axes import linear_ticks, log_ticks, spread, tick_texts
from aegan_studio.ui.widgets.plot_band import paint_band
from aegan_studio.ui.widgets.plot_data import Band
from aegan_studio.ui.widgets.plot_model import Mark

NAME_GAP = 14.0
NEAR = 5
"""Pixels within which the pointer is on a mark."""
DASHES = (4.0, 2.5)
"""Dash and gap of a dashed curve, in widths of its line."""
_SHAPES = {
    "change": ((0.0, -4.0), (4.0, 0.0), (0.0, 4.0), (-4.0, 0.0)),
    "finding": ((0.0, -4.2), (4.4, 3.4), (-4.4, 3.4)),
}
_VECTOR = (QPaintEngine.Type.SVG, QPaintEngine.Type.Picture, QPaintEngine.Type.Pdf)


_box = lru_cache(maxsize=256)(formula_box)


@lru_cache(maxsize=512)
def tick_width(text: str) -> float:
    """The width of a tick's label."""
    return text_width(text, ui_font(TICK))


@lru_cache(maxsize=256)
def label_width(label: str) -> float:
    """The width of a curve's name; a label between ``$`` is mathematics."""
    if label.startswith("$"):
        return _box(label.strip("$"), 14, "#000000").width
    return text_width(label, ui_font(NOTE, 600))


def _paint_label(painter: QPainter, room: QRectF, label: str, color: str) -> None:
    if label.startswith("$"):
        box = _box(label.strip("$"), 14, color)
        tall = box.ascent + box.descent > 2.0 * 14
        middle = (box.ascent - box.descent) / 2 if tall else 0.30 * 14
        box.paint(painter, room.left(), room.center().y() + middle)
    else:
        draw_text(painter, room, label, color, ui_font(NOTE, 600), LEFT, elide=False)


class StepBox(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph is untyped
    """The plane: a drag zooms to steps, Shift or the middle button pans, the wheel zooms."""

    steps_chosen = Signal(float, float)

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self.setMouseEnabled(x=True, y=False)
        self.setLimits(minXRange=1.0)
        self.disableAutoRange()

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        """Zoom or pan; the right button is the menu's."""
        if ev.button() == Qt.MouseButton.RightButton:
            ev.ignore()
            return
        shift = bool(ev.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        pan = shift or ev.button() == Qt.MouseButton.MiddleButton
        self.state["mouseMode"] = self.PanMode if pan else self.RectMode
        super().mouseDragEvent(ev, axis)

    def updateScaleBox(self, p1: QPointF, p2: QPointF) -> None:
        """The band of a zoom is as high as the plane."""
        area = self.rect()
        xs = (min(max(p.x(), area.left()), area.right()) for p in (p1, p2))
        left, right = xs
        super().updateScaleBox(QPointF(left, area.top()), QPointF(right, area.bottom()))

    def showAxRect(self, ax: QRectF, **_options: Any) -> None:
        """Look at the steps of the band, unless it was hardly drawn."""
        (x0, x1), _ = self.viewRange()
        area = ax.normalized()
        left, right = max(area.left(), x0), min(area.right(), x1)
        if right - left > 6 * self.viewPixelSize()[0]:
            self.steps_chosen.emit(left, right)


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """Small tabular ticks in our own numbers, no line along the plane."""

    def __init__(self, orientation: str, box: StepBox) -> None:
        super().__init__(orientation, maxTickLength=0)
        self.setStyle(tickLength=0, tickFont=ui_font(TICK), tickTextOffset=7, tickAlpha=1.0)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.enableAutoSIPrefix(False)
        self.setZValue(box.zValue() - 1)
        self.linkToView(box)

    def retint(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self.setTickPen(pg.mkPen(theme.hairline))
        self.setTextPen(pg.mkPen(theme.text3))

    def mouseDragEvent(self, event: Any) -> None:
        """An axis is no handle."""
        event.ignore()

    def wheelEvent(self, event: Any) -> None:
        """An axis is no handle."""
        event.ignore()


class ValueAxis(_Axis):
    """The values, with about three grid lines; with ``log`` the plane holds powers of ten."""

    def __init__(self, box: StepBox) -> None:
        super().__init__("left", box)
        self.log = False
        self.setGrid(255)

    def values(self, lo: float, hi: float) -> list[float]:
        """The ticks' values."""
        return log_ticks(lo, hi, 4) if self.log else linear_ticks(lo, hi, 4)

    def fit_width(self, lo: float, hi: float) -> None:
        """As wide as the labels between two places of the plane."""
        texts = tick_texts(self.values(lo, hi), log=self.log)
        widest = max([tick_width(text) for text in texts] + [14.0])
        self.setWidth(round(widest) + 10)

    def boundingRect(self) -> QRectF:
        """With room for labels at the ends."""
        area: QRectF = super().boundingRect()
        return area.adjusted(0, -8, 0, 8)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[Any]:
        """One level of ticks, as places of the plane."""
        values = self.values(minVal, maxVal)
        return [(1.0, [math.log10(v) for v in values] if self.log else values)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """What is written at places of the plane."""
        shown = [float(f"{10.0**v:.9g}") for v in values] if self.log else values
        return tick_texts(shown, log=self.log)


class StepAxis(_Axis):
    """The steps, and their unit after the last."""

    def __init__(self, box: StepBox, unit: str) -> None:
        super().__init__("bottom", box)
        self._unit = unit
        self.setHeight(22)

    def set_unit(self, unit: str) -> None:
        """Write another unit after the last tick."""
        self._unit = unit
        self.picture = None
        self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[Any]:
        """One level of whole steps."""
        ticks = linear_ticks(minVal, maxVal, max(int(size / 70), 2))
        return [(1.0, [tick for tick in ticks if tick == int(tick)] or ticks)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Thousands separated."""
        return tick_texts(list(values))

    def boundingRect(self) -> QRectF:
        """With room for the unit and for labels at the ends."""
        area: QRectF = super().boundingRect()
        return area.adjusted(-40, 0, 60, 0)

    def generateDrawSpecs(self, p: QPainter) -> Any:
        """Labels at the ends stay over the plane, none touches the one before."""
        specs = super().generateDrawSpecs(p)
        if specs is None:
            return None
        line, _, texts = specs
        kept, end = [], -100.0
        for rect, flags, text in texts:
            width = tick_width(text)
            limit = self.width() + (4 if self._unit else 0) - width
            rect = QRectF(min(max(rect.center().x() - width / 2, -4), limit), 5, width, 14)
            if rect.left() >= end + 8:
                kept.append((rect, flags, text))
                end = rect.right()
        if self._unit:
            room = QRectF(max(self.width() + 8, end + 6), 5, text_width(self._unit, p.font()), 14)
            top = Qt.AlignmentFlag.AlignTop
            kept.append((room, top | Qt.TextFlag.TextDontClip, self._unit))
        return line, [], kept


class Curves(pg.GraphicsObject):  # type: ignore[misc]
    """All curves: lines where every point shows, else columns from the lowest to the highest.

    They are already thinned for the view, so each frame draws few points, in pixels of the plane.
    """

    def __init__(self, box: StepBox) -> None:
        super().__init__(box)
        self._box = box
        self._bands: Sequence[tuple[Band, QColor, float, bool]] = ()
        self.setZValue(-1)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def show_bands(self, bands: Sequence[tuple[Band, QColor, float, bool]]) -> None:
        """Bands in places of the plane, colours, widths, whether dashed; NaN is passed over."""
        self._bands = bands
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        """The plane."""
        area: QRectF = self._box.rect()
        return area

    def paint(self, p: QPainter, *_options: Any) -> None:
        """Columns are filled: Qt would take a hundred times as long to stroke them."""
        smooth(p)
        area = self._box.rect()
        p.setClipRect(area.adjusted(0, -2, 0, 2))
        (x0, x1), (y0, y1) = self._box.viewRange()
        ratio = device_ratio(p) * p.worldTransform().m22()
        vector = p.paintEngine().type() in _VECTOR
        for band, color, width, dashed in self._bands:
            known = np.isfinite(band.low) & np.isfinite(band.high)
            x = (band.x[known] - x0) * (area.width() / (x1 - x0))
            top, bottom = (
                np.clip((y1 - part[known]) * (area.height() / (y1 - y0)), -1e4, 1e4)
                for part in (band.high, band.low)
            )
            if dashed:  # one point a column is few enough to stroke
                top = (top + bottom) / 2
            elif band.thinned and not vector:
                paint_band(p, area, ratio, (x, top, bottom), color, width)
                continue
            elif band.thinned:
                x, top = np.repeat(x, 2), np.column_stack((top, bottom)).reshape(-1)
            pen = QPen(color, width)
            pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
            if dashed:
                pen.setDashPattern(DASHES)
            p.strokePath(pg.arrayToQPath(x, top, connect="all", finiteCheck=False), pen)


class EndNames(pg.GraphicsWidget):  # type: ignore[misc]
    """Each curve's name right of the plane, at its end, in its colour, none over another."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[tuple[str, str, float]] = ()

    def show_rows(self, rows: Sequence[tuple[str, str, float]], width: float) -> None:
        """Names, colours and places of 0 (bottom) to 1 (top) of the plane."""
        self._rows = rows
        self.setMinimumWidth(width)
        self.setMaximumWidth(width)
        self.update()

    def paint(self, painter: QPainter, *_options: Any) -> None:
        """Names, moved apart."""
        smooth(painter)
        height = self.size().height()
        wanted = [min(max((1 - share) * height, 0.0), height) for *_, share in self._rows]
        places = spread(wanted, NAME_GAP, 2.0, height - 2)
        for (label, color, _), y in zip(self._rows, places, strict=True):
            _paint_label(painter, QRectF(8, y - 8, 400, 16), label, color)


class MarkRow(pg.GraphicsWidget):  # type: ignore[misc]
    """A diamond for a change, a triangle for a finding, a dot for a checkpoint, above the plane."""

    clicked = Signal(object)
    """A :class:`Mark` that is about something."""

    def __init__(self, box: StepBox) -> None:
        super().__init__()
        self._box = box
        self._marks: list[tuple[Mark, Any]] = []

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Replace the marks and their dotted verticals."""
        if marks and [mark.step for mark in marks] == [mark.step for mark, _ in self._marks]:
            lines = [line for _, line in self._marks]  # other words at the same places
            self._marks = list(zip(marks, lines, strict=True))
            self.update()
            return
        for _, line in self._marks:
            self._box.removeItem(line)
        self._marks = [(mark, pg.InfiniteLine(mark.step, angle=90)) for mark in marks]
        for _, line in self._marks:
            self._box.addItem(line, ignoreBounds=True)
            line.setZValue(-1)
        self.setMinimumHeight(16 if marks else 6)
        self.setMaximumHeight(16 if marks else 6)
        self.retint(current_theme())

    def retint(self, theme: Theme) -> None:
        """Take a theme's colours."""
        pen = pg.mkPen(theme.edge if theme.dark else theme.strong)
        pen.setDashPattern([2.0, 3.0])
        for _, line in self._marks:
            line.setPen(pen)
        self.update()

    def place(self, step: float) -> float:
        """The pixel of a step from the left of the plane."""
        (x0, x1), _ = self._box.viewRange()
        return float((step - x0) / (x1 - x0) * self.size().width())

    def paint(self, painter: QPainter, *_options: Any) -> None:
        """A shape for each mark in view."""
        smooth(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        theme = current_theme()
        for mark, _line in self._marks:
            x = self.place(mark.step)
            if -1 <= x <= self.size().width() + 1:
                painter.setBrush(mark.color(theme))
                painter.drawPath(_shape(mark.kind, QPointF(math.floor(x) + 0.5, 8)))

    def near(self, x: float) -> list[Mark]:
        """The marks within a few pixels of a place, counted from the left of the plane."""
        return [mark for mark, _ in self._marks if abs(self.place(mark.step) - x) <= NEAR]

    def leading(self, at: QPointF) -> Mark | None:
        """The mark at a place of the scene, if a click on it leads somewhere."""
        place = self.mapFromScene(at)
        if not self.rect().contains(place):
            return None
        found = [mark for mark in self.near(place.x()) if mark.about]
        return min(found, key=lambda mark: abs(self.place(mark.step) - place.x()), default=None)

    def mouseClickEvent(self, event: Any) -> None:
        """Tell which mark was clicked."""
        mark = self.leading(event.scenePos())
        if mark is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        self.clicked.emit(mark)


def _shape(kind: str, at: QPointF) -> QPainterPath:
    path = QPainterPath()
    if kind in _SHAPES:
        path.addPolygon(QPolygonF([at + QPointF(x, y) for x, y in _SHAPES[kind]]))
        path.closeSubpath()
    else:
        path.addEllipse(at, 2.5, 2.5)
    return path


class Readout(pg.GraphicsObject):  # type: ignore[misc]
    """Over the plane: a line at a step, a dot on each curve, and a card of their values."""

    def __init__(self, box: StepBox) -> None:
        super().__init__(box)
        self._box = box
        self._at = math.nan
        self._title = ""
        self._rows: Sequence[tuple[str, str, str, float]] = ()
        self.setZValue(10)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def show_rows(self, at: float, title: str, rows: Sequence[tuple[str, str, str, float]]) -> None:
        """A step, and for each curve name, value, colour and place; without rows the title alone.

        Places are those of the plane.
        """
        self._at, self._title, self._rows = at, title, rows
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        """The plane and the margins that a card may reach into."""
        if not self._title:
            return QRectF()
        area: QRectF = self._box.rect()
        return area.adjusted(-60, -16, 120, 40)

    def paint(self, painter: QPainter, *_options: Any) -> None:
        """Line, dots and card, or a sentence."""
        smooth(painter)
        theme, area = current_theme(), self._box.rect()
        if not self._rows:
            draw_text(painter, area, self._title, theme.text2, ui_font(BODY), CENTRE)
            return
        (x0, x1), (y0, y1) = self._box.viewRange()
        x = (self._at - x0) / (x1 - x0) * area.width()
        painter.setPen(QPen(theme.color("text3"), 1.0))
        at = round(x) + 0.5
        painter.drawLine(QPointF(at, 0), QPointF(at, area.height()))
        for _, _, color, place in self._rows:
            y = (y1 - place) / (y1 - y0) * area.height()
            if 0 <= y <= area.height():
                painter.setPen(QPen(theme.color("surface"), 1.5))
                painter.setBrush(QColor(color))
                painter.drawEllipse(QPointF(x, y), 3.5, 3.5)
        self._paint_card(painter, x, theme)

    def _paint_card(self, painter: QPainter, x: float, theme: Theme) -> None:
        plain, bold = ui_font(NOTE, 500), ui_font(NOTE, 600)
        names = max(label_width(row[0]) for row in self._rows)
        values = max(text_width(row[1], bold) for row in self._rows)
        width = round(max(names + values + 14, text_width(self._title, plain)) + 20)
        right = self._box.rect().right() + 4
        left = x + 12 if x + 12 + width < right else max(x - 12 - width, -50)
        card = QRectF(round(left), 4, width, 26.0 + 16 * len(self._rows))
        fill_round(painter, card, 6, theme.color("raised" if theme.dark else "surface", 0.95))
        stroke_round(painter, card, 6, theme.strong)
        line = QRectF(card.left() + 10, card.top() + 4, width - 20, 16)
        draw_text(painter, line, self._title, theme.text2, plain, LEFT, elide=False)
        line.translate(0, 2)
        for name, value, color, _ in self._rows:
            line.translate(0, 16)
            _paint_label(painter, line, name, color)
            draw_text(painter, line, value, theme.text, bold, RIGHT, elide=False)
