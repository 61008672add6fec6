"""A loss plot that also holds measurements on held-out data: dots on a line, never smoothed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import Theme, mix
from aegan_studio.ui.widgets.plot_model import Curve, PlotModel
from aegan_studio.ui.widgets.plots import LossPlot

_SUFFIX = " (held out)"


def held_out_name(term: str) -> str:
    """The name of a term's curve, and of its column, on held-out data."""
    return term + _SUFFIX


class TermsModel(PlotModel):
    """Curves of training, and those of the same terms on held-out data, which stay raw.

    What is measured only now and then keeps its last value in between, so that the running mean
    of all curves reaches equally far back; files hold the measured points alone.
    """

    def __init__(self, smoothing: float) -> None:
        super().__init__(smoothing)
        self.held_out = PlotModel(0.0)
        self._sparse = PlotModel(0.0)

    def append(
        self,
        steps: npt.NDArray[np.generic],
        values: npt.NDArray[np.generic],
        names: Sequence[str],
    ) -> None:
        """Add points: ``steps (n,)``, ``values (n, k)`` with NaN where there was no measurement."""
        filled = np.array(values, np.float64).reshape(len(steps), len(names))
        for column, name in enumerate(names):
            known = np.isfinite(filled[:, column])
            if known.all() and name not in self._sparse.names:
                continue
            self._sparse.append(steps[known], filled[known, column], [name])
            before = self.series(name).y[-1:] if name in self.names else filled[:0, column]
            filled[:, column] = _carried_on(filled[:, column], before)
        super().append(steps, filled, names)

    def set_held_out(self, points: Mapping[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]]) -> None:
        """Replace all measurements, by term."""
        self.held_out.clear()
        for term, (steps, values) in points.items():
            if len(steps):
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
        self._sparse.clear()

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
            replace(
                curve,
                label=self.label(curve.name),
                color=self.color(curve.name, theme),
                raw=None,
                dots=True,
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
            series = (self._sparse if name in self._sparse.names else self).series(name)
            sheet.replace(name, series.x, series.y)
        for name in self.measured():
            sheet.replace(name, self.held_out.series(name).x, self.held_out.series(name).y)
        sheet.write_csv(path, x_label)


def _carried_on(
    values: npt.NDArray[np.float64], before: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Values (n,) with each gap filled by the last known one; ``before`` holds it, or nothing."""
    joined = np.concatenate((before, values))
    index = np.where(np.isfinite(joined), np.arange(len(joined)), -1)
    last = np.maximum.accumulate(index)
    filled = np.where(last >= 0, joined[last], np.nan)
    return filled[len(before) :]


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
