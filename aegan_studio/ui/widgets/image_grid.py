"""A grid of small pictures, or of pairs, painted in one go from one raster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.theme import Theme, current_theme, on_theme
from aegan_studio.ui.widgets.formula import paint_formula
from aegan_studio.ui.widgets.painting import smooth, snap, stroke_round
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

GAP, PAIR_GAP, GROUP_GAP = 3, 1, 6
_LABEL_WIDTH = 22


@dataclass(frozen=True, slots=True)
class Place:
    """How a grid lies in its room: everything in device pixels but ``ratio``."""

    columns: int
    rows: int
    factor: int
    ratio: float
    cell: QSize
    left: int
    top: int
    gap: int
    pair_gap: int
    group_gap: int
    tall: int

    @property
    def row_pitch(self) -> int:
        """From one row (or pair) to the next."""
        if self.tall == 1:
            return self.cell.height() + self.gap
        return 2 * self.cell.height() + self.pair_gap + self.group_gap

    def corner(self, index: int, second: bool = False) -> tuple[int, int]:
        """The top left device pixel of picture ``index``."""
        row, column = divmod(index, self.columns)
        x = self.left + column * (self.cell.width() + self.gap)
        y = self.top + row * self.row_pitch
        return x, y + (self.cell.height() + self.pair_gap if second else 0)


class ImageGrid(QWidget):
    """``N`` pictures at whole-number factors, or pairs of an original over its rebuilt one.

    Parameters
    ----------
    columns : int
        0 chooses the number that shows the pictures largest.
    empty : str
        The sentence shown without pictures.
    max_scale : int
        The largest number of logical pixels a pixel.
    labels : (str, str)
        LaTeX of the two rows of a pair, shown at the left in their role's colour.
    """

    picked = Signal(int)
    """A picture was clicked, or chosen with Enter; index in 0 – N−1."""
    hovered = Signal(int)
    """The pointer is over a picture, −1 over none."""

    def __init__(
        self,
        *,
        columns: int = 0,
        empty: str = "",
        max_scale: int = 8,
        labels: tuple[str, str] = ("x", r"\tilde{x}"),
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = columns
        self._empty = empty
        self._max_scale = max_scale
        self._labels = labels
        self._roles = ("real", "reconstruction")
        self._first: Pixels | None = None
        self._second: Pixels | None = None
        self._atlas: QImage | None = None
        self._atlas_key: object = None
        self._stamp = 0
        self._hover = -1
        self._current = 0
        self._selected: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRing", "none")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(64, 48)
        self.setAccessibleName(name or tr("Pictures"))
        on_theme(self._retint)

    @property
    def count(self) -> int:
        """How many pictures, or pairs, there are."""
        return 0 if self._first is None else len(self._first)

    def set_pictures(
        self,
        pictures: npt.NDArray[Any] | None,
        second: npt.NDArray[Any] | None = None,
        *,
        labels: tuple[str, str] | None = None,
    ) -> None:
        """Show uint8 ``(N, H, W)`` or ``(N, H, W, 3)``; with ``second``, pairs.

        None or no picture shows the empty sentence.
        """
        self._first = None
        if pictures is not None and len(pictures):
            self._first = as_pictures(pictures)
        self._second = None if second is None or self._first is None else as_pictures(second)
        both = self._first, self._second
        if both[0] is not None and both[1] is not None and both[0].shape != both[1].shape:
            raise ValueError("the two rows of pairs have different shapes")
        if labels is not None:
            self._labels = labels
        self._current = min(self._current, max(self.count - 1, 0))
        self._stamp += 1
        self.update()

    def set_empty(self, sentence: str) -> None:
        """Change the sentence of the empty state."""
        self._empty = sentence
        self.update()

    def set_columns(self, columns: int) -> None:
        """Change the number of columns; 0 chooses it."""
        self._columns = columns
        self.update()

    def set_selected(self, index: int | None) -> None:
        """Outline one picture in the accent, or none."""
        self._selected = index
        self.update()

    def _retint(self, _theme: Theme) -> None:
        self._atlas_key = None
        self.update()

    def sizeHint(self) -> QSize:
        """Room for 8 × 6 small digits."""
        return QSize(264, 208)

    def place(self, ratio: float | None = None) -> Place | None:
        """The lay-out in the present room."""
        if self._first is None:
            return None
        ratio = ratio or self.devicePixelRatioF()
        count, height, width = self._first.shape[:3]
        tall = 1 if self._second is None else 2
        gap, group = round(GAP * ratio), round(GROUP_GAP * ratio)
        pair = max(1, round(PAIR_GAP * ratio))
        indent = round(_LABEL_WIDTH * ratio) if tall == 2 and any(self._labels) else 0
        room = (int(self.width() * ratio) - indent, int(self.height() * ratio))
        best, best_score = (1, count, 1), (-1, 0, 0)
        choices = [self._columns] if self._columns else range(1, min(count, 64) + 1)
        for columns in choices:
            rows = -(-count // columns)
            fit_x = (room[0] - (columns - 1) * gap) / (columns * width)
            between = gap if tall == 1 else group
            spare = room[1] - (rows - 1) * between - (pair * rows if tall == 2 else 0)
            fit_y = spare / (rows * tall * height)
            limit = int(self._max_scale * ratio)
            factor = max(1, min(int(fit_x), int(fit_y), limit))
            if min(fit_x, fit_y) < 1:
                visible = max(int(fit_x * columns), 1) * max(int(fit_y * rows), 1)
                score = (0, min(visible, count), -abs(columns - rows))
            else:
                score = (factor, 0, -abs(columns * width - rows * tall * height))
            if score > best_score:
                best, best_score = (columns, rows, factor), score
        columns, rows, factor = best
        cell = QSize(width * factor, height * factor)
        total = indent + columns * cell.width() + (columns - 1) * gap
        left = max((int(self.width() * ratio) - total) // 2, 0) + indent
        return Place(columns, rows, factor, ratio, cell, left, 0, gap, pair, group, tall)

    def _raster(self, place: Place) -> QImage:
        """The whole grid at one image pixel a picture pixel block, scaled by whole factors."""
        key = (self._stamp, place, current_theme().name)
        if self._atlas is not None and self._atlas_key == key:
            return self._atlas
        assert self._first is not None
        theme, cell = current_theme(), place.cell
        width = place.columns * (cell.width() + place.gap)
        height = place.rows * place.row_pitch
        ground = np.uint32(theme.color("surface").rgb())
        sheet = np.full((max(height, 1), max(width, 1)), ground, dtype=np.uint32)
        for second, pictures in ((False, self._first), (True, self._second)):
            if pictures is None:
                continue
            blown = to_pixels(pictures, theme).repeat(place.factor, axis=2)
            for index, picture in enumerate(blown):
                x, y = place.corner(index, second)
                x, y = x - place.left, y - place.top
                block = sheet[y : y + cell.height(), x : x + cell.width()]
                rows = block.reshape(len(picture), place.factor, cell.width())
                rows[:] = picture[:, None]
        self._atlas, self._atlas_key = to_image(sheet), key
        return self._atlas

    def cell_rect(self, index: int) -> QRectF:
        """Where picture ``index`` (or the pair) lies, in widget coordinates."""
        place = self.place()
        if place is None:
            return QRectF()
        x, y = place.corner(index)
        tall = place.cell.height() * place.tall + (place.pair_gap if place.tall == 2 else 0)
        ratio = place.ratio
        return QRectF(x / ratio, y / ratio, place.cell.width() / ratio, tall / ratio)

    def index_at(self, pos: QPointF) -> int:
        """The picture at a point of the widget, −1 for none."""
        place = self.place()
        if place is None:
            return -1
        x, y = pos.x() * place.ratio - place.left, pos.y() * place.ratio - place.top
        column, dx = divmod(x, place.cell.width() + place.gap)
        row, dy = divmod(y, place.row_pitch)
        inside = dx < place.cell.width() and 0 <= column < place.columns and row >= 0
        index = int(row * place.columns + column)
        return index if inside and dy < place.row_pitch and 0 <= index < self.count else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all pictures at once, then labels and outlines."""
        painter = QPainter(self)
        smooth(painter)
        ratio = device_ratio(painter)
        place = self.place(ratio)
        if place is None:
            if self._empty:
                paint_sentence(painter, QRectF(self.rect()), self._empty)
            return
        image = self._raster(place)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        size = QRectF(0, 0, image.width() / ratio, image.height() / ratio)
        painter.drawImage(size.translated(place.left / ratio, place.top / ratio), image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if place.tall == 2 and any(self._labels):
            self._paint_labels(painter, place)
        theme = current_theme()
        if self._selected is not None and self._selected < self.count:
            rect = self.cell_rect(self._selected).adjusted(-2, -2, 2, 2)
            stroke_round(painter, rect, 1, theme.accent, 2)
        mark = self._current if self.hasFocus() else self._hover
        if 0 <= mark < self.count:
            rect = self.cell_rect(mark).adjusted(-1, -1, 1, 1)
            width = 2 if self.hasFocus() else 1
            stroke_round(painter, rect, 0, theme.accent if self.hasFocus() else theme.text3, width)

    def _paint_labels(self, painter: QPainter, place: Place) -> None:
        theme, ratio = current_theme(), place.ratio
        height = place.cell.height() / ratio
        for row in range(place.rows):
            for second, label in enumerate(self._labels):
                _, y = place.corner(row * place.columns, bool(second))
                if y / ratio > self.height():
                    return
                left = snap(place.left / ratio - _LABEL_WIDTH, ratio)
                spot = QRectF(left, y / ratio, _LABEL_WIDTH - 4, height)
                paint_formula(painter, spot, label, 15, theme.role(self._roles[second]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the picture under the pointer."""
        index = self.index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._current = index
            self.picked.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the picture under the pointer."""
        self._set_hover(self.index_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """No picture is under the pointer."""
        self._set_hover(-1)

    def _set_hover(self, index: int) -> None:
        if index != self._hover:
            self._hover = index
            self.hovered.emit(index)
            self.update()

    def event(self, event: QEvent) -> bool:
        """The tool tip names the picture's number."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.index_at(QPointF(event.pos()))
            text = tr("Picture {n} of {total}", n=index + 1, total=self.count)
            QToolTip.showText(event.globalPos(), text if index >= 0 else "", self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move over the pictures, Enter picks, Ctrl C copies."""
        place = self.place()
        if place is None:
            super().keyPressEvent(event)
            return
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -place.columns,
            Qt.Key.Key_Down: place.columns,
        }
        key = Qt.Key(event.key())
        if key in moves:
            target = self._current + moves[key]
            if 0 <= target < self.count:
                self._current = target
            text = tr("Picture {n} of {total}", n=self._current + 1, total=self.count)
            self.setAccessibleDescription(text)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self._current)
        elif event.matches(QKeySequence.StandardKey.Copy):
            copy_image(self.picture(self._current))
        else:
            super().keyPressEvent(event)

    def picture(self, index: int) -> QImage:
        """Picture ``index`` (or the pair, one above the other), one image pixel a pixel."""
        assert self._first is not None
        rows = [self._first[index]]
        if self._second is not None:
            rows.append(self._second[index])
        return to_image(to_pixels(np.concatenate(rows)[None], current_theme())[0])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy or save one picture, or the grid."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self._current if by_key else self.index_at(QPointF(event.pos()))
        place = self.place()
        if place is None:
            return
        whole = self._raster(place)
        entries: list[MenuEntry] = [
            (tr("Copy all pictures"), "copy", lambda: copy_image(whole)),
            (tr("Save all pictures…"), "save", lambda: save_image(self, whole, "pictures.png")),
        ]
        if index >= 0:
            one = self.picture(index)
            entries[:0] = [
                (tr("Copy picture"), "copy", lambda: copy_image(one)),
                (tr("Save picture…"), "save", lambda: save_image(self, one)),
            ]
        picture_menu(self, entries).popup(event.globalPos())
