"""What leaves the editor and comes into it: layers as text, the drawing, the summary; the menus."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ui.panels.layers import facts
from aegan_studio.ui.panels.layers.drawing import as_picture, save_svg
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.menus import Menu

if TYPE_CHECKING:
    from aegan_studio.ui.panels.layers.editor import LayerEditor


class Exchange(QObject):
    """Copies, pastes and saves for an editor."""

    def __init__(self, editor: LayerEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def copy_layers(self) -> None:
        """Put the selected layers on the clipboard as text; all where none is selected."""
        first, last = self._editor.table.selection
        if first < 0:
            first, last = 0, len(self._editor.listing.layers) - 1
        if last >= first:
            QGuiApplication.clipboard().setText(self._editor.listing.text(first, last))
            count = last - first + 1
            self._editor.told.emit(
                tr("Copied 1 layer") if count == 1 else tr("Copied {count} layers", count=count)
            )

    def cut_layers(self) -> None:
        """Copy the selected layers and take them out."""
        if self._editor.table.selection[0] >= 0:
            self.copy_layers()
            self._editor.table.remove()

    def paste_layers(self) -> None:
        """Put the layers on the clipboard in below the selected one."""
        place = self._editor.table.place_to_add
        try:
            count = self._editor.listing.paste(place, QGuiApplication.clipboard().text())
        except StudioError as error:
            self._editor.trouble.emit(error)
            return
        self._editor.table.select(place, place + count - 1)

    @property
    def _title(self) -> str:
        return f"{tr(self._editor.listing.role.label)}, {self._editor.listing.title}"

    def copy_summary(self) -> None:
        """Put a table of layers, shapes and weights on the clipboard."""
        report = self._editor.report
        if report is None:
            return
        experiment = self._editor.document.experiment
        more = {tr("In all"): facts.total_text(report, math.nan)}
        both = facts.ends(experiment, self._editor.listing.role)
        QGuiApplication.clipboard().setText(facts.summary(self._title, both, report, more))
        self._editor.told.emit(tr("Copied the summary"))

    def copy_drawing(self) -> None:
        """Put the drawing on the clipboard as a picture."""
        stages = self._editor.side.drawing.stages
        QGuiApplication.clipboard().setImage(as_picture(self._title, stages, current_theme()))
        self._editor.told.emit(tr("Copied the drawing"))

    def save_drawing(self) -> None:
        """Ask where, and write the drawing as SVG."""
        name = f"{self._editor.role}.svg"
        path = QFileDialog.getSaveFileName(
            self._editor, tr("Save the drawing"), name, "SVG (*.svg)"
        )[0]
        if path:
            self.write_svg(Path(path))

    def write_svg(self, path: Path) -> None:
        """Write the drawing as SVG."""
        try:
            save_svg(path, self._title, self._editor.side.drawing.stages)
        except StudioError as error:
            self._editor.trouble.emit(error)
            return
        self._editor.told.emit(tr("Saved {name}", name=path.name))

    # Menus

    def _menu(
        self, where: QPoint, entries: list[tuple[str, str, str, Callable[[], object], bool]]
    ) -> None:
        menu = Menu(parent=self._editor)
        menu.aboutToHide.connect(menu.deleteLater)
        for text, sign, keys, run, on in entries:
            if not text:
                menu.addSeparator()
                continue
            words = f"{text}\t{keys}" if keys else text
            menu.add(words, run, icon_name=sign, enabled=on)
        menu.popup(where)

    def open_menu(self) -> None:
        """Open the menu of the network."""
        known = self._editor.report is not None
        any_ = bool(self._editor.listing.layers)
        self._menu(
            self._editor.head.more.mapToGlobal(self._editor.head.more.rect().bottomLeft()),
            [
                (tr("Copy the summary as text"), "text", "", self.copy_summary, known),
                (tr("Copy the drawing"), "picture", "", self.copy_drawing, known),
                (tr("Save the drawing as SVG…"), "export", "", self.save_drawing, known),
                ("", "", "", lambda: None, True),
                (tr("Copy layers"), "copy", "Ctrl+C", self.copy_layers, any_),
                (tr("Paste layers"), "import", "Ctrl+V", self.paste_layers, True),
            ],
        )

    def open_row_menu(self, where: QPoint) -> None:
        """Open the menu of the selected layers."""
        table, (first, last) = self._editor.table, self._editor.table.selection
        if first < 0:
            return
        on = any(layer.enabled for layer in self._editor.listing.layers[first : last + 1])
        count = len(table.rows)
        self._menu(
            where,
            [
                (tr("Duplicate"), "copy", "Ctrl+D", table.duplicate, True),
                (
                    tr("Switch off") if on else tr("Switch on"),
                    "eye-off" if on else "eye",
                    tr("Space"),
                    table.switch,
                    True,
                ),
                (tr("Move up"), "chevron-up", "Alt+↑", lambda: table.shift(-1), first > 0),
                (
                    tr("Move down"),
                    "chevron-down",
                    "Alt+↓",
                    lambda: table.shift(1),
                    last < count - 1,
                ),
                ("", "", "", lambda: None, True),
                (tr("Copy"), "", "Ctrl+C", self.copy_layers, True),
                (tr("Cut"), "", "Ctrl+X", self.cut_layers, True),
                (tr("Paste below"), "", "Ctrl+V", self.paste_layers, True),
                ("", "", "", lambda: None, True),
                (tr("Delete"), "trash", tr("Del"), table.remove, True),
            ],
        )
