"""What the map asks of the latent worker beyond its chart: layouts, tiles, measures, neighbours."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from aegan_studio.ui.latent.messages import Array, Floats, PlaneChoice
from aegan_studio.ui.latent.requests import CALM, LONG, VIEW, served

Rows = npt.NDArray[np.intp]
Metric = Literal["euclidean", "cosine"]
Measure = Literal["loss", "density"]

_SERVING = "aegan_studio.ui.latent.serving"


@served(f"{_SERVING}.charts:complete", urgency=LONG + 1, free=True)
@dataclass(frozen=True, slots=True)
class Complete:
    """Encode what a chart left out, and chart it on the same plane; ends with its snapshot.

    Answered by :class:`Charted` each time the number of items has doubled, and at the end.
    """

    choice: PlaneChoice


@dataclass(frozen=True, slots=True)
class Layout:
    """How a map without axes is laid out.

    Attributes
    ----------
    kind : {"tsne", "umap"}
    perplexity : float
        t-SNE: about how many neighbours each item attends to.
    iterations : int
        t-SNE: how many to make.
    neighbours : int
        UMAP: how many neighbours each item attends to.
    min_dist : float
        UMAP: how near items may come on the map, 0–1.
    seed : int
    most : int
        Items that are laid out; the others are placed between their nearest codes'.
    """

    kind: Literal["tsne", "umap"] = "tsne"
    perplexity: float = 30.0
    iterations: int = 750
    neighbours: int = 15
    min_dist: float = 0.1
    seed: int = 0
    most: int = 5000


@served(f"{_SERVING}.embedding:embed", urgency=LONG, free=True)
@dataclass(frozen=True, slots=True)
class Embed:
    """Lay the codes out; what is laid out so far is kept, also where this is cancelled.

    ``anew``: from the beginning; else t-SNE goes on from its last layout, after a shake where
    ``shake`` is above 0, a share of the map's spread.
    """

    layout: Layout
    anew: bool = True
    shake: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """How far a layout is.

    ``share`` is in 0–1, not-a-number where nobody knows; ``places`` (n, 2) of all charted codes,
    or ``None`` where they have not moved; ``done`` says it is the last.
    """

    kind: Literal["tsne", "umap"]
    stage: Literal["neighbours", "layout"]
    share: float
    iterations: int
    seconds: float
    divergence: float
    places: Floats | None
    done: bool


@served(f"{_SERVING}.tiles:decode_tiles", urgency=VIEW + 2)
@dataclass(frozen=True, slots=True, eq=False)
class DecodeTiles:
    """Decode the codes (n, d) of cells (n, 3) of the map's ground: level, column, row.

    ``key`` comes back with every answer.
    """

    key: Hashable
    cells: npt.NDArray[np.int64]
    codes: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Tiled:
    """Some of the tiles: cells (m, 3) and what lies there (m, …)."""

    key: Hashable
    cells: npt.NDArray[np.int64]
    items: Array


@served(f"{_SERVING}.tiles:show_items", urgency=VIEW + 3)
@dataclass(frozen=True, slots=True, eq=False)
class ShowItems:
    """The items of rows (n,) of the chart."""

    rows: Rows


@dataclass(frozen=True, slots=True, eq=False)
class ItemsShown:
    """Some of the items (m, …) and their rows (m,)."""

    rows: Rows
    items: Array


@served(f"{_SERVING}.tiles:measure_losses", urgency=CALM + 1)
@dataclass(frozen=True, slots=True)
class MeasureLosses:
    """How well every charted item is rebuilt: mean squared error, of pictures in 0–1."""


@served(f"{_SERVING}.tiles:measure_density", urgency=CALM)
@dataclass(frozen=True, slots=True, eq=False)
class MeasureDensity:
    """How densely items lie about places (n, 2), against the mean."""

    places: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A number (n,) for each charted item, not-a-number where it is not known yet."""

    name: Measure
    values: Floats
    share: float


@served(f"{_SERVING}.tiles:find_neighbours", urgency=CALM - 1)
@dataclass(frozen=True, slots=True, eq=False)
class FindNeighbours:
    """The charted items whose codes are nearest to a code (d,)."""

    code: Floats
    count: int = 12
    metric: Metric = "euclidean"


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The nearest items: rows (k,), distances (k,) ascending, items (k, …); and to what."""

    code: Floats
    rows: Rows
    distances: Floats
    items: Array
    metric: Metric
