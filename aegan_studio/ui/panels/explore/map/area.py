"""An area drawn on the map, a box or a lasso, and what lies in it."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen, QPolygonF

from aegan_studio.ui.theme import Theme
from aegan_studio.ui.widgets.scatter_grid import PointGrid, Rows
from aegan_studio.ui.widgets.scatter_view import MapView

Tool = Literal["travel", "box", "lasso"]
How = Literal["set", "add", "remove"]

NEXT = 3.0
"""Pixels between two corners of a lasso at least."""


class Area:
    """A box from a corner to the pointer, or a lasso along the pointer's way, in px."""

    def __init__(self, tool: Tool, start: QPointF) -> None:
        self._tool = tool
        self._points = [start]

    def reach(self, at: QPointF) -> None:
        """The pointer moved on."""
        if self._tool == "box":
            self._points[1:] = [at]
        elif (at - self._points[-1]).manhattanLength() >= NEXT:
            self._points.append(at)

    @property
    def is_click(self) -> bool:
        """Whether it is too small to be meant as an area."""
        size = self.path.boundingRect().size()
        return max(size.width(), size.height()) < 4.0

    @property
    def path(self) -> QPainterPath:
        """Its outline, closed."""
        path = QPainterPath()
        if self._tool == "box":
            path.addRect(QRectF(self._points[0], self._points[-1]).normalized())
        else:
            path.addPolygon(QPolygonF(self._points))
            path.closeSubpath()
        return path

    def rows(self, grid: PointGrid, places: npt.NDArray[Any], rect: QRectF, view: MapView) -> Rows:
        """The rows of the points in it, ascending, to half a pixel."""
        path = self.path
        bound = path.boundingRect().intersected(rect)
        if bound.isEmpty():
            return np.zeros(0, dtype=np.intp)
        x0, y1 = view.to_data(rect, bound.topLeft())
        x1, y0 = view.to_data(rect, bound.bottomRight())
        rows = grid.inside(x0, x1, y0, y1)
        if self._tool == "box" or not len(rows):
            return rows
        # looked up in a picture of the area: the same time for any number of corners
        fine = 2.0
        width, height = int(bound.width() * fine) + 2, int(bound.height() * fine) + 2
        image = QImage(width, height, QImage.Format.Format_Grayscale8)
        image.fill(0)
        painter = QPainter(image)
        painter.scale(fine, fine)
        painter.translate(-bound.topLeft())
        painter.fillPath(path, Qt.GlobalColor.white)
        painter.end()
        line = image.bytesPerLine()
        mask = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(height, line)
        at = (view.to_pixels(rect, places[rows]) - (bound.left(), bound.top())) * fine
        column = np.clip(at[:, 0].astype(np.intp), 0, width - 1)
        row = np.clip(at[:, 1].astype(np.intp), 0, height - 1)
        return rows[mask[row, column] > 127]

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Its outline and a tint."""
        path = self.path
        painter.fillPath(path, theme.color("accent", 0.10))
        pen = QPen(theme.color("accent"), 1.5)
        pen.setDashPattern([4.0, 3.0])
        painter.strokePath(path, pen)


def joined(before: Rows, found: Rows, how: How) -> Rows:
    """A selection after an area was drawn."""
    if how == "add":
        return np.union1d(before, found).astype(np.intp)
    if how == "remove":
        return np.setdiff1d(before, found).astype(np.intp)
    return found


def how_of(modifiers: Qt.KeyboardModifier) -> How:
    """What an area does: Shift adds, Alt takes away."""
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return "remove"
    return "add" if modifiers & Qt.KeyboardModifier.ShiftModifier else "set"
