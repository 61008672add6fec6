"""The recipes of the welcome page: a card each, found by family, by data and by words."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.catalog.models import FAMILIES
from aegan_studio.catalog.recipes import Recipe, recipes
from aegan_studio.experiment.parts import DATASETS
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ui.panels.welcome.cards import RecipeCard
from aegan_studio.ui.panels.welcome.gallery import scrolling
from aegan_studio.ui.theme import HEADING
from aegan_studio.ui.training.background import Background, Samples
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import Well
from aegan_studio.ui.widgets.search_field import SearchField
from aegan_studio.ui.widgets.switches import Segmented

FIRST = "digits-autoencoder"
"""The recipe that the large button starts."""
_CARD = 268


class RecipeShelf(QWidget):
    """Every recipe as a card with a picture of its data."""

    recipe_chosen = Signal(str)

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
        self._lay_out()
        background.samples_ready.connect(self._on_samples)
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
        self.dataset.setFixedWidth(176)
        self.dataset.value_changed.connect(self._arrange)
        self.search = SearchField(tr("Find a recipe"))
        self.search.setFixedWidth(148)
        self.search.textChanged.connect(self._arrange)
        sieve = QHBoxLayout()
        sieve.setContentsMargins(0, 0, 10, 0)
        sieve.setSpacing(8)
        sieve.addWidget(self.filter)
        sieve.addStretch(1)
        sieve.addWidget(self.dataset)
        sieve.addWidget(self.search)
        self._headings = {name: Label(text, size=HEADING, weight=600) for name, text in named}
        self._none = Well(tr("No recipe has these words."))
        self._inside = QWidget()
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, 10, 16)
        self._grid.setSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addLayout(sieve)
        column.addWidget(scrolling(self._inside), 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the pictures when the cards are first seen."""
        super().showEvent(event)
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
        room = self.width() - 10
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
