"""What the explorer asks of the latent worker, and what it gets: frozen values, no torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.experiment.parts import CodePart
from aegan_studio.messages import Message
from aegan_studio.ui.latent.requests import QUICK, SNAPSHOT, STRIP, VIEW, served

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]
WalkKind = Literal["linear", "spherical", "spline", "spherical-spline"]


PlaneKind = Literal["components", "responses", "values", "codes", "tsne", "umap"]


class Plane(Protocol):
    """A plane through the latent space; see ``ml.latent.projection.Projection``."""

    @property
    def explained(self) -> Floats:
        """The share of the codes' variance along each axis, NaN where it was not fitted."""

    @property
    def kind(self) -> PlaneKind:
        """Principal components, directions of most change, values of the code, a plane through
        codes, or a map that keeps neighbours together."""

    @property
    def settled(self) -> bool:
        """Whether a place alone says its code: nothing is left open."""

    @property
    def indices(self) -> tuple[int, ...]:
        """Which of them the axes are, from 0."""

    def project(self, codes: npt.ArrayLike) -> Floats:
        """Codes (…, d) to places (…, k)."""

    def unproject(self, places: npt.ArrayLike, base: npt.ArrayLike | None = None) -> Floats:
        """Places (…, k) to codes (…, d), the rest of the code taken from ``base``."""


@dataclass(frozen=True, slots=True)
class PlaneChoice:
    """Which plane a map shows.

    Leading are the principal components of encoded data; where a method has no encoder, the
    directions along which the decoded items change most. Values are two of the code's own; codes
    are a plane through three of them, which ``through`` holds. The others are maps without axes;
    before one is made (``map_messages.Embed``), the leading plane is shown.
    """

    kind: Literal["leading", "values", "codes", "tsne", "umap"] = "leading"
    indices: tuple[int, ...] = (0, 1)
    through: tuple[tuple[float, ...], ...] = ()


SERVING = "aegan_studio.ui.latent.serving"


@served(f"{SERVING}.core:load", urgency=SNAPSHOT)
@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """Take on these weights; the networks are rebuilt where the experiment is another."""

    experiment: Experiment
    weights: Weights


@served(f"{SERVING}.core:decode", urgency=QUICK, holds=True)
@dataclass(frozen=True, slots=True, eq=False)
class Decode:
    """Decode one code (d,)."""

    code: Floats


@served(f"{SERVING}.core:decode", urgency=QUICK)
@dataclass(frozen=True, slots=True, eq=False)
class Peek:
    """Decode one code (d,) that is looked at in passing."""

    code: Floats


@served(f"{SERVING}.core:draw", urgency=QUICK)
@dataclass(frozen=True, slots=True)
class Draw:
    """Draw a code with a seed."""

    seed: int


@dataclass(frozen=True, slots=True)
class Way:
    """How a walk goes through its stops; see ``ml.latent.walks``.

    ``even``: equal distances from frame to frame, else equally many frames for each leg.
    """

    kind: WalkKind = "linear"
    frames: int = 16
    loop: bool = False
    even: bool = True


@served(f"{SERVING}.walks:walk", urgency=STRIP)
@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """Decode the frames of a path through stops (k, d)."""

    stops: Floats
    way: Way


@served(f"{SERVING}.charts:chart", urgency=VIEW)
@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """Lay the codes of the data out on a plane."""

    choice: PlaneChoice


