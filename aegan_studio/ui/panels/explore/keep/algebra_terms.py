"""The terms of an equation of codes: square wells with a picture, signs between them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio, paint_icon
from aegan_studio.ui.latent.messages import Array, Floats
from aegan_studio.ui.panels.explore.code_mime import CODE, code_mime, code_of, drag_out
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.theme import NOTE, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    dashed_round,
    draw_text,
    fill_round,
    smooth,
    snap,
    stroke_round,
    text_width,
)

CAPTION = 18
LARGEST = 132
SMALLEST = 34


class TermWell(QWidget):
    """One term: the picture of a code, or of the mean of several; a click asks for its menu.

    Codes can be dropped in, and its picture dragged out.
    """

    pressed = Signal()
    """A click, Enter, or a right click."""
    dropped = Signal(object, str)

    def __init__(self, name: str, *, takes: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._takes = takes
        self._item: Array | None = None
        self._code: Floats | None = None
        self._caption = ""
        self._count = 0
        self._depiction = Depiction()
        self._dimensions = 0
        self._press: QPointF | None = None
        self._over = False
        self.setAcceptDrops(takes)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRadius", 4.0)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        on_theme(self._retint)

    @property
    def caption(self) -> str:
        """What stands below."""
        return self._caption

    @property
    def filled(self) -> bool:
        """Whether there is a picture."""
        return self._item is not None

    def set_dimensions(self, dimensions: int) -> None:
        """How many values a code has that may be dropped."""
        self._dimensions = dimensions

    def show_code(
        self, code: Floats | None, item: Array | None, caption: str, count: int = 1
    ) -> None:
        """Show what a code decodes to; ``count`` codes that it is the mean of."""
        self._code, self._item = code, item
        self._caption, self._count = caption, count
        self.setAccessibleDescription(caption)
        self.setToolTip(
            tr("The mean of {count:,} codes: {what}", count=count, what=caption)
            if count > 1
            else caption
        )
        self.update()

    def set_depiction(self, depiction: Depiction) -> None:
        """How items are drawn."""
        self._depiction = depiction
        self.update()

    def _retint(self, _theme: object) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        """A square and its caption."""
        return QSize(56, 56 + CAPTION)

    def square(self) -> QRectF:
        """Where the picture has its place."""
        side = min(self.width(), self.height() - CAPTION)
        return QRectF((self.width() - side) / 2, 0, side, side)

    def picture_rect(self, ratio: float = 1.0) -> QRectF:
        """Where the picture lies: a whole factor of its own pixels."""
        square = self.square().adjusted(3, 3, -3, -3)
        if self._item is None or self._depiction.of_points:
            return square
        native = self._depiction.native_size(self._item)
        fit = square.width() * ratio / max(native.width(), native.height())
        factor = float(int(fit)) if fit >= 1.0 else 1.0 / math.ceil(1.0 / fit)
        wide, tall = native.width() * factor / ratio, native.height() * factor / ratio
        left = snap(square.center().x() - wide / 2, ratio)
        return QRectF(left, snap(square.center().y() - tall / 2, ratio), wide, tall)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, the picture, how many there are, and the caption."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        square = self.square()
        if self._over:
            fill_round(painter, square, 6, theme.accent_soft)
            stroke_round(painter, square, 6, theme.accent, 1.5)
        elif self._item is None:
            fill_round(painter, square, 6, theme.hover if self.underMouse() else theme.sunken)
            dashed_round(painter, square, 6, theme.strong)
        if self._item is not None:
            rect = self.picture_rect(device_ratio(painter))
            self._depiction.paint(painter, rect, self._item)
            edge = theme.accent if not self._takes else theme.hairline
            stroke_round(
                painter, rect.adjusted(-2, -2, 2, 2), 1, edge, 1.5 if not self._takes else 1
            )
        elif self._takes:
            middle = square.center()
            paint_icon(painter, "plus", QRectF(middle.x() - 8, middle.y() - 8, 16, 16), theme.text3)
        below = QRectF(-6, self.height() - CAPTION, self.width() + 12, CAPTION)
        words = self._caption or self._name
        if self._count > 1 and self._item is not None:
            many = f"{words} ×{self._count:,}"
            words = many if text_width(many, ui_font(NOTE)) <= below.width() else words
        ink = theme.text if self._caption else theme.text3
        draw_text(painter, below, words, ink, ui_font(NOTE), CENTRE)

    # Mouse, keys, drag and drop

    def enterEvent(self, event: QEvent) -> None:
        """Show that it can be pressed."""
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has left."""
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press becomes a click or a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the code out."""
        if self._press is None or self._code is None or self._item is None:
            return
        moved = (event.position() - self._press).manhattanLength()
        if moved >= QApplication.startDragDistance():
            self._press = None
            name = self._caption or self._name
            drag_out(self, code_mime(self._code, self._item, name, depiction=self._depiction))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click."""
        if self._press is not None and event.button() == Qt.MouseButton.LeftButton:
            self._press = None
            self.pressed.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """As a click."""
        self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space press."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take codes of this model."""
        found = code_of(event.mimeData()) if event.mimeData().hasFormat(CODE) else None
        if found is not None and len(found[0]) == self._dimensions:
            self._over = True
            self.update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It was carried on."""
        self._over = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put it in."""
        self._over = False
        self.update()
        found = code_of(event.mimeData())
        if found is not None and len(found[0]) == self._dimensions:
            event.acceptProposedAction()
            self.dropped.emit(*found)


class Equation(QWidget):
    """Wells in a row with signs between them, as large as there is room for."""

    def __init__(
        self, wells: Sequence[TermWell], signs: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._wells, self._signs = tuple(wells), tuple(signs)
        for well in wells:
            well.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        on_theme(self._retint)

    def _retint(self, _theme: object) -> None:
        self.update()

    def _side(self, width: int) -> int:
        count = len(self._wells)
        room = (width - (count - 1) * self._gap(width)) / count
        return int(min(max(room, SMALLEST), LARGEST))

    def _gap(self, width: int) -> int:
        return 16 if width < 240 else 20 if width < 420 else 32

    def hasHeightForWidth(self) -> bool:
        """Wells are square."""
        return True

    def heightForWidth(self, width: int) -> int:
        """A square and its caption."""
        return self._side(width) + CAPTION

    def sizeHint(self) -> QSize:
        """As in the column of moves."""
        return QSize(264, self.heightForWidth(264))

    def minimumSizeHint(self) -> QSize:
        """As in a narrow window."""
        return QSize(4 * SMALLEST + 3 * 14, SMALLEST + CAPTION)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the wells in their places."""
        super().resizeEvent(event)
        side = min(self._side(self.width()), max(self.height() - CAPTION, SMALLEST))
        gap = self._gap(self.width())
        left = (self.width() - len(self._wells) * side - (len(self._wells) - 1) * gap) // 2
        for at, well in enumerate(self._wells):
            well.setGeometry(left + at * (side + gap), 0, side, side + CAPTION)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the signs."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        for before, after, sign in zip(self._wells, self._wells[1:], self._signs, strict=False):
            left, right = before.geometry().right() + 1, after.geometry().left()
            spot = QRectF(left, 0, right - left, before.height() - CAPTION)
            draw_text(painter, spot, sign, theme.text2, ui_font(15, 500), CENTRE, elide=False)


def mean_of(codes: Floats) -> Floats:
    """The mean of codes (n, d), (d,)."""
    found: Floats = np.asarray(codes, dtype=np.float64).mean(axis=0)
    return found
