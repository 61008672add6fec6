"""Units of networks for points: the lines where they bend, or the arrows they pull along."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from aegan_studio.experiment.views.inside import Filters
from aegan_studio.i18n import tr
from aegan_studio.ui.theme import TICK, current_theme, ui_font
from aegan_studio.ui.widgets.diverging import ENDS
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import CENTRE, draw_text, smooth, text_width
from aegan_studio.ui.widgets.plot_axes import linear_ticks, tick_texts

MARGIN = 16
ROOM = 0.12
"""The box of the data has so much room around it."""

NEAR = 8.0
"""Pixels from a line within which the pointer is on it."""

Array = npt.NDArray[np.float64]


def clipped(w: Array, b: float, low: Array, high: Array) -> Array | None:
    """The ends (2, 2) of the line w·x + b = 0 within a box; ``None`` where it passes by."""
    found = []
    for axis in (0, 1):
        other = 1 - axis
        if abs(w[other]) < 1e-12:
            continue
        for value in (low[axis], high[axis]):
            across = -(b + w[axis] * value) / w[other]
            if low[other] - 1e-9 <= across <= high[other] + 1e-9:
                point = np.empty(2)
                point[axis], point[other] = value, across
                found.append(point)
    if len(found) < 2:
        return None
    first = found[0]
    far = max(found, key=lambda point: float(np.hypot(*(point - first))))
    return np.stack((first, far))


class UnitPlane(QWidget):
    """A line for each unit that reads, an arrow for each that paints; longer weights are bolder.

    A tick on a line points to where its unit is positive.
    """

    def __init__(self, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: Filters | None = None
        self._hover = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 80)
        self.setAccessibleName(name)

    def show_units(self, view: Filters) -> None:
        """Show the units of a view of points."""
        self._view = view
        self._hover = -1
        kind = tr("{count} straight lines") if view.reads else tr("{count} arrows")
        self.setAccessibleDescription(kind.format(count=len(view.values)))
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(240, 240)

    # Places

    def bounds(self) -> tuple[Array, Array]:
        """The corners of what is seen, in the networks' scale."""
        view = self._view
        if view is None:
            return np.zeros(2), np.ones(2)
        if not view.reads:
            reach = float(np.abs(view.values).max(initial=1e-6)) * (1 + ROOM)
            return np.full(2, -reach), np.full(2, reach)
        low, high = view.box.astype(np.float64)
        room = ROOM * float(max(*(high - low), 1e-6))
        return low - room, high + room

    def _area(self) -> QRectF:
        side = max(min(self.width() - 2.0, self.height() - MARGIN), 1.0)
        return QRectF((self.width() - side) / 2, 0, side, side)

    def place(self, point: Any) -> QPointF:
        """Where a point of the plane lies."""
        low, high = self.bounds()
        area = self._area()
        scale = area.width() / float(max(high - low))
        middle = (low + high) / 2
        return QPointF(
            area.center().x() + (float(point[0]) - middle[0]) * scale,
            area.center().y() - (float(point[1]) - middle[1]) * scale,
        )

    def _square(self) -> tuple[Array, Array]:
        """The corners of the square that is drawn."""
        low, high = self.bounds()
        half = float(max(high - low)) / 2
        middle = (low + high) / 2
        return middle - half, middle + half

    def _segment(self, index: int) -> tuple[QPointF, QPointF] | None:
        view = self._view
        assert view is not None
        w = view.values[index].astype(np.float64)
        if not view.reads:
            return self.place((0, 0)), self.place(w)
        ends = clipped(w, float(view.offsets[index]), *self._square())
        return None if ends is None else (self.place(ends[0]), self.place(ends[1]))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, the box of the data and the units."""
        del event
        painter, view = QPainter(self), self._view
        smooth(painter)
        if view is None:
            return
        theme, area = current_theme(), self._area()
        painter.fillRect(area, theme.color("sunken"))
        if view.reads:
            corners = [self.place(corner) for corner in view.box]
            painter.setPen(QPen(theme.color("strong"), 1, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(*corners).normalized())
        else:
            painter.setPen(QPen(theme.color("strong"), 1))
            low, high = self._square()
            painter.drawLine(self.place((low[0], 0)), self.place((high[0], 0)))
            painter.drawLine(self.place((0, low[1])), self.place((0, high[1])))
        painter.save()
        painter.setClipRect(area)
        longest = float(view.norms.max(initial=1e-12))
        for index in np.argsort(view.norms).tolist():
            if index != self._hover:
                self._paint_unit(painter, index, float(view.norms[index]) / longest)
        if 0 <= self._hover < len(view.values):
            self._paint_unit(painter, self._hover, 1.0)
        painter.restore()
        self._paint_ends(painter, area)

    def _paint_unit(self, painter: QPainter, index: int, share: float) -> None:
        view, theme, segment = self._view, current_theme(), self._segment(index)
        if view is None or segment is None:
            return
        hovered = index == self._hover
        crowd = min(1.0, math.sqrt(24 / len(view.values)))
        alpha = 1.0 if hovered else (0.12 + 0.88 * share**2) * crowd
        color = theme.color("text" if hovered else ENDS[theme.name][2], alpha)
        painter.setPen(QPen(color, 2.0 if hovered else 0.6 + 0.9 * share))
        start, end = segment
        painter.drawLine(start, end)
        if view.reads:
            middle = (start + end) / 2
            w = view.values[index].astype(np.float64)
            length = float(np.hypot(*w)) or 1.0
            painter.drawLine(middle, middle + QPointF(w[0], -w[1]) * (6 / length))
        else:
            _arrow_head(painter, start, end, color)

    def _paint_ends(self, painter: QPainter, area: QRectF) -> None:
        theme, font = current_theme(), ui_font(TICK)
        low, high = self._square()
        ticks = linear_ticks(float(low[0]), float(high[0]), 5)
        for tick, text in zip(ticks, tick_texts(ticks), strict=True):
            x = self.place((tick, float(low[1]))).x()
            painter.setPen(QPen(theme.color("edge"), 1))
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 3))
            wide = text_width(text, font) + 2
            left = min(max(x - wide / 2, 0.0), self.width() - wide)
            spot = QRectF(left, area.bottom() + 2, wide, MARGIN - 3)
            draw_text(painter, spot, text, theme.text3, font, CENTRE, elide=False)

    # Pointer

    def unit_at(self, at: QPointF) -> int:
        """The unit whose line or arrow is nearest to a point; −1 where none is near."""
        view = self._view
        if view is None:
            return -1
        best, found = NEAR, -1
        for index in range(len(view.values)):
            segment = self._segment(index)
            if segment is not None and (far := _distance(at, *segment)) < best:
                best, found = far, index
        return found

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the unit under the pointer."""
        hover = self.unit_at(event.position())
        if hover != self._hover:
            self._hover = hover
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No unit is under the pointer."""
        self._hover = -1
        self.update()

    def event(self, event: QEvent) -> bool:
        """The tool tip gives the unit's weights."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index, view = self.unit_at(QPointF(event.pos())), self._view
            text = "" if index < 0 or view is None else unit_words(view, index)
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)


