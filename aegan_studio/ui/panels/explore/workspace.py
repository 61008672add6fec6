"""The Explore workspace: the latent map, the current code, its sliders, and a walk."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

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
from aegan_studio.ui.panels.explore.canvas import CanvasPanel
from aegan_studio.ui.panels.explore.code_sliders import CodeSliders
from aegan_studio.ui.panels.explore.ends import EndsPanel
from aegan_studio.ui.panels.explore.latent_map import LatentMapPanel
from aegan_studio.ui.panels.explore.visited import VisitedPanel
from aegan_studio.ui.panels.explore.walk import MOST_FRAMES, WalkPanel
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.messages import Banner, Well
from aegan_studio.ui.widgets.panels import Panel

GAP = 8
VISITED_FROM = 640
"""Height from which there is room for the visited codes."""
SENTENCE = 480
"""Width of the sentence that stands in for everything while there is nothing to explore."""
WIDTHS = (612, 344, 292)
"""Map, canvas and column of moves, in proportion."""


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
        self.banner = Banner(severity="error", dismissible=True)
        self.banner.hide()
        self.well = Well(tr("Train a model first"), button=tr("Train"), icon="compass")
        self.well.clicked.connect(session.train)
        self.map = LatentMapPanel(self.explorer)
        self.canvas = CanvasPanel(self.explorer)
        self.sliders = CodeSliders(self.explorer)
        self.visited = VisitedPanel(self.explorer)
        self.visited.hide()  # until there is room
        self.ends = EndsPanel(self.explorer)
        self.walk = WalkPanel(self.explorer)
        self._panels: dict[str, Panel] = {
            "map": self.map,
            "canvas": self.canvas,
            "sliders": self.sliders,
            "visited": self.visited,
            "ends": self.ends,
            "walk": self.walk,
        }
        for name, panel in self._panels.items():
            panel.make_floatable(f"explore.{name}")
            panel.sight_changed.connect(self._say_what_is_seen)
        self._seen = False
        self._lay_out()
        self._actions = self._build_actions()
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
        moves = QVBoxLayout()
        moves.setSpacing(GAP)
        moves.addWidget(self.sliders, 100)
        moves.addWidget(self.visited, 1)
        moves.addWidget(self.ends)
        upper = QHBoxLayout()
        upper.setSpacing(GAP)
        for panel, share in zip((self.map, self.canvas), WIDTHS, strict=False):
            panel.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            upper.addWidget(panel, share)
        column = QWidget()
        column.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        moves.setContentsMargins(0, 0, 0, 0)
        column.setLayout(moves)
        column.setMinimumWidth(226)
        self.canvas.setMinimumWidth(256)
        upper.addWidget(column, WIDTHS[2])
        rooms = QWidget()
        whole = QVBoxLayout(rooms)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GAP)
        whole.addLayout(upper, 1)
        whole.addWidget(self.walk)
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
        seen = self.isVisible() or any(panel.isVisible() for panel in self._panels.values())
        if seen == self._seen:
            return
        self._seen = seen
        self._session.want("weights", self, seen)
        if seen:
            self._follow()

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

    def _build_actions(self) -> list[QAction]:
        explorer = self.explorer
        table: tuple[tuple[str, Callable[[], object], str], ...] = (
            (tr("Go to a random code"), lambda: explorer.draw(), ""),
            (tr("Go to the middle of the codes"), explorer.recenter, ""),
            (tr("Take the last move back"), explorer.back, "Alt+Left"),
            (tr("Set A here"), lambda: explorer.set_end("A"), "Ctrl+Shift+A"),
            (tr("Set B here"), lambda: explorer.set_end("B"), "Ctrl+Shift+B"),
            (tr("Exchange A and B"), explorer.swap_ends, ""),
            (tr("Play or pause the walk"), self.walk.toggle, "Ctrl+Shift+P"),
            (tr("Show all codes"), self.map.map.fit, ""),
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

    def state(self) -> QByteArray:
        """How walks go, for :meth:`restore`."""
        kept = {"frames": self.explorer.frames, "interpolation": self.explorer.interpolation}
        return QByteArray(json.dumps(kept).encode())

    def restore(self, state: QByteArray) -> None:
        """Take on what was remembered; what makes no sense counts as absent."""
        try:
            known = json.loads(bytes(state.data()).decode())
        except ValueError:
            return
        if not isinstance(known, dict):
            return
        frames, kind = known.get("frames"), known.get("interpolation")
        if isinstance(frames, int) and 2 <= frames <= MOST_FRAMES:
            self.explorer.set_walk(frames=frames)
            self.walk.frames.set_value(frames)
        if kind in ("linear", "spherical"):
            self.explorer.set_walk(interpolation=kind)
            self.walk.kind.set_value(kind)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Weights) and self._seen:
            self._follow()

    def _follow(self) -> None:
        weights = self._session.latest.get(Weights)
        if isinstance(weights, Weights):
            self.explorer.follow(self._session.experiment, weights)

    def _on_run(self, _session: object) -> None:
        self.banner.hide()
        self.explorer.reset()

    def _on_state(self, state: str) -> None:
        if state == "empty":
            self.explorer.reset()
        self._say_why_empty()

    # What is shown

    def _on_loaded(self, model: Loaded | None) -> None:
        self._stack.setCurrentWidget(self.well if model is None else self._rooms)
        if model is not None:
            self.canvas.set_title(self.canvas.title, tr("step {step:,}", step=model.step))

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
        self.visited.place.setVisible(event.size().height() >= VISITED_FROM)
        side = max(16, (event.size().width() - SENTENCE) // 2)
        layout = self.well.layout()
        if layout is not None:
            layout.setContentsMargins(side, 14, side, 14)
