"""What is asked about a sample, about what is kept, and for files: requests and answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from aegan_studio.messages import Message
from aegan_studio.ui.latent.messages import SERVING, Array, Floats
from aegan_studio.ui.latent.requests import CALM, LONG, QUICK, VIEW, served

Measure = Literal["pixels", "encoder", "features"]
"""What distances are between: values of the items, their codes, or what a classifier of the data
sees in them."""
BlendKind = Literal["linear", "spherical"]


@served(f"{SERVING}.memory:remember", urgency=CALM)
@dataclass(frozen=True, slots=True, eq=False)
class Remember:
    """Find the training items nearest to what a code (d,) decodes to, and how near is usual."""

    code: Floats
    count: int = 6
    measure: Measure = "pixels"


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """The nearest training items; answered again as soon as it is known what is usual.

    Attributes
    ----------
    items : ndarray, shape (k, …)
        In display units, the nearest first.
    distances : ndarray, shape (k,)
    codes : ndarray or None, shape (k, d)
        Where the method has an encoder.
    labels : ndarray or None, shape (k,)
    usual : ndarray or None, shape (m,)
        Distances of held-out items to their nearest training item, ascending; ``None`` as long
        as they are not known.
    lacking : Message or None
        Why they never will be.
    """

    code: Floats
    measure: Measure
    items: Array
    distances: Floats
    codes: Array | None
    labels: npt.NDArray[np.int64] | None
    usual: Floats | None
    lacking: Message | None = None


@served(f"{SERVING}.memory:check_prior", urgency=LONG)
@dataclass(frozen=True, slots=True)
class CheckPrior:
    """Measure so many samples of the prior as held-out items are measured.

    ``percentile`` is the share of held-out items, 0–100, that lie nearer than what counts as
    near; ``kept`` of the nearest samples are answered with their pictures.
    """

    count: int = 500
    seed: int = 0
    measure: Measure = "pixels"
    percentile: float = 5.0
    kept: int = 24


@dataclass(frozen=True, slots=True)
class Checking:
    """How far a check is, 0–1."""

    share: float


@dataclass(frozen=True, slots=True, eq=False)
class PriorChecked:
    """How many samples lie nearer to a training item than almost all held-out items do.

    Attributes
    ----------
    near : float
        The distance below which the chosen share of held-out items lies.
    nearer : int
        The samples below it.
    low, high : float
        The share of samples, 0–1, that 95 of 100 checks of new items of the data would find.
    usual, distances : ndarray
        Of held-out items and of samples to their nearest training item, ascending.
    codes, items, nearest : ndarray
        The samples that lie nearest, (k, d) and (k, …), with their distances, (k,).
    """

    asked: CheckPrior
    near: float
    nearer: int
    low: float
    high: float
    usual: Floats
    distances: Floats
    codes: Array
    items: Array
    nearest: Floats


@served(f"{SERVING}.memory:reflect", urgency=CALM - 5)
@dataclass(frozen=True, slots=True, eq=False)
class Reflect:
    """What encoder and critic make of what a code (d,) decodes to."""

    code: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Reflected:
    """E(G(z)), what it decodes to, and the critic's opinion; ``None`` for what is not there.

    Attributes
    ----------
    encoded : ndarray or None, shape (d,)
        E(G(z)).
    rebuilt : ndarray or None
        G(E(G(z))), in display units.
    cycle : float or None
        ‖z − E(G(z))‖.
    gap : float or None
        Distance of G(z) to G(E(G(z))), over values in 0–1 of pictures.
    critic : float or None
        D(G(z)), as the critic puts it: a logit or a score, higher is more real.
    rank : float or None
        The share of real items, in percent, that the critic takes for less real.
    """

    code: Floats
    encoded: Floats | None
    rebuilt: Array | None
    cycle: float | None
    gap: float | None
    critic: float | None
    rank: float | None


@served(f"{SERVING}.exporting:blend", urgency=QUICK)
@dataclass(frozen=True, slots=True, eq=False)
class Blend:
    """Decode two codes (d,) and one between them: ``share`` 0 is the first, 1 the second."""

    a: Floats
    b: Floats
    share: float = 0.5
    kind: BlendKind = "linear"


@dataclass(frozen=True, slots=True, eq=False)
class Blended:
    """Both items, the code between them with its item, and how far they are apart.

    ``gap`` is the Euclidean distance of the two items, over values in 0–1 of pictures.
    """

    asked: Blend
    a: Array
    b: Array
    code: Floats
    item: Array
    gap: float


@served(f"{SERVING}.exporting:redecode", urgency=VIEW + 5)
@dataclass(frozen=True, slots=True, eq=False)
class Redecode:
    """Decode codes (n, d) anew with the weights in place."""

    codes: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Redecoded:
    """What codes (n, d) decode to at a training step."""

    codes: Floats
    items: Array
    step: int


@served(f"{SERVING}.exporting:sample", urgency=LONG)
@dataclass(frozen=True, slots=True, eq=False)
class SamplePrior:
    """Decode draws from the prior, or the given codes (n, d), for a sheet."""

    count: int
    seed: int = 0
    codes: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """Draws (n, d) and what they decode to."""

    asked: SamplePrior
    codes: Array
    items: Array
    step: int


@served(f"{SERVING}.exporting:write_codes", urgency=LONG + 1)
@dataclass(frozen=True, slots=True, eq=False)
class WriteCodes:
    """Write codes to a file: the given ones (n, d), else samples, else those of all data.

    ``components`` adds the places on the data's first two principal components.
    """

    path: Path
    samples: int = 0
    seed: int = 0
    components: bool = False
    codes: Floats | None = None
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """How far it is, 0–1."""

    share: float


@dataclass(frozen=True, slots=True)
class Written:
    """The file is there."""

    path: Path
    count: int
