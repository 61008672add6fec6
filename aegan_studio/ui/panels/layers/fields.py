"""Small controls for the options of a layer, as wide as what they hold."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from aegan_studio.experiment.options import OptionInfo
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.layers.plugin_files import file_choice
from aegan_studio.ui.panels.recipe.editors import editor
from aegan_studio.ui.theme import BODY, ui_font
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.fields import TextField
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.numbers import format_number, parse_number
from aegan_studio.ui.widgets.painting import text_width
from aegan_studio.ui.widgets.switches import Toggle

HEIGHT = 28
WIDE = 64
"""Whole numbers that may grow beyond this are widths: a drag moves them by powers of two."""
_OCTAVE = 48.0
"""Pixels of a drag that double a width."""


class CountField(NumberField):
    """A number without a bar; widths are dragged along quarters of powers of two."""

    def __init__(self, value: float, info: OptionInfo, name: str) -> None:
        integer = info.type == "int"
        super().__init__(
            value,
            lo=None if info.exclusive_minimum else info.minimum,
            hi=info.maximum,
            integer=integer,
            log=info.log,
            soft=info.soft,
            name=name,
        )
        self._octaves = integer and (info.maximum is None or info.maximum > WIDE)
        self.setFont(ui_font(BODY, 600))

    def natural_width(self) -> int:
        """Room for the number it holds, and for one digit more while typing."""
        return max(36, round(text_width(self.text(), self.font())) + 26)

    def _paint_bar(self, painter: QPainter, rect: QRectF) -> None:
        del painter, rect

    def _dragged_to(self, moved: float, modifiers: Qt.KeyboardModifier) -> float | int:
        start = self._press_value or 0
        if not self._octaves or start < 1:
            return super()._dragged_to(moved, modifiers)
        fine = 0.1 if modifiers & Qt.KeyboardModifier.ControlModifier else 1.0
        return self._scale.clamp(quarter(start * 2.0 ** (moved * fine / _OCTAVE)))

    def _nudge(self, steps: int, modifiers: Qt.KeyboardModifier) -> None:
        if self._octaves and modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._commit(self._scale.clamp(quarter((self._value or 1) * 2.0**steps)))
        else:
            super()._nudge(steps, modifiers)


def quarter(value: float) -> int:
    """The nearest whole number of a quarter of a power of two: 4, 5, 6, 7, 8, 10, 12 …"""
    if value < 8:
        return max(1, round(value))
    unit = 2 ** (math.floor(math.log2(value)) - 2)
    return int(round(value / unit) * unit)


class ShapeField(TextField):
    """A shape: ``256×4×4``; also read with an x, commas or spaces."""

    def __init__(self, value: tuple[int, ...], *, name: str = "", most: int = 3) -> None:
        self._most = most
        super().__init__(joined(value), name=name, check=self.parse)
        self.setFont(ui_font(BODY, 600))
        self.value_changed.connect(self._on_text)

    shape_changed = Signal(object)

    @property
    def shape(self) -> tuple[int, ...]:
        """The committed sides."""
        return self.parse(self.value)

    def parse(self, text: str) -> tuple[int, ...]:
        """The sides in a text; raises ValueError with a sentence for what is no shape."""
        plain = text
        for mark in "×xX*,;":
            plain = plain.replace(mark, " ")
        sides = []
        for part in plain.split():
            try:
                side = parse_number(part)
            except ValueError:
                raise ValueError(tr("“{text}” is not a number.", text=part)) from None
            if side != int(side) or side < 1:
                raise ValueError(tr("Each side is a whole number of at least 1."))
            sides.append(int(side))
        if not 1 <= len(sides) <= self._most:
            raise ValueError(tr("A shape has 1 to {most} sides.", most=self._most))
        return tuple(sides)

    def natural_width(self) -> int:
        """Room for the shape."""
        return max(64, round(text_width(self.text(), self.font())) + 26)

    def _on_text(self, text: str) -> None:
        shape = self.parse(text)
        self.set_value(joined(shape))
        self.shape_changed.emit(shape)


def joined(shape: tuple[int, ...]) -> str:
    """A shape as it is shown: ``256×4×4``."""
    return "×".join(str(side) for side in shape)


class Control:
    """One option's control, whatever it is: shows a value, tells of a new one.

    Parameters
    ----------
    changed : callable
        Called with the value that a person chose.
    """

    def __init__(self, info: OptionInfo, value: Any, changed: Any, parent: QWidget) -> None:
        self.info = info
        name = tr(info.label)
        widget: Any
        if info.type in ("int", "float"):
            widget = CountField(value, info, name)
            widget.value_changed.connect(changed)
            widget.value_dragged.connect(changed)
        elif info.type == "ints":
            widget = ShapeField(tuple(value), name=name)
            widget.shape_changed.connect(changed)
        elif info.type == "bool":
            widget = Toggle(bool(value), name=name)
            widget.toggled.connect(changed)
        else:
            widget = file_choice(info, value) or editor(info, value)
            if widget is None:
                raise TypeError(f"the option {info.name} has no editor")
            widget.value_changed.connect(changed)
            if isinstance(widget, Choice):
                widget.setFont(ui_font(BODY, 500))
        self.widget: QWidget = widget
        widget.setParent(parent)
        widget.setToolTip(tip(info))

    def show(self, value: Any) -> None:
        """Show a value without telling."""
        widget: Any = self.widget
        if isinstance(widget, Toggle):
            if widget.isChecked() != bool(value):
                widget.blockSignals(True)
                widget.setChecked(bool(value))
                widget.blockSignals(False)
                widget._set_place(1.0 if value else 0.0)
        elif isinstance(widget, ShapeField):
            if widget.value != joined(tuple(value)):
                widget.set_value(joined(tuple(value)))
        elif widget.value != value:
            widget.set_value(value)

    def width(self) -> int:
        """How wide it wants to be."""
        widget: Any = self.widget
        if isinstance(widget, CountField | ShapeField):
            return widget.natural_width()
        return int(widget.sizeHint().width())


def tip(info: OptionInfo) -> str:
    """What an option does, and its bounds."""
    lines = [tr(info.help)]
    if info.type in ("int", "float") and info.minimum is not None and info.maximum is not None:
        low, high = format_number(info.minimum), format_number(info.maximum)
        unit = f" {tr(info.unit)}" if info.unit else ""
        lines.append(tr("{low} to {high}{unit}", low=low, high=high, unit=unit))
    return "\n".join(lines)


def word(info: OptionInfo) -> str:
    """The label of an option beside its control: in small letters where it is a word."""
    label = tr(info.label)
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
