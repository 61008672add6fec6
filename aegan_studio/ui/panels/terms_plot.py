"""A loss plot that also holds measurements on held-out data: dots on a line, never smoothed."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import current_theme, mix
from aegan_studio.ui.widgets.painting import disc
from aegan_studio.ui.widgets.plot_axes import View
from aegan_studio.ui.widgets.plot_paint import Curve, label_width
from aegan_studio.ui.widgets.plots import LossPlot

Points = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
_DOT = 2.25
_MOST_DOTS = 40
"""With more measurements in view the line alone is drawn: dots would run together."""


class TermsPlot(LossPlot):
    """Curves of training, and beside them the same terms on held-out data."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._held_out: dict[str, Points] = {}

    @property
    def held_out(self) -> Mapping[str, Points]:
        """Measurements on held-out data: name to steps and values."""
        return dict(self._held_out)

    def set_held_out(
        self, points: Mapping[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]]
    ) -> None:
        """Replace all measurements; those whose name is no visible curve wait unseen."""
        self._held_out = {
            name: (np.asarray(steps, np.float64), np.asarray(values, np.float64))
            for name, (steps, values) in points.items()
        }
        self._later()

    def clear(self) -> None:
        """Forget these too."""
        self._held_out = {}
        super().clear()

    def _shown(self) -> dict[str, Points]:
        return {
            name: points
            for name, points in self._held_out.items()
            if name in self.visible_names and len(points[0])
        }

    def _held_out_color(self, name: str) -> str:
        theme = current_theme()
        return mix(self._color(name, theme), theme.text, 0.45).name()

    def _prepare(self, size: QSize) -> tuple[View, QRectF, list[Curve]]:
        """The plot with room for the measurements, their lines behind the curves."""
        view, rect, curves = super()._prepare(size)
        shown = self._shown()
        if not shown or not curves:
            return view, rect, curves
        label = tr("held out")
        known = max(label_width(curve.label) for curve in curves)
        more = max(label_width(label) - known, 0.0)
        rect = rect.adjusted(0, 0, -min(more, rect.width() / 4), 0)
        lines = []
        low, high = view.y0, view.y1
        for name, (steps, values) in shown.items():
            inside = (steps >= view.x0) & (steps <= view.x1) & np.isfinite(values)
            seen = values[inside]
            if view.log:
                seen = np.log10(seen[seen > 0])
            if len(seen):
                margin = 0.04 * (high - low)
                low, high = min(low, seen.min() - margin), max(high, seen.max() + margin)
            around = slice(*_around(steps, view))
            color = self._held_out_color(name)
            lines.append(Curve(name, label, color, None, (steps[around], values[around])))
        return replace(view, y0=float(low), y1=float(high)), rect, [*lines, *curves]

    def paint_on(self, painter: QPainter, size: QSize) -> tuple[View, QRectF]:
        """The plot, and a dot for each measurement in view."""
        view, rect = super().paint_on(painter, size)
        ground = current_theme().surface
        for name, (steps, values) in self._shown().items():
            inside = (steps >= view.x0) & (steps <= view.x1) & np.isfinite(values)
            if not 0 < inside.sum() <= _MOST_DOTS:
                continue
            color = self._held_out_color(name)
            for spot_x, spot_y in zip(
                *view.pixels(rect, steps[inside], values[inside]), strict=True
            ):
                if np.isfinite(spot_y):
                    centre = QRectF(spot_x, spot_y, 0, 0).center()
                    disc(painter, centre, _DOT + 1.25, ground)
                    disc(painter, centre, _DOT, color)
        return view, rect

    def readout(self, at: float) -> tuple[float, list[tuple[str, float, float]]]:
        """The curves' values near ``at``; the last measurement before it follows its term."""
        step, rows = super().readout(at)
        shown = self._shown()
        result = []
        for row in rows:
            result.append(row)
            if row[0] in shown:
                steps, values = shown[row[0]]
                index = int(np.searchsorted(steps, step, side="right")) - 1
                if index >= 0:
                    value = float(values[index])
                    result.append((held_out_name(row[0]), value, value))
        return step, result

    def _color(self, name: str, theme: Any) -> str:
        term = _term_of(name)
        return super()._color(name, theme) if term is None else self._held_out_color(term)

    def _label(self, name: str) -> str:
        term = _term_of(name)
        return super()._label(name) if term is None else tr("held out")

    def export_csv(self, path: Path) -> None:
        """Every point of the visible curves, then each measurement in a column of its own."""
        super().export_csv(path)
        shown = self._shown()
        if not shown:
            return
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = list(csv.reader(file))
        by_step = {float(row[0]): row[1:] for row in rows}
        blank = [""] * (len(header) - 1)
        extra: dict[float, dict[str, str]] = {}
        for name, (steps, values) in shown.items():
            for step, value in zip(steps.tolist(), values.tolist(), strict=True):
                extra.setdefault(step, {})[name] = "" if value != value else repr(value)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([*header, *(held_out_name(name) for name in shown)])
            for step in sorted({*by_step, *extra}):
                measured = extra.get(step, {})
                first = int(step) if step == int(step) else step
                more = [measured.get(name, "") for name in shown]
                writer.writerow([first, *by_step.get(step, blank), *more])


_SUFFIX = " (held out)"


def held_out_name(term: str) -> str:
    """The column of a term's measurements on held-out data."""
    return term + _SUFFIX


def _term_of(name: str) -> str | None:
    return name.removesuffix(_SUFFIX) if name.endswith(_SUFFIX) else None


def _around(steps: npt.NDArray[np.float64], view: View) -> tuple[int, int]:
    """The measurements in view and one beyond each end, so that lines run out of the plot."""
    first = int(np.searchsorted(steps, view.x0, side="left"))
    last = int(np.searchsorted(steps, view.x1, side="right"))
    return max(first - 1, 0), last + 1
