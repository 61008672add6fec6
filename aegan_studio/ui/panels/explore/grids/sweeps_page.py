"""What sheets that follow the current code share: one request at a time, and only in view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Loaded, Trouble
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.grids.tile_sheet import TileSheet
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.menus import Menu


class SheetPage(Page):
    """A page with a sheet that the worker makes anew when the code or the weights change.

    While a request is under way the next one waits for its first, coarse answer, so that a code
    that keeps moving is followed as fast as the decoder allows, and never behind a queue. Out of
    view nothing is asked for.

    Parameters
    ----------
    kind : type
        Of the request, which :meth:`request` makes and whose answers :meth:`show_answer` takes.
    """

    def __init__(
        self,
        explorer: Explorer,
        kind: type,
        *,
        margins: tuple[int, int, int, int] = (14, 0, 14, 10),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(margins=margins, parent=parent)
        self._explorer = explorer
        self._kind = kind
        self._waiting = self._stale = False
        self.depiction = Depiction()
        self.more = IconButton("more", "")
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)
        explorer.listen(kind, self._on_answer, troubles=True)
        explorer.busy_changed.connect(self._on_busy)
        explorer.loaded.connect(self._on_loaded)
        explorer.code_changed.connect(self._on_code)

    def begin(self) -> None:
        """Take on what is there already; to be called when the page is built."""
        sheet = self.sheet_of()
        sheet.told.connect(self._explorer.told)
        sheet.failed.connect(self._explorer.trouble)
        self._on_loaded(self._explorer.model)

    # What a page says

    def request(self) -> object | None:
        """What to ask for now; ``None`` where nothing can be."""
        raise NotImplementedError

    def show_answer(self, answer: object) -> None:
        """Show what came."""
        raise NotImplementedError

    def show_model(self, model: Loaded | None) -> None:
        """Another model is in place, or none."""

    def sheet_of(self) -> TileSheet:
        """The sheet, for the menu."""
        raise NotImplementedError

    # Keeping up

    def want(self) -> None:
        """The sheet does not hold any more; ask when that makes sense."""
        if not self.isVisible() or self._waiting:
            self._stale = True
        else:
            self._soon.start()

    def _ask(self) -> None:
        if not self.isVisible():
            self._stale = True
            return
        asked = self.request()
        self._stale = False
        if asked is not None:
            self._waiting = True
            self._explorer.ask(asked)

    def _on_answer(self, answer: object) -> None:
        if isinstance(answer, Trouble):
            self.show_trouble(answer)
        else:
            self.show_answer(answer)
        self._go_on()

    def show_trouble(self, trouble: Trouble) -> None:
        """Say why there is nothing to see."""
        sheet = self.sheet_of()
        sheet.set_tiles(None)
        sheet.set_empty(tr.join(trouble.sentences))

    def _on_busy(self, kind: object) -> None:
        if kind is self._kind and not self._explorer.is_busy(self._kind):
            self._go_on()

    def _go_on(self) -> None:
        self._waiting = False
        if self._stale:
            self.want()

    def _on_code(self, _code: object) -> None:
        self.want()

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self._waiting = self._stale = False
            self._soon.stop()
        elif (model.data is not None) != self.depiction.of_points or model.data is not None:
            self.depiction = Depiction(model.data)
        self.more.setEnabled(model is not None)
        self.show_model(model)
        if model is not None:
            self.want()

    def showEvent(self, event: QShowEvent) -> None:
        """In view again: what changed meanwhile is asked for."""
        super().showEvent(event)
        if self._stale and not self._waiting:
            self._soon.start()

    # The menu

    def add_menu(self, tip: str) -> None:
        """Put the button of the sheet's menu into the header."""
        self.more.setToolTip(tip)
        self.more.setAccessibleName(tip)
        self.more.clicked.connect(self._open_menu)
        self.add_action(self.more)

    def menu(self) -> Menu:
        """Copy and save, and what a page adds."""
        menu = Menu(parent=self)
        for label, sign, act in self.entries():
            menu.add(label, act, icon_name=sign)
        return menu

    def entries(self) -> list[tuple[str, str, Callable[[], object]]]:
        """What can be done with the sheet: label, icon, act."""
        return self.sheet_of().entries()

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def commands(self) -> list[QAction]:
        """Copy and save, by name."""
        found = []
        for text, act in self.named_acts():
            action = QAction(text, self)
            action.triggered.connect(lambda _checked=False, act=act: act())
            found.append(action)
        return found

    def named_acts(self) -> list[tuple[str, Callable[[], object]]]:
        """The commands of the page: words and act."""
        return []
