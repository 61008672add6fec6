"""The plane itself, in layers: a critic's surface, a generator's net, points and arrows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRectF, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QImage, QPainter

from aegan_studio.experiment.views.plane import Bounds, Density, Manifold, Pull, Surface
from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.panels.train.plane.ground import Ground, Layers
from aegan_studio.ui.theme import Theme, current_theme, motion_ms
from aegan_studio.ui.widgets.formula import formula_box
from aegan_studio.ui.widgets.painting import disc, ring
from aegan_studio.ui.widgets.scatter import ScatterMap
from aegan_studio.ui.widgets.scatter_cloud import Shape
from aegan_studio.ui.widgets.scatter_field import contour
from aegan_studio.ui.widgets.scatter_marks import (
    arrows,
    bounded,
    draw_lines,
    draw_sprites,
    net_lines,
    sprite,
)
from aegan_studio.ui.widgets.scatter_view import MapView

Points = npt.NDArray[np.float64]

FRAME = 1.45
"""The plane holds so many times the real data's extent: generated points start anywhere."""

LIVE_STEP = 3.0
"""Pixels to a pixel of the fields' picture while training: the next one comes in a moment."""

LONGEST = 34.0
"""Length that no arrow of a gradient reaches, in px."""

NEAR = 12.0
"""Pixels from a node of the net within which the pointer means it."""

WAY_MS = 450
"""How long a code takes on its way to what it becomes."""


DIVERGED = np.errstate(all="ignore")
"""What diverged has no number; it is passed over, and no reason for a warning."""


@dataclass(frozen=True, slots=True)
class Dots:
    """Points of one kind (n, 2), and how they look."""

    at: Points
    shape: Shape
    token: str
    radius: float


@dataclass(frozen=True, slots=True)
class Way:
    """From where a code lies, the code's square being laid over the plane, to what it becomes."""

    start: tuple[float, float]
    end: tuple[float, float]


