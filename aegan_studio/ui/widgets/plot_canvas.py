"""The plane a plot is drawn on: its data, its view, and its frame rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.theme import TICK, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import smooth, text_width
from aegan_studio.ui.widgets.plot_axes import View, value_range
from aegan_studio.ui.widgets.plot_data import Floats
from aegan_studio.ui.widgets.plot_model import PlotModel
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


class PlotCanvas(QWidget):
    """Curves over training steps, without a pointer; see :class:`LossPlot`.

    Refreshes at most thirty times a second, and only while seen.
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
        self._model = PlotModel(smoothing)
        self._marks: list[Mark] = []
        self._log = log
        self._stale = True
        self._x_label, self._empty = x_label, empty
        self._follow = follow
        self._x_range: tuple[float, float] | None = None
        self._y_limits: tuple[float | None, float | None] = (None, None)
        self._layer: QPixmap | None = None
        self._layer_view: tuple[View, QRectF] | None = None
        self._cursor: float | None = None
        self._band: tuple[float, float] | None = None
        self._late = QTimer(self, interval=FRAME_MS, singleShot=True)
        self._late.timeout.connect(self._refresh)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)
        self.setAccessibleName(name or tr("Plot"))
        on_theme(self._retint)

    def append(
        self,
        steps: npt.NDArray[np.generic],
        values: npt.NDArray[np.generic],
        names: Sequence[str],
    ) -> None:
        """Add points: ``steps (n,)`` never decreasing, ``values (n, k)``, ``k`` names."""
        self._model.append(steps, values, names)
        self._later()

    def set_data(self, name: str, x: npt.NDArray[np.generic], y: npt.NDArray[np.generic]) -> None:
        """Replace one curve by points ``(n,)``."""
        self._model.replace(name, np.asarray(x, np.float64), np.asarray(y, np.float64))
        self._later()

    def clear(self) -> None:
        """Forget all curves and marks, and follow again."""
        self._model.clear()
        self._marks.clear()
        self._x_range = None
        self._later()

    @property
    def names(self) -> tuple[str, ...]:
        """All curves, in the order they came."""
        return self._model.names

    @property
    def visible_names(self) -> tuple[str, ...]:
        """The curves that are drawn."""
        return self._model.visible_names

    def data(self, name: str) -> tuple[Floats, Floats]:
        """The points of one curve, exactly as they came."""
        series = self._model.series(name)
        return series.x, series.y

    def set_visible_names(self, names: Iterable[str] | None) -> None:
        """Draw these curves only; None draws all."""
        self._model.shown = None if names is None else frozenset(names)
        self._later()

    def set_colours(self, colours: Mapping[str, str]) -> None:
        """Colours by curve: a token of the theme, a role such as ``rec-x``, or ``#RRGGBB``."""
        self._model.colours.update(colours)
        self._later()

    def set_labels(self, labels: Mapping[str, str]) -> None:
        """What stands at a line's end instead of its name; between ``$``, mathematics."""
        self._model.labels.update(labels)
        self._later()

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """Replace the dotted verticals."""
        self._marks = list(marks)
        self._later()

    @property
    def smoothing(self) -> float:
        """Share of the past kept by the running mean, 0–0.99."""
        return self._model.smoothing

    def set_smoothing(self, weight: float) -> None:
        """Smooth more or less; 0 shows the raw values only."""
        self._model.set_smoothing(weight)
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
            self._set_range(self._model.span())

    def fit(self) -> None:
        """See all steps."""
        self._set_range(None)

    def set_x_range(self, x0: float, x1: float) -> None:
        """Look at the steps ``x0``–``x1``."""
        self._set_range((min(x0, x1), max(x0, x1)))

    @property
    def x_range(self) -> tuple[float, float]:
        """The steps in view."""
        return self._x_range or self._model.span()

    def _set_range(self, span: tuple[float, float] | None) -> None:
        before = self.follow
        self._x_range = span
        self._later(now=True)
        self.view_changed.emit(*self.x_range)
        if before != self.follow:
            self.follow_changed.emit(self.follow)

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

    def _refresh(self) -> None:
        self._layer = None
        self.update()

    def _prepare(self, size: QSize, ratio: float = 1.0) -> tuple[View, QRectF, list[Curve]]:
        """The view, the plane's rectangle and the thinned curves for a size."""
        theme = current_theme()
        x0, x1 = self.x_range
        curves = self._model.curves(x0, x1, round(max(size.width(), 50) * ratio), theme)
        arrays = [part for curve in curves for part in (curve.mean.low, curve.mean.high)]
        for curve in curves:
            if curve.raw is not None and len(curve.raw.x) >= 20:
                both = np.concatenate((curve.raw.low, curve.raw.high))
                known = both[np.isfinite(both)]
                if len(known):
                    arrays.append(np.percentile(known, [3, 97]))
        lo, hi = value_range(arrays, self._log)
        if not self._log:
            lo = lo if self._y_limits[0] is None else self._y_limits[0]
            hi = hi if self._y_limits[1] is None else self._y_limits[1]
        view = View(x0, x1, lo, hi if hi > lo else lo + 1.0, self._log)
        right = max([label_width(curve.label) for curve in curves] + [0.0]) + 14
        if self._x_label:
            right = max(right, text_width(self._x_label, ui_font(TICK)) + 12)
        right = float(round(min(right, size.width() * 0.35)))
        top = 16.0 if self._marks else 6.0
        left = float(round(left_margin(view)))
        rect = QRectF(left, top, size.width() - left - right, size.height() - top - 22)
        return view, rect, curves

    def paint_on(
        self, painter: QPainter, size: QSize, *, vector: bool = False
    ) -> tuple[View, QRectF]:
        """Draw the plot, without crosshair, on any painter; gives the view and the plane."""
        smooth(painter)
        theme = current_theme()
        view, rect, curves = self._prepare(size, device_ratio(painter))
        if not curves and self._empty:
            paint_empty(painter, QRectF(0, 0, size.width(), size.height()), self._empty, theme)
            return view, rect
        paint_grid(painter, rect, view, theme, self._x_label)
        paint_marks(painter, rect, view, self._marks, theme)
        paint_curves(painter, rect, view, curves, vector=vector)
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
                label, color = self._model.label, self._model.color
                cells = [
                    (label(n), format_number(v, 4), color(n, theme), view.py(rect, m))
                    for n, v, m in rows
                ]
                paint_readout(painter, rect, view.px(rect, step), title, cells, theme)

    def readout(self, at: float) -> tuple[float, list[tuple[str, float, float]]]:
        """The step nearest ``at`` and every visible curve's (name, value, mean) there."""
        return self._model.readout(at)

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

    def plane(self) -> tuple[View, QRectF]:
        """The view and the plane's rectangle, as last drawn."""
        if self._layer_view is None:
            view, rect, _ = self._prepare(self.size())
            self._layer_view = (view, rect)
        return self._layer_view
