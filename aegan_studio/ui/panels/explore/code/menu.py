"""The menu of the current code: how it is shown, copied, compared and exported."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.panels.explore.code.nearest import COUNTS
from aegan_studio.ui.panels.explore.code.picture import Zoom
from aegan_studio.ui.panels.explore.keep.exporting_dialog import export_dialog
from aegan_studio.ui.widgets.menus import Menu

if TYPE_CHECKING:
    from aegan_studio.ui.panels.explore.code.page import CodePage


class CanvasMenu:
    """Builds the menu afresh each time it opens."""

    def __init__(self, page: CodePage, explorer: Explorer) -> None:
        self._page, self._explorer = page, explorer

    def exports(self) -> list[tuple[str, Callable[[], object]]]:
        """What can be exported, in words, and how."""
        page, explorer = self._page, self._explorer
        return [
            (tr("Export the picture…"), lambda: export_dialog(explorer, "picture", page)),
            (tr("Export a contact sheet…"), lambda: export_dialog(explorer, "sheet", page)),
            (tr("Export codes…"), lambda: export_dialog(explorer, "codes", page)),
        ]

    def open(self, where: QPoint) -> Menu:
        """Open it at a place of the screen."""
        menu = self.build()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)
        return menu

    def build(self) -> Menu:
        """The menu."""
        page = self._page
        menu = Menu(parent=page)
        menu.add(tr("Copy picture"), page.copy_picture, icon_name="copy")
        menu.add(tr("Copy code"), page.copy_code, shortcut="Ctrl+Shift+C")
        menu.add(tr("Paste code"), page.paste_code, shortcut="Ctrl+Shift+V")
        menu.addSeparator()
        menu.add(tr("Compare two codes"), page.show_compare, icon_name="compare")
        menu.add(tr("Check many samples"), page.show_check, icon_name="search")
        menu.addSeparator()
        for text, act in self.exports():
            menu.add(text, act, icon_name="export")
        menu.addSeparator()
        self._add_views(menu)
        return menu

    def _add_views(self, menu: Menu) -> None:
        page = self._page
        zooms: tuple[tuple[Zoom, str], ...] = (
            ("fit", tr("As large as sharp pixels allow")),
            ("native", tr("One screen pixel a pixel")),
            ("smooth", tr("Smooth, filling")),
        )
        if page.shows_pictures:
            for zoom, text in zooms:
                action = menu.add(text, partial(page.set_zoom, zoom))
                action.setCheckable(True)
                action.setChecked(page.picture.zoom == zoom)
            menu.addSeparator()
        if page.reflection.can_encode:
            action = menu.add(tr("Show what the encoder makes of it"), page.toggle_rebuilt)
            action.setCheckable(True)
            action.setChecked(page.shows_rebuilt)
        counts = Menu(tr("Nearest training items"), menu)
        for count in COUNTS:
            action = counts.add(str(count), partial(page.nearest.set_count, count))
            action.setCheckable(True)
            action.setChecked(page.nearest.count == count)
        menu.addMenu(counts)
