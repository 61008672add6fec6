"""The card that opens at “Save film…”: format, size of a pixel, and what will come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast
from weakref import WeakMethod

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.panels.explore.walk.film import Ending, Film, FilmMaker, weight, why_not
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.film_formats import film_formats
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import ProblemLine
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.popup_card import PopupCard
from aegan_studio.ui.widgets.switches import Segmented, Toggle

MOST_SCALE = 32
Draft = Callable[[], Film | None]


class FilmCard(PopupCard):
    """A card that floats at a button; it asks for a path when Save is pressed.

    Parameters
    ----------
    draft : bound method
        The film as the walk stands, or ``None``; the card chooses format, scale and repeating.
        It is not kept alive: card and page would hold each other.
    """

    wanted = Signal(object, object)
    """A :class:`Film`, and the :class:`Path` to save it as."""

    def __init__(self, draft: Draft, maker: FilmMaker, parent: QWidget | None = None) -> None:
        super().__init__(tr("Save film"), parent)
        self._find_draft, self._maker = WeakMethod(draft), maker
        self._size: int | None = None
        self.format = Segmented(
            [
                *film_formats(),
                (".png", tr("Strip"), tr("All frames side by side as one PNG picture.")),
            ],
            ".gif",
            name=tr("Format"),
            stretch=True,
        )
        self.scale = NumberField(
            1, lo=1, hi=MOST_SCALE, integer=True, unit=tr("× pixels"), name=tr("Scale")
        )
        self.scale.setToolTip(
            tr("Every pixel becomes a square of this side. Larger ones stay sharp on a screen.")
        )
        self.repeat = Toggle(
            True,
            text=tr("Repeat for ever"),
            tooltip=tr("Whether the film begins anew when it ends."),
        )
        self.preview = Label("", tone="text2", wrap=True)
        self.problem = ProblemLine()
        self.problem.hide()
        self.go = Button(tr("Save…"), icon="export", variant="soft")
        self._lay_out()
        self.format.value_changed.connect(self._refresh)
        self.scale.value_changed.connect(self._refresh)
        self.repeat.toggled.connect(self._refresh)
        self.go.clicked.connect(self._ask_where)
        maker.estimated.connect(self._on_estimate)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.scale, 1)
        row.addWidget(self.repeat)
        last = QHBoxLayout()
        last.addWidget(self.preview, 1)
        last.addWidget(self.go, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(10)
        column.addWidget(self.format)
        column.addLayout(row)
        column.addWidget(self.problem)
        column.addLayout(last)

    def _draft(self) -> Film | None:
        draft = self._find_draft()
        return None if draft is None else draft()

    def open_at(self, where: QPoint) -> None:
        """Show the card with its lower right corner at a place of the screen."""
        draft = self._draft()
        if draft is None:
            return
        from aegan_studio.runs.films import SIDE

        side = max(replace(draft, scale=1, ending=".gif").side())
        self.scale.set_value(max(1, min(SIDE // side, MOST_SCALE)))
        self._refresh()
        self.open_above(where)
        self.format.setFocus(Qt.FocusReason.PopupFocusReason)

    def film(self) -> Film | None:
        """The film as it is chosen."""
        draft = self._draft()
        if draft is None:
            return None
        return replace(
            draft,
            ending=cast(Ending, self.format.value),
            scale=int(self.scale.value or 1),
            repeat=self.repeat.isChecked(),
        )

    def _refresh(self, _value: object = None) -> None:
        film = self.film()
        self._size = None
        if film is None:
            self.hide()
            return
        self.repeat.setEnabled(film.ending in (".gif", ".webp"))
        problem = why_not(film)
        self.problem.setVisible(bool(problem))
        if problem:
            self.problem.set(tr.join(problem))
        self.go.setEnabled(not problem)
        self._say(film)
        self.settle()
        if not problem:
            self._maker.estimate(film)
        elif not self._maker.saving:
            self._maker.cancel()  # what is estimated is another film

    def _say(self, film: Film) -> None:
        wide, tall = film.side()
        parts = [tr("{wide:,} × {tall:,} pixels", wide=wide, tall=tall)]
        if film.ending == ".png":
            parts.append(tr("{count:,} frames", count=film.count))
        else:
            parts.append(
                tr(
                    "{count:,} frames in {seconds:.1f} s",
                    count=film.count,
                    seconds=film.count / film.fps,
                )
            )
        if self._size is not None:
            parts.append(tr("about {size}", size=weight(self._size)))
        self.preview.setText(", ".join(parts))

    def _on_estimate(self, size: int) -> None:
        film = self.film()
        if film is not None and self.isVisible():
            self._size = size
            self._say(film)

    def _ask_where(self) -> None:
        film = self.film()
        if film is None:
            return
        self.hide()
        kind = {".gif": "GIF", ".webp": "WebP", ".mp4": "MP4", ".png": "PNG"}[film.ending]
        path, _ = QFileDialog.getSaveFileName(
            self.parentWidget(),
            tr("Save the film"),
            f"walk{film.ending}",
            f"{kind} (*{film.ending})",
        )
        if path:
            self.wanted.emit(film, Path(path).with_suffix(film.ending))
