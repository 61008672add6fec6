"""The controls of the walk: how it goes, how fast, and what happens at its end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast, get_args

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.messages import WalkKind, Way
from aegan_studio.ui.panels.explore.walk.player import Mode
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.choice import Choice, Option
from aegan_studio.ui.widgets.number_field import NumberField

FRAMES = 48
MOST_FRAMES = 600
FPS = (1.0, 60.0)
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)
MODES: tuple[Mode, ...] = get_args(Mode)
KINDS: tuple[WalkKind, ...] = get_args(WalkKind)
WORDS_FROM = 900
"""Width of the page from which controls have room for their words."""


class WalkControls(QObject):
    """The widgets for the header of the page, and what they say together.

    Parameters
    ----------
    way : Way
        How walks go at first.
    """

    def __init__(self, way: Way, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kind = Choice(
            [
                Option("linear", tr("Linear"), tr("Straight from pin to pin.")),
                Option(
                    "spherical",
                    tr("Spherical"),
                    tr(
                        "Along arcs about the origin. They keep the distance from it that codes "
                        "of a normal prior have, where straight lines come too near."
                    ),
                ),
                Option(
                    "spline",
                    tr("Smooth"),
                    tr("A spline through the pins: no sudden turns."),
                ),
                Option(
                    "spherical-spline",
                    tr("Smooth arcs"),
                    tr("A spline on the sphere: no sudden turns, and the distance is kept."),
                ),
            ],
            way.kind,
            name=tr("Way from pin to pin"),
        )
        self.kind.setToolTip(tr("How the walk goes from pin to pin."))
        self.classes = IconButton("points", tr("A stop for every class"))
        self.mode = Choice(
            [
                Option("once", tr("Once"), tr("From the first pin to the last, and stop.")),
                Option("back", tr("There and back"), tr("To and fro between first and last.")),
                Option("loop", tr("Loop"), tr("On from the last pin to the first.")),
            ],
            "back",
            name=tr("At the end"),
        )
        self.mode.setToolTip(tr("What happens at the last pin."))
        self.even = IconButton("pace", tr("Even pace"), checkable=True)
        self.even.setChecked(way.even)
        self.even.setToolTip(
            tr(
                "Even pace: equal distances from frame to frame. Off: as many frames for each "
                "leg, near or far."
            )
        )
        self.frames = NumberField(
            FRAMES, lo=2, hi=MOST_FRAMES, integer=True, unit=tr("frames"), name=tr("Frames")
        )
        self.frames.setToolTip(tr("How many codes the walk visits. More make it smoother."))
        self.fps = NumberField(24, lo=FPS[0], hi=FPS[1], unit=tr("fps"), name=tr("Frames a second"))
        self.fps.setToolTip(tr("Frames a second of the film. More make it faster and smoother."))
        self.speed = Choice([(speed, f"× {speed:g}") for speed in SPEEDS], 1.0, name=tr("Speed"))
        self.speed.setToolTip(tr("Plays slower or faster; a film that is saved too."))
        self.save = Button(tr("Save film…"), icon="film")
        fixed = QSizePolicy.Policy.Fixed
        for choice in (self.kind, self.mode, self.speed):
            choice.setSizePolicy(fixed, fixed)

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """All, from left to right."""
        return (
            self.classes, self.kind, self.mode, self.even, self.frames, self.fps, self.speed,
            self.save,
        )  # fmt: skip

    @property
    def pace(self) -> float:
        """Frames a second, speed included."""
        return float(self.fps.value or 24.0) * float(cast(float, self.speed.value))

    @property
    def end(self) -> Mode:
        """What happens at the last pin."""
        return cast(Mode, self.mode.value)

    def fit(self, width: int) -> None:
        """Leave words out where the page has little room."""
        narrow = width < WORDS_FROM
        self.classes.setVisible(not narrow)
        self.save.setText("" if narrow else tr("Save film…"))
        self.save.setToolTip(tr("Save film…") if narrow else "")
        self.save.updateGeometry()
        for widget, wide, least in (
            (self.kind, 122, 100),
            (self.mode, 142, 100),
            (self.frames, 104, 74),
            (self.fps, 84, 72),
            (self.speed, 70, 62),
        ):
            widget.setFixedWidth(least if narrow else wide)

    def state(self) -> dict[str, Any]:
        """What is remembered, plain values."""
        return {
            "kind": self.kind.value,
            "mode": self.mode.value,
            "even": self.even.isChecked(),
            "frames": self.frames.value,
            "fps": self.fps.value,
            "speed": self.speed.value,
        }

    def restore(self, state: dict[str, Any], way: Way) -> Way:
        """Take on what was remembered; what makes no sense counts as absent."""
        if state.get("kind") in KINDS:
            self.kind.set_value(state["kind"])
            way = replace(way, kind=state["kind"])
        if state.get("mode") in MODES:
            self.mode.set_value(state["mode"])
            way = replace(way, loop=state["mode"] == "loop")
        if isinstance(state.get("even"), bool):
            way = replace(way, even=state["even"])
            self.even.blockSignals(True)
            self.even.setChecked(way.even)
            self.even.blockSignals(False)
        frames, fps = state.get("frames"), state.get("fps")
        if isinstance(frames, int) and 2 <= frames <= MOST_FRAMES:
            way = replace(way, frames=frames)
            self.frames.set_value(frames)
        if isinstance(fps, int | float) and FPS[0] <= fps <= FPS[1]:
            self.fps.set_value(float(fps))
        if state.get("speed") in SPEEDS:
            self.speed.set_value(float(state["speed"]))
        return way
