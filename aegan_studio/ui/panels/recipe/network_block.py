"""One network of the recipe: its role, shapes and size; opened, its preset and options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.experiment import Problem
from aegan_studio.experiment.parts import NETWORKS, NetworkOptions, Role, Shape
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.panels.recipe.forms import KindRow, OptionGroup
from aegan_studio.ui.theme import BODY, NOTE, current_theme, formula_font, mix, ui_font
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.choice import Option
from aegan_studio.ui.widgets.formula import paint_formula
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import ProblemLine
from aegan_studio.ui.widgets.numbers import compact
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    LEFT,
    RIGHT,
    draw_text,
    fill_round,
    smooth,
)


def shape_text(shape: Shape) -> str:
    """A shape as the field writes it: ``3×32×32``."""
    return "×".join(str(side) for side in shape)


def preset_options(role: Role, current: NetworkOptions) -> list[Option]:
    """The networks on offer for a role; those that cannot serve it say why.

    A list of own layers is on offer only where the experiment has one: choosing it would
    begin with no layers at all.
    """
    return list(_offered(role, current.kind == "layers", tr.language))


@lru_cache(maxsize=32)
def _offered(role: Role, written: bool, _language: str) -> tuple[Option, ...]:
    offered = []
    for entry in NETWORKS:
        if entry.kind == "layers" and not written:
            continue
        why = entry.defaults().unfit(role)
        offered.append(Option(entry.kind, tr(entry.label), tr(why or entry.help), not why))
    return tuple(offered)


class _Head(QWidget):
    """The line that opens the block: symbol, name, shapes, size."""

    clicked = Signal()
    edit_asked = Signal()
    """A double click or Ctrl+Enter: the layers are wanted."""

    def __init__(self, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.role = role
        self.weights, self.count, self.problem = "", "", ""
        self.opened = False
        self.edited = False
        self._twice = False
        self._hover = HoverFade(self)
        self.setFixedHeight(48)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr(role.label))
        self.setProperty("focusRadius", 6.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Accept the press, so that the release comes here."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open or close."""
        inside = self.rect().contains(event.position().toPoint())
        twice, self._twice = self._twice, False
        if event.button() == Qt.MouseButton.LeftButton and inside:
            (self.edit_asked if twice else self.clicked).emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the layers, once the button is let go."""
        self._twice = event.button() == Qt.MouseButton.LeftButton

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter open and close; with Ctrl the layers are opened."""
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if ctrl and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_asked.emit()
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        ground = mix(theme.surface, theme.raised, self._hover.amount * 0.7)
        marked = self.opened or self.edited
        if marked:
            ground = theme.color("accent_soft")
        fill_round(painter, rect.adjusted(0, 1, 0, -1), 6, ground)
        chip = QRectF(8, 9, 30, 30)
        fill_round(painter, chip, 6, theme.accent_fill if marked else theme.raised)
        ink = theme.on_accent if marked else theme.text
        if "_" in self.role.symbol:
            paint_formula(painter, chip, self.role.symbol, 15, ink, align=CENTRE)
        else:
            draw_text(painter, chip, self.role.symbol, ink, formula_font(17, italic=True), CENTRE)
        text = rect.adjusted(48, 6, -10, -6)
        top = QRectF(text.left(), text.top(), text.width(), text.height() / 2)
        below = top.translated(0, text.height() / 2)
        draw_text(painter, top, tr(self.role.label), theme.text, ui_font(BODY, 600), LEFT)
        shapes = f"{shape_text(self.role.inputs)} → {shape_text(self.role.outputs)}"
        font = ui_font(NOTE)
        draw_text(painter, below, shapes, theme.text2, font, LEFT)
        if self.problem:
            side = 15.0
            spot = QRectF(text.right() - side, top.center().y() - side / 2, side, side)
            paint_icon(painter, "warning", spot, theme.error)
            draw_text(painter, below, self.problem, theme.error, ui_font(NOTE), RIGHT)
        else:
            words = self.weights if below.width() >= 170 else self.count
            draw_text(painter, below, words, theme.text2, font, RIGHT)


