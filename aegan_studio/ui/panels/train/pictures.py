"""What the model makes: samples from fixed codes, and reconstructions under their originals."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy.typing as npt
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.experiment.events import Event, Pictures
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.training.watched import Watched
from aegan_studio.ui.widgets.formula import FormulaLabel
from aegan_studio.ui.widgets.image_grid import GAP, GROUP_GAP, PAIR_GAP, ImageGrid
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.switches import Segmented

PICTURE_SIDE = 36
"""A picture takes about so many pixels; more where all of them fit larger."""

ENOUGH = 0.65
"""Pictures grow as long as this share of them still fits."""

_LABELS = 22
_BOTH = 430
"""From this width on, training and held-out reconstructions stand side by side."""

_SWITCH_IN_HEAD = 314
"""From this width on, the header has room for the switch between them."""

Items = npt.NDArray[Any]
Part = Literal["training", "held-out"]


def choose_grid(
    room: QSize, side: int, count: int, ratio: float, *, pairs: bool
) -> tuple[int, int]:
    """How many columns, and how many pictures, show at a comfortable whole factor.

    Parameters
    ----------
    room : QSize
        Logical pixels there are.
    side : int
        Image pixels along a side.
    count : int
        Pictures (or pairs) there are.

    Returns
    -------
    tuple of int
        Columns and number shown; at least one of each.
    """
    width = room.width() - (_LABELS if pairs else 0)

    def fitting(factor: int) -> tuple[int, int]:
        cell = side * factor / ratio
        high = 2 * cell + PAIR_GAP + GROUP_GAP if pairs else cell + GAP
        gap = GROUP_GAP if pairs else GAP
        columns = math.floor((width + GAP) / (cell + GAP))
        return columns, math.floor((room.height() + gap) / high)

    factor = max(math.floor(PICTURE_SIDE * ratio / side), 1)
    while math.prod(fitting(factor + 1)) >= ENOUGH * count:
        factor += 1
    while factor > 1 and min(fitting(factor)) < 1:
        factor -= 1
    columns, rows = (max(n, 1) for n in fitting(factor))
    shown = min(columns * rows, count)
    if shown > columns:
        shown -= shown % columns  # no ragged last row
    return min(columns, shown), shown


class FittedGrid(QWidget):
    """An image grid that shows as many pictures as fit at a comfortable size."""

    def __init__(self, *, empty: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first: Items | None = None
        self._second: Items | None = None
        self._stale = False
        self.grid = ImageGrid(empty=empty, name=name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_items(self, first: Items | None, second: Items | None = None) -> None:
        """Show pictures (n, H, W[, 3]), or pairs; drawn once the grid is visible."""
        self._first, self._second = first, second
        self._stale = True
        if self.isVisible():
            self._fit()

    def set_empty(self, sentence: str) -> None:
        """What to say while there are no pictures."""
        self.grid.set_empty(sentence)

    def _fit(self) -> None:
        self._stale = False
        if self._first is None or not len(self._first):
            self.grid.set_pictures(None)
            return
        columns, count = choose_grid(
            self.size(),
            self._first.shape[1],
            len(self._first),
            self.devicePixelRatioF(),
            pairs=self._second is not None,
        )
        self.grid.set_columns(columns)
        self.grid.set_pictures(
            self._first[:count], None if self._second is None else self._second[:count]
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while hidden."""
        if self._stale:
            self._fit()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose anew how many fit."""
        self._fit()
        super().resizeEvent(event)


def empty_sentence(state: str, invitation: str) -> str:
    """What a panel without pictures says in a state of the session; ``invitation`` at first."""
    if state in ("preparing", "running"):
        return tr("The first pictures come in a moment.")
    if state == "empty":
        return invitation
    return tr("This run has no pictures yet. Press Train to go on.")


class _PicturePanel(Panel):
    """Follows the session's pictures; a subclass shows them."""

    def __init__(
        self, title: str, invitation: str, session: Watched, parent: QWidget | None
    ) -> None:
        super().__init__(title, margins=(14, 0, 14, 12), parent=parent)
        self._invitation = invitation
        self._session = session

    def follow(self) -> None:
        """Subscribe, and show what the session has already."""
        self._session.event.connect(self._on_event)
        self._session.run_opened.connect(self._on_run)
        self._session.state_changed.connect(self._on_state)
        self._on_run(self._session)
        latest = self._session.latest.get(Pictures)
        if isinstance(latest, Pictures):
            self._on_event(latest)

    def show_pictures(self, pictures: Pictures | None) -> None:
        """Show these, or the empty state."""
        raise TypeError(f"{type(self).__name__} shows no pictures")

    def set_sentence(self, sentence: str) -> None:
        """What to say without pictures."""
        raise TypeError(f"{type(self).__name__} has no empty state")

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Pictures) and event.modality == "image":
            self.show_pictures(event)

    def _on_run(self, _session: object) -> None:
        self.show_pictures(None)
        self._on_state(self._session.state)

    def _on_state(self, state: str) -> None:
        if state == "empty":
            self.show_pictures(None)
        self.set_sentence(empty_sentence(state, self._invitation))


