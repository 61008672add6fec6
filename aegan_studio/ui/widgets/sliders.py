"""A slider with its name, its value, and a fill from the neutral point."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.ui.theme import current_theme, mix
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.painting import fill_round, ring, smooth, soft_shadow

_KNOB = 7.0


class NeutralSlider(QWidget):
    """The track alone: drag, click, wheel and arrows (Shift ×10, Ctrl ÷10).

    ``moved`` fires with every change a person makes; ``value_changed`` once it is finished.
    """

    moved = Signal(float)
    value_changed = Signal(object)
    reset = Signal()

    def __init__(
        self,
        value: float = 0.0,
        *,
        lo: float = -3.0,
        hi: float = 3.0,
        neutral: float = 0.0,
        step: float = 0.1,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lo, self._hi, self._neutral, self._step = lo, hi, neutral, step
        self._value = value
        self._pressed_at: float | None = None
        self._hover = HoverFade(self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setProperty("focusRadius", 8.0)

    @property
    def value(self) -> float:
        """The value, within the bounds unless set otherwise."""
        return self._value

    @property
    def neutral(self) -> float:
        """Where the fill starts, and where a double click leads."""
        return self._neutral

    def set_value(self, value: float) -> None:
        """Show a value without a signal; beyond a bound the knob stays at the end."""
        if value != self._value:
            self._value = float(value)
            self.setAccessibleDescription(f"{value:.4g}")
            self.update()

    def set_bounds(self, lo: float, hi: float) -> None:
        """Change the ends; the value stays."""
        self._lo, self._hi = lo, hi
        self.update()

    def sizeHint(self) -> QSize:
        """A track of 200 × 20 px."""
        return QSize(200, 20)

    def minimumSizeHint(self) -> QSize:
        """Room to drag in."""
        return QSize(60, 20)

    def x_of(self, value: float) -> float:
        """Where ``value`` lies, in widget pixels."""
        share = (min(max(value, self._lo), self._hi) - self._lo) / (self._hi - self._lo)
        return _KNOB + 1 + share * (self.width() - 2 * _KNOB - 2)

    def _value_at(self, x: float) -> float:
        share = (x - _KNOB - 1) / max(self.width() - 2 * _KNOB - 2, 1)
        value = self._lo + min(max(share, 0.0), 1.0) * (self._hi - self._lo)
        if abs(self.x_of(self._neutral) - x) < 4:
            return self._neutral
        unit = self._step / 10
        return float(f"{round(value / unit) * unit:.10g}")

    def _move(self, value: float) -> None:
        value = min(max(value, self._lo), self._hi)
        if value != self._value:
            self.set_value(value)
            self.moved.emit(value)

    def _step_by(self, steps: float) -> None:
        before = self._value
        self._move(float(f"{before + steps * self._step:.10g}"))
        if self._value != before:
            self.value_changed.emit(self._value)

    def to_neutral(self) -> None:
        """Go back to the neutral value."""
        if self._value != self._neutral:
            self._move(self._neutral)
            self.value_changed.emit(self._value)
        self.reset.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold where the pointer is."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = self._value
            x = event.position().x()
            if abs(x - self.x_of(self._value)) > _KNOB:
                self._move(self._value_at(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag."""
        if self._pressed_at is not None:
            self._move(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        before, self._pressed_at = self._pressed_at, None
        if before is not None and before != self._value:
            self.value_changed.emit(self._value)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to neutral."""
        self._pressed_at = None
        self.to_neutral()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel moves a focused slider; else the page scrolls."""
        if not self.hasFocus():
            event.ignore()
            return
        self._step_by(1 if event.angleDelta().y() > 0 else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Page move, Home and End go to the ends, Delete to neutral."""
        factor = 1.0
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            factor = 10.0
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            factor = 0.1
        match event.key():
            case Qt.Key.Key_Right | Qt.Key.Key_Up:
                self._step_by(factor)
            case Qt.Key.Key_Left | Qt.Key.Key_Down:
                self._step_by(-factor)
            case Qt.Key.Key_PageUp:
                self._step_by(10)
            case Qt.Key.Key_PageDown:
                self._step_by(-10)
            case Qt.Key.Key_Home:
                self._step_by((self._lo - self._value) / self._step)
            case Qt.Key.Key_End:
                self._step_by((self._hi - self._value) / self._step)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.to_neutral()
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track, fill, neutral tick and knob."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        middle = self.height() / 2
        track = QRectF(1, middle - 1.5, self.width() - 2, 3)
        fill_round(
            painter,
            track,
            1.5,
            theme.strong if theme.dark else mix(theme.strong, theme.surface, 0.35),
        )
        start, end = self.x_of(self._neutral), self.x_of(self._value)
        if self._neutral <= self._lo:
            start = track.left()
        inside = self._lo < self._neutral < self._hi
        if inside:
            painter.fillRect(QRectF(round(start) - 0.5, middle - 5, 1, 10), theme.color("edge"))
        fill = QRectF(min(start, end), middle - 1.5, abs(end - start), 3)
        fill_round(painter, fill, 1.5, theme.accent)
        centre = QPointF(end, middle)
        knob = QRectF(end - _KNOB, middle - _KNOB, 2 * _KNOB, 2 * _KNOB)
        soft_shadow(painter, knob, _KNOB, 0.28)
        fill_round(painter, knob, _KNOB, "#FFFFFF" if not theme.dark else theme.text)
        edge = mix(theme.edge, theme.accent, self._hover.amount)
        ring(painter, centre, _KNOB - 0.5, edge, 1.0)
