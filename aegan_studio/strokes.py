"""Drawing with a brush: strokes over a ground or a picture, as pixels; undo and redo.

Coordinates have the longer side of the canvas as their unit, x to the right and y downwards, so
that brushes are round on every canvas and a drawing has no resolution of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from aegan_studio.steps_back import StepsBack

Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
Window = tuple[slice, slice]
"""Rows and columns of a canvas."""

LEAST_PRESSURE = 0.15
"""The share of a brush's width that the lightest touch keeps."""

REMEMBERED = 60
"""Strokes that can be taken back."""


@dataclass(frozen=True, slots=True)
class Brush:
    """What a stroke is drawn with.

    Attributes
    ----------
    width : float
        Diameter, the longer side of the canvas being 1.
    soft : float
        0–1: the share of the radius over which the edge fades.
    strength : float
        0–1: how much of the ink a stroke leaves; within one stroke it does not add up.
    ink : tuple of int
        The colour, 0–255: one value, or red, green and blue.
    erase : bool
        Bring back what lies beneath instead.
    """

    width: float = 0.09
    soft: float = 0.0
    strength: float = 1.0
    ink: tuple[int, ...] = (255,)
    erase: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """A line drawn with a brush: points (n, 2), or (n, 3) with the pressure in 0–1."""

    points: npt.NDArray[Any]
    brush: Brush = Brush()


@dataclass(frozen=True, slots=True, eq=False)
class _Edit:
    """What changed within a window of the canvas, and what the canvas was taken for."""

    window: Window
    before: Pixels
    after: Pixels
    bases: tuple[Pixels, Pixels]
    origins: tuple[str, str]


