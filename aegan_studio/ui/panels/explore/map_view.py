"""The latent map's plane: the kit's scatter map, with tiles behind it, a route, and a lens."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.latent.messages import Array, Floats, Sheeted
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.theme import NOTE, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    draw_text,
    fill_round,
    smooth,
    soft_shadow,
    stroke_round,
    text_width,
)
from aegan_studio.ui.widgets.pictures import picture_image
from aegan_studio.ui.widgets.scatter import ScatterMap
from aegan_studio.ui.widgets.scatter_paint import paint_cursor, paint_pins
from aegan_studio.ui.widgets.scatter_view import MapView, fitted

LENS = 64
VIEW_RESTS_MS = 120
REACH = 14.0
"""How near a press must be to A or B to take hold of it."""
KEPT_IN_VIEW = 0.96
"""While at least this share of the points is in view, a view that was fitted stays."""
FAINT = {"dark": 0.40, "light": 0.30}
"""How opaque tiles are behind the points."""

PriorShape = Literal["", "normal", "uniform"]


class LatentScatter(ScatterMap):
    """A scatter map to travel on; A and B are dragged by their pins."""

    peeked = Signal(object)
    """The place under the pointer, ``(x, y)``, or ``None``."""
    end_dragged = Signal(str, float, float)
    """``A`` or ``B`` is dragged to a place."""
    arrived = Signal()
    """A drag is over."""
    ground_wanted = Signal()
    """Another part of the plane is in view, and the view rests."""

    def __init__(self, *, empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(empty=empty, pick=True, name=tr("Latent map"), parent=parent)
        self._titles = ("", "")
        self._sheet: Sheeted | None = None
        self._prior: tuple[PriorShape, tuple[float, float]] = ("", (0.0, 0.0))
        self._ends: dict[str, tuple[float, float]] = {}
        self._route: Floats | None = None
        self._lens: tuple[Array, Depiction] | None = None
        self._pointer: QPointF | None = None
        self._holding = ""
        self._places: Floats = np.zeros((0, 2))
        self._fitted: MapView | None = None
        self._ground_key: object = None
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._rest = QTimer(self, singleShot=True, interval=VIEW_RESTS_MS)
        self._rest.timeout.connect(self.ground_wanted)
        self.view_changed.connect(lambda *_bounds: self._rest.start())
        on_theme(self._new_ground)

    # What is shown

    def show_axes(self, formulas: tuple[str, str], titles: tuple[str, str]) -> None:
        """Name the axes: with formulas beside the ticks, or with words inside the frame."""
        self._axis_labels = formulas
        self._titles = titles
        self.update()

    def show_places(
        self, places: Floats, prior: PriorShape, origin: tuple[float, float], *, afresh: bool
    ) -> None:
        """Keep these places in view: refit if asked, or where a fitted view lost them."""
        self._prior = (prior, origin)
        self._places = places
        if afresh or self._fitted is None or (self._untouched and self._off()):
            self.fit()
        self._new_ground()

    @property
    def _untouched(self) -> bool:
        return self.view == self._fitted

    def _extent(self) -> list[Floats]:
        """The points, and the bulk of the prior where it lies in the plane."""
        kind, origin = self._prior
        if not kind:
            return [self._places]
        reach = 1.08 if kind == "uniform" else 2.6
        corners = np.array(((-reach, -reach), (reach, reach))) + origin
        return [self._places, np.repeat(corners, len(self._places) // 100 + 1, axis=0)]

    def _off(self) -> bool:
        x0, x1, y0, y1 = self.view.bounds(self.plane())
        x, y = self._places[:, 0], self._places[:, 1]
        inside = ((x > x0) & (x < x1) & (y > y0) & (y < y1)).mean()
        return bool(inside < KEPT_IN_VIEW) or (
            self.view.scale < 0.6 * fitted(self.plane(), self._extent()).scale
        )

    def fit(self) -> None:
        """See all points, and the bulk of the prior."""
        self._fitted = fitted(self.plane(), self._extent())
        self.set_view(self._fitted)

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        self._sheet = self._route = self._lens = self._fitted = None
        self._ends, self._titles, self._prior = {}, ("", ""), ("", (0.0, 0.0))
        self._places = np.zeros((0, 2))
        self._ground_key = None

    def show_sheet(self, sheet: Sheeted | None) -> None:
        """Show decoded tiles behind the points."""
        self._sheet = sheet
        self._new_ground()

    def show_route(self, ends: dict[str, tuple[float, float]], route: Floats | None) -> None:
        """Pin A and B, and draw the way between them."""
        self._ends, self._route = ends, route
        self.update()

    @property
    def ends(self) -> dict[str, tuple[float, float]]:
        """Where A and B lie."""
        return dict(self._ends)

    def show_lens(self, item: Array | None, depiction: Depiction) -> None:
        """Show a picture beside the pointer, or none."""
        self._lens = None if item is None else (item, depiction)
        self.update()

    # Painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again, unless a person moved the view."""
        untouched = self._untouched
        super().resizeEvent(event)
        if len(self._places) and untouched:
            self.fit()

    def _new_ground(self, _theme: Theme | None = None) -> None:
        self._ground_key = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tiles and rings behind, then the map, then the route, the ends and the lens."""
        if not len(self._places):
            super().paintEvent(event)
            return
        key = (self.view, self.plane(), self.devicePixelRatioF())
        if key != self._ground_key:
            self._ground_key = key
            self._paint_ground()
        super().paintEvent(event)
        painter, theme, plane = QPainter(self), current_theme(), self.plane()
        smooth(painter)
        self._paint_titles(painter, plane, theme)
        painter.setClipRect(plane.adjusted(-1, -1, 1, 1))
        if self._route is not None:
            _paint_route(painter, self.view.to_pixels(plane, self._route), theme)
        paint_pins(painter, plane, self.view, self._ends, theme)
        if self.cursor_at is not None:
            paint_cursor(painter, self.pixel_of(*self.cursor_at), theme)
        painter.setClipping(False)
        if self._lens is not None and self._pointer is not None and not self._holding:
            self._paint_lens(painter, self._pointer, theme)

    def _paint_ground(self) -> None:
        """Tiles and rings as one picture that covers the view pixel for pixel."""
        plane, ratio, theme = self.plane(), self.devicePixelRatioF(), current_theme()
        width, height = round(plane.width() * ratio), round(plane.height() * ratio)
        if width < 2 or height < 2:
            return
        image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        smooth(painter)
        painter.translate(-plane.topLeft())
        if self._sheet is not None and self._sheet.items.dtype == np.uint8:
            self._paint_tiles(painter, self._sheet, theme)
        self._paint_prior(painter, theme)
        painter.end()
        x0, x1, y0, y1 = self.view.bounds(plane)
        self.set_background(image, QRectF(x0, y0, x1 - x0, y1 - y0))

    def _paint_tiles(self, painter: QPainter, sheet: Sheeted, theme: Theme) -> None:
        left, bottom, width, height = sheet.rect
        ratio = device_ratio(painter)
        corner = self.pixel_of(left, bottom + height)
        across = width / sheet.columns * self.view.scale
        down = height / sheet.rows * self.view.scale
        tall, wide = sheet.items.shape[1:3]
        factor = max(1, int(min(across / wide, down / tall) * 0.94 * ratio))
        size = QPointF(wide * factor / ratio, tall * factor / ratio)
        painter.setOpacity(FAINT[theme.name])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for index, tile in enumerate(sheet.items):
            row, column = divmod(index, sheet.columns)
            x = corner.x() + (column + 0.5) * across - size.x() / 2
            y = corner.y() + (row + 0.5) * down - size.y() / 2
            spot = QRectF(round(x * ratio) / ratio, round(y * ratio) / ratio, size.x(), size.y())
            painter.drawImage(spot, picture_image(tile[None], theme))
        painter.setOpacity(1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_prior(self, painter: QPainter, theme: Theme) -> None:
        """One to three standard deviations of a normal prior, or the square of a uniform one."""
        kind, origin = self._prior
        if not kind:
            return
        color = QColor(theme.edge)
        color.setAlphaF(0.7)
        painter.setPen(QPen(color, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        centre, unit = self.pixel_of(*origin), self.view.scale
        if kind == "uniform":
            painter.drawRect(QRectF(centre.x() - unit, centre.y() - unit, 2 * unit, 2 * unit))
            return
        for deviations in (1, 2, 3):
            painter.drawEllipse(centre, deviations * unit, deviations * unit)

    def _paint_titles(self, painter: QPainter, plane: QRectF, theme: Theme) -> None:
        """What the axes are, in words, at their ends inside the frame."""
        font = ui_font(NOTE)
        across, up = self._titles
        for text, spot in (
            (across, QPointF(plane.right() - 6, plane.bottom() - 24)),
            (up, QPointF(plane.left() + 6, plane.top() + 6)),
        ):
            if text:
                width = text_width(text, font) + 12
                left = spot.x() - width if text == across else spot.x()
                plate = QRectF(left, spot.y(), width, 18)
                fill_round(painter, plate, 4, theme.color("surface", 0.9))
                draw_text(painter, plate, text, theme.text2, font, CENTRE, elide=False)

    def _paint_lens(self, painter: QPainter, at: QPointF, theme: Theme) -> None:
        assert self._lens is not None
        item, depiction = self._lens
        native, ratio = depiction.native_size(item), device_ratio(painter)
        factor = max(1, int(LENS * ratio / max(native.width(), native.height())))
        width, height = native.width() * factor / ratio, native.height() * factor / ratio
        left = at.x() + 18 if at.x() + 24 + width < self.width() else at.x() - 18 - width
        top = at.y() - 18 - height if at.y() - 24 - height > 0 else at.y() + 18
        spot = QRectF(round(left), round(top), width, height)
        frame = spot.adjusted(-3, -3, 3, 3)
        soft_shadow(painter, frame, 4, 0.3)
        fill_round(painter, frame, 3, theme.surface)
        depiction.paint(painter, spot, item)
        stroke_round(painter, frame, 3, theme.strong)

    # The pointer

    def _end_at(self, at: QPointF) -> str:
        for name, place in self._ends.items():
            off = self.pixel_of(*place) - at
            on_plate = abs(off.x()) <= 10 and 6 <= off.y() <= 28
            if on_plate or np.hypot(off.x(), off.y()) <= REACH / 2:
                return name
        return ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of an end, or travel."""
        left = event.button() == Qt.MouseButton.LeftButton
        self._holding = self._end_at(event.position()) if left else ""
        if not self._holding and (not left or self.plane().contains(event.position())):
            self._holding = "code" if left else "view"
            super().mousePressEvent(event)
        if self._holding:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held, or look."""
        at = event.position()
        self._pointer = at
        if self._holding in self._ends:
            self.end_dragged.emit(self._holding, *self.data_at(_within(at, self.plane())))
            return
        if not self._holding:
            inside = self.plane().contains(at)
            shapes = Qt.CursorShape
            over = shapes.OpenHandCursor if self._end_at(at) else shapes.CrossCursor
            self.setCursor(over if inside else shapes.ArrowCursor)
            self.peeked.emit(self.data_at(at) if inside else None)
        super().mouseMoveEvent(event)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        held, self._holding = self._holding, ""
        super().mouseReleaseEvent(event)
        if held and held != "view":
            self.arrived.emit()
        self.setCursor(Qt.CursorShape.CrossCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second click travels too; fitting is a button of its own."""
        self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is looked at."""
        super().leaveEvent(event)
        self._pointer = None
        self.peeked.emit(None)


def _paint_route(painter: QPainter, at: Any, theme: Theme) -> None:
    line = QPolygonF([QPointF(x, y) for x, y in at.tolist()])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((theme.color("surface", 0.85), 5.0), (theme.color("accent"), 2.25)):
        pen = QPen(color, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(line)


def _within(at: QPointF, rect: QRectF) -> QPointF:
    return QPointF(
        min(max(at.x(), rect.left()), rect.right()), min(max(at.y(), rect.top()), rect.bottom())
    )
