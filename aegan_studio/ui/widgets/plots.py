"""Plots of what training reports: many curves, smoothed over raw, exact when asked."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QToolTip, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.theme import TICK, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import smooth, text_width
from aegan_studio.ui.widgets.plot_axes import View, value_range
from aegan_studio.ui.widgets.plot_data import Floats, Series
from aegan_studio.ui.widgets.plot_paint import (
    Curve,
    Mark,
    label_width,
    left_margin,
    paint_curves,
    paint_empty,
    paint_grid,
    paint_marks,
    paint_names,
    paint_readout,
)

FRAME_MS = 33
__all__ = ["LossPlot", "Mark"]


class LossPlot(QWidget):
    """Curves over training steps.

    Drag across to zoom, wheel to zoom, Shift or the middle button to pan, double click to
    see all again and follow. Refreshes at most thirty times a second, and only while seen.

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

    view_changed = Signal(float, float)
    follow_changed = Signal(bool)
    log_changed = Signal(bool)
    step_hovered = Signal(float)

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
        super().__init__(parent)
        self._series: dict[str, Series] = {}
        self._labels: dict[str, str] = {}
        self._colours: dict[str, str] = {}
        self._visible: frozenset[str] | None = None
        self._marks: list[Mark] = []
        self._log, self._smoothing = log, smoothing
        self._x_label, self._empty = x_label, empty
        self._follow = follow
        self._x_range: tuple[float, float] | None = None
        self._y_limits: tuple[float | None, float | None] = (None, None)
        self._layer: QPixmap | None = None
        self._layer_view: tuple[View, QRectF] | None = None
        self._cursor: float | None = None
        self._press: QPointF | None = None
        self._band: tuple[float, float] | None = None
        self._pan_from: tuple[float, float, float] | None = None
        self._late = QTimer(self, interval=FRAME_MS, singleShot=True)
        self._late.timeout.connect(self._refresh)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)
        self.setAccessibleName(name or tr("Plot"))
        on_theme(self._retint)

    # data ---------------------------------------------------------------------------

    def append(
        self,
        steps: npt.NDArray[np.generic],
        values: npt.NDArray[np.generic],
        names: Sequence[str],
    ) -> None:
        """Add points: ``steps (n,)`` never decreasing, ``values (n, k)``, ``k`` names."""
        x = np.asarray(steps, dtype=np.float64)
        y = np.asarray(values, dtype=np.float64).reshape(len(x), len(names))
        for column, name in enumerate(names):
            self._of(name).append(x, y[:, column])
        self._later()

    def set_data(
        self, name: str, x: npt.NDArray[np.generic], y: npt.NDArray[np.generic]
    ) -> None:
        """Replace one curve by points ``(n,)``."""
        self._series.pop(name, None)
        self._of(name).append(np.asarray(x, np.float64), np.asarray(y, np.float64))
        self._later()

    def clear(self) -> None:
        """Forget all curves and marks, and follow again."""
        self._series.clear()
        self._marks.clear()
        self._x_range = None
        self._later()

    def _of(self, name: str) -> Series:
        if name not in self._series:
            self._series[name] = Series(self._smoothing)
        return self._series[name]

    @property
    def names(self) -> tuple[str, ...]:
        """All curves, in the order they came."""
        return tuple(self._series)

    @property
    def visible_names(self) -> tuple[str, ...]:
        """The curves that are drawn."""
        shown = self._visible
        return tuple(name for name in self._series if shown is None or name in shown)

    def data(self, name: str) -> tuple[Floats, Floats]:
        """The points of one curve, exactly as they came."""
        series = self._series[name]
        return series.x, series.y

    def set_visible_names(self, names: Iterable[str] | None) -> None:
        """Draw these curves only; None draws all."""
        self._visible = None if names is None else frozenset(names)
        self._later()

    def set_colours(self, colours: Mapping[str, str]) -> None:
        """Colours by curve: a token of the theme, a role such as ``rec-x``, or ``#RRGGBB``."""
        self._colours.update(colours)
        self._later()

    def set_labels(self, labels: Mapping[str, str]) -> None:
        """What stands at a line's end instead of its name; between ``$``, mathematics."""
        self._labels.update(labels)
        self._later()

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """Replace the dotted verticals."""
        self._marks = list(marks)
        self._later()

    # look ---------------------------------------------------------------------------

    @property
    def smoothing(self) -> float:
        """Share of the past kept by the running mean, 0–0.99."""
        return self._smoothing

    def set_smoothing(self, weight: float) -> None:
        """Smooth more or less; 0 shows the raw values only."""
        self._smoothing = min(max(weight, 0.0), 0.99)
        for series in self._series.values():
            series.set_smoothing(self._smoothing)
        self._later()

    @property
    def log(self) -> bool:
        """Whether the value axis is logarithmic."""
        return self._log

    def set_log(self, log: bool) -> None:
        """Make the value axis logarithmic, or linear."""
        if log != self._log:
            self._log = log
            self.log_changed.emit(log)
            self._later()

    def set_y_limits(self, lo: float | None, hi: float | None) -> None:
        """Fix an end of the value axis, as 0 and 1 for a share; None fits the data."""
        self._y_limits = (lo, hi)
        self._later()

    @property
    def follow(self) -> bool:
        """Whether new steps stay in view."""
        return self._follow and self._x_range is None

    def set_follow(self, follow: bool) -> None:
        """See all steps and keep up with new ones, or hold the present view."""
        if follow:
            self._set_range(None)
        elif self._x_range is None:
            self._set_range(self._whole())

    def fit(self) -> None:
        """See all steps."""
        self._set_range(None)

    def set_x_range(self, x0: float, x1: float) -> None:
        """Look at the steps ``x0``–``x1``."""
        self._set_range((min(x0, x1), max(x0, x1)))

    @property
    def x_range(self) -> tuple[float, float]:
        """The steps in view."""
        return self._x_range or self._whole()

    def _set_range(self, span: tuple[float, float] | None) -> None:
        before = self.follow
        self._x_range = span
        self._later(now=True)
        self.view_changed.emit(*self.x_range)
        if before != self.follow:
            self.follow_changed.emit(self.follow)

    def _whole(self) -> tuple[float, float]:
        ends = [(s.x[0], s.x[-1]) for n in self.visible_names if len(s := self._series[n])]
        if not ends:
            return 0.0, 100.0
        lo, hi = float(min(e[0] for e in ends)), float(max(e[1] for e in ends))
        return (lo, hi) if hi > lo else (lo, lo + 1.0)

    # painting -----------------------------------------------------------------------

    def _retint(self, _theme: Theme) -> None:
        self._later(now=True)

    def _later(self, *, now: bool = False) -> None:
        """Repaint soon: at the next frame, or at once for what a person did."""
        self._stale = True
        if not self.isVisible():
            return
        if now:
            self._refresh()
        elif not self._late.isActive():
            self._late.start()

    _stale = True

    def _refresh(self) -> None:
        self._layer = None
        self.update()

    def _color(self, name: str, theme: Theme) -> str:
        wish = self._colours.get(name, name)
        if wish.startswith("#"):
            return wish
        role = theme.role(wish)
        if role != theme.text or wish == "text":
            return role
        if hasattr(theme, wish):
            return theme.color(wish).name()
        return theme.curve_color(list(self._series).index(name))

    def _label(self, name: str) -> str:
        return self._labels.get(name, name)

    def _prepare(self, size: QSize) -> tuple[View, QRectF, list[Curve]]:
        """The view, the plane's rectangle and the thinned curves for a size."""
        theme = current_theme()
        x0, x1 = self.x_range
        pixels = max(size.width(), 50)
        curves = []
        for name in self.visible_names:
            series = self._series[name]
            if not len(series):
                continue
            raw = series.thinned(x0, x1, pixels, mean=False) if self._smoothing > 0 else None
            mean = series.thinned(x0, x1, pixels, mean=True)
            color = self._color(name, theme)
            curves.append(Curve(name, self._label(name), color, raw, mean))
        arrays = [curve.mean[1] for curve in curves]
        for curve in curves:
            if curve.raw is not None and len(curve.raw[1]) >= 20:
                arrays.append(np.nanpercentile(curve.raw[1], [3, 97]))
        lo, hi = value_range(arrays, self._log)
        if not self._log:
            lo = lo if self._y_limits[0] is None else self._y_limits[0]
            hi = hi if self._y_limits[1] is None else self._y_limits[1]
        view = View(x0, x1, lo, hi if hi > lo else lo + 1.0, self._log)
        right = max([label_width(curve.label) for curve in curves] + [0.0]) + 14
        if self._x_label:
            right = max(right, text_width(self._x_label, ui_font(TICK)) + 12)
        right = min(right, size.width() * 0.35)
        top = 16.0 if self._marks else 6.0
        left = left_margin(view)
        rect = QRectF(left, top, size.width() - left - right, size.height() - top - 22)
        return view, rect, curves

    def paint_on(self, painter: QPainter, size: QSize) -> tuple[View, QRectF]:
        """Draw the plot, without crosshair, on any painter; gives the view and the plane."""
        smooth(painter)
        theme = current_theme()
        view, rect, curves = self._prepare(size)
        if not curves and self._empty:
            paint_empty(painter, QRectF(0, 0, size.width(), size.height()), self._empty, theme)
            return view, rect
        paint_grid(painter, rect, view, theme, self._x_label)
        paint_marks(painter, rect, view, self._marks, theme)
        paint_curves(painter, rect, view, curves)
        paint_names(painter, rect, view, curves)
        return view, rect

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the kept layer of curves, and over it what the pointer asks for."""
        painter = QPainter(self)
        ratio = device_ratio(painter)
        layer = self._layer
        if layer is None or layer.devicePixelRatio() != ratio or self._layer_view is None:
            layer = QPixmap(self.size() * ratio)
            layer.setDevicePixelRatio(ratio)
            layer.fill(Qt.GlobalColor.transparent)
            inner = QPainter(layer)
            self._layer_view = self.paint_on(inner, self.size())
            inner.end()
            self._layer, self._stale = layer, False
        painter.drawPixmap(0, 0, layer)
        smooth(painter)
        view, rect = self._layer_view
        theme = current_theme()
        if self._band is not None:
            left, right = sorted(self._band)
            band = QRectF(left, rect.top(), right - left, rect.height())
            painter.fillRect(band, theme.color("accent", 0.16))
        elif self._cursor is not None and self.visible_names:
            step, rows = self.readout(self._cursor)
            if rows:
                title = f"{self._x_label} {format_number(int(step))}".strip()
                cells = [
                    (self._label(n), format_number(v, 4), self._color(n, theme), view.py(rect, m))
                    for n, v, m in rows
                ]
                paint_readout(painter, rect, view.px(rect, step), title, cells, theme)

    def readout(self, at: float) -> tuple[float, list[tuple[str, float, float]]]:
        """The step nearest ``at`` and every visible curve's (name, value, mean) there."""
        nearest: float | None = None
        for name in self.visible_names:
            x = self._series[name].x
            if len(x):
                index = _nearest(x, at)
                if nearest is None or abs(x[index] - at) < abs(nearest - at):
                    nearest = float(x[index])
        if nearest is None:
            return at, []
        rows = []
        for name in self.visible_names:
            series = self._series[name]
            if len(series):
                index = _nearest(series.x, nearest)
                rows.append((name, float(series.y[index]), float(series.mean[index])))
        return nearest, rows

    def sizeHint(self) -> QSize:
        """A plot of 360 × 180 px."""
        return QSize(360, 180)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew."""
        self._layer = None

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while hidden."""
        if self._stale:
            self._refresh()

    # pointer and keys ---------------------------------------------------------------

    def _plane(self) -> tuple[View, QRectF]:
        if self._layer_view is None:
            view, rect, _ = self._prepare(self.size())
            self._layer_view = (view, rect)
        return self._layer_view

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a zoom, or a pan."""
        view, rect = self._plane()
        x = event.position().x()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        middle = event.button() == Qt.MouseButton.MiddleButton
        if middle or (shift and event.button() == Qt.MouseButton.LeftButton):
            self._pan_from = (x, view.x0, view.x1)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read values, draw the zoom's band, or pan."""
        view, rect = self._plane()
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
        view, rect = self._plane()
        for mark in self._marks:
            if mark.text and abs(view.px(rect, mark.step) - pos.x()) <= 5:
                QToolTip.showText(where, mark.text, self)
                return
        QToolTip.hideText()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Zoom to the band."""
        view, rect = self._plane()
        band, self._band, self._press, self._pan_from = self._band, None, None, None
        if band is not None and abs(band[1] - band[0]) > 6:
            self.set_x_range(view.step_at(rect, band[0]), view.step_at(rect, band[1]))
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """See all and follow."""
        self.set_follow(True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        view, rect = self._plane()
        share = (event.position().x() - rect.left()) / max(rect.width(), 1)
        self._zoom(min(max(share, 0.0), 1.0), 0.999 ** event.angleDelta().y())
        event.accept()

    def _zoom(self, share: float, factor: float) -> None:
        view, _ = self._plane()
        new, (lo, hi) = view.zoomed(share, factor), self._whole()
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
        for kind, export in (
            ("PNG", self.export_png),
            ("SVG", self.export_svg),
            ("CSV", self.export_csv),
        ):
            label = tr("Save as {kind}…", kind=kind)
            menu.add(label, lambda k=kind, e=export: self._ask(k, e), icon_name="export")
        menu.popup(event.globalPos())

    # export -------------------------------------------------------------------------

    def _ask(self, kind: str, export: object) -> None:
        name = f"plot.{kind.lower()}"
        path = QFileDialog.getSaveFileName(self, "", name, f"{kind} (*.{kind.lower()})")[0]
        if path and callable(export):
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
        if not self.image(scale).save(str(path), "PNG"):
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
        self.paint_on(painter, self.size())
        painter.end()

    def export_csv(self, path: Path) -> None:
        """Write every point of the visible curves, raw and exact: step, then a column each."""
        names = self.visible_names
        steps = np.unique(np.concatenate([self._series[n].x for n in names] or [np.empty(0)]))
        columns = []
        for name in names:
            series = self._series[name]
            column = np.full(len(steps), np.nan)
            column[np.searchsorted(steps, series.x)] = series.y
            columns.append(column.tolist())
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([self._x_label or "x", *names])
            for row in zip(steps.tolist(), *columns, strict=True):
                step = int(row[0]) if row[0] == int(row[0]) else row[0]
                writer.writerow([step, *("" if v != v else repr(v) for v in row[1:])])


def _nearest(x: Floats, at: float) -> int:
    index = int(np.searchsorted(x, at))
    if index == 0:
        return 0
    if index >= len(x):
        return len(x) - 1
    return index if x[index] - at < at - x[index - 1] else index - 1
