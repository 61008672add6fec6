"""Plots of what training reports: many curves, smoothed over raw, exact when asked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QImage,
    QImageWriter,
    QKeyEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QToolTip,
    QWidget,
)

from aegan_studio.files import writing
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.plot_canvas import PlotCanvas
from aegan_studio.ui.widgets.plot_model import Mark

__all__ = ["LossPlot", "Mark"]


class LossPlot(PlotCanvas):
    """Curves over training steps, drawn by pyqtgraph.

    Drag across to zoom, wheel to zoom, Shift or the middle button to pan, double click to
    see all again and follow.

    Parameters
    ----------
    log : bool
        A logarithmic value axis; values of zero and below are passed over there.
    smoothing : float
        Share of the past kept by the running mean, 0–0.99; 0 shows the raw values only.
    x_label : str
        The unit of the steps, written after the last tick.
    empty : str
        The sentence shown before there are numbers.
    file_name : str
        What a file of it is called to begin with, without the ending.
    """

    trouble = Signal(object)
    """A :class:`StudioError`: a file could not be written."""
    mark_clicked = Signal(object)
    """A :class:`Mark` that is about something."""

    def __init__(
        self,
        *,
        name: str = "",
        file_name: str = "plot",
        parent: QWidget | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name=name, parent=parent, **options)
        self.file_name = file_name
        self._box.steps_chosen.connect(self.set_x_range)
        self._box.sigRangeChangedManually.connect(self._on_moved)
        self._view.sceneObj.sigMouseMoved.connect(self._on_hover)
        self._mark_row.clicked.connect(self.mark_clicked)
        self.surface.installEventFilter(self)

    # The pointer and the keyboard

    def _on_hover(self, at: QPointF) -> None:
        area = self._box.sceneBoundingRect().adjusted(-4, -20, 4, 30)
        inside = area.contains(at) and not self._box.rbScaleBox.isVisible()
        self._cursor = float(self._box.mapSceneToView(at).x()) if inside else None
        if self._cursor is not None:
            self.step_hovered.emit(self._cursor)
        leads = self._mark_row.leading(at) is not None
        shape = Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor
        if self.surface.cursor().shape() != shape:
            self.surface.setCursor(shape)
        self._show_readout()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show all at a double click, a mark's words at its line, nothing once the pointer left."""
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.set_follow(True)
            return True
        if event.type() == QEvent.Type.Leave:
            self._cursor = None
            self._show_readout()
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            x = event.pos().x() - self._mark_row.sceneBoundingRect().left()
            near = [mark.said for mark in self._mark_row.near(x)]
            QToolTip.showText(event.globalPos(), "\n".join(filter(None, near)), self)
            return True
        return super().eventFilter(watched, event)

    def _zoom(self, factor: float) -> None:
        x0, x1 = self.x_range
        middle, half = (x0 + x1) / 2, (x1 - x0) / 2 * factor
        self._box.setXRange(middle - half, middle + half, padding=0.0)
        self._on_moved()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and Minus zoom, Left and Right pan, Home fits, L switches the scale."""
        x0, x1 = self.x_range
        by = (x1 - x0) * 0.1
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._zoom(0.8)
            case Qt.Key.Key_Minus:
                self._zoom(1.25)
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

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Fit, scale and export."""
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add(tr("Show all steps"), self.fit, icon_name="fit")
        scale = tr("Linear scale") if self._log else tr("Logarithmic scale")
        menu.add(scale, lambda: self.set_log(not self._log), icon_name="axes")
        menu.addSeparator()
        self.offer_files(menu)
        menu.popup(event.globalPos())

    # Files

    def offer_files(self, menu: Menu) -> None:
        """Append what can be taken along: a copy, and files of each kind."""
        menu.add(tr("Copy picture"), self.copy, icon_name="copy")
        for kind in ("PNG", "SVG", "CSV"):
            label = tr("Save as {kind}…", kind=kind)
            menu.add(label, partial(self._ask, kind), icon_name="export")

    def _ask(self, kind: str) -> None:
        name = f"{self.file_name}.{kind.lower()}"
        title = tr("Save the plot")
        path = QFileDialog.getSaveFileName(self, title, name, f"{kind} (*.{kind.lower()})")[0]
        if path:
            try:
                self.save(Path(path))
            except StudioError as error:
                self.trouble.emit(error)

    def save(self, path: Path) -> None:
        """Write the plot as PNG, SVG or CSV, by the file's ending.

        Raises
        ------
        StudioError
            The file cannot be written.
        """
        write = {
            ".png": self.export_png,
            ".svg": self.export_svg,
            ".csv": self.export_csv,
        }[path.suffix.lower()]
        with writing(path):
            path.touch()  # Qt writes pictures without saying why it could not
            write(path)

    def _paint_on(self, painter: QPainter) -> None:
        """The plot on its surface, without what the pointer shows."""
        self._catch_up()
        self._readout.setVisible(False)
        area = QRectF(self.rect())
        painter.fillRect(area, current_theme().color("surface"))
        self._view.render(painter, area, self.rect())
        self._readout.setVisible(True)

    def image(self, scale: float = 2.0) -> QImage:
        """The plot on its surface, ``scale`` device pixels to the logical one."""
        image = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        painter = QPainter(image)
        self._paint_on(painter)
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
        sheet.setViewBox(QRectF(self.rect()))
        painter = QPainter(sheet)
        self._paint_on(painter)
        painter.end()

    def export_csv(self, path: Path) -> None:
        """Write every point of the visible curves, raw and exact: step, then a column each."""
        self._model.write_csv(path, self._x_label)
