"""The welcome page: one large button, recent runs, and the recipes as real pictures."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from aegan_studio import paths
from aegan_studio.catalog.models import FAMILIES
from aegan_studio.catalog.recipes import Recipe, recipes
from aegan_studio.experiment.parts import DATASETS
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.runs.library import RunSummary
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.panels.welcome.cards import RecipeCard, RunRow
from aegan_studio.ui.theme import HEADING, HERO, NOTE, PAGE, current_theme
from aegan_studio.ui.training.background import Background, Samples
from aegan_studio.ui.widgets.buttons import Button, LinkButton
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import Well
from aegan_studio.ui.widgets.painting import smooth
from aegan_studio.ui.widgets.search_field import SearchField
from aegan_studio.ui.widgets.switches import Segmented

FIRST = "digits-autoencoder"
"""The recipe that the large button starts."""

RECENT = 5
_CARD = 268


class _Mark(QWidget):
    """The bow-tie, large."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(66, 66)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark."""
        painter = QPainter(self)
        smooth(painter)
        paint_icon(
            painter, "mark", QRectF(self.rect()).adjusted(-6, -6, 6, 6), current_theme().real
        )


class _Hero(QWidget):
    """The left column."""

    start = Signal()
    open_experiment = Signal()
    open_run = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = Label(tr("Watch a model\nlearn to create"), size=HERO, weight=500)
        title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = Label(
            tr(
                "Autoencoders and GANs on one bench: press Train, change one thing, see what "
                "happens. No code, no network."
            ),
            tone="text2",
            size=HEADING,
            wrap=True,
        )
        self.train = Button(tr("Start training"), icon="play", variant="filled", size="l")
        hint = Label(tr("Handwritten digits, first pictures in seconds"), tone="text3", size=NOTE)
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.experiment = Button(tr("Experiment…"), icon="file")
        self.run = Button(tr("Run…"), icon="folder")
        self.experiment.setToolTip(tr("Open an experiment's TOML file"))
        self.run.setToolTip(tr("Open the folder of a run"))
        for button in (self.train, self.experiment, self.run):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.train.clicked.connect(self.start)
        self.experiment.clicked.connect(self.open_experiment)
        self.run.clicked.connect(lambda: self.open_run.emit(None))
        two = QHBoxLayout()
        two.setSpacing(8)
        two.addWidget(self.experiment)
        two.addWidget(self.run)
        self._recent_title = Label(tr("Recent runs"), size=HEADING, weight=600)
        self.all_runs = LinkButton(tr("All"))
        self.all_runs.clicked.connect(lambda: self.open_run.emit(None))
        recent_head = QHBoxLayout()
        recent_head.addWidget(self._recent_title, 1)
        recent_head.addWidget(self.all_runs)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        self._rows.setContentsMargins(-5, 0, -5, 0)
        self._none = Well(tr("Runs appear here once you train."))
        self._none.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows.addWidget(self._none)
        self.rows: list[RunRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 40, 8, 16)
        column.setSpacing(0)
        column.addWidget(_Mark())
        column.addSpacing(18)
        column.addWidget(title)
        column.addSpacing(10)
        column.addWidget(said)
        column.addSpacing(22)
        column.addWidget(self.train)
        column.addSpacing(6)
        column.addWidget(hint)
        column.addSpacing(14)
        column.addLayout(two)
        column.addSpacing(26)
        column.addLayout(recent_head)
        column.addSpacing(6)
        column.addLayout(self._rows)
        column.addStretch(1)
        self.setFixedWidth(304)
        self.show_runs([])

    def show_runs(self, runs: list[RunSummary]) -> None:
        """Show the newest runs."""
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for run in runs[:RECENT]:
            row = RunRow(run)
            row.clicked.connect(lambda _=False, path=run.path: self.open_run.emit(path))
            self._rows.addWidget(row)
            self.rows.append(row)
        self._none.setVisible(not runs)
        self.all_runs.setVisible(len(runs) > RECENT)


