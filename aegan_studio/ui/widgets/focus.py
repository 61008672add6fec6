"""The focus ring: a 2 px accent outline, 2 px away, only for those who use the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.painting import smooth, stroke_round

_GAP, _WIDTH = 2, 2
_FOLLOW = (
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
)


class _Ring(QWidget):
    """The outline itself: a transparent child of the window, above everything."""

    def __init__(self, window: QWidget, radius: float) -> None:
        super().__init__(window)
        self.radius = radius
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the outline."""
        painter = QPainter(self)
        smooth(painter)
        radius = self.radius + _GAP
        stroke_round(painter, QRectF(self.rect()), radius, current_theme().accent, _WIDTH)


class FocusRing(QObject):
    """Puts the ring around whatever took the focus by Tab or a shortcut, in any window.

    A widget whose dynamic property ``focusRing`` is ``"none"`` draws its own mark; with
    ``"parent"`` the ring goes around its parent. ``focusRadius`` gives the corner in px.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._ring: _Ring | None = None
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        app.focusChanged.connect(self._on_focus)

    @property
    def target(self) -> QWidget | None:
        """The widget that wears the ring, if any."""
        return self._target

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._clear()
        if new is None:
            return
        window = new.window()
        by_key = window.testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange, False)
        target = _target_of(new)
        if not by_key or target is None or target is window:
            return
        radius = target.property("focusRadius")
        self._target = target
        self._ring = _Ring(window, 5.0 if radius is None else float(radius))
        self._ring.destroyed.connect(self._forget)
        widget: QWidget | None = target
        while widget is not None and widget is not window:
            widget.installEventFilter(self)
            self._watched.append(widget)
            widget = widget.parentWidget()
        self._place()

    def _forget(self) -> None:
        self._ring = None

    def _clear(self) -> None:
        for widget in self._watched:
            try:
                widget.removeEventFilter(self)
            except RuntimeError:  # Qt deleted it meanwhile
                continue
        self._watched.clear()
        self._target = None
        if self._ring is not None:
            self._ring.hide()
            self._ring.deleteLater()
            self._ring = None

    def _place(self) -> None:
        if self._ring is None or self._target is None:
            return
        target, margin = self._target, _GAP + _WIDTH
        window = target.window()
        area = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        visible = target.isVisible() and not _scrolled_away(target)
        self._ring.setGeometry(area.adjusted(-margin, -margin, margin, margin))
        self._ring.setVisible(visible)
        self._ring.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focused widget as it or a parent of it moves."""
        if event.type() in _FOLLOW:
            self._place()
        return False


def _target_of(widget: QWidget) -> QWidget | None:
    wish = widget.property("focusRing")
    while wish == "parent" and (parent := widget.parentWidget()) is not None:
        widget = parent
        wish = widget.property("focusRing")
    return None if wish == "none" else widget


def _scrolled_away(widget: QWidget) -> bool:
    area = widget.parentWidget()
    while area is not None:
        if isinstance(area, QAbstractScrollArea):
            port = area.viewport()
            spot = (
                QRect(widget.mapTo(port, QPoint(0, 0)), widget.size())
                if (port.isAncestorOf(widget))
                else port.rect()
            )
            return not port.rect().contains(spot.center())
        area = area.parentWidget()
    return False
