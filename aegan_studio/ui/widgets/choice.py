"""One value of a list that opens below: a combo box that keeps values, not indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QPainter,
    QPaintEvent,
    QStandardItem,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtWidgets import QComboBox, QListView, QSizePolicy, QWidget

from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.theme import BODY, HEADING, NOTE, current_theme, mix, ui_font
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.painting import (
    LEFT,
    draw_text,
    fill_round,
    smooth,
    stroke_round,
    text_width,
)


@dataclass(frozen=True, slots=True)
class Option:
    """One entry: the value kept, its label, and why it helps or cannot be chosen."""

    value: object
    label: str
    help: str = ""
    enabled: bool = True


class Choice(QComboBox):
    """A drop-down of named values.

    Parameters
    ----------
    options : sequence of Option or (value, label)
        Values must be unique and comparable by ``==``.
    value : object
        A value that is not on offer shows as itself, so that a file is never changed by
        looking at it.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        options: Sequence[Option | tuple[object, str]] = (),
        value: object = None,
        *,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._error = False
        self._options: list[Option] = []
        self._foreign: object = None
        self._shown = -1
        self._hover = HoverFade(self)
        self.setView(QListView(self))
        self.view().setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setFont(ui_font(HEADING, 500))
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(14)
        self.set_options(options, value)
        self.activated.connect(self._on_activated)

    @property
    def value(self) -> object:
        """The chosen value."""
        index = self.currentIndex()
        return self._options[index].value if index >= 0 else self._foreign

    def set_value(self, value: object) -> None:
        """Choose without a signal."""
        for index, option in enumerate(self._options):
            if option.value == value:
                self.setCurrentIndex(index)
                self._shown = index
                self.updateGeometry()
                self.update()
                return
        self._foreign = value
        self.setCurrentIndex(-1)
        self._shown = -1
        self.update()

    def set_options(
        self, options: Sequence[Option | tuple[object, str]], value: object = None
    ) -> None:
        """Replace the list; without ``value`` the chosen one is kept where it still exists."""
        keep = self.value if value is None and self._options else value
        self._options = [o if isinstance(o, Option) else Option(*o) for o in options]
        model = QStandardItemModel(self)
        for option in self._options:
            item = QStandardItem(option.label)
            item.setToolTip(option.help)
            item.setEnabled(option.enabled)
            model.appendRow(item)
        self.setModel(model)
        known = any(option.value == keep for option in self._options)
        if keep is None and not known and self._options:
            keep = self._options[0].value
        self.set_value(keep)
        self.updateGeometry()

    @property
    def options(self) -> tuple[Option, ...]:
        """What is on offer."""
        return tuple(self._options)

    def set_error(self, error: bool) -> None:
        """Wear the look of a problem."""
        self._error = error
        self.update()

    def _on_activated(self, index: int) -> None:
        if index != self._shown:
            self._shown = index
            self.value_changed.emit(self._options[index].value)

    def showPopup(self) -> None:
        """Open the list, wide enough for its longest label."""
        wide = max(
            (self.fontMetrics().horizontalAdvance(o.label) for o in self._options), default=0
        )
        self.view().setMinimumWidth(max(self.width(), wide + 44))
        super().showPopup()

    def sizeHint(self) -> QSize:
        """As wide as the chosen word, 28 px high."""
        return QSize(self.fontMetrics().horizontalAdvance(self._text()) + 40, 28)

    def minimumSizeHint(self) -> QSize:
        """May shrink to an ellipsis."""
        return QSize(52, 28)

    def _text(self) -> str:
        index = self.currentIndex()
        if index >= 0:
            return self._options[index].label
        return "" if self._foreign is None else str(self._foreign)

    def _fitting(self, width: float) -> QFont:
        """The font, a little smaller where that spares the word an ellipsis."""
        font = self.font()
        for size in (HEADING, BODY, NOTE):
            font = ui_font(min(size, self.font().pixelSize()), 500)
            if text_width(self._text(), font) <= width:
                return font
        return ui_font(BODY, 500)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel chooses only while the list has the focus; else the page scrolls."""
        if not self.hasFocus():
            event.ignore()
            return
        super().wheelEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, label and chevron."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        rect = QRectF(self.rect())
        hover = mix(theme.raised, theme.hover, self._hover.amount)
        fill_round(painter, rect, 5, theme.error_ground if self._error else hover)
        if self._error:
            stroke_round(painter, rect, 5, theme.error)
        ink = theme.error if self._error or self.currentIndex() < 0 else theme.text
        room = rect.adjusted(9, 0, -24, 0)
        draw_text(painter, room, self._text(), ink, self._fitting(room.width()), LEFT)
        side = 14.0
        spot = QRectF(rect.right() - 20, rect.center().y() - side / 2, side, side)
        paint_icon(painter, "chevron-down", spot, theme.text2)