class WelcomePage(QWidget):
    """The first page: what can be begun, and what can be gone on with."""

    recipe_chosen = Signal(str)
    experiment_asked = Signal()
    run_asked = Signal(object)
    """The folder of a run, or ``None`` to ask for one."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self.cards: list[RecipeCard] = []
        for recipe in sorted(recipes(), key=_rank):
            try:
                self.cards.append(RecipeCard(recipe, recipe.experiment()))
            except StudioError:  # a recipe that does not load must not keep the window away
                continue
        for card in self.cards:
            card.clicked.connect(partial(self._choose, card.recipe.name))
        self._words: dict[RecipeCard, str] = {}
        self._rows = 0
        self.hero = _Hero()
        self.hero.start.connect(lambda: self.recipe_chosen.emit(FIRST))
        self.hero.open_experiment.connect(self.experiment_asked)
        self.hero.open_run.connect(self.run_asked)
        self._lay_out()
        background.samples_ready.connect(self._on_samples)
        background.runs_listed.connect(self.hero.show_runs)
        self._asked = False

    def _choose(self, name: str, _checked: bool = False) -> None:
        self.recipe_chosen.emit(name)

    def _lay_out(self) -> None:
        families = {card.experiment.method.family for card in self.cards}
        named = [(name, tr(label)) for name, label in FAMILIES.items() if name in families]
        self.filter = Segmented([("", tr("All")), *named], "", name=tr("Method"))
        self.filter.value_changed.connect(self._arrange)
        kinds = {card.experiment.dataset.kind for card in self.cards}
        datasets = [(entry.kind, tr(entry.label)) for entry in DATASETS if entry.kind in kinds]
        self.dataset = Choice([("", tr("All data")), *datasets], "", name=tr("Dataset"))
        self.dataset.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.dataset.setFixedWidth(200)
        self.dataset.value_changed.connect(self._arrange)
        self.search = SearchField(tr("Find a recipe"))
        self.search.setFixedWidth(200)
        self.search.textChanged.connect(self._arrange)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 10, 0)
        head.setSpacing(12)
        head.addWidget(Label(tr("Recipes"), size=PAGE, weight=500))
        note = Label(tr("one click starts, all offline"), tone="text2", size=HEADING, elide=True)
        head.addWidget(note, 1)
        head.addWidget(self.search)
        sieve = QHBoxLayout()
        sieve.setContentsMargins(0, 0, 10, 0)
        sieve.setSpacing(12)
        sieve.addWidget(self.filter)
        sieve.addStretch(1)
        sieve.addWidget(self.dataset)
        self._headings = {name: Label(text, size=HEADING, weight=600) for name, text in named}
        self._none = Well(tr("No recipe has these words."))
        self._inside = QWidget()
        self._inside.setObjectName("scrolled")
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, 10, 16)
        self._grid.setSpacing(12)
        self._scroll = _scrolling(self._inside)
        right = QVBoxLayout()
        right.setContentsMargins(32, 16, 12, 0)
        right.setSpacing(14)
        right.addLayout(head)
        right.addLayout(sieve)
        right.addWidget(self._scroll, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._left = _scrolling(self.hero)
        self._left.setFixedWidth(314)
        row.addWidget(self._left)
        row.addLayout(right, 1)

    def sizeHint(self) -> QSize:
        """Any size."""
        return QSize(900, 600)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the newest runs, and once for the pictures."""
        super().showEvent(event)
        self._background.list_runs(paths.runs_dir(), RECENT + 1)
        if not self._asked:
            self._asked = True
            QTimer.singleShot(0, self, self._ask_samples)

    def _ask_samples(self) -> None:
        points = [c for c in self.cards if c.experiment.data_info().modality == "points"]
        for index, card in enumerate(points + [c for c in self.cards if c not in points]):
            count = 500 if card in points else 60
            self._background.load_samples(
                f"card {card.recipe.name}", card.experiment.dataset, index, count
            )

    def _on_samples(self, name: str, _dataset: object, samples: Samples) -> None:
        for card in self.cards:
            if name == f"card {card.recipe.name}":
                card.show_samples(samples)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self, *_: object) -> None:
        room = self.width() - 314 - 54
        columns = max(1, min(4, (room + 14) // (_CARD + 14)))
        for widget in (*self.cards, *self._headings.values(), self._none):
            self._grid.removeWidget(widget)
        shown = self._shown()
        families = [name for name in self._headings if any(_family(c) == name for c in shown)]
        row = 0
        for name, heading in self._headings.items():
            cards = [card for card in shown if _family(card) == name]
            heading.setVisible(bool(cards) and len(families) > 1)
            if heading.isVisibleTo(self._inside):
                heading.setContentsMargins(0, 6 if row else 0, 0, 0)
                self._grid.addWidget(heading, row, 0, 1, columns)
                row += 1
            for index, card in enumerate(cards):
                self._grid.addWidget(card, row + index // columns, index % columns)
            row += -(-len(cards) // columns)
        for card in self.cards:
            card.setVisible(card in shown)
        self._none.setVisible(not shown)
        if not shown:
            self._grid.addWidget(self._none, 0, 0, 1, columns)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for below in range(max(row, self._rows) + 1):
            self._grid.setRowStretch(below, 1 if below == max(row, 1) else 0)
        self._rows = row

    def _shown(self) -> list[RecipeCard]:
        """The cards of the family, the dataset and the words asked for."""
        family, dataset = self.filter.value, self.dataset.value
        words = self.search.words
        if words and not self._words:
            self._words = {card: _words_of(card) for card in self.cards}
        return [
            card
            for card in self.cards
            if family in ("", _family(card))
            and dataset in ("", card.experiment.dataset.kind)
            and all(word in self._words[card] for word in words)
        ]


def _family(card: RecipeCard) -> str:
    return card.experiment.method.family


def _words_of(card: RecipeCard) -> str:
    """All that a recipe is found by, in small letters."""
    model, dataset = card.model, DATASETS.of(card.experiment.dataset)
    words = (card.text(), card.recipe.help, card.recipe.name, model.label, model.name, model.paper)
    return " ".join((*(tr(word) for word in words), tr(dataset.label))).lower()


def _rank(recipe: Recipe) -> tuple[bool, bool, str]:
    """The first recipe first, those of the article last."""
    return (recipe.name != FIRST, recipe.name.startswith("article"), recipe.name)


def _scrolling(inside: QWidget) -> QScrollArea:
    inside.setObjectName("scrolled")
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area
