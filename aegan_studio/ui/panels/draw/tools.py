"""The tools beside the plane: what is painted with, and what becomes of it as data."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.catalog.datasets.sketch import Drawn
from aegan_studio.experiment.options import describe
from aegan_studio.i18n import tr
from aegan_studio.sketches import COLOURS, Tool
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.recipe.forms import OptionRow
from aegan_studio.ui.theme import NOTE, current_theme
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.painting import disc, ring, smooth
from aegan_studio.ui.widgets.plane_pad import RADII, PlanePad
from aegan_studio.ui.widgets.slider_row import SliderRow
from aegan_studio.ui.widgets.switches import Segmented, Toggle

TOOLS: tuple[Tool, ...] = ("brush", "spray", "eraser")
WIDTH = 236
ROWS = ("noise", "count")
"""Options of the data that are set beside the drawing."""


class Swatches(QWidget):
    """The colours to paint in, one of them chosen."""

    chosen = Signal(int)
    SIDE, GAP = 22, 4

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRadius", 6.0)
        self.setAccessibleName(tr("Colour"))
        self.setToolTip(tr("Colour of what is painted. Points of several colours become classes."))
        self._describe()

    @property
    def colour(self) -> int:
        """The place of the chosen colour."""
        return self._colour

    def choose(self, colour: int) -> None:
        """Take another colour."""
        if colour != self._colour:
            self._colour = colour
            self._describe()
            self.update()
            self.chosen.emit(colour)

    def _describe(self) -> None:
        self.setAccessibleDescription(tr(COLOURS[self._colour]))

    def sizeHint(self) -> QSize:
        """All colours in a row."""
        return QSize(len(COLOURS) * (self.SIDE + self.GAP) - self.GAP, self.SIDE)

    def spot(self, colour: int) -> QRectF:
        """Where a colour is."""
        return QRectF(colour * (self.SIDE + self.GAP), 0, self.SIDE, self.SIDE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the colour under the pointer."""
        index = int(event.position().x() // (self.SIDE + self.GAP))
        if event.button() == Qt.MouseButton.LeftButton and 0 <= index < len(COLOURS):
            self.choose(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right choose."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.choose(min(max(self._colour + step, 0), len(COLOURS) - 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Discs; the chosen one has a ring."""
        theme = current_theme()
        with QPainter(self) as painter:
            smooth(painter)
            for index in range(len(COLOURS)):
                centre = self.spot(index).center()
                disc(painter, centre, 7.5, theme.class_color(index))
                if index == self._colour:
                    ring(painter, centre, 10, theme.text, 1.5)


class DrawTools(QWidget):
    """Tool, size, strength and colour; the acts on the whole drawing; noise and count."""

    points_toggled = Signal(bool)
    invert_asked = Signal()
    clear_asked = Signal()

    def __init__(
        self,
        document: Document,
        session: Session,
        pad: PlanePad,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._pad = document, pad
        self.tool = Segmented(
            [
                ("brush", tr("Brush"), tr("Paint (B)")),
                ("spray", tr("Spray"), tr("Denser the longer it is held (S)")),
                ("eraser", tr("Eraser"), tr("Take away (E); the right button always does")),
            ],
            "brush",
            name=tr("Tool"),
            stretch=True,
            size=12,
        )
        self.size_slider = SliderRow(
            tr("Size"),
            pad.radius,
            lo=RADII[0],
            hi=RADII[1],
            neutral=RADII[0],
            step=0.01,
            tooltip=tr("Radius of the brush on the plane; the keys [ and ] change it."),
            clamped=True,
        )
        self.strength = SliderRow(
            tr("Density"),
            1.0,
            lo=0.1,
            hi=1.0,
            neutral=0.1,
            step=0.1,
            text="{:.0%}".format,
            unit=0.01,
            tooltip=tr("How many points fall on what is painted, against the densest."),
            clamped=True,
        )
        self.swatches = Swatches()
        self.undo = IconButton("undo", tr("Take the last edit back (Ctrl+Z)"))
        self.redo = IconButton("redo", tr("Do it again (Ctrl+Shift+Z)"))
        self.invert = IconButton("invert", tr("Paint what is empty and empty what is painted"))
        self.clear = IconButton("trash", tr("Take everything away (Delete)"))
        self.points = Toggle(
            True,
            text=tr("Show points"),
            tooltip=tr("Points drawn from the drawing with this noise, as training gets them."),
        )
        self.rows = tuple(self._row(session, name) for name in ROWS)
        self._lay_out()
        self._connect()
        self.show_brush()

    def _row(self, session: Session, name: str) -> OptionRow:
        info = next(info for info in describe(Drawn) if info.name == name)
        return OptionRow(self._document, session, f"dataset.{name}", info)

    def _lay_out(self) -> None:
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.tool)
        column.addWidget(self.size_slider)
        column.addWidget(self.strength)
        column.addWidget(self.swatches)
        acts = QHBoxLayout()
        acts.setSpacing(4)
        for button in (self.undo, self.redo, self.invert, self.clear):
            acts.addWidget(button)
        acts.addStretch(1)
        column.addLayout(acts)
        column.addSpacing(6)
        column.addWidget(Label(tr("As data"), weight=600))
        form = QVBoxLayout()
        form.setSpacing(0)
        for row in self.rows:
            form.addWidget(row)
        column.addLayout(form)
        column.addWidget(self.points)
        column.addStretch(1)
        column.addWidget(
            Label(
                tr(
                    "Arrow keys move a brush that paints while Space is held. Shift and a click "
                    "draw a straight line."
                ),
                tone="text3",
                size=NOTE,
                wrap=True,
            )
        )

    def _connect(self) -> None:
        stack = self._document.undo_stack
        self.tool.value_changed.connect(self._take)
        self.size_slider.moved.connect(partial(self._set, "radius"))
        self.strength.moved.connect(partial(self._set, "strength"))
        self.swatches.chosen.connect(partial(self._set, "colour"))
        self.undo.clicked.connect(stack.undo)
        self.redo.clicked.connect(stack.redo)
        stack.canUndoChanged.connect(self.undo.setEnabled)
        stack.canRedoChanged.connect(self.redo.setEnabled)
        self.undo.setEnabled(stack.canUndo())
        self.redo.setEnabled(stack.canRedo())
        self.invert.clicked.connect(self.invert_asked)
        self.clear.clicked.connect(self.clear_asked)
        self.points.toggled.connect(self.points_toggled)
        self._pad.brush_changed.connect(self.show_brush)

    def _set(self, name: str, value: object) -> None:
        setattr(self._pad, name, value)
        self._pad.update()

    def _take(self, tool: object) -> None:
        self._set("tool", tool)

    def show_brush(self) -> None:
        """Show what keys made of tool and size."""
        self.tool.set_value(self._pad.tool)
        self.size_slider.set_value(self._pad.radius)

    def refresh(self) -> None:
        """Show the document's values."""
        for row in self.rows:
            row.refresh()
        self.clear.setEnabled(not self._pad.sketch.is_blank)
