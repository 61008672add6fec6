"""The current code: what it decodes to, its numbers, and the data most like it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QGuiApplication,
    QImage,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.runs.codes import code_of_text
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Decoded, Loaded, Sheeted, Walked
from aegan_studio.ui.panels.explore.code.compare import CompareView
from aegan_studio.ui.panels.explore.code.menu import CanvasMenu
from aegan_studio.ui.panels.explore.code.nearest import COUNTS, MEASURES, NearestSection
from aegan_studio.ui.panels.explore.code.nearest_check import CheckView
from aegan_studio.ui.panels.explore.code.picture import ZOOMS, CodePicture, Zoom
from aegan_studio.ui.panels.explore.code.plane import PlaneView
from aegan_studio.ui.panels.explore.code.reading import CodeReading
from aegan_studio.ui.panels.explore.code.reflection import Reflection
from aegan_studio.ui.panels.explore.code_mime import code_mime, code_of
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.keep.bookmarks_shelf import keep_current
from aegan_studio.ui.panels.explore.keep.exporting import copy_code
from aegan_studio.ui.panels.explore.keep.exporting_dialog import export_dialog
from aegan_studio.ui.panels.explore.keep.visited import visited_of
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.pictures import copy_image

WORDS_FROM = 310
"""Width of the page from which each button has room for its word."""
NEAREST_FROM = 300
"""Height of the page from which there is room for the title of the nearest items."""
UNFOLDED_FROM = 430
"""Height from which they are shown unless a person wants otherwise."""
LEAST_WIDE, LEAST_TALL = 240, 180
"""The least size of the page."""


class _Rule(QWidget):
    """A hairline across a panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(5)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 2, self.width(), 1), current_theme().color("hairline"))


