"""A picture whose pixels are painted over: which are unknown, or which may change."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from aegan_studio.steps_back import StepsBack
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.theme import Theme, current_theme, on_theme
from aegan_studio.ui.widgets.brushed import Brushed
from aegan_studio.ui.widgets.painting import smooth, snap
from aegan_studio.ui.widgets.pictures import (
    as_pictures,
    paint_sentence,
    picture_image,
    whole_factor,
)

Mask = npt.NDArray[np.bool_]
Tool = Literal["brush", "erase", "box"]
REMEMBERED = 100
"""Changes that can be taken back."""
VEIL = 0.55
"""How much the colour of the mask covers."""


class MaskPad(Brushed):
    """Shows a picture pixel by pixel under a mask that is painted with a brush or a box.

    The right button takes the mask away, whatever the tool. Arrow keys move a cell, Space
    paints it; Ctrl Z and Ctrl Shift Z take back and do again, I inverts, Delete clears.

    Parameters
    ----------
    empty : str
        The sentence where there is no picture.
    """

    mask_changed = Signal()
    """The mask is another; at the end of a stroke."""

    def __init__(self, empty: str = "", *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._empty = empty
        self._array: npt.NDArray[np.uint8] | None = None
        self._image: QImage | None = None
        self.painted: Mask = np.zeros((1, 1), np.bool_)
        self.tool: Tool = "brush"
        self.radius = 1.0
        """Of the brush, in pixels of the picture."""
        self.masking = True
        """Whether the mask is shown and painted on."""
        self.veiled = True
        """Whether what is painted is covered, or only outlined."""
        self._before: Mask | None = None
        self._taking = False
        self._corner: tuple[float, float] | None = None
        self._last: tuple[float, float] = (0.0, 0.0)
        self._cell: tuple[int, int] | None = None
        self._changes: StepsBack[tuple[Mask, Mask]] = StepsBack(REMEMBERED)
        on_theme(self._retint)

    # What is shown

    def set_picture(self, array: npt.NDArray[Any] | None) -> None:
        """Show (H, W) or (H, W, 3) uint8; a mask of another size is forgotten."""
        self._array = None if array is None else as_pictures(np.asarray(array)[None])[0]
        size = (1, 1) if self._array is None else self._array.shape[:2]
        if self.painted.shape != size:
            self.painted = np.zeros(size, np.bool_)
            self._changes.forget()
            self._before = self._corner = self._cell = None
            self.mask_changed.emit()
        self._retint(current_theme())

    @property
    def picture(self) -> npt.NDArray[np.uint8] | None:
        """The picture shown."""
        return self._array

    @property
    def image(self) -> QImage | None:
        """The picture in the colours of the theme, one image pixel a pixel."""
        return self._image

    def set_masking(self, on: bool) -> None:
        """Show the mask and paint on it, or only show the picture."""
        if on != self.masking:
            self.masking = on
            self.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)
            self.update()

    def set_veiled(self, on: bool) -> None:
        """Cover what is painted, or only outline it so that the picture beneath is seen."""
        if on != self.veiled:
            self.veiled = on
            self.update()

    def set_empty(self, sentence: str) -> None:
        """Change the sentence of the empty state."""
        self._empty = sentence
        self.update()

    def _retint(self, theme: Theme) -> None:
        self._image = None if self._array is None else picture_image(self._array, theme)
        self.update()

    # The mask

    def set_mask(self, mask: npt.ArrayLike) -> None:
        """Replace the mask (H, W); can be taken back."""
        new = np.array(mask, dtype=np.bool_)
        if new.shape == self.painted.shape and not np.array_equal(new, self.painted):
            self._changes.remember((self.painted if self._before is None else self._before, new))
            self._show_mask(new)

    def clear(self) -> None:
        """Nothing is painted."""
        self.set_mask(np.zeros_like(self.painted))

    def invert(self) -> None:
        """What was painted is free and the other way round."""
        self.set_mask(~self.painted)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self._changes.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return self._changes.can_redo

    def undo(self) -> None:
        """Take the last change of the mask back."""
        change = self._changes.undo()
        if change is not None:
            self._show_mask(change[0])

    def redo(self) -> None:
        """Do again what was taken back."""
        change = self._changes.redo()
        if change is not None:
            self._show_mask(change[1])

    def _show_mask(self, mask: Mask) -> None:
        """Another mask; a stroke under way is given up."""
        self.painted = mask
        self._before = self._corner = None
        self._say()

    def _say(self) -> None:
        self.update()
        self.mask_changed.emit()

    # Geometry

    def sizeHint(self) -> QSize:
        """A square of 240 px."""
        return QSize(240, 240)

    def picture_rect(self, ratio: float | None = None) -> QRectF:
        """Where the picture lies, in widget coordinates."""
        if self._image is None:
            return QRectF(self.rect())
        ratio = ratio or self.devicePixelRatioF()
        factor = whole_factor(self.size(), self._image.width(), self._image.height(), ratio, 512)
        wide = self._image.width() * factor / ratio
        tall = self._image.height() * factor / ratio
        left = snap((self.width() - wide) / 2, ratio)
        return QRectF(left, snap((self.height() - tall) / 2, ratio), wide, tall)

    def place_of(self, x: float, y: float) -> QPointF:
        """Where a place of the picture lies; its pixels are 1 wide and begin at whole numbers."""
        rect, (tall, wide) = self.picture_rect(), self.painted.shape
        return QPointF(rect.left() + x * rect.width() / wide, rect.top() + y * rect.height() / tall)

    def pixel_at(self, place: QPointF) -> tuple[float, float]:
        """The inverse of :meth:`place_of`."""
        rect, (tall, wide) = self.picture_rect(), self.painted.shape
        return (
            (place.x() - rect.left()) * wide / max(rect.width(), 1.0),
            (place.y() - rect.top()) * tall / max(rect.height(), 1.0),
        )

    # Painting the mask

    def _stamp(self, x: float, y: float) -> None:
        """Paint what a brush covers on the way from the last place."""
        start, end = np.array(self._last), np.array((x, y))
        steps = max(1, int(np.ceil(float(np.abs(end - start).max()) * 2)))
        tall, wide = self.painted.shape
        rows, columns = np.mgrid[0:tall, 0:wide] + 0.5
        for share in np.arange(1, steps + 1) / steps:
            at = start + (end - start) * share
            near = np.hypot(columns - at[0], rows - at[1]) <= self.radius
            here = (int(at[1]), int(at[0]))  # the pixel under the pointer, however fine the brush
            if 0 <= here[0] < tall and 0 <= here[1] < wide:
                near[here] = True
            self.painted[near] = not self._taking
        self._last = (x, y)

    def _box(self, x: float, y: float) -> None:
        assert self._corner is not None
        assert self._before is not None
        tall, wide = self.painted.shape
        (left, right), (top, bottom) = sorted((self._corner[0], x)), sorted((self._corner[1], y))
        self.painted = self._before.copy()
        rows = slice(max(int(top), 0), max(min(int(np.ceil(bottom)), tall), 0))
        columns = slice(max(int(left), 0), max(min(int(np.ceil(right)), wide), 0))
        self.painted[rows, columns] = not self._taking

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Set the brush or the corner of a box down."""
        buttons = (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)
        busy = self._before is not None
        if self._array is None or not self.masking or event.button() not in buttons or busy:
            return
        x, y = self.pixel_at(event.position())
        self._before, self.painted = self.painted, self.painted.copy()
        self._taking = self.tool == "erase" or event.button() == Qt.MouseButton.RightButton
        if self.tool == "box":
            self._corner = (x, y)
            self._box(x, y)
        else:
            self._last = (x, y)
            self._stamp(x, y)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Paint on; without a button show what the brush would cover."""
        self._hover, self._cell = event.position(), None
        if self._before is not None:
            x, y = self.pixel_at(event.position())
            if self._corner is not None:
                self._box(x, y)
            else:
                self._stamp(x, y)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The stroke is complete."""
        before, self._before, self._corner = self._before, None, None
        if before is not None and not np.array_equal(before, self.painted):
            self._changes.remember((before, self.painted))
            self._say()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Space paint cells; I inverts; undo, redo, copy, clear."""
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        key = Qt.Key(event.key())
        if key in steps and self._array is not None:
            tall, wide = self.painted.shape
            row, column = self._cell or (tall // 2, wide // 2)
            if self._cell is not None:
                row, column = row + steps[key][0], column + steps[key][1]
            self._cell = (min(max(row, 0), tall - 1), min(max(column, 0), wide - 1))
            self._hover = None
            self.update()
        elif key == Qt.Key.Key_Space and self._cell is not None:
            mask = self.painted.copy()
            mask[self._cell] = not mask[self._cell]
            self.set_mask(mask)
        elif key == Qt.Key.Key_I:
            self.invert()
        else:
            super().keyPressEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, the mask over it, and the brush."""
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        smooth(painter)
        if self._image is None:
            if self._empty:
                paint_sentence(painter, QRectF(self.rect()), self._empty)
            return
        theme, rect = current_theme(), self.picture_rect(device_ratio(painter))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawImage(rect, self._image)
        painter.setPen(theme.color("strong"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(0, 0, -1, -1))
        self._paint_mask(painter, rect, theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._hover is not None and self.masking and self.tool != "box":
            radius = max(self.radius * rect.width() / self.painted.shape[1], 3.0)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for grown, token in ((1.0, "surface"), (0.0, "text")):
                painter.setPen(QPen(theme.color(token, 0.9), 1.0))
                painter.drawEllipse(self._hover, radius + grown, radius + grown)
        if self._cell is not None:
            row, column = self._cell
            corners = self.place_of(column, row), self.place_of(column + 1, row + 1)
            painter.setPen(QPen(theme.color("accent"), 2.0))
            painter.drawRect(QRectF(*corners))

    def _paint_mask(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if not self.masking or not self.painted.any():
            return
        tall, wide = self.painted.shape
        veil = QColor(theme.accent)
        veil.setAlphaF(VEIL)
        levels = np.zeros((tall, wide), np.uint32)
        levels[self.painted] = veil.rgba()
        image = QImage(levels.data, wide, tall, 4 * wide, QImage.Format.Format_ARGB32).copy()
        if self.veiled or self._before is not None:
            painter.drawImage(rect, image)
        painter.setPen(QPen(theme.color("accent"), 2.0))
        across, down = rect.width() / wide, rect.height() / tall
        padded = np.pad(self.painted, 1)
        for row, column in np.argwhere(padded[1:, 1:-1] != padded[:-1, 1:-1]):
            y = rect.top() + row * down
            x = rect.left() + column * across
            painter.drawLine(QPointF(x, y), QPointF(x + across, y))
        for row, column in np.argwhere(padded[1:-1, 1:] != padded[1:-1, :-1]):
            x = rect.left() + column * across
            y = rect.top() + row * down
            painter.drawLine(QPointF(x, y), QPointF(x, y + down))
