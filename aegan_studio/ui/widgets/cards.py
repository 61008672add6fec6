"""Cards that fold to a one-line summary."""

from __future__ import annotations

import math

from PySide6.QtCore import QEasingCurve, QEvent, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.theme import BODY, HEADING, current_theme, mix, motion_ms
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.painting import fill_round, smooth, stroke_round

FOLD_MS = 160


class Surface(QWidget):
    """A ground with rounded corners; in light a hairline sets it off."""

    def __init__(
        self, token: str = "surface", radius: float = 8.0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._token = token
        self._radius = radius

    def set_token(self, token: str) -> None:
        """Change the colour token of the ground."""
        self._token = token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and hairline."""
        theme, painter = current_theme(), QPainter(self)
        corner, part = math.ceil(self._radius), event.rect()
        if any(
            self.rect().adjusted(across, down, -across, -down).contains(part)
            for across, down in ((corner, 1), (1, corner))
        ):  # something on it moves: no corner and no edge is in need of paint
            painter.fillRect(part, theme.color(self._token))
            return
        smooth(painter)
        rect = QRectF(self.rect())
        fill_round(painter, rect, self._radius, theme.color(self._token))
        if not theme.dark:
            stroke_round(painter, rect, self._radius, theme.hairline)


class _Head(QWidget):
    """The line of a card that folds it: chevron, title, summary."""

    clicked = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = 1.0
        self._hover = HoverFade(self)
        self.title = Label(title, size=HEADING, weight=600)
        self.summary = Label("", tone="text2", size=BODY, elide=True)
        self.summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(28, 0, 12, 0)
        self.row.setSpacing(8)
        self.row.addWidget(self.title)
        self.row.addWidget(self.summary, 1)
        self.setFixedHeight(36)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(title)
        self.setProperty("focusRadius", 6.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Accept the press, so that the release comes here."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Fold or unfold."""
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter fold and unfold."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chevron, turned as far as the card is open."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        ink = mix(theme.text3, theme.text, self._hover.amount)
        spot = QRectF(9, self.height() / 2 - 7, 14, 14)
        if self.opened in (0.0, 1.0):
            paint_icon(painter, "chevron-down" if self.opened else "chevron-right", spot, ink)
            return
        painter.translate(spot.center())
        painter.rotate(90.0 * self.opened)
        painter.translate(-spot.center())
        paint_icon(painter, "chevron-right", spot, ink)


class _Clip(QWidget):
    """Shows the upper part of its only child while the card folds."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self.share = 1.0
        content.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def natural_height(self, width: int) -> int:
        """The content's height at ``width`` pixels, unfolded."""
        if self.content.hasHeightForWidth():
            return max(self.content.heightForWidth(width), 0)
        return self.content.sizeHint().height()

    def set_share(self, share: float) -> None:
        """Show a share 0–1 of the content."""
        self.share = share
        self.updateGeometry()
        self._lay()

    def hasHeightForWidth(self) -> bool:
        """Problems in the form may wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height shown at ``width`` pixels."""
        return round(self.natural_height(width) * self.share)

    def sizeHint(self) -> QSize:
        """The part that shows."""
        hint = self.content.sizeHint()
        return QSize(hint.width(), round(hint.height() * self.share))

    def minimumSizeHint(self) -> QSize:
        """The part that shows."""
        hint = self.content.minimumSizeHint()
        return QSize(hint.width(), round(self.content.sizeHint().height() * self.share))

    def event(self, event: QEvent) -> bool:
        """Ask again when the content changes its mind about its size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._lay()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the content out."""
        self._lay()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask anew: while hidden, the content's changes of size were not announced."""
        self.updateGeometry()
        super().showEvent(event)

    def _lay(self) -> None:
        self.content.setGeometry(0, 0, self.width(), self.natural_height(self.width()))


class Card(Surface):
    """A section of the recipe: a title, a body that folds, and a summary when folded.

    Add rows with :meth:`add`. ``preview``, if set, shows below the header while folded.
    """

    folded_changed = Signal(bool)
    toggled = Signal(bool)
    """A person folded or unfolded it; the program did not."""

    def __init__(
        self,
        title: str,
        *,
        summary: str = "",
        folded: bool = False,
        margins: tuple[int, int, int, int] = (12, 2, 8, 10),
        spacing: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self._folded = folded
        self._summary_open = ""
        self._summary = summary
        self._preview: QWidget | None = None
        self._head = _Head(title)
        self._head.clicked.connect(self.toggle)
        content = QWidget()
        self._body = QVBoxLayout(content)
        self._body.setContentsMargins(*margins)
        self._body.setSpacing(spacing)
        self._clip = _Clip(content)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._head)
        self._column.addWidget(self._clip)
        self._fold = QVariantAnimation(self)
        self._fold.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._fold.valueChanged.connect(self._set_share)
        self._fold.finished.connect(self._settle)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._set_share(0.0 if folded else 1.0)
        self._settle()

    @property
    def body(self) -> QVBoxLayout:
        """The layout of the body."""
        return self._body

    @property
    def head(self) -> QWidget:
        """The line that folds, for tests and focus."""
        return self._head

    @property
    def folded(self) -> bool:
        """Whether only the summary shows."""
        return self._folded

    def add(self, item: QWidget | QLayout) -> None:
        """Append a row or a layout to the body."""
        if isinstance(item, QWidget):
            self._body.addWidget(item)
        else:
            self._body.addLayout(item)

    def add_action(self, widget: QWidget) -> None:
        """Put a small control at the right end of the header."""
        self._head.row.addWidget(widget)

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._head.title.setText(title)
        self._head.setAccessibleName(title)

    def set_summary(self, folded: str, opened: str = "") -> None:
        """What the header says at its right: folded, and (usually nothing) when open."""
        self._summary, self._summary_open = folded, opened
        self._show_summary()

    def set_preview(self, widget: QWidget) -> None:
        """Show a widget below the header while folded."""
        self._preview = widget
        host = QWidget()
        row = QHBoxLayout(host)
        row.setContentsMargins(12, 0, 12, 10)
        row.addWidget(widget)
        self._preview_host = host
        self._column.insertWidget(1, host)
        host.setVisible(self._folded)

    def set_folded(self, folded: bool, *, animate: bool = True) -> None:
        """Fold or unfold, in 160 ms unless motion is unwanted."""
        if folded == self._folded:
            return
        self._folded = folded
        self._show_summary()
        if not folded:
            self._clip.show()
            if self._preview is not None:
                self._preview_host.hide()
        duration = motion_ms(self, FOLD_MS) if animate and self.isVisible() else 0
        end = 0.0 if folded else 1.0
        self._fold.stop()
        if duration == 0:
            self._set_share(end)
            self._settle()
        else:
            self._fold.setDuration(duration)
            self._fold.setStartValue(self._clip.share)
            self._fold.setEndValue(end)
            self._fold.start()
        self.folded_changed.emit(folded)

    def toggle(self) -> None:
        """Fold an open card, unfold a folded one."""
        self.set_folded(not self._folded)
        self.toggled.emit(self._folded)

    def _set_share(self, share: float) -> None:
        self._clip.set_share(float(share))
        self._head.opened = float(share)
        self._head.update()
        self.updateGeometry()

    def _settle(self) -> None:
        self._clip.setVisible(not self._folded)
        if self._preview is not None:
            self._preview_host.setVisible(self._folded)
        self._show_summary()

    def _show_summary(self) -> None:
        self._head.summary.setText(self._summary if self._folded else self._summary_open)
        self._head.setAccessibleDescription(self._head.summary.text())
