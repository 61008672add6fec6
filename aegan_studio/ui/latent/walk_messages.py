"""What pins, sweeps, the manifold and mixing ask of the latent worker, and what they get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from aegan_studio.messages import Message
from aegan_studio.ui.latent.messages import SERVING, Array, Floats
from aegan_studio.ui.latent.requests import QUICK, STRIP, VIEW, served

SweepAlong = Literal["values", "directions"]
SweepOrder = Literal["change", "number"]
MixLevel = Literal["parts", "values"]


@served(f"{SERVING}.walks:depict", urgency=STRIP - 1)
@dataclass(frozen=True, slots=True, eq=False)
class Depict:
    """Decode the pins: codes (n, d)."""

    codes: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Depicted:
    """What codes (n, d) decode to, (n, …)."""

    codes: Floats
    items: Array


@served(f"{SERVING}.walks:stops", urgency=QUICK + 1)
@dataclass(frozen=True, slots=True, eq=False)
class FindStops:
    """Find stops for a walk: one in every class, or ``count`` within class ``label``.

    Models that are told a class are asked for each with the rest of the ``current`` code (d,).
    """

    current: Floats
    label: int | None = None
    count: int = 5


@dataclass(frozen=True, slots=True, eq=False)
class StopsFound:
    """Codes (n, d), the number of each one's class, and whether they lie within one."""

    codes: Floats
    labels: tuple[int, ...]
    within: bool


@served(f"{SERVING}.grids:sweep", urgency=VIEW - 1)
@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Decode a row for each value of a code (d,), or each leading direction: low to high.

    ``reach`` is how far a row leads to either side, in spreads of the codes.
    """

    code: Floats
    along: SweepAlong
    order: SweepOrder
    columns: int
    reach: float


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """A row each.

    Attributes
    ----------
    labels, notes : tuple
        What a row leads along, and what more there is to say of it.
    numbers : tuple of int
        Which value or direction it is, from 0.
    places : ndarray, shape (r, c)
        The values of the code, or distances from it along a direction in spreads.
    changes : ndarray, shape (r,)
        How much items change over one spread, in their own units; NaN where not yet measured.
    codes : ndarray, shape (r, c, d)
    items : ndarray, shape (r · c, …)
        Until ``complete``, those not yet decoded are a neighbour.
    """

    request: Sweep
    labels: tuple[Message | str, ...]
    notes: tuple[Message | str, ...]
    numbers: tuple[int, ...]
    places: Floats
    changes: Floats
    codes: Floats
    items: Array
    complete: bool


@served(f"{SERVING}.grids:manifold", urgency=VIEW - 1)
@dataclass(frozen=True, slots=True, eq=False)
class Manifold:
    """Decode a grid over the quantiles of two values; the others are those of a code (d,)."""

    code: Floats
    across: int
    up: int
    side: int


@dataclass(frozen=True, slots=True, eq=False)
class Manifolded:
    """A grid, rows from the top.

    ``right`` (n,) are the values of the columns, ``down`` (n,) of the rows from the top; ``codes``
    (n, n, d), ``items`` (n · n, …), until ``complete`` coarse. ``prior`` says whether quantiles
    are those of the prior, else those of a normal distribution fitted to the codes of the data.
    """

    request: Manifold
    right: Floats
    down: Floats
    codes: Floats
    items: Array
    prior: bool
    complete: bool


@served(f"{SERVING}.mixing:mix", urgency=VIEW - 1)
@dataclass(frozen=True, slots=True, eq=False)
class Mix:
    """Mix every row's code with every column's.

    Attributes
    ----------
    rows : ndarray, shape (r, d)
    columns : ndarray, shape (c, d), or sequence of int, or None
        Codes, seeds of random ones, or one for every class.
    level : {"parts", "values"}
    chosen : tuple of int or None
        The strands that columns give; a sensible choice by default.
    """

    rows: Floats
    columns: Floats | Sequence[int] | None
    level: MixLevel
    chosen: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class Mixed:
    """Mixtures.

    Attributes
    ----------
    strands : tuple
        What codes can be divided into; a single one is no mixture: then there are no items.
    chosen : tuple of int
        Which of them the columns give.
    classes : bool
        Whether the model is told a class, so that columns can be classes.
    columns : ndarray, shape (c, d)
    codes : ndarray, shape (r, c, d)
    items : ndarray, shape (r · c, …)
    row_items, column_items : ndarray, shapes (r, …) and (c, …)
    """

    request: Mix
    strands: tuple[Message | str, ...]
    chosen: tuple[int, ...]
    classes: bool
    columns: Floats
    codes: Floats
    items: Array
    row_items: Array
    column_items: Array
    complete: bool
