"""What a method shows beside samples and reconstructions: a codebook, anomalies, energies."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from aegan_studio.experiment.events import Event, Exhibit, Exhibits
from aegan_studio.experiment.parts import ExhibitInfo
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.pictures import empty_sentence
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.captioned_grid import CaptionedGrid, Captions
from aegan_studio.ui.widgets.messages import Glyph
from aegan_studio.ui.widgets.numbers import MINUS, format_number
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.switches import Segmented

FIGURES = 3
"""Significant figures of the largest number."""


def value_texts(exhibit: Exhibit) -> list[str]:
    """The values in few characters: shares as per cent, numbers all with the same decimals."""
    values = [float(value) for value in exhibit.values]
    if exhibit.format == "share":
        return [_per_cent(value) for value in values]
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if not 1e-4 <= largest < 1e5:
        return [format_number(value, 3) for value in values]
    places = max(0, FIGURES - 1 - math.floor(math.log10(largest)))
    return [
        f"{value:.{places}f}".replace("-", MINUS) if math.isfinite(value) else format_number(value)
        for value in values
    ]


def _per_cent(value: float) -> str:
    if 0 < value < 0.0005:
        return "<0.1 %"
    places = 0 if value == 0 or value >= 0.0995 else 1
    return f"{100 * value:.{places}f} %"


def captions_of(exhibit: Exhibit) -> Captions:
    """The words of every item; shares of nothing are faded."""
    words = value_texts(exhibit)
    return Captions(
        tuple(words),
        tuple(
            tr("{n} of {total}: {value}", n=n, total=len(words), value=word)
            for n, word in enumerate(words, start=1)
        ),
        tuple(exhibit.format == "share" and float(value) == 0 for value in exhibit.values),
    )


class ExhibitPanel(Panel):
    """One exhibit of the method, or one of several by a switch; asks for them only in sight."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(tr("Exhibit"), margins=(14, 0, 14, 12), parent=parent)
        self._session = session
        self._infos: tuple[ExhibitInfo, ...] = ()
        self._latest: Exhibits | None = None
        self._drawn: Exhibit | None = None
        self.about = Glyph("info", "text3", 14)
        self.set_header_widget(self.about)
        self.choice = Segmented([("", "")], "", name=tr("What is shown"), size=11)
        self.choice.value_changed.connect(lambda _value: self._on_choice())
        self.grid = CaptionedGrid(name=tr("Exhibit"))
        self.add(self.choice)
        self.body.setAlignment(self.choice, Qt.AlignmentFlag.AlignLeft)
        self.add(self.grid, 1)
        document.changed.connect(self._follow)
        session.event.connect(self._on_event)
        session.run_opened.connect(self._on_run)
        session.state_changed.connect(self._on_state)
        self._on_run(session)
        latest = session.latest.get(Exhibits)
        if isinstance(latest, Exhibits):
            self._on_event(latest)

    @property
    def info(self) -> ExhibitInfo | None:
        """What is shown; ``None`` where the method has nothing to show."""
        return next((info for info in self._infos if info.name == self.choice.value), None)

    def _follow(self, _what: object = None) -> None:
        """Offer what the experiment's method has to show."""
        infos = self._session.experiment.method.exhibits
        if infos == self._infos:
            return
        self._infos = infos
        options = [(info.name, tr(info.short or info.label), tr(info.help)) for info in infos]
        self.choice.set_options(options or [("", "", "")])
        self.choice.setVisible(len(infos) > 1)
        self._on_choice()

    def _on_choice(self) -> None:
        info = self.info
        if info is not None:
            label, about = tr(info.label), tr(info.help)
            self.set_title(label)
            self.about.setToolTip(about)
            self.about.setAccessibleName(about)
            self.grid.sheet.setAccessibleName(label)
        self._on_state(self._session.state)
        self._draw()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Exhibits):
            self._latest = event
            self._draw()

    def _on_run(self, _session: object) -> None:
        self._latest = None
        self._follow()
        self._on_state(self._session.state)
        self._draw()

    def _on_state(self, state: str) -> None:
        info = self.info
        invitation = tr("Press Train to see it.")
        if info is not None:
            invitation = f"{tr(info.help)}\n\n{invitation}"
        self.grid.set_empty(empty_sentence(state, invitation))
        if state == "empty":
            self._follow()
            self._latest = None
            self._draw()

    def _draw(self) -> None:
        """Show the newest, once the panel is seen."""
        latest, info = self._latest, self.info
        exhibit = latest.items.get(info.name) if latest is not None and info is not None else None
        if exhibit is None:
            self._drawn = None
            self.grid.set_items(None, Captions())
        elif self.isVisible() and exhibit is not self._drawn:
            self._drawn = exhibit
            self.grid.set_items(exhibit.items, captions_of(exhibit))

    def showEvent(self, event: QShowEvent) -> None:
        """In sight, it asks for what it shows."""
        super().showEvent(event)
        self._session.want("exhibits", self, True)
        self._draw()

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight, it costs nothing."""
        self._session.want("exhibits", self, False)
        super().hideEvent(event)
