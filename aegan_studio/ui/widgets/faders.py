"""Faders of a mixer: an upright logarithmic slider with zero at its foot, and a segment meter."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from aegan_studio.ui.theme import current_theme, mix
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.numbers import MINUS, format_number, nice_step
from aegan_studio.ui.widgets.painting import fill_round, smooth, soft_shadow, stroke_round

OFF = 0.1
"""The share of the way, at its foot, that belongs to zero."""
SEGMENTS = 10
_KNOB_WIDTH, _KNOB_HEIGHT = 20.0, 11.0
_STEPS = 1000


@dataclass(frozen=True, slots=True)
class FaderScale:
    """Places 0–1 along a fader: zero at the foot, then powers of ten from ``floor`` to ``top``.

    ``most`` is the largest value allowed; beyond ``top`` a fader stands at its end.
    """

    floor: float = 1e-3
    top: float = 100.0
    most: float = 1000.0

    def place(self, value: float) -> float:
        """Where a value stands; anything between zero and the floor stands at the floor."""
        if value <= 0:
            return 0.0
        share = math.log(value / self.floor) / math.log(self.top / self.floor)
        return OFF + (1 - OFF) * min(max(share, 0.0), 1.0)

    def at(self, place: float) -> float:
        """The value at a place, in two figures; the foot is zero."""
        if place < OFF / 2:
            return 0.0
        share = min(max((place - OFF) / (1 - OFF), 0.0), 1.0)
        return float(f"{self.floor * (self.top / self.floor) ** share:.2g}")

    def clamp(self, value: float) -> float:
        """The nearest value allowed."""
        return min(max(value, 0.0), self.most)

    def moved(self, value: float, up: bool, size: str = "normal") -> float:
        """One key press on: a figure, a tenth of one, a power of ten; under the floor is zero."""
        if value < self.floor:
            return self.floor if up else 0.0
        if size == "coarse":
            value = value * 10 if up else value / 10
        elif size == "fine":
            unit = 10.0 ** (math.floor(math.log10(value) + 1e-9) - 1)
            value = round(value / unit + (1 if up else -1)) * unit
        else:
            value = nice_step(value, up)
        return self.clamp(float(f"{value:.6g}")) if value >= self.floor * 0.999 else 0.0

    def between(self, start: float, end: float, share: float) -> float:
        """A share of the way between two values in powers of ten; zero counts as the floor."""
        if share <= 0:
            return start
        if share >= 1:
            return end
        low, high = math.log(max(start, self.floor)), math.log(max(end, self.floor))
        return float(f"{math.exp(low + share * (high - low)):.3g}")

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Places and texts of the powers of ten, and of zero."""
        first = math.ceil(math.log10(self.floor) - 1e-9)
        last = math.floor(math.log10(self.top) + 1e-9)
        powers = [10.0**power for power in range(first, last + 1)]
        return ((0.0, "0"), *((self.place(power), f"{power:g}") for power in powers))


