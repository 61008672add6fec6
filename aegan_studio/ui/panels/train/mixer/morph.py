"""The morph line: marks at the models that have a name, from one end of the family to the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from aegan_studio.experiment.parts import NamedModel
from aegan_studio.i18n import tr
from aegan_studio.ui.theme import NOTE, current_theme, mix, ui_font
from aegan_studio.ui.widgets.painting import CENTRE, disc, draw_text, ring, smooth, text_width

HOLD_MS = 450
"""Pressed this long, a mark is glided to instead of jumped to."""
_LINE = 11.0
_INSET = 12.0


class MarkButton(QRadioButton):
    """One mark: invisible itself; a click jumps, Shift or holding glides."""

    jump = Signal(int)
    glide = Signal(int)
    seen = Signal()

    def __init__(self, index: int, model: NamedModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.index, self.model = index, model
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr(model.label))
        self.setAccessibleDescription(tr(model.help))
        how = tr("Click to go there, hold or Shift-click to glide.")
        self.setToolTip(f"<b>{tr(model.label)}</b><br>{tr(model.help)}<br>{how}")
        self.setProperty("focusRadius", 11.0)
        self._holding = QTimer(self)
        self._holding.setSingleShot(True)
        self._holding.setInterval(HOLD_MS)
        self._holding.timeout.connect(lambda: self.glide.emit(self.index))

    def set_present(self, present: bool) -> None:
        """Say whether the weights stand here; unlike other radio buttons, none may."""
        self.setAutoExclusive(False)
        self.setChecked(present)
        self.setAutoExclusive(True)  # which makes it a radio button to screen readers

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a hold."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.glide.emit(self.index)
        else:
            self._holding.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A short press is a click."""
        if self._holding.isActive():
            self._holding.stop()
            if self.rect().contains(event.position().toPoint()):
                self.jump.emit(self.index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Leaving the mark takes the press back."""
        if not self.rect().contains(event.position().toPoint()):
            self._holding.stop()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click is a press like any other."""
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter go there, with Shift they glide; arrows choose another mark."""
        keys = Qt.Key
        if event.key() in (keys.Key_Space, keys.Key_Return, keys.Key_Enter):
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.glide if shift else self.jump).emit(self.index)
        elif event.key() in (keys.Key_Right, keys.Key_Down):
            self.focusNextChild()
        elif event.key() in (keys.Key_Left, keys.Key_Up):
            self.focusPreviousChild()
        else:
            event.ignore()

    def enterEvent(self, event: QEvent) -> None:
        """Its name shows while the pointer is on it."""
        self.seen.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """And no longer."""
        self.seen.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Its name shows while it has the focus."""
        super().focusInEvent(event)
        self.seen.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """And no longer."""
        super().focusOutEvent(event)
        self.seen.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line paints it."""


class MorphLine(QWidget):
    """Marks of named models on a line; the present one is lit, the nearest one ringed."""

    jump = Signal(object)
    """A :class:`NamedModel` to be at once."""
    glide = Signal(object)
    """A :class:`NamedModel` to glide to."""

    def __init__(self, models: Sequence[NamedModel] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: list[MarkButton] = []
        self._nearest, self._exact = -1, False
        self._gliding: tuple[int, int, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Named models"))
        self.set_models(models)

    @property
    def marks(self) -> tuple[MarkButton, ...]:
        """The marks in order."""
        return tuple(self._marks)

    @property
    def nearest(self) -> int:
        """The index of the nearest mark."""
        return self._nearest

    @property
    def exact(self) -> bool:
        """Whether all settings of the nearest mark agree."""
        return self._exact

    def set_models(self, models: Sequence[NamedModel]) -> None:
        """Put marks at these models."""
        if [mark.model for mark in self._marks] == list(models):
            return
        for mark in self._marks:
            mark.hide()
            mark.deleteLater()
        self._marks = [MarkButton(index, model, self) for index, model in enumerate(models)]
        for mark in self._marks:
            mark.jump.connect(lambda index: self.jump.emit(self._marks[index].model))
            mark.glide.connect(lambda index: self.glide.emit(self._marks[index].model))
            mark.seen.connect(self.update)
            mark.show()
        self._place()
        self.update()

    def set_standing(self, nearest: int, exact: bool) -> None:
        """Say which mark is nearest, and whether its settings agree."""
        if (nearest, exact) != (self._nearest, self._exact):
            self._nearest, self._exact = nearest, exact
            for mark in self._marks:
                mark.set_present(exact and mark.index == nearest)
            self.update()

    def set_gliding(self, start: int, end: int, share: float) -> None:
        """Show the knob a share of the way between two marks."""
        self._gliding = (start, end, share)
        self.update()

    def end_gliding(self) -> None:
        """Show the knob where the weights stand."""
        self._gliding = None
        self.update()

    def sizeHint(self) -> QSize:
        """The line and the names below it."""
        return QSize(200, 34)

    def minimumSizeHint(self) -> QSize:
        """Room for the ends' names and the present one's."""
        return QSize(120, 34)

    def _x(self, index: float) -> float:
        count = max(len(self._marks) - 1, 1)
        return _INSET + index / count * (self.width() - 2 * _INSET)

    def _place(self) -> None:
        pitch = (self.width() - 2 * _INSET) / max(len(self._marks) - 1, 1)
        half = min(pitch / 2 - 1, 18)
        for mark in self._marks:
            x = self._x(mark.index)
            mark.setGeometry(round(x - half), 0, round(2 * half), 22)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Marks spread over the width."""
        self._place()

    def named(self) -> tuple[int, ...]:
        """The marks whose names there is room for, the most telling first served."""
        last = len(self._marks) - 1
        told = [m.index for m in self._marks if m.underMouse() or m.hasFocus()]
        if self._nearest >= 0:
            told.append(self._nearest)
        order = dict.fromkeys([*told, 0, last, *range(last + 1)])
        shown: list[int] = []
        for index in order:
            if 0 <= index <= last:
                spans = sorted(self._span(i) for i in (*shown, index))
                if all(a[1] + 7 <= b[0] for a, b in pairwise(spans)):
                    shown.append(index)
        return tuple(sorted(shown))

    def _span(self, index: int) -> tuple[float, float]:
        font = ui_font(NOTE, 600 if index == self._nearest else 400)
        wide = text_width(tr(self._marks[index].model.label), font)
        left = min(max(self._x(index) - wide / 2, 0.0), max(self.width() - wide, 0.0))
        return left, left + wide

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint line, marks, knob and names."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        if not self._marks:
            return
        last = len(self._marks) - 1
        line = QRectF(self._x(0), _LINE - 1.5, self._x(last) - self._x(0), 3)
        painter.fillRect(line, theme.color("strong"))
        for mark in self._marks:
            bright = mark.underMouse() or mark.hasFocus()
            color = mix(theme.edge, theme.text, 0.6 if bright else 0.0)
            disc(painter, QPointF(self._x(mark.index), _LINE), 4.0 if bright else 3.25, color)
        if self._gliding is not None:
            start, end, share = self._gliding
            at = QPointF(self._x(start + (end - start) * share), _LINE)
            disc(painter, at, 6.5, theme.accent)
        elif self._nearest >= 0:
            at = QPointF(self._x(self._nearest), _LINE)
            if self._exact:
                disc(painter, at, 6.5, theme.accent)
            else:
                disc(painter, at, 5.5, theme.surface)
                ring(painter, at, 5.5, theme.accent, 1.5)
        for index in self.named():
            left, right = self._span(index)
            here = index == self._nearest
            ink = theme.text if here and self._exact else theme.text2
            font = ui_font(NOTE, 600 if here else 400)
            spot = QRectF(left - 4, 18, right - left + 8, 16)
            label = tr(self._marks[index].model.label)
            draw_text(painter, spot, label, ink, font, CENTRE, elide=False)
