"""How many generated items belong to each class."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from aegan_studio.catalog.views.inside import CLASSES
from aegan_studio.experiment.views import View
from aegan_studio.experiment.views.inside import Classes
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.views.base import Row, ViewPanel
from aegan_studio.ui.theme import NOTE
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.named_bars import NamedBar, NamedBars
from aegan_studio.ui.widgets.numbers import format_number

RARE = 0.1
"""A class with less than this share of what is expected is missing: as for finished models."""


class ClassesPanel(ViewPanel):
    """A bar for each class, marked where the training data are; missing classes ask for care."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(CLASSES, document, session, parent)
        self.bars = NamedBars(name=tr("Classes of samples"))
        self.judge = Label("", tone="text3", size=NOTE, elide=True)
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.bars, 1)
        column.addWidget(self.judge)
        self.hold(held)

    def refresh(self) -> None:
        """Another run has other classes."""
        self.say("")

    def absent(self) -> str:
        """Points may have no classes."""
        return tr("These data have no classes.")

    def show_view(self, view: View) -> None:
        """Draw a bar for each class."""
        assert isinstance(view, Classes)
        names = self._session.experiment.data_info().classes
        shares = view.counts / max(view.items, 1)
        low = shares < RARE * view.expected
        said = tr("{there} of {total} there", there=int((~low).sum()), total=len(shares))
        if view.astray:
            astray = round(100 * view.astray / view.items)
            said += ", " + tr("{share} % astray", share=astray)
        self.say(said)
        bars = [
            NamedBar(
                names[index] if index < len(names) else str(index),
                float(share),
                float(view.expected[index]),
                str(int(view.counts[index])),
                tr(
                    "{name}: {count} of {total} samples, {share} %; {expected} % of the data",
                    name=names[index] if index < len(names) else index,
                    count=int(view.counts[index]),
                    total=view.items,
                    share=format_number(100 * float(share), 3),
                    expected=format_number(100 * float(view.expected[index]), 3),
                ),
                bool(low[index]),
                "generated",
            )
            for index, share in enumerate(shares)
        ]
        if view.astray:
            bars.append(
                NamedBar(
                    tr("astray"),
                    view.astray / max(view.items, 1),
                    figure=str(view.astray),
                    tip=tr(
                        "{count} of {total} samples are far from all data",
                        count=view.astray,
                        total=view.items,
                    ),
                    color="text3",
                    aside=True,
                )
            )
        self.bars.set_bars(bars)
        self.judge.setText(_judged(view))

    def numbers(self, view: View) -> Iterable[Row]:
        """Count and expected share of every class."""
        assert isinstance(view, Classes)
        names = self._session.experiment.data_info().classes
        yield ("class", "count", "expected share")
        for index, count in enumerate(view.counts):
            name = names[index] if index < len(names) else index
            yield (name, int(count), float(view.expected[index]))
        if view.astray:
            yield ("none", view.astray, "")


def _judged(view: Classes) -> str:
    if math.isnan(view.right):
        return tr("Judged by the five nearest training items.")
    right = format_number(math.floor(1000 * view.right) / 10, 3)
    return tr("Judged by the nearest training items, right for {right} % held out.", right=right)
