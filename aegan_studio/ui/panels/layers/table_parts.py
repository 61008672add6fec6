"""Pieces of the table: the head, the buttons of a row, and the list that has the focus."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aegan_studio.experiment.parts import LayerOptions
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.layers.row_parts import ROW, Columns
from aegan_studio.ui.panels.layers.rows import LayerRow
from aegan_studio.ui.theme import BODY, NOTE, current_theme, ui_font
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.painting import CENTRE, LEFT, RIGHT, dashed_round, draw_text, smooth

_COPY = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.SelectAll,
)


class Head(QWidget):
    """The names of the columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room = 0
        self.setFixedHeight(28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint them."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        columns, font = Columns(self.room), ui_font(NOTE)
        height = self.height() - 2.0
        for left, right, text, align in (
            (columns.name, columns.options, tr("Layer"), LEFT),
            (columns.options, columns.output, tr("Options"), LEFT),
            (columns.output - 90, columns.output, tr("Output"), RIGHT),
            (columns.output, columns.weights, tr("Weights"), RIGHT),
        ):
            spot = QRectF(left, 0, right - left, height)
            draw_text(painter, spot, text, theme.text2, font, align)
        line = QRectF(0, self.height() - 1, self.room, 1)
        painter.fillRect(line, theme.color("hairline"))


class RowTools(QWidget):
    """What can be done with the row under the pointer: one set of buttons for all rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.row: LayerRow | None = None
        self.switch = IconButton("eye", "", side=24)
        self.copy = IconButton("copy", tr("Duplicate (Ctrl+D)"), side=24)
        self.delete = IconButton("trash", tr("Delete (Del)"), side=24)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        for button in (self.switch, self.copy, self.delete):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys do the same
            line.addWidget(button)
        self.resize(72, 24)
        self.hide()

    def stand_in(self, row: LayerRow | None) -> None:
        """Stand at the end of a row, or nowhere."""
        self.row = row
        if row is None:
            self.hide()
            return
        on = row.layer.enabled
        self.switch.set_icon_name("eye" if on else "eye-off")
        words = tr("Switch off (Space)") if on else tr("Switch on (Space)")
        self.switch.setToolTip(words)
        self.switch.setAccessibleName(words)
        self.move(row.x() + Columns(row.width()).weights - 68, row.y() + (ROW - 24) // 2)
        self.raise_()
        self.show()


class RowList(QWidget):
    """The rows, one below the other; has the keyboard's focus for all of them."""

    keyed = Signal(object)
    focused = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRing", "none")
        self.setAccessibleName(tr("Layers"))

    def event(self, event: QEvent) -> bool:
        """Keep keys that are the list's from the window's commands."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            duplicate = event.key() == Qt.Key.Key_D and is_ctrl(event)
            if self.hasFocus() and (duplicate or any(event.matches(key) for key in _COPY)):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand keys on to the table."""
        self.keyed.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no longer."""
        self.focused.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the rows out anew."""
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Without layers say how to begin."""
        if not self.empty:
            return
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        well = QRectF(28, ROW + 8, self.width() - 40, 60)
        dashed_round(painter, well, 6, theme.strong)
        words = tr("Drag a layer here, or press Enter on one in the palette")
        draw_text(painter, well, words, theme.text2, ui_font(BODY), CENTRE)


def is_ctrl(event: QKeyEvent) -> bool:
    """Whether Ctrl, and nothing else, is held."""
    return event.modifiers() == Qt.KeyboardModifier.ControlModifier


def matched(
    old: Sequence[LayerRow],
    layers: Sequence[LayerOptions],
    make: Callable[[LayerOptions], LayerRow],
) -> tuple[list[LayerRow], list[LayerRow]]:
    """Rows for a changed list, the old ones taken again wherever they can be.

    A row stays with its layer where that only moved; one whose layer is gone shows another layer
    of its kind. Returns the rows in order, and those that are left over.
    """
    head = _common(old, layers)
    tail = _common(old[head:][::-1], layers[head:][::-1])
    pool, middle = list(old[head : len(old) - tail]), layers[head : len(layers) - tail]
    same: list[LayerRow | None] = []
    for layer in middle:
        row = next((row for row in pool if row.layer == layer), None)
        if row is not None:
            pool.remove(row)
        same.append(row)
    rows = list(old[:head])
    for layer, row in zip(middle, same, strict=True):
        found = row
        if found is None:
            found = next((one for one in pool if type(one.layer) is type(layer)), None)
            if found is not None:
                pool.remove(found)
        rows.append(found or make(layer))
    return [*rows, *old[len(old) - tail :]], pool


def _common(rows: Sequence[LayerRow], layers: Sequence[LayerOptions]) -> int:
    """How many rows at the beginning show these very layers."""
    count = 0
    for row, layer in zip(rows, layers, strict=False):
        if row.layer != layer:
            break
        count += 1
    return count


def order_tabs(first: QWidget, rows: Sequence[LayerRow]) -> None:
    """Let Tab go from ``first`` through the controls of the rows in their order."""
    before = first
    for row in rows:
        for one in (*(c.widget for c in row.controls.values()), row.more, row.mend):
            if one is not None:
                QWidget.setTabOrder(before, one)
                before = one
