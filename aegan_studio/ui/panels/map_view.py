"""The latent map's plane: points to see, places to go to, ends to drag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent_messages import Array, Charted, Floats, Sheeted
from aegan_studio.ui.panels import map_paint as draw
from aegan_studio.ui.panels.depict import Depiction
from aegan_studio.ui.panels.map_paint import MapScale
from aegan_studio.ui.theme import NOTE, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import smooth, soft_shadow, stroke_round, text_width

LEFT_MARGIN, BOTTOM_MARGIN = 44.0, 26.0
LEGEND_ROW = 20.0
LENS = 64.0
VIEW_RESTS_MS = 120
REACH = 12.0
"""How near a press must be to A or B to take hold of it."""

_Grip = Literal["", "code", "A", "B", "pan"]


class MapView(QWidget):
    """Draws a chart and turns the pointer into places.

    A click or drag travels, A and B are dragged by their pins, the wheel zooms, a drag with
    Shift or the middle button pans. With the keyboard: arrows travel, + and − zoom, 0 fits.
    """

    travelled = Signal(float, float)
    """A place to go to; many during a drag."""
    arrived = Signal()
    """A drag of the code or of an end is over."""
    end_dragged = Signal(str, float, float)
    """``A`` or ``B`` is dragged to a place."""
    peeked = Signal(object)
    """The place under the resting pointer, ``(x, y)``, or ``None``."""
    view_changed = Signal()
    """Another part of the plane is shown; once the view rests."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart: Charted | None = None
        self._scale: MapScale | None = None
        self._moved_by_hand = False
        self._classes: tuple[str, ...] = ()
        self._titles = ("", "")
        self._formula = False
        self._sheet: Sheeted | None = None
        self._hidden: set[int] = set()
        self._ground: QPixmap | None = None
        self._code: tuple[float, float] | None = None
        self._ends: dict[str, tuple[float, float]] = {}
        self._route: Floats | None = None
        self._lens: tuple[Array, Depiction] | None = None
        self._pointer: QPointF | None = None
        self._grip: _Grip = ""
        self._pressed: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRadius", 4.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 200)
        self.setAccessibleName(tr("Latent map"))
        self._rest = QTimer(self, singleShot=True, interval=VIEW_RESTS_MS)
        self._rest.timeout.connect(self.view_changed)
        on_theme(self._repaint_ground)

    # What is shown

    def set_chart(
        self, chart: Charted | None, classes: tuple[str, ...] = (), titles: tuple[str, str] = ("", ""),
        *, formula: bool = False, fit: bool = False,
    ) -> None:
        """Show the codes of a chart; the view stays where it is unless most would leave it."""
        self._chart, self._classes = chart, classes
        self._titles, self._formula = titles, formula
        if chart is None:
            self._scale = self._sheet = self._code = self._route = None
            self._ends, self._hidden, self._moved_by_hand = {}, set(), False
        elif fit or self._scale is None or (
            not self._moved_by_hand and not 0.96 <= self._coverage(chart)
        ):
            self.fit()
        self._repaint_ground()

    def _coverage(self, chart: Charted) -> float:
        """How well the view suits the chart: the share in view, 0 where it is far too wide."""
        assert self._scale is not None
        fitted = MapScale.around(self._scale.plot, self._extent(chart))
        return 0.0 if self._scale.unit < fitted.unit * 0.6 else self._scale.shows(chart.places)

    def _extent(self, chart: Charted) -> Floats:
        """The places that a fitted view shows: the points, and a prior's bulk where it has one."""
        places = chart.places
        if not chart.prior or places.shape[1] != 2:
            return places
        reach = 1.0 if chart.prior == "uniform" else 2.6
        corners = np.array(((-reach, -reach), (reach, reach))) + chart.origin
        return np.vstack((places, np.repeat(corners, len(places) // 100 + 1, axis=0)))

    def fit(self) -> None:
        """Show everything."""
        if self._chart is not None:
            self._moved_by_hand = False
            self._set_scale(MapScale.around(self._plot(), self._extent(self._chart)))

    def set_sheet(self, sheet: Sheeted | None) -> None:
        """Show decoded tiles behind the points."""
        self._sheet = sheet
        self._repaint_ground()

    def set_code(self, place: tuple[float, float] | None) -> None:
        """Ring the current code."""
        self._code = place
        self.update()

    def set_ends(
        self, ends: Mapping[str, tuple[float, float]], route: Floats | None = None
    ) -> None:
        """Pin A and B and draw the way between them, places (n, 2)."""
        self._ends, self._route = dict(ends), route
        self.update()

    def set_lens(self, item: Array | None, depiction: Depiction) -> None:
        """Show a picture beside the pointer, or none."""
        self._lens = None if item is None else (item, depiction)
        self.update()

    @property
    def scale(self) -> MapScale | None:
        """How places become pixels."""
        return self._scale

    @property
    def hidden_classes(self) -> frozenset[int]:
        """Classes that the legend switched off."""
        return frozenset(self._hidden)

    # Lay-out

    def _legend_width(self) -> float:
        names = self._legend()
        if not names:
            return 0.0
        widest = max(text_width(name, ui_font(NOTE)) for _, name, _, _ in names)
        return min(widest + 28.0, 96.0)

    def _legend(self) -> list[tuple[int, str, str, bool]]:
        """Class (−1: held-out), name, colour, hollow."""
        chart, theme = self._chart, current_theme()
        if chart is None:
            return []
        rows: list[tuple[int, str, str, bool]] = []
        if chart.labels is not None:
            for kind in np.unique(chart.labels).tolist()[:20]:
                rows.append((kind, self._name(kind), theme.class_color(kind), False))
        if chart.held_out.any():
            rows.append((-1, tr("held out"), theme.text2, True))
        return rows

    def _name(self, kind: int) -> str:
        return tr(self._classes[kind]) if kind < len(self._classes) else str(kind)

    def legend_rect(self, row: int) -> QRectF:
        """Where a line of the legend lies."""
        width = self._legend_width()
        return QRectF(self.width() - width + 6, 2 + row * LEGEND_ROW, width - 6, LEGEND_ROW)

    def _plot(self) -> QRectF:
        return QRectF(
            LEFT_MARGIN, 1, self.width() - LEFT_MARGIN - 1 - self._legend_width(),
            self.height() - BOTTOM_MARGIN,
        )

    def _set_scale(self, scale: MapScale) -> None:
        self._scale = scale
        self._repaint_ground()
        self._rest.start()

    def sizeHint(self) -> QSize:
        """The largest panel of its screen."""
        return QSize(580, 560)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is shown."""
        if self._chart is None or self._scale is None:
            return
        if not self._moved_by_hand:
            self.fit()
            return
        old, plot = self._scale, self._plot()
        unit = old.unit * min(
            plot.width() / max(old.plot.width(), 1), plot.height() / max(old.plot.height(), 1)
        )
        self._set_scale(MapScale(plot, old.x, old.y, unit))

    # Painting

    def _repaint_ground(self, _theme: Theme | None = None) -> None:
        self._ground = None
        self.update()

    def _painted_ground(self, scale: MapScale, chart: Charted) -> QPixmap:
        ratio = self.devicePixelRatioF()
        if self._ground is not None and self._ground.devicePixelRatio() == ratio:
            return self._ground
        theme = current_theme()
        ground = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        ground.setDevicePixelRatio(ratio)
        ground.fill(theme.color("surface"))
        painter = QPainter(ground)
        smooth(painter)
        plot = scale.plot
        painter.fillRect(plot, theme.color("sunken" if theme.dark else "surface"))
        painter.setClipRect(plot)
        if self._sheet is not None and self._sheet.items.dtype == np.uint8:
            draw.paint_tiles(painter, scale, theme, self._sheet)
        draw.paint_prior(painter, scale, theme, chart.prior, chart.origin)
        self._paint_points(painter, scale, theme, chart)
        painter.setClipping(False)
        stroke_round(painter, plot, 0, theme.strong)
        draw.paint_axes(painter, scale, theme, self._titles, formula=self._formula)
        for row, (kind, name, color, hollow) in enumerate(self._legend()):
            off = kind in self._hidden
            draw.paint_legend(
                painter, self.legend_rect(row), theme, color, name, off=off, hollow=hollow
            )
        painter.end()
        self._ground = ground
        return ground

    def _paint_points(
        self, painter: QPainter, scale: MapScale, theme: Theme, chart: Charted
    ) -> None:
        shown = ~chart.held_out if -1 in self._hidden else np.ones(len(chart.places), np.bool_)
        colors: list[tuple[str, npt.NDArray[np.bool_]]] = []
        names: dict[str, tuple[str, Floats]] = {}
        if chart.labels is None:
            colors.append((theme.code, shown))
        else:
            for kind in np.unique(chart.labels).tolist():
                mine = chart.labels == kind
                if kind not in self._hidden and mine.any():
                    color = theme.class_color(kind)
                    colors.append((color, shown & mine))
                    names[self._name(kind)] = (color, np.median(chart.places[mine], axis=0))
        draw.paint_points(painter, scale, theme, chart.places, colors, chart.held_out)
        if len(names) <= 20:
            draw.paint_names(painter, scale, theme, names)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground from its cache; on it the walk, the ends and the current code."""
        chart, scale = self._chart, self._scale
        if chart is None or scale is None:
            return
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        painter.drawPixmap(0, 0, self._painted_ground(scale, chart))
        painter.setClipRect(scale.plot.adjusted(-12, -12, 12, 12) & QRectF(self.rect()))
        if self._route is not None:
            draw.paint_route(painter, scale.pixels(self._route), theme)
        for name, place in self._ends.items():
            draw.paint_end(painter, scale.pixel(*place), theme, name)
        if self._code is not None:
            draw.paint_current(painter, scale.pixel(*self._code), theme)
        if self._lens is not None and self._pointer is not None and not self._grip:
            self._paint_lens(painter, self._pointer, theme)

    def _paint_lens(self, painter: QPainter, at: QPointF, theme: Theme) -> None:
        assert self._lens is not None
        item, depiction = self._lens
        native = depiction.native_size(item)
        ratio = self.devicePixelRatioF()
        factor = max(1, int(LENS * ratio / max(native.width(), native.height())))
        width, height = native.width() * factor / ratio, native.height() * factor / ratio
        left = at.x() + 18 if at.x() + 24 + width < self.width() else at.x() - 18 - width
        top = at.y() - 18 - height if at.y() - 24 - height > 0 else at.y() + 18
        spot = QRectF(round(left), round(top), width, height)
        frame = spot.adjusted(-3, -3, 3, 3)
        soft_shadow(painter, frame, 4, 0.3)
        painter.fillRect(frame, theme.color("surface"))
        depiction.paint(painter, spot, item)
        stroke_round(painter, frame, 3, theme.strong)

    # The pointer

    def _grip_at(self, at: QPointF) -> _Grip:
        assert self._scale is not None
        for name, grip in (("A", "A"), ("B", "B")):
            place = self._ends.get(name)
            if place is not None:
                off = self._scale.pixel(*place) - at
                if np.hypot(off.x(), off.y()) <= REACH:
                    return grip  # type: ignore[return-value]
        return "code" if self._scale.plot.contains(at) else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the code, an end or the view, or switch a class off."""
        if self._scale is None:
            return
        at = event.position()
        self._pressed = at
        middle = event.button() == Qt.MouseButton.MiddleButton
        if middle or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._grip = "pan"
        elif event.button() == Qt.MouseButton.LeftButton:
            if self._toggle_legend(at):
                return
            self._grip = self._grip_at(at)
            if self._grip == "code":
                self.travelled.emit(*self._scale.place(at))
        self.update()

    def _toggle_legend(self, at: QPointF) -> bool:
        for row, (kind, *_rest) in enumerate(self._legend()):
            if self.legend_rect(row).contains(at):
                self._hidden ^= {kind}
                self._repaint_ground()
                return True
        return False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held; else look at what is under the pointer."""
        at, scale = event.position(), self._scale
        if scale is None:
            return
        before, self._pointer = self._pointer, at
        match self._grip:
            case "code":
                self.travelled.emit(*scale.place(_within(at, scale.plot)))
            case "A" | "B":
                self.end_dragged.emit(self._grip, *scale.place(_within(at, scale.plot)))
            case "pan" if before is not None:
                off = at - before
                self._moved_by_hand = True
                self._set_scale(
                    MapScale(
                        scale.plot,
                        scale.x - off.x() / scale.unit,
                        scale.y + off.y() / scale.unit,
                        scale.unit,
                    )
                )
            case _:
                self._look(at)

    def _look(self, at: QPointF) -> None:
        assert self._scale is not None
        inside = self._scale.plot.contains(at)
        if any(self.legend_rect(row).contains(at) for row in range(len(self._legend()))):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        elif inside and self._grip_at(at) in ("A", "B"):
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif inside:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()
        self.peeked.emit(self._scale.place(at) if inside else None)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._grip in ("code", "A", "B"):
            self.arrived.emit()
        self._grip = ""
        self._pressed = None

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is looked at."""
        self._pointer = None
        self.peeked.emit(None)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        self.zoom(1.0015 ** event.angleDelta().y(), event.position())

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Magnify about a pixel, by default the middle."""
        scale = self._scale
        if scale is None:
            return
        at = about or scale.plot.center()
        x, y = scale.place(at)
        unit = min(max(scale.unit * factor, 1e-6), 1e9)
        kept = scale.unit / unit
        self._moved_by_hand = True
        self._set_scale(
            MapScale(scale.plot, x + (scale.x - x) * kept, y + (scale.y - y) * kept, unit)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows travel 8 pixels (Shift: 40), + and − zoom, 0 fits."""
        scale, code = self._scale, self._code
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        key = Qt.Key(event.key())
        if key in steps and scale is not None and code is not None:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            stride = (40.0 if shift else 8.0) / scale.unit
            across, up = steps[key]
            self.travelled.emit(code[0] + across * stride, code[1] + up * stride)
            self.arrived.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1.25)
        elif key == Qt.Key.Key_Minus:
            self.zoom(0.8)
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)


def _within(at: QPointF, rect: QRectF) -> QPointF:
    return QPointF(
        min(max(at.x(), rect.left()), rect.right()), min(max(at.y(), rect.top()), rect.bottom())
    )
