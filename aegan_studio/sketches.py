"""What is painted on the plane [−1, 1]²: ink in cells and single spots, by colour; and as text.

Text is what an experiment's file keeps: rows of ink from the top, of which ``1`` to ``9`` are the
density of a cell and ``.`` is none; rows of colours ``1`` to ``8`` beside them where there are
several; and spots as ``x,y`` or ``x,y,colour``. Rows end where their ink does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from aegan_studio.messages import StudioError, msg
from aegan_studio.strokes import Brush, Canvas

Cells = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float64]
Tool = Literal["brush", "spray", "eraser"]

SIDE = 96
"""Cells of a side of the plane."""
CELL = 2 / SIDE
"""Width of a cell, in units of the plane."""
FULL = 9
"""The densest ink of a cell; a spot weighs as much."""
_NAMES = (
    msg("blue"),
    msg("orange"),
    msg("green"),
    msg("pink"),
    msg("sky"),
    msg("red"),
    msg("yellow"),
    msg("brown"),
)
COLOURS = tuple(name.text for name in _NAMES)
"""What a person paints with, and the names of the classes."""
MOST_SPOTS = 4000
SPOTS_A_LINE = 5
SPECK = 3
"""What a speck of spray adds to a cell."""
SPECKS = 160
"""Specks of a puff of spray for each unit of the brush's area."""

_BLANK = ". 0"
_SIGNS = np.frombuffer(b".123456789", np.uint8)
_OTHER = 127
"""Where signs that mean nothing in a sketch are counted; no code of one that does."""


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """A painting; compare its text.

    Attributes
    ----------
    ink : ndarray, uint8 (SIDE, SIDE)
        Density of each cell in 0–9, the first row at the top.
    colours : ndarray, uint8 (SIDE, SIDE)
        Places in :data:`COLOURS`; 0 where there is no ink.
    spots : ndarray, float64 (n, 2)
        Single points within [−1, 1].
    spot_colours : ndarray, uint8 (n,)
    """

    ink: Cells
    colours: Cells
    spots: Points
    spot_colours: Cells

    @classmethod
    def blank(cls) -> Sketch:
        """Nothing painted."""
        empty = np.zeros((SIDE, SIDE), np.uint8)
        return cls(empty, empty, np.empty((0, 2)), np.empty(0, np.uint8))

    @classmethod
    def of_ink(cls, ink: npt.NDArray[Any], colour: int = 0) -> Sketch:
        """Ink (SIDE, SIDE) of one colour."""
        cells = ink.astype(np.uint8)
        return replace(cls.blank(), ink=cells, colours=np.where(cells > 0, colour, 0).astype("u1"))

    @classmethod
    def of_spots(cls, spots: Points, colours: npt.NDArray[Any]) -> Sketch:
        """Single points (n, 2) and their colours (n,), rounded as the text has them."""
        places = (np.round(np.asarray(spots, np.float64), 4) + 0.0).astype(np.float64)
        return replace(cls.blank(), spots=places, spot_colours=colours.astype(np.uint8))

    @property
    def is_blank(self) -> bool:
        """Whether nothing is painted."""
        return not np.count_nonzero(self.ink) and not len(self.spots)

    @property
    def used(self) -> tuple[int, ...]:
        """The colours in use, ascending."""
        painted = np.concatenate((self.colours[self.ink > 0], self.spot_colours))
        # not np.unique, whose first call imports for 30 ms, in a window that is being opened
        return tuple(np.flatnonzero(np.bincount(painted)).tolist())

    def looks_like(self, other: Sketch) -> bool:
        """Whether the same is painted in both."""
        return self is other or (
            np.array_equal(self.ink, other.ink)
            and np.array_equal(self.colours, other.colours)
            and self._same_spots(other)
        )

    def _same_spots(self, other: Sketch) -> bool:
        return (
            self.spots is other.spots or np.array_equal(self.spots, other.spots)
        ) and np.array_equal(self.spot_colours, other.spot_colours)

    def inverted(self, colour: int) -> Sketch:
        """Ink where there was none and the other way round; new ink has this colour."""
        ink = FULL - self.ink
        colours = np.where(self.ink > 0, self.colours, colour)
        return replace(self, ink=ink, colours=np.where(ink > 0, colours, 0).astype(np.uint8))

    # Text

    @property
    def ink_text(self) -> tuple[str, ...]:
        """The density of every cell as rows of text."""
        return _rows(self.ink)

    @property
    def colour_text(self) -> tuple[str, ...]:
        """The colours of the ink as rows of text; none where all ink is of the first colour."""
        inked = self.ink > 0
        if not self.colours[inked].any():
            return ()
        return _rows(np.where(inked, self.colours + 1, 0))

    @property
    def spot_text(self) -> tuple[str, ...]:
        """The spots, some to a line."""
        words = [
            f"{x:.4g},{y:.4g}" + (f",{colour + 1}" if colour else "")
            for (x, y), colour in zip(self.spots.tolist(), self.spot_colours.tolist(), strict=True)
        ]
        return tuple(
            " ".join(words[start : start + SPOTS_A_LINE])
            for start in range(0, len(words), SPOTS_A_LINE)
        )

    def edits(self, before: Sketch | None = None) -> dict[str, Any]:
        """What an experiment's options of this sketch are.

        Where the sketch ``before`` it has the same spots, of which there may be thousands, they
        are not written again.
        """
        edits: dict[str, Any] = {
            "dataset.ink": list(self.ink_text),
            "dataset.colours": list(self.colour_text),
        }
        if before is None or not self._same_spots(before):
            edits["dataset.spots"] = list(self.spot_text)
        return edits


