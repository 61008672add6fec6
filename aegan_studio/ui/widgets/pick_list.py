"""One of many things, found by typing: a list in groups that opens below what asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QToolTip, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.theme import HEADING, NOTE, Theme, current_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    LEFT,
    RIGHT,
    draw_text,
    fill_round,
    smooth,
    stroke_round,
    text_width,
)

_ROW, _GROUP, _SEARCH, _PAD, _SHADE, _RADIUS = 46, 30, 42, 6, 14, 10.0
WIDTH = 440
"""Pixels, in a window that has them."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One entry.

    Attributes
    ----------
    value : object
        What :attr:`PickList.picked` gives.
    label, help : str
        Its name, and one sentence.
    note : str
        A few quiet words at the right, such as a paper.
    group : str
        The heading that it stands under.
    words : str
        More words that it is found by.
    reason : str
        Why it cannot be chosen; empty where it can.
    """

    value: object
    label: str
    help: str = ""
    note: str = ""
    group: str = ""
    words: str = ""
    reason: str = ""


def found(picks: Sequence[Pick], typed: str) -> list[Pick]:
    """The entries in which every typed word occurs, in their order."""
    words = typed.lower().split()
    result = []
    for pick in picks:
        text = " ".join((pick.label, pick.help, pick.note, pick.group, pick.words)).lower()
        if all(word in text for word in words):
            result.append(pick)
    return result


def best(picks: Sequence[Pick], typed: str) -> int:
    """The entry whose name fits best what was typed, rather one that can be chosen; −1: none."""
    wanted = " ".join(typed.lower().split())

    def misfit(index: int) -> tuple[bool, int, int]:
        label = picks[index].label.lower()
        if label == wanted:
            fit = 0
        elif label.startswith(wanted):
            fit = 1
        else:
            fit = 2 if wanted in label else 3
        return bool(picks[index].reason), fit, index

    return min(range(len(picks)), key=misfit, default=-1)


class _Rows(QWidget):
    """The entries under their headings, painted."""

    def __init__(self, owner: PickList) -> None:
        super().__init__()
        self._owner = owner
        self.tops: list[float] = []
        self.headings: list[tuple[float, str]] = []
        self.setMouseTracking(True)

    def lay(self) -> None:
        """Work out where everything stands."""
        y, group = 0.0, ""
        self.tops, self.headings = [], []
        for pick in self._owner.matches:
            if pick.group != group:
                group = pick.group
                self.headings.append((y, group))
                y += _GROUP
            self.tops.append(y)
            y += _ROW
        self.setFixedHeight(int(y) + _PAD if self.tops else _ROW)
        self.update()

    def row_at(self, y: float) -> int:
        """The entry at a height; −1 between them."""
        for index, top in enumerate(self.tops):
            if top <= y < top + _ROW:
                return index
        return -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the entry under the pointer."""
        row = self.row_at(event.position().y())
        if row >= 0:
            self._owner.mark(row, scroll=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the entry under the pointer."""
        row = self.row_at(event.position().y())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._owner.mark(row, scroll=False)
            self._owner.choose()

    def event(self, event: QEvent) -> bool:
        """The whole sentence where the line cuts it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self.row_at(event.pos().y())
            if row >= 0:
                pick = self._owner.matches[row]
                text = "\n".join(line for line in (pick.help, pick.reason) if line)
                QToolTip.showText(event.globalPos(), text, self)
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in view."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        seen = QRectF(event.rect())
        if not self.tops:
            room = QRectF(16, 0, self.width() - 32, _ROW)
            draw_text(painter, room, tr("Nothing has these words."), theme.text2, ui_font())
        for top, name in self.headings:
            room = QRectF(16, top + 6, self.width() - 32, _GROUP - 8)
            if room.intersects(seen):
                draw_text(painter, room, name, theme.text2, ui_font(NOTE, 600), LEFT)
        for index, top in enumerate(self.tops):
            row = QRectF(_PAD, top, self.width() - 2 * _PAD, _ROW - 2)
            if row.intersects(seen):
                self._paint_row(painter, row, index, theme)

    def _paint_row(self, painter: QPainter, row: QRectF, index: int, theme: Theme) -> None:
        owner, pick = self._owner, self._owner.matches[index]
        if index == owner.current:
            fill_round(painter, row, 6, theme.accent_soft)
        inner = row.adjusted(10, 4, -10, -4)
        first = QRectF(inner.left(), inner.top(), inner.width(), 18)
        below = QRectF(inner.left(), inner.top() + 18, inner.width(), 17)
        note = ui_font(NOTE)
        taken = text_width(pick.note, note) + 12 if pick.note else 0.0
        in_use = pick.value == owner.value
        ink = theme.text3 if pick.reason else theme.accent if in_use else theme.text
        words = first.adjusted(0, 0, -taken, 0)
        font = ui_font(HEADING, 600 if in_use else 500)
        draw_text(painter, words, pick.label, ink, font, LEFT)
        if in_use:
            x = min(words.left() + text_width(pick.label, font) + 6, words.right() - 14)
            paint_icon(painter, "check", QRectF(x, first.center().y() - 6.5, 13, 13), theme.accent)
        if pick.note:
            draw_text(painter, first, pick.note, theme.text3, note, RIGHT)
        sentence = pick.reason or pick.help
        tone = theme.warning if pick.reason else theme.text2
        draw_text(painter, below, sentence, tone, note, LEFT)


class PickList(QWidget):
    """A popup inside the window; Esc or a click elsewhere closes it.

    Parameters
    ----------
    name : str
        What is chosen, for the field and for screen readers.
    """

    picked = Signal(object)
    """The value of the chosen entry; the list is closed already."""
    closed = Signal()

    def __init__(self, window: QWidget, name: str) -> None:
        super().__init__(window)
        self._window = window
        self._picks: tuple[Pick, ...] = ()
        self._anchor: QWidget | None = None
        self.matches: list[Pick] = []
        self.value: object = None
        self.current = -1
        self._line = QLineEdit(self)
        self._line.setProperty("bare", True)
        self._line.setProperty("focusRing", "none")
        self._line.setFont(ui_font(HEADING))
        self._line.setPlaceholderText(name)
        self._line.setAccessibleName(name)
        self._line.textChanged.connect(self._filter)
        self._line.installEventFilter(self)
        self._rows = _Rows(self)
        self._rows.setObjectName("scrolled")
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._rows)
        line_host = QWidget()
        line_host.setFixedHeight(_SEARCH)
        host = QVBoxLayout(line_host)
        host.setContentsMargins(40, 0, 14, 0)
        host.addWidget(self._line)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SHADE, _SHADE, _SHADE, _SHADE)
        column.setSpacing(0)
        column.addWidget(line_host)
        column.addSpacing(2)
        column.addWidget(self._scroll, 1)
        column.addSpacing(3)
        self.setAccessibleName(name)
        self.hide()

    @property
    def line_edit(self) -> QLineEdit:
        """Where one types."""
        return self._line

    @property
    def rows(self) -> QWidget:
        """The list itself."""
        return self._rows

    def centre_of(self, value: object) -> QPoint:
        """Where to click in :attr:`rows` for an entry that matches."""
        index = [pick.value for pick in self.matches].index(value)
        return QPoint(self._rows.width() // 2, int(self._rows.tops[index] + _ROW / 2))

    def open(self, picks: Sequence[Pick], value: object, anchor: QWidget) -> None:
        """Show entries below a widget; entries of a group must follow each other."""
        self._picks, self.value, self._anchor = tuple(picks), value, anchor
        self._line.clear()
        self._filter("")
        self.raise_()
        self.show()
        self.mark(self.current)
        self._line.setFocus(Qt.FocusReason.PopupFocusReason)
        self._window.installEventFilter(self)

    def close_list(self) -> None:
        """Hide it and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._anchor is not None:
            self._anchor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _filter(self, text: str) -> None:
        self.matches = found(self._picks, text)
        values = [pick.value for pick in self.matches]
        known = self.value in values
        self.current = values.index(self.value) if known and not text else best(self.matches, text)
        self._rows.lay()
        self._place()
        self.mark(self.current)

    def _place(self) -> None:
        """Below the anchor, or beside it where there is more room, and always in the window."""
        anchor, window = self._anchor, self._window
        if anchor is None:
            return
        width = min(WIDTH, window.width() - 16) + 2 * _SHADE
        below = anchor.mapTo(window, QPoint(0, anchor.height() + 4))
        wanted = _SEARCH + 5 + self._rows.height()
        top = below.y()
        room = window.height() - top - 12
        if room < min(wanted, 360):
            top = max(12, window.height() - 12 - min(wanted, window.height() - 24))
            room = window.height() - top - 12
        left = min(max(below.x(), 8), window.width() - width + 2 * _SHADE - 8)
        height = min(wanted, room, 560) + 2 * _SHADE
        self.setGeometry(left - _SHADE, top - _SHADE, width, height)

    def mark(self, index: int, *, scroll: bool = True) -> None:
        """Mark an entry, and bring it into view."""
        if not self.matches:
            self.current = -1
            self._line.setAccessibleDescription(tr("Nothing has these words."))
            return
        self.current = min(max(index, 0), len(self.matches) - 1)
        pick = self.matches[self.current]
        self._line.setAccessibleDescription(". ".join((pick.label, pick.reason or pick.help)))
        if scroll:
            top = self._rows.tops[self.current]
            self._scroll.ensureVisible(0, int(top + _ROW / 2), 0, _ROW // 2 + _GROUP)
        self._rows.update()

    def choose(self) -> None:
        """Close, and give the marked entry if it can be chosen."""
        if self.current >= 0 and not self.matches[self.current].reason:
            value = self.matches[self.current].value
            self.close_list()
            self.picked.emit(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that drive the list, and what closes it."""
        if watched is self._line:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._on_key(event.key())
            if event.type() == QEvent.Type.FocusOut and self.isVisible():
                self.hide()
        elif event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _on_key(self, key: int) -> bool:
        page = max(self._scroll.height() // _ROW - 1, 1)
        moves = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
        }
        if key in moves:
            self.mark(self.current + moves[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose()
        elif key == Qt.Key.Key_Escape:
            self.close_list()
        elif key != Qt.Key.Key_Tab:
            return False
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop following the window."""
        self._window.removeEventFilter(self)
        self.closed.emit()

    def sizeHint(self) -> QSize:
        """As wide as it wants to be."""
        return QSize(WIDTH + 2 * _SHADE, 400)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside the rows keeps the list open."""
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet, its shadow and the search line's icon."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        sheet = QRectF(self.rect()).adjusted(_SHADE, _SHADE, -_SHADE, -_SHADE)
        for spread in range(_SHADE - 2, 0, -1):
            grown = sheet.adjusted(-spread, 2 - spread, spread, spread + 2)
            fill_round(painter, grown, _RADIUS + spread, theme.color("#000000", 0.014))
        fill_round(painter, sheet, _RADIUS, theme.surface)
        stroke_round(painter, sheet, _RADIUS, theme.strong if theme.dark else theme.hairline)
        spot = QRectF(sheet.left() + 15, sheet.top() + _SEARCH / 2 - 7.5, 15, 15)
        paint_icon(painter, "search", spot, theme.text2)
        line = QRectF(sheet.left(), sheet.top() + _SEARCH, sheet.width(), 1)
        painter.fillRect(line, theme.color("hairline"))
