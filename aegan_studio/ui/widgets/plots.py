"""Plots of what training reports: many curves, smoothed over raw, exact when asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QImageWriter,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import QFileDialog, QToolTip, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.plot_canvas import PlotCanvas
from aegan_studio.ui.widgets.plot_paint import (
    Mark,
)

__all__ = ["LossPlot", "Mark"]


class LossPlot(PlotCanvas):
    """Curves over training steps.

    Drag across to zoom, wheel to zoom, Shift or the middle button to pan, double click to
    see all again and follow.

    Parameters
    ----------
    log : bool
        A logarithmic value axis; values of zero and below are gaps there.
    smoothing : float
        Share of the past kept by the running mean, 0–0.99; 0 shows the raw values only.
    x_label : str
        The unit of the steps, written after the last tick.
    empty : str
        The sentence shown before there are numbers.
    """

    def __init__(
        self,
        *,
        log: bool = False,
        smoothing: float = 0.9,
        x_label: str = "step",
        empty: str = "",
        follow: bool = True,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            log=log,
            smoothing=smoothing,
            x_label=x_label,
            empty=empty,
            follow=follow,
            name=name,
            parent=parent,
        )
        self._press: QPointF | None = None
        self._pan_from: tuple[float, float, float] | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a zoom, or a pan."""
        view, _ = self.plane()
        x = event.position().x()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        middle = event.button() == Qt.MouseButton.MiddleButton
        if middle or (shift and event.button() == Qt.MouseButton.LeftButton):
            self._pan_from = (x, view.x0, view.x1)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read values, draw the zoom's band, or pan."""
        view, rect = self.plane()
        x = event.position().x()
        if self._pan_from is not None:
            start, x0, x1 = self._pan_from
            shift = (start - x) / max(rect.width(), 1) * (x1 - x0)
            self._set_range((x0 + shift, x1 + shift))
            return
        if self._press is not None:
            inside = min(max(x, rect.left()), rect.right())
            self._band = (min(max(self._press.x(), rect.left()), rect.right()), inside)
        else:
            over = rect.left() - 4 <= x <= rect.right() + 4
            self._cursor = view.step_at(rect, x) if over else None
            if self._cursor is not None:
                self.step_hovered.emit(self._cursor)
            self._mark_tip(event.position(), event.globalPosition().toPoint())
        self.update()

    def _mark_tip(self, pos: QPointF, where: QPoint) -> None:
        view, rect = self.plane()
        for mark in self._marks:
            if mark.text and abs(view.px(rect, mark.step) - pos.x()) <= 5:
                QToolTip.showText(where, mark.text, self)
                return
        QToolTip.hideText()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Zoom to the band."""
        view, rect = self.plane()
        band, self._band, self._press, self._pan_from = self._band, None, None, None
        if band is not None and abs(band[1] - band[0]) > 6:
            self.set_x_range(view.step_at(rect, band[0]), view.step_at(rect, band[1]))
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """See all and follow."""
        self.set_follow(True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        _, rect = self.plane()
        share = (event.position().x() - rect.left()) / max(rect.width(), 1)
        self._zoom(min(max(share, 0.0), 1.0), 0.999 ** event.angleDelta().y())
        event.accept()

    def _zoom(self, share: float, factor: float) -> None:
        view, _ = self.plane()
        new, (lo, hi) = view.zoomed(share, factor), self._model.span()
        if factor > 1 and new.x1 - new.x0 >= hi - lo:
            self._set_range(None)
        else:
            self._set_range((new.x0, new.x1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and Minus zoom, Left and Right pan, Home fits, L switches the scale."""
        x0, x1 = self.x_range
        by = (x1 - x0) * 0.1
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._zoom(0.5, 0.8)
            case Qt.Key.Key_Minus:
                self._zoom(0.5, 1.25)
            case Qt.Key.Key_Left:
                self._set_range((x0 - by, x1 - by))
            case Qt.Key.Key_Right:
                self._set_range((x0 + by, x1 + by))
            case Qt.Key.Key_Home | Qt.Key.Key_0:
                self.fit()
            case Qt.Key.Key_L:
                self.set_log(not self._log)
            case _:
                super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """No step is under the pointer."""
        self._cursor = None
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Fit, scale and export."""
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add(tr("Show all steps"), self.fit, icon_name="fit")
        scale = tr("Linear scale") if self._log else tr("Logarithmic scale")
        menu.add(scale, lambda: self.set_log(not self._log), icon_name="axes")
        menu.addSeparator()
        menu.add(tr("Copy picture"), self.copy, icon_name="copy")
        exports: dict[str, Callable[[Path], None]] = {
            "PNG": self.export_png,
            "SVG": self.export_svg,
            "CSV": self.export_csv,
        }
        for kind, export in exports.items():
            label = tr("Save as {kind}…", kind=kind)
            menu.add(label, partial(self._ask, kind, export), icon_name="export")
        menu.popup(event.globalPos())

    def _ask(self, kind: str, export: Callable[[Path], None]) -> None:
        name = f"plot.{kind.lower()}"
        path = QFileDialog.getSaveFileName(self, "", name, f"{kind} (*.{kind.lower()})")[0]
        if path:
            export(Path(path))

    def image(self, scale: float = 2.0) -> QImage:
        """The plot on its surface, ``scale`` device pixels to the logical one."""
        image = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(current_theme().color("surface"))
        painter = QPainter(image)
        self.paint_on(painter, self.size())
        painter.end()
        return image

    def copy(self) -> None:
        """Put the plot on the clipboard."""
        from aegan_studio.ui.widgets.pictures import copy_image

        copy_image(self.image())

    def export_png(self, path: Path, scale: float = 2.0) -> None:
        """Write a PNG; raises OSError if that fails."""
        if not QImageWriter(str(path), QByteArray(b"png")).write(self.image(scale)):
            raise OSError(f"cannot write {path}")

    def export_svg(self, path: Path) -> None:
        """Write an SVG with real lines and text."""
        from PySide6.QtSvg import QSvgGenerator

        sheet = QSvgGenerator()
        sheet.setFileName(str(path))
        sheet.setSize(self.size())
        sheet.setViewBox(QRectF(0, 0, self.width(), self.height()))
        painter = QPainter(sheet)
        area = QRectF(0, 0, self.width(), self.height())
        painter.fillRect(area, current_theme().color("surface"))
        self.paint_on(painter, self.size(), vector=True)
        painter.end()

    def export_csv(self, path: Path) -> None:
        """Write every point of the visible curves, raw and exact: step, then a column each."""
        self._model.write_csv(path, self._x_label)
