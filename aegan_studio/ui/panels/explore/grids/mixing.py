"""Mixing: pictures that take some of their code from one source and the rest from another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Floats, Loaded
from aegan_studio.ui.latent.walk_messages import Mix, Mixed, MixLevel
from aegan_studio.ui.panels.explore.grids.mixing_chips import Chips
from aegan_studio.ui.panels.explore.grids.sweeps_page import SheetPage
from aegan_studio.ui.panels.explore.grids.tile_paint import Head
from aegan_studio.ui.panels.explore.grids.tile_sheet import TileSheet
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.choice import Choice, Option
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import Well

MOST_SOURCES = 8
"""Rows, and columns, at most: more become too small to compare."""
SEEDS = 6
MOST_NAMED = 4
"""Parts that are named one by one at most."""
SENTENCE = 400
"""Width of the sentence that says what a model lacks."""


class MixingPage(SheetPage):
    """Rows and columns of sources; between them their mixtures.

    What codes can be divided into depends on the model: parts of different meaning, such as noise
    and class, the places of a VQ-VAE, or, where a code is of one part, its single values.
    """

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(explorer, Mix, parent=parent)
        self._mixed: Mixed | None = None
        self._level: MixLevel = "parts"
        self._chosen: tuple[int, ...] | None = None
        self._labels: tuple[str, ...] = ()
        self._method = ""
        self.columns = Choice(name=tr("Columns"))
        self.columns.setToolTip(tr("Where the columns come from."))
        self.columns.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.columns.setFixedWidth(104)
        self._offer_columns(classes=False)
        self.add_menu(tr("Copy or save the sheet"))
        self.sheet = TileSheet(
            gap=3,
            empty=tr("Pin two codes or more: they become the rows."),
            name=tr("Mixtures"),
            tip=self._tip,
        )
        self.sheet.file_name = "mixing"
        self.well = Well("", button=tr("Mix single values"), icon="compare")
        self.well.clicked.connect(self.mix_values)
        body = QWidget()
        self._views = QStackedLayout(body)
        self._views.addWidget(self.sheet)
        self._views.addWidget(self.well)
        self._head = self._build_head()
        self.add(self._head)
        self.add(body, 1)
        self.columns.value_changed.connect(self._on_columns)
        self.strands.changed.connect(self._on_chips)
        self.sheet.picked.connect(self._go)
        explorer.pins_changed.connect(self.want)
        self.begin()

    def _build_head(self) -> QWidget:
        self.strands = Chips(tr("Parts that columns give"))
        self.level = Button(
            "", size="s", variant="ghost", tooltip=tr("Divide codes in another way.")
        )
        self.level.clicked.connect(self._other_level)
        said = Label(tr("Columns give"), tone="text2")
        said.setToolTip(
            tr("The chosen parts of a code come from the column, the rest from the row.")
        )
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.columns)
        line.addWidget(said)
        line.addStretch(1)
        line.addWidget(self.level)
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self.strands)
        return head

    def _offer_columns(self, *, classes: bool) -> bool:
        """What columns can be; whether that is something new."""
        options = [
            Option("pins", tr("Pins"), tr("The pins are the columns as well.")),
            Option("seeds", tr("Seeds"), tr("Random codes of the next seeds are the columns.")),
        ]
        if classes:
            options.append(Option("classes", tr("Classes"), tr("Every class is a column.")))
        if [option.value for option in self.columns.options] != [o.value for o in options]:
            self.columns.set_options(options, "classes" if classes else "pins")
            return True
        return False

    # What is asked for and shown

    def request(self) -> Mix | None:
        """Mixtures of the pins with what the columns are."""
        explorer = self._explorer
        if explorer.model is None:
            return None
        rows = self._rows()
        columns: Floats | tuple[int, ...] | None = rows
        if self.columns.value == "seeds":
            columns = tuple(explorer.seed + 1 + index for index in range(SEEDS))
        elif self.columns.value == "classes":
            columns = None
        return Mix(rows, columns, self._level, self._chosen)

    def _rows(self) -> Floats:
        pins = self._explorer.pins[:MOST_SOURCES]
        if not pins:
            return np.zeros((0, len(self._explorer.code)))
        return np.stack([pin.code for pin in pins])

    def show_answer(self, answer: object) -> None:
        """Show sources and mixtures, or what the model lacks."""
        assert isinstance(answer, Mixed)
        self._mixed, self._chosen = answer, answer.chosen
        if self._offer_columns(classes=answer.classes) and answer.classes:
            self.want()  # every class beside every pin says most of a model that is told it
        self._show_chips(tuple(tr(label) for label in answer.strands))
        many = len(answer.strands) > 1
        self._views.setCurrentWidget(self.sheet if many else self.well)
        self._head.setVisible(many)
        if not many:
            self._say_what_lacks()
            return
        rows, columns = answer.codes.shape[:2]
        if not len(answer.items):
            self.sheet.set_tiles(None)
            self.set_subtitle("")
            return
        self.sheet.set_tiles(
            answer.items,
            rows,
            columns,
            row_heads=[
                Head(pin.name, item=item)
                for pin, item in zip(self._explorer.pins, answer.row_items, strict=False)
            ],
            column_heads=[
                Head(name, item=item)
                for name, item in zip(self._column_names(answer), answer.column_items, strict=True)
            ],
            depiction=self.depiction,
        )
        if not 0 < len(answer.chosen) < len(self._labels):
            self.set_subtitle(tr("choose what the columns give, and leave something to the rows"))
        else:
            self.set_subtitle(
                tr("{parts} from the columns, the rest from the rows", parts=self._given())
            )

    def _given(self) -> str:
        """What columns give, in words."""
        given = [self._labels[index] for index in self._chosen or ()]
        if len(given) <= MOST_NAMED:
            return ", ".join(given)
        return tr("{count} of {all} parts", count=len(given), all=len(self._labels))

    def _column_names(self, answer: Mixed) -> list[str]:
        asked, model = answer.request.columns, self._explorer.model
        count = len(answer.column_items)
        if asked is None and model is not None:
            return [tr(name) for name in model.classes[:count]]
        if isinstance(asked, np.ndarray):
            names = [pin.name for pin in self._explorer.pins[:count]]
            return names + [""] * (count - len(names))
        return [str(seed) for seed in asked or ()]

    def _say_what_lacks(self) -> None:
        model = self._explorer.model
        if model is None:
            return
        self.well.set_text(
            tr(
                "{method} takes its code at one place, as one part: there is nothing to take from "
                "one code and leave of another. Conditional GANs, InfoGAN and VQ-VAE have codes of "
                "several parts. Values of this code that came to mean different things can still "
                "be mixed one by one.",
                method=model.method,
            )
        )
        self.well.button.setVisible(model.dimensions > 1)
        self.set_subtitle("")

    def _show_chips(self, labels: tuple[str, ...]) -> None:
        self._labels = labels
        self.strands.set_names(labels)
        self.strands.set_chosen(self._chosen or ())
        values = self._level == "values"
        self.level.setText(tr("By parts") if values else tr("By values"))
        self.level.setAccessibleName(self.level.text())
        self.level.updateGeometry()

    def _tip(self, row: int, column: int) -> str:
        mixed = self._mixed
        if mixed is None or row >= len(self._explorer.pins):
            return ""
        other = self._column_names(mixed)[column]
        if mixed.request.columns is None or isinstance(mixed.request.columns, np.ndarray):
            return tr(
                "{row} with {parts} of {column}",
                row=self._explorer.pins[row].name,
                parts=self._given(),
                column=other,
            )
        return tr(
            "{row} with {parts} of seed {column}",
            row=self._explorer.pins[row].name,
            parts=self._given(),
            column=other,
        )

    def show_model(self, model: Loaded | None) -> None:
        """Another model has other parts."""
        method = "" if model is None else f"{model.method} {model.dimensions}"
        if method != self._method:
            self._method = method
            self._level, self._chosen, self._mixed = "parts", None, None
            self.sheet.set_tiles(None)
            self.set_subtitle("")
            self._views.setCurrentWidget(self.sheet)
            self._head.setVisible(False)

    def _on_code(self, code: object) -> None:
        """The sources are pins: the current code does not matter."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sentence keeps to a column that can be read."""
        super().resizeEvent(event)
        side = max(16, (event.size().width() - SENTENCE) // 2)
        layout = self.well.layout()
        if layout is not None:
            layout.setContentsMargins(side, 14, side, 14)

    def sheet_of(self) -> TileSheet:
        """The sheet."""
        return self.sheet

    # What a person does

    def mix_values(self) -> None:
        """Divide codes into their values."""
        self._set_level("values")

    def _other_level(self) -> None:
        self._set_level("parts" if self._level == "values" else "values")

    def _set_level(self, level: MixLevel) -> None:
        self._level, self._chosen = level, None
        self.want()

    def _on_columns(self, _value: object) -> None:
        self.want()

    def _on_chips(self) -> None:
        self._chosen = self.strands.chosen
        self.want()

    def _go(self, row: int, column: int) -> None:
        if self._mixed is not None:
            self._explorer.move(self._mixed.codes[row, column])

    def named_acts(self) -> list[tuple[str, Callable[[], object]]]:
        """The commands of the page."""
        return [
            (tr("Copy the mixtures"), self.sheet.copy),
            (tr("Save the mixtures…"), self.sheet.save),
        ]

    def state(self) -> dict[str, Any]:
        """Where the columns come from, and how codes are divided."""
        return {"columns": self.columns.value, "level": self._level}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was remembered."""
        if state.get("columns") in ("pins", "seeds"):
            self.columns.set_value(state["columns"])
        if state.get("level") in ("parts", "values"):
            self._level = cast(MixLevel, state["level"])
        self.want()
