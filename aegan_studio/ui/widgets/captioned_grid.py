"""Pictures in a grid with a word under each; it scrolls where not all fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QStyle, QToolTip, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.theme import TICK, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    draw_text,
    smooth,
    snap,
    stroke_round,
    text_width,
)
from aegan_studio.ui.widgets.pictures import (
    MenuEntry,
    Pixels,
    as_pictures,
    copy_image,
    paint_sentence,
    picture_menu,
    save_image,
    to_image,
    to_pixels,
)
from aegan_studio.ui.widgets.stepping_keys import item_after

LEAST, MOST = 24, 64
"""The side of a picture in logical pixels: at least about, and at most."""

WORDS = 13
"""Height of the word under a picture."""

GAP, ROW_GAP = 4, 4
SPREAD = 1.3
"""Columns may stand so many times as far apart as they must, to fill the width."""

FADED = 0.35


class Told(Sequence[str]):
    """Texts that are made when they are read: of hundreds of tool tips hardly one is."""

    def __init__(self, count: int, text: Callable[[int], str]) -> None:
        self._count, self._text = count, text

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def __getitem__(self, index: Any) -> Any:
        """The text at a place."""
        if isinstance(index, slice):
            return [self._text(place) for place in range(*index.indices(self._count))]
        if not -self._count <= index < self._count:
            raise IndexError(index)
        return self._text(index % self._count)


@dataclass(frozen=True, slots=True)
class Captions:
    """What stands with each picture: a word under it, a tool tip, and whether it is faded."""

    words: tuple[str, ...] = ()
    tips: Sequence[str] = ()
    faded: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """How the grid lies: columns and rows, device pixels a pixel, logical sizes."""

    columns: int
    rows: int
    factor: int
    width: float
    height: float
    pitch: float

    @property
    def row(self) -> float:
        """From one row to the next."""
        return self.height + WORDS + ROW_GAP

    @property
    def tall(self) -> int:
        """The height of all rows."""
        return math.ceil(self.rows * self.row - ROW_GAP)


def places_for(
    room: QSize, bar: int, side: tuple[int, int], count: int, ratio: float, words: float
) -> Places:
    """The largest pictures of which all fit; else small ones beside a scroll bar.

    Parameters
    ----------
    room : QSize
        Logical pixels there are.
    bar : int
        Width of the scroll bar, which takes its room only where it is needed.
    side : (int, int)
        Width and height of a picture in its own pixels.
    words : float
        Width of the widest word, in logical pixels.
    """
    longest = max(side)
    least = max(1, math.ceil(LEAST * ratio / longest))
    for factor in range(max(least, int(MOST * ratio / longest)), least - 1, -1):
        places = _places(room.width(), side, count, factor / ratio, words, factor)
        if places.tall <= room.height() and places.width <= room.width():
            return places
    width = room.width() - bar
    while least > 1 and longest * least / ratio > width:
        least -= 1
    return _places(width, side, count, least / ratio, words, least)


def _places(
    room: int, side: tuple[int, int], count: int, scale: float, words: float, factor: int
) -> Places:
    width, height = side[0] * scale, side[1] * scale
    pitch = max(width, words) + GAP
    columns = max(1, min(count, int((room + GAP) / pitch)))
    pitch = min((room + GAP) / columns, SPREAD * pitch)
    return Places(columns, -(-count // columns), factor, width, height, pitch)


class CaptionedGrid(QScrollArea):
    """Pictures with words, in order, as large as they all fit."""

    def __init__(self, *, empty: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet = _Sheet(empty, name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(64, 48)
        self.setWidget(self.sheet)
        self.sheet.current_changed = self._follow

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return self.sheet.count

    def set_items(self, pictures: npt.NDArray[Any] | None, captions: Captions) -> None:
        """Show uint8 ``(N, H, W)`` or ``(N, H, W, 3)``; None shows the empty sentence."""
        self.sheet.set_items(pictures, captions)
        self._fit()

    def set_empty(self, sentence: str) -> None:
        """What to say without pictures."""
        self.sheet.empty = sentence
        self.sheet.update()

    def _fit(self) -> None:
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        self.sheet.arrange(self.size(), bar)

    def _follow(self, rect: QRectF) -> None:
        middle = rect.center().toPoint()
        self.ensureVisible(middle.x(), middle.y(), 0, math.ceil(rect.height() / 2) + WORDS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose anew how large they are."""
        self._fit()
        super().resizeEvent(event)


