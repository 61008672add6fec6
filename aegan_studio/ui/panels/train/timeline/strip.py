"""The strip of the timeline: frames, an axis with what happened, and the moment looked at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QHelpEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from aegan_studio.experiment.events import Instant
from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.panels.train.timeline.frames import GAP, TALL, WIDE, Frames, frame_image
from aegan_studio.ui.panels.train.timeline.preview import Preview
from aegan_studio.ui.theme import TICK, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    disc,
    draw_text,
    fill_round,
    smooth,
    snap,
    stroke_round,
)
from aegan_studio.ui.widgets.plots import Mark

EDGE = 3
"""Pixels around the frames, for the outline of one of them."""
AXIS = EDGE + TALL + 10
"""Where the axis lies."""
HEIGHT = AXIS + 6 + 14
BIG_STEP = 10
"""Instants that Page Up and Page Down go."""
NOTCH = 120
"""What Qt says of one notch of a wheel."""
NEAR = 6
"""Pixels within which the pointer is on a mark."""


class TimelineStrip(QWidget):
    """Frames at equal distances with their steps; click, drag, keys and wheel go through time.

    The right end is now. What is asked for is emitted; what is looked at is told by
    :meth:`set_moment`.
    """

    picked = Signal(object)
    """The step of an instant, or ``None`` for now."""
    toggled = Signal()
    """The space bar: play or pause."""
    entered = Signal()
    """The pointer came: somebody may be about to look back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frames = Frames()
        self._instants: dict[int, Instant] = {}
        self._steps: tuple[int, ...] = ()
        self._exact: frozenset[int] = frozenset()
        self._marks: tuple[Mark, ...] = ()
        self._moment: int | None = None
        self._hover = -1
        self._dragging = False
        self._turned = 0
        self._images: dict[tuple[int, str, float], QImage] = {}
        self.preview = Preview(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRadius", 4.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Timeline"))
        on_theme(self._retint)

    # What is shown

    def set_instants(self, instants: Sequence[Instant], exact: frozenset[int]) -> None:
        """Show kept instants in order, and which of them can be branched from exactly."""
        self._instants = {instant.step: instant for instant in instants}
        self._steps = tuple(self._instants)
        self._exact = exact
        self._images = {
            key: image for key, image in self._images.items() if key[0] in self._instants
        }
        self._choose()

    def forget_pictures(self) -> None:
        """Another run's instants may have the same steps."""
        self._images.clear()
        self.frames = Frames()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show what happened: changed options and findings."""
        self._marks = tuple(marks)
        self.update()

    def set_moment(self, step: int | None) -> None:
        """The step that is looked at; ``None``: now."""
        if step != self._moment:
            self._moment = step
            self._describe()
            self.update()

    @property
    def moment(self) -> int | None:
        """The step that is looked at."""
        return self._moment

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What happened, the checkpoints last."""
        kept = tuple(
            Mark(step, "checkpoint", tr("From here branches go on bit for bit."))
            for step in sorted(self._exact)
        )
        return (*self._marks, *kept)

    def _describe(self) -> None:
        words = tr("now") if self._moment is None else tr("step {step}", step=_n(self._moment))
        self.setAccessibleDescription(words)

    def _choose(self) -> None:
        self.frames.choose(self._steps, self.width() - 2 * EDGE)
        self.update()

    def _retint(self, _theme: Theme) -> None:
        self._images.clear()
        self.update()

    def sizeHint(self) -> QSize:
        """Frames, axis, and step numbers."""
        return QSize(12 * (WIDE + GAP), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Room for three frames."""
        return QSize(3 * (WIDE + GAP), HEIGHT)

    # Places

    def slot_of(self, step: int | None) -> int:
        """The frame that stands for a step; the last one for now."""
        if step is None:
            return len(self.frames.steps) - 1
        return self.frames.index_at(self.frames.x_of(step))

    def frame_rect(self, index: int) -> QRectF:
        """Where a frame lies."""
        left = EDGE + self.frames.centre(index) - WIDE / 2
        return QRectF(snap(left, self.devicePixelRatioF()), EDGE, WIDE, TALL)

    def mark_point(self, mark: Mark) -> QPointF:
        """Where a mark stands on the axis."""
        return QPointF(EDGE + self.frames.x_of(mark.step), AXIS)

    def _target(self, x: float) -> int | None:
        """What a position asks for: the nearest instant, now at the right end."""
        frames = self.frames
        step = frames.step_at(x - EDGE)
        if not self._steps or step >= frames.steps[-1] or self._last_half(x):
            return None
        return min(self._steps, key=lambda kept: abs(frames.x_of(kept) + EDGE - x))

    def _last_half(self, x: float) -> bool:
        """Whether a position is on the last frame: it is now."""
        last = len(self.frames.steps) - 1
        return x >= self.frame_rect(last).left()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frames, axis, marks and the moment."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        if not self.frames.steps:
            return
        ratio = device_ratio(painter)
        current = self.slot_of(self._moment)
        font = ui_font(TICK)
        line = AXIS + 0.5
        painter.setPen(QPen(theme.color("strong"), 1))
        painter.drawLine(QPointF(EDGE, line), QPointF(self.width() - EDGE, line))
        for index, base in enumerate(self.frames.steps):
            step = base if index != current or self._moment is None else self._moment
            rect = self.frame_rect(index)
            self._paint_frame(painter, rect, step, theme, ratio)
            here = index == current
            if here:
                stroke_round(painter, rect.adjusted(-3, -3, 3, 3), 4, theme.accent, 2)
            elif index == self._hover:
                stroke_round(painter, rect.adjusted(-2, -2, 2, 2), 3, theme.text3, 1)
            below = QRectF(rect.left() - 4, AXIS + 6, rect.width() + 8, 14)
            ink = theme.accent if here else theme.text3
            bold = ui_font(TICK, 600) if here else font
            draw_text(painter, below, _n(step), ink, bold, CENTRE)
            painter.setPen(QPen(theme.color("edge"), 1))
            x = rect.center().x()
            painter.drawLine(QPointF(x, AXIS - 2), QPointF(x, AXIS + 3))
        self._paint_marks(painter, theme)
        if self._moment is not None:
            at = QPointF(EDGE + self.frames.x_of(self._moment), line)
            painter.setPen(QPen(theme.color("accent"), 2))  # from its frame to its own place
            painter.drawLine(QPointF(self.frame_rect(current).center().x(), line), at)
            disc(painter, at, 5.5, theme.surface)
            disc(painter, at, 4.5, theme.accent)

    def _paint_frame(
        self, painter: QPainter, rect: QRectF, step: int, theme: Theme, ratio: float
    ) -> None:
        instant = self._instants.get(step)
        if instant is None:  # thinned away while it is looked at
            fill_round(painter, rect, 0, theme.sunken)
            return
        key = (step, theme.name, ratio)
        if key not in self._images:
            self._images[key] = frame_image(instant, theme, ratio)
        painter.drawImage(rect.topLeft(), self._images[key])

    def _paint_marks(self, painter: QPainter, theme: Theme) -> None:
        for mark in reversed(self.marks):
            at = self.mark_point(mark)
            if mark.kind == "checkpoint":
                disc(painter, at + QPointF(0, 0.5), 2.8, theme.text3)
                continue
            painter.setPen(QPen(theme.color("surface"), 1.5))
            painter.setBrush(mark.color(theme))
            painter.drawPolygon(mark_shape(mark.kind, at + QPointF(0, 0.5)))

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the instant under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton and self.frames.steps:
            self._dragging = True
            self.preview.hide()
            self._pick(self._target(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub; without a button show the instant under the pointer larger."""
        at = event.position()
        if self._dragging:
            self._pick(self._target(at.x()))
            return
        over = self.frames.steps and EDGE <= at.y() <= EDGE + TALL
        hover = self.frames.index_at(at.x() - EDGE) if over else -1
        if hover != self._hover:
            self._hover = hover
            self.update()
        self._show_preview()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag is over."""
        self._dragging = False

    def enterEvent(self, event: QEnterEvent) -> None:
        """Somebody may be about to look back."""
        super().enterEvent(event)
        self.entered.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer."""
        super().leaveEvent(event)
        self._hover = -1
        self.preview.hide()
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing floats over a strip that is gone."""
        self.preview.hide()
        super().hideEvent(event)

    def _show_preview(self) -> None:
        if self._hover < 0:
            self.preview.hide()
            return
        step = self.frames.steps[self._hover]
        if self._hover == self.slot_of(self._moment) and self._moment is not None:
            step = self._moment
        instant = self._instants.get(step)
        if instant is None:
            self.preview.hide()
            return
        rect = self.frame_rect(self._hover)
        top = self.mapToGlobal(QPoint(round(rect.center().x()), round(rect.top()) - 8))
        self.preview.show_instant(instant, top, exact=step in self._exact)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One instant a notch: back when turned up, on when turned down.

        A touch pad turns by a small part of a notch at a time.
        """
        turned = event.angleDelta().y() or event.angleDelta().x()
        if not turned or not self._steps:
            return
        event.accept()
        self.preview.hide()
        if (self._turned > 0) != (turned > 0):
            self._turned = 0
        self._turned += turned
        notches = int(self._turned / NOTCH)
        self._turned -= notches * NOTCH
        if notches:
            self._go(-notches)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Page keys and Home go through time, End and Esc to now; Space plays."""
        key = Qt.Key(event.key())
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_PageUp: -BIG_STEP,
            Qt.Key.Key_PageDown: BIG_STEP,
        }
        if key == Qt.Key.Key_Space:
            self.toggled.emit()
        elif key in moves:
            self._go(moves[key])
        elif key == Qt.Key.Key_Home and self._steps:
            self._pick(self._steps[0])
        elif key == Qt.Key.Key_End or (key == Qt.Key.Key_Escape and self._moment is not None):
            self._pick(None)
        else:
            super().keyPressEvent(event)

    def _go(self, by: int) -> None:
        """Instants back or on; beyond the last one is now."""
        if not self._steps:
            return
        last = len(self._steps) - 1
        if self._moment is None:
            here = last
        else:
            moment = self._moment
            here = min(range(last + 1), key=lambda index: abs(self._steps[index] - moment))
        there = max(here + by, 0)
        self._pick(None if there > last or (there == last and by > 0) else self._steps[there])

    def _pick(self, step: int | None) -> None:
        if step != self._moment:
            self.picked.emit(step)

    def event(self, event: QEvent) -> bool:
        """Say what a mark stands for."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            texts = self.mark_texts(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "\n".join(texts), self)
            return True
        return super().event(event)

    def mark_texts(self, at: QPointF) -> list[str]:
        """What the marks at a point of the axis stand for."""
        if abs(at.y() - AXIS) > NEAR + 2 or not self.frames.steps:
            return []
        near = [mark for mark in self.marks if abs(self.mark_point(mark).x() - at.x()) <= NEAR]
        return [mark.said for mark in near]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose anew how many frames fit."""
        super().resizeEvent(event)
        self._choose()


def mark_shape(kind: str, at: QPointF) -> QPolygonF:
    """A diamond for a change, a triangle for a finding."""
    corners = {
        "change": ((0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0)),
        "finding": ((0.0, -5.0), (5.4, 4.2), (-5.4, 4.2)),
    }
    return QPolygonF([at + QPointF(x, y) for x, y in corners[kind]])


def _n(step: int) -> str:
    return format_number(int(step))