class PlaneMap(ScatterMap):
    """The plane of two-dimensional data. What is set to ``None`` is not there.

    The view is framed by the real points and stays while generated ones move.
    """

    node_hovered = Signal(int)
    """The node of the net under the pointer, counted by rows; −1: none."""
    left = Signal()
    """The pointer is elsewhere."""

    def __init__(self) -> None:
        super().__init__(
            axis_labels=("x_1", "x_2"), radius=2.6, legend=False, name=tr("Plane of the data")
        )
        self.fine = True
        self._frame: Bounds | None = None
        self._surface: Surface | None = None
        self._boundary: Points | None = None
        self._density: Density | None = None
        self._net: Manifold | None = None
        self._pull: Pull | None = None
        self._links: Points | None = None
        self._trails: list[Points] = []
        self._dots: dict[str, Dots] = {}
        self._way: Way | None = None
        self._gone = 1.0
        self._ground = Ground()
        self._walk = QVariantAnimation(self)
        self._walk.setStartValue(0.0)
        self._walk.setEndValue(1.0)
        self._walk.valueChanged.connect(self._go)
        self.moved.connect(self._look_for_node)

    # What is shown

    def set_frame(self, bounds: Bounds | None) -> None:
        """The extent of the real data."""
        if bounds != self._frame:
            self._frame = bounds
            self._changed()

    @property
    def frame(self) -> Bounds | None:
        """The extent of the real data."""
        return self._frame

    def fitted_view(self) -> MapView:
        """The real data with room about them."""
        plane = self.plane()
        if self._frame is None or plane.width() < 2 or plane.height() < 2:
            return MapView()
        x0, x1, y0, y1 = self._frame
        wide, high = max(x1 - x0, 1e-9), max(y1 - y0, 1e-9)
        scale = min(plane.width() / (FRAME * wide), plane.height() / (FRAME * high))
        return MapView((x0 + x1) / 2, (y0 + y1) / 2, scale)

    def set_surface(self, surface: Surface | None) -> None:
        """What the critic says of every place."""
        if surface is not self._surface:
            self._surface = surface
            self.update()

    @property
    def surface(self) -> Surface | None:
        """What the critic says of every place."""
        return self._surface

    @DIVERGED
    def set_boundary(self, surface: Surface | None) -> None:
        """The line where the critic is in two minds."""
        if surface is None:
            self._boundary = None
        else:
            at = contour(surface.values, surface.verdicts.level)
            x0, x1, y0, y1 = surface.bounds
            rows, columns = surface.values.shape
            step = (x1 - x0) / max(columns - 1, 1), (y1 - y0) / max(rows - 1, 1)
            self._boundary = (at * step + (x0, y0)).reshape(-1, 2)
        self.update()

    @property
    def boundary(self) -> Points | None:
        """The pieces of that line, two places (2 n, 2) each, in the data's units."""
        return self._boundary

    def set_density(self, density: Density | None) -> None:
        """How densely samples lie."""
        self._density = density
        self.update()

    def set_net(self, net: Manifold | None) -> None:
        """Where the generator sends a grid of codes."""
        self._net = net
        self.update()

    @property
    def net(self) -> Manifold | None:
        """Where the generator sends a grid of codes."""
        return self._net

    def set_pull(self, pull: Pull | None) -> None:
        """Where the generator's loss pulls points."""
        self._pull = pull
        self.update()

    def set_links(self, start: Points | None, end: Points | None) -> None:
        """Arrows from places (n, 2) to places (n, 2)."""
        there = start is not None and end is not None
        self._links = np.concatenate((start, end), axis=1) if there else None  # type: ignore[arg-type]
        self.update()

    def set_trails(self, frames: list[Points]) -> None:
        """Where a few points were, from the oldest to the newest, (n, 2) each."""
        self._trails = frames
        self.update()

    def set_dots(self, name: str, dots: Dots | None) -> None:
        """Points of one kind; kinds are painted in the order in which they first came."""
        if dots is None:
            self._dots.pop(name, None)
        else:
            self._dots[name] = dots
        self.update()

    def clear_layers(self) -> None:
        """Nothing is there."""
        self._surface = self._boundary = self._density = self._net = None
        self._pull = self._links = self._way = None
        self._trails = []
        self._dots.clear()
        self._ground.forget()
        self.set_frame(None)
        self.update()

    # What is under the pointer

    def value_at(self, x: float, y: float) -> float | None:
        """What the critic says of a place, between the nodes of its surface; ``None`` beyond."""
        surface = self._surface
        if surface is None:
            return None
        x0, x1, y0, y1 = surface.bounds
        rows, columns = surface.values.shape
        across, up = (x - x0) / (x1 - x0) * (columns - 1), (y - y0) / (y1 - y0) * (rows - 1)
        if not (0 <= across <= columns - 1 and 0 <= up <= rows - 1):
            return None
        i, j = min(int(up), rows - 2), min(int(across), columns - 2)
        cell = surface.values[i : i + 2, j : j + 2].astype(float)
        u, v = up - i, across - j
        low, high = cell[:, 0] * (1 - v) + cell[:, 1] * v
        return float(low * (1 - u) + high * u)

    @DIVERGED
    def _look_for_node(self, x: float, y: float) -> None:
        net = self._net
        if net is None:
            self.node_hovered.emit(-1)
            return
        away = net.places.reshape(-1, 2) - (x, y)
        squares = np.nan_to_num(np.einsum("ij,ij->i", away, away), nan=np.inf)
        best = int(squares.argmin())
        near = squares[best] <= (NEAR / self.view.scale) ** 2
        self.node_hovered.emit(best if near else -1)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer."""
        super().leaveEvent(event)
        self.node_hovered.emit(-1)
        self.left.emit()

    def set_way(self, way: Way | None) -> None:
        """Show a code on its way to what it becomes; a way whose end only moved goes on."""
        before, self._way = self._way, way
        for each in (before, way):
            if each is not None:
                self.repaint_ring(self._around(each))
        if way is None:
            self._walk.stop()
        elif before is None or before.start != way.start:
            duration = motion_ms(self, WAY_MS)
            self._gone = 1.0
            self._walk.stop()
            if duration > 0:
                self._gone = 0.0
                self._walk.setDuration(duration)
                self._walk.start()

    @property
    def way(self) -> Way | None:
        """The code's way that is shown."""
        return self._way

    def _go(self, gone: float) -> None:
        self._gone = float(gone)
        if self._way is not None:
            self.repaint_ring(self._around(self._way))

    def _around(self, way: Way) -> QRectF:
        rect = QRectF(self.pixel_of(*way.start), self.pixel_of(*way.end)).normalized()
        return rect.adjusted(-44, -28, 44, 28)

    # Painting

    @DIVERGED
    def prepare(self) -> None:
        """Make what fills the plane now, so that painting it takes a turn of its own."""
        plane = self.plane()
        if plane.width() >= 2 and plane.height() >= 2:
            self._ground_picture(plane, current_theme(), self.devicePixelRatioF())

    @DIVERGED
    def paint_behind(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The fields, the filled net upon them, in one picture; and the net's lines."""
        view = self.view
        if self._surface is not None or self._density is not None or self._net is not None:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(rect, self._ground_picture(rect, theme, device_ratio(painter)))
            painter.restore()
        if self._net is not None:
            self._paint_lines(painter, rect, view, theme, self._net)

    def _ground_picture(self, rect: QRectF, theme: Theme, ratio: float) -> QImage:
        step = 1.0 / ratio if self.fine and not self.is_dragged else LIVE_STEP
        layers = Layers(self._surface, self._density, self._net)
        return self._ground.picture(layers, rect, self.view, theme, step)

    def _paint_lines(
        self, painter: QPainter, rect: QRectF, view: MapView, theme: Theme, net: Manifold
    ) -> None:
        nodes = view.to_pixels(rect, net.places.astype(np.float64))
        amber = theme.color("generated")
        if net.curve:
            amber.setAlphaF(0.9)
            draw_lines(painter, np.concatenate((nodes[0, :-1], nodes[0, 1:]), axis=1), amber, 2.0)
            return
        amber.setAlphaF(0.5 if theme.dark else 0.62)
        draw_lines(painter, net_lines(nodes), amber)

    @DIVERGED
    def paint_above(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The boundary, links, trails, points, and arrows upon all."""
        view = self.view
        ink = QColor("#FFFFFF") if theme.dark else theme.color("text")
        if self._boundary is not None and len(self._boundary):
            pieces = view.to_pixels(rect, self._boundary).reshape(-1, 4)
            draw_lines(painter, pieces, ink, 1.0 if not self.fine else 1.25)
        if self._links is not None:
            at = view.to_pixels(rect, self._links.reshape(-1, 2)).reshape(-1, 2, 2)
            tips = arrows(at[:, 0], at[:, 1] - at[:, 0])
            draw_lines(painter, tips, theme.color("reconstruction", 0.8))
        if len(self._trails) > 1:
            self._paint_trails(painter, rect, view, theme)
        ratio = device_ratio(painter)
        rim = "#13161A" if theme.dark else "#FFFFFF"
        for dots in self._dots.values():
            mark = sprite(dots.shape, getattr(theme, dots.token), rim, dots.radius, ratio)
            draw_sprites(painter, mark, view.to_pixels(rect, dots.at))
        if self._pull is not None:
            self._paint_pull(painter, rect, view, ink, self._pull)
        self.paint_ring(painter, rect, theme)

    def _paint_trails(self, painter: QPainter, rect: QRectF, view: MapView, theme: Theme) -> None:
        """In three strengths, the newest strongest."""
        at = view.to_pixels(rect, np.concatenate(self._trails)).reshape(len(self._trails), -1, 2)
        pieces = np.concatenate((at[:-1], at[1:]), axis=-1)
        for share, part in zip((0.3, 0.55, 0.9), np.array_split(pieces, 3), strict=True):
            draw_lines(painter, part.reshape(-1, 4), theme.color("generated", share))

    def _paint_pull(
        self, painter: QPainter, rect: QRectF, view: MapView, ink: QColor, pull: Pull
    ) -> None:
        extent = 1.0
        if self._frame is not None:
            extent = max(self._frame[1] - self._frame[0], self._frame[3] - self._frame[2]) / 2
        # by how much the loss would fall on the way across half the data: no unit is left
        by = bounded(pull.toward.astype(np.float64) * extent, LONGEST) * (1.0, -1.0)
        start = view.to_pixels(rect, pull.at.astype(np.float64))
        draw_lines(painter, arrows(start, by), ink)

    def paint_ring(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """A code on its way, and what it becomes."""
        way = self._way
        if way is None or self.ringless:
            return
        ink = QColor("#FFFFFF") if theme.dark else theme.color("text")
        start, end = self.view.to_pixel(rect, *way.start), self.view.to_pixel(rect, *way.end)
        here = start + (end - start) * self._gone
        faint = QColor(ink)
        faint.setAlphaF(0.55)
        whole = np.array([[start.x(), start.y(), here.x(), here.y()]])
        draw_lines(painter, whole, faint)
        box = QRectF(start.x() - 3.5, start.y() - 3.5, 7, 7)
        painter.setBrush(theme.color("code"))
        painter.drawRect(box)
        disc(painter, here, 3.0, ink)
        if self._gone < 1.0:
            return
        ring(painter, end, 7.0, theme.color("surface", 0.8), 3.5)
        ring(painter, end, 7.0, ink, 1.75)
        label = formula_box("G(z)", 14, ink, None)
        left = end.x() + 12 if end.x() + 12 + label.width < rect.right() else end.x() - 56
        label.paint(painter, left, max(end.y() - 8, rect.top() + 16))