class Canvas:
    """Pixels that strokes are drawn on.

    Parameters
    ----------
    height, width : int
    channels : int
        1 or 3.
    ground : int
        What an empty canvas is filled with, 0–255.
    """

    def __init__(self, height: int, width: int, *, channels: int = 1, ground: int = 0) -> None:
        if height < 1 or width < 1 or channels not in (1, 3):
            raise ValueError(f"no canvas has the shape ({height}, {width}, {channels})")
        self.height, self.width, self.channels = height, width, channels
        self._ground = np.full((height, width, channels), ground, np.uint8)
        self._base = self._ground
        self._pixels = self._ground.astype(np.float32)
        self.origin = ""
        """What lies beneath the strokes: "" for the empty ground, else as :meth:`lay` was told."""
        self._edits: StepsBack[_Edit] = StepsBack(REMEMBERED)
        self._brush: Brush | None = None
        self._cover = np.zeros((height, width), np.float32)
        self._start = self._pixels
        self._touched: Window | None = None
        self._last: tuple[float, float, float] = (0.0, 0.0, 1.0)

    @property
    def pixels(self) -> Pixels:
        """What is seen, the stroke under way included: uint8 (H, W), or (H, W, 3)."""
        return self.part((slice(0, self.height), slice(0, self.width)))

    def part(self, window: Window) -> Pixels:
        """:attr:`pixels` of a window."""
        levels = _levels(self._pixels[window])
        return levels[..., 0] if self.channels == 1 else levels

    @property
    def is_blank(self) -> bool:
        """Whether nothing is on the ground."""
        return bool(np.array_equal(self._pixels, self._ground))

    @property
    def is_untouched(self) -> bool:
        """Whether no stroke changes what :meth:`lay` put there."""
        return bool(np.array_equal(self._pixels, self._base))

    # Strokes

    def begin(self, brush: Brush, x: float, y: float, pressure: float = 1.0) -> Window:
        """Set the brush down; returns the window that changed."""
        self.finish()
        self._brush = brush
        self._cover[:] = 0.0
        self._start = self._pixels
        self._pixels = self._pixels.copy()
        self._touched = None
        self._last = (x, y, pressure)
        return self.extend(x, y, pressure)

    def extend(self, x: float, y: float, pressure: float = 1.0) -> Window:
        """Draw on to a place; returns the window that changed."""
        if self._brush is None:
            raise ValueError("no stroke was begun")
        brush, unit = self._brush, max(self.height, self.width)
        ends = np.array([self._last, (x, y, pressure)], np.float64)
        self._last = (x, y, pressure)
        share = LEAST_PRESSURE + (1 - LEAST_PRESSURE) * np.clip(ends[:, 2], 0.0, 1.0)
        radii = brush.width * unit / 2 * share
        places = ends[:, :2] * unit
        window = self._window(places, float(radii.max()) * (1 + brush.soft) + 1.5)
        cover = self._cover[window]
        np.maximum(cover, _covered(window, places, radii, brush.soft), out=cover)
        alpha = (brush.strength * cover)[..., None]
        start = self._start[window]
        ink: npt.NDArray[Any] = self._base[window] if brush.erase else self._inked(brush)
        self._pixels[window] = start + alpha * (ink - start)
        self._touched = window if self._touched is None else _joined(self._touched, window)
        return window

    def finish(self) -> bool:
        """Lift the brush; returns whether the stroke left anything."""
        if self._brush is None:
            return False
        window, self._brush = self._touched, None
        assert window is not None
        before, after = _levels(self._start[window]), _levels(self._pixels[window])
        if np.array_equal(before, after):
            return False
        bases = (self._base, self._base)
        origins = (self.origin, self.origin)
        self._edits.remember(_Edit(window, before, after, bases, origins))
        return True

    def draw(self, stroke: Stroke) -> None:
        """A whole stroke."""
        points = np.asarray(stroke.points, np.float64)
        if points.ndim != 2 or points.shape[1] not in (2, 3) or not len(points):
            raise ValueError(f"a stroke has points (n ≥ 1, 2 or 3), not {points.shape}")
        if not np.isfinite(points).all():
            raise ValueError("the points of a stroke must be finite")
        if points.shape[1] == 2:
            points = np.column_stack((points, np.ones(len(points))))
        self.begin(stroke.brush, *points[0])
        for x, y, pressure in points[1:]:
            self.extend(x, y, pressure)
        self.finish()

    # What lies beneath

    def lay(self, picture: Pixels | None, origin: str = "") -> None:
        """Put a picture (H, W) or (H, W, 3) in the place of everything; ``None``: empty ground.

        Each side of the canvas must be a whole multiple of the picture's, whose pixels become
        squares.
        """
        self.finish()
        base = self._ground if picture is None else self._enlarged(picture)
        whole = (slice(0, self.height), slice(0, self.width))
        origins = (self.origin, origin if picture is not None else "")
        same = np.array_equal(base, self._pixels) and origins[0] == origins[1]
        if not same or base is not self._base:
            edit = _Edit(whole, _levels(self._pixels), base, (self._base, base), origins)
            self._pixels = base.astype(np.float32)
            self._base, self.origin = base, origins[1]
            if not same:
                self._edits.remember(edit)

    def wipe(self) -> None:
        """Take all strokes away; what lies beneath stays."""
        self.finish()
        if not self.is_untouched:
            whole = (slice(0, self.height), slice(0, self.width))
            bases, origins = (self._base, self._base), (self.origin, self.origin)
            self._edits.remember(_Edit(whole, _levels(self._pixels), self._base, bases, origins))
            self._pixels = self._base.astype(np.float32)

    # Undo

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self._edits.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return self._edits.can_redo

    def undo(self) -> None:
        """Take the last stroke or change back."""
        self.finish()
        edit = self._edits.undo()
        if edit is not None:
            self._become(edit.window, edit.before, edit.bases[0], edit.origins[0])

    def redo(self) -> None:
        """Do again what was taken back."""
        self.finish()
        edit = self._edits.redo()
        if edit is not None:
            self._become(edit.window, edit.after, edit.bases[1], edit.origins[1])

    def _become(self, window: Window, values: Pixels, base: Pixels, origin: str) -> None:
        self._pixels = self._pixels.copy()
        self._pixels[window] = values
        self._base, self.origin = base, origin

    def _enlarged(self, picture: Pixels) -> Pixels:
        levels = np.asarray(picture)
        levels = levels[..., None] if levels.ndim == 2 else levels
        rows, columns = self.height // levels.shape[0], self.width // levels.shape[1]
        if (rows * levels.shape[0], columns * levels.shape[1]) != (self.height, self.width):
            raise ValueError(f"{levels.shape[:2]} pixels do not fill {self.height}×{self.width}")
        if levels.shape[2] != self.channels:
            levels = (
                levels.mean(axis=2, keepdims=True)
                if self.channels == 1
                else np.repeat(levels, 3, axis=2)
            )
        large = np.repeat(np.repeat(_levels(levels), rows, 0), columns, 1)
        return np.ascontiguousarray(large)

    def _inked(self, brush: Brush) -> Floats:
        ink = np.array(brush.ink, np.float32)
        if len(ink) == 3 and self.channels == 1:
            ink = ink.mean(keepdims=True)
        return np.broadcast_to(ink, (self.channels,))

    def _window(self, places: npt.NDArray[np.float64], reach: float) -> Window:
        low, high = places.min(0) - reach, places.max(0) + reach
        left, top = np.clip(np.floor(low), 0, (self.width, self.height)).astype(int)
        right, bottom = np.clip(np.ceil(high) + 1, 0, (self.width, self.height)).astype(int)
        return slice(int(top), int(max(bottom, top))), slice(int(left), int(max(right, left)))


