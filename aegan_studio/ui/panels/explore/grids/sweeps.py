"""Sweeps: a row of pictures for each value of the code, from low to high."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Loaded
from aegan_studio.ui.latent.walk_messages import Sweep, SweepAlong, SweepOrder, Swept
from aegan_studio.ui.panels.explore.grids.sweeps_page import SheetPage
from aegan_studio.ui.panels.explore.grids.tile_paint import Head
from aegan_studio.ui.panels.explore.grids.tile_sheet import TileSheet
from aegan_studio.ui.theme import BODY
from aegan_studio.ui.widgets.choice import Choice, Option
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.numbers import MINUS
from aegan_studio.ui.widgets.switches import Segmented

MOST_COLUMNS = 21
REACHES = (0.25, 4.0)
"""Least and most that rows reach to either side, in spreads."""


@dataclass(frozen=True, slots=True)
class _How:
    """How the sheet is made; what is remembered of it."""

    along: SweepAlong = "values"
    order: SweepOrder = "change"
    columns: int = 9
    reach: float = 2.0


class SweepsPage(SheetPage):
    """A row for each value of the code or each leading direction; the current code is amid."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(explorer, Sweep, parent=parent)
        self._swept: Swept | None = None
        how = _How()
        self.along = Segmented(
            [
                ("values", tr("Values"), tr("A row for each value of the code.")),
                (
                    "directions",
                    tr("Directions"),
                    tr(
                        "A row for each leading direction: the principal components of the data’s "
                        "codes, or without an encoder the directions that change most."
                    ),
                ),
            ],
            how.along,
            name=tr("Sweep along"),
            size=BODY,
        )
        self.add_menu(tr("Copy or save the sheet"))
        self.sheet = TileSheet(
            fit="width",
            gap=3,
            empty=tr("A row of pictures for each value of the code appears here."),
            name=tr("Sweeps"),
            tip=self._tip,
        )
        self.sheet.file_name = "sweeps"
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        self.sheet.setObjectName("scrolled")
        area.setWidget(self.sheet)
        self._area = area
        self.add(area, 1)
        self.add(self._build_foot(how))
        self.along.value_changed.connect(self._on_choice)
        self.order.value_changed.connect(self._on_choice)
        self.columns.value_changed.connect(self._on_choice)
        self.reach.value_changed.connect(self._on_choice)
        self.reach.value_dragged.connect(self._on_choice)
        self.sheet.picked.connect(self._go)
        self.begin()

    def _build_foot(self, how: _How) -> QHBoxLayout:
        self.order = Choice(
            [
                Option("change", tr("Most change first"), tr("Rows that one sees most of first.")),
                Option("number", tr("In order"), tr("Rows in the order of the code.")),
            ],
            how.order,
            name=tr("Order of rows"),
        )
        self.order.setToolTip(tr("Which rows come first."))
        self.columns = NumberField(
            how.columns,
            lo=3,
            hi=MOST_COLUMNS,
            step=2,
            integer=True,
            unit=tr("columns"),
            name=tr("Columns"),
        )
        self.columns.setToolTip(tr("Pictures a row, an odd number. More make smaller steps."))
        self.reach = NumberField(
            how.reach, lo=REACHES[0], hi=REACHES[1], step=0.25, unit=tr("spreads"), name=tr("Reach")
        )
        self.reach.setToolTip(
            tr(
                "How far rows lead to either side of the current code, in standard deviations of "
                "the codes. Farther out codes become unlikely and pictures strange."
            )
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.along)
        row.addWidget(self.order, 3)
        row.addWidget(self.columns, 2)
        row.addWidget(self.reach, 2)
        return row

    # What is asked for and shown

    def request(self) -> Sweep | None:
        """The sheet at the current code."""
        code = self._explorer.code
        if not code.size or self._explorer.model is None:
            return None
        columns = int(self.columns.value or 9)
        return Sweep(
            code,
            cast(SweepAlong, self.along.value),
            cast(SweepOrder, self.order.value),
            columns + 1 - columns % 2,
            float(self.reach.value or 2.0),
        )

    def show_answer(self, answer: object) -> None:
        """Show the rows."""
        assert isinstance(answer, Swept)
        self._swept = answer
        heads = [
            Head(tr(label), self._note(answer, row, tr(note)))
            for row, (label, note) in enumerate(zip(answer.labels, answer.notes, strict=True))
        ]
        reach = answer.request.reach
        steps = np.linspace(-reach, reach, answer.request.columns)
        middle = answer.request.columns // 2
        columns = [
            Head(tr("now") if index == middle else _signed(step))
            for index, step in enumerate(steps)
        ]
        self.sheet.set_tiles(
            answer.items,
            len(heads),
            answer.request.columns,
            row_heads=heads,
            column_heads=columns,
            depiction=self.depiction,
            middle=middle,
        )
        self._say_how_many(len(heads))

    def _note(self, answer: Swept, row: int, note: str) -> str:
        if answer.request.along == "directions":
            return note
        value = float(answer.request.code[answer.numbers[row]])
        return f"= {value:.2f}".replace("-", MINUS)

    def _say_how_many(self, rows: int) -> None:
        model = self._explorer.model
        if model is None:
            self.set_subtitle("")
        elif self.along.value == "values" and rows < model.dimensions:
            self.set_subtitle(
                tr("the {rows} of {all} values that vary most", rows=rows, all=model.dimensions)
            )
        else:
            self.set_subtitle(tr("low to high, step {step:,}", step=model.step))

    def _tip(self, row: int, column: int) -> str:
        swept = self._swept
        if swept is None:
            return ""
        place, label = float(swept.places[row, column]), tr(swept.labels[row])
        if swept.request.along == "values":
            return f"{label} = {place:.2f}".replace("-", MINUS)
        return tr("{direction}, {by} spreads", direction=label, by=_signed(place))

    def show_model(self, model: Loaded | None) -> None:
        """Nothing is shown of another model's codes."""
        if model is None:
            self._swept = None
            self.sheet.set_tiles(None)
            self._say_how_many(0)

    def sheet_of(self) -> TileSheet:
        """The sheet."""
        return self.sheet

    # What a person does

    def _on_choice(self, _value: object) -> None:
        self.want()

    def _go(self, row: int, column: int) -> None:
        swept = self._swept
        if swept is not None:
            self._explorer.move(self._explorer.kept(swept.codes[row, column].copy()))

    def named_acts(self) -> list[tuple[str, Callable[[], object]]]:
        """The commands of the page."""
        return [
            (tr("Copy the sweeps"), self.sheet.copy),
            (tr("Save the sweeps…"), self.sheet.save),
        ]

    def state(self) -> dict[str, Any]:
        """How the sheet is made."""
        return {
            "along": self.along.value,
            "order": self.order.value,
            "columns": self.columns.value,
            "reach": self.reach.value,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was remembered."""
        if state.get("along") in ("values", "directions"):
            self.along.set_value(state["along"])
        if state.get("order") in ("change", "number"):
            self.order.set_value(state["order"])
        columns, reach = state.get("columns"), state.get("reach")
        if isinstance(columns, int) and 3 <= columns <= MOST_COLUMNS:
            self.columns.set_value(columns)
        if isinstance(reach, int | float) and REACHES[0] <= reach <= REACHES[1]:
            self.reach.set_value(float(reach))
        self.want()


def _signed(value: float) -> str:
    """A distance with its sign and a true minus: ``+1.5``, ``0``."""
    text = f"{value:+.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("+0", "-0") else text.replace("-", MINUS)