def unit_words(view: Filters, index: int) -> str:
    """A unit's number and weights, for points."""
    weights = ", ".join(format_number(float(value), 3) for value in view.values[index])
    unit = int(view.units[index]) + 1
    if not view.reads:
        return tr("Unit {unit}: moves a point by ({weights})", unit=unit, weights=weights)
    return tr(
        "Unit {unit}: w = ({weights}), b = {bias}",
        unit=unit,
        weights=weights,
        bias=format_number(float(view.offsets[index]), 3),
    )


def _arrow_head(painter: QPainter, start: QPointF, end: QPointF, color: Any) -> None:
    along = end - start
    length = math.hypot(along.x(), along.y())
    if length < 3:
        return
    unit = along / length
    side = QPointF(-unit.y(), unit.x())
    tip = min(6.0, length / 2)
    painter.setBrush(color)
    painter.setPen(Qt.PenStyle.NoPen)
    back = end - unit * tip
    painter.drawPolygon(QPolygonF([end, back + side * (tip / 2.4), back - side * (tip / 2.4)]))


def _distance(at: QPointF, start: QPointF, end: QPointF) -> float:
    along, off = end - start, at - start
    square = along.x() ** 2 + along.y() ** 2
    share = 0.0 if square == 0 else (off.x() * along.x() + off.y() * along.y()) / square
    nearest = start + along * min(max(share, 0.0), 1.0)
    return math.hypot(at.x() - nearest.x(), at.y() - nearest.y())
