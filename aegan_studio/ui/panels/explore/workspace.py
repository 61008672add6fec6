"""The Explore workspace: the latent map, the current code, its sliders, and a walk."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QByteArray, QCoreApplication, Qt
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QHideEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from aegan_studio.experiment.events import Event, Weights
from aegan_studio.i18n import tr
from aegan_studio.messages import Message
from aegan_studio.ui.document import Document
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Loaded
from aegan_studio.ui.latent.worker import LatentWorker
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.panels.explore.pages import PLACES
from aegan_studio.ui.panels.explore.place import Place
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.messages import Banner, Well

GAP = 8
SENTENCE = 480
"""Width of the sentence that stands in for everything while there is nothing to explore."""
WIDTHS = (612, 344, 292)
"""Atlas, canvas and column of moves, in proportion."""
HEIGHTS = (56, 44)
"""Moves and what is kept, in proportion."""


class ExploreWorkspace(QWidget):
    """Explores the weights of the session's run: while it trains, after, and opened from disk.

    The worker holds its own copy of the networks and follows the snapshots that the training
    reports; while this panel is out of sight none are asked for.

    Parameters
    ----------
    worker : LatentWorker or None
        By default the panel's own; ended by :meth:`end`, at the latest with the application.
    """

    def __init__(
        self,
        document: Document,
        session: Session,
        *,
        worker: LatentWorker | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        del document  # what is explored is the run, not what is being edited
        self._session = session
        self._worker = worker or LatentWorker(parent=self)
        self.explorer = Explorer(self._worker, self)
        self.told = self.explorer.told
        self.banner = Banner(severity="error", dismissible=True)
        self.banner.hide()
        self.well = Well(tr("Train a model first"), button=tr("Train"), icon="compass")
        self.well.clicked.connect(session.train)
        self.places = {name: Place(pages, self.explorer) for name, pages in PLACES.items()}
        self._actions: list[QAction] = []
        for name, place in self.places.items():
            place.make_floatable(f"explore.{name}")
            place.sight_changed.connect(self._say_what_is_seen)
            place.page_built.connect(self._take_commands)
        self._seen = False
        self._lay_out()
        self._actions += self._build_actions()
        for place in self.places.values():
            for page in place.built.values():
                self._take_commands(page)
        self.explorer.loaded.connect(self._on_loaded)
        self.explorer.trouble.connect(self._on_trouble)
        session.event.connect(self._on_event)
        session.run_opened.connect(self._on_run)
        session.state_changed.connect(self._on_state)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.end)
        self._say_why_empty()

    def _lay_out(self) -> None:
        atlas, canvas = self.places["atlas"], self.places["canvas"]
        column = QWidget()
        moves = QVBoxLayout(column)
        moves.setContentsMargins(0, 0, 0, 0)
        moves.setSpacing(GAP)
        for name, share in zip(("moves", "keep"), HEIGHTS, strict=True):
            moves.addWidget(self.places[name], share)
            self.places[name].setSizePolicy(
                QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored
            )
        upper = QHBoxLayout()
        upper.setSpacing(GAP)
        for panel, share in zip((atlas, canvas, column), WIDTHS, strict=True):
            panel.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            upper.addWidget(panel, share)
        column.setMinimumWidth(226)
        canvas.setMinimumWidth(256)
        rooms = QWidget()
        whole = QVBoxLayout(rooms)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GAP)
        whole.addLayout(upper, 1)
        whole.addWidget(self.places["walk"])
        self._rooms = rooms
        self._stack = QStackedLayout()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP, GAP, GAP, GAP)
        outer.setSpacing(GAP)
        outer.addWidget(self.banner)
        outer.addLayout(self._stack, 1)
        # Only now: a widget of a layout without a home would flash as a window of its own.
        self._stack.addWidget(self.well)
        self._stack.addWidget(rooms)

    # The run

    def showEvent(self, event: QShowEvent) -> None:
        """In sight: follow the snapshots."""
        super().showEvent(event)
        self._say_what_is_seen()

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight: snapshots would be made in vain."""
        super().hideEvent(event)
        self._say_what_is_seen()

    def _say_what_is_seen(self) -> None:
        """Snapshots are of use while a panel is in sight, here or in a window of its own."""
        seen = self.isVisible() or any(place.isVisible() for place in self.places.values())
        if seen == self._seen:
            return
        self._seen = seen
        self._session.want("weights", self, seen)
        if seen:
            self._follow()

    @property
    def is_settled(self) -> bool:
        """Whether the worker has nothing to do."""
        return self._worker.is_idle

    def end(self) -> None:
        """End the worker's thread; the workspace is not used any more."""
        self._worker.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window closes, or is built anew in another language."""
        self._session.want("weights", self, False)
        self.end()
        super().closeEvent(event)

    # What the window asks for

    def commands(self) -> list[QAction]:
        """What can be done here, by name."""
        return self._actions

    def show_page(self, place: str, page: str) -> None:
        """Show a page of a place, both by name; see :data:`pages.PLACES`."""
        self.places[place].show_page(page)

    def page(self, place: str, page: str) -> Page:
        """A page of a place, built if need be."""
        return self.places[place].build(page)

    def _build_actions(self) -> list[QAction]:
        explorer = self.explorer
        table: list[tuple[str, Callable[[], object], str]] = [
            (tr("Go to a random code"), lambda: explorer.draw(), ""),
            (tr("Go to the middle of the codes"), explorer.recenter, ""),
            (tr("Take the last move back"), explorer.back, "Alt+Left"),
            (tr("Do the move again"), explorer.forward, "Alt+Right"),
            (tr("Pin the current code"), lambda: explorer.add_pin(), "Ctrl+Shift+A"),
        ]
        for name, entries in PLACES.items():
            table += [
                (
                    tr("Explore: {page}", page=tr(entry.label)),
                    partial(self.show_page, name, entry.name),
                    "",
                )
                for entry in entries
                if len(entries) > 1
            ]
        actions = []
        for text, act, shortcut in table:
            action = QAction(text, self)
            action.triggered.connect(lambda _checked=False, act=act: act())
            action.setShortcut(QKeySequence(shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(action)
            actions.append(action)
        return actions

    def _take_commands(self, page: Page) -> None:
        for action in page.commands():
            self.addAction(action)
            self._actions.append(action)

    def state(self) -> QByteArray:
        """Which pages are in view and what they remember, for :meth:`restore`."""
        kept = {name: place.state() for name, place in self.places.items()}
        return QByteArray(json.dumps(kept).encode())

    def restore(self, state: QByteArray) -> None:
        """Take on what was remembered; what makes no sense counts as absent."""
        try:
            known = json.loads(bytes(state.data()).decode())
        except ValueError:
            return
        if not isinstance(known, dict):
            return
        for name, place in self.places.items():
            place.restore(known.get(name))

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Weights) and self._seen:
            self._follow()

    def _follow(self) -> None:
        weights = self._session.latest.get(Weights)
        if isinstance(weights, Weights):
            self.explorer.set_folder(self._session.folder)
            self.explorer.follow(self._session.experiment, weights)

    def _on_run(self, _session: object) -> None:
        self.banner.hide()
        self.explorer.reset()
        self.explorer.set_folder(self._session.folder)

    def _on_state(self, state: str) -> None:
        if state == "empty":
            self.explorer.reset()
        self.explorer.set_training(state == "running")
        self._say_why_empty()

    # What is shown

    def _on_loaded(self, model: Loaded | None) -> None:
        self._stack.setCurrentWidget(self.well if model is None else self._rooms)

    def _say_why_empty(self) -> None:
        waiting = self._session.has_run and self._session.state != "failed"
        self.well.set_text(
            tr("The first weights of this run will appear here in a moment.")
            if waiting
            else tr(
                "Train a model first. Then walk through its latent space here: see where the data "
                "lie, decode any place between them, and follow while the model goes on learning."
            )
        )
        self.well.button.setVisible(not waiting)

    def _on_trouble(self, sentences: Sequence[Message]) -> None:
        self.banner.set(tr.join(sentences), severity="error")
        self.banner.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, some of it is left out."""
        super().resizeEvent(event)
        side = max(16, (event.size().width() - SENTENCE) // 2)
        layout = self.well.layout()
        if layout is not None:
            layout.setContentsMargins(side, 14, side, 14)
