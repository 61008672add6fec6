"""A place of the Explore workspace: a panel whose header switches between pages."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.panels.explore.pages import PageEntry
from aegan_studio.ui.theme import BODY
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.switches import Segmented

LEFT_FOR_CONTROLS = 40
"""Pixels of the header that its end takes."""


class _Pages(QStackedWidget):
    """As large as the page in view asks for, not as the largest."""

    def sizeHint(self) -> QSize:
        """What the page in view asks for."""
        page = self.currentWidget()
        return page.sizeHint() if page is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """What the page in view needs."""
        page = self.currentWidget()
        return page.minimumSizeHint() if page is not None else super().minimumSizeHint()


class Place(Panel):
    """Shows one page at a time; pages are imported and built when first shown."""

    page_built = Signal(object)
    """A page was shown for the first time."""
    page_shown = Signal(str)

    def __init__(
        self, pages: Sequence[PageEntry], explorer: Explorer, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr(pages[0].label), margins=(0, 0, 0, 0), parent=parent)
        self._entries = {entry.name: entry for entry in pages}
        self._explorer = explorer
        self._built: dict[str, Page] = {}
        self._states: dict[str, dict[str, object]] = {}
        self._tools = QWidget()
        self._tool_row = QHBoxLayout(self._tools)
        self._tool_row.setContentsMargins(14, 0, 10, 0)
        self._tool_row.setSpacing(8)
        self._tool_row.addStretch(1)
        self._tools.hide()
        self._stack = _Pages()
        self.add(self._tools)
        self.add(self._stack, 1)
        labels = [(entry.name, tr(entry.label), tr(entry.tip)) for entry in pages]
        self.switch = Segmented(labels, pages[0].name, name=tr("Page"), size=BODY)
        self.drop_down = Choice(
            [(name, label) for name, label, _ in labels], pages[0].name, name=tr("Page")
        )
        self.drop_down.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._bar = QWidget()
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.addWidget(self.switch)
        bar.addWidget(self.drop_down)
        self.drop_down.hide()
        if len(pages) > 1:
            self._title.hide()
            self.header.insertWidget(0, self._bar)
        else:
            self._bar.hide()
        self.switch.value_changed.connect(self.show_page)
        self.drop_down.value_changed.connect(self.show_page)
        self.show_page(pages[0].name)

    @property
    def page(self) -> Page:
        """The page in view."""
        page = self._stack.currentWidget()
        assert isinstance(page, Page)
        return page

    @property
    def page_name(self) -> str:
        """The name of the page in view."""
        return next(name for name, page in self._built.items() if page is self.page)

    @property
    def built(self) -> dict[str, Page]:
        """The pages that were shown so far, by name."""
        return dict(self._built)

    def show_page(self, name: object) -> None:
        """Show a page by its name; one that is not here is not shown."""
        if not isinstance(name, str) or name not in self._entries:
            return
        page = self.build(name)
        for other in self._built.values():
            for control in other.header:
                control.setVisible(other is page)
        self._stack.setCurrentWidget(page)
        self.switch.set_value(name)
        self.drop_down.set_value(name)
        self.drop_down.updateGeometry()  # as wide as the word
        self.set_title(tr(self._entries[name].label), page.subtitle)
        self._fit()
        self.page_shown.emit(name)

    def build(self, name: str) -> Page:
        """A page, built if it is not there yet."""
        if name in self._built:
            return self._built[name]
        page = self._entries[name].make(self._explorer)
        self._built[name] = page
        self._stack.addWidget(page)
        for control in page.header:
            self.add_action(control)
        page.subtitle_changed.connect(lambda _text, page=page: self._follow(page))
        if name in self._states:
            page.restore(self._states.pop(name))
        self.page_built.emit(page)
        return page

    def state(self) -> dict[str, object]:
        """Which page is in view, and what each remembers."""
        pages = {**self._states, **{name: page.state() for name, page in self._built.items()}}
        return {"page": self.page_name, "pages": {n: s for n, s in pages.items() if s}}

    def restore(self, state: object) -> None:
        """Take on what was remembered."""
        if not isinstance(state, dict):
            return
        pages = state.get("pages")
        for name, kept in pages.items() if isinstance(pages, dict) else ():
            if name not in self._entries or not isinstance(kept, dict):
                continue
            if name in self._built:
                self._built[name].restore(kept)
            else:
                self._states[name] = kept
        self.show_page(state.get("page"))

    def _follow(self, page: Page) -> None:
        if page is self.page:
            self.set_title(self.title, page.subtitle)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the names of all pages have no room side by side, they drop down."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Names and controls side by side, or the controls in a line of their own below."""
        controls = sum(control.sizeHint().width() + 8 for control in self.page.header)
        room = self.width() - LEFT_FOR_CONTROLS - 24
        names = self.switch.sizeHint().width()
        self.switch.setVisible(names <= room)
        self.drop_down.setVisible(names > room)
        if len(self._entries) > 1:
            shown = names if names <= room else self.drop_down.sizeHint().width()
            self._lower(shown + controls > room)

    def _lower(self, on: bool) -> None:
        """Put the controls of the page in view below the header, or into it."""
        for control in self.page.header:
            if on and self._tool_row.indexOf(control) < 0:
                self.header.removeWidget(control)
                self._tool_row.insertWidget(self._tool_row.count() - 1, control)
            elif not on and self.header.indexOf(control) < 0:
                self._tool_row.removeWidget(control)
                self.header.addWidget(control)
        self._tools.setVisible(on and bool(self.page.header))
