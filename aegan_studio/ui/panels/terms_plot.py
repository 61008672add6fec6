"""A loss plot that also holds measurements on held-out data: dots on a line, never smoothed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import Theme, current_theme, mix
from aegan_studio.ui.widgets.painting import disc
from aegan_studio.ui.widgets.plot_axes import View
from aegan_studio.ui.widgets.plot_model import PlotModel
from aegan_studio.ui.widgets.plot_paint import Curve
from aegan_studio.ui.widgets.plots import LossPlot

_DOT = 2.25
_MOST_DOTS = 40
"""With more measurements in view the line alone is drawn: dots would run together."""

_SUFFIX = " (held out)"


def held_out_name(term: str) -> str:
    """The name of a term's curve, and of its column, on held-out data."""
    return term + _SUFFIX


class TermsModel(PlotModel):
    """Curves of training, and those of the same terms on held-out data, which stay raw."""

    def __init__(self, smoothing: float) -> None:
        super().__init__(smoothing)
        self.held_out = PlotModel(0.0)

    def set_held_out(self, points: Mapping[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]]) -> None:
        """Replace all measurements, by term."""
        self.held_out.clear()
        for term, (steps, values) in points.items():
            x, y = np.asarray(steps, np.float64), np.asarray(values, np.float64)
            self.held_out.replace(held_out_name(term), x, y)

    def measured(self) -> dict[str, str]:
        """The measured curves whose term is drawn, and the term of each."""
        return {
            held_out_name(term): term
            for term in self.visible_names
            if held_out_name(term) in self.held_out.names
        }

    def clear(self) -> None:
        """Forget these too."""
        super().clear()
        self.held_out.clear()

    def label(self, name: str) -> str:
        """The measured curves are called what they are."""
        return tr("held out") if name in self.measured() else super().label(name)

    def color(self, name: str, theme: Theme) -> str:
        """A measured curve wears its term's colour, paler."""
        term = self.measured().get(name)
        if term is None:
            return super().color(name, theme)
        return mix(super().color(term, theme), theme.text, 0.5).name()

    def curves(self, x0: float, x1: float, pixels: int, theme: Theme) -> list[Curve]:
        """The measured curves behind, those of training over them."""
        self.held_out.shown = frozenset(self.measured())
        behind = [
            Curve(
                curve.name, self.label(curve.name), self.color(curve.name, theme), None, curve.mean
            )
            for curve in self.held_out.curves(x0, x1, pixels, theme)
        ]
        return [*behind, *super().curves(x0, x1, pixels, theme)]

    def readout(self, at: float) -> tuple[float, list[tuple[str, float, float]]]:
        """The curves' values near ``at``; the last measurement until then follows its term."""
        step, rows = super().readout(at)
        result = []
        for row in rows:
            result.append(row)
            name = held_out_name(row[0])
            if name in self.measured():
                series = self.held_out.series(name)
                index = int(np.searchsorted(series.x, step, side="right")) - 1
                if index >= 0:
                    value = float(series.y[index])
                    result.append((name, value, value))
        return step, result

    def write_csv(self, path: Path, x_label: str) -> None:
        """Every point of the drawn curves, then each measured one in a column of its own."""
        sheet = PlotModel(0.0)
        for name in self.visible_names:
            sheet.replace(name, self.series(name).x, self.series(name).y)
        for name in self.measured():
            sheet.replace(name, self.held_out.series(name).x, self.held_out.series(name).y)
        sheet.write_csv(path, x_label)


class TermsPlot(LossPlot):
    """Losses of training, and beside them the same terms on held-out data."""

    def __init__(self, *, smoothing: float = 0.9, **options: Any) -> None:
        super().__init__(smoothing=smoothing, **options)
        self._terms = self._model = TermsModel(smoothing)

    @property
    def held_out(self) -> tuple[str, ...]:
        """The terms whose measurements on held-out data are drawn."""
        return tuple(self._terms.measured().values())

    def set_held_out(self, points: Mapping[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]]) -> None:
        """Replace all measurements; those whose name is no visible curve wait unseen.

        Parameters
        ----------
        points : mapping
            Term to steps (n,) and values (n,).
        """
        self._terms.set_held_out(points)
        self._later()

    def paint_on(self, painter: QPainter, size: QSize) -> tuple[View, QRectF]:
        """The plot, and a dot for each measurement in view."""
        view, rect = super().paint_on(painter, size)
        theme = current_theme()
        for name in self._terms.measured():
            series = self._terms.held_out.series(name)
            inside = (series.x >= view.x0) & (series.x <= view.x1)
            if not 0 < inside.sum() <= _MOST_DOTS:
                continue
            color = self._terms.color(name, theme)
            across, down = view.pixels(rect, series.x[inside], series.y[inside])
            for x, y in zip(across.tolist(), down.tolist(), strict=True):
                if y == y and rect.top() - 2 <= y <= rect.bottom() + 2:
                    disc(painter, QPointF(x, y), _DOT + 1.25, theme.surface)
                    disc(painter, QPointF(x, y), _DOT, color)
        return view, rect
