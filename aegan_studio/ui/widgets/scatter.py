"""A map of points in two dimensions: classes by colour, what lies behind them, and pins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.theme import CLASS_COLOURS, Theme, current_theme, on_theme
from aegan_studio.ui.widgets.painting import smooth
from aegan_studio.ui.widgets.pictures import paint_sentence
from aegan_studio.ui.widgets.plot_data import Floats
from aegan_studio.ui.widgets.scatter_cloud import Cloud, Shape, Tints, medians
from aegan_studio.ui.widgets.scatter_layers import DotLayer, Look
from aegan_studio.ui.widgets.scatter_paint import (
    BOTTOM,
    LEFT,
    TOP,
    legend_width,
    paint_axes,
    paint_class_labels,
    paint_cursor,
    paint_legend,
    paint_path,
    paint_pins,
)
from aegan_studio.ui.widgets.scatter_raster import fitting_radius
from aegan_studio.ui.widgets.scatter_view import MapView, fitted

REST_MS = 30
"""How long the view must rest before the picture is made exact."""


RING_MS = 10
"""The ring follows a moment late: what decodes the code comes first."""
STILL_SHARE = 0.25
"""A repaint of less than this share of the map changes nothing but its ring."""
RING = 17
"""Pixels from the middle of the ringed code to beyond its ring."""


class ScatterMap(QWidget):
    """Points with equal axes; drag to pan, wheel to zoom, double click to fit.

    Parameters
    ----------
    classes : sequence of str
        Names of the classes, for the legend and the labels at their medians.
    axis_labels : (str, str)
        LaTeX of the two axes.
    radius : float
        Radius of a dot in px; thousands of dots are drawn smaller.
    pick : bool
        Dragging with the left button reports ``dragged`` instead of panning, as for a walk
        through a latent space; pan then with the middle button or Space.
    """

    clicked = Signal(float, float)
    """Data coordinates under a click."""
    moved = Signal(float, float)
    """Data coordinates under the pointer."""
    dragged = Signal(float, float)
    """Data coordinates under a drag of the left button, where ``pick`` is on."""
    point_hovered = Signal(int)
    """Index of the point of the first layer within 8 px of the pointer, else −1."""
    view_changed = Signal(float, float, float, float)
    """x0, x1, y0, y1 in view."""

    def __init__(
        self,
        *,
        classes: Sequence[str] = (),
        axis_labels: tuple[str, str] = ("", ""),
        radius: float = 3.0,
        empty: str = "",
        pick: bool = False,
        legend: bool = True,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._class_names = list(classes)
        self._axis_labels = axis_labels
        self._radius, self._empty, self._pick, self._legend = radius, empty, pick, legend
        self._clouds: dict[str, Cloud] = {}
        self._hidden: set[str] = set()
        self._ticks = True
        self._axes_key: tuple[object, ...] = ()
        self._axes: QPixmap | None = None
        self._pins: dict[str, tuple[float, float]] = {}
        self._path: Floats | None = None
        self._cursor: tuple[float, float] | None = None
        self._ring_area = QRegion()
        self._still: QPixmap | None = None
        self._ringless = False
        self._ring_soon = QTimer(self, singleShot=True, interval=RING_MS)
        self._ring_soon.timeout.connect(self._paint_ring)
        self._view: MapView | None = None
        self._stamp = 0
        self._fit: MapView = MapView()
        self._fit_key: object = None
        self._press: QPointF | None = None
        self._last: QPointF | None = None
        self._panning = False
        self._refining = QTimer(self, singleShot=True)
        self._refining.timeout.connect(self._refine)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 100)
        self.setAccessibleName(name or tr("Map"))
        on_theme(self._retint)

    def set_points(
        self,
        xy: npt.NDArray[Any],
        classes: npt.NDArray[Any] | None = None,
        *,
        layer: str = "points",
        shape: Shape = "disc",
        color: str = "real",
        tints: Tints | None = None,
        rows: npt.NDArray[Any] | None = None,
        opacity: float = 1.0,
    ) -> None:
        """Replace one layer: ``xy (N, 2)``, class indices ``(N,)`` or a colour token for all.

        The view stays, once a person has moved it; before, it fits.

        Parameters
        ----------
        tints : Tints or None
            Other colours than those of the classes.
        rows : ndarray of int, ascending, or None
            Those that are drawn; by default all.
        opacity : float
            Of the whole layer, 0–1.
        """
        points = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
        index = None if classes is None else np.asarray(classes, dtype=np.intp)
        chosen = None if rows is None else np.asarray(rows, dtype=np.intp)
        older = self._clouds.get(layer)
        if older is not None and older.is_of(points, index, chosen, tints):
            dots, middles = older.dots, older.medians
        else:
            dots = DotLayer(points, index if tints is None else tints.index, chosen)
            middles = {} if index is None else medians(points, index, chosen)
            if older is not None:
                dots.take_over(older.dots)
        self._clouds[layer] = Cloud(
            points, index, chosen, shape, color, tints, opacity, middles, dots
        )
        self._stamp += 1
        self.update()

    def remove_points(self, layer: str) -> None:
        """Take a layer away."""
        if self._clouds.pop(layer, None) is not None:
            self._stamp += 1
            self.update()

    def clear(self) -> None:
        """Take all points, pins, path, cursor and background away."""
        self._clouds.clear()
        self._pins, self._path, self._cursor = {}, None, None
        self._view = None
        self._stamp += 1
        self.update()

    def set_classes(self, names: Sequence[str]) -> None:
        """Rename the classes."""
        self._class_names = list(names)
        self.update()

    def show_ticks(self, on: bool) -> None:
        """Number the axes, or not, where their numbers mean nothing."""
        self._ticks = on
        self.update()

    def set_layer_visible(self, layer: str, visible: bool) -> None:
        """Show or hide a layer."""
        (self._hidden.discard if visible else self._hidden.add)(layer)
        self._stamp += 1
        self.update()

    def set_pins(self, pins: Mapping[str, tuple[float, float]]) -> None:
        """Name places: label to data coordinates."""
        self._pins = dict(pins)
        self.update()

    def set_path(self, xy: npt.NDArray[Any] | None) -> None:
        """Draw a walk through data coordinates ``(N, 2)``."""
        self._path = None if xy is None else np.asarray(xy, dtype=np.float64).reshape(-1, 2)
        self.update()

    def set_cursor(self, at: tuple[float, float] | None) -> None:
        """Ring the current code, in data coordinates."""
        before, self._cursor = self._cursor, at
        for place in (before, at):
            if place is not None:  # its ring alone: it moves while all else stays
                pixel = self.pixel_of(*place).toPoint()
                corners = QRect(pixel - QPoint(RING, RING), pixel + QPoint(RING, RING))
                self._ring_area = self._ring_area.united(corners)
        if not self._ring_soon.isActive():
            self._ring_soon.start()

    def _paint_ring(self) -> None:
        area, self._ring_area = self._ring_area, QRegion()
        self.update(area)

    @property
    def cursor_at(self) -> tuple[float, float] | None:
        """The ringed code."""
        return self._cursor

    def _retint(self, _theme: Theme) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        """A square plane of about 360 px."""
        return QSize(420, 380)

    def plane(self) -> QRectF:
        """The plane within the widget."""
        right = self.room_right()
        return QRectF(LEFT, TOP, self.width() - LEFT - right, self.height() - TOP - BOTTOM)

    def room_right(self) -> float:
        """The room right of the plane, for the legend."""
        return legend_width(self._legend_rows(current_theme())) if self._legend else 8.0

    @property
    def view(self) -> MapView:
        """What is in view: as moved, or fitted to the points."""
        return self._view if self._view is not None else self.fitted_view()

    @property
    def is_dragged(self) -> bool:
        """Whether a button is held."""
        return self._press is not None

    @property
    def moved_away(self) -> bool:
        """Whether a person has chosen what is in view."""
        return self._view is not None

    def fitted_view(self) -> MapView:
        """What is in view until somebody moves it: all points; heirs may frame otherwise."""
        plane = self.plane()
        key = (self._stamp, plane.width(), plane.height())
        if self._fit_key != key:
            clouds = [c.shown for name, c in self._clouds.items() if name not in self._hidden]
            self._fit_key, self._fit = key, fitted(plane, clouds)
        return self._fit

    def fit(self) -> None:
        """See all points again."""
        self._view = None
        self._changed()

    def set_view(self, view: MapView) -> None:
        """Look at another part."""
        self._view = view
        self._changed()

    def _changed(self) -> None:
        self.update(self.moved_region())
        self.view_changed.emit(*self.view.bounds(self.plane()))

    def moved_region(self) -> QRegion:
        """What must be painted anew where the view is another."""
        return QRegion(self.rect())

    def data_at(self, pos: QPointF) -> tuple[float, float]:
        """The data coordinates under a pixel of the widget."""
        return self.view.to_data(self.plane(), pos)

    def pixel_of(self, x: float, y: float) -> QPointF:
        """The pixel of the widget at data coordinates."""
        return self.view.to_pixel(self.plane(), x, y)

    def nearest(self, pos: QPointF, within: float = 8.0) -> int:
        """The index of the first layer's point nearest a pixel, −1 beyond ``within`` px."""
        cloud = next(iter(self._clouds.values()), None)
        if cloud is None or not cloud.count:
            return -1
        return cloud.dots.grid.nearest(*self.data_at(pos), within / self.view.scale)

    def _legend_rows(self, theme: Theme) -> list[tuple[str, str, Shape]]:
        rows: list[tuple[str, str, Shape]] = []
        for name, cloud in self._clouds.items():
            if cloud.classes is not None:
                rows += [
                    (label, theme.class_color(k), cloud.shape)
                    for k, label in enumerate(self._class_names)
                ]
            elif len(self._clouds) > 1 or name != "points":
                rows.append((name, theme.color(cloud.color).name(), cloud.shape))
        return rows

    def _look(self, cloud: Cloud, ratio: float, theme: Theme) -> Look:
        rim, share = (0, 0, 0), 0.75 if theme.dark else 0.5
        if cloud.tints is not None:
            palette = cloud.tints.palette
        elif cloud.classes is not None:
            palette = CLASS_COLOURS
        else:
            palette = (theme.color(cloud.color).name(),)
        if theme.dark and (cloud.classes is not None or cloud.tints is not None):
            rim, share = (255, 255, 255), 0.7
        nearer = min(self.fitted_view().scale / self.view.scale, 1.0)
        radius = fitting_radius(int(cloud.count * nearer**2), self._radius) * ratio
        share = share if radius >= 2 * ratio else share * 0.5
        return Look(palette, radius, cloud.shape == "square", rim, share)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint background, axes, points, labels, path and pins."""
        area = event.region().boundingRect()
        if area.width() * area.height() > STILL_SHARE * self.width() * self.height():
            self._still = None
            self._paint(QPainter(self))
            return
        # only the ring has moved, or a corner was uncovered: all else is as it was painted last
        if self._still is None:
            self._still = QPixmap(self.size() * self.devicePixelRatioF())
            self._still.setDevicePixelRatio(self.devicePixelRatioF())
            self._still.fill(Qt.GlobalColor.transparent)
            self._ringless = True
            self._paint(QPainter(self._still))
            self._ringless = False
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.drawPixmap(0, 0, self._still)
        smooth(painter)
        painter.setClipRect(self.plane(), Qt.ClipOperation.IntersectClip)
        self.paint_ring(painter, self.plane(), current_theme())

    def _paint(self, painter: QPainter) -> None:
        theme = current_theme()
        smooth(painter)
        rect = self.plane()
        if not any(len(cloud.xy) for cloud in self._clouds.values()) and self._empty:
            paint_sentence(painter, QRectF(self.rect()), self._empty)
            return
        painter.fillRect(rect, theme.color("sunken" if theme.dark else "surface"))
        painter.save()
        painter.setClipRect(rect)
        self.paint_behind(painter, rect, theme)
        painter.restore()
        self._paint_axes(painter, rect, theme)
        self._paint_dots(painter, rect, theme)
        painter.save()
        painter.setClipRect(rect)
        self.paint_above(painter, rect, theme)
        painter.restore()
        if self._legend:
            paint_legend(painter, rect, self._legend_rows(theme), theme)

    def _paint_axes(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Frame and numbers; kept where they stay while all else changes with every frame."""
        key = (self.view, rect.width(), rect.height(), theme.name, self._axis_labels, self._ticks)
        ratio = device_ratio(painter)
        known, self._axes_key = self._axes_key, (*key, ratio)
        if known != self._axes_key or not is_live(painter, self):
            self._axes = None
            paint_axes(painter, rect, self.view, theme, self._axis_labels, ticks=self._ticks)
            return
        if self._axes is None:
            self._axes = QPixmap(self.size() * ratio)
            self._axes.setDevicePixelRatio(ratio)
            self._axes.fill(Qt.GlobalColor.transparent)
            inner = QPainter(self._axes)
            smooth(inner)
            paint_axes(inner, rect, self.view, theme, self._axis_labels, ticks=self._ticks)
            inner.end()
        painter.drawPixmap(0, 0, self._axes)

    def paint_behind(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """What lies under the points; for heirs."""

    def paint_above(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """What lies upon the points: path, labels, pins and the ringed code."""
        if self._path is not None and len(self._path):
            paint_path(painter, rect, self.view, self._path, theme)
        self.paint_labels(painter, rect, theme)
        paint_pins(painter, rect, self.view, self._pins, theme)
        self.paint_ring(painter, rect, theme)

    @property
    def ringless(self) -> bool:
        """Whether what is painted now is kept, and the ring comes upon it later."""
        return self._ringless

    def repaint_ring(self, *areas: QRectF) -> None:
        """Paint what :meth:`paint_ring` paints anew within these areas, and nothing else."""
        for area in areas:
            self._ring_area = self._ring_area.united(area.toAlignedRect())
        if not self._ring_soon.isActive():
            self._ring_soon.start()

    def paint_ring(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The ring about the current code."""
        if self._cursor is not None and not self._ringless:
            paint_cursor(painter, self.view.to_pixel(rect, *self._cursor), theme)

    def paint_labels(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The names of the classes, each at its median."""
        for name, cloud in self._clouds.items():
            if cloud.classes is not None and name not in self._hidden:
                paint_class_labels(
                    painter, rect, self.view, cloud.medians, self._class_names, theme
                )

    def _paint_dots(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        ratio, live = device_ratio(painter), is_live(painter, self)
        exact = True
        for name, cloud in self._clouds.items():
            if name not in self._hidden and cloud.count:
                painter.setOpacity(cloud.opacity)
                look = self._look(cloud, ratio, theme)
                exact &= cloud.dots.paint(painter, rect, self.view, ratio, look, live)
        painter.setOpacity(1.0)
        if not exact:
            self._refining.start(REST_MS)

    @property
    def is_exact(self) -> bool:
        """Whether the points are drawn exactly, with nothing left to refine."""
        return not self._refining.isActive()

    def _refine(self) -> None:
        """Work on the exact picture while the view rests; the next move begins anew."""
        ratio = self.devicePixelRatioF()
        for name, cloud in self._clouds.items():
            if name in self._hidden or not cloud.count:
                continue
            if not cloud.dots.refine(self.view, self.plane(), ratio):
                self._refining.start(0)
                return
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell who decodes the background."""
        self.view_changed.emit(*self.view.bounds(self.plane()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, a drag or a pan."""
        self._press = self._last = event.position()
        middle = event.button() == Qt.MouseButton.MiddleButton
        self._panning = middle or not self._pick
        if self._pick and event.button() == Qt.MouseButton.LeftButton:
            self.dragged.emit(*self.data_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, drag, or read the point under the pointer."""
        pos = event.position()
        if self._press is None or self._last is None:
            if self.plane().contains(pos):
                self.moved.emit(*self.data_at(pos))
                self.point_hovered.emit(self.nearest(pos))
            return
        if self._panning:
            step = pos - self._last
            self.set_view(self.view.panned(step.x(), step.y()))
        else:
            self.dragged.emit(*self.data_at(pos))
        self._last = pos

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press that did not move is a click."""
        press, self._press = self._press, None
        if press is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if (event.position() - press).manhattanLength() <= 4:
            self.clicked.emit(*self.data_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fit."""
        self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        """No point is under the pointer."""
        self.point_hovered.emit(-1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        factor = 1.0015 ** event.angleDelta().y()
        self.set_view(self.view.zoomed(self.plane(), event.position(), factor))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pan (with ``pick``: move the ringed code), Plus and Minus zoom, Home fits."""
        steps = {
            Qt.Key.Key_Left: (-1.0, 0.0),
            Qt.Key.Key_Right: (1.0, 0.0),
            Qt.Key.Key_Up: (0.0, 1.0),
            Qt.Key.Key_Down: (0.0, -1.0),
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._arrow(*steps[key], bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            factor = 0.8 if key == Qt.Key.Key_Minus else 1.25
            self.set_view(self.view.zoomed(self.plane(), self.plane().center(), factor))
        elif key == Qt.Key.Key_Home:
            self.fit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cursor is not None:
            self.clicked.emit(*self._cursor)
        else:
            super().keyPressEvent(event)

    def _arrow(self, right: float, up: float, coarse: bool) -> None:
        if self._pick and self._cursor is not None:
            by = (24.0 if coarse else 4.0) / self.view.scale
            self.dragged.emit(self._cursor[0] + right * by, self._cursor[1] + up * by)
        else:
            by = 120.0 if coarse else 30.0
            self.set_view(self.view.panned(-right * by, up * by))


def is_live(painter: QPainter, widget: QWidget) -> bool:
    """Whether what is painted goes to the screen, where another frame follows, or is kept."""
    store: Any = widget.window().backingStore()
    return store is not None and store.paintDevice() is painter.paintEngine().paintDevice()
