"""What the encoder and the critic make of the current picture, in one line."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.keep_messages import Reflect, Reflected
from aegan_studio.ui.latent.messages import Decoded, Loaded, Trouble
from aegan_studio.ui.theme import NOTE
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.numbers import MINUS


class Reflection(QWidget):
    """The cycle error ‖z − E(G(z))‖ and the critic's opinion D(G(z)); asks only while seen."""

    arrived = Signal()
    """:attr:`answer` is another."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._asked: tuple[bytes, int | None] | None = None
        self.answer: Reflected | None = None
        self.cycle = Label("", tone="text2", size=NOTE)
        self.critic = Label("", tone="text2", size=NOTE, elide=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.cycle)
        row.addWidget(self.critic, 1)
        self.setFixedHeight(16)
        explorer.loaded.connect(self._on_loaded)
        explorer.rested.connect(self._on_rest)
        explorer.listen(Reflect, self._on_reflected, troubles=True)

    @property
    def can_encode(self) -> bool:
        """Whether there is an encoder."""
        model = self._explorer.model
        return model is not None and model.has_encoder

    def _ask(self) -> None:
        code, step = self._explorer.code, self._explorer.step
        if self.isVisible() and code.size and (code.tobytes(), step) != self._asked:
            self._asked = code.tobytes(), step
            self._explorer.ask(Reflect(code))

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self._asked = self.answer = None
            self.cycle.setText("")
            self.critic.setText("")
            self.arrived.emit()

    def _on_rest(self, _picture: Decoded) -> None:
        self._ask()

    def _on_reflected(self, answer: Reflected | Trouble) -> None:
        if isinstance(answer, Trouble):
            self.answer = None
            self.cycle.setText("")
            self.critic.setText(tr.join(answer.sentences))
        else:
            self.answer = answer
            self._say(answer)
        self.arrived.emit()

    def _say(self, answer: Reflected) -> None:
        self.cycle.setVisible(answer.cycle is not None)
        self.critic.setVisible(answer.critic is not None)
        if answer.cycle is not None:
            self.cycle.setText(f"‖z {MINUS} E(G(z))‖ = {answer.cycle:.2f}")
            self.cycle.setToolTip(
                tr(
                    "How far the encoder's code for this picture lies from the code that made it; "
                    "pictures differ by {gap:.2f}.",
                    gap=answer.gap or 0.0,
                )
            )
        if answer.critic is not None and answer.rank is not None:
            value = f"{answer.critic:.2f}".replace("-", MINUS)
            self.critic.setText(
                tr("D = {value}, above {rank:.0f} % of real", value=value, rank=answer.rank)
            )
            self.critic.setToolTip(
                tr(
                    "What the discriminator says, higher is more real. It takes {rank:.0f} % of "
                    "real items for less real than this one.",
                    rank=answer.rank,
                )
            )

    def showEvent(self, event: QShowEvent) -> None:
        """In sight: ask."""
        super().showEvent(event)
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight: no work in vain."""
        super().hideEvent(event)
        self._explorer.cancel(Reflect)
        self._asked = None
