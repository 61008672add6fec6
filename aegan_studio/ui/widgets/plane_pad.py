"""The plane [−1, 1]² to paint data on: brush, spray and eraser, by mouse, pen and keyboard."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from aegan_studio.sketches import CELL, COLOURS, FULL, Hand, Sketch, Tool
from aegan_studio.ui.theme import NOTE, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.brushed import Brushed
from aegan_studio.ui.widgets.painted_once import PaintedOnce
from aegan_studio.ui.widgets.painting import CENTRE, RIGHT, disc, draw_text, ring, smooth
from aegan_studio.ui.widgets.plot_axes import tick_text

RADII = (0.02, 0.5)
"""The finest and the broadest brush, in units of the plane."""
FINER = 0.8
"""What a key press makes of the brush's radius."""
PUFF_MS = 40
"""Between two puffs of spray while the button is held."""
STEP, LEAP = CELL, 6 * CELL
"""What an arrow key moves the brush by, and with Shift."""
TICKS = (-1.0, -0.5, 0.0, 0.5, 1.0)
FEW = 600
"""Spots that are drawn large and with an outline; more would be one heap."""
_LEFT, _TOP, _RIGHT, _BOTTOM = 36, 10, 14, 24

Place = tuple[float, float]


class PlanePad(Brushed):
    """Shows a sketch and the points drawn from it; a stroke makes another sketch.

    The left button paints, the right one erases; a click with Shift goes straight from where the
    last stroke ended; a pen's pressure changes the width. Arrow keys move a brush of their own,
    which paints while Space is held. ``[`` and ``]`` change the brush.
    """

    painted = Signal(object)
    """A stroke ended that changed something: the :class:`Sketch` it left."""
    brush_changed = Signal()
    """Keys changed tool or radius."""
    undo_asked = Signal()
    redo_asked = Signal()
    clear_asked = Signal()

    def __init__(self, *, hint: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.sketch = Sketch.blank()
        """What is shown, the stroke under way included."""
        self.tool: Tool = "brush"
        self.radius = 0.08
        self.strength = 1.0
        self.colour = 0
        self._hint = hint
        self._points: npt.NDArray[Any] | None = None
        self._spot_layer, self._point_layer = PaintedOnce(), PaintedOnce()
        self._image = QImage()
        self._hand: Hand | None = None
        self._before = self.sketch
        self._held: Place = (0.0, 0.0)
        self._pressure = 1.0
        self._pen = self._by_key = False
        self._last: Place | None = None
        self._cursor: Place | None = None
        self._strokes = 0
        self._puffs = QTimer(self, interval=PUFF_MS)
        self._puffs.timeout.connect(self._puff)
        self.setMinimumSize(220, 220)
        on_theme(self._retint)

    # What is shown

    def show_sketch(self, sketch: Sketch) -> None:
        """Show another sketch; a stroke under way is given up."""
        self._puffs.stop()
        self._hand = None
        self._by_key = self._pen = False
        self.sketch = self._before = sketch
        self._retint(current_theme())

    def give_up(self) -> None:
        """Forget the stroke under way, if there is one."""
        if self._hand is not None:
            self.show_sketch(self._before)

    def show_points(self, points: npt.NDArray[Any] | None) -> None:
        """Show points (n, 2) over the ink; or none."""
        self._points = points
        self.update()

    @property
    def image(self) -> QImage:
        """The ink in the colours of the theme, a pixel a cell."""
        return self._image

    def undo(self) -> None:
        """Ask for the last edit to be taken back."""
        self.undo_asked.emit()

    def redo(self) -> None:
        """Ask for it to be done again."""
        self.redo_asked.emit()

    def clear(self) -> None:
        """Ask for everything to be taken away."""
        self.clear_asked.emit()

    @property
    def is_painting(self) -> bool:
        """Whether a stroke is under way."""
        return self._hand is not None

    @property
    def cursor_place(self) -> Place | None:
        """Where the brush of the arrow keys is, once it was used."""
        return self._cursor

    # Geometry

    def sizeHint(self) -> QSize:
        """Large enough to draw in."""
        return QSize(520, 520)

    def square(self) -> QRectF:
        """Where the plane lies, in widget coordinates."""
        room = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)
        side = math.floor(min(room.width(), room.height()))
        left = room.left() + math.floor((room.width() - side) / 2)
        return QRectF(left, room.top() + math.floor((room.height() - side) / 2), side, side)

    def place_of(self, x: float, y: float) -> QPointF:
        """Where a place of the plane lies."""
        square = self.square()
        half = square.width() / 2
        return QPointF(square.left() + (x + 1) * half, square.top() + (1 - y) * half)

    def _at(self, place: QPointF) -> Place:
        square = self.square()
        half = max(square.width() / 2, 1.0)
        return (place.x() - square.left()) / half - 1, 1 - (place.y() - square.top()) / half

    # Strokes

    def _begin(self, at: Place, pressure: float, tool: Tool, *, joined: bool = False) -> None:
        self._before = self.sketch
        self._strokes += 1
        self._hand = Hand(
            self.sketch,
            tool,
            self.radius,
            strength=self.strength if tool != "eraser" else 1.0,
            colour=self.colour,
            seed=self._strokes,
        )
        if joined and self._last is not None and tool != "spray":
            self._move(self._last, pressure)
        self._move(at, pressure)
        if tool == "spray":
            self._puffs.start()

    def _move(self, at: Place, pressure: float) -> None:
        if self._hand is not None:
            self._hand.move(*at, pressure)
            self._held, self._pressure, self._last = at, pressure, at
            self.sketch = self._hand.sketch
            self._retint(current_theme())

    def _puff(self) -> None:
        self._move(self._held, self._pressure)

    def _end(self) -> None:
        self._puffs.stop()
        if self._hand is None:
            return
        self._hand = None
        self._by_key = False
        before, after = self._before, self.sketch
        self._before = after
        self.update()
        if not after.looks_like(before):
            self.painted.emit(after)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Set the brush down."""
        buttons = (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)
        if event.button() not in buttons or self.is_painting:
            return
        erase = event.button() == Qt.MouseButton.RightButton
        joined = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._cursor = None
        self._begin(
            self._at(event.position()), 1.0, "eraser" if erase else self.tool, joined=joined
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Paint on; without a button show where the brush is."""
        self._hover = event.position()
        if self.is_painting and not self._pen and not self._by_key:
            self._move(self._at(event.position()), 1.0)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift the brush."""
        if not self._pen and not self._by_key:
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen paints with its pressure, and its other end erases."""
        self._hover = event.position()
        at = self._at(event.position())
        match event.type():
            case QEvent.Type.TabletPress if not self.is_painting:
                self._pen = True
                rubber = event.pointerType().name == "Eraser"
                self._begin(at, event.pressure(), "eraser" if rubber else self.tool)
            case QEvent.Type.TabletMove if self._pen:
                self._move(at, event.pressure())
            case QEvent.Type.TabletRelease:
                self._end()
                self._pen = False
        event.accept()
        self.update()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Space paint; tools, radius, undo, copy and clear have keys."""
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        tools: dict[int, Tool] = {
            Qt.Key.Key_B: "brush",
            Qt.Key.Key_S: "spray",
            Qt.Key.Key_E: "eraser",
        }
        key = Qt.Key(event.key())
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key in steps:
            leap = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._step(*steps[key], LEAP if leap else STEP)
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat() and not self.is_painting:
                self._cursor = self._cursor or (0.0, 0.0)
                self._by_key = True
                self._begin(self._cursor, 1.0, self.tool)
        elif key == Qt.Key.Key_BracketLeft:
            self._widen(FINER)
        elif key == Qt.Key.Key_BracketRight:
            self._widen(1 / FINER)
        elif plain and key in tools:
            self.tool = tools[key]
            self.brush_changed.emit()
            self.update()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space lifts the brush of the arrow keys."""
        if event.key() == Qt.Key.Key_Space and self._by_key and not event.isAutoRepeat():
            self._end()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys go elsewhere: what they painted so far is the stroke."""
        if self._by_key:
            self._end()
        super().focusOutEvent(event)

    def _step(self, across: int, up: int, by: float) -> None:
        if self._cursor is None:
            self._cursor = (0.0, 0.0)
        else:
            x, y = self._cursor[0] + across * by, self._cursor[1] + up * by
            self._cursor = (min(max(x, -1.0), 1.0), min(max(y, -1.0), 1.0))
        self._hover = None
        if self._by_key:
            self._move(self._cursor, 1.0)
        self.update()

    def _widen(self, factor: float) -> None:
        self.radius = min(max(self.radius * factor, RADII[0]), RADII[1])
        self.brush_changed.emit()
        self.update()

    # Painting

    def _retint(self, theme: Theme) -> None:
        self._image = ink_image(self.sketch, theme)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint axes, ink, spots, points, and the brush."""
        with QPainter(self) as painter:
            self._paint(painter, current_theme())

    def _paint(self, painter: QPainter, theme: Theme) -> None:
        smooth(painter)
        square = self.square()
        painter.fillRect(square, theme.color("sunken"))
        self._paint_axes(painter, square, theme)
        painter.save()
        painter.setClipRect(square)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(square, self._image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        self._paint_dots(painter, square, theme)
        if self._hint and self.sketch.is_blank and not self.is_painting:
            painter.setPen(theme.color("text2"))
            painter.setFont(ui_font())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            room = square.adjusted(24, 16, -24, -16).translated(0, -24)  # above the axis
            painter.drawText(room, int(flags), self._hint)
        self._paint_brush(painter, square, theme)
        painter.restore()
        painter.setPen(theme.color("strong"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_axes(self, painter: QPainter, square: QRectF, theme: Theme) -> None:
        font = ui_font(NOTE)
        for value in TICKS:
            at, text = self.place_of(value, value), tick_text(value, 0.5)
            if abs(value) < 1:
                painter.setPen(QPen(theme.color("hairline"), 1))
                painter.drawLine(QPointF(at.x(), square.top()), QPointF(at.x(), square.bottom()))
                painter.drawLine(QPointF(square.left(), at.y()), QPointF(square.right(), at.y()))
            below = QRectF(at.x() - 20, square.bottom() + 5, 40, 14)
            draw_text(painter, below, text, theme.text3, font, CENTRE)
            beside = QRectF(square.left() - _LEFT, at.y() - 8, _LEFT - 7, 16)
            draw_text(painter, beside, text, theme.text3, font, RIGHT)

    def _paint_dots(self, painter: QPainter, square: QRectF, theme: Theme) -> None:
        sketch, points = self.sketch, self._points
        if len(sketch.spots):
            shown = (sketch.spots, sketch.spot_colours, theme)
            self._spot_layer.paint(
                painter, square, shown, lambda brush, room: _spots(brush, room, sketch, theme)
            )
        if points is not None and not self.is_painting:
            ink = theme.color("text", 0.62)
            self._point_layer.paint(
                painter,
                square,
                (points, theme),
                lambda brush, room: _dots(brush, room, points, 2.6, ink),
            )

    def _paint_brush(self, painter: QPainter, square: QRectF, theme: Theme) -> None:
        radius = max(self.radius * square.width() / 2, 2.0)
        if self._hover is not None and self.isEnabled() and self._cursor is None:
            ring(painter, self._hover, radius + 1, theme.color("surface", 0.9))
            ring(painter, self._hover, radius, theme.color("text", 0.9))
        if self._cursor is not None:
            at = self.place_of(*self._cursor)
            ring(painter, at, radius + 1.5, theme.color("surface", 0.9), 2.0)
            ring(painter, at, radius, theme.accent, 2.0)
            disc(painter, at, 2.0, theme.accent)


def _spots(painter: QPainter, square: QRectF, sketch: Sketch, theme: Theme) -> None:
    few = len(sketch.spots) <= FEW
    for colour in np.flatnonzero(np.bincount(sketch.spot_colours)).tolist():
        mine = sketch.spots[sketch.spot_colours == colour]
        if few:
            _dots(painter, square, mine, 6.0, theme.color("sunken", 0.7))
        _dots(painter, square, mine, 4.5 if few else 2.5, QColor(theme.class_color(colour)))


def _dots(
    painter: QPainter, square: QRectF, points: npt.NDArray[Any], width: float, ink: QColor
) -> None:
    """Points (n, 2) of the plane that fills the square."""
    pen = QPen(ink, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    middle = square.center()
    places = points * (square.width() / 2, -square.width() / 2) + (middle.x(), middle.y())
    painter.drawPoints([QPointF(x, y) for x, y in places.tolist()])


def ink_image(sketch: Sketch, theme: Theme) -> QImage:
    """The ink of a sketch in the colours of the classes, a pixel a cell, denser more opaque."""
    tints = tuple(theme.class_color(colour) for colour in range(len(COLOURS)))
    pixels = np.ascontiguousarray(_tints(tints)[sketch.colours, sketch.ink])
    height, width = pixels.shape
    form = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, width * 4, form).copy()


@lru_cache(maxsize=4)
def _tints(colours: tuple[str, ...]) -> npt.NDArray[np.uint32]:
    """Premultiplied pixels (colours, FULL + 1): what each density of a colour looks like."""
    table = np.zeros((len(colours), FULL + 1), np.uint32)
    for colour, name in enumerate(colours):
        tint = QColor(name)
        for level in range(1, FULL + 1):
            share = 0.15 + 0.75 * level / FULL
            word = round(255 * share)
            for part in (tint.red(), tint.green(), tint.blue()):
                word = word << 8 | round(part * share)
            table[colour, level] = word
    return table
