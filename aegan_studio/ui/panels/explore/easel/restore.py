"""Restoring the easel's picture: what is unknown is painted over, the model fills it in."""

from __future__ import annotations

from typing import get_args

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Array, Floats
from aegan_studio.ui.latent.picture_messages import (
    Restore,
    Restored,
    Restoring,
    Roughen,
    Taken,
)
from aegan_studio.ui.panels.explore.easel.pair import Pair
from aegan_studio.ui.panels.explore.item_strip import ItemStrip
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.choice import Choice, Option
from aegan_studio.ui.widgets.mask_brush import MaskPad
from aegan_studio.ui.widgets.messages import BusyBar
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.switches import Segmented

STEPS = 300
COUNT = 4
SIGMA = 0.25
PAIR_FROM = 440
"""Height of the page from which before and after have room side by side."""
WORDS_FROM = 300
"""Width of the page from which every button has room for its word."""


class RestoreBench(QWidget):
    """Chooses what to do, runs it with progress, and compares before and after."""

    went = Signal(object)
    """Go to this code (d,)."""
    accepted = Signal(object)
    """This item becomes the picture."""

    def __init__(self, explorer: Explorer, pad: MaskPad, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explorer, self._pad = explorer, pad
        self._low = False
        self.before: Array | None = None
        self.result: Restored | None = None
        self.way = Segmented(
            [
                ("inpaint", tr("Fill in"), tr("Fill in what is painted over; the rest stays.")),
                (
                    "complete",
                    tr("Complete"),
                    tr("Several ways to complete what is known, to choose from."),
                ),
                (
                    "denoise",
                    tr("Denoise"),
                    tr("Replace the picture by the nearest that the model can make."),
                ),
            ],
            "inpaint",
            name=tr("What to do"),
            stretch=True,
            size=12,
        )
        self.pair = Pair(
            (tr("Before"), tr("The picture as it was given.")),
            (tr("After"), tr("The restored picture.")),
        )
        self.candidates = ItemStrip(
            name=tr("Completions"), tall=56, empty=tr("The completions appear here.")
        )
        self.blend = Choice(
            [
                Option(
                    "membrane",
                    tr("Seamless"),
                    help=tr("Shift what is filled in so that no seam shows."),
                ),
                Option(
                    "paste",
                    tr("As made"),
                    help=tr("Leave what is filled in as the model makes it."),
                ),
            ],
            "membrane",
            name=tr("Edges"),
        )
        self.count = NumberField(
            COUNT, lo=2, hi=12, integer=True, unit=tr("ways"), name=tr("Completions")
        )
        self.count.setToolTip(tr("How many completions to look for."))
        self.sigma = NumberField(SIGMA, lo=0.01, hi=1.0, unit="σ", name=tr("Noise"))
        self.sigma.setToolTip(tr("Standard deviation of the noise; the values’ range is 1."))
        self.roughen = Button(
            tr("Add noise"), tooltip=tr("Add noise to the picture, to see what is made of it.")
        )
        self.keep = NumberField(0.0, lo=0.0, hi=1.0, unit=tr("kept"), name=tr("Kept"))
        self.keep.setToolTip(
            tr("The share of the given picture in the result; 0 shows the model’s alone.")
        )
        self.run = Button(tr("Restore"), icon="sparkle", variant="soft")
        self.accept = Button(tr("Use it"), icon="check")
        self.accept.setToolTip(tr("The restored picture becomes the picture."))
        self.go = Button(tr("Go there"), icon="compass")
        self.go.setToolTip(tr("Go to the code of the restored picture."))
        self.hold = IconButton("eye", tr("Hold to see the picture before"))
        self.busy = BusyBar(cancellable=False)
        self._lay_out()
        self._connect()
        self._show_way()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.way)
        self._room = shown = QWidget()
        self._shown = QStackedLayout(shown)
        self._shown.addWidget(self.pair)
        self._shown.addWidget(self.candidates)
        column.addWidget(shown, 1)
        column.addWidget(self.busy)
        options, acts = QHBoxLayout(), QHBoxLayout()
        for row in (options, acts):
            row.setSpacing(8)
            column.addLayout(row)
        for widget in (self.blend, self.count, self.sigma, self.roughen, self.keep):
            options.addWidget(widget, 1)
        options.addWidget(self.hold)
        acts.addWidget(self.run, 1)
        acts.addWidget(self.accept, 1)
        acts.addWidget(self.go, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def _connect(self) -> None:
        explorer = self._explorer
        self.way.value_changed.connect(lambda _way: self._show_way())
        self.run.clicked.connect(self.toggle)
        self.roughen.clicked.connect(self._ask_noise)
        self.accept.clicked.connect(self._accept)
        self.go.clicked.connect(self._go)
        self.hold.pressed.connect(lambda: self._peek(True))
        self.hold.released.connect(lambda: self._peek(False))
        self.candidates.picked.connect(self._on_pick)
        self._pad.mask_changed.connect(self._show_state)
        explorer.listen(Restore, self._on_restored)
        explorer.listen(Roughen, self._on_rough)
        explorer.busy_changed.connect(self._on_busy)

    @property
    def chosen_way(self) -> Restoring:
        """What to do."""
        value = self.way.value
        return next(way for way in get_args(Restoring) if way == value)

    def set_item(self, item: Array | None) -> None:
        """The picture is another: what was restored is forgotten; the mask stays."""
        same = item is not None and self.before is not None and np.array_equal(item, self.before)
        if same:
            return
        if self.running:
            self._explorer.cancel(Restore)
        self.before, self.result = item, None
        self._pad.set_picture(item)
        self._show_result()

    def make_room(self, width: int, height: int) -> None:
        """Where the page is low the pad alone shows before and after; narrow: icons alone."""
        self._low = height < PAIR_FROM
        self._room.setVisible(not self._low or self.chosen_way == "complete")
        self.go.setText(tr("Go there") if width >= WORDS_FROM else "")
        self.go.updateGeometry()

    @property
    def running(self) -> bool:
        """Whether something is being restored."""
        return self._explorer.is_busy(Restore)

    def toggle(self) -> None:
        """Begin, or stop and keep what is there."""
        if self.running:
            self._explorer.cancel(Restore)
            return
        if self.before is None:
            return
        way = self.chosen_way
        self.result = None
        self._explorer.ask(
            Restore(
                self.before,
                way,
                None if way == "denoise" else self._pad.painted.copy(),
                blend="paste" if self.blend.value == "paste" else "membrane",
                count=int(self.count.value or COUNT),
                keep=float(self.keep.value or 0.0),
                steps=STEPS,
            )
        )

    @property
    def _index(self) -> int:
        """Which of the results is chosen."""
        chosen = self.candidates.selected if self.chosen_way == "complete" else 0
        return min(chosen or 0, 0 if self.result is None else len(self.result.items) - 1)

    @property
    def item(self) -> Array | None:
        """The restored picture that is chosen."""
        return None if self.result is None else self.result.items[self._index]

    def _accept(self) -> None:
        item = self.item
        if item is not None:
            self._pad.clear()
            self.accepted.emit(item)

    def _go(self) -> None:
        if self.result is not None:
            code: Floats = self.result.codes[self._index].astype(np.float64)
            self.went.emit(code)

    def _ask_noise(self) -> None:
        if self.before is not None:
            seed = int(np.random.default_rng().integers(1 << 31))
            self._explorer.ask(Roughen(self.before, float(self.sigma.value or SIGMA), seed))

    def _on_rough(self, taken: Taken) -> None:
        self.accepted.emit(taken.item)

    def _on_restored(self, restored: Restored) -> None:
        self.result = restored
        self.busy.set_progress(restored.step / restored.steps)
        if restored.step == restored.steps and self.chosen_way == "complete":
            self.candidates.set_selected(0)
        self._show_result()

    def _on_pick(self, _index: int) -> None:
        self._show_result()

    def _on_busy(self, kind: type) -> None:
        if kind is not Restore:
            return
        if self.running:
            self.busy.start(share=0.0)
        else:
            self.busy.finish()
        self._show_state()

    def _peek(self, before: bool) -> None:
        item = self.item
        if self.before is not None and item is not None:
            self._pad.set_picture(self.before if before else item)
            self._pad.set_veiled(False)

    # What is shown

    def _show_way(self) -> None:
        way = self.chosen_way
        self.blend.setVisible(way != "denoise")
        self.count.setVisible(way == "complete")
        for widget in (self.sigma, self.roughen, self.keep):
            widget.setVisible(way == "denoise")
        self._pad.set_masking(way != "denoise")
        self._shown.setCurrentWidget(self.candidates if way == "complete" else self.pair)
        self._room.setVisible(not self._low or way == "complete")
        if self.running:
            self._explorer.cancel(Restore)
        self.result = None
        self._show_result()

    def _show_result(self) -> None:
        result, item = self.result, self.item
        self._pad.set_veiled(item is None)
        if result is None or item is None:
            self._pad.set_picture(self.before)
            self.pair.show_items(self.before, None)
            self.candidates.set_items(None)
        else:
            self._pad.set_picture(item)
            error = tr("difference to what is known")
            figures = [
                tr("step {step:,}", step=result.step),
                f"{error} {float(result.errors[self._index]):.4f}",
            ]
            self.pair.show_items(self.before, item, figures)
            captions = [f"{error:.3f}" for error in result.errors]
            self.candidates.set_items(result.items, captions=captions)
        self._show_state()

    def _show_state(self) -> None:
        running, way = self.running, self.chosen_way
        painted = bool(self._pad.painted.any()) and not bool(self._pad.painted.all())
        ready = self.before is not None and (way == "denoise" or painted)
        self.run.setText(tr("Stop") if running else tr("Restore"))
        self.run.set_icon_name("stop" if running else "sparkle")
        self.run.setEnabled(running or ready)
        if running:
            tip = tr("Stop and keep what is there.")
        elif ready:
            tip = tr("Look for the picture among those the model can make.")
        elif self.before is None:
            tip = tr("Draw or open a picture first.")
        else:
            tip = tr("Paint over what is unknown first, and leave something that is known.")
        self.run.setToolTip(tip)
        for widget in (self.accept, self.go, self.hold):
            widget.setEnabled(self.result is not None)
        self.roughen.setEnabled(self.before is not None)
