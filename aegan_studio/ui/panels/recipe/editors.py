"""The control for each kind of option, and values as a person reads them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aegan_studio.experiment.options import OptionInfo
from aegan_studio.i18n import tr
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.fields import IntListField, SeedField, TextField
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.switches import Toggle


class SwitchedNumber(QWidget):
    """A number of which 0 means off: a switch, and the number while it is on."""

    value_changed = Signal(object)
    value_dragged = Signal(object)

    def __init__(self, value: float, on: float, field: NumberField) -> None:
        super().__init__()
        self._on, self._field = on, field
        self._toggle = Toggle(value != 0, name=field.accessibleName())
        self._toggle.toggled.connect(self._switch)
        field.value_changed.connect(self.value_changed)
        field.value_dragged.connect(self.value_dragged)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._toggle)
        row.addWidget(field, 1)
        row.addStretch(0)
        self.setFocusProxy(self._toggle)
        self.setSizePolicy(field.sizePolicy())
        self.set_value(value)

    @property
    def value(self) -> float:
        """The number; 0 while it is off."""
        return float(self._field.value or 0.0) if self._toggle.isChecked() else 0.0

    @property
    def toggle(self) -> Toggle:
        """The switch."""
        return self._toggle

    def set_value(self, value: float) -> None:
        """Show a number without a signal."""
        self._toggle.blockSignals(True)
        self._toggle.setChecked(value != 0)
        self._toggle.blockSignals(False)
        self._toggle.update()
        self._field.setVisible(value != 0)
        if value:
            self._on = value
            self._field.set_value(value)

    def set_error(self, error: bool) -> None:
        """Wear the look of a problem."""
        self._field.set_error(error)

    def _switch(self, on: bool) -> None:
        value = self._on if on else 0.0
        self._field.set_value(self._on)
        self._field.setVisible(on)
        self.value_changed.emit(value)


_SWITCHED = {"ema": 0.999}
"""Options of which 0 means off, and what they are when switched on."""


def editor(info: OptionInfo, value: Any) -> QWidget | None:
    """The control for an option; ``None`` for tables, which have editors of their own."""
    name = tr(info.label)
    match info.type:
        case "choice":
            choices = [(key, tr(label)) for key, label in info.choices.items()]
            return Choice(choices, value, name=name)
        case "int" | "float" if info.name == "seed":
            return SeedField(int(value), name=name)
        case "int" | "float":
            field = NumberField(
                value,
                # beyond an excluded bound the experiment says what is wrong, with the number
                lo=None if info.exclusive_minimum else info.minimum,
                hi=info.maximum,
                integer=info.type == "int",
                log=info.log,
                soft=_bar(info),
                unit=tr(info.unit),
                name=name,
            )
            if info.name in _SWITCHED:
                return SwitchedNumber(value, _SWITCHED[info.name], field)
            return field
        case "bool":
            return Toggle(bool(value), name=name)
        case "text":
            return TextField(value, name=name)
        case "ints":
            return IntListField(tuple(value), name=name)
        case _:
            return None


def _bar(info: OptionInfo) -> tuple[float, float] | None:
    if info.soft is not None:
        return info.soft
    if info.minimum is not None and info.maximum is not None and info.exclusive_minimum:
        return (info.minimum, info.maximum)
    return None


def value_text(info: OptionInfo, value: Any) -> str:
    """A value as a person reads it, e.g. in "running: 64"."""
    if info.type == "choice":
        return tr(info.choices.get(value, str(value)))
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, int | float):
        unit = f" {tr(info.unit)}" if info.unit else ""
        return f"{format_number(value)}{unit}"
    if isinstance(value, tuple | list):
        return ", ".join(str(item) for item in value) or tr("none")
    return str(value)
