"""The lines of a drawn model: arrows along, across and around its lanes, and outlines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from aegan_studio.ui.panels.train.model.scene import Edge, NetworkShape
from aegan_studio.ui.widgets.painting import snap

GAP = 5.0
"""Free pixels between an arrow and what it joins."""

UPRIGHT_GAP = 2.0
"""The same for an upright arrow, which has less room."""

NARROWS_TO = 0.62
"""Height of a trapezoid's short side, as a share of the long one."""


@dataclass(frozen=True, slots=True)
class PlacedEdge:
    """An edge's line; ``letter`` is the middle of the baseline of its formula."""

    edge: Edge
    points: tuple[QPointF, ...]
    letter: QPointF


class Lines:
    """The lines of edges between rectangles."""

    def __init__(
        self,
        rects: Mapping[str, QRectF],
        overs: tuple[float, ...],
        unders: tuple[float, ...],
        ratio: float,
    ) -> None:
        self._rects, self._ratio = rects, ratio
        self._rows = {"over": overs, "under": unders}

    def of(self, edge: Edge) -> PlacedEdge:
        """An edge's line."""
        source, target = self._rects[edge.source], self._rects[edge.target]
        match edge.kind:
            case "compare":
                return self._compare(edge, source, target)
            case "return":
                return self._back(edge, source, target)
            case "judge":
                return self._upright(edge, source, target)
            case _:
                return self._level(edge, source, target)

    def _level(self, edge: Edge, source: QRectF, target: QRectF) -> PlacedEdge:
        smaller = source if source.height() < target.height() else target
        y = snap(smaller.center().y(), self._ratio)
        start, end = QPointF(source.right() + GAP, y), QPointF(target.left() - GAP, y)
        if edge.side == "out":  # a fan, from the short side to pills that may stand higher
            inset = source.height() * 0.1 + 2
            start.setY(min(max(y, source.top() + inset), source.bottom() - inset))
            return PlacedEdge(edge, (start, end), end)
        if target.top() <= y <= target.bottom() and source.top() <= y <= source.bottom():
            points: tuple[QPointF, ...] = (start, end)
        else:
            start.setY(source.center().y())
            end.setY(target.center().y())
            x = snap(max(end.x() - 18, (start.x() + end.x()) / 2), self._ratio)
            points = (start, QPointF(x, start.y()), QPointF(x, end.y()), end)
        return PlacedEdge(edge, points, QPointF((start.x() + end.x()) / 2, end.y() - 6))

    def _upright(self, edge: Edge, source: QRectF, target: QRectF) -> PlacedEdge:
        if target.top() < source.center().y() < target.bottom():  # beside each other
            y = target.center().y()
            right = source.left() > target.right()
            start = QPointF(source.left() - 3 if right else source.right() + 3, y)
            end = QPointF(target.right() + 2 if right else target.left() - 2, y)
            return PlacedEdge(edge, (start, end), end)
        x = min(max(source.center().x(), target.left() + 12), target.right() - 12)
        down = source.center().y() < target.center().y()
        first = source.bottom() + UPRIGHT_GAP if down else source.top() - UPRIGHT_GAP
        last = target.top() - UPRIGHT_GAP if down else target.bottom() + UPRIGHT_GAP
        points = (QPointF(x, first), QPointF(x, last))
        return PlacedEdge(edge, points, QPointF(x + 8, (first + last) / 2))

    def _compare(self, edge: Edge, source: QRectF, target: QRectF) -> PlacedEdge:
        y = snap(self._rows[edge.side][edge.row], self._ratio)
        left, right = source.center().x(), target.center().x()
        over = edge.side == "over"
        points = (
            QPointF(left, source.top() - GAP if over else source.bottom() + GAP),
            QPointF(left, y),
            QPointF(right, y),
            QPointF(right, target.top() - GAP if over else target.bottom() + GAP),
        )
        return PlacedEdge(edge, points, QPointF((left + right) / 2, y))

    def _back(self, edge: Edge, source: QRectF, target: QRectF) -> PlacedEdge:
        y = snap(self._rows[edge.side][edge.row], self._ratio)
        over = edge.side == "over"
        x, entry = snap(target.left() - 20, self._ratio), snap(source.center().y(), self._ratio)
        entry = min(max(entry, target.top() + 8), target.bottom() - 8)
        points = (
            QPointF(source.center().x(), source.top() - GAP if over else source.bottom() + GAP),
            QPointF(source.center().x(), y),
            QPointF(x, y),
            QPointF(x, entry),
            QPointF(target.left() - 3, entry),
        )
        return PlacedEdge(edge, points, points[-1])


def clear_of(pills: Iterable[QRectF], placed: PlacedEdge) -> PlacedEdge:
    """The edge with its letter below the arrow where a pill would cover it above."""
    letter = placed.letter
    spot = QRectF(letter.x() - 7, letter.y() - 18, 14, 18)
    if not placed.edge.formula or not any(pill.intersects(spot) for pill in pills):
        return placed
    return replace(placed, letter=QPointF(letter.x(), letter.y() + 29))


def trapezoid(
    rect: QRectF, shape: NetworkShape, radius: float, narrows_to: float = NARROWS_TO
) -> QPainterPath:
    """The outline of a network: narrowing, widening, straight or waisted; corners rounded."""
    inset = rect.height() * (1 - narrows_to) / 2
    left = inset if shape == "widen" else 0.0
    right = inset if shape == "narrow" else 0.0
    middle = rect.center().x()
    waist = shape == "waist"
    corners = [
        QPointF(rect.left(), rect.top() + left),
        *([QPointF(middle, rect.top() + inset)] if waist else []),
        QPointF(rect.right(), rect.top() + right),
        QPointF(rect.right(), rect.bottom() - right),
        *([QPointF(middle, rect.bottom() - inset)] if waist else []),
        QPointF(rect.left(), rect.bottom() - left),
    ]
    return rounded(corners, radius, closed=True)


def rounded(corners: list[QPointF], radius: float, *, closed: bool = False) -> QPainterPath:
    """A path through ``corners`` that rounds each by ``radius``."""
    path = QPainterPath()
    count = len(corners)
    inner = range(count) if closed else range(1, count - 1)
    if not closed:
        path.moveTo(corners[0])
    for index in inner:
        corner = corners[index]
        before = _towards(corner, corners[index - 1], radius)
        after = _towards(corner, corners[(index + 1) % count], radius)
        if closed and index == 0:
            path.moveTo(before)
        else:
            path.lineTo(before)
        path.quadTo(corner, after)
    if closed:
        path.closeSubpath()
    else:
        path.lineTo(corners[-1])
    return path


def _towards(start: QPointF, end: QPointF, distance: float) -> QPointF:
    vector = end - start
    length = math.hypot(vector.x(), vector.y())
    if length == 0:
        return start
    return start + vector * (min(distance, length / 2) / length)
