"""What the studio says: problems with their mend, banners, empty wells, progress."""

from __future__ import annotations

import re
from typing import Literal

from PySide6.QtCore import QElapsedTimer, QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.theme import BODY, NOTE, current_theme, motion_ms
from aegan_studio.ui.widgets.buttons import Button, IconButton, LinkButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.painting import dashed_round, fill_round, smooth

Severity = Literal["error", "warning", "info", "healthy"]
_LONG = re.compile(r"[!-~]{16}(?=[!-~])")
_ICONS = {"error": "warning", "warning": "warning", "info": "info", "healthy": "check"}
_TONES = {"error": "error", "warning": "warning", "info": "accent", "healthy": "healthy"}


def breakable(text: str) -> str:
    """The text with invisible places to break a line in words that are too long for one.

    A path, say: a label that wraps at spaces alone would cut it off, and make the window as wide.
    """
    return _LONG.sub("\\g<0>\u200b", text)


class Glyph(QWidget):
    """One icon of the theme, drawn in a tone at a given size."""

    def __init__(
        self, name: str, tone: str = "text2", side: int = 14, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._tone = name, tone
        self.setFixedSize(side, side)

    def set_icon(self, name: str, tone: str | None = None) -> None:
        """Show another icon, and in another tone."""
        self._name = name
        self._tone = tone or self._tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon."""
        painter = QPainter(self)
        smooth(painter)
        paint_icon(painter, self._name, QRectF(self.rect()), current_theme().color(self._tone))


class ProblemLine(QWidget):
    """An icon, a sentence in words, and the mend as a link below it."""

    fix_requested = Signal()

    def __init__(
        self,
        text: str = "",
        fix: str = "",
        *,
        severity: Severity = "error",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._glyph = Glyph("warning", "error", 14)
        self._label = Label("", tone="error", size=BODY, wrap=True)
        self._link = LinkButton()
        self._link.clicked.connect(self.fix_requested)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._label)
        column.addWidget(self._link, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 0, 6)
        row.setSpacing(5)
        row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        self.set(text, fix, severity)

    def set(self, text: str, fix: str = "", severity: Severity = "error") -> None:
        """Say something else; an empty ``fix`` offers no mend."""
        self._glyph.set_icon(_ICONS[severity], _TONES[severity])
        self._label.set_tone(_TONES[severity])
        self._label.setText(text)
        self._link.setText(fix)
        self._link.setAccessibleName(fix)
        self._link.updateGeometry()
        self._link.setVisible(bool(fix))

    @property
    def text(self) -> str:
        """The sentence."""
        return self._label.text()

    @property
    def link(self) -> LinkButton:
        """The mend."""
        return self._link


class Banner(QWidget):
    """A sentence across a panel: icon, words, the mend as a button, and a cross."""

    fix_requested = Signal()
    dismissed = Signal()

    def __init__(
        self,
        text: str = "",
        fix: str = "",
        *,
        severity: Severity = "warning",
        dismissible: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._severity: Severity = severity
        self._text = ""
        self._glyph = Glyph("warning", "warning", 16)
        self._label = Label("", tone="text", wrap=True)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = Button("", size="s")
        self._button.clicked.connect(self.fix_requested)
        self._close = IconButton("close", tr("Dismiss"), side=24)
        if not dismissible:
            self._close.hide()
        self._close.clicked.connect(self._dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(10)
        for widget, stretch in (
            (self._glyph, 0),
            (self._label, 1),
            (self._button, 0),
            (self._close, 0),
        ):
            row.addWidget(widget, stretch, Qt.AlignmentFlag.AlignVCenter)
        self.set(text, fix, severity)

    def set(self, text: str, fix: str = "", severity: Severity | None = None) -> None:
        """Say something else."""
        self._severity = severity or self._severity
        self._text = text
        self._glyph.set_icon(_ICONS[self._severity], _TONES[self._severity])
        self._label.setText(breakable(text))
        self._button.setText(fix)
        self._button.setAccessibleName(fix)
        self._button.updateGeometry()
        self._button.setVisible(bool(fix))
        self.setAccessibleName(text)
        self.update()

    @property
    def text(self) -> str:
        """The sentence."""
        return self._text

    @property
    def fix_button(self) -> Button:
        """The mend."""
        return self._button

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground of its severity."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        tokens = {
            "error": theme.error_ground,
            "warning": theme.warning_ground,
            "info": theme.accent_soft,
            "healthy": theme.healthy_ground,
        }
        fill_round(painter, QRectF(self.rect()), 8, tokens[self._severity])


class Well(QWidget):
    """An empty state: a dashed outline, one sentence, and perhaps the button that fills it."""

    clicked = Signal()

    def __init__(
        self,
        text: str,
        *,
        button: str = "",
        icon: str = "",
        minimum: QSize | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label = Label(text, tone="text2", wrap=True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addStretch(1)
        if icon:
            column.addWidget(Glyph(icon, "text3", 22), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._label)
        self._button = Button(button, variant="plain", size="m")
        if not button:
            self._button.hide()
        self._button.clicked.connect(self.clicked)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setMinimumSize(minimum or QSize(96, 64))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(text)

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._label.setText(text)
        self.setAccessibleName(text)

    @property
    def button(self) -> Button:
        """The button; hidden where the well has none."""
        return self._button

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashed outline."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        fill_round(painter, rect, 6, theme.sunken)
        dashed_round(painter, rect, 6, theme.strong)


class BusyBar(QWidget):
    """A 2 px bar, with a share known or not; after a second it offers to cancel."""

    cancelled = Signal()
    CANCEL_AFTER_MS = 1000

    def __init__(self, *, cancellable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self._busy = False
        self._text = ""
        self._clock = QElapsedTimer()
        self._cancellable = cancellable
        self._frame = QTimer(self, interval=33)
        self._frame.timeout.connect(self.update)
        self._late = QTimer(self, interval=self.CANCEL_AFTER_MS, singleShot=True)
        self._late.timeout.connect(self._offer)
        self._label = Label("", tone="text3", size=NOTE, elide=True)
        self._cancel = LinkButton(tr("Cancel"), parent=self)
        self._cancel.clicked.connect(self._on_cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        row.addWidget(self._label, 1)
        row.addWidget(self._cancel)
        self._label.hide()
        self._cancel.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Progress"))

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._busy

    @property
    def cancel_button(self) -> LinkButton:
        """The offer to cancel, hidden for the first second."""
        return self._cancel

    def start(self, text: str = "", share: float | None = None) -> None:
        """Show that work began; ``share`` in 0–1, or None where it cannot be known."""
        self._busy, self._text, self._share = True, text, share
        self._clock.start()
        self._late.start()
        self._animate()
        self.update()

    def set_progress(self, share: float | None, text: str = "") -> None:
        """Show how far it is."""
        self._share = share
        if text:
            self._text = text
            self._label.setText(text)
        self._animate()
        self.update()

    def finish(self) -> None:
        """The work is done: nothing is shown."""
        self._busy = False
        self._late.stop()
        self._frame.stop()
        self._label.hide()
        self._cancel.hide()
        self.updateGeometry()
        self.update()

    def _animate(self) -> None:
        if self._busy and self._share is None and self.isVisible() and motion_ms(self, 1):
            self._frame.start()
        else:
            self._frame.stop()

    def _offer(self) -> None:
        if self._busy and self._cancellable:
            self._label.setText(self._text)
            self._label.show()
            self._cancel.show()
            self.updateGeometry()

    def _on_cancel(self) -> None:
        self.finish()
        self.cancelled.emit()

    def sizeHint(self) -> QSize:
        """2 px, or a line of text below it once the work takes long."""
        return QSize(120, 24 if not self._cancel.isHidden() else 2)

    def minimumSizeHint(self) -> QSize:
        """As low as asked."""
        return QSize(24, self.sizeHint().height())

    def showEvent(self, event: QShowEvent) -> None:
        """Move only while seen."""
        self._animate()

    def hideEvent(self, event: QHideEvent) -> None:
        """Move only while seen."""
        self._frame.stop()

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in a new theme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar."""
        if not self._busy:
            return
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        track = QRectF(0, 0, self.width(), 2)
        fill_round(painter, track, 1, theme.hairline)
        if self._share is not None:
            track.setWidth(max(self.width() * min(max(self._share, 0.0), 1.0), 2.0))
        else:
            phase = (self._clock.elapsed() % 1400) / 1400 if self._frame.isActive() else 0.35
            left = self.width() * (phase * 1.4 - 0.4)
            track = QRectF(left, 0, self.width() * 0.4, 2) & track
        fill_round(painter, track, 1, theme.accent)
