"""All options of one layer in a popup, those that have no room in its row among them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QLayout, QVBoxLayout, QWidget

from aegan_studio.experiment.options import OptionInfo, describe
from aegan_studio.experiment.parts import LAYERS, LayerOptions
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.layers.fields import Control
from aegan_studio.ui.theme import BODY, HEADING, NOTE, current_theme
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.painting import fill_round, smooth, stroke_round


class MoreOptions(QWidget):
    """Every option of a layer with its label, edited at once.

    It lies over the window, inside it, and goes with Esc or a click beside it.
    """

    option_changed = Signal(str, object)
    closed = Signal()

    def __init__(self, layer: LayerOptions, opener: QWidget) -> None:
        super().__init__(opener.window())
        self.layer = layer
        self._opener = opener
        entry = LAYERS.of(layer)
        self.setAccessibleName(tr("Options of {layer}", layer=tr(entry.label)))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        column.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        column.addWidget(Label(tr(entry.label), size=HEADING, weight=600))
        note = Label(tr(entry.help), tone="text2", size=NOTE, wrap=True)
        note.setFixedWidth(248)
        column.addWidget(note)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        column.addLayout(grid)
        self.controls: dict[str, Control] = {}
        self._labels: dict[str, QLabel] = {}
        for place, info in enumerate(describe(type(layer))):
            if info.type != "table":
                self._add(grid, place, info)
        self.show_layer(layer)

    def _add(self, grid: QGridLayout, place: int, info: OptionInfo) -> None:
        label = Label(tr(info.label), tone="text2", size=BODY)
        label.setToolTip(tr(info.help))
        control = Control(
            info,
            getattr(self.layer, info.name),
            lambda value, name=info.name: self._on_value(name, value),
            self,
        )
        control.widget.setMinimumHeight(18)
        if info.type not in ("bool", "choice"):
            control.widget.setFixedWidth(max(72, control.width()))
        self.controls[info.name], self._labels[info.name] = control, label
        grid.addWidget(label, place, 0)
        grid.addWidget(control.widget, place, 1, Qt.AlignmentFlag.AlignRight)
        label.setMinimumHeight(30)

    def _on_value(self, name: str, value: Any) -> None:
        self.option_changed.emit(name, value)

    def show_layer(self, layer: LayerOptions) -> None:
        """Show the values that the document has now."""
        self.layer = layer
        for name, control in self.controls.items():
            control.show(getattr(layer, name))
            on = control.info.applies(layer)
            control.widget.setVisible(on)
            self._labels[name].setVisible(on)
        self.adjustSize()

    def open_at(self, where: QPoint) -> None:
        """Open below a point of the screen, but within the window."""
        window = self.window()
        self.adjustSize()
        spot = window.mapFromGlobal(where)
        x = max(8, min(spot.x(), window.width() - self.width() - 8))
        y = max(8, min(spot.y(), window.height() - self.height() - 8))
        self.move(x, y)
        self.raise_()
        self.show()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        first = next((c for c in self.controls.values() if not c.widget.isHidden()), None)
        (first.widget if first is not None else self).setFocus(Qt.FocusReason.TabFocusReason)

    def shut(self) -> None:
        """Go, and give the focus back."""
        if self.isHidden():
            return
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        inside = self._holds(QApplication.focusWidget())
        self.hide()
        if inside:
            self._opener.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()
        self.deleteLater()

    def _holds(self, widget: object) -> bool:
        """Whether a widget is a part of this one, lists that dropped down included."""
        while isinstance(widget, QWidget):
            if widget is self:
                return True
            widget = widget.parentWidget()
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press beside it closes it."""
        pressed = event.type() == QEvent.Type.MouseButtonPress
        if pressed and isinstance(watched, QWidget) and not self._holds(watched):
            self.shut()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab goes around within it."""
        parts = [c.widget for c in self.controls.values() if not c.widget.isHidden()]
        here = next((i for i, part in enumerate(parts) if part.hasFocus()), -1)
        if not parts:
            return False
        step = 1 if following else -1
        parts[(here + step) % len(parts)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground of a menu."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        fill_round(painter, rect, 8, theme.raised if theme.dark else theme.surface)
        stroke_round(painter, rect, 8, theme.strong if theme.dark else theme.hairline)
