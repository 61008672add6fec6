"""Weights, activations and gradients of every layer of a network, and its silent units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from PySide6.QtWidgets import QWidget

from aegan_studio.catalog.views.inside import LAYERS
from aegan_studio.experiment.views import View
from aegan_studio.experiment.views.inside import LayerFigures, Layers, Spread
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.views.base import Row, ViewPanel
from aegan_studio.ui.panels.train.views.layer_table import LayerRow, LayerTable
from aegan_studio.ui.panels.train.views.naming import (
    LayerNames,
    role_options,
    shape_words,
)
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.switches import Segmented


class LayersPanel(ViewPanel):
    """A row for each layer of the chosen network."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(LAYERS, document, session, parent)
        self.network = Segmented([("", "")], "", name=tr("Which network"), size=11)
        self.network.value_changed.connect(lambda _value: self.change())
        self.table = LayerTable(name=tr("Layers"))
        self.log = IconButton(
            "axes",
            tr("Bars by the logarithm of their counts, so that single values show."),
            side=24,
            checkable=True,
        )
        self.log.toggled.connect(self.table.sheet.set_log)
        self.add_action(self.log)
        self.hold(self.table, self.network)

    @property
    def argument(self) -> str:
        """The chosen network."""
        return str(self.network.value)

    def refresh(self) -> None:
        """Offer the networks that the experiment has."""
        self.network.set_options(role_options(self._session.experiment))

    def absent(self) -> str:
        """A network that nothing runs has no figures."""
        return tr("Nothing runs through this network.")

    def show_view(self, view: View) -> None:
        """Draw a row for each layer."""
        assert isinstance(view, Layers)
        experiment = self._session.experiment
        silent = sum(row.dormant for row in view.layers)
        units = sum(0 if row.activity is None else len(row.activity) for row in view.layers)
        said = ""
        if silent:
            said = tr("{silent} of {units} silent", silent=silent, units=units)
        self.say(said)
        names = LayerNames(experiment, view.role)
        rows = [
            LayerRow(
                figures,
                names.label(figures.layers),
                shape_words(figures.shape),
                names.words(figures.layers),
            )
            for figures in view.layers
        ]
        phases = {info.name: tr(info.label) for info in experiment.phase_infos()}
        self.table.sheet.set_rows(rows, phases, view.items)

    def state(self) -> dict[str, Any]:
        """What a person chose, for :meth:`restore`."""
        return {"log": self.log.isChecked()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take on what was chosen."""
        if isinstance(state.get("log"), bool):
            self.log.setChecked(state["log"])

    def menu(self) -> Menu:
        """The scale of the bars as well."""
        menu = super().menu()
        menu.addSeparator()
        words = tr("Counts as they are") if self.log.isChecked() else tr("Logarithm of counts")
        menu.add(words, self.log.toggle, icon_name="axes")
        return menu

    def numbers(self, view: View) -> Iterable[Row]:
        """Every histogram bin by bin, then every unit's activity."""
        assert isinstance(view, Layers)
        yield ("network", "layers", "what", "low", "high", "count")
        for figures in view.layers:
            layers = "+".join(str(index + 1) for index in figures.layers)
            for what, spread in _spreads(figures):
                edges = np.linspace(spread.low, spread.high, len(spread.counts) + 1)
                for low, high, count in zip(edges, edges[1:], spread.counts, strict=False):
                    yield (view.role, layers, what, float(low), float(high), int(count))
        yield ()
        yield ("network", "layers", "unit", "activity")
        for figures in view.layers:
            layers = "+".join(str(index + 1) for index in figures.layers)
            for unit, score in enumerate([] if figures.activity is None else figures.activity):
                yield (view.role, layers, unit + 1, float(score))


def _spreads(figures: LayerFigures) -> Iterable[tuple[str, Spread]]:
    if figures.weights is not None:
        yield "weights", figures.weights
    if figures.activations is not None:
        yield "activations", figures.activations
    for phase, gradient in figures.gradients.items():
        yield f"gradients, {phase}", gradient
