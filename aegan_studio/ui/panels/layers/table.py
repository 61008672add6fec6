"""The table: rows that keep their widgets while the list changes, moved by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from aegan_studio.experiment import Problem
from aegan_studio.experiment.parts import LayerOptions
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.layers.dragging import ListDrag
from aegan_studio.ui.panels.layers.kinds import icon_of, label_of
from aegan_studio.ui.panels.layers.listing import LayerList
from aegan_studio.ui.panels.layers.row_parts import ROW, EndRow, Facts
from aegan_studio.ui.panels.layers.rows import LayerRow
from aegan_studio.ui.panels.layers.table_parts import (
    Head,
    RowList,
    RowTools,
    is_ctrl,
    matched,
    order_tabs,
)


class LayerTable(QWidget):
    """Shows a :class:`LayerList`; every gesture becomes one of its edits."""

    option_changed = Signal(object, str, object)
    """A row, the option's name, the value."""
    more_asked = Signal(object)
    mend_asked = Signal(object)
    menu_asked = Signal(QPoint)
    copy_asked = Signal()
    cut_asked = Signal()
    paste_asked = Signal()
    selection_changed = Signal()

    def __init__(self, listing: LayerList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listing = listing
        self._rows: list[LayerRow] = []
        self._anchor = self._current = -1
        self._dragged: LayerRow | None = None
        self._head = Head()
        self._list = RowList()
        self._list.setObjectName("scrolled")
        self.first = EndRow(last=False, parent=self._list)
        self.last = EndRow(last=True, parent=self._list)
        self._tools = RowTools(self._list)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._list)
        self._drags = ListDrag(self._area, self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._area, 1)
        self._tabs = QTimer(self, singleShot=True, interval=0)
        self._tabs.timeout.connect(self._order_tabs)
        self._list.keyed.connect(self._on_key)
        self._list.focused.connect(self._show_selection)
        self._list.resized.connect(self._lay)
        self._tools.switch.clicked.connect(lambda: self._on_tool("switch"))
        self._tools.copy.clicked.connect(lambda: self._on_tool("duplicate"))
        self._tools.delete.clicked.connect(lambda: self._on_tool("remove"))
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self.shift(step))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)

    # What is known

    @property
    def rows(self) -> tuple[LayerRow, ...]:
        """The rows of the layers, from input to output."""
        return tuple(self._rows)

    @property
    def list(self) -> QWidget:
        """What has the keyboard's focus."""
        return self._list

    @property
    def tools(self) -> RowTools:
        """The buttons of the row under the pointer."""
        return self._tools

    @property
    def scroll_area(self) -> QScrollArea:
        """What scrolls."""
        return self._area

    @property
    def selection(self) -> tuple[int, int]:
        """The first and the last selected layer; (−1, −1) where none is."""
        if self._current < 0:
            return -1, -1
        return min(self._anchor, self._current), max(self._anchor, self._current)

    @property
    def place_to_add(self) -> int:
        """Where a new layer goes: below the selection, or at the end."""
        last = self.selection[1]
        return len(self._rows) if last < 0 else last + 1

    # Following the list

    def sync(self) -> None:
        """Show the list as it is now, keeping the rows of layers that stayed."""
        layers, old = self._listing.layers, self._rows
        rows, pool = matched(old, layers, self._new_row)
        for row in pool:
            row.hide()
            row.deleteLater()
        if self._tools.row in pool:
            self._tools.stand_in(None)
        moved = rows != old
        self._rows = rows
        for index, (row, layer) in enumerate(zip(rows, layers, strict=True)):
            row.show_layer(layer, index)
        if moved:
            self._select(min(self._anchor, len(rows) - 1), min(self._current, len(rows) - 1))
            self._lay()
            self._tabs.start()
        elif self._tools.row is not None:
            self._tools.stand_in(self._tools.row)

    def _new_row(self, layer: LayerOptions) -> LayerRow:
        row = LayerRow(layer, self._list)
        row.option_changed.connect(self.option_changed)
        row.more_asked.connect(self.more_asked)
        row.mend_asked.connect(self.mend_asked)
        row.pressed.connect(self._on_press)
        row.clicked.connect(self._on_click)
        row.dragged.connect(self._on_drag)
        row.dropped.connect(self._on_drop)
        row.menu_asked.connect(self._on_menu)
        row.entered.connect(self._on_enter)
        row.show()
        return row

    def show_facts(self, facts: Sequence[Facts], problems: Mapping[int, Problem]) -> None:
        """Show shapes, weights and problems, by row."""
        changed = False
        for index, (row, fact) in enumerate(zip(self._rows, facts, strict=False)):
            row.show_facts(fact)
            changed = row.show_problem(problems.get(index)) or changed
        if changed:
            self._lay()

    def _lay(self) -> None:
        """Give every row its place."""
        width, y = self._list.width(), 0
        self.first.setGeometry(0, 0, width, ROW)
        y = ROW
        for row in self._rows:
            height = row.height_for(width)
            row.setGeometry(0, y, width, height)
            y += height
        self._list.empty = not self._rows
        if not self._rows:
            y += 76
        self.last.setGeometry(0, y, width, ROW)
        self.last.raise_()
        self._list.setMinimumHeight(y + ROW + 8)
        self._list.update()
        if self._tools.row is not None:
            self._tools.stand_in(self._tools.row)
        if self._head.room != width:
            self._head.room = width
            self._head.update()

    def _order_tabs(self) -> None:
        order_tabs(self._list, self._rows)

    # The selection

    def select(self, first: int, last: int | None = None) -> None:
        """Select a layer, or all from the first to the last, and bring it into view."""
        self._select(first, first if last is None else last)
        self.show_row(self._current)

    def _select(self, anchor: int, current: int) -> None:
        before = (self._anchor, self._current)
        self._anchor, self._current = anchor, current
        self._show_selection()
        if before != (anchor, current):
            self.selection_changed.emit()

    def _show_selection(self) -> None:
        first, last = self.selection
        focus = self._list.hasFocus()
        for index, row in enumerate(self._rows):
            row.set_selected(first <= index <= last)
            row.set_current(focus and index == self._current)
        if 0 <= self._current < len(self._rows):
            row = self._rows[self._current]
            self._list.setAccessibleDescription(f"{row.accessibleName()}, {row.facts.shape}")

    def show_row(self, index: int) -> None:
        """Scroll to a row."""
        if 0 <= index < len(self._rows):
            row = self._rows[index]
            self._area.ensureVisible(0, row.y() + row.height() // 2, 0, row.height() // 2 + 8)

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """A field of a row took the focus: that row is the selected one."""
        if new is None or new is self._list or not self._list.isAncestorOf(new):
            return
        for index, row in enumerate(self._rows):
            if row.isAncestorOf(new):
                first, last = self.selection
                if not first <= index <= last:
                    self._select(index, index)
                return

    def _on_press(self, row: LayerRow, event: QMouseEvent) -> None:
        index = self._rows.index(row)
        first, last = self.selection
        extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and first >= 0
        self._list.setFocus(Qt.FocusReason.MouseFocusReason)
        if extends:
            self._select(self._anchor, index)
        elif not first <= index <= last:
            self._select(index, index)

    def _on_click(self, row: LayerRow, extends: bool) -> None:
        """Released where it was pressed: of several selected rows it is now the only one."""
        if not extends and row in self._rows:
            index = self._rows.index(row)
            self._select(index, index)

    def _on_enter(self, row: LayerRow) -> None:
        if self.dragging:
            return
        self._hover(row)

    def _hover(self, row: LayerRow | None) -> None:
        for one in self._rows:
            one.set_hovered(one is row)
        self._tools.stand_in(row)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is elsewhere."""
        self._hover(None)
        super().leaveEvent(event)

    def _on_menu(self, row: LayerRow, where: QPoint) -> None:
        index = self._rows.index(row)
        first, last = self.selection
        if not first <= index <= last:
            self._select(index, index)
        self.menu_asked.emit(where)

    # Edits

    def _on_tool(self, act: str) -> None:
        row = self._tools.row
        if row is None or row not in self._rows:
            return
        index = self._rows.index(row)
        self._select(index, index)
        if act == "switch":
            self.switch()
        elif act == "duplicate":
            self.duplicate()
        else:
            self.remove()
        where = self._list.mapFromGlobal(self.cursor().pos())
        below = next((one for one in self._rows if one.geometry().contains(where)), None)
        self._hover(below)

    def add(self, kind: str, index: int | None = None) -> None:
        """Add a new layer, below the selection unless told where; it is then selected."""
        place = self.place_to_add if index is None else index
        if self._listing.add(place, kind):
            self.select(place)

    def remove(self) -> None:
        """Delete the selected layers."""
        first, last = self.selection
        if first >= 0 and self._listing.remove(first, last):
            left = min(first, len(self._rows) - 1)
            self._select(left, left)

    def duplicate(self) -> None:
        """Put a copy of the selected layers below them, and select it."""
        first, last = self.selection
        if first >= 0 and self._listing.duplicate(first, last):
            self.select(last + 1, 2 * last - first + 1)

    def switch(self) -> None:
        """Switch the selected layers off, or on where all are off."""
        first, last = self.selection
        if first >= 0:
            on = not any(layer.enabled for layer in self._listing.layers[first : last + 1])
            self._listing.switch(first, last, on)

    def shift(self, step: int) -> None:
        """Move the selected layers one place up (−1) or down (1)."""
        first, last = self.selection
        if first < 0 or first + step < 0 or last + step >= len(self._rows):
            return
        focus = QApplication.focusWidget()
        if self._listing.move(first, last, first - 1 if step < 0 else last + 2):
            self.select(first + step, last + step)
            if focus is not None and self._list.isAncestorOf(focus):
                focus.setFocus(Qt.FocusReason.OtherFocusReason)

    # Drags, of rows and from the palette

    @property
    def dragging(self) -> bool:
        """Whether something is being dragged over the list."""
        return self._drags.active

    def begin_drag(self, kind: str) -> None:
        """A new layer of this kind is dragged from elsewhere."""
        self._hover(None)
        self._drags.begin(icon_of(kind), label_of(kind))

    def hover_at(self, where: QPoint) -> bool:
        """Something is dragged to here on the screen; says whether it could drop."""
        return self._drags.hover_at(where, self._rows)

    def _on_drag(self, row: LayerRow, where: QPoint) -> None:
        if self._dragged is None:
            self._dragged = row
            self._hover(None)
            first, last = self.selection
            text = row.name if first == last else tr("{count} layers", count=last - first + 1)
            self._drags.begin(icon_of(row.layer.kind), text)
        self.hover_at(where)

    def _on_drop(self, _row: LayerRow, _where: QPoint) -> None:
        place, dragged = self._drags.place, self._dragged
        self.end_drag()
        if dragged is None or place < 0:
            return
        first, last = self.selection
        count = last - first + 1
        if self._listing.move(first, last, place):
            begun = place if place < first else place - count
            self.select(begun, begun + count - 1)

    def drop_kind(self, kind: str) -> bool:
        """Drop a new layer where it hovers; says whether it was over the list."""
        place = self._drags.place
        self.end_drag()
        if place < 0:
            return False
        self.add(kind, place)
        return True

    def end_drag(self) -> None:
        """Nothing is dragged any more."""
        if self._dragged is not None:
            self._dragged.cancel_drag()
        self._dragged = None
        self._drags.end()

    # The keyboard

    def _on_key(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        count = len(self._rows)
        if key == Qt.Key.Key_Escape and self.dragging:
            self.end_drag()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and count:
            step = 1 if key == Qt.Key.Key_Down else -1
            self._go(max(0, min(count - 1, self._current + step)), shift)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and count:
            self._go(0 if key == Qt.Key.Key_Home else count - 1, shift)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove()
        elif key == Qt.Key.Key_Space:
            self.switch()
        elif key == Qt.Key.Key_D and is_ctrl(event):
            self.duplicate()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self._rows[self._current].enter()
        elif key == Qt.Key.Key_Menu and self._current >= 0:
            row = self._rows[self._current]
            self.menu_asked.emit(row.mapToGlobal(QPoint(52, ROW - 4)))
        elif event.matches(QKeySequence.StandardKey.SelectAll) and count:
            self._select(0, count - 1)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.cut_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_asked.emit()
        else:
            event.ignore()

    def _go(self, index: int, extend: bool) -> None:
        self._select(self._anchor if extend and self._anchor >= 0 else index, index)
        self.show_row(index)
