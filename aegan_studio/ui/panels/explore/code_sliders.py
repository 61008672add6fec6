"""A slider for each value of the current code."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.messages import Message
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Charted, Floats, Loaded
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.sliders import LabelledSlider

MOST = 64
"""Sliders shown at once; of longer codes those whose values vary most."""


class AxesPage(Page):
    """The code's values as sliders: dragged, reset by a double click, locked."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(14, 0, 6, 10), parent=parent)
        self._explorer = explorer
        self._drag = 0
        self._names: tuple[Message | str, ...] = ()
        self._ranges: tuple[Floats, Floats] | None = None
        self.sliders: dict[int, LabelledSlider] = {}
        self._rows = QWidget()
        self._rows.setObjectName("scrolled")
        self._column = QVBoxLayout(self._rows)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(10)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._rows)
        self._area = area
        self._note = Label("", tone="text3", wrap=True)
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.add(area, 1)
        self.add(self._note)
        self._note.hide()
        explorer.loaded.connect(self._on_loaded)
        explorer.charted.connect(self._on_chart)
        explorer.code_changed.connect(self._show)

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self._clear()
            return
        if model.names != self._names:
            self._clear()
            self._names = model.names

    def _clear(self) -> None:
        self.sliders.clear()
        self._ranges = None
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _on_chart(self, chart: Charted) -> None:
        if self._ranges is not None and not _outgrown(self._ranges, chart):
            return
        shown = self._chosen(chart)
        if tuple(self.sliders) == shown and self._ranges is not None:
            self._widen(chart)
        else:
            self._build(chart, shown)
        self._ranges = (chart.low, chart.high)
        if self._explorer.code.size:
            self._show(self._explorer.code)

    def _chosen(self, chart: Charted) -> tuple[int, ...]:
        count = len(chart.low)
        if count <= MOST:
            return tuple(range(count))
        if self.sliders:  # the choice stays while training goes on: sliders must not jump about
            return tuple(self.sliders)
        spread = np.asarray(chart.codes).std(axis=0)
        return tuple(sorted(int(index) for index in np.argsort(-spread, kind="stable")[:MOST]))

    def _build(self, chart: Charted, shown: tuple[int, ...]) -> None:
        self._clear()
        count = len(chart.low)
        names = [tr(name) if isinstance(name, Message) else name for name in self._names]
        for index in shown:
            low, high = round_range(float(chart.low[index]), float(chart.high[index]))
            slider = LabelledSlider(
                names[index],
                lo=low,
                hi=high,
                neutral=(low + high) / 2,
                step=10.0 ** math.floor(math.log10((high - low) / 20)),
                lockable=True,
                tooltip=tr(
                    "Value {n} of the code. Moving it changes one thing the network learnt to "
                    "tell apart; a double click resets it.",
                    n=index + 1,
                ),
            )
            slider.moved.connect(lambda value, index=index: self._move(index, value))
            slider.value_changed.connect(lambda _value: self._end_drag())
            slider.lock_toggled.connect(lambda on, index=index: self._lock(index, on))
            slider.slider.installEventFilter(self)
            self._column.addWidget(slider)
            self.sliders[index] = slider
        self._column.addStretch(1)
        subtitle = tr("one code value") if count == 1 else tr("{count} code values", count=count)
        self.set_subtitle(subtitle)
        self._note.setVisible(count > MOST)
        self._note.setText(
            tr("{shown} of {count} values: those that vary most.", shown=MOST, count=count)
        )

    def _widen(self, chart: Charted) -> None:
        for index, slider in self.sliders.items():
            slider.slider.set_bounds(
                *round_range(float(chart.low[index]), float(chart.high[index]))
            )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scroll a slider that gets the keyboard into view; a new press is a new gesture."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self._area.ensureWidgetVisible(watched)
        elif event.type() == QEvent.Type.MouseButtonPress:
            self._end_drag()
        return super().eventFilter(watched, event)

    def _move(self, index: int, value: float) -> None:
        self._explorer.set_value(index, value, ("slider", index, self._drag))

    def _end_drag(self) -> None:
        self._drag += 1
        self._explorer.settle()

    def _lock(self, index: int, on: bool) -> None:
        self._explorer.set_locked(index, on)

    def _show(self, code: Floats) -> None:
        for index, slider in self.sliders.items():
            if index < len(code):
                slider.set_value(round(float(code[index]), 2))


def round_range(low: float, high: float) -> tuple[float, float]:
    """A symmetric range about the same middle whose half is 1, 1.5, 2, 3, 5 or 7 times 10ⁿ."""
    middle, half = (low + high) / 2, max((high - low) / 2, 1e-6)
    unit = 10.0 ** math.floor(math.log10(half))
    steps = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
    half = next((step * unit for step in steps if step * unit >= half * 0.999), 10.0 * unit)
    middle = round(middle / (half / 10)) * (half / 10)
    return middle - half, middle + half


def _outgrown(ranges: tuple[Floats, Floats], chart: Charted) -> bool:
    """Whether the ranges changed so much that the sliders should."""
    low, high = ranges
    if low.shape != chart.low.shape:
        return True
    width = np.maximum(high - low, 1e-9)
    off = np.maximum(np.abs(chart.low - low), np.abs(chart.high - high)) / width
    return bool((off > 0.25).any())
