"""The walk: frames on the way from A to B, to click, to play, to save."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Decoded, Loaded, Walked, WalkKind
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.item_strip import ItemStrip
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.pictures import save_image
from aegan_studio.ui.widgets.switches import Segmented

FRAMES_A_SECOND = 12
MOST_FRAMES = 200
_NARROW = 844


class WalkPage(Page):
    """A strip of frames; playing it moves the current code to and fro between A and B."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(12, 0, 14, 6), parent=parent)
        self._explorer = explorer
        self._walk: Walked | None = None
        self._forwards = True
        self._depiction = Depiction()
        self.frames = NumberField(
            explorer.way.frames,
            lo=2,
            hi=MOST_FRAMES,
            integer=True,
            unit=tr("frames"),
            name=tr("Frames"),
        )
        self.frames.setFixedWidth(104)
        self.frames.setToolTip(tr("How many codes the walk visits. More make it smoother."))
        self.kind = Segmented(
            [
                ("linear", tr("Linear"), tr("Straight from A to B.")),
                (
                    "spherical",
                    tr("Spherical"),
                    tr(
                        "Along an arc about the origin. It keeps the distance from it that codes "
                        "of a normal prior have, where the straight line comes too near."
                    ),
                ),
            ],
            explorer.way.kind,
            name=tr("Interpolation"),
        )
        self.save = Button(tr("Save strip…"), icon="export")
        for widget in (self.frames, self.kind, self.save):
            self.add_action(widget)
        self.play = IconButton("play", tr("Play"), variant="soft", side=56)
        self.strip = ItemStrip(
            empty=tr("Set A and B, and the way between them appears here."),
            name=tr("Frames of the walk"),
        )
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.play, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.strip, 1)
        self.add(row)
        self._timer = QTimer(self, interval=round(1000 / FRAMES_A_SECOND))
        self._timer.timeout.connect(self._next_frame)
        self.frames.value_changed.connect(
            lambda n: explorer.set_way(replace(explorer.way, frames=int(n)))
        )
        self.kind.value_changed.connect(
            lambda kind: explorer.set_way(replace(explorer.way, kind=cast(WalkKind, kind)))
        )
        self.play.clicked.connect(self.toggle)
        self.save.clicked.connect(self._save)
        self.strip.picked.connect(self._pick)
        explorer.loaded.connect(self._on_loaded)
        explorer.walked.connect(self._on_walk)
        explorer.picture_changed.connect(self._on_picture)
        self._on_loaded(explorer.model)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words of the save button out where there is little room."""
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW
        self.save.setText("" if narrow else tr("Save strip…"))
        self.save.setToolTip(tr("Save strip…") if narrow else "")
        self.save.updateGeometry()

    @property
    def playing(self) -> bool:
        """Whether the walk is being played."""
        return self._timer.isActive()

    def toggle(self) -> None:
        """Play, or pause."""
        if self.playing:
            self.pause()
        elif self._walk is not None:
            self._timer.start()
            self.play.set_icon_name("pause")
            self.play.setToolTip(tr("Pause"))

    def pause(self) -> None:
        """Stop playing; the current code stays where it is."""
        self._timer.stop()
        self._explorer.settle()
        self.play.set_icon_name("play")
        self.play.setToolTip(tr("Play"))

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight, nothing plays."""
        super().hideEvent(event)
        if self.playing:
            self.pause()

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self._walk = None
            self.strip.set_items(None)
            if self.playing:
                self.pause()
            self.set_subtitle("")
        else:
            if model.data is not None and not self._depiction.of_points:
                self._depiction = Depiction(model.data)
            elif model.data is None and self._depiction.of_points:
                self._depiction = Depiction()
        for widget in (self.play, self.save, self.frames, self.kind):
            widget.setEnabled(model is not None)

    def _on_walk(self, walk: Walked | None) -> None:
        self._walk = walk
        if walk is None:
            self.strip.set_items(None)
            self.pause()
            self.set_subtitle("")
            return
        pins = self._explorer.pins
        first, last = pins[0].name, pins[0 if walk.way.loop else -1].name
        marks = {0: first, len(walk.codes) - 1: last}
        self.strip.set_items(walk.items, marks=marks, depiction=self._depiction)
        self.frames.set_value(len(walk.codes))
        self._mark_current()
        self.set_subtitle(
            tr(
                "from {first} to {last} in {seconds:.1f} s",
                first=first,
                last=last,
                seconds=len(walk.codes) / FRAMES_A_SECOND,
            )
        )

    def _on_picture(self, _picture: Decoded) -> None:
        self._mark_current()

    def _mark_current(self) -> None:
        """Outline the frame that the current code is, if it is one."""
        code, walk = self._explorer.code, self._walk
        if walk is None or code.shape != walk.codes[0].shape:
            self.strip.set_selected(None)
            return
        off = np.abs(walk.codes - code).max(axis=1)
        nearest = int(off.argmin())
        self.strip.set_selected(nearest if off[nearest] < 1e-6 else None)

    def _pick(self, index: int) -> None:
        if self.playing:
            self.pause()
        if self._walk is not None:
            self._explorer.move(self._walk.codes[index])

    def _next_frame(self) -> None:
        if self._walk is None:
            return
        last = len(self._walk.codes) - 1
        here = self.strip.selected
        if here is None:
            self._forwards, target = True, 0
        else:
            if here >= last:
                self._forwards = False
            elif here <= 0:
                self._forwards = True
            target = min(max(here + (1 if self._forwards else -1), 0), last)
        self.strip.set_selected(target)
        self._explorer.move(self._walk.codes[target], "walk")

    def _save(self) -> None:
        if self._walk is not None:
            save_image(self, self.strip.sheet(4), "walk.png")
