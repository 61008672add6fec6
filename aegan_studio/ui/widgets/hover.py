"""The 80 ms fade of a control under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QVariantAnimation
from PySide6.QtWidgets import QWidget

from aegan_studio.ui.theme import motion_ms

HOVER_MS = 80


class HoverFade(QObject):
    """Tells a painting widget how far hovered it is, 0–1, and repaints it on the way."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._animation: QVariantAnimation | None = None
        self.amount = 0.0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Start the fade as the pointer comes and goes."""
        kind = event.type()
        if kind == QEvent.Type.Enter and self._widget.isEnabled():
            self._go(1.0)
        elif kind in (QEvent.Type.Leave, QEvent.Type.EnabledChange, QEvent.Type.Hide):
            self._go(0.0)
        return False

    def _go(self, end: float) -> None:
        if self.amount == end and self._animation is None:
            return
        duration = motion_ms(self._widget, HOVER_MS)
        if duration == 0:
            self._set(end)
            return
        if self._animation is None:
            self._animation = QVariantAnimation(self)
            self._animation.valueChanged.connect(self._set)
        self._animation.stop()
        self._animation.setDuration(duration)
        self._animation.setStartValue(self.amount)
        self._animation.setEndValue(end)
        self._animation.start()

    def _set(self, amount: float) -> None:
        self.amount = float(amount)
        self._widget.update()
