"""Pictures of bookmarks in a grid with their names: to go to, name, order, and drag anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio, paint_icon
from aegan_studio.ui.latent.messages import Array
from aegan_studio.ui.panels.explore.code_mime import CODE, drag_out
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.keep.bookmarks_name import NameLine
from aegan_studio.ui.theme import TICK, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    dashed_round,
    draw_text,
    fill_round,
    smooth,
    snap,
    stroke_round,
)

SIDE = 56
"""Side of a picture, about, in px."""
NAME = 16
"""Height of the name below it."""
PITCH = 66
"""From one column to the next, at least."""


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """One bookmark as it is shown; ``key`` names it to whoever filled the grid."""

    key: int
    name: str
    item: Array | None
    stale: bool = False
    tip: str = ""


class BookmarkGrid(QWidget):
    """Cards in rows as wide as the grid; a click goes there, a drag takes the code along."""

    picked = Signal(int)
    renamed = Signal(int, str)
    removed = Signal(int)
    moved = Signal(int, int)
    """A card was put in the place of another: both by their place in the grid."""
    dropped = Signal(object, int)
    """A code from elsewhere (QMimeData) was dropped before this place."""
    menu_asked = Signal(int, object)
    """A right click on a card, −1 for none, with the place on the screen."""
    copied = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: Sequence[Card] = ()
        self._depiction = Depiction()
        self._current = self._hover = self._target = -1
        self._here: int | None = None
        self._pressed: tuple[int, QPointF] | None = None
        self._drag_data: Callable[[int], QMimeData | None] | None = None
        self._edit: NameLine | None = None
        self._dragged = -1
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRing", "none")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Bookmarks"))
        on_theme(self._retint)

    def set_cards(self, cards: Sequence[Card], depiction: Depiction) -> None:
        """Show other cards."""
        self._cards, self._depiction = cards, depiction
        self._current = min(self._current, len(cards) - 1)
        self._hover = -1
        self._end_edit()
        self.updateGeometry()
        self._describe()
        self.update()

    def set_here(self, index: int | None) -> None:
        """Outline the card of the current code."""
        if index != self._here:
            self._here = index
            self.update()

    def set_drag(self, data: Callable[[int], QMimeData | None]) -> None:
        """Say what a drag of a card, by its place, carries."""
        self._drag_data = data

    @property
    def cards(self) -> Sequence[Card]:
        """What is shown."""
        return self._cards

    @property
    def current(self) -> int:
        """The card that keys act on, −1 for none."""
        return self._current

    @property
    def editor(self) -> NameLine | None:
        """The line in which a name is being edited."""
        return self._edit

    def _retint(self, _theme: object) -> None:
        self.update()

    # Lay-out

    @property
    def columns(self) -> int:
        """How many cards stand side by side."""
        return max(1, (self.width() + PITCH - SIDE - 6) // PITCH)

    def _row_height(self) -> int:
        return SIDE + NAME + 8

    def heightForWidth(self, width: int) -> int:
        """All rows."""
        columns = max(1, (width + PITCH - SIDE - 6) // PITCH)
        rows = -(-len(self._cards) // columns)
        return max(rows, 1) * self._row_height()

    def hasHeightForWidth(self) -> bool:
        """The rows follow from the width."""
        return True

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(4 * PITCH, self.heightForWidth(max(self.width(), PITCH)))

    def minimumSizeHint(self) -> QSize:
        """One card wide, all rows high."""
        return QSize(PITCH, self.heightForWidth(max(self.width(), PITCH)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other rows."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        self._end_edit()

    def cell(self, index: int) -> QRectF:
        """The square of a card's picture and its name below."""
        columns = self.columns
        pitch = (self.width() - 6 - SIDE) / max(columns - 1, 1) if columns > 1 else 0.0
        pitch = min(pitch, PITCH * 1.25)
        left = 3 + index % columns * pitch
        top = 3 + index // columns * self._row_height()
        return QRectF(left, top, SIDE, SIDE + NAME)

    def picture_rect(self, index: int, ratio: float | None = None) -> QRectF:
        """Where a card's picture lies, at a whole factor where it is small."""
        ratio = ratio or self.devicePixelRatioF()
        cell = self.cell(index)
        item = self._cards[index].item
        if item is None or item.ndim < 2:
            return QRectF(snap(cell.left(), ratio), snap(cell.top(), ratio), SIDE, SIDE)
        high, wide = item.shape[0], item.shape[1]
        fit = SIDE * ratio / max(high, wide)
        factor = float(int(fit)) if fit >= 1.0 else fit
        width, height = wide * factor / ratio, high * factor / ratio
        left = snap(cell.left() + (SIDE - width) / 2, ratio)
        return QRectF(left, snap(cell.top() + (SIDE - height) / 2, ratio), width, height)

    def index_at(self, at: QPointF) -> int:
        """The card at a point, −1 for none."""
        for index in range(len(self._cards)):
            if self.cell(index).adjusted(-3, -3, 3, 0).contains(at):
                return index
        return -1

    def _gap_at(self, at: QPointF) -> int:
        """Before which card something dropped at a point goes."""
        for index in range(len(self._cards)):
            cell = self.cell(index)
            row = cell.top() - 3 <= at.y() < cell.top() - 3 + self._row_height()
            if row and at.x() < cell.center().x():
                return index
            if at.y() < cell.top() - 3:
                return index
        return len(self._cards)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cards that are in view."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        ratio, seen = device_ratio(painter), QRectF(event.rect())
        for index, card in enumerate(self._cards):
            cell = self.cell(index)
            if not seen.intersects(cell.adjusted(-8, -4, 8, 4)):
                continue
            self._paint_card(painter, index, card, ratio)
        if self._target >= 0:
            before = min(self._target, max(len(self._cards) - 1, 0))
            cell = self.cell(before)
            x = cell.left() - 3 if self._target < len(self._cards) else cell.right() + 3
            painter.fillRect(QRectF(x - 1, cell.top(), 2, SIDE), theme.color("accent"))

    def _paint_card(self, painter: QPainter, index: int, card: Card, ratio: float) -> None:
        theme = current_theme()
        rect, cell = self.picture_rect(index, ratio), self.cell(index)
        if card.item is None:
            dashed_round(painter, rect, 4, theme.strong)
        else:
            self._depiction.paint(painter, rect, card.item)
            stroke_round(painter, rect.adjusted(-1, -1, 1, 1), 0, theme.hairline)
        if card.stale and card.item is not None:
            spot = QRectF(rect.right() - 13, rect.top() + 1, 12, 12)
            fill_round(painter, spot.adjusted(-1, -1, 1, 1), 6, theme.surface)
            paint_icon(painter, "history", spot, theme.color("text2"))
        focused = self.hasFocus() and index == self._current
        if focused:
            stroke_round(painter, rect.adjusted(-3, -3, 3, 3), 3, theme.accent, 2)
        elif index == self._here:
            stroke_round(painter, rect.adjusted(-3, -3, 3, 3), 2, theme.accent, 2)
        elif index == self._hover:
            stroke_round(painter, rect.adjusted(-2, -2, 2, 2), 1, theme.text3, 1)
        if self._edit is None or index != self._current:
            here = index == self._here
            name = QRectF(cell.left() - 5, cell.top() + SIDE + 2, SIDE + 10, NAME)
            font, ink = ui_font(TICK, 600 if here else 400), theme.text if here else theme.text2
            draw_text(painter, name, card.name, ink, font, CENTRE)

    # Pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a click or a drag."""
        index = self.index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._current = index
            self._pressed = index, event.position()
            self._describe()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the card under the pointer, or drag it."""
        index = self.index_at(event.position())
        if index != self._hover:
            self._hover = index
            self.update()
        if self._pressed is None or self._drag_data is None:
            return
        start = self._pressed[1]
        if (event.position() - start).manhattanLength() < QApplication.startDragDistance():
            return
        self._dragged, self._pressed = self._pressed[0], None
        data = self._drag_data(self._dragged)
        if data is not None:
            drag_out(self, data)
        self._dragged = -1

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click goes to the code."""
        pressed, self._pressed = self._pressed, None
        if pressed is not None and self.index_at(event.position()) == pressed[0]:
            self.picked.emit(pressed[0])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click on a name edits it."""
        index = self.index_at(event.position())
        if index >= 0 and event.position().y() > self.cell(index).top() + SIDE:
            self.edit(index)

    def leaveEvent(self, event: QEvent) -> None:
        """No card is under the pointer."""
        self._hover = -1
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of a card."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self._current if by_key else self.index_at(QPointF(event.pos()))
        if index >= 0:
            self._current = index
            self.update()
        self.menu_asked.emit(index, event.globalPos())

    def event(self, event: QEvent) -> bool:
        """The tool tip says what is known of a card."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.index_at(QPointF(event.pos()))
            text = self._cards[index].tip if index >= 0 else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Enter goes there, F2 names, Delete removes, Ctrl+arrows move."""
        last, key = len(self._cards) - 1, Qt.Key(event.key())
        if last < 0:
            super().keyPressEvent(event)
            return
        here, columns = max(self._current, 0), self.columns
        targets = {
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Right: here + 1,
            Qt.Key.Key_Up: here - columns,
            Qt.Key.Key_Down: here + columns,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if key in targets:
            to = targets[key] if self._current >= 0 else 0
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                super().keyPressEvent(event)
            elif 0 <= to <= last:
                if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self.moved.emit(here, to)
                self._choose(to)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit(here)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(here)
        elif key == Qt.Key.Key_F2:
            self.edit(here)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(here)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keys act on the first card, unless one was chosen."""
        super().focusInEvent(event)
        if self._current < 0 and self._cards:
            self._current = 0
        self.update()

    def _choose(self, index: int) -> None:
        self._current = index
        self._describe()
        self.update()

    def _describe(self) -> None:
        known = 0 <= self._current < len(self._cards)
        self.setAccessibleDescription(self._cards[self._current].name if known else "")

    # Names in place

    def edit(self, index: int) -> None:
        """Edit a card's name where it stands; Enter keeps it, Esc does not."""
        self._end_edit()
        self._current = index
        cell = self.cell(index)
        edit = NameLine(self._cards[index].name, self)
        left = min(max(int(cell.center().x()) - 46, 0), max(self.width() - 92, 0))
        edit.setGeometry(QRect(left, int(cell.top()) + SIDE - 2, 92, 22))
        edit.kept.connect(self._keep_name)
        edit.given_up.connect(self._give_up)
        self._edit = edit
        edit.show()
        edit.setFocus()
        self.update()

    def _give_up(self) -> None:
        self._end_edit()
        self.setFocus()

    def _keep_name(self, name: str) -> None:
        edit, index = self._edit, self._current
        if edit is None:
            return
        focused = edit.hasFocus()
        self._end_edit()
        if focused:
            self.setFocus()
        if 0 <= index < len(self._cards):
            self.renamed.emit(index, name)

    def _end_edit(self) -> None:
        edit, self._edit = self._edit, None
        if edit is not None:
            edit.hide()
            edit.deleteLater()
            self.update()

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take codes: another order of one's own, or new ones from elsewhere."""
        if event.mimeData().hasFormat(CODE):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would go."""
        self._target = self._gap_at(event.position())
        event.acceptProposedAction()
        self.update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It went elsewhere."""
        self._target = -1
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put it there."""
        before, self._target = self._gap_at(event.position()), -1
        event.acceptProposedAction()
        if self._dragged >= 0:
            to = before - 1 if before > self._dragged else before
            if to != self._dragged:
                self.moved.emit(self._dragged, to)
        else:
            self.dropped.emit(event.mimeData(), before)
        self.update()