class Fader(QAbstractSlider):
    """Drag, click, wheel or arrows (Shift ×10, Ctrl fine); a double click resets.

    Home is zero, End the top, Delete the reset; figures begin to type (:attr:`typed`).
    ``moved`` fires with every change a person makes, ``settled`` once one is finished,
    ``grabbed`` at the first touch of a gesture.
    """

    moved = Signal(float)
    settled = Signal(float)
    grabbed = Signal()
    typed = Signal(str)
    reset = Signal()

    def __init__(
        self,
        weight: float = 0.0,
        *,
        scale: FaderScale | None = None,
        color: str = "accent",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.scale = scale or FaderScale()
        self._color = color
        self._weight = weight
        self._mark: float | None = None
        self._held: float | None = None
        self._offset = 0.0
        self._hover = HoverFade(self)
        self.setOrientation(Qt.Orientation.Vertical)
        self.setRange(0, _STEPS)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)
        self.setProperty("focusRadius", 6.0)
        self._describe()

    @property
    def weight(self) -> float:
        """The value; zero is off."""
        return self._weight

    @property
    def mark(self) -> float | None:
        """The value that the tick shows and a double click leads to."""
        return self._mark

    @property
    def held(self) -> bool:
        """Whether a person is dragging it."""
        return self._held is not None

    def set_weight(self, weight: float) -> None:
        """Show a value without a signal."""
        if weight != self._weight:
            self._weight = float(weight)
            self._describe()
            self.update()

    def set_mark(self, mark: float | None) -> None:
        """Put the tick at a value, or nowhere."""
        if mark != self._mark:
            self._mark = mark
            self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription(format_number(self._weight, 3))
        blocked = self.blockSignals(True)
        self.setSliderPosition(round(self.scale.place(self._weight) * _STEPS))
        self.blockSignals(blocked)

    def sizeHint(self) -> QSize:
        """A track of 84 px."""
        return QSize(24, 84)

    def minimumSizeHint(self) -> QSize:
        """Room to move in."""
        return QSize(24, 34)

    def y_of(self, place: float) -> float:
        """The height of a place 0–1, in widget pixels."""
        half = _KNOB_HEIGHT / 2 + 1
        return self.height() - half - place * (self.height() - 2 * half)

    def _place_at(self, y: float) -> float:
        half = _KNOB_HEIGHT / 2 + 1
        return (self.height() - half - y) / max(self.height() - 2 * half, 1)

    def _move(self, weight: float) -> None:
        if weight != self._weight:
            self.set_weight(weight)
            self.moved.emit(weight)

    def _step_to(self, weight: float) -> None:
        self.grabbed.emit()
        if weight != self._weight:
            self._move(weight)
            self.settled.emit(weight)

    def to_mark(self) -> None:
        """Go back to the value marked."""
        if self._mark is not None:
            self._step_to(self._mark)
        self.reset.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the knob, or bring it to the pointer."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._held = self._weight
        self.grabbed.emit()
        y = event.position().y()
        knob = self.y_of(self.scale.place(self._weight))
        self._offset = knob - y if abs(knob - y) <= _KNOB_HEIGHT / 2 + 1 else 0.0
        if not self._offset and abs(knob - y) > 1:
            self._move(self.scale.at(self._place_at(y)))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag; near the tick it snaps to it."""
        if self._held is None:
            return
        y = event.position().y() + self._offset
        if self._mark is not None and abs(self.y_of(self.scale.place(self._mark)) - y) < 2.5:
            self._move(self._mark)
        else:
            self._move(self.scale.at(self._place_at(y)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        before, self._held = self._held, None
        if before is not None and before != self._weight:
            self.settled.emit(self._weight)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the tick."""
        self._held = None
        self.to_mark()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel moves a focused fader; else the page scrolls."""
        if self.hasFocus() and event.angleDelta().y():
            self._step_to(self.scale.moved(self._weight, event.angleDelta().y() > 0))
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Home is off, End the top, Delete resets, figures type."""
        size = "normal"
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            size = "coarse"
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            size = "fine"
        keys = Qt.Key
        match event.key():
            case keys.Key_Up | keys.Key_Right:
                self._step_to(self.scale.moved(self._weight, True, size))
            case keys.Key_Down | keys.Key_Left:
                self._step_to(self.scale.moved(self._weight, False, size))
            case keys.Key_PageUp:
                self._step_to(self.scale.moved(self._weight, True, "coarse"))
            case keys.Key_PageDown:
                self._step_to(self.scale.moved(self._weight, False, "coarse"))
            case keys.Key_Home:
                self._step_to(0.0)
            case keys.Key_End:
                self._step_to(self.scale.top)
            case keys.Key_Delete | keys.Key_Backspace:
                self.to_mark()
            case keys.Key_Return | keys.Key_Enter:
                self.typed.emit("")
            case _ if event.text() and (event.text().isdigit() or event.text() == "."):
                self.typed.emit(event.text())
            case _:
                event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ticks, track, fill and knob."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        middle: float = round(self.width() / 2)
        top, foot = self.y_of(1.0), self.y_of(0.0)
        for place, _ in self.scale.ticks():
            at = round(self.y_of(place))
            painter.fillRect(QRectF(middle - 9, at, 4, 1), theme.color("strong"))
        groove = QRectF(middle - 2, top - 3, 4, foot - top + 6)
        fill_round(painter, groove, 2, theme.sunken if theme.dark else theme.hover)
        stroke_round(painter, groove, 2, theme.strong)
        place = self.scale.place(self._weight)
        y = self.y_of(place)
        color = theme.color(self._color)
        if self._weight > 0:
            fill_round(painter, QRectF(middle - 2, y, 4, foot - y + 3), 2, color)
        if self._mark is not None:
            at = round(self.y_of(self.scale.place(self._mark)))
            painter.fillRect(QRectF(middle - 11, at - 0.5, 6, 2), color)
            painter.fillRect(QRectF(middle + 5, at - 0.5, 6, 2), color)
        knob = QRectF(middle - _KNOB_WIDTH / 2, y - _KNOB_HEIGHT / 2, _KNOB_WIDTH, _KNOB_HEIGHT)
        soft_shadow(painter, knob, 3, 0.35)
        face = theme.color("text") if theme.dark else theme.color("surface")
        if self._weight <= 0:
            face = mix(face, theme.edge, 0.4 if theme.dark else 0.15)
        fill_round(painter, knob, 3, face)
        edge = mix(theme.edge, theme.accent, 1.0 if self.held else self._hover.amount)
        stroke_round(painter, knob, 3, edge)
        line = QRectF(knob.left() + 4, round(y) - 0.5, knob.width() - 8, 1.5)
        painter.fillRect(line, theme.color("edge"))


