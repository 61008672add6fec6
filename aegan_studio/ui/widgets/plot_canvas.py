"""What a plot shows: its data, its view and its pyqtgraph items, without a pointer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
)
from PySide6.QtWidgets import (
    QGraphicsGridLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import Theme, current_theme, on_theme
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.plot_axes import value_range
from aegan_studio.ui.widgets.plot_data import Band, Floats
from aegan_studio.ui.widgets.plot_items import (
    Curves,
    EndNames,
    MarkRow,
    Readout,
    StepAxis,
    StepBox,
    ValueAxis,
    label_width,
    tick_width,
)
from aegan_studio.ui.widgets.plot_model import Curve, Mark, PlotModel

FRAME_MS = 33
MOST_DOTS = 40
"""With more measurements in view the line alone is drawn: dots would run together."""


class PlotCanvas(QWidget):
    """Curves over training steps, drawn by pyqtgraph; see :class:`LossPlot`.

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
        self._log, self._x_label, self._empty, self._follow = log, x_label, empty, follow
        self._stale = True
        self._x_range: tuple[float, float] | None = None
        self._y_limits: tuple[float | None, float | None] = (None, None)
        self._cursor: float | None = None
        self._view: Any = pg.GraphicsView(self, background=None)
        self._box = StepBox()
        self._values, self._steps = ValueAxis(self._box), StepAxis(self._box, x_label)
        self._names, self._mark_row = EndNames(), MarkRow(self._box)
        self._dots: Any = pg.ScatterPlotItem(pxMode=True, antialias=True)
        self._box.addItem(self._dots, ignoreBounds=True)
        self._curves, self._readout = Curves(self._box), Readout(self._box)
        self._moment: Any = pg.InfiniteLine(angle=90)
        self._moment.hide()
        self._box.addItem(self._moment, ignoreBounds=True)
        self._lay_out()
        self._late = QTimer(self, interval=FRAME_MS, singleShot=True)
        self._late.timeout.connect(self._refresh)
        self._view.sceneObj.sigPrepareForPaint.connect(self._catch_up)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)
        self.setAccessibleName(name or tr("Plot"))
        self._mark_row.show_marks(())
        on_theme(self._retint)

    def _lay_out(self) -> None:
        view = self._view
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        view.setCacheMode(view.CacheModeFlag.CacheNone)
        view.viewport().setAutoFillBackground(False)
        sheet = QGraphicsGridLayout()
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(0)
        for item, row, column in (
            (self._mark_row, 0, 1),
            (self._values, 1, 0),
            (self._box, 1, 1),
            (self._names, 1, 2),
            (self._steps, 2, 1),
        ):
            sheet.addItem(item, row, column)
        view.centralWidget.setLayout(sheet)
        self._sheet = sheet
        frame = QVBoxLayout(self)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.addWidget(view)

    # Data

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
        self._x_range = None
        self.set_marks(())

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

    def readout(self, at: float) -> tuple[float, list[tuple[str, float, float]]]:
        """The step nearest ``at`` and every visible curve's (name, value, mean) there."""
        return self._model.readout(at)

    # Looks

    def set_visible_names(self, names: Iterable[str] | None) -> None:
        """Draw these curves only; None draws all."""
        self._model.shown = None if names is None else frozenset(names)
        self._later()

    def set_colours(self, colours: Mapping[str, str]) -> None:
        """Colours by curve: a token of the theme, a role such as ``rec-x``, or ``#RRGGBB``."""
        self._model.colours.update(colours)
        self._later()

    def set_dashed(self, names: Iterable[str]) -> None:
        """Draw these curves as dashes."""
        self._model.dashed = frozenset(names)
        self._later()

    def set_dotted(self, names: Iterable[str]) -> None:
        """Mark the single points of these curves, as long as they are few."""
        self._model.dotted = frozenset(names)
        self._later()

    def set_labels(self, labels: Mapping[str, str]) -> None:
        """What stands at a line's end instead of its name; between ``$``, mathematics."""
        self._model.labels.update(labels)
        self._later()

    def set_x_label(self, label: str) -> None:
        """What the horizontal axis counts, written after its last tick."""
        self._x_label = label
        self._steps.set_unit(label)
        self._later()

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """Replace the dotted verticals."""
        fresh = list(marks)
        if fresh == self._marks:
            return
        self._marks = fresh
        self._mark_row.show_marks(self._marks)
        self._later()

    def set_moment(self, step: float | None) -> None:
        """Draw a line at the step that is looked at; ``None``: at none."""
        self._moment.setVisible(step is not None)
        if step is not None:
            self._moment.setValue(step)
        self._later()

    @property
    def moment(self) -> float | None:
        """The step at which a line is drawn."""
        return float(self._moment.value()) if self._moment.isVisible() else None

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

    # The steps in view

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

    def pixel_of(self, step: float, value: float) -> QPointF:
        """Where a step and a value lie in the widget."""
        self._catch_up()
        place = np.log10(value) if self._log else value
        return QPointF(self._box.mapViewToScene(QPointF(step, place)))

    @property
    def surface(self) -> QWidget:
        """What takes the pointer's events."""
        widget: QWidget = self._view.viewport()
        return widget

    def _set_range(self, span: tuple[float, float] | None) -> None:
        before = self.follow
        self._x_range = span
        self._later(now=True)
        self.view_changed.emit(*self.x_range)
        if before != self.follow:
            self.follow_changed.emit(self.follow)

    def _on_moved(self, _mask: object = None) -> None:
        """The pointer moved the plane; what shows everything follows again."""
        (x0, x1), (lo, hi) = self._box.viewRange()[0], self._model.span()
        self._set_range(None if x0 <= lo and x1 >= hi else (x0, x1))

    # Drawing

    def _retint(self, theme: Theme) -> None:
        for part in (self._values, self._steps, self._mark_row):
            part.retint(theme)
        self._moment.setPen(pg.mkPen(theme.accent, width=1.5))
        self._box.rbScaleBox.setPen(pg.mkPen(None))
        self._box.rbScaleBox.setBrush(theme.color("accent", 0.16))
        self._later(now=True)

    def _later(self, *, now: bool = False) -> None:
        """Draw anew soon: at the next frame, or at once for what a person did."""
        self._stale = True
        if not self.isVisible():
            return
        if now:
            self._refresh()
        elif not self._late.isActive():
            self._late.start()

    def _catch_up(self) -> None:
        if self._stale:
            self._refresh()

    def _refresh(self) -> None:
        """Bring every item up to date with the model and the view."""
        self._stale = False
        theme, (x0, x1) = current_theme(), self.x_range
        ratio = self.devicePixelRatioF()
        curves = self._model.curves(x0, x1, round(max(self.width(), 50) * ratio), theme)
        self._values.log = self._log
        lo, hi = self._value_span(curves)
        self._values.fit_width(lo, hi)
        right = max([label_width(curve.label) for curve in curves] + [0.0]) + 14
        if self._x_label:
            right = max(right, tick_width(self._x_label) + 12)
        ends = [(c.label, c.color, (self._place(c.end) - lo) / (hi - lo)) for c in curves]
        ends = [end for end in ends if np.isfinite(end[2])]
        self._names.show_rows(ends, round(min(right, self.width() * 0.35)))
        self._sheet.activate()
        for axis in (self._values, self._steps):
            axis.setVisible(bool(curves) or not self._empty)
        self._box.setRange(xRange=(x0, x1), yRange=(lo, hi), padding=0.0)
        self._box.updateMatrix()
        self._show_curves(curves)
        self._mark_row.update()
        self._show_readout()
        self._view.viewport().update()

    def _value_span(self, curves: Sequence[Curve]) -> tuple[float, float]:
        """The ends of the value axis: means in full, of raw values all but the rare."""
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
        return lo, hi if hi > lo else lo + 1.0

    def _place(self, value: float) -> float:
        if not self._log:
            return value
        return float(np.log10(value)) if value > 0 else np.nan

    def _placed(self, band: Band) -> Band:
        """Values as places of the plane: themselves, or powers of ten; NaN where there is none."""
        if not self._log:
            return band
        low, high = (
            np.log10(part, where=part > 0, out=np.full(len(part), np.nan))
            for part in (band.low, band.high)
        )
        return Band(band.x, low, high if band.thinned else low)

    def _show_curves(self, curves: Sequence[Curve]) -> None:
        raw = [(c.raw, c.color, 0.25, 1.0, False) for c in curves if c.raw is not None]
        means = [(c.mean, c.color, 1.0, 1.75, c.dashed) for c in curves]
        bands = []
        for band, tint, alpha, width, dashed in raw + means:
            color = QColor(tint)
            color.setAlphaF(alpha)
            bands.append((self._placed(band), color, width, dashed))
        self._curves.show_bands(bands)
        x0, x1 = self.x_range
        spots = []
        for curve in curves:
            x, y = curve.mean.x, curve.mean.low
            inside = np.flatnonzero((x >= x0) & (x <= x1)) if curve.dots else ()
            if len(inside) <= MOST_DOTS:
                spots += [{"pos": (x[i], self._place(y[i])), "brush": curve.color} for i in inside]
        ring = pg.mkPen(current_theme().surface, width=1.25)
        self._dots.setData(spots, size=5.75, pen=ring)

    def _show_readout(self) -> None:
        rows: list[tuple[str, float, float]] = []
        if self._cursor is not None and self.visible_names:
            step, rows = self.readout(self._cursor)
        if not rows:
            known = any(len(self._model.series(name)) for name in self.visible_names)
            self._readout.show_rows(0.0, "" if known else self._empty, ())
            return
        theme, model = current_theme(), self._model
        cells = [
            (model.label(n), format_number(v, 4), model.color(n, theme), self._place(m))
            for n, v, m in rows
        ]
        place = format_number(int(step)) if step == int(step) else format_number(step, 4)
        title = f"{self._x_label} {place}".strip()
        self._readout.show_rows(step, title, cells)

    def event(self, event: QEvent) -> bool:
        """Another size or a first sight asks for another view of the data."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._stale = True
        return super().event(event)

    def sizeHint(self) -> QSize:
        """A plot of 360 × 180 px."""
        return QSize(360, 180)
