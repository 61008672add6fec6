"""Buttons: filled (one a screen), soft (next best), plain, ghost; with icon, as link, split."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.theme import BODY, CARD, HEADING, Theme, current_theme, mix, ui_font
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.painting import (
    LEFT,
    draw_text,
    fill_round,
    smooth,
    text_width,
)

Variant = Literal["filled", "soft", "plain", "ghost", "warn", "error"]
_HEIGHTS = {"s": 26, "m": 28, "l": 44}
_SIZES = {"s": BODY, "m": HEADING, "l": CARD}
_PADDING = {"s": 10, "m": 14, "l": 20}


def _ground(theme: Theme, variant: str, hover: float, down: bool) -> QColor:
    """What a button stands on; the hover colour fades in."""
    clear = QColor(theme.hover)
    clear.setAlphaF(0.0)
    match variant:
        case "filled":
            rest, over = QColor(theme.accent_fill), mix(theme.accent_fill, "#FFFFFF", 0.10)
        case "soft":
            rest = QColor(theme.accent_soft)
            over = mix(theme.accent_soft, theme.accent, 0.16)
        case "warn":
            rest = QColor(theme.warning_ground)
            over = mix(theme.warning_ground, theme.warning, 0.16)
        case "error":
            rest = QColor(theme.error_ground)
            over = mix(theme.error_ground, theme.error, 0.16)
        case "plain":
            rest, over = QColor(theme.raised), QColor(theme.hover)
        case _:
            rest, over = clear, QColor(theme.hover if theme.dark else theme.raised)
    color = mix(rest, over, hover)
    return mix(color, theme.bg, 0.18) if down else color


def _ink(theme: Theme, variant: str) -> str:
    return {
        "filled": theme.on_accent,
        "soft": theme.accent,
        "warn": theme.warning,
        "error": theme.error,
        "ghost": theme.text2,
    }.get(variant, theme.text)


class Button(QAbstractButton):
    """A push button with a word, an icon, or both.

    Parameters
    ----------
    icon : str
        The name of a bundled icon, before the word.
    variant : {"filled", "soft", "plain", "ghost", "warn", "error"}
        How loud it is.
    size : {"s", "m", "l"}
        26, 28 or 44 px high.
    trailing : str
        The name of an icon after the word, such as ``chevron-down``.
    """

    def __init__(
        self,
        text: str = "",
        *,
        icon: str = "",
        variant: Variant = "plain",
        size: Literal["s", "m", "l"] = "m",
        trailing: str = "",
        tooltip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._variant: Variant = variant
        self._size = size
        self._trailing = trailing
        self._hover = HoverFade(self)
        self.setText(text)
        self.setToolTip(tooltip)
        self.setAccessibleName(text or tooltip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setFont(ui_font(_SIZES[size], 500))
        self.setProperty("focusRadius", 6.0)

    def set_icon_name(self, name: str) -> None:
        """Change the icon; an empty name takes it away."""
        self._icon_name = name
        self.updateGeometry()
        self.update()

    @property
    def icon_name(self) -> str:
        """The name of the icon before the word."""
        return self._icon_name

    def set_variant(self, variant: Variant) -> None:
        """Change how loud it is."""
        self._variant = variant
        self.update()

    @property
    def variant(self) -> Variant:
        """How loud it is."""
        return self._variant

    def sizeHint(self) -> QSize:
        """Room for icon and word, as high as the size asks."""
        width = 2.0 * _PADDING[self._size]
        if self.text():
            width += text_width(self.text(), self.font())
        icon = self._icon_side()
        if self._icon_name:
            width += icon + (7 if self.text() else -8)
        if self._trailing:
            width += 18
        return QSize(int(width + 0.999), _HEIGHTS[self._size])

    def minimumSizeHint(self) -> QSize:
        """A button never cuts its word."""
        return self.sizeHint()

    def _icon_side(self) -> float:
        return {"s": 14.0, "m": 15.0, "l": 18.0}[self._size]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, icon and word."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        variant = self._variant
        if variant == "ghost" and self.isChecked():
            variant = "soft"
        ground = _ground(theme, variant, self._hover.amount, self.isDown())
        if ground.alphaF() > 0:
            radius = 6.0 if self._size != "l" else 7.0
            fill_round(painter, QRectF(self.rect()), radius, ground)
        ink = QColor(_ink(theme, variant))
        if variant == "ghost":
            ink = mix(ink, theme.text, self._hover.amount)
        self._paint_content(painter, QRectF(self.rect()), ink)

    def _paint_content(self, painter: QPainter, rect: QRectF, ink: QColor) -> None:
        icon = self._icon_side()
        words = text_width(self.text(), self.font()) if self.text() else 0.0
        gap = 7.0 if self.text() and self._icon_name else 0.0
        total = words + gap + (icon if self._icon_name else 0.0) + (18 if self._trailing else 0)
        left = rect.left() + max((rect.width() - total) / 2, 4.0)
        middle = rect.center().y()
        if self._icon_name:
            paint_icon(painter, self._icon_name, QRectF(left, middle - icon / 2, icon, icon), ink)
            left += icon + gap
        if self.text():
            room = QRectF(left, rect.top(), words + 2, rect.height())
            draw_text(painter, room, self.text(), ink, self.font(), LEFT, elide=False)
            left += words
        if self._trailing:
            paint_icon(painter, self._trailing, QRectF(left + 5, middle - 6.5, 13, 13), ink)


class IconButton(Button):
    """A square ghost button that shows an icon only; its tool tip is its name."""

    def __init__(
        self,
        icon: str,
        tooltip: str,
        *,
        variant: Variant = "ghost",
        side: int = 28,
        checkable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._side = side
        super().__init__(icon=icon, variant=variant, tooltip=tooltip, parent=parent)
        self.setCheckable(checkable)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._side, self._side)

    def _icon_side(self) -> float:
        return 16.0 if self._side >= 28 else 14.0 if self._side >= 22 else 12.0


class LinkButton(QAbstractButton):
    """An underlined word in the accent: the mend beside a problem."""

    def __init__(self, text: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setFont(ui_font(BODY, 600))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRadius", 3.0)

    def sizeHint(self) -> QSize:
        """As large as the word."""
        return QSize(int(text_width(self.text(), self.font()) + 2.999), 20)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the word and its underline."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        color = mix(theme.accent, theme.text, 0.35 if self.underMouse() else 0.0)
        rect = QRectF(self.rect())
        draw_text(painter, rect, self.text(), color, self.font(), LEFT, elide=False)
        width = text_width(self.text(), self.font())
        line = mix(theme.accent, theme.bg, 0.0 if self.underMouse() else 0.35)
        painter.fillRect(QRectF(0, rect.bottom() - 2.0, width, 1.0), line)


class SplitButton(Button):
    """A button whose right end opens a menu of variants of the same act."""

    menu_shown = Signal()

    def __init__(
        self,
        text: str,
        menu: QMenu,
        *,
        icon: str = "",
        variant: Variant = "plain",
        tooltip: str = "",
        menu_tooltip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, icon=icon, variant=variant, tooltip=tooltip, parent=parent)
        self._menu = menu
        self._menu_tooltip = menu_tooltip
        self.setAccessibleDescription(menu_tooltip)

    @property
    def menu(self) -> QMenu:
        """The menu behind the chevron."""
        return self._menu

    def sizeHint(self) -> QSize:
        """The button and its chevron."""
        hint = super().sizeHint()
        return QSize(hint.width() + 10, hint.height())

    def show_menu(self) -> None:
        """Open the menu below the button."""
        self.menu_shown.emit()
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft() + QPointF(0, 5).toPoint()))

    def _on_chevron(self, x: float) -> bool:
        return x >= self.width() - 24

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The right end opens the menu; the rest presses."""
        if event.button() == Qt.MouseButton.LeftButton and self._on_chevron(event.position().x()):
            self.show_menu()
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down opens the menu."""
        if event.key() == Qt.Key.Key_Down:
            self.show_menu()
        else:
            super().keyPressEvent(event)

    def _paint_content(self, painter: QPainter, rect: QRectF, ink: QColor) -> None:
        super()._paint_content(painter, rect.adjusted(0, 0, -18, 0), ink)
        side = 13.0
        spot = QRectF(rect.right() - 21, rect.center().y() - side / 2, side, side)
        paint_icon(painter, "chevron-down", spot, ink, 0.8)