@lru_cache(maxsize=16)
def read(ink: tuple[str, ...], colours: tuple[str, ...], spots: tuple[str, ...]) -> Sketch:
    """A sketch from its text.

    Raises
    ------
    StudioError
        Signs, numbers or sizes that no sketch has.
    """
    density = read_cells(ink, FULL)
    painted = read_cells(colours, len(COLOURS))
    kind = np.where((density > 0) & (painted > 0), painted - 1, 0).astype(np.uint8)
    places, kinds = read_spots(spots)
    return Sketch(density, kind, places, kinds)


@lru_cache(maxsize=32)
def read_cells(rows: tuple[str, ...], most: int) -> Cells:
    """Cells (SIDE, SIDE) from rows of digits up to ``most``; see :func:`read`."""
    cells = np.zeros((SIDE, SIDE), np.uint8)
    if len(rows) > SIDE:
        raise StudioError(
            msg("There are {count:,} lines.", count=len(rows)),
            msg("A drawing has at most {limit}.", limit=SIDE),
        )
    texts = [row.rstrip(_BLANK) for row in rows]
    for index, text in enumerate(texts):
        if len(text) > SIDE:
            raise StudioError(
                msg("Line {n} has {count:,} signs.", n=index + 1, count=len(text)),
                msg("A line of a drawing has at most {limit}.", limit=SIDE),
            )
    signs = "".join(text.ljust(SIDE, ".") for text in [*texts, ""])
    codes = np.frombuffer(signs.encode("utf-32-le", "surrogatepass"), "<u4")
    levels = _levels_of(most)[np.minimum(codes, _OTHER)].reshape(-1, SIDE)
    if (levels > most).any():
        index, column = np.argwhere(levels > most)[0].tolist()
        raise StudioError(
            msg("Line {n} holds “{sign}”.", n=index + 1, sign=texts[index][column]),
            msg("Use 1 to {most}, and . where there is nothing.", most=most),
        )
    cells[: len(texts)] = levels[: len(texts)]
    cells.setflags(write=False)
    return cells


@lru_cache(maxsize=4)
def _levels_of(most: int) -> Cells:
    """The level that each code of a sign stands for, ``_OTHER`` where it is no sign of a sketch."""
    table = np.full(_OTHER + 1, _OTHER, np.uint8)
    table[[ord(sign) for sign in _BLANK]] = 0
    table[[ord(str(level)) for level in range(1, most + 1)]] = range(1, most + 1)
    return table


@lru_cache(maxsize=16)
def read_spots(lines: tuple[str, ...]) -> tuple[Points, Cells]:
    """Spots (n, 2) and their colours (n,) from lines of ``x,y[,colour]``; see :func:`read`."""
    words = [(index, word) for index, line in enumerate(lines) for word in line.split()]
    if len(words) > MOST_SPOTS:
        raise StudioError(
            msg("There are {count:,} spots.", count=len(words)),
            msg("A drawing has at most {limit:,}.", limit=MOST_SPOTS),
        )
    places = np.empty((len(words), 2))
    kinds = np.zeros(len(words), np.uint8)
    for row, (index, word) in enumerate(words):
        parts = word.split(",")
        try:
            x, y = float(parts[0]), float(parts[1])
            kind = int(parts[2]) if len(parts) == 3 else 1
        except (ValueError, IndexError):
            x = y = np.nan
            kind = 1
        if not (-1 <= x <= 1 and -1 <= y <= 1 and 1 <= kind <= len(COLOURS)) or len(parts) > 3:
            raise StudioError(
                msg("Line {n} holds “{word}”.", n=index + 1, word=word[:40]),
                msg("A spot is x,y or x,y,colour: within −1 and 1, and a colour from 1 to 8."),
            )
        places[row], kinds[row] = (x, y), kind - 1
    places.setflags(write=False)
    kinds.setflags(write=False)
    return places, kinds


