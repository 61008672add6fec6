"""A row of items under captions: the frames of a walk, or the nearest of the data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.panels.explore.code_mime import drag_out
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.theme import NOTE, TICK, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import CENTRE, draw_text, smooth, snap, stroke_round
from aegan_studio.ui.widgets.pictures import paint_sentence
from aegan_studio.ui.widgets.stepping_keys import item_after

Array = npt.NDArray[Any]

CAPTION = 18
GAP = 5.0
MOST_TALL = 70
LEAST_POINTS = 36.0
"""Side below which a plane of points shows nothing."""


class ItemStrip(QWidget):
    """Items side by side at whole factors, spread over the width; as many as fit.

    Items are named by their index among all.

    Parameters
    ----------
    tall, caption : int
        Height of the room for items, and for what stands below them. Items that need more to be
        shown pixel for pixel get up to :data:`MOST_TALL`; larger ones are shown at a half or less.
    thin : {"even", "end"}
        Where not all fit: show the first, the last and evenly chosen ones between, or leave the
        last ones out.
    """

    picked = Signal(int)
    """An item was clicked, or chosen with the arrow keys."""

    def __init__(
        self,
        *,
        empty: str = "",
        name: str = "",
        tall: int = 56,
        caption: int = CAPTION,
        thin: Literal["even", "end"] = "even",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._empty = empty
        self._least = self._tall = tall
        self._caption, self._thin = caption, thin
        self._items: Array | None = None
        self._captions: Sequence[str] = ()
        self._marks: Mapping[int, str] = {}
        self._depiction = Depiction()
        self._selected: int | None = None
        self._hover = -1
        self._drag_data: Callable[[int], QMimeData | None] | None = None
        self._drag_from: tuple[int, QPointF] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRadius", 4.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        on_theme(self._retint)

    def set_items(
        self,
        items: Array | None,
        *,
        captions: Sequence[str] = (),
        marks: Mapping[int, str] | None = None,
        depiction: Depiction | None = None,
    ) -> None:
        """Show items (n, …), a caption under each, or marks such as A and B under some."""
        self._items = None if items is None or not len(items) else items
        self._captions, self._marks = captions, marks or {}
        self._depiction = depiction or self._depiction
        self._grow()
        if self._selected is not None and self._selected >= self.count:
            self._selected = None
        self.update()

    def _grow(self) -> None:
        """Be tall enough for one device pixel a pixel, up to a limit."""
        tall = self._least
        if self._items is not None and not self._depiction.of_points:
            native = self._depiction.native_size(self._items[0]).height()
            tall = max(tall, min(math.ceil(native) + 6, MOST_TALL))
        if tall != self._tall:
            self._tall = tall
            self.updateGeometry()

    def set_tall(self, tall: int) -> None:
        """Change the height of the room for items, at least."""
        if tall != self._least:
            self._least = tall
            self._grow()
            self.update()

    def set_drag(self, data: Callable[[int], QMimeData | None]) -> None:
        """Let items be dragged out; ``data`` makes what a drag of one carries.

        Then a click picks at its end, and a drag does not pick along.
        """
        self._drag_data = data

    def set_empty(self, sentence: str) -> None:
        """Change the sentence of the empty state."""
        self._empty = sentence
        self.update()

    def set_selected(self, index: int | None) -> None:
        """Outline one item; where it is not shown, its nearest neighbour that is."""
        if index != self._selected:
            self._selected = index
            self.update()

    @property
    def count(self) -> int:
        """How many items there are."""
        return 0 if self._items is None else len(self._items)

    @property
    def selected(self) -> int | None:
        """The item that is outlined."""
        return self._selected

    def _retint(self, _theme: object) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        """As tall as asked, with the captions."""
        return QSize(200, self._tall + self._caption)

    def minimumSizeHint(self) -> QSize:
        """Room for two."""
        return QSize(2 * self._tall, self._tall + self._caption)

    def places(self, ratio: float | None = None) -> list[tuple[int, QRectF]]:
        """The items shown, with where each lies."""
        if self._items is None:
            return []
        ratio = ratio or self.devicePixelRatioF()
        side = self._size(ratio)
        room = self.width() - 6.0  # an outline needs 3 px at either end
        fit = max(2, int((room + GAP) // (side.width() + GAP)))
        shown = self.count
        if shown > fit and self._thin == "even":
            chosen = np.unique(np.linspace(0, self.count - 1, fit).round().astype(int))
        else:
            chosen = np.arange(min(shown, fit))
        pitch = 0.0
        if len(chosen) > 1:
            pitch = (room - side.width()) / (len(chosen) - 1)
        top = snap((self._tall - side.height()) / 2, ratio)
        left = 3.0 if self.count > 1 else (self.width() - side.width()) / 2
        return [
            (int(index), QRectF(snap(left + at * pitch, ratio), top, side.width(), side.height()))
            for at, index in enumerate(chosen)
        ]

    def _size(self, ratio: float) -> QRectF:
        assert self._items is not None
        room = self._tall - 6.0
        if self._depiction.of_points:
            side = max(room, LEAST_POINTS)
            return QRectF(0, 0, side, side)
        native = self._depiction.native_size(self._items[0])
        fit = room * ratio / max(native.height(), native.width())
        factor = float(int(fit)) if fit >= 1.0 else 1.0 / math.ceil(1.0 / fit)
        return QRectF(0, 0, native.width() * factor / ratio, native.height() * factor / ratio)

    def shown_for(self, index: int) -> int:
        """The item shown that stands for ``index``."""
        return min((shown for shown, _ in self.places()), key=lambda shown: abs(shown - index))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint items, captions and outlines."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        if self._items is None:
            if self._empty:
                paint_sentence(painter, QRectF(self.rect()), self._empty)
            return
        ratio = device_ratio(painter)
        standing = None if self._selected is None else self.shown_for(self._selected)
        for index, rect in self.places(ratio):
            self._depiction.paint(painter, rect, self._items[index])
            stroke_round(painter, rect.adjusted(-1, -1, 1, 1), 0, theme.hairline)
            if index == standing:
                stroke_round(painter, rect.adjusted(-3, -3, 3, 3), 2, theme.accent, 2)
            elif index == self._hover:
                stroke_round(painter, rect.adjusted(-2, -2, 2, 2), 1, theme.text3, 1)
            below = QRectF(rect.left() - 12, self._tall, rect.width() + 24, self._caption)
            if index in self._marks:
                font = ui_font(NOTE, 600)
                draw_text(painter, below, self._marks[index], theme.accent, font, CENTRE)
            elif index < len(self._captions):
                font = ui_font(TICK)
                draw_text(painter, below, self._captions[index], theme.text2, font, CENTRE)

    def index_at(self, at: QPointF) -> int:
        """The item at a point of the widget, −1 for none."""
        for index, rect in self.places():
            if rect.adjusted(-3, -3, 3, 3).contains(at):
                return index
        return -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the item under the pointer; one that can be dragged out, at the release."""
        index = self.index_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or index < 0:
            return
        if self._drag_data is not None:
            self._drag_from = index, event.position()
        else:
            self._pick(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the item under the pointer; a drag picks along, or takes the item out."""
        index = self.index_at(event.position())
        if index != self._hover:
            self._hover = index
            self.update()
        if self._drag_data is not None:
            self._drag(event.position())
        elif event.buttons() & Qt.MouseButton.LeftButton and index >= 0 and index != self._selected:
            self._pick(index)

    def _drag(self, at: QPointF) -> None:
        if self._drag_from is None or self._drag_data is None:
            return
        index, start = self._drag_from
        if (at - start).manhattanLength() < QApplication.startDragDistance():
            return
        self._drag_from = None
        data = self._drag_data(index)
        if data is not None:
            drag_out(self, data)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a click picks what can be dragged out."""
        pressed, self._drag_from = self._drag_from, None
        if pressed is not None and self.index_at(event.position()) == pressed[0]:
            self._pick(pressed[0])

    def leaveEvent(self, event: QEvent) -> None:
        """No item is under the pointer."""
        self._hover = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys pick the item before or after, Home and End the first and last."""
        here = 0 if self._selected is None else self._selected
        target = item_after(event, here, self.count, across=1)
        if target is not None:
            self._pick(target)
        else:
            super().keyPressEvent(event)

    def _pick(self, index: int) -> None:
        self.set_selected(index)
        self.picked.emit(index)

    def sheet(self, factor: int = 1) -> QImage:
        """All items in one row, ``factor`` image pixels a pixel, to be saved."""
        assert self._items is not None
        native = self._depiction.native_size(self._items[0])
        scale = 3 if self._depiction.of_points else factor
        wide, tall = int(native.width()) * scale, int(native.height()) * scale
        image = QImage(self.count * wide, tall, QImage.Format.Format_RGB32)
        image.fill(current_theme().color("surface"))
        painter = QPainter(image)
        smooth(painter)
        for index, item in enumerate(self._items):
            self._depiction.paint(painter, QRectF(index * wide, 0, wide, tall), item)
        painter.end()
        return image
