"""“Add a layer”: every kind of layer by family, to drag into the list or to add with Enter."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.panels.layers.kinds import Kind, families
from aegan_studio.ui.theme import BODY, HEADING, NOTE, current_theme, mix, ui_font
from aegan_studio.ui.widgets.fields import TextField
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.painting import LEFT, draw_text, fill_round, smooth, text_width

SEARCHED = 12
"""From this many kinds on there is a field to search them."""


class Tile(QWidget):
    """One kind of layer."""

    chosen = Signal(str)
    drag_begun = Signal(str)
    dragged = Signal(QPoint)
    dropped = Signal(str)
    given_up = Signal()
    stepped = Signal(object, int)
    """Itself, and where an arrow key leads: ±1 beside, ±2 below or above."""

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._hover = HoverFade(self)
        self._press: QPoint | None = None
        self._dragging = False
        self.setFixedHeight(30)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(kind.help)
        self.setAccessibleName(tr("Add {layer}", layer=kind.label))
        self.setAccessibleDescription(kind.help)
        self.setProperty("focusRadius", 6.0)

    def matches(self, text: str) -> bool:
        """Whether a search finds it."""
        words = f"{self.kind.label} {self.kind.kind} {self.kind.help}".lower()
        return all(part in words for part in text.lower().split())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press becomes a click or a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it to the list."""
        if self._press is None:
            return
        where = event.globalPosition().toPoint()
        if not self._dragging and (where - self._press).manhattanLength() < 6:
            return
        if not self._dragging:
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.drag_begun.emit(self.kind.kind)
        self.dragged.emit(where)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop it, or add it below the selected layer."""
        pressed, self._press = self._press is not None, None
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        if self._dragging:
            self._dragging = False
            self.dropped.emit(self.kind.kind)
        elif pressed and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self.kind.kind)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter adds, arrows go to other tiles, Esc lets go of a drag."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -2,
            Qt.Key.Key_Down: 2,
        }
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.kind.kind)
        elif event.key() == Qt.Key.Key_Escape and self._dragging:
            self._press, self._dragging = None, False
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self.given_up.emit()
        elif event.key() in steps:
            self.stepped.emit(self, steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint sign and name."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rest = mix(theme.chrome, theme.surface, 1.0) if theme.dark else theme.color("surface")
        rect = QRectF(self.rect())
        fill_round(painter, rect, 6, mix(rest, theme.color("hover"), self._hover.amount))
        sign = QRectF(9, rect.center().y() - 7.5, 15, 15)
        paint_icon(painter, self.kind.icon, sign, theme.text2)
        words = rect.adjusted(30, 0, -4, 0)
        font = ui_font(BODY, 500)
        if text_width(self.kind.label, font) > words.width():
            font = ui_font(NOTE, 500)
        draw_text(painter, words, self.kind.label, theme.text, font, LEFT)


class Palette(QWidget):
    """All kinds of layers."""

    chosen = Signal(str)
    """A kind to add below the selected layer."""
    drag_begun = Signal(str)
    dragged = Signal(QPoint)
    dropped = Signal(str)
    given_up = Signal()
    left = Signal()
    """Esc: back to the model."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[Tile] = []
        self._groups: list[tuple[Label, QWidget, QGridLayout, list[Tile]]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 4)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 4, 0)
        head.addWidget(Label(tr("Add a layer"), size=HEADING, weight=600))
        head.addStretch(1)
        hint = Label(tr("drag or press Enter"), tone="text3", size=NOTE, elide=True)
        hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(hint, 10)
        column.addLayout(head)
        self.search = TextField(placeholder=tr("Search layers"), name=tr("Search layers"))
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._take_first)
        column.addWidget(self.search)
        for heading, kinds in families():
            self._add_group(column, heading, kinds)
        self._none = Label(tr("No layer is called that."), tone="text2", size=NOTE)
        self._none.setContentsMargins(8, 4, 0, 0)
        self._none.hide()
        column.addWidget(self._none)
        self.search.setVisible(len(self.tiles) >= SEARCHED)

    def _add_group(self, column: QVBoxLayout, heading: str, kinds: list[Kind]) -> None:
        label = Label(heading, tone="text3", size=NOTE)
        label.setContentsMargins(8, 4, 0, 0)
        host = QWidget()
        grid = QGridLayout(host)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        tiles = []
        for kind in kinds:
            tile = Tile(kind)
            tile.chosen.connect(self.chosen)
            tile.drag_begun.connect(self.drag_begun)
            tile.dragged.connect(self.dragged)
            tile.dropped.connect(self.dropped)
            tile.given_up.connect(self.given_up)
            tile.stepped.connect(self._step)
            tiles.append(tile)
        self.tiles += tiles
        self._groups.append((label, host, grid, tiles))
        self._fill(grid, tiles)
        column.addWidget(label)
        column.addWidget(host)

    @staticmethod
    def _fill(grid: QGridLayout, tiles: list[Tile]) -> None:
        for tile in tiles:
            grid.removeWidget(tile)
        for place, tile in enumerate(tiles):
            grid.addWidget(tile, place // 2, place % 2)

    def tile(self, kind: str) -> Tile:
        """The tile of a kind."""
        return next(tile for tile in self.tiles if tile.kind.kind == kind)

    def _shown(self) -> list[Tile]:
        return [tile for tile in self.tiles if not tile.isHidden()]

    def _filter(self, text: str) -> None:
        for label, host, grid, tiles in self._groups:
            found = [tile for tile in tiles if tile.matches(text)]
            for tile in tiles:
                tile.setVisible(tile in found)
            self._fill(grid, found)
            label.setVisible(bool(found))
            host.setVisible(bool(found))
        self._none.setVisible(not self._shown())

    def _take_first(self) -> None:
        shown = self._shown()
        if shown and self.search.text():
            self.chosen.emit(shown[0].kind.kind)

    def _step(self, tile: Tile, by: int) -> None:
        shown = self._shown()
        target = shown.index(tile) + by
        if 0 <= target < len(shown):
            shown[target].setFocus(Qt.FocusReason.TabFocusReason)
        elif target < 0 and not self.search.isHidden():
            self.search.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down from the search goes to the first kind; Esc empties it, then leaves."""
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus() and self._shown():
            self._shown()[0].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.set_value("")
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As high as all kinds need."""
        return QSize(240, super().sizeHint().height())