class SamplesPanel(_PicturePanel):
    """Pictures decoded from the same codes all through a run."""

    def __init__(self, document: Document, session: Watched, parent: QWidget | None = None) -> None:
        invitation = tr("Press Train to see what the generator makes of the same codes.")
        super().__init__(tr("Samples"), invitation, session, parent)
        del document
        formula = FormulaLabel(r"\hat{x} = G(z)", tone="generated", roles=False)
        formula.setToolTip(
            tr("Decoded from the same codes z all through the run, so that frames compare.")
        )
        self.set_header_widget(formula)
        self.grid = FittedGrid(empty="", name=tr("Samples"))
        self.add(self.grid, 1)
        self.follow()

    def show_pictures(self, pictures: Pictures | None) -> None:
        """Show the samples."""
        self.grid.set_items(None if pictures is None else pictures.samples)

    def set_sentence(self, sentence: str) -> None:
        """What to say without samples."""
        self.grid.set_empty(sentence)


class ReconstructionsPanel(_PicturePanel):
    """Originals over their reconstructions, for training and for held-out data.

    Both stand side by side where there is room; else a switch chooses.
    """

    def __init__(self, document: Document, session: Watched, parent: QWidget | None = None) -> None:
        invitation = tr("Press Train to see each original over its reconstruction.")
        super().__init__(tr("Reconstructions"), invitation, session, parent)
        del document
        self._pictures: Pictures | None = None
        self._legend = _legend()
        self.set_header_widget(self._legend)
        self.part = Segmented(
            [
                ("training", tr("Training"), tr("Data the networks learn from.")),
                ("held-out", tr("Held out"), tr("Data kept out of training.")),
            ],
            "training",
            name=tr("Which reconstructions"),
            size=11,
        )
        self.part.value_changed.connect(lambda _value: self._arrange())
        self.add_action(self.part)
        self._switch_in_head = True
        self.training = FittedGrid(empty="", name=tr("Reconstructions of training data"))
        self.held_out = FittedGrid(empty="", name=tr("Reconstructions of held-out data"))
        self._captions = [
            Label(text, tone="text2", size=11, weight=500)
            for text in (tr("Training"), tr("Held out"))
        ]
        self._columns: list[QWidget] = []
        row = QHBoxLayout()
        row.setSpacing(16)
        for caption, grid in zip(self._captions, (self.training, self.held_out), strict=True):
            column = QWidget()
            lay = QVBoxLayout(column)
            lay.setContentsMargins(0, 0, 0, 0)
            lay.setSpacing(4)
            lay.addWidget(caption)
            lay.addWidget(grid, 1)
            row.addWidget(column, 1)
            self._columns.append(column)
        self.add(row, 1)
        self._arrange()
        self.follow()

    @property
    def both(self) -> bool:
        """Whether both parts are shown."""
        return self.width() >= _BOTH and self._has_held_out()

    def _has_held_out(self) -> bool:
        pictures = self._pictures
        return pictures is None or pictures.held_out_reconstructions is not None

    def _arrange(self) -> None:
        both = self.both
        chosen = "training" if not self._has_held_out() else self.part.value
        self._place_switch()
        self.part.setVisible(not both and self._has_held_out())
        alone = not self.part.isVisibleTo(self) or not self._switch_in_head
        self._legend.setVisible(self.width() >= (253 if alone else 408))
        for name, caption, column in zip(
            ("training", "held-out"), self._captions, self._columns, strict=True
        ):
            caption.setVisible(both and self._pictures is not None)
            column.setVisible(both or name == chosen)

    def _place_switch(self) -> None:
        """In the header, or in a line of its own where the header is too narrow."""
        in_head = self.width() >= _SWITCH_IN_HEAD
        if in_head == self._switch_in_head:
            return
        self._switch_in_head = in_head
        if in_head:
            self.body.removeWidget(self.part)
            self.header.addWidget(self.part)
        else:
            self.header.removeWidget(self.part)
            self.body.insertWidget(0, self.part, 0, Qt.AlignmentFlag.AlignLeft)

    def show_pictures(self, pictures: Pictures | None) -> None:
        """Show pairs of originals and reconstructions."""
        if pictures is not None and pictures.reconstructions is None:
            pictures = None
        fresh = (self._pictures is None) != (pictures is None)
        self._pictures = pictures
        if pictures is None:
            self.training.set_items(None)
            self.held_out.set_items(None)
        else:
            self.training.set_items(pictures.originals, pictures.reconstructions)
            self.held_out.set_items(pictures.held_out, pictures.held_out_reconstructions)
        if fresh:
            self._arrange()

    def set_sentence(self, sentence: str) -> None:
        """What to say without reconstructions."""
        self.training.set_empty(sentence)
        self.held_out.set_empty(sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Both parts or one."""
        self._arrange()
        super().resizeEvent(event)


def _legend() -> QWidget:
    """“x over x̃” in the colours of the roles."""
    legend = QWidget()
    row = QHBoxLayout(legend)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(5)
    over = Label(tr("over"), tone="text2")
    for widget in (FormulaLabel("x"), over, FormulaLabel(r"\tilde{x}")):
        row.addWidget(widget)
    legend.setToolTip(tr("Each original x stands over its reconstruction x̃ = G(E(x))."))
    return legend
