"""How the critics judge what is real and what is made."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from PySide6.QtWidgets import QWidget

from aegan_studio.catalog.views.critics import critics_of
from aegan_studio.catalog.views.inside import VERDICTS
from aegan_studio.experiment.views import View
from aegan_studio.experiment.views.inside import CriticVerdicts, Judged, Verdicts
from aegan_studio.i18n import tr
from aegan_studio.messages import Message, msg
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.views.base import Row, ViewPanel
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.histogram_rows import HistogramRow, HistogramRows, Sides
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.switches import Segmented

THINGS: Mapping[str, tuple[Message, str, bool]] = {
    "x": (msg("Real"), "real", False),
    "x-held": (msg("Real, held out"), "real", True),
    "x-hat": (msg("Generated"), "generated", False),
    "x-tilde": (msg("Rebuilt"), "reconstruction", False),
    "z": (msg("Drawn codes"), "text2", False),
    "z-hat": (msg("Encoded"), "code", False),
    "z-hat-held": (msg("Encoded, held out"), "code", True),
    "z-tilde": (msg("Encoded again"), "text3", True),
    "shuffled": (msg("Shuffled"), "text3", True),
}
"""Label, colour, and whether its bars are hollow, of everything that critics are shown."""


class VerdictsPanel(ViewPanel):
    """A row of bars for each kind of things, on the axis of the critic's answers."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(VERDICTS, document, session, parent)
        self.critic = Segmented([("", "")], "", name=tr("Which critic"), size=11)
        self.critic.value_changed.connect(lambda _value: self.redraw())
        self.rows = HistogramRows(name=tr("Verdicts"))
        self.hold(self.rows, self.critic)

    def refresh(self) -> None:
        """Offer the critics that the experiment has."""
        roles = critics_of(self._session.experiment)
        names = {"discriminator": tr("Data"), "latent_discriminator": tr("Codes")}
        options = [(role.name, names[role.name], tr(role.label)) for role in roles]
        self.critic.set_options(options or [("", "", "")])
        self.critic.setVisible(len(options) > 1)
        self.say("")

    def show_view(self, view: View) -> None:
        """Draw the rows of the chosen critic."""
        assert isinstance(view, Verdicts)
        critic = self._chosen(view)
        self.say(_ahead(critic))
        sides = None
        if not math.isnan(critic.side):
            sides = Sides(critic.side, "verdict_fake", "verdict_real")
        rows = [_row(judged) for judged in critic.judged]
        self.rows.set_rows(rows, critic.low, critic.high, sides)

    def _chosen(self, view: Verdicts) -> CriticVerdicts:
        wanted = self.critic.value
        return next((one for one in view.critics if one.role == wanted), view.critics[0])

    def numbers(self, view: View) -> Iterable[Row]:
        """The bins of every critic, and how many things fall into each."""
        assert isinstance(view, Verdicts)
        yield ("critic", "thing", "low", "high", "count")
        for critic in view.critics:
            for judged in critic.judged:
                edges = np.linspace(critic.low, critic.high, len(judged.counts) + 1)
                for low, high, count in zip(edges, edges[1:], judged.counts, strict=False):
                    yield (critic.role, judged.thing, float(low), float(high), int(count))


def _ahead(critic: CriticVerdicts) -> str:
    if math.isnan(critic.ahead):
        return ""
    return tr("{share} % of pairs ranked right", share=round(100 * critic.ahead))


def _row(judged: Judged) -> HistogramRow:
    label, color, hollow = THINGS[judged.thing]
    mean = format_number(judged.mean, 3)
    tip = tr("On average {mean}", mean=mean)
    if math.isnan(judged.right):
        figure = mean
    else:
        share = round(100 * judged.right)
        figure = tr("{share} % right", share=share)
        tip += "\n" + (
            tr("{share} % are taken for real, as they are", share=share)
            if judged.real
            else tr("{share} % are taken for made, as they are", share=share)
        )
    return HistogramRow(tr(label), judged.counts, color, figure, tip, hollow)
