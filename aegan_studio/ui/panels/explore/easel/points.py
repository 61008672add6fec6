"""The easel of 2-D data: a point is placed in the plane instead of a picture drawn."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.messages import Array
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.theme import current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.painting import disc, smooth, stroke_round

STEP = 0.02
"""Of the plane's width, what an arrow key moves."""


class PointPad(QWidget):
    """A click or drag places a point among the data's; arrow keys move it."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._depiction = Depiction(np.zeros((1, 2)))
        self.point: Array | None = None
        self._rebuilt: Array | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setProperty("focusRadius", 3.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 96)
        self.setAccessibleName(tr("Plane to place a point in"))
        on_theme(self._retint)

    def set_depiction(self, depiction: Depiction) -> None:
        """Place points among these data."""
        self._depiction, self.point, self._rebuilt = depiction, None, None
        self.update()

    def set_point(self, point: Array | None) -> None:
        """Place the point in the data's units."""
        self.point = None if point is None else np.asarray(point, np.float32)
        self._rebuilt = None
        self.update()
        self.changed.emit()

    def set_rebuilt(self, point: Array | None) -> None:
        """Where the point's code leads."""
        self._rebuilt = point
        self.update()

    def sizeHint(self) -> QSize:
        """A square of 240 px."""
        return QSize(240, 240)

    def square(self) -> QRectF:
        """Where the plane lies."""
        side = min(self.width(), self.height())
        left, top = (self.width() - side) // 2, (self.height() - side) // 2
        return QRectF(left, top, side, side)

    def _place(self, at: QPointF) -> None:
        square, bounds = self.square(), self._depiction.bounds
        x = bounds.left() + (at.x() - square.left()) / square.width() * bounds.width()
        y = bounds.top() + (square.bottom() - at.y()) / square.height() * bounds.height()
        self.set_point(np.array((x, y), np.float32))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Place the point."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._place(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._place(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move the point, Delete takes it away."""
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        key, bounds = Qt.Key(event.key()), self._depiction.bounds
        if key in moves:
            start = self.point
            if start is None:
                start = np.array((bounds.center().x(), bounds.center().y()), np.float32)
            self.set_point(start + np.array(moves[key], np.float32) * STEP * bounds.width())
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.set_point(None)
        else:
            super().keyPressEvent(event)

    def _retint(self, _theme: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The data, the point as a disc, and where its code leads as a square."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        square = self.square()
        painter.fillRect(square, theme.color("sunken"))
        stroke_round(painter, square, 0, theme.hairline)
        painter.setClipRect(square)
        self._depiction.paint_cloud(painter, square, theme, 1.8)
        if self.point is None:
            painter.setPen(theme.color("text"))
            painter.setFont(ui_font(weight=500))
            room = square.adjusted(16, 12, -16, -12)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            painter.drawText(room, int(flags), tr("Click to place a point"))
            return
        at = self._depiction.place(self.point, square)
        disc(painter, at, 8, theme.surface)
        disc(painter, at, 6.5, theme.real)
        if self._rebuilt is not None:
            to = self._depiction.place(self._rebuilt, square)
            painter.setPen(QPen(theme.color("reconstruction"), 2.0))
            painter.drawLine(at, to)
            box = QRectF(to.x() - 3.5, to.y() - 3.5, 7, 7)
            painter.fillRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), theme.color("surface"))
            painter.fillRect(box, theme.color("reconstruction"))
