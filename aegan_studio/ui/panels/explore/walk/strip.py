"""The strip of a walk: its frames, the pins' letters below, and where the walk is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.item_strip import ItemStrip
from aegan_studio.ui.theme import NOTE, current_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    disc,
    draw_text,
    smooth,
    snap,
    stroke_round,
    text_width,
)
from aegan_studio.ui.widgets.pictures import MenuEntry, copy_image, picture_menu, save_image

Array = npt.NDArray[Any]

CAPTION = 22
"""Height below the frames: a mark and a letter for each pin."""
LINE = 4.0
"""Where the marks of pins stand below the frames."""
BIG_STEP = 10
"""Frames that Page Up and Page Down go."""


class WalkStrip(ItemStrip):
    """Frames to click; a drag scrubs along the way, between frames too."""

    scrubbed = Signal(float)
    """Dragged to a place between frames, counted in frames from 0."""
    released = Signal()
    """The drag ended."""
    toggled = Signal()
    """The space bar: play or pause."""

    def __init__(self, *, empty: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(empty=empty, name=name, caption=CAPTION, parent=parent)
        self._letters: Mapping[float, str] = {}
        self._place: float | None = None
        self._stamp = 0
        self._laid: tuple[object, tuple[Array, Array, float]] | None = None
        self._drawn: tuple[object, QPixmap] | None = None
        self._pressed: QPointF | None = None
        self._scrubbing = False

    def set_walk(
        self, items: Array | None, letters: Mapping[float, str], depiction: Depiction
    ) -> None:
        """Show frames (n, …), and letters where the walk passes pins, by place in frames."""
        self._letters = letters
        self._stamp += 1
        self.set_items(items, depiction=depiction)

    def set_place(self, place: float | None) -> None:
        """Where the walk is, in frames from 0; ``None``: the current code is beside it."""
        if place == self._place:
            return
        for spot in (self._place, place):
            if spot is not None and self._items is not None:
                self.update(self._around(spot))
        self._place = place
        self._selected = None if place is None else min(max(round(place), 0), self.count - 1)

    @property
    def place(self) -> float | None:
        """Where the walk is, in frames."""
        return self._place

    # Places

    def _centres(self) -> tuple[Array, Array, float]:
        """The frames in view, where their middles lie, and how wide they are."""
        key = (self._stamp, self.width(), self._tall, self.devicePixelRatioF())
        if self._laid is None or self._laid[0] != key:
            shown = self.places()
            frames = np.array([index for index, _ in shown], dtype=np.float64)
            middles = np.array([rect.center().x() for _, rect in shown])
            self._laid = key, (frames, middles, shown[0][1].width())
        return self._laid[1]

    def x_of(self, frame: float) -> float:
        """Where a place in frames lies."""
        frames, middles, _ = self._centres()
        if frame > frames[-1]:  # on a loop, the way home
            step = middles[-1] - middles[-2] if len(middles) > 1 else 0.0
            span = frames[-1] - frames[-2] if len(frames) > 1 else 1.0
            return float(middles[-1] + (frame - frames[-1]) / span * step)
        return float(np.interp(frame, frames, middles))

    def frame_at(self, x: float) -> float:
        """The place in frames at a horizontal position."""
        frames, middles, _ = self._centres()
        return float(np.interp(x, middles, frames))

    def _standing(self, place: float) -> float:
        """The middle of the frame in view that stands for a place."""
        frames, middles, _ = self._centres()
        nearest = min(max(round(place), 0), self.count - 1)
        return float(middles[int(np.abs(frames - nearest).argmin())])

    def _around(self, place: float) -> QRect:
        """What changes where the walk comes to a place or leaves it."""
        half = self._centres()[2] / 2 + 6
        xs = (self.x_of(place), self._standing(place))
        left = min(xs) - half
        return QRectF(left, 0, max(xs) + half - left, self.height()).toAlignedRect()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frames, which are kept as one picture, and above them place and pointer."""
        if self._items is None:
            super().paintEvent(event)
            return
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        ratio = device_ratio(painter)
        key = (self._stamp, self.width(), self.height(), theme.name, ratio)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = key, self._draw(ratio)
        painter.drawPixmap(0, 0, self._drawn[1])
        wide = self._centres()[2]
        size = self._size(ratio)
        top = QRectF(0, snap((self._tall - size.height()) / 2, ratio), wide, size.height())
        if self._hover >= 0:
            at = QRectF(self._standing(self._hover) - wide / 2, top.top(), wide, top.height())
            stroke_round(painter, at.adjusted(-2, -2, 2, 2), 1, theme.text3, 1)
        if self._place is not None:
            at = QRectF(self._standing(self._place) - wide / 2, top.top(), wide, top.height())
            stroke_round(painter, at.adjusted(-3, -3, 3, 3), 2, theme.accent, 2)
            disc(painter, QPointF(self.x_of(self._place), self._tall + LINE), 4.5, theme.accent)

    def _draw(self, ratio: float) -> QPixmap:
        """The frames, and marks and letters of the pins."""
        assert self._items is not None
        theme = current_theme()
        drawn = QPixmap(math.ceil(self.width() * ratio), math.ceil(self.height() * ratio))
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        smooth(painter)
        for index, rect in self.places(ratio):
            self._depiction.paint(painter, rect, self._items[index])
            stroke_round(painter, rect.adjusted(-1, -1, 1, 1), 0, theme.hairline)
        line, taken = self._tall + LINE, -math.inf
        font = ui_font(NOTE, 600)
        for frame, letter in sorted(self._letters.items()):
            x = self.x_of(frame)
            if x > self.width():
                continue
            disc(painter, QPointF(x, line), 3.5, theme.accent)
            disc(painter, QPointF(x, line), 1.7, theme.surface)
            half = text_width(letter, font) / 2
            left = min(max(x - half - 3, 0.0), self.width() - 2 * half - 6)
            if left > taken:  # beside letters that are already there, none is written over
                room = QRectF(left, line + 4, 2 * half + 6, self._caption - 8)
                draw_text(painter, room, letter, theme.accent, font, CENTRE, elide=False)
                taken = left + 2 * half + 4
        painter.end()
        return drawn

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click goes to a frame; a drag goes between them too."""
        if event.button() != Qt.MouseButton.LeftButton or self._items is None:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed = event.position()
        index = self.index_at(event.position())
        if index >= 0:
            self.picked.emit(index)
        else:
            self.scrubbed.emit(self.frame_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub."""
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        if not self._scrubbing and abs(event.position().x() - self._pressed.x()) < 3:
            return
        self._scrubbing = True
        self.scrubbed.emit(self.frame_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag is over."""
        del event
        if self._pressed is not None:
            self._pressed, self._scrubbing = None, False
            self.released.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space plays; arrows, comma and full stop step; Page Up and Down go ten; Ctrl C copies."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        key, last = Qt.Key(event.key()), self.count - 1
        here = 0 if self._selected is None else self._selected
        steps = {
            Qt.Key.Key_Comma: -1,
            Qt.Key.Key_Period: 1,
            Qt.Key.Key_PageUp: -BIG_STEP,
            Qt.Key.Key_PageDown: BIG_STEP,
        }
        if key == Qt.Key.Key_Space:
            self.toggled.emit()
        elif key in steps and last >= 0:
            self.picked.emit(min(max(here + steps[key], 0), last))
        else:
            super().keyPressEvent(event)

    # Out of the window

    def copy(self) -> None:
        """Put all frames, side by side, on the clipboard."""
        if self._items is not None:
            copy_image(self.sheet(1 if not self._depiction.of_points else 3))

    def save(self) -> None:
        """Ask where, and write all frames side by side as a PNG."""
        if self._items is not None:
            save_image(self, self.sheet(4), "walk.png")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy and save."""
        if self._items is not None:
            entries: list[MenuEntry] = [
                (tr("Copy strip"), "copy", self.copy),
                (tr("Save strip…"), "save", self.save),
            ]
            picture_menu(self, entries).popup(event.globalPos())
