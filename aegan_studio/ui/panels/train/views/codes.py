"""The values of codes against the prior, and the entries of a codebook by their use."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtWidgets import QStackedWidget, QWidget

from aegan_studio.catalog.codes import value_names
from aegan_studio.catalog.views.inside import CODES
from aegan_studio.experiment.views import View
from aegan_studio.experiment.views.inside import Codes
from aegan_studio.i18n import tr
from aegan_studio.messages import Message
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.views.base import Row, ViewPanel
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.named_bars import NamedBar, NamedBars
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.small_histograms import SmallHistogram, SmallHistograms
from aegan_studio.ui.widgets.switches import Segmented


class CodesPanel(ViewPanel):
    """A small histogram for each value of a code; for a codebook, how often each entry is used."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(CODES, document, session, parent)
        self.part = Segmented(
            [
                ("entries", tr("Codebook"), tr("How often each vector of the codebook is used.")),
                ("values", tr("Values"), tr("How each value of the codes is distributed.")),
            ],
            "entries",
            name=tr("What of the codes"),
            size=11,
        )
        self.part.value_changed.connect(lambda _value: self.redraw())
        self.order = IconButton(
            "filter", tr("The values that say most first, else in order."), side=24, checkable=True
        )
        self.order.toggled.connect(lambda _on: self.redraw())
        self.add_action(self.order)
        self.cells = SmallHistograms(color="code", name=tr("Values of the codes"))
        self.entries = NamedBars(name=tr("Entries of the codebook"))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.cells)
        self.pages.addWidget(self.entries)
        self.hold(self.pages, self.part)

    def refresh(self) -> None:
        """Entries are there where the model has a codebook."""
        self.part.setVisible("codebook" in self._session.experiment.networks)
        self.say("")

    def show_view(self, view: View) -> None:
        """Draw the values, or the entries."""
        assert isinstance(view, Codes)
        entries = view.entries is not None and self.part.value == "entries"
        self.pages.setCurrentIndex(int(entries))
        if entries and view.entries is not None:
            self._show_entries(view.entries)
            return
        names = [tr(name) if not isinstance(name, str) else name for name in self._names(view)]
        order = self._order(view)
        unused = int(view.unused.sum())
        total = len(view.unused)
        self.say(
            tr("{unused} of {total} unused", unused=unused, total=total) if unused else "",
        )
        self.cells.set_cells([_cell(view, index, names[index]) for index in order])

    def _names(self, view: Codes) -> Sequence[Message | str]:
        names = value_names(self._session.experiment)
        return names if len(names) == len(view.low) else [f"z{i + 1}" for i in range(len(view.low))]

    def _order(self, view: Codes) -> list[int]:
        if not self.order.isChecked():
            return list(range(len(view.low)))
        says = np.where(np.isnan(view.divergence), view.deviation, view.divergence)
        found: list[int] = np.argsort(-says, kind="stable").tolist()
        return found

    def _show_entries(self, entries: np.ndarray) -> None:
        total = max(int(entries.sum()), 1)
        used = int((entries > 0).sum())
        shares = entries / total
        entropy = float(-(shares[shares > 0] * np.log(shares[shares > 0])).sum())
        self.say(
            tr(
                "{used} of {total} used, perplexity {perplexity}",
                used=used,
                total=len(entries),
                perplexity=format_number(math.exp(entropy), 3),
            ),
        )
        order = (
            np.argsort(-entries, kind="stable") if self.order.isChecked() else range(len(entries))
        )
        even = 1 / len(entries)
        self.entries.set_bars(
            [
                NamedBar(
                    str(int(index) + 1),
                    float(shares[index]),
                    expected=even,
                    tip=tr(
                        "Entry {entry}: {count} of {total} places, {share} %",
                        entry=int(index) + 1,
                        count=format_number(int(entries[index])),
                        total=format_number(total),
                        share=format_number(100 * float(shares[index]), 2),
                    ),
                    color="code",
                )
                for index in order
            ]
        )

    def state(self) -> dict[str, Any]:
        """What a person chose, for :meth:`restore`."""
        return {"most-first": self.order.isChecked()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take on what was chosen."""
        if isinstance(state.get("most-first"), bool):
            self.order.setChecked(state["most-first"])

    def menu(self) -> Menu:
        """The order as well."""
        menu = super().menu()
        menu.addSeparator()
        words = tr("In order") if self.order.isChecked() else tr("Those that say most first")
        menu.add(words, self.order.toggle, icon_name="filter")
        return menu

    def numbers(self, view: View) -> Iterable[Row]:
        """What is known of every value, then its bins; the entries at last."""
        assert isinstance(view, Codes)
        yield ("value", "mean", "deviation", "nats", "unused")
        for i in range(len(view.low)):
            row = (view.mean[i], view.deviation[i], view.divergence[i])
            yield (i + 1, *map(float, row), bool(view.unused[i]))
        yield ()
        yield ("value", "low", "high", "count", "prior share")
        for i, counts in enumerate(view.counts):
            edges = np.linspace(float(view.low[i]), float(view.high[i]), len(counts) + 1)
            for k, count in enumerate(counts):
                share = float(view.prior[i, k])
                yield (i + 1, float(edges[k]), float(edges[k + 1]), int(count), share)
        if view.entries is not None:
            yield ()
            yield ("entry", "count")
            yield from ((entry + 1, int(count)) for entry, count in enumerate(view.entries))


def _cell(view: Codes, index: int, name: str) -> SmallHistogram:
    divergence, unused = float(view.divergence[index]), bool(view.unused[index])
    low, high = float(view.low[index]), float(view.high[index])
    if unused:
        figure = tr("unused")
    elif math.isnan(divergence):
        figure = f"σ {format_number(float(view.deviation[index]), 2)}"
    else:
        figure = tr("{nats} nats", nats=format_number(divergence, 2))
    lines = [
        name,
        tr(
            "From {low} to {high}: mean {mean}, σ {deviation}",
            low=format_number(low, 3),
            high=format_number(high, 3),
            mean=format_number(float(view.mean[index]), 3),
            deviation=format_number(float(view.deviation[index]), 3),
        ),
    ]
    if not math.isnan(divergence):
        nats = format_number(divergence, 3)
        lines.append(
            tr("KL(q(z|x) ‖ p(z)) = {nats} nats on average", nats=nats)
            if view.posterior
            else tr("KL of a Gaussian with this mean and σ from the prior: {nats} nats", nats=nats)
        )
    if unused:
        lines.append(tr("It hardly depends on the item: the model does not use it."))
    shares = view.counts[index] / max(view.items, 1)
    prior = view.prior[index]
    expected = prior if prior.any() else None
    zero = -low / (high - low)
    return SmallHistogram(name, figure, shares, expected, "\n".join(lines), unused, zero)
