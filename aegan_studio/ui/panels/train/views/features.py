"""What the units of a layer make of one item."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.catalog.views.inside import FEATURES, reads_data
from aegan_studio.experiment.views import View
from aegan_studio.experiment.views.inside import Features
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.views.base import Row, ViewPanel
from aegan_studio.ui.panels.train.views.naming import LayerNames, shape_words
from aegan_studio.ui.theme import Theme, current_theme, on_theme
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.captioned_grid import CaptionedGrid, Captions, Told
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.diverging import coloured, reach_of
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.pictures import PictureView
from aegan_studio.ui.widgets.scale_bar import ScaleBar

MOST_ITEMS = 64
"""Items of each kind that can be chosen: as many as there are pictures of."""

WIDE = 440
"""From this width on all choices stand in one line."""

HIGH = 250
"""From this height on there is room for the key of the colours."""


class FeaturesPanel(ViewPanel):
    """The maps of a layer for a chosen item, all on one scale about zero."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(FEATURES, document, session, parent)
        self.network = Choice(name=tr("Which network"))
        self.layer = Choice([("", tr("First layer"))], "", name=tr("Which layer"))
        self.kind = Choice(
            [
                ("train", tr("Training item")),
                ("held-out", tr("Held-out item")),
                ("sample", tr("Generated item")),
            ],
            "train",
            name=tr("Which kind of item"),
        )
        self.number = NumberField(1, lo=1, hi=MOST_ITEMS, integer=True, name=tr("Item"))
        self.picture = PictureView(name=tr("The item"))
        self.number.setMinimumWidth(52)
        self.grid = CaptionedGrid(name=tr("Feature maps"))
        self.grid.setMinimumSize(64, 36)
        self.scale = ScaleBar(name=tr("Activation"))
        self.scale.hide()
        self._choices = QGridLayout()
        self._choices.setHorizontalSpacing(6)
        self._choices.setVerticalSpacing(4)
        self._columns = 0
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.picture)
        top.addLayout(self._choices, 1)
        self.add(top)
        self._arrange(2)
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.grid, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.scale, 1)
        column.addLayout(foot)
        self.network.value_changed.connect(lambda _value: self._on_network())
        for choice in (self.layer, self.kind, self.number):
            choice.value_changed.connect(lambda _value: self.change())
        self.hold(held)
        on_theme(self._retint)

    @property
    def argument(self) -> str:
        """Network, layer and item."""
        number = int(self.number.value or 1) - 1
        return f"{self.network.value}/{self.layer.value}/{self.kind.value}-{number}"

    def refresh(self) -> None:
        """Offer the networks that the experiment has."""
        experiment = self._session.experiment
        roles = [(role.name, tr(role.label)) for role in experiment.roles()]
        if [option.value for option in self.network.options] != [name for name, _ in roles]:
            seeing = [name for name, _ in roles if reads_data(experiment, name)]
            self.network.set_options(roles, (seeing or [name for name, _ in roles])[0])
            self.layer.set_options([("", tr("First layer"))], "")

    def _on_network(self) -> None:
        self.layer.set_options([("", tr("First layer"))], "")
        self.change()

    def absent(self) -> str:
        """A generator of noise sees no data."""
        if self.kind.value != "sample":
            return tr("This network has no part in such an item. Choose a generated one.")
        return tr("This network has no part in such an item.")

    def show_view(self, view: View) -> None:
        """Draw the item and its maps."""
        assert isinstance(view, Features)
        self._offer_layers(view)
        self._show_item(view)
        maps = view.maps
        pictures = maps.reshape(len(maps), *((1,) * (3 - maps.ndim)), *maps.shape[1:])
        reach = reach_of(maps)
        self.scale.set_reach(reach)
        means = maps.reshape(len(maps), -1).mean(1)
        figures = tuple(format_number(float(mean), 2) for mean in means)

        def tip(index: int) -> str:
            return tr(
                "Unit {unit} of {total}: mean {mean}, from {low} to {high}",
                unit=index + 1,
                total=view.units,
                mean=format_number(float(means[index]), 3),
                low=format_number(float(maps[index].min()), 3),
                high=format_number(float(maps[index].max()), 3),
            )

        tips = Told(len(maps), tip)
        loudest = np.abs(maps.reshape(len(maps), -1)).max(axis=1)
        shown = coloured(pictures, reach, current_theme())
        self.grid.set_items(
            shown, Captions(figures, tips, tuple(one == 0 for one in loudest.tolist()))
        )
        words = [tr("{count} units", count=view.units), shape_words(maps.shape[1:]), _point(view)]
        self.say(", ".join(filter(None, words)))

    def _offer_layers(self, view: Features) -> None:
        names = LayerNames(self._session.experiment, view.role)
        options = [
            (str(layer), f"{number} · {names.label(layers)}")
            for number, (layer, layers) in enumerate(
                zip(view.layers, _groups(view.layers), strict=True), start=1
            )
        ]
        if [option.value for option in self.layer.options] != [value for value, _ in options]:
            self.layer.set_options(options, str(view.layer))
            self.ask()

    def _show_item(self, view: Features) -> None:
        point = view.shown is not None and view.shown.ndim == 1
        self.picture.setVisible(view.shown is not None and not point)
        if view.shown is not None and not point:
            self.picture.set_picture(view.shown)

    def _retint(self, _theme: Theme) -> None:
        if self.isVisible():
            self.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One line of choices, or two; the key of the colours where there is room."""
        super().resizeEvent(event)
        self.scale.setVisible(self.height() >= HIGH)
        self._arrange(4 if self.width() >= WIDE else 2)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for index, widget in enumerate((self.network, self.layer, self.kind, self.number)):
            self._choices.addWidget(widget, index // columns, index % columns)
        for column in range(4):
            self._choices.setColumnStretch(column, 1 if column < columns else 0)
        side = 28 if columns == 4 else 60
        self.picture.setFixedSize(side, side)

    def numbers(self, view: View) -> Iterable[Row]:
        """A line for each unit: its values row by row."""
        assert isinstance(view, Features)
        flat = view.maps.reshape(len(view.maps), -1)
        yield ("network", "layer", "item", "unit", *(f"v{i + 1}" for i in range(flat.shape[1])))
        for unit, values in enumerate(flat, start=1):
            yield (view.role, view.layer + 1, view.item, unit, *map(float, values))


def _point(view: Features) -> str:
    """The item where it is a point."""
    if view.shown is None or view.shown.ndim != 1:
        return ""
    return f"x = ({', '.join(format_number(float(value), 3) for value in view.shown)})"


def _groups(ends: tuple[int, ...]) -> list[list[int]]:
    """The layers of each group, from where the one before it ended."""
    starts = (0, *(end + 1 for end in ends[:-1]))
    return [list(range(start, end + 1)) for start, end in zip(starts, ends, strict=True)]