class CodePage(Page):
    """The decoded picture or point of the current code; behind it, checks and comparisons."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(12, 0, 12, 10), parent=parent)
        self._explorer = explorer
        visited_of(explorer)  # which remembers from now on, whether its strip is seen or not
        self._depiction = Depiction()
        self._with_rebuilt = self._fold_chosen = False
        self.back = IconButton("undo", tr("Take the last move back"))
        self.forward = IconButton("redo", tr("Do the move again"))
        self.pair = IconButton("compare", tr("Compare two codes"))
        self.out = IconButton("export", tr("Export pictures, contact sheets and codes…"))
        self.share = IconButton("more", tr("View, copy, paste, and more"))
        for control in (self.back, self.forward, self.pair, self.out, self.share):
            self.add_action(control)
        self.front = QWidget()
        self._front = QVBoxLayout(self.front)
        self._front.setContentsMargins(0, 0, 0, 0)
        self._front.setSpacing(7)
        self._build_front()
        self.check = CheckView(explorer)
        self.compare = CompareView(explorer)
        stack = QWidget()
        self._stack = QStackedLayout(stack)
        for view in (self.front, self.check, self.compare):
            self._stack.addWidget(view)
        self.add(stack, 1)
        self._menu = CanvasMenu(self, explorer)
        self._actions = self._build_commands()
        self._connect()
        self._on_history()
        self._on_loaded(explorer.model)

    def _build_front(self) -> None:
        self.picture = CodePicture(
            tr("Train a model first: what a code decodes to appears here."),
            name=tr("Picture of the current code"),
        )
        self.plane = PlaneView()
        self.rebuilt = CodePicture(name=tr("Picture of E(G(z))"), tag="G(E(G(z)))")
        self.rebuilt.hide()
        views = QWidget()
        self._views = QStackedLayout(views)
        self._views.addWidget(self.picture)
        self._views.addWidget(self.plane)
        shown = QHBoxLayout()
        shown.setSpacing(8)
        shown.addWidget(views, 1)
        shown.addWidget(self.rebuilt, 1)
        self._row = CodeReading(self._explorer)
        self.reading, self.likeness = self._row.numbers, self._row.likeness
        self.reflection = Reflection(self._explorer)
        self.nearest = NearestSection(self._explorer)
        self._rule = _Rule()
        self._front.addLayout(shown, 1)
        self._front.addWidget(self._row)
        self._front.addWidget(self.reflection)
        self._front.addLayout(self._build_buttons())
        self._front.addWidget(self._rule)
        self._front.addWidget(self.nearest)

    def _build_buttons(self) -> QHBoxLayout:
        self.random = Button(
            tr("Random"),
            icon="dice",
            tooltip=tr("Go to a random code; each press takes the next seed."),
        )
        self.seed = NumberField(
            self._explorer.seed, lo=0, integer=True, unit=tr("seed"), name=tr("Seed")
        )
        self.seed.setToolTip(tr("The seed of the random code: the same seed gives the same code."))
        self.reset = IconButton(
            "axes",
            tr("Centre: go to the middle of the codes; locked values stay."),
            variant="plain",
        )
        self.keep = Button(
            tr("Bookmark"),
            icon="bookmark",
            tooltip=tr("Keep this code with its picture, beside the run (Ctrl+D)."),
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.random, 3)
        row.addWidget(self.seed, 2)
        row.addWidget(self.reset)
        row.addWidget(self.keep, 3)
        return row

    def _build_commands(self) -> list[QAction]:
        table = (
            (tr("Bookmark the current code"), self.bookmark, "Ctrl+D"),
            (tr("Copy the code"), self.copy_code, "Ctrl+Shift+C"),
            (tr("Paste a code"), self.paste_code, "Ctrl+Shift+V"),
            (tr("Compare two codes"), self.show_compare, ""),
            (tr("Check many samples for copies of the data"), self.show_check, ""),
            (tr("Show what the encoder makes of the picture"), self.toggle_rebuilt, ""),
            *((text, act, "") for text, act in self._menu.exports()),
        )
        actions = []
        for text, act, shortcut in table:
            action = QAction(text, self)
            action.triggered.connect(lambda _checked=False, act=act: act())
            action.setShortcut(QKeySequence(shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(action)
            actions.append(action)
        return actions

    def _connect(self) -> None:
        explorer = self._explorer
        self.random.clicked.connect(lambda: explorer.draw())
        self.seed.value_changed.connect(lambda seed: explorer.draw(int(seed)))
        self.reset.clicked.connect(explorer.recenter)
        self.keep.clicked.connect(self.bookmark)
        self.back.clicked.connect(explorer.back)
        self.forward.clicked.connect(explorer.forward)
        self.pair.clicked.connect(self._turn_compare)
        self.out.clicked.connect(lambda: export_dialog(explorer, "picture", self))
        self.share.clicked.connect(
            lambda: self.open_menu(self.share.mapToGlobal(self.share.rect().bottomLeft()))
        )
        self.picture.menu_asked.connect(self.open_menu)
        self.picture.set_drag(self._carried)
        self.plane.set_drag(self._carried)
        self.nearest.check_asked.connect(self.show_check)
        self.nearest.fold_chosen.connect(self._on_fold_chosen)
        self.check.left.connect(self.show_front)
        self.compare.left.connect(self.show_front)
        self.reflection.arrived.connect(self._on_reflected)
        explorer.loaded.connect(self._on_loaded)
        explorer.picture_changed.connect(self._on_picture)
        explorer.seed_changed.connect(self.seed.set_value)
        explorer.history_changed.connect(self._on_history)
        explorer.walked.connect(self._on_walk)
        explorer.sheet_changed.connect(self._on_sheet)

    def commands(self) -> list[QAction]:
        """What can be done here, by name."""
        return self._actions

    def state(self) -> dict[str, Any]:
        """How pictures are shown, and which neighbours are looked for."""
        return {
            "zoom": self.picture.zoom,
            "rebuilt": self._with_rebuilt,
            "nearest": self.nearest.count,
            "measure": self.nearest.chosen,
            "folded": self.nearest.folded if self._fold_chosen else None,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was remembered."""
        zoom, count = state.get("zoom"), state.get("nearest")
        if zoom in ZOOMS:
            self.set_zoom(zoom)
        if type(count) is int and count in COUNTS:
            self.nearest.set_count(count)
        if state.get("measure") in MEASURES:
            self.nearest.set_measure(state["measure"])
        if type(state.get("folded")) is bool:
            self._fold_chosen = True
            self.nearest.set_folded(state["folded"])
        if state.get("rebuilt") is True:
            self.set_rebuilt(True)

    # What arrives

    def _on_loaded(self, model: Loaded | None) -> None:
        for widget in (self.random, self.seed, self.reset, self.keep):
            widget.setEnabled(model is not None)
        for widget in (self.pair, self.out, self.share):
            widget.setEnabled(model is not None)
        if model is None:
            self.show_front()
            self._views.setCurrentWidget(self.picture)
            for picture in (self.picture, self.rebuilt):
                picture.set_picture(None)
        elif model.data is not None:
            if self._views.currentWidget() is not self.plane:
                self.plane.set_data(model.data)
                self._depiction = self.plane.depiction
                self._views.setCurrentWidget(self.plane)
        else:
            self._views.setCurrentWidget(self.picture)
        if model is not None:
            self.set_subtitle(tr("step {step:,}", step=model.step))
        self._fit()

    def _on_picture(self, picture: Decoded) -> None:
        if self._views.currentWidget() is self.plane:
            self.plane.set_point(picture.item)
        else:
            self.picture.set_picture(picture.item)

    def _on_walk(self, walk: Walked | None) -> None:
        if self._views.currentWidget() is self.plane:
            self.plane.set_path(None if walk is None else walk.items)

    def _on_sheet(self, sheet: Sheeted) -> None:
        if self._views.currentWidget() is self.plane:
            self.plane.set_sheet(sheet)

    def _on_reflected(self) -> None:
        answer, shown = self.reflection.answer, self.shows_rebuilt
        item = answer.rebuilt if answer is not None and shown else None
        pictured = shown and self.shows_pictures
        self.rebuilt.setVisible(pictured)
        self.picture.set_tag("G(z)" if pictured else "")
        if self.shows_pictures:
            self.rebuilt.set_picture(item)
        else:
            self.plane.set_rebuilt(item)

    def _on_history(self) -> None:
        self.back.setEnabled(self._explorer.can_go_back)
        self.forward.setEnabled(self._explorer.can_go_forward)

    # What a person does

    def bookmark(self) -> None:
        """Keep the current code."""
        keep_current(self._explorer)

    def copy_picture(self) -> None:
        """Put the picture on the clipboard, pixel for pixel."""
        image = self.shown_image()
        if image is not None:
            copy_image(image)
            self._explorer.told.emit(tr("Copied the picture."))

    def copy_code(self) -> None:
        """Put the code's numbers on the clipboard."""
        if self._explorer.code.size:
            copy_code(self._explorer.code)
            self._explorer.told.emit(tr("Copied the code."))

    def paste_code(self) -> None:
        """Go to a code from the clipboard: numbers, JSON, or one that was copied here."""
        clipboard, model = QGuiApplication.clipboard(), self._explorer.model
        if model is None:
            return
        kept = code_of(clipboard.mimeData())
        code = kept[0] if kept is not None else code_of_text(clipboard.text())
        if code is None:
            self._explorer.told.emit(
                tr(
                    "There is no code on the clipboard: copy {d:,} numbers first.",
                    d=model.dimensions,
                )
            )
        elif code.size != model.dimensions:
            self._explorer.told.emit(
                tr(
                    "The clipboard holds {given:,} numbers; a code of this model has {d:,}.",
                    given=code.size,
                    d=model.dimensions,
                )
            )
        else:
            self._explorer.move(code)

    def set_zoom(self, zoom: Zoom) -> None:
        """Show pictures at whole factors, at 1:1, or smooth."""
        for picture in (self.picture, self.rebuilt):
            picture.set_zoom(zoom)

    def set_rebuilt(self, on: bool) -> None:
        """Show what encoding and decoding again makes of the picture, beside it."""
        self._with_rebuilt = on
        self._on_reflected()

    @property
    def shows_pictures(self) -> bool:
        """Whether items are pictures, not points."""
        return self._views.currentWidget() is self.picture

    @property
    def shows_rebuilt(self) -> bool:
        """Whether what encoding and decoding makes of the item is shown."""
        return self._with_rebuilt and self.reflection.can_encode

    def toggle_rebuilt(self) -> None:
        """Show it, or hide it."""
        self.set_rebuilt(not self._with_rebuilt)

    def show_front(self) -> None:
        """Show the current code."""
        self._stack.setCurrentWidget(self.front)

    def show_check(self) -> None:
        """Show the check of many samples, in the distance chosen for the nearest."""
        self.check.set_measure(self.nearest.chosen, self.nearest.chosen_name)
        self._stack.setCurrentWidget(self.check)

    def show_compare(self) -> None:
        """Show two codes side by side: where one is now stays as the first."""
        self._stack.setCurrentWidget(self.compare)
        self.compare.hold_current()

    def _turn_compare(self) -> None:
        if self._stack.currentWidget() is self.compare:
            self.show_front()
        else:
            self.show_compare()

    def minimumSizeHint(self) -> QSize:
        """Buttons say less where there is little room, and views behind may be cut."""
        return QSize(LEAST_WIDE, LEAST_TALL)

    def shown_image(self) -> QImage | None:
        """The picture or the plane as it is shown."""
        if self._views.currentWidget() is self.plane:
            return self.plane.image()
        return self.picture.image

    def open_menu(self, where: QPoint) -> None:
        """Offer what can be done with the picture and the code."""
        self._menu.open(where)

    def _carried(self) -> QMimeData | None:
        picture = self._explorer.picture
        if picture is None:
            return None
        return code_mime(picture.code, picture.item, tr("Current code"), depiction=self._depiction)

    # Lay-out

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the picture takes it all, and buttons say less."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = self.width() >= WORDS_FROM
        self.keep.setText(tr("Bookmark") if wide else "")
        self.keep.updateGeometry()
        room = self.height() >= NEAREST_FROM and self._explorer.model is not None
        self._rule.setVisible(room)
        self.nearest.setVisible(room)
        if not self._fold_chosen:
            self.nearest.set_folded(self.height() < UNFOLDED_FROM)

    def _on_fold_chosen(self) -> None:
        self._fold_chosen = True
