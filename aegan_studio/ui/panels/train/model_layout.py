"""Where everything of a drawn model stands, in logical pixels, for one size of the view."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from aegan_studio.ui.panels.train.model_scene import Edge, Node, Structure
from aegan_studio.ui.widgets.painting import snap

GAP = 5.0
"""Free pixels between an arrow and what it joins."""

UPRIGHT_GAP = 2.5
"""The same for an upright arrow, which has less room."""

PILL_HEIGHT = 24.0
NARROWS_TO = 0.62
"""Height of a trapezoid's short side, as a share of the long one."""


@dataclass(frozen=True, slots=True)
class PlacedEdge:
    """An edge's line; ``letter`` is the middle of the baseline of its formula."""

    edge: Edge
    points: tuple[QPointF, ...]
    dashed: bool
    letter: QPointF


@dataclass(frozen=True, slots=True)
class Placement:
    """Rectangles of nodes and pills by name, and lines of edges.

    ``scale`` is the size of things against their natural one; ``width`` the pixels there are;
    ``words`` says whether there is room for words beside the letters.
    """

    scale: float
    width: float
    words: bool
    rects: Mapping[str, QRectF]
    edges: tuple[PlacedEdge, ...]


@dataclass(frozen=True, slots=True)
class _Plane:
    """Natural units to pixels: sizes in proportion, distances along x stretched."""

    structure: Structure
    width: float
    height: float
    scale: float
    ratio: float

    @property
    def used(self) -> float:
        return min(self.width, self.structure.width * self.scale * 1.32)

    def x(self, x: float) -> float:
        structure = self.structure
        centres = [node.x for node in structure.nodes] + [pill.x for pill in structure.pills]
        first, last = min(centres), max(centres)
        left = (self.width - self.used) / 2 + first * self.scale
        right = (self.width + self.used) / 2 - (structure.width - last) * self.scale
        share = (x - first) / (last - first) if last > first else 0.5
        return left + share * (right - left)

    def y(self, y: float) -> float:
        middle = (self.structure.top + self.structure.bottom) / 2
        return self.height / 2 + (y - middle) * self.scale

    def rect(self, x: float, y: float, width: float, height: float) -> QRectF:
        """A rectangle around natural (x, y) of the given size in pixels, on device pixels."""
        left = snap(self.x(x) - width / 2, self.ratio)
        upper = snap(self.y(y) - height / 2, self.ratio)
        return QRectF(left, upper, snap(width, self.ratio), snap(height, self.ratio))


def picture_side(room: float, side: int, ratio: float) -> float:
    """The largest side, in logical pixels, at which ``side`` image pixels stay whole.

    Pictures larger than the room shrink by a whole factor.
    """
    if side <= 0:
        return room
    factor = math.floor(room * ratio / side)
    if factor >= 1:
        return factor * side / ratio
    return side / math.ceil(side / (room * ratio)) / ratio


def place(
    structure: Structure,
    width: float,
    height: float,
    *,
    ratio: float = 1.0,
    side: int = 0,
    pill_widths: Mapping[str, float] | None = None,
) -> Placement:
    """Lay a structure out in ``width`` × ``height`` pixels.

    Parameters
    ----------
    ratio : float
        Device pixels per logical pixel.
    side : int
        Image pixels along a side of the pictures; 0 leaves their boxes as they are.
    pill_widths : mapping
        Width of each pill in pixels, by term.
    """
    room = height - PILL_HEIGHT / 4  # pills and words keep their size when the rest shrinks
    scale = min(room / (structure.bottom - structure.top), width / structure.least)
    scale = min(max(scale, 0.5), 2.0)
    plane = _Plane(structure, width, height, scale, ratio)
    rects = {node.name: _node_rect(plane, node, side) for node in structure.nodes}
    for pill in structure.pills:
        wide = (pill_widths or {}).get(pill.term, 84.0)
        rects[pill.term] = plane.rect(pill.x, pill.y, wide, PILL_HEIGHT)
    edges = tuple(_edge(plane, edge, rects) for edge in structure.edges)
    words = width >= structure.least * scale * 1.08
    return Placement(scale, width, words, rects, edges)


def _node_rect(plane: _Plane, node: Node, side: int) -> QRectF:
    wide, high = node.width * plane.scale, node.height * plane.scale
    if node.kind == "picture":
        wide = high = picture_side(wide, side, plane.ratio)
    return plane.rect(node.x, node.y, wide, high)


def _edge(plane: _Plane, edge: Edge, rects: Mapping[str, QRectF]) -> PlacedEdge:
    source, target = rects[edge.source], rects[edge.target]
    if edge.over is not None:
        return _over(plane, edge, source, target)
    if edge.x is not None:
        x = plane.x(edge.x)
        down = source.center().y() < target.center().y()
        start = source.bottom() + UPRIGHT_GAP if down else source.top() - UPRIGHT_GAP
        end = target.top() - UPRIGHT_GAP if down else target.bottom() + UPRIGHT_GAP
        points = (QPointF(x, start), QPointF(x, end))
        return PlacedEdge(edge, points, False, QPointF(x + 8, (start + end) / 2))
    y = snap(plane.y(edge.y or 0.0), plane.ratio)
    points = (QPointF(source.right() + GAP, y), QPointF(target.left() - GAP, y))
    middle = QPointF((points[0].x() + points[1].x()) / 2, y - 7 * plane.scale)
    return PlacedEdge(edge, points, False, middle)


def _over(plane: _Plane, edge: Edge, source: QRectF, target: QRectF) -> PlacedEdge:
    y = snap(plane.y(edge.over or 0.0), plane.ratio)
    left, right = source.center().x(), target.center().x()
    points = (
        QPointF(left, source.top() - GAP),
        QPointF(left, y),
        QPointF(right, y),
        QPointF(right, target.top() - GAP),
    )
    return PlacedEdge(edge, points, True, QPointF((left + right) / 2, y))


def trapezoid(rect: QRectF, shape: str, radius: float) -> QPainterPath:
    """The outline of a network: narrowing, widening or straight, with rounded corners."""
    inset = rect.height() * (1 - NARROWS_TO) / 2
    left = inset if shape == "widen" else 0.0
    right = inset if shape == "narrow" else 0.0
    corners = [
        QPointF(rect.left(), rect.top() + left),
        QPointF(rect.right(), rect.top() + right),
        QPointF(rect.right(), rect.bottom() - right),
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