@lru_cache(maxsize=16)
def colours_of(sketch: Sketch) -> tuple[int, ...]:
    """:attr:`Sketch.used`, remembered: an edit of an experiment asks many times."""
    return sketch.used


def tidy_rows(rows: Sequence[str]) -> tuple[str, ...]:
    """Rows in the one way of writing them: no signs behind the last ink, no rows below it."""
    tidied = [row.rstrip(_BLANK).replace(" ", ".").replace("0", ".") for row in rows]
    while tidied and not tidied[-1]:
        tidied.pop()
    return tuple(tidied)


def _rows(cells: npt.NDArray[Any]) -> tuple[str, ...]:
    signs = _SIGNS[cells].tobytes().decode("ascii")
    return tidy_rows([signs[start : start + SIDE] for start in range(0, len(signs), SIDE)])


class Hand:
    """One stroke over a sketch, from where the brush is set down until it is lifted.

    Parameters
    ----------
    sketch : Sketch
        What lies beneath; it stays as it is.
    tool : {"brush", "spray", "eraser"}
        The eraser also takes spots away; spray leaves more the longer it is held.
    radius : float
        In units of the plane.
    strength : float
        0–1: the density that the brush leaves.
    colour : int
        A place in :data:`COLOURS`.
    seed : int
        Of the spray's chance.
    """

    def __init__(
        self,
        sketch: Sketch,
        tool: Tool,
        radius: float,
        *,
        strength: float = 1.0,
        colour: int = 0,
        seed: int = 0,
    ) -> None:
        self.sketch = sketch
        """What is seen so far."""
        self._start, self._tool, self._radius = sketch, tool, radius
        self._strength, self._colour = strength, colour
        self._rng = np.random.default_rng(seed)
        self._canvas = Canvas(SIDE, SIDE)
        self._begun = False

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """Bring the brush to a place of the plane, drawing on the way."""
        if self._tool == "spray":
            self._spray(x, y, pressure)
            return
        place = (x + 1) / 2, (1 - y) / 2
        if self._begun:
            self._canvas.extend(*place, pressure)
        else:
            self._canvas.begin(Brush(width=self._radius), *place, pressure)
            self._begun = True
        share = self._canvas.pixels / 255.0
        if self._tool == "eraser":
            self._erase(share)
        else:
            self._paint(np.rint(FULL * self._strength * share).astype(np.uint8))

    def _paint(self, level: Cells) -> None:
        start = self._start
        over = level >= np.maximum(start.ink, 1)
        self.sketch = replace(
            start,
            ink=np.maximum(start.ink, level),
            colours=np.where(over, self._colour, start.colours).astype(np.uint8),
        )

    def _erase(self, share: npt.NDArray[np.float64]) -> None:
        start = self._start
        ink = np.rint(start.ink * (1 - share)).astype(np.uint8)
        colours = np.where(ink > 0, start.colours, 0).astype(np.uint8)
        row, column = cell_of(start.spots)
        kept = share[row, column] < 0.5
        if kept.sum() == len(self.sketch.spots):  # none went since: the same arrays stay
            self.sketch = replace(self.sketch, ink=ink, colours=colours)
        else:
            self.sketch = Sketch(ink, colours, start.spots[kept], start.spot_colours[kept])

    def _spray(self, x: float, y: float, pressure: float) -> None:
        count = max(1, round(SPECKS * pressure * self._strength * self._radius**2))
        away = self._rng.normal(0, self._radius / 2, (count, 2))
        away = away[np.hypot(*away.T) <= self._radius]
        places = away + np.array((x, y))
        places = places[(np.abs(places) < 1).all(axis=1)]
        ink, colours = self.sketch.ink.copy(), self.sketch.colours.copy()
        row, column = cell_of(places)
        added = np.zeros((SIDE, SIDE), np.int64)
        np.add.at(added, (row, column), SPECK)
        ink[:] = np.minimum(ink + added, FULL)
        colours[row, column] = self._colour
        self.sketch = replace(self.sketch, ink=ink, colours=colours)


def cell_of(points: Points) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Rows and columns of the cells that points (n, 2) of the plane lie in."""
    column = np.clip(np.floor((points[:, 0] + 1) / CELL), 0, SIDE - 1)
    row = np.clip(np.floor((1 - points[:, 1]) / CELL), 0, SIDE - 1)
    return row.astype(np.intp), column.astype(np.intp)


def wave() -> Sketch:
    """What a drawing is before anyone has drawn: a period of a sine."""
    hand = Hand(Sketch.blank(), "brush", 0.07)
    for x in np.linspace(-0.8, 0.8, 60):
        hand.move(float(x), 0.5 * float(np.sin(np.pi * x / 0.8)))
    return hand.sketch
