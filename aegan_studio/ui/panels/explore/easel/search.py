"""Searching for the code of the easel's picture by optimisation, with progress."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Loaded, Trouble
from aegan_studio.ui.latent.picture_messages import Invert, Inverted, Subject
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.easel.pair import Pair
from aegan_studio.ui.panels.explore.fields import steps_field
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.choice import Choice, Option
from aegan_studio.ui.widgets.messages import BusyBar
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.switches import Toggle

STEPS = 300
STARTS, MOST_STARTS = 4, 32


class SearchBench(QWidget):
    """Runs the search and shows the best code so far; stopping keeps it.

    Parameters
    ----------
    subject : callable
        What a code is wanted for; ``None`` where there is nothing.
    """

    went = Signal()
    found = Signal(object)
    """The best so far (:class:`Inverted`)."""

    def __init__(
        self,
        explorer: Explorer,
        subject: Callable[[], Subject | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._explorer, self._subject = explorer, subject
        self.best: Inverted | None = None
        self._ready = False
        self.pair = Pair(
            (tr("Given"), tr("The picture in the format of the data.")),
            (tr("Best so far"), tr("What the best code found so far decodes to.")),
        )
        self.steps = steps_field(
            STEPS, tr("Updates of the code; more come nearer and take longer.")
        )
        self.starts = NumberField(
            STARTS, lo=1, hi=MOST_STARTS, integer=True, unit=tr("starts"), name=tr("Starts")
        )
        self.starts.setToolTip(
            tr("Codes that are improved side by side; more miss a good one less often.")
        )
        self.loss = Choice(
            [
                Option(
                    "mse",
                    tr("Squares"),
                    help=tr("Mean square difference: no value may be far off."),
                ),
                Option(
                    "l1",
                    tr("Absolute"),
                    help=tr("Mean absolute difference: forgives a few outliers."),
                ),
            ],
            "mse",
            name=tr("Difference"),
        )
        self.encoder = Toggle(
            True,
            text=tr("From the encoder"),
            tooltip=tr("Start from the encoder’s code as well as from random ones."),
        )
        self.run = Button(tr("Search"), icon="search", variant="soft")
        self.go = Button(tr("Go there"), icon="compass")
        self.busy = BusyBar(cancellable=False)
        self._lay_out()
        self.run.clicked.connect(self.toggle)
        self.go.clicked.connect(self.went)
        explorer.listen(Invert, self._on_answer, troubles=False)
        explorer.busy_changed.connect(self._on_busy)
        self._show_state()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.pair, 1)
        column.addWidget(self.busy)
        rows = ((self.steps, self.starts), (self.loss, self.encoder), (self.run, self.go))
        for widgets in rows:
            row = QHBoxLayout()
            row.setSpacing(8)
            for widget in widgets:
                row.addWidget(widget, 1)
            column.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_model(self, model: Loaded, depiction: Depiction) -> None:
        """Another model: what was found is not its."""
        self.encoder.setVisible(model.has_encoder)
        self.forget()
        self.pair.set_depiction(depiction)

    def forget(self) -> None:
        """The picture is another."""
        self._explorer.cancel(Invert)
        self.best = None
        self.pair.show_items(None, None)
        self._show_state()

    @property
    def ready(self) -> bool:
        """Whether there is something to search for."""
        return self._ready

    @property
    def running(self) -> bool:
        """Whether the search is under way."""
        return self._explorer.is_busy(Invert)

    def toggle(self) -> None:
        """Begin, or stop and keep the best."""
        if self.running:
            self._explorer.cancel(Invert)
        else:
            self.start()

    def start(self) -> None:
        """Search for the picture's code."""
        subject = self._subject()
        if subject is None:
            return
        self.best = None
        self._explorer.ask(
            Invert(
                subject,
                steps=int(self.steps.value or STEPS),
                starts=int(self.starts.value or STARTS),
                loss="l1" if self.loss.value == "l1" else "mse",
                encoder=self.encoder.isChecked(),
            )
        )

    def set_ready(self, on: bool) -> None:
        """Say whether there is something to search for."""
        if on != self._ready:
            self._ready = on
            self._show_state()

    def _on_answer(self, answer: Inverted | Trouble) -> None:
        if isinstance(answer, Trouble):
            return
        self.best = answer
        first = f"{answer.first:.4f}"
        lines = [
            tr("step {step:,}", step=answer.step),
            tr("{error} encoded", error=first)
            if answer.encoded
            else tr("{error} at first", error=first),
            tr("{error} now", error=f"{answer.error:.4f}"),
        ]
        self.pair.show_items(answer.picture, answer.rebuilt, lines)
        self.busy.set_progress(answer.step / answer.steps)
        self.found.emit(answer)
        self._show_state()

    def _on_busy(self, kind: type) -> None:
        if kind is not Invert:
            return
        if self.running:
            self.busy.start(share=0.0)
        else:
            self.busy.finish()
        self._show_state()

    def _show_state(self) -> None:
        running = self.running
        self.run.setText(tr("Stop") if running else tr("Search"))
        self.run.set_icon_name("stop" if running else "search")
        self.run.setToolTip(
            tr("Stop and keep the best code found so far.")
            if running
            else tr("Look for the code whose picture comes nearest, by gradient descent.")
        )
        self.run.setEnabled(running or self._ready)
        self.go.setEnabled(self.best is not None)
