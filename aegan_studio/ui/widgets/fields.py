"""Fields for text, seeds, paths and lists of widths."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import HEADING, ui_font
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.numbers import format_number, parse_number

SEED_MAX = 2**32 - 1


class TextField(QLineEdit):
    """A line of text, committed by Enter or on leaving; Esc takes the edit back.

    ``check``, if given, raises ValueError with a sentence for text that must not be
    committed.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        name: str = "",
        check: Callable[[str], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(value, parent)
        self._value = value
        self._check = check
        self._error = False
        self._typing_error = ""
        self._tip = ""
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setFont(ui_font(HEADING, 500))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(28)
        self.setProperty("focusRing", "none")
        self.textEdited.connect(self._on_edited)
        self.editingFinished.connect(self._on_finished)

    @property
    def value(self) -> str:
        """The committed text."""
        return self._value

    def set_value(self, value: str) -> None:
        """Show a text without a signal."""
        self._value = value
        self.setText(value)
        self._set_typing_error("")

    @property
    def typing_error(self) -> str:
        """What is wrong with the text being typed; empty where nothing is."""
        return self._typing_error

    def set_error(self, error: bool) -> None:
        """Wear the look of a problem."""
        self._error = error
        self._dress()

    def sizeHint(self) -> QSize:
        """126 × 28, the form's column."""
        return QSize(126, 28)

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        return QSize(52, 28)

    def _dress(self) -> None:
        problem = self._error or bool(self._typing_error)
        if bool(self.property("problem")) != problem:
            self.setProperty("problem", problem)
            self.style().unpolish(self)
            self.style().polish(self)

    def _set_typing_error(self, sentence: str) -> None:
        self._typing_error = sentence
        self._dress()

    def _on_edited(self, text: str) -> None:
        sentence = ""
        if self._check is not None:
            try:
                self._check(text)
            except ValueError as problem:
                sentence = str(problem)
        self._set_typing_error(sentence)

    def _on_finished(self) -> None:
        if self._typing_error:
            if not self.hasFocus():
                self.setText(self._value)
                self._set_typing_error("")
            return
        if self.text() != self._value:
            self._value = self.text()
            self.value_changed.emit(self._value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes the edit back."""
        if event.key() == Qt.Key.Key_Escape and self.text() != self._value:
            self.set_value(self._value)
            return
        super().keyPressEvent(event)


class IntListField(QWidget):
    """A list of whole numbers such as layer widths: ``512, 256``.

    ``value`` is a tuple of ints, each within ``lo`` and ``hi``, at most ``longest`` of them.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        value: tuple[int, ...] = (),
        *,
        lo: int = 1,
        hi: int = 65_536,
        longest: int = 16,
        none_text: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lo, self._hi, self._longest = lo, hi, longest
        self._line = TextField(
            _joined(value), placeholder=none_text or tr("none"), name=name, check=self._parse
        )
        self._line.value_changed.connect(self._on_line)
        _alone(self, self._line)
        self.setFocusProxy(self._line)

    @property
    def value(self) -> tuple[int, ...]:
        """The committed numbers."""
        return self._parse(self._line.value)

    @property
    def line_edit(self) -> TextField:
        """The line that is typed into."""
        return self._line

    def set_value(self, value: tuple[int, ...]) -> None:
        """Show numbers without a signal."""
        self._line.set_value(_joined(value))

    def set_error(self, error: bool) -> None:
        """Wear the look of a problem."""
        self._line.set_error(error)

    def _parse(self, text: str) -> tuple[int, ...]:
        parts = text.replace(";", " ").replace(",", " ").replace("–", " ").split()
        numbers = []
        for part in parts:
            try:
                number = parse_number(part)
            except ValueError:
                raise ValueError(tr("“{text}” is not a number.", text=part)) from None
            if number != int(number):
                raise ValueError(tr("A whole number is needed."))
            if not self._lo <= number <= self._hi:
                ends = format_number(self._lo), format_number(self._hi)
                raise ValueError(tr("Between {lo} and {hi}.", lo=ends[0], hi=ends[1]))
            numbers.append(int(number))
        if len(numbers) > self._longest:
            raise ValueError(tr("At most {n} numbers.", n=self._longest))
        return tuple(numbers)

    def _on_line(self, text: str) -> None:
        value = self._parse(text)
        self._line.set_value(_joined(value))
        self.value_changed.emit(value)


class SeedField(QWidget):
    """A seed, 0 to 2³² − 1, with a die that throws a new one."""

    value_changed = Signal(object)

    def __init__(self, value: int = 0, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = NumberField(value, lo=0, integer=True, name=name or tr("Seed"))
        self._dice = IconButton("dice", tr("Throw a new seed"), side=26)
        self._field.value_changed.connect(self.value_changed)
        self._dice.clicked.connect(self._throw)
        _alone(self, self._field, self._dice)
        self.setFocusProxy(self._field)

    @property
    def value(self) -> int:
        """The seed."""
        return int(self._field.value or 0)

    def set_value(self, value: int) -> None:
        """Show a seed without a signal."""
        self._field.set_value(value)

    def set_error(self, error: bool) -> None:
        """Wear the look of a problem."""
        self._field.set_error(error)

    @property
    def dice(self) -> IconButton:
        """The die."""
        return self._dice

    def _throw(self) -> None:
        self._field.set_value(random.SystemRandom().randrange(10_000))
        self.value_changed.emit(self.value)


class PathField(QWidget):
    """A file or folder, typed or picked.

    Parameters
    ----------
    kind : {"file", "folder", "save"}
        What the dialog looks for.
    pattern : str
        Qt's name filter for files, e.g. ``"Pictures (*.png *.jpg)"``.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        value: str = "",
        *,
        kind: str = "file",
        pattern: str = "",
        placeholder: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind, self._pattern = kind, pattern
        self._line = TextField(value, placeholder=placeholder, name=name)
        self._line.value_changed.connect(self.value_changed)
        self._pick = IconButton("folder", tr("Choose…"), side=26)
        self._pick.clicked.connect(self._choose)
        _alone(self, self._line, self._pick)
        self.setFocusProxy(self._line)

    @property
    def value(self) -> str:
        """The path as text; empty for none."""
        return self._line.value

    def set_value(self, value: str) -> None:
        """Show a path without a signal."""
        self._line.set_value(str(value))

    def set_error(self, error: bool) -> None:
        """Wear the look of a problem."""
        self._line.set_error(error)

    def _choose(self) -> None:
        start = str(Path(self.value).expanduser()) if self.value else ""
        if self._kind == "folder":
            path = QFileDialog.getExistingDirectory(self, "", start)
        elif self._kind == "save":
            path = QFileDialog.getSaveFileName(self, "", start, self._pattern)[0]
        else:
            path = QFileDialog.getOpenFileName(self, "", start, self._pattern)[0]
        if path and path != self.value:
            self._line.set_value(path)
            self.value_changed.emit(path)


def _joined(value: tuple[int, ...]) -> str:
    return ", ".join(str(number) for number in value)


def _alone(host: QWidget, *widgets: QWidget) -> None:
    """Lay ``widgets`` out in a row that fills ``host``."""
    row = QHBoxLayout(host)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(2)
    for index, widget in enumerate(widgets):
        row.addWidget(widget, 1 if index == 0 else 0)
    host.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
