"""A row of the recipe: label, control, what a change needs, and what is wrong with it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.theme import BODY, NOTE, current_theme, mix
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import ProblemLine, Severity
from aegan_studio.ui.widgets.painting import disc, smooth

Marker = Literal["live", "restart", ""]
LABEL_WIDTH = 98
_MARKER_SIDE = 20


class MarkerButton(IconButton):
    """The end of a row: a bolt (live) or an arrow (restart); a way back where changed."""

    def __init__(self, marker: Marker, parent: QWidget | None = None) -> None:
        super().__init__("reset", "", side=_MARKER_SIDE, parent=parent)
        self._marker: Marker = marker
        self._changed, self._default = False, ""
        self.row_hovered = False
        self._describe()

    def set_marker(self, marker: Marker) -> None:
        """Say when a change takes effect."""
        self._marker = marker
        self._describe()

    def set_changed(self, changed: bool, default: str = "") -> None:
        """Offer the way back to the default, or not."""
        if (changed, default) == (self._changed, self._default):
            return
        self._changed, self._default = changed, default
        self._describe(default)

    def _describe(self, default: str = "") -> None:
        when = {
            "live": tr("Applies now, also while training."),
            "restart": tr("Needs a new run."),
        }.get(self._marker, "")
        back = tr("Reset to {default}", default=default) if default else tr("Reset to the default")
        lines = [line for line in (back if self._changed else "", when) if line]
        self.setToolTip("\n".join(lines))
        self.setAccessibleName(lines[0] if lines else "")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if self._changed else Qt.FocusPolicy.NoFocus)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the marker, or the way back while the row is in hand."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        if self._changed and (self.row_hovered or self.hasFocus()):
            ink = mix(theme.text2, theme.text, 1.0 if self.underMouse() else 0.0)
            paint_icon(painter, "reset", rect.adjusted(3, 3, -3, -3), ink)
            return
        if self._marker == "live":
            paint_icon(painter, "bolt", rect.adjusted(4, 4, -4, -4), theme.accent)
        elif self._marker == "restart":
            paint_icon(painter, "restart", rect.adjusted(4, 4, -4, -4), theme.text3)
        if self._changed:
            disc(painter, rect.topRight() + QPointF(-2.5, 3.5), 1.75, theme.accent)


class FormRow(QWidget):
    """Label, control and marker on a line 32 px high; problem and note below it.

    Parameters
    ----------
    control : QWidget
        Any field of the kit. ``set_error(bool)``, where it has one, is called with problems.
    marker : {"live", "restart", ""}
        When a change takes effect.
    tooltip : str
        What it does, then what raising it does; shown on label and control.
    """

    reset_requested = Signal()
    fix_requested = Signal()

    def __init__(
        self,
        label: str,
        control: QWidget,
        *,
        marker: Marker = "",
        tooltip: str = "",
        label_width: int = LABEL_WIDTH,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.control = control
        self._tooltip = tooltip
        self._label = Label(label, tone="text2", size=BODY, elide=True)
        self._label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._label.setFixedWidth(label_width)
        self._label.setToolTip(tooltip)
        control.setToolTip(tooltip)
        if not control.accessibleName():
            control.setAccessibleName(label)
        self._marker = MarkerButton(marker)
        self._marker.clicked.connect(self._on_marker)
        self._changed = False
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self._label)
        room = control.sizePolicy().expandingDirections()
        stretches = bool(room & Qt.Orientation.Horizontal)
        line.addWidget(control, 1 if stretches else 0, Qt.AlignmentFlag.AlignVCenter)
        if not stretches:
            line.addStretch(1)
        line.addSpacing(4)
        line.addWidget(self._marker)
        host = QWidget()
        host.setLayout(line)
        host.setMinimumHeight(32)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(host)
        self._problem: ProblemLine | None = None
        self._note: Label | None = None
        # Not fixed: a sentence that wraps in a narrow column makes the row higher.
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    @property
    def label(self) -> str:
        """The field's term."""
        return self._label.text()

    @property
    def marker_button(self) -> MarkerButton:
        """The end of the row."""
        return self._marker

    @property
    def problem_line(self) -> ProblemLine | None:
        """The problem shown below, if any."""
        line = self._problem
        return line if line is not None and not line.isHidden() else None

    def set_label_width(self, width: int) -> None:
        """Line the controls of several rows up; pixels."""
        self._label.setFixedWidth(width)

    def set_marker(self, marker: Marker) -> None:
        """Say when a change takes effect."""
        self._marker.set_marker(marker)

    def set_changed(self, changed: bool, default: str = "") -> None:
        """Mark the value as differing from its default, and offer the way back."""
        self._changed = changed
        self._marker.set_changed(changed, default)
        self._label.set_tone("text" if changed else "text2")

    def set_problem(self, text: str, fix: str = "", severity: Severity = "error") -> None:
        """Show a sentence and its mend below the control; an empty text takes them away."""
        set_error = getattr(self.control, "set_error", None)
        if set_error is not None:
            set_error(bool(text) and severity == "error")
        if not text:
            if self._problem is not None:
                self._problem.hide()
            return
        if self._problem is None:
            self._problem = ProblemLine(parent=self)
            self._problem.fix_requested.connect(self.fix_requested)
            self._column.insertWidget(1, self._problem)
        self._problem.set(text, fix, severity)
        self._problem.show()

    def set_note(self, text: str) -> None:
        """Show a quiet line, such as what the run still uses; empty takes it away."""
        if self._note is None:
            if not text:
                return
            self._note = Label("", tone="text3", size=NOTE, parent=self)
            self._column.addWidget(self._note)
        self._note.setContentsMargins(self._label.width(), 0, 0, 5)
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def set_enabled(self, enabled: bool, reason: str = "") -> None:
        """Enable or disable the control; a disabled one says why in its tool tip."""
        self.control.setEnabled(enabled)
        tip = self._tooltip if enabled or not reason else f"{self._tooltip}\n{reason}".strip()
        self.control.setToolTip(tip)
        self._label.setToolTip(tip)
        self._label.set_tone("text3" if not enabled else "text" if self._changed else "text2")

    def _on_marker(self) -> None:
        if self._changed:
            self.reset_requested.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the way back."""
        self._marker.row_hovered = True
        self._marker.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show the marker again."""
        self._marker.row_hovered = False
        self._marker.update()
