"""What directions, baskets, algebra and seeds ask of the latent worker, and what they get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy.typing as npt

from aegan_studio.ui.latent.messages import Array, Floats
from aegan_studio.ui.latent.requests import CALM, LONG, QUICK, STRIP, VIEW, served

_HANDLERS = "aegan_studio.ui.latent.serving."

How = Literal["transport", "mean", "logistic"]
Source = Literal["encoded", "draws"]
Order = Literal["variance", "seen"]


class Course(Protocol):
    """Where a slider leads; see ``ml.latent.courses.Course``."""

    @property
    def how(self) -> Literal["transport", "mean", "logistic", "principal"]:
        """How it was found."""

    @property
    def dimensions(self) -> int:
        """The number of values in a code."""

    @property
    def in_spreads(self) -> bool:
        """Whether the amount counts spreads, not shares of the way."""

    @property
    def arrives(self) -> bool:
        """Whether there is a wanted kind to arrive at."""

    def moved(self, codes: npt.ArrayLike, amount: float) -> Floats:
        """Codes (…, d) moved by an amount."""

    def amount_to_arrive(self, code: npt.ArrayLike) -> float:
        """The amount that brings a code (d,) to where the wanted kind lies."""

    def to_plain(self) -> dict[str, Any]:
        """Numbers and lists, for JSON."""


class Ground(Protocol):
    """Where random codes lie; see ``ml.latent.seeds.Ground``."""

    @property
    def spread(self) -> Floats:
        """Standard deviation of each value of a random code, (d,)."""

    def blend(self, corners: npt.ArrayLike, x: float, y: float) -> Floats:
        """The code between four (4, d), at a place of their cell."""

    def truncated(self, code: npt.ArrayLike, psi: float) -> Floats:
        """A code (d,) drawn towards the mean."""

    def jitter(self, seed: int) -> Jitter:
        """A walk about a code, of one spread."""


class Jitter(Protocol):
    """A random walk that comes back; see ``ml.latent.seeds.Jitter``."""

    def step(self, seconds: float) -> Floats:
        """Walk on; the offset (d,)."""


# Directions


@served(_HANDLERS + "directions:principal", urgency=CALM)
@dataclass(frozen=True, slots=True)
class FindPrincipal:
    """Find principal directions.

    ``source`` are encoded data, or draws; without an encoder always draws. In the order "seen",
    those of draws are the directions along which what is decoded changes most.
    """

    source: Source = "encoded"
    order: Order = "variance"
    count: int = 10


@dataclass(frozen=True, slots=True, eq=False)
class FoundPrincipal:
    """Principal directions in order.

    ``strengths`` (k,) are shares of the variance in 0–1, or how much of the picture one spread
    changes, as a root mean square of 0–1. ``source`` is what they were found from in fact.
    """

    courses: Sequence[Course]
    strengths: Floats
    source: Source
    order: Order
    step: int


@served(_HANDLERS + "directions:classes", urgency=CALM)
@dataclass(frozen=True, slots=True)
class FindClasses:
    """Find a course into every class of the data from all others.

    Where the data are encoded, by their labels; else draws are sorted by an independent
    classifier.
    """

    how: How = "transport"


@dataclass(frozen=True, slots=True)
class Learning:
    """How far longer work is, 0–1, and whether that is the independent classifier's learning."""

    share: float
    reader: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class FoundClasses:
    """Courses into classes, by the number of the class. ``read``: a classifier sorted draws."""

    courses: Mapping[int, Course]
    read: bool
    step: int


@served(_HANDLERS + "directions:recall", urgency=VIEW)
@dataclass(frozen=True, slots=True, eq=False)
class Recall:
    """Make courses again of what was kept, ``Course.to_plain``."""

    kept: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Recalled:
    """In the same order; ``None`` for what does not fit this model."""

    courses: Sequence[Course | None]


@served(_HANDLERS + "directions:make", urgency=VIEW)
@dataclass(frozen=True, slots=True, eq=False)
class Make:
    """Make a course from codes without a property (m, d) to codes with it (n, d)."""

    with_it: Floats
    without: Floats
    how: How


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A course, and what it was made from."""

    course: Course
    step: int
    request: Make


@served(_HANDLERS + "directions:measure", urgency=LONG)
@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """Measure what following a course does, on codes spread over the data or on draws.

    Where a wanted kind lies, they are brought there; else one spread along. ``others`` are
    directions along which changes are told.
    """

    course: Course
    others: Sequence[Course]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What following a course did to ``count`` codes.

    Attributes
    ----------
    before, after : ndarray (k,) or None
        Shares of items that an independent classifier reads as each class; ``None`` without
        classes.
    accuracy : float
        The share of held-out data that the classifier reads rightly; NaN where unknown.
    leaning : ndarray, (m,)
        The mean change along each of the others, in their spreads.
    again : bool
        Whether changes are those of the items, decoded and encoded again; else of the codes.
    """

    course: Course
    count: int
    before: Floats | None
    after: Floats | None
    accuracy: float
    leaning: Floats
    again: bool


# Pictures of codes


@served(_HANDLERS + "algebra:show", urgency=STRIP)
@dataclass(frozen=True, slots=True, eq=False)
class ShowCodes:
    """Decode the codes of baskets, (n, d) each."""

    wells: Sequence[Floats]


@served(_HANDLERS + "algebra:show", urgency=STRIP)
@dataclass(frozen=True, slots=True, eq=False)
class ShowTerms:
    """Decode the codes of terms, (n, d) each."""

    wells: Sequence[Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Items (n, …) of each well, ``None`` for an empty one."""

    items: Sequence[Array | None]
    codes: Sequence[Floats]


# Algebra


@served(_HANDLERS + "algebra:add", urgency=QUICK)
@dataclass(frozen=True, slots=True, eq=False)
class Add:
    """A − B + C of codes (n, d) each, several standing for their mean.

    ``share`` goes from A (0) to the result (1), and on beyond.
    """

    a: Floats
    b: Floats
    c: Floats
    share: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """The code (d,) and what it decodes to."""

    code: Floats
    item: Array


@served(_HANDLERS + "algebra:near", urgency=CALM)
@dataclass(frozen=True, slots=True, eq=False)
class NearResult:
    """Find the training items nearest to what a result (d,) decodes to; ``Found`` answers."""

    code: Floats
    count: int = 5


# Seeds


@served(_HANDLERS + "seeds:ground", urgency=VIEW)
@dataclass(frozen=True, slots=True)
class FindGround:
    """Say where random codes lie."""


@dataclass(frozen=True, slots=True, eq=False)
class Grounded:
    """Where random codes lie."""

    ground: Ground
    step: int


@served(_HANDLERS + "seeds:sow", urgency=STRIP)
@dataclass(frozen=True, slots=True)
class Sow:
    """Draw and decode seeds, a few at a time."""

    seeds: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sown:
    """Some of the seeds: codes (n, d) and items (n, …)."""

    seeds: tuple[int, ...]
    codes: Floats
    items: Array
    step: int
