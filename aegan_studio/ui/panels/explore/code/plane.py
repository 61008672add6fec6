"""The plane of 2-D data, with what the current code and the walk lead to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QLineF, QMimeData, QRectF, QSize
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.messages import Array, Sheeted
from aegan_studio.ui.panels.explore.code_mime import Pull
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.theme import TICK, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.numbers import MINUS
from aegan_studio.ui.widgets.painting import CENTRE, RIGHT, disc, draw_text, smooth


class PlaneView(QWidget):
    """The plane of 2-D data: its points, the decoded sheet and walk, and the current point."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.depiction = Depiction(np.zeros((1, 2)))
        self._point: Array | None = None
        self._path: Array | None = None
        self._sheet: Sheeted | None = None
        self._rebuilt: Array | None = None
        self._pull = Pull(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)
        self.setAccessibleName(tr("Plane of the data"))
        on_theme(self._retint)

    def set_data(self, points: Array) -> None:
        """Show the data's points (n, 2)."""
        self.depiction = Depiction(points)
        self._point = self._path = self._sheet = self._rebuilt = None
        self.update()

    def set_point(self, point: Array) -> None:
        """Show where the current code leads."""
        self._point = point
        self.update()

    def set_path(self, points: Array | None) -> None:
        """Show where the walk leads."""
        self._path = points
        self.update()

    def set_sheet(self, sheet: Sheeted | None) -> None:
        """Show where a grid of codes leads, as a mesh."""
        self._sheet = sheet
        self.update()

    def set_rebuilt(self, point: Array | None) -> None:
        """Show where encoding and decoding the point again leads."""
        self._rebuilt = point
        self.update()

    def set_drag(self, data: Callable[[], QMimeData | None]) -> None:
        """Say what a drag out of the plane carries."""
        self._pull.data = data

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a drag."""
        self._pull.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the picture and its code to a well, another window or program."""
        self._pull.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press is over."""
        self._pull.release()

    def _retint(self, _theme: object) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        """A square of 256 px."""
        return QSize(256, 256)

    def square(self) -> QRectF:
        """Where the plane lies, beside its ticks."""
        side = min(self.width() - 34, self.height() - 20)
        left = (self.width() - 34 - side) / 2 + 34
        return QRectF(round(left), round((self.height() - 20 - side) / 2), side, side)

    def image(self) -> QImage:
        """What is shown, to be copied or saved."""
        return self.grab().toImage()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the plane."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        square = self.square()
        painter.fillRect(square, theme.color("sunken"))
        self._paint_ticks(painter, square)
        painter.setClipRect(square)
        if self._sheet is not None:
            self.depiction.paint_mesh(
                painter, square, self._sheet.items, self._sheet.columns, self._sheet.rows
            )
        self.depiction.paint_cloud(painter, square, theme, 1.8)
        if self._path is not None:
            self.depiction.paint_path(painter, square, self._path)
        if self._rebuilt is not None and self._point is not None:
            self._paint_rebuilt(painter, square, self._point, self._rebuilt)
        if self._point is not None:
            painter.setClipping(False)
            self.depiction.paint_point(painter, square, self._point, 5.5)

    def _paint_rebuilt(
        self, painter: QPainter, square: QRectF, point: Array, rebuilt: Array
    ) -> None:
        theme = current_theme()
        start, end = (self.depiction.place(one, square) for one in (point, rebuilt))
        painter.setPen(QPen(theme.color("reconstruction"), 1.6))
        painter.drawLine(QLineF(start, end))
        disc(painter, end, 5.0, theme.surface)
        disc(painter, end, 3.5, theme.reconstruction)

    def _paint_ticks(self, painter: QPainter, square: QRectF) -> None:
        theme, bounds = current_theme(), self.depiction.bounds
        step = 10.0 ** np.floor(np.log10(bounds.width() / 2))
        step = step if bounds.width() / step < 6 else 2 * step
        for start, length, upright in (
            (bounds.left(), bounds.width(), False),
            (bounds.top(), bounds.height(), True),
        ):
            for value in np.arange(np.ceil(start / step), (start + length) / step) * step:
                text = f"{value:g}".replace("-", MINUS)
                at = self.depiction.place(np.array((value, value)), square)
                painter.setPen(theme.color("hairline"))
                if upright:
                    painter.drawLine(QLineF(square.left(), at.y(), square.right(), at.y()))
                    spot, align = QRectF(square.left() - 36, at.y() - 8, 30, 16), RIGHT
                else:
                    painter.drawLine(QLineF(at.x(), square.top(), at.x(), square.bottom()))
                    spot, align = QRectF(at.x() - 20, square.bottom() + 3, 40, 16), CENTRE
                draw_text(painter, spot, text, theme.text3, ui_font(TICK), align)
