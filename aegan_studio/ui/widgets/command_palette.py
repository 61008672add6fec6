"""Find a command by typing a part of its name: the Ctrl K overlay."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QFont,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.theme import CARD, NOTE, current_theme, ui_font
from aegan_studio.ui.widgets.painting import (
    LEFT,
    RIGHT,
    draw_text,
    fill_round,
    smooth,
    stroke_round,
    text_width,
)

_ROW, _SHOWN, _SEARCH, _PAD, _SHADE = 32, 9, 46, 8, 14


def fuzzy_score(needle: str, text: str) -> tuple[float, tuple[int, ...]] | None:
    """How well the letters of ``needle`` appear in order in ``text``, and where; None if not.

    Higher is better: runs of letters and beginnings of words count most, long names least.
    """
    wanted, lower = "".join(needle.lower().split()), text.lower()
    if not wanted:
        return 0.0, ()
    at = lower.find(needle.lower().strip())
    if at >= 0:
        start = 40.0 if at == 0 or not lower[at - 1].isalnum() else 20.0
        return start + 4 * len(wanted) - len(text) * 0.1, tuple(range(at, at + len(wanted)))
    words = _whole_words(needle.lower().split(), lower)
    if words:
        return 10.0 + 4 * len(wanted) - len(text) * 0.1, words
    places: list[int] = []
    score, position = 0.0, 0
    for letter in wanted:
        found = _best_place(lower, letter, position, places)
        if found < 0:
            return None
        if places and found == places[-1] + 1:
            score += 4.0
        elif found == 0 or not lower[found - 1].isalnum():
            score += 3.0
        else:
            score += 0.5
        places.append(found)
        position = found + 1
    return score - len(text) * 0.1, tuple(places)


def _whole_words(words: list[str], text: str) -> tuple[int, ...]:
    """The places of all words one after another, as typed; empty where one does not appear."""
    places: list[int] = []
    position = 0
    for word in words:
        at = text.find(word, position)
        if at < 0:
            return ()
        position = at + len(word)
        places += range(at, position)
    return tuple(places)


def _best_place(text: str, letter: str, start: int, before: list[int]) -> int:
    """The next place of a letter; rather the beginning of a word than the middle of one."""
    first = text.find(letter, start)
    if first < 0 or (before and first == before[-1] + 1):
        return first
    at = first
    while at >= 0:
        if at == 0 or not text[at - 1].isalnum():
            return at
        at = text.find(letter, at + 1)
    return first


class _List(QWidget):
    """The commands that match, painted; the palette drives it."""

    def __init__(self, palette: CommandPalette) -> None:
        super().__init__(palette)
        self._palette = palette
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As many rows as match, nine at most; one for the sentence when none does."""
        rows = min(max(len(self._palette.matches), 1), _SHOWN)
        return QSize(480, rows * _ROW + _PAD)

    def _row_at(self, y: float) -> int:
        row = int(y // _ROW) + self._palette.first
        return row if 0 <= row < len(self._palette.matches) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the pointer."""
        row = self._row_at(event.position().y())
        if row >= 0:
            self._palette.choose(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Run the row under the pointer."""
        row = self._row_at(event.position().y())
        if row >= 0:
            self._palette.choose(row)
            self._palette.run()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        palette = self._palette
        if not palette.matches:
            room = QRectF(16, 0, self.width() - 32, _ROW)
            draw_text(painter, room, tr("No command has this name."), theme.text2, ui_font())
            return
        for line in range(min(_SHOWN, len(palette.matches) - palette.first)):
            index = palette.first + line
            action, places = palette.matches[index]
            row = QRectF(_PAD, line * _ROW, self.width() - 2 * _PAD, _ROW - 2)
            chosen = index == palette.current
            if chosen:
                fill_round(painter, row, 6, theme.accent_soft)
            ink = theme.text if action.isEnabled() else theme.text3
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            keys_font = ui_font(NOTE, 500)
            inner = row.adjusted(10, 0, -10, 0)
            taken = text_width(keys, keys_font) + 12 if keys else 0.0
            words = inner.adjusted(0, 0, -taken, 0)
            _draw_match(painter, words, command_name(action), places, ink, theme.accent)
            if keys:
                draw_text(painter, inner, keys.replace("+", " "), theme.text3, keys_font, RIGHT)


def _draw_match(
    painter: QPainter, rect: QRectF, text: str, places: tuple[int, ...], ink: str, accent: str
) -> None:
    """A name with the letters that match in the accent and heavier."""
    plain, bold = ui_font(13), ui_font(13, 600)
    x, at = rect.left(), 0
    while at < len(text) and x < rect.right():
        hit = at in places
        end = at
        while end < len(text) and (end in places) == hit:
            end += 1
        font: QFont = bold if hit else plain
        part = text[at:end]
        room = QRectF(x, rect.top(), rect.right() - x, rect.height())
        draw_text(painter, room, part, accent if hit else ink, font, LEFT)
        x += text_width(part, font)
        at = end


def command_name(action: QAction) -> str:
    """An action's name without its mnemonic."""
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")


class CommandPalette(QWidget):
    """A popup inside the window; Esc or a click elsewhere closes it.

    Parameters
    ----------
    window : QWidget
        What it lies over.
    actions : callable
        Gives the commands each time it opens; those without a name or invisible are left out.
    """

    def __init__(self, window: QWidget, actions: Callable[[], Sequence[QAction]]) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._before: QWidget | None = None
        self.matches: list[tuple[QAction, tuple[int, ...]]] = []
        self.current = 0
        self.first = 0
        self._line = QLineEdit(self)
        self._line.setProperty("bare", True)
        self._line.setProperty("focusRing", "none")
        self._line.setFont(ui_font(CARD))
        self._line.setPlaceholderText(tr("Find a command"))
        self._line.setAccessibleName(tr("Find a command"))
        self._line.textChanged.connect(self._filter)
        self._line.installEventFilter(self)
        self._list = _List(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SHADE, _SHADE, _SHADE, _SHADE)
        column.setSpacing(0)
        line_host = QWidget()
        line_host.setFixedHeight(_SEARCH)
        host_column = QVBoxLayout(line_host)
        host_column.setContentsMargins(44, 0, 14, 0)
        host_column.addWidget(self._line)
        column.addWidget(line_host)
        column.addSpacing(6)
        column.addWidget(self._list)
        column.addStretch(1)
        self.setAccessibleName(tr("Commands"))
        self.hide()

    @property
    def line_edit(self) -> QLineEdit:
        """Where one types."""
        return self._line

    def open(self) -> None:
        """Show it over the window, with all commands."""
        self._before = self._window.window().focusWidget()
        self._line.clear()
        self._filter("")
        self.raise_()
        self.show()
        self._line.setFocus(Qt.FocusReason.PopupFocusReason)
        self._window.installEventFilter(self)

    def close_palette(self) -> None:
        """Hide it and give the focus back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
            self._before = None

    def toggle(self) -> None:
        """Open or close."""
        if self.isVisible():
            self.close_palette()
        else:
            self.open()

    def _place(self) -> None:
        width = min(520, self._window.width() - 32) + 2 * _SHADE
        self._list.updateGeometry()
        height = _SEARCH + 6 + self._list.sizeHint().height() + 2 * _SHADE
        left = (self._window.width() - width) // 2
        self.setGeometry(left, min(56, self._window.height() // 10), width, height)

    def _filter(self, text: str) -> None:
        found: list[tuple[float, int, QAction, tuple[int, ...]]] = []
        for order, action in enumerate(self._actions()):
            name = command_name(action)
            if not name or action.isSeparator() or not action.isVisible():
                continue
            score = fuzzy_score(text, name)
            if score is not None:
                penalty = 0.0 if action.isEnabled() else 100.0
                found.append((penalty - score[0], order, action, score[1]))
        found.sort(key=lambda entry: entry[:2])
        self.matches = [(action, places) for _, _, action, places in found]
        self.current = self.first = 0
        self._place()
        self._announce()

    def choose(self, index: int) -> None:
        """Mark a match; scrolls it into view."""
        if not self.matches:
            return
        self.current = min(max(index, 0), len(self.matches) - 1)
        self.first = min(self.first, self.current)
        self.first = max(self.first, self.current - _SHOWN + 1)
        self._announce()

    def _announce(self) -> None:
        if self.matches:
            name = command_name(self.matches[self.current][0])
            self._line.setAccessibleDescription(name)
        self._list.update()

    def run(self) -> None:
        """Close, and trigger the marked command if it is enabled."""
        if not self.matches:
            return
        action = self.matches[self.current][0]
        if action.isEnabled():
            self.close_palette()
            action.trigger()

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
        moves = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -_SHOWN,
            Qt.Key.Key_PageDown: _SHOWN,
        }
        if key in moves:
            self.choose(self.current + moves[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.run()
        elif key == Qt.Key.Key_Escape:
            self.close_palette()
        elif key != Qt.Key.Key_Tab:
            return False
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop following the window."""
        self._window.removeEventFilter(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card, its shadow and the search line's icon."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        card = QRectF(self.rect()).adjusted(_SHADE, _SHADE, -_SHADE, -_SHADE)
        for spread in range(_SHADE - 2, 0, -1):
            grown = card.adjusted(-spread, 2 - spread, spread, spread + 2)
            fill_round(painter, grown, 10.0 + spread, theme.color("#000000", 0.014))
        fill_round(painter, card, 10, theme.surface)
        stroke_round(painter, card, 10, theme.strong if theme.dark else theme.hairline)
        spot = QRectF(card.left() + 16, card.top() + _SEARCH / 2 - 8, 16, 16)
        paint_icon(painter, "search", spot, theme.text2)
        line = QRectF(card.left(), card.top() + _SEARCH, card.width(), 1)
        painter.fillRect(line, theme.color("hairline"))
