"""Shapes of points as tiles: real points of each, and the way to draw one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.experiment.parts import DATASETS, DatasetOptions
from aegan_studio.i18n import tr
from aegan_studio.messages import Message, msg
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.panels.recipe.forms import Fold
from aegan_studio.ui.panels.samples import paint_points
from aegan_studio.ui.theme import NOTE, Theme, current_theme, mix, ui_font
from aegan_studio.ui.training.background import Background, Samples
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.painted_once import PaintedOnce
from aegan_studio.ui.widgets.painting import CENTRE, draw_text, fill_round, smooth, stroke_round

COLUMNS = 3
PICTURE, WORD = 56, 18
GAP = 6
DRAWN = "drawn"
FIRST = ("ring", "circle", "spiral", "moons", "grid", DRAWN)
"""What is seen without asking for more."""
SLOW = ("moons", "swiss-roll")
"""Shapes whose code takes seconds to import."""
WORDS: Mapping[str, Message] = {
    "ring": msg("Ring"),
    "grid": msg("Grid"),
    "moons": msg("Moons"),
    "checkerboard": msg("Checkers"),
    "blobs": msg("Two blobs"),
    "enclosed": msg("Disc in ring"),
    "xor": msg("XOR"),
    DRAWN: msg("Draw…"),
}
"""Names short enough for a tile, where the shape's own is not."""
DOTS = 240
"""Points that a tile shows."""


def shapes() -> tuple[str, ...]:
    """The kinds of all datasets of points: those seen first, then the others."""
    kinds = [e.kind for e in DATASETS if e.defaults().info().modality == "points"]
    return (*FIRST, *(kind for kind in kinds if kind not in FIRST))


class ShapeTile(QAbstractButton):
    """The picture and the name of a shape; framed where it is the one in use."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        entry = DATASETS[kind]
        self.kind = kind
        self._points: npt.NDArray[Any] | None = None
        self._picture = PaintedOnce()
        self._hover = HoverFade(self)
        self.setText(tr(WORDS.get(kind, entry.label)))
        self.setToolTip(f"{tr(entry.label)}\n{tr(entry.help)}")
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(tr(entry.help))
        self.setCheckable(True)
        self.setFont(ui_font(NOTE, 500))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRadius", 6.0)

    @property
    def points(self) -> npt.NDArray[Any] | None:
        """What is shown; ``None`` until it is known."""
        return self._points

    def set_points(self, points: npt.NDArray[Any] | None) -> None:
        """Show these points (n, 2)."""
        if points is not self._points:
            self._points = points
            self.update()

    def sizeHint(self) -> QSize:
        """A picture over a word."""
        return QSize(76, PICTURE + WORD)

    def minimumSizeHint(self) -> QSize:
        """Narrower in a narrow column."""
        return QSize(48, PICTURE + WORD)

    def nextCheckState(self) -> None:
        """The document says which one is in use."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the points and the word."""
        with QPainter(self) as painter:
            self._paint(painter, current_theme())

    def _paint(self, painter: QPainter, theme: Theme) -> None:
        smooth(painter)
        frame = QRectF(0, 0, self.width(), PICTURE)
        fill_round(painter, frame, 6, mix(theme.sunken, theme.hover, 0.6 * self._hover.amount))
        if self.isChecked():
            stroke_round(painter, frame, 6, theme.accent, 1.5)
        else:
            stroke_round(painter, frame, 6, theme.hairline)
        inside = frame.adjusted(9, 6, -9, -6)
        points = self._points
        if points is not None and len(points):
            real = theme.color("real", 0.85)
            self._picture.paint(
                painter,
                inside.adjusted(-1, -1, 1, 1),  # the outermost dots reach beyond it
                (points, theme),
                lambda brush, room: paint_points(
                    brush, room.adjusted(1, 1, -1, -1), points[:DOTS], real, radius=1.0
                ),
            )
        elif self.kind == DRAWN:
            side = 18.0
            spot = QRectF(
                inside.center().x() - side / 2, inside.center().y() - side / 2, side, side
            )
            paint_icon(painter, "brush", spot, theme.color("text2"))
        word = QRectF(0, PICTURE, self.width(), WORD)
        ink = theme.text if self.isChecked() or self.underMouse() else theme.text2
        font = ui_font(NOTE, 600 if self.isChecked() else 500)
        draw_text(painter, word, self.text(), ink, font, CENTRE)


class ShapeTiles(QWidget):
    """All shapes of points, six of them in view and the others behind a word."""

    chosen = Signal(str)
    """The kind of a shape that is wanted."""
    drawing_asked = Signal()
    """The drawing shall be edited."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._asked = False
        self._own: DatasetOptions | None = None
        self._defaults: dict[str, npt.NDArray[Any]] = {}
        self._tiles = {kind: ShapeTile(kind) for kind in shapes()}
        self.more = Fold(tr("More shapes"))
        first, rest = QGridLayout(), QGridLayout()
        for grid in (first, rest):
            grid.setSpacing(GAP)
            for column in range(COLUMNS):
                grid.setColumnStretch(column, 1)
        for index, tile in enumerate(self._tiles.values()):
            place = index - len(FIRST)
            grid = first if place < 0 else rest
            row, column = divmod(index if place < 0 else place, COLUMNS)
            grid.addWidget(tile, row, column)
            tile.clicked.connect(lambda _on=False, kind=tile.kind: self._choose(kind))
        self.more.body.addLayout(rest)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 8, 4, 4)
        column_.setSpacing(2)
        column_.addLayout(first)
        column_.addWidget(self.more)
        background.shape_ready.connect(self._on_shape)

    @property
    def tiles(self) -> Mapping[str, ShapeTile]:
        """The tiles by kind."""
        return dict(self._tiles)

    def set_dataset(self, dataset: DatasetOptions) -> None:
        """Frame the shape in use; its tile shows its points as they are in the experiment."""
        for kind, tile in self._tiles.items():
            used = kind == dataset.kind
            tile.setChecked(used)
            if not used and self._own is not None and kind == self._own.kind != DRAWN:
                tile.set_points(self._defaults.get(kind))
        other = self._own is None or dataset.kind != self._own.kind
        self._own = dataset
        if other and dataset.kind in self._tiles and dataset.kind not in FIRST:
            self.more.set_open(True)

    def show_own(self, points: npt.NDArray[Any] | None) -> None:
        """Show the experiment's points in the tile of its shape."""
        tile = None if self._own is None else self._tiles.get(self._own.kind)
        if tile is not None:
            tile.set_points(points)

    def _choose(self, kind: str) -> None:
        if self._own is None or kind != self._own.kind:
            self.chosen.emit(kind)
        if kind == DRAWN:
            self.drawing_asked.emit()

    def _on_shape(self, kind: str, samples: Samples) -> None:
        self._defaults[kind] = np.asarray(samples.items)
        tile = self._tiles.get(kind)
        used = self._own is not None and kind == self._own.kind
        if tile is not None and kind != DRAWN and not (used and tile.points is not None):
            tile.set_points(self._defaults[kind])

    def showEvent(self, event: QShowEvent) -> None:
        """Once in view, the tiles get their points."""
        super().showEvent(event)
        if not self._asked:
            self._asked = True
            kinds = [kind for kind in self._tiles if kind != DRAWN]
            self._background.show_shapes(sorted(kinds, key=SLOW.__contains__))
