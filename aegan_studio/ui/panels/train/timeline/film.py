"""The card that opens at “Save film…” of the timeline: what it shows, in which kind of file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.runs.history_film import Shown
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.film_formats import film_formats
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import ProblemLine
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.popup_card import PopupCard
from aegan_studio.ui.widgets.switches import Segmented, Toggle

SLOWEST, FASTEST = 1, 50
"""Frames a second of a film; GIF plays no faster."""


class RunFilmCard(PopupCard):
    """A card that floats at a button; it asks for a path when Save is pressed."""

    wanted = Signal(object)
    """The :class:`Path` to save the film as, as it is chosen here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Save film"), parent)
        self._count = 0
        self.shown = Segmented([("samples", "")], "samples", name=tr("What is shown"), stretch=True)
        self.format = Segmented(
            film_formats(),
            ".gif",
            name=tr("Format"),
            stretch=True,
        )
        self.rate = NumberField(
            8, lo=SLOWEST, hi=FASTEST, integer=True, unit=tr("a second"), name=tr("Frames")
        )
        self.rate.setToolTip(tr("Frames a second. Raising it shows the training in less time."))
        self.caption = Toggle(
            True, text=tr("Step below"), tooltip=tr("Whether each frame says which step it is of.")
        )
        self.preview = Label("", tone="text2", wrap=True)
        self.problem = ProblemLine()
        self.problem.hide()
        self.go = Button(tr("Save…"), icon="export", variant="soft")
        self._lay_out()
        self.format.value_changed.connect(self._refresh)
        self.rate.value_changed.connect(self._refresh)
        self.go.clicked.connect(self._ask_where)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.rate, 1)
        row.addWidget(self.caption)
        last = QHBoxLayout()
        last.addWidget(self.preview, 1)
        last.addWidget(self.go, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(10)
        column.addWidget(self.shown)
        column.addWidget(self.format)
        column.addLayout(row)
        column.addWidget(self.problem)
        column.addLayout(last)

    def open_at(self, where: QPoint, count: int, shown: Sequence[Shown], rate: float) -> None:
        """Show the card with its lower right corner at a place of the screen.

        Parameters
        ----------
        count : int
            Instants to film.
        shown : sequence of str
            What the model makes, at least one kind.
        rate : float
            Frames a second to begin with.
        """
        labels = {
            "samples": (tr("Samples"), tr("What is decoded from the same codes.")),
            "reconstructions": (tr("Reconstructions"), tr("Originals and what is made of them.")),
        }
        chosen = self.shown.value if self.shown.value in shown else shown[0]
        self.shown.set_options([(name, *labels[name]) for name in shown])
        self.shown.set_value(chosen)
        self.shown.setVisible(len(shown) > 1)
        self._count = count
        self.rate.set_value(min(max(round(rate), SLOWEST), FASTEST))
        self._refresh()
        self.open_above(where)
        self.format.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def ending(self) -> str:
        """The ending of the file."""
        return str(self.format.value)

    @property
    def what(self) -> Shown:
        """What is shown."""
        return cast(Shown, self.shown.value)

    @property
    def fps(self) -> float:
        """Frames a second."""
        return float(self.rate.value or SLOWEST)

    def _refresh(self, _value: object = None) -> None:
        problem = ""
        if self.ending == ".mp4":
            from aegan_studio.runs.films import need_mp4

            try:
                need_mp4()
            except StudioError as error:
                problem = tr.join(error.sentences())
        self.problem.setVisible(bool(problem))
        if problem:
            self.problem.set(problem)
        self.go.setEnabled(not problem)
        self.preview.setText(
            tr(
                "{count:,} frames in {seconds:.1f} s",
                count=self._count,
                seconds=self._count / self.fps,
            )
        )
        self.settle()

    def _ask_where(self) -> None:
        self.hide()
        kind = {".gif": "GIF", ".webp": "WebP", ".mp4": "MP4"}[self.ending]
        path, _ = QFileDialog.getSaveFileName(
            self.parentWidget(),
            tr("Save the film"),
            f"training{self.ending}",
            f"{kind} (*{self.ending})",
        )
        if path:
            self.wanted.emit(Path(path).with_suffix(self.ending))