@served(f"{SERVING}.charts:sheet", urgency=VIEW + 1)
@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Decode a grid over a rectangle ``(left, bottom, width, height)`` of the charted plane.

    What the plane leaves open is taken from ``base``.
    """

    rect: tuple[float, float, float, float]
    columns: int
    rows: int
    base: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A snapshot is in place.

    ``method`` is its name in words, ``names`` those of the values of a code; ``data`` holds points
    to draw beneath, ``None`` for pictures. ``shape`` is that of an item, (C, H, W) or (2,);
    ``strokes`` says that the pictures are drawings, white on black; ``parts`` are the stretches
    of a code's values.
    """

    step: int
    dimensions: int
    has_encoder: bool
    method: str
    modality: str
    classes: tuple[str, ...]
    names: tuple[Message | str, ...]
    data: Array | None
    shape: tuple[int, ...] = ()
    strokes: bool = False
    parts: tuple[CodePart, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """What one code stands for: an image (H, W[, 3]) uint8 or a point (2,) float32."""

    code: Floats
    item: Array
    step: int
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A random code."""

    code: Floats
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Walked:
    """The frames of a walk, and what was asked for.

    Attributes
    ----------
    codes : ndarray, shape (n, d)
    items : ndarray, shape (n, …)
        Until ``complete``, those not yet decoded are a neighbour.
    stops : ndarray, shape (k, d)
    way : Way
    times, path : ndarray, shapes (m,) and (m, d)
        The whole way as a fine table, times from 0 to 1: see :meth:`at`.
    """

    codes: Floats
    items: Array
    stops: Floats
    way: Way
    times: Floats
    path: Floats
    complete: bool = True

    def at(self, share: float) -> Floats:
        """The code (d,) when this share of the way's time, 0 to 1, has gone."""
        times, path = self.times, self.path
        share = min(max(share, 0.0), 1.0)
        after = int(np.clip(np.searchsorted(times, share, side="left"), 1, len(times) - 1))
        span = times[after] - times[after - 1]
        part = (share - times[after - 1]) / span if span > 0.0 else 1.0
        reached: Floats = path[after - 1] + part * (path[after] - path[after - 1])
        return reached

    def stop_times(self) -> Floats:
        """When the walk passes its stops, (k,); on a loop it comes to the first again at 1."""
        legs = len(self.stops) if self.way.loop else len(self.stops) - 1
        rows = np.arange(len(self.stops)) * ((len(self.times) - 1) // legs)
        moments: Floats = self.times[rows]
        return moments


@dataclass(frozen=True, slots=True, eq=False)
class Charted:
    """The codes on a plane.

    ``places`` is (n, 2); of a code of one value the second column only spreads the points out.
    ``prior`` is the shape of the distribution that training shapes the codes like, "" for none.
    ``low`` and ``high`` (d,) bound what is worth exploring, ``center`` and ``spread`` are the
    codes' mean and standard deviation.
    ``numbers`` (n,) says which items they are, training items from 0, then the held-out ones;
    ``total`` how many there are to encode: more than n while the map is not complete.
    ``shares`` are those of the leading directions, as many as were sought.
    ``ends`` are two codes of well-parted kinds, to walk between at first. ``seconds`` is what
    making the chart took.
    """

    step: int
    source: Literal["encoded", "prior"]
    prior: Literal["", "normal", "uniform"]
    plane: Plane
    codes: npt.NDArray[np.float32]
    places: Floats
    labels: npt.NDArray[np.int64] | None
    held_out: npt.NDArray[np.bool_]
    center: Floats
    spread: Floats
    low: Floats
    high: Floats
    ends: tuple[Floats, Floats]
    seconds: float
    numbers: npt.NDArray[np.int64] | None = None
    total: int = 0
    shares: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sheeted:
    """A decoded grid, rows from the top: items (rows · columns, …)."""

    step: int
    rect: tuple[float, float, float, float]
    columns: int
    rows: int
    items: Array


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The nearest training items (n, …) and their codes and distances (n,)."""

    items: Array
    distances: Floats
    codes: npt.NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """The request could not be met."""

    sentences: Sequence[Message] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Ended:
    """The work is done, cancelled or overtaken; not said of the quickest kinds."""


@dataclass(frozen=True, slots=True, eq=False)
class Stamped:
    """An answer, the kind of its request, and the stamp that :meth:`LatentWorker.ask` gave."""

    channel: type
    stamp: int
    answer: object
