"""A number to drag or to type, with a thin bar that shows its place within its bounds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import HEADING, NOTE, current_theme, mix, ui_font
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.number_scale import NumberScale
from aegan_studio.ui.widgets.numbers import exact_text, format_number, parse_number
from aegan_studio.ui.widgets.painting import (
    LEFT,
    RIGHT,
    draw_text,
    fill_round,
    smooth,
    stroke_round,
    text_width,
)

_PAD, _BAR = 9, 3
_DRAG_RANGE = 220.0


class NumberField(QWidget):
    """Drag sideways, type, scroll or use the arrows (Shift coarse, Ctrl fine).

    ``value_changed`` fires once for every edit a person finishes; ``value_dragged`` fires
    all along a drag, before it. Typed text is committed by Enter or on leaving; Esc takes
    the edit back; text that is no number within the bounds is never committed.

    Parameters
    ----------
    lo, hi : float or None
        Inclusive bounds; with both, the bar is shown and a drag crosses the range.
    log : bool
        Logarithmic scale, as for a learning rate.
    soft : tuple of float or None
        The usual range, which bar and drag span where the bounds are wider.
    none_text : str
        If given, an empty field is allowed, means None and reads as this word.
    """

    value_changed = Signal(object)
    value_dragged = Signal(object)

    def __init__(
        self,
        value: float | None = 0,
        *,
        lo: float | None = None,
        hi: float | None = None,
        integer: bool = False,
        log: bool = False,
        step: float | None = None,
        soft: tuple[float, float] | None = None,
        unit: str = "",
        none_text: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._scale = NumberScale(lo, hi, integer, log, step, soft)
        self._unit = unit
        self._none_text = none_text
        self._value: float | None = value
        self._error = False
        self._press: QPointF | None = None
        self._press_value: float | None = None
        self._dragging = False
        self._edit: QLineEdit | None = None
        self._hover = HoverFade(self)
        self.setFont(ui_font(HEADING, 500))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setAccessibleName(name)
        self._describe()

    @property
    def value(self) -> float | None:
        """The committed value, or the one under the drag."""
        return self._value

    def set_value(self, value: float | None) -> None:
        """Show a value without a signal; it may lie outside the bounds, as a file's may."""
        self._value = value
        self._describe()
        self.update()

    def set_bounds(self, lo: float | None, hi: float | None) -> None:
        """Change the bounds; the value stays as it is."""
        old = self._scale
        self._scale = NumberScale(lo, hi, old.integer, old.log, old.step, old.soft)
        self.update()

    def set_unit(self, unit: str) -> None:
        """Change the unit at the right."""
        self._unit = unit
        self.update()

    def set_error(self, error: bool) -> None:
        """Wear the look of a problem; the sentence stands beside the field."""
        self._error = error
        self.update()

    @property
    def editing(self) -> bool:
        """Whether a person is typing."""
        return self._edit is not None

    @property
    def line_edit(self) -> QLineEdit | None:
        """The line while typing."""
        return self._edit

    def text(self) -> str:
        """What the field reads, without the unit."""
        return self._none_text if self._value is None else format_number(self._value)

    def sizeHint(self) -> QSize:
        """126 × 28, the form's column."""
        return QSize(126, 28)

    def minimumSizeHint(self) -> QSize:
        """Room for about five figures."""
        return QSize(52, 28)

    def _describe(self) -> None:
        self.setAccessibleDescription(f"{self.text()} {self._unit}".strip())

    def _commit(self, value: float | None) -> None:
        new = value if value is None or not self._scale.integer else round(value)
        if new == self._value and not self._dragging:
            return
        self._value = new
        self._describe()
        self.update()
        self.value_changed.emit(new)

    def _nudge(self, steps: int, modifiers: Qt.KeyboardModifier) -> None:
        size = "normal"
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            size = "coarse"
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            size = "fine"
        base = self._value if self._value is not None else self._scale.lo or 0.0
        self._commit(self._scale.moved(base, steps, size))

    def edit(self, text: str | None = None) -> None:
        """Start typing; ``text`` replaces the value shown."""
        if self._edit is not None:
            return
        line = QLineEdit(self)
        line.setProperty("bare", True)
        line.setFrame(False)
        line.setFont(self.font())
        line.setAccessibleName(self.accessibleName())
        line.setProperty("focusRing", "none")
        shown = "" if self._value is None else exact_text(self._value)
        line.setText(shown if text is None else text)
        if text is None:
            line.selectAll()
        line.setPlaceholderText(self._none_text)
        line.textEdited.connect(self._check)
        line.installEventFilter(self)
        self._edit = line
        self._place_edit()
        line.show()
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        if text is not None:
            line.setCursorPosition(len(text))
            self._check(text)
        self.update()

    def _place_edit(self) -> None:
        if self._edit is not None:
            right = text_width(self._unit, ui_font(NOTE)) + 6 if self._unit else 0
            self._edit.setGeometry(_PAD - 1, 1, int(self.width() - 2 * _PAD - right), 25)

    def _parsed(self, text: str) -> float | int | None:
        """The typed value; raises ValueError with the sentence that says what is wrong."""
        if not text.strip() and self._none_text:
            return None
        try:
            value = parse_number(text)
        except ValueError:
            raise ValueError(tr("“{text}” is not a number.", text=text.strip())) from None
        scale = self._scale
        if scale.integer and value != int(value):
            raise ValueError(tr("A whole number is needed."))
        if not scale.contains(value):
            if scale.lo is not None and scale.hi is not None:
                ends = format_number(scale.lo), format_number(scale.hi)
                raise ValueError(tr("Between {lo} and {hi}.", lo=ends[0], hi=ends[1]))
            if scale.lo is not None:
                raise ValueError(tr("At least {lo}.", lo=format_number(scale.lo)))
            raise ValueError(tr("At most {hi}.", hi=format_number(scale.hi or 0.0)))
        return int(value) if scale.integer else float(value)

    def _check(self, text: str) -> None:
        try:
            self._parsed(text)
        except ValueError as problem:
            self._typing_error = str(problem)
        else:
            self._typing_error = ""
        if self._edit is not None:
            self._edit.setToolTip(self._typing_error)
        self.update()

    _typing_error = ""

    @property
    def typing_error(self) -> str:
        """What is wrong with the text being typed; empty where nothing is."""
        return self._typing_error

    def _finish(self, *, commit: bool, keep_focus: bool) -> None:
        line, self._edit = self._edit, None
        if line is None:
            return
        text = line.text()
        line.removeEventFilter(self)
        line.hide()
        line.deleteLater()
        self._typing_error = ""
        if keep_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()
        if commit:
            try:
                value = self._parsed(text)
            except ValueError:
                return
            self._commit(value)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Enter, Esc, the arrows and leaving, while typing."""
        if watched is not self._edit:
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            match event.key():
                case Qt.Key.Key_Escape:
                    self._finish(commit=False, keep_focus=True)
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    if not self._typing_error:
                        self._finish(commit=True, keep_focus=True)
                    return True
                case Qt.Key.Key_Up | Qt.Key.Key_Down:
                    if not self._typing_error:
                        self._finish(commit=True, keep_focus=True)
                        self._nudge(1 if event.key() == Qt.Key.Key_Up else -1, event.modifiers())
                    return True
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            if event.reason() == Qt.FocusReason.PopupFocusReason:
                return False
            self._finish(commit=True, keep_focus=False)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Page moves coarsely, Home and End go to the bounds, text edits."""
        key, scale = event.key(), self._scale
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Right):
            self._nudge(1, event.modifiers())
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Left):
            self._nudge(-1, event.modifiers())
        elif key == Qt.Key.Key_PageUp:
            self._nudge(1, Qt.KeyboardModifier.ShiftModifier)
        elif key == Qt.Key.Key_PageDown:
            self._nudge(-1, Qt.KeyboardModifier.ShiftModifier)
        elif key == Qt.Key.Key_Home and scale.lo is not None:
            self._commit(scale.clamp(scale.lo))
        elif key == Qt.Key.Key_End and scale.hi is not None:
            self._commit(scale.clamp(scale.hi))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edit()
        elif key == Qt.Key.Key_Escape and self._dragging:
            self._end_drag(revert=True)
        elif event.text() and event.text() in "0123456789.+-\u2212":
            self.edit(event.text())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.position()
            self._press_value = self._value

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag sideways: the bounds are 220 px apart, a tenth as fast with Ctrl."""
        if self._press is None or self._value is None:
            return
        moved = event.position().x() - self._press.x()
        if not self._dragging and abs(moved) < QApplication.startDragDistance() / 2:
            return
        self._dragging = True
        value = self._dragged_to(moved, event.modifiers())
        if value != self._value:
            self._value = value
            self._describe()
            self.update()
            self.value_dragged.emit(value)

    def _dragged_to(self, moved: float, modifiers: Qt.KeyboardModifier) -> float | int:
        fine = 0.1 if modifiers & Qt.KeyboardModifier.ControlModifier else 1.0
        start = self._press_value if self._press_value is not None else 0.0
        if self._scale.bounded:
            return self._scale.at(self._scale.place(start) + moved * fine / _DRAG_RANGE)
        return self._scale.moved(start, int(moved * fine / 6))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag ends; a mere click leaves the focus here."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._end_drag(revert=False)

    def _end_drag(self, *, revert: bool) -> None:
        start, self._press = self._press_value, None
        if not self._dragging:
            return
        self._dragging = False
        if revert:
            self._value = start
            self._describe()
            self.update()
            self.value_dragged.emit(start)
        elif self._value != start:
            self.value_changed.emit(self._value)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit."""
        self._press = None
        self.edit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel moves the number only while it has the focus; else the page scrolls."""
        if not self.hasFocus():
            event.ignore()
            return
        delta = event.angleDelta().y() or event.angleDelta().x()
        if delta:
            self._nudge(1 if delta > 0 else -1, event.modifiers())
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the edit line in place."""
        self._place_edit()

    def changeEvent(self, event: QEvent) -> None:
        """Repaint as it is enabled or disabled."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            on = self.isEnabled()
            self.setCursor(Qt.CursorShape.SizeHorCursor if on else Qt.CursorShape.ArrowCursor)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, bar, number and unit."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        rect = QRectF(self.rect())
        error = self._error or bool(self._typing_error)
        ground = mix(theme.raised, theme.hover, self._hover.amount)
        if error:
            ground = theme.color("error_ground")
        elif self.editing:
            ground = theme.color("sunken")
        fill_round(painter, rect, 5, ground)
        if error or self.editing:
            stroke_round(painter, rect, 5, theme.error if error else theme.accent, 1.0)
        elif self._scale.bounded:
            self._paint_bar(painter, rect)
        inner = rect.adjusted(_PAD, 0, -_PAD, -1)
        if self._unit:
            unit_font = ui_font(NOTE)
            width = text_width(self._unit, unit_font)
            if self.editing or width + text_width(self.text(), self.font()) + 6 <= inner.width():
                draw_text(painter, inner, self._unit, theme.text2, unit_font, RIGHT)
        if not self.editing:
            empty = self._value is None
            ink = theme.error if error else theme.text3 if empty else theme.text
            draw_text(painter, inner, self.text(), ink, self.font(), LEFT)

    def _paint_bar(self, painter: QPainter, rect: QRectF) -> None:
        theme = current_theme()
        clip = QPainterPath()
        clip.addRoundedRect(rect, 5, 5)
        painter.save()
        painter.setClipPath(clip)
        bar = QRectF(rect.left(), rect.bottom() - _BAR, rect.width(), _BAR)
        painter.fillRect(bar, theme.color("strong"))
        if self._value is not None:
            bar.setWidth(rect.width() * self._scale.place(self._value))
            painter.fillRect(bar, theme.color("accent"))
        painter.restore()
