"""A canvas to draw on, with mouse, pen or finger; strokes are taken back one by one."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from aegan_studio.strokes import Brush, Canvas, Window
from aegan_studio.ui.theme import Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.brushed import Brushed
from aegan_studio.ui.widgets.painting import ring, smooth
from aegan_studio.ui.widgets.pictures import Pixels, to_image, to_pixels

WIDTHS = (0.02, 0.3)
"""The thinnest and the widest brush, the longer side of the canvas being 1."""
FINER = 0.8
"""What a key press makes of the brush's width."""


class DrawPad(Brushed):
    """Draws strokes on a :class:`~aegan_studio.strokes.Canvas`.

    The left button draws, the right one erases; a click with Shift draws a straight line from
    where the last stroke ended. A pen's pressure changes the width. ``[`` and ``]`` change the
    brush, Ctrl Z and Ctrl Shift Z take back and do again, Delete takes all strokes away.
    """

    changed = Signal()
    """What is seen changed: with every point of a stroke, and whatever else."""
    finished = Signal()
    """A stroke or another change is complete."""
    brush_changed = Signal()
    """Keys changed the brush."""

    def __init__(self, *, hint: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.canvas = Canvas(8, 8)
        self.brush = Brush()
        self._paper = True
        self._hint = hint
        self._image = QImage()
        self._drawing = False
        self._pen = False
        self._last: tuple[float, float] | None = None
        on_theme(self._retint)

    def set_canvas(self, canvas: Canvas, *, paper: bool) -> None:
        """Draw on this canvas; ``paper``: one channel is ink on paper in the light theme."""
        self.canvas, self._paper = canvas, paper
        self._drawing, self._last = False, None
        self._retint(current_theme())

    def set_hint(self, hint: str) -> None:
        """What an empty canvas says."""
        self._hint = hint
        self.update()

    def refresh(self) -> None:
        """The canvas was changed from outside: show it and say so."""
        self._retint(current_theme())
        self.changed.emit()
        self.finished.emit()

    @property
    def image(self) -> QImage:
        """The canvas in the colours of the theme."""
        return self._image

    def undo(self) -> None:
        """Take the last stroke or change back."""
        if self.canvas.can_undo:
            self.canvas.undo()
            self.refresh()

    def redo(self) -> None:
        """Do again what was taken back."""
        if self.canvas.can_redo:
            self.canvas.redo()
            self.refresh()

    def clear(self) -> None:
        """Take all strokes away, and where there are none what lies beneath."""
        if self.canvas.is_blank:
            return
        if self.canvas.is_untouched:
            self.canvas.lay(None)
        else:
            self.canvas.wipe()
        self.refresh()

    # Geometry

    def sizeHint(self) -> QSize:
        """A square of 240 px."""
        return QSize(240, 240)

    def canvas_rect(self) -> QRectF:
        """Where the canvas lies, in widget coordinates."""
        room = QRectF(self.rect())
        scale = min(room.width() / self.canvas.width, room.height() / self.canvas.height)
        wide = math.floor(self.canvas.width * scale)
        tall = math.floor(self.canvas.height * scale)
        left = math.floor((room.width() - wide) / 2)
        return QRectF(left, math.floor((room.height() - tall) / 2), wide, tall)

    def place_of(self, x: float, y: float) -> QPointF:
        """Where a place of the canvas lies, its longer side being 1."""
        rect = self.canvas_rect()
        unit = max(rect.width(), rect.height())
        return QPointF(rect.left() + x * unit, rect.top() + y * unit)

    def _at(self, place: QPointF) -> tuple[float, float]:
        rect = self.canvas_rect()
        unit = max(rect.width(), rect.height(), 1.0)
        return (place.x() - rect.left()) / unit, (place.y() - rect.top()) / unit

    # Drawing

    def _begin(self, place: QPointF, pressure: float, *, erase: bool, joined: bool) -> None:
        brush = replace(self.brush, erase=True) if erase else self.brush
        x, y = self._at(place)
        start = self._last if joined and self._last is not None else (x, y)
        self._drawing = True
        self._show(self.canvas.begin(brush, *start, pressure))
        if start != (x, y):
            self._show(self.canvas.extend(x, y, pressure))
        self._last = (x, y)
        self.changed.emit()

    def _extend(self, place: QPointF, pressure: float) -> None:
        x, y = self._at(place)
        if (x, y) != self._last:
            self._show(self.canvas.extend(x, y, pressure))
            self._last = (x, y)
            self.changed.emit()

    def _end(self) -> None:
        if self._drawing:
            self._drawing = False
            self.canvas.finish()
            self.finished.emit()
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Set the brush down."""
        buttons = (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)
        if event.button() not in buttons or self._drawing:
            return
        erase = self.brush.erase or event.button() == Qt.MouseButton.RightButton
        joined = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._begin(event.position(), 1.0, erase=erase, joined=joined)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on; without a button show where the brush is."""
        self._hover = event.position()
        if self._drawing and not self._pen:
            self._extend(event.position(), 1.0)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift the brush."""
        if not self._pen:
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen draws with its pressure, and its other end erases."""
        self._hover = event.position()
        rubber = event.pointerType().name == "Eraser"
        match event.type():
            case QEvent.Type.TabletPress:
                self._pen = True
                erase = rubber or self.brush.erase
                self._begin(event.position(), event.pressure(), erase=erase, joined=False)
            case QEvent.Type.TabletMove if self._drawing:
                self._extend(event.position(), event.pressure())
            case QEvent.Type.TabletRelease:
                self._pen = False
                self._end()
        event.accept()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A finer or wider brush; undo, redo, copy, all strokes away."""
        if event.key() == Qt.Key.Key_BracketLeft:
            self._widen(FINER)
        elif event.key() == Qt.Key.Key_BracketRight:
            self._widen(1 / FINER)
        else:
            super().keyPressEvent(event)

    def _widen(self, factor: float) -> None:
        width = min(max(self.brush.width * factor, WIDTHS[0]), WIDTHS[1])
        self.brush = replace(self.brush, width=width)
        self.brush_changed.emit()
        self.update()

    # Painting

    def _retint(self, theme: Theme) -> None:
        self._image = self._tinted(self.canvas.pixels, theme)
        self.update()

    def _tinted(self, pixels: Pixels, theme: Theme) -> QImage:
        if pixels.ndim == 2 and not self._paper:
            pixels = np.repeat(pixels[..., None], 3, axis=2)
        return to_image(to_pixels(pixels[None], theme)[0])

    def _show(self, window: Window) -> None:
        rows, columns = window
        if rows.stop > rows.start and columns.stop > columns.start:
            part = self._tinted(self.canvas.part(window), current_theme())
            with QPainter(self._image) as painter:
                painter.drawImage(columns.start, rows.start, part)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the canvas, and the brush where the pointer is."""
        with QPainter(self) as painter:
            self._paint(painter, current_theme())

    def _paint(self, painter: QPainter, theme: Theme) -> None:
        smooth(painter)
        rect = self.canvas_rect()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(rect, self._image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.setPen(theme.color("strong"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        if self._hint and self.canvas.is_blank and not self._drawing:
            bright = self._paper and not theme.dark
            painter.setPen(theme.color("text3") if bright or theme.dark else theme.color("edge"))
            painter.setFont(ui_font())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(rect.adjusted(16, 12, -16, -12), int(flags), self._hint)
        if self._hover is not None and self.isEnabled():
            radius = self.brush.width * max(rect.width(), rect.height()) / 2
            ring(painter, self._hover, max(radius, 1.5) + 1, theme.color("surface", 0.9))
            ring(painter, self._hover, max(radius, 1.5), theme.color("text", 0.9))
