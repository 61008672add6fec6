"""A pad whose grid points are seeds: drag between them and codes blend."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.catalog.seeds import seed_at
from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.latent.messages import Array
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.theme import TICK, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import CENTRE, disc, draw_text, ring, smooth, snap

CLOSEST, FARTHEST = 200.0, 26.0
"""Pixels between seeds at most and at least."""
FILLED = 0.72
"""The share of the way between seeds that a picture takes."""
NUMBERED_FROM = 44.0
"""Pixels between seeds from which their numbers have room."""
_EDGE = 18.0

Point = tuple[int, int]
ItemAt = Callable[[Point], Array | None]


class SeedPad(QWidget):
    """Seeds as pictures on a grid, and the place between them that is blended.

    Drag to move, double click to go to the nearest seed; the wheel zooms, the right button pans;
    arrow keys move by a tenth (Shift 1, Ctrl 0.01).

    Parameters
    ----------
    item_at : callable
        What the seed at a point (column, row) of the grid decodes to, ``None`` where it is unknown.
    """

    moved = Signal(float, float)
    """A person moves: column and row."""
    settled = Signal()
    view_changed = Signal()
    """Other points are in view."""

    def __init__(
        self,
        item_at: ItemAt,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._item_at = item_at
        self._depiction = Depiction()
        self._centre = QPointF(0.0, 0.0)
        self._pitch = 64.0
        self._place = QPointF(0.0, 0.0)
        self._on = False
        self.snap = False
        self._pan: QPointF | None = None
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRadius", 6.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(tr("Pad of seeds"))
        self.setToolTip(
            tr(
                "Pictures are seeds; between them codes blend. Drag to move, double click for the "
                "nearest seed, wheel to zoom, right button to pan, arrow keys for small steps."
            )
        )
        on_theme(self._retint)

    # The view

    @property
    def place(self) -> tuple[float, float]:
        """Column and row of the place that is blended."""
        return self._place.x(), self._place.y()

    @property
    def pitch(self) -> float:
        """Pixels between neighbouring seeds."""
        return self._pitch

    def set_depiction(self, depiction: Depiction) -> None:
        """How items are drawn."""
        self._depiction = depiction
        self.update()

    def set_place(self, column: float, row: float, *, on: bool = True) -> None:
        """Show the place; ``on`` says whether the current code is the one blended there."""
        self._place, self._on = QPointF(column, row), on
        self.setAccessibleDescription(f"{column:.2f}, {row:.2f}")
        if on:
            self._bring_into_view()
        self.update()

    def _bring_into_view(self) -> None:
        spot = self.pixel_of(*self.place)
        inner = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        if inner.isEmpty() or inner.contains(spot):
            return
        if not QRectF(self.rect()).adjusted(-40, -40, 40, 40).contains(spot):
            self._centre = QPointF(self._place)  # far away: there is nothing to slide past
            self._hold()
            self.view_changed.emit()
            return
        x = min(max(spot.x(), inner.left()), inner.right())
        y = min(max(spot.y(), inner.top()), inner.bottom())
        self._centre += QPointF((spot.x() - x) / self._pitch, (spot.y() - y) / self._pitch)
        self.view_changed.emit()

    def pixel_of(self, column: float, row: float) -> QPointF:
        """Where a place lies in the widget; rows grow downwards, as they are read."""
        middle = QRectF(self.rect()).center()
        return QPointF(
            middle.x() + (column - self._centre.x()) * self._pitch,
            middle.y() + (row - self._centre.y()) * self._pitch,
        )

    def place_at(self, at: QPointF) -> tuple[float, float]:
        """Column and row at a point of the widget."""
        middle = QRectF(self.rect()).center()
        return (
            self._centre.x() + (at.x() - middle.x()) / self._pitch,
            self._centre.y() + (at.y() - middle.y()) / self._pitch,
        )

    def points(self) -> list[Point]:
        """Points of the grid in view and those about the place, the nearest to it first."""
        left, top = self.place_at(QPointF(0, 0))
        right, bottom = self.place_at(QPointF(self.width(), self.height()))
        x, y = self.place
        found = {
            (column, row)
            for column in range(max(math.floor(left), 0), math.ceil(right) + 1)
            for row in range(max(math.floor(top), 0), math.ceil(bottom) + 1)
        }
        found |= {(math.floor(x) + dx, math.floor(y) + dy) for dx in (0, 1) for dy in (0, 1)}
        return sorted(found, key=lambda point: math.hypot(point[0] - x, point[1] - y))

    def _hold(self) -> None:
        """Keep the first seed from leaving the left and upper edge: there are none before it."""
        left, top = self.place_at(QPointF(0, 0))
        margin = FILLED / 2 + 8 / self._pitch
        self._centre += QPointF(max(-margin - left, 0.0), max(-margin - top, 0.0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other points come into view."""
        super().resizeEvent(event)
        self._hold()
        self.view_changed.emit()

    def sizeHint(self) -> QSize:
        """Three seeds wide, two high."""
        return QSize(220, 150)

    def minimumSizeHint(self) -> QSize:
        """Room to drag in."""
        return QSize(120, 72)

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Bring seeds apart or together, about a point of the widget."""
        about = about or self.pixel_of(*self.place)
        before = self.place_at(about)
        self._pitch = min(max(self._pitch * factor, FARTHEST), CLOSEST)
        after = self.place_at(about)
        self._centre += QPointF(before[0] - after[0], before[1] - after[1])
        self._hold()
        self.view_changed.emit()
        self.update()

    # What a person does

    def _go(self, column: float, row: float) -> None:
        column, row = max(column, 0.0), max(row, 0.0)  # there are no seeds below 0
        if self.snap:
            column, row = round(column), round(row)
        if (column, row) != self.place or not self._on:
            self.set_place(column, row)
            self.moved.emit(column, row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move here, or begin to pan."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragging = True
            self._go(*self.place_at(event.position()))
        elif event.button() in (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
            self._pan = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move along, or pan."""
        if self._dragging:
            self._go(*self.place_at(event.position()))
        elif self._pan is not None:
            by = event.position() - self._pan
            self._pan = event.position()
            self._centre -= QPointF(by.x() / self._pitch, by.y() / self._pitch)
            self._hold()
            self.view_changed.emit()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A gesture is over."""
        if self._dragging and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = False
            self.settled.emit()
        if self._pan is not None and event.button() != Qt.MouseButton.LeftButton:
            self._pan = None
            self.setCursor(Qt.CursorShape.CrossCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """To the nearest seed."""
        column, row = self.place_at(event.position())
        self._go(round(column), round(row))
        self.settled.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        self.zoom(1.2 ** (turned / 120), event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move, plus and minus zoom, Enter goes to the nearest seed."""
        step = 1.0 if self.snap else 0.1
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            step = 1.0
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier and not self.snap:
            step = 0.01
        ways = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        key = Qt.Key(event.key())
        if key in ways:
            x, y = self.place
            dx, dy = ways[key]
            # rounded, so that ten small steps meet the next seed exactly
            self._go(round(x + dx * step, 4), round(y + dy * step, 4))
            self.settled.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1.25)
        elif key == Qt.Key.Key_Minus:
            self.zoom(0.8)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(round(self.place[0]), round(self.place[1]))
            self.settled.emit()
        else:
            super().keyPressEvent(event)

    # Painting

    def _retint(self, _theme: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the seeds, the cell that is blended, and the place."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        whole = QRectF(self.rect())
        painter.fillRect(whole, theme.color("sunken"))
        ratio = device_ratio(painter)
        side = self._pitch * FILLED
        x, y = self.place
        for column, row in self.points():
            middle = self.pixel_of(column, row)
            square = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
            if not whole.intersects(square.adjusted(-8, -8, 8, 16)):
                continue
            item = self._item_at((column, row))
            rect = square if item is None else self._fitted(item, square, ratio)
            if item is None:
                painter.fillRect(rect, theme.color("hover"))
            else:
                self._depiction.paint(painter, rect, item)
            weight = max(0.0, 1 - abs(x - column)) * max(0.0, 1 - abs(y - row))
            if self._on and weight > 0.004:
                ink = theme.color("accent")
                ink.setAlphaF(0.25 + 0.75 * weight)
                painter.setPen(QPen(ink, 2.0))
            else:
                painter.setPen(QPen(theme.color("hairline"), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(-1.5, -1.5, 1.5, 1.5))
            if self._pitch >= NUMBERED_FROM:
                below = QRectF(middle.x() - self._pitch / 2, rect.bottom() + 1, self._pitch, 12)
                number = str(seed_at(column, row))
                draw_text(painter, below, number, theme.text3, ui_font(TICK), CENTRE)
        self._paint_place(painter)

    def _fitted(self, item: Array, square: QRectF, ratio: float) -> QRectF:
        """Whole factors of the picture's own pixels."""
        if self._depiction.of_points:
            return square
        native = self._depiction.native_size(item)
        fit = square.width() * ratio / max(native.width(), native.height())
        factor = float(int(fit)) if fit >= 1.0 else 1.0 / math.ceil(1.0 / fit)
        wide, tall = native.width() * factor / ratio, native.height() * factor / ratio
        left = snap(square.center().x() - wide / 2, ratio)
        return QRectF(left, snap(square.center().y() - tall / 2, ratio), wide, tall)

    def _paint_place(self, painter: QPainter) -> None:
        theme, spot = current_theme(), self.pixel_of(*self.place)
        if self._on:
            ring(painter, spot, 7.0, theme.surface, 5.0)
            ring(painter, spot, 7.0, theme.accent, 2.5)
            disc(painter, spot, 3.0, theme.surface)
            disc(painter, spot, 2.0, theme.accent)
        else:
            ring(painter, spot, 6.0, theme.text3, 1.5)
