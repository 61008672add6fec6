"""One channel of the mixer: its fader and meter, what its critic judges, and its numbers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.panels.train.mixer.desk import LETTERS, Channel
from aegan_studio.ui.panels.train.model.scene import token_of
from aegan_studio.ui.panels.train.model.state import value_text
from aegan_studio.ui.theme import BODY, NOTE, TICK, current_theme, mix, ui_font
from aegan_studio.ui.widgets.faders import Fader, FaderScale, SegmentMeter, short_number
from aegan_studio.ui.widgets.formula import formula_box
from aegan_studio.ui.widgets.formula_parser import parse, plain_text
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    RIGHT,
    draw_text,
    fill_round,
    smooth,
    stroke_round,
)


class SideChip(QAbstractButton):
    """A thing that a critic may judge, on or off."""

    def __init__(self, side: str, color: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side, self._color = side, color
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setProperty("focusRadius", 4.0)

    def sizeHint(self) -> QSize:
        """A letter."""
        return QSize(15, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the letter, on its colour where it is on."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        color = theme.color(self._color)
        on = self.isChecked()
        if on:
            fill_round(painter, rect, 4, mix(theme.surface, color, 0.22))
        edge = color if on else mix(theme.strong, theme.text3, 1.0 if self.underMouse() else 0.0)
        stroke_round(painter, rect, 4, edge)
        ink = theme.color("text") if on else theme.color("text3")
        box = formula_box(LETTERS[self.side], 13, ink.name())
        box.paint(painter, rect.center().x() - box.width / 2, rect.center().y() + 4.5)


class FaderValue(NumberField):
    """The number below a fader: typed after a click, or dragged sideways."""

    def sizeHint(self) -> QSize:
        """Four figures."""
        return QSize(46, 20)

    def minimumSizeHint(self) -> QSize:
        """Three figures."""
        return QSize(30, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the number alone; a ground under the pointer says that it can be changed."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        if self.underMouse() or self.hasFocus():
            fill_round(painter, QRectF(self.rect()), 4, theme.raised)
        value = float(self.value or 0.0)
        text = format_number(value, 3 if value >= 0.1 else 2) if value else "0"
        ink = theme.text if value and self.isEnabled() else theme.text3
        font = ui_font(BODY, 600)
        draw_text(painter, QRectF(self.rect()), text, ink, font, CENTRE, elide=False)


class ScaleColumn(QWidget):
    """The figures of a scale, at the height of the faders beside it."""

    def __init__(self, scale: FaderScale, like: Fader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale, self._like = scale, like
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Room for four figures."""
        return QSize(30, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as many figures as there is room for, from the foot."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        font = ui_font(TICK)
        above = float("inf")
        for place, text in self._scale.ticks():
            y = self._like.y_of(place)
            if above - y < 12:
                continue
            above = y
            spot = QRectF(0, y - 7, self.width() - 3, 14)
            draw_text(painter, spot, text, theme.text3, font, RIGHT, elide=False)


class Strip(QWidget):
    """Fader and meter side by side; the other parts are placed by the panel, row by row.

    ``moved`` and ``settled`` give the weight, ``sides_changed`` the value of the option that
    says what the critic judges.
    """

    moved = Signal(float)
    settled = Signal(float)
    grabbed = Signal()
    sides_changed = Signal(str)

    def __init__(self, channel: Channel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.channel = channel
        token = token_of(channel.term)
        label = tr(channel.info.label)
        self.name = Label(channel.term.name, tone=token, size=NOTE, weight=600)
        self.name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name.setToolTip(f"<b>{tr(channel.term.label)}</b><br>{tr(channel.term.help)}")
        self.fader = Fader(scale=channel.scale, color=token, name=label)
        self.fader.setToolTip(f"<b>{label}</b><br>{tr(channel.info.help)}")
        gradient = tr("Gradient of {term}", term=channel.term.name)
        self.meter = SegmentMeter(color=token, name=gradient)
        self.weight = FaderValue(
            0.0, lo=0.0, hi=channel.scale.most, log=True,
            soft=(channel.scale.floor, channel.scale.top), name=label,
        )  # fmt: skip
        self.weight.setToolTip(f"<b>{label}</b><br>{tr(channel.info.help)}")
        self.value = Label("–", tone="text2", size=TICK)
        self.value.setAccessibleName(tr(channel.term.label))
        self.value.setToolTip(f"<b>{tr(channel.term.label)}</b><br>{tr(channel.term.help)}")
        self.gradient = Label("–", tone="text2", size=TICK)
        self.gradient.setAccessibleName(gradient)
        tip = tr(
            "Norm of the gradient of weight × {term}: how hard the term pulls at the weights it "
            "moves. The strongest term fills its meter.",
            term=channel.term.name,
        )
        for widget in (self.gradient, self.meter):
            widget.setToolTip(tip)
        for text in (self.value, self.gradient):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.chips = self._make_chips(token)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addStretch(1)
        row.addWidget(self.fader)
        row.addWidget(self.meter)
        row.addStretch(1)
        self.fader.moved.connect(self._on_moved)
        self.fader.settled.connect(self.settled)
        self.fader.grabbed.connect(self.grabbed)
        self.fader.typed.connect(self._on_typed)
        self.weight.value_dragged.connect(self._on_number)
        self.weight.value_changed.connect(self._on_entered)

    def _make_chips(self, token: str) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addStretch(1)
        self.sides: tuple[SideChip, ...] = ()
        info = self.channel.judges
        for side in self.channel.sides():
            assert info is not None
            letter = " ".join(plain_text(parse(LETTERS[side])).split())
            name = tr("{term} on {thing}", term=self.channel.term.name, thing=letter)
            chip = SideChip(side, token, name)
            chip.setToolTip(f"<b>{name}: {tr(info.choices[side])}</b><br>{tr(info.help)}")
            chip.clicked.connect(lambda _on, chip=chip: self._on_chip(chip))
            row.addWidget(chip)
            self.sides = (*self.sides, chip)
        row.addStretch(1)
        return holder

    def _on_chip(self, clicked: SideChip) -> None:
        """One of them always stays on: turning the last one off turns the other one on."""
        on = [chip.side for chip in self.sides if chip.isChecked()]
        if not on:
            on = [chip.side for chip in self.sides if chip is not clicked][:1]
        self.sides_changed.emit("both" if len(on) > 1 else on[0])

    def _on_moved(self, weight: float) -> None:
        self.weight.set_value(weight)
        self.moved.emit(weight)

    def _on_number(self, weight: float) -> None:
        self.grabbed.emit()
        self.fader.set_weight(float(weight))
        self.moved.emit(float(weight))

    def _on_entered(self, weight: float) -> None:
        self._on_number(weight)
        self.settled.emit(float(weight))

    def _on_typed(self, text: str) -> None:
        self.weight.setFocus(Qt.FocusReason.OtherFocusReason)
        self.weight.edit(text or None)

    def show_weight(self, weight: float) -> None:
        """Show the document's weight, unless a person holds the fader."""
        if not self.fader.held:
            self.fader.set_weight(weight)
            self.weight.set_value(weight)

    def show_sides(self, value: str) -> None:
        """Show what the critic judges."""
        for chip in self.sides:
            chip.setChecked(value in ("both", chip.side))

    def show_value(self, value: float | None) -> None:
        """Show the term's value."""
        self.value.setText(value_text(value))

    def show_gradient(self, norm: float | None, strongest: float = 1.0) -> None:
        """Show how hard the term pulls, against the term that pulls hardest."""
        text = "–" if norm is None else short_number(norm)
        self.meter.set_share(None if norm is None else norm / strongest, text)
        self.gradient.setText(text)
