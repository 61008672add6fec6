"""The head of the editor: back, whose network it is, the preset, the mirror, the menu."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from aegan_studio.experiment.parts import NETWORKS, NetworkOptions, Role
from aegan_studio.i18n import tr
from aegan_studio.ui.theme import BODY, CARD, current_theme, ui_font
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.choice import Choice, Option
from aegan_studio.ui.widgets.formula import FormulaLabel
from aegan_studio.ui.widgets.labels import Label


@lru_cache(maxsize=16)
def _presets(role: Role, _language: str) -> tuple[Option, ...]:
    """The presets on offer for a role; those that cannot serve it say why."""
    found = []
    for entry in NETWORKS:
        if entry.kind != "layers":
            why = entry.defaults().unfit(role)
            found.append(Option(entry.kind, tr(entry.label), tr(why or entry.help), not why))
    return tuple(found)


class _Rule(QWidget):
    """A short upright line."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(9, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        QPainter(self).fillRect(QRectF(4, 0, 1, 28), current_theme().color("hairline"))


class Head(QWidget):
    """The line above the table."""

    left = Signal()
    preset_chosen = Signal(str)
    mirror_asked = Signal()
    menu_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(52)
        self.back = Button(tr("Model"), icon="chevron-left", variant="ghost", size="s")
        self.back.setToolTip(tr("Back to the model (Esc)"))
        self.back.clicked.connect(self.left)
        self.symbol = FormulaLabel(size=20, roles=False)
        self.title = Label("", size=CARD, weight=600, elide=True)
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.preset = Choice(name=tr("Preset"))
        self.preset.setFont(ui_font(BODY, 500))
        self.preset.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.preset.setToolTip(
            tr("The preset that writes this network's layers. Choosing one writes them anew.")
        )
        self.preset.value_changed.connect(self._on_preset)
        self.mirror = Button("", icon="copy")
        self.mirror.clicked.connect(self.mirror_asked)
        self.more = IconButton("more", tr("Copy, save and more"), variant="plain")
        self.more.clicked.connect(self.menu_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 4, 6, 4)
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(_Rule())
        row.addWidget(self.symbol)
        row.addWidget(self.title)
        row.addSpacing(6)
        row.addWidget(self.preset)
        row.addStretch(1)
        row.addWidget(self.mirror)
        row.addWidget(self.more)

    def show_network(self, role: Role, network: NetworkOptions, title: str) -> None:
        """Name the network, and offer the presets that can serve its role."""
        self.symbol.set_formula(role.symbol)
        words = tr(role.label)
        self.title.setText(words)
        self.title.setMaximumWidth(self.title.fontMetrics().horizontalAdvance(words) + 6)
        options = list(_presets(role, tr.language))
        if network.kind == "layers":
            options.insert(0, Option("layers", title, tr("This list, as it was edited.")))
        if tuple(options) != self.preset.options:
            self.preset.set_options(options, network.kind)
        self.preset.set_value(network.kind)
        self.preset.updateGeometry()

    def show_mirror(self, partner: Role | None, why_not: str) -> None:
        """Offer the mirror into another network, or none."""
        self.mirror.setVisible(partner is not None)
        if partner is None:
            return
        words = tr("Mirror into {symbol}", symbol=partner.symbol)
        self.mirror.setText(words)
        self.mirror.setAccessibleName(words)
        self.mirror.setEnabled(not why_not)
        self.mirror.setToolTip(
            why_not
            or tr(
                "Writes the {network} as this network run backwards: the same sizes in reverse. "
                "Undo takes it back.",
                network=tr(partner.label).lower(),
            )
        )
        self.mirror.updateGeometry()

    def _on_preset(self, kind: object) -> None:
        if kind != "layers":
            self.preset_chosen.emit(str(kind))
