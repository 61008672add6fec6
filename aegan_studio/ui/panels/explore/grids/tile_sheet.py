"""A sheet of decoded items in rows and columns, with heads: to look at, to click, to save."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal
from weakref import WeakMethod

import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QWidget

from aegan_studio.files import write_atomically
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.panels.explore.code_mime import png_of
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.grids.tile_paint import Head, Heads, Lay, paint_lens
from aegan_studio.ui.theme import current_theme, on_theme
from aegan_studio.ui.widgets.painting import smooth, snap, stroke_round
from aegan_studio.ui.widgets.pictures import copy_image, paint_sentence, picture_menu

Array = npt.NDArray[Any]

LARGEST = 10
"""Device pixels a pixel at most: coarser ones show nothing more."""
SAVED_SIDE = 64
"""About how many pixels wide an item becomes in a saved sheet."""


class TileSheet(QWidget):
    """Items (r · c, …) in rows and columns at whole factors.

    Parameters
    ----------
    fit : {"both", "width"}
        Fill the room, or only its width and ask for the height that takes.
    gap : int
        Logical pixels between items.
    empty : str
        The sentence shown without items.
    tip : bound method or None
        ``tip(row, column)`` says what an item is, below the lens. It is not kept alive: sheet and
        page would hold each other.
    """

    picked = Signal(int, int)
    """An item was clicked or chosen with Enter: its row and column."""
    hovered = Signal(int, int)
    """The item under the pointer or the cursor, −1 −1 for none."""
    told = Signal(str)
    """The sheet was saved, in words."""
    failed = Signal(object)
    """Sentences: it could not be saved."""

    def __init__(
        self,
        *,
        fit: Literal["both", "width"] = "both",
        gap: int = 2,
        empty: str = "",
        name: str = "",
        tip: Callable[[int, int], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fit, self._gap, self._empty = fit, gap, empty
        self._find_tip = None if tip is None else WeakMethod(tip)
        self._items: Array | None = None
        self._rows = self._columns = 0
        self._heads = Heads()
        self._depiction = Depiction()
        self._marked: tuple[int, int] | None = None
        self._middle: int | None = None
        self._hover: tuple[int, int] | None = None
        self._cursor = (0, 0)
        self._by_keys = False
        self._pointer = QPointF()
        self.file_name = "sheet"
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRadius", 4.0)
        self.setAccessibleName(name)
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Expanding, policy.Expanding if fit == "both" else policy.Fixed)
        self.setMinimumSize(80, 60)
        on_theme(self._retint)

    # Contents

    def set_tiles(
        self,
        items: Array | None,
        rows: int = 0,
        columns: int = 0,
        *,
        row_heads: Sequence[Head] = (),
        column_heads: Sequence[Head] = (),
        depiction: Depiction | None = None,
        middle: int | None = None,
    ) -> None:
        """Show items (rows · columns, …); ``middle`` is a column that all rows share."""
        self._items = None if items is None or not len(items) else items
        grown = (rows, columns, bool(row_heads)) != (
            self._rows, self._columns, bool(self._heads.rows),
        )  # fmt: skip
        self._rows, self._columns = rows, columns
        self._heads = Heads(row_heads, column_heads, axes=self._fit == "both")
        self._depiction = depiction or self._depiction
        self._middle = middle
        if self._marked and not self._holds(*self._marked):
            self._marked = None
        if self._hover and not self._holds(*self._hover):
            self._hover = None
        row, column = self._cursor
        self._cursor = (min(row, max(rows - 1, 0)), min(column, max(columns - 1, 0)))
        if grown:
            self._settle()
        self.update()

    def set_empty(self, sentence: str) -> None:
        """Change the sentence of the empty state."""
        self._empty = sentence
        self.update()

    def set_marked(self, place: tuple[int, int] | None) -> None:
        """Outline the item that the current code is, by row and column."""
        if place != self._marked:
            self._marked = place
            self.update()

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns; 0 of both while there is nothing."""
        return (0, 0) if self._items is None else (self._rows, self._columns)

    @property
    def marked(self) -> tuple[int, int] | None:
        """The item that is outlined."""
        return self._marked

    @property
    def items(self) -> Array | None:
        """What is shown, (rows · columns, …)."""
        return self._items

    def _tip(self, row: int, column: int) -> str:
        find = self._find_tip() if self._find_tip is not None else None
        return "" if find is None else find(row, column)

    def _holds(self, row: int, column: int) -> bool:
        return self._items is not None and row < self._rows and column < self._columns

    def _retint(self, _theme: object) -> None:
        self.update()

    # Geometry

    def lay(self, ratio: float | None = None) -> Lay:
        """How the sheet lies now."""
        ratio = ratio or self.devicePixelRatioF()
        assert self._items is not None
        native = self._depiction.native_size(self._items[0])
        wide, tall = native.width(), native.height()
        if self._depiction.of_points:
            wide = tall = 1.0
        heads = self._heads
        columns = self._columns + heads.pictured
        rows = self._rows + bool(heads.columns and heads.pictured)
        head_wide, head_tall = heads.sizes(self.width(), 0, 0)
        room = self.width() - head_wide - self._gap * (self._columns - 1)
        factor = room * ratio / (columns * wide)
        if self._fit == "both":
            high = self.height() - head_tall - self._gap * (self._rows - 1)
            factor = min(factor, high * ratio / (rows * tall))
        if self._depiction.of_points:
            side = max(min(math.floor(factor / ratio), 96 if self._fit == "both" else 64), 4)
            wide = tall = float(side)
        else:
            factor = float(min(int(factor), LARGEST)) if factor >= 1 else 1 / math.ceil(1 / factor)
            wide, tall = wide * factor / ratio, tall * factor / ratio
        head_wide, head_tall = self._heads.sizes(self.width(), wide, tall)
        whole = QSize(
            math.ceil(head_wide + self._columns * (wide + self._gap) - self._gap),
            math.ceil(head_tall + self._rows * (tall + self._gap) - self._gap),
        )
        left = snap(max(self.width() - whole.width(), 0) / 2, ratio)
        top = snap(max(self.height() - whole.height(), 0) / 2, ratio) if self._fit == "both" else 0
        return Lay(left, top, wide, tall, self._gap, head_wide, head_tall)

    def _settle(self) -> None:
        """Ask for the height that the rows take at this width."""
        if self._fit == "width" and self._items is not None:
            lay = self.lay()
            high = lay.head_tall + self._rows * (lay.tall + self._gap)
            self.setFixedHeight(max(math.ceil(high), 60))

    def resizeEvent(self, event: object) -> None:
        """Another width may take another height."""
        del event
        self._settle()

    def sizeHint(self) -> QSize:
        """A square, or as high as the rows."""
        return QSize(320, self.height() if self._fit == "width" else 320)

    def tile_at(self, at: QPointF) -> tuple[int, int] | None:
        """The row and column at a point of the widget."""
        if self._items is None:
            return None
        lay = self.lay()
        column = math.floor((at.x() - lay.left - lay.head_wide) / (lay.wide + lay.gap))
        row = math.floor((at.y() - lay.top - lay.head_tall) / (lay.tall + lay.gap))
        inside = 0 <= row < self._rows and 0 <= column < self._columns
        return (row, column) if inside else None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint heads, items, outlines and the lens."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        if self._items is None:
            if self._empty:
                paint_sentence(painter, QRectF(self.rect()), self._empty)
            return
        lay = self.lay(device_ratio(painter))
        seen = QRectF(event.rect()).adjusted(-2, -2, 2, 2)
        self._heads.paint(painter, lay, self._depiction)
        for index in range(self._rows * self._columns):
            rect = lay.rect(*divmod(index, self._columns))
            if rect.intersects(seen):
                self._depiction.paint(painter, rect, self._items[index])
                if self._gap > 1:
                    stroke_round(painter, rect.adjusted(-1, -1, 1, 1), 0, theme.hairline)
        if self._middle is not None:
            top, bottom = lay.rect(0, self._middle), lay.rect(self._rows - 1, self._middle)
            stroke_round(painter, top.united(bottom).adjusted(-2, -2, 2, 2), 2, theme.accent, 1.0)
        if self._marked is not None:
            rect = lay.rect(*self._marked)
            stroke_round(painter, rect.adjusted(-2.5, -2.5, 2.5, 2.5), 2, theme.accent, 2)
        over = self._hover or (self._cursor if self._by_keys and self.hasFocus() else None)
        if over is not None:
            stroke_round(
                painter, lay.rect(*over).adjusted(-1.5, -1.5, 1.5, 1.5), 1, theme.text, 1.5
            )
            item = self._items[over[0] * self._columns + over[1]]
            tile, words = lay.rect(*over), self._tip(*over)
            paint_lens(painter, self.size(), lay, tile, item, words, self._depiction)

    # Mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Look at the item under the pointer."""
        self._look(self.tile_at(event.position()), by_keys=False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the item under the pointer."""
        place = self.tile_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._cursor = place
            self.picked.emit(*place)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer."""
        self._look(None, by_keys=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End move the cursor; Enter goes there; Ctrl C copies the sheet."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        row, column = self._cursor
        steps = {
            Qt.Key.Key_Left: (row, column - 1),
            Qt.Key.Key_Right: (row, column + 1),
            Qt.Key.Key_Up: (row - 1, column),
            Qt.Key.Key_Down: (row + 1, column),
            Qt.Key.Key_Home: (row, 0),
            Qt.Key.Key_End: (row, self._columns - 1),
        }
        key = Qt.Key(event.key())
        if self._items is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        elif key in steps:
            row, column = steps[key]
            self._cursor = (
                min(max(row, 0), self._rows - 1),
                min(max(column, 0), self._columns - 1),
            )
            self._by_keys, self._hover = True, None
            self.hovered.emit(*self._cursor)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(*self._cursor)
        elif key == Qt.Key.Key_Escape and self._by_keys:
            self._by_keys = False
            self.hovered.emit(-1, -1)
            self.update()
        else:
            super().keyPressEvent(event)

    @property
    def cursor_tile(self) -> tuple[int, int]:
        """Where the arrow keys stand."""
        return self._cursor

    def focusOutEvent(self, event: object) -> None:
        """The cursor of the keys shows only while they come here."""
        del event
        self._by_keys = False
        self.update()

    def _look(self, place: tuple[int, int] | None, *, by_keys: bool) -> None:
        if place != self._hover:
            self._hover, self._by_keys = place, by_keys
            self.hovered.emit(*(place or (-1, -1)))
            self.update()

    # Out of the window

    def image(self) -> QImage:
        """The whole sheet with its heads, each item at a whole factor, as a picture."""
        assert self._items is not None
        native = self._depiction.native_size(self._items[0])
        side = max(native.width(), native.height())
        factor = max(1, round(SAVED_SIDE / side)) if not self._depiction.of_points else 2
        wide, tall = native.width() * factor, native.height() * factor
        head_wide, head_tall = self._heads.sizes(self.width(), wide, tall)
        lay = Lay(8, 8, wide, tall, max(self._gap, 2), head_wide, head_tall)
        last = lay.rect(self._rows - 1, self._columns - 1)
        image = QImage(
            math.ceil(last.right() + 8), math.ceil(last.bottom() + 8), QImage.Format.Format_RGB32
        )
        image.fill(current_theme().color("surface"))
        painter = QPainter(image)
        smooth(painter)
        self._heads.paint(painter, lay, self._depiction)
        for index, item in enumerate(self._items):
            self._depiction.paint(painter, lay.rect(*divmod(index, self._columns)), item)
        painter.end()
        return image

    def copy(self) -> None:
        """Put the sheet on the clipboard as a picture."""
        if self._items is not None:
            copy_image(self.image())

    def save(self) -> None:
        """Ask where, and write the sheet as PNG or SVG."""
        if self._items is None:
            return
        kinds = "PNG (*.png)" if self._depiction.of_points else "PNG (*.png);;SVG (*.svg)"
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Save the sheet"), f"{self.file_name}.png", kinds
        )
        if not path:
            return
        try:
            written = self.save_as(Path(path))
        except StudioError as error:
            self.failed.emit(error.sentences())
        else:
            self.told.emit(tr("Saved {name}.", name=written.name))

    def save_as(self, path: Path) -> Path:
        """Write the sheet as ``path`` ends: an .svg holds every picture by itself, pixel-exact.

        Returns
        -------
        Path
            What was written; without an ending, a .png.

        Raises
        ------
        StudioError
            Where it cannot be written.
        """
        assert self._items is not None
        if path.suffix.lower() == ".svg" and not self._depiction.of_points:
            write_atomically(path, self._svg())
        else:
            path = path.with_suffix(".png")
            write_atomically(path, png_of(self.image()))
        return path

    def _svg(self) -> bytes:
        from aegan_studio.runs.films import sheet_svg

        assert self._items is not None
        side = max(self._items.shape[1:3])
        captions = [
            self._tip(row, column) for row in range(self._rows) for column in range(self._columns)
        ]
        shown = captions if any(captions) else ()
        items = self._items
        if items.ndim == 3 and not current_theme().dark:
            items = 255 - items  # ink on paper, as it is seen
        return sheet_svg(
            items, columns=self._columns, scale=max(1, SAVED_SIDE // side), captions=shown
        )

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy and save."""
        if self._items is not None:
            picture_menu(self, self.entries()).popup(event.globalPos())

    def entries(self) -> list[tuple[str, str, Callable[[], object]]]:
        """What a menu offers: label, icon, act."""
        return [
            (tr("Copy sheet"), "copy", self.copy),
            (tr("Save sheet…"), "save", self.save),
        ]
