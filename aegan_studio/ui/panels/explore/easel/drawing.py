"""Drawing on the easel: the brush's tools, and what the model makes of the drawing as it grows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QColorDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Array, Found, Loaded
from aegan_studio.ui.latent.picture_messages import Kin, Seen
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.easel.pair import Pair
from aegan_studio.ui.panels.explore.item_strip import ItemStrip
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.draw_pad import WIDTHS, DrawPad
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.painting import disc, ring, smooth
from aegan_studio.ui.widgets.slider_row import SliderRow
from aegan_studio.ui.widgets.switches import Toggle

TOOLS_WIDTH = 92
KIN_AFTER_MS = 160
"""How long a drawing must rest before its relatives are looked for."""
WORDS_FROM = 330
"""Width of the page from which every button has room for its word."""
KIN_FROM = 470
"""Height of the page from which the relatives have room."""

GREYS = (0, 64, 128, 192, 255)
COLOURS = (
    (214, 39, 40),
    (230, 159, 0),
    (240, 228, 66),
    (0, 158, 115),
    (0, 114, 178),
    (134, 85, 230),
)

ALL_FROM = 400
"""Height of the page from which every tool has room."""


class InkButton(IconButton):
    """Shows the colour of the ink, and offers others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("dot", tr("Colour of the brush"), parent=parent)
        self.ink: tuple[int, ...] = (255,)

    def set_ink(self, ink: tuple[int, ...]) -> None:
        """Show a colour of one value, or of three."""
        self.ink = ink
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A disc of the colour."""
        painter = QPainter(self)
        smooth(painter)
        centre = QRectF(self.rect()).center()
        disc(painter, centre, 8, QColor(*(self.ink * 3 if len(self.ink) == 1 else self.ink)))
        ring(painter, centre, 8, current_theme().edge)


class BrushTools(QWidget):
    """Brush and eraser with their size, edge and strength; undo, redo, clear."""

    centred_changed = Signal(bool)

    def __init__(self, pad: DrawPad, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pad = pad
        self._colours = False
        self.brush = IconButton("brush", tr("Draw (B)"), checkable=True)
        self.eraser = IconButton(
            "eraser", tr("Erase (E); the right button always does"), checkable=True
        )
        self.ink = InkButton()
        self.width_slider = SliderRow(
            tr("Size"),
            100 * pad.brush.width,
            lo=100 * WIDTHS[0],
            hi=100 * WIDTHS[1],
            neutral=100 * WIDTHS[0],
            step=1,
            tooltip=tr("Width of the brush in percent of the canvas; the keys [ and ] change it."),
            clamped=True,
        )
        self.soft = SliderRow(
            tr("Soft edge"),
            0.0,
            lo=0.0,
            hi=1.0,
            step=0.1,
            tooltip=tr("How far the edge of a stroke fades; 0 is sharp."),
            clamped=True,
        )
        self.strength = SliderRow(
            tr("Strength"),
            1.0,
            lo=0.05,
            hi=1.0,
            neutral=0.05,
            step=0.05,
            tooltip=tr("How much ink a stroke leaves; lower is fainter."),
            clamped=True,
        )
        self.undo = IconButton("undo", tr("Take the last stroke back (Ctrl+Z)"))
        self.redo = IconButton("redo", tr("Draw it again (Ctrl+Shift+Z)"))
        self.clear = IconButton("trash", tr("Take all strokes away, then the picture (Delete)"))
        self.centred = Toggle(
            True,
            text=tr("Centre"),
            name=tr("Centre and scale like the data"),
            tooltip=tr(
                "Bring the drawing to the place, size and stroke width that the data have; the "
                "model has seen no others."
            ),
        )
        self._lay_out()
        self._connect()
        self._show_brush()
        self._show_history()

    def _lay_out(self) -> None:
        self.setFixedWidth(TOOLS_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widgets in ((self.brush, self.eraser, self.ink), (self.undo, self.redo, self.clear)):
            row = QHBoxLayout()
            row.setSpacing(4)
            for widget in widgets:
                row.addWidget(widget)
            row.addStretch(1)
            column.addLayout(row)
        for slider in (self.width_slider, self.soft, self.strength):
            column.addWidget(slider)
        column.addSpacing(2)
        column.addWidget(self.centred)
        column.addStretch(1)

    def make_room(self, height: int) -> None:
        """On a low page strength and softness give way; one that floats has room for all."""
        for slider in (self.soft, self.strength):
            slider.setVisible(height >= ALL_FROM)

    def _connect(self) -> None:
        self.brush.clicked.connect(lambda: self.set_erasing(False))
        self.eraser.clicked.connect(lambda: self.set_erasing(True))
        self.ink.clicked.connect(self._offer_colours)
        self.width_slider.moved.connect(lambda value: self._change(width=value / 100))
        self.soft.moved.connect(lambda value: self._change(soft=value))
        self.strength.moved.connect(lambda value: self._change(strength=value))
        self.undo.clicked.connect(self._pad.undo)
        self.redo.clicked.connect(self._pad.redo)
        self.clear.clicked.connect(self._pad.clear)
        self.centred.toggled.connect(self.centred_changed)
        self._pad.brush_changed.connect(self._show_brush)
        self._pad.finished.connect(self._show_history)

    def set_model(self, model: Loaded) -> None:
        """Offer what suits the data: ink for drawings, colours for photographs."""
        strokes = model.strokes
        self._colours = len(model.shape) == 3 and model.shape[0] == 3
        self.ink.setVisible(not strokes)
        self.centred.setVisible(strokes)
        self.set_ink((255,) if strokes else (0, 0, 0) if self._colours else (0,))
        self._show_history()

    def set_ink(self, ink: tuple[int, ...]) -> None:
        """Draw in this colour."""
        self._change(ink=ink, erase=False)
        self.ink.set_ink(ink)
        self._show_brush()

    def set_erasing(self, on: bool) -> None:
        """Take the eraser, or the brush."""
        self._change(erase=on)
        self._show_brush()

    def _change(self, **changes: object) -> None:
        self._pad.brush = replace(self._pad.brush, **changes)  # type: ignore[arg-type]
        self._pad.update()

    def _show_brush(self) -> None:
        brush = self._pad.brush
        self.brush.setChecked(not brush.erase)
        self.eraser.setChecked(brush.erase)
        self.width_slider.set_value(100 * brush.width)

    def _show_history(self) -> None:
        self.undo.setEnabled(self._pad.canvas.can_undo)
        self.redo.setEnabled(self._pad.canvas.can_redo)
        self.clear.setEnabled(not self._pad.canvas.is_blank)

    def _offer_colours(self) -> None:
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        names = (tr("Black"), tr("Dark grey"), tr("Grey"), tr("Light grey"), tr("White"))
        for name, level in zip(names, GREYS, strict=True):
            ink = (level,) * (3 if self._colours else 1)
            menu.add(name, partial(self.set_ink, ink))
        if self._colours:
            words = (tr("Red"), tr("Orange"), tr("Yellow"), tr("Green"), tr("Blue"), tr("Violet"))
            for name, ink in zip(words, COLOURS, strict=True):
                menu.add(name, partial(self.set_ink, ink))
            menu.add(tr("Another colour…"), self._ask_colour)
        menu.popup(self.ink.mapToGlobal(self.ink.rect().bottomLeft()))

    def _ask_colour(self) -> None:
        dialog = QColorDialog(QColor(*self._pad.brush.ink), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(
            lambda color: self.set_ink((color.red(), color.green(), color.blue()))
        )
        dialog.open()


class LookBench(QWidget):
    """What the model sees, what it makes of it, and the data most like it.

    ``went`` asks to go to the code; ``following`` says whether every change goes there.
    """

    went = Signal()

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._codes: Array | None = None
        self._item: Array | None = None
        self._nearest: Array | None = None
        self._depiction = Depiction()
        self.pair = Pair(
            (
                tr("Model’s view"),
                tr("The drawing in the format of the data: this is what is encoded."),
            ),
            (tr("Reconstruction"), tr("What the code found for it decodes to.")),
        )
        self.title = Label(tr("Nearest training data"), weight=600)
        self.kin = ItemStrip(name=tr("Training data most like the drawing"), tall=46, thin="end")
        self.kin.setToolTip(tr("The training items most like it. Click one to go to its code."))
        self.go = Button(
            tr("Go there"),
            icon="compass",
            tooltip=tr("Make its code the current one; the way back is Alt+Left."),
        )
        self.follow = Toggle(
            False,
            text=tr("Follow"),
            tooltip=tr("The current code follows the drawing with every stroke."),
        )
        self.refine = Toggle(
            False,
            text=tr("Refine"),
            tooltip=tr("Improve on the encoder’s code by a short search after every stroke."),
        )
        self._rest = QTimer(self, singleShot=True, interval=KIN_AFTER_MS)
        self._rest.timeout.connect(self._ask_kin)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.pair, 1)
        column.addWidget(self.title)
        column.addWidget(self.kin)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.go, 1)
        row.addWidget(self.refine)
        row.addWidget(self.follow)
        column.addLayout(row)
        self.go.clicked.connect(self.went)
        self.kin.picked.connect(self._go_to_kin)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        explorer.listen(Kin, self._on_kin)
        self.show_seen(None)

    def set_depiction(self, depiction: Depiction) -> None:
        """How items are drawn."""
        self._depiction = depiction
        self.pair.set_depiction(depiction)

    def show_seen(self, seen: Seen | None) -> None:
        """Show what became of the drawing so far; ``None``: there is none."""
        self.go.setEnabled(seen is not None)
        if seen is None:
            self._rest.stop()
            self.pair.show_items(None, None)
            self.kin.set_items(None)
            self._nearest = self._item = self._codes = None
            return
        figures = [tr("difference {error} a value", error=f"{seen.error:.4f}")]
        if not seen.done:
            figures.append(tr("searching…"))
        elif self._explorer.model is not None and not self._explorer.model.has_encoder:
            figures.append(tr("searched for: there is no encoder"))
        self.pair.show_items(seen.picture, seen.rebuilt, figures)
        self._item = seen.picture
        self._rest.start()

    @property
    def nearest(self) -> Array | None:
        """The training item nearest to the drawing, as far as it is known."""
        return self._nearest

    def make_room(self, width: int, height: int) -> None:
        """Leave the relatives out where the page is low, and a word where it is narrow."""
        self.go.setText(tr("Go there") if width >= WORDS_FROM else "")
        self.go.updateGeometry()
        for widget in (self.title, self.kin):
            widget.setVisible(height >= KIN_FROM)

    def _ask_kin(self) -> None:
        if self._item is not None:
            self._explorer.ask(Kin(self._item))

    def _on_kin(self, found: Found) -> None:
        self._codes = found.codes
        self._nearest = found.items[0] if len(found.items) else None
        captions = [f"{distance:.2f}" for distance in found.distances]
        self.kin.set_items(found.items, captions=captions, depiction=self._depiction)

    def _go_to_kin(self, index: int) -> None:
        if self._codes is not None:
            self._explorer.move(self._codes[index])
