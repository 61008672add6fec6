"""What the panels of live views share: they ask for their view only while they are seen."""

from __future__ import annotations

import csv
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from aegan_studio.catalog.views import ViewInfo
from aegan_studio.experiment.events import Event, Views
from aegan_studio.experiment.views import View
from aegan_studio.files import writing
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.widget_picture import widget_menu
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.messages import Glyph
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.sentence import Sentence

DRAW_MS = 200
"""A view is drawn at most this often: the eye reads no histogram faster."""

MISSED = 2
"""Looks without the view after which it counts as absent: the first may be from before asking."""

ENDS = 64
"""Pixels of a header beside its layout: margins, and the button that floats the panel."""

WORDS, LEAST_WORDS = 104, 44
"""What the sub-title should have beside a switch, and below which it says nothing."""

LOW = 232
"""Pixels of height below which no line is spent on a switch where the header takes it."""

Row = Sequence[object]


class ViewPanel(Panel):
    """One live view: a switch, what is seen or a sentence in its place, numbers to take along.

    A subclass adds its widgets with :meth:`hold`, says in :attr:`argument` which view it wants,
    and draws it in :meth:`show_view`.
    """

    def __init__(
        self,
        info: ViewInfo,
        document: Document,
        session: Session,
        parent: QWidget | None = None,
        *,
        margins: tuple[int, int, int, int] = (14, 0, 14, 10),
    ) -> None:
        super().__init__(tr(info.label), margins=margins, parent=parent)
        self.info = info
        self._document = document
        self._session = session
        self._asked = ""
        self._latest: View | None = None
        self._drawn: View | None = None
        self._missed = 0
        self._changed = False
        self._clock = QTimer(self, interval=DRAW_MS, singleShot=True)
        self._clock.timeout.connect(self._draw)
        self.about = Glyph("info", "text3", 14)
        self.about.setToolTip(tr(info.help))
        self.about.setAccessibleName(tr(info.help))
        self.set_header_widget(self.about)
        self.well = Sentence()
        self._held: QWidget | None = None
        self._switch: QWidget | None = None
        self._switch_in_head = False
        self._said, self._narrow = "", False

    # For subclasses

    @property
    def argument(self) -> str:
        """Which of the views is wanted, where there are several."""
        return ""

    @abstractmethod
    def show_view(self, view: View) -> None:
        """Draw what is seen."""

    def numbers(self, view: View) -> Iterable[Row]:
        """The figures behind what is drawn, a heading first."""
        del view
        return ()

    def absent(self) -> str:
        """Why there is nothing to see although the model is looked at."""
        return tr("This model has nothing to show here.")

    def refresh(self) -> None:
        """Called when another run or experiment is looked at."""

    def hold(self, widget: QWidget, switch: QWidget | None = None) -> None:
        """Begin, with what shows the view and a switch above it; call once, at the end."""
        self._held, self._switch = widget, switch
        if switch is not None:
            self.add(switch)
            self.body.setAlignment(switch, Qt.AlignmentFlag.AlignLeft)
        self.add(widget, 1)
        self.add(self.well, 1)
        session = self._session
        session.event.connect(self._on_event)
        session.run_opened.connect(self._on_run)
        session.state_changed.connect(self._on_state)
        self._document.changed.connect(self._follow)
        self._on_run(session)
        latest = session.latest.get(Views)
        if isinstance(latest, Views):
            self._on_event(latest)

    # Asking

    @property
    def want(self) -> str:
        """What the view is asked for by."""
        return f"{self.info.name}:{self.argument}" if self.argument else self.info.name

    @property
    def view(self) -> View | None:
        """What was seen last."""
        return self._latest

    def ask(self) -> None:
        """Ask for the view that is wanted now, or for none while nobody sees it."""
        wanted = self.want if self.isVisible() else ""
        if wanted == self._asked:
            return
        before, self._asked = self._asked, wanted
        if wanted:
            self._session.want(wanted, self, True)
        if before:
            self._session.want(before, self, False)

    def change(self) -> None:
        """Another one of several is wanted: what is there stays until that has come."""
        self._missed = 0
        self._changed = True
        self.ask()

    # What happens

    def _on_event(self, event: Event) -> None:
        if not isinstance(event, Views):
            return
        view = event.values.get(self.want)
        if view is None:
            if self._asked:
                self._missed += 1
                if self._missed >= MISSED or self._session.state != "running":
                    self._latest = None
                    self._draw()
            return
        self._missed = 0
        at_once = self._latest is None or self._changed or self._session.state != "running"
        self._latest, self._changed = view, False
        if not self.isVisible():
            return
        if at_once:
            self._draw()
        elif not self._clock.isActive():
            self._clock.start()

    def _on_run(self, _session: object) -> None:
        self._latest = None
        self._missed = 0
        self.refresh()
        self.ask()
        self._draw()

    def _follow(self, _what: object = None) -> None:
        """The document's experiment is looked at where none runs."""
        if not self._session.has_run:
            self.refresh()
            self.ask()

    def _on_state(self, state: str) -> None:
        if state == "empty":
            self._latest = None
            self.refresh()
        self._draw()

    def _draw(self) -> None:
        """Show the newest, or a sentence in its place."""
        self._clock.stop()
        view, held = self._latest, self._held
        if held is None:
            return
        # what goes first, so that both never ask for room at once
        going, coming = (held, self.well) if view is None else (self.well, held)
        going.hide()
        coming.show()
        if view is None:
            self._drawn = None
            self.well.set_paragraphs(self._sentences())
        elif self.isVisible() and view is not self._drawn:
            self._drawn = view
            self.show_view(view)

    def _sentences(self) -> tuple[str, ...]:
        state = self._session.state
        if state == "empty":
            return tr(self.info.help), tr("Press Train to see it.")
        if self._missed >= MISSED or (self._missed and state != "running"):
            return (self.absent(),)
        if state in ("preparing", "running"):
            return (tr("It comes in a moment."),)
        return (tr("There is nothing to see yet. Press Train to go on."),)

    def say(self, words: str) -> None:
        """Say in a few words what is seen, after the title where there is room."""
        self._said = words
        self.set_title(self.title, "" if self._narrow else words)

    def redraw(self) -> None:
        """Draw the same view anew: another order, another scale."""
        self._drawn = None
        self._draw()

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        """In sight, it asks for its view."""
        super().showEvent(event)
        self.ask()
        self._draw()

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight, it costs nothing."""
        super().hideEvent(event)
        self.ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The switch stands in the header where there is room."""
        super().resizeEvent(event)
        self._place_switch()

    def _place_switch(self) -> None:
        """In the header where there is room; a low panel rather spares the line than the words."""
        switch = self._switch
        if switch is None:
            return
        wide = switch.sizeHint().width()
        room = self.width() - self.header.sizeHint().width() - ENDS
        if self._switch_in_head:
            room += wide
        in_head = room >= wide + (WORDS if self.height() >= LOW else 0)
        self._narrow = in_head and room - wide < LEAST_WORDS
        self.say(self._said)
        if in_head == self._switch_in_head:
            return
        self._switch_in_head = in_head
        if in_head:
            self.body.removeWidget(switch)
            self.header.addWidget(switch)
        else:
            self.header.removeWidget(switch)
            self.body.insertWidget(0, switch, 0, Qt.AlignmentFlag.AlignLeft)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy or save what is seen, or its numbers."""
        if self._latest is not None and self._held is not None:
            self.menu().popup(event.globalPos())

    def menu(self) -> Menu:
        """What can be done with what is seen."""
        assert self._held is not None
        menu = widget_menu(self._held, f"{self.info.name}.png")
        menu.add(tr("Save numbers…"), partial(self._ask_where), icon_name="export")
        return menu

    def _ask_where(self) -> None:
        name = f"{self.info.name}.csv"
        path = QFileDialog.getSaveFileName(self, tr("Save numbers"), name, "CSV (*.csv)")[0]
        if path:
            try:
                self.save_numbers(Path(path).with_suffix(".csv"))
            except StudioError as error:
                self._session.trouble.emit(error)

    def save_numbers(self, path: Path) -> None:
        """Write the figures behind what is seen as CSV.

        Raises
        ------
        StudioError
            The file cannot be written.
        """
        rows = [] if self._latest is None else list(self.numbers(self._latest))
        with writing(path), path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