class NetworkBlock(QWidget):
    """A network's line and, opened, its preset, options and problems.

    The door to its layers: the button “Edit layers”, a double click, or Ctrl+Enter. While layers
    are being edited, a click on another network's line leads to that network's layers.
    """

    opened = Signal(object)
    edit_asked = Signal(str, int)
    """The role whose layers are wanted, and the layer to select; −1 for none."""

    def __init__(
        self, document: Document, session: Session, role: Role, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._session, self.role = document, session, role
        self._prefix = f"networks.{role.name}"
        network = document.experiment.networks[role.name]
        self._head = _Head(role)
        self._head.clicked.connect(self._on_head)
        self._head.edit_asked.connect(self.edit_layers)
        self._editing = False
        self.kind = KindRow(
            document,
            f"{self._prefix}.kind",
            tr("Network"),
            preset_options(role, network),
            network.kind,
            tr("The preset that writes this network's layers."),
            labelled=True,
        )
        self.group = OptionGroup(document, session, self._prefix, skip=("origin",))
        self._edit = Button(tr("Edit layers"), icon="edit", variant="soft", size="s")
        self._edit.setToolTip(
            tr("Open the list of layers: add, move and change them one by one (double click).")
        )
        self._edit.clicked.connect(self.edit_layers)
        self._layers = Label("", tone="text3", size=NOTE, wrap=True)
        self._problem = ProblemLine()
        self._problem.fix_requested.connect(self._mend)
        self._mended: Problem | None = None
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(4, 4, 0, 6)
        column.setSpacing(0)
        for part in (self.kind, self.group, self._layers, self._problem):
            column.addWidget(part)
        column.addSpacing(4)
        column.addWidget(self._edit, 0, Qt.AlignmentFlag.AlignLeft)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head)
        whole.addWidget(self._body)
        self._body.hide()
        self._problem.hide()

    @property
    def head(self) -> QWidget:
        """The line that opens the block."""
        return self._head

    @property
    def edit_button(self) -> Button:
        """Leads to the layers."""
        return self._edit

    @property
    def is_open(self) -> bool:
        """Whether the options show."""
        return not self._body.isHidden()

    def set_open(self, on: bool) -> None:
        """Show or hide the options."""
        self._body.setVisible(on)
        self._head.opened = on
        self._head.update()

    def edit_layers(self) -> None:
        """Ask for the list of layers."""
        self.edit_asked.emit(self.role.name, -1)

    def show_edited(self, on: bool, *, editing: bool) -> None:
        """Say whether this network's layers are being edited, and whether any one's are."""
        self._editing = editing
        self._edit.setVisible(not editing)
        self._head.edited = on
        if editing and not on:
            self.set_open(False)
        self._head.update()

    def _on_head(self) -> None:
        if self._editing and not self._head.edited:
            self.edit_layers()
        else:
            self._toggle()

    def _toggle(self) -> None:
        self.set_open(not self.is_open)
        if self.is_open:
            self.opened.emit(self)

    def refresh(self, role: Role) -> None:
        """Show the document's values, for a role whose shapes may be others now."""
        self.role = self._head.role = role
        network = self._document.experiment.networks[role.name]
        self.kind.show_options(preset_options(role, network), network.kind)
        self.group.refresh()
        self._head.update()

    def show_inspection(self, inspection: Any) -> None:
        """Show weights, FLOPs and the list of layers; ``None`` while they are worked out."""
        report = None if inspection is None else inspection.networks.get(self.role.name)
        self._head.weights = self._head.count = ""
        self._layers.setText("")
        if report is not None:
            self._head.count = compact(report.parameters)
            self._head.weights = tr("{count} weights", count=self._head.count)
            self._layers.setText(
                tr(
                    "{layers} layers, {flops} FLOPs an item",
                    layers=len(report.layers),
                    flops=compact(report.flops),
                )
            )
        self._layers.setVisible(bool(self._layers.text()))
        self._head.update()

    def show_pending(self, pending: Mapping[str, tuple[Any, Any]]) -> None:
        """Show what the run still uses."""
        self.kind.show_pending(pending)
        self.group.show_pending(pending)

    def show_problems(self, problems: Sequence[Problem]) -> bool:
        """Show the problems of this network; says whether there are any."""
        mine = [
            p for p in problems if p.path == self._prefix or p.path.startswith(f"{self._prefix}.")
        ]
        shown = self.kind.show_problems(mine)
        shown = self.group.show_problems(mine) or shown
        rows = {row.path for row in self.group.rows} | {self.kind.path}
        rest = [p for p in mine if p.path not in rows]
        self._mended = rest[0] if rest else None
        if self._mended is not None:
            mend = self._mended.mend
            advice = self._mended.advice
            text = tr(self._mended.message)
            if mend is None and advice is not None:
                text = f"{text} {tr(advice)}"
            self._problem.set(text, tr(mend.label) if mend else "", self._mended.severity)
        self._problem.setVisible(self._mended is not None)
        errors = [p for p in mine if p.severity == "error"]
        self._head.problem = (
            ""
            if not errors
            else tr("1 problem")
            if len(errors) == 1
            else tr("{count} problems", count=len(errors))
        )
        self._head.update()
        return shown or self._mended is not None

    def _mend(self) -> None:
        if self._mended is not None and self._mended.mend is not None:
            self._document.edit(self._mended.mend.changes, tr(self._mended.mend.label))
