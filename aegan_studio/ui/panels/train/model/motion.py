"""What moves over a drawn model in slow motion: data along its arrows, gradients back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from aegan_studio.ui.panels.train.model.levels import Placement
from aegan_studio.ui.panels.train.model.lines import PlacedEdge, rounded, trapezoid
from aegan_studio.ui.panels.train.model.scene import Node, Structure
from aegan_studio.ui.panels.train.model.ways import Way
from aegan_studio.ui.theme import Theme, mix
from aegan_studio.ui.widgets.painting import disc

DOTS, SPREAD = 3, 0.24
"""Dots that follow each other along an arrow, and how far apart, as a share of its way."""
_RADIUS, _HALO = 3.2, 7.0


@dataclass(frozen=True, slots=True)
class Motion:
    """A stage of an update as it is seen in the drawing.

    Attributes
    ----------
    turns : tuple of tuple of Way
        The arrows taken, those of one turn at once.
    back : bool
        They are taken backwards: gradients, in the accent colour.
    lit : frozenset of str
        The networks at work.
    progress : float
        How much of the stage has passed, 0–1.
    still : bool
        Nothing moves: the arrows are marked instead.
    """

    turns: tuple[tuple[Way, ...], ...]
    back: bool
    lit: frozenset[str]
    progress: float = 0.0
    still: bool = False


def paint_ways(motion: Motion, placement: Placement, theme: Theme, painter: QPainter) -> None:
    """Paint what moves, and where it has been; nothing for arrows that have no place now."""
    placed = {_key(edge): edge for edge in placement.edges}
    count = len(motion.turns)
    for turn, ways in enumerate(motion.turns):
        share = motion.progress * count - turn
        for way in ways:
            edge = placed.get(_key_of(way))
            if edge is not None:
                _take(painter, edge, way, motion, min(max(share, 0.0), 1.0), theme)


def paint_lights(
    painter: QPainter, motion: Motion, structure: Structure, placement: Placement, theme: Theme
) -> None:
    """Outline the networks at work, over the drawn model."""
    for node in structure.nodes:
        if node.role in motion.lit and node.name in placement.rects:
            _light(painter, node, placement, theme)
    for pill in structure.pills:
        if pill.role in motion.lit and pill.role and pill.name in placement.rects:
            _light_pill(painter, placement.rects[pill.name], theme)


def area_of(motion: Motion, placement: Placement) -> QRectF:
    """What is painted of a motion beside lit networks, for repainting no more."""
    keys = {_key_of(way) for ways in motion.turns for way in ways}
    area = QRectF()
    for edge in placement.edges:
        if _key(edge) in keys:
            for point in edge.points:
                area = area.united(QRectF(point.x() - 12, point.y() - 12, 24, 24))
    return area


def _take(
    painter: QPainter, edge: PlacedEdge, way: Way, motion: Motion, share: float, theme: Theme
) -> None:
    """One arrow: marked once data have come to it, with dots that run along it."""
    color = theme.color("accent") if motion.back else theme.color(way.edge.color)
    path = _path(edge, way, back=motion.back)
    if motion.still or share >= 1:
        _mark(painter, path, color)
        return
    if share <= 0 or path.length() < 1:
        return
    for index in range(DOTS):
        at = share * (1 + SPREAD * (DOTS - 1)) - SPREAD * index
        if 0 < at < 1:
            spot = path.pointAtPercent(path.percentAtLength(at * path.length()))
            halo = QColor(color)
            halo.setAlphaF(0.28)
            disc(painter, spot, _HALO, halo)
            disc(painter, spot, _RADIUS, mix(color, "#FFFFFF", 0.25 if theme.dark else 0.0))


def _path(edge: PlacedEdge, way: Way, *, back: bool) -> QPainterPath:
    """The way in the direction it is taken; a comparison meets in its middle."""
    points = list(edge.points)
    if way.against:
        points.reverse()
    if way.edge.kind == "compare":
        points = _first_half(points)
    if back:
        points.reverse()
    return rounded(points, 9)


def _first_half(points: list[QPointF]) -> list[QPointF]:
    path = QPainterPath(points[0])
    for point in points[1:]:
        path.lineTo(point)
    half, passed, kept = path.length() / 2, 0.0, [points[0]]
    for one, other in pairwise(points):
        length = math.hypot(other.x() - one.x(), other.y() - one.y())
        if passed + length >= half:
            share = (half - passed) / length if length else 0.0
            kept.append(one + (other - one) * share)
            break
        kept.append(other)
        passed += length
    return kept


def _mark(painter: QPainter, path: QPainterPath, color: QColor) -> None:
    glow = QColor(color)
    glow.setAlphaF(0.35)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(glow, 6, c=Qt.PenCapStyle.RoundCap))
    painter.drawPath(path)


def _light(painter: QPainter, node: Node, placement: Placement, theme: Theme) -> None:
    rect = placement.rects[node.name]
    spanning = node.lanes[1] > node.lanes[0]
    outline = trapezoid(rect, node.shape, 7 * placement.scale, 0.8 if spanning else 0.62)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("accent"), 2.0))
    painter.drawPath(outline)


def _light_pill(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("accent"), 2.0))
    radius = rect.height() / 2 + 2
    painter.drawRoundedRect(rect.adjusted(-2, -2, 2, 2), radius, radius)


def _key(edge: PlacedEdge) -> tuple[str, str, str, str]:
    return edge.edge.source, edge.edge.target, edge.edge.kind, edge.edge.side


def _key_of(way: Way) -> tuple[str, str, str, str]:
    return way.edge.source, way.edge.target, way.edge.kind, way.edge.side
