"""The curves of a plot: their numbers, names and colours, and what a view of them needs."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

from aegan_studio.ui.theme import Theme
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.plot_data import Band, Floats, Series


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a step: a recipe change, a finding or a checkpoint.

    ``tone`` is the theme's token of its colour where it is not the kind's own. A click on a mark
    that is ``about`` something leads there.
    """

    step: float
    kind: Literal["change", "finding", "checkpoint"] = "change"
    text: str = ""
    tone: str = ""
    about: str = ""

    @property
    def said(self) -> str:
        """Its step and its words, for a tool tip."""
        return f"{format_number(int(self.step))}  {self.text}" if self.text else ""

    def color(self, theme: Theme) -> QColor:
        """What it is painted in."""
        own = {"change": "accent", "finding": "warning", "checkpoint": "text3"}[self.kind]
        return theme.color(self.tone or own)


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve, thinned for the view and ready to draw.

    ``dots`` mark its single points; the line of one that is ``dashed`` is told from others
    without its colour.
    """

    name: str
    label: str
    color: str
    raw: Band | None
    mean: Band
    dots: bool = False
    dashed: bool = False

    @property
    def end(self) -> float:
        """The last finite value in view; NaN where there is none."""
        middle = (self.mean.low + self.mean.high) / 2
        known = middle[np.isfinite(middle)]
        return float(known[-1]) if len(known) else math.nan


class PlotModel:
    """Named series with labels, colours and visibility."""

    def __init__(self, smoothing: float) -> None:
        self.smoothing = smoothing
        self.labels: dict[str, str] = {}
        self.colours: dict[str, str] = {}
        self.shown: frozenset[str] | None = None
        self.dashed: frozenset[str] = frozenset()
        self.dotted: frozenset[str] = frozenset()
        self._series: dict[str, Series] = {}

    def append(
        self,
        steps: npt.NDArray[np.generic],
        values: npt.NDArray[np.generic],
        names: Sequence[str],
    ) -> None:
        """Add points: ``steps (n,)``, ``values (n, k)``, ``k`` names."""
        x = np.asarray(steps, dtype=np.float64)
        y = np.asarray(values, dtype=np.float64).reshape(len(x), len(names))
        for column, name in enumerate(names):
            if name not in self._series:
                self._series[name] = Series(self.smoothing)
            self._series[name].append(x, y[:, column])

    def replace(self, name: str, x: Floats, y: Floats) -> None:
        """Replace one curve, in its place."""
        series = Series(self.smoothing)
        series.append(x, y)
        self._series[name] = series

    def clear(self) -> None:
        """Forget all curves."""
        self._series.clear()

    def set_smoothing(self, weight: float) -> None:
        """Compute all means anew; ``weight`` in 0–0.99."""
        self.smoothing = min(max(weight, 0.0), 0.99)
        for series in self._series.values():
            series.set_smoothing(self.smoothing)

    @property
    def names(self) -> tuple[str, ...]:
        """All curves, in the order they came."""
        return tuple(self._series)

    @property
    def visible_names(self) -> tuple[str, ...]:
        """The curves that are drawn."""
        shown = self.shown
        return tuple(name for name in self._series if shown is None or name in shown)

    def series(self, name: str) -> Series:
        """One curve."""
        return self._series[name]

    def span(self) -> tuple[float, float]:
        """From the first to the last step of what is drawn."""
        ends = [(s.x[0], s.x[-1]) for n in self.visible_names if len(s := self._series[n])]
        if not ends:
            return 0.0, 100.0
        lo, hi = float(min(e[0] for e in ends)), float(max(e[1] for e in ends))
        return (lo, hi) if hi > lo else (lo, lo + 1.0)

    def label(self, name: str) -> str:
        """What stands at a curve's end."""
        return self.labels.get(name, name)

    def color(self, name: str, theme: Theme) -> str:
        """A curve's colour: as set, or its role's, or the next of the palette."""
        wish = self.colours.get(name, name)
        if wish.startswith("#"):
            return wish
        role = theme.role(wish)
        if role != theme.text or wish == "text":
            return role
        token = getattr(theme, wish, None)
        if isinstance(token, str) and token.startswith("#"):
            return token
        return theme.curve_color(list(self._series).index(name))

    def curves(self, x0: float, x1: float, pixels: int, theme: Theme) -> list[Curve]:
        """Everything drawn between two steps, thinned to so many columns."""
        curves = []
        for name in self.visible_names:
            series = self._series[name]
            if not len(series):
                continue
            raw = None
            if self.smoothing > 0:
                raw = series.thinned(x0, x1, pixels, mean=False)
            mean = series.thinned(x0, x1, pixels, mean=True)
            label, color = self.label(name), self.color(name, theme)
            dots, dashed = name in self.dotted, name in self.dashed
            curves.append(Curve(name, label, color, raw, mean, dots, dashed))
        return curves

    def readout(self, at: float) -> tuple[float, list[tuple[str, float, float]]]:
        """The step nearest ``at`` and every drawn curve's (name, value, mean) there."""
        steps = [
            float(s.x[_nearest(s.x, at)]) for n in self.visible_names if len(s := self._series[n])
        ]
        if not steps:
            return at, []
        step = min(steps, key=lambda x: abs(x - at))
        rows = []
        for name in self.visible_names:
            series = self._series[name]
            if len(series):
                index = _nearest(series.x, step)
                rows.append((name, float(series.y[index]), float(series.mean[index])))
        return step, rows

    def write_csv(self, path: Path, x_label: str) -> None:
        """Write every point of the drawn curves, raw and exact: step, then a column each."""
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
            writer.writerow([x_label or "x", *names])
            for step, *values in zip(steps.tolist(), *columns, strict=True):
                whole = int(step) if step == int(step) else step
                writer.writerow([whole, *("" if v != v else repr(v) for v in values)])


def _nearest(x: Floats, at: float) -> int:
    index = int(np.searchsorted(x, at))
    if index == 0:
        return 0
    if index >= len(x):
        return len(x) - 1
    return index if x[index] - at < at - x[index - 1] else index - 1
