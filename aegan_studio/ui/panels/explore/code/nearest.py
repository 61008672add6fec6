"""The training items nearest to the current picture, and whether that is suspiciously near."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np
from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.messages import Message, msg
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.keep_messages import Measure, Remember, Remembered
from aegan_studio.ui.latent.messages import Decoded, Floats, Loaded, Trouble
from aegan_studio.ui.panels.explore.code.nearest_strip import DistanceStrip
from aegan_studio.ui.panels.explore.code_mime import code_mime
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.item_strip import ItemStrip
from aegan_studio.ui.widgets.buttons import IconButton, LinkButton
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import Glyph

COUNTS = (3, 6, 12, 24)
"""How many nearest items may be asked for."""
ROWS = {3: 1, 6: 1, 12: 2, 24: 3}
"""In how many rows they stand."""
MOST_ROWS = 3
NARROW = 290
"""Width below which there is no room for the bars."""
TAIL = 3.0
"""Percentiles of held-out items beyond which a sample is unusually near or far."""

MEASURES: dict[Measure, tuple[Message, Message]] = {
    "pixels": (msg("Pixels"), msg("Distance between the values of the items.")),
    "encoder": (msg("Codes"), msg("Distance between the codes that the encoder gives them.")),
    "features": (
        msg("Features"),
        msg("Distance between what a classifier, trained on the data alone, sees in them."),
    ),
}
"""What distances are between: its name and what it means."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a distance says: an icon, a tone, and a sentence."""

    icon: str
    tone: str
    sentence: Message


def written(distance: float) -> str:
    """A distance with two decimals, or as many as small ones need."""
    return f"{distance:.2f}" if distance >= 0.1 or distance == 0.0 else f"{distance:.2g}"


def verdict(distance: float, percentile: float, usual: Floats) -> Verdict:
    """Whether a sample lies as near to the training data as new items of the data do.

    Parameters
    ----------
    distance : float
        To the nearest training item.
    percentile : float
        The share of held-out items that lie nearer, 0–100.
    usual : ndarray
        Distances of held-out items, ascending.
    """
    middle = written(float(np.median(usual)))
    if distance == 0.0:
        return Verdict("warning", "error", msg("A training item, value for value."))
    if percentile < TAIL:
        share = min(int(100.0 - percentile), 99)
        said = msg("Nearer than {share} % of held-out items: perhaps learnt by heart.", share=share)
        return Verdict("warning", "warning", said)
    if percentile > 100.0 - TAIL:
        share = min(int(percentile), 99)
        said = msg("Farther than {share} % of held-out items: unlike the data.", share=share)
        return Verdict("info", "text2", said)
    said = msg("As far as real items lie from their own nearest: {usual}.", usual=middle)
    return Verdict("check", "healthy", said)


