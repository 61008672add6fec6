"""Bookmarks: named codes with their pictures, kept beside the run."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Loaded
from aegan_studio.ui.panels.explore.code_mime import CODE, code_mime, code_of
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.keep.bookmarks_grid import BookmarkGrid, Card
from aegan_studio.ui.panels.explore.keep.bookmarks_shelf import keep_current, shelf_of
from aegan_studio.ui.panels.explore.keep.exporting import copy_code
from aegan_studio.ui.panels.explore.keep.exporting_dialog import export_dialog
from aegan_studio.ui.panels.explore.keep.visited import VisitedStrip
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.theme import NOTE
from aegan_studio.ui.widgets.buttons import IconButton, LinkButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.messages import Well
from aegan_studio.ui.widgets.search_field import SearchField

FILES = "JSON (*.json)"


class BookmarksPage(Page):
    """The bookmarks in order, and below them the codes one went to."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(11, 0, 8, 8), parent=parent)
        self._explorer = explorer
        self._shelf = shelf_of(explorer)
        self._depiction = Depiction()
        self._keys: list[int] = []
        self._said = ""
        self.add_button = IconButton("plus", tr("Bookmark the current code (Ctrl+D)"), side=24)
        self.more = IconButton("more", tr("Import, export, decode again"), side=24)
        self.search = SearchField(tr("Find a bookmark"))
        self.grid = BookmarkGrid()
        self.well = Well(
            tr("Keep codes to come back to: press Ctrl+D, or drag a picture here."),
            button=tr("Bookmark the current code"),
        )
        self.visited = VisitedStrip(explorer)
        self.note = Label("", tone="text2", size=NOTE, elide=True)
        self.act = LinkButton("")
        self._build()
        self._connect()
        self._on_loaded(explorer.model)

    def _build(self) -> None:
        inside = self._inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 2, 3, 0)
        column.setSpacing(6)
        column.addWidget(self.grid)
        column.addWidget(self.well)
        column.addWidget(self.visited)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inside)
        self.area.setMinimumHeight(60)
        self.area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self._line = QWidget()
        line = QHBoxLayout(self._line)
        line.setContentsMargins(3, 0, 3, 0)
        line.setSpacing(8)
        line.addWidget(self.note, 1)
        line.addWidget(self.act)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 3, 0)
        top.setSpacing(4)
        top.addWidget(self.search, 1)
        top.addWidget(self.add_button)
        top.addWidget(self.more)
        self.add(top)
        self.add(self.area, 1)
        self.add(self._line)
        self.body.setSpacing(4)
        self.setAcceptDrops(True)
        self.grid.set_drag(self._carried)
        self._actions = [
            self._action(tr("Import bookmarks…"), self.take_in),
            self._action(tr("Export bookmarks…"), self.export),
            self._action(tr("Decode bookmarks again"), self._shelf.redecode),
            self._action(tr("Take the last change of bookmarks back"), self.undo, "Ctrl+Alt+Z"),
        ]

    def _action(self, text: str, act: object, shortcut: str = "") -> QAction:
        action = QAction(text, self)
        action.triggered.connect(act)
        action.setShortcut(QKeySequence(shortcut))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(action)
        return action

    def _connect(self) -> None:
        explorer, grid, shelf = self._explorer, self.grid, self._shelf
        self.add_button.clicked.connect(self.keep)
        self.well.clicked.connect(self.keep)
        self.more.clicked.connect(
            lambda: self._open_menu(self.more.mapToGlobal(self.more.rect().bottomLeft()))
        )
        self.search.textChanged.connect(lambda _text: self._show())
        self.act.clicked.connect(self._do_offered)
        grid.picked.connect(self._go)
        grid.renamed.connect(lambda at, name: shelf.rename(self._keys[at], name))
        grid.removed.connect(self.remove)
        grid.moved.connect(self._move)
        grid.dropped.connect(self._take_drop)
        grid.menu_asked.connect(self._open_card_menu)
        grid.copied.connect(self._copy)
        shelf.changed.connect(self._on_changed)
        shelf.notice_changed.connect(self._show_line)
        explorer.loaded.connect(self._on_loaded)
        explorer.code_changed.connect(lambda _code: self._show_here())

    def commands(self) -> list[QAction]:
        """What can be done here, by name."""
        return self._actions

    # What is shown

    def _on_loaded(self, model: Loaded | None) -> None:
        for button in (self.add_button, self.more, self.well.button):
            button.setEnabled(model is not None)
        if model is not None and (model.data is not None) != self._depiction.of_points:
            self._depiction = Depiction(model.data)
        self._show()

    def _on_changed(self) -> None:
        self._said = self._shelf.undoable
        self._show()

    def _show(self) -> None:
        shelf, words = self._shelf, self.search.words
        shown = shelf.shown
        self._keys = [
            index
            for index in shown
            if all(word in shelf.marks[index].name.lower() for word in words)
        ]
        cards = []
        for index in self._keys:
            mark = shelf.marks[index]
            stale = shelf.is_stale(mark)
            tip = tr("{name}: decoded at step {step:,}", name=mark.name, step=mark.step)
            if stale:
                tip = tr(
                    "{name}: its picture is of step {step:,}; the weights have moved on.",
                    name=mark.name,
                    step=mark.step,
                )
            cards.append(Card(index, mark.name, mark.item, stale, tip))
        self.grid.set_cards(cards, self._depiction)
        self.grid.setVisible(bool(cards) or bool(words))
        self.well.setVisible(not shown)
        count = len(shown)
        self.set_subtitle(f"{count:,}" if count else "")
        self._show_here()
        self._show_line()

    def _show_here(self) -> None:
        code = self._explorer.code
        marks = self._shelf.marks
        here = [at for at, key in enumerate(self._keys) if np.array_equal(marks[key].code, code)]
        self.grid.set_here(here[0] if here else None)

    def _show_line(self) -> None:
        """The last change with its undo, else old pictures, else where bookmarks are kept."""
        stale, notice = self._shelf.stale(), self._shelf.notice
        words = bool(self.search.words)
        if self._said and self._shelf.undoable:
            text, act = self._said, tr("Undo")
        elif words and not self._keys:
            text, act = tr("No bookmark is called so."), ""
        elif stale:
            text = tr("{count:,} pictures are of other weights.", count=len(stale))
            act = tr("Decode again")
        else:
            text, act = ("" if notice is None else tr(notice)), ""
        self.note.setText(text)
        self.note.setToolTip(text if notice is None else tr(notice))
        self.act.setText(act)
        self.act.setAccessibleName(act)
        self.act.updateGeometry()
        self.act.setVisible(bool(act))
        self._line.setVisible(bool(text))

    def _do_offered(self) -> None:
        if self._said and self._shelf.undoable:
            self.undo()
        else:
            self._shelf.redecode()

    # What a person does

    def keep(self) -> None:
        """Bookmark the current code."""
        if keep_current(self._explorer):
            self.search.clear()
            self._show_last()

    def undo(self) -> None:
        """Take the last change back."""
        self._shelf.undo()
        self._said = ""
        self._show_line()

    def remove(self, at: int) -> None:
        """Delete the bookmark at a place of the grid."""
        self._shelf.remove([self._keys[at]])

    def _show_last(self) -> None:
        if self._keys:
            cell = self.grid.cell(len(self._keys) - 1).toRect()
            where = self.grid.mapTo(self._inside, cell.center())
            self.area.ensureVisible(where.x(), where.y(), 10, 50)

    def _go(self, at: int) -> None:
        self._said = ""
        self._explorer.move(self._shelf.marks[self._keys[at]].code)
        self._show_line()

    def _move(self, at: int, to: int) -> None:
        if at < len(self._keys) and to < len(self._keys):
            self._shelf.move(self._keys[at], self._keys[to])

    def _carried(self, at: int) -> QMimeData | None:
        mark = self._shelf.marks[self._keys[at]]
        return code_mime(mark.code, mark.item, mark.name, depiction=self._depiction)

    def _copy(self, at: int) -> None:
        data = self._carried(at)
        if data is not None:
            QGuiApplication.clipboard().setMimeData(data)
            self._explorer.told.emit(tr("Copied the picture."))

    def _take_drop(self, data: QMimeData, before: int) -> None:
        found, model = code_of(data), self._explorer.model
        if found is None or model is None:
            return
        code, name = found
        if code.size != model.dimensions:
            self._explorer.told.emit(tr("This code belongs to another model."))
            return
        at = self._keys[before] if before < len(self._keys) else None
        try:
            self._shelf.add(code, None, name, at)
        except StudioError as error:
            self._explorer.trouble.emit(error.sentences())
            return
        self._shelf.redecode()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Codes may be dropped anywhere on the page."""
        if event.mimeData().hasFormat(CODE):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Beside the cards: at the end."""
        event.acceptProposedAction()
        self._take_drop(event.mimeData(), len(self._keys))

    def _open_card_menu(self, at: int, where: QPoint) -> None:
        if at < 0:
            self._open_menu(where)
            return
        self.card_menu(at).popup(where)

    def card_menu(self, at: int) -> Menu:
        """What can be done with the bookmark at a place of the grid."""
        menu, explorer = Menu(parent=self), self._explorer
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        mark = self._shelf.marks[self._keys[at]]
        menu.add(tr("Go there"), partial(self._go, at), icon_name="compass")
        menu.add(tr("Pin it"), partial(explorer.add_pin, mark.code), icon_name="pin")
        menu.addSeparator()
        menu.add(tr("Rename"), partial(self.grid.edit, at), icon_name="edit", shortcut="F2")
        menu.add(tr("Copy picture"), partial(self._copy, at), icon_name="copy")
        menu.add(tr("Copy code"), partial(copy_code, mark.code))
        if self._shelf.is_stale(mark):
            menu.add(tr("Decode again"), self._shelf.redecode, icon_name="history")
        menu.addSeparator()
        menu.add(tr("Delete"), partial(self.remove, at), icon_name="trash", shortcut="Del")
        return menu

    def _open_menu(self, where: QPoint) -> None:
        self.menu().popup(where)

    def menu(self) -> Menu:
        """What can be done with all bookmarks."""
        menu, some = Menu(parent=self), bool(self._shelf.shown)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add(tr("Bookmark the current code"), self.keep, icon_name="plus", shortcut="Ctrl+D")
        menu.addSeparator()
        menu.add(tr("Import bookmarks…"), self.take_in, icon_name="import")
        menu.add(tr("Export bookmarks…"), self.export, icon_name="export", enabled=some)
        menu.add(
            tr("Export a contact sheet…"),
            lambda: export_dialog(self._explorer, "sheet", self),
            icon_name="grid",
            enabled=some,
        )
        menu.addSeparator()
        menu.add(
            tr("Decode bookmarks again"),
            self._shelf.redecode,
            icon_name="history",
            enabled=bool(self._shelf.stale()),
        )
        menu.add(
            tr("Take the last change back"),
            self.undo,
            icon_name="undo",
            enabled=bool(self._shelf.undoable),
        )
        return menu

    def export(self) -> None:
        """Ask where, and write all bookmarks that fit this model."""
        text = QFileDialog.getSaveFileName(self, tr("Export bookmarks"), "bookmarks.json", FILES)[0]
        if not text:
            return
        path = Path(text) if Path(text).suffix else Path(text).with_suffix(".json")
        try:
            count = self._shelf.export(path, self._shelf.shown)
        except StudioError as error:
            self._explorer.trouble.emit(error.sentences())
            return
        self._tell(tr("Exported {count:,} bookmarks to {name}.", count=count, name=path.name))

    def take_in(self) -> None:
        """Ask for a file, and add the bookmarks in it that fit this model."""
        text = QFileDialog.getOpenFileName(self, tr("Import bookmarks"), "", FILES)[0]
        if not text:
            return
        try:
            count = self._shelf.take_in(Path(text))
        except StudioError as error:
            self._explorer.trouble.emit(error.sentences())
            return
        if not count:
            self._tell(tr("All bookmarks in {name} are here already.", name=Path(text).name))

    def _tell(self, text: str) -> None:
        self._explorer.told.emit(text)
