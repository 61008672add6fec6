"""Choices of few: a segmented row, and a switch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QToolTip, QWidget

from aegan_studio.ui.theme import HEADING, current_theme, mix, motion_ms, ui_font
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    draw_text,
    fill_round,
    smooth,
    soft_shadow,
    stroke_round,
    text_width,
)


class Segmented(QWidget):
    """One of a few named values, all in view.

    Parameters
    ----------
    options : sequence of (value, label) or (value, label, tooltip)
        In order; values must be unique.
    stretch : bool
        Fill the width, with segments of equal width.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[object, str] | tuple[object, str, str]],
        value: object = None,
        *,
        name: str = "",
        stretch: bool = False,
        size: int = HEADING,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._options = [(o[0], o[1], o[2] if len(o) > 2 else "") for o in options]
        values = [option[0] for option in self._options]
        self._index = values.index(value) if value in values else 0
        self._hover = -1
        self._stretch = stretch
        self.setFont(ui_font(size, 500))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self._describe()
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Expanding if stretch else policy.Fixed, policy.Fixed)
        self.setProperty("focusRadius", 6.0)

    @property
    def value(self) -> object:
        """The chosen value."""
        return self._options[self._index][0]

    def set_value(self, value: object) -> None:
        """Choose without a signal; raises ValueError for a value that is not on offer."""
        self._index = [option[0] for option in self._options].index(value)
        self._describe()
        self.update()

    def set_options(self, options: Sequence[tuple[object, str] | tuple[object, str, str]]) -> None:
        """Replace what is on offer; the value is kept where it still exists."""
        value = self.value
        self._options = [(o[0], o[1], o[2] if len(o) > 2 else "") for o in options]
        values = [option[0] for option in self._options]
        self._index = values.index(value) if value in values else 0
        self._describe()
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription(self._options[self._index][1])

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self._options) and index != self._index:
            self._index = index
            self._describe()
            self.update()
            self.value_changed.emit(self.value)

    def _widths(self) -> list[float]:
        natural = [text_width(label, self.font()) + 28 for _, label, _ in self._options]
        if not self._stretch:
            return natural
        return [(self.width() - 4) / len(natural)] * len(natural)

    def _segment(self, index: int) -> QRectF:
        widths = self._widths()
        return QRectF(2 + sum(widths[:index]), 2, widths[index], self.height() - 4)

    def _at(self, pos: QPointF) -> int:
        for index in range(len(self._options)):
            if self._segment(index).contains(pos):
                return index
        return -1

    def segment_centre(self, value: object) -> QPoint:
        """Where to click for ``value``, in widget coordinates."""
        index = [option[0] for option in self._options].index(value)
        return self._segment(index).center().toPoint()

    def sizeHint(self) -> QSize:
        """All labels side by side, 28 px high."""
        natural = [text_width(label, self.font()) + 28 for _, label, _ in self._options]
        return QSize(int(sum(natural) + 4.999), 28)

    def minimumSizeHint(self) -> QSize:
        """A stretched row may squeeze its padding."""
        if not self._stretch:
            return self.sizeHint()
        natural = [text_width(label, self.font()) + 12 for _, label, _ in self._options]
        return QSize(int(sum(natural) + 4.999), 28)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the segment under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self._at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the segment under the pointer."""
        hover = self._at(event.position())
        if hover != self._hover:
            self._hover = hover
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No segment is under the pointer."""
        self._hover = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right choose; Home and End go to the ends."""
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self._choose(max(self._index - 1, 0))
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self._choose(min(self._index + 1, len(self._options) - 1))
        elif key == Qt.Key.Key_Home:
            self._choose(0)
        elif key == Qt.Key.Key_End:
            self._choose(len(self._options) - 1)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Each segment has its own tool tip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._at(QPointF(event.pos()))
            if index >= 0 and self._options[index][2]:
                QToolTip.showText(event.globalPos(), self._options[index][2], self)
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the trough, the chosen segment and the labels."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        fill_round(painter, rect, 6, theme.sunken if theme.dark else theme.raised)
        if theme.dark:
            stroke_round(painter, rect, 6, theme.hairline)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        for index, (_, label, _tip) in enumerate(self._options):
            segment = self._segment(index)
            chosen = index == self._index
            if chosen:
                if not theme.dark:
                    soft_shadow(painter, segment, 5, 0.22)
                fill_round(painter, segment, 5, theme.hover if theme.dark else theme.surface)
            bright = chosen or index == self._hover
            ink = theme.text if bright else theme.text2
            font = ui_font(self.font().pixelSize(), 600 if chosen else 500)
            draw_text(painter, segment, label, ink, font, CENTRE)


class Toggle(QAbstractButton):
    """A switch, on or off, with an optional word to its right."""

    def __init__(
        self,
        checked: bool = False,
        *,
        text: str = "",
        name: str = "",
        tooltip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setChecked(checked)
        self.setText(text)
        self.setToolTip(tooltip)
        self.setAccessibleName(name or text)
        self.setFont(ui_font())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRadius", 9.0)
        self._place = 1.0 if checked else 0.0
        self._slide = QVariantAnimation(self)
        self._slide.valueChanged.connect(self._set_place)
        self.toggled.connect(self._on_toggled)

    def _on_toggled(self, checked: bool) -> None:
        end = 1.0 if checked else 0.0
        duration = motion_ms(self, 80) if self.isVisible() else 0
        self._slide.stop()
        if duration == 0:
            self._set_place(end)
            return
        self._slide.setDuration(duration)
        self._slide.setStartValue(self._place)
        self._slide.setEndValue(end)
        self._slide.start()

    def _set_place(self, place: float) -> None:
        self._place = float(place)
        self.update()

    def sizeHint(self) -> QSize:
        """The switch, 30 × 18, and its word."""
        words = text_width(self.text(), self.font()) + 9 if self.text() else 0
        return QSize(int(30 + words + 0.999), 18 if not self.text() else 20)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter switches, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the track, the knob and the word."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        middle = self.height() / 2
        track = QRectF(0, middle - 9, 30, 18)
        color = mix(theme.edge, theme.accent_fill, self._place)
        if self.underMouse():
            color = mix(color, theme.text, 0.08)
        fill_round(painter, track, 9, color)
        knob = QRectF(track.left() + 2.5 + self._place * 12, middle - 6.5, 13, 13)
        soft_shadow(painter, knob, 6.5, 0.25)
        fill_round(painter, knob, 6.5, "#FFFFFF")
        if self.text():
            words = QRectF(39, 0, self.width() - 39, self.height())
            draw_text(painter, words, self.text(), theme.text2, self.font())
