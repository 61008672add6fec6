"""The recipe: data, method, networks and training, as cards that fold to a line."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from aegan_studio.catalog.datasets.sketch import Drawn, only_painted
from aegan_studio.experiment import Experiment, Problem
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.recipe.cards import (
    DataCard,
    MethodCard,
    NetworksCard,
    Pending,
    TrainingCard,
)
from aegan_studio.ui.settings import Settings
from aegan_studio.ui.theme import NOTE
from aegan_studio.ui.training.background import Background, Samples
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.cards import Card
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.messages import Banner, Glyph

WIDTH, NARROW_WIDTH = 280, 240


class RecipePanel(QWidget):
    """The left column: edits the document, says what is wrong and what waits for a restart."""

    layers_asked = Signal(str, int)
    """A role whose layers are to be edited, and the layer to select; −1 for none."""
    drawing_asked = Signal()
    """The drawing that the data are is to be edited."""

    def __init__(
        self,
        document: Document,
        session: Session,
        background: Background,
        menu: Menu,
        settings: Settings,
        *,
        narrow: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._session, self._background = document, session, background
        self._asked_samples: object = None
        self._outdated = True
        self._shown: Experiment | None = None
        self.data = DataCard(document, session, background)
        self.method = MethodCard(document, session)
        self.networks = NetworksCard(document, session)
        self.training = TrainingCard(document, session)
        self.cards = (self.data, self.method, self.networks, self.training)
        names = ("data", "method", "networks", "training")
        for name, card in zip(names, self.cards, strict=True):
            # what trains longest is changed most, so it stays open where there is little room
            folded = card.folded or (narrow and name in ("data", "method"))
            card.set_folded(settings.flag(f"folded.{name}", folded), animate=False)
            card.toggled.connect(partial(settings.set_flag, f"folded.{name}"))
        self._banner = Banner(dismissible=False, severity="info")
        self._banner.fix_requested.connect(session.restart)
        self._banner.hide()
        self._lay_out(menu)
        document.changed.connect(self._refresh)
        document.problems_changed.connect(self._show_problems)
        document.inspected.connect(self._show_inspection)
        self.networks.layers_asked.connect(self.layers_asked)
        self.data.drawing_asked.connect(self.drawing_asked)
        self._palette: QWidget | None = None
        self._unfolded: list[Card] = []
        session.pending_changed.connect(self._show_pending)
        background.samples_ready.connect(self._on_samples)
        self._refresh(document.experiment)

    @property
    def banner(self) -> Banner:
        """What waits for a restart; hidden where nothing does."""
        return self._banner

    def _lay_out(self, menu: Menu) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 8, 0)
        head.setSpacing(2)
        head.addWidget(Label(tr("Recipe"), size=13, weight=600), 1)
        stack = self._document.undo_stack
        undo, redo = IconButton("undo", tr("Undo")), IconButton("redo", tr("Redo"))
        for button, act, can in (
            (undo, stack.undo, stack.canUndoChanged),
            (redo, stack.redo, stack.canRedoChanged),
        ):
            button.clicked.connect(act)
            can.connect(button.setEnabled)
            head.addWidget(button)
        undo.setEnabled(stack.canUndo())
        redo.setEnabled(stack.canRedo())
        more = IconButton("more", tr("Recipes and files"))
        more.clicked.connect(lambda: menu.popup(more.mapToGlobal(more.rect().bottomLeft())))
        head.addWidget(more)
        top = QWidget()
        top.setLayout(head)
        top.setFixedHeight(42)
        inside = QWidget()
        inside.setObjectName("scrolled")
        self._cards_layout = cards = QVBoxLayout(inside)
        cards.setContentsMargins(8, 0, 8, 8)
        cards.setSpacing(8)
        for card in self.cards:
            cards.addWidget(card)
        cards.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._make_room)
        banner = QHBoxLayout()
        banner.setContentsMargins(8, 0, 8, 0)
        banner.addWidget(self._banner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self._scroll, 1)
        column.addLayout(banner)
        column.addWidget(_Legend())

    def sizeHint(self) -> QSize:
        """280 px wide."""
        return QSize(WIDTH, 600)

    def _make_room(self, low: int, high: int) -> None:
        """The scroll bar stands in the margin: the cards keep their width."""
        self._cards_layout.setContentsMargins(8, 0, 0 if high > low else 8, 8)

    def show_palette(self, palette: QWidget | None) -> None:
        """Put the palette of layers below the cards, all but the networks folded; or take it away.

        Cards that were unfolded before are unfolded again afterwards.
        """
        if self._palette is not None:
            self._cards_layout.removeWidget(self._palette)
            self._palette.hide()
        before, self._palette = self._palette, palette
        if palette is not None and before is None:
            self._unfolded = [card for card in self.cards if not card.folded]
            for card in self.cards:
                card.set_folded(card is not self.networks, animate=False)
        if palette is None:
            for card in self.cards:
                card.set_folded(card not in self._unfolded, animate=False)
        else:
            self._cards_layout.insertWidget(len(self.cards), palette)
            palette.show()

    def show_edited(self, role: str) -> None:
        """Mark the network whose layers are being edited; an empty name marks none."""
        self.networks.show_edited(role)

    def show_problem(self, problem: Problem) -> None:
        """Unfold and scroll to where a problem is."""
        if ".layers." in problem.path or (self._palette and problem.path.startswith("networks.")):
            role, _, rest = problem.path.removeprefix("networks.").partition(".layers.")
            index = rest.partition(".")[0]
            name = role.partition(".")[0]
            self.layers_asked.emit(name, int(index) if index.isdecimal() else -1)
            return
        card = self._card_of(problem.path)
        card.set_folded(False, animate=False)
        target: QWidget = card
        if problem.path.startswith("networks."):
            block = self.networks.open_role(problem.path.split(".")[1])
            target = block or card
        else:
            rows = card.findChildren(QWidget, problem.path)
            target = rows[0] if rows else card
        self._scroll.ensureWidgetVisible(target, 0, 40)
        control = getattr(target, "control", None)
        if isinstance(control, QWidget):
            control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _card_of(self, path: str) -> Card:
        first = path.partition(".")[0]
        named = {"dataset": self.data, "method": self.method, "networks": self.networks}
        return named.get(first, self.training)

    def showEvent(self, event: QShowEvent) -> None:
        """Take on what changed while the panel was put away."""
        if self._outdated:
            self._refresh(self._document.experiment)
        super().showEvent(event)

    @property
    def _put_away(self) -> bool:
        """Whether a window is open but shows something else: then forms need not be made anew."""
        return self.window().isVisible() and not self.isVisible()

    def _refresh(self, experiment: Experiment) -> None:
        self._outdated = self._put_away
        if self._outdated:
            self._shown = None
            return
        before, self._shown = self._shown, experiment
        if before is not None and only_painted(before, experiment):
            self.data.refresh(experiment)
        else:
            for card in self.cards:
                card.refresh(experiment)
            self._show_inspection(self._document.inspection)
            self._show_problems(self._document.problems)
        self._ask_samples(experiment)

    def _show_inspection(self, inspection: object) -> None:
        if not self._outdated:
            self.networks.show_inspection(inspection)

    def _ask_samples(self, experiment: Experiment) -> None:
        asked = (experiment.dataset, experiment.seed)
        blank = isinstance(experiment.dataset, Drawn) and experiment.dataset.sketch().is_blank
        if asked != self._asked_samples and not blank:
            self._asked_samples = asked
            modality = experiment.data_info().modality
            for strip in self.data.strips:
                strip.expect(modality)
            count = 600 if modality == "points" else 12
            self._background.load_samples("recipe", *asked, count)

    def _on_samples(self, name: str, dataset: object, samples: Samples) -> None:
        if name == "recipe" and dataset == self._document.experiment.dataset:
            self.data.show_samples(samples)

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        if self._outdated:
            return
        for card in self.cards:
            if card.show_problems(problems):
                card.set_folded(False)
        self._show_pending(self._session.pending)

    def _show_pending(self, pending: Pending) -> None:
        if self._outdated:
            return
        for card in self.cards:
            card.show_pending(pending)
        self._banner.setVisible(bool(pending))
        if pending:
            count = len({_change_of(path) for path in pending})
            text = tr("1 change waits") if count == 1 else tr("{count} changes wait", count=count)
            self._banner.set(text, "" if self._document.errors else tr("Restart"), "info")
            self._banner.setToolTip(tr("They need a new run; the old one stays on the disk."))


def _change_of(path: str) -> str:
    """What a person changed: a network counts once, however many of its layers differ."""
    return ".".join(path.split(".")[:2]) if path.startswith("networks.") else path


class _Legend(QWidget):
    """What the signs at the ends of the rows mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(5)
        for sign, tone, text in (
            ("bolt", "accent", tr("applies now")),
            ("restart", "text3", tr("needs a new run")),
        ):
            row.addWidget(Glyph(sign, tone, 12))
            row.addWidget(Label(text, tone="text2", size=NOTE))
            row.addSpacing(8)
        row.addStretch(1)
        self.setFixedHeight(32)