class NearestSection(QWidget):
    """The nearest training items with their distances, and a verdict; asks only while seen."""

    fold_chosen = Signal()
    """A person folded or unfolded it."""
    check_asked = Signal()
    """Many samples shall be checked."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._found: Remembered | None = None
        self._depiction = Depiction()
        self._asked: tuple[bytes, int, Measure, int | None] | None = None
        self._folded = False
        self._per_row = 6
        self.count = 6
        self._build()
        explorer.loaded.connect(self._on_loaded)
        explorer.rested.connect(self._on_rest)
        explorer.listen(Remember, self._on_found, troubles=True)
        self._on_loaded(explorer.model)

    def _build(self) -> None:
        self.fold = IconButton("chevron-down", tr("Fold the nearest training items"), side=22)
        self.title = Label(tr("Nearest training data"), weight=600, elide=True)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.many = LinkButton(tr("Check many"))
        self.many.setToolTip(
            tr("Measure many samples of the prior: how many lie nearer than held-out items do?")
        )
        self.measure = Choice([("pixels", tr("Pixels"))], "pixels", name=tr("Distance"))
        self.measure.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.strips = [
            ItemStrip(name=tr("Nearest training data"), tall=54, thin="end")
            for _ in range(MOST_ROWS)
        ]
        self.strip = self.strips[0]
        self._rows = QWidget()
        rows = QVBoxLayout(self._rows)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2)
        for number, strip in enumerate(self.strips):
            strip.set_drag(partial(self._carried, number))
            strip.picked.connect(partial(self._go, number))
            rows.addWidget(strip)
            strip.setVisible(number == 0)
        self.distances = DistanceStrip()
        self.distances.setFixedWidth(96)
        self.glyph = Glyph("check", "healthy", 14)
        self.said = Label("", wrap=True, tone="text2")
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(6)
        head.addWidget(self.fold)
        head.addWidget(self.title, 1)
        head.addWidget(self.many)
        head.addWidget(self.measure)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(2, 0, 2, 0)
        foot.setSpacing(8)
        foot.addWidget(self.distances)
        foot.addWidget(self.glyph)
        foot.addWidget(self.said, 1)
        self._foot.setFixedHeight(34)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._rows)
        column.addWidget(self._foot)
        self.fold.clicked.connect(self._on_fold)
        self.many.clicked.connect(self.check_asked)
        self.measure.value_changed.connect(self._on_measure)

    # What is asked

    @property
    def folded(self) -> bool:
        """Whether the title alone is shown."""
        return self._folded

    def set_folded(self, folded: bool) -> None:
        """Show the title alone, or everything."""
        self._folded = folded
        self._rows.setVisible(not folded)
        self._foot.setVisible(not folded)
        self.fold.set_icon_name("chevron-right" if folded else "chevron-down")
        words = tr("Show the nearest training items")
        self.fold.setToolTip(words if folded else tr("Fold the nearest training items"))
        self.ask()

    def _on_fold(self) -> None:
        self.set_folded(not self._folded)
        self.fold_chosen.emit()

    def set_count(self, count: int) -> None:
        """Find so many, 1–24."""
        self.count = min(max(count, 1), 24)
        self.ask()

    def set_measure(self, measure: Measure) -> None:
        """Measure another distance, if the model has it."""
        if measure in self.measures():
            self.measure.set_value(measure)
            self.ask()

    @property
    def chosen_name(self) -> str:
        """The distance in use, in words."""
        return next(option.label for option in self.measure.options if option.value == self.chosen)

    def measures(self) -> list[Measure]:
        """The distances that the model and its data have."""
        model = self._explorer.model
        found: list[Measure] = ["pixels"]
        if model is not None and model.has_encoder:
            found.append("encoder")
        if model is not None and len(model.classes) > 1:
            found.append("features")
        return found

    @property
    def chosen(self) -> Measure:
        """The distance in use."""
        return cast(Measure, self.measure.value)

    def ask(self) -> None:
        """Find the nearest to the current code, unless nobody looks or it is known."""
        code, model = self._explorer.code, self._explorer.model
        if self._folded or not self.isVisible() or model is None or not code.size:
            return
        asked = (code.tobytes(), self.count, self.chosen, model.step)
        if asked != self._asked:
            self._asked = asked
            self._explorer.ask(Remember(code, self.count, self.chosen))

    # What arrives

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self._found = self._asked = None
            for strip in self.strips:
                strip.set_items(None)
            self._say(None)
            return
        if (model.data is not None) != self._depiction.of_points:
            self._depiction = Depiction(model.data)
        kinds = self.measures()
        labels = [(kind, tr(MEASURES[kind][0])) for kind in kinds]
        if model.data is not None:
            labels[0] = ("pixels", tr("Plane"))
        self.measure.set_options(labels)
        self.measure.set_value(self.chosen if self.chosen in kinds else "pixels")
        self.measure.setVisible(len(kinds) > 1)
        self._tell_measure()

    def _on_rest(self, _picture: Decoded) -> None:
        self.ask()

    def _on_measure(self, _measure: object) -> None:
        self._tell_measure()
        self.ask()

    def _tell_measure(self) -> None:
        self.measure.setToolTip(tr(MEASURES[self.chosen][1]))

    def _on_found(self, answer: Remembered | Trouble) -> None:
        if isinstance(answer, Trouble):
            self._say(Verdict("info", "text2", answer.sentences[0]))
            return
        self._found = answer
        self._show_items(answer)
        nearest = float(answer.distances[0])
        if answer.usual is not None:
            known = answer.usual
            below = np.searchsorted(known, nearest, "left")
            upto = np.searchsorted(known, nearest, "right")
            percentile = 50.0 * float(below + upto) / len(known)
            found = verdict(nearest, percentile, known)
            self.distances.show_mark(known, nearest, found.tone)
            self.distances.setToolTip(
                tr(
                    "Bars: distances of {count:,} held-out items to their nearest training item. "
                    "Mark: this sample, at percentile {percentile:.0f}.",
                    count=len(known),
                    percentile=percentile,
                )
            )
            self._say(found)
        elif answer.lacking is not None:
            self.distances.show_mark(None, None)
            self._say(Verdict("info", "text2", answer.lacking))
        else:
            self._say(Verdict("history", "text3", msg("Measuring how near is usual …")))

    def _show_items(self, answer: Remembered) -> None:
        """So many rows as hold about a dozen."""
        count = len(answer.items)
        rows = ROWS[next(most for most in COUNTS if most >= min(count, COUNTS[-1]))]
        self._per_row = -(-count // rows)
        for number, strip in enumerate(self.strips):
            where = slice(number * self._per_row, (number + 1) * self._per_row)
            captions = [written(distance) for distance in answer.distances[where]]
            strip.set_tall(54 if rows == 1 else 38)
            strip.set_items(answer.items[where], captions=captions, depiction=self._depiction)
            strip.setToolTip(self._strip_tip(answer))
            strip.setVisible(number < rows)

    def _strip_tip(self, answer: Remembered) -> str:
        if answer.codes is None:
            return tr(
                "The training items most like this picture. Without an encoder they have no "
                "codes to go to; open one in Picture to look for its code."
            )
        return tr("The training items most like this picture. Click one to go to its code.")

    def _say(self, found: Verdict | None) -> None:
        self._show_distances()
        self.glyph.setVisible(found is not None)
        self.said.setText("" if found is None else tr(found.sentence))
        self.said.setToolTip(self.said.text())
        if found is not None:
            self.glyph.set_icon(found.icon, found.tone)
            self.said.set_tone("text2" if found.tone == "healthy" else found.tone)

    def _show_distances(self) -> None:
        self.distances.setVisible(self.width() >= NARROW and self.distances.known)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, words come before bars."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        self.title.setText(tr("Nearest") if narrow else tr("Nearest training data"))
        self._show_distances()

    # What a person does

    def _go(self, row: int, index: int) -> None:
        found, index = self._found, row * self._per_row + index
        if found is None:
            return
        if found.codes is None:
            self._explorer.told.emit(
                tr("Without an encoder training items have no codes: look for one in Picture.")
            )
            return
        self._explorer.move(found.codes[index])

    def _carried(self, row: int, index: int) -> QMimeData | None:
        found, index = self._found, row * self._per_row + index
        if found is None:
            return None
        name = tr("Training item")
        if found.codes is None:
            data = code_mime(self._explorer.code, found.items[index], name)
            data.removeFormat("application/x-aegan-code")
            return data
        return code_mime(found.codes[index], found.items[index], name, depiction=self._depiction)

    def showEvent(self, event: QShowEvent) -> None:
        """In sight: find out."""
        super().showEvent(event)
        self.ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight: no work in vain."""
        super().hideEvent(event)
        self._explorer.cancel(Remember)
        self._asked = None