class SegmentMeter(QWidget):
    """Ten segments that fill from the foot."""

    def __init__(
        self, *, color: str = "accent", name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._color = color
        self._share: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)

    @property
    def share(self) -> float | None:
        """How full it is, 0–1; ``None`` where nothing is known."""
        return self._share

    @property
    def lit(self) -> int:
        """How many segments shine: one at least for anything above zero."""
        if self._share is None or not self._share > 0:
            return 0
        return min(max(round(self._share * SEGMENTS), 1), SEGMENTS)

    def set_share(self, share: float | None, text: str = "") -> None:
        """Fill it so far; ``text`` says to a screen reader what that is."""
        before = self.lit
        self._share = None if share is None or math.isnan(share) else share
        self.setAccessibleDescription(text or "–")
        if self.lit != before:
            self.update()

    def sizeHint(self) -> QSize:
        """A narrow column."""
        return QSize(8, 84)

    def minimumSizeHint(self) -> QSize:
        """At least two pixels a segment."""
        return QSize(8, 34)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the segments."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        top = _KNOB_HEIGHT / 2 - 2
        room = self.height() - 2 * top
        pitch = room / SEGMENTS
        dark = theme.color("raised" if theme.dark else "hover")
        for index in range(SEGMENTS):
            y = top + room - (index + 1) * pitch
            rect = QRectF(QPointF(0, y + 0.5), QPointF(self.width(), y + pitch - 1.0))
            ink = theme.color(self._color) if index < self.lit else dark
            fill_round(painter, rect, min(1.5, rect.height() / 2), ink)


def short_number(value: float) -> str:
    """A number in at most five characters: 0.42, 12.3, 4e−5."""
    size = abs(value)
    if size == 0 or math.isnan(size):
        return "0" if size == 0 else "–"
    if size < 0.001:
        text = f"{value:.0e}".replace("e-0", "e-")
    elif size < 0.1:
        text = f"{value:.3f}"
    elif size < 10:
        text = f"{value:.2f}"
    elif size < 100:
        text = f"{value:.1f}"
    else:
        text = f"{value:.3g}" if size < 1e5 else f"{value:.0e}".replace("e+0", "e")
    return text.replace("-", MINUS)