def _levels(values: npt.NDArray[Any]) -> Pixels:
    levels: Pixels = np.rint(values).astype(np.uint8)
    return levels


def _covered(
    window: Window, places: npt.NDArray[np.float64], radii: npt.NDArray[np.float64], soft: float
) -> Floats:
    """How much a brush between two places (2, 2) covers of each pixel, in 0–1."""
    y = np.arange(window[0].start, window[0].stop, dtype=np.float32)[:, None] + 0.5
    x = np.arange(window[1].start, window[1].stop, dtype=np.float32)[None] + 0.5
    start, way = places[0].astype(np.float32), (places[1] - places[0]).astype(np.float32)
    length = float(way @ way)
    along = np.zeros((1, 1), np.float32)
    if length > 0:
        along = np.clip(((x - start[0]) * way[0] + (y - start[1]) * way[1]) / length, 0, 1)
    away = np.hypot(x - (start[0] + along * way[0]), y - (start[1] + along * way[1]))
    radius = radii[0] + along * (radii[1] - radii[0])
    # a pixel's width at least, or the edge would be jagged
    fade = np.maximum(2 * soft * radius, 1.0)
    share = np.clip((radius - away) / fade + 0.5, 0, 1)
    # strokes thinner than a pixel are fainter, not wider
    share = share * np.minimum(2 * radius, 1.0)
    if soft > 0:
        share = share * share * (3 - 2 * share)
    return np.asarray(share, np.float32)


def _joined(one: Window, other: Window) -> Window:
    rows, columns = (
        slice(min(a.start, b.start), max(a.stop, b.stop)) for a, b in zip(one, other, strict=True)
    )
    return rows, columns


def canvas_for(shape: Sequence[int], *, about: int = 384, ground: int = 0) -> Canvas:
    """A canvas for items (C, H, W): a whole multiple of their sides, the longer about ``about``."""
    channels, height, width = shape
    factor = max(1, round(about / max(height, width)))
    return Canvas(height * factor, width * factor, channels=channels, ground=ground)


def drawn(strokes: Iterable[Stroke], side: int = 384) -> Pixels:
    """Strokes on a square black canvas, uint8 (side, side)."""
    canvas = Canvas(side, side)
    for stroke in strokes:
        canvas.draw(stroke)
    return canvas.pixels
