"""A plot of figures of every step, smoothed, and of others as the points that they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from aegan_studio.ui.panels.train.plots.marks import marks_of
from aegan_studio.ui.panels.train.plots.terms import TermsModel
from aegan_studio.ui.panels.train.views.metric_figures import (
    COLUMN,
    Floats,
    Places,
    Recorded,
    colours_of,
    points_of,
)
from aegan_studio.ui.theme import Theme
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.plot_data import Series
from aegan_studio.ui.widgets.plot_model import Curve
from aegan_studio.ui.widgets.plots import LossPlot


class MetricModel(TermsModel):
    """Curves of which some are points now and then, which are never smoothed."""

    def __init__(self, smoothing: float) -> None:
        super().__init__(smoothing)
        self.plain: frozenset[str] = frozenset()

    def replace(self, name: str, x: Floats, y: Floats) -> None:
        """Replace one curve, in its place."""
        series = Series(0.0 if name in self.plain else self.smoothing)
        series.append(x, y)
        self._series[name] = series

    def set_smoothing(self, weight: float) -> None:
        """Compute means anew; points stay as they are."""
        super().set_smoothing(weight)
        for name in self.plain & set(self._series):
            self._series[name].set_smoothing(0.0)

    def curves(self, x0: float, x1: float, pixels: int, theme: Theme) -> list[Curve]:
        """Points are marked by dots."""
        return [
            replace(curve, raw=None, dots=True) if curve.name in self.plain else curve
            for curve in super().curves(x0, x1, pixels, theme)
        ]


class MetricPlot(LossPlot):
    """Any recorded figures on one axis."""

    def __init__(self, *, smoothing: float, **options: Any) -> None:
        super().__init__(smoothing=smoothing, **options)
        self._metrics = self._model = MetricModel(smoothing)

    def set_plain(self, names: Iterable[str]) -> None:
        """Which curves are points now and then."""
        self._metrics.plain = frozenset(names)


class Feed:
    """Brings the plot up to date with the history, adding only what is new."""

    def __init__(self, plot: MetricPlot, session: Session) -> None:
        self._plot = plot
        self._session = session
        self._figures: tuple[Recorded, ...] = ()
        self.places = Places("step", session)
        self._known, self._last, self._end = 0, 0, -np.inf
        self._version = -1

    def restart(self, figures: Sequence[Recorded], places: Places) -> None:
        """Begin afresh with these figures on this axis."""
        self._figures, self.places = tuple(figures), places
        self._known, self._last, self._end = 0, 0, -np.inf
        self._version = -1
        self._plot.clear()
        self._plot.set_plain(figure.name for figure in figures if not figure.every_step)
        self._plot.set_x_label(places.unit)
        self._plot.set_labels({figure.name: figure.short for figure in figures})
        self._plot.set_colours(colours_of(figures))

    def catch_up(self) -> None:
        """Add what came since the last time."""
        history = self._session.history
        if history.version == self._version:
            return
        self._version = history.version
        gone = self._known > len(history) or (
            self._known > 0 and int(history.steps[self._known - 1]) != self._last
        )
        if gone or self.places.outgrown:
            # the run went back to an earlier instant, or the axis counts otherwise by now
            self.restart(self._figures, Places(self.places.axis, self._session))
            self._version = history.version
        self._add_steps()
        for figure in self._figures:
            if not figure.every_step:
                x, y = self._placed(*points_of(history, figure.name))
                self._plot.set_data(figure.name, x, y)

    def _add_steps(self) -> None:
        history = self._session.history
        names = [
            figure.name
            for figure in self._figures
            if figure.every_step and figure.name.removeprefix(COLUMN) in history.columns
        ]
        fresh = slice(self._known, len(history))
        if fresh.start == fresh.stop:
            return
        self._known, self._last = len(history), history.last_step
        if not names:
            return
        columns = [history.values(name.removeprefix(COLUMN))[fresh] for name in names]
        x, y = self._placed(history.steps[fresh], np.stack(columns, axis=1))
        if len(x):
            # the latest times are estimates until the next record: a curve never turns back
            x = np.maximum.accumulate(np.maximum(x, self._end))
            self._end = float(x[-1])
            self._plot.append(x, y, names)

    def _placed(
        self, steps: npt.NDArray[Any], values: npt.NDArray[Any]
    ) -> tuple[Floats, npt.NDArray[Any]]:
        """Places and values of the steps that have a place on the axis."""
        x = self.places.of(steps)
        there = np.isfinite(x)
        return x[there], values[there]

    def show_marks(self) -> None:
        """Live changes of options stand where they took effect."""
        marks = marks_of(self._session.experiment, self._session.history.changes)
        x = self.places.of(np.array([mark.step for mark in marks]))
        self._plot.set_marks(
            [
                replace(mark, step=float(place))
                for mark, place in zip(marks, x, strict=True)
                if np.isfinite(place)
            ]
        )
