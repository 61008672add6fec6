"""A slider with its name, a value to type, a lock or a menu."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import BODY
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.numbers import MINUS, exact_text, parse_number
from aegan_studio.ui.widgets.sliders import NeutralSlider

_EDIT = 76
"""Width of the line in which a value is typed."""


class _Value(Label):
    """A number that is typed anew after a click."""

    clicked = Signal()

    def __init__(self, room: str) -> None:
        super().__init__("", tone="text", size=BODY, room=room)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setToolTip(tr("Click to type a value."))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Type."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()


class SliderRow(QWidget):
    """A named slider: drag, arrow keys, typed number; a double click resets it.

    Parameters
    ----------
    lo, hi, neutral : float
        The ends, and where the fill starts and a double click leads.
    step : float
        One key press; also sets the decimals shown.
    text : callable or None
        How a value reads; by default with a sign where there are both signs.
    unit : float
        What one stands for when it is typed: 0.01 where values read as per cent.
    clamped : bool
        Keep typed numbers within the ends; without it they may lie beyond.
    lockable, has_menu : bool
        Show a lock, or a button that asks for a menu (:attr:`menu_asked`, also on a right click).
    """

    moved = Signal(float)
    """All along a drag, and at every key."""
    value_changed = Signal(object)
    """A gesture is over."""
    lock_toggled = Signal(bool)
    menu_asked = Signal()
    renamed = Signal(str)
    """Another name was typed."""
    focused = Signal(object)
    """The slider has the keyboard: itself, to be scrolled into view."""

    def __init__(
        self,
        label: str,
        value: float = 0.0,
        *,
        lo: float = -3.0,
        hi: float = 3.0,
        neutral: float = 0.0,
        step: float = 0.1,
        text: Callable[[float], str] | None = None,
        unit: float = 1.0,
        clamped: bool = False,
        lockable: bool = False,
        has_menu: bool = False,
        tooltip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text = text or signed(step, lo < 0 < hi)
        self._unit = unit
        self._ends = (lo, hi) if clamped else (-math.inf, math.inf)
        self._edit: QLineEdit | None = None
        self._renaming = False
        self.slider = NeutralSlider(value, lo=lo, hi=hi, neutral=neutral, step=step, name=label)
        self.slider.moved.connect(self._on_moved)
        self.slider.value_changed.connect(self.value_changed)
        self.slider.installEventFilter(self)
        self._name = Label(label, size=BODY, elide=True)
        # wherever the slider stands: values change sixty times a second
        self._value = _Value(max((self._text(end) for end in (lo, hi, neutral)), key=len))
        self._value.clicked.connect(self.edit)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._name, 1)
        head.addWidget(self._value)
        self.lock: IconButton | None = None
        if lockable:
            self.lock = IconButton("unlock", tr("Keep this value"), side=20, checkable=True)
            head.addWidget(self.lock)
            self.lock.toggled.connect(self._on_lock)
        self._has_menu = has_menu
        if has_menu:
            more = IconButton("more", tr("More for this direction"), side=20)
            head.addWidget(more)
            more.clicked.connect(self.menu_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addLayout(head)
        column.addWidget(self.slider)
        self._name.setToolTip(tooltip)
        self.slider.setToolTip(tooltip)
        self.setFocusProxy(self.slider)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._show(value)

    @property
    def label(self) -> str:
        """The name."""
        return self._name.text()

    @property
    def reading(self) -> str:
        """The value as it reads."""
        return self._value.text()

    @property
    def value(self) -> float:
        """The value."""
        return self.slider.value

    def set_value(self, value: float) -> None:
        """Show a value without a signal."""
        self.slider.set_value(value)
        self._show(value)

    def set_label(self, label: str) -> None:
        """Change the name."""
        self._name.setText(label)
        self.slider.setAccessibleName(label)

    def set_tip(self, tip: str) -> None:
        """Change what the tool tip says."""
        self._name.setToolTip(tip)
        self.slider.setToolTip(tip)

    @property
    def locked(self) -> bool:
        """Whether the value is to be kept."""
        return self.lock is not None and self.lock.isChecked()

    def set_locked(self, locked: bool) -> None:
        """Keep the value, or not, where there is a lock."""
        if self.lock is not None:
            self.lock.setChecked(locked)

    # Typing

    @property
    def line_edit(self) -> QLineEdit | None:
        """The line while typing."""
        return self._edit

    def edit(self) -> None:
        """Type the value: Enter takes it, Esc does not."""
        self._type(exact_text(round(self.value / self._unit, 6)), renaming=False)

    def rename(self) -> None:
        """Type another name: Enter takes it, Esc does not."""
        self._type(self.label, renaming=True)

    def _type(self, text: str, *, renaming: bool) -> None:
        if self._edit is not None:
            return
        line = QLineEdit(text, self)
        side = Qt.AlignmentFlag.AlignLeft if renaming else Qt.AlignmentFlag.AlignRight
        line.setAlignment(side)
        line.setMaxLength(60)
        line.setAccessibleName(self.label)
        line.setProperty("focusRing", "none")
        line.installEventFilter(self)
        line.selectAll()
        self._edit, self._renaming = line, renaming
        self._place()
        line.show()
        line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> None:
        if self._edit is None:
            return
        right = self._value.geometry().right() + 1
        left = 0 if self._renaming else right - _EDIT
        self._edit.setGeometry(left, 0, right - left, 22)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the line in place."""
        super().resizeEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, Esc and leaving while typing; a new press of the slider is a new gesture."""
        if watched is self._edit:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                if event.key() == Qt.Key.Key_Escape:
                    self._end_edit(commit=False)
                    return True
                if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self._end_edit(commit=True)
                    return True
            elif (
                event.type() == QEvent.Type.FocusOut
                and isinstance(event, QFocusEvent)
                and event.reason() != Qt.FocusReason.PopupFocusReason
            ):
                self._end_edit(commit=True)
            return False
        if watched is self.slider and event.type() == QEvent.Type.FocusIn:
            self.focused.emit(self)
        if (
            watched is self.slider
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
        ):
            self.edit()
            return True
        return super().eventFilter(watched, event)

    def _end_edit(self, *, commit: bool) -> None:
        line, self._edit = self._edit, None
        if line is None:
            return
        line.removeEventFilter(self)
        line.hide()
        line.deleteLater()
        self.slider.setFocus(Qt.FocusReason.OtherFocusReason)
        if not commit:
            return
        if self._renaming:
            if line.text().strip() and line.text().strip() != self.label:
                self.renamed.emit(line.text().strip())
            return
        try:
            value = float(parse_number(line.text().rstrip(" %×σ"))) * self._unit
        except ValueError:
            return
        low, high = self._ends
        value = min(max(value, low), high)
        if value != self.value:
            self.set_value(value)
            self.moved.emit(value)
            self.value_changed.emit(value)

    # What a person does

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same menu as that of the button."""
        if self._has_menu:
            self.menu_asked.emit()
        else:
            event.ignore()

    def _on_moved(self, value: float) -> None:
        self._show(value)
        self.moved.emit(value)

    def _on_lock(self, locked: bool) -> None:
        assert self.lock is not None
        self.lock.set_icon_name("lock" if locked else "unlock")
        self.lock_toggled.emit(locked)

    def _show(self, value: float) -> None:
        text = self._text(value)
        if len(text) > len(self._value.room):  # typed, beyond the ends
            self._value.set_room(text)
        self._value.setText(text)


def places_of(step: float) -> int:
    """Decimals to show of a value that keys move by ``step``: two, for tiny steps more."""
    digits = -math.floor(math.log10(step) + 1e-9)
    return max(2, digits) if digits > 0 else 1


def signed(step: float, sign: bool) -> Callable[[float], str]:
    """How a number reads: a true minus, a sign where both occur, always as many decimals."""
    form = f"{{:{'+' if sign else ''}.{places_of(step)}f}}"

    def text(value: float) -> str:
        return form.format(value).replace("-", MINUS)

    return text


def per_cent(value: float) -> str:
    """A share as per cent, with a sign: ``+60 %``."""
    return f"{100 * value:+.0f} %".replace("-", MINUS) if value else "0"