class _Sheet(QWidget):
    """What scrolls: the pictures, and the keys that move over them."""

    def __init__(self, empty: str, name: str) -> None:
        super().__init__()
        self.setObjectName("scrolled")
        self.empty = empty
        self.current_changed: Any = None
        self._pictures: Pixels | None = None
        self._captions = Captions()
        self._images: list[QImage] = []
        self._places: Places | None = None
        self._hover, self._current = -1, 0
        self._font = ui_font(TICK, 500)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRing", "none")
        self.setAccessibleName(name or tr("Pictures"))
        on_theme(self._retint)

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return 0 if self._pictures is None else len(self._pictures)

    @property
    def captions(self) -> Captions:
        """What stands with the pictures."""
        return self._captions

    @property
    def places(self) -> Places | None:
        """How they lie; ``None`` without pictures."""
        return self._places

    def set_items(self, pictures: npt.NDArray[Any] | None, captions: Captions) -> None:
        """Take pictures; :meth:`arrange` comes next."""
        there = pictures is not None and len(pictures) > 0
        self._pictures = as_pictures(pictures) if there and pictures is not None else None
        self._captions = captions if there else Captions()
        self._current = min(self._current, max(self.count - 1, 0))
        self._retint(current_theme())
        self._describe()

    def arrange(self, room: QSize, bar: int) -> None:
        """Lie as well as the room allows."""
        self._places = None
        if self._pictures is not None:
            height, width = self._pictures.shape[1:3]
            words = max(text_width(word, self._font) for word in self._captions.words)
            self._places = places_for(
                room, bar, (width, height), self.count, self.devicePixelRatioF(), words
            )
        self.setMinimumHeight(self._places.tall if self._places is not None else 0)
        self.update()

    def _retint(self, theme: Theme) -> None:
        pictures = self._pictures
        pixels = () if pictures is None else to_pixels(pictures, theme)
        self._images = [to_image(one) for one in pixels]
        self.update()

    def cell_rect(self, index: int, ratio: float = 1.0) -> QRectF:
        """Where picture ``index`` lies, without its word."""
        places = self._places
        if places is None:
            return QRectF()
        row, column = divmod(index, places.columns)
        left = max(0.0, (self.width() - places.columns * places.pitch + GAP) / 2)
        x = left + column * places.pitch + (places.pitch - GAP - places.width) / 2
        y = row * places.row
        return QRectF(snap(x, ratio), snap(y, ratio), places.width, places.height)

    def index_at(self, pos: QPointF) -> int:
        """The picture at a point, its word included; −1 for none."""
        for index in range(self.count):
            if self.cell_rect(index).adjusted(-1, -1, 1, WORDS).contains(pos):
                return index
        return -1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures in sight, their words, and the mark."""
        painter = QPainter(self)
        smooth(painter)
        places, theme = self._places, current_theme()
        if places is None:
            if self.empty:
                paint_sentence(painter, QRectF(self.rect()), self.empty)
            return
        ratio = device_ratio(painter)
        seen = QRectF(event.rect())
        for index, image in enumerate(self._images):
            cell = self.cell_rect(index, ratio)
            words = QRectF(cell.center().x() - places.pitch / 2, cell.bottom(), places.pitch, WORDS)
            if not seen.intersects(cell.united(words)):
                continue
            faded = self._captions.faded[index]
            painter.setOpacity(FADED if faded else 1.0)
            painter.drawImage(cell, image)
            painter.setOpacity(1.0)
            ink = theme.text3 if faded else theme.text2
            draw_text(painter, words, self._captions.words[index], ink, self._font, CENTRE)
        mark = self._current if self.hasFocus() else self._hover
        if 0 <= mark < self.count:
            rect = self.cell_rect(mark, ratio).adjusted(-1, -1, 1, 1)
            ink, width = (theme.accent, 2) if self.hasFocus() else (theme.text3, 1)
            stroke_round(painter, rect, 0, ink, width)

    # Pointer and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the picture under the pointer."""
        self._set_hover(self.index_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """No picture is under the pointer."""
        self._set_hover(-1)

    def _set_hover(self, index: int) -> None:
        if index != self._hover:
            self._hover = index
            self.update()

    def event(self, event: QEvent) -> bool:
        """The tool tip says what is known of a picture."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.index_at(QPointF(event.pos()))
            text = self._captions.tips[index] if index >= 0 else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End move over the pictures, Ctrl C copies."""
        places = self._places
        if places is None:
            super().keyPressEvent(event)
            return
        target = item_after(event, self._current, self.count, across=1, down=places.columns)
        if target is not None:
            self._current = target
            self._describe()
            self.current_changed(self.cell_rect(self._current))
            self.update()
        elif event.matches(QKeySequence.StandardKey.Copy):
            copy_image(self._images[self._current])
        else:
            super().keyPressEvent(event)

    def _describe(self) -> None:
        tips = self._captions.tips
        self.setAccessibleDescription(tips[self._current] if tips else self.empty)

    def _sheet_image(self) -> QImage:
        """All pictures with their words, on the surface they stand on."""
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(current_theme().color("surface"))
        painter = QPainter(image)
        self.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
        painter.end()
        return image

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy or save one picture, or all with their words."""
        if not self._images:
            return
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self._current if by_key else self.index_at(QPointF(event.pos()))
        whole = self._sheet_image()
        entries: list[MenuEntry] = [
            (tr("Copy all pictures"), "copy", partial(copy_image, whole)),
            (tr("Save all pictures…"), "save", partial(save_image, self, whole, "pictures.png")),
        ]
        if index >= 0:
            one = self._images[index]
            entries[:0] = [
                (tr("Copy picture"), "copy", partial(copy_image, one)),
                (tr("Save picture…"), "save", partial(save_image, self, one)),
            ]
        picture_menu(self, entries).popup(event.globalPos())
