"""What to export and how: the fields of the export window."""

from __future__ import annotations

from typing import Any, Literal, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.keep.bookmarks_shelf import shelf_of
from aegan_studio.ui.panels.explore.keep.exporting import (
    Colours,
    Entry,
    best_columns,
    fitting_scale,
    size_of,
)
from aegan_studio.ui.panels.explore.keep.visited import visited_of
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.switches import Segmented, Toggle

What = Literal["picture", "sheet", "codes"]


class ExportForm(QWidget):
    """Pictures, contact sheets or codes, of what, and how; tells how large it will be."""

    changed = Signal()

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._shelf, self._visited = shelf_of(explorer), visited_of(explorer)
        self.depiction = Depiction()
        self._build()
        self.what.value_changed.connect(self.show_what)
        for field in (self.of, self.count, self.scale, self.columns, self.colours):
            field.value_changed.connect(lambda _value: self.refresh())
        self.captions.toggled.connect(lambda _on: self.refresh())
        self._shelf.changed.connect(self.refresh)
        self._visited.changed.connect(self.refresh)
        explorer.pins_changed.connect(self.refresh)
        self.show_what("picture")

    def _build(self) -> None:
        self.what = Segmented(
            [
                ("picture", tr("Picture"), tr("What the current code decodes to.")),
                ("sheet", tr("Contact sheet"), tr("Many pictures on one, with their names.")),
                ("codes", tr("Codes"), tr("A table of codes, as arrays or as text.")),
            ],
            "picture",
            name=tr("What to export"),
        )
        self.of = Choice([("bookmarks", tr("Bookmarks"))], "bookmarks", name=tr("Of"))
        self.count = NumberField(64, lo=1, hi=100_000, integer=True, name=tr("How many"))
        self.seed = NumberField(0, lo=0, integer=True, name=tr("Seed"))
        self.scale = NumberField(1, lo=1, hi=64, integer=True, unit="×", name=tr("Scale"))
        self.scale.setToolTip(tr("Side of a pixel in the file: pixels stay sharp squares."))
        self.columns = NumberField(
            None, lo=1, hi=100, integer=True, none_text=tr("automatic"), name=tr("Columns")
        )
        self.colours = Segmented(
            [
                ("shown", tr("As shown"), tr("In the colours of the window.")),
                ("data", tr("As the data"), tr("The values of the data: black is 0.")),
            ],
            "shown",
            name=tr("Colours"),
        )
        self.captions = Toggle(True, name=tr("Names below the pictures"))
        self.components = Toggle(False, name=tr("Places on two principal components"))
        self.extent = Label("", tone="text2")
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(16)
        self.form.setVerticalSpacing(8)
        rows: tuple[tuple[str, QWidget], ...] = (
            (tr("Of"), self.of),
            (tr("How many"), self.count),
            (tr("Seed"), self.seed),
            (tr("Scale"), self.scale),
            (tr("Columns"), self.columns),
            (tr("Colours"), self.colours),
            (tr("Names"), self.captions),
            (tr("Principal components"), self.components),
            (tr("Size"), self.extent),
        )
        for label, widget in rows:
            text = Label(label, tone="text2")
            text.setFixedHeight(widget.sizeHint().height())
            self.form.addRow(text, widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self.what)
        column.addLayout(self.form)

    def show_what(self, what: object) -> None:
        """Turn to pictures, contact sheets, or codes."""
        self.what.set_value(what)
        model = self._explorer.model
        if model is not None and (model.data is not None) != self.depiction.of_points:
            self.depiction = Depiction(model.data)
        sources = {
            "bookmarks": tr("Bookmarks"),
            "visited": tr("Visited codes"),
            "pins": tr("Pins"),
            "samples": tr("Samples of the prior"),
        }
        if what == "codes":
            if model is None or model.has_encoder:
                sources = {"data": tr("All data"), **sources}
            sources["current"] = tr("Current code")
        self.of.set_options(list(sources.items()))
        if what == "codes" and "data" in sources:
            self.of.set_value("data")
        else:
            self.of.set_value("bookmarks" if self._shelf.shown else "samples")
        if what != "codes":
            item = None if self._explorer.picture is None else self._explorer.picture.item
            self.scale.set_value(fitting_scale(item, 320 if what == "picture" else 64))
        self.refresh()

    def refresh(self) -> None:
        """Show the fields that matter, and the size."""
        what, of = self.kind, self.of.value
        picture = self._explorer.picture
        grey = picture is not None and picture.item.ndim == 2
        shown: dict[QWidget, bool] = {
            self.of: what != "picture",
            self.count: what != "picture" and of == "samples",
            self.seed: what != "picture" and of == "samples",
            self.scale: what != "codes",
            self.columns: what == "sheet",
            self.colours: what != "codes" and grey,
            self.captions: what == "sheet",
            self.components: what == "codes" and of != "current",
        }
        for widget, on in shown.items():
            self.form.setRowVisible(widget, on)
        self.extent.setText(self._size())
        self.changed.emit()

    @property
    def kind(self) -> What:
        """What is exported."""
        return cast(What, self.what.value)

    @property
    def can_copy(self) -> bool:
        """Whether the clipboard takes it."""
        return self.kind != "codes" or self.of.value == "current"

    def options(self, count: int) -> dict[str, Any]:
        """How a contact sheet of so many pictures is laid out."""
        return {
            "columns": int(self.columns.value or best_columns(count)),
            "scale": int(self.scale.value or 1),
            "captions": self.captions.isChecked(),
            "depiction": self.depiction,
            "colours": cast(Colours, self.colours.value),
        }

    def entries(self) -> list[Entry]:
        """What is chosen and known here, with names; pins and samples are yet to be decoded."""
        explorer = self._explorer
        match self.of.value:
            case "bookmarks":
                marks = [self._shelf.marks[index] for index in self._shelf.shown]
                return [Entry(mark.item, mark.code, mark.name) for mark in marks]
            case "visited":
                return [
                    Entry(visit.item, visit.code, str(number))
                    for number, visit in enumerate(self._visited.places, 1)
                ]
            case "pins":
                return [Entry(None, pin.code, pin.name) for pin in explorer.pins]
            case "current" if explorer.code.size:
                return [Entry(None, explorer.code, tr("Current code"))]
            case _:
                return []

    def _size(self) -> str:
        model, picture = self._explorer.model, self._explorer.picture
        item = None if picture is None else picture.item
        of, scale = self.of.value, int(self.scale.value or 1)
        count = int(self.count.value or 1) if of == "samples" else len(self.entries())
        if self.kind == "picture":
            wide, tall = size_of(item, 1, 1, scale, captions=False, margin=0)
            return tr("{wide:,} × {tall:,} pixels", wide=wide, tall=tall)
        if self.kind == "codes":
            d = 0 if model is None else model.dimensions
            if of == "data":
                return tr("all codes, {d:,} values each", d=d)
            return tr("{count:,} codes, {d:,} values each", count=count, d=d)
        if not count:
            return tr("nothing yet")
        options = self.options(count)
        wide, tall = size_of(item, count, options["columns"], scale, captions=options["captions"])
        return tr(
            "{count:,} pictures, {wide:,} × {tall:,} pixels", count=count, wide=wide, tall=tall
        )
