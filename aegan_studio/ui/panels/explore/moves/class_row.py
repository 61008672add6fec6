"""The class that a code asks for: one choice, with sliders for mixing behind a button."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.messages import Floats
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.choice import Choice, Option
from aegan_studio.ui.widgets.labels import Label

_MIXED = -1


class ClassRow(QWidget):
    """Chooses one of a code's classes; a mixture of several says so."""

    chosen = Signal(int)
    """One class alone is wanted, by its number."""
    mixing_changed = Signal()
    """The sliders of the single classes are to be shown, or no more: :attr:`mixing`."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = tuple(names)
        self.choice = Choice(list(enumerate(names)), 0, name=tr("Class"))
        self.choice.setToolTip(tr("The class that is asked for; the rest of the code stays."))
        self.choice.value_changed.connect(self._on_choice)
        self.mix = IconButton("sliders", tr("Mix classes with sliders"), checkable=True, side=28)
        self.mix.toggled.connect(lambda _on: self.mixing_changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Label(tr("Class")))
        row.addWidget(self.choice, 1)
        row.addWidget(self.mix)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def count(self) -> int:
        """How many classes there are."""
        return len(self._names)

    @property
    def mixing(self) -> bool:
        """Whether the sliders of the single classes are to be shown."""
        return self.mix.isChecked()

    def show_shares(self, shares: Floats) -> None:
        """Show what a code asks for, values (k,)."""
        options = [Option(at, name) for at, name in enumerate(self._names)]
        first = int(np.argmax(shares))
        pure = np.zeros(len(self._names))
        pure[first] = 1.0
        if np.allclose(shares, pure, atol=0.005):
            self._offer(options, first)
            return
        leading = [int(at) for at in np.argsort(-shares, kind="stable")[:2] if shares[at] > 0.005]
        parts = [f"{self._names[at]}: {100 * shares[at]:.0f} %" for at in leading]
        text = tr("Mixed, {parts}", parts=", ".join(parts)) if parts else tr("None")
        self._offer([*options, Option(_MIXED, text, enabled=False)], _MIXED)

    def _offer(self, options: list[Option], value: int) -> None:
        if tuple(options) != self.choice.options:
            self.choice.set_options(options, value)
        self.choice.set_value(value)

    def _on_choice(self, value: object) -> None:
        if isinstance(value, int) and value != _MIXED:
            self.chosen.emit(value)
