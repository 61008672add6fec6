"""The Compare workspace: a kept experiment A beside the recipe B, trained in lockstep."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from aegan_studio.catalog.measures import measures
from aegan_studio.catalog.rivals import ring_pair, rivals
from aegan_studio.catalog.vitals import vitals_for
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Evaluated, Event
from aegan_studio.experiment.sides import SIDES, Side
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ui.document import Document
from aegan_studio.ui.icons import icon
from aegan_studio.ui.panels.compare import picks
from aegan_studio.ui.panels.compare.column import SideColumn
from aegan_studio.ui.panels.compare.curves import SharedCurves
from aegan_studio.ui.panels.compare.differing import DifferencesPanel
from aegan_studio.ui.panels.compare.empty import EmptyPage
from aegan_studio.ui.panels.compare.head import CompareHead
from aegan_studio.ui.panels.compare.scores import ScoresPanel
from aegan_studio.ui.training.pair import Pair
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.pick_list import PickList

GAP = 8

LEAST_SIDE, LEAST_MIDDLE = 220, 210


class CompareWorkspace(QWidget):
    """Columns of both sides with their differences between them; curves and scores below.

    The pair that it shows outlives it: another language builds the workspace anew around it.
    """

    told = Signal(str)
    """Something worth a quiet line."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._session = document, session
        self.pair = Pair.of(document, session)
        self._list: PickList | None = None
        self._recorded: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
        self._outdated = True
        self.empty = EmptyPage()
        self.head = CompareHead(self.pair)
        self.columns = {side: SideColumn(document, self.pair, side) for side in SIDES}
        self.differences = DifferencesPanel(self.pair)
        self.curves = (SharedCurves(self.pair, 0), SharedCurves(self.pair, 1))
        self.scores = ScoresPanel(self.pair)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self._bench = self._lay_out()
        self.pages.addWidget(self._bench)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.addWidget(self.pages)
        self._connect()

    def _lay_out(self) -> QWidget:
        across = Qt.Orientation.Horizontal
        self.above, self.below = QSplitter(across), QSplitter(across)
        self.down = QSplitter(Qt.Orientation.Vertical)
        parts: tuple[tuple[QSplitter, QWidget, int, int], ...] = (
            (self.above, self.columns["a"], LEAST_SIDE, 34),
            (self.above, self.differences, LEAST_MIDDLE, 30),
            (self.above, self.columns["b"], LEAST_SIDE, 34),
            (self.below, self.curves[0], LEAST_MIDDLE, 1),
            (self.below, self.curves[1], LEAST_MIDDLE, 1),
            (self.below, self.scores, LEAST_MIDDLE, 1),
        )
        for splitter, widget, least, share in parts:
            widget.setMinimumWidth(least)
            splitter.addWidget(widget)
            splitter.setStretchFactor(splitter.count() - 1, share)
        self.down.addWidget(self.above)
        self.down.addWidget(self.below)
        self.above.setMinimumHeight(220)
        self.below.setMinimumHeight(140)
        self.down.setStretchFactor(0, 64)
        self.down.setStretchFactor(1, 36)
        for splitter in self._splitters:
            splitter.setHandleWidth(GAP)
            splitter.setChildrenCollapsible(False)
        self._share_out()
        bench = QWidget()
        column = QVBoxLayout(bench)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.head)
        column.addWidget(self.down, 1)
        return bench

    @property
    def _splitters(self) -> tuple[QSplitter, ...]:
        return self.above, self.below, self.down

    def _share_out(self) -> None:
        """The sizes that it has at first."""
        self.above.setSizes([340, 300, 340])
        self.below.setSizes([330, 330, 330])
        self.down.setSizes([640, 360])

    def _connect(self) -> None:
        self.empty.keep_asked.connect(self.keep)
        self.empty.ring_asked.connect(self.begin_ring)
        self.empty.rival_asked.connect(self.compare_with)
        self.empty.more_asked.connect(partial(self.choose, self.empty.more))
        self.head.chooser_asked.connect(partial(self.choose, self.head.choose))
        self.head.part_changed.connect(self._show_part)
        self.pair.changed.connect(self._refresh)
        self.pair.state_changed.connect(self._refresh)
        for twin in self.pair.sides.values():
            twin.event.connect(self._on_event)

    # What a person asks for

    @property
    def transport(self) -> Pair:
        """What Train, Step and Restart drive while this workspace is in view."""
        return self.pair

    def keep(self) -> None:
        """Keep the recipe as it is now: edits from now on are differences."""
        self.pair.keep()
        self.told.emit(tr("Kept as A. Change the recipe: it is B."))

    def compare_with(self, name: str) -> None:
        """Compare the recipe with another model of the same data."""
        self._try(("model", name))

    def begin_ring(self) -> None:
        """A GAN against a WGAN-GP on the ring of eight, at once."""
        try:
            first, second = ring_pair()
        except StudioError as error:
            self._session.trouble.emit(error)
            return
        self._session.stop()
        self._document.replace(second)
        self.pair.keep(first)
        self.pair.restart()

    def choose(self, anchor: QWidget) -> None:
        """Open the list of what the recipe can be compared with."""
        window = self.window()
        if self._list is None or self._list.parentWidget() is not window:
            self._list = PickList(window, tr("Compare with"))
            self._list.picked.connect(self._try)
            self.destroyed.connect(self._list.deleteLater)
        self._list.open(picks.picks(self._document.experiment), None, anchor)

    @property
    def chooser(self) -> PickList | None:
        """The list of what to compare with; ``None`` until it was opened first."""
        return self._list

    def _try(self, choice: picks.Choice) -> None:
        try:
            experiment = picks.chosen(choice, self._document.experiment, self)
        except StudioError as error:
            self._session.trouble.emit(error)
            return
        if experiment is not None:
            self.pair.keep(experiment)

    def commands(self) -> list[QAction]:
        """Commands of the palette."""
        found = [self._command(tr("Keep this recipe for comparison"), self.keep, "pin")]
        if self.pair.wanted("a") is not None:
            found.append(self._command(tr("Swap A and B"), self.pair.swap, "compare"))
            found.append(self._command(tr("Compare with nothing"), self.pair.forget, "close"))
        for model in rivals(self._document.experiment):
            words = tr("Compare with {model}", model=tr(model.label))
            found.append(self._command(words, partial(self.compare_with, model.name), "compare"))
        words = tr("GAN against WGAN-GP on the ring")
        found.append(self._command(words, self.begin_ring, "play"))
        return found

    def _command(self, text: str, run: Callable[[], object], icon_name: str) -> QAction:
        action = QAction(text, self)
        action.setIcon(icon(icon_name))
        action.triggered.connect(lambda _checked=False: run())
        return action

    # What is shown

    def _refresh(self, _what: object = None) -> None:
        """Show what is compared; out of sight, later."""
        self._outdated = not self.isVisible()
        if self._outdated:
            return
        compared = self.pair.kept is not None
        self.pages.setCurrentWidget(self._bench if compared else self.empty)
        if not compared:
            self.empty.show_rivals(self._document.experiment)
            return
        self.head.refresh()
        self.differences.refresh()
        for column in self.columns.values():
            column.refresh()
        shown = {side: self._shown(side) for side in SIDES}
        points = all(one.data_info().modality == "points" for one in shown.values())
        rebuilt = not points and all("encoder" in one.networks for one in shown.values())
        self.head.show_parts(rebuilt)
        self._show_part(str(self.head.part.value) if rebuilt else "samples")
        self._offer(shown)

    def _shown(self, side: Side) -> Experiment:
        return self.pair.sides[side].experiment

    def _show_part(self, part: str) -> None:
        for side, column in self.columns.items():
            points = self._shown(side).data_info().modality == "points"
            column.show_part("plane" if points else part)

    def _offer(self, shown: dict[Side, Experiment]) -> None:
        """What can be drawn of both: what was recorded, and what is going to be."""
        names = []
        for side, experiment in shown.items():
            expected = {figure.name for info in vitals_for(experiment) for figure in info.figures}
            names.append(frozenset(expected) | self._recorded[SIDES.index(side)])
        found = measures(shown["a"], shown["b"], (names[0], names[1]))
        for curves in self.curves:
            curves.offer(found)
        self.scores.offer(found)

    def _on_event(self, event: Event) -> None:
        if not isinstance(event, Evaluated):
            return
        recorded = tuple(frozenset(t.history.held_out) for t in self.pair.sides.values())
        if recorded != self._recorded:
            self._recorded = (recorded[0], recorded[1])
            self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Take on what changed while it was hidden."""
        super().showEvent(event)
        if self._outdated:
            self._refresh()

    # What is remembered

    def state(self) -> QByteArray:
        """What a person chose, for :meth:`restore`."""
        known = {
            "curves": [curves.chosen for curves in self.curves],
            "sizes": [splitter.sizes() for splitter in self._splitters],
        }
        return QByteArray(json.dumps(known).encode())

    def restore(self, state: QByteArray) -> None:
        """Take on what was remembered; what makes no sense counts as absent."""
        try:
            known = json.loads(bytes(state.data()).decode())
        except ValueError:
            return
        if not isinstance(known, dict):
            return
        chosen, sizes = known.get("curves"), known.get("sizes")
        if isinstance(chosen, list):
            for curves, value in zip(self.curves, chosen, strict=False):
                if isinstance(value, str):
                    curves.choose(value)
        if isinstance(sizes, list) and len(sizes) == len(self._splitters):
            for splitter, lengths in zip(self._splitters, sizes, strict=True):
                if _are_sizes(lengths, splitter.count()):
                    splitter.setSizes(lengths)


def _are_sizes(lengths: object, count: int) -> bool:
    return (
        isinstance(lengths, list)
        and len(lengths) == count
        and all(isinstance(length, int) and length > 0 for length in lengths)
    )
